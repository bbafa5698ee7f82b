#include "copies/header_reader.h"

#include "base/hash.h"
#include "identification/header_wire.h"
#include "identification/reading_json.h"
#include "imaging/geometry.h"
#include "imaging/jpeg.h"

namespace korrigo::copies {

using imaging::GrayImage;

HeaderReader::HeaderReader(jobs::TaskContext& context, const BatchServices& services, ExamId exam,
                           std::span<const std::byte> forms, ocr::ExternalEngines* further)
    : context_(context),
      services_(services),
      exam_(std::move(exam)),
      pictures_(services.blobs),
      forms_(forms.empty() ? identification::BatchForms{} : identification::decode_forms(forms)),
      forms_hash_(sha256(forms).substr(0, 16)),
      further_(further) {}

Result<std::optional<ReadFace>> HeaderReader::read(pdf::SourceReader& reader, const StoredFace& stored) {
  const scans::Face& face = stored.face;
  const auto picture = identification::header_picture(reader, face);
  if (!picture) {
    context_.log(jobs::TaskContext::Level::warning, picture.error().message);
    return std::optional<ReadFace>();
  }
  ReadFace read;
  read.id = stored.id;
  read.header_file = fmt::format("exams/pages/{}/{}-header.jpg", exam_.text(), stored.id.text());
  if (const auto known = read_picture(stored, *picture, read); !known) return tl::unexpected(known.error());
  constexpr int kQuality = 75;
  const int upright = face.rotation % 180 == 0 ? face.part.height : face.part.width;
  const double height = upright * identification::kFormDpi / reader.side(face.source, face.side).dpi;
  read.bottom = std::clamp(read.header.bottom / height, 0.0, 1.0);
  pictures_.put(read.header_file, imaging::encode_jpeg(imaging::box_reduced(*picture, 2), kQuality));
  return std::optional(std::move(read));
}

// What an engine reads of a picture with the same forms does not change.
Result<void> HeaderReader::read_picture(const StoredFace& face, const GrayImage& picture, ReadFace& read) {
  auto engine = services_.workshop.engine();
  if (!engine) return tl::unexpected(engine.error());
  std::string key = fmt::format("{} {} {}", identification::reader_version(**engine), forms_hash_, face.face.form);
  if (further_ != nullptr) key += " " + further_->versions();
  std::string hash = sha256(std::as_bytes(picture.pixels()));
  const auto cached = context_.database().write(
      [&](storage::Transaction& t) { return cached_answer(t, hash, key, context_.clock().now()); });
  if (cached)
    if (auto header = identification::header_of_json(*cached)) {
      read.header = std::move(*header);
      return {};
    }
  read.header = identification::read_header_of(face.face, picture, forms_, **engine, further_);
  // An engine that did not answer now may do so the next time.
  if (further_ == nullptr || read.header.reading.engine.ends_with(further_->names()))
    read.to_cache = CacheEntry{std::move(hash), std::move(key)};
  return {};
}

}  // namespace korrigo::copies

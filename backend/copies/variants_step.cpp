#include <boost/json/object.hpp>

#include "copies/variants.h"
#include "imaging/decode.h"

namespace korrigo::copies {
namespace {

using imaging::GrayImage;
using storage::Row;
using storage::Statement;
using storage::Transaction;

// Where schools print which subject it is: beside the title, or in the foot.
constexpr double kTop = 0.25, kFoot = 0.1;
constexpr float kSureEnough = 50;

constexpr Statement kFirstFaces{"variants.first_faces", R"(
  SELECT c.id, f.preview_file FROM copy c JOIN face f ON f.copy_id = c.id AND f.page_index = 0
  WHERE c.exam_id = $1 AND c.subject_variant IS NULL AND f.preview_file IS NOT NULL ORDER BY c.id)"};
constexpr Statement kSet{"variants.set_detected", R"(
  UPDATE copy SET subject_variant = $2, updated_at = $3 WHERE id = $1 AND subject_variant IS NULL)"};

GrayImage strip(const GrayImage& picture, int from, int to) {
  GrayImage part(picture.width(), to - from);
  for (int y = from; y < to; ++y) std::copy_n(picture.row(y), picture.width(), part.row(y - from));
  return part;
}

std::optional<std::string> printed_variant(ocr::Tesseract& engine, const GrayImage& face) {
  const int top = static_cast<int>(kTop * face.height()), foot = static_cast<int>((1 - kFoot) * face.height());
  std::vector<std::string> words;
  for (const GrayImage& part : {strip(face, 0, top), strip(face, foot, face.height())})
    for (const ocr::PrintedWord& word : engine.read_print(part))
      if (word.confidence >= kSureEnough) words.push_back(word.text);
  return variant_in(words);
}

}  // namespace

StepResult detect_variants(jobs::TaskContext& context, const BatchServices& services) {
  const ExamId exam(std::string(context.payload().at("exam_id").as_string()));
  const auto faces = context.database().read([&](Transaction& t) {
    std::vector<std::pair<CopyId, std::string>> all;
    for (const Row& row : t.rows(kFirstFaces, exam)) all.emplace_back(row.get<CopyId>(0), row.get<std::string>(1));
    return all;
  });
  auto engine = services.workshop.engine();
  if (!engine) return tl::unexpected(engine.error());
  std::vector<std::pair<CopyId, std::string>> found;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    context.safe_point();
    context.progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(faces.size()));
    if (!services.blobs.exists(faces[i].second)) continue;
    const std::string bytes = services.blobs.read(faces[i].second);
    const auto picture = imaging::decode_picture_file(std::as_bytes(std::span(bytes)));
    if (!picture) continue;
    if (auto variant = printed_variant(**engine, *picture)) found.emplace_back(faces[i].first, std::move(*variant));
  }
  return context.finish([&](Transaction& t) -> Result<boost::json::value> {
    std::int64_t detected = 0;
    for (const auto& [copy, variant] : found) detected += t.execute(kSet, copy, variant, context.clock().now());
    return boost::json::object{{"copies", faces.size()}, {"detected", detected}};
  });
}

}  // namespace korrigo::copies

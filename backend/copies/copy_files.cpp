#include "copies/copy_files.h"

#include <numbers>
#include <stdexcept>

namespace korrigo::copies {
namespace {

namespace fs = std::filesystem;
using imaging::PixelRect;
using SideKey = std::pair<int, int>;

SideKey side_of(const ShownFace& shown) {
  return {shown.face.source, shown.face.side};
}

std::vector<pdf::PagePart> parts_of(const std::vector<ShownFace>& faces, bool masked) {
  // The faces of one side share its stream, so the stream must lose what any of them hides.
  std::map<SideKey, std::vector<PixelRect>> hidden_on_side;
  for (const ShownFace& shown : faces) {
    auto& all = hidden_on_side[side_of(shown)];
    all.insert(all.end(), shown.hidden.begin(), shown.hidden.end());
  }
  std::vector<pdf::PagePart> parts;
  for (const ShownFace& shown : faces) {
    pdf::PagePart part;
    part.source = shown.face.source;
    part.side = shown.face.side;
    part.part = shown.face.part;
    part.rotation = shown.face.rotation;
    part.isolate = shown.isolate;
    if (masked) {
      part.wipe = hidden_on_side[side_of(shown)];
      part.strip_metadata = true;
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Writes both; a sentence when a side refuses.
std::optional<std::string> refused(pdf::SourceReader& reader, const std::vector<ShownFace>& faces, const fs::path& pdf,
                                   const fs::path& masked_pdf) {
  for (const bool masked : {false, true}) {
    const auto written = reader.write_pdf(masked ? masked_pdf : pdf, parts_of(faces, masked));
    if (!written) return written.error().message;
  }
  return std::nullopt;
}

std::vector<DroppedFace> unreadable(pdf::SourceReader& reader, const std::vector<ShownFace>& faces, const fs::path& pdf,
                                    const fs::path& masked_pdf) {
  std::map<SideKey, std::optional<std::string>> reasons;
  std::vector<DroppedFace> dropped;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto [reason, is_new] = reasons.try_emplace(side_of(faces[i]));
    if (is_new) reason->second = refused(reader, {faces[i]}, pdf, masked_pdf);
    if (reason->second) dropped.push_back({i, *reason->second});
  }
  for (const fs::path& path : {pdf, masked_pdf}) fs::remove(path);
  return dropped;
}

}  // namespace

std::vector<PixelRect> hidden_parts(const scans::Face& face, const identification::BatchHeader* header, double dpi) {
  if (!face.header) return {};
  constexpr double kMarginInches = 0.2;  // letters leave their boxes
  const double bottom = header != nullptr ? static_cast<double>(header->bottom) / identification::kFormDpi
                                          : identification::kHeaderHeightInches;
  const double drift = std::abs(std::sin(face.skew_degrees * std::numbers::pi / 180)) * face.part.width / 2;
  const int height = std::min(face.part.height, static_cast<int>(std::lround((bottom + kMarginInches) * dpi + drift)));
  PixelRect hidden = face.part;
  hidden.height = height;
  if (face.rotation == 180) hidden.y = face.part.bottom() - height;
  return {hidden};
}

std::vector<DroppedFace> write_copy_pdfs(pdf::SourceReader& reader, const std::vector<ShownFace>& faces,
                                         const fs::path& pdf, const fs::path& masked_pdf) {
  if (!refused(reader, faces, pdf, masked_pdf)) return {};
  const std::vector<DroppedFace> dropped = unreadable(reader, faces, pdf, masked_pdf);
  std::vector<ShownFace> left = faces;
  for (auto face = dropped.rbegin(); face != dropped.rend(); ++face)
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(face->face));
  if (left.empty()) return dropped;
  if (const auto refusal = refused(reader, left, pdf, masked_pdf)) throw std::runtime_error(*refusal);
  return dropped;
}

}  // namespace korrigo::copies

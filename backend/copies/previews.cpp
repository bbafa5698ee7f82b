#include <cmath>

#include "base/files.h"
#include "copies/copy_files.h"
#include "imaging/geometry.h"
#include "imaging/jpeg.h"

namespace korrigo::copies {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr int kPreviewQuality = 80;
constexpr int kThumbnailQuality = 75;

PixelRect reduced(const PixelRect& rect, int reduce) {
  return {rect.x / reduce, rect.y / reduce, rect.width / reduce, rect.height / reduce};
}

void blank_out(GrayImage& picture, const PixelRect& rect) {
  const PixelRect inside = rect.intersected(picture.bounds());
  const std::uint8_t paper = imaging::paper_tone(picture);
  for (int y = inside.y; y < inside.bottom(); ++y) std::fill_n(picture.row(y) + inside.x, inside.width, paper);
}

// Upright, and near enough to kPreviewWidth; not level, since turning costs more than everything else here together and
// a viewer can turn by the report's skew_degrees.
GrayImage shown(const GrayImage& face, int rotation) {
  constexpr double kNear = 1.15;
  const double scale = static_cast<double>(face.width()) / kPreviewWidth;
  GrayImage upright = rotation == 0 ? face : imaging::rotated(face, rotation);
  if (scale > 1 / kNear && scale < kNear) return upright;
  const int height = std::max(1, static_cast<int>(std::lround(face.height() / scale)));
  return imaging::resized(upright, kPreviewWidth, height);
}

void write_pair(const GrayImage& picture, const std::filesystem::path& preview,
                const std::filesystem::path& thumbnail) {
  const GrayImage small =
      imaging::box_reduced(picture, std::max(1, (picture.width() + kThumbnailWidth / 2) / kThumbnailWidth));
  write_staged(preview, imaging::encode_jpeg(picture, kPreviewQuality));
  write_staged(thumbnail, imaging::encode_jpeg(small, kThumbnailQuality));
}

void write_face(const GrayImage& side, int reduce, const ShownFace& face, const FacePictures& pictures) {
  GrayImage picture = imaging::cropped(side, reduced(face.face.part, reduce));
  write_pair(shown(picture, face.face.rotation), pictures.preview, pictures.thumbnail);
  if (face.hidden.empty()) return;
  for (PixelRect rect : face.hidden) {
    rect.x -= face.face.part.x;
    rect.y -= face.face.part.y;
    blank_out(picture, reduced(rect, reduce).grown(1));
  }
  write_pair(shown(picture, face.face.rotation), pictures.masked_preview, pictures.masked_thumbnail);
}

}  // namespace

void write_previews(pdf::SourceReader& reader, const std::vector<ShownFace>& faces,
                    const std::function<FacePictures(std::size_t face)>& pictures) {
  std::map<std::pair<int, int>, std::vector<std::size_t>> faces_of_side;
  for (std::size_t i = 0; i < faces.size(); ++i) faces_of_side[{faces[i].face.source, faces[i].face.side}].push_back(i);
  for (const auto& [side, on_side] : faces_of_side) {
    const int face_width = faces[on_side.front()].face.part.width;
    int reduce = 1;
    while (reduce < 8 && face_width / (2 * reduce) >= kPreviewWidth * 9 / 10) reduce *= 2;
    const auto picture = reader.gray(side.first, side.second, reduce);
    if (!picture) continue;
    for (const std::size_t i : on_side) write_face(picture->image, reduce, faces[i], pictures(i));
  }
}

}  // namespace korrigo::copies

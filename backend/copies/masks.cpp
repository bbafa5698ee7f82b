#include "copies/masks.h"

#include <numbers>

namespace korrigo::copies {
namespace {

using imaging::PixelRect;

constexpr double kMarginInches = 0.2;  // letters leave their boxes
constexpr double kFirstFaceInches = 5.0 / 2.54;

struct Size {
  double width, height;
};

Size upright_size(const scans::Face& face) {
  const bool lying = face.rotation % 180 != 0;
  return lying ? Size{static_cast<double>(face.part.height), static_cast<double>(face.part.width)}
               : Size{static_cast<double>(face.part.width), static_cast<double>(face.part.height)};
}

FaceBox grown(const FaceBox& box, double x, double y) {
  const double left = std::max(0.0, box.x - x), top = std::max(0.0, box.y - y);
  return {left, top, std::min(1.0, box.x + box.w + x) - left, std::min(1.0, box.y + box.h + y) - top};
}

// The header as it was found on the level face; on the side it drifts with the skew.
FaceBox header_with_margin(const MaskedFace& masked, double dpi) {
  const Size size = upright_size(masked.face);
  const FaceBox box =
      masked.header.value_or(FaceBox{0, 0, 1, std::min(1.0, kHeaderStrip.h * 29.7 / 2.54 * dpi / size.height)});
  const double drift = std::abs(std::sin(masked.face.skew_degrees * std::numbers::pi / 180)) *
                       std::max(box.w * size.width, box.h * size.height) / 2;
  const double margin = kMarginInches * dpi + drift;
  return grown(box, margin / size.width, margin / size.height);
}

}  // namespace

PixelRect on_side(const scans::Face& face, const FaceBox& box) {
  // A face that is turned clockwise to stand upright lies turned the other way on its side.
  const FaceBox lying = turned(box, (360 - face.rotation) % 360);
  const auto left = static_cast<int>(std::floor(lying.x * face.part.width));
  const auto top = static_cast<int>(std::floor(lying.y * face.part.height));
  const auto right = static_cast<int>(std::ceil((lying.x + lying.w) * face.part.width));
  const auto bottom = static_cast<int>(std::ceil((lying.y + lying.h) * face.part.height));
  return PixelRect{face.part.x + left, face.part.y + top, right - left, bottom - top}.intersected(face.part);
}

FaceBox turned(const FaceBox& box, int degrees) {
  FaceBox out = box;
  switch (degrees) {
    case 90:
      out = {1 - box.y - box.h, box.x, box.h, box.w};
      break;
    case 180:
      out = {1 - box.x - box.w, 1 - box.y - box.h, box.w, box.h};
      break;
    case 270:
      out = {box.y, 1 - box.x - box.w, box.h, box.w};
      break;
    default:
      break;
  }
  out.x = std::max(0.0, out.x);  // 1 - 0.7 - 0.3 is not quite 0
  out.y = std::max(0.0, out.y);
  return out;
}

std::vector<PixelRect> hidden_on_side(const MaskedFace& masked, double dpi) {
  std::vector<PixelRect> hidden;
  if (masked.face.header) {
    hidden.push_back(on_side(masked.face, header_with_margin(masked, dpi)));
  } else if (masked.is_first) {
    const double height = upright_size(masked.face).height;
    hidden.push_back(on_side(masked.face, {0, 0, 1, std::min(1.0, kFirstFaceInches * dpi / height)}));
  }
  for (const FaceBox& box : masked.added) hidden.push_back(on_side(masked.face, box));
  return hidden;
}

}  // namespace korrigo::copies

/// What of a face is hidden from correctors, and boxes on faces that stand in any of the four ways.
#pragma once

#include <vector>

#include "scans/face.h"

namespace korrigo::copies {

/// Fractions of the face as it stands upright, origin top-left, each 0..1.
struct FaceBox {
  double x = 0, y = 0, w = 1, h = 1;
  bool operator==(const FaceBox&) const = default;
};

/// The box as pixels of the face's side, as scanned; inside the face's part.
imaging::PixelRect on_side(const scans::Face& face, const FaceBox& box);

/// The same ink's box after the upright face was turned clockwise by 0, 90, 180 or 270 degrees.
FaceBox turned(const FaceBox& box, int degrees);

/// Where headers lie when nothing more is known: the upper 7 cm of an A4 page.
inline constexpr FaceBox kHeaderStrip{0, 0, 1, 7.0 / 29.7};

/// What must be hidden, in pixels of the side: the header with a margin; where the first face of a copy shows none, its
/// upper 5 cm; the boxes that the office added.
struct MaskedFace {
  scans::Face face;
  bool is_first = false;               // of its copy
  std::optional<FaceBox> header = {};  // nothing on a face with a header: the whole strip that headers lie in
  std::vector<FaceBox> added = {};
};
std::vector<imaging::PixelRect> hidden_on_side(const MaskedFace& face, double dpi);

}  // namespace korrigo::copies

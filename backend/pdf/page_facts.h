/// What a page shows, found in its dictionary and content stream. Runs in the sandbox child.
#pragma once

#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageObjectHelper.hh>

#include "imaging/encoded_image.h"
#include "pdf/source_reader.h"

namespace korrigo::pdf {

/// How the stored picture lies on the upright side: turned clockwise by `turn` degrees it is the side.
struct Placement {
  int stored_width = 0;
  int stored_height = 0;
  int turn = 0;  // 0, 90, 180, 270

  /// A rectangle of the upright side as a rectangle of the stored picture.
  imaging::PixelRect to_stored(const imaging::PixelRect& upright) const;
};

struct PageFacts {
  SideInfo info;
  Placement placement;     // of a plain picture
  QPDFObjectHandle image;  // of a plain picture
};

/// Throws what qpdf throws on a damaged page.
PageFacts page_facts(QPDFPageObjectHelper page);

/// The picture's stream with its outer compression removed, ready for a decoder. Throws what qpdf throws; nothing when
/// its filters or colour space are none that imaging reads, or when it is of another size than its dictionary says.
std::optional<imaging::EncodedImage> encoded_image(QPDF& owner, QPDFObjectHandle image);

}  // namespace korrigo::pdf

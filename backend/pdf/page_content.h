/// What a page's content stream paints. Runs in the sandbox child.
#pragma once

#include <optional>
#include <qpdf/QPDFMatrix.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <string>

namespace korrigo::pdf {

/// The single picture a page paints, when it paints nothing else. Invisible text (an OCR layer) is nothing.
struct OnlyPicture {
  std::string name;       // in the page's /XObject resources
  QPDFMatrix matrix;      // unit square -> default user space
  bool coloured = false;  // a fill colour was set before: matters to image masks
};

/// `box` is the visible rectangle in default user space; a clip smaller than it disqualifies the page.
std::optional<OnlyPicture> only_picture(QPDFPageObjectHelper page, const QPDFObjectHandle::Rectangle& box);

}  // namespace korrigo::pdf

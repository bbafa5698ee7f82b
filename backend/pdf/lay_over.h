/// The document's side of an overlay. Runs in the sandbox child.
#pragma once

#include <memory>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <vector>

#include "pdf/overlay.h"

namespace korrigo::pdf {

/// A PDF open at a descriptor, and what is laid over it. Everything throws what qpdf throws.
class OverlaidPdf {
 public:
  explicit OverlaidPdf(int fd);

  std::vector<PageSize> sizes();
  void lay_over(const Overlay& overlay);
  void write(int fd);

 private:
  void draw(std::size_t page, QPDFPageObjectHelper drawing);
  void add_note(const Note& note);
  QPDFObjectHandle blank_appearance();

  std::unique_ptr<QPDF> pdf_;
  std::unique_ptr<QPDF> drawings_;  // qpdf reads its streams while writing
  std::vector<QPDFPageObjectHelper> pages_;
  QPDFObjectHandle appearance_;
};

}  // namespace korrigo::pdf

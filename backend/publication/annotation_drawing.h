/// What correctors drew and wrote, on the pages of a copy.
#pragma once

#include <string>
#include <vector>

#include "grading/annotation.h"
#include "pdf/overlay.h"
#include "publication/canvas.h"

namespace korrigo::publication {

/// A text that its page has no room for: its number stands there instead.
struct LongText {
  int number = 0;  // from 1 in the copy
  int page = 0;    // from 0
  std::string text;
};

class AnnotationDrawing {
 public:
  explicit AnnotationDrawing(Canvas& canvas) : canvas_(canvas) {}

  /// On the canvas's present page, which is that page of the copy.
  void draw(const grading::Annotation& annotation, const pdf::PageSize& page);

  std::vector<pdf::Note> take_notes() { return std::move(notes_); }
  std::vector<LongText> take_long_texts() { return std::move(long_texts_); }

 private:
  struct Placed;
  void write(const Placed& placed, const std::string& text);
  void draw_ink(const Placed& placed, pdf::Note& note);
  void draw_stamp(const Placed& placed);

  Canvas& canvas_;
  std::vector<pdf::Note> notes_;
  std::vector<LongText> long_texts_;
};

}  // namespace korrigo::publication

/// The fonts that samples are written and printed with.
#pragma once

#include <cairo.h>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace korrigo::samples {

/// Font faces of one thread (FreeType faces are not shared between threads). They live as long as this object.
class FontSet {
 public:
  /// From $KORRIGO_FONTS, else the npm folder of the source tree, else /usr/share/korrigo/fonts. Refuses not_found
  /// "samples.fonts".
  static Result<FontSet> load();
  FontSet(FontSet&&) noexcept;
  ~FontSet();

  std::size_t hand_count() const;
  cairo_font_face_t* hand(std::size_t index) const;  // handwriting, 0..hand_count()-1
  std::size_t print_count() const;
  cairo_font_face_t* print(std::size_t index) const;

 private:
  struct State;
  explicit FontSet(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::samples

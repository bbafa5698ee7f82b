/// Drawing on a side: ink that is grey or coloured, text in a font, in millimetres.
#pragma once

#include <cairo.h>
#include <string>

namespace korrigo::samples {

struct Ink {
  double red = 0, green = 0, blue = 0;
  double strength = 1;  // 0..1: a faint pen covers little
};

/// Draws onto a cairo surface whose unit is one millimetre. On an A8 surface only how dark the ink is counts.
class Pen {
 public:
  explicit Pen(cairo_t* cairo);
  void ink(const Ink& ink);
  void line(double x0, double y0, double x1, double y1, double width);
  void rectangle(double x, double y, double width, double height, double line_width);
  void dashed(double on, double off);  // lines from now on; 0, 0 makes them solid
  void disc(double x, double y, double radius);
  /// Baseline at y; returns the advance. `size` is the em in millimetres; slant shears to the right, turn rotates
  /// (radians).
  double text(cairo_font_face_t* face, double size, double x, double y, const std::string& text, double slant = 0,
              double turn = 0);
  double text_width(cairo_font_face_t* face, double size, const std::string& text);
  /// Height of a capital H per millimetre of em.
  double capital_height(cairo_font_face_t* face);
  cairo_t* cairo() { return cairo_; }

 private:
  cairo_t* cairo_;
  bool alpha_only_;
};

}  // namespace korrigo::samples

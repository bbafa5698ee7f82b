#include "samples/pen.h"

#include <array>
#include <cmath>
#include <numbers>

namespace korrigo::samples {

Pen::Pen(cairo_t* cairo)
    : cairo_(cairo), alpha_only_(cairo_image_surface_get_format(cairo_get_target(cairo)) == CAIRO_FORMAT_A8) {}

void Pen::ink(const Ink& ink) {
  const double luma = 0.299 * ink.red + 0.587 * ink.green + 0.114 * ink.blue;
  if (alpha_only_)
    cairo_set_source_rgba(cairo_, 0, 0, 0, ink.strength * (1 - luma));
  else
    cairo_set_source_rgba(cairo_, ink.red, ink.green, ink.blue, ink.strength);
}

void Pen::line(double x0, double y0, double x1, double y1, double width) {
  cairo_set_line_width(cairo_, width);
  cairo_move_to(cairo_, x0, y0);
  cairo_line_to(cairo_, x1, y1);
  cairo_stroke(cairo_);
}

void Pen::rectangle(double x, double y, double width, double height, double line_width) {
  cairo_set_line_width(cairo_, line_width);
  cairo_rectangle(cairo_, x, y, width, height);
  cairo_stroke(cairo_);
}

void Pen::dashed(double on, double off) {
  const std::array<double, 2> pattern = {on, off};
  cairo_set_dash(cairo_, pattern.data(), on > 0 ? 2 : 0, 0);
}

void Pen::disc(double x, double y, double radius) {
  cairo_arc(cairo_, x, y, radius, 0, 2 * std::numbers::pi);
  cairo_fill(cairo_);
}

double Pen::text(cairo_font_face_t* face, double size, double x, double y, const std::string& text, double slant,
                 double turn) {
  cairo_set_font_face(cairo_, face);
  cairo_matrix_t matrix;
  cairo_matrix_init(&matrix, size * std::cos(turn), size * std::sin(turn), -size * std::sin(turn) - size * slant,
                    size * std::cos(turn), 0, 0);
  cairo_set_font_matrix(cairo_, &matrix);
  cairo_text_extents_t extents;
  cairo_text_extents(cairo_, text.c_str(), &extents);
  cairo_move_to(cairo_, x, y);
  cairo_show_text(cairo_, text.c_str());
  return extents.x_advance;
}

double Pen::text_width(cairo_font_face_t* face, double size, const std::string& text) {
  cairo_set_font_face(cairo_, face);
  cairo_set_font_size(cairo_, size);
  cairo_text_extents_t extents;
  cairo_text_extents(cairo_, text.c_str(), &extents);
  return extents.x_advance;
}

double Pen::capital_height(cairo_font_face_t* face) {
  cairo_set_font_face(cairo_, face);
  cairo_set_font_size(cairo_, 100);
  cairo_text_extents_t extents;
  cairo_text_extents(cairo_, "H", &extents);
  return extents.height > 1 ? extents.height / 100 : 0.7;
}

}  // namespace korrigo::samples

#include "support/printed_text.h"

#include <cairo.h>

#include "samples/fonts.h"
#include "samples/pen.h"

namespace korrigo::testing_support {

imaging::GrayImage printed(int width, int height, const std::vector<PrintedPiece>& pieces) {
  const samples::FontSet fonts = samples::FontSet::load().value();
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
  cairo_t* cairo = cairo_create(surface);
  samples::Pen pen(cairo);
  pen.ink({});
  for (const PrintedPiece& piece : pieces)
    pen.text(fonts.print(0), piece.capitals / pen.capital_height(fonts.print(0)), piece.x, piece.y, piece.text);
  cairo_surface_flush(surface);
  imaging::GrayImage picture(width, height);
  const unsigned char* ink = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) picture.row(y)[x] = static_cast<std::uint8_t>(255 - ink[y * stride + x]);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return picture;
}

}  // namespace korrigo::testing_support

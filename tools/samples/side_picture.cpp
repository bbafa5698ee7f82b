#include "samples/side_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>

namespace korrigo::samples {
namespace {

constexpr double kMillimetresPerInch = 25.4;

struct Surface {
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface{nullptr, cairo_surface_destroy};
  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo{nullptr, cairo_destroy};
};

Surface blank_surface(int width, int height, bool colour) {
  Surface made;
  made.surface.reset(cairo_image_surface_create(colour ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_A8, width, height));
  made.cairo.reset(cairo_create(made.surface.get()));
  if (colour) {
    cairo_set_source_rgb(made.cairo.get(), 1, 1, 1);
    cairo_paint(made.cairo.get());
  }
  cairo_set_antialias(made.cairo.get(), CAIRO_ANTIALIAS_FAST);
  return made;
}

void shade(cairo_t* cairo, double x, double half_width, double height, double strength) {
  cairo_pattern_t* gradient = cairo_pattern_create_linear(x - half_width, 0, x + half_width, 0);
  cairo_pattern_add_color_stop_rgba(gradient, 0, 0, 0, 0, 0);
  cairo_pattern_add_color_stop_rgba(gradient, 0.5, 0, 0, 0, strength);
  cairo_pattern_add_color_stop_rgba(gradient, 1, 0, 0, 0, 0);
  cairo_set_source(cairo, gradient);
  cairo_rectangle(cairo, x - half_width, 0, 2 * half_width, height);
  cairo_fill(cairo);
  cairo_pattern_destroy(gradient);
}

void draw_faces(cairo_t* cairo, const PlannedSide& side, const BatchPlan& plan, const Form& form,
                const FontSet& fonts) {
  Pen pen(cairo);
  for (std::size_t i = 0; i < side.faces.size(); ++i) {
    cairo_save(cairo);
    cairo_translate(cairo, side.faces.size() == 2 ? side.fold + static_cast<double>(i) * kFaceWidth : 0, 0);
    cairo_rectangle(cairo, 0, 0, kFaceWidth, kFaceHeight);
    cairo_clip(cairo);
    draw_face(pen, fonts, plan.paper, form, side.faces[i].content);
    cairo_restore(cairo);
  }
}

// The grain of paper and sensor: a fixed table of normal noise, read from a random place in each row.
class Grain {
 public:
  Grain(Random& random, double deviation) {
    for (auto& value : noise_) value = static_cast<std::int8_t>(std::lround(random.normal(0, deviation)));
  }
  const std::int8_t* row(Random& random, int width) const {
    return noise_.data() + random.integer(0, static_cast<int>(noise_.size()) - width - 1);
  }

 private:
  std::array<std::int8_t, 1 << 16> noise_{};
};

void scan_gray(const Surface& drawn, SidePicture& picture, Random& random) {
  const double paper = random.between(236, 250);
  const double black = random.between(20, 45);
  const Grain grain(random, random.between(1, 2.6));
  std::array<std::uint8_t, 256> tones{};
  for (int ink = 0; ink < 256; ++ink)
    tones[static_cast<std::size_t>(ink)] = static_cast<std::uint8_t>(std::lround(paper - (paper - black) * ink / 255));
  picture.gray = imaging::GrayImage(picture.width, picture.height);
  const unsigned char* data = cairo_image_surface_get_data(drawn.surface.get());
  const int stride = cairo_image_surface_get_stride(drawn.surface.get());
  for (int y = 0; y < picture.height; ++y) {
    const unsigned char* ink = data + static_cast<std::ptrdiff_t>(y) * stride;
    const std::int8_t* noise = grain.row(random, picture.width);
    std::uint8_t* out = picture.gray.row(y);
    for (int x = 0; x < picture.width; ++x)
      out[x] = static_cast<std::uint8_t>(std::clamp(tones[ink[x]] + noise[x], 0, 255));
  }
}

void scan_colour(const Surface& drawn, SidePicture& picture, Random& random) {
  const std::array<double, 3> paper = {random.between(240, 250), random.between(238, 248), random.between(230, 246)};
  const Grain grain(random, random.between(1, 2.6));
  picture.rgb.resize(static_cast<std::size_t>(picture.width) * picture.height * 3);
  const unsigned char* data = cairo_image_surface_get_data(drawn.surface.get());
  const int stride = cairo_image_surface_get_stride(drawn.surface.get());
  std::uint8_t* out = picture.rgb.data();
  for (int y = 0; y < picture.height; ++y) {
    const unsigned char* pixel = data + static_cast<std::ptrdiff_t>(y) * stride;
    const std::int8_t* noise = grain.row(random, picture.width);
    for (int x = 0; x < picture.width; ++x, pixel += 4)
      for (std::size_t c = 0; c < 3; ++c)
        *out++ =
            static_cast<std::uint8_t>(std::clamp(static_cast<int>(pixel[2 - c] * paper[c] / 255) + noise[x], 0, 255));
  }
}

}  // namespace

SidePicture picture_of(const PlannedSide& side, const BatchPlan& plan, const Form& form, const FontSet& fonts, int dpi,
                       bool colour) {
  SidePicture picture;
  picture.width_mm = kFaceWidth * static_cast<double>(side.faces.size());
  picture.height_mm = kFaceHeight;
  const double scale = dpi / kMillimetresPerInch;
  picture.width = static_cast<int>(std::lround(picture.width_mm * scale));
  picture.height = static_cast<int>(std::lround(picture.height_mm * scale));
  const Surface drawn = blank_surface(picture.width, picture.height, colour);
  cairo_t* cairo = drawn.cairo.get();
  Random random(side.seed);
  cairo_scale(cairo, scale, scale);
  cairo_translate(cairo, picture.width_mm / 2 + side.shift_x, picture.height_mm / 2 + side.shift_y);
  cairo_rotate(cairo, (side.skew_degrees + side.rotation) * std::numbers::pi / 180);
  cairo_translate(cairo, -picture.width_mm / 2, -picture.height_mm / 2);
  draw_faces(cairo, side, plan, form, fonts);
  if (side.faces.size() == 2) {
    shade(cairo, kFaceWidth + side.fold, random.between(2, 7), kFaceHeight, random.between(0.06, 0.22));
    shade(cairo, kFaceWidth + side.fold, 0.3, kFaceHeight, random.between(0.05, 0.3));
  }
  for (const double edge : {0.0, picture.width_mm}) shade(cairo, edge, 0.4, kFaceHeight, random.between(0.1, 0.5));
  cairo_surface_flush(drawn.surface.get());
  colour ? scan_colour(drawn, picture, random) : scan_gray(drawn, picture, random);
  return picture;
}

}  // namespace korrigo::samples

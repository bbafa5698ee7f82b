#include "publication/canvas.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <stdexcept>

namespace korrigo::publication {
namespace {

constexpr const char* kFont = "DejaVu Sans";

struct Unref {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

cairo_status_t append(void* closure, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

std::string shown_text(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    if (c == '\t')
      shown += ' ';
    else if (c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f))
      shown += c;
  }
  return shown;
}

void set_colour(cairo_t* cairo, const Colour& colour, double opacity = 1) {
  cairo_set_source_rgba(cairo, colour.red, colour.green, colour.blue, opacity);
}

}  // namespace

struct TextBlock::State {
  Owned<PangoLayout> layout;
  Colour colour;
};

TextBlock::TextBlock(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextBlock::~TextBlock() = default;
TextBlock::TextBlock(TextBlock&&) noexcept = default;
TextBlock& TextBlock::operator=(TextBlock&&) noexcept = default;

double TextBlock::width() const {
  int width = 0;
  pango_layout_get_size(state_->layout.get(), &width, nullptr);
  return static_cast<double>(width) / PANGO_SCALE;
}

double TextBlock::height() const {
  int height = 0;
  pango_layout_get_size(state_->layout.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

int TextBlock::lines() const {
  return pango_layout_get_line_count(state_->layout.get());
}

double TextBlock::line_height(int line) const {
  PangoRectangle extents{};
  pango_layout_line_get_extents(pango_layout_get_line_readonly(state_->layout.get(), line), nullptr, &extents);
  return static_cast<double>(extents.height) / PANGO_SCALE;
}

struct Canvas::State {
  std::string pdf;
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> cairo;
  bool has_page = false;
};

Canvas::Canvas() : state_(std::make_unique<State>()) {
  state_->surface.reset(cairo_pdf_surface_create_for_stream(append, &state_->pdf, 595, 842));
  state_->cairo.reset(cairo_create(state_->surface.get()));
  cairo_set_line_join(state_->cairo.get(), CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(state_->cairo.get(), CAIRO_LINE_CAP_ROUND);
}

Canvas::~Canvas() {
  cairo_surface_finish(state_->surface.get());
}

void Canvas::begin_page(double width, double height) {
  if (state_->has_page) cairo_show_page(state_->cairo.get());
  cairo_pdf_surface_set_size(state_->surface.get(), width, height);
  state_->has_page = true;
}

TextBlock Canvas::text(std::string_view text, const Style& style, double width) const {
  auto state = std::make_unique<TextBlock::State>();
  state->layout.reset(pango_cairo_create_layout(state_->cairo.get()));
  state->colour = style.colour;
  const Owned<PangoFontDescription> font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), kFont);
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  PangoLayout* layout = state->layout.get();
  pango_layout_set_font_description(layout, font.get());
  pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  const std::string shown = shown_text(text);
  pango_layout_set_text(layout, shown.data(), static_cast<int>(shown.size()));
  return TextBlock(std::move(state));
}

void Canvas::draw(const TextBlock& block, double x, double y) {
  cairo_t* cairo = state_->cairo.get();
  set_colour(cairo, block.state_->colour);
  cairo_move_to(cairo, x, y);
  pango_cairo_show_layout(cairo, block.state_->layout.get());
}

void Canvas::draw_line(const TextBlock& block, int line, double x, double y) {
  cairo_t* cairo = state_->cairo.get();
  PangoLayoutLine* shown = pango_layout_get_line_readonly(block.state_->layout.get(), line);
  PangoRectangle extents{};
  pango_layout_line_get_extents(shown, nullptr, &extents);
  set_colour(cairo, block.state_->colour);
  cairo_move_to(cairo, x, y - static_cast<double>(extents.y) / PANGO_SCALE);
  pango_cairo_show_layout_line(cairo, shown);
}

void Canvas::fill(double x, double y, double width, double height, const Colour& colour, double opacity) {
  cairo_t* cairo = state_->cairo.get();
  set_colour(cairo, colour, opacity);
  cairo_rectangle(cairo, x, y, width, height);
  cairo_fill(cairo);
}

void Canvas::frame(double x, double y, double width, double height, const Colour& colour, double line_width) {
  cairo_t* cairo = state_->cairo.get();
  set_colour(cairo, colour);
  cairo_set_line_width(cairo, line_width);
  cairo_rectangle(cairo, x, y, width, height);
  cairo_stroke(cairo);
}

void Canvas::stroke(const std::vector<Point>& points, const Colour& colour, double line_width) {
  if (points.empty()) return;
  cairo_t* cairo = state_->cairo.get();
  set_colour(cairo, colour);
  cairo_set_line_width(cairo, line_width);
  cairo_move_to(cairo, points.front().x, points.front().y);
  for (const Point& point : points) cairo_line_to(cairo, point.x, point.y);
  cairo_stroke(cairo);
}

std::string Canvas::finish() {
  if (state_->has_page) cairo_show_page(state_->cairo.get());
  const cairo_status_t drawn = cairo_status(state_->cairo.get());
  cairo_surface_finish(state_->surface.get());
  const cairo_status_t written = cairo_surface_status(state_->surface.get());
  if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
    throw std::runtime_error(cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn : written));
  return std::move(state_->pdf);
}

}  // namespace korrigo::publication

#include "identification/field_ink.h"

#include <algorithm>
#include <cmath>

#include "imaging/components.h"
#include "imaging/lines.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr int kLeastPixels = 24;  // a component smaller than this is a speck
constexpr int kLeastInk = 60;     // pixels of ink that make a letter: a thin "1" has about 120
constexpr int kLowest = 12;       // pixels; nobody writes lower letters than 1 mm
constexpr int kOverhang = 10;     // letters reach this far over the sides of their boxes

// The darkest of 3 x 3: print that lies a pixel off is still taken away.
GrayImage spread(const GrayImage& print) {
  if (print.empty()) return print;
  GrayImage across(print.width(), print.height());
  for (int y = 0; y < print.height(); ++y) {
    const std::uint8_t* row = print.row(y);
    std::uint8_t* out = across.row(y);
    const int last = print.width() - 1;
    for (int x = 1; x < last; ++x) out[x] = std::min({row[x - 1], row[x], row[x + 1]});
    out[0] = std::min(row[0], row[std::min(1, last)]);
    out[last] = std::min(row[std::max(0, last - 1)], row[last]);
  }
  GrayImage result(print.width(), print.height());
  for (int y = 0; y < print.height(); ++y) {
    const std::uint8_t* above = across.row(std::max(0, y - 1));
    const std::uint8_t* row = across.row(y);
    const std::uint8_t* below = across.row(std::min(print.height() - 1, y + 1));
    std::uint8_t* out = result.row(y);
    for (int x = 0; x < print.width(); ++x) out[x] = std::min({above[x], row[x], below[x]});
  }
  return result;
}

GrayImage subtracted(const GrayImage& header, const GrayImage& print) {
  const GrayImage darkest = spread(print);
  const int lighter = imaging::paper_tone(print) - imaging::paper_tone(header);
  GrayImage writing(header.width(), header.height());
  const auto remains = [lighter](std::uint8_t seen, std::uint8_t printed) {
    return static_cast<std::uint8_t>(255 - std::clamp(printed - lighter - seen, 0, 255));
  };
  std::transform(header.pixels().begin(), header.pixels().end(), darkest.pixels().begin(), writing.pixels().begin(),
                 remains);
  return writing;
}

// A form seen once only: its lines are painted over where they are bare, not where writing makes them thicker.
GrayImage without_lines(const GrayImage& header, const HeaderForm& form) {
  GrayImage writing = header;
  const std::uint8_t paper = imaging::paper_tone(header);
  const GrayImage ink = imaging::binarised(header, 31, 0.2, 9);
  imaging::LineOptions options;
  options.max_gap = 24;
  const auto wipe = [&](int x, int y, int width, int height) {
    const PixelRect part = PixelRect{x, y, width, height}.intersected(writing.bounds());
    for (int row = part.y; row < part.bottom(); ++row) std::fill_n(writing.row(row) + part.x, part.width, paper);
  };
  for (const auto& line : imaging::find_lines(ink, true, 150, options)) {
    const int half = static_cast<int>(std::ceil(line.thickness / 2)) + 1;
    for (int x = static_cast<int>(line.x0); x <= static_cast<int>(line.x1); ++x) {
      const double y = line.y0 + (line.y1 - line.y0) * (x - line.x0) / (line.x1 - line.x0);
      wipe(x, static_cast<int>(std::lround(y)) - half, 1, 2 * half + 1);
    }
  }
  for (const FormField& field : form.fields)
    for (const PixelRect& box : field.boxes)
      for (const int x : {box.x, box.right()}) wipe(x - 4, box.y - 2, 9, box.height + 4);
  for (std::uint8_t& tone : writing.pixels()) tone = static_cast<std::uint8_t>(std::min(255, tone + 255 - paper));
  return writing;
}

struct Strokes {
  PixelRect box;
  int pixels = 0;
};

// The parts of ink in an area that are writing, in pixels of the whole picture.
std::vector<Strokes> strokes_in(const GrayImage& writing, const PixelRect& area) {
  const PixelRect part = area.intersected(writing.bounds());
  std::vector<Strokes> strokes;
  if (part.empty()) return strokes;
  const GrayImage ink = imaging::binarised(imaging::cropped(writing, part), 31, 0.2, 24);
  for (const imaging::Component& component : imaging::find_components(ink)) {
    if (component.pixels < kLeastPixels) continue;
    PixelRect box = component.box;
    box.x += part.x;
    box.y += part.y;
    strokes.push_back({box, component.pixels});
  }
  return strokes;
}

// What remains of a printed line at the border of a box: thin, long, at the edge.
bool is_edge(const PixelRect& stroke, const PixelRect& box) {
  const bool upright = stroke.width <= 5 && stroke.height > 3 * stroke.width &&
                       (std::abs(stroke.x - box.x) < 6 || std::abs(stroke.right() - box.right()) < 6);
  const bool flat =
      stroke.height <= 5 && (std::abs(stroke.y - box.y) < 8 || std::abs(stroke.bottom() - box.bottom()) < 8);
  return upright || flat;
}

}  // namespace

GrayImage without_print(const GrayImage& header, const imaging::Affine& from_form, const HeaderForm& form) {
  const PixelRect& part = form.extent;
  if (!form.print_is_clean) return imaging::cropped(without_lines(header, form), part);
  const imaging::Affine to_form{1, 0, static_cast<double>(part.x), 0, 1, static_cast<double>(part.y)};
  return subtracted(imaging::warped(header, to_form.then(from_form), part.width, part.height),
                    imaging::cropped(form.print, part));
}

std::vector<CutLetter> cut_letters(const GrayImage& writing, const FormField& field) {
  const std::vector<Strokes> strokes = strokes_in(writing, field.area.grown(kOverhang));
  std::vector<CutLetter> letters;
  for (std::size_t i = 0; i < field.boxes.size(); ++i) {
    const PixelRect& box = field.boxes[i];
    const PixelRect reach{box.x - kOverhang, box.y - kOverhang, box.width + 2 * kOverhang, box.height + 2 * kOverhang};
    PixelRect letter;
    int pixels = 0;
    for (const Strokes& stroke : strokes) {
      const int centre = stroke.box.x + stroke.box.width / 2;
      const bool wide = stroke.box.width > box.width * 3 / 2;  // letters that touch are cut at the sides of the box
      const bool mine = wide ? stroke.box.x < box.right() - 8 && stroke.box.right() > box.x + 8
                             : centre >= box.x && centre < box.right();
      if (!mine || is_edge(stroke.box, box)) continue;
      letter = letter.united(wide ? stroke.box.intersected(box) : stroke.box.intersected(reach));
      pixels += wide ? stroke.pixels / 2 : stroke.pixels;
    }
    if (pixels < kLeastInk || letter.height < kLowest) continue;
    letters.push_back({i, imaging::cropped(writing, letter), box.bottom() - letter.bottom()});
  }
  return letters;
}

GrayImage cut_line(const GrayImage& writing, const FormField& field) {
  PixelRect line;
  int pixels = 0;
  for (const Strokes& stroke : strokes_in(writing, field.area)) {
    if (stroke.box.height <= 5 && stroke.box.width > 3 * stroke.box.height) continue;
    // What only reaches in from the row above is not of this line.
    if (stroke.box.y <= field.area.y + 1 && stroke.box.bottom() < field.area.y + field.area.height / 3) continue;
    line = line.united(stroke.box);
    pixels += stroke.pixels;
  }
  return pixels < 2 * kLeastInk || line.height < kLowest ? GrayImage() : imaging::cropped(writing, line);
}

}  // namespace korrigo::identification

#include "publication/annotation_drawing.h"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include "publication/french.h"

namespace korrigo::publication {
namespace {

namespace json = boost::json;
using grading::Annotation;
using grading::AnnotationType;

constexpr double kLine = 1.2;       // points
constexpr double kPadding = 2.5;    // between a frame and its text
constexpr double kTextSize = 9;     // points
constexpr double kLeastWidth = 90;  // of a text; narrower boxes are written past their edge
constexpr double kPaper = 0.8;      // opacity of what lies under a text

Colour colour_of(const Annotation& annotation) {
  switch (annotation.type) {
    case AnnotationType::highlight:
      return {0.98, 0.80, 0.08};
    case AnnotationType::error:
    case AnnotationType::ink:
      return {0.80, 0.09, 0.09};
    case AnnotationType::bonus:
      return {0.05, 0.47, 0.20};
    case AnnotationType::stamp:
      return annotation.content == "TICK" ? Colour{0.05, 0.47, 0.20} : Colour{0.80, 0.09, 0.09};
    case AnnotationType::comment:
      break;
  }
  return {0.10, 0.30, 0.70};
}

pdf::NoteKind kind_of(AnnotationType type) {
  switch (type) {
    case AnnotationType::highlight:
      return pdf::NoteKind::highlight;
    case AnnotationType::ink:
      return pdf::NoteKind::ink;
    case AnnotationType::stamp:
      return pdf::NoteKind::stamp;
    default:
      return pdf::NoteKind::square;
  }
}

// What is to be read: the words, and the points they bring.
std::string words_of(const Annotation& annotation) {
  std::string words;
  if (annotation.type != AnnotationType::ink && annotation.type != AnnotationType::stamp) words = annotation.content;
  if (annotation.score_delta && *annotation.score_delta != 0)
    words += fmt::format("{}({})", words.empty() ? "" : " ", signed_points(*annotation.score_delta));
  return words;
}

// Yellow is a colour to lay under words, not to write them in.
Colour ink_of(const Annotation& annotation) {
  return annotation.type == AnnotationType::highlight ? Colour{0.45, 0.33, 0.0} : colour_of(annotation);
}

std::string said_of(const Annotation& annotation) {
  if (annotation.type != AnnotationType::stamp) return words_of(annotation);
  return (annotation.content == "TICK" ? "Juste " : "Faux ") + words_of(annotation);
}

}  // namespace

struct AnnotationDrawing::Placed {
  const Annotation& annotation;
  pdf::PageSize page;
  double x, y, width, height;  // points
};

void AnnotationDrawing::draw(const Annotation& annotation, const pdf::PageSize& page) {
  const auto& box = annotation.box;
  const Placed at{annotation, page, box.x * page.width, box.y * page.height, box.w * page.width, box.h * page.height};
  const Colour colour = colour_of(annotation);
  pdf::Note note{.page = annotation.page_index,
                 .kind = kind_of(annotation.type),
                 .x = at.x,
                 .y = at.y,
                 .width = at.width,
                 .height = at.height,
                 .colour = {colour.red, colour.green, colour.blue},
                 .id = annotation.id.text(),
                 .contents = said_of(annotation)};
  if (annotation.type == AnnotationType::ink)
    draw_ink(at, note);
  else if (annotation.type == AnnotationType::stamp)
    draw_stamp(at);
  else if (annotation.type == AnnotationType::highlight)
    canvas_.fill(at.x, at.y, at.width, at.height, colour, 0.35);
  else
    canvas_.frame(at.x, at.y, at.width, at.height, colour, kLine);
  if (const std::string words = words_of(annotation); !words.empty()) write(at, words);
  notes_.push_back(std::move(note));
}

void AnnotationDrawing::write(const Placed& at, const std::string& words) {
  const bool below = at.annotation.type == AnnotationType::highlight || at.annotation.type == AnnotationType::ink ||
                     at.annotation.type == AnnotationType::stamp;
  const Style style{kTextSize, false, ink_of(at.annotation)};
  const double widest = at.page.width - 2 * kPadding;
  const double width = std::min(widest, std::max(at.width - 2 * kPadding, kLeastWidth));
  TextBlock text = canvas_.text(words, style, width);
  const double most = std::max(at.height, at.page.height / 4);
  if (text.height() > most) {
    const int number = static_cast<int>(long_texts_.size()) + 1;
    long_texts_.push_back({number, at.annotation.page_index, words});
    text = canvas_.text(fmt::format("[{}] voir la synthèse", number), style, width);
  }
  const double x = std::clamp(at.x + kPadding, kPadding, std::max(kPadding, at.page.width - text.width() - kPadding));
  const double wanted = below ? at.y + at.height + kPadding : at.y + kPadding;
  const double y = std::max(kPadding, std::min(wanted, at.page.height - text.height() - kPadding));
  canvas_.fill(x - 1, y - 1, text.width() + 2, text.height() + 2, {1, 1, 1}, kPaper);
  canvas_.draw(text, x, y);
}

void AnnotationDrawing::draw_ink(const Placed& at, pdf::Note& note) {
  json::error_code fault;
  const json::value ink = json::parse(at.annotation.content, fault);
  const json::value* strokes = fault || !ink.is_object() ? nullptr : ink.as_object().if_contains("strokes");
  if (strokes == nullptr || !strokes->is_array()) return;
  for (const json::value& stroke : strokes->as_array()) {
    std::vector<Canvas::Point> points;
    auto& noted = note.strokes.emplace_back();
    for (const json::value& point : stroke.as_array()) {
      points.push_back(
          {point.at(0).to_number<double>() * at.page.width, point.at(1).to_number<double>() * at.page.height});
      noted.push_back({points.back().x, points.back().y});
    }
    canvas_.stroke(points, colour_of(at.annotation), 1.5 * kLine);
  }
}

void AnnotationDrawing::draw_stamp(const Placed& at) {
  const auto in_box = [&](double x, double y) { return Canvas::Point{at.x + x * at.width, at.y + y * at.height}; };
  const Colour colour = colour_of(at.annotation);
  const double line = std::clamp(std::min(at.width, at.height) / 8, 1.0, 4.0);
  if (at.annotation.content == "TICK")
    return canvas_.stroke({in_box(0, 0.55), in_box(0.35, 1), in_box(1, 0)}, colour, line);
  canvas_.stroke({in_box(0, 0), in_box(1, 1)}, colour, line);
  canvas_.stroke({in_box(1, 0), in_box(0, 1)}, colour, line);
}

}  // namespace korrigo::publication

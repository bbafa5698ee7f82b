#include "grading/annotation_rules.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>

#include "base/text.h"
#include "exams/marks.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;

constexpr double kRounding = 1e-6;  // what a browser's arithmetic may go over the edge
constexpr std::size_t kMaxPoints = 20'000;
constexpr std::size_t kMaxTextCharacters = 10'000;

tl::unexpected<Error> refuse_field(std::string code, std::string field, std::string message) {
  Error error{ErrorKind::malformed, std::move(code), std::move(message)};
  error.field = std::move(field);
  return tl::unexpected(std::move(error));
}

Result<void> check_box(const AnnotationBox& box) {
  const auto outside = [](double from, double size) {
    return !(from >= 0 && from <= 1) || !(from + size <= 1 + kRounding);
  };
  if (!(box.w > 0)) return refuse_field("annotation.box", "w", "The annotation has no width.");
  if (!(box.h > 0)) return refuse_field("annotation.box", "h", "The annotation has no height.");
  if (outside(box.x, box.w)) return refuse_field("annotation.box", "x", "The annotation lies outside of the page.");
  if (outside(box.y, box.h)) return refuse_field("annotation.box", "y", "The annotation lies outside of the page.");
  return {};
}

bool is_point(const json::value& value) {
  if (!value.is_array() || value.as_array().size() != 2) return false;
  for (const json::value& coordinate : value.as_array()) {
    if (!coordinate.is_number()) return false;
    const double number = coordinate.to_number<double>();
    if (!(number >= 0 && number <= 1)) return false;
  }
  return true;
}

/// {"strokes": [[[x, y], ...], ...]}, fractions of the face.
bool is_ink(const std::string& content) {
  json::error_code fault;
  const json::value ink = json::parse(content, fault);
  if (fault || !ink.is_object()) return false;
  const json::value* strokes = ink.as_object().if_contains("strokes");
  if (strokes == nullptr || !strokes->is_array() || strokes->as_array().empty()) return false;
  std::size_t points = 0;
  for (const json::value& stroke : strokes->as_array()) {
    if (!stroke.is_array() || stroke.as_array().empty()) return false;
    points += stroke.as_array().size();
    if (points > kMaxPoints || !std::ranges::all_of(stroke.as_array(), is_point)) return false;
  }
  return true;
}

Result<void> check_content(AnnotationType type, const std::string& content) {
  const auto refuse_content = [](std::string message) {
    return refuse_field("annotation.content", "content", std::move(message));
  };
  if (content.size() > kMaxContentBytes || !is_utf8(content) || content.find('\0') != std::string::npos)
    return refuse_content("The content is no text, or too long.");
  if (type == AnnotationType::ink)
    return is_ink(content) ? Result<void>() : refuse_content("Ink is an object with strokes, lists of points [x, y].");
  if (type == AnnotationType::stamp && content != "TICK" && content != "CROSS")
    return refuse_content("A stamp is TICK or CROSS.");
  if (code_points(content).size() > kMaxTextCharacters) return refuse_content("The content is no text, or too long.");
  return {};
}

}  // namespace

Result<void> check_annotation(const Desk& desk, const AnnotationFields& fields) {
  if (auto box = check_box(fields.box); !box) return box;
  if (auto content = check_content(fields.type, fields.content); !content) return content;
  if (fields.score_delta && std::abs(*fields.score_delta) > exams::kMaxHundredths)
    return refuse_field("annotation.points", "score_delta", "These are too many points.");
  if (fields.question_id) return require_question(desk, *fields.question_id);
  if (fields.score_delta && !desk.is_whole())
    return refuse(ErrorKind::forbidden, "lock.wrong_scope", "Points without question need a lock of the whole copy.");
  return {};
}

}  // namespace korrigo::grading

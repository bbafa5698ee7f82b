#include "grading/annotation_reader.h"

#include <fmt/format.h>
#include <charconv>

#include "exams/marks.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;

/// The members of one annotation; the first fault is kept.
class Reader {
 public:
  explicit Reader(const json::object& body) : body_(body) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  double number(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) reject(name, "is required");
    if (value != nullptr && !value->is_number()) reject(name, "must be a number");
    return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
  }
  AnnotationBox box() { return {number("x"), number("y"), number("w"), number("h")}; }
  AnnotationType type() {
    const json::value* value = find("type");
    const auto type =
        value != nullptr && value->is_string() ? annotation_type_named(value->get_string()) : std::nullopt;
    if (!type) reject("type", "is not one of its values");
    return type.value_or(AnnotationType::comment);
  }
  std::string text(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) reject(name, "must be text");
    return value->is_string() ? std::string(value->get_string()) : std::string();
  }
  std::optional<std::int64_t> points() {
    const json::value* value = find("score_delta");
    if (value == nullptr) return std::nullopt;
    const auto points = exams::hundredths_of(*value);
    if (!points) reject("score_delta", "must be a number of points");
    return points;
  }
  std::optional<std::string> question() {
    if (!has("question_id")) return std::nullopt;
    std::string id = text("question_id");
    if (id.empty() || id.size() > kMaxQuestionIdBytes) reject("question_id", "is out of range");
    return id;
  }
  int page() {
    const json::value* value = find("page_index");
    if (value == nullptr) reject("page_index", "is required");
    std::int64_t page = -1;
    if (value != nullptr && value->is_int64()) page = value->get_int64();
    if (value != nullptr && value->is_string()) {
      const json::string& digits = value->get_string();
      const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), page);
      if (fault != std::errc() || end != digits.data() + digits.size()) page = -1;
    }
    if (page < 0 || page > kMaxPage) reject("page_index", "must be a whole number from 0");
    return static_cast<int>(page);
  }
  template <class T>
  Result<T> done(T read) {
    if (fault_) return tl::unexpected(*fault_);
    return read;
  }

 private:
  static constexpr std::int64_t kMaxPage = 100'000;

  const json::value* find(std::string_view name) const {
    const json::value* value = body_.if_contains(name);
    return value != nullptr && !value->is_null() ? value : nullptr;
  }
  void reject(std::string_view name, std::string_view reason) {
    if (!fault_)
      fault_ =
          Error{ErrorKind::malformed, "request.invalid", fmt::format("{}: {}", name, reason), {}, std::string(name)};
  }

  const json::object& body_;
  std::optional<Error> fault_;
};

}  // namespace

Result<NewAnnotation> read_new_annotation(const json::object& body) {
  Reader reader(body);
  NewAnnotation annotation;
  annotation.page_index = reader.page();
  annotation.box = reader.box();
  annotation.type = reader.type();
  annotation.content = reader.text("content");
  annotation.score_delta = reader.points();
  annotation.question_id = reader.question();
  return reader.done(std::move(annotation));
}

Result<AnnotationChange> read_annotation_change(const json::object& body) {
  Reader reader(body);
  AnnotationChange change;
  if (reader.has("x") || reader.has("y") || reader.has("w") || reader.has("h")) change.box = reader.box();
  if (reader.has("type")) change.type = reader.type();
  if (reader.has("content")) change.content = reader.text("content");
  if (body.contains("score_delta")) change.score_delta = reader.points();
  if (body.contains("question_id")) change.question_id = reader.question();
  if (reader.has("version")) change.version = static_cast<std::int64_t>(reader.number("version"));
  return reader.done(std::move(change));
}

}  // namespace korrigo::grading

#include "exams/exam_fields_api.h"

#include "exams/marks.h"
#include "http/json_fields.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;

constexpr std::string_view kRequired = "is required";

void read_reading_options(const json::object& body, http::JsonFields& fields, ExamChange& change) {
  if (fields.has("imposition"))
    change.imposition =
        body.at("imposition").is_null() ? std::optional<std::string>() : fields.optional_text("imposition");
  if (!fields.has("verso_rotation")) return;
  change.verso_rotation.emplace();
  if (const auto rotation = fields.optional_integer("verso_rotation", 0, 180))
    change.verso_rotation.emplace(static_cast<int>(*rotation));
}

void read_marks_options(const json::object& body, http::JsonFields& fields, ExamChange& change) {
  if (const json::array* structure = fields.optional_array("grading_structure")) change.grading_structure = *structure;
  if (fields.has("mark_step")) {
    change.mark_step = hundredths_of(body.at("mark_step"));
    if (!change.mark_step) fields.reject("mark_step", "must be a number of points");
  }
  if (!fields.has("export_rounding")) return;
  change.export_rounding.emplace();
  if (body.at("export_rounding").is_null()) return;
  change.export_rounding.emplace(hundredths_of(body.at("export_rounding")));
  if (!*change.export_rounding) fields.reject("export_rounding", "must be a number of points");
}

}  // namespace

Result<ExamChange> exam_change_of(const json::object& body, bool complete) {
  http::JsonFields fields(body);
  ExamChange change;
  change.name = fields.optional_text("name", {.min = 1, .max = kMaxNameCharacters});
  if (complete && !change.name) fields.reject("name", kRequired);
  change.subject = fields.optional_text("subject", {.min = 0, .max = kMaxNameCharacters});
  if (const auto date = fields.optional_text("date", {.min = 1, .max = 20})) {
    change.date = exam_date(*date);
    if (!change.date) fields.reject("date", "must be a date, YYYY-MM-DD");
  } else if (complete) {
    fields.reject("date", kRequired);
  }
  if (const auto mode = fields.optional_text("upload_mode")) {
    change.upload_mode = mode_named(*mode);
    if (!change.upload_mode) fields.reject("upload_mode", "must be BATCH_A3, BATCH_A4 or INDIVIDUAL_A4");
  }
  if (const auto pages = fields.optional_integer("pages_per_booklet", 1, kMaxPagesPerBooklet))
    change.pages_per_booklet = static_cast<int>(*pages);
  read_reading_options(body, fields, change);
  read_marks_options(body, fields, change);
  if (fields.fault()) return fields.refusal();
  return change;
}

std::optional<Date> exam_date(std::string_view text) {
  const std::optional<Date> date = Date::parse(text);
  return date && date->iso() == text ? date : std::nullopt;
}

ExamFields new_exam_of(const ExamChange& change) {
  ExamFields fields;
  fields.name = change.name.value_or("");
  fields.subject = change.subject.value_or(fields.subject);
  fields.date = change.date.value_or(Date());
  fields.upload_mode = change.upload_mode.value_or(fields.upload_mode);
  fields.pages_per_booklet = change.pages_per_booklet.value_or(fields.pages_per_booklet);
  fields.imposition = change.imposition.value_or(std::nullopt);
  fields.verso_rotation = change.verso_rotation.value_or(std::nullopt);
  fields.grading_structure = change.grading_structure.value_or(boost::json::array());
  fields.mark_step = change.mark_step.value_or(fields.mark_step);
  fields.export_rounding = change.export_rounding.value_or(std::nullopt);
  return fields;
}

}  // namespace korrigo::exams

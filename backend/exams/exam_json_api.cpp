#include "exams/exam_json_api.h"

#include <fmt/format.h>

#include "exams/marks.h"
#include "http/errors.h"
#include "http/wording.h"
#include "students/students_api.h"

namespace korrigo::exams {

namespace json = boost::json;

namespace {

template <class T>
json::value or_null(const std::optional<T>& value) {
  if (!value) return nullptr;
  if constexpr (std::same_as<T, UtcTime>) {
    return json::value(to_iso(*value));
  } else if constexpr (requires { value->text(); }) {
    return json::value(value->text());
  } else if constexpr (std::same_as<T, UserId>) {
    return json::value(value->value);
  } else {
    return json::value(*value);
  }
}

json::object by_status(const ExamCounts& counts) {
  json::object copies;
  for (std::size_t i = 0; i < kCopyStatuses.size(); ++i) copies[kCopyStatuses[i]] = counts.copies_by_status[i];
  return copies;
}

json::value sentence_or_null(const http::Request& request, const std::optional<BatchTrouble>& trouble) {
  if (!trouble) return nullptr;
  return json::value(http::sentence_of(request, {ErrorKind::invalid_input, trouble->code, trouble->message}));
}

}  // namespace

json::object summary_json(const http::Request& request, const CountedExam& counted) {
  const auto& [exam, counts] = counted;
  return {{"id", exam.id.text()},
          {"name", exam.name},
          {"subject", exam.subject},
          {"date", exam.date.iso()},
          {"upload_mode", name_of(exam.upload_mode)},
          {"status", name_of(exam.status)},
          {"error_message", sentence_or_null(request, exam.trouble)},
          {"results_released_at", or_null(exam.results_released_at)},
          {"created_at", to_iso(exam.created_at)},
          {"copies_count", counts.copies},
          {"identified_count", counts.identified},
          {"student_count", counts.students},
          {"copies_by_status", by_status(counts)},
          {"task_id", or_null(counts.last_batch)}};
}

json::object to_json(const http::Request& request, const CountedExam& counted) {
  const auto& [exam, counts] = counted;
  json::object all = summary_json(request, counted);
  all["pages_per_booklet"] = exam.pages_per_booklet;
  all["imposition"] = or_null(exam.imposition);
  all["verso_rotation"] = or_null(exam.verso_rotation);
  all["grading_structure"] = exam.grading_structure;
  all["mark_step"] = points_json(exam.mark_step);
  all["export_rounding"] = points_json(exam.export_rounding);
  const auto structure = read_grading_structure(exam.grading_structure);
  all["maximum"] = points_json(structure ? structure->maximum() : kDefaultMaximum);
  all["is_processed"] = exam.is_processed;
  all["created_by"] = or_null(exam.created_by);
  all["source_count"] = counts.sources;
  const bool individual = exam.upload_mode == UploadMode::individual_a4;
  all["upload_endpoint"] =
      fmt::format("/api/exams/{}/{}/", exam.id.text(), individual ? "upload-individual-pdfs" : "upload");
  all["permissions"] = {{"upload", !counts.busy}, {"change_mode", counts.sources == 0}, {"delete", !counts.busy}};
  return all;
}

json::object to_json(const Source& source) {
  return {{"id", source.id.text()},
          {"exam_id", source.exam.text()},
          {"original_name", source.original_name},
          {"sha256", source.sha256},
          {"size", source.size},
          {"page_count", source.page_count},
          {"position", source.position},
          {"kind", name_of(source.kind)},
          {"student_identifier", or_null(source.student_identifier)},
          {"uploaded_at", to_iso(source.uploaded_at)}};
}

json::array to_json(const std::vector<Source>& sources) {
  json::array all;
  for (const Source& source : sources) all.push_back(to_json(source));
  return all;
}

json::object to_json(const RosterChanges& changes) {
  return {{"student_count", changes.student_count},
          {"added", changes.added},
          {"updated", changes.updated},
          {"removed", changes.removed}};
}

std::string status_url(const TaskId& task) {
  return fmt::format("/api/tasks/{}/status/", task.text());
}

json::array details_of(const std::vector<FileFault>& faults) {
  json::array details;
  for (const FileFault& fault : faults) {
    json::object detail{{"message", fault.error.message}, {"code", fault.error.code}, {"file", fault.file}};
    if (!fault.error.field.empty()) detail["field"] = fault.error.field;
    details.push_back(std::move(detail));
  }
  return details;
}

http::Response refusal_of(const http::Request& request, const Error& error, const Faults& faults, int too_large) {
  json::array details = details_of(faults.files);
  for (json::value& fault : students::details_of(faults.roster.lines)) details.push_back(std::move(fault));
  for (const StudentId id : faults.roster.students_with_copies)
    details.push_back(json::object{{"message", "This student has a copy."}, {"student_id", id.value}});
  if (details.empty())
    for (const std::string& sentence : error.details) details.push_back(json::object{{"message", sentence}});
  return http::refusal(request, http::status_of(error.kind, {{ErrorKind::too_large, too_large}}), error,
                       std::move(details));
}

Result<ExamId> exam_id_of(const http::Request& request) {
  auto id = ExamId::parse(request.path_parameter("exam_id"));
  if (!id) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  return std::move(*id);
}

}  // namespace korrigo::exams

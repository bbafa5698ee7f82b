#include "exams/exam.h"

#include <fmt/format.h>
#include <array>

#include "base/text.h"
#include "exams/exam_store.h"
#include "exams/grading_versions.h"

namespace korrigo::exams {
namespace {

constexpr std::array<std::string_view, 3> kModes = {"BATCH_A3", "BATCH_A4", "INDIVIDUAL_A4"};
constexpr std::int64_t kMaxStep = 1000;  // hundredths
constexpr std::array<std::string_view, 4> kStatuses = {"DRAFT", "PROCESSING", "READY", "ERROR"};

template <class Enum, std::size_t size>
std::optional<Enum> named(const std::array<std::string_view, size>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

tl::unexpected<Error> refuse_field(std::string field, std::string message) {
  Error error{ErrorKind::malformed, "request.invalid", std::move(message)};
  error.field = std::move(field);
  return tl::unexpected(std::move(error));
}

tl::unexpected<Error> no_such_exam() {
  return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
}

Result<std::string> tidied_text(std::string_view text, const char* field) {
  if (!is_utf8(text)) return refuse_field(field, "This is no text.");
  if (text.size() > 8 * kMaxNameCharacters)
    return refuse_field(field, fmt::format("At most {} characters are accepted.", kMaxNameCharacters));
  std::string tidy = normalise(text);
  const auto points = code_points(tidy);
  if (points.size() > kMaxNameCharacters)
    return refuse_field(field, fmt::format("At most {} characters are accepted.", kMaxNameCharacters));
  if (std::any_of(points.begin(), points.end(), [](char32_t point) { return point < U' ' || point == 0x7F; }))
    return refuse_field(field, "The text holds a control character.");
  return tidy;
}

}  // namespace

std::string_view name_of(UploadMode mode) {
  return kModes.at(static_cast<std::size_t>(mode));
}
std::optional<UploadMode> mode_named(std::string_view name) {
  return named<UploadMode>(kModes, name);
}
std::string_view name_of(ExamStatus status) {
  return kStatuses.at(static_cast<std::size_t>(status));
}
std::optional<ExamStatus> status_named(std::string_view name) {
  return named<ExamStatus>(kStatuses, name);
}

Result<ExamFields> tidied(ExamFields fields) {
  auto name = tidied_text(fields.name, "name");
  if (!name) return tl::unexpected(name.error());
  if (name->empty()) return refuse_field("name", "The name is missing.");
  auto subject = tidied_text(fields.subject, "subject");
  if (!subject) return tl::unexpected(subject.error());
  if (!Date::make(fields.date.year, fields.date.month, fields.date.day))
    return refuse_field("date", "The date is not a date.");
  if (fields.pages_per_booklet < 1 || fields.pages_per_booklet > kMaxPagesPerBooklet)
    return refuse_field("pages_per_booklet", fmt::format("From 1 to {} pages are accepted.", kMaxPagesPerBooklet));
  if (fields.imposition && *fields.imposition != "booklet" && *fields.imposition != "plain")
    return refuse_field("imposition", "The imposition is booklet, plain, or nothing.");
  if (fields.verso_rotation && *fields.verso_rotation != 0 && *fields.verso_rotation != 180)
    return refuse_field("verso_rotation", "Versos are turned by 0 or 180 degrees, or by nothing known.");
  if (fields.mark_step < 1 || fields.mark_step > kMaxStep)
    return refuse_field("mark_step", "The step is from 0.01 to 10 points.");
  if (fields.export_rounding && (*fields.export_rounding < 1 || *fields.export_rounding > kMaxStep))
    return refuse_field("export_rounding", "Marks are rounded to 0.01 to 10 points.");
  const auto structure = read_grading_structure(fields.grading_structure);
  if (!structure) return tl::unexpected(structure.error());
  fields.grading_structure = grading_structure_json(*structure);
  fields.name = std::move(*name);
  fields.subject = std::move(*subject);
  return fields;
}

Result<Exam> create_exam(storage::Transaction& transaction, const ExamFields& fields, std::optional<UserId> created_by,
                         UtcTime now) {
  auto clean = tidied(fields);
  if (!clean) return tl::unexpected(clean.error());
  Exam exam;
  static_cast<ExamFields&>(exam) = std::move(*clean);
  exam.id = ExamId(make_uuid_v7(now));
  exam.created_by = created_by;
  exam.created_at = now;
  store::insert(transaction, exam);
  keep_version(transaction, exam, created_by, now);
  return exam;
}

Result<Exam> find_exam(storage::Transaction& transaction, const ExamId& id) {
  auto exam = store::find(transaction, id);
  if (!exam) return no_such_exam();
  return std::move(*exam);
}

Result<GradingStructure> grading_structure_of(storage::Transaction& transaction, const ExamId& id) {
  const auto exam = find_exam(transaction, id);
  if (!exam) return tl::unexpected(exam.error());
  auto structure = read_grading_structure(exam->grading_structure);
  if (structure) structure->step = exam->mark_step;
  return structure;
}

Result<Exam> change_exam(storage::Transaction& transaction, const ExamId& id, const ExamChange& change, UtcTime now) {
  auto exam = find_exam(transaction, id);
  if (!exam) return exam;
  ExamFields fields = *exam;
  if (change.name) fields.name = *change.name;
  if (change.subject) fields.subject = *change.subject;
  if (change.date) fields.date = *change.date;
  if (change.upload_mode) fields.upload_mode = *change.upload_mode;
  if (change.pages_per_booklet) fields.pages_per_booklet = *change.pages_per_booklet;
  if (change.imposition) fields.imposition = *change.imposition;
  if (change.verso_rotation) fields.verso_rotation = *change.verso_rotation;
  if (change.grading_structure) fields.grading_structure = *change.grading_structure;
  if (change.mark_step) fields.mark_step = *change.mark_step;
  if (change.export_rounding) fields.export_rounding = *change.export_rounding;
  auto clean = tidied(std::move(fields));
  if (!clean) return tl::unexpected(clean.error());
  const bool read_otherwise =
      clean->upload_mode != exam->upload_mode || clean->pages_per_booklet != exam->pages_per_booklet;
  if (read_otherwise && store::has_sources(transaction, id))
    return refuse(ErrorKind::conflict, "exam.has_sources",
                  "Upload mode and pages per booklet are fixed: the exam has sources.");
  const bool marked_otherwise =
      clean->grading_structure != exam->grading_structure || clean->mark_step != exam->mark_step;
  if (marked_otherwise && is_marked(transaction, id))
    return refuse(ErrorKind::conflict, "bareme.in_use",
                  "Points were given by this barème: see first what a new one moves.");
  static_cast<ExamFields&>(*exam) = std::move(*clean);
  store::update(transaction, *exam, now);
  if (marked_otherwise) keep_version(transaction, *exam, change.changed_by, now);
  return exam;
}

Result<void> set_status(storage::Transaction& transaction, const ExamId& id, ExamStatus status,
                        const BatchTrouble& trouble, UtcTime now) {
  const auto kept = status == ExamStatus::error ? std::optional(trouble) : std::nullopt;
  if (!store::set_status(transaction, id, status, kept, now)) return no_such_exam();
  return {};
}

Result<void> require_idle(storage::Transaction& transaction, const ExamId& id) {
  if (!store::has_open_task(transaction, id)) return {};
  return refuse(ErrorKind::conflict, "exam.busy", "A task is working on this exam.");
}

Result<std::vector<std::string>> delete_exam(storage::Transaction& transaction, const ExamId& id, UtcTime now) {
  if (!store::touch(transaction, id, now)) return no_such_exam();
  if (auto idle = require_idle(transaction, id); !idle) return tl::unexpected(idle.error());
  std::vector<std::string> files = store::files_of(transaction, id);
  store::archive_events(transaction, id, now);
  store::remove(transaction, id);
  return files;
}

void remove_files(storage::Blobs& blobs, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    try {
      blobs.remove(key);
    } catch (const std::system_error&) {
      continue;
    }
  }
}

}  // namespace korrigo::exams

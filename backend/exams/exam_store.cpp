#include "exams/exam_store.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/hash.h"
#include "exams/exam_columns.h"

namespace korrigo::exams::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kInsert{"exam.insert", R"(
  INSERT INTO exam (id, name, subject, date, upload_mode, pages_per_booklet, grading_structure, options, status,
    created_by, created_at, mark_step, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11))"};
constexpr Statement kFind{"exam.find", KORRIGO_EXAM_SELECT "WHERE e.id = $1"};
constexpr Statement kUpdate{"exam.update", R"(
  UPDATE exam SET name = $2, subject = $3, date = $4, upload_mode = $5, pages_per_booklet = $6, grading_structure = $7,
    options = $8, mark_step = $9, updated_at = $10
  WHERE id = $1)"};
constexpr Statement kSetStatus{
    "exam.set_status",
    "UPDATE exam SET status = $2, error_code = $3, error_message = $4, updated_at = $5 WHERE id = $1"};
constexpr Statement kTouch{"exam.touch", "UPDATE exam SET updated_at = $2 WHERE id = $1"};
constexpr Statement kRemove{"exam.remove", "DELETE FROM exam WHERE id = $1"};
constexpr Statement kHasSources{"exam.has_sources",
                                "SELECT 1 FROM exam_pdf WHERE exam_id = $1 AND kind <> 'ROSTER' LIMIT 1"};
constexpr Statement kHasOpenTask{"exam.has_open_task", R"(
  SELECT 1 FROM task
  WHERE exam_id = $1 AND parent_id IS NULL AND state NOT IN ('SUCCESS', 'FAILURE', 'REVOKED') LIMIT 1)"};
constexpr Statement kFiles{"exam.files", R"(
  SELECT file FROM exam_pdf WHERE exam_id = $1
  UNION SELECT d.file FROM exam_document d JOIN exam_document_set s ON s.id = d.document_set_id WHERE s.exam_id = $1
  UNION SELECT header_file FROM booklet WHERE exam_id = $1
  UNION SELECT pdf_file FROM copy WHERE exam_id = $1
  UNION SELECT masked_pdf_file FROM copy WHERE exam_id = $1
  UNION SELECT final_pdf_file FROM copy WHERE exam_id = $1
  UNION SELECT masked_final_pdf_file FROM copy WHERE exam_id = $1
  UNION SELECT preview_file FROM face WHERE exam_id = $1
  UNION SELECT thumbnail_file FROM face WHERE exam_id = $1
  UNION SELECT masked_preview_file FROM face WHERE exam_id = $1
  UNION SELECT masked_thumbnail_file FROM face WHERE exam_id = $1
  UNION SELECT header_file FROM face WHERE exam_id = $1)"};
constexpr Statement kEvents{"exam.events", R"(
  SELECT g.id, g.copy_id, g.action, g.actor_id, g.metadata, g.created_at
  FROM grading_event g JOIN copy c ON c.id = g.copy_id WHERE c.exam_id = $1 ORDER BY g.id)"};
constexpr Statement kArchive{"exam.archive_event", R"(
  INSERT INTO archived_event (id, exam_id, copy_id, sha256, archived_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT DO NOTHING)"};
constexpr Statement kReport{"exam.report", "SELECT intake_report FROM exam WHERE id = $1"};
constexpr Statement kSetReport{"exam.set_report", "UPDATE exam SET intake_report = $2 WHERE id = $1"};

std::string options_of(const ExamFields& fields) {
  boost::json::object options;
  if (fields.imposition) options["imposition"] = *fields.imposition;
  if (fields.verso_rotation) options["verso_rotation"] = *fields.verso_rotation;
  if (fields.export_rounding) options["export_rounding"] = *fields.export_rounding;
  return boost::json::serialize(options);
}

}  // namespace

Exam exam_of(const Row& row) {
  Exam exam;
  exam.id = row.get<ExamId>(0);
  exam.name = row.get<std::string>(1);
  exam.subject = row.get<std::string>(2);
  exam.date = Date::parse(row.get<std::string>(3)).value();
  exam.upload_mode = mode_named(row.get<std::string>(4)).value();
  exam.pages_per_booklet = row.get<int>(5);
  exam.grading_structure = boost::json::parse(row.get<std::string>(6)).as_array();
  const boost::json::object options = boost::json::parse(row.get<std::string>(7)).as_object();
  if (const auto* imposition = options.if_contains("imposition"))
    exam.imposition = std::string(imposition->as_string());
  if (const auto* rotation = options.if_contains("verso_rotation")) exam.verso_rotation = rotation->to_number<int>();
  if (const auto* rounding = options.if_contains("export_rounding"))
    exam.export_rounding = rounding->to_number<std::int64_t>();
  exam.status = status_named(row.get<std::string>(8)).value();
  if (auto message = row.get<std::optional<std::string>>(9))
    exam.trouble = BatchTrouble{row.get<std::optional<std::string>>(15).value_or(""), std::move(*message)};
  exam.is_processed = row.get<bool>(10);
  exam.results_released_at = row.get<std::optional<UtcTime>>(11);
  exam.created_by = row.get<std::optional<UserId>>(12);
  exam.created_at = row.get<UtcTime>(13);
  exam.mark_step = row.get<std::int64_t>(14);
  return exam;
}

void insert(Transaction& transaction, const Exam& exam) {
  transaction.execute(kInsert, exam.id, exam.name, exam.subject, exam.date.iso(), name_of(exam.upload_mode),
                      exam.pages_per_booklet, boost::json::serialize(exam.grading_structure), options_of(exam),
                      name_of(exam.status), exam.created_by, exam.created_at, exam.mark_step);
}

std::optional<Exam> find(Transaction& transaction, const ExamId& id) {
  const auto row = transaction.row(kFind, id);
  if (!row) return std::nullopt;
  return exam_of(*row);
}

void update(Transaction& transaction, const Exam& exam, UtcTime now) {
  transaction.execute(kUpdate, exam.id, exam.name, exam.subject, exam.date.iso(), name_of(exam.upload_mode),
                      exam.pages_per_booklet, boost::json::serialize(exam.grading_structure), options_of(exam),
                      exam.mark_step, now);
}

bool set_status(Transaction& transaction, const ExamId& id, ExamStatus status,
                const std::optional<BatchTrouble>& trouble, UtcTime now) {
  const auto code = trouble ? std::optional(trouble->code) : std::nullopt;
  const auto message = trouble ? std::optional(trouble->message) : std::nullopt;
  return transaction.execute(kSetStatus, id, name_of(status), code, message, now) > 0;
}

bool touch(Transaction& transaction, const ExamId& id, UtcTime now) {
  return transaction.execute(kTouch, id, now) > 0;
}

bool remove(Transaction& transaction, const ExamId& id) {
  return transaction.execute(kRemove, id) > 0;
}

bool has_sources(Transaction& transaction, const ExamId& id) {
  return transaction.row(kHasSources, id).has_value();
}

bool has_open_task(Transaction& transaction, const ExamId& id) {
  return transaction.row(kHasOpenTask, id).has_value();
}

std::vector<std::string> files_of(Transaction& transaction, const ExamId& id) {
  std::vector<std::string> files;
  for (const Row& row : transaction.rows(kFiles, id))
    if (auto file = row.get<std::optional<std::string>>(0)) files.push_back(std::move(*file));
  return files;
}

void archive_events(Transaction& transaction, const ExamId& exam, UtcTime now) {
  std::vector<std::vector<storage::Value>> archived;
  for (const Row& row : transaction.rows(kEvents, exam)) {
    const auto actor = row.get<std::optional<std::int64_t>>(3);
    const std::string text = row.get<std::string>(0) + '\n' + row.get<std::string>(1) + '\n' + row.get<std::string>(2) +
                             '\n' + (actor ? std::to_string(*actor) : "") + '\n' + row.get<std::string>(4) + '\n' +
                             std::to_string(row.get<std::int64_t>(5));
    archived.push_back({row.get<std::string>(0), exam, row.get<std::string>(1),
                        sha256(std::as_bytes(std::span(text.data(), text.size()))), now});
  }
  if (!archived.empty()) transaction.execute_many(kArchive, archived);
}

std::optional<std::string> report(Transaction& transaction, const ExamId& id) {
  const auto row = transaction.row(kReport, id);
  return row ? row->get<std::optional<std::string>>(0) : std::nullopt;
}

bool set_report(Transaction& transaction, const ExamId& id, std::string_view json) {
  return transaction.execute(kSetReport, id, json) > 0;
}

}  // namespace korrigo::exams::store

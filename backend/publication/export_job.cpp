#include "publication/export_job.h"

#include <fmt/format.h>

#include "audit/audit.h"
#include "base/text.h"
#include "publication/final_job.h"
#include "publication/pronote.h"
#include "publication/tables.h"
#include "publication/zip_file.h"

namespace korrigo::publication {
namespace {

namespace json = boost::json;
using jobs::Ending;
using jobs::TaskContext;
using storage::Transaction;

constexpr const char* kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr const char* kCsv = "text/csv; charset=utf-8";

std::string_view kind_name(ExportKind kind) {
  switch (kind) {
    case ExportKind::csv:
      return "export_results_csv";
    case ExportKind::xlsx:
      return "export_results_xlsx";
    case ExportKind::pronote:
      return "export_pronote";
    case ExportKind::pdfs:
      break;
  }
  return "export_all";
}

ExamId exam_of(const TaskContext& context) {
  return ExamId(std::string(context.task().payload.at("exam_id").as_string()));
}

struct Table {
  exams::Exam exam;
  exams::GradingStructure structure;
  std::vector<ResultRow> rows;
};

Result<Table> table_of(TaskContext& context) {
  return context.database().read([&](Transaction& transaction) -> Result<Table> {
    const auto exam = exams::find_exam(transaction, exam_of(context));
    if (!exam) return tl::unexpected(exam.error());
    const auto structure = exams::grading_structure_of(transaction, exam->id);
    if (!structure) return tl::unexpected(structure.error());
    Table table{*exam, *structure, results_of(transaction, exam->id)};
    for (ResultRow& row : table.rows)
      if (row.total) row.total = rounded_mark(*row.total, exam->export_rounding, row.maximum.value_or(*row.total));
    return table;
  });
}

json::object file_result(const ExamId& exam, std::int64_t total, const std::string& key, const std::string& name,
                         const char* type) {
  return {{"exam_id", exam.text()}, {"total", total}, {"file", key}, {"filename", name}, {"content_type", type}};
}

std::string new_key(const ExamId& exam, const char* extension) {
  return "exports/" + exam.text() + "/" + make_uuid_v4() + extension;
}

std::int64_t graded(const std::vector<ResultRow>& rows) {
  return std::count_if(rows.begin(), rows.end(), [](const ResultRow& row) { return row.is_graded(); });
}

Result<Ending> export_csv(TaskContext& context, storage::Blobs& blobs) {
  const auto table = table_of(context);
  if (!table) return tl::unexpected(table.error());
  const std::string key = new_key(table->exam.id, ".csv");
  blobs.put(key, marks_csv(table->structure, table->rows));
  const std::string name = fmt::format("notes_{}_{}.csv", file_name_part(table->exam.name), table->exam.date.iso());
  return context.finish(json::value(file_result(table->exam.id, graded(table->rows), key, name, kCsv)));
}

Result<Ending> export_xlsx(TaskContext& context, storage::Blobs& blobs) {
  const auto table = table_of(context);
  if (!table) return tl::unexpected(table.error());
  const TempFolder folder(blobs.temporary("exports"));
  const auto made = folder.path() / "notes.xlsx";
  write_marks_xlsx(table->structure, table->rows, made);
  const std::string key = new_key(table->exam.id, ".xlsx");
  blobs.adopt(key, made);
  const std::string name = fmt::format("notes_{}_{}.xlsx", file_name_part(table->exam.name), table->exam.date.iso());
  return context.finish(json::value(file_result(table->exam.id, graded(table->rows), key, name, kXlsx)));
}

void note_pronote(Transaction& transaction, const TaskContext& context, const char* outcome, json::object details) {
  audit::append(transaction,
                {.by = {.user = context.task().created_by},
                 .action = std::string("export.pronote.") + outcome,
                 .target_type = "exam",
                 .target_id = exam_of(context).text(),
                 .details = std::move(details)},
                context.clock().now());
}

Result<Ending> export_pronote(TaskContext& context, storage::Blobs& blobs) {
  const auto coefficient = context.payload().at("coefficient").to_number<std::int64_t>();
  const ExamId exam = exam_of(context);
  const auto file =
      context.database().read([&](Transaction& transaction) { return pronote_file(transaction, exam, coefficient); });
  if (!file) {
    context.commit([&](Transaction& t) { note_pronote(t, context, "failed", {{"code", file.error().code}}); });
    return tl::unexpected(file.error());
  }
  const std::string key = new_key(exam, ".csv");
  blobs.put(key, file->content);
  return context.finish([&](Transaction& transaction) -> Result<json::value> {
    note_pronote(transaction, context, "success", {{"count", file->count}, {"coefficient", coefficient}});
    return file_result(exam, file->count, key, file->name, kCsv);
  });
}

std::string name_in_zip(const ResultRow& row) {
  std::string name = fold_name(row.last_name + " " + row.first_name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return (name.empty() ? "" : name + "_") + file_name_part(row.anonymous_id) + ".pdf";
}

Result<Ending> make_missing(TaskContext& context, const Table& table) {
  std::vector<jobs::NewTask> missing;
  for (const ResultRow& row : table.rows)
    if (row.is_graded() && !row.final_pdf) missing.push_back(final_pdf_task(*row.copy, {}));
  return context.wait_for(missing, "pdfs");
}

Result<Ending> export_pdfs(TaskContext& context, storage::Blobs& blobs) {
  const auto table = table_of(context);
  if (!table) return tl::unexpected(table.error());
  if (context.task().phase == 0) return make_missing(context, *table);
  const TempFolder folder(blobs.temporary("exports"));
  const auto made = folder.path() / "copies.zip";
  ZipFile zip(made);
  const std::int64_t total = graded(table->rows);
  std::int64_t done = 0;
  for (const ResultRow& row : table->rows) {
    if (!row.is_graded() || !row.final_pdf) continue;
    context.safe_point();
    const auto pdf = blobs.open(*row.final_pdf);
    zip.add(name_in_zip(row), pdf.fd.get(), pdf.size, row.graded_at.value_or(context.clock().now()));
    context.progress(++done, total, "zip");
  }
  zip.finish();
  const std::string key = new_key(table->exam.id, ".zip");
  blobs.adopt(key, made);
  const std::string name = fmt::format("copies_{}_{}.zip", file_name_part(table->exam.name), table->exam.date.iso());
  json::object result = file_result(table->exam.id, done, key, name, "application/zip");
  result["missing"] = total - done;
  return context.finish(json::value(std::move(result)));
}

}  // namespace

jobs::NewTask export_task(const ExportOrder& order) {
  jobs::NewTask task;
  task.kind = kind_name(order.kind);
  task.payload = {{"exam_id", order.exam.text()}, {"coefficient", order.coefficient}};
  task.created_by = order.user;
  return task;
}

void add_export_kinds(jobs::Kinds& kinds, storage::Blobs& blobs) {
  const auto add = [&](ExportKind kind, auto handler) {
    kinds.add(std::string(kind_name(kind)),
              [&blobs, handler](TaskContext& context) { return handler(context, blobs); });
  };
  add(ExportKind::pdfs, export_pdfs);
  add(ExportKind::csv, export_csv);
  add(ExportKind::xlsx, export_xlsx);
  add(ExportKind::pronote, export_pronote);
}

}  // namespace korrigo::publication

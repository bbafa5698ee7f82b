#include <fmt/format.h>
#include <cmath>

#include "exams/exam.h"
#include "publication/desk_api.h"
#include "publication/export_job.h"
#include "publication/pronote.h"

namespace korrigo::publication {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;
using storage::Statement;
using storage::Transaction;

constexpr Statement kGraded{"exports.graded", "SELECT count(*) FROM copy WHERE exam_id = $1 AND status = 'GRADED'"};
constexpr Statement kRecent{"exports.recent", R"(
  SELECT count(*) FROM audit_log
  WHERE actor_id = $1 AND created_at > $2 AND action IN ('export.pronote.request', 'export.pronote.refuse'))"};
constexpr std::int64_t kPronoteAnHour = 10;

json::object accepted(const TaskId& task, std::int64_t copies, std::string message) {
  return {{"task_id", task.text()},
          {"message", std::move(message)},
          {"status_url", "/api/tasks/" + task.text() + "/status/"},
          {"copies_count", copies}};
}

Result<std::int64_t> graded_copies(Transaction& t, const ExamId& exam) {
  const auto found = exams::find_exam(t, exam);
  if (!found) return tl::unexpected(found.error());
  return t.row(kGraded, exam)->get<std::int64_t>(0);
}

template <ExportKind kKind>
Result<Response> export_marks(const PublicationApi& api, Request& request) {
  const auto exam = id_in_path<ExamId>(request, "exam_id", "exam");
  if (!exam) return tl::unexpected(exam.error());
  const audit::Actor actor = accounts::actor_of(request);
  const auto answer = api.database.write([&](Transaction& t) -> Result<json::object> {
    const auto copies = graded_copies(t, *exam);
    if (!copies) return tl::unexpected(copies.error());
    const TaskId task = api.queue.enqueue(t, export_task({.exam = *exam, .kind = kKind, .user = actor.user}));
    audit::append(t, {actor, "exam.export", "exam", exam->text(), {{"task_id", task.text()}}}, api.queue.clock().now());
    return accepted(task, *copies, fmt::format("Export of {} copies queued.", *copies));
  });
  if (!answer) return tl::unexpected(answer.error());
  return http::json(202, *answer);
}

void note(Transaction& t, const PublicationApi& api, const Request& request, const char* action, json::object details) {
  audit::append(t,
                {accounts::actor_of(request), std::string("export.pronote.") + action, "exam",
                 std::string(request.path_parameter("exam_id")).substr(0, 36), std::move(details)},
                api.queue.clock().now());
}

/// Tenths; 1 when there is none.
Result<std::int64_t> coefficient_of(const Request& request) {
  const auto body = request.body.empty() ? Result<json::object>(json::object()) : request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const auto given = fields.optional_number("coefficient", 0, static_cast<double>(kMaxCoefficient) / 10);
  if (fields.fault()) return fields.refusal();
  return std::llround(given.value_or(1) * 10);
}

struct Pronote {
  json::object answer;
  std::size_t warnings = 0;
};

Result<Pronote> start_pronote(Transaction& t, const PublicationApi& api, const Request& request, const ExamId& exam,
                              std::int64_t coefficient) {
  const auto file = pronote_file(t, exam, coefficient);
  if (!file) return tl::unexpected(file.error());
  const ExportOrder order{exam, ExportKind::pronote, coefficient, accounts::caller_of(request).user};
  const TaskId task = api.queue.enqueue(t, export_task(order));
  json::object answer = accepted(task, file->count, fmt::format("Export of {} marks queued.", file->count));
  json::array warnings;
  for (const std::string& warning : file->warnings) warnings.emplace_back(warning);
  answer["warnings"] = std::move(warnings);
  note(t, api, request, "request", {{"coefficient", coefficient}, {"count", file->count}});
  return Pronote{std::move(answer), file->warnings.size()};
}

Result<void> require_moderation(Transaction& t, const PublicationApi& api, const Request& request) {
  const UtcTime since = api.queue.clock().now() - std::chrono::hours(1);
  const auto recent = t.row(kRecent, accounts::caller_of(request).user, since)->get<std::int64_t>(0);
  if (recent < kPronoteAnHour) return {};
  return refuse(ErrorKind::limited, "limits.too_many_requests", "Too many requests.");
}

Result<Response> export_pronote(const PublicationApi& api, Request& request) {
  if (!accounts::caller_of(request).is_admin()) {
    api.database.write_contended([&](Transaction& t) { note(t, api, request, "forbid", {}); });
    return refuse(ErrorKind::forbidden, "auth.forbidden", "You are not allowed to do this.");
  }
  const auto coefficient = coefficient_of(request);
  if (!coefficient) return tl::unexpected(coefficient.error());
  const auto exam = id_in_path<ExamId>(request, "exam_id", "exam");
  if (!exam) return tl::unexpected(exam.error());
  const auto done = api.database.write_contended([&](Transaction& t) -> Result<Pronote> {
    if (auto few = require_moderation(t, api, request); !few) return tl::unexpected(few.error());
    return start_pronote(t, api, request, *exam, *coefficient);
  });
  if (!done) {
    if (done.error().kind != ErrorKind::limited)
      api.database.write_contended([&](Transaction& t) {
        note(t, api, request, "refuse", {{"code", done.error().code}});
      });
    return tl::unexpected(done.error());
  }
  Response response = http::json(202, done->answer);
  if (done->warnings > 0) response.with("X-Export-Warnings", std::to_string(done->warnings));
  return response;
}

}  // namespace

std::vector<http::Route> export_routes(const PublicationApi& api) {
  using http::Method;
  const std::string exam = "/api/exams/{exam_id}/";
  const http::BodyPolicy small = http::SmallBody{};
  return {
      {Method::post, exam + "export-all/", bound(api, export_marks<ExportKind::pdfs>), small, accounts::kAdmin},
      {Method::post, exam + "export-csv/", bound(api, export_marks<ExportKind::csv>), small, accounts::kAdmin},
      {Method::post, exam + "export-xlsx/", bound(api, export_marks<ExportKind::xlsx>), small, accounts::kAdmin},
      // Whoever else tries is refused by the handler, which writes it down.
      {Method::post, exam + "export-pronote/", bound(api, export_pronote), small, accounts::kAny},
  };
}

}  // namespace korrigo::publication

#include "jobs/task_json_api.h"

#include "http/wording.h"

namespace korrigo::jobs {
namespace {

namespace json = boost::json;

template <class Id>
json::value id_or_null(const std::optional<Id>& id) {
  return id ? json::value(id->text()) : json::value();
}

json::value time_or_null(const std::optional<UtcTime>& time) {
  return time ? json::value(to_iso(*time)) : json::value();
}

json::value progress_or_null(const Progress& progress) {
  if (progress.total <= 0 && progress.stage.empty()) return nullptr;
  json::object shown{{"current", progress.current}, {"total", progress.total}, {"percent", progress.percent()}};
  if (!progress.stage.empty()) shown["stage"] = progress.stage;
  return shown;
}

Error error_of(const TaskError& error) {
  return {ErrorKind::invalid_input, error.code, error.message};
}

/// What the steering of queue.h would take now.
json::object permissions_of(const ListedTask& listed) {
  const Task& task = listed.task;
  const bool open = !is_over(task.state);
  const bool paused = task.state == TaskState::paused || task.pause_requested;
  return {{"cancel", open && !task.cancel_requested},
          {"pause", open && !paused && !task.cancel_requested},
          {"resume", open && paused},
          {"retry", listed.can_be_retried},
          {"reprioritise", open}};
}

}  // namespace

json::object task_json(const ListedTask& listed) {
  const Task& task = listed.task;
  return {{"id", task.id.text()},
          {"kind", task.kind},
          {"status", name_of(task.state)},
          {"priority", name_of(task.priority)},
          {"exam_id", id_or_null(task.exam_id)},
          {"created_by", task.created_by ? json::value(task.created_by->value) : json::value()},
          {"parent_id", id_or_null(task.parent_id)},
          {"children_count", task.children_total},
          {"progress", progress_or_null(task.progress)},
          {"attempt", task.attempt},
          {"max_attempts", task.max_attempts},
          {"error_code", task.error ? json::value(task.error->code) : json::value()},
          {"error_message", task.error ? json::value(task.error->message) : json::value()},
          {"created_at", to_iso(task.created_at)},
          {"started_at", time_or_null(task.started_at)},
          {"finished_at", time_or_null(task.finished_at)},
          {"permissions", permissions_of(listed)}};
}

json::object task_json(const http::Request& request, const ListedTask& listed) {
  json::object shown = task_json(listed);
  if (const auto& error = listed.task.error) shown["error_message"] = http::sentence_of(request, error_of(*error));
  return shown;
}

json::object contract_status(const http::Request& request, json::object status) {
  status = contract_status(std::move(status));
  const auto* result = status.contains("result") ? status.at("result").if_object() : nullptr;
  if (!result || !result->contains("code")) return status;
  const TaskError error{std::string(result->at("code").as_string()), std::string(result->at("error").as_string()), {}};
  status["result"].as_object()["error"] = http::sentence_of(request, error_of(error));
  return status;
}

json::object contract_status(json::object status) {
  if (!status.at("ready").as_bool()) return status;
  json::value& result = status["result"];
  if (!result.is_object()) result = json::object();
  if (status.at("status").as_string() == name_of(TaskState::revoked)) result.as_object()["status"] = "revoked";
  return status;
}

}  // namespace korrigo::jobs

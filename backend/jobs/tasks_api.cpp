#include "jobs/tasks_api.h"

#include <boost/json/array.hpp>

#include "accounts/guard_api.h"
#include "audit/audit.h"
#include "http/json_fields.h"
#include "http/listing.h"
#include "jobs/messages.h"
#include "jobs/task_json_api.h"
#include "jobs/task_pages_api.h"
#include "jobs/task_status.h"

namespace korrigo::jobs {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

struct Context {
  storage::Database& database;
  Queue& queue;
  OpenFile open_file;
};

tl::unexpected<Error> no_such_task() {
  return refuse(ErrorKind::not_found, "task.not_found", "There is no such task.");
}

Result<TaskId> id_of(const Request& request) {
  const auto id = TaskId::parse(request.path_parameter("task_id"));
  if (!id) return no_such_task();
  return *id;
}

Viewer viewer_of(const Request& request) {
  const accounts::Caller& caller = accounts::caller_of(request);
  return {caller.user, caller.is_admin()};
}

Result<std::vector<TaskState>> states_of(std::string_view text) {
  std::vector<TaskState> states;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto state = state_named(text.substr(0, comma));
    if (!state) return tl::unexpected(http::invalid_field("status", "holds only states of tasks"));
    states.push_back(*state);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return states;
}

template <class Id>
Result<std::optional<Id>> id_in_query(const Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  const auto id = Id::parse(*text);
  if (!id) return tl::unexpected(http::invalid_field(name, "must be a UUID"));
  return id;
}

Result<TaskPageFilter> filter_of(const Request& request) {
  TaskPageFilter filter;
  if (const auto text = request.query_value("status")) {
    auto states = states_of(*text);
    if (!states) return tl::unexpected(states.error());
    filter.states = std::move(*states);
  }
  if (const auto kind = request.query_value("kind")) filter.kind = std::string(*kind);
  if (const auto text = request.query_value("priority")) {
    filter.priority = priority_named(*text);
    if (!filter.priority)
      return tl::unexpected(http::invalid_field("priority", "must be CRITICAL, HIGH, MEDIUM or LOW"));
  }
  const auto exam = id_in_query<ExamId>(request, "exam");
  if (!exam) return tl::unexpected(exam.error());
  const auto parent = id_in_query<TaskId>(request, "parent");
  if (!parent) return tl::unexpected(parent.error());
  filter.exam_id = *exam;
  filter.parent_id = *parent;
  if (const auto text = request.query_value("by_server")) {
    if (*text != "true" && *text != "false")
      return tl::unexpected(http::invalid_field("by_server", "must be true or false"));
    filter.by_server = *text == "true";
  }
  return filter;
}

TaskPageCut cut_of(const http::Listing& listing) {
  const TaskOrder order = listing.ordering == "priority"      ? TaskOrder::priority
                          : listing.ordering == "finished_at" ? TaskOrder::finished_at
                                                              : TaskOrder::created_at;
  return {order, listing.descending, listing.offset(), listing.page_size};
}

Result<Response> get_tasks(const Context& context, const Request& request) {
  const auto listing = http::read_listing(request, {"-created_at", "priority", "finished_at"});
  if (!listing) return tl::unexpected(listing.error());
  const auto filter = filter_of(request);
  if (!filter) return tl::unexpected(filter.error());
  const TaskPage page = context.database.read(
      [&](Transaction& transaction) { return task_page(transaction, *filter, cut_of(*listing)); });
  json::array results;
  for (const ListedTask& task : page.tasks) results.push_back(task_json(request, task));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

/// Runs `act` on the request's task, notes who did `action`, and answers with the task as it then is.
template <class Act>
Result<Response> steer(const Context& context, const Request& request, std::string_view action, Act act) {
  const auto id = id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto task = context.database.write([&](Transaction& transaction) -> Result<ListedTask> {
    const Result<void> done = act(transaction, *id);
    if (!done) return tl::unexpected(done.error());
    audit::append(transaction, {accounts::actor_of(request), std::string(action), "task", id->text(), {}},
                  context.queue.clock().now());
    return listed_task(transaction, *id).value();
  });
  if (!task) return tl::unexpected(task.error());
  return http::json(200, task_json(request, *task));
}

http::Handler steering(const Context& context, const std::string& action,
                       Result<void> (Queue::*act)(Transaction&, const TaskId&)) {
  return [context, action, act](Request& request) {
    return steer(context, request, action,
                 [&](Transaction& transaction, const TaskId& id) { return (context.queue.*act)(transaction, id); });
  };
}

Result<Response> patch_task(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const auto priority = priority_named(fields.text("priority"));
  if (!priority) fields.reject("priority", "must be CRITICAL, HIGH, MEDIUM or LOW");
  if (fields.fault()) return fields.refusal();
  return steer(context, request, "task.reprioritise", [&](Transaction& transaction, const TaskId& id) -> Result<void> {
    const auto done = context.queue.set_priority(transaction, id, *priority);
    if (done) tell(transaction, context.queue.find(transaction, id).value());
    return done;
  });
}

Result<Response> get_status(const Context& context, const Request& request) {
  const json::object status = context.database.read([&](Transaction& transaction) {
    return status_json(transaction, request.path_parameter("task_id"), viewer_of(request));
  });
  return http::json(200, contract_status(request, status));
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Response> get_result(const Context& context, const Request& request) {
  const auto id = id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto task =
      context.database.read([&](Transaction& transaction) { return context.queue.find(transaction, *id); });
  const Viewer viewer = viewer_of(request);
  if (!task || (!viewer.is_admin && task->created_by != viewer.user)) return no_such_task();
  const json::object result = task->result.is_object() ? task->result.get_object() : json::object();
  const std::string key = text_in(result, "file");
  auto fd = key.empty() ? std::nullopt : context.open_file(key);
  if (!fd) return refuse(ErrorKind::not_found, "task.no_file", "This task made no file.");
  http::FileOptions options;
  if (const std::string type = text_in(result, "content_type"); !type.empty()) options.content_type = type;
  const std::string name = text_in(result, "filename");
  options.download_name = name.empty() ? key.substr(key.rfind('/') + 1) : name;
  options.attachment = true;
  return http::file(std::move(*fd), options);
}

Result<Response> get_logs(const Context& context, const Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto id = id_of(request);
  if (!id) return tl::unexpected(id.error());
  std::optional<Task> task;
  const LogPage page = context.database.read([&](Transaction& transaction) {
    task = context.queue.find(transaction, *id);
    return log_page(transaction, *id, listing->offset(), listing->page_size);
  });
  if (!task) return no_such_task();
  json::array results;
  for (const LogPage::Line& line : page.lines) {
    results.push_back(json::object{
        {"timestamp", to_iso(line.at)}, {"level", line.level}, {"logger", task->kind}, {"message", line.text}});
  }
  return http::answer_list(request, *listing, page.count, std::move(results));
}

}  // namespace

std::vector<http::Route> routes(storage::Database& database, Queue& queue, OpenFile open_file) {
  const Context context{database, queue, std::move(open_file)};
  const auto bound = [&](auto handler) {
    return [context, handler](Request& request) { return handler(context, request); };
  };
  using accounts::kAdmin;
  using accounts::kAny;
  constexpr http::NoBody kNone;
  return {
      {Method::get, "/api/tasks/", bound(get_tasks), kNone, kAdmin},
      {Method::patch, "/api/tasks/{task_id}/", bound(patch_task), http::SmallBody{}, kAdmin},
      {Method::get, "/api/tasks/{task_id}/status/", bound(get_status), kNone, kAny},
      {Method::post, "/api/tasks/{task_id}/cancel/", steering(context, "task.cancel", &Queue::cancel), kNone, kAdmin},
      {Method::post, "/api/tasks/{task_id}/pause/", steering(context, "task.pause", &Queue::pause), kNone, kAdmin},
      {Method::post, "/api/tasks/{task_id}/resume/", steering(context, "task.resume", &Queue::resume), kNone, kAdmin},
      {Method::post, "/api/tasks/{task_id}/retry/", steering(context, "task.retry", &Queue::retry), kNone, kAdmin},
      {Method::get, "/api/tasks/{task_id}/result/", bound(get_result), kNone, kAny},
      {Method::get, "/api/tasks/{task_id}/logs/", bound(get_logs), kNone, kAdmin},
  };
}

}  // namespace korrigo::jobs

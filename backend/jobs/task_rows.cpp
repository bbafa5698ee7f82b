#include "jobs/task_rows.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "base/text.h"

namespace korrigo::jobs {
namespace {

boost::json::value json_of(const std::optional<std::string>& text) {
  return text ? boost::json::parse(*text) : boost::json::value();
}

/// Columns by name, so that a statement's text and this function are compared in one glance.
class Columns {
 public:
  explicit Columns(const storage::Row& row, std::size_t first = 0) : row_(row), next_(first) {}
  template <class T>
  void into(T& field) {
    field = row_.get<T>(next_++);
  }
  template <class T>
  T take() {
    return row_.get<T>(next_++);
  }

 private:
  const storage::Row& row_;
  std::size_t next_;
};

template <class T>
T known(std::optional<T> value) {
  if (!value) throw std::logic_error("a task's row names a state or a priority that does not exist");
  return *value;
}

std::optional<TaskError> error_of(Columns& columns) {
  auto code = columns.take<std::optional<std::string>>();
  auto message = columns.take<std::optional<std::string>>();
  auto detail = columns.take<std::optional<std::string>>();
  if (!code) return std::nullopt;
  return TaskError{std::move(*code), message.value_or(""), detail.value_or("")};
}

}  // namespace

Task task_of(const storage::Row& row, std::size_t first) {
  Columns columns(row, first);
  Task task;
  columns.into(task.id);
  columns.into(task.kind);
  task.state = known(state_named(columns.take<std::string>()));
  task.priority = known(priority_named(columns.take<std::string>()));
  task.payload = boost::json::parse(columns.take<std::string>()).as_object();
  task.checkpoint = json_of(columns.take<std::optional<std::string>>());
  task.result = json_of(columns.take<std::optional<std::string>>());
  task.error = error_of(columns);
  columns.into(task.progress.current);
  columns.into(task.progress.total);
  columns.into(task.progress.stage);
  columns.into(task.attempt);
  columns.into(task.max_attempts);
  columns.into(task.phase);
  columns.into(task.fence);
  task.time_limit = std::chrono::seconds(columns.take<std::int64_t>());
  columns.into(task.parent_id);
  columns.into(task.parent_phase);
  columns.into(task.age_from);
  columns.into(task.children_total);
  columns.into(task.children_open);
  columns.into(task.exam_id);
  columns.into(task.created_by);
  columns.into(task.worker);
  columns.into(task.created_at);
  columns.into(task.run_at);
  columns.into(task.started_at);
  columns.into(task.finished_at);
  columns.into(task.cancel_requested);
  columns.into(task.pause_requested);
  return task;
}

ChildEnd child_end_of(const storage::Row& row) {
  Columns columns(row);
  ChildEnd end;
  columns.into(end.id);
  columns.into(end.kind);
  end.state = known(state_named(columns.take<std::string>()));
  end.payload = boost::json::parse(columns.take<std::string>()).as_object();
  end.result = json_of(columns.take<std::optional<std::string>>());
  end.error = error_of(columns);
  return end;
}

std::string json_text(const boost::json::value& value) {
  std::string text = boost::json::serialize(value);
  if (!is_utf8(text)) throw std::invalid_argument("a task's JSON holds text that is not UTF-8");
  return text;
}

storage::Value column_of(const boost::json::value& value) {
  if (value.is_null()) return {};
  return json_text(value);
}

std::string storable(std::string text) {
  std::replace(text.begin(), text.end(), '\0', '?');
  if (is_utf8(text)) return text;
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text;
}

void keep_to_indexes(storage::Transaction& transaction) {
  static constexpr storage::Statement kPlan{"task.keep_to_indexes", {}, R"(
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
           set_config('enable_mergejoin', 'off', true))"};
  transaction.rows(kPlan);
}

void wake(storage::Transaction& transaction, std::string_view kind) {
  transaction.notify(kWakeChannel, std::string(kind));
}

}  // namespace korrigo::jobs

#include "jobs/messages.h"

#include <boost/json/serialize.hpp>

#include "events/bus.h"

namespace korrigo::jobs {
namespace {

boost::json::object message_of(const Task& task) {
  boost::json::object message{{"type", is_over(task.state) ? "finished" : "progress"},
                              {"task_id", task.id.text()},
                              {"kind", task.kind},
                              {"status", name_of(task.state)},
                              {"stage", task.progress.stage},
                              {"current", task.progress.current},
                              {"total", task.progress.total},
                              {"percent", task.progress.percent()}};
  if (task.exam_id) message["exam_id"] = task.exam_id->text();
  if (task.parent_id) message["parent_id"] = task.parent_id->text();
  return message;
}

}  // namespace

std::string topic_of(const TaskId& id) {
  return "task/" + id.text();
}

void tell(storage::Transaction& transaction, const Task& task) {
  const std::string topic = topic_of(task.id);
  boost::json::object message = message_of(task);
  if (!is_over(task.state)) {
    events::publish(transaction, topic, boost::json::serialize(message));
    return;
  }
  message["ready"] = true;
  if (task.error) {
    message["error"] = boost::json::object{{"code", task.error->code}, {"message", task.error->message}};
  } else {
    message["result"] = task.result;
  }
  std::string text = boost::json::serialize(message);
  if (topic.size() + 1 + text.size() > events::kMaxEvent) {
    message.erase("result");
    if (task.error) message["error"] = boost::json::object{{"code", task.error->code}};
    message["result_omitted"] = true;
    text = boost::json::serialize(message);
  }
  events::publish(transaction, topic, text);
}

}  // namespace korrigo::jobs

#include "app/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace korrigo::app {
namespace {

using prometheus::Histogram;

// Requests are over in milliseconds, tasks in seconds to half an hour.
const Histogram::BucketBoundaries kRequestSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
const Histogram::BucketBoundaries kTaskSeconds{0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800};

constexpr jobs::TaskState kOpenStates[] = {jobs::TaskState::pending, jobs::TaskState::retry, jobs::TaskState::started,
                                           jobs::TaskState::progress, jobs::TaskState::paused};
constexpr jobs::Priority kPriorities[] = {jobs::Priority::critical, jobs::Priority::high, jobs::Priority::medium,
                                          jobs::Priority::low};

/// Labels take only values that we have a list of: a stranger must not be able to make new series.
std::string method_label(const std::string& method) {
  return method == "WS" || http::method_of(method) ? method : "other";
}

std::string endpoint_label(const std::string& route) {
  return route.empty() ? "none" : route;
}

double seconds(std::chrono::duration<double> span) {
  return span.count();
}

std::string text_of(auto name) {
  return std::string(jobs::name_of(name));
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("http_requests_total")
                                                          .Help("Requests answered, by method, route and status")
                                                          .Register(registry);
  prometheus::Family<Histogram>& request_seconds = prometheus::BuildHistogram()
                                                       .Name("http_request_duration_seconds")
                                                       .Help("From a request's header to its answer")
                                                       .Register(registry);
  prometheus::Family<prometheus::Counter>& tasks = prometheus::BuildCounter()
                                                       .Name("celery_tasks_total")
                                                       .Help("Turns of tasks ended here, by kind and state after")
                                                       .Register(registry);
  prometheus::Family<Histogram>& task_seconds = prometheus::BuildHistogram()
                                                    .Name("celery_task_duration_seconds")
                                                    .Help("Tasks that are over, from first turn to end")
                                                    .Register(registry);
  prometheus::Family<Histogram>& turn_seconds = prometheus::BuildHistogram()
                                                    .Name("korrigo_task_turn_seconds")
                                                    .Help("Time that workers spent on turns, by kind of task")
                                                    .Register(registry);
  prometheus::Family<prometheus::Gauge>& queue = prometheus::BuildGauge()
                                                     .Name("korrigo_queue_depth")
                                                     .Help("Tasks not over, by state and priority")
                                                     .Register(registry);
  prometheus::Gauge& database_connections = single("database_connections_active", "Open connections to the database");
  prometheus::Gauge& database_up = single("korrigo_database_up", "1 when the database answered just now");
  prometheus::Gauge& redis = single("redis_connected_clients", "Always 0: this server has no Redis");
  prometheus::Gauge& connections = single("korrigo_http_connections", "Open connections of clients");
  prometheus::Gauge& websockets = single("korrigo_websockets", "Open WebSockets");
  prometheus::Gauge& waiting = single("korrigo_requests_waiting", "Requests waiting for a thread");
  prometheus::Gauge& workers = single("korrigo_workers", "Threads that do tasks in this process");
  prometheus::Gauge& busy = single("korrigo_workers_busy", "Those of them that have one");
  std::mutex reading;

  prometheus::Gauge& single(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
  void set(const Gauges& gauges);
};

void Metrics::Families::set(const Gauges& gauges) {
  database_connections.Set(gauges.database_connections);
  database_up.Set(gauges.database_up ? 1 : 0);
  connections.Set(static_cast<double>(gauges.http_connections));
  websockets.Set(static_cast<double>(gauges.websockets));
  waiting.Set(static_cast<double>(gauges.waiting_requests));
  workers.Set(gauges.workers);
  busy.Set(gauges.busy_workers);
  if (!gauges.database_up) return;
  for (const jobs::TaskState state : kOpenStates) {
    for (const jobs::Priority priority : kPriorities) {
      std::int64_t depth = 0;
      for (const jobs::TaskCount& each : gauges.tasks) {
        if (each.state == state && each.priority == priority) depth += each.count;
      }
      queue.Add({{"state", text_of(state)}, {"priority", text_of(priority)}}).Set(static_cast<double>(depth));
    }
  }
}

Metrics::Metrics() : families_(std::make_unique<Families>()) {}

Metrics::~Metrics() = default;

void Metrics::count(const http::RequestRecord& record) {
  const std::string method = method_label(record.method);
  const std::string endpoint = endpoint_label(record.route);
  families_->requests.Add({{"method", method}, {"endpoint", endpoint}, {"status", std::to_string(record.status)}})
      .Increment();
  if (method == "WS") return;  // its length is that of a visit
  families_->request_seconds.Add({{"method", method}, {"endpoint", endpoint}}, kRequestSeconds)
      .Observe(seconds(record.duration));
}

void Metrics::count(const jobs::TurnEnd& end, UtcTime now) {
  const std::string& kind = end.task.kind;
  families_->tasks.Add({{"task", kind}, {"state", text_of(end.state)}}).Increment();
  families_->turn_seconds.Add({{"task", kind}}, kTaskSeconds).Observe(seconds(end.took));
  if (!jobs::is_over(end.state)) return;
  const auto whole = end.task.started_at ? now - *end.task.started_at : end.took;
  families_->task_seconds.Add({{"task", kind}, {"state", text_of(end.state)}}, kTaskSeconds).Observe(seconds(whole));
}

std::string Metrics::text(const Gauges& gauges) {
  const std::lock_guard lock(families_->reading);
  families_->set(gauges);
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace korrigo::app

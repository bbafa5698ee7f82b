#include "app/service.h"

#include <fmt/format.h>
#include <unistd.h>
#include <charconv>
#include <fstream>
#include <thread>

#include "accounts/bulk_users.h"
#include "accounts/bulk_users_api.h"
#include "accounts/csrf_api.h"
#include "accounts/guard_api.h"
#include "accounts/notification_mail.h"
#include "accounts/notifications.h"
#include "accounts/notifications_api.h"
#include "accounts/password_reset.h"
#include "accounts/password_reset_api.h"
#include "accounts/session.h"
#include "accounts/session_api.h"
#include "accounts/settings_api.h"
#include "accounts/setup.h"
#include "accounts/setup_api.h"
#include "accounts/tokens_api.h"
#include "accounts/users_api.h"
#include "accounts/webhook.h"
#include "accounts/webhooks_api.h"
#include "app/bindings.h"
#include "app/bus_to_hub.h"
#include "app/embedded_pages.h"
#include "app/engines.h"
#include "app/engines_api.h"
#include "app/housekeeping.h"
#include "app/log_file.h"
#include "app/metrics.h"
#include "app/operations.h"
#include "app/vital_signs.h"
#include "app/wording.h"
#include "audit/audit_api.h"
#include "copies/batch_job.h"
#include "copies/copies_api.h"
#include "copies/office_tasks.h"
#include "copies/report.h"
#include "events/bus.h"
#include "exams/exam.h"
#include "exams/exams_api.h"
#include "exams/import_group.h"
#include "grading/grading_api.h"
#include "grading/lock.h"
#include "http/server.h"
#include "jobs/retention.h"
#include "jobs/task_feed_api.h"
#include "jobs/tasks_api.h"
#include "jobs/worker.h"
#include "publication/kinds.h"
#include "publication/publication_api.h"
#include "storage/blobs.h"
#include "storage/migrations.h"
#include "students/students_api.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};

std::optional<Endpoint> endpoint_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  Endpoint endpoint{listen.substr(0, colon), 0};
  const char* first = listen.data() + colon + 1;
  const char* last = listen.data() + listen.size();
  const auto [end, error] = std::from_chars(first, last, endpoint.port);
  if (error != std::errc() || end != last || first == last) return std::nullopt;
  return endpoint;
}

int core_count() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// One more than cores: while one waits for the disk or the database, the others keep the cores busy.
int worker_count(const Config& config) {
  if (config.no_workers) return 0;
  return config.workers > 0 ? config.workers : core_count() + 1;
}

std::string process_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return fmt::format("{}:{}", host.data(), ::getpid());
}

// Leaves the constructors below; make() returns what it carries.
struct Refusal {
  explicit Refusal(Error what) : error(std::move(what)) {}
  Error error;
};

// What `serve` and `worker` share: rows, files and the threads that do tasks.
class Tasks {
 public:
  explicit Tasks(const Config& config)
      : blobs_(config.media()),
        database_(opened(config)),
        uploads_(*database_, blobs_, clock_),
        queue_(clock_),
        workshop_({.most = static_cast<std::size_t>(worker_count(config) + core_count())}),
        engines_(or_refuse(chosen_engines(config, clock_))),
        batch_{blobs_, workshop_, std::clamp(worker_count(config), 1, core_count()), engines_.get()},
        accounts_{*database_, hasher_, clock_},
        sealer_(accounts::Sealer::from_file(config.data / "sealing.key")),
        mailing_(or_refuse(mailing_of(config))),
        log_(config.data / "logs", clock_) {
    copies::add_batch_kinds(kinds_, queue_, batch_);
    copies::add_office_kinds(kinds_, batch_);
    kinds_.add(std::string(exams::kImportPdfsTask), exams::import_group_handler());
    kinds_.add(std::string(students::kImportTask),
               students::import_handler(blobs_, student_accounts(accounts_, sealer_)));
    kinds_.add(std::string(accounts::kBulkUsersTask), accounts::bulk_users_handler(accounts_, sealer_));
    if (mailing_)
      kinds_.add(std::string(accounts::kPasswordResetTask),
                 accounts::password_reset_handler(accounts_, sealer_, *mailing_));
    jobs::keep_forgetting(kinds_, queue_, *database_, {});
    kinds_.add(std::string(accounts::kWebhookTask), accounts::webhook_handler(accounts_, sealer_));
    accounts::keep_mailing(kinds_, queue_, *database_, mailing_);
    grading::keep_releasing_locks(kinds_, queue_, *database_);
    publication::add_kinds(kinds_, queue_, blobs_);
    keep_tidy(kinds_, queue_, *database_, blobs_, uploads_);
    if (const int threads = worker_count(config); threads > 0) {
      jobs::WorkerOptions options;
      options.threads = threads;
      options.name = process_name();
      options.turn_ended = [this](const jobs::TurnEnd& end) {
        metrics_.count(end, clock_.now());
        log_.turn(end);
      };
      options.trouble = [this](const std::string& text) { log_.write({Level::error, "jobs", text}); };
      pool_.emplace(*database_, queue_, kinds_, options);
    }
  }

  void start() {
    if (pool_) pool_->start();
  }
  void stop() {
    if (pool_) pool_->stop();
  }

  storage::Database& database() { return *database_; }
  storage::Blobs& blobs() { return blobs_; }
  jobs::Queue& queue() { return queue_; }
  const Clock& clock() const { return clock_; }
  exams::Uploads& uploads() { return uploads_; }
  const accounts::Context& accounts() const { return accounts_; }
  const accounts::Sealer& sealer() const { return sealer_; }
  bool sends_mail() const { return mailing_.has_value(); }
  Metrics& metrics() { return metrics_; }
  LogFile& log() { return log_; }
  jobs::WorkerPool::Figures figures() const { return pool_ ? pool_->figures() : jobs::WorkerPool::Figures{}; }

 private:
  static std::unique_ptr<storage::Database> opened(const Config& config) {
    auto database = storage::Database::open(config.database());
    if (const auto migrated = storage::migrate(*database); !migrated) throw Refusal(migrated.error());
    return database;
  }

  template <class Chosen>
  static Chosen or_refuse(Result<Chosen> chosen) {
    if (!chosen) throw Refusal(chosen.error());
    return std::move(*chosen);
  }

  SystemClock clock_;
  storage::Blobs blobs_;
  std::unique_ptr<storage::Database> database_;
  exams::Uploads uploads_;
  jobs::Queue queue_;
  copies::Workshop workshop_;
  std::unique_ptr<ocr::ExternalEngines> engines_;
  copies::BatchServices batch_;
  accounts::PasswordHasher hasher_;
  accounts::Context accounts_;
  accounts::Sealer sealer_;
  std::optional<accounts::Mailing> mailing_;
  LogFile log_;
  Metrics metrics_;
  jobs::Kinds kinds_;
  std::optional<jobs::WorkerPool> pool_;
};

class WorkersOnly final : public Service {
 public:
  explicit WorkersOnly(const Config& config) : tasks_(config) {}
  void start() override { tasks_.start(); }
  std::string address() const override { return ""; }
  std::optional<std::string> offer_setup() override { return std::nullopt; }
  void stop() override { tasks_.stop(); }

 private:
  Tasks tasks_;
};

class ServerAndWorkers final : public Service {
 public:
  ServerAndWorkers(const Config& config, const Endpoint& endpoint)
      : tasks_(config),
        vital_signs_(tasks_.database(), config.media()),
        bus_(tasks_.database()),
        processing_(bus_, hub_, "exam/"),
        task_feed_(tasks_.database(), bus_, hub_),
        rights_changed_(bus_.subscribe_prefix(std::string(accounts::kRightsChanged),
                                              [this](std::string_view topic, std::string_view) {
                                                hub_.doubt(topic.substr(accounts::kRightsChanged.size()));
                                              })),
        notified_(bus_.subscribe_prefix(
            std::string(accounts::kNotificationTopic),
            [this](std::string_view topic, std::string_view message) { hub_.publish(topic, std::string(message)); })),
        guard_(accounts::make_guard(tasks_.database(), tasks_.clock(), {config.allowed_origins})),
        endpoint_(endpoint) {
    add_routes(config);
    server_.emplace(server_options(config), router_, guard_, hub_, sockets(), tasks_.clock());
  }

  void start() override {
    tasks_.start();
    server_->start();
  }

  std::string address() const override { return fmt::format("http://{}:{}", endpoint_.address, server_->port()); }

  std::optional<std::string> offer_setup() override { return accounts::offer_setup(tasks_.accounts()); }

  void stop() override {
    server_->request_stop();
    server_->wait();
    tasks_.stop();
  }

 private:
  void add_routes(const Config& config) {
    const accounts::Context& accounts = tasks_.accounts();
    router_.add(accounts::session_routes(accounts));
    router_.add(accounts::setup_routes(accounts));
    router_.add(accounts::password_reset_routes(accounts, tasks_.queue(), tasks_.sealer(), tasks_.sends_mail()));
    router_.add(accounts::user_routes(accounts));
    router_.add(accounts::bulk_user_routes(accounts, tasks_.queue(), tasks_.sealer()));
    router_.add(accounts::setting_routes(accounts));
    router_.add(accounts::token_routes(accounts));
    router_.add(accounts::notification_routes(accounts));
    router_.add(accounts::webhook_routes(accounts, tasks_.sealer()));
    router_.add(audit::routes(tasks_.database()));
    add_exam_routes();
    const auto open_file = [this](const std::string& key) -> std::optional<UniqueFd> {
      if (!tasks_.blobs().exists(key)) return std::nullopt;
      return tasks_.blobs().open(key).fd;
    };
    router_.add(accounts::showing_passwords_once(jobs::routes(tasks_.database(), tasks_.queue(), open_file),
                                                 tasks_.database(), tasks_.sealer()));
    router_.add(operations_routes(tasks_.database(), tasks_.clock(), vital_signs_, tasks_.metrics(),
                                  {config.metrics_token, [this] { return gauges(); }}));
    router_.add(engine_routes(config, tasks_.clock()));
    router_.set_fallback(pages());
  }

  void add_exam_routes() {
    storage::Database& database = tasks_.database();
    storage::Blobs& blobs = tasks_.blobs();
    jobs::Queue& queue = tasks_.queue();
    const exams::ExamsApi exams{database,
                                blobs,
                                queue,
                                tasks_.uploads(),
                                source_check(),
                                copy_maker(tasks_.clock()),
                                copies::intake_report,
                                [&queue](storage::Transaction& transaction, const ExamId& exam) {
                                  queue.enqueue(transaction, copies::solve_task(exam));
                                }};
    router_.add(exams::exam_routes(exams));
    router_.add(exams::roster_routes(exams));
    router_.add(exams::intake_routes(exams));
    router_.add(exams::document_routes(exams));
    router_.add(exams::upload_routes(exams));
    router_.add(students::student_routes({database, blobs, queue, exams::finished_uploads(tasks_.uploads())}));
    const copies::CopiesApi copies{database, blobs, queue};
    router_.add(copies::copy_routes(copies));
    router_.add(copies::booklet_routes(copies));
    router_.add(copies::identification_routes(copies));
    router_.add(copies::identity_desk_routes(copies));
    router_.add(copies::dispatch_routes(copies));
    router_.add(copies::variant_routes(copies));
    router_.add(grading::routes({database, blobs, queue, tasks_.clock(), final_pdf_maker(queue)}));
    router_.add(publication::routes({database, blobs, queue}));
  }

  std::vector<http::SocketRoute> sockets() {
    std::vector<http::SocketRoute> sockets = task_feed_.sockets();
    http::SocketRoute processing;
    processing.pattern = "/ws/exams/{exam_id}/processing/";
    processing.rights = accounts::kAdmin | accounts::kTeacher;
    processing.topics = [this](http::Request& request) { return processing_topics(request); };
    processing.welcome = [this](http::Request& request) {
      const ExamId exam(std::string(request.path_parameter("exam_id")));
      const std::string state = tasks_.database().read(
          [&](storage::Transaction& transaction) { return copies::processing_state(transaction, exam); });
      return state.empty() ? std::vector<std::string>() : std::vector<std::string>{state};
    };
    sockets.push_back(processing_.watched(std::move(processing)));
    sockets.push_back(accounts::notification_socket());
    return sockets;
  }

  // Teachers hear of the exams that are theirs.
  Result<std::vector<std::string>> processing_topics(const http::Request& request) {
    const auto id = ExamId::parse(request.path_parameter("exam_id"));
    const auto exam = tasks_.database().read([&](storage::Transaction& transaction) -> Result<exams::Exam> {
      if (!id) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
      return exams::find_exam(transaction, *id);
    });
    if (!exam) return tl::unexpected(exam.error());
    const accounts::Caller& caller = accounts::caller_of(request);
    if (!caller.is_admin() && exam->created_by != caller.user)
      return refuse(ErrorKind::forbidden, "auth.forbidden", "You may not do this.");
    return std::vector<std::string>{copies::processing_topic(*id)};
  }

  Gauges gauges() {
    Gauges gauges;
    gauges.database_connections = tasks_.database().connections();
    gauges.http_connections = server_->connections();
    gauges.websockets = server_->websockets();
    gauges.waiting_requests = server_->waiting_requests();
    const auto figures = tasks_.figures();
    gauges.workers = figures.threads;
    gauges.busy_workers = figures.busy;
    return gauges;
  }

  http::ServerOptions server_options(const Config& config) {
    http::ServerOptions options;
    options.address = endpoint_.address;
    options.port = endpoint_.port;
    options.upload_folder = config.media() / "temp" / "uploads";
    options.trusted_proxies = config.trusted_proxies;
    options.security.tls_in_front = config.tls_in_front;
    options.security.allowed_origins = config.allowed_origins;
    options.translate = make_translate();
    options.is_passing = [](const std::exception& exception) {
      const auto* error = dynamic_cast<const storage::DatabaseError*>(&exception);
      if (!error) return false;
      const storage::Fault fault = error->fault();
      return fault == storage::Fault::lost || fault == storage::Fault::busy || fault == storage::Fault::full;
    };
    options.record = [this](const http::RequestRecord& record) {
      tasks_.metrics().count(record);
      tasks_.log().request(record);
    };
    return options;
  }

  Tasks tasks_;
  VitalSigns vital_signs_;
  events::Bus bus_;
  http::Hub hub_;
  BusToHub processing_;
  jobs::TaskFeed task_feed_;
  events::Bus::Subscription rights_changed_;
  events::Bus::Subscription notified_;
  http::Router router_;
  http::Guard guard_;
  Endpoint endpoint_;
  std::optional<http::Server> server_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::make(const Config& config, Part part) {
  const auto endpoint = endpoint_of(config.listen);
  if (!endpoint)
    return refuse(ErrorKind::invalid_input, "config.invalid",
                  fmt::format("\"{}\" is no address to listen on; write it as 127.0.0.1:8088.", config.listen));
  fs::create_directories(config.media() / "temp" / "uploads");
  try {
    if (part == Part::workers) return std::make_unique<WorkersOnly>(config);
    return std::make_unique<ServerAndWorkers>(config, *endpoint);
  } catch (const Refusal& refusal) {
    return tl::unexpected(refusal.error);
  }
}

}  // namespace korrigo::app

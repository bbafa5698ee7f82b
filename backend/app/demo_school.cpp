#include "app/demo_school.h"

#include <fmt/format.h>
#include <system_error>
#include <thread>

#include "accounts/secrets.h"
#include "accounts/setup.h"
#include "accounts/user.h"
#include "app/bindings.h"
#include "app/service.h"
#include "base/files.h"
#include "exams/correctors.h"
#include "exams/receive.h"
#include "storage/migrations.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;
using storage::Transaction;

tl::unexpected<Error> not_empty(const std::string& place) {
  return refuse(ErrorKind::invalid_input, "demo.not_empty",
                fmt::format("{} already holds something; a demo school needs an empty place.", place));
}

struct Staff {
  accounts::User user;
  std::string password;
};

Result<Staff> add_staff(const accounts::Context& accounts, accounts::NewUser user) {
  const std::string password = accounts::temporary_password();
  user.password = password;
  user.must_change_password = false;
  auto created = accounts::create_user(accounts, user, audit::Actor{});
  if (!created) return tl::unexpected(created.error());
  return Staff{std::move(created->user), password};
}

// What the school is made with, on a folder that is not yet anybody's.
class School {
 public:
  explicit School(const Config& config)
      : database_(storage::Database::open(config.database())), blobs_(config.media()), queue_(clock_) {}

  bool is_taken() { return database_->read(accounts::has_admin); }

  Result<void> add_staff() {
    const accounts::Context accounts{*database_, hasher_, clock_};
    auto admin = app::add_staff(accounts, {.username = "direction",
                                           .email = "direction@lycee.example.org",
                                           .first_name = "Claire",
                                           .last_name = "Fontaine",
                                           .role = accounts::Role::admin});
    if (!admin) return tl::unexpected(admin.error());
    auto teacher = app::add_staff(accounts, {.username = "professeur",
                                             .email = "professeur@lycee.example.org",
                                             .first_name = "Marc",
                                             .last_name = "Lefèvre",
                                             .role = accounts::Role::teacher});
    if (!teacher) return tl::unexpected(teacher.error());
    admin_ = std::move(*admin);
    teacher_ = std::move(*teacher);
    return {};
  }

  Result<void> take_in(const fs::path& batch) {
    const TempFolder arriving(blobs_.temporary("demo"));
    exams::BatchRequest request;
    request.name = "Bac blanc de mathématiques";
    request.subject = "Mathématiques";
    request.user = admin_.user.id;
    request.pdfs.push_back(copied(batch / "scan.pdf", arriving.path()));
    request.roster = copied(batch / "students.csv", arriving.path());
    const exams::SourceCheck check = source_check();
    const auto received = exams::receive_batch({*database_, blobs_, queue_, check}, request);
    if (!received) return tl::unexpected(received.error());
    exam_ = received->exam;
    task_ = received->task;
    return database_->write([&](Transaction& transaction) {
      return exams::set_correctors(transaction, exam_, {teacher_.user.id}, clock_.now());
    });
  }

  // The workers are somebody else's.
  Result<void> wait_until_read(const Cancel& cancel) {
    for (;;) {
      const auto task = database_->read([&](Transaction& transaction) { return queue_.find(transaction, task_); });
      if (!task || task->state == jobs::TaskState::success) return {};
      if (jobs::is_over(task->state))
        return refuse(ErrorKind::invalid_input, "demo.batch_failed",
                      task->error ? task->error->message : "The demo's batch was not read.");
      if (cancel.requested()) throw Cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  std::string accounts() {
    std::string text = fmt::format(
        "Admin    /login/staff    {:30}  {}\n"
        "Teacher  /login/staff    {:30}  {}\n",
        admin_.user.username, admin_.password, teacher_.user.username, teacher_.password);
    const auto roster = database_->read([&](Transaction& transaction) { return exams::roster_of(transaction, exam_); });
    for (const exams::RosterEntry& entry : roster) {
      if (!entry.copy || !entry.student.email) continue;
      return text + fmt::format("Student  /login/student  {:30}  born {}\n", *entry.student.email,
                                entry.student.date_naissance.french());
    }
    return text;
  }

 private:
  // Receiving moves its files; the batch stays where it is.
  static exams::IncomingFile copied(const fs::path& file, const fs::path& folder) {
    const fs::path copy = folder / file.filename();
    fs::copy_file(file, copy);
    return {copy, file.filename().string(), fs::file_size(copy)};
  }

  SystemClock clock_;
  std::unique_ptr<storage::Database> database_;
  storage::Blobs blobs_;
  jobs::Queue queue_;
  accounts::PasswordHasher hasher_;
  Staff admin_, teacher_;
  ExamId exam_;
  TaskId task_;
};

Result<void> fill(const Config& config, const fs::path& batch, const Cancel& cancel) {
  auto workers = Service::make(config, Service::Part::workers);
  if (!workers) return tl::unexpected(workers.error());
  School school(config);
  if (school.is_taken()) return not_empty("The database");
  if (auto added = school.add_staff(); !added) return added;
  if (auto taken = school.take_in(batch); !taken) return taken;
  (*workers)->start();
  auto read = school.wait_until_read(cancel);
  (*workers)->stop();
  if (!read) return read;
  const fs::path accounts = config.data / kDemoAccounts;
  write_file(accounts, school.accounts());
  fs::permissions(accounts, fs::perms::owner_read | fs::perms::owner_write);
  return {};
}

}  // namespace

Result<void> make_demo_school(const Config& config, const fs::path& batch, const Cancel& cancel) {
  std::error_code error;
  if (fs::exists(config.data, error) && !fs::is_empty(config.data, error)) return not_empty(config.data.string());
  StagedFolder staged(config.data);
  Config inside = config;
  inside.data = staged.work();
  if (auto filled = fill(inside, batch, cancel); !filled) return filled;
  staged.publish();
  return {};
}

}  // namespace korrigo::app

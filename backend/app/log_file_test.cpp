// The lines of the log, and what never stands in them.
#include "app/log_file.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "base/files.h"

namespace korrigo::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class Logs : public testing::Test {
 protected:
  boost::json::object only_line(const std::string& name) {
    return boost::json::parse(read_file(folder.path() / "logs" / name)).as_object();
  }

  TempFolder folder;
  ManualClock clock{UtcTime(std::chrono::milliseconds(1'800'000'000'123))};
  LogFile log{folder.path() / "logs", clock};
};

TEST_F(Logs, hold_a_request_as_one_json_object) {
  http::RequestRecord record;
  record.time = clock.now();
  record.method = "GET";
  record.route = "/api/exams/{exam_id}/";
  record.status = 200;
  record.duration = std::chrono::microseconds(1234);
  record.user_id = "7";
  record.request_id = "r-1";
  log.request(record);
  const auto line = only_line("api.log");
  EXPECT_EQ(line.at("timestamp"), "2027-01-15T08:00:00.123Z");
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("user_id"), "7");
  EXPECT_EQ(line.at("request_id"), "r-1");
  EXPECT_EQ(line.at("duration_ms"), 1.23);
  EXPECT_EQ(line.at("route"), "/api/exams/{exam_id}/");
}

TEST_F(Logs, keep_tasks_apart) {
  jobs::Task task;
  task.id = TaskId(make_uuid_v4());
  task.kind = "read_headers";
  log.turn({task, jobs::TaskState::failure, std::chrono::milliseconds(20), "out of memory"});
  const auto line = only_line("tasks.log");
  EXPECT_EQ(line.at("logger"), "jobs.read_headers");
  EXPECT_EQ(line.at("level"), "error");
  EXPECT_EQ(line.at("message"), "out of memory");
  EXPECT_EQ(line.at("task_id").as_string(), task.id.text());
  EXPECT_TRUE(line.at("user_id").is_null());
}

TEST_F(Logs, stay_on_one_line_whatever_is_said) {
  log.write({.logger = "http", .message = "one\ntwo \"three\" {4}"});
  EXPECT_EQ(only_line("api.log").at("message"), "one\ntwo \"three\" {4}");
}

TEST_F(Logs, are_readable_to_their_owner_alone) {
  const auto rights = std::filesystem::status(folder.path() / "logs").permissions();
  EXPECT_EQ(rights, std::filesystem::perms::owner_all);
}

TEST_F(Logs, make_room_before_they_grow_large) {
  LogFile small(folder.path() / "small", clock, 2000);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 100; ++i) small.write({.logger = "http", .message = std::string(500, '.')});
  testing::internal::GetCapturedStderr();
  std::uintmax_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "small")) {
    files += entry.path().filename().string().starts_with("api");
    EXPECT_LE(entry.file_size(), 2000U);
  }
  EXPECT_EQ(files, 5U);
}

TEST(Scrubbing, takes_out_what_is_somebodys) {
  EXPECT_EQ(scrubbed("no account for jean.dupont@lycee.fr here"), "no account for [address] here");
  EXPECT_EQ(scrubbed("DETAIL: Key (email, name)=(a@b.fr, Zoé) already exists."),
            "DETAIL: Key (email, name)=(...) already exists.");
  const std::string token(64, 'a');
  EXPECT_THAT(scrubbed("krg_" + token), Not(HasSubstr(token)));
}

TEST(Scrubbing, leaves_what_is_needed_to_find_a_fault) {
  const std::string text = "exam 0192aaaa-bbbb-7ccc-8ddd-eeeeffff0000: page 3 of 40 @ 300 dpi, é";
  EXPECT_EQ(scrubbed(text), text);
}

}  // namespace
}  // namespace korrigo::app

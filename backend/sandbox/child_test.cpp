#include "sandbox/child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>

#include "sandbox/program.h"
#include "sandbox/wire.h"

namespace korrigo::sandbox {
namespace {

// Does what the first word of the request says.
class Obedient : public Service {
 public:
  Message answer(Message request) override {
    WireReader reader(request.bytes);
    const std::string word = reader.text();
    WireWriter writer;
    if (word == "echo") writer.put(reader.text());
    if (word == "crash") std::abort();
    if (word == "hang")
      for (;;) ::usleep(1000);
    if (word == "spin")
      for (volatile int on = 1; on != 0;) {
      }
    if (word == "grow")
      for (std::vector<std::vector<char>> all;;) all.emplace_back(std::size_t{64} << 20, 'x');
    if (word == "socket") writer.put(::socket(AF_INET, SOCK_STREAM, 0) < 0 ? "refused" : "allowed");
    if (word == "open") writer.put(::open("/etc/passwd", O_RDONLY) < 0 ? "refused" : "allowed");
    if (word == "fork") writer.put(::fork() < 0 ? "refused" : "allowed");
    if (word == "environment") writer.put(std::getenv("HOME") == nullptr ? "empty" : "leaks");
    if (word == "write") {
      const auto done = ::write(request.fds.at(0).get(), "child", 5);
      writer.put(done == 5 ? "written" : "failed");
    }
    return {writer.take(), {}};
  }
};

const Registration registration("obedient", []() -> std::unique_ptr<Service> { return std::make_unique<Obedient>(); });

Message request(std::string_view word, std::string_view more = {}) {
  WireWriter writer;
  writer.put(word);
  writer.put(more);
  return {writer.take(), {}};
}

std::string text_of(const Result<Message>& answer) {
  if (!answer) return answer.error().code;
  return WireReader(answer->bytes).text();
}

Limits short_limits() {
  Limits limits;
  limits.wall = std::chrono::milliseconds(500);
  limits.cpu = std::chrono::seconds(1);
  limits.memory_bytes = std::size_t{256} << 20;
  return limits;
}

TEST(Child, answers_large_messages) {
  Child child("obedient", {});
  const auto large = std::string().append(20'000'000, 'k');
  EXPECT_EQ(text_of(child.call(request("echo", large))), large);
  EXPECT_EQ(text_of(child.call(request("echo", "again"))), "again");
}

TEST(Child, has_no_rights) {
  Child child("obedient", {});
  EXPECT_EQ(text_of(child.call(request("socket"))), "refused");
  EXPECT_EQ(text_of(child.call(request("open"))), "refused");
  EXPECT_EQ(text_of(child.call(request("fork"))), "refused");
  EXPECT_EQ(text_of(child.call(request("environment"))), "empty");
}

TEST(Child, writes_through_a_descriptor_it_is_given) {
  Child child("obedient", {});
  const TempFolder folder;
  Message message = request("write");
  message.fds.emplace_back(::open((folder.path() / "out").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  EXPECT_EQ(text_of(child.call(message)), "written");
  EXPECT_EQ(read_file(folder.path() / "out"), "child");
}

// Libraries open descriptors that are not close-on-exec; a client's connection would outlive its closing in a child.
TEST(Child, holds_no_descriptor_of_its_parent) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  Child child("obedient", {});
  EXPECT_EQ(text_of(child.call(request("echo", "x"))), "x");
  write_end.reset();
  ASSERT_EQ(::fcntl(read_end.get(), F_SETFL, O_NONBLOCK), 0);
  char byte = 0;
  EXPECT_EQ(::read(read_end.get(), &byte, 1), 0);
}

TEST(Child, crash_is_a_refusal) {
  Child child("obedient", {});
  EXPECT_EQ(text_of(child.call(request("crash"))), "sandbox.crashed");
  EXPECT_FALSE(child.alive());
  EXPECT_EQ(text_of(child.call(request("echo", "x"))), "sandbox.crashed");
}

TEST(Child, is_stopped_by_the_clock) {
  Child child("obedient", short_limits());
  EXPECT_EQ(text_of(child.call(request("hang"))), "sandbox.time");
}

TEST(Child, is_stopped_by_its_processor_time) {
  Limits limits = short_limits();
  limits.wall = std::chrono::seconds(20);
  Child child("obedient", limits);
  EXPECT_EQ(text_of(child.call(request("spin"))), "sandbox.time");
}

#ifndef KORRIGO_SANITIZED
TEST(Child, cannot_grow_beyond_its_memory) {
  Child child("obedient", short_limits());
  EXPECT_EQ(text_of(child.call(request("grow"))), "sandbox.memory");
}
#endif

TEST(Child, leaves_no_process_behind) {
  { Child child("obedient", {}); }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(RunProgram, returns_what_it_wrote) {
  const auto output = run_program({"sh", "-c", "printf hello; printf oops >&2"}, -1, {}, 100);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(output->standard_output.data()), output->standard_output.size()),
            "hello");
  EXPECT_EQ(output->standard_error, "oops");
}

TEST(RunProgram, refuses_what_goes_wrong) {
  EXPECT_EQ(run_program({"no-such-program-here"}, -1, {}, 100).error().code, "program.missing");
  EXPECT_EQ(run_program({"sh", "-c", "exit 3"}, -1, {}, 100).error().code, "program.failed");
  EXPECT_EQ(run_program({"sh", "-c", "head -c 1000 /dev/zero"}, -1, {}, 100).error().code, "program.output");
  EXPECT_EQ(run_program({"sleep", "60"}, -1, short_limits(), 100).error().code, "sandbox.time");
}

}  // namespace
}  // namespace korrigo::sandbox

#include "sandbox/line_program.h"

#include <gtest/gtest.h>
#include <filesystem>
#include <thread>

#include "base/files.h"

namespace korrigo::sandbox {
namespace {

constexpr std::size_t kLongest = 100'000;

std::string answer_to(LineProgram& program, std::string_view line, int milliseconds = 5000) {
  auto answer = program.exchange(line, std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds));
  return answer ? *answer : answer.error().code;
}

LineProgram shell(const std::string& script, const Limits& limits = {}) {
  return LineProgram({"sh", "-c", script}, limits, kLongest);
}

TEST(LineProgram, answers_line_by_line) {
  LineProgram echo = shell("while read -r line; do echo \"<$line>\"; done");
  EXPECT_EQ(answer_to(echo, "one"), "<one>");
  EXPECT_EQ(answer_to(echo, "two"), "<two>");
  EXPECT_TRUE(echo.alive());
}

TEST(LineProgram, takes_more_than_a_pipe_holds_while_it_answers_and_complains) {
  LineProgram busy = shell("while read -r line; do head -c 300000 /dev/zero >&2; echo ${#line}; done");
  EXPECT_EQ(answer_to(busy, std::string(500'000, 'k')), "500000");
}

TEST(LineProgram, that_hangs_is_ended) {
  LineProgram hanging = shell("read -r line; sleep 60");
  EXPECT_EQ(answer_to(hanging, "x", 100), "sandbox.time");
  EXPECT_FALSE(hanging.alive());
  EXPECT_EQ(answer_to(hanging, "x"), "sandbox.crashed");
}

TEST(LineProgram, that_takes_nothing_is_ended) {
  LineProgram deaf = shell("sleep 60");
  EXPECT_EQ(answer_to(deaf, std::string(5'000'000, 'k'), 100), "sandbox.time");
}

TEST(LineProgram, that_ends_says_how) {
  LineProgram failing = shell("echo 'no such model' >&2; exit 3");
  const auto refused = failing.exchange("x", std::chrono::steady_clock::now() + std::chrono::seconds(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "program.failed");
  EXPECT_EQ(refused.error().detail, "no such model\n");
  LineProgram killed = shell("kill -SEGV $$");
  EXPECT_EQ(answer_to(killed, "x"), "sandbox.crashed");
  LineProgram missing({"no-such-program-here"}, {}, kLongest);
  EXPECT_EQ(answer_to(missing, "x"), "program.missing");
}

TEST(LineProgram, that_floods_is_ended) {
  LineProgram flooding = shell("read -r line; yes | tr -d '\\n'");
  EXPECT_EQ(answer_to(flooding, "x"), "program.output");
  EXPECT_FALSE(flooding.alive());
}

TEST(LineProgram, is_stopped_by_its_processor_time) {
  Limits limits;
  limits.cpu = std::chrono::seconds(1);
  LineProgram spinning = shell("read -r line; while :; do :; done", limits);
  EXPECT_EQ(answer_to(spinning, "x", 20'000), "sandbox.time");
}

#ifndef KORRIGO_SANITIZED
TEST(LineProgram, cannot_grow_beyond_its_memory) {
  Limits limits;
  limits.memory_bytes = std::size_t{64} << 20;
  LineProgram growing =
      shell("read -r line; tail -c 200000000 /dev/zero | tail -c 100000000 >/dev/null || echo full", limits);
  EXPECT_EQ(answer_to(growing, "x"), "full");
}
#endif

TEST(LineProgram, knows_nothing_of_our_environment) {
  ::setenv("KORRIGO_SECRET", "x", 1);
  LineProgram curious = shell("read -r line; echo \"${KORRIGO_SECRET:-none}\"");
  EXPECT_EQ(answer_to(curious, "x"), "none");
}

TEST(LineProgram, leaves_nothing_behind) {
  std::string child;
  {
    LineProgram parent = shell("sleep 60 & read -r line; echo $!; wait");
    child = answer_to(parent, "x");
  }
  // Gone, or dead and waiting for whoever inherits it.
  const std::filesystem::path status = "/proc/" + child + "/status";
  std::string text;
  for (int tries = 0; tries < 200 && std::filesystem::exists(status); ++tries) {
    text = read_file(status);
    if (text.find("State:\tZ") != std::string::npos) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(std::filesystem::exists(status)) << text;
}

}  // namespace
}  // namespace korrigo::sandbox

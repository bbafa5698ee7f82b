#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>

namespace korrigo::app {
namespace {

std::string_view described(std::string_view stage) {
  if (stage == "sides") return "Looking at the sides";
  if (stage == "headers") return "Reading the headers";
  if (stage == "write") return "Writing the copies";
  return stage;
}

}  // namespace

ProgressBar::ProgressBar() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  finish();
}

void ProgressBar::show(std::string_view stage, std::size_t done, std::size_t total) {
  if (stage != stage_) {
    finish();
    stage_ = stage;
    last_step_ = -1;
  }
  const int steps = terminal_ ? 100 : 4;
  const int step = total == 0 ? steps : static_cast<int>(done * static_cast<std::size_t>(steps) / total);
  if (step == last_step_) return;
  last_step_ = step;
  if (!terminal_) {
    fmt::print(stderr, "{}: {} of {}\n", described(stage), done, total);
    return;
  }
  constexpr int kWidth = 30;
  const int filled = step * kWidth / steps;
  fmt::print(stderr, "\r{:<22} [{:=<{}}{: <{}}] {} / {} ", described(stage), "", filled, "", kWidth - filled, done,
             total);
  std::fflush(stderr);
  open_ = true;
}

void ProgressBar::finish() {
  if (open_) std::fputc('\n', stderr);
  open_ = false;
}

}  // namespace korrigo::app

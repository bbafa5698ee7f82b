#include "jobs/task.h"

#include <array>

namespace korrigo::jobs {
namespace {

constexpr std::array<std::string_view, 8> kStates = {"PENDING", "STARTED", "PROGRESS", "RETRY",
                                                     "PAUSED",  "SUCCESS", "FAILURE",  "REVOKED"};
constexpr std::array<std::string_view, 4> kPriorities = {"CRITICAL", "HIGH", "MEDIUM", "LOW"};
constexpr std::array<std::chrono::minutes, 4> kHandicaps = {std::chrono::minutes{0}, std::chrono::minutes{10},
                                                            std::chrono::minutes{30}, std::chrono::minutes{120}};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(TaskState state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::optional<TaskState> state_named(std::string_view name) {
  return named<TaskState>(kStates, name);
}

std::string_view name_of(Priority priority) {
  return kPriorities[static_cast<std::size_t>(priority)];
}

std::optional<Priority> priority_named(std::string_view name) {
  return named<Priority>(kPriorities, name);
}

std::chrono::minutes handicap(Priority priority) {
  return kHandicaps[static_cast<std::size_t>(priority)];
}

}  // namespace korrigo::jobs

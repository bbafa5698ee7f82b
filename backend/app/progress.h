/// Progress for people: a bar that redraws itself on a terminal, plain lines otherwise. Writes to standard error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace korrigo::app {

class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  /// Stages follow one another; done rises to total. Not thread-safe.
  void show(std::string_view stage, std::size_t done, std::size_t total);
  /// Ends the line of a bar, so that other text can follow.
  void finish();

 private:
  bool terminal_;
  bool open_ = false;
  std::string stage_;
  int last_step_ = -1;
};

}  // namespace korrigo::app

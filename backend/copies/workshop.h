/// What is costly to make and worth keeping while a batch is under way: open sources and warm engines.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ocr/tesseract.h"
#include "pdf/source_reader.h"

namespace korrigo::copies {

/// Lent to one thread at a time, and given back on destruction.
template <class Tool>
class Lent {
 public:
  Lent(std::unique_ptr<Tool> tool, std::function<void(std::unique_ptr<Tool>)> back)
      : tool_(std::move(tool)), back_(std::move(back)) {}
  Lent(Lent&&) noexcept = default;
  Lent& operator=(Lent&&) = delete;
  ~Lent() {
    if (tool_) back_(std::move(tool_));
  }
  Tool& operator*() const { return *tool_; }
  Tool* operator->() const { return tool_.get(); }

 private:
  std::unique_ptr<Tool> tool_;
  std::function<void(std::unique_ptr<Tool>)> back_;
};

/// What a workshop keeps of the tools that nobody has borrowed. A reader is a child process of some 3 MB, an engine
/// some 30 MB.
struct Keeping {
  std::size_t most = 8;  // of each kind; beyond it, what has lain longest goes
  std::chrono::milliseconds idle = std::chrono::minutes(1);
};

/// One per process; any thread may borrow. Must outlive what it lends.
class Workshop {
 public:
  explicit Workshop(Keeping keeping = {}, int max_pages = 500);

  /// Refuses as SourceReader::open.
  Result<Lent<pdf::SourceReader>> reader(const std::vector<std::filesystem::path>& sources);
  /// Refuses as Tesseract::make.
  Result<Lent<ocr::Tesseract>> engine();

 private:
  using Sources = std::vector<std::filesystem::path>;
  using Time = std::chrono::steady_clock::time_point;
  template <class Tool>
  struct Idle {
    Sources sources;  // of an engine: none
    std::unique_ptr<Tool> tool;
    Time since;
  };
  template <class Tool>
  using Shelf = std::vector<Idle<Tool>>;  // who came last is last

  template <class Tool>
  std::unique_ptr<Tool> take(Shelf<Tool>& shelf, const Sources& sources);
  template <class Tool>
  Lent<Tool> lend(std::unique_ptr<Tool> tool, Shelf<Tool>& shelf, Sources sources);
  template <class Tool>
  Shelf<Tool> take_older(Shelf<Tool>& shelf, Time than);
  void tidy(const std::stop_token& stop);

  Keeping keeping_;
  int max_pages_;
  std::mutex mutex_;  // of both shelves
  std::condition_variable_any given_back_;
  Shelf<pdf::SourceReader> readers_;
  Shelf<ocr::Tesseract> engines_;
  std::jthread tidying_;
};

}  // namespace korrigo::copies

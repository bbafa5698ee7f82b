#include "copies/workshop.h"

#include <malloc.h>
#include <algorithm>

namespace korrigo::copies {

Workshop::Workshop(Keeping keeping, int max_pages)
    : keeping_(keeping), max_pages_(max_pages), tidying_([this](const std::stop_token& stop) { tidy(stop); }) {}

template <class Tool>
std::unique_ptr<Tool> Workshop::take(Shelf<Tool>& shelf, const Sources& sources) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(shelf.rbegin(), shelf.rend(), [&](const auto& one) { return one.sources == sources; });
  if (found == shelf.rend()) return nullptr;
  std::unique_ptr<Tool> tool = std::move(found->tool);
  shelf.erase(std::next(found).base());
  return tool;
}

template <class Tool>
Lent<Tool> Workshop::lend(std::unique_ptr<Tool> tool, Shelf<Tool>& shelf, Sources sources) {
  return Lent<Tool>(std::move(tool), [this, &shelf, sources = std::move(sources)](std::unique_ptr<Tool> back) {
    std::unique_ptr<Tool> surplus;  // ends outside the lock: a child is waited for
    const std::lock_guard lock(mutex_);
    shelf.push_back({sources, std::move(back), std::chrono::steady_clock::now()});
    if (shelf.size() > keeping_.most) {
      surplus = std::move(shelf.front().tool);
      shelf.erase(shelf.begin());
    }
    given_back_.notify_one();
  });
}

template <class Tool>
Workshop::Shelf<Tool> Workshop::take_older(Shelf<Tool>& shelf, Time than) {
  const auto fresh = std::find_if(shelf.begin(), shelf.end(), [&](const auto& one) { return one.since > than; });
  Shelf<Tool> older(std::move_iterator(shelf.begin()), std::move_iterator(fresh));
  shelf.erase(shelf.begin(), fresh);
  return older;
}

Result<Lent<pdf::SourceReader>> Workshop::reader(const Sources& sources) {
  std::unique_ptr<pdf::SourceReader> reader = take(readers_, sources);
  if (!reader) {
    pdf::ReadLimits limits;
    limits.max_pages = max_pages_;
    auto opened = pdf::SourceReader::open(sources, limits);
    if (!opened) return tl::unexpected(opened.error());
    reader = std::make_unique<pdf::SourceReader>(std::move(*opened));
  }
  return lend(std::move(reader), readers_, sources);
}

Result<Lent<ocr::Tesseract>> Workshop::engine() {
  std::unique_ptr<ocr::Tesseract> engine = take(engines_, {});
  if (!engine) {
    auto made = ocr::Tesseract::make();
    if (!made) return tl::unexpected(made.error());
    engine = std::make_unique<ocr::Tesseract>(std::move(*made));
  }
  return lend(std::move(engine), engines_, {});
}

void Workshop::tidy(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Time than = std::chrono::steady_clock::now() - keeping_.idle;
    bool gone = false;
    {
      const auto readers = take_older(readers_, than);
      const auto engines = take_older(engines_, than);
      lock.unlock();
      gone = !readers.empty() || !engines.empty();
    }
    if (gone) ::malloc_trim(0);  // an engine's memory would stay with this process
    lock.lock();
    const auto nothing = [&] { return readers_.empty() && engines_.empty(); };
    if (nothing()) given_back_.wait(lock, stop, [&] { return !nothing(); });
    const Time now = std::chrono::steady_clock::now();
    Time next = now;
    if (!readers_.empty()) next = std::min(next, readers_.front().since);
    if (!engines_.empty()) next = std::min(next, engines_.front().since);
    given_back_.wait_until(lock, stop, next + keeping_.idle, [] { return false; });
  }
}

}  // namespace korrigo::copies

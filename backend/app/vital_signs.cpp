#include "app/vital_signs.h"

#include <system_error>

#include "base/files.h"

namespace korrigo::app {
namespace {

constexpr storage::Statement kPing{"vital_signs.ping", "SELECT 1"};

}  // namespace

VitalSigns::VitalSigns(storage::Database& database, std::filesystem::path media, std::chrono::milliseconds limit)
    : database_(database), media_(std::move(media)), limit_(limit), thread_([this] { run(); }) {}

VitalSigns::~VitalSigns() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

VitalSigns::Found VitalSigns::look() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = begun_ + 1;  // one that began before may have seen what is past
  wanted_ = std::max(wanted_, mine);
  changed_.notify_all();
  changed_.wait_for(lock, limit_, [&] { return done_ >= mine; });
  if (done_ >= mine) return found_;
  return begun_ >= mine ? found_ : Found{};
}

void VitalSigns::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || wanted_ > begun_; });
    if (stopping_) return;
    ++begun_;
    found_ = {};
    lock.unlock();
    const bool database = database_answers();
    lock.lock();
    found_.database = database;
    lock.unlock();
    const bool media = media_can_be_written();
    lock.lock();
    found_.media = media;
    done_ = begun_;
    changed_.notify_all();
  }
}

bool VitalSigns::database_answers() {
  try {
    return database_.read([](storage::Transaction& transaction) { return transaction.row(kPing).has_value(); });
  } catch (const storage::DatabaseError&) {
    return false;
  }
}

bool VitalSigns::media_can_be_written() {
  try {
    const TempFolder folder(media_);
    write_staged(folder.path() / "probe", std::as_bytes(std::span("korrigo")));
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace korrigo::app

/// Whether what the service stands on answers: database and media folder.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <thread>

#include "storage/database.h"

namespace korrigo::app {

/// Looks on a thread of its own, so that a database or a network folder that hangs costs those who ask no more than
/// `limit`. Any thread may ask; those who ask while it looks are answered by the next look together.
class VitalSigns {
 public:
  VitalSigns(storage::Database& database, std::filesystem::path media,
             std::chrono::milliseconds limit = std::chrono::seconds(2));
  /// Waits for a look in progress.
  ~VitalSigns();
  VitalSigns(const VitalSigns&) = delete;
  VitalSigns& operator=(const VitalSigns&) = delete;

  struct Found {
    bool database = false;  // a statement was answered
    bool media = false;     // a file could be written and removed
  };
  /// What has not answered within the limit is false.
  Found look();

 private:
  void run();
  bool database_answers();
  bool media_can_be_written();

  storage::Database& database_;
  const std::filesystem::path media_;
  const std::chrono::milliseconds limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wanted_ = 0;  // numbers of looks
  std::uint64_t begun_ = 0;
  std::uint64_t done_ = 0;
  Found found_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace korrigo::app

/// Strips of a whole batch, on disk: they are needed twice and would be the one thing that grows with the batch.
#pragma once

#include <sys/types.h>
#include <mutex>

#include "base/files.h"
#include "imaging/gray_image.h"

namespace korrigo::scans {

/// An unnamed temporary file. Thread-safe. Throws std::system_error.
class StripFile {
 public:
  StripFile();

  struct Slot {
    off_t offset = 0;
    int width = 0, height = 0;
  };
  Slot put(const imaging::GrayImage& image);
  imaging::GrayImage get(const Slot& slot) const;

 private:
  UniqueFd fd_;
  std::mutex mutex_;
  off_t end_ = 0;
};

}  // namespace korrigo::scans

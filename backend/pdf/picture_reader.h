/// Picture files (JPEG, PNG) read in a sandboxed child, as sources are.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "imaging/gray_image.h"
#include "sandbox/child.h"

namespace korrigo::pdf {

/// Not thread-safe; one per worker. The child starts with the first read, and again after a crash.
class PictureReader {
 public:
  /// Refuses, naming the file, malformed "picture.damaged", too_large "picture.too_large", not_found "picture.missing".
  Result<imaging::GrayImage> read(const std::filesystem::path& path);

 private:
  std::optional<sandbox::Child> child_;
};

}  // namespace korrigo::pdf

/// A PDF written page by page, as scanners do.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "samples/encoders.h"

namespace korrigo::samples {

/// Every page is one picture. Throws std::system_error when the disk refuses.
class ScanPdf {
 public:
  explicit ScanPdf(const std::filesystem::path& path);
  void add_page(const ImageStream& stream, int width, int height, double width_mm, double height_mm);
  /// Page tree, cross references, trailer.
  void finish();

 private:
  void write(std::string_view text);
  /// Notes where object `number` begins.
  void begin(std::size_t number);

  std::filesystem::path path_;
  UniqueFd file_;
  std::size_t written_ = 0;
  std::vector<std::size_t> offsets_;  // by object number, from 1
  std::size_t pages_ = 0;
};

}  // namespace korrigo::samples

/// What a scan leaves on disk for each copy: its PDF, the masked PDF, previews, and header pictures for the report.
#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "app/scan_run.h"

namespace korrigo::app {

/// Header pictures at half size, kept as they are read and named for their copy once that has an id: headers/A001.jpg,
/// headers/A001-2.jpg.
class HeaderPictures {
 public:
  /// Throws std::system_error when the folder cannot be made.
  explicit HeaderPictures(const std::filesystem::path& out);
  /// Thread-safe.
  void keep(const identification::BatchHeader& header, const imaging::GrayImage& picture);
  void rename_for(const ScanResult& result) const;

 private:
  std::filesystem::path folder_;
};

/// headers/A001.jpg, relative to the output folder; `number` counts the copy's headers from 0.
std::string header_picture_name(const ScannedCopy& copy, std::size_t number);
/// faces/A001-1.jpg; `face` counts from 0.
std::string preview_name(const ScannedCopy& copy, std::size_t face);

/// Writes copies/, masked/ and faces/ of all copies. A face that cannot be written moves from its copy to
/// batch.unplaced with the reason.
void write_copies(const std::vector<pdf::SourceReader*>& readers, ScanResult& result, const std::filesystem::path& out,
                  bool previews, const Cancel& cancel, const ScanProgress& progress);

}  // namespace korrigo::app

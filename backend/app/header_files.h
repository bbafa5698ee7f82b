/// Pictures of headers in a folder, read without the scans that they come from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "base/result.h"
#include "identification/decision.h"
#include "ocr/external_engines.h"

namespace korrigo::app {

struct HeaderFilesOptions {
  std::filesystem::path folder;  // of JPEG and PNG pictures at 300 dpi
  /// The pictures are the headers of one exam in stack order: their printed form is learned from them. Otherwise each
  /// is understood by itself.
  bool stack = false;
  /// When not empty: what was read is kept in this file, and what it holds already is not read again.
  std::filesystem::path kept;
  int jobs = 0;                             // threads; 0: one for each core
  ocr::ExternalEngines* further = nullptr;  // asked about the pictures in doubt
};

struct HeaderFile {
  std::string name;
  identification::CopyEvidence evidence;
  std::string problem;  // why nothing was read; else empty
};

/// In the order of the names. Refuses invalid_input "headers.empty" and as ocr::Tesseract::make. Throws Cancelled.
Result<std::vector<HeaderFile>> read_header_files(const HeaderFilesOptions& options, const Cancel& cancel);

/// The pictures at these indices are read once more, with the further engines.
Result<void> look_again_at_files(const HeaderFilesOptions& options, const std::vector<std::size_t>& doubtful,
                                 std::vector<HeaderFile>& files, const Cancel& cancel);

}  // namespace korrigo::app

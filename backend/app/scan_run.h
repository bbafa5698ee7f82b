/// The main job without a server: sources and a roster in, identified copies and a report out.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "base/result.h"
#include "copies/scanned_copy.h"
#include "identification/header_reading.h"
#include "scans/intake.h"
#include "students/roster.h"

namespace korrigo::app {

struct ScanOptions {
  std::vector<std::filesystem::path> sources;
  std::filesystem::path roster;
  std::filesystem::path out;  // must not exist or be empty; appears whole or not at all
  scans::ArrangeOptions arrange;
  scans::SurveyOptions survey;
  identification::Thresholds thresholds;
  int max_pages = 500;
  int jobs = 0;  // 0: one for each core
  bool previews = true;
  ocr::ExternalEngines* engines = nullptr;  // asked about the copies in doubt
};

using copies::ScannedCopy;

struct ScanSource {
  std::string file;  // its name, without folders
  std::string sha256;
  int sides = 0;
};

struct ScanResult {
  std::vector<ScanSource> sources;
  scans::Batch batch;
  identification::HeaderReadings headings;
  students::Roster roster;
  std::vector<ScannedCopy> copies;         // by anonymous_id
  std::vector<std::size_t> absent;         // roster indices without copy
  std::vector<ocr::EngineRecord> engines;  // of the external engines, when there are any
  std::map<std::string, double> timings;   // seconds: sides, headers, identify, write, total

  /// A copy without owner, a face without copy, or a warning: somebody has to look.
  bool needs_a_person() const;
};

/// stage is "sides", "headers" or "write".
using ScanProgress = std::function<void(std::string_view stage, std::size_t done, std::size_t total)>;

/// Does everything and publishes options.out. Refuses bad sources and rosters, and invalid_input "out.exists" for a
/// folder that holds something; throws Cancelled, and std::system_error when the disk refuses. After a refusal or an
/// exception nothing is left at options.out.
Result<ScanResult> scan(const ScanOptions& options, const Cancel& cancel, const ScanProgress& progress);

}  // namespace korrigo::app

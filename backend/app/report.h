/// The two reports of a scan: JSON for programs, one HTML page for people.
#pragma once

#include <string>

#include "app/scan_run.h"

namespace korrigo::app {

/// Version 1 of docs/formats/scan-report.md.
std::string report_json(const ScanResult& result);

/// Opens without a network: its style is inside, its pictures are the files beside it.
std::string report_html(const ScanResult& result);

}  // namespace korrigo::app

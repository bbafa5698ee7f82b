/// From booklets with their read headers to copies with an owner: sheets of one student joined, the whole class
/// assigned at once.
#pragma once

#include <string>
#include <vector>

#include "identification/decision.h"
#include "identification/header_reading.h"
#include "scans/batch.h"
#include "students/roster.h"

namespace korrigo::copies {

/// One student's booklets, or one booklet nobody was found for.
struct ScannedCopy {
  std::string anonymous_id;           // A001 ..., in shuffled order
  std::vector<std::size_t> booklets;  // indices into Batch::booklets
  std::vector<scans::Face> faces;     // in reading order
  std::vector<std::size_t> headers;   // indices into the headers it was made from
  identification::Decision decision;
  std::vector<std::string> warnings;
};

/// In the order of the scan; anonymous ids are numbered from first_number. Booklets next to one another become one copy
/// when their headers surely name one student.
std::vector<ScannedCopy> make_copies(const scans::Batch& batch, const std::vector<identification::BatchHeader>& headers,
                                     const students::Roster& roster, const identification::Thresholds& thresholds = {},
                                     std::size_t first_number = 1);

/// `count` different ids "A001" ... in random order (libsodium), numbered from `first`.
std::vector<std::string> shuffled_anonymous_ids(std::size_t count, std::size_t first = 1);

}  // namespace korrigo::copies

/// A student's right to be forgotten, and to know what is kept.
#pragma once

#include <vector>

#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

struct Erasure {
  std::int64_t copies = 0;             // that are nobody's from now on; their marks stay, for the exam's figures
  std::vector<SourceId> kept_sources;  // scans that still show the student among others
};

/// The student goes, with account, places on rosters, readings of headers, header pictures, PDFs and pictures that
/// show the name, and proposals that name the student; files of rosters that may hold the name go as well. Copies keep
/// their masked files. Audit and history hold ids only and stay. Refuses with not_found "student.not_found", conflict
/// "student.copy_locked" while somebody marks one of the copies.
Result<Erasure> erase_student(const Office& office, StudentId student);

}  // namespace korrigo::copies

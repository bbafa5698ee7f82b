/// Taking back steps of stapling and identification, one by one, each by who took it.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

struct Undone {
  std::string action;               // "split", "merge", "arrange", "delete", "identify", "unidentify", "quarantine"
  std::vector<BookletId> booklets;  // that changed and exist now
  std::vector<CopyId> copies;
};
/// The caller's last step in the exam that was not taken back yet. Refuses with not_found "exam.not_found", conflict
/// "undo.nothing", "undo.built_upon" (what the step left is no longer as it left it), "exam.busy".
Result<Undone> undo_last_step(const Office& office, const ExamId& exam);

}  // namespace korrigo::copies

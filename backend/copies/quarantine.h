/// Copies put aside: whose they are, or whether their pages are right, is in doubt.
#pragma once

#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

/// STAGING -> QUARANTINE; `reason` stays with the copy until it leaves. It can be taken back (undo.h). Refuses as
/// take_step().
Result<void> quarantine_copy(const Office& office, const CopyId& copy, const std::string& reason);
/// QUARANTINE -> STAGING, or READY when it is `valid`. Refuses as take_step().
Result<void> restore_copy(const Office& office, const CopyId& copy, bool valid);

}  // namespace korrigo::copies

/// Whether files that came in can be taken, before anything is written.
#pragma once

#include <span>

#include "exams/receive.h"

namespace korrigo::exams {

/// Pages of the PDF, or why it is refused, as receive.h lists it.
Result<int> check_pdf(const Intake&, const IncomingFile&);

/// check_pdf() of each, in order. Refuses with malformed "source.missing" (none at all) or "source.too_many_files".
Result<std::vector<Result<int>>> check_each(const Intake&, std::span<const IncomingFile>);

/// Pages of each, or the error of the first that is refused; `faults` gets one for each refused file. Refuses as
/// check_each() too.
Result<std::vector<int>> check_pdfs(const Intake&, std::span<const IncomingFile>, Faults* faults);

/// The roster of the file. Refuses with too_large "roster.too_large", invalid_input "roster.invalid".
Result<students::Roster> check_roster(const Intake&, const IncomingFile&, Faults* faults);

}  // namespace korrigo::exams

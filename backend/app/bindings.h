/// Where one module's operations need another that they may not know: bound here.
#pragma once

#include "accounts/context.h"
#include "accounts/mailing.h"
#include "accounts/sealing.h"
#include "app/config.h"
#include "exams/receive.h"
#include "grading/finalise.h"
#include "jobs/queue.h"
#include "students/import.h"

namespace korrigo::app {

/// Opens the PDF in its sandbox child.
exams::SourceCheck source_check();

/// A copy for a PDF that is one copy.
exams::CopyMaker copy_maker(const Clock& clock);

/// The task that makes the final PDF of a copy just finalised.
grading::Finalised final_pdf_maker(jobs::Queue& queue);

/// How mails leave; nothing without smtp_url. Refuses invalid_input "config.invalid".
Result<std::optional<accounts::Mailing>> mailing_of(const Config& config);

/// Students' accounts; what is referred to outlives it.
students::Accounts student_accounts(const accounts::Context& context, const accounts::Sealer& sealer);

}  // namespace korrigo::app

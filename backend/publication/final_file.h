/// Who gets which final PDF.
#pragma once

#include <optional>
#include <string>

#include "accounts/caller.h"
#include "base/result.h"
#include "storage/database.h"

namespace korrigo::publication {

struct FinalFile {
  std::string key;
  std::string anonymous_id;
};

/// The office gets the copy with its name, its corrector without, its student once results are out. Refuses with
/// not_found "copy.not_found", forbidden "auth.forbidden" (another's), "final_pdf.not_graded", "results.not_released",
/// not_found "final_pdf.not_found" while it is being made.
Result<FinalFile> final_pdf_for(storage::Transaction& transaction, const CopyId& copy, const accounts::Caller& caller);

}  // namespace korrigo::publication

/// The final PDF: the copy's own pages with their streams untouched, what was drawn on them, and the summary.
#pragma once

#include <filesystem>

#include "pdf/overlay.h"
#include "publication/final_copy.h"

namespace korrigo::publication {

/// What is laid over a copy whose pages have these sizes. `names_student` false leaves out whose copy it is.
pdf::Overlay overlay_of(const FinalCopy& copy, const std::vector<pdf::PageSize>& pages, bool names_student);

/// Lays it over `base` and writes to `path`. Refuses as Overlayer does.
Result<void> write_final_pdf(pdf::Overlayer& overlayer, const FinalCopy& copy, const std::filesystem::path& base,
                             bool names_student, const std::filesystem::path& path);

}  // namespace korrigo::publication

/// The task that makes the final PDFs of one copy.
#pragma once

#include "jobs/queue.h"
#include "jobs/worker.h"
#include "storage/blobs.h"

namespace korrigo::publication {

jobs::NewTask final_pdf_task(const CopyId& copy, std::optional<UserId> user);

/// Registers finalize_copy, and has the copy follow its task: GRADING_FAILED when it is given up without a PDF, GRADED
/// again when it is tried again. What is referred to outlives the pool.
void add_final_pdf_kind(jobs::Kinds& kinds, jobs::Queue& queue, storage::Blobs& blobs);

}  // namespace korrigo::publication

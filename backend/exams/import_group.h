/// The task that waits for the imports of individual PDFs.
#pragma once

#include "jobs/context.h"

namespace korrigo::exams {

/// The handler of kImportPdfsTask: when all imports are over, the exam is READY, or ERROR when none succeeded. Its
/// result: {exam_id, copies_created, duration}; an import that says nothing else has made one copy.
jobs::Handler import_group_handler();

}  // namespace korrigo::exams

/// The tasks of office_tasks.h. Internal to this module.
#pragma once

#include "copies/batch_steps.h"

namespace korrigo::copies {

BatchWork work_of(const ExamId& exam, const std::vector<BatchSource>& sources, const storage::Blobs& blobs);

StepResult rebuild_copies(jobs::TaskContext& context, const BatchServices& services);
StepResult read_copy_header(jobs::TaskContext& context, const BatchServices& services);
StepResult import_pdf(jobs::TaskContext& context, const BatchServices& services);

}  // namespace korrigo::copies

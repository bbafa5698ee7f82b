/// The steps of a batch (batch_job.h), each over a part of it. Internal to this module.
#pragma once

#include <boost/json/object.hpp>

#include "copies/batch_job.h"
#include "copies/batch_store.h"
#include "jobs/context.h"

namespace korrigo::copies {

/// What the tasks of one batch share, from their payload or checkpoint.
struct BatchWork {
  ExamId exam;
  std::vector<BatchSource> sources;
  std::vector<std::filesystem::path> files;  // of the sources
};
/// Refuses not_found "exam.not_found" when the exam, or a source, is gone.
Result<BatchWork> batch_work(jobs::TaskContext& context, const BatchServices& services,
                             const boost::json::object& names);
/// The part of a payload that batch_work reads.
boost::json::object names_of(const ExamId& exam, const std::vector<BatchSource>& sources);

std::vector<SourceId> source_ids_of(const boost::json::value& array);
std::vector<FaceId> face_ids_of(const boost::json::value& array);
boost::json::array texts_of_ids(std::span<const FaceId> ids);

/// Tells the listeners of the exam how far a stage is.
std::string progress_message(std::string_view stage, std::int64_t current, std::int64_t total);
void tell_progress(storage::Transaction& transaction, const ExamId& exam, std::string_view stage, std::int64_t current,
                   std::int64_t total);

/// Where the forms of a batch wait for those who read its headers.
std::string forms_key(const TaskId& batch);

using StepResult = Result<jobs::Ending>;
StepResult survey_sides(jobs::TaskContext& context, const BatchServices& services);
StepResult read_headers(jobs::TaskContext& context, const BatchServices& services);
StepResult write_copies(jobs::TaskContext& context, const BatchServices& services);

}  // namespace korrigo::copies

#include "copies/batch_steps.h"

#include <boost/json.hpp>

#include "events/bus.h"

namespace korrigo::copies {

namespace json = boost::json;

Result<BatchWork> batch_work(jobs::TaskContext& context, const BatchServices& services, const json::object& names) {
  BatchWork work;
  work.exam = ExamId(std::string(names.at("exam_id").as_string()));
  const auto ids = source_ids_of(names.at("sources"));
  work.sources = context.database().read([&](storage::Transaction& t) { return sources_of(t, ids); });
  if (work.sources.size() != ids.size())
    return refuse(ErrorKind::not_found, "exam.not_found", "The exam or one of its scans was deleted meanwhile.");
  for (const BatchSource& source : work.sources) work.files.push_back(services.blobs.path(source.file));
  return work;
}

json::object names_of(const ExamId& exam, const std::vector<BatchSource>& sources) {
  json::array ids;
  for (const BatchSource& source : sources) ids.emplace_back(source.id.text());
  return {{"exam_id", exam.text()}, {"sources", std::move(ids)}};
}

std::vector<SourceId> source_ids_of(const json::value& array) {
  std::vector<SourceId> ids;
  for (const json::value& id : array.as_array()) ids.emplace_back(std::string(id.as_string()));
  return ids;
}

std::vector<FaceId> face_ids_of(const json::value& array) {
  std::vector<FaceId> ids;
  for (const json::value& id : array.as_array()) ids.emplace_back(std::string(id.as_string()));
  return ids;
}

json::array texts_of_ids(std::span<const FaceId> ids) {
  json::array texts;
  for (const FaceId& id : ids) texts.emplace_back(id.text());
  return texts;
}

std::string progress_message(std::string_view stage, std::int64_t current, std::int64_t total) {
  const double share = total > 0 ? static_cast<double>(current) / static_cast<double>(total) : 0;
  return json::serialize(json::object{{"type", "progress"},
                                      {"stage", json::string(stage)},
                                      {"current", current},
                                      {"total", total},
                                      {"percent", std::round(std::min(1.0, share) * 1000) / 10}});
}

void tell_progress(storage::Transaction& transaction, const ExamId& exam, std::string_view stage, std::int64_t current,
                   std::int64_t total) {
  events::publish(transaction, processing_topic(exam), progress_message(stage, current, total));
}

std::string forms_key(const TaskId& batch) {
  return fmt::format("exams/batches/{}/forms", batch.text());
}

}  // namespace korrigo::copies

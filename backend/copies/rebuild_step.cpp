#include <boost/json.hpp>

#include "copies/file_maker.h"
#include "copies/office_steps.h"

namespace korrigo::copies {

namespace json = boost::json;

namespace {

using storage::Transaction;

std::vector<std::string> keys_of(const CopyFiles& files) {
  return {files.pdf, files.masked_pdf};
}

Result<MadeFiles> rebuild(jobs::TaskContext& context, const BatchServices& services, const ExamId& exam,
                          const CopyId& copy) {
  const auto sources = context.database().read([&](Transaction& t) { return sources_of_copy(t, copy); });
  if (sources.empty()) return MadeFiles{};
  const BatchWork work = work_of(exam, sources, services.blobs);
  auto reader = services.workshop.reader(work.files);
  if (!reader) return tl::unexpected(reader.error());
  return make_copy_files(context.database(), services.blobs, work, **reader, copy);
}

Result<MadeFiles> rebuild_face(jobs::TaskContext& context, const BatchServices& services, const ExamId& exam,
                               const FaceId& face) {
  const auto sources = context.database().read([&](Transaction& t) { return sources_of_face(t, face); });
  if (sources.empty()) return MadeFiles{};
  const BatchWork work = work_of(exam, sources, services.blobs);
  auto reader = services.workshop.reader(work.files);
  if (!reader) return tl::unexpected(reader.error());
  const auto faces = context.database().read([&](Transaction& t) { return faces_of_ids(t, sources, {face}); });
  return make_face_files(services.blobs, work, **reader, faces);
}

}  // namespace

StepResult rebuild_copies(jobs::TaskContext& context, const BatchServices& services) {
  const ExamId exam(std::string(context.payload().at("exam_id").as_string()));
  std::vector<MadeFiles> all;
  for (const json::value& id : context.payload().at("copies").as_array()) {
    context.safe_point();
    auto made = rebuild(context, services, exam, CopyId(std::string(id.as_string())));
    if (!made) return tl::unexpected(made.error());
    all.push_back(std::move(*made));
  }
  for (const FaceId& face : face_ids_of(context.payload().at("faces"))) {
    context.safe_point();
    auto made = rebuild_face(context, services, exam, face);
    if (!made) return tl::unexpected(made.error());
    all.push_back(std::move(*made));
  }
  std::vector<std::string> obsolete;
  auto ending = context.finish([&](Transaction& t) -> Result<json::value> {
    obsolete.clear();
    for (const MadeFiles& made : all)
      if (!record(t, made))
        for (std::string& key : keys_of(*made.copy)) obsolete.push_back(std::move(key));
    return json::object{{"copies", all.size()}};
  });
  for (const std::string& key : obsolete) services.blobs.remove(key);
  return ending;
}

}  // namespace korrigo::copies

#include <boost/json.hpp>

#include "copies/file_maker.h"

namespace korrigo::copies {

namespace json = boost::json;

StepResult write_copies(jobs::TaskContext& context, const BatchServices& services) {
  const auto work = batch_work(context, services, context.payload());
  if (!work) return tl::unexpected(work.error());
  auto reader = services.workshop.reader(work->files);
  if (!reader) return tl::unexpected(reader.error());
  std::vector<MadeFiles> all;
  for (const json::value& id : context.payload().at("copies").as_array()) {
    context.safe_point();
    all.push_back(
        make_copy_files(context.database(), services.blobs, *work, **reader, CopyId(std::string(id.as_string()))));
  }
  const auto loose = context.database().read([&](storage::Transaction& t) {
    return faces_of_ids(t, work->sources, face_ids_of(context.payload().at("faces")));
  });
  if (!loose.empty()) all.push_back(make_face_files(services.blobs, *work, **reader, loose));
  const auto total = static_cast<std::int64_t>(all.size());
  return context.finish([&](storage::Transaction& t) -> Result<json::value> {
    for (const MadeFiles& made : all) record(t, made);
    return json::object{{"copies", total}};
  });
}

}  // namespace korrigo::copies

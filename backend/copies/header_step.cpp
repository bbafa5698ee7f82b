#include <boost/json.hpp>

#include "copies/header_reader.h"

namespace korrigo::copies {

namespace json = boost::json;

StepResult read_headers(jobs::TaskContext& context, const BatchServices& services) {
  const auto work = batch_work(context, services, context.payload());
  if (!work) return tl::unexpected(work.error());
  const auto ids = face_ids_of(context.payload().at("faces"));
  const auto faces =
      context.database().read([&](storage::Transaction& t) { return faces_of_ids(t, work->sources, ids); });
  const std::string forms = services.blobs.read(std::string(context.payload().at("forms").as_string()));
  const bool in_doubt = context.payload().contains("in_doubt");
  HeaderReader headers(context, services, work->exam, std::as_bytes(std::span(forms)),
                       in_doubt ? services.engines : nullptr);
  auto reader = services.workshop.reader(work->files);
  if (!reader) return tl::unexpected(reader.error());
  std::vector<ReadFace> all;
  for (const StoredFace& face : faces) {
    context.safe_point();
    auto read = headers.read(**reader, face);
    if (!read) return tl::unexpected(read.error());
    if (*read) all.push_back(std::move(**read));
  }
  headers.store();
  const auto total = context.payload().at("total").to_number<std::int64_t>();
  return context.finish([&](storage::Transaction& t) -> Result<json::value> {
    for (const ReadFace& face : all) put_reading(t, face, context.clock().now());
    tell_progress(t, work->exam, "headers", count_readings(t, work->sources), total);
    return json::object{{"headers", all.size()}};
  });
}

}  // namespace korrigo::copies

#include <boost/json.hpp>

#include "copies/batch_steps.h"

namespace korrigo::copies {

namespace json = boost::json;

namespace {

// Source and page of a side counted over all sources.
std::pair<int, int> locate(const std::vector<BatchSource>& sources, int side) {
  int source = 0;
  while (side >= sources[static_cast<std::size_t>(source)].sides)
    side -= sources[static_cast<std::size_t>(source++)].sides;
  return {source, side};
}

}  // namespace

StepResult survey_sides(jobs::TaskContext& context, const BatchServices& services) {
  const auto work = batch_work(context, services, context.payload());
  if (!work) return tl::unexpected(work.error());
  const auto options = context.database().read([&](storage::Transaction& t) { return batch_options(t, work->exam); });
  if (!options) return refuse(ErrorKind::not_found, "exam.not_found", "The exam was deleted meanwhile.");
  auto reader = services.workshop.reader(work->files);
  if (!reader) return tl::unexpected(reader.error());
  const int first = context.payload().at("first").to_number<int>();
  const int count = context.payload().at("count").to_number<int>();
  std::vector<scans::SideLook> looks;
  for (int side = first; side < first + count; ++side) {
    context.safe_point();
    const auto [source, page] = locate(work->sources, side);
    looks.push_back(scans::look_at_side(**reader, source, page, options->survey));
  }
  int total = 0;
  for (const BatchSource& source : work->sources) total += source.sides;
  return context.finish([&](storage::Transaction& t) -> Result<json::value> {
    const UtcTime now = context.clock().now();
    for (const scans::SideLook& look : looks)
      put_look(t, work->sources[static_cast<std::size_t>(look.side.source)].id, look, now);
    tell_progress(t, work->exam, "sides", count_looks(t, work->sources), total);
    return json::object{{"sides", count}};
  });
}

}  // namespace korrigo::copies

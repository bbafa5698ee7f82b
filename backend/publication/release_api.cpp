#include "publication/desk_api.h"
#include "publication/release.h"

namespace korrigo::publication {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;
using storage::Transaction;

json::value time_json(const std::optional<UtcTime>& time) {
  return time ? json::value(to_iso(*time)) : json::value(nullptr);
}

template <auto kAct>
Result<Response> change(const PublicationApi& api, Request& request) {
  const auto exam = id_in_path<ExamId>(request, "exam_id", "exam");
  if (!exam) return tl::unexpected(exam.error());
  const audit::Actor actor = accounts::actor_of(request);
  const auto done = api.database.write([&](Transaction& t) { return kAct(t, *exam, actor, api.queue.clock().now()); });
  if (!done) return tl::unexpected(done.error());
  return http::json(200, json::object{{"exam_id", exam->text()},
                                      {"results_released_at", time_json(done->at)},
                                      {"copies_count", done->copies}});
}

Result<Response> readiness(const PublicationApi& api, Request& request) {
  const auto exam = id_in_path<ExamId>(request, "exam_id", "exam");
  if (!exam) return tl::unexpected(exam.error());
  const auto found = api.database.read([&](Transaction& t) { return readiness_of(t, *exam); });
  if (!found) return tl::unexpected(found.error());
  json::array obstacles;
  for (const Obstacle& obstacle : found->obstacles) {
    json::array examples;
    for (const std::string& example : obstacle.examples) examples.emplace_back(example);
    obstacles.push_back(
        json::object{{"code", obstacle.code}, {"count", obstacle.count}, {"examples", std::move(examples)}});
  }
  return http::json(200, json::object{{"exam_id", exam->text()},
                                      {"is_ready", found->is_ready()},
                                      {"copies_count", found->copies},
                                      {"graded_count", found->graded},
                                      {"results_released_at", time_json(found->released_at)},
                                      {"obstacles", std::move(obstacles)}});
}

}  // namespace

std::vector<http::Route> release_routes(const PublicationApi& api) {
  using http::Method;
  const std::string exam = "/api/exams/{exam_id}/";
  const http::BodyPolicy none = http::NoBody{};
  return {
      {Method::post, exam + "release-results/", bound(api, change<release_results>), none, accounts::kAdmin},
      {Method::post, exam + "unrelease-results/", bound(api, change<withdraw_results>), none, accounts::kAdmin},
      {Method::get, exam + "readiness-check/", bound(api, readiness), none, accounts::kAdmin},
  };
}

}  // namespace korrigo::publication

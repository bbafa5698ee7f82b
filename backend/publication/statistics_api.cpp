#include <cmath>

#include "exams/exam.h"
#include "exams/marks.h"
#include "grading/desk.h"
#include "publication/desk_api.h"
#include "publication/statistics.h"

namespace korrigo::publication {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr int kBars = 20;

json::value figure(std::optional<double> number) {
  return number ? json::value(std::round(*number * 1e6) / 1e6) : json::value(nullptr);
}

json::object spread_json(const Spread& spread) {
  return {{"count", spread.count()},
          {"mean", figure(spread.mean())},
          {"median", figure(spread.quantile(0.5))},
          {"deviation", figure(spread.deviation())},
          {"first_quartile", figure(spread.quantile(0.25))},
          {"third_quartile", figure(spread.quantile(0.75))},
          {"min", exams::points_json(spread.lowest())},
          {"max", exams::points_json(spread.highest())}};
}

json::object question_json(const QuestionFigures& question) {
  json::object object = spread_json(question.spread);
  object["question_id"] = question.id;
  object["label"] = question.label;
  object["maximum"] = exams::points_json(question.maximum);
  object["none_count"] = question.none;
  object["all_count"] = question.all;
  object["difficulty"] = figure(question.difficulty);
  object["discrimination"] = figure(question.discrimination);
  return object;
}

json::object statistics_json(const Statistics& statistics) {
  json::array histogram, questions, classes, correctors;
  for (const Spread::Bar& bar : statistics.totals.histogram(statistics.maximum, kBars))
    histogram.push_back(
        json::object{{"from", exams::points_json(bar.from)}, {"to", exams::points_json(bar.to)}, {"count", bar.count}});
  for (const QuestionFigures& question : statistics.questions) questions.push_back(question_json(question));
  for (const GroupFigures& group : statistics.classes) {
    classes.push_back(spread_json(group.totals));
    classes.back().as_object()["class_name"] = group.name;
  }
  for (const GroupFigures& group : statistics.correctors) {
    correctors.push_back(spread_json(group.totals));
    json::object& object = correctors.back().as_object();
    object["corrector_id"] = group.corrector ? json::value(group.corrector->value) : json::value(nullptr);
    object["corrector"] = group.name.empty() ? json::value(nullptr) : json::value(group.name);
  }
  json::object answer = spread_json(statistics.totals);
  answer["maximum"] = exams::points_json(statistics.maximum);
  answer["reliability"] = figure(statistics.reliability);
  answer["histogram"] = std::move(histogram);
  answer["questions"] = std::move(questions);
  answer["classes"] = std::move(classes);
  answer["correctors"] = std::move(correctors);
  return answer;
}

Result<Response> statistics(const PublicationApi& api, Request& request) {
  const auto exam = id_in_path<ExamId>(request, "exam_id", "exam");
  if (!exam) return tl::unexpected(exam.error());
  const accounts::Caller& caller = accounts::caller_of(request);
  const auto structure = api.database.read([&](Transaction& t) -> Result<exams::GradingStructure> {
    if (auto may = grading::require_marker_of(t, *exam, {caller.user, caller.is_admin(), {}}); !may)
      return tl::unexpected(may.error());
    return exams::grading_structure_of(t, *exam);
  });
  if (!structure) return tl::unexpected(structure.error());
  const auto lot = caller.is_admin() ? std::nullopt : std::optional(caller.user);
  json::object answer = statistics_json(statistics_of(api.database, *exam, *structure, lot));
  answer["exam_id"] = exam->text();
  return http::json(200, answer);
}

}  // namespace

std::vector<http::Route> statistics_routes(const PublicationApi& api) {
  return {{http::Method::get, "/api/exams/{exam_id}/statistics/", bound(api, statistics), http::NoBody{},
           accounts::kAdmin | accounts::kTeacher}};
}

}  // namespace korrigo::publication

#include "publication/statistics.h"

#include <cmath>
#include <map>

#include "publication/statistics_store.h"

namespace korrigo::publication {
namespace {

using storage::Transaction;

constexpr double kNothing = 1e-9;
const std::string kNoScores;

double variance_of(std::int64_t count, std::int64_t sum, std::int64_t squares) {
  if (count == 0) return 0;
  const double n = static_cast<double>(count);
  const double mean = static_cast<double>(sum) / n;
  return static_cast<double>(squares) / n - mean * mean;
}

/// One question's sums over the copies that have a score for it.
struct Sums {
  std::int64_t count = 0, points = 0, point_squares = 0, totals = 0, total_squares = 0, products = 0;
  std::map<std::int64_t, std::int64_t> times = {};

  void add(std::int64_t value, std::int64_t total) {
    ++count;
    points += value;
    point_squares += value * value;
    totals += total;
    total_squares += total * total;
    products += value * total;
    ++times[value];
  }
  // Correlation of the points with what is left of the total without them.
  std::optional<double> with_the_rest() const {
    if (count < 2) return std::nullopt;
    const double n = static_cast<double>(count);
    const double of_points = variance_of(count, points, point_squares);
    const double together =
        static_cast<double>(products) / n - static_cast<double>(points) / n * static_cast<double>(totals) / n;
    const double of_rest = variance_of(count, totals, total_squares) - 2 * together + of_points;
    if (of_points < kNothing || of_rest < kNothing) return std::nullopt;
    return (together - of_points) / std::sqrt(of_points * of_rest);
  }
};
using SumsByQuestion = std::map<std::string, Sums, std::less<>>;

/// The sums of all points of a copy.
struct WholeCopies {
  std::int64_t count = 0, sum = 0, squares = 0;
  void add(std::int64_t points) {
    ++count;
    sum += points;
    squares += points * points;
  }
};

void add_leaves(const std::vector<exams::Question>& questions, std::vector<QuestionFigures>& figures) {
  for (const exams::Question& question : questions) {
    if (question.is_leaf()) figures.push_back({question.id, question.label, question.points, {}, 0, 0, {}, {}});
    add_leaves(question.children, figures);
  }
}

std::vector<QuestionFigures> questions_of(const exams::GradingStructure& structure, const SumsByQuestion& sums) {
  std::vector<QuestionFigures> figures;
  add_leaves(structure.questions, figures);
  if (structure.is_empty())
    for (const auto& [id, one] : sums) figures.push_back({id, id, 0, {}, 0, 0, {}, {}});
  for (QuestionFigures& question : figures) {
    const auto found = sums.find(question.id);
    if (found == sums.end()) continue;
    for (const auto& [points, times] : found->second.times) {
      question.spread.add(points, times);
      if (points == 0) question.none += times;
      if (question.maximum > 0 && points == question.maximum) question.all += times;
    }
    question.discrimination = found->second.with_the_rest();
    if (const auto mean = question.spread.mean(); mean && question.maximum > 0)
      question.difficulty = *mean * 100 / static_cast<double>(question.maximum);
  }
  return figures;
}

/// One entry for each question of the barème; scores that were given under an earlier one stay with their copy and
/// count in nothing.
SumsByQuestion sums_for(const exams::GradingStructure& structure) {
  std::vector<QuestionFigures> leaves;
  add_leaves(structure.questions, leaves);
  SumsByQuestion sums;
  for (const QuestionFigures& leaf : leaves) sums.emplace(leaf.id, Sums());
  return sums;
}

/// The copy's points, added to those of their questions; their sum.
std::int64_t add_scores(const store::MarkedCopy& copy, const exams::GradingStructure& structure, SumsByQuestion& sums) {
  std::int64_t points_of_copy = 0;
  const std::string& kept = copy.scores ? *copy.scores : kNoScores;
  for (const auto& [question, points] : store::kept_scores(kept)) {
    auto found = sums.find(question);
    if (found == sums.end()) {
      if (!structure.is_empty()) continue;
      found = sums.emplace(question, Sums()).first;
    }
    found->second.add(points, copy.total);
    points_of_copy += points;
  }
  return points_of_copy;
}

std::optional<double> reliability_of(const SumsByQuestion& sums, const WholeCopies& whole) {
  const double of_whole = variance_of(whole.count, whole.sum, whole.squares);
  if (sums.size() < 2 || whole.count < 2 || of_whole < kNothing) return std::nullopt;
  double of_parts = 0;
  for (const auto& [question, one] : sums) of_parts += variance_of(whole.count, one.points, one.point_squares);
  const auto k = static_cast<double>(sums.size());
  return k / (k - 1) * (1 - of_parts / of_whole);
}

std::vector<store::MarkedCopy> copies_with_scores(storage::Database& database, const ExamId& exam,
                                                  std::optional<UserId> corrector) {
  const auto read = [&] {
    return database.read([&](Transaction& t) { return store::marked_copies(t, exam, corrector); });
  };
  auto copies = read();
  if (std::ranges::all_of(copies, [](const store::MarkedCopy& copy) { return copy.scores.has_value(); })) return copies;
  database.write([&](Transaction& t) { store::keep_scores(t, exam); });
  return read();
}

std::vector<GroupFigures> classes_of(const std::vector<store::MarkedCopy>& copies) {
  std::map<std::string, Spread> spreads;
  for (const store::MarkedCopy& copy : copies) spreads[copy.class_name].add(copy.total);
  std::vector<GroupFigures> groups;
  for (auto& [name, spread] : spreads) groups.push_back({name, std::nullopt, std::move(spread)});
  return groups;
}

std::vector<GroupFigures> lots_of(const std::vector<store::MarkedCopy>& copies,
                                  const std::vector<std::pair<UserId, std::string>>& names) {
  std::map<UserId, Spread> spreads;
  Spread nobodys;
  for (const store::MarkedCopy& copy : copies) (copy.corrector ? spreads[*copy.corrector] : nobodys).add(copy.total);
  std::vector<GroupFigures> groups;
  for (const auto& [id, name] : names)
    if (spreads.contains(id)) groups.push_back({name, id, spreads.at(id)});
  if (nobodys.count() > 0) groups.push_back({"", std::nullopt, nobodys});
  return groups;
}

}  // namespace

Statistics statistics_of(storage::Database& database, const ExamId& exam, const exams::GradingStructure& structure,
                         std::optional<UserId> corrector) {
  const auto copies = copies_with_scores(database, exam, corrector);
  const auto names = database.read([](Transaction& t) { return store::correctors(t); });
  Statistics statistics;
  statistics.maximum = structure.maximum();
  SumsByQuestion sums = sums_for(structure);
  WholeCopies whole;
  for (const store::MarkedCopy& copy : copies) {
    statistics.totals.add(copy.total);
    whole.add(add_scores(copy, structure, sums));
  }
  statistics.questions = questions_of(structure, sums);
  statistics.reliability = reliability_of(sums, whole);
  if (!corrector) statistics.classes = classes_of(copies);
  statistics.correctors = lots_of(copies, names);
  return statistics;
}

}  // namespace korrigo::publication

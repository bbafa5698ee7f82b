#include "grading/score.h"

#include <boost/json/object.hpp>

#include "copies/copy_state.h"
#include "exams/marks.h"
#include "grading/annotation.h"

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kScores{"score.of_copy", "SELECT question_id, points FROM score WHERE copy_id = $1"};
constexpr Statement kPut{"score.put", R"(
  INSERT INTO score (copy_id, question_id, points, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (copy_id, question_id) DO UPDATE SET points = $3, set_by = $4, set_at = $5)"};
constexpr Statement kRemove{"score.remove", "DELETE FROM score WHERE copy_id = $1 AND question_id = $2"};

Result<void> check(const Desk& desk, const std::string& question, std::optional<std::int64_t> points) {
  // A score of a question that has left the barème can still be taken away.
  if (!points && desk.structure.find(question) == nullptr) return {};
  if (auto within = require_question(desk, question); !within) return within;
  return points ? exams::check_score(desk.structure, question, *points) : Result<void>();
}

}  // namespace

exams::Scores scores_of(Transaction& transaction, const CopyId& copy) {
  exams::Scores scores;
  for (const Row& row : transaction.rows(kScores, copy)) scores[row.get<std::string>(0)] = row.get<std::int64_t>(1);
  return scores;
}

Result<void> set_scores(Transaction& transaction, const Desk& desk, const ScoreChanges& changes) {
  for (const auto& [question, points] : changes)
    if (auto good = check(desk, question, points); !good) return good;
  const exams::Scores before = scores_of(transaction, desk.copy);
  boost::json::object changed;
  for (const auto& [question, points] : changes) {
    const auto had = before.find(question);
    if (had == before.end() ? !points : points == had->second) continue;
    if (points)
      transaction.execute(kPut, desk.copy, question, *points, desk.user, desk.now);
    else
      transaction.execute(kRemove, desk.copy, question);
    changed[question] = exams::points_json(points);
  }
  if (changed.empty()) return {};
  copies::record_event(transaction, desk.copy, "SCORE", desk.user, {{"scores", std::move(changed)}}, desk.now);
  return {};
}

Marks marks_of(Transaction& transaction, const CopyId& copy, const exams::GradingStructure& structure) {
  Marks marks;
  marks.scores = scores_of(transaction, copy);
  marks.total = exams::total_of(structure, marks.scores, deltas_of(transaction, copy));
  marks.maximum = structure.maximum();
  marks.unscored = exams::unscored(structure, marks.scores);
  return marks;
}

}  // namespace korrigo::grading

#include "grading/merge.h"

#include <boost/json/object.hpp>

#include "copies/join.h"
#include "copies/staple_step.h"
#include "exams/marks.h"
#include "grading/lock.h"
#include "grading/score.h"

namespace korrigo::grading {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kAnonymousId{"merge.anonymous_id", "SELECT anonymous_id FROM copy WHERE id = $1"};
constexpr Statement kTwoDrafts{"merge.two_drafts", R"(
  SELECT 1 FROM draft_state a JOIN draft_state b ON b.owner_id = a.owner_id WHERE a.copy_id = $1 AND b.copy_id = $2)"};
constexpr Statement kDropScore{"merge.drop_score", "DELETE FROM score WHERE copy_id = $1 AND question_id = $2"};
constexpr Statement kJoinRemarks{"merge.join_remarks", R"(
  UPDATE question_remark SET remark = question_remark.remark || CAST($3 AS TEXT) || other.remark,
    version = question_remark.version + 1, updated_at = $4
  FROM (SELECT question_id, remark FROM question_remark WHERE copy_id = $2) AS other
  WHERE question_remark.copy_id = $1 AND question_remark.question_id = other.question_id
    AND question_remark.remark <> other.remark)"};
constexpr Statement kJoinAppreciation{"merge.join_appreciation", R"(
  UPDATE copy SET global_appreciation = CASE WHEN copy.global_appreciation = '' THEN other.global_appreciation
    ELSE copy.global_appreciation || CAST($3 AS TEXT) || other.global_appreciation END
  FROM (SELECT global_appreciation FROM copy WHERE id = $2) AS other
  WHERE copy.id = $1 AND other.global_appreciation <> '' AND copy.global_appreciation <> other.global_appreciation)"};
constexpr Statement kLastOperation{"merge.last_operation", R"(
  SELECT coalesce(max(position), 0) + 1 FROM copy_operation WHERE copy_id = $1)"};
constexpr Statement kMoveOperations{"merge.move_operations", R"(
  UPDATE copy_operation SET copy_id = $1, position = position + $3 WHERE copy_id = $2)"};
constexpr std::array kMoves = {
    Statement{"merge.move_annotations", "UPDATE annotation SET copy_id = $1 WHERE copy_id = $2"},
    Statement{"merge.move_scores", R"(
      UPDATE score SET copy_id = $1 WHERE copy_id = $2
        AND question_id NOT IN (SELECT question_id FROM score WHERE copy_id = $1))"},
    Statement{"merge.move_remarks", R"(
      UPDATE question_remark SET copy_id = $1 WHERE copy_id = $2
        AND question_id NOT IN (SELECT question_id FROM question_remark WHERE copy_id = $1))"},
    Statement{"merge.move_drafts", "UPDATE draft_state SET copy_id = $1 WHERE copy_id = $2"},
    Statement{"merge.move_reports", "UPDATE face_report SET copy_id = $1 WHERE copy_id = $2"},
    Statement{"merge.move_exercises", R"(
      UPDATE exercise_assignment SET copy_id = $1 WHERE copy_id = $2
        AND exercise_id NOT IN (SELECT exercise_id FROM exercise_assignment WHERE copy_id = $1))"},
};

/// Scores of `source` on questions that have another on `target`.
exams::Scores differing(const exams::Scores& target, const exams::Scores& source) {
  exams::Scores differ;
  for (const auto& [question, points] : source)
    if (const auto other = target.find(question); other != target.end() && other->second != points)
      differ[question] = points;
  return differ;
}

/// The points that do not count; those that do are on `target` or move there.
Result<boost::json::object> settle_scores(Transaction& t, const CopyId& target, const CopyId& source, Prefer prefer) {
  const exams::Scores kept = scores_of(t, target);
  const exams::Scores differ = differing(kept, scores_of(t, source));
  if (!differ.empty() && prefer == Prefer::nobody) {
    Error error{ErrorKind::conflict, "copy_merge.marks_differ",
                fmt::format("{} questions have different points on the two copies.", differ.size())};
    for (const auto& [question, points] : differ) error.details.push_back(question);
    return tl::unexpected(std::move(error));
  }
  boost::json::object dropped;
  for (const auto& [question, points] : differ) {
    const bool takes_source = prefer == Prefer::source;
    if (takes_source) t.execute(kDropScore, target, question);
    dropped[question] = exams::points_json(takes_source ? kept.find(question)->second : points);
  }
  return dropped;
}

void move_operations(Transaction& t, const CopyId& target, const CopyId& source) {
  const auto first = t.row(kLastOperation, target)->get<std::int64_t>(0);
  t.execute(kMoveOperations, target, source, first);
}

Result<std::vector<std::string>> merge(Transaction& t, const copies::Office& office, const CopyId& target,
                                       const CopyId& source, Prefer prefer) {
  const UtcTime now = office.queue.clock().now();
  if (auto may = copies::may_join(t, target, source, now); !may) return tl::unexpected(may.error());
  if (t.row(kTwoDrafts, target, source))
    return refuse(ErrorKind::conflict, "copy_merge.two_drafts", "Somebody's unsent work lies on both copies.");
  const auto dropped = settle_scores(t, target, source, prefer);
  if (!dropped) return tl::unexpected(dropped.error());
  drop_locks(t, source);
  drop_locks(t, target);
  t.execute(kJoinRemarks, target, source, "\n", now);
  t.execute(kJoinAppreciation, target, source, "\n");
  for (const Statement& move : kMoves) t.execute(move, target, source);
  move_operations(t, target, source);
  const boost::json::object metadata{{"source_copy_id", source.text()},
                                     {"source_anonymous_id", t.row(kAnonymousId, source)->get<std::string>(0)},
                                     {"dropped_scores", *dropped}};
  std::vector<std::string> obsolete;
  if (auto joined = copies::join_copies(t, office, target, source, metadata, obsolete); !joined)
    return tl::unexpected(joined.error());
  audit::append(t,
                {.by = office.actor,
                 .action = "copy.merge",
                 .target_type = "copy",
                 .target_id = target.text(),
                 .details = {{"source_copy_id", source.text()}}},
                now);
  return obsolete;
}

}  // namespace

Result<void> merge_copies(const copies::Office& office, const CopyId& target, const CopyId& source, Prefer prefer) {
  const auto obsolete = office.database.write([&](Transaction& t) { return merge(t, office, target, source, prefer); });
  if (!obsolete) return tl::unexpected(obsolete.error());
  copies::remove_obsolete(office.blobs, *obsolete);
  return {};
}

}  // namespace korrigo::grading

#include "grading/regrading.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "base/hash.h"
#include "copies/copy_state.h"
#include "exams/exam.h"
#include "exams/grading_versions.h"
#include "exams/marks.h"

namespace korrigo::grading {
namespace {

using exams::GradingStructure;
using exams::Question;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::int64_t, 5> kThresholds = {800, 1000, 1200, 1400, 1600};

constexpr Statement kHoldExam{"regrading.hold_exam", "UPDATE exam SET updated_at = $2 WHERE id = $1"};
constexpr Statement kHoldCopies{"regrading.hold_copies", R"(
  UPDATE copy SET updated_at = $2 WHERE id IN (SELECT id FROM copy WHERE exam_id = $1))",
                                R"(
  WITH held AS (SELECT id FROM copy WHERE exam_id = $1 ORDER BY id FOR UPDATE)
  UPDATE copy SET updated_at = $2 FROM held WHERE copy.id = held.id)"};
constexpr Statement kCopies{"regrading.copies", R"(
  SELECT id, anonymous_id, status FROM copy WHERE exam_id = $1 ORDER BY anonymous_id)"};
constexpr Statement kScores{"regrading.scores", R"(
  SELECT s.copy_id, s.question_id, s.points FROM score s JOIN copy c ON c.id = s.copy_id WHERE c.exam_id = $1)"};
constexpr Statement kDeltas{"regrading.deltas", R"(
  SELECT a.copy_id, a.question_id, a.score_delta FROM annotation a JOIN copy c ON c.id = a.copy_id
  WHERE c.exam_id = $1 AND a.score_delta IS NOT NULL)"};
constexpr Statement kSetTotal{"regrading.set_total", R"(
  UPDATE copy SET total = $2, maximum = $3, final_pdf_file = NULL WHERE id = $1)"};
constexpr Statement kVoidTotal{"regrading.void_total", R"(
  UPDATE copy SET total = NULL, maximum = NULL, final_pdf_file = NULL WHERE id = $1)"};

struct MarkedCopy {
  CopyId id;
  std::string anonymous_id, status;
  exams::Scores scores;
  std::vector<exams::Delta> deltas;

  bool is_graded() const { return status == "GRADED" || status == "GRADING_FAILED"; }
};

/// Those that hold points or are marked, by anonymous id.
std::vector<MarkedCopy> marked_copies(Transaction& t, const ExamId& exam) {
  std::map<CopyId, exams::Scores> scores;
  for (const Row& row : t.rows(kScores, exam))
    scores[row.get<CopyId>(0)][row.get<std::string>(1)] = row.get<std::int64_t>(2);
  std::map<CopyId, std::vector<exams::Delta>> deltas;
  for (const Row& row : t.rows(kDeltas, exam))
    deltas[row.get<CopyId>(0)].push_back({row.get<std::optional<std::string>>(1), row.get<std::int64_t>(2)});
  std::vector<MarkedCopy> marked;
  for (const Row& row : t.rows(kCopies, exam)) {
    MarkedCopy copy{row.get<CopyId>(0), row.get<std::string>(1), row.get<std::string>(2), {}, {}};
    copy.scores = scores[copy.id];
    copy.deltas = deltas[copy.id];
    if (copy.is_graded() || !copy.scores.empty() || !copy.deltas.empty()) marked.push_back(std::move(copy));
  }
  return marked;
}

void collect_leaves(const std::vector<Question>& questions, std::map<std::string, std::int64_t>& leaves) {
  for (const Question& question : questions) {
    if (question.is_leaf()) leaves[question.id] = question.points;
    collect_leaves(question.children, leaves);
  }
}

std::map<std::string, std::int64_t> leaves_of(const GradingStructure& structure) {
  std::map<std::string, std::int64_t> leaves;
  collect_leaves(structure.questions, leaves);
  return leaves;
}

void compare_questions(Regrading& told) {
  const auto before = leaves_of(told.before), after = leaves_of(told.after);
  for (const auto& [id, points] : before) {
    const auto found = after.find(id);
    if (found == after.end())
      told.removed.push_back(id);
    else if (found->second != points)
      told.changed.push_back({id, points, found->second});
  }
  for (const auto& [id, points] : after)
    if (!before.contains(id)) told.added.push_back(id);
}

bool counts(const GradingStructure& structure, const std::string& question) {
  if (structure.is_empty()) return true;
  const Question* found = structure.find(question);
  return found != nullptr && found->is_leaf();
}

MovedCopy moved_by(const Regrading& told, const MarkedCopy& copy) {
  MovedCopy moved{.copy = copy.id, .anonymous_id = copy.anonymous_id, .status = copy.status};
  moved.total_before = exams::total_of(told.before, copy.scores, copy.deltas);
  moved.total_after = exams::total_of(told.after, copy.scores, copy.deltas);
  const auto open = exams::unscored(told.before, copy.scores);
  const std::set<std::string> open_before(open.begin(), open.end());
  for (std::string& question : exams::unscored(told.after, copy.scores))
    if (!open_before.contains(question)) moved.to_score.push_back(std::move(question));
  for (const auto& [question, points] : copy.scores)
    if (counts(told.before, question) && !counts(told.after, question)) moved.lost.push_back(question);
  moved.reopened = copy.is_graded() && !moved.to_score.empty();
  return moved;
}

bool reaches(std::int64_t total, std::int64_t maximum, std::int64_t of_20) {
  return maximum > 0 && total * exams::kDefaultMaximum >= of_20 * maximum;
}

void count_thresholds(Regrading& told, const MovedCopy& copy) {
  for (Threshold& threshold : told.thresholds) {
    if (reaches(copy.total_before, told.before.maximum(), threshold.of_20)) ++threshold.before;
    if (reaches(copy.total_after, told.after.maximum(), threshold.of_20)) ++threshold.after;
  }
}

bool is_moved(const Regrading& told, const MovedCopy& copy) {
  return copy.total_before != copy.total_after || told.before.maximum() != told.after.maximum() ||
         !copy.to_score.empty() || !copy.lost.empty();
}

std::string fingerprint_of(const Regrading& told) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n", told.version, told.after.step, told.marked,
                                 boost::json::serialize(exams::grading_structure_json(told.after)));
  for (const MovedCopy& copy : told.moved)
    text += fmt::format("{} {} {} {} {} {}\n", copy.copy.text(), copy.status, copy.total_before, copy.total_after,
                        copy.to_score.size(), copy.lost.size());
  return sha256(std::as_bytes(std::span(text)));
}

/// The new barème as it would be stored.
Result<GradingStructure> wished(const exams::Exam& exam, const BaremeWish& wish) {
  exams::ExamFields fields = exam;
  fields.grading_structure = wish.grading_structure;
  fields.mark_step = wish.mark_step.value_or(exam.mark_step);
  const auto clean = exams::tidied(std::move(fields));
  if (!clean) return tl::unexpected(clean.error());
  auto structure = exams::read_grading_structure(clean->grading_structure);
  if (structure) structure->step = clean->mark_step;
  return structure;
}

Regrading compared(Transaction& t, const exams::Exam& exam, GradingStructure before, GradingStructure after) {
  Regrading told;
  told.version = exams::latest_version(t, exam.id);
  told.before = std::move(before);
  told.after = std::move(after);
  for (const std::int64_t of_20 : kThresholds) told.thresholds.push_back({of_20});
  compare_questions(told);
  for (const MarkedCopy& copy : marked_copies(t, exam.id)) {
    MovedCopy moved = moved_by(told, copy);
    ++told.marked;
    if (copy.is_graded()) ++told.graded;
    if (copy.is_graded() && !moved.reopened) count_thresholds(told, moved);
    if (is_moved(told, moved)) told.moved.push_back(std::move(moved));
  }
  told.fingerprint = fingerprint_of(told);
  return told;
}

/// Another barème stands on the final PDF of every marked copy, moved or not.
Result<void> settle(Transaction& t, const ExamId& exam, const Regrading& done, const audit::Actor& actor,
                    const Finalised& finalised, UtcTime now) {
  std::set<CopyId> reopened;
  for (const MovedCopy& copy : done.moved)
    if (copy.reopened) reopened.insert(copy.copy);
  const boost::json::object metadata{{"grading_version", exams::latest_version(t, exam)}};
  for (const MarkedCopy& copy : marked_copies(t, exam)) {
    if (!copy.is_graded()) continue;
    if (reopened.contains(copy.id)) {
      if (auto step = copies::take_step(t, copy.id, copies::Step::reopen, "REOPEN", actor.user, metadata, now); !step)
        return step;
      t.execute(kVoidTotal, copy.id);
      continue;
    }
    t.execute(kSetTotal, copy.id, exams::total_of(done.after, copy.scores, copy.deltas), done.after.maximum());
    copies::record_event(t, copy.id, "SCORE", actor.user, metadata, now);
    if (finalised && actor.user) finalised(t, copy.id, *actor.user);
  }
  return {};
}

}  // namespace

Result<Regrading> preview_bareme(Transaction& transaction, const ExamId& id, const BaremeWish& wish) {
  const auto exam = exams::find_exam(transaction, id);
  if (!exam) return tl::unexpected(exam.error());
  auto before = exams::grading_structure_of(transaction, id);
  if (!before) return tl::unexpected(before.error());
  auto after = wished(*exam, wish);
  if (!after) return tl::unexpected(after.error());
  return compared(transaction, *exam, std::move(*before), std::move(*after));
}

Result<Regrading> apply_bareme(Transaction& transaction, const ExamId& id, const BaremeWish& wish,
                               const std::string& fingerprint, const audit::Actor& actor, const Finalised& finalised,
                               UtcTime now) {
  transaction.execute(kHoldExam, id, now);
  transaction.execute(kHoldCopies, id, now);
  auto told = preview_bareme(transaction, id, wish);
  if (!told) return told;
  if (exams::find_exam(transaction, id)->results_released_at)
    return refuse(ErrorKind::conflict, "bareme.released", "The results are out; withdraw them first.");
  if (told->fingerprint != fingerprint)
    return refuse(ErrorKind::conflict, "bareme.preview_stale", "Something has moved since the preview; look again.");
  const auto set = exams::set_grading_structure(transaction, id, exams::grading_structure_json(told->after),
                                                told->after.step, actor.user, now);
  if (!set) return tl::unexpected(set.error());
  if (auto settled = settle(transaction, id, *told, actor, finalised, now); !settled)
    return tl::unexpected(settled.error());
  audit::append(transaction,
                {.by = actor,
                 .action = "exam.change_bareme",
                 .target_type = "exam",
                 .target_id = id.text(),
                 .details = {{"replaced_version", told->version}, {"copies_moved", told->moved.size()}}},
                now);
  return told;
}

}  // namespace korrigo::grading

#include "grading/finalise.h"

#include <boost/json/object.hpp>

#include "accounts/notifications.h"
#include "copies/copy_state.h"
#include "exams/exam.h"
#include "exams/marks.h"
#include "grading/draft.h"
#include "grading/lock.h"
#include "grading/operation.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using copies::Step;
using storage::Statement;
using storage::Transaction;

constexpr Statement kSetTotal{"copy.set_total", "UPDATE copy SET total = $2, maximum = $3 WHERE id = $1"};
constexpr Statement kVoid{"copy.void_total", R"(
  UPDATE copy SET total = NULL, maximum = NULL, final_pdf_file = NULL WHERE id = $1)"};

constexpr Statement kUnmarked{"copy.unmarked", R"(
  SELECT 1 FROM copy WHERE exam_id = $1 AND status IN ('STAGING', 'READY', 'LOCKED', 'QUARANTINE') LIMIT 1)"};
constexpr Statement kExamOf{"copy.exam_of", "SELECT exam_id FROM copy WHERE id = $1"};

/// The office hears of the last copy of an exam.
void tell_when_all_are(Transaction& t, const CopyId& copy, UtcTime now) {
  const auto exam = t.row(kExamOf, copy)->get<ExamId>(0);
  if (t.row(kUnmarked, exam)) return;
  accounts::notify_office(t, accounts::NotificationKind::all_graded, {{"exam_id", exam.text()}}, now);
}

void note(Transaction& t, const audit::Actor& actor, std::string action, const CopyId& copy, UtcTime now) {
  audit::append(t, {.by = actor, .action = std::move(action), .target_type = "copy", .target_id = copy.text()}, now);
}

Result<void> require_complete(const Marks& marks) {
  if (marks.unscored.empty()) return {};
  Error error{ErrorKind::conflict, "copy.incomplete",
              fmt::format("{} questions have no score yet.", marks.unscored.size())};
  error.details = marks.unscored;
  return tl::unexpected(std::move(error));
}

/// The barème of the copy, once it may be finalised.
Result<exams::GradingStructure> opened(Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
  const auto standing = hold_copy(t, copy, marker, now);
  if (!standing) return tl::unexpected(standing.error());
  if (standing->status == "GRADING_FAILED") return exams::grading_structure_of(t, standing->exam);
  auto desk = open_desk(t, copy, marker, now);
  if (!desk) return tl::unexpected(desk.error());
  for (const Lock& lock : locks_of(t, copy, now))
    if (lock.token != marker.token)
      return refuse(ErrorKind::conflict, "copy.others_marking",
                    fmt::format("{} is still marking this copy.", lock.owner_name));
  return std::move(desk->structure);
}

}  // namespace

Result<Finalisation> finalise(Transaction& transaction, const CopyId& copy, const Marker& marker,
                              const audit::Actor& actor, const Finalised& finalised, UtcTime now) {
  const auto structure = opened(transaction, copy, marker, now);
  if (!structure) return tl::unexpected(structure.error());
  Finalisation done{marks_of(transaction, copy, *structure), now, {}};
  if (auto complete = require_complete(done.marks); !complete) return tl::unexpected(complete.error());
  if (has_open_conflicts(transaction, copy))
    return refuse(ErrorKind::conflict, "copy.open_conflicts", "Two corrections of one thing are still to be settled.");
  const json::object metadata{{"final_score", exams::points_json(done.marks.total)},
                              {"maximum", exams::points_json(done.marks.maximum)}};
  if (auto step = copies::take_step(transaction, copy, Step::finalise, "FINALIZE", marker.user, metadata, now); !step)
    return tl::unexpected(step.error());
  transaction.execute(kSetTotal, copy, done.marks.total, done.marks.maximum);
  drop_locks(transaction, copy);
  delete_draft(transaction, copy, marker.user);
  if (finalised) done.task = finalised(transaction, copy, marker.user);
  tell_when_all_are(transaction, copy, now);
  note(transaction, actor, "copy.finalise", copy, now);
  return done;
}

Result<void> reopen(Transaction& transaction, const CopyId& copy, const std::string& reason, const audit::Actor& actor,
                    UtcTime now) {
  if (auto step = copies::take_step(transaction, copy, Step::reopen, "REOPEN", actor.user, {{"reason", reason}}, now);
      !step)
    return step;
  transaction.execute(kVoid, copy);
  note(transaction, actor, "copy.reopen", copy, now);
  return {};
}

Result<void> fail_grading(Transaction& transaction, const CopyId& copy, const std::string& reason, UtcTime now) {
  if (auto step = copies::take_step(transaction, copy, Step::fail, "GRADING_FAILED", std::nullopt, {}, now); !step)
    return step;
  copies::set_status_reason(transaction, copy, reason);
  return {};
}

}  // namespace korrigo::grading

#include "copies/join.h"

#include <boost/json/object.hpp>

#include "copies/copy_state.h"
#include "copies/office_tasks.h"
#include "copies/staple_store.h"

namespace korrigo::copies {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kHold{"join.hold", R"(
  UPDATE copy SET updated_at = $2 WHERE id = $1 RETURNING exam_id, status, student_id, final_pdf_file)"};
constexpr Statement kVoid{"join.void_total", R"(
  UPDATE copy SET total = NULL, maximum = NULL, final_pdf_file = NULL WHERE id = $1)"};
constexpr Statement kTakeCorrector{"join.take_corrector", R"(
  UPDATE copy SET assigned_corrector_id = other.assigned_corrector_id, assigned_at = other.assigned_at,
    dispatch_run = other.dispatch_run
  FROM (SELECT assigned_corrector_id, assigned_at, dispatch_run FROM copy WHERE id = $2) AS other
  WHERE copy.id = $1 AND copy.assigned_corrector_id IS NULL)"};

struct Joined {
  ExamId exam;
  std::string status;
  std::optional<StudentId> student;
  std::optional<std::string> final_pdf;

  bool is_graded() const { return status == "GRADED" || status == "GRADING_FAILED"; }
};

Result<Joined> held(Transaction& t, const CopyId& copy, UtcTime now) {
  const auto row = t.row(kHold, copy, now);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  return Joined{row->get<ExamId>(0), row->get<std::string>(1), row->get<std::optional<StudentId>>(2),
                row->get<std::optional<std::string>>(3)};
}

tl::unexpected<Error> malformed(std::string code, std::string message) {
  Error error{ErrorKind::malformed, std::move(code), std::move(message)};
  error.field = "source_copy_id";
  return tl::unexpected(std::move(error));
}

Result<void> require_at_rest(const Joined& copy) {
  if (copy.status == "LOCKED") return refuse(ErrorKind::conflict, "copy.locked", "Somebody is marking this copy.");
  if (copy.status == "QUARANTINE") return refuse(ErrorKind::conflict, "copy.not_ready", "The copy is not READY.");
  return {};
}

Result<void> require_joinable(const Joined& target, const Joined& source) {
  if (target.exam != source.exam) return malformed("copy_merge.other_exam", "The copies are of two exams.");
  for (const Joined* copy : {&target, &source})
    if (auto rests = require_at_rest(*copy); !rests) return rests;
  if (target.student && source.student && *target.student != *source.student)
    return refuse(ErrorKind::conflict, "copy_merge.two_students", "The copies are two students'.");
  return {};
}

void add_files(Transaction& t, const CopyId& copy, const Joined& held, std::vector<std::string>& obsolete) {
  for (std::string& key : pdfs_of_copy(t, copy)) obsolete.push_back(std::move(key));
  if (held.final_pdf) obsolete.push_back(*held.final_pdf);
}

/// READY, whatever it was before.
Result<void> make_ready(Transaction& t, const Joined& was, const CopyId& copy, std::optional<UserId> by,
                        const boost::json::object& metadata, UtcTime now) {
  if (was.is_graded()) {
    t.execute(kVoid, copy);
    return take_step(t, copy, Step::reopen, "MERGE", by, metadata, now);
  }
  if (was.status == "STAGING") return take_step(t, copy, Step::validate, "MERGE", by, metadata, now);
  record_event(t, copy, "MERGE", by, metadata, now);
  return {};
}

}  // namespace

Result<ExamId> may_join(Transaction& transaction, const CopyId& target, const CopyId& source, UtcTime now) {
  if (target == source) return malformed("copy_merge.same", "A copy is not merged with itself.");
  const auto first = held(transaction, target, now);
  if (!first) return tl::unexpected(first.error());
  const auto second = held(transaction, source, now);
  if (!second) return tl::unexpected(second.error());
  if (auto joinable = require_joinable(*first, *second); !joinable) return tl::unexpected(joinable.error());
  if (auto open = open_exam(transaction, first->exam, now); !open) return tl::unexpected(open.error());
  return first->exam;
}

Result<void> join_copies(Transaction& transaction, const Office& office, const CopyId& target, const CopyId& source,
                         const boost::json::object& metadata, std::vector<std::string>& obsolete) {
  const UtcTime now = office.queue.clock().now();
  if (auto may = may_join(transaction, target, source, now); !may) return tl::unexpected(may.error());
  const Joined kept = held(transaction, target, now).value(), gone = held(transaction, source, now).value();
  add_files(transaction, target, kept, obsolete);
  add_files(transaction, source, gone, obsolete);
  if (!kept.student && gone.student) {
    set_student(transaction, source, std::nullopt, now);
    set_student(transaction, target, gone.student, now);
  }
  transaction.execute(kTakeCorrector, target, source);
  std::vector<BookletId> booklets = booklets_of_copy(transaction, target);
  for (const BookletId& booklet : booklets_of_copy(transaction, source)) booklets.push_back(booklet);
  set_booklets(transaction, target, booklets);
  remove_copy(transaction, source, now);
  lay_out(transaction, target, now);
  if (auto ready = make_ready(transaction, kept, target, office.actor.user, metadata, now); !ready) return ready;
  office.queue.enqueue(transaction, rebuild_task({kept.exam, {target}, {}}, office.actor.user));
  return {};
}

}  // namespace korrigo::copies

#include "copies/identify.h"

#include <boost/json/object.hpp>

#include "copies/class_solver.h"
#include "copies/copy_state.h"
#include "copies/identify_store.h"
#include "copies/office_tasks.h"
#include "copies/staple_store.h"
#include "copies/undo_step.h"

namespace korrigo::copies {
namespace {

using storage::Transaction;

tl::unexpected<Error> no_such_copy() {
  return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
}

bool in_marking(const CopyOwner& owner) {
  return owner.status == "LOCKED" || owner.status == "GRADED" || owner.status == "GRADING_FAILED";
}

tl::unexpected<Error> refuse_in_marking() {
  return refuse(ErrorKind::conflict, "copy.in_marking", "The copy is being marked or has been marked.");
}

void note(Transaction& t, const Office& office, std::string action, const CopyId& copy, UtcTime now) {
  audit::append(t, {.by = office.actor, .action = std::move(action), .target_type = "copy", .target_id = copy.text()},
                now);
}

// A person's decision, committed; what follows of it is solved afterwards.
struct Decided {
  ExamId exam;
  std::int64_t step = 0;
};

Result<void> follow(const Office& office, const Result<Decided>& decided) {
  if (!decided) return tl::unexpected(decided.error());
  solve_exam(office.database, office.queue.clock(), decided->exam, {.following = decided->step});
  return {};
}

struct Choice {
  StudentId student;
  PersonsWord word;
};

Result<Decided> decide_owner(Transaction& t, const Office& office, const CopyId& copy, const CopyOwner& owner,
                             const Choice& choice, std::optional<CopyId>* other) {
  const UtcTime now = office.queue.clock().now();
  hold_owners(t, owner.exam, now);
  if (!enrol_in_exam(t, owner.exam, choice.student))
    return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
  if (in_marking(owner)) return refuse_in_marking();
  if (owner.student && *owner.student != choice.student) return refuse_identified(t, copy, *owner.student);
  if (const auto taken = other_copy_of(t, owner.exam, choice.student, copy)) {
    if (other != nullptr) *other = taken;
    return refuse(ErrorKind::conflict, "identification.student_has_copy",
                  "This student already has a copy in this exam.");
  }
  const StepRows rows{{}, {copy}, {}};
  auto before = kept_rows(t, rows);
  set_student(t, copy, choice.student, now);
  put_persons_word(t, copy, choice.word, now);
  const boost::json::object metadata{{"student_id", choice.student.value}};
  if (owner.status == "STAGING") {
    if (auto ready = take_step(t, copy, Step::validate, "IDENTIFY", office.actor.user, metadata, now); !ready)
      return tl::unexpected(ready.error());
  } else {
    record_event(t, copy, "IDENTIFY", office.actor.user, metadata, now);
  }
  const auto step = put_step(t, {owner.exam, *office.actor.user, "identify", rows, std::move(before)}, now);
  note(t, office, "copy.identify", copy, now);
  return Decided{owner.exam, step};
}

Result<Decided> forget_owner(Transaction& t, const Office& office, const CopyId& copy) {
  const auto owner = find_owner(t, copy);
  if (!owner) return no_such_copy();
  if (in_marking(*owner)) return refuse_in_marking();
  if (!owner->student) return refuse(ErrorKind::conflict, "copy.not_identified", "The copy is nobody's.");
  const UtcTime now = office.queue.clock().now();
  const StepRows rows{{}, {copy}, {}};
  auto before = kept_rows(t, rows);
  set_student(t, copy, std::nullopt, now);
  put_persons_word(t, copy, {*office.actor.user}, now);
  const boost::json::object metadata{{"student_id", owner->student->value}};
  if (owner->status == "READY") {
    if (auto back = take_step(t, copy, Step::withdraw, "UNIDENTIFY", office.actor.user, metadata, now); !back)
      return tl::unexpected(back.error());
  } else {
    record_event(t, copy, "UNIDENTIFY", office.actor.user, metadata, now);
  }
  const auto step = put_step(t, {owner->exam, *office.actor.user, "unidentify", rows, std::move(before)}, now);
  note(t, office, "copy.unidentify", copy, now);
  return Decided{owner->exam, step};
}

}  // namespace

Result<void> identify_copy(const Office& office, const CopyId& copy, StudentId student, Means means,
                           std::optional<CopyId>* other) {
  return follow(office, office.database.write([&](Transaction& t) -> Result<Decided> {
    const auto owner = find_owner(t, copy);
    if (!owner) return no_such_copy();
    const Choice choice{student, {*office.actor.user, std::nullopt, means == Means::overridden}};
    return decide_owner(t, office, copy, *owner, choice, other);
  }));
}

tl::unexpected<Error> refuse_identified(Transaction& transaction, const CopyId& copy, StudentId student) {
  const OwnerSaid said = owner_said(transaction, copy, student);
  return refuse(ErrorKind::conflict, "identification.already_identified",
                said.by.empty() ? fmt::format("The header of this copy was read meanwhile: {}.", said.student)
                                : fmt::format("{} has identified this copy: {}.", said.by, said.student));
}

Result<void> select_candidate(const Office& office, const CopyId& copy, const CandidateChoice& choice,
                              std::optional<CopyId>* other) {
  return follow(office, office.database.write([&](Transaction& t) -> Result<Decided> {
    const auto owner = find_owner(t, copy);
    if (!owner) return no_such_copy();
    const auto candidates = candidates_of(t, copy);
    const auto index = static_cast<std::size_t>(choice.rank) - 1;
    std::optional<StudentId> student = choice.student;
    if (!student && choice.rank >= 1 && index < candidates.size()) student = candidates[index];
    if (!student)
      return refuse(ErrorKind::malformed, "identification.no_such_rank", "There is no student at this rank.");
    std::optional<int> rank;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (candidates[i] == student) rank = static_cast<int>(i) + 1;
    return decide_owner(t, office, copy, *owner, {*student, {*office.actor.user, rank, false}}, other);
  }));
}

Result<void> unidentify_copy(const Office& office, const CopyId& copy) {
  return follow(office, office.database.write([&](Transaction& t) { return forget_owner(t, office, copy); }));
}

Result<void> validate_copy(const Office& office, const CopyId& copy) {
  return office.database.write([&](Transaction& t) {
    return take_step(t, copy, Step::validate, "VALIDATE", office.actor.user, {}, office.queue.clock().now());
  });
}

Result<Validation> validate_all(const Office& office, const ExamId& exam) {
  return office.database.write([&](Transaction& t) -> Result<Validation> {
    const UtcTime now = office.queue.clock().now();
    if (auto open = open_exam(t, exam, now); !open) return tl::unexpected(open.error());
    Validation validation;
    for (const CopyId& copy : staging_copies(t, exam)) {
      const auto ready = take_step(t, copy, Step::validate, "VALIDATE", office.actor.user, {}, now);
      if (ready)
        validation.validated.push_back(copy);
      else
        validation.refused.emplace_back(copy, ready.error());
    }
    return validation;
  });
}

Result<TaskId> read_header_again(const Office& office, const CopyId& copy, bool links) {
  return office.database.write([&](Transaction& t) -> Result<TaskId> {
    const auto owner = find_owner(t, copy);
    if (!owner) return no_such_copy();
    if (!has_booklet(t, copy)) return refuse(ErrorKind::malformed, "copy.no_booklet", "No booklet");
    if (links && in_marking(*owner)) return refuse_in_marking();
    return office.queue.enqueue(t, header_task(owner->exam, copy, links, office.actor.user));
  });
}

}  // namespace korrigo::copies

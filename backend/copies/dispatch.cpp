#include "copies/dispatch.h"

#include <boost/json/object.hpp>
#include <random>
#include <set>

#include "accounts/notifications.h"
#include "copies/copy_state.h"
#include "copies/dispatch_store.h"
#include "copies/sharing_out.h"
#include "copies/staple_store.h"
#include "exams/correctors.h"
#include "exams/exam.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Transaction;

tl::unexpected<Error> refuse_field(std::string code, std::string field, std::string message) {
  Error error{ErrorKind::malformed, std::move(code), std::move(message)};
  error.field = std::move(field);
  return tl::unexpected(std::move(error));
}

Result<void> require_corrector(Transaction& t, const ExamId& exam, UserId user) {
  for (const exams::Corrector& corrector : exams::correctors_of(t, exam))
    if (corrector.user == user) return {};
  return refuse_field("corrector.unknown", "corrector_id", "Correctors are active teachers and admins.");
}

Result<void> require_exercise(Transaction& t, const ExamId& exam, const std::optional<std::string>& exercise) {
  if (!exercise) return {};
  const auto structure = exams::grading_structure_of(t, exam);
  if (!structure) return tl::unexpected(structure.error());
  for (const exams::Question& question : structure->questions)
    if (question.id == *exercise) return {};
  return refuse_field("dispatch.unknown_exercise", "exercise_id", "The barème has no such exercise.");
}

Result<std::vector<CorrectorLoad>> chosen(Transaction& t, const ExamId& exam, const DispatchOptions& options) {
  std::vector<CorrectorLoad> all;
  for (const exams::Corrector& corrector : exams::correctors_of(t, exam)) {
    const bool wanted =
        options.correctors.empty() || std::ranges::find(options.correctors, corrector.user) != options.correctors.end();
    if (wanted)
      all.push_back({corrector.user, corrector.username, 0,
                     options.exercise ? store::exercises_of(t, exam, corrector.user, *options.exercise)
                                      : corrector.copies_assigned});
  }
  if (!options.correctors.empty() &&
      all.size() != std::set(options.correctors.begin(), options.correctors.end()).size())
    return refuse_field("corrector.unknown", "corrector_ids", "Correctors are active teachers and admins.");
  if (all.empty()) return refuse(ErrorKind::malformed, "dispatch.no_corrector", "The exam has no corrector.");
  return all;
}

/// Who marks it is written with the copy, or for its exercise, and into its history.
void give(Transaction& t, const Office& office, const CopyId& copy, std::optional<UserId> to,
          const std::optional<std::string>& exercise, const std::optional<std::string>& run, std::string_view action) {
  const UtcTime now = office.queue.clock().now();
  if (exercise)
    store::assign_exercise(t, copy, *exercise, to, run, now);
  else
    store::assign(t, copy, to, run, now);
  json::object metadata{{"corrector_id", to ? json::value(to->value) : json::value(nullptr)}};
  if (exercise) metadata["exercise_id"] = *exercise;
  if (run) metadata["dispatch_run"] = *run;
  record_event(t, copy, action, office.actor.user, metadata, now);
}

void tell(Transaction& t, const Office& office, const ExamId& exam, UserId corrector, std::int64_t copies) {
  accounts::notify(t, {corrector}, accounts::NotificationKind::copies_assigned,
                   {{"exam_id", exam.text()}, {"copies", copies}}, office.queue.clock().now());
}

void note(Transaction& t, const Office& office, std::string action, std::string type, const std::string& id) {
  audit::append(t, {.by = office.actor, .action = std::move(action), .target_type = std::move(type), .target_id = id},
                office.queue.clock().now());
}

Result<Dispatch> share(Transaction& t, const Office& office, const ExamId& exam, const DispatchOptions& options) {
  if (auto open = open_exam(t, exam, office.queue.clock().now()); !open) return tl::unexpected(open.error());
  if (auto known = require_exercise(t, exam, options.exercise); !known) return tl::unexpected(known.error());
  auto correctors = chosen(t, exam, options);
  if (!correctors) return tl::unexpected(correctors.error());
  Random random(std::random_device{}());
  std::vector<store::Unassigned> copies = store::unassigned(t, exam, options.exercise);
  if (options.shuffle) random.shuffle(std::span(copies));
  std::vector<std::int64_t> loads;
  for (const CorrectorLoad& corrector : *correctors) loads.push_back(corrector.load);
  std::vector<std::string> classes;
  for (const store::Unassigned& copy : copies) classes.push_back(copy.class_name);
  const auto to = options.by_class ? share_out_groups(classes, loads, random) : share_out(copies.size(), loads, random);
  Dispatch done{make_uuid_v4(), static_cast<std::int64_t>(copies.size()), std::move(*correctors)};
  for (std::size_t i = 0; i < copies.size(); ++i) {
    CorrectorLoad& corrector = done.distribution[to[i]];
    give(t, office, copies[i].copy, corrector.user, options.exercise, done.run, "ASSIGN");
    ++corrector.assigned;
    ++corrector.load;
  }
  for (const CorrectorLoad& corrector : done.distribution)
    if (corrector.assigned > 0) tell(t, office, exam, corrector.user, corrector.assigned);
  note(t, office, "exam.dispatch", "exam", exam.text());
  return done;
}

Result<store::Held> held(Transaction& t, const CopyId& copy, UtcTime now) {
  auto found = store::hold(t, copy, now);
  if (!found) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  return std::move(*found);
}

}  // namespace

Result<Dispatch> dispatch(const Office& office, const ExamId& exam, const DispatchOptions& options) {
  return office.database.write([&](Transaction& t) { return share(t, office, exam, options); });
}

Result<void> assign_copy(const Office& office, const CopyId& copy, std::optional<UserId> corrector,
                         const std::optional<std::string>& exercise) {
  return office.database.write([&](Transaction& t) -> Result<void> {
    const auto found = held(t, copy, office.queue.clock().now());
    if (!found) return tl::unexpected(found.error());
    if (corrector)
      if (auto known = require_corrector(t, found->exam, *corrector); !known) return known;
    if (auto known = require_exercise(t, found->exam, exercise); !known) return known;
    if (found->status == "QUARANTINE") return refuse(ErrorKind::conflict, "copy.not_ready", "The copy is not READY.");
    if (found->status != "STAGING" && found->status != "READY")
      return refuse(ErrorKind::conflict, "copy.in_marking", "The copy is being marked or has been marked.");
    if (!exercise && is_in_use(t, copy))
      return refuse(ErrorKind::conflict, "copy.started", "Marking of this copy has begun; transfer it.");
    give(t, office, copy, corrector, exercise, std::nullopt, "ASSIGN");
    if (corrector) tell(t, office, found->exam, *corrector, 1);
    note(t, office, "copy.assign", "copy", copy.text());
    return {};
  });
}

Result<void> transfer_copy(const Office& office, const CopyId& copy, UserId corrector) {
  return office.database.write([&](Transaction& t) -> Result<void> {
    const auto found = held(t, copy, office.queue.clock().now());
    if (!found) return tl::unexpected(found.error());
    if (auto known = require_corrector(t, found->exam, corrector); !known) return known;
    if (found->status == "LOCKED") return refuse(ErrorKind::conflict, "copy.locked", "Somebody is marking this copy.");
    if (found->status == "STAGING" || found->status == "QUARANTINE")
      return refuse(ErrorKind::conflict, "copy.not_ready", "The copy is not READY.");
    give(t, office, copy, corrector, std::nullopt, std::nullopt, "TRANSFER");
    tell(t, office, found->exam, corrector, 1);
    note(t, office, "copy.transfer", "copy", copy.text());
    return {};
  });
}

}  // namespace korrigo::copies

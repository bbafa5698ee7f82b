#include "copies/copy_state.h"

#include <boost/json.hpp>

#include "base/hash.h"

namespace korrigo::copies {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kStatus{"copy.status", "SELECT status, page_count FROM copy WHERE id = $1"};
constexpr Statement kValidate{"copy.validate", R"(
  UPDATE copy SET status = 'READY', status_reason = NULL, validated_at = $2, updated_at = $2 WHERE id = $1)"};
constexpr Statement kSetStatus{"copy.set_status", R"(
  UPDATE copy SET status = $2, status_reason = NULL, updated_at = $3 WHERE id = $1)"};
constexpr Statement kLock{"copy.lock", R"(
  UPDATE copy SET status = 'LOCKED', locked_at = $2, locked_by_id = $3, updated_at = $2 WHERE id = $1)"};
constexpr Statement kReady{"copy.ready_again", R"(
  UPDATE copy SET status = 'READY', status_reason = NULL, locked_at = NULL, locked_by_id = NULL, graded_at = NULL,
    updated_at = $2
  WHERE id = $1)"};
constexpr Statement kGraded{"copy.graded", R"(
  UPDATE copy SET status = 'GRADED', status_reason = NULL, graded_at = $2, updated_at = $2 WHERE id = $1)"};
constexpr Statement kReason{"copy.status_reason", "UPDATE copy SET status_reason = $2 WHERE id = $1"};
constexpr Statement kEvent{"copy.event", R"(
  INSERT INTO grading_event (id, copy_id, action, actor_id, metadata, created_at) VALUES ($1, $2, $3, $4, $5, $6))"};

constexpr Statement kReturn{"copy.return_to",
                            "UPDATE copy SET status = $2, validated_at = $3, updated_at = $4 WHERE id = $1"};
constexpr Statement kEvents{"copy.events", R"(
  SELECT e.id, e.action, e.actor_id, e.metadata, e.created_at, copy.exam_id
  FROM grading_event e JOIN copy ON copy.id = e.copy_id WHERE e.copy_id = $1 ORDER BY e.created_at, e.id)"};
constexpr Statement kArchive{"copy.archive_event", R"(
  INSERT INTO archived_event (id, exam_id, copy_id, sha256, archived_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT DO NOTHING)"};
constexpr Statement kRemove{"copy.remove", "DELETE FROM copy WHERE id = $1"};

struct Rule {
  std::string_view from, to;
  std::string_view or_from = {};
};

Rule rule_of(Step step) {
  switch (step) {
    case Step::validate:
      return {"STAGING", "READY"};
    case Step::withdraw:
      return {"READY", "STAGING"};
    case Step::quarantine:
      return {"STAGING", "QUARANTINE"};
    case Step::restore:
      return {"QUARANTINE", "STAGING"};
    case Step::lock:
      return {"READY", "LOCKED"};
    case Step::unlock:
      return {"LOCKED", "READY"};
    case Step::finalise:
      return {"LOCKED", "GRADED", "GRADING_FAILED"};
    case Step::fail:
      return {"GRADED", "GRADING_FAILED"};
    case Step::reopen:
      return {"GRADED", "READY", "GRADING_FAILED"};
  }
  throw std::logic_error("a step without a rule");
}

tl::unexpected<Error> wrong_state(std::string_view status, Step step) {
  const bool is_graded = status == "GRADED" || status == "GRADING_FAILED";
  if (step == Step::fail || step == Step::reopen)
    return refuse(ErrorKind::conflict, "copy.not_graded", "The copy has not been marked.");
  if (is_graded && (step == Step::lock || step == Step::unlock || step == Step::finalise))
    return refuse(ErrorKind::conflict, "copy.graded", "The copy has been marked.");
  if (step == Step::unlock || step == Step::finalise)
    return refuse(ErrorKind::conflict, "copy.not_locked", "The copy is not locked.");
  if (step == Step::lock) return refuse(ErrorKind::conflict, "copy.not_ready", "The copy is not READY.");
  if (status == "LOCKED" || is_graded)
    return refuse(ErrorKind::conflict, "copy.in_marking", "The copy is being marked or has been marked.");
  if (step == Step::restore)
    return refuse(ErrorKind::conflict, "copy.not_quarantined", "The copy is not in quarantine.");
  if (step == Step::withdraw) return refuse(ErrorKind::conflict, "copy.not_ready", "The copy is not READY.");
  return refuse(ErrorKind::conflict, "copy.not_staging", "The copy is not waiting for validation.");
}

void write_status(Transaction& t, const CopyId& copy, Step step, std::string_view to, std::optional<UserId> actor,
                  UtcTime now) {
  switch (step) {
    case Step::validate:
      t.execute(kValidate, copy, now);
      break;
    case Step::lock:
      t.execute(kLock, copy, now, actor);
      break;
    case Step::unlock:
    case Step::reopen:
      t.execute(kReady, copy, now);
      break;
    case Step::finalise:
      t.execute(kGraded, copy, now);
      break;
    default:
      t.execute(kSetStatus, copy, to, now);
  }
}

}  // namespace

std::string_view name_of(CopyStatus status) {
  constexpr std::array<std::string_view, 6> kNames = {"STAGING", "READY",      "LOCKED",
                                                      "GRADED",  "QUARANTINE", "GRADING_FAILED"};
  return kNames[static_cast<std::size_t>(status)];
}

Result<void> take_step(Transaction& transaction, const CopyId& copy, Step step, std::string_view action,
                       std::optional<UserId> actor, const boost::json::object& metadata, UtcTime now) {
  const auto row = transaction.row(kStatus, copy);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  const Rule rule = rule_of(step);
  const auto status = row->get<std::string>(0);
  if (status != rule.from && status != rule.or_from) return wrong_state(status, step);
  if (step == Step::validate && row->get<int>(1) == 0)
    return refuse(ErrorKind::conflict, "copy.no_faces", "The copy has no pages.");
  write_status(transaction, copy, step, rule.to, actor, now);
  record_event(transaction, copy, action, actor, metadata, now);
  return {};
}

void set_status_reason(Transaction& transaction, const CopyId& copy, std::string_view reason) {
  transaction.execute(kReason, copy, reason);
}

void return_to(Transaction& transaction, const CopyId& copy, std::string_view status,
               std::optional<UtcTime> validated_at, UtcTime now) {
  transaction.execute(kReturn, copy, status, validated_at, now);
}

void remove_copy(Transaction& transaction, const CopyId& copy, UtcTime now) {
  // The same text of an event as when its exam is deleted (exams/exam_store.cpp).
  for (const storage::Row& row : transaction.rows(kEvents, copy)) {
    const auto actor = row.get<std::optional<std::int64_t>>(2);
    const std::string text =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", row.get<std::string>(0), copy.text(), row.get<std::string>(1),
                    actor ? std::to_string(*actor) : "", row.get<std::string>(3), row.get<std::int64_t>(4));
    transaction.execute(kArchive, row.get<std::string>(0), row.get<std::string>(5), copy,
                        sha256(std::as_bytes(std::span(text))), now);
  }
  transaction.execute(kRemove, copy);
}

void record_event(Transaction& transaction, const CopyId& copy, std::string_view action, std::optional<UserId> actor,
                  const boost::json::object& metadata, UtcTime now) {
  transaction.execute(kEvent, make_uuid_v7(now), copy, action, actor, boost::json::serialize(metadata), now);
}

}  // namespace korrigo::copies

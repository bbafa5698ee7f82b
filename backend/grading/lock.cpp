#include "grading/lock.h"

#include <boost/json/object.hpp>

#include "accounts/secrets.h"
#include "copies/copy_state.h"
#include "copies/file_keys.h"
#include "exams/exam.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kKind = "release_expired_locks";
constexpr std::size_t kShownOfToken = 8;

#define KORRIGO_LOCK_SELECT                                                                                      \
  "SELECT l.scope, l.owner_id, u.username, l.token, l.locked_at, l.expires_at FROM copy_lock l JOIN \"user\" u " \
  "ON u.id = l.owner_id "
constexpr Statement kLocks{"lock.of_copy", KORRIGO_LOCK_SELECT "WHERE l.copy_id = $1 ORDER BY l.scope"};
#undef KORRIGO_LOCK_SELECT
constexpr Statement kPut{"lock.put", R"(
  INSERT INTO copy_lock (copy_id, scope, owner_id, token, locked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6))"};
constexpr Statement kExtend{"lock.extend", "UPDATE copy_lock SET expires_at = $2 WHERE token = $1"};
constexpr Statement kRemove{"lock.remove", "DELETE FROM copy_lock WHERE token = $1"};
constexpr Statement kRemoveAll{"lock.remove_all", "DELETE FROM copy_lock WHERE copy_id = $1"};
constexpr Statement kHold{"lock.hold_copy", "UPDATE copy SET updated_at = $2 WHERE id = $1 RETURNING status"};
constexpr Statement kExpired{"lock.expired", "SELECT DISTINCT copy_id FROM copy_lock WHERE expires_at <= $1"};

std::vector<Lock> all_locks(Transaction& t, const CopyId& copy) {
  std::vector<Lock> locks;
  for (const Row& row : t.rows(kLocks, copy))
    locks.push_back({row.get<std::string>(0), row.get<UserId>(1), row.get<std::string>(2), row.get<std::string>(3),
                     row.get<UtcTime>(4), row.get<UtcTime>(5)});
  return locks;
}

json::object metadata_of(const Lock& lock) {
  json::object metadata{{"token", lock.token.substr(0, kShownOfToken)}, {"owner_id", lock.owner.value}};
  if (!lock.exercise.empty()) metadata["exercise_id"] = lock.exercise;
  return metadata;
}

/// Removes one of the copy's locks; with the last one the copy is READY again.
Result<void> remove(Transaction& t, const CopyId& copy, const Lock& lock, std::optional<UserId> actor,
                    std::string_view why, UtcTime now) {
  t.execute(kRemove, lock.token);
  json::object metadata = metadata_of(lock);
  metadata["why"] = why;
  if (t.row(kLocks, copy)) {
    copies::record_event(t, copy, "UNLOCK", actor, metadata, now);
    return {};
  }
  return copies::take_step(t, copy, copies::Step::unlock, "UNLOCK", actor, metadata, now);
}

/// The locks that are not over; the others are removed.
Result<std::vector<Lock>> swept(Transaction& t, const CopyId& copy, UtcTime now, int* removed = nullptr) {
  std::vector<Lock> alive;
  for (Lock& lock : all_locks(t, copy)) {
    if (lock.expires_at > now) {
      alive.push_back(std::move(lock));
      continue;
    }
    if (auto gone = remove(t, copy, lock, std::nullopt, "expired", now); !gone) return tl::unexpected(gone.error());
    if (removed != nullptr) ++*removed;
  }
  return alive;
}

Result<void> require_exercise(Transaction& t, const ExamId& exam, const std::string& exercise) {
  if (exercise.empty()) return {};
  const auto structure = exams::grading_structure_of(t, exam);
  if (!structure) return tl::unexpected(structure.error());
  for (const exams::Question& question : structure->questions)
    if (question.id == exercise) return {};
  Error error{ErrorKind::malformed, "lock.unknown_exercise", "The barème has no such exercise."};
  error.field = "exercise_id";
  return tl::unexpected(std::move(error));
}

Result<Taken> taken_anew(Transaction& t, const CopyId& copy, const Marker& marker, const LockWish& wish, UtcTime end,
                         UtcTime now, bool is_first) {
  Lock lock{wish.exercise, marker.user, {}, accounts::new_secret(), now, end};
  t.execute(kPut, copy, lock.exercise, lock.owner, lock.token, now, end);
  if (!is_first) {
    copies::record_event(t, copy, "LOCK", marker.user, metadata_of(lock), now);
  } else if (auto step = copies::take_step(t, copy, copies::Step::lock, "LOCK", marker.user, metadata_of(lock), now);
             !step) {
    return tl::unexpected(step.error());
  }
  return Taken{std::move(lock), true};
}

tl::unexpected<Error> no_lock() {
  return refuse(ErrorKind::not_found, "lock.not_found", "There is no lock, or it is over.");
}

}  // namespace

std::vector<Lock> locks_of(Transaction& transaction, const CopyId& copy, UtcTime now) {
  std::vector<Lock> locks = all_locks(transaction, copy);
  std::erase_if(locks, [now](const Lock& lock) { return lock.expires_at <= now; });
  return locks;
}

Result<Taken> take_lock(Transaction& transaction, const CopyId& copy, const Marker& marker, const LockWish& wish,
                        UtcTime now, std::optional<Lock>* holder) {
  const auto standing = hold_copy(transaction, copy, marker, now);
  if (!standing) return tl::unexpected(standing.error());
  if (auto markable = require_markable(standing->status); !markable) return tl::unexpected(markable.error());
  if (auto known = require_exercise(transaction, standing->exam, wish.exercise); !known)
    return tl::unexpected(known.error());
  auto locks = swept(transaction, copy, now);
  if (!locks) return tl::unexpected(locks.error());
  const UtcTime end = now + (wish.offline ? std::chrono::seconds(kOfflineLease) : std::min(wish.lasts, kLongestLock));
  for (Lock& lock : *locks) {
    if (lock.exercise == wish.exercise && lock.owner == marker.user) {
      lock.expires_at = std::max(lock.expires_at, end);
      transaction.execute(kExtend, lock.token, lock.expires_at);
      return Taken{std::move(lock), false};
    }
    if (lock.exercise != wish.exercise && !lock.exercise.empty() && !wish.exercise.empty()) continue;
    if (holder != nullptr) *holder = lock;
    return refuse(ErrorKind::conflict, "lock.taken", "The copy is locked by " + lock.owner_name + ".");
  }
  return taken_anew(transaction, copy, marker, wish, end, now, locks->empty());
}

Result<Lock> held_lock(Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now) {
  if (marker.token.empty()) return refuse(ErrorKind::forbidden, "lock.required", "Lock the copy first.");
  for (Lock& lock : all_locks(transaction, copy)) {
    if (lock.owner != marker.user || !accounts::same_secret(lock.token, marker.token)) continue;
    if (lock.expires_at <= now) return refuse(ErrorKind::forbidden, "lock.expired", "Your lock is over.");
    return std::move(lock);
  }
  return refuse(ErrorKind::forbidden, "lock.wrong_token", "This is not the token of a lock of yours.");
}

Result<Lock> keep_lock(Transaction& transaction, const CopyId& copy, const Marker& marker, std::chrono::seconds lasts,
                       UtcTime now) {
  if (auto seen = copies::may_see(transaction, copy, {marker.user, marker.is_admin}); !seen)
    return tl::unexpected(seen.error());
  if (locks_of(transaction, copy, now).empty()) return no_lock();
  auto lock = held_lock(transaction, copy, marker, now);
  if (!lock) {
    if (lock.error().code == "lock.expired") return no_lock();
    return lock;
  }
  lock->expires_at = std::max(lock->expires_at, now + std::min(lasts, kLongestLock));
  transaction.execute(kExtend, lock->token, lock->expires_at);
  return lock;
}

Result<void> release_lock(Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now) {
  if (auto standing = hold_copy(transaction, copy, marker, now); !standing) return tl::unexpected(standing.error());
  if (locks_of(transaction, copy, now).empty()) return no_lock();
  const auto lock = held_lock(transaction, copy, marker, now);
  if (!lock) return tl::unexpected(lock.error());
  return remove(transaction, copy, *lock, marker.user, "released", now);
}

Result<void> force_unlock(Transaction& transaction, const CopyId& copy, UserId admin, UtcTime now) {
  const auto row = transaction.row(kHold, copy, now);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  const std::vector<Lock> locks = all_locks(transaction, copy);
  if (locks.empty()) return refuse(ErrorKind::conflict, "copy.not_locked", "The copy is not locked.");
  for (const Lock& lock : locks)
    if (auto gone = remove(transaction, copy, lock, admin, "forced", now); !gone) return gone;
  return {};
}

void drop_locks(Transaction& transaction, const CopyId& copy) {
  transaction.execute(kRemoveAll, copy);
}

int release_expired_locks(storage::Database& database, UtcTime now) {
  const auto copies = database.read([&](Transaction& t) {
    std::vector<CopyId> ids;
    for (const Row& row : t.rows(kExpired, now)) ids.push_back(row.get<CopyId>(0));
    return ids;
  });
  int released = 0;
  for (const CopyId& copy : copies)
    released += database.write([&](Transaction& t) {
      int removed = 0;
      t.execute(kHold, copy, now);
      swept(t, copy, now, &removed).value();
      return removed;
    });
  return released;
}

void keep_releasing_locks(jobs::Kinds& kinds, jobs::Queue& queue, storage::Database& database) {
  kinds.add(std::string(kKind), [&database](jobs::TaskContext& context) -> Result<jobs::Ending> {
    return context.finish({{"locks", release_expired_locks(database, context.clock().now())}});
  });
  database.write([&](Transaction& transaction) {
    const jobs::NewTask task{.kind = std::string(kKind)};
    queue.schedule(transaction, kKind, task, std::chrono::minutes(1), queue.clock().now() + std::chrono::minutes(1));
  });
}

}  // namespace korrigo::grading

#include "grading/lock.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>
#include <set>

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
constexpr Statement kLocks{"lock.of_copy", KORRIGO_LOCK_SELECT "WHERE l.copy_id = $1 ORDER BY l.token, l.scope"};
#undef KORRIGO_LOCK_SELECT
constexpr Statement kGiven{"lock.given_exercises", R"(
  SELECT exercise_id FROM exercise_assignment WHERE copy_id = $1 AND corrector_id = $2)"};
constexpr Statement kPut{"lock.put", R"(
  INSERT INTO copy_lock (copy_id, scope, owner_id, token, locked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6))"};
constexpr Statement kExtend{"lock.extend", "UPDATE copy_lock SET expires_at = $2 WHERE token = $1"};
constexpr Statement kRemove{"lock.remove", "DELETE FROM copy_lock WHERE token = $1"};
constexpr Statement kRemoveAll{"lock.remove_all", "DELETE FROM copy_lock WHERE copy_id = $1"};
constexpr Statement kHold{"lock.hold_copy", "UPDATE copy SET updated_at = $2 WHERE id = $1 RETURNING status"};
constexpr Statement kExpired{"lock.expired", "SELECT DISTINCT copy_id FROM copy_lock WHERE expires_at <= $1"};

std::vector<Lock> all_locks(Transaction& t, const CopyId& copy) {
  std::vector<Lock> locks;
  for (const Row& row : t.rows(kLocks, copy)) {
    auto token = row.get<std::string>(3);
    if (locks.empty() || locks.back().token != token)
      locks.push_back({{},
                       row.get<UserId>(1),
                       row.get<std::string>(2),
                       std::move(token),
                       row.get<UtcTime>(4),
                       row.get<UtcTime>(5)});
    if (auto exercise = row.get<std::string>(0); !exercise.empty())
      locks.back().exercises.push_back(std::move(exercise));
  }
  return locks;
}

json::object metadata_of(const Lock& lock) {
  json::object metadata{{"token", lock.token.substr(0, kShownOfToken)}, {"owner_id", lock.owner.value}};
  if (!lock.exercises.empty()) metadata["exercise_ids"] = json::value_from(lock.exercises);
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

bool exclude(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  if (one.empty() || other.empty()) return true;
  return std::any_of(one.begin(), one.end(), [&](const std::string& exercise) {
    return std::find(other.begin(), other.end(), exercise) != other.end();
  });
}

/// The exercises that the wish is for; none for the whole copy.
Result<std::vector<std::string>> wished(Transaction& t, const CopyId& copy, const Standing& standing,
                                        const Marker& marker, const std::string& wish) {
  const bool may_all = marker.is_admin || standing.is_corrector;
  if (may_all && wish.empty()) return std::vector<std::string>();
  const auto structure = exams::grading_structure_of(t, standing.exam);
  if (!structure) return tl::unexpected(structure.error());
  std::vector<std::string> exercises;
  for (const exams::Question& question : structure->questions)
    if (wish.empty() || question.id == wish) exercises.push_back(question.id);
  if (exercises.empty()) {
    Error error{ErrorKind::malformed, "lock.unknown_exercise", "The barème has no such exercise."};
    error.field = "exercise_id";
    return tl::unexpected(std::move(error));
  }
  std::sort(exercises.begin(), exercises.end());
  if (may_all) return exercises;
  std::set<std::string> given;
  for (const Row& row : t.rows(kGiven, copy, marker.user)) given.insert(row.get<std::string>(0));
  std::erase_if(exercises, [&](const std::string& exercise) { return !given.contains(exercise); });
  if (exercises.empty()) return refuse(ErrorKind::forbidden, "auth.forbidden", "This exercise is another's to mark.");
  return exercises;
}

Result<Taken> taken_anew(Transaction& t, const CopyId& copy, Lock lock, UtcTime now) {
  const bool is_first = !t.row(kLocks, copy);
  lock.token = accounts::new_secret();
  lock.locked_at = now;
  const std::vector<std::string> scopes = lock.exercises.empty() ? std::vector<std::string>{""} : lock.exercises;
  for (const std::string& scope : scopes) t.execute(kPut, copy, scope, lock.owner, lock.token, now, lock.expires_at);
  if (!is_first) {
    copies::record_event(t, copy, "LOCK", lock.owner, metadata_of(lock), now);
  } else if (auto step = copies::take_step(t, copy, copies::Step::lock, "LOCK", lock.owner, metadata_of(lock), now);
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
  const auto exercises = wished(transaction, copy, *standing, marker, wish.exercise);
  if (!exercises) return tl::unexpected(exercises.error());
  auto locks = swept(transaction, copy, now);
  if (!locks) return tl::unexpected(locks.error());
  const UtcTime end = now + (wish.offline ? std::chrono::seconds(kOfflineLease) : std::min(wish.lasts, kLongestLock));
  for (Lock& lock : *locks) {
    if (!exclude(lock.exercises, *exercises)) continue;
    if (lock.owner != marker.user) {
      if (holder != nullptr) *holder = lock;
      return refuse(ErrorKind::conflict, "lock.taken", "The copy is locked by " + lock.owner_name + ".");
    }
    if (lock.exercises == *exercises) {
      lock.expires_at = std::max(lock.expires_at, end);
      transaction.execute(kExtend, lock.token, lock.expires_at);
      return Taken{std::move(lock), false};
    }
  }
  for (const Lock& lock : *locks)
    if (exclude(lock.exercises, *exercises))
      if (auto gone = remove(transaction, copy, lock, marker.user, "replaced", now); !gone)
        return tl::unexpected(gone.error());
  return taken_anew(transaction, copy, {*exercises, marker.user, {}, {}, now, end}, now);
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

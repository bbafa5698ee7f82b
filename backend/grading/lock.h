/// Locks: who is marking a copy, or exercises of it, right now. A lock that is over counts as none, and is swept up
/// by a periodic task.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "grading/desk.h"
#include "jobs/queue.h"
#include "jobs/worker.h"

namespace korrigo::grading {

constexpr std::chrono::seconds kLockLasts{30 * 60};
constexpr std::chrono::seconds kLongestLock{60 * 60};
constexpr std::chrono::hours kOfflineLease{12};

struct Lock {
  std::vector<std::string> exercises;  // top-level exercises of the barème, sorted; empty for the whole copy
  UserId owner;
  std::string owner_name;
  std::string token;
  UtcTime locked_at{};
  UtcTime expires_at{};
};

struct LockWish {
  std::string exercise = {};                // empty: all that is the marker's to mark
  std::chrono::seconds lasts = kLockLasts;  // cut to kLongestLock
  bool offline = false;                     // checked out to be marked without network: kOfflineLease
};

struct Taken {
  Lock lock;
  bool is_new = false;  // false: it was the marker's already, and lasts longer now
};

/// READY becomes LOCKED. Whom only exercises of the copy were given locks these, an admin and the copy's corrector the
/// whole copy. A lock of the whole copy and one of an exercise exclude each other; one's own that is in the way is
/// given back. Refuses as hold_copy() and require_markable(), with malformed "lock.unknown_exercise", forbidden
/// "auth.forbidden" (another's exercise), and with conflict "lock.taken" (`holder` is then whose it is).
Result<Taken> take_lock(storage::Transaction& transaction, const CopyId& copy, const Marker& marker,
                        const LockWish& wish, UtcTime now, std::optional<Lock>* holder = nullptr);

/// It lasts that long from now on, never shorter than before. Refuses as copies::may_see(), with not_found
/// "lock.not_found" (none, or over), forbidden "lock.required", "lock.wrong_token".
Result<Lock> keep_lock(storage::Transaction& transaction, const CopyId& copy, const Marker& marker,
                       std::chrono::seconds lasts, UtcTime now);
/// The copy is READY again when this was its last lock. Refuses as keep_lock().
Result<void> release_lock(storage::Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now);
/// An admin takes all locks of the copy away. Refuses with not_found "copy.not_found", conflict "copy.not_locked".
Result<void> force_unlock(storage::Transaction& transaction, const CopyId& copy, UserId admin, UtcTime now);

/// Those that are not over.
std::vector<Lock> locks_of(storage::Transaction& transaction, const CopyId& copy, UtcTime now);
/// The lock of the marker's token. Refuses with forbidden "lock.required", "lock.wrong_token", "lock.expired".
Result<Lock> held_lock(storage::Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now);
/// When the copy is finalised, its status is another's to write.
void drop_locks(storage::Transaction& transaction, const CopyId& copy);

/// Every copy whose locks are over becomes READY, each in a transaction of its own. Returns how many locks were.
int release_expired_locks(storage::Database& database, UtcTime now);
/// The task release_expired_locks, every minute.
void keep_releasing_locks(jobs::Kinds& kinds, jobs::Queue& queue, storage::Database& database);

}  // namespace korrigo::grading

/// How often one may try to log in. Failures are rows, so that the limits hold for all servers of the school together,
/// and outlive a restart.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "storage/database.h"

namespace korrigo::accounts {

/// `failures` within `window` close the door for `first_delay`; each further failure doubles that, up to
/// `longest_delay`. After two days without a failure, or a good log-in, all is forgotten.
struct LoginRule {
  int failures = 5;
  std::chrono::minutes window{15};
  std::chrono::minutes first_delay{15};
  std::chrono::minutes longest_delay{24 * 60};
  int of_account_in_a_day = 0;  // failures from all addresses together that close the account; 0: any number
};

struct LoginLimits {
  bool enabled = true;
  LoginRule staff = {};
  /// A birth date is one of some thousand: each guess costs more, and moving to another address does not help.
  LoginRule student = {5, std::chrono::minutes(60), std::chrono::minutes(60), std::chrono::minutes(24 * 60), 20};
  /// From one address, for all accounts together: a school is one address.
  int failures_of_address = 100;
  std::chrono::minutes address_window{15};
};

/// Until when the door stays closed after these failures of one account from one address, in rising order; the epoch
/// when it never closed.
UtcTime closed_until(const std::vector<UtcTime>& failures, const LoginRule& rule);

/// One person's way in. `account` is any text of ours that names an account, or the digest of a name nobody has.
struct Door {
  std::string account;
  std::string address;  // of the client; IPv6 counts by its first 64 bits, which one household or school shares
};

/// How long `door` is still closed; nothing when it is open.
std::optional<std::chrono::seconds> wait_at(storage::Transaction& transaction, const LoginLimits& limits,
                                            const LoginRule& rule, const Door& door, UtcTime now);
void record_failure(storage::Transaction& transaction, const Door& door, UtcTime now);
/// After a good log-in through `door`.
void forget_failures(storage::Transaction& transaction, const Door& door);
/// From everywhere: when an account was given a new password.
void forget_failures_of(storage::Transaction& transaction, std::string_view account);
/// Removes what no rule looks at any more. Returns how many.
std::int64_t remove_old_failures(storage::Transaction& transaction, UtcTime now);

}  // namespace korrigo::accounts

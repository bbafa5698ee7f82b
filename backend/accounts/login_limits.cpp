#include "accounts/login_limits.h"

#include <arpa/inet.h>

namespace korrigo::accounts {
namespace {

using std::chrono::milliseconds;
using storage::Statement;
using storage::Transaction;

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kQuiet{48};  // without a failure: all is forgotten; longer than any delay
constexpr std::chrono::hours kRemembered{7 * 24};

constexpr Statement kFailures{"login.failures", R"(
  SELECT attempted_at FROM login_attempt WHERE account = $1 AND address = $2 AND attempted_at > $3
  ORDER BY attempted_at)"};
// The attempt that must grow old before another is possible.
constexpr Statement kNthOfAddress{"login.nth_of_address", R"(
  SELECT attempted_at FROM login_attempt WHERE address = $1 AND attempted_at > $2
  ORDER BY attempted_at DESC LIMIT 1 OFFSET $3)"};
constexpr Statement kNthOfAccount{"login.nth_of_account", R"(
  SELECT attempted_at FROM login_attempt WHERE account = $1 AND attempted_at > $2
  ORDER BY attempted_at DESC LIMIT 1 OFFSET $3)"};
constexpr Statement kRecord{"login.record_failure",
                            "INSERT INTO login_attempt (account, address, attempted_at) VALUES ($1, $2, $3)"};
constexpr Statement kForget{"login.forget", "DELETE FROM login_attempt WHERE account = $1 AND address = $2"};
constexpr Statement kForgetAccount{"login.forget_account", "DELETE FROM login_attempt WHERE account = $1"};
constexpr Statement kRemoveOld{"login.remove_old", "DELETE FROM login_attempt WHERE attempted_at <= $1"};

std::string counted_address(const std::string& address) {
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) return address;
  for (std::size_t byte = 8; byte < sizeof(parsed.s6_addr); ++byte) parsed.s6_addr[byte] = 0;
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &parsed, text.data(), text.size());
  return std::string(text.data()) + "/64";
}

/// When the `limit`-th failure before now leaves the window; nothing when there are fewer.
std::optional<UtcTime> free_again(Transaction& transaction, const Statement& statement, std::string_view key, int limit,
                                  std::chrono::minutes window, UtcTime now) {
  const auto row = transaction.row(statement, key, now - window, limit - 1);
  if (!row) return std::nullopt;
  return row->get<UtcTime>(0) + window;
}

}  // namespace

UtcTime closed_until(const std::vector<UtcTime>& failures, const LoginRule& rule) {
  UtcTime closed{};
  milliseconds delay{0};  // of the last closing; zero while it never closed
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const bool forgotten = i > 0 && failures[i] - failures[i - 1] > kQuiet;
    if (forgotten) delay = milliseconds(0);
    if (delay == milliseconds(0)) {
      const auto needed = static_cast<std::size_t>(rule.failures);
      const bool closes = i + 1 >= needed && failures[i] - failures[i + 1 - needed] <= rule.window;
      if (!closes) continue;
      delay = rule.first_delay;
    } else {
      delay = std::min<milliseconds>(2 * delay, rule.longest_delay);
    }
    closed = failures[i] + delay;
  }
  return closed;
}

std::optional<std::chrono::seconds> wait_at(Transaction& transaction, const LoginLimits& limits, const LoginRule& rule,
                                            const Door& door, UtcTime now) {
  if (!limits.enabled) return std::nullopt;
  const std::string address = counted_address(door.address);
  std::vector<UtcTime> failures;
  for (const storage::Row& row : transaction.rows(kFailures, door.account, address, now - kRemembered)) {
    failures.push_back(row.get<UtcTime>(0));
  }
  UtcTime closed = closed_until(failures, rule);
  if (const auto free =
          free_again(transaction, kNthOfAddress, address, limits.failures_of_address, limits.address_window, now)) {
    closed = std::max(closed, *free);
  }
  if (rule.of_account_in_a_day > 0) {
    const auto free = free_again(transaction, kNthOfAccount, door.account, rule.of_account_in_a_day, kDay, now);
    if (free) closed = std::max(closed, *free);
  }
  if (closed <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(closed - now);
}

void record_failure(Transaction& transaction, const Door& door, UtcTime now) {
  transaction.execute(kRecord, door.account, counted_address(door.address), now);
}

void forget_failures(Transaction& transaction, const Door& door) {
  transaction.execute(kForget, door.account, counted_address(door.address));
}

void forget_failures_of(Transaction& transaction, std::string_view account) {
  transaction.execute(kForgetAccount, account);
}

std::int64_t remove_old_failures(Transaction& transaction, UtcTime now) {
  return transaction.execute(kRemoveOld, now - kRemembered);
}

}  // namespace korrigo::accounts

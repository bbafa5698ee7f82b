/// A new password for who forgot it, by a link in a mail.
#pragma once

#include <string>

#include "accounts/login.h"
#include "accounts/mailing.h"
#include "accounts/sealing.h"
#include "jobs/queue.h"
#include "jobs/worker.h"

namespace korrigo::accounts {

constexpr std::string_view kPasswordResetTask = "send_password_reset";
constexpr std::chrono::minutes kPasswordResetLife{60};

/// What somebody asks for whose account is looked for later, in the task: the answer and its time say nothing about
/// who has one.
struct ResetRequest {
  std::string login;  // user name or e-mail address, as typed
  MailLanguage language = MailLanguage::fr;
};
/// Enqueues the mail. Denies with limited "limits.too_many_attempts": after three within 15 minutes for one name and
/// address, and after ten in a day for one name from anywhere; each counts among the address's attempts to log in.
tl::expected<void, Denied> request_password_reset(const Context& context, jobs::Queue& queue, const Sealer& sealer,
                                                  const ResetRequest& request, const Visit& visit);

/// Makes the link and sends it to the account's own address. No mail goes to who has no account, no address, is not
/// active, or logs in by birth date. What the arguments refer to outlives the handler.
jobs::Handler password_reset_handler(const Context& context, const Sealer& sealer, Mailing mailing);

/// Sets the password of the account that the link was made for, ends its sessions, revokes its tokens, forgets its
/// failed log-ins. Refuses with
///   invalid_input "password_reset.invalid"  no link, one that was used, is older than an hour, or is void since a
///                                           new password or address
///   invalid_input "password.weak"           the link can be used again
Result<void> set_forgotten_password(const Context& context, const std::string& secret, const std::string& wanted,
                                    const Visit& visit);

/// Removes links that are over. Returns how many.
std::int64_t remove_old_resets(storage::Transaction& transaction, UtcTime now);

}  // namespace korrigo::accounts

/// What people are told, by mail too.
#pragma once

#include "accounts/mailing.h"
#include "accounts/notifications.h"
#include "jobs/worker.h"

namespace korrigo::accounts {

/// One mail for what a person was told and has not read within two minutes, in the language of the last log-in; with
/// counts, never a name. Looked for every minute. What a mail server did not take within a day is not sent any more.
/// After a crash between sending and noting it a mail may come twice. Registers and schedules "mail_notifications";
/// without `mailing` nothing is scheduled. What the arguments refer to outlives the pool.
void keep_mailing(jobs::Kinds& kinds, jobs::Queue& queue, storage::Database& database,
                  const std::optional<Mailing>& mailing);

/// Whether the user wants these mails; changed by PATCH /api/me/.
void set_mail_notifications(storage::Transaction& transaction, UserId user, bool wanted);

}  // namespace korrigo::accounts

#include "accounts/password_reset.h"

#include "accounts/account_key.h"
#include "accounts/password_rules.h"
#include "accounts/settings.h"
#include "accounts/token.h"
#include "accounts/user_fields.h"
#include "accounts/user_store.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using storage::Statement;
using storage::Transaction;

constexpr LoginRule kRule{3, std::chrono::minutes(15), std::chrono::minutes(15), std::chrono::minutes(24 * 60), 10};

constexpr Statement kAdd{"password_reset.add", R"(
  INSERT INTO password_reset (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4))"};
constexpr Statement kFind{"password_reset.find",
                          "SELECT user_id FROM password_reset WHERE token_hash = $1 AND expires_at > $2"};
constexpr Statement kTake{"password_reset.take",
                          "DELETE FROM password_reset WHERE token_hash = $1 AND expires_at > $2"};
constexpr Statement kRemoveOld{"password_reset.remove_old", "DELETE FROM password_reset WHERE expires_at <= $1"};

/// Who gets the mail, and where.
struct Recipient {
  User user;
  std::string address;
};

std::optional<Recipient> recipient_of(Transaction& transaction, const std::string& login) {
  const auto account = store::find_by_login(transaction, login);
  if (account && account->user.role != Role::student) {
    if (!account->user.is_active || !account->user.email) return std::nullopt;
    return Recipient{account->user, *account->user.email};
  }
  if (settings(transaction).student_login != StudentLogin::password) return std::nullopt;
  const auto student = student_with_email(transaction, login);
  if (!student || !student->user_id) return std::nullopt;
  const auto user = store::find(transaction, *student->user_id);
  if (!user || !user->is_active) return std::nullopt;
  return Recipient{*user, *student->email};
}

tl::unexpected<Error> invalid_link() {
  return refuse(ErrorKind::invalid_input, "password_reset.invalid", "This link is no longer valid. Ask for another.");
}

std::optional<User> user_of_link(Transaction& transaction, const std::string& digest, UtcTime now) {
  const auto row = transaction.row(kFind, digest, now);
  if (!row) return std::nullopt;
  const auto user = store::find(transaction, row->get<UserId>(0));
  return user && user->is_active ? user : std::nullopt;
}

}  // namespace

tl::expected<void, Denied> request_password_reset(const Context& context, jobs::Queue& queue, const Sealer& sealer,
                                                  const ResetRequest& request, const Visit& visit) {
  const UtcTime now = context.clock.now();
  const Door door{"reset/" + unknown_account_key(request.login), visit.address};
  jobs::NewTask task{.kind = std::string(kPasswordResetTask)};
  task.payload = {{"login_sealed", sealer.seal(request.login)}, {"language", name_of(request.language)}};
  task.priority = jobs::Priority::high;
  task.max_attempts = 4;
  task.time_limit = std::chrono::minutes(2);
  return context.database.write_contended([&](Transaction& transaction) -> tl::expected<void, Denied> {
    if (const auto wait = wait_at(transaction, context.limits, kRule, door, now)) {
      return tl::unexpected(Denied{Error{ErrorKind::limited, "limits.too_many_attempts",
                                         fmt::format("Too many attempts. Try again in {} s.", wait->count())},
                                   *wait});
    }
    record_failure(transaction, door, now);
    queue.enqueue(transaction, task);
    return {};
  });
}

jobs::Handler password_reset_handler(const Context& context, const Sealer& sealer, Mailing mailing) {
  return [context, &sealer, mailing = std::move(mailing)](jobs::TaskContext& task) -> Result<jobs::Ending> {
    const auto login = sealer.open(task.payload().at("login_sealed").as_string());
    if (!login) {
      return refuse(ErrorKind::conflict, "task.sealed_elsewhere",
                    "This task was sealed with the key of another installation.");
    }
    std::string school;
    const auto recipient = context.database.read([&](Transaction& transaction) {
      school = settings(transaction).institution_name;
      return recipient_of(transaction, *login);
    });
    if (!recipient) return task.finish({{"sent", 0}});
    const UtcTime now = context.clock.now();
    const std::string secret = new_secret();
    task.commit([&](Transaction& transaction) {
      transaction.execute(kAdd, digest_of(secret), recipient->user.id, now, now + kPasswordResetLife);
    });
    const auto mail =
        password_reset_mail(recipient->user, recipient->address, mailing.public_url + "/password-reset#" + secret,
                            school, mail_language_named(task.payload().at("language").as_string()));
    if (auto sent = outgoing::send(mailing.server, mail, now, task.cancel()); !sent)
      return tl::unexpected(sent.error());
    return task.finish({{"sent", 1}});
  };
}

Result<void> set_forgotten_password(const Context& context, const std::string& secret, const std::string& wanted,
                                    const Visit& visit) {
  const std::string digest = digest_of(secret);
  const auto user = context.database.read(
      [&](Transaction& transaction) { return user_of_link(transaction, digest, context.clock.now()); });
  if (!user) return invalid_link();
  if (auto good = check_password(wanted, names_of(*user), "new_password"); !good) return tl::unexpected(good.error());
  const std::string hash = context.hasher.hash(wanted);
  const UtcTime now = context.clock.now();
  return context.database.write_contended([&](Transaction& transaction) -> Result<void> {
    if (transaction.execute(kTake, digest, now) != 1) return invalid_link();
    store::set_password(transaction, user->id, hash, false);
    end_sessions_of(transaction, user->id);
    revoke_tokens_of(transaction, user->id, now);
    forget_failures_of(transaction, account_key(user->id));
    audit::append(
        transaction,
        {{{}, visit.address, visit.request_id}, "user.reset_password_by_mail", "user", std::to_string(user->id.value)},
        now);
    return {};
  });
}

std::int64_t remove_old_resets(Transaction& transaction, UtcTime now) {
  return transaction.execute(kRemoveOld, now);
}

}  // namespace korrigo::accounts

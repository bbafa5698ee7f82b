#include "accounts/notification_mail.h"

#include <boost/json/parse.hpp>

#include "accounts/settings.h"

namespace korrigo::accounts {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kTask = "mail_notifications";
constexpr std::chrono::minutes kGrace{2};  // who is at the page reads it there
constexpr std::chrono::hours kLife{24};

constexpr Statement kWaiting{"notification.to_mail", R"(
  SELECT u.id, u.email, u.first_name, u.role, u.language, n.id, n.kind, n.content
  FROM notification n JOIN "user" u ON u.id = n.user_id
  WHERE n.mailed_at IS NULL AND n.read_at IS NULL AND n.created_at > $1 AND n.created_at <= $2
    AND u.mail_notifications = 1 AND u.is_active = 1 AND u.email IS NOT NULL
  ORDER BY u.id, n.created_at, n.id LIMIT 5000)"};
constexpr Statement kMailed{"notification.mailed", "UPDATE notification SET mailed_at = $2 WHERE id = $1"};
constexpr Statement kWanted{"notification.mail_wanted", "UPDATE \"user\" SET mail_notifications = $2 WHERE id = $1"};

struct Waiting {
  User user;
  MailLanguage language = MailLanguage::fr;
  std::vector<std::string> ids;
  std::vector<ToldInMail> told;
};

/// By person, in the order they were told.
std::vector<Waiting> waiting(Transaction& transaction, UtcTime now) {
  std::vector<Waiting> people;
  for (const Row& row : transaction.rows(kWaiting, now - kLife, now - kGrace)) {
    if (people.empty() || people.back().user.id != row.get<UserId>(0)) {
      Waiting& one = people.emplace_back();
      one.user.id = row.get<UserId>(0);
      one.user.email = row.get<std::string>(1);
      one.user.first_name = row.get<std::string>(2);
      one.user.role = role_named(row.get<std::string>(3)).value();
      one.language = mail_language_named(row.get<std::string>(4));
    }
    people.back().ids.push_back(row.get<std::string>(5));
    people.back().told.push_back({row.get<std::string>(6), boost::json::parse(row.get<std::string>(7)).as_object()});
  }
  return people;
}

Result<jobs::Ending> mail_all(jobs::TaskContext& task, const Mailing& mailing) {
  std::string school;
  const auto people = task.database().read([&](Transaction& transaction) {
    school = settings(transaction).institution_name;
    return waiting(transaction, task.clock().now());
  });
  std::int64_t sent = 0;
  for (const Waiting& one : people) {
    task.safe_point();
    const auto mail = notification_mail(one.user, one.told, mailing.public_url, school, one.language);
    const UtcTime now = task.clock().now();
    const auto done = outgoing::send(mailing.server, mail, now, task.cancel());
    if (!done && done.error().kind == ErrorKind::too_busy) return tl::unexpected(done.error());
    if (!done)
      task.log(jobs::TaskContext::Level::warning, fmt::format("User {}: {}", one.user.id.value, done.error().detail));
    task.commit([&](Transaction& transaction) {
      for (const std::string& id : one.ids) transaction.execute(kMailed, id, now);
    });
    if (done) ++sent;
  }
  return task.finish({{"sent", sent}});
}

}  // namespace

void keep_mailing(jobs::Kinds& kinds, jobs::Queue& queue, storage::Database& database,
                  const std::optional<Mailing>& mailing) {
  if (mailing)
    kinds.add(std::string(kTask), [mailing = *mailing](jobs::TaskContext& task) { return mail_all(task, mailing); });
  database.write([&](Transaction& transaction) {
    if (!mailing) return queue.unschedule(transaction, kTask);
    jobs::NewTask task{.kind = std::string(kTask)};
    task.priority = jobs::Priority::low;
    task.max_attempts = 1;  // the next minute tries again
    queue.schedule(transaction, kTask, task, std::chrono::minutes(1), queue.clock().now());
  });
}

void set_mail_notifications(Transaction& transaction, UserId user, bool wanted) {
  transaction.execute(kWanted, user, wanted);
}

}  // namespace korrigo::accounts

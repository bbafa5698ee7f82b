#include "accounts/notifications.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "accounts/settings.h"
#include "accounts/webhook.h"
#include "events/bus.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kAdd{"notification.add", R"(
  INSERT INTO notification (id, user_id, kind, content, created_at) VALUES ($1, $2, $3, $4, $5))"};
constexpr Statement kAdmins{"notification.admins",
                            R"(SELECT id FROM "user" WHERE role = 'ADMIN' AND is_active = 1 ORDER BY id)"};
#define KORRIGO_NOTIFICATION "SELECT id, kind, content, created_at, read_at FROM notification "
constexpr Statement kList{"notification.list", KORRIGO_NOTIFICATION
                          "WHERE user_id = $1 AND ($2 = 0 OR read_at IS NULL) "
                          "ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4"};
constexpr Statement kFind{"notification.find", KORRIGO_NOTIFICATION "WHERE id = $1 AND user_id = $2"};
#undef KORRIGO_NOTIFICATION
constexpr Statement kCount{"notification.count", R"(
  SELECT count(*) FROM notification WHERE user_id = $1 AND ($2 = 0 OR read_at IS NULL))"};
constexpr Statement kRead{"notification.read", R"(
  UPDATE notification SET read_at = $3 WHERE id = $1 AND user_id = $2 AND read_at IS NULL)"};

constexpr std::array<std::string_view, 7> kNames = {
    "READY_FOR_IDENTIFICATION", "BATCH_FAILED",  "COPIES_ASSIGNED", "ALL_GRADED",
    "RESULTS_RELEASED",         "FACE_REPORTED", "TASK_FAILED"};

Notification notification_of(const Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), json::parse(row.get<std::string>(2)).as_object(),
          row.get<UtcTime>(3), row.get<std::optional<UtcTime>>(4)};
}

}  // namespace

std::string_view name_of(NotificationKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

bool is_notification_kind(std::string_view name) {
  return std::ranges::find(kNames, name) != kNames.end();
}

json::object to_json(const Notification& notification) {
  return {{"id", notification.id},
          {"kind", notification.kind},
          {"content", notification.content},
          {"created_at", to_iso(notification.created_at)},
          {"read_at", notification.read_at ? json::value(to_iso(*notification.read_at)) : json::value(nullptr)}};
}

void notify(Transaction& transaction, const std::vector<UserId>& users, NotificationKind kind,
            const json::object& content, UtcTime now) {
  tell_webhooks(transaction, name_of(kind), content, now);
  if (users.empty() || !settings(transaction).notifications_enabled) return;
  for (const UserId user : users) {
    const Notification told{make_uuid_v7(now), std::string(name_of(kind)), content, now, std::nullopt};
    transaction.execute(kAdd, told.id, user, told.kind, json::serialize(content), now);
    const json::object message{{"type", "notification"}, {"notification", to_json(told)}};
    events::publish(transaction, fmt::format("{}{}", kNotificationTopic, user.value), json::serialize(message));
  }
}

void notify_office(Transaction& transaction, NotificationKind kind, const json::object& content, UtcTime now) {
  std::vector<UserId> admins;
  for (const Row& row : transaction.rows(kAdmins)) admins.push_back(row.get<UserId>(0));
  notify(transaction, admins, kind, content, now);
}

NotificationPage list_notifications(Transaction& transaction, UserId user, bool only_unread, int page_size,
                                    std::int64_t offset) {
  NotificationPage page;
  const int unread = only_unread ? 1 : 0;
  for (const Row& row : transaction.rows(kList, user, unread, page_size, offset))
    page.notifications.push_back(notification_of(row));
  page.count = transaction.row(kCount, user, unread)->get<std::int64_t>(0);
  return page;
}

Result<Notification> mark_read(Transaction& transaction, UserId user, const std::string& id, UtcTime now) {
  transaction.execute(kRead, id, user, now);
  const auto row = transaction.row(kFind, id, user);
  if (!row) return refuse(ErrorKind::not_found, "notification.not_found", "There is no such notification.");
  return notification_of(*row);
}

}  // namespace korrigo::accounts

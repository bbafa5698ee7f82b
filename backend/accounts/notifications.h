/// What people are told when they look at the bell: kept until they have read it, and sent at once to who listens.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/database.h"

namespace korrigo::accounts {

enum class NotificationKind {
  ready_for_identification,
  batch_failed,
  copies_assigned,
  all_graded,
  results_released,
  face_reported,
  task_failed,
};
std::string_view name_of(NotificationKind kind);  // "COPIES_ASSIGNED"
bool is_notification_kind(std::string_view name);

struct Notification {
  std::string id;
  std::string kind;
  boost::json::object content;  // ids and figures, for the sentence that the page makes
  UtcTime created_at{};
  std::optional<UtcTime> read_at;
};
boost::json::object to_json(const Notification& notification);

/// Told when the transaction commits. Nobody is told while the school has notifications off; webhooks (webhook.h) are
/// told all the same, once for each call.
void notify(storage::Transaction&, const std::vector<UserId>& users, NotificationKind,
            const boost::json::object& content, UtcTime now);
/// Every active admin.
void notify_office(storage::Transaction&, NotificationKind, const boost::json::object& content, UtcTime now);

struct NotificationPage {
  std::vector<Notification> notifications;  // the latest first
  std::int64_t count = 0;                   // over all pages
};
NotificationPage list_notifications(storage::Transaction&, UserId, bool only_unread, int page_size,
                                    std::int64_t offset);
/// Refuses with not_found "notification.not_found"; another's is none.
Result<Notification> mark_read(storage::Transaction&, UserId, const std::string& id, UtcTime now);

/// Topic of the bus, and of the hub, for what one user is told: kNotificationTopic + the user's id.
inline constexpr std::string_view kNotificationTopic = "notification/";

}  // namespace korrigo::accounts

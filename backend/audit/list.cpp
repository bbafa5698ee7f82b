#include "audit/entry_row.h"

namespace korrigo::audit {
namespace {

using storage::Statement;
using storage::Transaction;

// One text per leading condition, so that each finds its index; the other conditions are checked on what it yields.
// $1 actor, $2 action, $3 and $4 target, $5 since, $6 until.
#define KORRIGO_AUDIT_REST                                                                       \
  "(CAST($1 AS BIGINT) IS NULL OR actor_id = $1) AND (CAST($2 AS TEXT) IS NULL OR action = $2) " \
  "AND (CAST($3 AS TEXT) IS NULL OR target_type = $3) AND (CAST($4 AS TEXT) IS NULL OR target_id = $4) "
#define KORRIGO_AUDIT_TIME "AND created_at >= $5 AND created_at < $6 "
#define KORRIGO_AUDIT_COUNT(lead) "SELECT count(*) FROM audit_log WHERE " lead KORRIGO_AUDIT_REST KORRIGO_AUDIT_TIME
#define KORRIGO_AUDIT_LIST(lead)                                                                      \
  "SELECT " KORRIGO_AUDIT_COLUMNS " FROM audit_log WHERE " lead KORRIGO_AUDIT_REST KORRIGO_AUDIT_TIME \
  "ORDER BY sequence DESC LIMIT $7 OFFSET $8"

struct Question {
  Statement count;
  Statement list;
};

constexpr Question kByTarget{{"audit.count_target", KORRIGO_AUDIT_COUNT("target_type = $3 AND target_id = $4 AND ")},
                             {"audit.list_target", KORRIGO_AUDIT_LIST("target_type = $3 AND target_id = $4 AND ")}};
constexpr Question kByTargetType{{"audit.count_target_type", KORRIGO_AUDIT_COUNT("target_type = $3 AND ")},
                                 {"audit.list_target_type", KORRIGO_AUDIT_LIST("target_type = $3 AND ")}};
constexpr Question kByActor{{"audit.count_actor", KORRIGO_AUDIT_COUNT("actor_id = $1 AND ")},
                            {"audit.list_actor", KORRIGO_AUDIT_LIST("actor_id = $1 AND ")}};
constexpr Question kByAction{{"audit.count_action", KORRIGO_AUDIT_COUNT("action = $2 AND ")},
                             {"audit.list_action", KORRIGO_AUDIT_LIST("action = $2 AND ")}};
constexpr Question kByTime{{"audit.count_time", KORRIGO_AUDIT_COUNT("")}, {"audit.list_time", KORRIGO_AUDIT_LIST("")}};

constexpr Statement kLast{"audit.last", "SELECT sequence FROM audit_head WHERE id = 1"};
constexpr Statement kNewest{"audit.newest", "SELECT " KORRIGO_AUDIT_COLUMNS
                                            " FROM audit_log WHERE sequence <= $1 ORDER BY sequence DESC LIMIT $2"};

#undef KORRIGO_AUDIT_LIST
#undef KORRIGO_AUDIT_COUNT
#undef KORRIGO_AUDIT_TIME
#undef KORRIGO_AUDIT_REST

const Question& question_of(const Filter& filter) {
  if (filter.target_type && filter.target_id) return kByTarget;
  if (filter.actor) return kByActor;
  if (filter.action) return kByAction;
  if (filter.target_type) return kByTargetType;
  return kByTime;
}

bool asks_for_all(const Filter& filter) {
  return !filter.actor && !filter.action && !filter.target_type && !filter.target_id && !filter.since && !filter.until;
}

std::vector<Entry> entries_of(const std::vector<storage::Row>& rows) {
  std::vector<Entry> entries;
  for (const storage::Row& row : rows) entries.push_back(entry_of(row));
  return entries;
}

}  // namespace

Page list(Transaction& transaction, const Filter& filter) {
  const std::int64_t skipped = (static_cast<std::int64_t>(filter.page) - 1) * filter.page_size;
  if (asks_for_all(filter)) {
    const auto last = transaction.row(kLast).value().get<std::int64_t>(0);
    return {entries_of(transaction.rows(kNewest, last - skipped, filter.page_size)), last};
  }
  const Question& question = question_of(filter);
  const UtcTime since = filter.since.value_or(UtcTime{});
  const UtcTime until = filter.until.value_or(UtcTime(std::chrono::milliseconds(INT64_MAX)));
  const auto count =
      transaction.row(question.count, filter.actor, filter.action, filter.target_type, filter.target_id, since, until);
  return {entries_of(transaction.rows(question.list, filter.actor, filter.action, filter.target_type, filter.target_id,
                                      since, until, filter.page_size, skipped)),
          count.value().get<std::int64_t>(0)};
}

}  // namespace korrigo::audit

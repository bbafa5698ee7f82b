#include "grading/history.h"

#include <boost/json/parse.hpp>

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

#define KORRIGO_MARKING                                                                                    \
  "('LOCK', 'UNLOCK', 'CREATE_ANN', 'UPDATE_ANN', 'DELETE_ANN', 'SCORE', 'REMARK', 'FINALIZE', 'REOPEN', " \
  "'GRADING_FAILED')"
#define KORRIGO_EVENTS                                                                                                 \
  "SELECT e.id, e.action, e.actor_id, e.created_at, e.metadata, u.username FROM grading_event e LEFT JOIN \"user\" u " \
  "ON u.id = e.actor_id WHERE e.copy_id = $1 "
constexpr Statement kAll{"history.all", KORRIGO_EVENTS "ORDER BY e.created_at DESC, e.id DESC LIMIT $2 OFFSET $3"};
constexpr Statement kMarking{"history.marking",
                             KORRIGO_EVENTS "AND e.action IN " KORRIGO_MARKING
                                            " ORDER BY e.created_at DESC, e.id DESC LIMIT $2 OFFSET $3"};
#undef KORRIGO_EVENTS
constexpr Statement kCountAll{"history.count_all", "SELECT count(*) FROM grading_event WHERE copy_id = $1"};
constexpr Statement kCountMarking{
    "history.count_marking", "SELECT count(*) FROM grading_event WHERE copy_id = $1 AND action IN " KORRIGO_MARKING};
#undef KORRIGO_MARKING

}  // namespace

HistoryPage history_of(Transaction& transaction, const CopyId& copy, bool is_office, int page_size,
                       std::int64_t offset) {
  HistoryPage page;
  for (const Row& row : transaction.rows(is_office ? kAll : kMarking, copy, page_size, offset))
    page.entries.push_back({row.get<std::string>(0), row.get<std::string>(1), row.get<std::optional<UserId>>(2),
                            row.get<std::optional<std::string>>(5), row.get<UtcTime>(3),
                            boost::json::parse(row.get<std::string>(4)).as_object()});
  page.count = transaction.row(is_office ? kCountAll : kCountMarking, copy)->get<std::int64_t>(0);
  return page;
}

}  // namespace korrigo::grading

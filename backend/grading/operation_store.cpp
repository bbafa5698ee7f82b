#include "grading/operation_store.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::string_view, 4> kOutcomes = {"APPLIED", "CONFLICT", "REFUSED", "DISMISSED"};

#define KORRIGO_OPERATION_SELECT                                                                                      \
  "SELECT id, position, user_id, operation, outcome, reason, found, received_at FROM copy_operation WHERE copy_id = " \
  "$1 "
constexpr Statement kFind{"operation.find", KORRIGO_OPERATION_SELECT "AND id = $2"};
constexpr Statement kList{"operation.list", KORRIGO_OPERATION_SELECT
                          "AND (CAST($2 AS TEXT) IS NULL OR outcome = $2) ORDER BY position LIMIT $3 OFFSET $4"};
#undef KORRIGO_OPERATION_SELECT
constexpr Statement kCount{
    "operation.count",
    "SELECT count(*) FROM copy_operation WHERE copy_id = $1 AND (CAST($2 AS TEXT) IS NULL OR outcome = $2)"};
constexpr Statement kPut{"operation.put", R"(
  INSERT INTO copy_operation (copy_id, id, user_id, position, operation, outcome, reason, found, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};
constexpr Statement kSettle{"operation.settle", R"(
  UPDATE copy_operation SET outcome = $3, resolved_by = $4, resolved_at = $5 WHERE copy_id = $1 AND id = $2)"};
constexpr Statement kNext{"operation.next_position",
                          "SELECT coalesce(max(position) + 1, 1) FROM copy_operation WHERE copy_id = $1"};
constexpr Statement kConflict{"operation.any_conflict",
                              "SELECT 1 FROM copy_operation WHERE copy_id = $1 AND outcome = 'CONFLICT' LIMIT 1"};
constexpr Statement kHasMarked{"operation.has_marked", R"(
  SELECT 1 FROM grading_event WHERE copy_id = $1 AND actor_id = $2 AND action = 'LOCK' LIMIT 1)"};

LoggedOperation operation_of(const Row& row) {
  LoggedOperation logged;
  logged.id = row.get<std::string>(0);
  logged.position = row.get<std::int64_t>(1);
  logged.user = row.get<UserId>(2);
  logged.operation = boost::json::parse(row.get<std::string>(3)).as_object();
  logged.outcome = outcome_named(row.get<std::string>(4)).value();
  logged.reason = row.get<std::string>(5);
  logged.found = boost::json::parse(row.get<std::string>(6)).as_object();
  logged.received_at = row.get<UtcTime>(7);
  return logged;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return kOutcomes.at(static_cast<std::size_t>(outcome));
}

std::optional<Outcome> outcome_named(std::string_view name) {
  const auto found = std::ranges::find(kOutcomes, name);
  if (found == kOutcomes.end()) return std::nullopt;
  return static_cast<Outcome>(found - kOutcomes.begin());
}

bool has_open_conflicts(Transaction& transaction, const CopyId& copy) {
  return transaction.row(kConflict, copy).has_value();
}

OperationPage list_operations(Transaction& transaction, const CopyId& copy, std::optional<Outcome> outcome,
                              int page_size, std::int64_t offset) {
  const auto name = outcome ? std::optional(name_of(*outcome)) : std::nullopt;
  OperationPage page;
  for (const Row& row : transaction.rows(kList, copy, name, page_size, offset))
    page.operations.push_back(operation_of(row));
  page.count = transaction.row(kCount, copy, name)->get<std::int64_t>(0);
  return page;
}

namespace store {

std::optional<LoggedOperation> find(Transaction& transaction, const CopyId& copy, const std::string& id) {
  const auto row = transaction.row(kFind, copy, id);
  return row ? std::optional(operation_of(*row)) : std::nullopt;
}

void put(Transaction& transaction, const CopyId& copy, const LoggedOperation& logged) {
  transaction.execute(kPut, copy, logged.id, logged.user, logged.position, boost::json::serialize(logged.operation),
                      name_of(logged.outcome), logged.reason, boost::json::serialize(logged.found), logged.received_at);
}

void settle(Transaction& transaction, const CopyId& copy, const std::string& id, Outcome outcome, UserId by,
            UtcTime now) {
  transaction.execute(kSettle, copy, id, name_of(outcome), by, now);
}

std::int64_t next_position(Transaction& transaction, const CopyId& copy) {
  return transaction.row(kNext, copy)->get<std::int64_t>(0);
}

bool has_marked(Transaction& transaction, const CopyId& copy, UserId user) {
  return transaction.row(kHasMarked, copy, user).has_value();
}

}  // namespace store
}  // namespace korrigo::grading

#include "audit/audit.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <span>

#include "audit/entry_row.h"
#include "base/hash.h"

namespace korrigo::audit {
namespace {

using storage::Statement;
using storage::Transaction;

// PostgreSQL's writers queue for the row; SQLite has one writer anyway.
constexpr Statement kTakeHead{"audit.take_head", "SELECT sequence, hash FROM audit_head WHERE id = 1",
                              "SELECT sequence, hash FROM audit_head WHERE id = 1 FOR UPDATE"};
constexpr Statement kHead{"audit.head", "SELECT sequence, hash FROM audit_head WHERE id = 1"};
constexpr Statement kMoveHead{"audit.move_head", "UPDATE audit_head SET sequence = $1, hash = $2 WHERE id = 1"};
constexpr Statement kInsert{"audit.insert", R"(
  INSERT INTO audit_log (sequence, created_at, actor_id, action, target_type, target_id, address, request_id, details,
    previous_hash, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
constexpr Statement kWalk{"audit.walk", "SELECT " KORRIGO_AUDIT_COLUMNS
                                        " FROM audit_log WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence "
                                        "LIMIT $3"};

constexpr int kWalkedAtOnce = 1000;
const std::string kBeginning(64, '0');  // what the first row carries, as the schema begins the chain

struct Head {
  std::int64_t sequence = 0;
  std::string hash;
};

/// Without its row the chain has no known end.
std::optional<Head> head_of(Transaction& transaction, const Statement& statement) {
  const auto row = transaction.row(statement);
  if (!row) return std::nullopt;
  return Head{row->get<std::int64_t>(0), row->get<std::string>(1)};
}

std::optional<std::string> fault_of(const Entry& entry, std::int64_t sequence, const std::string& previous) {
  if (entry.sequence != sequence) return fmt::format("Row {} is missing.", sequence);
  if (entry.previous_hash != previous) return fmt::format("Row {} does not continue the row before it.", sequence);
  if (entry.hash != hash_of(entry)) return fmt::format("Row {} is not as it was written.", sequence);
  return std::nullopt;
}

}  // namespace

std::string hash_of(const Entry& entry) {
  // As a JSON array: no two different entries have the same text.
  const boost::json::array parts{entry.sequence,
                                 entry.created_at.time_since_epoch().count(),
                                 entry.by.user ? boost::json::value(entry.by.user->value) : boost::json::value(),
                                 entry.action,
                                 entry.target_type,
                                 entry.target_id,
                                 entry.by.address,
                                 entry.by.request_id,
                                 entry.details,
                                 entry.previous_hash};
  const std::string text = boost::json::serialize(parts);
  return sha256(std::as_bytes(std::span(text)));
}

void append(Transaction& transaction, const NewEntry& added, UtcTime now) {
  const Head head = head_of(transaction, kTakeHead).value();
  Entry entry{.sequence = head.sequence + 1,
              .created_at = now,
              .by = added.by,
              .action = added.action,
              .target_type = added.target_type,
              .target_id = added.target_id,
              .details = boost::json::serialize(added.details),
              .previous_hash = head.hash,
              .hash = {}};
  entry.hash = hash_of(entry);
  transaction.execute(kInsert, entry.sequence, entry.created_at, entry.by.user, entry.action, entry.target_type,
                      entry.target_id, entry.by.address, entry.by.request_id, entry.details, entry.previous_hash,
                      entry.hash);
  transaction.execute(kMoveHead, entry.sequence, entry.hash);
}

Verification verify(storage::Database& database) {
  Verification found;
  const auto head = database.read([](Transaction& transaction) { return head_of(transaction, kHead); });
  if (!head) {
    found.first_break = Break{0, "The end of the chain is not recorded any more."};
    return found;
  }
  std::string previous = kBeginning;
  while (found.rows < head->sequence) {
    const auto rows = database.read(
        [&](Transaction& transaction) { return transaction.rows(kWalk, found.rows, head->sequence, kWalkedAtOnce); });
    for (const storage::Row& row : rows) {
      const Entry entry = entry_of(row);
      const std::int64_t sequence = found.rows + 1;
      if (auto why = fault_of(entry, sequence, previous)) {
        found.first_break = Break{sequence, std::move(*why)};
        return found;
      }
      previous = entry.hash;
      found.rows = sequence;
    }
    if (rows.empty()) {
      found.first_break = Break{found.rows + 1, fmt::format("Row {} is missing.", found.rows + 1)};
      return found;
    }
  }
  found.head = previous;
  if (previous != head->hash) found.first_break = Break{found.rows, "The end of the chain is not the recorded one."};
  return found;
}

}  // namespace korrigo::audit

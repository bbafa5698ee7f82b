#include "grading/draft.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "copies/file_keys.h"
#include "grading/lock.h"

namespace korrigo::grading {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kStatus{"draft.copy_status", "SELECT status FROM copy WHERE id = $1"};
constexpr Statement kFind{"draft.find", R"(
  SELECT payload, coalesce(client_id, ''), version, updated_at FROM draft_state WHERE copy_id = $1 AND owner_id = $2)"};
constexpr Statement kPut{"draft.put", R"(
  INSERT INTO draft_state (id, copy_id, owner_id, payload, lock_token, client_id, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (copy_id, owner_id)
  DO UPDATE SET payload = $4, lock_token = $5, client_id = $6, updated_at = $7, version = draft_state.version + 1)"};
constexpr Statement kDelete{"draft.delete", "DELETE FROM draft_state WHERE copy_id = $1 AND owner_id = $2"};

}  // namespace

std::optional<Draft> find_draft(Transaction& transaction, const CopyId& copy, UserId user) {
  const auto row = transaction.row(kFind, copy, user);
  if (!row) return std::nullopt;
  return Draft{boost::json::parse(row->get<std::string>(0)).as_object(), row->get<std::string>(1),
               row->get<std::int64_t>(2), row->get<UtcTime>(3)};
}

// Nothing but the draft itself is written: pages save it every other second, and it moves no mark.
Result<Draft> put_draft(Transaction& transaction, const CopyId& copy, const Marker& marker, const NewDraft& draft,
                        UtcTime now) {
  if (auto seen = copies::may_see(transaction, copy, {marker.user, marker.is_admin}); !seen)
    return tl::unexpected(seen.error());
  if (auto markable = require_markable(transaction.row(kStatus, copy)->get<std::string>(0)); !markable)
    return tl::unexpected(markable.error());
  if (auto lock = held_lock(transaction, copy, marker, now); !lock) return tl::unexpected(lock.error());
  const auto before = find_draft(transaction, copy, marker.user);
  if (before && before->client_id != draft.client_id && !draft.take_over)
    return refuse(ErrorKind::conflict, "draft.other_client", "Another page of yours is writing this draft.");
  transaction.execute(kPut, make_uuid_v4(), copy, marker.user, boost::json::serialize(draft.payload), marker.token,
                      draft.client_id, now);
  return Draft{draft.payload, draft.client_id, before ? before->version + 1 : 1, now};
}

void delete_draft(Transaction& transaction, const CopyId& copy, UserId user) {
  transaction.execute(kDelete, copy, user);
}

}  // namespace korrigo::grading

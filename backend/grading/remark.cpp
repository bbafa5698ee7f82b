#include "grading/remark.h"

#include <boost/json/object.hpp>

#include "copies/copy_state.h"

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

#define KORRIGO_REMARK_SELECT \
  "SELECT id, copy_id, question_id, remark, version, created_by, created_at, updated_at FROM question_remark "
constexpr Statement kFind{"remark.find", KORRIGO_REMARK_SELECT "WHERE id = $1 AND copy_id = $2"};
constexpr Statement kOn{"remark.on_question", KORRIGO_REMARK_SELECT "WHERE copy_id = $1 AND question_id = $2"};
constexpr Statement kList{"remark.list", KORRIGO_REMARK_SELECT "WHERE copy_id = $1 ORDER BY question_id"};
#undef KORRIGO_REMARK_SELECT
constexpr Statement kInsert{"remark.insert", R"(
  INSERT INTO question_remark (id, copy_id, question_id, remark, created_by, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6))"};
constexpr Statement kUpdate{"remark.update", R"(
  UPDATE question_remark SET remark = $2, version = version + 1, updated_at = $3 WHERE id = $1)"};
constexpr Statement kDelete{"remark.delete", "DELETE FROM question_remark WHERE id = $1"};
constexpr Statement kAppreciation{"remark.appreciation", "SELECT global_appreciation FROM copy WHERE id = $1"};
constexpr Statement kSetAppreciation{"remark.set_appreciation",
                                     "UPDATE copy SET global_appreciation = $2 WHERE id = $1"};

Remark remark_of(const Row& row) {
  return {row.get<RemarkId>(0),    row.get<CopyId>(1),       row.get<std::string>(2),
          row.get<std::string>(3), row.get<std::int64_t>(4), row.get<std::optional<UserId>>(5),
          row.get<UtcTime>(6),     row.get<UtcTime>(7)};
}

void note(Transaction& t, const Desk& desk, const boost::json::object& metadata) {
  copies::record_event(t, desk.copy, "REMARK", desk.user, metadata, desk.now);
}

Result<void> require_own(const Desk& desk, const Remark& remark) {
  if (desk.is_head || remark.created_by == desk.user) return {};
  return refuse(ErrorKind::forbidden, "remark.foreign", "This remark is another corrector's.");
}

}  // namespace

Result<Remark> find_remark(Transaction& transaction, const CopyId& copy, const RemarkId& id) {
  const auto row = transaction.row(kFind, id, copy);
  if (!row) return refuse(ErrorKind::not_found, "remark.not_found", "There is no such remark.");
  return remark_of(*row);
}

std::optional<Remark> remark_on(Transaction& transaction, const CopyId& copy, const std::string& question) {
  const auto row = transaction.row(kOn, copy, question);
  return row ? std::optional(remark_of(*row)) : std::nullopt;
}

std::vector<Remark> remarks_of(Transaction& transaction, const CopyId& copy) {
  std::vector<Remark> remarks;
  for (const Row& row : transaction.rows(kList, copy)) remarks.push_back(remark_of(row));
  return remarks;
}

Result<PutRemark> put_remark(Transaction& transaction, const Desk& desk, const std::string& question,
                             const std::string& text) {
  if (auto within = require_question(desk, question); !within) return tl::unexpected(within.error());
  const auto before = remark_on(transaction, desk.copy, question);
  RemarkId id(make_uuid_v4());
  if (before) {
    if (auto own = require_own(desk, *before); !own) return tl::unexpected(own.error());
    id = before->id;
    transaction.execute(kUpdate, id, text, desk.now);
  } else {
    transaction.execute(kInsert, id, desk.copy, question, text, desk.user, desk.now);
  }
  note(transaction, desk, {{"question_id", question}});
  return PutRemark{find_remark(transaction, desk.copy, id).value(), !before};
}

Result<void> delete_remark(Transaction& transaction, const Desk& desk, const RemarkId& id) {
  const auto remark = find_remark(transaction, desk.copy, id);
  if (!remark) return tl::unexpected(remark.error());
  if (auto own = require_own(desk, *remark); !own) return own;
  if (auto within = require_question(desk, remark->question_id); !within && within.error().kind == ErrorKind::forbidden)
    return within;
  transaction.execute(kDelete, id);
  note(transaction, desk, {{"question_id", remark->question_id}, {"deleted", true}});
  return {};
}

std::string appreciation_of(Transaction& transaction, const CopyId& copy) {
  return transaction.row(kAppreciation, copy)->get<std::string>(0);
}

void set_appreciation(Transaction& transaction, const Desk& desk, const std::string& text) {
  if (appreciation_of(transaction, desk.copy) == text) return;
  transaction.execute(kSetAppreciation, desk.copy, text);
  note(transaction, desk, {{"appreciation", true}});
}

}  // namespace korrigo::grading

#include "grading/bank_store.h"

#include "base/text.h"

namespace korrigo::grading::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

#define KORRIGO_TEMPLATE_SELECT                                                               \
  "SELECT id, exam_id, question_id, criterion_type, text, score_delta, position, created_by " \
  "FROM annotation_template "
constexpr Statement kTemplates{
    "template.list", KORRIGO_TEMPLATE_SELECT "WHERE exam_id = $1 AND search_text LIKE $2 ORDER BY position, id"};
constexpr Statement kTemplate{"template.find", KORRIGO_TEMPLATE_SELECT "WHERE id = $1"};
#undef KORRIGO_TEMPLATE_SELECT
constexpr Statement kPutTemplate{"template.put", R"(
  INSERT INTO annotation_template (id, exam_id, question_id, criterion_type, text, score_delta, position, created_by,
    search_text, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))"};
constexpr Statement kUpdateTemplate{"template.update", R"(
  UPDATE annotation_template SET question_id = $2, criterion_type = $3, text = $4, score_delta = $5, position = $6,
    search_text = $7
  WHERE id = $1)"};
constexpr Statement kRemoveTemplate{"template.remove", "DELETE FROM annotation_template WHERE id = $1"};

#define KORRIGO_OWN_SELECT                                                                                            \
  "SELECT id, exam_id, question_id, text, score_delta, usage_count, last_used_at FROM user_annotation WHERE user_id " \
  "= $1 "
constexpr Statement kOwn{"own_remark.list",
                         KORRIGO_OWN_SELECT "AND search_text LIKE $2 ORDER BY usage_count DESC, id LIMIT $3 OFFSET $4"};
constexpr Statement kOneOwn{"own_remark.find", KORRIGO_OWN_SELECT "AND id = $2"};
constexpr Statement kOwnText{"own_remark.find_text", KORRIGO_OWN_SELECT "AND text = $2"};
#undef KORRIGO_OWN_SELECT
constexpr Statement kCountOwn{"own_remark.count", "SELECT count(*) FROM user_annotation WHERE user_id = $1"};
constexpr Statement kPutOwn{"own_remark.put", R"(
  INSERT INTO user_annotation (id, user_id, exam_id, question_id, text, score_delta, usage_count, search_text, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};
constexpr Statement kUpdateOwn{"own_remark.update", R"(
  UPDATE user_annotation SET question_id = $2, text = $3, score_delta = $4, usage_count = $5, last_used_at = $6,
    search_text = $7
  WHERE id = $1)"};
constexpr Statement kRemoveOwn{"own_remark.remove", "DELETE FROM user_annotation WHERE id = $1"};

Template template_of(const Row& row) {
  Template found;
  found.id = row.get<TemplateId>(0);
  found.exam = row.get<ExamId>(1);
  found.question_id = row.get<std::optional<std::string>>(2);
  found.criterion_type = row.get<std::string>(3);
  found.text = row.get<std::string>(4);
  found.score_delta = row.get<std::optional<std::int64_t>>(5);
  found.position = row.get<std::int64_t>(6);
  found.created_by = row.get<std::optional<UserId>>(7);
  return found;
}

OwnRemark own_of(const Row& row) {
  OwnRemark own;
  own.id = row.get<OwnRemarkId>(0);
  own.exam = row.get<std::optional<ExamId>>(1);
  own.question_id = row.get<std::optional<std::string>>(2);
  own.text = row.get<std::string>(3);
  own.score_delta = row.get<std::optional<std::int64_t>>(4);
  own.usage_count = row.get<std::int64_t>(5);
  own.last_used_at = row.get<std::optional<UtcTime>>(6);
  return own;
}

/// Folded text holds nothing that LIKE takes for a sign of its own.
std::string pattern_of(std::string_view text) {
  return "%" + search_text(text) + "%";
}

}  // namespace

std::string search_text(std::string_view text) {
  return fold_name(text);
}

std::vector<Template> templates(Transaction& transaction, const ExamId& exam, std::string_view text) {
  std::vector<Template> all;
  for (const Row& row : transaction.rows(kTemplates, exam, pattern_of(text))) all.push_back(template_of(row));
  return all;
}

std::optional<Template> find_template(Transaction& transaction, const TemplateId& id) {
  const auto row = transaction.row(kTemplate, id);
  return row ? std::optional(template_of(*row)) : std::nullopt;
}

void put_template(Transaction& transaction, const Template& added, UtcTime now) {
  transaction.execute(kPutTemplate, added.id, added.exam, added.question_id, added.criterion_type, added.text,
                      added.score_delta, added.position, added.created_by, search_text(added.text), now);
}

void update_template(Transaction& transaction, const Template& changed) {
  transaction.execute(kUpdateTemplate, changed.id, changed.question_id, changed.criterion_type, changed.text,
                      changed.score_delta, changed.position, search_text(changed.text));
}

void remove_template(Transaction& transaction, const TemplateId& id) {
  transaction.execute(kRemoveTemplate, id);
}

std::vector<OwnRemark> own_remarks(Transaction& transaction, UserId user, std::string_view text, int most,
                                   std::int64_t offset) {
  std::vector<OwnRemark> all;
  for (const Row& row : transaction.rows(kOwn, user, pattern_of(text), most, offset)) all.push_back(own_of(row));
  return all;
}

std::int64_t count_own_remarks(Transaction& transaction, UserId user) {
  return transaction.row(kCountOwn, user)->get<std::int64_t>(0);
}

std::optional<OwnRemark> find_own_remark(Transaction& transaction, UserId user, const OwnRemarkId& id) {
  const auto row = transaction.row(kOneOwn, user, id);
  return row ? std::optional(own_of(*row)) : std::nullopt;
}

std::optional<OwnRemark> find_own_text(Transaction& transaction, UserId user, std::string_view text) {
  const auto row = transaction.row(kOwnText, user, text);
  return row ? std::optional(own_of(*row)) : std::nullopt;
}

void put_own_remark(Transaction& transaction, UserId user, const OwnRemark& own, UtcTime now) {
  transaction.execute(kPutOwn, own.id, user, own.exam, own.question_id, own.text, own.score_delta, own.usage_count,
                      search_text(own.text), now);
}

void update_own_remark(Transaction& transaction, const OwnRemark& own) {
  transaction.execute(kUpdateOwn, own.id, own.question_id, own.text, own.score_delta, own.usage_count, own.last_used_at,
                      search_text(own.text));
}

void remove_own_remark(Transaction& transaction, const OwnRemarkId& id) {
  transaction.execute(kRemoveOwn, id);
}

}  // namespace korrigo::grading::store

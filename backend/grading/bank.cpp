#include "grading/bank.h"

#include "grading/bank_store.h"

namespace korrigo::grading {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kExam{"own_remark.exam", "SELECT 1 FROM exam WHERE id = $1"};

Result<Template> own_template(Transaction& t, const ExamId& exam, const Marker& marker, const TemplateId& id) {
  auto found = find_template(t, exam, marker, id);
  if (found && !marker.is_admin && found->created_by != marker.user)
    return refuse(ErrorKind::forbidden, "template.foreign", "This remark is another's.");
  return found;
}

tl::unexpected<Error> no_such_remark() {
  return refuse(ErrorKind::not_found, "own_remark.not_found", "There is no such remark of yours.");
}

}  // namespace

Result<std::vector<Template>> list_templates(Transaction& transaction, const ExamId& exam, const Marker& marker) {
  if (auto may = require_marker_of(transaction, exam, marker); !may) return tl::unexpected(may.error());
  return store::templates(transaction, exam);
}

Result<Template> add_template(Transaction& transaction, const ExamId& exam, const Marker& marker,
                              const TemplateFields& fields, UtcTime now) {
  if (auto may = require_marker_of(transaction, exam, marker); !may) return tl::unexpected(may.error());
  Template added{fields, TemplateId(make_uuid_v4()), exam, marker.user};
  store::put_template(transaction, added, now);
  return added;
}

Result<Template> find_template(Transaction& transaction, const ExamId& exam, const Marker& marker,
                               const TemplateId& id) {
  if (auto may = require_marker_of(transaction, exam, marker); !may) return tl::unexpected(may.error());
  auto found = store::find_template(transaction, id);
  if (!found || found->exam != exam)
    return refuse(ErrorKind::not_found, "template.not_found", "There is no such remark.");
  return std::move(*found);
}

Result<Template> change_template(Transaction& transaction, const ExamId& exam, const Marker& marker,
                                 const TemplateId& id, const TemplateFields& fields) {
  auto changed = own_template(transaction, exam, marker, id);
  if (!changed) return changed;
  static_cast<TemplateFields&>(*changed) = fields;
  store::update_template(transaction, *changed);
  return changed;
}

Result<void> delete_template(Transaction& transaction, const ExamId& exam, const Marker& marker, const TemplateId& id) {
  if (auto own = own_template(transaction, exam, marker, id); !own) return tl::unexpected(own.error());
  store::remove_template(transaction, id);
  return {};
}

Result<KeptRemark> keep_own_remark(Transaction& transaction, UserId user, const OwnRemarkFields& fields, UtcTime now) {
  if (fields.exam && !transaction.row(kExam, *fields.exam)) {
    Error error{ErrorKind::malformed, "request.invalid", "exam_id: is no exam"};
    error.field = "exam_id";
    return tl::unexpected(std::move(error));
  }
  if (auto known = store::find_own_text(transaction, user, fields.text)) {
    auto used = use_own_remark(transaction, user, known->id, now);
    if (!used) return tl::unexpected(used.error());
    return KeptRemark{std::move(*used), false};
  }
  OwnRemark kept{fields, OwnRemarkId(make_uuid_v4()), 1, {}};
  store::put_own_remark(transaction, user, kept, now);
  return KeptRemark{std::move(kept), true};
}

Result<OwnRemark> find_own_remark(Transaction& transaction, UserId user, const OwnRemarkId& id) {
  auto found = store::find_own_remark(transaction, user, id);
  if (!found) return no_such_remark();
  return std::move(*found);
}

Result<OwnRemark> change_own_remark(Transaction& transaction, UserId user, const OwnRemarkId& id,
                                    const OwnRemarkFields& fields) {
  auto changed = find_own_remark(transaction, user, id);
  if (!changed) return changed;
  const auto same = store::find_own_text(transaction, user, fields.text);
  if (same && same->id != id)
    return refuse(ErrorKind::conflict, "own_remark.duplicate", "You have this remark already.");
  changed->text = fields.text;
  changed->question_id = fields.question_id;
  changed->score_delta = fields.score_delta;
  store::update_own_remark(transaction, *changed);
  return changed;
}

Result<OwnRemark> use_own_remark(Transaction& transaction, UserId user, const OwnRemarkId& id, UtcTime now) {
  auto used = find_own_remark(transaction, user, id);
  if (!used) return used;
  ++used->usage_count;
  used->last_used_at = now;
  store::update_own_remark(transaction, *used);
  return used;
}

Result<void> delete_own_remark(Transaction& transaction, UserId user, const OwnRemarkId& id) {
  if (auto found = find_own_remark(transaction, user, id); !found) return tl::unexpected(found.error());
  store::remove_own_remark(transaction, id);
  return {};
}

OwnRemarkPage list_own_remarks(Transaction& transaction, UserId user, int page_size, std::int64_t offset) {
  return {store::own_remarks(transaction, user, {}, page_size, offset), store::count_own_remarks(transaction, user)};
}

}  // namespace korrigo::grading

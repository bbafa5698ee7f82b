/// Remarks kept to be used again: those of an exam, which all its correctors share, and everybody's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grading/desk.h"

namespace korrigo::grading {

using TemplateId = UuidOf<struct TemplateTag>;
using OwnRemarkId = UuidOf<struct OwnRemarkTag>;

constexpr std::size_t kMaxBankCharacters = 500;
constexpr std::size_t kMaxCriterionCharacters = 50;

struct TemplateFields {
  std::string text;
  std::optional<std::string> question_id = {};  // nothing: wherever it fits
  std::string criterion_type = {};              // "Méthode", "Résultat", ...
  std::optional<std::int64_t> score_delta = {};
  std::int64_t position = 0;
};
struct Template : TemplateFields {
  TemplateId id;
  ExamId exam;
  std::optional<UserId> created_by;
};

/// Those of an exam, by position. All refuse as require_marker_of().
Result<std::vector<Template>> list_templates(storage::Transaction& transaction, const ExamId& exam,
                                             const Marker& marker);
Result<Template> add_template(storage::Transaction& transaction, const ExamId& exam, const Marker& marker,
                              const TemplateFields& fields, UtcTime now);
/// Refuses also with not_found "template.not_found".
Result<Template> find_template(storage::Transaction& transaction, const ExamId& exam, const Marker& marker,
                               const TemplateId& id);
/// Refuses also with forbidden "template.foreign": another's, unless the marker is an admin.
Result<Template> change_template(storage::Transaction& transaction, const ExamId& exam, const Marker& marker,
                                 const TemplateId& id, const TemplateFields& fields);
Result<void> delete_template(storage::Transaction& transaction, const ExamId& exam, const Marker& marker,
                             const TemplateId& id);

struct OwnRemarkFields {
  std::string text;
  std::optional<ExamId> exam = {};  // where it was first written
  std::optional<std::string> question_id = {};
  std::optional<std::int64_t> score_delta = {};
};
struct OwnRemark : OwnRemarkFields {
  OwnRemarkId id;
  std::int64_t usage_count = 0;
  std::optional<UtcTime> last_used_at = {};
};
struct KeptRemark {
  OwnRemark remark;
  bool is_new = false;
};
/// A text that the user has already counts as used once more. Refuses with malformed "request.invalid" when the exam is
/// none.
Result<KeptRemark> keep_own_remark(storage::Transaction& transaction, UserId user, const OwnRemarkFields& fields,
                                   UtcTime now);
/// These refuse with not_found "own_remark.not_found"; another user's is not found.
Result<OwnRemark> find_own_remark(storage::Transaction& transaction, UserId user, const OwnRemarkId& id);
/// Also with conflict "own_remark.duplicate": the user has this text.
Result<OwnRemark> change_own_remark(storage::Transaction& transaction, UserId user, const OwnRemarkId& id,
                                    const OwnRemarkFields& fields);
Result<OwnRemark> use_own_remark(storage::Transaction& transaction, UserId user, const OwnRemarkId& id, UtcTime now);
Result<void> delete_own_remark(storage::Transaction& transaction, UserId user, const OwnRemarkId& id);
struct OwnRemarkPage {
  std::vector<OwnRemark> remarks;  // the most used first
  std::int64_t count = 0;          // over all pages
};
OwnRemarkPage list_own_remarks(storage::Transaction& transaction, UserId user, int page_size, std::int64_t offset);

}  // namespace korrigo::grading

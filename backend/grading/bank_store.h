/// The rows of both banks. Internal to this module.
#pragma once

#include "grading/bank.h"

namespace korrigo::grading::store {

/// Letters and digits of a text, as it is searched.
std::string search_text(std::string_view text);

/// Those whose text holds `text`, letters and digits only; all when it is empty.
std::vector<Template> templates(storage::Transaction&, const ExamId&, std::string_view text = {});
std::optional<Template> find_template(storage::Transaction&, const TemplateId&);
void put_template(storage::Transaction&, const Template&, UtcTime now);
void update_template(storage::Transaction&, const Template&);
void remove_template(storage::Transaction&, const TemplateId&);

/// The most used first.
std::vector<OwnRemark> own_remarks(storage::Transaction&, UserId, std::string_view text, int most,
                                   std::int64_t offset = 0);
std::int64_t count_own_remarks(storage::Transaction&, UserId);
std::optional<OwnRemark> find_own_remark(storage::Transaction&, UserId, const OwnRemarkId&);
std::optional<OwnRemark> find_own_text(storage::Transaction&, UserId, std::string_view text);
void put_own_remark(storage::Transaction&, UserId, const OwnRemark&, UtcTime now);
void update_own_remark(storage::Transaction&, const OwnRemark&);
void remove_own_remark(storage::Transaction&, const OwnRemarkId&);

}  // namespace korrigo::grading::store

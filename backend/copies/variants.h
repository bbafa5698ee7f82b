/// Which variant of the subject a copy answers: "A", "B".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "copies/batch_steps.h"
#include "copies/office.h"

namespace korrigo::copies {

using VariantChoices = std::vector<std::pair<CopyId, std::optional<std::string>>>;  // nothing: none

/// 1 to 8 capitals and digits.
bool is_variant(std::string_view text);

/// What print says: the code behind "sujet", "variante", "version"; nothing when there is none, or there are two.
std::optional<std::string> variant_in(const std::vector<std::string>& words);

/// How many copies of the exam have which; "" for none.
std::map<std::string, std::int64_t> variants_of(storage::Transaction& transaction, const ExamId& exam);

/// All or none. Returns how many have another than before. Refuses with not_found "exam.not_found", malformed
/// "copy.unknown" (no copy of the exam).
Result<std::int64_t> set_variants(const Office& office, const ExamId& exam, const VariantChoices& choices);

/// The task detect_subject_variants: reads the top and the foot of the first faces of the copies that have none. Its
/// result is {"copies", "detected"}.
jobs::NewTask variants_task(const ExamId& exam, std::optional<UserId> user);
StepResult detect_variants(jobs::TaskContext& context, const BatchServices& services);

}  // namespace korrigo::copies

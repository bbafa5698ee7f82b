/// What statistics read. Internal to this module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/database.h"

namespace korrigo::publication::store {

struct MarkedCopy {
  std::string class_name;
  std::optional<UserId> corrector;
  std::int64_t total = 0;
  std::optional<std::string> scores;  // as they are kept; nothing: they are not, or were before it was marked anew
};
/// All of them, or one corrector's.
std::vector<MarkedCopy> marked_copies(storage::Transaction&, const ExamId&, std::optional<UserId> corrector);

/// Puts together the scores of the exam's marked copies where that has not been done.
void keep_scores(storage::Transaction&, const ExamId&);
/// The same of one copy, so that nobody waits for it later.
void keep_scores_of(storage::Transaction&, const CopyId&);
/// The pairs of a kept text; views into it.
std::vector<std::pair<std::string_view, std::int64_t>> kept_scores(std::string_view text);

/// Names of those who may correct.
std::vector<std::pair<UserId, std::string>> correctors(storage::Transaction&);

}  // namespace korrigo::publication::store

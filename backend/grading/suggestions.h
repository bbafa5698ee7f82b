/// What a corrector may want to write now, from both banks.
#pragma once

#include "grading/bank.h"

namespace korrigo::grading {

constexpr std::size_t kSuggestedTemplates = 30;
constexpr std::size_t kSuggestedOwn = 20;

struct Context {
  std::optional<std::string> question_id = {};  // a question or a whole exercise
  std::string text = {};                        // what has been typed; accents and case do not count
  std::optional<std::string> criterion_type = {};
};

struct Suggestions {
  std::vector<Template> templates;  // the nearest to the question first, then by position
  std::vector<OwnRemark> own;       // written for the question first, then the most used
};

/// What was kept for another question of the exam is left out. Refuses as require_marker_of().
Result<Suggestions> suggest(storage::Transaction& transaction, const ExamId& exam, const Marker& marker,
                            const Context& context);

}  // namespace korrigo::grading

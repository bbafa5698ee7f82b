#include "grading/suggestions.h"

#include "exams/exam.h"
#include "grading/bank_store.h"

namespace korrigo::grading {
namespace {

using storage::Transaction;

constexpr int kOwnLookedAt = 300;  // the most used that hold the text
constexpr int kElsewhere = -1;

void add_all_below(const exams::Question& question, std::map<std::string, int, std::less<>>& nearness) {
  for (const exams::Question& child : question.children) {
    nearness.emplace(child.id, 1);
    add_all_below(child, nearness);
  }
}

/// How near a question of the exam is to the one asked for; what is not in it is another one.
std::map<std::string, int, std::less<>> nearness_to(const exams::GradingStructure& structure,
                                                    const std::string& asked) {
  std::map<std::string, int, std::less<>> nearness;
  int depth = 1;
  for (const std::string& id : structure.path_to(asked)) nearness[id] = ++depth;
  if (const exams::Question* question = structure.find(asked)) add_all_below(*question, nearness);
  if (structure.is_empty()) nearness[asked] = 2;
  return nearness;
}

/// The best first; equal ones stay in their order.
template <class Remark, class Rank>
std::vector<Remark> ranked(std::vector<Remark> remarks, std::size_t most, const Rank& rank) {
  std::erase_if(remarks, [&](const Remark& remark) { return rank(remark) == kElsewhere; });
  std::ranges::stable_sort(remarks, std::greater<>(), rank);
  if (remarks.size() > most) remarks.erase(remarks.begin() + static_cast<std::ptrdiff_t>(most), remarks.end());
  return remarks;
}

}  // namespace

Result<Suggestions> suggest(Transaction& transaction, const ExamId& exam, const Marker& marker,
                            const Context& context) {
  if (auto may = require_marker_of(transaction, exam, marker); !may) return tl::unexpected(may.error());
  const auto structure = exams::grading_structure_of(transaction, exam);
  if (!structure) return tl::unexpected(structure.error());
  const auto nearness =
      context.question_id ? nearness_to(*structure, *context.question_id) : std::map<std::string, int, std::less<>>();
  const auto rank = [&](const std::optional<std::string>& question) {
    if (!question || !context.question_id) return 0;
    const auto found = nearness.find(*question);
    return found == nearness.end() ? kElsewhere : found->second;
  };
  Suggestions suggestions;
  suggestions.templates =
      ranked(store::templates(transaction, exam, context.text), kSuggestedTemplates, [&](const Template& remark) {
        if (context.criterion_type && remark.criterion_type != *context.criterion_type) return kElsewhere;
        return rank(remark.question_id);
      });
  suggestions.own = ranked(store::own_remarks(transaction, marker.user, context.text, kOwnLookedAt), kSuggestedOwn,
                           [&](const OwnRemark& remark) { return remark.exam == exam ? rank(remark.question_id) : 0; });
  return suggestions;
}

}  // namespace korrigo::grading

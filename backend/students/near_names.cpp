#include "students/near_names.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace korrigo::students {
namespace {

std::vector<std::string_view> words_of(std::string_view folded) {
  std::vector<std::string_view> words;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find(' '), folded.size());
    if (end > 0) words.push_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

int allowed_faults(std::size_t letters) {
  if (letters < 4) return 0;
  return letters < 7 ? 1 : 2;
}

// Of the whole of `typed` against whichever beginning of `word` is nearest; two letters swapped are one fault.
int faults_between(std::string_view typed, std::string_view word) {
  const std::size_t columns = word.size() + 1;
  std::vector<int> before(columns), last(columns), row(columns);
  for (std::size_t j = 0; j < columns; ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= typed.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j < columns; ++j) {
      const int same = typed[i - 1] == word[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + same});
      if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return *std::ranges::min_element(last);
}

}  // namespace

std::optional<int> spelling_faults(std::string_view search, std::string_view sort_name) {
  const std::string folded = is_utf8(search) ? fold_name(search) : std::string();
  const auto names = words_of(sort_name);
  int sum = 0;
  for (const std::string_view typed : words_of(folded)) {
    int least = allowed_faults(typed.size()) + 1;
    for (const std::string_view name : names) least = std::min(least, faults_between(typed, name));
    if (least > allowed_faults(typed.size())) return std::nullopt;
    sum += least;
  }
  if (folded.empty()) return std::nullopt;
  return sum;
}

}  // namespace korrigo::students

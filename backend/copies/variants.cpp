#include "copies/variants.h"

#include <boost/json/object.hpp>
#include <set>

#include "base/text.h"

namespace korrigo::copies {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::size_t kLongestVariant = 8;
constexpr std::size_t kMostDigits = 2;  // of a printed one
constexpr std::array<std::string_view, 4> kAnnounced = {"SUJET", "VARIANTE", "VARIANT", "VERSION"};

constexpr Statement kExam{"variants.exam", "SELECT 1 FROM exam WHERE id = $1"};
constexpr Statement kCounts{"variants.counts", R"(
  SELECT coalesce(subject_variant, ''), count(*) FROM copy WHERE exam_id = $1 GROUP BY coalesce(subject_variant, ''))"};
constexpr Statement kThere{"variants.copy", "SELECT subject_variant FROM copy WHERE id = $1 AND exam_id = $2"};
constexpr Statement kSet{"variants.set", "UPDATE copy SET subject_variant = $2, updated_at = $3 WHERE id = $1"};

std::string letters_and_digits(std::string_view word) {
  std::string kept;
  for (const char32_t point : code_points(word)) {
    const bool letter = (point >= U'A' && point <= U'Z') || (point >= U'a' && point <= U'z');
    if (letter || (point >= U'0' && point <= U'9')) kept += static_cast<char>(point);
  }
  return kept;
}

std::string capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// "A", "2", "B12", "n°2" (which is 2); empty for anything else. A small letter is a word: "le sujet a deux parties".
std::string printed_variant(std::string word) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (word.size() > 1 && (word[0] == 'n' || word[0] == 'N') && is_digit(word[1])) word.erase(0, 1);
  const bool lettered = !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
  const std::string_view digits = std::string_view(word).substr(lettered ? 1 : 0);
  const bool fits = digits.size() <= kMostDigits && std::all_of(digits.begin(), digits.end(), is_digit);
  return fits ? word : std::string();
}

bool is_capital_word(const std::string& word) {
  return code_points(word).size() > 1 && upper(word) == word && lower(word) != word;
}

/// The words without what is neither letter nor digit. A French reader takes an A that stands alone for the word "À":
/// it is one only before another word in capitals ("SUJET À RENDRE").
std::vector<std::string> plain_words(const std::vector<std::string>& words) {
  std::vector<std::string> plain;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool lone_a = words[i] == "À" && (i + 1 == words.size() || !is_capital_word(words[i + 1]));
    if (std::string kept = lone_a ? "A" : letters_and_digits(words[i]); !kept.empty()) plain.push_back(std::move(kept));
  }
  return plain;
}

}  // namespace

bool is_variant(std::string_view text) {
  return !text.empty() && text.size() <= kLongestVariant &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::optional<std::string> variant_in(const std::vector<std::string>& words) {
  const auto plain = plain_words(words);
  std::set<std::string> found;
  for (std::size_t i = 0; i + 1 < plain.size(); ++i) {
    if (std::find(kAnnounced.begin(), kAnnounced.end(), capitals(plain[i])) == kAnnounced.end()) continue;
    if (std::string variant = printed_variant(plain[i + 1]); !variant.empty()) found.insert(std::move(variant));
  }
  if (found.size() != 1) return std::nullopt;
  return *found.begin();
}

std::map<std::string, std::int64_t> variants_of(Transaction& transaction, const ExamId& exam) {
  std::map<std::string, std::int64_t> counts;
  for (const Row& row : transaction.rows(kCounts, exam)) counts[row.get<std::string>(0)] = row.get<std::int64_t>(1);
  return counts;
}

Result<std::int64_t> set_variants(const Office& office, const ExamId& exam, const VariantChoices& choices) {
  return office.database.write([&](Transaction& t) -> Result<std::int64_t> {
    if (!t.row(kExam, exam)) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
    const UtcTime now = office.queue.clock().now();
    std::int64_t changed = 0;
    for (const auto& [copy, variant] : choices) {
      const auto row = t.row(kThere, copy, exam);
      if (!row)
        return refuse(ErrorKind::malformed, "copy.unknown", "There is no such copy in this exam: " + copy.text());
      if (row->get<std::optional<std::string>>(0) == variant) continue;
      t.execute(kSet, copy, variant, now);
      ++changed;
    }
    audit::append(t,
                  {.by = office.actor,
                   .action = "exam.set_variants",
                   .target_type = "exam",
                   .target_id = exam.text(),
                   .details = {{"copies", changed}}},
                  now);
    return changed;
  });
}

jobs::NewTask variants_task(const ExamId& exam, std::optional<UserId> user) {
  jobs::NewTask task;
  task.kind = "detect_subject_variants";
  task.payload = {{"exam_id", exam.text()}};
  task.exam_id = exam;
  task.created_by = user;
  return task;
}

}  // namespace korrigo::copies

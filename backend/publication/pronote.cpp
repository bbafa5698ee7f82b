#include "publication/pronote.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/text.h"
#include "publication/french.h"
#include "publication/tables.h"

namespace korrigo::publication {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kLongestComment = 500;  // characters
constexpr std::int64_t kMostOf20 = 2000;

std::vector<std::string> obstacles(const std::vector<ResultRow>& rows) {
  const auto count = [&](auto&& is_one) { return std::count_if(rows.begin(), rows.end(), is_one); };
  if (count([](const ResultRow& row) { return row.copy.has_value(); }) == 0) return {"This exam has no copy."};
  if (count([](const ResultRow& row) { return row.is_graded(); }) == 0) return {"No copy is marked."};
  const auto nobodys = count([](const ResultRow& row) { return row.is_graded() && !row.student; });
  if (nobodys == 0) return {};
  return {fmt::format("{} marked copies have no student.", nobodys)};
}

const char* absence_of(const std::string& presence) {
  if (presence == "ABSENT") return "Abs";
  return presence == "EXCUSED" ? "Disp" : "N.Rdu";
}

std::string mark_of(const ResultRow& row, std::optional<std::int64_t> rounding) {
  if (!row.copy) return absence_of(row.presence);
  const std::int64_t mark = mark_of_20(row.total.value_or(0), row.maximum.value_or(0));
  return french_decimal(rounded_mark(mark, rounding, kMostOf20), 2);
}

std::string without_formula_start(const std::string& text) {
  const auto start = text.find_first_not_of("=+-@\t\r ");
  return start == std::string::npos ? "" : text.substr(start);
}

}  // namespace

std::int64_t mark_of_20(std::int64_t total, std::int64_t maximum) {
  if (maximum <= 0 || total <= 0) return 0;
  return std::min(kMostOf20, (total * kMostOf20 * 2 + maximum) / (2 * maximum));
}

std::string pronote_comment(const std::string& appreciation) {
  std::string comment;
  for (const char c : appreciation) comment += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  comment = without_formula_start(normalise(comment));
  std::size_t characters = 0;
  for (std::size_t i = 0; i < comment.size(); ++i)
    if ((static_cast<unsigned char>(comment[i]) & 0xc0) != 0x80 && ++characters > kLongestComment)
      return comment.substr(0, i);
  return comment;
}

Result<PronoteFile> pronote_file(storage::Transaction& transaction, const ExamId& id, std::int64_t coefficient) {
  const auto exam = exams::find_exam(transaction, id);
  if (!exam) return tl::unexpected(exam.error());
  const auto rows = results_of(transaction, id);
  if (auto reasons = obstacles(rows); !reasons.empty()) {
    Error error{ErrorKind::malformed, "pronote.not_ready", "The marks cannot be exported for Pronote: " + reasons[0]};
    error.details = std::move(reasons);
    return tl::unexpected(std::move(error));
  }
  PronoteFile file;
  file.name = fmt::format("export_pronote_{}_{}.csv", file_name_part(exam->name), exam->date.iso());
  file.content = kByteOrderMark;
  file.content += "NOM;PRENOM;DATE_NAISSANCE;MATIERE;NOTE;COEFF;COMMENTAIRE\r\n";
  const std::string subject =
      without_formula_start(upper(exam->subject == exams::kDefaultSubject ? exam->name : exam->subject));
  for (const ResultRow& row : rows) {
    if (row.copy && !row.is_graded()) continue;
    const auto born = Date::parse(row.date_naissance);
    const std::string comment = pronote_comment(row.appreciation);
    if (comment.find(';') != std::string::npos)
      file.warnings.push_back(fmt::format("The comment of copy {} holds a semicolon.", row.anonymous_id));
    if (row.copy) ++file.count;
    file.content += csv_record({row.last_name, row.first_name, born ? born->french() : "", subject,
                                mark_of(row, exam->export_rounding), french_decimal(coefficient, 1), comment});
  }
  return file;
}

}  // namespace korrigo::publication

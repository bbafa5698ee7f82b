#include "copies/copy_list.h"

#include <algorithm>

#include "base/guarded.h"
#include "copies/copy_rows.h"
#include "students/student.h"

namespace korrigo::copies {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

// Copies whose ids are given, in that order.
#define KORRIGO_SHOWN(name, columns, joins)                                                      \
  Statement {                                                                                    \
    name,                                                                                        \
        "SELECT " columns "FROM json_each($1) wanted JOIN copy ON copy.id = wanted.value " joins \
        "ORDER BY wanted.key",                                                                   \
        "SELECT " columns                                                                        \
        "FROM json_array_elements_text(CAST($1 AS json)) WITH ORDINALITY wanted(value, key) "    \
        "JOIN copy ON copy.id = wanted.value " joins "ORDER BY wanted.key"                       \
  }
constexpr Statement kShown =
    KORRIGO_SHOWN("copy.list_shown", KORRIGO_COPY_COLUMNS,
                  "LEFT JOIN exam ON exam.id = copy.exam_id LEFT JOIN student ON student.id = copy.student_id "
                  "LEFT JOIN ocr_result ON ocr_result.copy_id = copy.id ");
constexpr Statement kShownToCorrector = KORRIGO_SHOWN(
    "copy.list_shown_to_corrector", KORRIGO_COPY_COLUMNS_FOR_CORRECTORS, "LEFT JOIN exam ON exam.id = copy.exam_id ");
#undef KORRIGO_SHOWN
constexpr Statement kCountOfExam{"copy.count_of_exam", "SELECT copy_count FROM exam WHERE id = $1"};
constexpr Statement kCountOfAll{"copy.count_of_all", "SELECT CAST(coalesce(sum(copy_count), 0) AS BIGINT) FROM exam"};

// The exams that have copies, as the list of all copies goes through them: newest first, then oldest first.
constexpr std::array<Statement, 2> kExamsInOrder{
    {{"copy.exams_newest_first",
      "SELECT id, copy_count FROM exam WHERE copy_count > 0 ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2"},
     {"copy.exams_oldest_first",
      "SELECT id, copy_count FROM exam WHERE copy_count > 0 ORDER BY created_at, id LIMIT $1 OFFSET $2"}}};

constexpr std::size_t kWords = 3;

// One text for each combination of filters that was ever asked for, so that each finds its index. They are few.
Statement statement_of(std::string text) {
  static Guarded<std::map<std::string, std::string>> names;
  auto all = names.lock();
  const auto [entry, is_new] = all->try_emplace(std::move(text));
  if (is_new) entry->second = fmt::format("copy.list_{}", all->size());
  return {entry->second, entry->first};
}

struct Question {
  bool needs_student = false, needs_decision = false, needs_source = false, needs_exam = false, of_corrector = false;
  std::string conditions;
  students::SearchPatterns patterns;
};

// Every parameter is named once, whether it is asked for or not: $1 exam, $2 corrector, $3 status, $4 whether
// identified, $5 mode, then for each word of the search a pattern of names and one of other text.
Question question_of(const CopyFilter& filter) {
  Question question;
  const auto add = [&](bool asked, std::string_view condition, std::string_view otherwise) {
    question.conditions +=
        fmt::format("{}{}", question.conditions.empty() ? "" : " AND ", asked ? condition : otherwise);
  };
  add(filter.exam.has_value(), "copy.exam_id = $1", "CAST($1 AS TEXT) IS NULL");
  question.of_corrector = filter.corrector.has_value();
  add(question.of_corrector, "CAST($2 AS BIGINT) IS NOT NULL", "CAST($2 AS BIGINT) IS NULL");
  add(filter.status.has_value(), "copy.status = $3", "CAST($3 AS TEXT) IS NULL");
  add(filter.is_identified.has_value(),
      filter.is_identified.value_or(false) ? "copy.student_id IS NOT NULL AND CAST($4 AS BIGINT) = 1"
                                           : "copy.student_id IS NULL AND CAST($4 AS BIGINT) = 0",
      "CAST($4 AS BIGINT) IS NULL");
  add(filter.ocr_mode.has_value(), "ocr_result.ocr_mode = $5", "CAST($5 AS TEXT) IS NULL");
  question.needs_decision = filter.ocr_mode.has_value();
  question.patterns = students::search_patterns(filter.search);
  for (std::size_t word = 0; word < kWords; ++word) {
    const std::size_t name = 6 + 2 * word, text = name + 1;
    const bool asked = question.patterns.text[word] != "%";
    const std::string own = fmt::format("lower(copy.anonymous_id) LIKE ${} ESCAPE '\\'", text);
    const std::string wide =
        fmt::format("({} OR student.sort_name LIKE ${} OR lower(exam_pdf.student_identifier) LIKE ${} ESCAPE '\\')",
                    own, name, text);
    const std::string narrow = fmt::format("{} AND CAST(${} AS TEXT) IS NOT NULL", own, name);
    add(asked, filter.for_office ? wide : narrow,
        fmt::format("CAST(${} AS TEXT) IS NOT NULL AND CAST(${} AS TEXT) IS NOT NULL", name, text));
    if (asked && filter.for_office) question.needs_student = question.needs_source = true;
  }
  return question;
}

std::string order_of(const CopyFilter& filter, Question& question) {
  const std::string_view down = filter.descending ? " DESC" : "";
  const auto by = [&](std::string_view first) {
    return fmt::format("{}{}, copy.anonymous_id{}, copy.id{}", first, down, down, down);
  };
  switch (filter.order) {
    case CopyOrder::exam:
      question.needs_exam = true;
      return fmt::format("exam.created_at{0}, exam.id{0}, copy.anonymous_id{1}, copy.id{1}",
                         filter.descending ? "" : " DESC", down);
    case CopyOrder::status:
      // As the index over all exams has it; a corrector's order must not tell when copies came.
      if (!filter.exam && !filter.corrector)
        return fmt::format("copy.status{}, copy.created_at{}, copy.id{}", down, down, down);
      return by("copy.status");
    case CopyOrder::created_at:
      return fmt::format("copy.created_at{}, copy.id{}", down, down);
    case CopyOrder::student:
      question.needs_student = true;
      return by("coalesce(student.sort_name, '')");
    case CopyOrder::confidence:
      question.needs_decision = true;
      return by("coalesce(ocr_result.confidence, -1)");
    case CopyOrder::anonymous_id:
      break;
  }
  return fmt::format("copy.anonymous_id{}, copy.id{}", down, down);
}

#define KORRIGO_LISTED_COLUMNS "copy.id, copy.anonymous_id, copy.status, copy.exam_id, copy.student_id, copy.created_at"

std::string from_of(const Question& question) {
  std::string from = question.of_corrector
                         ? " FROM (SELECT " KORRIGO_LISTED_COLUMNS
                           " FROM copy WHERE copy.assigned_corrector_id = $2 UNION SELECT " KORRIGO_LISTED_COLUMNS
                           " FROM exercise_assignment JOIN copy ON copy.id = exercise_assignment.copy_id"
                           " WHERE exercise_assignment.corrector_id = $2) copy"
                         : " FROM copy";
  if (question.needs_exam) from += " JOIN exam ON exam.id = copy.exam_id";
  if (question.needs_student) from += " LEFT JOIN student ON student.id = copy.student_id";
  if (question.needs_decision) from += " LEFT JOIN ocr_result ON ocr_result.copy_id = copy.id";
  if (question.needs_source)
    from +=
        " LEFT JOIN face ON face.copy_id = copy.id AND face.page_index = 0"
        " LEFT JOIN exam_pdf ON exam_pdf.id = face.exam_pdf_id";
  return from + " WHERE " + question.conditions;
}

template <class... More>
std::vector<Row> ask(Transaction& t, const Statement& statement, const CopyFilter& filter, const Question& question,
                     More... more) {
  const auto& [names, text] = question.patterns;
  const auto identified = filter.is_identified ? std::optional(*filter.is_identified ? 1 : 0) : std::nullopt;
  return t.rows(statement, filter.exam, filter.corrector, filter.status, identified, filter.ocr_mode, names[0], text[0],
                names[1], text[1], names[2], text[2], more...);
}

bool is_every_copy(const CopyFilter& filter) {
  return !filter.corrector && !filter.status && !filter.is_identified && !filter.ocr_mode &&
         filter.search.find_first_not_of(' ') == std::string::npos;
}

std::int64_t count(Transaction& t, const CopyFilter& filter) {
  const bool all = is_every_copy(filter);
  if (all && filter.exam) {
    const auto row = t.row(kCountOfExam, *filter.exam);
    return row ? row->get<std::int64_t>(0) : 0;
  }
  if (all) return t.row(kCountOfAll)->get<std::int64_t>(0);
  const Question question = question_of(filter);
  const Statement statement = statement_of("SELECT count(*)" + from_of(question));
  return ask(t, statement, filter, question).front().get<std::int64_t>(0);
}

// Rows before a page are walked over one by one, so a page behind the middle is sought from the end.
std::vector<CopyId> ids_of_page(Transaction& t, const CopyFilter& filter, std::int64_t total) {
  const std::int64_t size = std::min<std::int64_t>(filter.page_size, total - filter.offset);
  const bool from_end = filter.offset > total / 2;
  CopyFilter walked = filter;
  if (from_end) walked.descending = !filter.descending;
  Question question = question_of(walked);
  const std::string order = order_of(walked, question);
  const Statement statement =
      statement_of("SELECT copy.id" + from_of(question) + " ORDER BY " + order + " LIMIT $12 OFFSET $13");
  std::vector<CopyId> ids;
  const std::int64_t before = from_end ? total - filter.offset - size : filter.offset;
  for (const Row& row : ask(t, statement, walked, question, size, before)) ids.push_back(row.get<CopyId>(0));
  if (from_end) std::reverse(ids.begin(), ids.end());
  return ids;
}

std::vector<CopyView> shown(Transaction& t, const std::vector<CopyId>& ids, bool for_office) {
  std::vector<CopyView> copies;
  if (ids.empty()) return copies;
  const Statement& statement = for_office ? kShown : kShownToCorrector;
  for (const Row& row : t.rows(statement, json_ids(ids))) copies.push_back(copy_of_row(row));
  if (for_office)
    add_parts(t, copies);
  else
    add_exercise_correctors(t, copies);
  return copies;
}

// Each exam knows how many copies it has, so that those before the page are passed by without a look; nobody asks for
// those behind it. First pages are asked for most: few exams are fetched at first, then ever more.
CopyPage page_of_exams(Transaction& t, const CopyFilter& filter) {
  const Statement& in_order = kExamsInOrder[filter.descending ? 1 : 0];
  const std::int64_t total = t.row(kCountOfAll)->get<std::int64_t>(0);
  const std::int64_t end = std::min(filter.offset + filter.page_size, total);
  std::vector<CopyId> ids;
  std::int64_t passed = 0, exams = 0;
  for (std::int64_t fetched = 16; passed < end; fetched *= 4) {
    const std::vector<Row> rows = t.rows(in_order, fetched, exams);
    if (rows.empty()) break;
    for (const Row& row : rows) {
      const std::int64_t first = passed, copies = row.get<std::int64_t>(1);
      passed += copies;
      if (passed <= filter.offset || first >= end) continue;
      CopyFilter part{.exam = row.get<ExamId>(0), .descending = filter.descending};
      part.offset = std::max<std::int64_t>(0, filter.offset - first);
      part.page_size = static_cast<int>(end - first - part.offset);
      for (CopyId& id : ids_of_page(t, part, copies)) ids.push_back(std::move(id));
    }
    exams += fetched;
  }
  return {shown(t, ids, filter.for_office), total};
}

// The copies of one corrector are few and all looked at, so that they are counted while the page is taken from them.
CopyPage page_of_corrector(Transaction& t, const CopyFilter& filter) {
  Question question = question_of(filter);
  const std::string order = order_of(filter, question);
  const Statement statement = statement_of("SELECT copy.id, count(*) OVER ()" + from_of(question) + " ORDER BY " +
                                           order + " LIMIT $12 OFFSET $13");
  const std::vector<Row> rows = ask(t, statement, filter, question, filter.page_size, filter.offset);
  if (rows.empty()) return {{}, filter.offset > 0 ? count(t, filter) : 0};
  std::vector<CopyId> ids;
  for (const Row& row : rows) ids.push_back(row.get<CopyId>(0));
  return {shown(t, ids, filter.for_office), rows.front().get<std::int64_t>(1)};
}

std::vector<UnidentifiedCopy> with_readings_of(Transaction& t, std::vector<CopyView> copies) {
  std::vector<CopyId> ids;
  for (const CopyView& copy : copies) ids.push_back(copy.id);
  auto decisions = ocr_of_copies(t, ids);
  std::vector<UnidentifiedCopy> all;
  for (CopyView& copy : copies) {
    std::optional<OcrView> ocr;
    if (const auto decision = decisions.find(copy.id); decision != decisions.end()) ocr = std::move(decision->second);
    all.push_back({std::move(copy), std::move(ocr)});
  }
  return all;
}

}  // namespace

CopyPage list_copies(Transaction& transaction, const CopyFilter& filter) {
  if (filter.order == CopyOrder::exam && !filter.exam && is_every_copy(filter))
    return page_of_exams(transaction, filter);
  if (filter.corrector) return page_of_corrector(transaction, filter);
  const std::int64_t total = count(transaction, filter);
  std::vector<CopyId> ids;
  if (filter.offset < total) ids = ids_of_page(transaction, filter, total);
  return {shown(transaction, ids, filter.for_office), total};
}

UnidentifiedPage list_unidentified(Transaction& transaction, const ExamId& exam, int page_size, std::int64_t offset) {
  CopyFilter filter{.exam = exam, .is_identified = false, .order = CopyOrder::confidence, .descending = true};
  filter.for_office = true;
  filter.page_size = page_size;
  filter.offset = offset;
  CopyPage found = list_copies(transaction, filter);
  return {with_readings_of(transaction, std::move(found.copies)), found.count};
}

std::vector<UnidentifiedCopy> with_readings(Transaction& transaction, const std::vector<CopyId>& copies) {
  return with_readings_of(transaction, shown(transaction, copies, true));
}

}  // namespace korrigo::copies

#include "exams/exam_list.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "base/text.h"
#include "exams/exam_columns.h"
#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

// The page is cut from an index alone, where there is no status to look at; its exams are read then.
#define KORRIGO_EXAM_PAGE(where, order) "SELECT e.id FROM exam e " where "ORDER BY " order " LIMIT $2 OFFSET $3"
#define KORRIGO_EXAM_TEXTS(where, order)                                                     \
  KORRIGO_EXAM_SELECT "WHERE e.id IN (" KORRIGO_EXAM_PAGE(where, order) ") ORDER BY " order, \
      KORRIGO_EXAM_SELECT "WHERE e.id = ANY (ARRAY(" KORRIGO_EXAM_PAGE(where, order) ")) ORDER BY " order
#define KORRIGO_EXAM_LIST(name, order)                                    \
  {name, KORRIGO_EXAM_TEXTS("WHERE CAST($1 AS TEXT) IS NULL ", order)}, { \
    name "_of_status", KORRIGO_EXAM_TEXTS("WHERE e.status = $1 ", order)  \
  }

constexpr Statement kCount{"exam.count", "SELECT count(*) FROM exam"};
constexpr Statement kCountOfStatus{"exam.count_of_status", "SELECT count(*) FROM exam WHERE status = $1"};
// By ExamOrder, ascending and descending, whatever the status and of one.
constexpr Statement kLists[][4] = {
    {KORRIGO_EXAM_LIST("exam.by_date", "e.date, e.id"),
     KORRIGO_EXAM_LIST("exam.by_date_desc", "e.date DESC, e.id DESC")},
    {KORRIGO_EXAM_LIST("exam.by_name", "e.name, e.id"),
     KORRIGO_EXAM_LIST("exam.by_name_desc", "e.name DESC, e.id DESC")},
    {KORRIGO_EXAM_LIST("exam.by_creation", "e.created_at, e.id"),
     KORRIGO_EXAM_LIST("exam.by_creation_desc", "e.created_at DESC, e.id DESC")},
    {KORRIGO_EXAM_LIST("exam.by_status", "e.status, e.created_at, e.id"),
     KORRIGO_EXAM_LIST("exam.by_status_desc", "e.status DESC, e.created_at DESC, e.id DESC")},
};
#undef KORRIGO_EXAM_LIST
#undef KORRIGO_EXAM_TEXTS
#undef KORRIGO_EXAM_PAGE

// $1 is a JSON array of exam ids; each row of an answer begins with one of them. PostgreSQL takes a set of unknown
// size for a hundred rows and reads whole tables for it, an array for ten.
constexpr Statement kCounts{"exam.counts", R"(
  SELECT n.exam_id, n.students, n.identified, n.staging, n.ready, n.locked, n.graded, n.quarantine, n.grading_failed
  FROM exam_counts n WHERE n.exam_id IN (SELECT value FROM json_each($1)))",
                            R"(
  SELECT n.exam_id, n.students, n.identified, n.staging, n.ready, n.locked, n.graded, n.quarantine, n.grading_failed
  FROM exam_counts n WHERE n.exam_id = ANY (ARRAY(SELECT json_array_elements_text(CAST($1 AS json)))))"};
constexpr Statement kSources{"exam.count_sources", R"(
  SELECT p.exam_id, count(*) FROM exam_pdf p
  WHERE p.exam_id IN (SELECT value FROM json_each($1)) AND p.kind <> 'ROSTER' GROUP BY p.exam_id)",
                             R"(
  SELECT p.exam_id, count(*) FROM exam_pdf p
  WHERE p.exam_id = ANY (ARRAY(SELECT json_array_elements_text(CAST($1 AS json)))) AND p.kind <> 'ROSTER' GROUP BY p.exam_id)"};
constexpr Statement kTasks{"exam.tasks", R"(
  SELECT t.exam_id, max(CASE WHEN t.kind IN ('process_pdf_batch', 'import_pdfs', 'import_pdf') THEN t.id END),
    max(CASE WHEN t.state IN ('SUCCESS', 'FAILURE', 'REVOKED') THEN 0 ELSE 1 END)
  FROM task t
  WHERE t.exam_id IN (SELECT value FROM json_each($1)) AND t.parent_id IS NULL GROUP BY t.exam_id)",
                           R"(
  SELECT t.exam_id, max(CASE WHEN t.kind IN ('process_pdf_batch', 'import_pdfs', 'import_pdf') THEN t.id END),
    max(CASE WHEN t.state IN ('SUCCESS', 'FAILURE', 'REVOKED') THEN 0 ELSE 1 END)
  FROM task t
  WHERE t.exam_id = ANY (ARRAY(SELECT json_array_elements_text(CAST($1 AS json)))) AND t.parent_id IS NULL GROUP BY t.exam_id)"};

constexpr int kMostSearched = 10'000;

std::vector<std::string> words_of(std::string_view search) {
  std::vector<std::string> words;
  std::string folded = fold_name(is_utf8(search) ? search : "");
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t end = std::min(folded.find(' ', at), folded.size());
    words.push_back(folded.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

bool matches(const std::vector<std::string>& words, std::string_view name, std::string_view subject) {
  const std::string text = fold_name(name) + " " + fold_name(subject);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) { return text.find(word) != text.npos; });
}

void read_counts(const Row& row, ExamCounts& counts) {
  constexpr std::size_t kFirstStatus = 3;
  counts.students = row.get<std::int64_t>(1);
  counts.identified = row.get<std::int64_t>(2);
  for (std::size_t i = 0; i < kCopyStatuses.size(); ++i) {
    counts.copies_by_status[i] = row.get<std::int64_t>(kFirstStatus + i);
    counts.copies += counts.copies_by_status[i];
  }
}

}  // namespace

namespace store {

std::vector<CountedExam> counted(Transaction& transaction, std::vector<Exam> exams) {
  std::vector<CountedExam> counted;
  std::map<std::string, ExamCounts*, std::less<>> counts;
  boost::json::array ids;
  counted.reserve(exams.size());
  for (Exam& exam : exams) {
    ids.emplace_back(exam.id.text());
    counted.push_back({std::move(exam), {}});
    counts[counted.back().exam.id.text()] = &counted.back().counts;
  }
  if (counted.empty()) return counted;
  const std::string all = boost::json::serialize(ids);
  for (const Row& row : transaction.rows(kCounts, all)) read_counts(row, *counts.at(row.get<std::string>(0)));
  for (const Row& row : transaction.rows(kSources, all))
    counts.at(row.get<std::string>(0))->sources = row.get<std::int64_t>(1);
  for (const Row& row : transaction.rows(kTasks, all)) {
    ExamCounts& of = *counts.at(row.get<std::string>(0));
    of.last_batch = row.get<std::optional<TaskId>>(1);
    of.busy = row.get<bool>(2);
  }
  return counted;
}

std::pair<std::vector<Exam>, std::int64_t> list(Transaction& transaction, const ExamFilter& filter) {
  const auto status = filter.status ? std::optional(name_of(*filter.status)) : std::nullopt;
  const Statement& statement =
      kLists[static_cast<std::size_t>(filter.order)][(filter.descending ? 2 : 0) + (status ? 1 : 0)];
  const std::int64_t offset = static_cast<std::int64_t>(filter.page - 1) * filter.page_size;
  const std::vector<std::string> words = words_of(filter.search);
  std::vector<Exam> exams;
  if (words.empty()) {
    for (const Row& row : transaction.rows(statement, status, filter.page_size, offset)) exams.push_back(exam_of(row));
    const auto count = status ? transaction.row(kCountOfStatus, status) : transaction.row(kCount);
    return {std::move(exams), count.value().get<std::int64_t>(0)};
  }
  // A school has some hundred exams: those that match are picked here, where accents can be folded.
  std::int64_t count = 0;
  for (const Row& row : transaction.rows(statement, status, kMostSearched, 0)) {
    if (!matches(words, row.get<std::string>(1), row.get<std::string>(2))) continue;
    if (count >= offset && count < offset + filter.page_size) exams.push_back(exam_of(row));
    ++count;
  }
  return {std::move(exams), count};
}

}  // namespace store

Result<CountedExam> find_counted_exam(Transaction& transaction, const ExamId& id) {
  auto exam = find_exam(transaction, id);
  if (!exam) return tl::unexpected(exam.error());
  return std::move(store::counted(transaction, {std::move(*exam)}).front());
}

ExamPage list_exams(Transaction& transaction, const ExamFilter& filter) {
  auto [exams, count] = store::list(transaction, filter);
  return {store::counted(transaction, std::move(exams)), count};
}

}  // namespace korrigo::exams

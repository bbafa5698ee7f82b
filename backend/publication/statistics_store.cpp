#include "publication/statistics_store.h"

#include <charconv>

namespace korrigo::publication::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr char kBetweenScores = '\x1e', kBeforePoints = '\x1f';

#define KORRIGO_MARKED(where)                                                    \
  "SELECT s.class_name, c.assigned_corrector_id, c.total, k.scores FROM copy c " \
  "LEFT JOIN student s ON s.id = c.student_id "                                  \
  "LEFT JOIN copy_scores k ON k.copy_id = c.id AND k.graded_at = c.graded_at "   \
  "WHERE c.exam_id = $1 AND c.status = 'GRADED' " where
constexpr Statement kMarked{"statistics.marked", KORRIGO_MARKED("")};
constexpr Statement kMarkedOfLot{"statistics.marked_of_lot", KORRIGO_MARKED("AND c.assigned_corrector_id = $2")};
#undef KORRIGO_MARKED

#define KORRIGO_KEEP(joined, where)                                                                         \
  "INSERT INTO copy_scores (copy_id, graded_at, scores) SELECT c.id, c.graded_at, coalesce((SELECT " joined \
  " FROM score s WHERE s.copy_id = c.id), '') FROM copy c LEFT JOIN copy_scores k ON k.copy_id = c.id AND " \
  "k.graded_at = c.graded_at WHERE " where                                                                  \
  " AND c.status = 'GRADED' AND c.graded_at IS NOT NULL AND "                                               \
  "k.copy_id IS NULL "                                                                                      \
  "ON CONFLICT (copy_id) DO UPDATE SET graded_at = excluded.graded_at, scores = excluded.scores"
#define KORRIGO_SQLITE_JOINED "group_concat(s.question_id || char(31) || s.points, char(30))"
#define KORRIGO_POSTGRES_JOINED "string_agg(s.question_id || chr(31) || s.points, chr(30))"
constexpr Statement kKeepExam{"statistics.keep_exam", KORRIGO_KEEP(KORRIGO_SQLITE_JOINED, "c.exam_id = $1"),
                              KORRIGO_KEEP(KORRIGO_POSTGRES_JOINED, "c.exam_id = $1")};
constexpr Statement kKeepCopy{"statistics.keep_copy", KORRIGO_KEEP(KORRIGO_SQLITE_JOINED, "c.id = $1"),
                              KORRIGO_KEEP(KORRIGO_POSTGRES_JOINED, "c.id = $1")};
#undef KORRIGO_KEEP
#undef KORRIGO_SQLITE_JOINED
#undef KORRIGO_POSTGRES_JOINED

constexpr Statement kCorrectors{"statistics.correctors",
                                R"(SELECT id, username FROM "user" WHERE role <> 'STUDENT' ORDER BY username)"};

}  // namespace

std::vector<MarkedCopy> marked_copies(Transaction& t, const ExamId& exam, std::optional<UserId> corrector) {
  const auto rows = corrector ? t.rows(kMarkedOfLot, exam, *corrector) : t.rows(kMarked, exam);
  std::vector<MarkedCopy> copies;
  copies.reserve(rows.size());
  for (const Row& row : rows)
    copies.push_back({row.get<std::optional<std::string>>(0).value_or(""), row.get<std::optional<UserId>>(1),
                      row.get<std::optional<std::int64_t>>(2).value_or(0), row.get<std::optional<std::string>>(3)});
  return copies;
}

void keep_scores(Transaction& t, const ExamId& exam) {
  t.execute(kKeepExam, exam);
}

void keep_scores_of(Transaction& t, const CopyId& copy) {
  t.execute(kKeepCopy, copy);
}

std::vector<std::pair<std::string_view, std::int64_t>> kept_scores(std::string_view text) {
  std::vector<std::pair<std::string_view, std::int64_t>> scores;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(kBetweenScores));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::size_t points_at = one.rfind(kBeforePoints);
    std::int64_t points = 0;
    if (points_at == one.npos) continue;
    const auto [end, fault] = std::from_chars(one.data() + points_at + 1, one.data() + one.size(), points);
    if (fault == std::errc{} && end == one.data() + one.size()) scores.emplace_back(one.substr(0, points_at), points);
  }
  return scores;
}

std::vector<std::pair<UserId, std::string>> correctors(Transaction& t) {
  std::vector<std::pair<UserId, std::string>> all;
  for (const Row& row : t.rows(kCorrectors)) all.emplace_back(row.get<UserId>(0), row.get<std::string>(1));
  return all;
}

}  // namespace korrigo::publication::store

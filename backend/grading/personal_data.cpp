#include "grading/personal_data.h"

#include <boost/json/array.hpp>

#include "exams/exam.h"
#include "exams/marks.h"
#include "grading/annotation.h"
#include "grading/remark.h"
#include "grading/score.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr int kAll = 1'000'000;

constexpr Statement kStudent{"personal.student", R"(
  SELECT last_name, first_name, date_naissance, email, class_name, groupe, created_at, user_id FROM student WHERE id = $1)"};
constexpr Statement kAccount{"personal.account", R"(
  SELECT username, email, created_at, last_login_at FROM "user" WHERE id = $1)"};
constexpr Statement kExams{"personal.exams", R"(
  SELECT e.id, e.name, e.subject, e.date, s.numero_etudiant, s.presence
  FROM exam_student s JOIN exam e ON e.id = s.exam_id WHERE s.student_id = $1 ORDER BY e.date, e.id)"};
constexpr Statement kCopies{"personal.copies", R"(
  SELECT c.id, c.exam_id, c.anonymous_id, c.status, c.page_count, c.global_appreciation, c.graded_at, o.detected_text
  FROM copy c LEFT JOIN ocr_result o ON o.copy_id = c.id WHERE c.student_id = $1 ORDER BY c.created_at, c.id)"};
constexpr Statement kActs{"personal.acts", R"(
  SELECT created_at, action, address FROM audit_log WHERE actor_id = $1 ORDER BY sequence)"};

json::value text_at(const Row& row, std::size_t column) {
  return row.is_null(column) ? json::value(nullptr) : json::value(row.get<std::string>(column));
}

json::value time_at(const Row& row, std::size_t column) {
  return row.is_null(column) ? json::value(nullptr) : json::value(to_iso(row.get<UtcTime>(column)));
}

json::array annotations_json(Transaction& t, const CopyId& copy) {
  json::array all;
  for (const Annotation& annotation : list_annotations(t, copy, kAll, 0).annotations)
    all.push_back(json::object{{"page_index", annotation.page_index},
                               {"type", name_of(annotation.type)},
                               {"content", annotation.content},
                               {"score_delta", exams::points_json(annotation.score_delta)}});
  return all;
}

json::object copy_json(Transaction& t, const Row& row) {
  const auto copy = row.get<CopyId>(0);
  const auto structure = exams::grading_structure_of(t, row.get<ExamId>(1));
  const Marks marks = marks_of(t, copy, structure ? *structure : exams::GradingStructure{});
  json::object scores;
  for (const auto& [question, points] : marks.scores) scores[question] = exams::points_json(points);
  json::array remarks;
  for (const Remark& remark : remarks_of(t, copy))
    remarks.push_back(json::object{{"question_id", remark.question_id}, {"remark", remark.remark}});
  return {{"copy_id", copy.text()},
          {"exam_id", row.get<std::string>(1)},
          {"anonymous_id", row.get<std::string>(2)},
          {"status", row.get<std::string>(3)},
          {"page_count", row.get<int>(4)},
          {"graded_at", time_at(row, 6)},
          {"detected_text", text_at(row, 7)},
          {"scores_data", std::move(scores)},
          {"total", exams::points_json(marks.total)},
          {"maximum", exams::points_json(marks.maximum)},
          {"global_appreciation", row.get<std::string>(5)},
          {"remarks", std::move(remarks)},
          {"annotations", annotations_json(t, copy)},
          {"pdf_url", "/api/copies/" + copy.text() + "/pdf/"}};
}

json::value account_json(Transaction& t, std::optional<UserId> user) {
  const auto row = user ? t.row(kAccount, *user) : std::nullopt;
  if (!row) return nullptr;
  json::array acts;
  for (const Row& act : t.rows(kActs, *user))
    acts.push_back(json::object{
        {"created_at", time_at(act, 0)}, {"action", act.get<std::string>(1)}, {"address", act.get<std::string>(2)}});
  return json::object{{"username", row->get<std::string>(0)},
                      {"email", text_at(*row, 1)},
                      {"created_at", time_at(*row, 2)},
                      {"last_login_at", time_at(*row, 3)},
                      {"acts", std::move(acts)}};
}

}  // namespace

Result<json::object> personal_data_of(Transaction& transaction, StudentId student) {
  const auto row = transaction.row(kStudent, student);
  if (!row) return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
  json::array exams, copies;
  for (const Row& exam : transaction.rows(kExams, student))
    exams.push_back(json::object{{"exam_id", exam.get<std::string>(0)},
                                 {"name", exam.get<std::string>(1)},
                                 {"subject", exam.get<std::string>(2)},
                                 {"date", exam.get<std::string>(3)},
                                 {"numero_etudiant", exam.get<std::string>(4)},
                                 {"presence", exam.get<std::string>(5)}});
  for (const Row& copy : transaction.rows(kCopies, student)) copies.push_back(copy_json(transaction, copy));
  return json::object{{"student", json::object{{"id", student.value},
                                               {"last_name", row->get<std::string>(0)},
                                               {"first_name", row->get<std::string>(1)},
                                               {"date_naissance", row->get<std::string>(2)},
                                               {"email", text_at(*row, 3)},
                                               {"class_name", row->get<std::string>(4)},
                                               {"groupe", row->get<std::string>(5)},
                                               {"created_at", time_at(*row, 6)}}},
                      {"account", account_json(transaction, row->get<std::optional<UserId>>(7))},
                      {"exams", std::move(exams)},
                      {"copies", std::move(copies)}};
}

}  // namespace korrigo::grading

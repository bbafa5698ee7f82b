#include "students/enrol.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <optional>
#include <tuple>

#include "students/student_store.h"
#include "students/wording.h"

namespace korrigo::students {
namespace {

using storage::Statement;
using storage::Transaction;

// $1 is a JSON array of lines [index, last name, first name, birth date, e-mail address or null, class, group, sort
// name, student id or null].
constexpr Statement kMatch{"student.match", R"(
  SELECT CAST(r.value ->> 0 AS BIGINT), n.id, m.id
  FROM json_each($1) r
  LEFT JOIN student n ON n.last_name = r.value ->> 1 AND n.first_name = r.value ->> 2 AND n.date_naissance = r.value ->> 3
  LEFT JOIN student m ON lower(m.email) = r.value ->> 4)",
                           R"(
  SELECT CAST(r.value ->> 0 AS BIGINT), n.id, m.id
  FROM json_array_elements(CAST($1 AS json)) AS r(value)
  LEFT JOIN student n ON n.last_name = r.value ->> 1 AND n.first_name = r.value ->> 2 AND n.date_naissance = r.value ->> 3
  LEFT JOIN student m ON lower(m.email) = r.value ->> 4)"};

constexpr Statement kUpdateChanged{"student.update_changed", R"(
  UPDATE student SET last_name = r.value ->> 1, first_name = r.value ->> 2, date_naissance = r.value ->> 3,
    email = COALESCE(r.value ->> 4, email), class_name = COALESCE(NULLIF(r.value ->> 5, ''), class_name),
    groupe = COALESCE(NULLIF(r.value ->> 6, ''), groupe), sort_name = r.value ->> 7, updated_at = $2
  FROM json_each($1) r
  WHERE student.id = CAST(r.value ->> 8 AS BIGINT)
    AND (last_name <> r.value ->> 1 OR first_name <> r.value ->> 2 OR date_naissance <> r.value ->> 3
      OR (r.value ->> 4 IS NOT NULL AND email IS DISTINCT FROM r.value ->> 4)
      OR (r.value ->> 5 <> '' AND class_name <> r.value ->> 5) OR (r.value ->> 6 <> '' AND groupe <> r.value ->> 6)))",
                                   R"(
  UPDATE student SET last_name = r.value ->> 1, first_name = r.value ->> 2, date_naissance = r.value ->> 3,
    email = COALESCE(r.value ->> 4, email), class_name = COALESCE(NULLIF(r.value ->> 5, ''), class_name),
    groupe = COALESCE(NULLIF(r.value ->> 6, ''), groupe), sort_name = r.value ->> 7, updated_at = $2
  FROM json_array_elements(CAST($1 AS json)) AS r(value)
  WHERE student.id = CAST(r.value ->> 8 AS BIGINT)
    AND (last_name <> r.value ->> 1 OR first_name <> r.value ->> 2 OR date_naissance <> r.value ->> 3
      OR (r.value ->> 4 IS NOT NULL AND email IS DISTINCT FROM r.value ->> 4)
      OR (r.value ->> 5 <> '' AND class_name <> r.value ->> 5) OR (r.value ->> 6 <> '' AND groupe <> r.value ->> 6)))"};

// A row that another process inserts meanwhile makes PostgreSQL run the transaction again, which then finds it.
constexpr Statement kInsertNew{"student.insert_new", R"(
  INSERT INTO student (last_name, first_name, date_naissance, email, class_name, groupe, sort_name, created_at, updated_at)
  SELECT r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5, r.value ->> 6, r.value ->> 7, CAST($2 AS BIGINT), CAST($2 AS BIGINT)
  FROM json_each($1) r WHERE r.value ->> 8 IS NULL
  ORDER BY CAST(r.value ->> 0 AS BIGINT)
  ON CONFLICT DO NOTHING
  RETURNING id, last_name, first_name, date_naissance)",
                               R"(
  INSERT INTO student (last_name, first_name, date_naissance, email, class_name, groupe, sort_name, created_at, updated_at)
  SELECT r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5, r.value ->> 6, r.value ->> 7, CAST($2 AS BIGINT), CAST($2 AS BIGINT)
  FROM json_array_elements(CAST($1 AS json)) AS r(value) WHERE r.value ->> 8 IS NULL
  ORDER BY CAST(r.value ->> 0 AS BIGINT)
  ON CONFLICT DO NOTHING
  RETURNING id, last_name, first_name, date_naissance)"};

using Triplet = std::tuple<std::string, std::string, std::string>;

Triplet triplet_of(const RosterStudent& student) {
  return {student.nom, student.prenom, student.date_naissance.iso()};
}

/// Who a line is, as the rows have it.
struct Match {
  std::optional<StudentId> by_name;
  std::optional<StudentId> by_email;
  std::optional<StudentId> found() const { return by_name ? by_name : by_email; }
};

boost::json::array lines_of(const Roster& roster, const std::vector<Match>& matches) {
  boost::json::array lines;
  lines.reserve(roster.students.size());
  for (std::size_t i = 0; i < roster.students.size(); ++i) {
    const RosterStudent& student = roster.students[i];
    boost::json::array line;
    line.reserve(9);
    line.push_back(static_cast<std::int64_t>(i));
    for (const std::string& text : {student.nom, student.prenom, student.date_naissance.iso()})
      line.push_back(boost::json::value(text));
    line.push_back(student.email.empty() ? boost::json::value() : boost::json::value(student.email));
    line.push_back(boost::json::value(student.classe));
    line.push_back(boost::json::value(student.groupe));
    line.push_back(boost::json::value(sort_name(student.nom, student.prenom)));
    const auto found = i < matches.size() ? matches[i].found() : std::nullopt;
    line.push_back(found ? boost::json::value(found->value) : boost::json::value());
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<Match> match(Transaction& transaction, const Roster& roster) {
  std::vector<Match> matches(roster.students.size());
  for (const storage::Row& row : transaction.rows(kMatch, boost::json::serialize(lines_of(roster, {}))))
    matches[row.get<std::size_t>(0)] = {row.get<std::optional<StudentId>>(1), row.get<std::optional<StudentId>>(2)};
  return matches;
}

std::vector<RosterFault> faults_of(const Roster& roster, const std::vector<Match>& matches) {
  std::vector<RosterFault> faults;
  std::map<Triplet, int> lines_of_names;
  std::map<StudentId, int> lines_of_students;
  for (std::size_t i = 0; i < roster.students.size(); ++i) {
    const RosterStudent& student = roster.students[i];
    const Match& found = matches[i];
    const auto [same, is_new] = lines_of_names.emplace(triplet_of(student), student.line);
    if (!is_new) {
      faults.push_back({student.line, "",
                        fmt::format("{} {}, born {}, is in line {} already.", shortened(student.nom),
                                    shortened(student.prenom), student.date_naissance.french(), same->second)});
    } else if (found.by_name && found.by_email && *found.by_name != *found.by_email) {
      faults.push_back(
          {student.line, "email",
           fmt::format("{} is the address of another student than {} {}, born {}.", cited(student.email),
                       shortened(student.nom), shortened(student.prenom), student.date_naissance.french())});
    } else if (found.found()) {
      const auto [earlier, first] = lines_of_students.emplace(*found.found(), student.line);
      if (!first)
        faults.push_back(
            {student.line, "",
             fmt::format("By name or e-mail address this is the same student as in line {}.", earlier->second)});
    }
  }
  return faults;
}

}  // namespace

std::vector<RosterFault> faults_against_rows(Transaction& transaction, const Roster& roster) {
  return faults_of(roster, match(transaction, roster));
}

std::vector<std::optional<StudentId>> known_students(Transaction& transaction, const Roster& roster) {
  std::vector<std::optional<StudentId>> known;
  for (const Match& found : match(transaction, roster)) known.push_back(found.found());
  return known;
}

Enrolment enrol(Transaction& transaction, const Roster& roster, UtcTime now) {
  Enrolment enrolment;
  const std::vector<Match> matches = match(transaction, roster);
  enrolment.faults = faults_of(roster, matches);
  if (!enrolment.faults.empty() || roster.students.empty()) return enrolment;
  const std::string lines = boost::json::serialize(lines_of(roster, matches));
  enrolment.updated = transaction.execute(kUpdateChanged, lines, now);
  std::map<Triplet, StudentId> inserted;
  for (const storage::Row& row : transaction.rows(kInsertNew, lines, now))
    inserted.emplace(Triplet{row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3)},
                     row.get<StudentId>(0));
  enrolment.created = static_cast<std::int64_t>(inserted.size());
  enrolment.ids.reserve(roster.students.size());
  for (std::size_t i = 0; i < roster.students.size(); ++i) {
    const auto found = matches[i].found();
    enrolment.ids.push_back(found ? *found : inserted.at(triplet_of(roster.students[i])));
  }
  enrolment.unchanged = static_cast<std::int64_t>(roster.students.size()) - enrolment.created - enrolment.updated;
  return enrolment;
}

std::string sentence_of(const RosterFault& fault) {
  std::string place;
  if (fault.line > 0) place = fmt::format("Line {}", fault.line);
  if (!fault.column.empty())
    place += fmt::format("{}{}", place.empty() ? "Column " : ", column ", shortened(fault.column));
  return place.empty() ? fault.message : place + ": " + fault.message;
}

Error refusal_of(const std::vector<RosterFault>& faults) {
  Error error{ErrorKind::invalid_input, "roster.invalid", "CSV validation failed: "};
  error.field = "students_csv";
  for (const RosterFault& fault : faults) error.details.push_back(sentence_of(fault));
  if (!faults.empty()) error.message += error.details.front();
  if (faults.size() > 1) error.message += fmt::format(" ({} more)", faults.size() - 1);
  return error;
}

}  // namespace korrigo::students

/// The students of the school, as rows. One triplet (last name, first name, birth date) is one student.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/database.h"

namespace korrigo::students {

/// What is known of a student. Names 1-100 characters as names.h has them, NFC; labels at most 50 characters.
struct StudentFields {
  std::string last_name;
  std::string first_name;
  Date date_naissance;
  std::optional<std::string> email;  // lower case; unique among students
  std::string class_name;            // "" when unknown
  std::string groupe;                // "" when unknown

  friend bool operator==(const StudentFields&, const StudentFields&) = default;
};

struct Student : StudentFields {
  StudentId id;
  std::optional<UserId> user_id;  // the account that may read this student's copies
};

/// The fields that are set are changed; an empty e-mail address takes the present one away.
struct StudentChange {
  std::optional<std::string> last_name = {};
  std::optional<std::string> first_name = {};
  std::optional<Date> date_naissance = {};
  std::optional<std::string> email = {};
  std::optional<std::string> class_name = {};
  std::optional<std::string> groupe = {};
};

/// Tidies white space, composes accents, lowers the e-mail address, and refuses with malformed "request.invalid",
/// `field` set: no name, no e-mail address, a label too long or with invisible characters.
Result<StudentFields> tidied(StudentFields fields);

// Each refuses with not_found "student.not_found", or conflict "student.duplicate" (the triplet) /
// "student.email_taken" (both with `field` set), or as tidied() does. `user_id` is never changed here, but the
// account's address follows the student's where the account is a student's (see link_account).

Result<Student> create_student(storage::Transaction&, const StudentFields&, UtcTime now);
Result<Student> change_student(storage::Transaction&, StudentId, const StudentChange&, UtcTime now);
/// Copies stay, nobody's; the student leaves every roster. The account stays with accounts, which decides about it.
Result<void> delete_student(storage::Transaction&, StudentId);

Result<Student> find_student(storage::Transaction&, StudentId);
std::optional<Student> student_of_user(storage::Transaction&, UserId);
/// In the order of `ids`; unknown ones are left out.
std::vector<Student> find_students(storage::Transaction&, const std::vector<StudentId>& ids);

enum class StudentOrder { last_name, first_name, class_name, date_naissance };

struct StudentFilter {
  std::string search = {};  // words that all occur in names or e-mail address, without accents or case
  std::optional<std::string> class_name = {};
  std::optional<std::string> groupe = {};
  StudentOrder order = StudentOrder::last_name;
  bool descending = false;
  int page = 1;  // from 1
  int page_size = 50;
};

struct StudentPage {
  std::vector<Student> students;
  std::int64_t count = 0;  // over all pages
};

StudentPage list_students(storage::Transaction&, const StudentFilter&);

/// Last and first name folded: what lists are ordered by and searches look into.
std::string sort_name(std::string_view last_name, std::string_view first_name);

/// `search` as six patterns for LIKE ... ESCAPE '\\' over a folded name and as many over lower-case text such as an
/// e-mail address; "%" where there are fewer words. Words past the sixth are left out.
struct SearchPatterns {
  static constexpr std::size_t kWords = 6;
  std::array<std::string, kWords> names;
  std::array<std::string, kWords> text;
};
SearchPatterns search_patterns(std::string_view search);

}  // namespace korrigo::students

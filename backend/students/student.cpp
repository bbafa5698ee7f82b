#include "students/student.h"

#include <fmt/format.h>

#include "base/text.h"
#include "students/names.h"
#include "students/student_store.h"
#include "students/wording.h"

namespace korrigo::students {
namespace {

constexpr std::size_t kMaxLabelCharacters = 50;
constexpr std::size_t kMaxFieldBytes = 600;
constexpr int kFirstBirthYear = 1900;

tl::unexpected<Error> refuse_field(std::string field, std::string message) {
  Error error{ErrorKind::malformed, "request.invalid", std::move(message)};
  error.field = std::move(field);
  return tl::unexpected(std::move(error));
}

Result<std::string> tidied_name(std::string_view name, const char* field) {
  if (name.size() > kMaxFieldBytes || !is_utf8(name))
    return refuse_field(field, fmt::format("{} is too long or no text.", cited(name)));
  std::string text = normalise(name);
  if (text.empty()) return refuse_field(field, "The name is missing.");
  if (const auto fault = fault_of_name(text)) return refuse_field(field, fmt::format("{} {}", cited(text), *fault));
  return text;
}

Result<std::string> tidied_label(std::string_view label, const char* field) {
  if (label.size() > kMaxFieldBytes || !is_utf8(label))
    return refuse_field(field, fmt::format("{} is too long or no text.", cited(label)));
  std::string text = normalise(label);
  const std::vector<char32_t> points = code_points(text);
  if (points.size() > kMaxLabelCharacters)
    return refuse_field(field, fmt::format("{} has more than {} characters.", cited(text), kMaxLabelCharacters));
  if (!std::all_of(points.begin(), points.end(), is_visible))
    return refuse_field(field, fmt::format("{} holds an invisible character.", cited(text)));
  return text;
}

tl::unexpected<Error> refuse_taken(bool triplet) {
  Error error{ErrorKind::conflict, "student.email_taken", "Another student has this e-mail address."};
  error.field = "email";
  if (triplet) {
    error.code = "student.duplicate";
    error.message = "A student with this name and birth date exists already.";
    error.field = "last_name";
  }
  return tl::unexpected(std::move(error));
}

/// What stands in the way of a row with these fields, other than `self`.
std::optional<tl::unexpected<Error>> taken(storage::Transaction& transaction, const StudentFields& fields,
                                           std::optional<StudentId> self) {
  const auto same_name = store::find_by_triplet(transaction, fields);
  if (same_name && same_name->id != self) return refuse_taken(true);
  if (!fields.email) return std::nullopt;
  const auto same_email = store::find_by_email(transaction, *fields.email);
  if (same_email && same_email->id != self) return refuse_taken(false);
  return std::nullopt;
}

tl::unexpected<Error> no_such_student() {
  return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
}

}  // namespace

Result<StudentFields> tidied(StudentFields fields) {
  auto last_name = tidied_name(fields.last_name, "last_name");
  if (!last_name) return tl::unexpected(last_name.error());
  auto first_name = tidied_name(fields.first_name, "first_name");
  if (!first_name) return tl::unexpected(first_name.error());
  auto class_name = tidied_label(fields.class_name, "class_name");
  if (!class_name) return tl::unexpected(class_name.error());
  auto groupe = tidied_label(fields.groupe, "groupe");
  if (!groupe) return tl::unexpected(groupe.error());
  const Date& day = fields.date_naissance;
  if (!Date::make(day.year, day.month, day.day) || day.year < kFirstBirthYear)
    return refuse_field("date_naissance", "The birth date is not a date.");
  std::optional<std::string> email;
  if (fields.email && !trimmed(*fields.email).empty()) {
    if (const auto fault = fault_of_email(trimmed(*fields.email))) return refuse_field("email", *fault);
    email = lower(trimmed(*fields.email));
  }
  return StudentFields{std::move(*last_name), std::move(*first_name), day,
                       std::move(email),      std::move(*class_name), std::move(*groupe)};
}

Result<Student> create_student(storage::Transaction& transaction, const StudentFields& fields, UtcTime now) {
  auto clean = tidied(fields);
  if (!clean) return tl::unexpected(clean.error());
  if (auto refusal = taken(transaction, *clean, std::nullopt)) return *refusal;
  const auto id = store::insert(transaction, *clean, now);
  if (!id) return refuse_taken(true);
  return Student{std::move(*clean), *id, std::nullopt};
}

Result<Student> change_student(storage::Transaction& transaction, StudentId id, const StudentChange& change,
                               UtcTime now) {
  auto student = store::find(transaction, id);
  if (!student) return no_such_student();
  StudentFields fields = *student;
  if (change.last_name) fields.last_name = *change.last_name;
  if (change.first_name) fields.first_name = *change.first_name;
  if (change.date_naissance) fields.date_naissance = *change.date_naissance;
  if (change.email) fields.email = change.email;
  if (change.class_name) fields.class_name = *change.class_name;
  if (change.groupe) fields.groupe = *change.groupe;
  auto clean = tidied(std::move(fields));
  if (!clean) return tl::unexpected(clean.error());
  if (auto refusal = taken(transaction, *clean, id)) return *refusal;
  store::update(transaction, id, *clean, now);
  return Student{std::move(*clean), id, student->user_id};
}

Result<void> delete_student(storage::Transaction& transaction, StudentId id) {
  if (!store::remove(transaction, id)) return no_such_student();
  return {};
}

Result<Student> find_student(storage::Transaction& transaction, StudentId id) {
  auto student = store::find(transaction, id);
  if (!student) return no_such_student();
  return std::move(*student);
}

std::optional<Student> student_of_user(storage::Transaction& transaction, UserId user) {
  return store::find_by_user(transaction, user);
}

std::vector<Student> find_students(storage::Transaction& transaction, const std::vector<StudentId>& ids) {
  return store::find_all(transaction, ids);
}

StudentPage list_students(storage::Transaction& transaction, const StudentFilter& filter) {
  return store::list(transaction, filter);
}

std::string sort_name(std::string_view last_name, std::string_view first_name) {
  return fold_name(last_name) + " " + fold_name(first_name);
}

SearchPatterns search_patterns(std::string_view search) {
  SearchPatterns patterns;
  patterns.names.fill("%");
  patterns.text.fill("%");
  std::size_t count = 0;
  const std::string tidy = is_utf8(search) ? normalise(search) : std::string();
  for (std::size_t at = 0; at < tidy.size() && count < SearchPatterns::kWords;) {
    const std::size_t end = std::min(tidy.find(' ', at), tidy.size());
    const std::string word = tidy.substr(at, end - at);
    at = end + 1;
    // A word without letters or digits is in no folded name.
    const std::string folded = fold_name(word);
    patterns.names[count] = folded.empty() ? "\x01" : "%" + folded + "%";
    std::string text = "%";
    for (const char c : lower(word)) {
      if (c == '%' || c == '_' || c == '\\') text += '\\';
      text += c;
    }
    patterns.text[count++] = text + "%";
  }
  return patterns;
}

}  // namespace korrigo::students

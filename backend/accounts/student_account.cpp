#include "accounts/student_account.h"

#include "accounts/user_store.h"
#include "base/text.h"

namespace korrigo::accounts {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

#define KORRIGO_PROFILE_SELECT \
  "SELECT id, last_name, first_name, date_naissance, email, class_name, groupe, user_id FROM student WHERE "

constexpr Statement kByEmail{"account.student_by_email", KORRIGO_PROFILE_SELECT "lower(email) = $1"};
constexpr Statement kByUser{"account.student_by_user", KORRIGO_PROFILE_SELECT "user_id = $1"};
constexpr Statement kById{"account.student_by_id", KORRIGO_PROFILE_SELECT "id = $1"};
constexpr Statement kLink{"account.link_student",
                          "UPDATE student SET user_id = $2, updated_at = $3 WHERE id = $1 AND user_id IS NULL"};

#undef KORRIGO_PROFILE_SELECT

std::optional<StudentProfile> profile_of(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  StudentProfile profile;
  profile.id = row->get<StudentId>(0);
  profile.last_name = row->get<std::string>(1);
  profile.first_name = row->get<std::string>(2);
  profile.date_naissance = Date::parse(row->get<std::string>(3)).value();
  profile.email = row->get<std::optional<std::string>>(4);
  profile.class_name = row->get<std::string>(5);
  profile.groupe = row->get<std::string>(6);
  profile.user_id = row->get<std::optional<UserId>>(7);
  return profile;
}

std::optional<UserId> make_account(Transaction& transaction, const StudentProfile& student, const std::string& email,
                                   const std::optional<std::string>& password_hash, UtcTime now) {
  if (student.user_id) return std::nullopt;
  const User user{.id = {},
                  .username = email,
                  .email = email,
                  .first_name = student.first_name,
                  .last_name = student.last_name,
                  .role = Role::student,
                  .is_active = true,
                  .must_change_password = password_hash.has_value(),
                  .created_at = now,
                  .last_login_at = {}};
  const auto id = store::insert(transaction, user, password_hash);
  if (id) transaction.execute(kLink, student.id, *id, now);
  return id;
}

}  // namespace

std::optional<StudentProfile> student_with_email(Transaction& transaction, std::string_view email) {
  return profile_of(transaction.row(kByEmail, lower(trimmed(email))));
}

std::optional<StudentProfile> student_of_user(Transaction& transaction, UserId user) {
  return profile_of(transaction.row(kByUser, user));
}

std::vector<std::string> create_student_accounts(Transaction& transaction, std::span<const NewStudentAccount> accounts,
                                                 UtcTime now) {
  std::vector<std::string> made;
  for (const NewStudentAccount& account : accounts) {
    const auto student = profile_of(transaction.row(kById, account.student));
    if (student && make_account(transaction, *student, account.email, account.password_hash, now)) {
      made.push_back(account.email);
    }
  }
  return made;
}

std::optional<UserId> account_of_student(Transaction& transaction, const StudentProfile& student, UtcTime now) {
  if (student.user_id) return student.user_id;
  if (!student.email) return std::nullopt;
  return make_account(transaction, student, *student.email, std::nullopt, now);
}

}  // namespace korrigo::accounts

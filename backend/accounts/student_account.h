/// Accounts of students. Who a student is stands in the roster's rows; the account is how the student gets in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/user.h"
#include "base/date.h"

namespace korrigo::accounts {

struct StudentProfile {
  StudentId id;
  std::string last_name;
  std::string first_name;
  Date date_naissance;
  std::optional<std::string> email;
  std::string class_name;  // empty when unknown
  std::string groupe;      // empty when unknown
  std::optional<UserId> user_id;
};

/// By e-mail address, in any case.
std::optional<StudentProfile> student_with_email(storage::Transaction& transaction, std::string_view email);
std::optional<StudentProfile> student_of_user(storage::Transaction& transaction, UserId user);

struct NewStudentAccount {
  StudentId student;
  std::string email;
  std::string password_hash;
};

/// Makes the accounts with the address as user name and the password to be changed at first log-in, and links the
/// students. Returns the addresses of those made: one that has an account already, or whose student has, is left out.
std::vector<std::string> create_student_accounts(storage::Transaction& transaction,
                                                 std::span<const NewStudentAccount> accounts, UtcTime now);

/// The student's account, made without password at need: log-in by birth date goes before any account. Nothing when
/// the address belongs to somebody else's account.
std::optional<UserId> account_of_student(storage::Transaction& transaction, const StudentProfile& student, UtcTime now);

}  // namespace korrigo::accounts

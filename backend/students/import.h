/// A roster CSV imported for the whole school: at the shell (`korrigo import-students`) or as the task
/// `import_students`.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "jobs/context.h"
#include "jobs/queue.h"
#include "storage/blobs.h"
#include "students/enrol.h"

namespace korrigo::students {

/// A student's account to be made: the log-in name is the e-mail address.
struct NewAccount {
  StudentId student;
  std::string email;
  std::string password_hash;
};

/// How students get accounts, bound to accounts by the composition root. Any thread.
struct Accounts {
  /// Whether students log in by password (the setting student_login).
  std::function<bool(storage::Transaction&)> wanted;
  std::function<std::string()> new_password;
  /// Called on several threads at once. These passwords are random and changed at the first log-in, so a cheap setting
  /// of the hasher serves: at the usual 20 ms each, ten thousand would take minutes.
  std::function<std::string(std::string_view password)> hash;
  /// Makes the accounts, password to be changed at first log-in, and writes student.user_id. Returns the addresses of
  /// those made: one that belongs to an account already is left out.
  std::function<std::vector<std::string>(storage::Transaction&, const std::vector<NewAccount>&)> create;
  /// Seals the passwords as JSON text, for whoever started the task to see once.
  std::function<std::string(std::string_view plain)> seal;
};

struct ImportResult {
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t skipped = 0;                      // lines that changed nothing
  std::map<std::string, std::string> passwords;  // by e-mail address, of the accounts made; only in password mode
};

/// All of the roster or a full list of faults, as refusal_of() words it; `faults` gets them with line and column.
/// Passwords are hashed outside the transaction.
Result<ImportResult> import_students(storage::Database&, const Roster&, const Accounts&, const Clock&,
                                     std::vector<RosterFault>* faults = nullptr);

inline constexpr std::string_view kImportTask = "import_students";

/// Stores the CSV and queues its import. Checks it first: refuses with invalid_input "roster.invalid" and all faults,
/// too_large "roster.too_large". On any refusal and any exception nothing is left.
struct ImportRequest {
  std::filesystem::path file;  // the caller's temporary file; is gone or unchanged afterwards
  std::string filename;        // as the client named it
  UserId user;
  RosterLimits limits = {};
  audit::Actor actor = {};  // whom the audit log names
};
struct ImportAccepted {
  TaskId task;
  std::string filename;
};
Result<ImportAccepted> request_import(storage::Database&, storage::Blobs&, jobs::Queue&, const ImportRequest&,
                                      std::vector<RosterFault>* faults = nullptr);

/// The handler of kImportTask. Its result: {status, created, updated, skipped, errors, passwords}; where accounts were
/// made, `passwords` is empty at rest and `passwords_sealed` holds what seal() gave.
jobs::Handler import_handler(storage::Blobs&, Accounts);

}  // namespace korrigo::students

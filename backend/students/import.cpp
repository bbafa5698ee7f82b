#include "students/import.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <thread>

#include "base/files.h"
#include "base/ids.h"
#include "base/parallel.h"
#include "base/text.h"

namespace korrigo::students {
namespace {

using storage::Transaction;

/// What an account will need, made before the transaction that may need it.
struct Password {
  std::string plain;
  std::string hash;
};
using Passwords = std::map<std::string, Password>;  // by e-mail address

/// The addresses of the roster whose students have no account as the rows stand now.
std::set<std::string> without_account(Transaction& transaction, const Roster& roster) {
  const std::vector<std::optional<StudentId>> known = known_students(transaction, roster);
  std::vector<StudentId> ids;
  for (const auto& id : known)
    if (id) ids.push_back(*id);
  std::set<StudentId> with_account;
  for (const Student& student : find_students(transaction, ids))
    if (student.user_id) with_account.insert(student.id);
  std::set<std::string> addresses;
  for (std::size_t i = 0; i < known.size(); ++i)
    if (!roster.students[i].email.empty() && !(known[i] && with_account.contains(*known[i])))
      addresses.insert(roster.students[i].email);
  return addresses;
}

Passwords make_passwords(storage::Database& database, const Roster& roster, const Accounts& accounts,
                         const Cancel& cancel) {
  const auto addresses = database.read([&](Transaction& transaction) {
    const bool wanted = accounts.wanted && accounts.wanted(transaction);
    return wanted ? without_account(transaction, roster) : std::set<std::string>();
  });
  Passwords passwords;
  std::vector<Password*> waiting;
  for (const std::string& address : addresses) waiting.push_back(&passwords[address]);
  const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for_each_parallel(threads, waiting.size(), cancel, [&](int, std::size_t i) {
    waiting[i]->plain = accounts.new_password();
    waiting[i]->hash = accounts.hash(waiting[i]->plain);
  });
  return passwords;
}

void make_accounts(Transaction& transaction, const Enrolment& enrolment, const Passwords& passwords,
                   const Accounts& accounts, ImportResult& result) {
  if (passwords.empty()) return;
  std::vector<NewAccount> wanted;
  for (const Student& student : find_students(transaction, enrolment.ids)) {
    const auto password = student.email ? passwords.find(*student.email) : passwords.end();
    if (!student.user_id && password != passwords.end())
      wanted.push_back({student.id, *student.email, password->second.hash});
  }
  for (const std::string& address : accounts.create(transaction, wanted))
    result.passwords[address] = passwords.at(address).plain;
}

Result<ImportResult> import_in(Transaction& transaction, const Roster& roster, const Passwords& passwords,
                               const Accounts& accounts, UtcTime now, std::vector<RosterFault>* faults) {
  Enrolment enrolment = enrol(transaction, roster, now);
  if (!enrolment.faults.empty()) {
    if (faults != nullptr) *faults = enrolment.faults;
    return tl::unexpected(refusal_of(enrolment.faults));
  }
  ImportResult result;
  result.created = enrolment.created;
  result.updated = enrolment.updated;
  result.skipped = enrolment.unchanged;
  make_accounts(transaction, enrolment, passwords, accounts, result);
  return result;
}

boost::json::object json_of(const ImportResult& result, const Accounts& accounts) {
  boost::json::object passwords;
  for (const auto& [email, password] : result.passwords) passwords[email] = password;
  boost::json::object json{
      {"status", "success"},       {"created", result.created},      {"updated", result.updated},
      {"skipped", result.skipped}, {"errors", boost::json::array()}, {"passwords", boost::json::object()}};
  if (!passwords.empty()) json["passwords_sealed"] = accounts.seal(boost::json::serialize(passwords));
  return json;
}

bool has_roster_name(std::string_view name) {
  const std::string low = lower(is_utf8(name) ? name : "");
  return low.ends_with(".csv") || low.ends_with(".txt") || low.ends_with(".tsv");
}

Error with_field(Error error) {
  error.field = "file";
  return error;
}

/// The roster of the file, checked against itself and the rows.
Result<Roster> checked_roster(storage::Database& database, const ImportRequest& request,
                              std::vector<RosterFault>* faults) {
  if (std::filesystem::file_size(request.file) > request.limits.max_bytes)
    return tl::unexpected(
        with_field({ErrorKind::too_large, "roster.too_large",
                    fmt::format("File too large: {} bytes (max: {})", std::filesystem::file_size(request.file),
                                request.limits.max_bytes)}));
  RosterReading reading = read_roster(read_file(request.file), request.limits);
  if (reading.faults.empty())
    reading.faults =
        database.read([&](Transaction& transaction) { return faults_against_rows(transaction, reading.roster); });
  if (reading.faults.empty()) return std::move(reading.roster);
  if (faults != nullptr) *faults = reading.faults;
  return tl::unexpected(with_field(refusal_of(reading.faults)));
}

}  // namespace

Result<ImportResult> import_students(storage::Database& database, const Roster& roster, const Accounts& accounts,
                                     const Clock& clock, std::vector<RosterFault>* faults) {
  const Passwords passwords = make_passwords(database, roster, accounts, Cancel());
  const UtcTime now = clock.now();
  return database.write(
      [&](Transaction& transaction) { return import_in(transaction, roster, passwords, accounts, now, faults); });
}

Result<ImportAccepted> request_import(storage::Database& database, storage::Blobs& blobs, jobs::Queue& queue,
                                      const ImportRequest& request, std::vector<RosterFault>* faults) {
  if (!has_roster_name(request.filename))
    return tl::unexpected(with_field({ErrorKind::malformed, "roster.not_csv", "Invalid file type: must be CSV"}));
  if (auto roster = checked_roster(database, request, faults); !roster) return tl::unexpected(roster.error());
  const std::string key = "imports/" + make_uuid_v7(queue.clock().now()) + ".csv";
  try {
    blobs.adopt(key, request.file);
    const TaskId task = database.write([&](Transaction& transaction) {
      TaskId id = queue.enqueue(transaction, {.kind = std::string(kImportTask),
                                              .payload = {{"file", key}, {"filename", request.filename}},
                                              .created_by = request.user});
      audit::append(transaction,
                    {.by = request.actor, .action = "student.import", .target_type = "task", .target_id = id.text()},
                    queue.clock().now());
      return id;
    });
    return ImportAccepted{task, request.filename};
  } catch (const storage::DatabaseError& error) {
    // A connection lost while committing: the task may be there, and the clean-up takes the file when it is not.
    if (error.fault() != storage::Fault::lost) blobs.remove(key);
    throw;
  } catch (const std::exception&) {
    blobs.remove(key);
    throw;
  }
}

jobs::Handler import_handler(storage::Blobs& blobs, Accounts accounts) {
  return [&blobs, accounts = std::move(accounts)](jobs::TaskContext& context) -> Result<jobs::Ending> {
    const std::string key(context.payload().at("file").as_string());
    const RosterReading reading = read_roster(blobs.read(key));
    if (!reading.faults.empty()) {
      blobs.remove(key);
      return tl::unexpected(refusal_of(reading.faults));
    }
    const Passwords passwords = make_passwords(context.database(), reading.roster, accounts, context.cancel());
    const UtcTime now = context.clock().now();
    auto ending = context.finish([&](Transaction& transaction) -> Result<boost::json::value> {
      auto result = import_in(transaction, reading.roster, passwords, accounts, now, nullptr);
      if (!result) return tl::unexpected(result.error());
      return json_of(*result, accounts);
    });
    if (ending) blobs.remove(key);
    return ending;
  };
}

}  // namespace korrigo::students

/// Who did what, on what, from where, when. Append-only: each row carries the hash of the one before, so that a row
/// changed or removed behind the program's back is found. Rows hold ids and figures only, never a name, an address of
/// a person or a secret: erasing somebody leaves the log valid.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "storage/database.h"

namespace korrigo::audit {

/// Who acts. The shell and the program itself are nobody: no user, no address.
struct Actor {
  std::optional<UserId> user = {};
  std::string address = {};     // of the client's machine
  std::string request_id = {};  // of the HTTP request
};

struct NewEntry {
  Actor by;
  std::string action;            // "user.reset_password": stable, <thing>.<verb>
  std::string target_type = {};  // "user"
  std::string target_id = {};    // its id as text
  boost::json::object details = {};
};

/// Adds the entry to the chain, in the transaction of the act itself: both are committed or neither.
///
/// Writers meet at one row. Call it last in the transaction, after every other write, so that it is held for the length
/// of a commit only and two transactions never wait for each other in a circle; frequent acts use
/// Database::write_contended, where they queue for it instead of running again.
void append(storage::Transaction& transaction, const NewEntry& entry, UtcTime now);

struct Entry {
  std::int64_t sequence = 0;  // 1, 2, 3, ... without gaps
  UtcTime created_at{};
  Actor by;
  std::string action;
  std::string target_type;
  std::string target_id;
  std::string details;  // JSON text as it was hashed
  std::string previous_hash;
  std::string hash;  // hash_of this entry
};

/// SHA-256 over everything else in the entry, previous_hash included.
std::string hash_of(const Entry& entry);

struct Break {
  std::int64_t sequence = 0;  // of the first row that is not as it was written
  std::string why;            // one sentence
};

struct Verification {
  std::int64_t rows = 0;  // walked
  std::optional<Break> first_break = {};
  std::string head;  // hash of the last row: noted elsewhere, it also proves that nobody cut the end off
};

/// Walks the chain as it stood when the call began. Memory stays flat; entries may be appended meanwhile.
Verification verify(storage::Database& database);

/// What is set must match.
struct Filter {
  std::optional<UserId> actor = {};
  std::optional<std::string> action = {};
  std::optional<std::string> target_type = {};
  std::optional<std::string> target_id = {};
  std::optional<UtcTime> since = {};  // included
  std::optional<UtcTime> until = {};  // not included
  int page = 1;                       // from 1
  int page_size = 50;
};

struct Page {
  std::vector<Entry> entries;  // newest first
  std::int64_t count = 0;      // over all pages
};

/// Without filters a page is found by its sequence, however far back it lies.
Page list(storage::Transaction& transaction, const Filter& filter);

}  // namespace korrigo::audit

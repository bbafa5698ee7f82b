#include "storage/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <stdexcept>
#include <thread>

namespace korrigo::storage::sqlite {
namespace {

// Names of lists with filters are put together; no program has this many.
constexpr std::size_t kMaxPrepared = 1000;

Fault fault_of_constraint(int extended_code, std::string_view text) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Fault::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Fault::foreign_key;
    case SQLITE_CONSTRAINT_TRIGGER:
      // ON DELETE RESTRICT is a trigger of SQLite's own, told from ours by its text only.
      return text.find("FOREIGN KEY") != std::string_view::npos ? Fault::foreign_key : Fault::check;
    default:
      return Fault::check;
  }
}

Fault fault_of(int extended_code, std::string_view text) {
  switch (extended_code & 0xff) {
    case SQLITE_CONSTRAINT:
      return fault_of_constraint(extended_code, text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fault::busy;
    case SQLITE_FULL:
    case SQLITE_READONLY:
      return Fault::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return Fault::lost;
    default:
      return Fault::other;
  }
}

/// "UNIQUE constraint failed: user.email" -> "user.email".
std::string constraint_in(std::string_view text) {
  constexpr std::string_view kBefore = "constraint failed: ";
  const auto at = text.find(kBefore);
  return at == std::string_view::npos ? std::string() : std::string(text.substr(at + kBefore.size()));
}

Value column_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement, column));
      return Bytes(bytes, bytes + sqlite3_column_bytes(statement, column));
    }
    default:
      return {};
  }
}

int bind_value(sqlite3_stmt* statement, int index, const Value& value) {
  struct Binder {
    sqlite3_stmt* statement;
    int index;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t integer) const { return sqlite3_bind_int64(statement, index, integer); }
    int operator()(double real) const { return sqlite3_bind_double(statement, index, real); }
    int operator()(const std::string& text) const {
      return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Bytes& bytes) const {
      if (bytes.empty()) return sqlite3_bind_zeroblob(statement, index, 0);  // a null pointer would bind NULL
      return sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Binder{statement, index}, value.content());
}

}  // namespace

void Connection::Closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}
void Connection::Closer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Connection::Connection(const std::string& path, Role role, std::chrono::milliseconds busy_timeout) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail("open " + path);
  sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout.count()));
  if (journal_mode_wal(busy_timeout) != "wal") {
    throw DatabaseError(Fault::other, fmt::format("{}: its file system does not allow write-ahead logging", path));
  }
  execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
      "PRAGMA journal_size_limit = 67108864;");
  // A page of a list touches some hundred database pages all over the file: readers share the system's copies of them.
  execute(role == Role::writer ? "PRAGMA cache_size = -16384"
                               : "PRAGMA cache_size = -4096; PRAGMA mmap_size = 1073741824; PRAGMA query_only = ON");
}

Connection::~Connection() = default;

// Two processes that open a new file at once both want its exclusive lock here, and SQLite does not wait for that one.
std::string Connection::journal_mode_wal(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      return run({"sqlite.journal_mode", "PRAGMA journal_mode = WAL"}, {}).rows.at(0).get<std::string>(0);
    } catch (const DatabaseError& error) {
      if (error.fault() != Fault::busy || std::chrono::steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

Transaction::Outcome Connection::run(const Statement& statement, const std::vector<Value>& values) {
  Prepared& known = prepared(statement);
  struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
  } reset{known.statement.get()};
  bind(statement, known, values);
  Transaction::Outcome outcome;
  for (;;) {
    const int code = sqlite3_step(reset.statement);
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) fail(statement.name);
    std::vector<Value> columns(static_cast<std::size_t>(sqlite3_column_count(reset.statement)));
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = column_of(reset.statement, static_cast<int>(i));
    outcome.rows.emplace_back(statement.name, std::move(columns));
  }
  if (!sqlite3_stmt_readonly(reset.statement)) outcome.changed = sqlite3_changes64(handle_.get());
  return outcome;
}

void Connection::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(std::string_view(sql).substr(0, 60));
}

void Connection::rollback() noexcept {
  if (in_transaction()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

Connection::Prepared& Connection::prepared(const Statement& statement) {
  const std::string name(statement.name);
  auto found = prepared_.find(name);
  if (found == prepared_.end()) {
    if (prepared_.size() >= kMaxPrepared) prepared_.clear();
    found = prepared_.emplace(name, prepare(statement)).first;
  }
  if (found->second.sql != statement.sql) {
    throw std::logic_error(fmt::format("two statements are called {}", statement.name));
  }
  return found->second;
}

Connection::Prepared Connection::prepare(const Statement& statement) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), statement.sql.data(), static_cast<int>(statement.sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  Prepared result{std::string(statement.sql), {}, std::unique_ptr<sqlite3_stmt, Closer>(made)};
  if (code != SQLITE_OK || made == nullptr) fail(statement.name);
  // SQLite takes "$2" for a name and numbers parameters by appearance.
  result.parameters.resize(static_cast<std::size_t>(sqlite3_bind_parameter_count(made)));
  for (std::size_t i = 0; i < result.parameters.size(); ++i) {
    result.parameters[i] = sqlite3_bind_parameter_index(made, fmt::format("${}", i + 1).c_str());
    if (result.parameters[i] == 0) {
      throw std::logic_error(
          fmt::format("{}: its parameters are not $1 to ${}", statement.name, result.parameters.size()));
    }
  }
  return result;
}

void Connection::bind(const Statement& statement, Prepared& prepared, const std::vector<Value>& values) {
  if (values.size() != prepared.parameters.size()) {
    throw std::logic_error(
        fmt::format("{}: {} values for {} parameters", statement.name, values.size(), prepared.parameters.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (bind_value(prepared.statement.get(), prepared.parameters[i], values[i]) != SQLITE_OK) fail(statement.name);
  }
}

void Connection::fail(std::string_view what) const {
  const char* text = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
  const int code = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  throw DatabaseError(fault_of(code, text), fmt::format("{}: {} ({})", what, text, code), constraint_in(text));
}

}  // namespace korrigo::storage::sqlite

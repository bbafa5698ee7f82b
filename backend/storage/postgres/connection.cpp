#include "storage/postgres/connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <stdexcept>

#include "storage/postgres/parameters.h"

namespace korrigo::storage::postgres {
namespace {

// Answers wait in the server's and our buffers meanwhile, which is why it is not simply all.
constexpr std::size_t kPipelined = 256;

std::string without_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string field(const PGresult* result, int code) {
  const char* text = result != nullptr ? PQresultErrorField(result, code) : nullptr;
  return text != nullptr ? text : "";
}

std::string constraint_in(const PGresult* result) {
  std::string name = field(result, PG_DIAG_CONSTRAINT_NAME);
  if (!name.empty()) return name;
  const std::string column = field(result, PG_DIAG_COLUMN_NAME);
  return column.empty() ? column : field(result, PG_DIAG_TABLE_NAME) + "." + column;
}

std::int64_t changed_by(PGresult* result) {
  if (std::string_view(PQcmdStatus(result)).starts_with("SELECT")) return 0;
  const std::string_view count = PQcmdTuples(result);
  return count.empty() ? 0 : std::stoll(std::string(count));
}

bool holds_zero_byte(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.content());
  return text != nullptr && text->find('\0') != text->npos;
}

}  // namespace

Fault fault_of(std::string_view sqlstate) {
  if (sqlstate == "23505" || sqlstate == "23P01") return Fault::unique;
  if (sqlstate == "23503" || sqlstate == "23001") return Fault::foreign_key;
  if (sqlstate.starts_with("23")) return Fault::check;
  if (sqlstate.starts_with("40") || sqlstate == "55P03") return Fault::busy;
  if (sqlstate == "08P01") return Fault::other;  // also the answer to a wrong number of parameters
  if (sqlstate.empty()) return Fault::lost;      // libpq's own: it could not send or receive
  if (sqlstate.starts_with("57P") || sqlstate.starts_with("08") || sqlstate == "53300") return Fault::lost;
  if (sqlstate == "53100" || sqlstate == "25006") return Fault::full;
  return Fault::other;
}

void Connection::Closer::operator()(pg_conn* handle) const {
  PQfinish(handle);
}
void Connection::Closer::operator()(pg_result* result) const {
  PQclear(result);
}

Connection::Connection(const std::string& url) {
  // What stands in the URL comes last and wins. A server whose machine died is noticed after ten seconds. Indexes count
  // as on disks without a moving head, and as what mostly lies in memory: a page of a list must not read whole tables.
  const std::array keywords = {"application_name", "client_encoding",
                               "connect_timeout",  "tcp_user_timeout",
                               "keepalives_idle",  "keepalives_interval",
                               "keepalives_count", "options",
                               "dbname",           static_cast<const char*>(nullptr)};
  const std::array values = {"korrigo",   "UTF8",
                             "5",         "10000",
                             "10",        "3",
                             "3",         "-c random_page_cost=1.1",
                             url.c_str(), static_cast<const char*>(nullptr)};
  handle_.reset(PQconnectdbParams(keywords.data(), values.data(), 1));
  if (!handle_ || PQstatus(handle_.get()) != CONNECTION_OK) {
    throw DatabaseError(Fault::lost, "PostgreSQL: " + without_newline(PQerrorMessage(handle_.get())));
  }
  PQsetNoticeProcessor(
      handle_.get(), [](void*, const char*) {}, nullptr);
}

Connection::~Connection() = default;

Transaction::Outcome Connection::run(const Statement& statement, const std::vector<Value>& values) {
  const Variant& variant = prepared(statement, values);
  const Reply reply = run_prepared(variant.name, Parameters(values), statement.name);
  Transaction::Outcome outcome;
  outcome.changed = changed_by(reply.get());
  const int rows = PQntuples(reply.get());
  const int columns = PQnfields(reply.get());
  outcome.rows.reserve(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    std::vector<Value> cells;
    cells.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) cells.push_back(column_of(reply.get(), row, column));
    outcome.rows.emplace_back(statement.name, std::move(cells));
  }
  return outcome;
}

Connection::Reply Connection::run_prepared(const std::string& name, const Parameters& parameters,
                                           std::string_view what) {
  if (pending_.empty()) {
    Reply reply(PQexecPrepared(handle_.get(), name.c_str(), parameters.count(), parameters.pointers(),
                               parameters.lengths(), parameters.formats(), 0));
    check(reply, what);
    return reply;
  }
  enter_pipeline(what);
  send(name, parameters, what);
  Reply last;
  leave_pipeline(what, [&](Reply reply) { last = std::move(reply); });
  return last;
}

std::int64_t Connection::run_many(const Statement& statement, const std::vector<std::vector<Value>>& values) {
  std::int64_t changed = 0;
  for (std::size_t at = 0; at < values.size(); at += kPipelined) {
    changed += run_chunk(statement, std::span(values).subspan(at, std::min(kPipelined, values.size() - at)));
  }
  return changed;
}

std::int64_t Connection::run_chunk(const Statement& statement, std::span<const std::vector<Value>> values) {
  std::vector<std::string> names;  // preparing waits for its answer, so it comes before the pipeline
  for (const auto& row : values) names.push_back(prepared(statement, row).name);
  enter_pipeline(statement.name);
  for (std::size_t i = 0; i < values.size(); ++i) send(names[i], Parameters(values[i]), statement.name);
  std::int64_t changed = 0;
  leave_pipeline(statement.name, [&](Reply reply) { changed += changed_by(reply.get()); });
  return changed;
}

void Connection::enter_pipeline(std::string_view what) {
  if (PQenterPipelineMode(handle_.get()) != 1) fail(nullptr, what);
  if (!pending_.empty()) {
    if (PQsendQueryParams(handle_.get(), pending_.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) {
      fail(nullptr, what);
    }
    pending_.clear();
  }
}

void Connection::send(const std::string& name, const Parameters& parameters, std::string_view what) {
  if (PQsendQueryPrepared(handle_.get(), name.c_str(), parameters.count(), parameters.pointers(), parameters.lengths(),
                          parameters.formats(), 0) != 1) {
    fail(nullptr, what);
  }
}

void Connection::leave_pipeline(std::string_view what, const std::function<void(Reply)>& received) {
  if (PQpipelineSync(handle_.get()) != 1) fail(nullptr, what);
  Reply failure;
  for (bool ended = false;;) {
    Reply reply(PQgetResult(handle_.get()));
    if (!reply) {  // the end of one statement's results; twice only when there is no more to come
      if (std::exchange(ended, true) || PQstatus(handle_.get()) != CONNECTION_OK) fail(failure.get(), what);
      continue;
    }
    ended = false;
    const ExecStatusType status = PQresultStatus(reply.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      received(std::move(reply));
    } else if (status == PGRES_FATAL_ERROR && !failure) {
      failure = std::move(reply);
    }
  }
  if (PQexitPipelineMode(handle_.get()) != 1) fail(failure.get(), what);
  if (failure) fail(failure.get(), what);
}

void Connection::begin(std::string sql) {
  pending_ = std::move(sql);
}

std::string Connection::execute(const std::string& sql) {
  if (!pending_.empty()) execute(std::exchange(pending_, {}));
  const Reply reply(PQexec(handle_.get(), sql.c_str()));
  check(reply, std::string_view(sql).substr(0, 60));
  return PQcmdStatus(reply.get());
}

void Connection::rollback() noexcept {
  pending_.clear();
  if (!broken() && PQtransactionStatus(handle_.get()) != PQTRANS_IDLE) {
    const Reply reply(PQexec(handle_.get(), "ROLLBACK"));
  }
}

bool Connection::usable() const {
  return !broken() && PQtransactionStatus(handle_.get()) == PQTRANS_IDLE;
}
bool Connection::broken() const {
  return PQstatus(handle_.get()) != CONNECTION_OK;
}

const Connection::Variant& Connection::prepared(const Statement& statement, const std::vector<Value>& values) {
  if (std::any_of(values.begin(), values.end(), holds_zero_byte)) {
    throw DatabaseError(Fault::check, fmt::format("{}: a text holds a zero byte", statement.name));
  }
  const std::string_view sql = statement.postgres.empty() ? statement.sql : statement.postgres;
  Prepared& known = prepared_[std::string(statement.name)];
  if (known.sql.empty()) known.sql = sql;
  if (known.sql != sql) throw std::logic_error(fmt::format("two statements are called {}", statement.name));
  const auto fits = [&](const Variant& variant) {
    return std::equal(values.begin(), values.end(), variant.types.begin(), variant.types.end(),
                      [](const Value& value, unsigned type) { return value.is_null() || type_of(value) == type; });
  };
  const auto found = std::find_if(known.variants.begin(), known.variants.end(), fits);
  if (found != known.variants.end()) return *found;
  if (!pending_.empty()) execute(std::exchange(pending_, {}));
  // The server cuts names at 63 bytes: what tells them apart stands first.
  Variant made{fmt::format("{}#{}", ++prepared_count_, statement.name), {}};
  for (const Value& value : values) made.types.push_back(type_of(value));
  const Reply reply(PQprepare(handle_.get(), made.name.c_str(), known.sql.c_str(), static_cast<int>(values.size()),
                              made.types.data()));
  check(reply, statement.name);
  return known.variants.emplace_back(std::move(made));
}

void Connection::check(const Reply& reply, std::string_view what) {
  const ExecStatusType status = PQresultStatus(reply.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) fail(reply.get(), what);
}

void Connection::fail(const pg_result* result, std::string_view what) {
  // The detail line is left out: it quotes values, and values are people's.
  std::string text = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (text.empty()) text = without_newline(PQerrorMessage(handle_.get()));
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  const Fault fault = broken() ? Fault::lost : fault_of(state);
  if (fault == Fault::lost) lost_ = true;  // libpq may take it for connected until it reads again
  throw DatabaseError(fault, fmt::format("{}: {} ({})", what, text, state), constraint_in(result));
}

}  // namespace korrigo::storage::postgres

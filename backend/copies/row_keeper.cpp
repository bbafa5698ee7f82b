#include "copies/row_keeper.h"

#include <boost/json.hpp>

namespace korrigo::copies {

namespace json = boost::json;
using storage::Statement;

RowKeeper::RowKeeper(std::string_view table, std::string_view key, const std::vector<std::string_view>& columns)
    : columns_(columns.begin(), columns.end()),
      read_name_(fmt::format("kept.read_{}", table)),
      insert_name_(fmt::format("kept.insert_{}", table)) {
  std::string pairs, names, values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string_view comma = i > 0 ? ", " : "";
    pairs += fmt::format("{}'{}', {}", comma, columns[i], columns[i]);
    names += fmt::format("{}{}", comma, columns[i]);
    values += fmt::format("{}${}", comma, i + 1);
  }
  const std::string from = fmt::format(" FROM {} WHERE {} = $1 ORDER BY {}", table, key, columns.front());
  read_sqlite_ = "SELECT json_object(" + pairs + ")" + from;
  read_postgres_ = "SELECT CAST(json_build_object(" + pairs + ") AS TEXT)" + from;
  insert_ = fmt::format("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING", table, names, values);
}

json::array RowKeeper::read(storage::Transaction& transaction, std::string_view id) const {
  const Statement statement{read_name_, read_sqlite_, read_postgres_};
  json::array kept;
  for (const storage::Row& row : transaction.rows(statement, id)) kept.push_back(json::parse(row.get<std::string>(0)));
  return kept;
}

void RowKeeper::insert(storage::Transaction& transaction, const json::object& row) const {
  std::vector<storage::Value> values;
  for (const std::string& column : columns_) values.push_back(value_of(row.at(column)));
  transaction.execute_many(Statement{insert_name_, insert_}, {values});
}

storage::Value value_of(const json::value& value) {
  if (value.is_int64()) return value.as_int64();
  if (value.is_double()) return value.as_double();
  if (value.is_string()) return std::string(value.as_string());
  return nullptr;
}

}  // namespace korrigo::copies

/// Rows as JSON objects, to be put back as they were. Internal to this module.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace korrigo::copies {

/// Reads and inserts rows of one table; a constant of the program.
class RowKeeper {
 public:
  /// `key` is the column that rows are read by.
  RowKeeper(std::string_view table, std::string_view key, const std::vector<std::string_view>& columns);
  RowKeeper(const RowKeeper&) = delete;
  RowKeeper& operator=(const RowKeeper&) = delete;

  boost::json::array read(storage::Transaction& transaction, std::string_view id) const;
  /// A row whose key is taken stays as it is.
  void insert(storage::Transaction& transaction, const boost::json::object& row) const;

 private:
  std::vector<std::string> columns_;
  std::string read_name_, insert_name_, read_sqlite_, read_postgres_, insert_;
};

storage::Value value_of(const boost::json::value& value);

}  // namespace korrigo::copies

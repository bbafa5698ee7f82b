/// Values as libpq sends and returns them.
#pragma once

#include <string>
#include <vector>

#include "storage/value.h"

struct pg_result;

namespace korrigo::storage::postgres {

/// The type to announce for a value: 0 leaves it to the server (text, null).
unsigned type_of(const Value& value);

/// The arrays that libpq wants; points into `values`, which must outlive it.
class Parameters {
 public:
  explicit Parameters(const std::vector<Value>& values);
  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* pointers() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

/// One column of one row, in the type that SQLite would give.
Value column_of(const pg_result* result, int row, int column);

}  // namespace korrigo::storage::postgres

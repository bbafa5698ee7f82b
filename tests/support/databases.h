/// Tests that need a database run on SQLite and on PostgreSQL, each test in a fresh one that holds the schema:
///
///   class Exams : public test::AnyDatabase {};
///   KORRIGO_ON_BOTH_ENGINES(Exams);
///   TEST_P(Exams, refuses_two_exams_of_one_name) { database().write(...); }
///
/// With `TEST_DEPS test_support` in the module's CMakeLists.txt.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/files.h"
#include "storage/database.h"
#include "support/postgres_server.h"

namespace korrigo::test {

/// A fresh database, removed on destruction; whatever opened it must be closed by then.
class FreshDatabase {
 public:
  enum class Schema { none, migrated };
  explicit FreshDatabase(storage::Engine engine, Schema schema = Schema::migrated);
  /// For Database::open.
  const std::string& url() const { return url_; }

 private:
  std::unique_ptr<TempFolder> folder_;
  std::unique_ptr<PostgresDatabase> postgres_;
  std::string url_;
};

class AnyDatabase : public testing::TestWithParam<storage::Engine> {
 protected:
  explicit AnyDatabase(FreshDatabase::Schema schema = FreshDatabase::Schema::migrated) : fresh_(GetParam(), schema) {}

  /// Open from its first use on.
  storage::Database& database();
  /// Closes and opens it again, as after a restart of the program.
  void reopen();
  void close() { database_.reset(); }
  const std::string& url() const { return fresh_.url(); }

 private:
  FreshDatabase fresh_;
  std::unique_ptr<storage::Database> database_;
};

std::string engine_name(const testing::TestParamInfo<storage::Engine>& info);

}  // namespace korrigo::test

#define KORRIGO_ON_BOTH_ENGINES(suite)                                                                            \
  INSTANTIATE_TEST_SUITE_P(engines, suite,                                                                        \
                           testing::Values(korrigo::storage::Engine::sqlite, korrigo::storage::Engine::postgres), \
                           korrigo::test::engine_name)

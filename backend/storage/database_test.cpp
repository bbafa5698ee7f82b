// What a Database promises, on both engines.
#include "storage/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "support/databases.h"

namespace korrigo::storage {
namespace {

constexpr Statement kCreate{"test.create",
                            "CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, amount BIGINT NOT "
                            "NULL DEFAULT 0 CHECK (amount >= 0), parent BIGINT REFERENCES item (id))"};
constexpr Statement kInsert{"test.insert", "INSERT INTO item (name, id) VALUES ($2, $1)"};
constexpr Statement kInsertChild{"test.insert_child", "INSERT INTO item (id, name, parent) VALUES ($1, $2, $3)"};
constexpr Statement kCount{"test.count", "SELECT count(*) FROM item"};
constexpr Statement kAmount{"test.amount", "SELECT amount FROM item WHERE id = $1"};
constexpr Statement kSetAmount{"test.set_amount", "UPDATE item SET amount = $2 WHERE id = $1"};
constexpr Statement kDelete{"test.delete", "DELETE FROM item WHERE id = $1"};

class Databases : public test::AnyDatabase {
 protected:
  Databases() : AnyDatabase(test::FreshDatabase::Schema::none) {
    database().write([](Transaction& t) { t.execute(kCreate); });
  }
  std::int64_t insert(int id, std::string_view name) {
    return database().write([&](Transaction& t) { return t.execute(kInsert, id, name); });
  }
  int count() {
    return database().read([](Transaction& t) { return t.row(kCount)->get<int>(0); });
  }
  int amount(int id) {
    return database().read([&](Transaction& t) { return t.row(kAmount, id)->get<int>(0); });
  }
  /// What `work` throws as a DatabaseError.
  Fault fault_of(const std::function<void(Transaction&)>& work) {
    try {
      database().write([&](Transaction& t) { work(t); });
    } catch (const DatabaseError& error) {
      return error.fault();
    }
    throw std::runtime_error("nothing was thrown");
  }
};
KORRIGO_ON_BOTH_ENGINES(Databases);

TEST_P(Databases, keep_what_was_written) {
  EXPECT_EQ(insert(1, "one"), 1);
  reopen();
  EXPECT_EQ(count(), 1);
}

TEST_P(Databases, tell_statements_apart_whose_long_names_differ_at_the_end) {
  constexpr Statement kOne{"test.a_name_longer_than_the_sixty_three_bytes_that_postgresql_keeps_of_it.one", "SELECT 1"};
  constexpr Statement kTwo{"test.a_name_longer_than_the_sixty_three_bytes_that_postgresql_keeps_of_it.two", "SELECT 2"};
  database().read([&](Transaction& t) {
    EXPECT_EQ(t.row(kOne)->get<int>(0), 1);
    EXPECT_EQ(t.row(kTwo)->get<int>(0), 2);
    EXPECT_EQ(t.row(kOne)->get<int>(0), 1);
  });
}

TEST_P(Databases, give_back_every_type_as_it_went_in) {
  constexpr Statement kTypes{"test.types", "CREATE TABLE kinds (a BIGINT, b REAL, c TEXT, d BLOB)",
                             "CREATE TABLE kinds (a BIGINT, b DOUBLE PRECISION, c TEXT, d BYTEA)"};
  constexpr Statement kPut{"test.put", "INSERT INTO kinds VALUES ($1, $2, $3, $4) RETURNING a, b, c, d"};
  const Bytes bytes = {std::byte{0}, std::byte{255}, std::byte{92}, std::byte{39}};
  const UtcTime time(std::chrono::milliseconds(1795251531123));
  database().write([&](Transaction& t) {
    t.execute(kTypes);
    const Row row = *t.row(kPut, time, 0.1, "d'Angélo \\ \"x\" $1 \n", bytes);
    EXPECT_EQ(row.get<UtcTime>(0), time);
    EXPECT_EQ(row.get<double>(1), 0.1);
    EXPECT_EQ(row.get<std::string>(2), "d'Angélo \\ \"x\" $1 \n");
    EXPECT_EQ(row.get<Bytes>(3), bytes);
    const Row empty = *t.row(kPut, std::numeric_limits<std::int64_t>::min(), -1e300, "", Bytes());
    EXPECT_EQ(empty.get<std::int64_t>(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(empty.get<double>(1), -1e300);
    EXPECT_EQ(empty.get<std::string>(2), "");
    EXPECT_EQ(empty.get<Bytes>(3), Bytes());
    const Row null = *t.row(kPut, nullptr, std::optional<double>(), std::optional<std::string>(), nullptr);
    for (std::size_t column = 0; column < 4; ++column) EXPECT_TRUE(null.is_null(column));
    EXPECT_EQ(null.get<std::optional<int>>(0), std::nullopt);
    EXPECT_EQ(row.get<std::optional<std::int64_t>>(0), 1795251531123);
    EXPECT_THROW(null.get<int>(0), std::logic_error);
    EXPECT_THROW(row.get<std::string>(0), std::logic_error);
    EXPECT_THROW(row.get<int>(7), std::logic_error);
  });
}

TEST_P(Databases, answer_sums_averages_and_conditions_with_one_type) {
  constexpr Statement kSums{"test.sums",
                            "SELECT sum(amount), avg(amount), coalesce(max(amount), 0), count(*) > 1, "
                            "CAST($1 AS BIGINT) + 1 FROM item"};
  insert(1, "one");
  insert(2, "two");
  database().write([&](Transaction& t) {
    t.execute(kSetAmount, 1, 3);
    t.execute(kSetAmount, 2, 4);
    const Row row = *t.row(kSums, 5'000'000'000);
    EXPECT_EQ(row.get<int>(0), 7);
    EXPECT_EQ(row.get<double>(1), 3.5);
    EXPECT_EQ(row.get<int>(2), 4);
    EXPECT_TRUE(row.get<bool>(3));
    EXPECT_EQ(row.get<std::int64_t>(4), 5'000'000'001);
  });
}

TEST_P(Databases, bind_parameters_by_number) {
  constexpr Statement kTwice{"test.twice",
                             "SELECT id FROM item WHERE (name = $2 OR $2 IS NULL) AND id >= $1 AND id - 3 <= $1 - 2"};
  insert(1, "one");
  insert(2, "two");
  database().read([&](Transaction& t) {
    EXPECT_EQ(t.row(kTwice, 1, "two")->get<int>(0), 2);
    EXPECT_EQ(t.rows(kTwice, 1, nullptr).size(), 2U);
    EXPECT_EQ(t.row(kTwice, 2, "one"), std::nullopt);
    EXPECT_EQ(t.rows(kTwice, 5'000'000'000, nullptr).size(), 0U);
  });
}

TEST_P(Databases, name_the_fault) {
  insert(1, "one");
  EXPECT_EQ(fault_of([](Transaction& t) { t.execute(kInsert, 2, "one"); }), Fault::unique);
  EXPECT_EQ(fault_of([](Transaction& t) { t.execute(kInsert, 1, "two"); }), Fault::unique);
  EXPECT_EQ(fault_of([](Transaction& t) { t.execute(kInsert, 2, nullptr); }), Fault::check);
  EXPECT_EQ(fault_of([](Transaction& t) { t.execute(kSetAmount, 1, -1); }), Fault::check);
  EXPECT_EQ(fault_of([](Transaction& t) { t.execute(kInsertChild, 2, "two", 77); }), Fault::foreign_key);
  database().write([](Transaction& t) { t.execute(kInsertChild, 2, "two", 1); });
  EXPECT_EQ(fault_of([](Transaction& t) { t.execute(kDelete, 1); }), Fault::foreign_key);
  EXPECT_EQ(fault_of([](Transaction& t) { t.rows({"test.wrong", "SELECT nothing FROM nowhere"}); }), Fault::other);
  EXPECT_EQ(count(), 2);
}

TEST_P(Databases, quote_no_values_in_errors) {
  insert(1, "ada@school.example");
  try {
    insert(2, "ada@school.example");
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("test.insert"));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("ada@")));
    EXPECT_THAT(error.constraint(), testing::HasSubstr("name"));
  }
}

TEST_P(Databases, undo_what_throws_or_refuses) {
  EXPECT_THROW(database().write([](Transaction& t) {
    t.execute(kInsert, 1, "one");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  const Result<int> refused = database().write([](Transaction& t) -> Result<int> {
    t.execute(kInsert, 1, "one");
    return refuse(ErrorKind::conflict, "test.no", "No.");
  });
  EXPECT_EQ(refused.error().code, "test.no");
  EXPECT_EQ(count(), 0);
  const Result<int> kept = database().write([](Transaction& t) -> Result<int> {
    t.execute(kInsert, 1, "one");
    return 5;
  });
  EXPECT_EQ(kept.value(), 5);
  EXPECT_EQ(count(), 1);
}

TEST_P(Databases, give_up_a_transaction_in_which_a_statement_failed) {
  insert(1, "one");
  EXPECT_THROW(database().write([](Transaction& t) {
    try {
      t.execute(kInsert, 2, "one");
    } catch (const DatabaseError&) {
    }
    EXPECT_THROW(t.execute(kInsert, 3, "three"), DatabaseError);
  }),
               DatabaseError);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(insert(2, "two"), 1);
}

TEST_P(Databases, refuse_wrong_parameters_and_nesting) {
  EXPECT_ANY_THROW(database().write([](Transaction& t) { t.execute(kInsert, 1); }));
  EXPECT_THROW(database().write([&](Transaction&) { count(); }), std::logic_error);
  EXPECT_THROW(database().read([&](Transaction&) { insert(1, "one"); }), std::logic_error);
  EXPECT_EQ(count(), 0);
}

TEST_P(Databases, refuse_to_write_in_a_read) {
  EXPECT_THROW(database().read([](Transaction& t) { t.execute(kInsert, 1, "one"); }), DatabaseError);
  EXPECT_EQ(count(), 0);
}

TEST_P(Databases, count_what_changed) {
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back({i, "item " + std::to_string(i)});
  database().write([&](Transaction& t) {
    EXPECT_EQ(t.execute_many(kInsert, rows), 1000);
    EXPECT_EQ(t.execute({"test.half", "DELETE FROM item WHERE id >= 500"}), 500);
    EXPECT_EQ(t.execute({"test.back", "DELETE FROM item WHERE id >= 400 RETURNING id"}), 100);
    EXPECT_EQ(t.rows({"test.more", "DELETE FROM item WHERE id >= 390 RETURNING id"}).size(), 10U);
    EXPECT_EQ(t.execute(kCount), 0);
    EXPECT_EQ(t.execute({"test.upsert", "INSERT INTO item (id, name) VALUES (1, 'x') ON CONFLICT DO NOTHING"}), 0);
    EXPECT_EQ(t.execute_many(kInsert, {}), 0);
  });
  EXPECT_EQ(count(), 390);
}

TEST_P(Databases, report_the_first_fault_of_many_and_keep_none) {
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < 600; ++i) rows.push_back({i % 500, "item " + std::to_string(i)});
  EXPECT_EQ(fault_of([&](Transaction& t) { t.execute_many(kInsert, rows); }), Fault::unique);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(insert(1, "one"), 1);
}

TEST_P(Databases, take_many_rows_with_nulls_here_and_there) {
  database().write([](Transaction& t) {
    t.execute(kInsert, 1000, "parent");
    std::vector<std::vector<Value>> rows;
    for (int i = 0; i < 300; ++i) rows.push_back({i, std::to_string(i), i % 3 == 0 ? Value() : Value(1000)});
    EXPECT_EQ(t.execute_many(kInsertChild, rows), 300);
  });
  const auto orphans = database().read([](Transaction& t) {
    return t.row({"test.orphans", "SELECT count(*) FROM item WHERE parent IS NULL"})->get<int>(0);
  });
  EXPECT_EQ(orphans, 101);
}

TEST_P(Databases, see_their_own_changes_and_those_committed_before) {
  database().write([](Transaction& t) {
    t.execute(kInsert, 1, "one");
    EXPECT_EQ(t.row(kCount)->get<int>(0), 1);
  });
  std::thread([&] { EXPECT_EQ(count(), 1); }).join();
}

TEST_P(Databases, show_a_reader_one_moment) {
  insert(1, "one");
  database().read([&](Transaction& t) {
    EXPECT_EQ(t.row(kCount)->get<int>(0), 1);
    std::thread([&] { insert(2, "two"); }).join();
    EXPECT_EQ(t.row(kCount)->get<int>(0), 1);
  });
  EXPECT_EQ(count(), 2);
}

TEST_P(Databases, lose_no_increment_of_many_threads) {
  insert(1, "one");
  constexpr int kThreads = 8;
  constexpr int kEach = 40;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        database().write([](Transaction& t) {
          const int before = t.row(kAmount, 1)->get<int>(0);
          t.execute(kSetAmount, 1, before + 1);
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(amount(1), kThreads * kEach);
}

TEST_P(Databases, let_one_of_many_writers_fail_alone) {
  constexpr int kThreads = 8;
  constexpr int kEach = 30;
  std::atomic<int> refused = 0;
  std::atomic<int> failed = 0;
  const auto act = [&](int id) {
    if (id % 3 == 1) {
      const auto result = database().write([&](Transaction& t) -> Result<int> {
        t.execute(kInsert, id, std::to_string(id));
        return refuse(ErrorKind::conflict, "test.no", "No.");
      });
      refused += result ? 0 : 1;
    } else if (id % 3 == 2) {
      try {
        database().write([&](Transaction& t) {
          t.execute(kInsert, id, std::to_string(id));
          t.execute(kInsert, id, std::to_string(id));
        });
      } catch (const DatabaseError& error) {
        failed += error.fault() == Fault::unique ? 1 : 0;
      }
    } else {
      insert(id, std::to_string(id));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) act(i * kEach + n);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, kThreads * kEach / 3);
  EXPECT_EQ(failed, kThreads * kEach / 3);
  EXPECT_EQ(count(), kThreads * kEach / 3);
}

TEST_P(Databases, serve_more_threads_than_they_have_connections) {
  insert(1, "one");
  std::vector<std::thread> threads;
  std::atomic<int> seen = 0;
  for (int i = 0; i < 40; ++i) threads.emplace_back([&] { seen += count(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen, 40);
  EXPECT_LE(database().connections(), 9);
  EXPECT_GE(database().connections(), 1);
}

TEST_P(Databases, refuse_two_texts_of_one_name) {
  EXPECT_THROW(database().write([](Transaction& t) {
    t.rows({"test.same", "SELECT 1"});
    t.rows({"test.same", "SELECT 2"});
  }),
               std::logic_error);
}

TEST(Database, refuses_an_unknown_kind_of_url) {
  EXPECT_THROW(Database::open("mysql://localhost"), DatabaseError);
  EXPECT_THROW(Database::open("sqlite:/no/such/folder/x.db"), DatabaseError);
  EXPECT_THROW(Database::open("postgresql:///x?host=/no/such/folder"), DatabaseError);
}

}  // namespace
}  // namespace korrigo::storage

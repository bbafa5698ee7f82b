// The chain of the audit log, on both engines.
#include "audit/audit.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/databases.h"

namespace korrigo::audit {
namespace {

using storage::Statement;
using storage::Transaction;

const UtcTime kStart{std::chrono::milliseconds(1'800'000'000'000)};

// What somebody with the database's password could do: the triggers of the schema are no obstacle to them.
constexpr Statement kDropTrigger{"test.drop_update", "DROP TRIGGER audit_log_no_update",
                                 "DROP TRIGGER audit_log_no_rewriting ON audit_log"};
constexpr Statement kDropSecondTrigger{"test.drop_delete", "DROP TRIGGER audit_log_no_delete", "SELECT 1"};
constexpr Statement kEditAction{"test.edit", "UPDATE audit_log SET action = 'exam.read' WHERE sequence = $1"};
constexpr Statement kRemove{"test.remove", "DELETE FROM audit_log WHERE sequence = $1"};
constexpr Statement kForge{"test.forge", "UPDATE audit_log SET action = $2, hash = $3 WHERE sequence = $1"};

class Audit : public test::AnyDatabase {
 protected:
  void add(std::string action, std::int64_t user = 7, std::string target = "1", int minute = 0) {
    database().write([&](Transaction& transaction) {
      append(transaction, {{UserId{user}, "192.0.2.1", "r-1"}, action, "exam", target, {{"copies", 3}}},
             kStart + std::chrono::minutes(minute));
    });
  }
  void add_many(int count) {
    for (int i = 0; i < count; ++i) add(i % 2 == 0 ? "exam.create" : "exam.delete", i % 3, std::to_string(i % 5), i);
  }
  Page listed(const Filter& filter) {
    return database().read([&](Transaction& transaction) { return list(transaction, filter); });
  }
  /// Past the triggers, and whatever the engine answers to their removal.
  void behind_the_back(const Statement& statement, std::int64_t sequence) {
    database().write([&](Transaction& transaction) {
      transaction.rows(kDropTrigger);
      transaction.rows(kDropSecondTrigger);
      transaction.execute(statement, sequence);
    });
  }
};
KORRIGO_ON_BOTH_ENGINES(Audit);

TEST_P(Audit, is_whole_while_nobody_touches_it) {
  EXPECT_EQ(verify(database()).rows, 0);
  EXPECT_FALSE(verify(database()).first_break);
  add_many(25);
  const Verification found = verify(database());
  EXPECT_EQ(found.rows, 25);
  EXPECT_FALSE(found.first_break);
  EXPECT_EQ(found.head, listed({}).entries.front().hash);
}

TEST_P(Audit, keeps_an_entry_as_it_was_given) {
  add("exam.create", 9, "42");
  const Entry entry = listed({}).entries.at(0);
  EXPECT_EQ(entry.sequence, 1);
  EXPECT_EQ(entry.created_at, kStart);
  EXPECT_EQ(entry.by.user, UserId{9});
  EXPECT_EQ(entry.by.address, "192.0.2.1");
  EXPECT_EQ(entry.by.request_id, "r-1");
  EXPECT_EQ(entry.action, "exam.create");
  EXPECT_EQ(entry.target_type + "/" + entry.target_id, "exam/42");
  EXPECT_EQ(entry.details, R"({"copies":3})");
}

TEST_P(Audit, refuses_to_be_rewritten_by_the_program) {
  add_many(3);
  for (const Statement* statement : {&kEditAction, &kRemove}) {
    EXPECT_THROW(database().write([&](Transaction& t) { t.execute(*statement, 2); }), storage::DatabaseError);
  }
  EXPECT_FALSE(verify(database()).first_break);
}

TEST_P(Audit, shows_a_row_edited_by_hand) {
  add_many(5);
  behind_the_back(kEditAction, 3);
  const auto found = verify(database()).first_break;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sequence, 3);
}

TEST_P(Audit, shows_an_edited_row_whose_hash_was_computed_anew) {
  add_many(5);
  Entry forged = listed({.page_size = 50}).entries.at(2);
  ASSERT_EQ(forged.sequence, 3);
  forged.action = "exam.read";
  forged.hash = hash_of(forged);
  behind_the_back(kEditAction, 3);
  database().write([&](Transaction& t) { t.execute(kForge, 3, forged.action, forged.hash); });
  const auto found = verify(database()).first_break;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sequence, 4);
}

TEST_P(Audit, shows_a_removed_row_and_a_removed_end) {
  add_many(5);
  behind_the_back(kRemove, 5);
  EXPECT_EQ(verify(database()).first_break.value().sequence, 5);
  database().write([](Transaction& t) { t.execute(kRemove, 2); });
  EXPECT_EQ(verify(database()).first_break.value().sequence, 2);
}

TEST_P(Audit, forgets_the_entry_of_an_act_that_was_rolled_back) {
  add("exam.create");
  const auto refused = database().write([](Transaction& transaction) -> Result<int> {
    append(transaction, {{}, "exam.delete"}, kStart);
    return refuse(ErrorKind::conflict, "exam.busy", "This exam is being processed.");
  });
  EXPECT_FALSE(refused);
  add("exam.create");
  EXPECT_EQ(verify(database()).rows, 2);
  EXPECT_FALSE(verify(database()).first_break);
}

TEST_P(Audit, stays_one_chain_with_many_writers) {
  constexpr int kThreads = 6;
  constexpr int kEach = 20;
  storage::Database& shared = database();
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kThreads; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        const auto work = [&](Transaction& t) { append(t, {{UserId{writer}}, "copy.read"}, kStart); };
        if (i % 2 == 0) shared.write(work);
        if (i % 2 == 1) shared.write_contended(work);
      }
    });
  }
  writers.clear();
  const Verification found = verify(database());
  EXPECT_EQ(found.rows, kThreads * kEach);
  EXPECT_FALSE(found.first_break);
}

TEST_P(Audit, lists_the_newest_first_and_by_what_was_asked) {
  add_many(30);
  const auto sequences = [&](const Filter& filter) {
    std::vector<std::int64_t> found;
    const Page page = listed(filter);
    for (const Entry& entry : page.entries) found.push_back(entry.sequence);
    return found;
  };
  EXPECT_EQ(sequences({.page = 2, .page_size = 4}), (std::vector<std::int64_t>{26, 25, 24, 23}));
  EXPECT_EQ(sequences({.page = 9, .page_size = 4}), (std::vector<std::int64_t>{}));
  EXPECT_EQ(sequences({.actor = UserId{0}, .page_size = 3}), (std::vector<std::int64_t>{28, 25, 22}));
  EXPECT_EQ(sequences({.actor = UserId{0}, .page = 2, .page_size = 3}), (std::vector<std::int64_t>{19, 16, 13}));
  EXPECT_EQ(sequences({.action = "exam.delete", .target_type = "exam", .target_id = "1"}),
            (std::vector<std::int64_t>{22, 12, 2}));
  EXPECT_EQ(sequences({.target_type = "copy"}), (std::vector<std::int64_t>{}));
  EXPECT_EQ(sequences({.since = kStart + std::chrono::minutes(3), .until = kStart + std::chrono::minutes(5)}),
            (std::vector<std::int64_t>{5, 4}));
  EXPECT_EQ(listed({.page_size = 1}).count, 30);
  EXPECT_EQ(listed({.action = "exam.delete", .page_size = 1}).count, 15);
}

}  // namespace
}  // namespace korrigo::audit

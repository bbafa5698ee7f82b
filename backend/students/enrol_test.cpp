#include "students/enrol.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <thread>

#include "support/databases.h"

namespace korrigo::students {
namespace {

constexpr UtcTime kNow{std::chrono::milliseconds{1'770'000'000'000}};

class Enrolments : public test::AnyDatabase {
 protected:
  static Roster roster(std::string_view lines) {
    RosterReading reading = read_roster("nom,prenom,email,date_naissance,classe\n" + std::string(lines));
    for (const RosterFault& fault : reading.faults) ADD_FAILURE() << sentence_of(fault);
    return std::move(reading.roster);
  }
  Enrolment enrol_lines(std::string_view lines) {
    const Roster wanted = roster(lines);
    return database().write([&](storage::Transaction& transaction) { return enrol(transaction, wanted, kNow); });
  }
  StudentPage all() {
    return database().read([](storage::Transaction& transaction) { return list_students(transaction, {}); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Enrolments);

constexpr std::string_view kThree =
    "DUPONT,Jean,jean@x.fr,15/05/2008,TG1\n"
    "MARTIN,Léa,lea@x.fr,01/02/2008,TG1\n"
    "D'ANGÉLO,Marie-Claire,mc@x.fr,03/04/2007,TG2\n";

TEST_P(Enrolments, create_who_is_new_61) {
  const Enrolment enrolment = enrol_lines(kThree);
  EXPECT_EQ(enrolment.created, 3);
  EXPECT_EQ(enrolment.updated + enrolment.unchanged, 0);
  ASSERT_EQ(enrolment.ids.size(), 3U);
  const auto second = database().read([&](storage::Transaction& t) { return find_student(t, enrolment.ids[1]); });
  EXPECT_EQ(second->email, "lea@x.fr");
  EXPECT_EQ(second->date_naissance, (Date{2008, 2, 1}));
}

TEST_P(Enrolments, of_the_same_file_again_change_nothing_62) {
  const Enrolment first = enrol_lines(kThree);
  const Enrolment second = enrol_lines(kThree);
  EXPECT_EQ(second.unchanged, 3);
  EXPECT_EQ(second.created + second.updated, 0);
  EXPECT_EQ(second.ids, first.ids);
  EXPECT_EQ(all().count, 3);
}

TEST_P(Enrolments, bring_known_students_up_to_date_62) {
  const Enrolment first = enrol_lines(kThree);
  const Enrolment second = enrol_lines(
      "DUPONT,Jean,jean.dupont@x.fr,15/05/2008,TG9\n"  // by name: another address and class
      "MARTIN-PETIT,Léa,lea@x.fr,01/02/2008,\n"        // by address: another name, class unknown
      "NOUVEAU,Paul,paul@x.fr,01/01/2008,TG1\n");
  EXPECT_EQ(second.created, 1);
  EXPECT_EQ(second.updated, 2);
  EXPECT_EQ(second.ids[0], first.ids[0]);
  EXPECT_EQ(second.ids[1], first.ids[1]);
  const auto lea = database().read([&](storage::Transaction& t) { return find_student(t, first.ids[1]); });
  EXPECT_EQ(lea->last_name, "MARTIN-PETIT");
  EXPECT_EQ(lea->class_name, "TG1") << "an empty cell changes nothing";
  const auto found = database().read([](storage::Transaction& t) { return list_students(t, {.search = "petit"}); });
  EXPECT_EQ(found.count, 1) << "searches see the new name";
}

TEST_P(Enrolments, refuse_a_line_whose_name_and_address_are_two_students) {
  enrol_lines(kThree);
  const Enrolment enrolment = enrol_lines(
      "NOUVEAU,Paul,paul@x.fr,01/01/2008,TG1\n"
      "DUPONT,Jean,lea@x.fr,15/05/2008,TG1\n");
  ASSERT_EQ(enrolment.faults.size(), 1U);
  EXPECT_EQ(enrolment.faults[0].line, 3);
  EXPECT_EQ(enrolment.faults[0].column, "email");
  EXPECT_EQ(all().count, 3) << "nothing of the file was written";
}

TEST_P(Enrolments, refuse_two_lines_that_are_one_student) {
  enrol_lines(kThree);
  const Enrolment same_name = enrol_lines(
      "ROUX,Eva,eva@x.fr,01/01/2008,\n"
      "ROUX,Eva,eva2@x.fr,01/01/2008,\n");
  ASSERT_EQ(same_name.faults.size(), 1U);
  EXPECT_EQ(same_name.faults[0].line, 3);
  const Enrolment same_student = enrol_lines(
      "DUPONT,Jean,autre@x.fr,15/05/2008,\n"
      "DUPOND,Jean,jean@x.fr,15/05/2008,\n");
  ASSERT_EQ(same_student.faults.size(), 1U);
  EXPECT_EQ(same_student.faults[0].line, 3);
}

TEST_P(Enrolments, swap_two_addresses_only_by_a_fault) {
  enrol_lines(kThree);
  EXPECT_EQ(enrol_lines("DUPONT,Jean,lea@x.fr,15/05/2008,\nMARTIN,Léa,jean@x.fr,01/02/2008,\n").faults.size(), 2U);
}

TEST_P(Enrolments, of_one_class_at_once_make_each_student_once) {
  const Roster wanted = roster(kThree);
  database();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      database().write([&](storage::Transaction& transaction) { return enrol(transaction, wanted, kNow).ids.size(); });
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(all().count, 3);
}

TEST_P(Enrolments, of_an_empty_roster_do_nothing) {
  EXPECT_TRUE(enrol_lines("").faults.empty());
}

TEST(RosterRefusals, name_every_line_and_column) {
  const Error error = refusal_of({{2, "email", "No address."}, {3, "", "Too short."}});
  EXPECT_EQ(error.code, "roster.invalid");
  EXPECT_EQ(error.message, "CSV validation failed: Line 2, column email: No address. (1 more)");
  EXPECT_EQ(error.details, (std::vector<std::string>{"Line 2, column email: No address.", "Line 3: Too short."}));
}

}  // namespace
}  // namespace korrigo::students

#include "students/student.h"

#include <gtest/gtest.h>

#include "support/databases.h"

namespace korrigo::students {
namespace {

constexpr UtcTime kNow{std::chrono::milliseconds{1'770'000'000'000}};

class Students : public test::AnyDatabase {
 protected:
  Result<Student> create(const StudentFields& fields) {
    return database().write(
        [&](storage::Transaction& transaction) { return create_student(transaction, fields, kNow); });
  }
  Result<Student> change(StudentId id, const StudentChange& change) {
    return database().write(
        [&](storage::Transaction& transaction) { return change_student(transaction, id, change, kNow); });
  }
  StudentPage list(const StudentFilter& filter) {
    return database().read([&](storage::Transaction& transaction) { return list_students(transaction, filter); });
  }
  std::vector<std::string> names(const StudentFilter& filter) {
    std::vector<std::string> names;
    for (const Student& student : list(filter).students) names.push_back(student.last_name + " " + student.first_name);
    return names;
  }
  static StudentFields of(std::string last, std::string first, std::string email = {}, std::string class_name = {}) {
    StudentFields fields;
    fields.last_name = std::move(last);
    fields.first_name = std::move(first);
    fields.date_naissance = {2008, 5, 15};
    if (!email.empty()) fields.email = std::move(email);
    fields.class_name = std::move(class_name);
    return fields;
  }
};
KORRIGO_ON_BOTH_ENGINES(Students);

TEST_P(Students, keep_what_they_were_given_tidied) {
  const auto made = create(of("  LEFÈVRE  ", "Marie-Claire", "Marie@Lycee.FR", "TG1"));
  ASSERT_TRUE(made) << made.error().message;
  const auto found = database().read([&](storage::Transaction& t) { return find_student(t, made->id); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->last_name, "LEFÈVRE");
  EXPECT_EQ(found->email, "marie@lycee.fr");
  EXPECT_EQ(found->class_name, "TG1");
  EXPECT_EQ(found->date_naissance, (Date{2008, 5, 15}));
  EXPECT_FALSE(found->user_id);
}

TEST_P(Students, are_one_for_each_name_and_birth_date) {
  ASSERT_TRUE(create(of("DUPONT", "Jean", "a@x.fr")));
  const auto again = create(of("DUPONT", "Jean", "b@x.fr"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "student.duplicate");
  auto twin = of("DUPONT", "Jean", "b@x.fr");
  twin.date_naissance.day = 16;
  EXPECT_TRUE(create(twin));
}

TEST_P(Students, share_no_email_address_in_any_case) {
  ASSERT_TRUE(create(of("DUPONT", "Jean", "a@x.fr")));
  const auto other = create(of("MARTIN", "Léa", "A@X.fr"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, "student.email_taken");
  EXPECT_TRUE(create(of("MARTIN", "Léa")));
  EXPECT_TRUE(create(of("PETIT", "Luc"))) << "absent addresses do not collide";
}

TEST_P(Students, are_refused_with_the_field_at_fault) {
  const auto refused_field = [&](const StudentFields& fields) {
    const auto made = create(fields);
    return made ? "" : made.error().code + " " + made.error().field;
  };
  EXPECT_EQ(refused_field(of("", "Jean")), "request.invalid last_name");
  EXPECT_EQ(refused_field(of("DUPONT", "J3an")), "request.invalid first_name");
  EXPECT_EQ(refused_field(of("DUPONT", "Jean", "no address")), "request.invalid email");
  EXPECT_EQ(refused_field(of("DUPONT", "Jean", "", std::string(51, 'A'))), "request.invalid class_name");
  auto unborn = of("DUPONT", "Jean");
  unborn.date_naissance = {};
  EXPECT_EQ(refused_field(unborn), "request.invalid date_naissance");
}

TEST_P(Students, change_only_what_is_said) {
  const auto made = create(of("DUPONT", "Jean", "a@x.fr", "TG1")).value();
  const auto changed = change(made.id, {.class_name = "TG2"});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->class_name, "TG2");
  EXPECT_EQ(changed->email, "a@x.fr");
  EXPECT_FALSE(change(made.id, {.email = ""})->email);
  EXPECT_EQ(change({made.id.value + 1}, {}).error().code, "student.not_found");
}

TEST_P(Students, cannot_take_the_name_of_another_by_a_change) {
  ASSERT_TRUE(create(of("DUPONT", "Jean", "a@x.fr")));
  const auto other = create(of("DUPONT", "Jeanne", "b@x.fr")).value();
  EXPECT_EQ(change(other.id, {.first_name = "Jean"}).error().code, "student.duplicate");
  EXPECT_EQ(change(other.id, {.email = "a@x.fr"}).error().code, "student.email_taken");
}

TEST_P(Students, are_gone_when_deleted) {
  const auto made = create(of("DUPONT", "Jean")).value();
  const auto remove = [&] {
    return database().write([&](storage::Transaction& t) { return delete_student(t, made.id); });
  };
  EXPECT_TRUE(remove());
  EXPECT_EQ(remove().error().code, "student.not_found");
}

TEST_P(Students, are_found_without_accents_or_case) {
  ASSERT_TRUE(create(of("LEFÈVRE", "Anaïs", "anais.lefevre@lycee.fr")));
  ASSERT_TRUE(create(of("D'ANGÉLO", "Marie-Claire", "mc_angelo@lycee.fr")));
  ASSERT_TRUE(create(of("MARTIN", "Léa")));
  using Names = std::vector<std::string>;
  EXPECT_EQ(names({.search = "lefevre"}), Names{"LEFÈVRE Anaïs"});
  EXPECT_EQ(names({.search = "anaïs LEF"}), Names{"LEFÈVRE Anaïs"});
  EXPECT_EQ(names({.search = "d'angelo"}), Names{"D'ANGÉLO Marie-Claire"});
  EXPECT_EQ(names({.search = "mc_angelo@"}), Names{"D'ANGÉLO Marie-Claire"});
  EXPECT_EQ(names({.search = "mcxangelo@"}), Names{}) << "an underscore is itself";
  EXPECT_EQ(names({.search = "%"}), Names{});
  EXPECT_EQ(names({.search = "lea martin"}), Names{"MARTIN Léa"});
  EXPECT_EQ(names({}).size(), 3U);
}

TEST_P(Students, are_listed_in_pages_and_orders) {
  for (const char* name : {"ÉCLAIR", "DUPONT", "FABRE", "ABADIE", "ZOLA"})
    ASSERT_TRUE(create(of(name, "Jean", "", name[0] == 'D' ? "TG2" : "TG1")));
  using Names = std::vector<std::string>;
  EXPECT_EQ(names({}), (Names{"ABADIE Jean", "DUPONT Jean", "ÉCLAIR Jean", "FABRE Jean", "ZOLA Jean"}));
  EXPECT_EQ(names({.page = 2, .page_size = 2}), (Names{"ÉCLAIR Jean", "FABRE Jean"}));
  EXPECT_EQ(list({.page = 9, .page_size = 2}).count, 5);
  EXPECT_EQ(names({.descending = true, .page_size = 1}), Names{"ZOLA Jean"});
  EXPECT_EQ(names({.class_name = "TG2"}), Names{"DUPONT Jean"});
  EXPECT_EQ(names({.order = StudentOrder::class_name, .descending = true, .page_size = 1}), Names{"DUPONT Jean"});
}

}  // namespace
}  // namespace korrigo::students

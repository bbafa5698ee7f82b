#include "students/near_names.h"

#include <gtest/gtest.h>

#include "students/student.h"

namespace korrigo::students {
namespace {

const std::string kName = sort_name("LEFÈVRE-DUBOIS", "Anaïs");

TEST(SpellingFaults, forgive_accents_case_and_hyphens) {
  EXPECT_EQ(spelling_faults("lefevre", kName), 0);
  EXPECT_EQ(spelling_faults("anaïs DUBOIS lefèvre", kName), 0);
  EXPECT_EQ(spelling_faults("duboi", kName), 0) << "the beginning of a word";
}

TEST(SpellingFaults, count_letters_wrong_missing_too_many_and_swapped) {
  EXPECT_EQ(spelling_faults("lefebvre", kName), 1);
  EXPECT_EQ(spelling_faults("lefvre", kName), 1);
  EXPECT_EQ(spelling_faults("lefverre", kName), 2);
  EXPECT_EQ(spelling_faults("anias", kName), 1);
  EXPECT_EQ(spelling_faults("lefebvre anias", kName), 2);
}

TEST(SpellingFaults, are_few_or_it_is_another_name) {
  EXPECT_EQ(spelling_faults("ana", kName), 0);
  EXPECT_EQ(spelling_faults("ano", kName), std::nullopt) << "short words must be right";
  EXPECT_EQ(spelling_faults("dupons", kName), std::nullopt);
  EXPECT_EQ(spelling_faults("lefevre martin", kName), std::nullopt) << "every word counts";
  EXPECT_EQ(spelling_faults("", kName), std::nullopt);
  EXPECT_EQ(spelling_faults("%-", kName), std::nullopt);
  EXPECT_EQ(spelling_faults("lefevre", ""), std::nullopt);
}

}  // namespace
}  // namespace korrigo::students

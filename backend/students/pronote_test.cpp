// Names in one cell, as Pronote exports them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "students/roster.h"

namespace korrigo::students {
namespace {

constexpr const char* kHeader = "Élèves;Né(e) le;Adresse E-mail;Classe;Groupe\r\n";

RosterReading reading_of(const std::string& name) {
  return read_roster(kHeader + name + ";15/05/2008;jean@test.com;TG2;\r\n");
}

/// "last name|first name", or the fault.
std::string split(const std::string& name) {
  const RosterReading reading = reading_of(name);
  if (!reading.faults.empty()) return reading.faults.front().column + ": " + reading.faults.front().message;
  return reading.roster.students.at(0).nom + "|" + reading.roster.students.at(0).prenom;
}

TEST(Pronote, export_is_understood) {
  const RosterReading reading = read_roster(std::string("\xEF\xBB\xBF") + kHeader +
                                            "DUPONT-MARTIN Jean-Éric;15/05/2008;Jean@test.com;TG2;MATHS2\r\n");
  ASSERT_THAT(reading.faults, testing::IsEmpty());
  const RosterStudent& student = reading.roster.students.at(0);
  EXPECT_EQ(student.nom, "DUPONT-MARTIN");
  EXPECT_EQ(student.prenom, "Jean-Éric");
  EXPECT_EQ(student.email, "jean@test.com");
  EXPECT_EQ(student.date_naissance, (Date{2008, 5, 15}));
  EXPECT_EQ(student.classe, "TG2");
  EXPECT_EQ(student.groupe, "MATHS2");
}

TEST(Pronote, words_in_capitals_are_the_last_name) {
  EXPECT_EQ(split("DUPONT Jean"), "DUPONT|Jean");
  EXPECT_EQ(split("LE GOFF Marie Anne"), "LE GOFF|Marie Anne");
  EXPECT_EQ(split("ÉTIENNE Zoé"), "ÉTIENNE|Zoé");
  EXPECT_EQ(split("GROß Hans"), "GROß|Hans");
  EXPECT_EQ(split("L’HŒST Anaïs"), "L’HŒST|Anaïs");
  EXPECT_EQ(split("O BRIEN Sean"), "O BRIEN|Sean");
  EXPECT_EQ(split("McDONALD Ian"), "McDONALD|Ian");
  EXPECT_EQ(split("NGUYEN Van Anh"), "NGUYEN|Van Anh");
  EXPECT_EQ(split("DUPONT Marie J"), "DUPONT|Marie J");
}

TEST(Pronote, first_name_may_come_first) {
  EXPECT_EQ(split("Jean-Éric DUPONT-MARTIN"), "DUPONT-MARTIN|Jean-Éric");
  EXPECT_EQ(split("Jean de LA FONTAINE"), "de LA FONTAINE|Jean");
}

TEST(Pronote, particles_belong_to_the_last_name) {
  EXPECT_EQ(split("DE LA FONTAINE Jean"), "DE LA FONTAINE|Jean");
  EXPECT_EQ(split("de LA FONTAINE Jean"), "de LA FONTAINE|Jean");
  EXPECT_EQ(split("d'ORMESSON Jean"), "d'ORMESSON|Jean");
  EXPECT_EQ(split("d’ORMESSON-D'ARC Jean"), "d’ORMESSON-D'ARC|Jean");
  EXPECT_EQ(split("Van der BERG Lotte"), "Van der BERG|Lotte");
  EXPECT_EQ(split("DUPONT de NEMOURS Pierre"), "DUPONT de NEMOURS|Pierre");
  EXPECT_EQ(split("ORTEGA Y GASSET José"), "ORTEGA Y GASSET|José");
}

TEST(Pronote, cells_that_cannot_be_split_say_why) {
  using testing::HasSubstr;
  EXPECT_THAT(split("DUPONT JEAN"), HasSubstr("Élèves: “DUPONT JEAN” cannot be split"));
  EXPECT_THAT(split("DUPONT JEAN"), HasSubstr("all in capitals"));
  EXPECT_THAT(split("DUPONT"), HasSubstr("all in capitals"));
  EXPECT_THAT(split("Dupont Jean"), HasSubstr("no word of it is in capitals"));
  EXPECT_THAT(split("DUPONT Jean MARTIN"), HasSubstr("must stand together"));
  EXPECT_THAT(split("Marie DUPONT Jean"), HasSubstr("must stand together"));
  EXPECT_THAT(split("de GAULLE"), HasSubstr("no first name"));
  EXPECT_THAT(split("DUPONT J3an"), HasSubstr("holds “3”"));
  EXPECT_THAT(split(""), HasSubstr("missing"));
}

TEST(Pronote, one_cell_names_give_way_to_separate_columns) {
  const RosterReading reading =
      read_roster("Élève;Nom;Prénom;Né(e) le;E-mail\nn'importe;DUPONT;Jean;15/05/2008;jean@test.com\n");
  ASSERT_THAT(reading.faults, testing::IsEmpty());
  EXPECT_EQ(reading.roster.students.at(0).nom, "DUPONT");
}

}  // namespace
}  // namespace korrigo::students

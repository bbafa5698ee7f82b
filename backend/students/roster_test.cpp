#include "students/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace korrigo::students {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kHeader = "nom,prenom,email,date_naissance\n";

auto fault_at(int line, const std::string& column, const std::string& wording) {
  return AllOf(Field("line", &RosterFault::line, line), Field("column", &RosterFault::column, column),
               Field("message", &RosterFault::message, HasSubstr(wording)));
}

RosterReading read_lines(const std::string& lines) {
  return read_roster(std::string(kHeader) + lines);
}

/// The one student of a roster without fault.
RosterStudent only_student(std::string_view csv) {
  const RosterReading reading = read_roster(csv);
  EXPECT_THAT(reading.faults, IsEmpty()) << (reading.faults.empty() ? "" : reading.faults.front().message);
  EXPECT_THAT(reading.roster.students, SizeIs(1));
  return reading.roster.students.empty() ? RosterStudent() : reading.roster.students.front();
}

RosterStudent student_named(const std::string& nom, const std::string& prenom) {
  return only_student(std::string(kHeader) + nom + "," + prenom + ",jean@test.com,15/05/2008\n");
}

std::vector<RosterFault> faults_of_line(const std::string& line) {
  return read_lines(line + "\n").faults;
}

TEST(Roster, reads_the_file_of_the_reference) {
  const RosterStudent student = only_student("nom,prenom,email,date_naissance\nDUPONT,Jean,jean@test.com,15/05/2008");
  EXPECT_EQ(student.nom, "DUPONT");
  EXPECT_EQ(student.prenom, "Jean");
  EXPECT_EQ(student.email, "jean@test.com");
  EXPECT_EQ(student.date_naissance, (Date{2008, 5, 15}));
  EXPECT_EQ(student.classe + student.numero_etudiant + student.groupe, "");
  EXPECT_EQ(student.line, 2);
}

TEST(Roster, reads_columns_in_any_order_with_the_optional_ones) {
  const RosterStudent student = only_student(
      "Groupe;INE;E-mail;Numéro étudiant;Date de naissance;Prénom;Classe;NOM\r\n"
      "Maths 2;1234567890A;Jean@Test.COM;E-17;2008-05-15;Jean;TG2;Dupont\r\n");
  EXPECT_EQ(student.nom, "Dupont");
  EXPECT_EQ(student.prenom, "Jean");
  EXPECT_EQ(student.email, "jean@test.com");
  EXPECT_EQ(student.date_naissance, (Date{2008, 5, 15}));
  EXPECT_EQ(student.classe, "TG2");
  EXPECT_EQ(student.numero_etudiant, "E-17");
  EXPECT_EQ(student.groupe, "Maths 2");
}

TEST(Roster, knows_the_usual_spellings_of_each_column) {
  for (const std::string nom :
       {"nom", "NOM", " Nom ", "Nom de famille", "nom_de_famille", "last_name", "LastName", "name"})
    for (const std::string prenom : {"prenom", "Prénom", "PRÉNOM", "Pre\u0301nom", "first_name", "First name"})
      EXPECT_EQ(only_student(nom + "," + prenom + ",email,date_naissance\nDUPONT,Jean,a@b.fr,15/05/2008").prenom,
                "Jean")
          << nom << ", " << prenom;
  for (const std::string email :
       {"email", "E-mail", "e_mail", "Mail", "Courriel", "Adresse e-mail", "Adresse E-mail", "Adresse mail"})
    for (const std::string birth :
         {"date_naissance", "Date de naissance", "DATE NAISSANCE", "Né(e) le", "né le", "Birth date", "birth_date"})
      EXPECT_EQ(only_student("nom,prenom," + email + "," + birth + "\nDUPONT,Jean,a@b.fr,15/05/2008").email, "a@b.fr")
          << email << ", " << birth;
}

TEST(Roster, accepts_comma_semicolon_and_tab) {
  for (const std::string delimiter : {",", ";", "\t"}) {
    const std::string csv = "nom" + delimiter + "prenom" + delimiter + "email" + delimiter + "date_naissance\n" +
                            "DUPONT" + delimiter + "Jean" + delimiter + "jean@test.com" + delimiter + "15/05/2008\n";
    EXPECT_EQ(only_student(csv).prenom, "Jean") << delimiter;
  }
}

TEST(Roster, guesses_the_delimiter_from_the_header_row_only) {
  EXPECT_EQ(only_student("nom;prenom;email;date_naissance;\"remarque, libre, ou non\"\n"
                         "DUPONT;Jean;jean@test.com;15/05/2008;a,b,c,d,e,f\n")
                .nom,
            "DUPONT");
}

TEST(Roster, skips_the_delimiter_line_of_spreadsheets) {
  EXPECT_EQ(only_student("sep=;\nnom;prenom;email;date_naissance\nDUPONT;Jean;jean@test.com;15/05/2008\n").line, 3);
}

TEST(Roster, reads_utf8_with_and_without_mark_and_windows_1252) {
  const std::string header(kHeader);
  EXPECT_EQ(only_student(header + "Lefèvre,Zoë,z@b.fr,15/05/2008").nom, "Lefèvre");
  EXPECT_EQ(only_student("\xEF\xBB\xBF" + header + "Lefèvre,Zoë,z@b.fr,15/05/2008").nom, "Lefèvre");
  const RosterStudent student =
      only_student("nom,pr\xE9nom,email,date_naissance\nL\x92H\x8Cst,Zo\xEB,z@b.fr,15/05/2008");
  EXPECT_EQ(student.nom, "L’HŒst");
  EXPECT_EQ(student.prenom, "Zoë");
}

TEST(Roster, counts_lines_as_an_editor_does) {
  const RosterReading reading = read_roster(
      "nom,prenom,email,date_naissance,remarque\r\n"
      "\r\n"
      "DUPONT,Jean,jean@test.com,15/05/2008,\"deux\r\nlignes\"\r\n"
      " , ,,,\r\n"
      "MARTIN,Léa,lea@test.com,16/05/2008,\r\n");
  EXPECT_THAT(reading.faults, IsEmpty());
  EXPECT_THAT(reading.roster.students, ElementsAre(Field(&RosterStudent::line, 3), Field(&RosterStudent::line, 6)));
}

TEST(Roster, ends_lines_with_a_lone_carriage_return_too) {
  EXPECT_EQ(only_student("nom,prenom,email,date_naissance\rDUPONT,Jean,jean@test.com,15/05/2008\r").line, 2);
}

TEST(Roster, reads_quoted_cells) {
  const RosterStudent student = only_student(
      "\"nom\",\"prenom\",\"email\",\"date_naissance\",\"classe\"\n"
      "\"DUPONT\",\"Jean\",\"jean@test.com\",\"15/05/2008\",\"T, \"\"G2\"\"\"\n");
  EXPECT_EQ(student.nom, "DUPONT");
  EXPECT_EQ(student.classe, "T, \"G2\"");
}

TEST(Roster, of_only_a_header_row_is_empty) {
  const RosterReading reading = read_roster(kHeader);
  EXPECT_THAT(reading.faults, IsEmpty());
  EXPECT_THAT(reading.roster.students, IsEmpty());
}

TEST(Roster, tidies_white_space_and_composes_letters) {
  const RosterStudent student = student_named("  DE\u00A0 LA  TOUR ", "Cle\u0301mence");
  EXPECT_EQ(student.nom, "DE LA TOUR");
  EXPECT_EQ(student.prenom, "Cl\u00E9mence");
}

TEST(Roster, accepts_names_of_every_latin_alphabet) {
  for (const std::string name : {"D'Angélo", "L’Hœst", "Nguyễn", "Żółć", "Øster-Ærø", "Şahin", "Škvorecký", "Weiß",
                                 "'t Hooft", "O\u02BCReilly", "M\u0327e\u0304", "Jean\u2011Éric", "X"})
    EXPECT_THAT(faults_of_line(name + ",Jean,a@b.fr,15/05/2008"), IsEmpty()) << name;
}

TEST(Roster, refuses_names_with_anything_else) {
  EXPECT_THAT(faults_of_line("DUP0NT,Jean,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "nom", "holds “0”")));
  EXPECT_THAT(faults_of_line("DUPONT,Jean <b>,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "prenom", "holds “<”")));
  EXPECT_THAT(faults_of_line("Иванов,Jean,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "nom", "Latin")));
  EXPECT_THAT(faults_of_line("DU\u200BPONT,Jean,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "nom", "holds U+200B")));
  EXPECT_THAT(faults_of_line("-,Jean,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "nom", "no letter")));
  EXPECT_THAT(faults_of_line("DUPONT, ,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "prenom", "missing")));
}

TEST(Roster, counts_letters_of_names_not_bytes) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "é";
  EXPECT_EQ(student_named(hundred, "Jean").nom, hundred);
  EXPECT_THAT(faults_of_line(hundred + "a,Jean,a@b.fr,15/05/2008"), ElementsAre(fault_at(2, "nom", "101 characters")));
}

TEST(Roster, reads_dates_in_three_spellings) {
  for (const std::string date : {"15/05/2008", "2008-05-15", "15-05-2008"})
    EXPECT_EQ(only_student(std::string(kHeader) + "DUPONT,Jean,a@b.fr," + date).date_naissance, (Date{2008, 5, 15}))
        << date;
}

TEST(Roster, refuses_impossible_future_and_ancient_dates) {
  for (const std::string date :
       {"31/02/2008", "29/02/2007", "05/15/2008", "15/05/08", "hier", "15/05", "2008/05/15", "39583"})
    EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr," + date),
                ElementsAre(fault_at(2, "date_naissance", "not an existing date")))
        << date;
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,01/01/9998"), ElementsAre(fault_at(2, "date_naissance", "future")));
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,31/12/1899"),
              ElementsAre(fault_at(2, "date_naissance", "before 1900")));
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,01/01/1900"), IsEmpty());
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,"), ElementsAre(fault_at(2, "date_naissance", "missing")));
}

TEST(Roster, accepts_the_addresses_schools_give) {
  for (const std::string email :
       {"jean.dupont@example.org", "j-p_d+1@ac-lyon.fr", "o'neill@a.b.example", "x@1and1.com"})
    EXPECT_THAT(faults_of_line("DUPONT,Jean," + email + ",15/05/2008"), IsEmpty()) << email;
}

TEST(Roster, refuses_what_is_no_address) {
  for (const std::string email :
       {"jean", "jean@", "@test.com", "jean@test", "jean@@test.com", "jean@test..com", ".j@test.com",
        "jean dupont@test.com", "jean@-test.com", "élève@test.com", "jean@test.c", "a@b.fr;c@d.fr"})
    EXPECT_THAT(faults_of_line("DUPONT,Jean," + email + ",15/05/2008"),
                ElementsAre(fault_at(2, "email", "not an e-mail address")))
        << email;
  EXPECT_THAT(faults_of_line("DUPONT,Jean,,15/05/2008"), ElementsAre(fault_at(2, "email", "missing")));
  EXPECT_THAT(faults_of_line("DUPONT,Jean," + std::string(250, 'a') + "@b.fr,15/05/2008"), SizeIs(1));
}

TEST(Roster, refuses_two_students_with_one_email) {
  const RosterReading reading = read_lines(
      "DUPONT,Jean,jean@test.com,15/05/2008\n"
      "MARTIN,Léa,lea@test.com,15/05/2008\n"
      "DUPOND,Jeanne,JEAN@test.com,15/05/2007\n");
  EXPECT_THAT(reading.faults, ElementsAre(fault_at(4, "email", "Lines 2 and 4 have the same e-mail address")));
  EXPECT_THAT(reading.roster.students, SizeIs(2));
}

TEST(Roster, finds_a_repeated_email_even_when_the_first_line_has_another_fault) {
  EXPECT_THAT(read_lines("DUP0NT,Jean,jean@test.com,15/05/2008\nMARTIN,Léa,jean@test.com,15/05/2008\n").faults,
              ElementsAre(fault_at(2, "nom", "holds"), fault_at(3, "email", "Lines 2 and 3")));
}

TEST(Roster, keeps_namesakes_born_on_one_day) {
  EXPECT_THAT(read_lines("DUPONT,Jean,a@test.com,15/05/2008\nDUPONT,Jean,b@test.com,15/05/2008\n").faults, IsEmpty());
}

TEST(Roster, reports_all_faults_and_keeps_the_other_lines) {
  const RosterReading reading = read_lines(
      "DUPONT,Jean,jean@test.com,15/05/2008\n"
      "DUP0NT,J3an,jean,31/02/2008\n"
      "MARTIN,Léa\n"
      "ROUX,Zoé,zoe@test.com,1/5/2008\n");
  EXPECT_THAT(reading.faults, ElementsAre(fault_at(3, "nom", "holds"), fault_at(3, "prenom", "holds"),
                                          fault_at(3, "email", "jean"), fault_at(3, "date_naissance", "31/02/2008"),
                                          fault_at(4, "", "2 cells where the header row has 4")));
  EXPECT_THAT(reading.roster.students,
              ElementsAre(Field(&RosterStudent::nom, "DUPONT"), Field(&RosterStudent::nom, "ROUX")));
}

TEST(Roster, refuses_long_and_invisible_labels) {
  const std::string header = "nom,prenom,email,date_naissance,classe\n";
  EXPECT_THAT(read_roster(header + "DUPONT,Jean,a@b.fr,15/05/2008," + std::string(51, 'T')).faults,
              ElementsAre(fault_at(2, "classe", "51 characters")));
  EXPECT_THAT(read_roster(header + "DUPONT,Jean,a@b.fr,15/05/2008,T\x07G").faults,
              ElementsAre(fault_at(2, "classe", "U+0007")));
}

TEST(Roster, names_missing_columns_and_those_found) {
  const RosterReading reading = read_roster("Nom;Mél;Ville\nDUPONT;jean;Lyon\n");
  EXPECT_THAT(
      reading.faults,
      ElementsAre(fault_at(1, "prenom", "The column prenom is missing; the header row has “Nom”, “Mél”, “Ville”."),
                  fault_at(1, "date_naissance", "missing"), fault_at(2, "Mél", "not an e-mail address")));
  EXPECT_THAT(reading.roster.students, IsEmpty());
}

TEST(Roster, says_when_the_first_line_is_no_header) {
  const RosterReading reading =
      read_roster("DUPONT,Jean,jean@test.com,15/05/2008\nMARTIN,Léa,lea@test.com,15/05/2008\n");
  EXPECT_THAT(reading.faults, ElementsAre(fault_at(1, "", "not a header row")));
  EXPECT_THAT(reading.roster.students, IsEmpty());
}

TEST(Roster, refuses_two_columns_for_one_field) {
  EXPECT_THAT(read_roster("nom,prenom,email,date_naissance,Courriel\n").faults,
              ElementsAre(fault_at(1, "Courriel", "Columns 3 (“email”) and 5 (“Courriel”) both hold email")));
}

TEST(Roster, counts_the_cells_of_each_line) {
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,15/05/2008,TG2"),
              ElementsAre(fault_at(2, "", "5 cells where the header row has 4")));
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,15/05/2008,,"), IsEmpty());
  EXPECT_THAT(faults_of_line("DUPONT"), ElementsAre(fault_at(2, "", "1 cell where")));
  EXPECT_THAT(faults_of_line("DUPONT,Jean,a@b.fr,15/05/2008" + std::string(400, ',') + "x"), SizeIs(1));
}

TEST(Roster, says_where_a_quotation_mark_was_left_open) {
  const RosterReading reading = read_lines(
      "DUPONT,Jean,jean@test.com,15/05/2008\n"
      "\"MARTIN,Léa,lea@test.com,16/05/2008\n"
      "ROUX,Zoé,zoe@test.com,16/05/2008\n");
  EXPECT_THAT(reading.faults, ElementsAre(fault_at(3, "", "never closed")));
  EXPECT_THAT(reading.roster.students, SizeIs(1));
  EXPECT_THAT(read_roster("\"nom\n\",prenom,\"email\n").faults,
              ElementsAre(fault_at(1, "date_naissance", "missing"), fault_at(2, "", "never closed")));
  EXPECT_THAT(read_roster("nom,prenom,email,\"date_naissance\nDUPONT,Jean,a@b.fr,15/05/2008\n").faults,
              testing::Contains(fault_at(1, "", "never closed")));
  EXPECT_THAT(faults_of_line("\"DUPONT\"x,Jean,a@b.fr,15/05/2008"),
              ElementsAre(fault_at(2, "", "behind its closing quotation mark")));
}

TEST(Roster, says_what_was_given_instead_of_a_csv) {
  using namespace std::string_literals;
  EXPECT_THAT(read_roster("%PDF-1.7\n...").faults, ElementsAre(fault_at(0, "", "is a PDF")));
  EXPECT_THAT(read_roster("PK\x03\x04\x14\0\x06\0"s).faults, ElementsAre(fault_at(0, "", "Excel or LibreOffice")));
  EXPECT_THAT(read_roster("\xD0\xCF\x11\xE0\xA1\xB1"s).faults, ElementsAre(fault_at(0, "", "old Excel")));
  EXPECT_THAT(read_roster("\xFF\xFEn\0o\0m\0"s).faults, ElementsAre(fault_at(0, "", "UTF-16")));
  EXPECT_THAT(read_roster("<?xml version=\"1.0\"?>").faults, ElementsAre(fault_at(0, "", "XML")));
  EXPECT_THAT(read_roster("\n<!DOCTYPE html>").faults, ElementsAre(fault_at(0, "", "web page")));
  EXPECT_THAT(read_lines("DUPONT,Jean\0,a@b.fr,15/05/2008"s).faults, ElementsAre(fault_at(2, "", "zero byte")));
  EXPECT_THAT(read_lines("DUPONT,Jean,a@b.fr,15/05/2008\n\x81").faults, ElementsAre(fault_at(3, "", "neither UTF-8")));
  EXPECT_THAT(read_roster("\xEF\xBB\xBF" + std::string(kHeader) + "L\xE9,Jean,a@b.fr,15/05/2008").faults,
              ElementsAre(fault_at(2, "", "says it is UTF-8")));
  EXPECT_THAT(read_roster("").faults, ElementsAre(fault_at(0, "", "empty")));
  EXPECT_THAT(read_roster(" \r\n\n").faults, ElementsAre(fault_at(0, "", "empty")));
}

TEST(Roster, has_limits) {
  const std::string csv = std::string(kHeader) + "DUPONT,Jean,a@b.fr,15/05/2008\n\nMARTIN,Léa,l@b.fr,15/05/2008\n";
  EXPECT_THAT(read_roster(csv, {.max_bytes = csv.size(), .max_students = 2}).faults, IsEmpty());
  EXPECT_THAT(read_roster(csv, {.max_bytes = csv.size() - 1}).faults, ElementsAre(fault_at(0, "", "bytes")));
  EXPECT_THAT(read_roster(csv, {.max_students = 1}).faults, ElementsAre(fault_at(4, "", "more than 1 student")));
  EXPECT_THAT(faults_of_line("E\u0301\u0323\u0301\u0323\u0301\u0323\u0301\u0323\u0301,Jean,a@b.fr,15/05/2008"),
              ElementsAre(fault_at(2, "nom", "more than 8 accents on one letter")));
  EXPECT_THAT(faults_of_line(std::string(601, 'A') + ",Jean,a@b.fr,15/05/2008"),
              ElementsAre(fault_at(2, "nom", "601 bytes")));
}

TEST(ParseRoster, lists_the_first_twenty_faults) {
  std::string csv(kHeader);
  for (int i = 0; i < 25; ++i) csv += "DUPONT,Jean,nobody,15/05/2008\n";
  const auto roster = parse_roster(csv);
  ASSERT_FALSE(roster);
  EXPECT_EQ(roster.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(roster.error().code, "roster.faulty");
  EXPECT_THAT(roster.error().message,
              AllOf(HasSubstr("25 faults"), HasSubstr("Line 2, column email: “nobody” is not"),
                    HasSubstr("Line 21, column"), Not(HasSubstr("Line 22")), HasSubstr("and 5 more")));
}

TEST(ParseRoster, gives_the_roster_when_all_is_well) {
  const auto roster = parse_roster(std::string(kHeader) + "DUPONT,Jean,a@b.fr,15/05/2008\n");
  ASSERT_TRUE(roster);
  EXPECT_THAT(roster->students, SizeIs(1));
}

TEST(ParseRoster, reads_the_roster_of_the_evaluation_set) {
  const char* folder = std::getenv("KORRIGO_EVALUATION");
  const std::string path = (folder != nullptr ? std::string(folder) : KORRIGO_SOURCE_DIR "/../shared/data/evaluation") +
                           "/headers/roster.csv";
  std::ifstream file(path, std::ios::binary);
  if (!file) GTEST_SKIP() << path << " is absent on this machine";
  const auto roster = parse_roster(std::string(std::istreambuf_iterator<char>(file), {}));
  ASSERT_TRUE(roster) << roster.error().message;
  EXPECT_GT(roster->students.size(), 1U);
}

}  // namespace
}  // namespace korrigo::students

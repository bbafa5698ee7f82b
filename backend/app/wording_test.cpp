// Refusals in French and English, from the tables of docs/errors.md.
#include "app/wording.h"

#include <gtest/gtest.h>

#include "app/embedded_contract.h"

namespace korrigo::app {
namespace {

using http::Language;

class Sentences : public testing::Test {
 protected:
  std::string french(std::string code, std::string message, std::string field = {}) {
    return wording.sentence({ErrorKind::conflict, std::move(code), std::move(message), {}, std::move(field)},
                            Language::fr);
  }
  std::string english(std::string code, std::string message) {
    return wording.sentence({ErrorKind::conflict, std::move(code), std::move(message)}, Language::en);
  }
  Wording wording{errors_document()};
};

TEST_F(Sentences, come_from_the_table) {
  EXPECT_EQ(french("task.over", "The task is already over."), "Cette tâche est déjà terminée.");
  EXPECT_EQ(french("task.over", {}), "Cette tâche est déjà terminée.");
  EXPECT_EQ(english("task.over", {}), "The task is already over.");
}

TEST_F(Sentences, keep_what_the_english_one_names) {
  EXPECT_EQ(french("source.too_large", "File too large: 12 bytes (max: 10)"),
            "Fichier trop volumineux : 12 octets (maximum : 10).");
  EXPECT_EQ(french("limits.too_many_attempts", "Too many attempts. Try again in 90 s."),
            "Trop de tentatives. Réessayez dans 90 s.");
}

TEST_F(Sentences, choose_among_those_of_one_code) {
  EXPECT_EQ(french("source.missing", "PDF and CSV files required"), "Un PDF et un fichier CSV sont requis.");
  EXPECT_EQ(french("source.missing", "PDF file required"), "Un PDF est requis.");
}

TEST_F(Sentences, put_reasons_into_french_too) {
  EXPECT_EQ(french("request.invalid", "page: must be a whole number from 1 to 200"),
            "page : doit être un nombre entier entre 1 et 200");
  EXPECT_EQ(
      french("roster.invalid", "CSV validation failed: Line 3, column email: The e-mail address is missing. (2 more)"),
      "Le fichier CSV n’est pas valide : Ligne 3, colonne email : Cette valeur manque : e-mail address. "
      "(et 2 de plus)");
}

TEST_F(Sentences, keep_a_reason_that_no_table_has) {
  EXPECT_EQ(french("source.corrupted", "scan.pdf: page 4 has no content."),
            "PDF endommagé : scan.pdf: page 4 has no content");
  EXPECT_EQ(french("exam.busy", "A task is working on this exam."), "Un traitement de cet examen est en cours.");
  EXPECT_EQ(french("booklet.split_outside", "Booklet 7 has 4 pages."),
            "Le fascicule ne peut pas être coupé là. (Booklet 7 has 4 pages.)");
}

TEST_F(Sentences, leave_out_what_nobody_knows) {
  EXPECT_EQ(french("server.error", {}), "Une erreur est survenue.");
  EXPECT_EQ(french("form.field_too_large", {}, "notes"), "Le champ « notes » est trop long.");
}

TEST_F(Sentences, do_not_speak_for_codes_they_do_not_have) {
  EXPECT_EQ(french("x.unknown", "Something else."), "");
  EXPECT_EQ(english("x.unknown", "Something else."), "");
}

TEST(WordingTables, must_be_whole) {
  EXPECT_THROW(Wording("| code | status | French | English |\n"), std::runtime_error);
  EXPECT_THROW(Wording("| a.b | 400 | Un. / Deux. | One. |\n"), std::runtime_error);
  EXPECT_THROW(Wording("| a.b | 400 | Un. |\n"), std::runtime_error);
}

}  // namespace
}  // namespace korrigo::app

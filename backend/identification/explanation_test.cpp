#include "identification/explanation.h"

#include <gtest/gtest.h>

namespace korrigo::identification {
namespace {

ocr::FieldReading field(std::string_view text, std::string engine) {
  ocr::FieldReading reading;
  reading.text = text;
  reading.engine = std::move(engine);
  reading.boxed = true;
  for (const char c : text) {
    ocr::LetterReading letter;
    letter.probability.fill(0.1F / (ocr::kAlphabetSize - 1));
    letter.probability[ocr::alphabet_index(c)] = 0.9F;
    reading.letters.push_back(letter);
  }
  return reading;
}

TEST(Explanation, tells_engines_and_fields_apart) {
  students::RosterStudent student;
  student.nom = "Dupont";
  student.prenom = "Jean";
  ocr::FieldReading empty = field("", "tesseract");
  empty.kind = ocr::FieldKind::birth_date;
  empty.has_ink = false;
  const CopyEvidence evidence{
      {{"korrigo-hand, tesseract", {field("DUPONT", "korrigo-hand"), field("OUPQNT", ""), empty}}}};
  const auto fields = explanation(evidence, student);
  ASSERT_EQ(fields.size(), 1U);
  const auto& engines = fields.at("nom").as_object();
  EXPECT_EQ(engines.at("korrigo-hand").at("text").as_string(), "DUPONT");
  const double good = engines.at("korrigo-hand").at("fit").as_double();
  const double bad = engines.at("korrigo-hand, tesseract").at("fit").as_double();
  EXPECT_GT(good, 3);
  EXPECT_LT(bad, good);
}

}  // namespace
}  // namespace korrigo::identification

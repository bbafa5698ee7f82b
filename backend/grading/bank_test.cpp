#include <chrono>

#include "grading/by_question.h"
#include "grading/grading_tests.h"
#include "grading/remark.h"
#include "grading/suggestions.h"

namespace korrigo::grading {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Banks : public GradingTest {
 protected:
  TemplateId add(const std::string& text, std::optional<std::string> question = {}, std::int64_t position = 0) {
    TemplateFields fields{text, std::move(question), {}, {}, position};
    return run([&](Transaction& t) { return add_template(t, exam, marie, fields, kNow).value().id; });
  }
  KeptRemark keep(const Marker& who, const std::string& text, std::optional<std::string> question = {}) {
    return run([&](Transaction& t) {
      return keep_own_remark(t, who.user, {text, exam, std::move(question), {}}, clock.now()).value();
    });
  }
  Suggestions suggested(const Context& context) {
    return run([&](Transaction& t) { return suggest(t, exam, marie, context).value(); });
  }
  template <class Remark>
  static std::vector<std::string> texts(const std::vector<Remark>& remarks) {
    std::vector<std::string> all;
    for (const Remark& remark : remarks) all.push_back(remark.text);
    return all;
  }
};
KORRIGO_ON_BOTH_ENGINES(Banks);

TEST_P(Banks, suggest_by_question_and_text_249) {
  add("Partout");
  add("Exercice 1", "ex1");
  add("Question a", "q1");
  add("Ailleurs", "ex2");
  EXPECT_THAT(texts(suggested({.question_id = "q1"}).templates), ElementsAre("Question a", "Exercice 1", "Partout"));
  EXPECT_THAT(texts(suggested({.question_id = "ex1"}).templates), ElementsAre("Exercice 1", "Question a", "Partout"));
  EXPECT_THAT(texts(suggested({}).templates), SizeIs(4));
  keep(marie, "Élève appliqué");
  keep(marie, "Pour la a", "q1");
  keep(marie, "Pour le 2", "ex2");
  keep(paul, "De Paul");
  EXPECT_THAT(texts(suggested({.question_id = "q1"}).own), ElementsAre("Pour la a", "Élève appliqué"));
  EXPECT_THAT(texts(suggested({.text = "eleve APPL"}).own), ElementsAre("Élève appliqué"));
  for (int i = 0; i < 40; ++i) {
    add(fmt::format("Formule {}", i));
    keep(marie, fmt::format("Formule {}", i));
  }
  EXPECT_THAT(suggested({.text = "formule"}).templates, SizeIs(kSuggestedTemplates));
  EXPECT_THAT(suggested({.text = "formule"}).own, SizeIs(kSuggestedOwn));
}

TEST_P(Banks, of_one_s_own_count_use_251_252_253) {
  const KeptRemark first = keep(marie, "Justifiez");
  EXPECT_TRUE(first.is_new);
  const KeptRemark second = keep(marie, "Justifiez");
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.remark.usage_count, 2);
  const auto use = [&](const Marker& who) {
    return run([&](Transaction& t) { return use_own_remark(t, who.user, first.remark.id, clock.now()); });
  };
  EXPECT_EQ(use(marie)->usage_count, 3);
  EXPECT_TRUE(use(marie)->last_used_at);
  EXPECT_EQ(code(use(paul)), "own_remark.not_found");
  const auto remove = [&](const Marker& who) {
    return run([&](Transaction& t) { return delete_own_remark(t, who.user, first.remark.id); });
  };
  EXPECT_EQ(code(remove(paul)), "own_remark.not_found");
  EXPECT_TRUE(remove(marie));
  EXPECT_THAT(suggested({}).own, IsEmpty());
}

TEST_P(Banks, of_an_exam_are_for_who_marks_it) {
  const TemplateId id = add("Méthode juste");
  const auto list = [&](const Marker& who) {
    return run([&](Transaction& t) { return list_templates(t, exam, who); });
  };
  EXPECT_TRUE(list(marie));
  EXPECT_EQ(code(list(paul)), "auth.forbidden");
  static constexpr storage::Statement kCorrector{
      "test.corrector", "INSERT INTO exam_corrector (exam_id, user_id, added_at) VALUES ($1, $2, 0)"};
  sql(kCorrector, exam, paul.user);
  EXPECT_TRUE(list(paul));
  const auto remove = [&](const Marker& who) {
    return run([&](Transaction& t) { return delete_template(t, exam, who, id); });
  };
  EXPECT_EQ(code(remove(paul)), "template.foreign");
  EXPECT_TRUE(remove(office_marker));
  EXPECT_EQ(code(remove(office_marker)), "template.not_found");
}

TEST_P(Banks, of_thousands_answer_in_20_ms) {
  run([&](Transaction& t) {
    for (int i = 0; i < 500; ++i)
      add_template(t, exam, marie, {fmt::format("Vérifiez le résultat {}", i), "q1", {}, {}, i}, kNow).value();
    for (int i = 0; i < 5000; ++i)
      keep_own_remark(t, marie.user, {fmt::format("Précisez l'unité {}", i), exam, {}, {}}, kNow).value();
  });
  const Context context{.question_id = "q1", .text = "unité"};
  suggested(context);
  std::chrono::steady_clock::duration best = std::chrono::hours(1);
  for (int i = 0; i < 10; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(suggested(context).own, SizeIs(kSuggestedOwn));
    best = std::min(best, std::chrono::steady_clock::now() - begin);
  }
  RecordProperty("microseconds", static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(best).count()));
}

TEST_P(Banks, go_with_a_question_across_copies) {
  const CopyId second = ready_copy(marie.user), other = ready_copy(paul.user);
  const Marker desk = locking(marie, copy);
  ASSERT_TRUE(score(desk, copy, {{"q1", 300}}));
  ASSERT_TRUE(at_desk(desk, copy, [](Transaction& t, const Desk& at) { return put_remark(t, at, "q1", "Bien"); }));
  const auto ask = [&](const Marker& who, const QuestionFilter& filter) {
    return run([&](Transaction& t) { return copies_by_question(t, exam, "q1", who, filter, clock.now()); });
  };
  const auto own = ask(marie, {});
  ASSERT_TRUE(own) << own.error().message;
  ASSERT_THAT(own->copies, SizeIs(2));
  EXPECT_EQ(own->copies[0].points, 300);
  EXPECT_EQ(own->copies[0].remark, "Bien");
  EXPECT_FALSE(own->copies[0].is_locked_by_other);
  EXPECT_EQ(own->copies[1].copy, second);
  EXPECT_TRUE(ask(office_marker, {})->copies[0].is_locked_by_other);
  EXPECT_EQ(ask(office_marker, {.is_scored = false})->count, 2);
  EXPECT_EQ(ask(paul, {})->copies.at(0).copy, other);
  const auto unknown = run([&](Transaction& t) { return copies_by_question(t, exam, "q9", marie, {}, clock.now()); });
  EXPECT_EQ(code(unknown), "question.not_found");
}

}  // namespace
}  // namespace korrigo::grading

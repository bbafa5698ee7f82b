// Annotations, scores, remarks, drafts, and the end of marking.
#include "grading/draft.h"
#include "grading/grading_tests.h"
#include "grading/history.h"
#include "grading/remark.h"

namespace korrigo::grading {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Marking : public GradingTest {
 protected:
  void SetUp() override {
    GradingTest::SetUp();
    desk = locking(marie, copy);
  }
  std::string annotation_code(const NewAnnotation& fields) { return code(annotate(desk, copy, fields)); }
  Result<Annotation> change(const Marker& who, const AnnotationId& id, const AnnotationChange& what) {
    return at_desk(who, copy, [&](Transaction& t, const Desk& at) { return change_annotation(t, at, id, what); });
  }
  Result<PutRemark> remark(const Marker& who, const std::string& question, const std::string& text) {
    return at_desk(who, copy, [&](Transaction& t, const Desk& at) { return put_remark(t, at, question, text); });
  }
  Result<Draft> save(const Marker& who, const NewDraft& draft) {
    return run([&](Transaction& t) { return put_draft(t, copy, who, draft, clock.now()); });
  }
  std::optional<Draft> draft_of(UserId user) {
    return run([&](Transaction& t) { return find_draft(t, copy, user); });
  }
  Marker desk;
};
KORRIGO_ON_BOTH_ENGINES(Marking);

TEST_P(Marking, annotates_faces_172_175_177) {
  const auto made = annotate(desk, copy, comment());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->version, 1);
  EXPECT_EQ(made->created_by, marie.user);
  EXPECT_EQ(events(copy, "CREATE_ANN"), 1);
  NewAnnotation edge = comment(0.7, 0.9);
  edge.page_index = 3;
  EXPECT_EQ(annotate(desk, copy, edge)->page_index, 3);
  edge.box.w = 0.31;
  EXPECT_EQ(annotation_code(edge), "annotation.box");
  edge.box = {-0.1, 0, 0.3, 0.1};
  EXPECT_EQ(annotation_code(edge), "annotation.box");
  edge.box = {0, 0, 0, 0.1};
  EXPECT_EQ(annotation_code(edge), "annotation.box");
  edge = comment();
  edge.page_index = 4;
  EXPECT_EQ(annotation_code(edge), "annotation.page");
  const auto page = run([&](Transaction& t) { return list_annotations(t, copy, 1, 1); });
  EXPECT_EQ(page.count, 2);
  EXPECT_EQ(page.annotations.at(0).page_index, 3);
}

TEST_P(Marking, leaves_nothing_of_an_act_that_fails_187) {
  const auto failed = at_desk(desk, copy, [](Transaction& t, const Desk& at) -> Result<Annotation> {
    EXPECT_TRUE(create_annotation(t, at, comment()));
    return refuse(ErrorKind::conflict, "test.failed", "It failed midway.");
  });
  EXPECT_EQ(code(failed), "test.failed");
  EXPECT_EQ(run([&](Transaction& t) { return list_annotations(t, copy, 10, 0); }).count, 0);
  EXPECT_EQ(events(copy, "CREATE_ANN"), 0);
}

TEST_P(Marking, checks_what_annotations_hold) {
  NewAnnotation ink = comment();
  ink.type = AnnotationType::ink;
  EXPECT_EQ(annotation_code(ink), "annotation.content");
  for (const char* good : {R"({"strokes":[[[0,0],[0.5,1]]]})", R"({"strokes":[[[0.1,0.2]],[[1,1]]],"width":2})"}) {
    ink.content = good;
    EXPECT_EQ(annotation_code(ink), "") << good;
  }
  for (const char* bad : {R"({"strokes":[]})", R"({"strokes":[[]]})", R"({"strokes":[[[0,2]]]})", "[]", "{"}) {
    ink.content = bad;
    EXPECT_EQ(annotation_code(ink), "annotation.content") << bad;
  }
  NewAnnotation stamp = comment();
  stamp.type = AnnotationType::stamp;
  EXPECT_EQ(annotation_code(stamp), "annotation.content");
  stamp.content = "TICK";
  EXPECT_EQ(annotation_code(stamp), "");
  NewAnnotation linked = comment();
  linked.question_id = "q9";
  EXPECT_EQ(annotation_code(linked), "score.unknown_question");
}

TEST_P(Marking, changes_annotations_by_version_181_186) {
  const AnnotationId id = annotate(desk, copy, comment())->id;
  const auto first = change(desk, id, {.content = "Bien", .version = 1});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->version, 2);
  EXPECT_EQ(code(change(desk, id, {.content = "Non", .version = 1})), "annotation.stale");
  const auto last = change(desk, id, {.score_delta = std::optional<std::int64_t>(-50)});
  EXPECT_EQ(last->content, "Bien");
  EXPECT_EQ(last->score_delta, -50);
  EXPECT_EQ(events(copy, "UPDATE_ANN"), 2);
  EXPECT_EQ(marks(copy).total, 0) << "held at 0";
  EXPECT_FALSE(change(desk, id, {.score_delta = std::optional<std::int64_t>()})->score_delta);
  const auto remove = [&] {
    return at_desk(desk, copy, [&](Transaction& t, const Desk& at) { return delete_annotation(t, at, id, {}); });
  };
  EXPECT_TRUE(remove());
  EXPECT_EQ(code(remove()), "annotation.not_found");
}

TEST_P(Marking, of_an_exercise_leaves_others_annotations_and_remarks_alone_181_182_197) {
  static constexpr storage::Statement kPart{
      "test.part",
      "INSERT INTO exercise_assignment (copy_id, exercise_id, corrector_id, assigned_at) VALUES ($1, 'ex2', $2, 0)"};
  sql(kPart, copy, paul.user);
  const AnnotationId id = annotate(desk, copy, comment())->id;
  ASSERT_TRUE(remark(desk, "ex2", "Juste"));
  run([&](Transaction& t) { EXPECT_TRUE(force_unlock(t, copy, office_user, clock.now())); });
  const Marker part = locking(paul, copy, {.exercise = "ex2"});
  EXPECT_EQ(code(change(part, id, {.content = "?"})), "annotation.foreign");
  EXPECT_EQ(code(remark(part, "ex2", "Faux")), "remark.foreign");
  EXPECT_TRUE(annotate(part, copy, comment()));
}

TEST_P(Marking, needs_a_lock_and_a_copy_that_is_not_done_173_183_191_277) {
  const AnnotationId id = annotate(desk, copy, comment())->id;
  EXPECT_EQ(code(annotate(marie, copy, comment())), "lock.required");
  Marker stranger = desk;
  stranger.user = paul.user;
  EXPECT_EQ(code(annotate(stranger, copy, comment())), "auth.forbidden");
  ASSERT_TRUE(score(desk, copy, {{"q1", 0}, {"q2", 0}, {"ex2", 0}}));
  ASSERT_TRUE(end(desk, copy));
  EXPECT_EQ(code(annotate(desk, copy, comment())), "copy.graded");
  EXPECT_EQ(code(change(desk, id, {})), "copy.graded");
  EXPECT_EQ(code(score(desk, copy, {{"q1", 0}})), "copy.graded");
  EXPECT_EQ(code(save(desk, {{}, "a"})), "copy.graded");
  EXPECT_EQ(code(remark(desk, "q1", "x")), "copy.graded");
}

TEST_P(Marking, scores_questions_189_194) {
  ASSERT_TRUE(score(desk, copy, {{"q1", 275}, {"q2", 700}}));
  EXPECT_THAT(marks(copy).scores, ElementsAre(testing::Pair("q1", 275), testing::Pair("q2", 700)));
  ASSERT_TRUE(score(desk, copy, {{"q1", 300}, {"soin", 100}}));
  EXPECT_EQ(marks(copy).total, 1100);
  EXPECT_EQ(marks(copy).maximum, 2000);
  EXPECT_THAT(marks(copy).unscored, ElementsAre("ex2"));
  EXPECT_EQ(events(copy, "SCORE"), 2);
  ASSERT_TRUE(score(desk, copy, {{"q1", 300}}));
  EXPECT_EQ(events(copy, "SCORE"), 2) << "nothing changed";
  EXPECT_EQ(code(score(desk, copy, {{"q1", 100}, {"q2", 725}})), "score.out_of_range");
  EXPECT_EQ(marks(copy).scores.at("q1"), 300) << "all or none";
  ASSERT_TRUE(score(desk, copy, {{"q1", std::nullopt}}));
  EXPECT_FALSE(marks(copy).scores.contains("q1"));
  EXPECT_EQ(code(score(desk, copy, {{"ex1", 100}})), "score.unknown_question");
}

TEST_P(Marking, has_one_remark_on_a_question_195_196_198) {
  const auto first = remark(desk, "q1", "Soignez");
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->is_new);
  const auto second = remark(desk, "q1", "Soignez vos calculs");
  EXPECT_FALSE(second->is_new);
  EXPECT_EQ(second->remark.id, first->remark.id);
  EXPECT_EQ(code(remark(desk, "q9", "x")), "score.unknown_question");
  ASSERT_TRUE(at_desk(desk, copy, [&](Transaction& t, const Desk& at) -> Result<void> {
    set_appreciation(t, at, "Bon travail");
    return delete_remark(t, at, first->remark.id);
  }));
  run([&](Transaction& t) {
    EXPECT_THAT(remarks_of(t, copy), IsEmpty());
    EXPECT_EQ(appreciation_of(t, copy), "Bon travail");
  });
}

TEST_P(Marking, keeps_drafts_204_211) {
  EXPECT_FALSE(draft_of(marie.user));
  EXPECT_EQ(save(desk, {{{"text", "a"}}, "one"})->version, 1);
  EXPECT_EQ(save(desk, {{{"text", "b"}}, "one"})->version, 2);
  EXPECT_EQ(code(save(desk, {{{"text", "c"}}, "two"})), "draft.other_client");
  EXPECT_EQ(draft_of(marie.user)->payload.at("text").as_string(), "b");
  EXPECT_EQ(save(desk, {{{"text", "c"}}, "two", true})->version, 3);
  EXPECT_EQ(code(save(marie, {{}, "two"})), "lock.required");
  EXPECT_FALSE(draft_of(office_user)) << "nobody sees another's";
  clock.advance(kLockLasts);
  EXPECT_EQ(code(save(desk, {{}, "two"})), "lock.expired");
  EXPECT_TRUE(draft_of(marie.user)) << "it outlives its lock";
}

TEST_P(Marking, ends_once_and_can_be_opened_again_214_216) {
  EXPECT_EQ(code(end(desk, copy)), "copy.incomplete");
  EXPECT_THAT(end(desk, copy).error().details, ElementsAre("q1", "q2", "ex2"));
  NewAnnotation bonus = comment();
  bonus.score_delta = 150;
  ASSERT_TRUE(annotate(desk, copy, bonus));
  ASSERT_TRUE(score(desk, copy, {{"q1", 500}, {"q2", 350}, {"ex2", 25}}));
  EXPECT_EQ(code(end(marie, copy)), "lock.required");
  const auto done = end(desk, copy);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->marks.total, 1025);
  EXPECT_EQ(status(copy), "GRADED");
  EXPECT_EQ(code(end(desk, copy)), "copy.graded");
  EXPECT_EQ(events(copy, "FINALIZE"), 1);
  const auto open = [&] {
    return run([&](Transaction& t) { return grading::reopen(t, copy, "Oubli", {.user = office_user}, clock.now()); });
  };
  ASSERT_TRUE(open());
  EXPECT_EQ(status(copy), "READY");
  EXPECT_EQ(code(open()), "copy.not_graded");
  EXPECT_EQ(marks(copy).total, 1025) << "what was written stays";
}

TEST_P(Marking, outlives_a_final_pdf_that_fails_217) {
  ASSERT_TRUE(score(desk, copy, {{"q1", 500}, {"q2", 350}, {"ex2", 25}}));
  ASSERT_TRUE(end(desk, copy));
  ASSERT_TRUE(run([&](Transaction& t) { return fail_grading(t, copy, "Le disque est plein.", clock.now()); }));
  EXPECT_EQ(status(copy), "GRADING_FAILED");
  EXPECT_EQ(marks(copy).total, 875);
  EXPECT_EQ(code(take(marie, copy)), "copy.graded");
  EXPECT_TRUE(end(marie, copy)) << "without lock";
  EXPECT_EQ(status(copy), "GRADED");
}

TEST_P(Marking, shows_its_history_without_what_tells_whose_copy_it_is) {
  run([&](Transaction& t) {
    copies::record_event(t, copy, "IDENTIFY", office_user, {{"student_id", 7}}, clock.now());
  });
  ASSERT_TRUE(score(desk, copy, {{"q1", 500}}));
  const auto history = [&](bool office) {
    std::vector<std::string> actions;
    for (const HistoryEntry& entry : run([&](Transaction& t) { return history_of(t, copy, office, 50, 0); }).entries)
      actions.push_back(entry.action);
    std::ranges::sort(actions);
    return actions;
  };
  EXPECT_THAT(history(false), ElementsAre("LOCK", "SCORE"));
  EXPECT_THAT(history(true), ElementsAre("IDENTIFY", "LOCK", "SCORE", "VALIDATE"));
}

}  // namespace
}  // namespace korrigo::grading

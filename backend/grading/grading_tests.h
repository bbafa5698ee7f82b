/// What the tests of this module share: an exam with a barème, its corrector, and READY copies.
#pragma once

#include <boost/json/parse.hpp>

#include "copies/copies_tests.h"
#include "copies/copy_state.h"
#include "exams/exam.h"
#include "grading/annotation.h"
#include "grading/finalise.h"
#include "grading/lock.h"
#include "grading/score.h"

namespace korrigo::grading {

using copies::kNow;
using storage::Transaction;

class GradingTest : public copies::CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    marie = {add_user("marie", "TEACHER"), false, {}};
    paul = {add_user("paul", "TEACHER"), false, {}};
    office_marker = {office_user, true, {}};
    static constexpr storage::Statement kStructure{"test.structure",
                                                   "UPDATE exam SET grading_structure = $2 WHERE id = $1"};
    sql(kStructure, exam, R"([{"id": "ex1", "label": "1", "points": 12, "children": [
        {"id": "q1", "label": "a", "points": 5}, {"id": "q2", "label": "b", "points": 7}]},
      {"id": "ex2", "label": "2", "points": 8}, {"id": "soin", "label": "Soin", "points": 1, "bonus": true}])");
    copy = ready_copy(marie.user);
  }
  CopyId ready_copy(UserId corrector) {
    static constexpr storage::Statement kAssign{"test.assign",
                                                "UPDATE copy SET assigned_corrector_id = $2 WHERE id = $1"};
    const CopyId made = add_copy(exam).copy;
    sql(kAssign, made, corrector);
    run([&](Transaction& t) {
      EXPECT_TRUE(copies::take_step(t, made, copies::Step::validate, "VALIDATE", office_user, {}, kNow));
    });
    return made;
  }
  Result<Taken> take(const Marker& who, const CopyId& of, const LockWish& wish = {}) {
    return run([&](Transaction& t) { return take_lock(t, of, who, wish, clock.now()); });
  }
  /// The marker with the token of a lock just taken.
  Marker locking(Marker who, const CopyId& of, const LockWish& wish = {}) {
    const auto taken = take(who, of, wish);
    EXPECT_TRUE(taken) << (taken ? "" : taken.error().code);
    if (taken) who.token = taken->lock.token;
    return who;
  }
  /// The code of a refusal; empty when there is none.
  template <class T>
  static std::string code(const Result<T>& outcome) {
    return outcome ? "" : outcome.error().code;
  }
  template <class Work>
  auto at_desk(const Marker& who, const CopyId& of, Work&& work)
      -> std::invoke_result_t<Work&, Transaction&, const Desk&> {
    return run([&](Transaction& t) -> std::invoke_result_t<Work&, Transaction&, const Desk&> {
      const auto desk = open_desk(t, of, who, clock.now());
      if (!desk) return tl::unexpected(desk.error());
      return work(t, *desk);
    });
  }
  Result<void> score(const Marker& who, const CopyId& of, const ScoreChanges& changes) {
    return at_desk(who, of, [&](Transaction& t, const Desk& desk) { return set_scores(t, desk, changes); });
  }
  static NewAnnotation comment(double x = 0.1, double y = 0.2) {
    NewAnnotation fields;
    fields.box = {x, y, 0.3, 0.1};
    fields.content = "Très bien";
    return fields;
  }
  Result<Annotation> annotate(const Marker& who, const CopyId& of, const NewAnnotation& fields) {
    return at_desk(who, of, [&](Transaction& t, const Desk& desk) { return create_annotation(t, desk, fields); });
  }
  Marks marks(const CopyId& of) {
    return run([&](Transaction& t) { return marks_of(t, of, exams::grading_structure_of(t, exam).value()); });
  }
  Result<Finalisation> end(const Marker& who, const CopyId& of) {
    return run([&](Transaction& t) { return finalise(t, of, who, {.user = who.user}, {}, clock.now()); });
  }

  Marker marie, paul, office_marker;
  CopyId copy;
};

}  // namespace korrigo::grading

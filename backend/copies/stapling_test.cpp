#include "copies/stapling.h"

#include "base/random.h"
#include "copies/copies_tests.h"
#include "copies/identify.h"
#include "copies/undo.h"

namespace korrigo::copies {
namespace {

using testing::IsEmpty;

class Stapling : public CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    for (int i = 0; i < 4; ++i) made.push_back(add_copy(exam));
    before = placing(exam);
  }
  std::vector<FaceId> faces_in(const BookletId& booklet) {
    static constexpr Statement kFaces{"test.faces_in",
                                      "SELECT id FROM face WHERE booklet_id = $1 ORDER BY booklet_position"};
    return run([&](Transaction& t) {
      std::vector<FaceId> faces;
      for (const Row& row : t.rows(kFaces, booklet)) faces.push_back(row.get<FaceId>(0));
      return faces;
    });
  }
  std::int64_t number(const Statement& statement) {
    return run([&](Transaction& t) { return t.row(statement, exam)->get<std::int64_t>(0); });
  }
  std::int64_t copies() {
    static constexpr Statement kCopies{"test.copies", "SELECT copy_count FROM exam WHERE id = $1"};
    return number(kCopies);
  }
  std::string undone() {
    const auto back = undo_last_step(office(), exam);
    return back ? back->action : back.error().code;
  }
  std::vector<ArrangedFace> arranged(const std::vector<FaceId>& faces) {
    std::vector<ArrangedFace> all;
    for (const FaceId& face : faces) all.push_back({face});
    return all;
  }
  std::vector<Made> made;
  std::map<std::string, std::string> before;
};
KORRIGO_ON_BOTH_ENGINES(Stapling);

TEST_P(Stapling, a_booklet_cut_in_two_makes_a_copy_that_waits) {
  set_status(made[1].copy, "READY");
  const auto parts = split_booklet(office(), made[1].booklet, 1);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(faces_in(parts->first), std::vector<FaceId>({made[1].faces[0]}));
  EXPECT_EQ(faces_in(parts->second), std::vector<FaceId>(made[1].faces.begin() + 1, made[1].faces.end()));
  EXPECT_THAT(faults(exam), IsEmpty());
  EXPECT_EQ(copies(), 5);
  EXPECT_EQ(status(made[1].copy), "READY");
  EXPECT_EQ(events(made[1].copy, "SPLIT"), 1);
  EXPECT_EQ(open_tasks("rebuild_copy"), 1);
  EXPECT_EQ(undone(), "split");
  EXPECT_EQ(placing(exam), before);
  EXPECT_EQ(status(made[1].copy), "READY");
  EXPECT_THAT(faults(exam), IsEmpty());
}

TEST_P(Stapling, a_booklet_is_not_cut_outside_itself) {
  for (const int at : {0, 4, 99}) {
    const auto parts = split_booklet(office(), made[0].booklet, at);
    ASSERT_FALSE(parts);
    EXPECT_EQ(parts.error().code, "booklet.split_outside");
  }
  EXPECT_EQ(split_booklet(office(), BookletId(make_uuid_v4()), 1).error().code, "booklet.not_found");
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, merged_booklets_are_one_ready_copy_in_the_order_given) {
  const auto student = add_student(identification::simulated::student_of("Dupont", "Jean"));
  ASSERT_TRUE(identify_copy(office(), made[2].copy, student, Means::named));
  const auto merged = merge_booklets(office(), exam, {made[2].booklet, made[0].booklet});
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(status(*merged), "READY");
  EXPECT_EQ(owner(*merged), student);
  EXPECT_EQ(status(made[0].copy), "gone");
  EXPECT_EQ(copies(), 3);
  EXPECT_THAT(faults(exam), IsEmpty());
  EXPECT_THAT(placing(exam).at(made[0].faces[0].text()), testing::HasSubstr(merged->text() + " 4"));
  EXPECT_EQ(undone(), "merge");
  EXPECT_EQ(placing(exam), before);
  EXPECT_EQ(owner(made[2].copy), student);
  EXPECT_EQ(status(made[2].copy), "READY");
  EXPECT_EQ(status(made[0].copy), "STAGING");
  EXPECT_EQ(events(made[2].copy, "IDENTIFY"), 1) << "its history came back";
}

TEST_P(Stapling, copies_of_two_students_merge_into_nobody_s) {
  for (int i = 0; i < 2; ++i) {
    const auto student = add_student(identification::simulated::student_of(i == 0 ? "Martin" : "Bernard", "Jean"));
    ASSERT_TRUE(identify_copy(office(), made[static_cast<std::size_t>(i)].copy, student, Means::named));
  }
  const auto merged = merge_booklets(office(), exam, {made[0].booklet, made[1].booklet});
  ASSERT_TRUE(merged);
  EXPECT_EQ(owner(*merged), std::nullopt);
}

TEST_P(Stapling, what_cannot_be_merged) {
  const Made other = add_copy(add_exam());
  const auto code = [&](const std::vector<BookletId>& booklets) {
    return merge_booklets(office(), exam, booklets).error().code;
  };
  EXPECT_EQ(code({}), "booklet.none");
  EXPECT_EQ(code({made[0].booklet, BookletId(make_uuid_v4())}), "booklet.unknown");
  EXPECT_EQ(code({made[0].booklet, other.booklet}), "booklet.other_exam");
  EXPECT_EQ(code({made[0].booklet, made[0].booklet}), "request.invalid");
  EXPECT_EQ(merge_booklets(office(), ExamId(make_uuid_v4()), {}).error().code, "exam.not_found");
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, copies_in_marking_are_left_alone) {
  for (const char* state : {"LOCKED", "GRADED", "GRADING_FAILED"}) {
    set_status(made[0].copy, state);
    EXPECT_EQ(split_booklet(office(), made[0].booklet, 2).error().code, "booklet.copy_in_use");
    EXPECT_EQ(merge_booklets(office(), exam, {made[1].booklet, made[0].booklet}).error().code, "booklet.copy_in_use");
    EXPECT_EQ(arrange_faces(office(), made[0].booklet, arranged({made[0].faces[0]})).error().code,
              "booklet.copy_in_use");
    EXPECT_EQ(arrange_faces(office(), made[1].booklet, arranged({made[0].faces[0]})).error().code,
              "booklet.copy_in_use");
    EXPECT_EQ(delete_booklet(office(), made[0].booklet).error().code, "booklet.copy_not_staging");
  }
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, a_copy_that_holds_points_is_in_use_even_when_it_is_ready) {
  static constexpr Statement kScore{
      "test.score", "INSERT INTO score (copy_id, question_id, points, set_by, set_at) VALUES ($1, '1', 100, $2, 0)"};
  sql(kScore, made[0].copy, office_user);
  set_status(made[0].copy, "READY");
  EXPECT_EQ(split_booklet(office(), made[0].booklet, 2).error().code, "booklet.copy_in_use");
}

TEST_P(Stapling, nothing_is_stapled_while_scans_are_being_read) {
  jobs::NewTask batch{.kind = "process_pdf_batch"};
  batch.exam_id = exam;
  run([&](Transaction& t) { queue.enqueue(t, batch); });
  EXPECT_EQ(split_booklet(office(), made[0].booklet, 2).error().code, "exam.busy");
  EXPECT_EQ(undone(), "exam.busy");
}

TEST_P(Stapling, faces_are_turned_and_put_in_another_order) {
  const auto& faces = made[0].faces;
  std::vector<ArrangedFace> wanted = arranged({faces[3], faces[2], faces[1], faces[0]});
  wanted[3].rotation = 180;
  ASSERT_TRUE(arrange_faces(office(), made[0].booklet, wanted));
  EXPECT_EQ(faces_in(made[0].booklet), std::vector<FaceId>({faces[3], faces[2], faces[1], faces[0]}));
  EXPECT_THAT(faults(exam), IsEmpty());
  static constexpr Statement kHeader{"test.header", "SELECT header_y, preview_file FROM face WHERE id = $1"};
  const auto header = run([&](Transaction& t) { return *t.row(kHeader, faces[0]); });
  EXPECT_NEAR(header.get<double>(0), 0.8, 1e-9) << "the mask stays on the ink";
  EXPECT_TRUE(header.is_null(1));
  EXPECT_EQ(undone(), "arrange");
  EXPECT_EQ(placing(exam), before);
  EXPECT_NEAR(run([&](Transaction& t) { return t.row(kHeader, faces[0])->get<double>(0); }), 0, 1e-9);
}

TEST_P(Stapling, faces_move_between_booklets_and_out_of_them) {
  const FaceId loose = add_loose_face(exam);
  before = placing(exam);
  ASSERT_TRUE(arrange_faces(office(), made[0].booklet, arranged({made[0].faces[0], made[1].faces[2], loose})));
  EXPECT_EQ(faces_in(made[0].booklet), std::vector<FaceId>({made[0].faces[0], made[1].faces[2], loose}));
  EXPECT_EQ(faces_in(made[1].booklet).size(), 3U);
  EXPECT_THAT(faults(exam), IsEmpty());
  EXPECT_EQ(undone(), "arrange");
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, a_booklet_that_gave_all_its_faces_is_dissolved_with_its_copy) {
  std::vector<FaceId> all = made[0].faces;
  all.insert(all.end(), made[1].faces.begin(), made[1].faces.end());
  ASSERT_TRUE(arrange_faces(office(), made[0].booklet, arranged(all)));
  EXPECT_EQ(status(made[1].copy), "gone");
  EXPECT_EQ(copies(), 3);
  EXPECT_THAT(faults(exam), IsEmpty());
  EXPECT_EQ(undone(), "arrange");
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, faces_that_cannot_be_arranged) {
  const auto code = [&](const std::vector<ArrangedFace>& faces) {
    return arrange_faces(office(), made[0].booklet, faces).error().code;
  };
  EXPECT_EQ(code(arranged({FaceId(make_uuid_v4())})), "face.unknown");
  EXPECT_EQ(code(arranged({made[0].faces[0], made[0].faces[0]})), "face.twice");
  EXPECT_EQ(code(arranged({add_copy(add_exam()).faces[0]})), "face.other_exam");
  EXPECT_EQ(code({}), "request.invalid");
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, a_booklet_that_waits_is_dissolved_and_brought_back) {
  ASSERT_TRUE(delete_booklet(office(), made[0].booklet));
  EXPECT_EQ(status(made[0].copy), "gone");
  EXPECT_THAT(faces_in(made[0].booklet), IsEmpty());
  EXPECT_THAT(faults(exam), IsEmpty());
  EXPECT_EQ(undone(), "delete");
  EXPECT_EQ(placing(exam), before);
  EXPECT_EQ(undone(), "undo.nothing");
}

TEST_P(Stapling, undo_is_each_user_s_own_and_refused_once_something_was_built_on_the_step) {
  const UserId other = add_user("autre", "ADMIN");
  ASSERT_TRUE(merge_booklets(office(), exam, {made[0].booklet, made[1].booklet}));
  EXPECT_EQ(undo_last_step(office(other), exam).error().code, "undo.nothing");
  ASSERT_TRUE(split_booklet(office(other), made[0].booklet, 2));
  EXPECT_EQ(undone(), "undo.built_upon");
  EXPECT_EQ(undo_last_step(office(other), exam)->action, "split");
  EXPECT_EQ(undone(), "merge");
  EXPECT_EQ(placing(exam), before);
}

TEST_P(Stapling, files_that_show_the_copy_as_it_was_go) {
  const std::string key = "copies/booklets/" + made[0].copy.text() + "/1-copy.pdf";
  blobs.put(key, "pdf");
  static constexpr Statement kFile{"test.file", "UPDATE copy SET pdf_file = $2 WHERE id = $1"};
  sql(kFile, made[0].copy, key);
  ASSERT_TRUE(split_booklet(office(), made[0].booklet, 2));
  EXPECT_FALSE(blobs.exists(key));
}

// Whatever the office does in whatever order, and takes back, the rows hang together, no face is lost, and taking
// everything back leaves what there was.
TEST_P(Stapling, random_steps_and_their_undoing_keep_every_face_in_one_place) {
  Random random(20261121);
  const auto booklets = [&] {
    static constexpr Statement kBooklets{"test.booklets",
                                         "SELECT id FROM booklet WHERE exam_id = $1 ORDER BY position"};
    return run([&](Transaction& t) {
      std::vector<BookletId> ids;
      for (const Row& row : t.rows(kBooklets, exam)) ids.push_back(row.get<BookletId>(0));
      return ids;
    });
  };
  const auto any_of = [&](const auto& all) {
    return all[static_cast<std::size_t>(random.integer(0, static_cast<int>(all.size()) - 1))];
  };
  std::vector<FaceId> every;
  for (const auto& [id, place] : before) every.emplace_back(id);
  int done = 0;
  for (int step = 0; step < 60; ++step) {
    const auto all = booklets();
    const int what = all.empty() ? 4 : random.integer(0, 4);
    bool took = false;
    if (what == 0) took = split_booklet(office(), any_of(all), random.integer(1, 3)).has_value();
    if (what == 1) took = merge_booklets(office(), exam, {any_of(all), any_of(all)}).has_value();
    if (what == 2) {
      std::vector<ArrangedFace> faces;
      std::set<FaceId> chosen;
      for (int i = random.integer(1, 6); i > 0; --i)
        if (const FaceId face = any_of(every); chosen.insert(face).second)
          faces.push_back({face, random.chance(0.3) ? std::optional(90 * random.integer(0, 3)) : std::nullopt});
      took = arrange_faces(office(), any_of(all), faces).has_value();
    }
    if (what == 3) took = delete_booklet(office(), any_of(all)).has_value();
    if (what == 4 && done > 0) {
      ASSERT_NE(undone(), "undo.built_upon");
      --done;
    }
    done += took ? 1 : 0;
    ASSERT_THAT(faults(exam), IsEmpty()) << "after step " << step << " of kind " << what;
    ASSERT_EQ(placing(exam).size(), before.size());
  }
  while (done-- > 0) ASSERT_NE(undone(), "undo.built_upon");
  EXPECT_EQ(placing(exam), before);
  EXPECT_THAT(faults(exam), IsEmpty());
}

}  // namespace
}  // namespace korrigo::copies

#include "grading/lock.h"

#include "grading/grading_tests.h"

namespace korrigo::grading {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Locks : public GradingTest {
 protected:
  Result<Lock> keep(const Marker& who, std::chrono::seconds lasts = kLockLasts) {
    return run([&](Transaction& t) { return keep_lock(t, copy, who, lasts, clock.now()); });
  }
  Result<void> release(const Marker& who) {
    return run([&](Transaction& t) { return release_lock(t, copy, who, clock.now()); });
  }
  std::vector<Lock> shown() {
    return run([&](Transaction& t) { return locks_of(t, copy, clock.now()); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Locks);

TEST_P(Locks, make_a_copy_locked_and_ready_again_271_275_279) {
  const auto taken = take(marie, copy);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_TRUE(taken->is_new);
  EXPECT_EQ(taken->lock.expires_at, kNow + kLockLasts);
  EXPECT_EQ(status(copy), "LOCKED");
  Marker with_token = marie;
  with_token.token = taken->lock.token;
  ASSERT_TRUE(release(with_token));
  EXPECT_EQ(status(copy), "READY");
  EXPECT_EQ(events(copy, "LOCK"), 1);
  EXPECT_EQ(events(copy, "UNLOCK"), 1);
  static constexpr storage::Statement kMetadata{"test.metadata",
                                                "SELECT metadata FROM grading_event WHERE copy_id = $1"};
  run([&](Transaction& t) {
    for (const storage::Row& row : t.rows(kMetadata, copy))
      EXPECT_THAT(row.get<std::string>(0), Not(HasSubstr(with_token.token)));
  });
  EXPECT_EQ(code(release(with_token)), "lock.not_found");
}

TEST_P(Locks, are_one_corrector_s_and_tell_the_next_whose_272) {
  const Marker holder = locking(marie, copy);
  std::optional<Lock> told;
  const auto second = run([&](Transaction& t) { return take_lock(t, copy, office_marker, {}, clock.now(), &told); });
  EXPECT_EQ(code(second), "lock.taken");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->owner, marie.user);
  EXPECT_EQ(told->owner_name, "marie");
  clock.advance(std::chrono::minutes(10));
  const auto again = take(marie, copy);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->is_new);
  EXPECT_EQ(again->lock.token, holder.token);
  EXPECT_EQ(again->lock.expires_at, clock.now() + kLockLasts);
  EXPECT_EQ(code(take(paul, copy)), "auth.forbidden") << "not his copy";
}

TEST_P(Locks, are_for_copies_that_can_be_marked_273) {
  set_status(copy, "STAGING");
  EXPECT_EQ(code(take(marie, copy)), "copy.not_markable");
  set_status(copy, "QUARANTINE");
  EXPECT_EQ(code(take(marie, copy)), "copy.not_markable");
  set_status(copy, "GRADED");
  EXPECT_EQ(code(take(marie, copy)), "copy.graded");
  EXPECT_EQ(code(take(marie, CopyId(make_uuid_v4()))), "copy.not_found");
}

TEST_P(Locks, last_as_long_as_somebody_is_there_274_278) {
  const Marker holder = locking(marie, copy);
  clock.advance(std::chrono::minutes(29));
  EXPECT_EQ(keep(holder)->expires_at, clock.now() + kLockLasts);
  EXPECT_EQ(keep(holder, std::chrono::seconds(60))->expires_at, clock.now() + kLockLasts) << "never shorter";
  EXPECT_EQ(keep(holder, std::chrono::hours(9))->expires_at, clock.now() + kLongestLock);
  EXPECT_EQ(code(keep(marie)), "lock.required");
  Marker wrong = marie;
  wrong.token = std::string(64, '0');
  EXPECT_EQ(code(keep(wrong)), "lock.wrong_token");
  EXPECT_EQ(code(release(wrong)), "lock.wrong_token");
  clock.advance(kLongestLock);
  EXPECT_EQ(code(keep(holder)), "lock.not_found");
  EXPECT_EQ(code(score(holder, copy, {{"q1", 100}})), "lock.expired");
}

TEST_P(Locks, that_are_over_count_as_none_276) {
  const Marker holder = locking(marie, copy);
  clock.advance(kLockLasts);
  EXPECT_THAT(shown(), IsEmpty());
  const Marker next = locking(office_marker, copy);
  EXPECT_EQ(status(copy), "LOCKED");
  EXPECT_EQ(events(copy, "UNLOCK"), 1);
  EXPECT_EQ(code(score(holder, copy, {{"q1", 100}})), "lock.wrong_token");
  EXPECT_TRUE(score(next, copy, {{"q1", 100}}));
}

TEST_P(Locks, that_are_over_are_swept_up) {
  const CopyId other = ready_copy(marie.user);
  locking(marie, copy);
  clock.advance(std::chrono::minutes(20));
  locking(marie, other);
  clock.advance(std::chrono::minutes(15));
  EXPECT_EQ(release_expired_locks(database(), clock.now()), 1);
  EXPECT_EQ(status(copy), "READY");
  EXPECT_EQ(status(other), "LOCKED");
  EXPECT_EQ(release_expired_locks(database(), clock.now()), 0);
}

TEST_P(Locks, for_marking_offline_last_a_working_day) {
  const Marker holder = locking(marie, copy, {.offline = true});
  clock.advance(std::chrono::hours(11));
  EXPECT_TRUE(score(holder, copy, {{"q1", 100}}));
  EXPECT_EQ(keep(holder)->expires_at, kNow + kOfflineLease) << "a heartbeat does not shorten it";
}

TEST_P(Locks, can_be_taken_away_by_the_office) {
  const Marker holder = locking(marie, copy);
  const auto force = [&] {
    return run([&](Transaction& t) { return force_unlock(t, copy, office_user, clock.now()); });
  };
  ASSERT_TRUE(force());
  EXPECT_EQ(status(copy), "READY");
  EXPECT_EQ(code(score(holder, copy, {{"q1", 100}})), "lock.wrong_token");
  EXPECT_EQ(code(force()), "copy.not_locked");
}

TEST_P(Locks, of_exercises_stand_side_by_side) {
  static constexpr storage::Statement kPart{
      "test.part",
      "INSERT INTO exercise_assignment (copy_id, exercise_id, corrector_id, assigned_at) VALUES ($1, 'ex2', $2, 0)"};
  sql(kPart, copy, paul.user);
  const Marker first = locking(marie, copy, {.exercise = "ex1"}), second = locking(paul, copy, {.exercise = "ex2"});
  EXPECT_THAT(shown(), SizeIs(2));
  EXPECT_EQ(code(take(office_marker, copy)), "lock.taken");
  EXPECT_EQ(code(take(office_marker, copy, {.exercise = "ex2"})), "lock.taken");
  EXPECT_EQ(code(take(office_marker, copy, {.exercise = "q1"})), "lock.unknown_exercise");
  EXPECT_TRUE(score(first, copy, {{"q1", 100}}));
  EXPECT_TRUE(score(second, copy, {{"ex2", 800}}));
  EXPECT_EQ(code(score(second, copy, {{"q1", 200}})), "lock.wrong_scope");
  EXPECT_EQ(code(take(paul, copy, {.exercise = "ex1"})), "auth.forbidden") << "not his exercise";
  EXPECT_EQ(code(score(second, copy, {{"q1", 200}, {"ex2", 0}})), "lock.wrong_scope");
  NewAnnotation unlinked = comment();
  unlinked.score_delta = 100;
  EXPECT_EQ(code(annotate(second, copy, unlinked)), "lock.wrong_scope");
  ASSERT_TRUE(release(first));
  EXPECT_EQ(status(copy), "LOCKED");
  ASSERT_TRUE(release(second));
  EXPECT_EQ(status(copy), "READY");
}

TEST_P(Locks, of_all_that_somebody_was_given_come_with_one_token) {
  static constexpr storage::Statement kGive{
      "test.give",
      "INSERT INTO exercise_assignment (copy_id, exercise_id, corrector_id, assigned_at) VALUES ($1, $2, $3, 0)"};
  static constexpr storage::Statement kTakeBack{"test.take_back",
                                                "DELETE FROM exercise_assignment WHERE exercise_id = $1"};
  const Marker louise{add_user("louise", "TEACHER"), false, {}};
  sql(kGive, copy, "ex2", paul.user);
  sql(kGive, copy, "soin", paul.user);
  sql(kGive, copy, "ex1", louise.user);
  const auto taken = take(paul, copy);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_THAT(taken->lock.exercises, testing::ElementsAre("ex2", "soin"));
  Marker second = paul;
  second.token = taken->lock.token;
  EXPECT_EQ(take(paul, copy)->lock.token, second.token) << "his already";
  EXPECT_TRUE(score(second, copy, {{"ex2", 800}, {"soin", 50}}));
  EXPECT_EQ(code(score(second, copy, {{"q1", 100}})), "lock.wrong_scope");
  const Marker first = locking(louise, copy);
  EXPECT_THAT(shown(), SizeIs(2));
  EXPECT_EQ(code(take(marie, copy)), "lock.taken") << "the whole copy";
  EXPECT_TRUE(score(first, copy, {{"q1", 100}, {"q2", 200}}));
  EXPECT_EQ(code(end(second, copy)), "copy.others_marking");
  ASSERT_TRUE(release(first));
  EXPECT_TRUE(end(second, copy)) << "everything is scored, and nobody else is there";
  EXPECT_EQ(status(copy), "GRADED");

  const CopyId other = ready_copy(marie.user);
  sql(kGive, other, "ex1", paul.user);
  const Marker one = locking(paul, other);
  EXPECT_EQ(code(end(one, other)), "copy.incomplete");
  sql(kGive, other, "ex2", paul.user);
  const Marker both = locking(paul, other);
  EXPECT_EQ(code(score(one, other, {{"q1", 100}})), "lock.wrong_token") << "given back for the wider one";
  EXPECT_TRUE(score(both, other, {{"q1", 100}, {"ex2", 0}}));
  ASSERT_TRUE(run([&](Transaction& t) { return release_lock(t, other, both, clock.now()); }));
  EXPECT_EQ(status(other), "READY");
  sql(kTakeBack, "ex1");
  EXPECT_THAT(take(paul, other)->lock.exercises, testing::ElementsAre("ex2"));
}

/// State and lock of one copy as they should be, whatever two people do and the clock says.
class LockModel : public Locks {
 protected:
  bool is_held_by(std::size_t who) const { return holder && *holder == who && clock.now() < until; }

  void lock(std::size_t who) {
    const bool is_free = !holder || clock.now() >= until || *holder == who;
    const auto taken = take(people[who], of);
    ASSERT_EQ(taken.has_value(), state != "GRADED" && is_free) << code(taken);
    if (!taken) return;
    people[who].token = taken->lock.token;
    state = "LOCKED";
    holder = who;
    until = clock.now() + kLockLasts;
  }
  void unlock(std::size_t who) {
    const auto released = run([&](Transaction& t) { return release_lock(t, of, people[who], clock.now()); });
    ASSERT_EQ(released.has_value(), is_held_by(who)) << code(released);
    if (released) free("READY");
  }
  void sweep() {
    const bool is_over = holder && clock.now() >= until;
    release_expired_locks(database(), clock.now());
    if (is_over) free("READY");
  }
  void write(std::size_t who, std::int64_t points) {
    const auto written = score(people[who], of, {{"q1", points}, {"q2", 0}, {"ex2", 0}});
    ASSERT_EQ(written.has_value(), is_held_by(who)) << code(written);
    if (written) is_complete = true;
  }
  void finish(std::size_t who) {
    const auto ended = end(people[who], of);
    ASSERT_EQ(ended.has_value(), is_held_by(who) && is_complete) << code(ended);
    if (ended) free("GRADED");
  }
  void open_again() {
    const auto opened =
        run([&](Transaction& t) { return grading::reopen(t, of, "Erreur", {.user = office_user}, clock.now()); });
    ASSERT_EQ(opened.has_value(), state == "GRADED") << code(opened);
    if (opened) state = "READY";
  }
  void free(std::string_view now) {
    state = now;
    holder.reset();
  }
  void begin() {
    of = ready_copy(marie.user);
    people = {marie, office_marker};
    is_complete = false;
    free("READY");
  }

  CopyId of;
  std::vector<Marker> people;
  std::string state;
  bool is_complete = false;
  std::optional<std::size_t> holder;
  UtcTime until{};
};
KORRIGO_ON_BOTH_ENGINES(LockModel);

TEST_P(LockModel, is_followed_step_by_step) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Random random(seed);
    begin();
    for (int step = 0; step < 60 && !HasFatalFailure(); ++step) {
      const auto who = static_cast<std::size_t>(random.integer(0, 1));
      const std::vector<std::function<void()>> acts = {
          [&] { lock(who); },
          [&] { unlock(who); },
          [&] { clock.advance(std::chrono::minutes(random.integer(1, 40))); },
          [&] { sweep(); },
          [&] { write(who, 25 * random.integer(0, 20)); },
          [&] { finish(who); },
          [&] { open_again(); },
      };
      acts[static_cast<std::size_t>(random.integer(0, 6))]();
      ASSERT_EQ(status(of), state) << seed << ' ' << step;
    }
  }
}

}  // namespace
}  // namespace korrigo::grading

"""behaviours.md, section 16: locks."""

import time

from marking import ALL, BOX, GradingTest
from service import on_both_databases


@on_both_databases
class Locks(GradingTest):
    def test_228_271_275_279_a_lock_makes_a_copy_locked_until_it_is_released(self):
        path, key = self.locked()
        self.assertEqual(self.status(path), "LOCKED")
        [lock] = self.marie.get(path + "lock/", expect=200).json["locks"]
        self.assertEqual((lock["owner"], lock["is_mine"], lock["exercise_ids"]), ("marie", True, None))
        self.refused(self.marie.delete(path + "lock/"), 403, "lock.required")
        self.refused(self.marie.delete(path + "lock/", headers={"X-Lock-Token": "x"}), 403, "lock.wrong_token")
        self.marie.delete(path + "lock/", headers=key, expect=204)
        self.assertEqual(self.status(path), "READY")
        self.assertEqual(self.history(path)[:2], ["UNLOCK", "LOCK"])
        self.assertNotIn(key["X-Lock-Token"], self.admin.get(path + "audit/").body.decode())

    def test_272_the_second_is_told_who_has_it(self):
        path, key = self.locked()
        body = self.refused(self.admin.post(path + "lock/"), 409, "lock.taken")
        self.assertEqual((body["details"][0]["owner_id"], body["details"][0]["owner"]), (self.marie_id, "marie"))
        self.assertEqual(self.lock(path, expect=200), key)
        self.refused(self.paul.post(path + "lock/"), 403, "auth.forbidden")

    def test_273_only_what_can_be_marked(self):
        path = self.graded()
        self.refused(self.marie.post(path + "lock/"), 409, "copy.graded")
        path = self.assigned(1)
        self.service.rows(f"update copy set status = 'STAGING' where id = '{self.copies[1]}'")
        self.refused(self.marie.post(path + "lock/"), 409, "copy.not_markable")

    def test_274_276_heartbeat_and_end(self):
        path, key = self.locked()
        self.marie.post(path + "lock/heartbeat/", headers=key, expect=200)
        self.refused(self.marie.post(path + "lock/heartbeat/", headers={"X-Lock-Token": "x"}), 403, "lock.wrong_token")
        self.expire(path)
        self.refused(self.marie.post(path + "lock/heartbeat/", headers=key), 404, "lock.not_found")
        self.refused(self.marie.put(path + "scores/", {"scores_data": {"q1": 1}}, headers=key), 403, "lock.expired")
        self.lock(path, self.admin)
        self.refused(self.marie.put(path + "scores/", {"scores_data": {"q1": 1}}, headers=key), 403, "lock.wrong_token")

    def test_277_everything_that_writes_needs_the_token(self):
        path, _ = self.locked()
        calls = [("POST", "annotations/", BOX), ("PUT", "draft/", {"payload": {}, "client_id": "a"}), ("POST", "finalize/", None), ("PUT", "scores/", {"scores_data": {}}),
                 ("POST", "remarks/", {"question_id": "q1", "remark": "x"}), ("PUT", "global-appreciation/", {"global_appreciation": "x"})]
        for method, part, body in calls:
            with self.subTest(part=part):
                self.refused(self.marie.request(method, path + part, body), 403, "lock.required")
                self.refused(self.marie.request(method, path + part, body, headers={"X-Lock-Token": "0" * 64}), 403, "lock.wrong_token")

    def test_278_how_long(self):
        path = self.assigned()
        for seconds in (0, -5):
            self.refused(self.marie.post(path + "lock/", {"ttl_seconds": seconds}), 400, "request.invalid")
        key = self.lock(path, ttl_seconds=100000)
        [lock] = self.marie.get(path + "lock/").json["locks"]
        hour = time.mktime(time.strptime(lock["expires_at"][:19], "%Y-%m-%dT%H:%M:%S")) - time.mktime(time.strptime(lock["locked_at"][:19], "%Y-%m-%dT%H:%M:%S"))
        self.assertAlmostEqual(hour, 3600, delta=2)
        self.marie.delete(path + "lock/", headers=key, expect=204)

    def test_the_office_takes_a_lock_away(self):
        path, key = self.locked()
        freed = self.admin.post(f"/api/copies/{self.copies[0]}/force-unlock/", expect=200).json
        self.assertEqual((freed["status"], freed["locked_by_id"]), ("READY", None))
        self.refused(self.marie.put(path + "scores/", {"scores_data": {"q1": 1}}, headers=key), 403, "lock.wrong_token")
        self.refused(self.admin.post(f"/api/copies/{self.copies[0]}/force-unlock/"), 409, "copy.not_locked")

    def test_exercises_are_locked_side_by_side(self):
        path = self.assigned()
        self.admin.post(f"/api/copies/{self.copies[0]}/assign/", {"corrector_id": self.paul_id, "exercise_id": "ex2"}, expect=200)
        first, second = self.lock(path, exercise_id="ex1"), self.lock(path, self.paul, exercise_id="ex2")
        self.marie.put(path + "scores/", {"scores_data": {"q1": 1}}, headers=first, expect=200)
        self.paul.put(path + "scores/", {"scores_data": {"ex2": 8}}, headers=second, expect=200)
        self.refused(self.paul.put(path + "scores/", {"scores_data": {"q2": 1}}, headers=second), 403, "lock.wrong_scope")
        self.assertEqual(self.marie.get(path + "scores/").json["total"], 9)

    def test_who_has_exercises_of_a_copy_locks_and_sees_just_these(self):
        path = self.assigned()
        for exercise in ("ex2", "ex1"):
            self.admin.post(f"/api/copies/{self.copies[0]}/assign/", {"corrector_id": self.paul_id, "exercise_id": exercise}, expect=200)
        shown = self.admin.get(f"/api/copies/{self.copies[0]}/", expect=200).json["copy"]
        self.assertEqual(shown["exercise_correctors"], [{"exercise_id": one, "corrector_id": self.paul_id} for one in ("ex1", "ex2")])
        [paul] = [one for one in self.admin.get(f"/api/exams/{self.exam}/correctors/").json["results"] if one["user_id"] == self.paul_id]
        self.assertEqual((paul["copies_assigned"], paul["exercises_assigned"]), (0, 2))
        self.refused(self.admin.put(f"/api/exams/{self.exam}/correctors/", {"corrector_ids": [self.marie_id]}), 409, "corrector.has_copies")
        [mine] = self.paul.get(f"/api/copies/?exam={self.exam}", expect=200).json["results"]
        self.assertEqual(mine["exercise_ids"], ["ex1", "ex2"])
        self.assertIsNone(self.marie.get(f"/api/copies/?exam={self.exam}", expect=200).json["results"][0]["exercise_ids"])
        taken = self.paul.post(path + "lock/", {}, expect=201).json
        self.assertEqual(taken["exercise_ids"], ["ex1", "ex2"])
        self.assertEqual(self.marie.get(path + "lock/").json["locks"][0]["exercise_ids"], ["ex1", "ex2"])
        self.refused(self.marie.post(path + "lock/", {}), 409, "lock.taken")
        key = {"X-Lock-Token": taken["token"]}
        self.paul.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.refused(self.paul.put(path + "global-appreciation/", {"global_appreciation": "Bien"}, headers=key), 403, "lock.wrong_scope")
        self.assertEqual(self.paul.post(path + "finalize/", headers=key, expect=200).json["status"], "GRADED")

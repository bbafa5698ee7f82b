"""behaviours.md, section 8: copies go to correctors; what they must not see."""

from exams import copies_of
from marking import ALL, BOX, GradingTest
from service import on_both_databases


@on_both_databases
class Dispatch(GradingTest):
    count = 7

    def run_it(self, **options):
        return self.admin.post(f"/api/exams/{self.exam}/dispatch/", options)

    def test_158_no_corrector(self):
        self.appoint(self.exam, [])
        self.refused(self.run_it(), 400, "dispatch.no_corrector")

    def test_159_nothing_to_dispatch(self):
        exam, _ = self.made_exam(0)
        answer = self.admin.post(f"/api/exams/{exam}/dispatch/", expect=200).json
        self.assertEqual((answer["copies_assigned"], answer["dispatch_run"]), (0, None))
        self.assertTrue(answer["message"])

    def test_160_161_164_165_168_copies_are_shared_out_evenly(self):
        answer = self.run_it().json
        self.assertEqual((answer["copies_assigned"], answer["correctors"], answer["min"], answer["max"]), (7, 2, 3, 4))
        self.assertEqual(sum(entry["assigned"] for entry in answer["distribution"]), 7)
        copies = copies_of(self.admin, self.exam)
        self.assertEqual({copy["dispatch_run"] for copy in copies}, {answer["dispatch_run"]})
        self.assertTrue(all(copy["assigned_at"] for copy in copies))
        own = self.marie.all(f"/api/exams/{self.exam}/copies/")
        self.assertEqual({copy["id"] for copy in own}, {copy["id"] for copy in copies if copy["assigned_corrector_id"] == self.marie_id})
        self.refused(self.marie.post(f"/api/exams/{self.exam}/dispatch/"), 403, "auth.forbidden")

    def test_162_163_167_171_what_is_assigned_stays(self):
        graded = self.graded(0)
        for index in (1, 2):
            self.assigned(index)
        answer = self.run_it().json
        self.assertEqual((answer["copies_assigned"], answer["min"], answer["max"]), (4, 3, 4))
        mine = {copy["id"] for copy in self.marie.all(f"/api/exams/{self.exam}/copies/")}
        self.assertLessEqual(set(self.copies[:3]), mine)
        self.assertEqual(self.status(graded), "GRADED")
        again = self.run_it().json
        self.assertEqual(again["copies_assigned"], 0)

    def test_156_157_quarantined_copies_reach_nobody(self):
        doubtful = self.copies[0]
        self.service.rows(f"update copy set status = 'STAGING' where id = '{doubtful}'")
        self.refused(self.admin.post(f"/api/copies/{doubtful}/quarantine/", {}), 400, "request.invalid")
        aside = self.admin.post(f"/api/copies/{doubtful}/quarantine/", {"reason": "Deux noms"}, expect=200).json
        self.assertEqual((aside["status"], aside["status_reason"]), ("QUARANTINE", "Deux noms"))
        self.assertEqual(self.run_it().json["copies_assigned"], 6)
        self.refused(self.admin.post(f"/api/copies/{doubtful}/assign/", {"corrector_id": self.marie_id}), 409, "copy.not_ready")
        back = self.admin.post(f"/api/copies/{doubtful}/restore/", {"validate": True}, expect=200).json
        self.assertEqual((back["status"], back["status_reason"]), ("READY", None))
        self.refused(self.admin.post(f"/api/copies/{doubtful}/restore/"), 409, "copy.not_quarantined")

    def test_a_corrector_s_copy_says_what_may_be_done(self):
        path = self.assigned()

        def permissions():
            [listed] = self.marie.all(f"/api/exams/{self.exam}/copies/")
            shown = self.marie.get(f"/api/copies/{self.copies[0]}/", expect=200).json["copy"]
            self.assertEqual(listed["permissions"], shown["permissions"])
            return shown["permissions"]
        self.assertEqual(permissions(), {"mark": True, "finalise": True})
        key = self.lock(path)
        self.assertEqual(permissions(), {"mark": True, "finalise": True})
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.marie.post(path + "finalize/", headers=key, expect=200)
        self.assertEqual(permissions(), {"mark": False, "finalise": False})

    def test_166_an_unknown_corrector_assigns_nothing(self):
        self.refused(self.run_it(corrector_ids=[self.marie_id, self.office_id]), 400, "corrector.unknown")
        self.assertEqual({copy["assigned_corrector_id"] for copy in copies_of(self.admin, self.exam)}, {None})

    def test_a_copy_with_marks_is_transferred(self):
        path, key = self.locked()
        copy = self.copies[0]
        self.marie.put(path + "scores/", {"scores_data": {"q1": 1}}, headers=key, expect=200)
        to_paul = {"corrector_id": self.paul_id}
        self.refused(self.admin.post(f"/api/copies/{copy}/transfer/", to_paul), 409, "copy.locked")
        self.marie.delete(path + "lock/", headers=key, expect=204)
        self.refused(self.admin.post(f"/api/copies/{copy}/assign/", to_paul), 409, "copy.started")
        self.admin.post(f"/api/copies/{copy}/transfer/", to_paul, expect=200)
        self.refused(self.marie.get(path + "scores/"), 403, "auth.forbidden")
        self.assertEqual(self.paul.get(path + "scores/", expect=200).json["scores_data"], {"q1": 1})


@on_both_databases
class Anonymity(GradingTest):
    def test_170_nothing_a_teacher_gets_leads_to_a_student(self):
        path, key = self.locked()
        copy = self.copies[0]
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.marie.post(path + "annotations/", BOX, headers=key, expect=201)
        self.marie.post(path + "finalize/", headers=key, expect=200)
        told = ""
        for part in (f"/api/copies/{copy}/", f"/api/exams/{self.exam}/copies/", "/api/copies/", path + "audit/", path + "annotations/", path + "scores/", path + "remarks/",
                     path + "lock/", path + "operations/", f"/api/grading/exams/{self.exam}/questions/q1/copies/", f"/api/grading/exams/{self.exam}/grading-structure/"):
            told += self.marie.get(part, expect=200).body.decode().lower()
        for secret in ("secret.nom", "student", "identif", "header", "source", "import", "validat", "dispatch", "assign", "confidence"):
            self.assertNotIn(secret, told)

    def test_169_a_copy_that_is_not_one_s_own(self):
        for index, to in ((0, self.paul_id), (1, None)):
            path = self.assigned(index, to) if to else f"/api/grading/copies/{self.copies[index]}/"
            for part in ("scores/", "annotations/", "remarks/", "lock/", "draft/", "audit/", "operations/", "global-appreciation/"):
                self.refused(self.marie.get(path + part), 403, "auth.forbidden")
            self.refused(self.marie.post(path + "lock/"), 403, "auth.forbidden")
            self.refused(self.marie.get(f"/api/copies/{self.copies[index]}/"), 403, "auth.forbidden")

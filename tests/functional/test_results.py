"""behaviours.md, section 13 and what students see of section 3: release, results, statistics."""

import statistics

import recomputed as own
from marking import UNKNOWN
from published import PublicationTest, text_of
from service import on_both_databases


@on_both_databases
class Results(PublicationTest):
    def test_045_046_047_229_231_release_and_withdrawal(self):
        self.marked(appreciation="Bien.")
        student, other = self.student(0), self.student(1)
        self.assertEqual(student.all("/api/students/copies/"), [])
        self.refused(self.final(client=student, expect=403), 403, "results.not_released")
        first = self.release()
        self.assertEqual((first["copies_count"], self.release()["results_released_at"]), (1, first["results_released_at"]))
        self.assertEqual(self.admin.get(f"/api/exams/{self.exam}/").json["results_released_at"], first["results_released_at"])
        self.assertEqual([copy["id"] for copy in student.all("/api/students/copies/")], [self.copies[0]])
        self.assertEqual(other.all("/api/students/copies/"), [], "not marked yet")
        self.assertEqual(self.history(f"/api/grading/copies/{self.copies[0]}/").count("RELEASE"), 1)
        withdrawn = self.admin.post(f"/api/exams/{self.exam}/unrelease-results/", expect=200).json
        self.assertIsNone(withdrawn["results_released_at"])
        self.assertEqual(student.all("/api/students/copies/"), [])

    def test_044_049_050_051_052_own_copies_and_no_others(self):
        self.marked(0)
        self.release()
        student, other = self.student(0), self.student(1)
        self.assertEqual(self.final(0, student).body[:5], b"%PDF-")
        self.assertIn(self.students[0]["last_name"], text_of(self.final(0, student).body))
        self.refused(self.final(0, other, expect=403), 403, "auth.forbidden")
        self.refused(self.final(1, other, expect=403), 403, "final_pdf.not_graded")
        self.refused(student.get(f"/api/copies/{UNKNOWN}/final-pdf/"), 404, "copy.not_found")
        self.refused(other.get(f"/api/students/copies/{self.copies[0]}/annotations/"), 403, "auth.forbidden")
        for path in (f"/api/copies/{self.copies[0]}/", f"/api/copies/{self.copies[0]}/pdf/", f"/api/exams/{self.exam}/statistics/"):
            self.refused(student.get(path), 403, "auth.forbidden")

    def test_048_anonymous(self):
        self.refused(self.anonymous().get("/api/students/copies/"), 401, "auth.required")

    def test_059_060_what_a_copy_tells(self):
        self.marked(annotations=[{"content": "Bien", "score_delta": 0.25}], remarks=[("q1", "Juste")], appreciation="Très bien")
        self.release()
        listed, downloads = self.audited("copy.list"), self.audited("copy.download")
        student = self.student()
        [copy] = student.all("/api/students/copies/")
        self.assertEqual((copy["total_score"], copy["maximum"], copy["global_appreciation"]), (10, 20, "Très bien"))
        self.assertEqual([(entry["question_id"], entry["points"], entry["maximum"]) for entry in copy["scores_details"]], [("q1", 2.75, 5), ("q2", 7, 7), ("ex2", 0, 8)])
        self.assertEqual(copy["remarks"], [{"question_id": "q1", "remark": "Juste"}])
        student.get(copy["final_pdf_url"], expect=200)
        self.assertEqual((self.audited("copy.list"), self.audited("copy.download")), (listed + 1, downloads + 1))
        [annotation] = student.all(f"/api/students/copies/{copy['id']}/annotations/")
        self.assertEqual((annotation["content"], annotation["score_delta"]), ("Bien", 0.25))

    def test_230_not_for_teachers(self):
        for word in ("release", "unrelease"):
            self.refused(self.marie.post(f"/api/exams/{self.exam}/{word}-results/"), 403, "auth.forbidden")
            self.refused(self.anonymous().post(f"/api/exams/{self.exam}/{word}-results/"), 401, "auth.required")
            self.refused(self.admin.post(f"/api/exams/{UNKNOWN}/{word}-results/"), 404, "exam.not_found")

    def test_readiness(self):
        path = f"/api/exams/{self.exam}/readiness-check/"
        before = self.admin.get(path, expect=200).json
        self.assertEqual((before["is_ready"], before["graded_count"], [(entry["code"], entry["count"]) for entry in before["obstacles"]]), (False, 0, [("not_graded", 2)]))
        for index in (0, 1):
            self.marked(index)
        self.assertEqual(self.admin.get(path, expect=200).json["obstacles"], [])


@on_both_databases
class Statistics(PublicationTest):
    def figures(self, client=None):
        return (client or self.admin).get(f"/api/exams/{self.exam}/statistics/", expect=200).json

    def compare(self, told, values):
        for name, value in own.spread(values).items():
            self.assertAlmostEqual(told[name], value, places=5, msg=name)

    def test_232_figures_as_recomputed(self):
        self.exam, self.copies, self.students = self.exam_of_students(6, rotations=(0,))
        scores = [{"q1": 5, "q2": 7, "ex2": 8}, {"q1": 2.5, "q2": 3, "ex2": 4}, {"q1": 0, "q2": 1.25, "ex2": 2}, {"q1": 4, "q2": 6, "ex2": 3.5},
                  {"q1": 1, "q2": 0, "ex2": 0}, {"q1": 3, "q2": 5.5, "ex2": 7}]
        for index, entry in enumerate(scores):
            self.marked(index, entry, to=self.paul_id if index % 3 == 0 else self.marie_id, wait=False)
        told = self.figures()
        totals = [sum(entry.values()) for entry in scores]
        self.compare(told, totals)
        self.assertEqual(sum(bar["count"] for bar in told["histogram"]), 6)
        for bar in told["histogram"]:
            last = bar["to"] == told["maximum"]
            self.assertEqual(bar["count"], sum(bar["from"] <= total < bar["to"] or (last and total == bar["to"]) for total in totals))
        for question in told["questions"]:
            points = [entry[question["question_id"]] for entry in scores]
            self.compare(question, points)
            rest = [total - value for total, value in zip(totals, points)]
            self.assertAlmostEqual(question["difficulty"], statistics.fmean(points) / question["maximum"], places=5)
            self.assertAlmostEqual(question["discrimination"], statistics.correlation(points, rest), places=5)
        parts = sum(statistics.pvariance([entry[name] for entry in scores]) for name in ("q1", "q2", "ex2"))
        self.assertAlmostEqual(told["reliability"], 3 / 2 * (1 - parts / statistics.pvariance(totals)), places=5)
        self.compare(next(entry for entry in told["classes"] if entry["class_name"] == "T1"), totals[0::2])
        lot = [total for index, total in enumerate(totals) if index % 3 == 0]
        self.compare(next(entry for entry in told["correctors"] if entry["corrector"] == "paul"), lot)
        pauls = self.figures(self.paul)
        self.compare(pauls, lot)
        self.assertEqual((pauls["classes"], [entry["corrector"] for entry in pauls["correctors"]]), ([], ["paul"]))
        # A mark given anew is seen at once.
        path = f"/api/grading/copies/{self.copies[0]}/"
        self.admin.post(path + "reopen/", {"reason": "x"}, expect=200)
        key = self.lock(path, self.paul)
        self.paul.put(path + "scores/", {"scores_data": {"q1": 0, "ex2": 8, "q2": 7}}, headers=key, expect=200)
        self.paul.post(path + "finalize/", headers=key, expect=200)
        scores[0] = {"q1": 0, "q2": 7, "ex2": 8}
        self.compare(next(entry for entry in self.figures()["questions"] if entry["question_id"] == "q1"), [entry["q1"] for entry in scores])

    def test_232_nothing_marked_and_not_one_s_exam(self):
        told = self.figures()
        self.assertEqual((told["count"], told["mean"], told["reliability"]), (0, None, None))
        self.appoint(self.exam, [self.paul_id])
        self.refused(self.marie.get(f"/api/exams/{self.exam}/statistics/"), 403, "auth.forbidden")

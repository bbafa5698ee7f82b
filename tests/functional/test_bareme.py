"""Another barème for copies that are marked: what it moves is shown, then applied or not (issue 5, point 3)."""

from marking import BAREME, GradingTest
from service import on_both_databases

# The second part of exercise 1 takes one point less, exercise 2 one more.
OTHER = [{"id": "ex1", "label": "Exercice 1", "points": 11, "children": [{"id": "q1", "label": "1.a", "points": 5}, {"id": "q2", "label": "1.b", "points": 6}]},
         {"id": "ex2", "label": "Exercice 2", "points": 9}]
EASIER = [{"id": "ex1", "label": "Exercice 1", "points": 12, "children": [{"id": "q1", "label": "1.a", "points": 5}, {"id": "q2", "label": "1.b", "points": 7}]},
          {"id": "ex2", "label": "Exercice 2", "points": 8, "children": [{"id": "ex2.a", "label": "2.a", "points": 8}]}]


@on_both_databases
class Bareme(GradingTest):
    def preview(self, structure, **more):
        return self.admin.post(f"/api/exams/{self.exam}/grading-structure/preview/", {"grading_structure": structure, **more})

    def apply(self, structure, fingerprint, **more):
        return self.admin.post(f"/api/exams/{self.exam}/grading-structure/", {"grading_structure": structure, "fingerprint": fingerprint, **more})

    def scored(self, index, scores):
        path, key = self.locked(index)
        self.marie.put(path + "scores/", {"scores_data": scores}, headers=key, expect=200)
        return path, key

    def final(self, index, scores):
        path, key = self.scored(index, scores)
        self.marie.post(path + "finalize/", headers=key, expect=200)
        return path

    def versions(self):
        return self.admin.get(f"/api/exams/{self.exam}/grading-structure/versions/", expect=200).json["results"]

    def test_before_marking_it_changes_at_once_and_every_one_is_kept(self):
        exam = f"/api/exams/{self.exam}/"
        self.admin.patch(exam, {"grading_structure": OTHER}, expect=200)
        self.admin.patch(exam, {"name": "Autre nom"}, expect=200)
        versions = self.versions()
        self.assertEqual([entry["version"] for entry in versions], [2, 1])
        self.assertEqual([entry["grading_structure"] for entry in versions], [OTHER, BAREME])
        self.assertEqual({entry["created_by"] for entry in versions}, {self.office_id})

    def test_after_marking_it_shows_first_what_moves(self):
        low, high = self.final(0, {"q1": 2, "q2": 5, "ex2": 3}), self.final(1, {"q1": 5, "q2": 7, "ex2": 8})
        begun, _ = self.scored(2, {"q1": 5})
        self.refused(self.admin.patch(f"/api/exams/{self.exam}/", {"grading_structure": OTHER}), 409, "bareme.in_use")
        self.admin.patch(f"/api/exams/{self.exam}/", {"grading_structure": BAREME}, expect=200)
        told = self.preview(OTHER).json
        self.assertEqual((told["version"], told["maximum_before"], told["maximum_after"]), (1, 20, 20))
        self.assertEqual((told["marked_count"], told["graded_count"]), (3, 2))
        self.assertEqual(told["questions_changed"], [{"question_id": "ex2", "points_before": 8, "points_after": 9},
                                                     {"question_id": "q2", "points_before": 7, "points_after": 6}])
        self.assertEqual([(copy["copy_id"], copy["total_before"], copy["total_after"], copy["to_score"], copy["reopened"]) for copy in told["copies"]],
                         [(self.copies[1], 20, 19, ["q2"], True)])
        self.assertEqual([(entry["reached_before"], entry["reached_after"]) for entry in told["thresholds"]], [(1, 1), (1, 1), (0, 0), (0, 0), (0, 0)])
        self.assertEqual([self.status(path) for path in (low, high, begun)], ["GRADED", "GRADED", "LOCKED"])
        self.assertEqual(self.admin.get(f"/api/exams/{self.exam}/").json["grading_structure"], BAREME)

    def test_then_applies_it(self):
        low, high = self.final(0, {"q1": 2, "q2": 5, "ex2": 3}), self.final(1, {"q1": 5, "q2": 7, "ex2": 8})
        self.refused(self.apply(OTHER, "0" * 64), 409, "bareme.preview_stale")
        told = self.preview(OTHER).json
        self.assertEqual(self.apply(OTHER, told["fingerprint"]).json, told)
        self.assertEqual([entry["version"] for entry in self.versions()], [2, 1])
        self.assertEqual((self.status(low), self.status(high)), ("GRADED", "READY"))
        # Nothing that was typed is lost: the score stays until another is given.
        scores = self.marie.get(high + "scores/", expect=200).json
        self.assertEqual((scores["scores_data"]["q2"], scores["total"], scores["unscored"]), (7, 19, ["q2"]))
        self.assertIn("REOPEN", self.history(high))
        key = self.lock(high)
        self.refused(self.marie.post(high + "finalize/", headers=key), 409, "copy.incomplete")
        self.marie.put(high + "scores/", {"scores_data": {"q2": 6}}, headers=key, expect=200)
        self.assertEqual(self.marie.post(high + "finalize/", headers=key, expect=200).json["total"], 19)
        self.refused(self.apply(OTHER, told["fingerprint"]), 409, "bareme.preview_stale")

    def test_what_was_marked_since_the_preview_makes_it_stale(self):
        path, key = self.scored(0, {"q1": 2, "q2": 7})
        told = self.preview(OTHER).json
        self.marie.put(path + "scores/", {"scores_data": {"q2": 6.5}}, headers=key, expect=200)
        self.refused(self.apply(OTHER, told["fingerprint"]), 409, "bareme.preview_stale")
        self.apply(OTHER, self.preview(OTHER).json["fingerprint"])
        self.refused(self.marie.put(path + "scores/", {"scores_data": {"q2": 6.5}}, headers=key), 400, "score.out_of_range")

    def test_scores_of_questions_that_go(self):
        path = self.final(0, {"q1": 2, "q2": 5, "ex2": 3})
        told = self.preview(EASIER).json
        self.assertEqual((told["questions_added"], told["questions_removed"]), (["ex2.a"], ["ex2"]))
        self.assertEqual([(copy["lost"], copy["to_score"], copy["total_after"]) for copy in told["copies"]], [(["ex2"], ["ex2.a"], 7)])
        self.apply(EASIER, told["fingerprint"])
        self.assertEqual(self.status(path), "READY")

    def test_not_a_bareme_not_an_exam_not_a_teacher(self):
        self.refused(self.preview([{"id": "a"}]), 422, "bareme.invalid")
        self.refused(self.preview("20"), 400, "request.invalid")
        self.refused(self.preview(OTHER, mark_step=0), 400, "request.invalid")
        self.refused(self.admin.post(f"/api/exams/{self.copies[0]}/grading-structure/preview/", {"grading_structure": OTHER}), 404, "exam.not_found")
        self.refused(self.marie.post(f"/api/exams/{self.exam}/grading-structure/preview/", {"grading_structure": OTHER}), 403, "auth.forbidden")

    def test_not_while_the_results_are_out(self):
        self.final(0, {"q1": 2, "q2": 5, "ex2": 3})
        told = self.preview(OTHER).json
        self.service.rows(f"update exam set results_released_at = 1 where id = '{self.exam}'")
        self.refused(self.apply(OTHER, told["fingerprint"]), 409, "bareme.released")


del GradingTest

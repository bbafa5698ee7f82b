"""behaviours.md, section 14: banks of remarks and suggestions."""

import uuid

from marking import GradingTest, UNKNOWN
from service import on_both_databases


@on_both_databases
class Banks(GradingTest):
    def test_249_250_suggestions(self):
        self.assigned()
        templates = f"/api/grading/exams/{self.exam}/templates/"
        for text, question in (("Méthode juste", None), ("Calcul à revoir", "q1"), ("Hors sujet", "ex2")):
            self.marie.post(templates, {"text": text, "question_id": question, "criterion_type": "Méthode"}, expect=201)
        mine = f"Élève {uuid.uuid4()}"
        self.marie.post("/api/grading/my-annotations/", {"text": mine}, expect=201)
        found = self.marie.get(f"/api/grading/exams/{self.exam}/suggestions/?question=q1", expect=200).json
        self.assertEqual([entry["text"] for entry in found["templates"]], ["Calcul à revoir", "Méthode juste"])
        found = self.marie.get(f"/api/grading/exams/{self.exam}/suggestions/?q=eleve {mine[6:14]}".replace(" ", "%20"), expect=200).json
        self.assertEqual([entry["text"] for entry in found["own"]], [mine])
        self.assertNotIn(mine, self.paul.get(f"/api/grading/exams/{self.exam}/suggestions/").body.decode())

    def test_an_exam_s_bank(self):
        templates = f"/api/grading/exams/{self.exam}/templates/"
        one = templates + self.marie.post(templates, {"text": "Juste", "score_delta": 0.5}, expect=201).json["id"] + "/"
        self.assertEqual(self.marie.patch(one, {"text": " Très juste "}, expect=200).json["text"], "Très juste")
        self.refused(self.paul.patch(one, {"text": "x"}), 403, "template.foreign")
        self.refused(self.marie.post(templates, {"text": "  "}), 400, "request.invalid")
        self.assertEqual([entry["score_delta"] for entry in self.paul.all(templates)], [0.5])
        self.admin.delete(one, expect=204)
        self.refused(self.marie.delete(one), 404, "template.not_found")
        self.appoint(self.exam, [self.marie_id])
        self.refused(self.paul.get(templates), 403, "auth.forbidden")

    def test_251_252_253_one_s_own_bank(self):
        bank, text = "/api/grading/my-annotations/", f"Justifiez {uuid.uuid4()}"
        first = self.marie.post(bank, {"text": text, "exam_id": self.exam}, expect=201).json
        self.assertEqual(self.marie.post(bank, {"text": text}, expect=200).json["usage_count"], 2)
        self.refused(self.marie.post(bank, {"text": " "}), 400, "request.invalid")
        self.refused(self.marie.post(bank, {"text": "x", "exam_id": UNKNOWN}), 400, "request.invalid")
        one = f"{bank}{first['id']}/"
        used = self.marie.post(one + "use/", expect=200).json
        self.assertEqual(used["usage_count"], 3)
        self.assertTrue(used["last_used_at"])
        self.refused(self.paul.delete(one), 404, "own_remark.not_found")
        self.refused(self.paul.post(one + "use/"), 404, "own_remark.not_found")
        self.marie.delete(one, expect=204)
        self.assertNotIn(text, [entry["text"] for entry in self.marie.all(bank)])

    def test_254_not_without_log_in(self):
        for path in ("/api/grading/my-annotations/", f"/api/grading/exams/{self.exam}/templates/", f"/api/grading/exams/{self.exam}/suggestions/"):
            self.refused(self.anonymous().get(path), 401, "auth.required")

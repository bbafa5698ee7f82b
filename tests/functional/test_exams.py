"""Exams, their rosters and their correctors."""

from client import csv
from samples import people
from service import ServiceTest, on_both_databases


@on_both_databases
class Exams(ServiceTest):
    def exam(self):
        return self.admin.post("/api/exams/", {"name": "Liste", "date": "2026-02-03"}, expect=201).json["id"]

    def test_a_roster_is_set_changed_and_marked(self):
        exam = self.exam()
        path = f"/api/exams/{exam}/roster/"
        answer = self.admin.put(path, form={"students_csv": csv(people(5, "liste"))}, expect=200).json
        self.assertEqual((answer["student_count"], answer["added"], answer["removed"]), (5, 5, 0))
        answer = self.admin.put(path, form={"students_csv": csv(people(3, "liste"))}, expect=200).json
        self.assertEqual((answer["student_count"], answer["added"], answer["removed"]), (3, 0, 2))
        entries = self.admin.all(path)
        self.assertEqual({entry["presence"] for entry in entries}, {"PRESENT"})
        first, second = (entry["student"]["id"] for entry in entries[:2])
        answer = self.admin.patch(path, {"remove": [first], "presence": [{"student_id": second, "presence": "ABSENT"}]}, expect=200).json
        self.assertEqual(answer["student_count"], 2)
        self.assertEqual([entry["presence"] for entry in self.admin.all(path) if entry["student"]["id"] == second], ["ABSENT"])
        self.assertEqual(self.admin.patch(path, {"add": [first]}, expect=200).json["student_count"], 3)
        self.refused(self.admin.patch(path, {"add": [999999]}), 404, "student.not_found")
        self.refused(self.admin.put(path, form={"students_csv": csv("nom\nX\n")}), 422, "roster.invalid")
        self.assertEqual(len(self.admin.all(path)), 3)

    def test_correctors_are_teachers_and_admins(self):
        path = f"/api/exams/{self.exam()}/correctors/"
        users = {user["username"]: user["id"] for user in self.admin.all("/api/users/")}
        told = self.admin.put(path, {"corrector_ids": [users["marie"], users["paul"]]}, expect=200).json
        self.assertEqual([(entry["username"], entry["copies_assigned"]) for entry in told["results"]], [("marie", 0), ("paul", 0)])
        self.assertEqual(self.admin.all(path), told["results"])
        self.refused(self.admin.put(path, {"corrector_ids": [999999]}), 400, "corrector.unknown")
        self.assertEqual(self.admin.put(path, {"corrector_ids": []}, expect=200).json["count"], 0)

    def test_exams_are_listed_searched_and_changed(self):
        exam = self.exam()
        path = f"/api/exams/{exam}/"
        changed = self.admin.patch(path, {"name": "Épreuve de géographie", "subject": "Géo"}, expect=200).json
        self.assertEqual((changed["name"], changed["subject"], changed["date"]), ("Épreuve de géographie", "Géo", "2026-02-03"))
        self.assertEqual([row["id"] for row in self.admin.all("/api/exams/?search=geographie")], [exam])
        self.admin.put(path, {"name": "Géographie", "date": "2026-02-04"}, expect=200)
        for body in ({"upload_mode": "A5"}, {"pages_per_booklet": 0}, {"name": ""}, {"date": "demain"}):
            self.refused(self.admin.patch(path, body), 400, "request.invalid")
        self.assertEqual(self.admin.get(path).json["date"], "2026-02-04")

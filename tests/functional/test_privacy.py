"""What is kept of a student is shown and forgotten (issue 5, point 5)."""

import uuid

from client import csv
from exams import copies_of, finished
from marking import ALL, BOX, GradingTest
from samples import HEADER, batch
from service import on_both_databases


@on_both_databases
class Privacy(GradingTest):
    count = 1

    def somebody(self):
        """A student of the exam, whose copy is the first; and the name."""
        name = "OUBLI" + uuid.uuid4().hex[:8].translate(str.maketrans("0123456789", "ghijklmnop")).upper()
        line = f"{name},Zoé,{name.lower()}@lycee.example.org,15/05/2008,T09\n"
        self.admin.put(f"/api/exams/{self.exam}/roster/", form={"students_csv": csv(HEADER + line)}, expect=200)
        [entry] = self.admin.all(f"/api/exams/{self.exam}/roster/")
        student = entry["student"]["id"]
        self.admin.post(f"/api/copies/{self.copies[0]}/identify/", {"student_id": student}, expect=200)
        return student, name

    def marked(self):
        path, key = self.locked()
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.marie.post(path + "annotations/", BOX, headers=key, expect=201)
        self.marie.post(path + "remarks/", {"question_id": "q1", "remark": "Bien"}, headers=key, expect=201)
        self.marie.post(path + "finalize/", headers=key, expect=200)
        return path

    def test_everything_that_is_kept_is_shown(self):
        student, name = self.somebody()
        self.marked()
        data = self.admin.get(f"/api/students/{student}/personal-data/", expect=200).json
        self.assertEqual((data["student"]["last_name"], data["student"]["date_naissance"]), (name, "2008-05-15"))
        self.assertEqual([exam["exam_id"] for exam in data["exams"]], [self.exam])
        [copy] = data["copies"]
        self.assertEqual((copy["copy_id"], copy["total"], copy["scores_data"]), (self.copies[0], 9.75, ALL))
        self.assertEqual(([entry["content"] for entry in copy["annotations"]], [entry["remark"] for entry in copy["remarks"]]), (["Très bien"], ["Bien"]))
        acts = self.admin.all(f"/api/audit/?action=student.export_personal_data&target_id={student}")
        self.assertEqual({entry["actor_id"] for entry in acts}, {self.office_id})
        for path in (f"/api/students/{student}/personal-data/", "/api/students/999999/personal-data/"):
            self.refused(self.marie.get(path), 403, "auth.forbidden")
        self.refused(self.admin.get("/api/students/999999/personal-data/"), 404, "student.not_found")

    def test_the_forgotten_leave_marks_and_no_name(self):
        student, name = self.somebody()
        path = self.marked()
        self.assertEqual(self.admin.post(f"/api/students/{student}/erase/", expect=200).json["copies"], 1)
        self.refused(self.admin.get(f"/api/students/{student}/"), 404, "student.not_found")
        self.refused(self.admin.post(f"/api/students/{student}/erase/"), 404, "student.not_found")
        copy = self.admin.get(f"/api/copies/{self.copies[0]}/", expect=200).json["copy"]
        self.assertEqual((copy["student"], copy["status"], copy["student_identifier"]), (None, "GRADED", None))
        self.assertEqual(self.admin.get(path + "scores/", expect=200).json["total"], 9.75)
        for table in ("student", "exam_pdf", '"user"', "ocr_result", "header_reading", "booklet", "undo_step", "grading_event", "audit_log"):
            for row in self.service.rows(f"select * from {table}"):
                self.assertNotIn(name.lower(), " ".join(row).lower(), table)
        for file in (self.service.data / "media").rglob("*.csv"):
            self.assertNotIn(name.encode(), file.read_bytes())

    def test_not_while_somebody_marks(self):
        student, _ = self.somebody()
        self.locked()
        self.refused(self.admin.post(f"/api/students/{student}/erase/"), 409, "student.copy_locked")

    def test_a_scanned_copy_loses_its_header(self):
        exam = finished(self.admin, batch("--copies", 2, "--students", 2, "--seed", 11))
        copy = next(copy for copy in copies_of(self.admin, exam) if copy["student"])
        masked = self.service.rows(f"select masked_pdf_file from copy where id = '{copy['id']}'")[0][0]
        done = self.admin.post(f"/api/students/{copy['student']['id']}/erase/", expect=200).json
        self.assertEqual((done["copies"], len(done["kept_sources"])), (1, 1))
        left = self.admin.get(f"/api/copies/{copy['id']}/", expect=200).json
        self.assertEqual((left["copy"]["student"], left["copy"]["header_url"], left["ocr_result"]), (None, None, None))
        pdf = self.admin.get(f"/api/copies/{copy['id']}/pdf/", expect=200).body
        self.assertEqual(pdf, (self.service.data / "media" / masked).read_bytes())
        known = {row[0] for row in self.service.rows("select file from file_in_use")}
        self.assertEqual([key for key in known if not (self.service.data / "media" / key).exists()], [])


del GradingTest

"""behaviours.md, section 13: exports."""

import io
import uuid
import zipfile
from xml.etree import ElementTree

import exported
from marking import BAREME, UNKNOWN
from published import PublicationTest
from samples import folder
from service import on_both_databases

PRONOTE = "NOM;PRENOM;DATE_NAISSANCE;MATIERE;NOTE;COEFF;COMMENTAIRE"


@on_both_databases
class Exports(PublicationTest):
    def file_of(self, word, body=None, **options):
        """The answer of an export and the file its task made."""
        answer = self.admin.post(f"/api/exams/{self.exam}/export-{word}/", body, expect=202, **options)
        self.admin.succeeded(answer.json["task_id"])
        return answer, self.admin.get(f"/api/tasks/{answer.json['task_id']}/result/", expect=200)

    def test_233_234_csv(self):
        self.marked(0, appreciation="=SOMME(A1;B1)")
        answer, file = self.file_of("csv")
        self.assertEqual(answer.json["copies_count"], 1)
        self.assertTrue(file.headers["content-type"].startswith("text/csv"))
        self.assertIn("notes_Maths_g", file.headers["content-disposition"])
        lines = file.body.decode("utf-8-sig").splitlines()
        self.assertEqual(lines[0], "NOM;PRENOM;DATE_NAISSANCE;CLASSE;GROUPE;NUMERO_ETUDIANT;PRESENCE;ANONYMAT;STATUT;TOTAL;MAXIMUM;q1;q2;ex2;APPRECIATION")
        self.assertEqual(len(lines), 3)
        [marked] = [line for line in lines if ";GRADED;" in line]
        self.assertTrue(marked.startswith(self.students[0]["last_name"] + ";"))
        self.assertTrue(marked.endswith(";9,75;20,00;2,75;7,00;0,00;\"'=SOMME(A1;B1)\""), marked)
        self.assertNotIn("@", file.body.decode())
        self.refused(self.marie.post(f"/api/exams/{self.exam}/export-csv/"), 403, "auth.forbidden")

    def test_235_an_empty_exam_and_none(self):
        body = {"name": "Vide", "date": "2026-02-03", "upload_mode": "INDIVIDUAL_A4", "grading_structure": BAREME}
        self.exam = self.admin.post("/api/exams/", body, expect=201).json["id"]
        _, file = self.file_of("csv")
        self.assertEqual(len(file.body.decode("utf-8-sig").splitlines()), 1)
        for word in ("csv", "xlsx", "all", "pronote"):
            self.refused(self.admin.post(f"/api/exams/{UNKNOWN}/export-{word}/"), 404, "exam.not_found")

    def test_a_workbook(self):
        self.marked(0, appreciation="=1+1")
        _, file = self.file_of("xlsx")
        book = zipfile.ZipFile(io.BytesIO(file.body))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        self.assertEqual(list(sheet.iter(space + "f")), [], "a formula")
        rows = list(sheet.iter(space + "row"))
        self.assertEqual(len(rows), 3)
        values = {cell.get("r"): "".join(cell.itertext()) for cell in sheet.iter(space + "c")}
        marked = next(number for number in (2, 3) if values.get(f"I{number}") == "GRADED")
        self.assertEqual((float(values[f"J{marked}"]), float(values[f"K{marked}"]), float(values[f"L{marked}"])), (9.75, 20, 2.75))

    def test_a_zip_of_all_pdfs(self):
        for index in (0, 1):
            self.marked(index)
        self.service.rows(f"update copy set final_pdf_file = null where id = '{self.copies[1]}'")
        answer, file = self.file_of("all")
        self.assertEqual(answer.json["message"], "Export of 2 copies queued.")
        archive = zipfile.ZipFile(io.BytesIO(file.body))
        self.assertIsNone(archive.testzip())
        self.assertEqual(len(archive.namelist()), 2)
        contents = [archive.read(name) for name in archive.namelist()]
        self.assertIn(self.final(0).body, contents)
        self.assertIn(self.final(1).body, contents)
        self.assertTrue(all(name.isascii() and name.endswith(".pdf") for name in archive.namelist()))

    def pronote(self, body=None):
        answer, file = self.file_of("pronote", body)
        self.assertTrue(file.body.startswith(b"\xef\xbb\xbf"))
        lines = file.body.decode("utf-8-sig").split("\r\n")
        self.assertEqual((lines[0], lines[-1]), (PRONOTE, ""))
        self.assertNotIn("\n", "".join(lines))
        return answer, file, lines[1:-1]

    def test_236_237_238_239_241_244_245_246_pronote(self):
        done = self.audited("export.pronote.success")
        self.marked(0, appreciation="=Bien;\nvraiment – été")
        answer, file, [line] = self.pronote({"coefficient": 2.5})
        student = self.students[0]
        born = "/".join(reversed(student["date_naissance"].split("-")))
        self.assertEqual(line, f"{student['last_name']};{student['first_name']};{born};MATHÉMATIQUES;9,75;2,5;\"Bien; vraiment – été\"")
        self.assertEqual((len(answer.json["warnings"]), answer.headers["x-export-warnings"]), (1, "1"))
        self.assertIn("export_pronote_Maths_g", file.headers["content-disposition"])
        self.assertIn("_2026-02-03.csv", file.headers["content-disposition"])
        self.assertEqual(self.audited("export.pronote.success"), done + 1)

    def test_241_246_who_may_and_what_is_no_coefficient(self):
        path = f"/api/exams/{self.exam}/export-pronote/"
        before = self.audited("export.pronote.forbid")
        self.refused(self.marie.post(path), 403, "auth.forbidden")
        self.refused(self.student().post(path), 403, "auth.forbidden")
        self.assertEqual(self.audited("export.pronote.forbid"), before + 2)
        self.refused(self.anonymous().post(path), 401, "auth.required")
        for wrong in ("abc", -1, 1000):
            self.refused(self.admin.post(path, {"coefficient": wrong}), 400, "request.invalid")

    def test_240_242_other_scales_and_comments(self):
        bareme = [{"id": "q1", "label": "1", "points": 40}]
        self.exam, self.copies, self.students = self.exam_of_students(3, bareme)
        for index, (points, comment) in enumerate([(37, "+" * 3 + "x" * 600), (0, ""), (40, "@y")]):
            self.marked(index, {"q1": points}, appreciation=comment)
        self.service.rows(f"update copy set total = 3711 where id = '{self.copies[0]}'")
        _, _, lines = self.pronote()
        marks = {line.split(";")[1]: line.split(";")[4:] for line in lines}
        names = [student["first_name"] for student in self.students]
        self.assertEqual([marks[name][0] for name in names], ["18,56", "0,00", "20,00"])
        self.assertEqual([marks[name][2] for name in names], ["x" * 500, "", "y"])

    def test_marks_are_rounded_at_export_and_nowhere_else(self):
        path = f"/api/exams/{self.exam}/"
        self.assertIsNone(self.admin.get(path, expect=200).json["export_rounding"])
        for wrong in (0, -1, 11, 0.001, "x"):
            self.refused(self.admin.patch(path, {"export_rounding": wrong}), 400, "request.invalid")
        self.marked(0)  # 9.75
        self.marked(1, {"q1": 5, "q2": 7, "ex2": 7.75})
        for rounding, first, second in ((0.5, "10,00", "20,00"), (1, "10,00", "20,00"), (0.1, "9,80", "19,80"), (0.3, "9,90", "19,80"), (6, "12,00", "18,00"), (None, "9,75", "19,75")):
            told = self.admin.patch(path, {"export_rounding": rounding}, expect=200).json
            self.assertEqual(told["export_rounding"], rounding)
            names = [student["first_name"] for student in self.students]
            table = {row["PRENOM"]: row for row in exported.table(self.file_of("csv")[1].body)}
            self.assertEqual([(table[name]["TOTAL"], table[name]["q1"]) for name in names], [(first, "2,75"), (second, "5,00")])
            pronote = {line.split(";")[1]: line.split(";")[4] for line in self.service.command("export-pronote", self.exam).stdout.splitlines()[1:]}
            self.assertEqual([pronote[name] for name in names], [first, second])
        self.admin.patch(path, {"export_rounding": 0.5}, expect=200)
        book = {row["PRENOM"]: float(row["TOTAL"]) for row in exported.workbook(self.file_of("xlsx")[1].body)}
        self.assertEqual([book[name] for name in names], [10, 20])
        self.assertEqual(self.marie.get(f"/api/grading/copies/{self.copies[0]}/scores/").json["total"], 9.75)
        self.assertEqual(self.admin.get(path + "statistics/").json["max"], 19.75)

    def test_243_what_cannot_be_exported(self):
        path = f"/api/exams/{self.exam}/export-pronote/"
        refused = self.refused(self.admin.post(path), 400, "pronote.not_ready")
        self.assertTrue(refused["details"])
        self.marked(0)
        self.service.rows(f"update copy set student_id = null where id = '{self.copies[0]}'")
        self.refused(self.admin.post(path), 400, "pronote.not_ready")

    def test_247_ten_an_hour(self):
        self.marked(0)
        name = self.service.add_user("b" + uuid.uuid4().hex[:8], "ADMIN")
        office = self.as_(name)
        path = f"/api/exams/{self.exam}/export-pronote/"
        for _ in range(10):
            office.post(path, expect=202)
        self.refused(office.post(path), 429, "limits.too_many_requests")

    def test_absent_students(self):
        self.marked(0)
        self.admin.put(f"/api/exams/{self.exam}/roster/", {"student_ids": [student["id"] for student in self.students]})
        self.service.rows(f"insert into exam_student (exam_id, student_id, position, presence) values ('{self.exam}', {self.students[1]['id']}, 99, 'ABSENT') "
                          "on conflict (exam_id, student_id) do update set presence = 'ABSENT'")
        self.service.rows(f"update copy set student_id = null where id = '{self.copies[1]}'")
        _, _, lines = self.pronote()
        self.assertEqual([line.split(";")[4] for line in lines if line.split(";")[1] == self.students[1]["first_name"]], ["Abs"])

    def test_248_the_shell(self):
        self.marked(0)
        _, file, _ = self.pronote()
        target = folder() / f"{uuid.uuid4()}.csv"
        done = self.service.command("export-pronote", self.exam, "--output", target)
        self.assertEqual((done.returncode, target.read_bytes()), (0, file.body), done.stderr)
        printed = self.service.command("export-pronote", self.exam)
        self.assertEqual(printed.stdout.encode(), file.body.replace(b"\r\n", b"\n"), "universal newlines of this test")
        self.assertEqual(self.service.command("export-pronote", UNKNOWN).returncode, 2)
        nothing = folder() / f"{uuid.uuid4()}.csv"
        self.assertEqual(self.service.command("export-pronote", self.exam, "--validate-only", "--output", nothing).returncode, 0)
        self.assertFalse(nothing.exists())

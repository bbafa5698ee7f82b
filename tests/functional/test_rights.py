"""Every route with every role and with another's rows, generated from docs/openapi.yaml."""

import re
from urllib.parse import quote

import contract
from client import csv, upload_id
from exams import finished, report_of
from samples import HEADER
from service import ServiceTest, on_both_databases

UNKNOWN = "5f0c1a52-7a53-4e9f-8a57-0f6a3f1f2b1c"
STAFF_ID = 987654
# Calls that would end the session they are made with, or that answer before anybody is known.
APART = {"logout", "login", "student_login", "tus_options"}


def path_of(template, ids):
    return re.sub(r"\{(\w+)\}", lambda name: str(ids[name[1]]), template)


@on_both_databases
class Rights(ServiceTest):
    """One exam with its rows; then every operation of the contract is called by whoever may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exam = finished(cls.admin)
        report = report_of(cls.admin, cls.exam)
        text = HEADER + "DROITS,Ada,ada.droits@lycee.example.org,15/05/2008,T01\n"
        cls.admin.succeeded(cls.admin.post("/api/students/import/", form={"file": csv(text)}, expect=202).json["task_id"])
        [student] = cls.admin.all("/api/students/?search=droits")
        copy = report["copies"][0]
        exam = cls.admin.get(f"/api/exams/{cls.exam}/").json
        users = {user["username"]: user["id"] for user in cls.admin.all("/api/users/")}
        token = cls.admin.post("/api/tokens/", {"name": "x", "scopes": ["read"]}, expect=201).json
        upload = upload_id(cls.admin.tus_create(10, expect=201))
        detail = cls.admin.get(f"/api/copies/{copy['id']}/").json
        cls.ids = {"exam_id": cls.exam, "copy_id": copy["id"], "booklet_id": detail["booklets"][0]["id"], "face_id": copy["faces"][0]["id"],
                   "source_id": report["sources"][0]["id"], "user_id": users["paul"], "student_id": student["id"], "task_id": exam["task_id"],
                   "token_id": token["id"], "upload_id": upload, "page_number": 1, "question_id": "q1",
                   **{name: UNKNOWN for name in ("annotation_id", "remark_id", "operation_id", "template_id", "own_remark_id",
                                                     "set_id", "document_id", "report_id", "notification_id", "webhook_id", "desk_id")}}
        cls.nothing = {name: STAFF_ID if name in ("user_id", "student_id") else 1 if name == "page_number" else UNKNOWN for name in cls.ids}

    def setUp(self):
        super().setUp()
        student = self.anonymous()
        student.student_login("ada.droits@lycee.example.org", date_naissance="15/05/2008", expect=200)
        self.callers = {"anonymous": self.anonymous(), "student": student, "teacher": self.as_("marie"), "admin": self.as_("office")}

    def call(self, role, method, path, **options):
        headers = {"Tus-Resumable": "1.0.0"} if path.startswith("/api/uploads/") else {}
        return self.callers[role].request(method.upper(), path, headers=headers, **options)

    def operations(self, public=False):
        for method, template, operation in contract.operations():
            rights = set(operation["x-korrigo-rights"])
            if operation["operationId"] not in APART and ("public" in rights) == public:
                yield method, template, rights

    def test_091_134_nobody_without_log_in(self):
        for method, template, _ in self.operations():
            for ids in (self.ids, self.nothing):
                with self.subTest(method=method, path=template):
                    answer = self.call("anonymous", method, path_of(template, ids), csrf=False)
                    self.assertEqual(answer.status, 401, answer)
                    if method != "head":
                        self.assertEqual(answer.code, "auth.required")

    def test_053_054_055_a_role_that_may_not_is_refused_whatever_the_row(self):
        for method, template, rights in self.operations():
            for role in ("student", "teacher", "admin"):
                if rights & {"any", role}:
                    continue
                for ids in (self.ids, self.nothing):
                    with self.subTest(role=role, method=method, path=template):
                        answer = self.call(role, method, path_of(template, ids))
                        self.assertEqual(answer.status, 403, answer)
                        if method != "head":
                            self.assertEqual(answer.code, "auth.forbidden")

    def test_a_role_that_may_is_let_in(self):
        """Reads with the rows, everything else with rows that do not exist: whatever the answer is, it is not "you may not"."""
        for method, template, rights in self.operations():
            for role in ("student", "teacher", "admin"):
                foreign = role == "teacher" and ("copy_id" in template or "upload_id" in template)
                if not rights & {"any", role} or foreign:
                    continue
                ids = self.ids if method in ("get", "head") and role == "admin" else self.nothing
                with self.subTest(role=role, method=method, path=template):
                    answer = self.call(role, method, path_of(template, ids))
                    self.assertNotEqual(answer.status, 401, answer)
                    # A copy's state may be told as 403 too (behaviours.md 223).
                    self.assertFalse(answer.status == 403 and answer.code == "auth.forbidden", answer)

    def test_public_routes_need_nothing(self):
        for method, template, _ in self.operations(public=True):
            with self.subTest(method=method, path=template):
                self.assertNotIn(self.call("anonymous", method, path_of(template, self.ids), csrf=False).status, (401, 403))

    def test_013_every_unsafe_route_wants_the_csrf_token(self):
        for method, template, rights in self.operations():
            if method in ("get", "head", "options"):
                continue
            role = "student" if rights == {"student"} else "admin"
            with self.subTest(method=method, path=template):
                answer = self.call(role, method, path_of(template, self.nothing), csrf=False)
                self.assertEqual((answer.status, answer.code), (403, "csrf.failed"), answer)

    def test_169_170_a_teacher_sees_own_copies_only_and_nothing_of_the_student(self):
        teacher = self.callers["teacher"]
        for path in (f"/api/exams/{self.exam}/copies/", "/api/copies/"):
            self.assertEqual(teacher.all(path), [])
        for part in ("", "pdf/", "pages/1/"):
            self.refused(teacher.get(f"/api/copies/{self.ids['copy_id']}/{part}"), 403, "auth.forbidden")
        me = teacher.get("/api/me/").json["id"]
        self.service.rows(f"update copy set assigned_corrector_id = {me}, status = 'READY' where id = '{self.ids['copy_id']}'")
        self.addCleanup(self.service.rows, f"update copy set assigned_corrector_id = null where id = '{self.ids['copy_id']}'")
        [row] = teacher.all(f"/api/exams/{self.exam}/copies/")
        self.assertEqual(row["id"], self.ids["copy_id"])
        detail = teacher.get(f"/api/copies/{row['id']}/", expect=200)
        students = [entry["student"] for entry in self.callers["admin"].all(f"/api/exams/{self.exam}/roster/")]
        for student in students:
            for value in (student["last_name"], student["email"]):
                self.assertNotIn(value.lower(), detail.body.decode().lower())
        masked = teacher.get(f"/api/copies/{row['id']}/pages/1/", expect=200).body
        whole = self.callers["admin"].get(f"/api/copies/{row['id']}/pages/1/", expect=200).body
        self.assertNotEqual(masked, whole)
        self.assertNotEqual(teacher.get(row["pdf_url"], expect=200).body, self.callers["admin"].get(row["pdf_url"], expect=200).body)
        for header in teacher.get(row["pdf_url"] + "?download=1", expect=200).headers.values():
            self.assertNotIn("scan.pdf", header)
        self.refused(self.as_("paul").get(f"/api/copies/{row['id']}/"), 403, "auth.forbidden")

    def test_another_s_rows(self):
        teacher = self.callers["teacher"]
        self.assertEqual(teacher.task_status(self.ids["task_id"])["status"], "PENDING")
        self.refused(teacher.get(f"/api/tasks/{self.ids['task_id']}/result/"), 404, "task.not_found")
        self.refused(teacher.delete(f"/api/tokens/{self.ids['token_id']}/"), 404, "token.not_found")
        self.assertEqual(teacher.tus_head(self.ids["upload_id"]).status, 404)
        self.assertEqual(teacher.all("/api/tokens/"), [])
        form = {"pdf_file": csv("x", "scan.pdf"), "students_csv": csv("x"), "exam_id": self.exam}
        self.assertIn(teacher.post("/api/exams/upload/", form=form).status, (400, 403, 404))

    def test_052_ids_of_every_shape_reveal_nothing(self):
        for odd in ("../exams", "..%2Fexams", "%2e%2e/", "1 or 1=1", "'", "null", "-1", UNKNOWN.upper(), "0" * 36):
            for method, template, rights in self.operations():
                if method != "get" or "{" not in template or not rights & {"admin"}:
                    continue
                path = re.sub(r"\{\w+\}", quote(odd, safe="%"), template)
                answer = self.callers["admin"].request("GET", path, checked=False)
                allowed = (200,) if template.endswith("/status/") else (400, 404)
                self.assertIn(answer.status, allowed, (path, answer))

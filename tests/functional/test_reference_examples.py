"""The examples of the reference documents, as they stand there. Of a curl example only what it leaves open is filled in: the address, ids,
and the session behind `sessionid=...` with its CSRF token, which the reference's framework wants as well (behaviours.md, 13)."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from client import csv, pdf
from exams import UploadTest, blank_part, copies_of, finished, uploaded
from samples import blank_pdf, people
from service import Service, on_both_databases, with_users

# phase3-async-api.md, "API Response States"
STATES = {
    "PENDING": {"task_id": "abc123...", "status": "PENDING", "ready": False},
    "STARTED": {"task_id": "abc123...", "status": "STARTED", "ready": False},
    "PROGRESS": {"task_id": "abc123...", "status": "PROGRESS", "ready": False, "progress": {"current": 50, "total": 100, "percent": 50}},
    "SUCCESS": {"task_id": "abc123...", "status": "SUCCESS", "ready": True, "result": {}},
    "FAILURE": {"task_id": "abc123...", "status": "FAILURE", "ready": True, "result": {"error": "File not found", "status": "error"}},
}


class Examples(UploadTest):
    def setUp(self):
        super().setUp()
        self.folder = Path(tempfile.mkdtemp(prefix="korrigo-examples-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def curl(self, example, client=None, **ids):
        """Status and JSON of one of the reference's curl commands, run by a shell."""
        command = example.replace("http://localhost:8088", "http://%s:%s" % self.service.address)
        for name, value in ids.items():
            command = command.replace("{" + name + "}", value)
        if client:
            token = client.csrf_token()
            cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items() if name != "sessionid")
            command = command.replace("sessionid=...", f"sessionid={client.cookies['sessionid']}; {cookies}")
            command += f' \\\n  -H "X-CSRFToken: {token}"'
        done = subprocess.run(["sh", "-c", command + " -s -S -w '\\n%{http_code}'"], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        body, status = done.stdout.rsplit("\n", 1)
        return int(status), json.loads(body)

    def is_like(self, value, example, where="answer"):
        """Every member of the example is there with a value of its kind."""
        self.assertLessEqual(set(example), set(value), where)
        for name, wanted in example.items():
            if isinstance(wanted, dict):
                self.is_like(value[name], wanted, f"{where}.{name}")
            elif isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
                self.assertIsInstance(value[name], (int, float), f"{where}.{name}")
            else:
                self.assertIs(type(value[name]), type(wanted), f"{where}.{name}: {value[name]!r}")

    def is_state(self, status, task):
        """A status answer is one of the five that the reference shows, with nothing beside."""
        example = STATES[status["status"]]
        self.assertEqual((status["task_id"], status["ready"]), (task, example["ready"]))
        self.assertEqual(set(status), set(example), status)
        self.is_like(status, example)

    def poll(self, task):
        """`pollTask` of phase3-async-api.md with curl: every answer until one is ready."""
        told = []
        while not told or not told[-1]["ready"]:
            code, status = self.curl('curl http://localhost:8088/api/tasks/{task_id}/status/ \\\n  -H "Cookie: sessionid=..."', self.admin, task_id=task)
            self.assertEqual(code, 200, status)
            self.is_state(status, task)
            told.append(status)
        return told


@on_both_databases
class AsyncApi(Examples):
    """phase3-async-api.md"""

    def test_api_verification(self):
        self.assertEqual(self.curl("curl http://localhost:8088/api/health/live/"), (200, {"status": "alive"}))

    def test_pending_is_what_an_unknown_task_is(self):
        told = self.curl('curl http://localhost:8088/api/tasks/abc123-def456-.../status/ \\\n  -H "Cookie: sessionid=..."', self.admin)
        self.assertEqual(told, (200, {"task_id": "abc123-def456-...", "status": "PENDING", "ready": False}))

    def test_2_ocr(self):
        copy = copies_of(self.admin, finished(self.admin))[0]["id"]
        start = 'curl -X POST http://localhost:8088/api/identification/cmen-ocr/{copy_id}/ \\\n  -H "Cookie: sessionid=..."'
        code, answer = self.curl(start, self.admin, copy_id=copy)
        task = answer["task_id"]
        self.assertEqual((code, answer), (202, {"task_id": task, "message": "OCR processing started.",
                                                "status_url": f"/api/tasks/{task}/status/", "copy_id": copy}))
        result = self.poll(task)[-1]["result"]
        self.is_like(result, {"copy_id": "copy-uuid", "status": "success", "auto_identified": True,
                              "header_result": {"last_name": "DUPONT", "first_name": "Jean", "date_of_birth": "01/01/2000"}})
        self.assertEqual((result["copy_id"], result["status"]), (copy, "success"))
        if result["auto_identified"]:
            self.is_like(result["matched_student"], {"confidence": 0.95})
            self.assertIn("id", result["matched_student"])

    def test_3_student_import(self):
        (self.folder / "students.csv").write_text(people(15, "exemple"))
        start = 'curl -X POST http://localhost:8088/api/students/import/ \\\n  -H "Cookie: sessionid=..." \\\n  -F "file=@students.csv"'
        code, answer = self.curl(start, self.admin)
        task = answer["task_id"]
        self.assertEqual((code, answer), (202, {"task_id": task, "message": "Student import started.",
                                                "status_url": f"/api/tasks/{task}/status/", "filename": "students.csv"}))
        result = self.poll(task)[-1]["result"]
        self.assertEqual({**result, "passwords": {}}, {"status": "success", "created": 15, "updated": 0, "skipped": 0, "errors": [], "passwords": {}})
        self.assertIsInstance(result["passwords"], dict)

    def test_started_progress_and_success_of_a_batch(self):
        told = self.poll(uploaded(self.admin)["task_id"])
        self.assertEqual(told[-1]["status"], "SUCCESS")
        self.is_like(told[-1]["result"], {"exam_id": "", "copies_created": 44, "duration": 12.5})


@on_both_databases
class FailedTask(Examples):
    """phase3-async-api.md: a task that nobody has taken yet, and one whose file is found spoilt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = with_users(Service(cls.database, arguments=["--workers", "0"]).start())
        cls.addClassCleanup(cls.service.remove)
        cls.admin = cls.service.logged_in("office")

    def test_pending_and_failure(self):
        answer = self.send().json
        status = self.admin.task_status(answer["task_id"])
        self.is_state(status, answer["task_id"])
        self.assertEqual(status["status"], "PENDING")
        [source] = self.admin.all(f"/api/exams/{answer['exam_id']}/sources/")
        (self.service.data / "media/exams/source" / f"{source['id']}.pdf").write_bytes(b"no PDF any more")
        self.service.arguments = []
        self.service.restart()
        self.admin.address = self.service.address
        self.admin.close()
        self.assertEqual(self.poll(answer["task_id"])[-1]["status"], "FAILURE")
        with self.admin.socket(f"/ws/exams/{answer['exam_id']}/processing/") as socket:
            self.is_like(socket.until_closed()[-1], {"type": "processing_failed", "error": "File not found"})


@on_both_databases
class UploadWorkflow(Examples):
    """workflow-upload-scans.md"""

    def test_upload_valid_files(self):
        fields = {"pdf_file": pdf(blank_pdf(), "exam.pdf"),
                  "students_csv": csv(b"nom,prenom,email,date_naissance\nDUPONT,Jean,jean@test.com,15/05/2008"), "batch_mode": "A3", "title": "Test Exam"}
        answer = self.as_("marie").post("/api/exams/upload/", form=fields, expect=201).json
        self.is_like(answer, {"exam_id": "", "task_id": "", "message": "", "student_count": 28})
        self.assertEqual((answer["message"], answer["student_count"]), ("Upload successful, processing started", 1))
        # The reference's own PDF is none; its table of errors says what that gets.
        fields["pdf_file"] = pdf(b"%PDF-1.4 fake pdf content", "exam.pdf")
        self.refused(self.as_("marie").post("/api/exams/upload/", form=fields), 400, "source.corrupted")

    def test_upload_missing_pdf(self):
        answer = self.as_("marie").post("/api/exams/upload/", form={"students_csv": csv(b"nom,prenom\n")})
        self.assertEqual(answer.status, 400)

    def test_possible_errors(self):
        english = 'curl http://localhost:8088/api/exams/upload/ -H "Cookie: sessionid=..." -H "Accept-Language: en"'
        (self.folder / "scan.pdf").write_bytes(blank_pdf())
        (self.folder / "text.pdf").write_text("Dear colleague")
        (self.folder / "large.pdf").write_bytes(b"%PDF-1.4\n" + bytes(100 * 1024 * 1024))
        (self.folder / "students.csv").write_text(people(2, "exemple"))
        (self.folder / "faulty.csv").write_text("nom,prenom,email,date_naissance\nDUPONT,Jean,no address,15/05/2008\n")
        for form, status, message in (("-F students_csv=@students.csv", 400, "PDF and CSV files required"),
                                      ("-F pdf_file=@large.pdf -F students_csv=@students.csv", 400, "File too large"),
                                      ("-F pdf_file=@text.pdf -F students_csv=@students.csv", 400, "Corrupted PDF"),
                                      ("-F pdf_file=@scan.pdf -F students_csv=@faulty.csv", 422, "CSV validation failed: ")):
            with self.subTest(form=form):
                code, body = self.curl(f"{english} {form}", self.admin)
                self.assertEqual((code, body["error"][:len(message)]), (status, message), body)

    def test_the_page_s_form_and_its_socket(self):
        answer = self.as_("marie").post("/api/exams/upload/", form={"pdf_file": blank_part(), "students_csv": csv(people(2, "exemple")), "batch_mode": "A3"}, expect=201).json
        with self.admin.socket(f"/ws/exams/{answer['exam_id']}/processing/") as socket:
            last = socket.until_closed()[-1]
        self.assertEqual(last, {"type": "processing_complete", "exam_id": answer["exam_id"], "copies_created": 0, "duration": last["duration"]})
        self.assertGreater(last["duration"], 0)


@on_both_databases
class Overview(Examples):
    """architecture-overview.md"""

    def test_health_checks(self):
        self.assertEqual(self.curl("curl http://localhost:8088/api/health/live/"), (200, {"status": "alive"}))
        code, ready = self.curl("curl http://localhost:8088/api/health/ready/")
        self.assertEqual((code, ready["status"], ready["database"]), (200, "ready", "ok"))
        self.assertIn("redis", ready)
        self.assertEqual(self.curl("curl http://localhost:8088/api/health/"), (200, {"status": "healthy", "database": "connected"}))

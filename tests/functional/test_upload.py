"""behaviours.md, section 5, and the reference's upload: what is taken, what is refused and with which words."""

import hashlib

from client import Part, csv, encode_form, pdf, upload_id
from exams import UploadTest, blank_part, copies_of, uploaded
from samples import HEADER, batch, blank_pdf, locked_pdf, people
from service import on_both_databases


@on_both_databases
class ReferenceExamples(UploadTest):
    """The answers that workflow-upload-scans.md shows."""

    def test_201_with_exam_task_message_and_number_of_students(self):
        answer = self.send(students_csv=csv("nom,prenom,email,date_naissance\nDUPONT,Jean,jean@test.com,15/05/2008"))
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual((answer.json["message"], answer.json["student_count"]), ("Upload successful, processing started", 1))
        exam = self.admin.get(f"/api/exams/{answer.json['exam_id']}/", expect=200).json
        self.assertEqual((exam["name"], exam["upload_mode"], exam["task_id"]), ("Test Exam", "BATCH_A3", answer.json["task_id"]))
        self.assertIn(self.admin.task_status(answer.json["task_id"])["status"], ("PENDING", "STARTED", "PROGRESS", "SUCCESS"))

    def test_400_without_pdf_or_without_csv(self):
        for fields in ({"pdf_file": None}, {"students_csv": None}, {"pdf_file": None, "students_csv": None}):
            body = self.nothing_left(400, "source.missing", **fields)
            self.assertEqual(body["error"], "PDF and CSV files required")
            self.assertIn(body["field"], ("pdf_file", "students_csv"))

    def test_400_for_another_kind_of_file(self):
        body = self.nothing_left(400, "source.not_pdf", pdf_file=pdf(blank_pdf(), "scan.docx"))
        self.assertEqual(body["error"], "Invalid file type: must be PDF")

    def test_400_for_a_text_called_pdf(self):
        for content in (b"Dear colleague, the exams are in the cupboard.", b"%PDF-1.4 fake pdf content", blank_pdf()[:200]):
            body = self.nothing_left(400, "source.corrupted", pdf_file=pdf(content, "exam.pdf"))
            self.assertTrue(body["error"].startswith("Corrupted PDF: "), body)

    def test_400_for_a_pdf_without_pages(self):
        for content in (blank_pdf(0), b""):
            body = self.nothing_left(400, "source.empty", pdf_file=pdf(content))
            self.assertEqual(body["error"], "PDF has no pages")

    def test_422_with_every_fault_of_the_csv(self):
        text = "nom,prenom,email,date_naissance\nDUPONT,Jean,jean@test.com,15/05/2008\nDURAND,,jean@test.com,32/05/2008\n"
        body = self.nothing_left(422, "roster.invalid", students_csv=csv(text))
        self.assertTrue(body["error"].startswith("CSV validation failed: "), body)
        self.assertTrue({(3, "prenom"), (3, "email"), (3, "date_naissance")} <= {(fault["line"], fault["column"]) for fault in body["details"]}, body)

    def test_sentences_are_french_unless_asked_otherwise(self):
        answer = self.admin.post("/api/exams/upload/", form={"batch_mode": "A3"})
        self.assertEqual(self.refused(answer, 400, "source.missing")["error"], "Un PDF et un fichier CSV sont requis.")

    def test_a_batch_on_its_socket_and_in_its_status(self):
        answer = uploaded(self.admin)
        with self.admin.socket(f"/ws/exams/{answer['exam_id']}/processing/") as socket:
            messages = socket.until_closed()
        self.assertEqual(socket.close_code, 1000)
        self.assertTrue(all(message["type"] == "progress" for message in messages[:-1]), messages)
        last = messages[-1]
        self.assertEqual((last["type"], last["exam_id"]), ("processing_complete", answer["exam_id"]))
        status = self.admin.wait_for(answer["task_id"])
        self.assertEqual((status["status"], status["result"]["copies_created"]), ("SUCCESS", last["copies_created"]))
        self.assertEqual(last["copies_created"], len(copies_of(self.admin, answer["exam_id"])))
        for message in messages[:-1]:
            self.assertLessEqual(message["current"], message["total"])
        with self.admin.socket(f"/ws/exams/{answer['exam_id']}/processing/") as late:
            self.assertEqual(late.until_closed()[-1], last)

    def test_a_teacher_uploads_while_the_setting_allows(self):
        teacher = self.as_("marie")
        answer = self.send(teacher)
        self.assertEqual(answer.status, 201, answer)
        with teacher.socket(f"/ws/exams/{answer.json['exam_id']}/processing/") as socket:
            self.assertEqual(socket.until_closed()[-1]["type"], "processing_complete")
        self.assertEqual(teacher.wait_for(answer.json["task_id"])["status"], "SUCCESS")
        with self.as_("paul").socket(f"/ws/exams/{answer.json['exam_id']}/processing/") as socket:
            self.assertEqual((socket.until_closed(), socket.close_code), ([], 4403))


@on_both_databases
class Refusals(UploadTest):
    def test_083_085_the_limit_is_exact_and_a_setting(self):
        content = blank_pdf(note="x" * 5000)
        try:
            self.admin.post("/api/settings/", {"max_pdf_bytes": len(content)}, expect=200)
            self.assertEqual(self.send(pdf_file=pdf(content)).status, 201)
            self.admin.post("/api/settings/", {"max_pdf_bytes": len(content) - 1}, expect=200)
            body = self.nothing_left(400, "source.too_large", pdf_file=pdf(content))
            self.assertTrue(body["error"].startswith("File too large"), body)
            exam = self.admin.post("/api/exams/", {"name": "Limit", "date": "2026-02-03"}, expect=201).json
            self.refused(self.admin.post(exam["upload_endpoint"], form={"pdf_file": pdf(content)}), 413, "source.too_large")
        finally:
            self.admin.post("/api/settings/", {"max_pdf_bytes": 104857600}, expect=200)

    def test_083_more_than_100_megabytes_without_being_held(self):
        body = self.nothing_left(400, "source.too_large", pdf_file=pdf(b"%PDF-1.4\n" + b"%" * (104857600)))
        self.assertTrue(body["error"].startswith("File too large"), body)

    def test_083_a_csv_over_10_megabytes(self):
        self.nothing_left(400, "roster.too_large", students_csv=csv(HEADER + "x" * 10485760))

    def test_082_a_locked_pdf(self):
        self.nothing_left(400, "source.encrypted", pdf_file=pdf(locked_pdf()))

    def test_084_too_many_pages(self):
        self.nothing_left(400, "source.too_many_pages", pdf_file=pdf(blank_pdf(501)))
        self.assertEqual(self.send(pdf_file=pdf(blank_pdf(1))).status, 201)

    def test_086_the_declared_type_proves_nothing(self):
        self.nothing_left(400, "source.corrupted", pdf_file=Part(b"\x89PNG\r\n\x1a\n" + bytes(100), "scan.pdf", "application/pdf"))
        self.assertEqual(self.send(pdf_file=Part(blank_pdf(note="octets"), "scan.PDF", "application/octet-stream")).status, 201)

    def test_087_names_from_outside_are_never_paths(self):
        for name in ("../../../etc/cron.d/evil.pdf", "..\\..\\evil.pdf", "/tmp/evil.pdf", "a/../../b.pdf", "nul\\evil.pdf"):
            exam = self.send(pdf_file=pdf(blank_pdf(note=name), name)).json["exam_id"]
            [source] = self.admin.all(f"/api/exams/{exam}/sources/")
            self.assertNotIn("/", source["original_name"])
            self.assertNotIn("\\", source["original_name"])
        self.assertFalse(any("evil" in name for name in self.service.files()))

    def test_088_fields_that_cannot_be(self):
        for fields in ({"batch_mode": "A5"}, {"date": "31/02/2026"}, {"title": "x" * 256}, {"exam_id": "no-id"}):
            with self.subTest(fields=fields):
                self.nothing_left(400, "request.invalid", **fields)
        self.nothing_left(404, "exam.not_found", exam_id="0198f0c2-a4d1-7c3e-9f00-3a5b7c9d1e2f")

    def test_088_what_is_left_out_has_a_default(self):
        answer = self.send(title=None, batch_mode=None)
        exam = self.admin.get(f"/api/exams/{answer.json['exam_id']}/").json
        self.assertEqual((exam["name"], exam["subject"], exam["upload_mode"]), ("Examen sans titre", "Non spécifié", "BATCH_A3"))

    def test_091_who_may_not(self):
        self.refused(self.send(self.anonymous()), 401, "auth.required")
        self.admin.post("/api/settings/", {"teachers_may_upload": False}, expect=200)
        try:
            self.refused(self.send(self.as_("marie")), 403, "auth.forbidden")
        finally:
            self.admin.post("/api/settings/", {"teachers_may_upload": True}, expect=200)

    def test_105_one_bad_file_among_good_ones(self):
        form = [("pdf_file", blank_part(note="1")), ("pdf_file", pdf(b"no pdf", "bad.pdf")), ("pdf_file", pdf(b"", "empty.pdf")),
                ("students_csv", csv(people(2, "envoi")))]
        before = self.traces()
        body = self.admin.post("/api/exams/upload/", form=form, expect=400).json
        self.assertEqual({(fault["file"], fault["code"]) for fault in body["details"]}, {("bad.pdf", "source.corrupted"), ("empty.pdf", "source.empty")})
        self.assertEqual(self.traces(), before)

    def test_forms_that_are_none(self):
        kind, body = encode_form({"pdf_file": blank_part(), "students_csv": csv(people(2, "envoi"))})
        for content, media in ((body[:-40], kind), (b"", kind), (body, "multipart/form-data")):
            with self.subTest(length=len(content), media=media):
                answer = self.admin.request("POST", "/api/exams/upload/", body=content, headers={"Content-Type": media})
                self.assertEqual(answer.status, 400, answer)
        self.refused(self.admin.post("/api/exams/upload/", {"pdf_file": "x"}), 415, "request.type")

    def test_089_a_name_with_quotes_and_line_breaks_in_the_form(self):
        kind, body = encode_form({"students_csv": csv(people(2, "envoi"))})
        body = body.replace(b'filename="students.csv"', b'filename="a%22b%0D%0AX-Evil: 1.csv"')
        answer = self.admin.request("POST", "/api/exams/upload/", body=body, headers={"Content-Type": kind})
        self.refused(answer, 400, "source.missing")
        self.assertNotIn("x-evil", answer.headers)


@on_both_databases
class ResumableUploads(UploadTest):
    def test_a_dropped_upload_goes_on_where_it_was(self):
        content = (batch() / "scan.pdf").read_bytes()
        upload = upload_id(self.admin.tus_create(len(content), "scan.pdf", expect=201))
        half = len(content) // 2
        self.assertEqual(self.admin.tus_send(upload, 0, content[:half], expect=204).headers["upload-offset"], str(half))
        other = self.as_("office")
        head = other.tus_head(upload, expect=200)
        self.assertEqual((head.headers["upload-offset"], head.headers["upload-length"]), (str(half), str(len(content))))
        self.assertEqual(other.tus_send(upload, 0, content[:10]).status, 409)
        other.tus_send(upload, half, content[half:], expect=204)
        form = {"pdf_file": upload, "students_csv": csv((batch() / "students.csv").read_bytes())}
        answer = self.admin.post("/api/exams/upload/", form=form, expect=201).json
        self.assertEqual(self.admin.succeeded(answer["task_id"])["copies_created"], 6)
        [source] = self.admin.all(f"/api/exams/{answer['exam_id']}/sources/")
        self.assertEqual((source["sha256"], source["original_name"]), (hashlib.sha256(content).hexdigest(), "scan.pdf"))
        self.assertEqual(self.admin.tus_head(upload).status, 404)

    def test_an_unfinished_or_foreign_upload_is_no_file(self):
        upload = upload_id(self.admin.tus_create(100, expect=201))
        self.nothing_left(400, "upload.incomplete", pdf_file=upload)
        self.assertEqual(self.as_("marie").tus_head(upload).status, 404)
        whole = self.admin.tus_upload(blank_pdf(note="mine"))
        answer = self.send(self.as_("marie"), pdf_file=whole)
        self.refused(answer, 404, "upload.not_found")
        self.nothing_left(404, "upload.not_found", pdf_file="no-such-upload")

    def test_an_upload_can_be_given_up(self):
        upload = upload_id(self.admin.tus_create(100, expect=201))
        self.admin.delete(f"/api/uploads/{upload}/", headers={"Tus-Resumable": "1.0.0"}, expect=204)
        self.assertEqual(self.admin.tus_head(upload).status, 404)

    def test_what_is_no_tus(self):
        self.assertEqual(self.admin.request("OPTIONS", "/api/uploads/", expect=204).headers["tus-version"], "1.0.0")
        answer = self.admin.post("/api/uploads/", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "10"})
        self.assertEqual(answer.status, 412, answer)
        answer = self.admin.post("/api/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(10 ** 15)})
        self.assertEqual(answer.status, 413, answer)
        upload = upload_id(self.admin.tus_create(5, expect=201))
        self.assertIn(self.admin.tus_send(upload, 0, b"123456789").status, (400, 413))
        self.assertEqual(self.admin.tus_head(upload).headers["upload-offset"], "0")

    def test_an_empty_pdf_by_resumable_upload(self):
        upload = upload_id(self.admin.tus_create(0, expect=201))
        self.nothing_left(400, "source.empty", pdf_file=upload)

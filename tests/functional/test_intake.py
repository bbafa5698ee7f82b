"""behaviours.md, section 5: what a batch leaves behind, further sources, individual PDFs, single copies."""

import hashlib
import json

from client import csv, pdf
from exams import UploadTest, blank_exam, blank_part, booklets_of, copies_of, faults, finished, report_of
from samples import batch, blank_pdf, mixed_batch, one_copy, people
from service import on_both_databases, parts


@on_both_databases
class Batches(UploadTest):
    """What a batch leaves behind; one exam looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = mixed_batch()
        cls.exam = finished(cls.admin, cls.folder, title="Bac blanc", subject="Maths", date="2026-02-03")

    def test_072_to_077_every_face_is_in_one_booklet_in_the_right_order(self):
        self.assertEqual(faults(self.folder, report_of(self.admin, self.exam)), [])
        booklets = booklets_of(self.admin, self.exam)
        faces = [face["id"] for booklet in booklets for face in booklet["faces"]]
        self.assertEqual(len(faces), len(set(faces)))
        self.assertEqual(len(faces), 2 * json.loads((self.folder / "truth.json").read_text())["sides"])
        at = 1
        for booklet in booklets:
            self.assertEqual((booklet["start_page"], booklet["end_page"]), (at, at + booklet["page_count"] - 1))
            self.assertEqual([face["position"] for face in booklet["faces"]], list(range(booklet["page_count"])))
            at = booklet["end_page"] + 1

    def test_076_every_face_has_a_picture(self):
        for booklet in booklets_of(self.admin, self.exam)[:2]:
            for face in booklet["faces"]:
                picture = self.admin.get(face["image_url"], expect=200)
                self.assertGreater(len(picture.body), 1000)
                self.assertIn(picture.body[:2], (b"\xff\xd8", b"\x89P"))
                self.assertLess(len(self.admin.get(face["image_url"] + "?size=thumbnail", expect=200).body), len(picture.body))

    def test_092_automatic_copies_are_ready_the_others_wait(self):
        copies = copies_of(self.admin, self.exam)
        self.assertEqual(len(copies), 6)
        for copy in copies:
            with self.subTest(copy=copy["anonymous_id"]):
                if copy["ocr_mode"] == "AUTO":
                    self.assertEqual((copy["status"], copy["is_identified"]), ("READY", True))
                    self.assertIsNotNone(copy["validated_at"])
                else:
                    self.assertEqual((copy["status"], copy["is_identified"], copy["student"]), ("STAGING", False, None))
        exam = self.admin.get(f"/api/exams/{self.exam}/").json
        self.assertEqual((exam["status"], exam["is_processed"], exam["copies_count"], exam["student_count"], exam["source_count"]), ("READY", True, 6, 8, 1))
        self.assertEqual(sum(exam["copies_by_status"].values()), 6)
        self.assertEqual(exam["identified_count"], sum(copy["is_identified"] for copy in copies))

    def test_093_anonymous_ids_are_unique_and_tell_nothing_of_the_order(self):
        copies = copies_of(self.admin, self.exam)
        self.assertEqual(sorted(copy["anonymous_id"] for copy in copies), [f"A{number:03d}" for number in range(1, 7)])

    def test_101_copies_have_pages_and_a_pdf(self):
        for copy in copies_of(self.admin, self.exam)[:2]:
            detail = self.admin.get(f"/api/copies/{copy['id']}/", expect=200).json
            self.assertEqual(len(detail["pages"]), copy["page_count"])
            self.assertEqual([page["page_index"] for page in detail["pages"]], list(range(copy["page_count"])))
            self.admin.get(detail["pages"][-1]["image_url"], expect=200)
            self.refused(self.admin.get(f"/api/copies/{copy['id']}/pages/{copy['page_count'] + 1}/"), 404, "page.not_found")
            whole = self.admin.get(copy["pdf_url"], expect=200)
            self.assertTrue(whole.body.startswith(b"%PDF-"))
            part = self.admin.get(copy["pdf_url"], headers={"Range": "bytes=5-104"}, expect=206)
            self.assertEqual(part.body, whole.body[5:105])
            self.refused(self.admin.get(copy["pdf_url"], headers={"Range": "bytes=999999999-"}), 416, "file.range")
            saved = self.admin.get(copy["pdf_url"] + "?download=1", expect=200).headers["content-disposition"]
            self.assertIn("attachment", saved)
            self.assertIn(copy["anonymous_id"], saved)

    def test_files_are_not_kept_by_others(self):
        copy = copies_of(self.admin, self.exam)[0]
        answer = self.admin.get(copy["pdf_url"], expect=200)
        self.assertIn("private", answer.headers["cache-control"])
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
        again = self.admin.get(copy["pdf_url"], headers={"If-None-Match": answer.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_the_source_is_kept_byte_for_byte(self):
        [source] = self.admin.all(f"/api/exams/{self.exam}/sources/")
        content = (self.folder / "scan.pdf").read_bytes()
        self.assertEqual((source["sha256"], source["size"], source["kind"], source["page_count"]),
                         (hashlib.sha256(content).hexdigest(), len(content), "SCAN", 12))
        media = self.service.data / "media"
        self.assertTrue(any((media / name).read_bytes() == content for name in self.service.files() if "source" in name))

    def test_the_report_counts_what_it_lists(self):
        report = report_of(self.admin, self.exam)
        counts = report["counts"]
        self.assertEqual((counts["copies"], counts["faces"], counts["sides"]), (6, 24, 12))
        modes = [copy["mode"] for copy in report["copies"]]
        self.assertEqual([counts[mode.lower()] for mode in ("AUTO", "SEMI_AUTO", "MANUAL")], [modes.count(mode) for mode in ("AUTO", "SEMI_AUTO", "MANUAL")])
        self.assertEqual(len(report["absent"]), 8 - sum(copy["student"] is not None for copy in report["copies"]))
        for copy in report["copies"]:
            self.assertEqual(self.admin.get(copy["header_url"], expect=200).body[:2], b"\xff\xd8")

    def test_102_an_exam_with_validated_copies_is_not_filled_again(self):
        before = copies_of(self.admin, self.exam)
        answer = self.admin.post("/api/exams/upload/", form=parts(self.folder, exam_id=self.exam))
        self.refused(answer, 409, "exam.has_validated_copies")
        self.assertEqual(copies_of(self.admin, self.exam), before)

    def test_107_the_same_scan_again_is_refused(self):
        answer = self.admin.post(f"/api/exams/{self.exam}/upload/", form={"pdf_file": pdf(self.folder / "scan.pdf")})
        self.refused(answer, 409, "source.duplicate")


@on_both_databases
class MoreSources(UploadTest):
    def exam(self, mode="BATCH_A3", **fields):
        return self.admin.post("/api/exams/", {"name": "Leer", "date": "2026-02-03", "upload_mode": mode, **fields}, expect=201).json

    def test_095_096_an_exam_without_scans_says_where_they_go(self):
        single, batched = self.exam("INDIVIDUAL_A4"), self.exam()
        self.assertEqual(single["upload_endpoint"], f"/api/exams/{single['id']}/upload-individual-pdfs/")
        self.assertEqual(batched["upload_endpoint"], f"/api/exams/{batched['id']}/upload/")
        self.assertEqual((batched["status"], batched["copies_count"]), ("DRAFT", 0))
        self.refused(self.admin.post(batched["upload_endpoint"], form={"kind": "SCAN"}), 400, "source.missing")
        self.refused(self.admin.get(f"/api/exams/{batched['id']}/intake-report/"), 404, "report.not_ready")
        for body in ({"name": "x"}, {"date": "2026-02-03"}, {"name": "", "date": "2026-02-03"}, {"name": "x", "date": "3/2/2026"}):
            self.refused(self.admin.post("/api/exams/", body), 400, "request.invalid")

    def test_097_101_individual_pdfs_become_copies_named_after_their_files(self):
        exam = self.exam("INDIVIDUAL_A4")
        content, _ = one_copy()
        names = ("martin_zoe", "noir.ali", "b 3")
        files = [("pdf_files", pdf(content + f"%{name}\n".encode(), f"{name}.pdf")) for name in names]
        answer = self.admin.post(exam["upload_endpoint"], form=files, expect=201).json
        self.assertEqual((answer["uploaded_count"], answer["errors"]), (3, []))
        self.admin.succeeded(answer["task_id"])
        copies = copies_of(self.admin, exam["id"])
        self.assertEqual({copy["student_identifier"] for copy in copies}, set(names))
        self.assertTrue(all(copy["page_count"] == 4 for copy in copies), copies)
        self.admin.get(f"/api/copies/{copies[0]['id']}/pages/1/", expect=200)

    def test_098_individual_pdfs_of_a_batch_exam(self):
        exam = self.exam()
        answer = self.admin.post(f"/api/exams/{exam['id']}/upload-individual-pdfs/", form=[("pdf_files", blank_part())])
        self.assertIn("INDIVIDUAL_A4", self.refused(answer, 400, "exam.wrong_mode")["error"])

    def test_099_no_files_and_too_many(self):
        exam = self.exam("INDIVIDUAL_A4")
        self.refused(self.admin.post(exam["upload_endpoint"], form={"note": "x"}), 400, "source.missing")
        files = [("pdf_files", pdf(blank_pdf(note=str(index)), f"{index}.pdf")) for index in range(101)]
        self.refused(self.admin.post(exam["upload_endpoint"], form=files), 400, "source.too_many_files")
        self.assertEqual(self.admin.all(f"/api/exams/{exam['id']}/sources/"), [])

    def test_100_a_file_that_is_no_pdf_among_individual_ones(self):
        exam = self.exam("INDIVIDUAL_A4")
        files = [("pdf_files", blank_part(note="good")), ("pdf_files", pdf(b"text", "bad.pdf"))]
        answer = self.admin.post(exam["upload_endpoint"], form=files, expect=207).json
        self.assertEqual((answer["uploaded_count"], [fault["file"] for fault in answer["errors"]]), (1, ["bad.pdf"]))
        body = self.admin.post(exam["upload_endpoint"], form=[("pdf_files", pdf(b"text", "bad.pdf"))], expect=400).json
        self.assertEqual([(fault["file"], fault["code"]) for fault in body["details"]], [("bad.pdf", "source.corrupted")])

    def test_103_an_exam_without_validated_copies_is_filled_anew(self):
        first = blank_exam(self.admin)
        self.admin.wait_for(first["task_id"])
        answer = self.send(exam_id=first["exam_id"], pdf_file=blank_part(3, "second"))
        self.assertEqual((answer.status, answer.json["exam_id"]), (201, first["exam_id"]), answer)
        self.admin.wait_for(answer.json["task_id"])
        [source] = self.admin.all(f"/api/exams/{first['exam_id']}/sources/")
        self.assertEqual(source["page_count"], 3)

    def test_104_several_pdfs_are_several_sources_in_their_order(self):
        form = [("pdf_file", pdf(blank_pdf(pages, note=str(pages)), f"part {pages}.pdf")) for pages in (3, 1, 2)] + [("students_csv", csv(people(2, "envoi")))]
        answer = self.admin.post("/api/exams/upload/", form=form, expect=201).json
        sources = self.admin.all(f"/api/exams/{answer['exam_id']}/sources/")
        self.assertEqual([(source["position"], source["page_count"]) for source in sources], [(0, 3), (1, 1), (2, 2)])

    def test_104_sources_added_later_and_removed(self):
        exam = finished(self.admin)
        other = batch("--copies", 2, "--students", 2, "--seed", 11)
        answer = self.admin.post(f"/api/exams/{exam}/upload/", form={"pdf_file": pdf(other / "scan.pdf")}, expect=201).json
        self.admin.succeeded(answer["task_id"])
        self.assertEqual(len(copies_of(self.admin, exam)), 8)
        self.assertEqual(len({copy["anonymous_id"] for copy in copies_of(self.admin, exam)}), 8)
        first, second = self.admin.all(f"/api/exams/{exam}/sources/")
        self.refused(self.admin.delete(f"/api/exams/{exam}/sources/{first['id']}/"), 409, "source.in_use")
        self.refused(self.admin.delete(f"/api/exams/{exam}/sources/{exam}/"), 404, "source.not_found")

    def test_106_an_annex_is_kept_and_makes_no_copy(self):
        exam = self.exam()
        answer = self.admin.post(exam["upload_endpoint"], form={"pdf_file": blank_part(), "kind": "ANNEX"}, expect=201).json
        self.assertEqual((answer["task_id"], answer["sources"][0]["kind"]), (None, "ANNEX"))
        self.assertEqual(copies_of(self.admin, exam["id"]), [])

    def test_108_a_single_copy(self):
        exam = self.exam()
        content, _ = one_copy()
        answer = self.admin.post(f"/api/exams/{exam['id']}/copies/import/", form={"pdf_file": pdf(content)}, expect=201).json
        self.assertEqual((answer["status"], answer["page_count"]), ("STAGING", 4))
        self.admin.succeeded(answer["task_id"])
        for number in range(1, 5):
            self.assertGreater(len(self.admin.get(f"/api/copies/{answer['copy_id']}/pages/{number}/", expect=200).body), 1000)
        [[metadata]] = self.service.rows(f"select metadata from grading_event where copy_id = '{answer['copy_id']}' and action = 'IMPORT'")
        self.assertIn("4", metadata)

    def test_109_a_corrupted_single_copy_leaves_nothing(self):
        exam = self.exam()
        before = self.traces()
        self.refused(self.admin.post(f"/api/exams/{exam['id']}/copies/import/", form={"pdf_file": pdf(b"%PDF-1.7 no")}), 400, "source.corrupted")
        self.assertEqual((self.traces(), copies_of(self.admin, exam["id"])), (before, []))

    def test_089_deleting_an_exam_leaves_no_row_and_no_file(self):
        exam = finished(self.admin)
        self.assertTrue(any(exam in name for name in self.service.files()) or self.service.files())
        self.admin.delete(f"/api/exams/{exam}/", expect=204)
        self.refused(self.admin.get(f"/api/exams/{exam}/"), 404, "exam.not_found")
        for table in ("exam_pdf", "booklet", "copy", "face", "exam_student"):
            self.assertEqual(self.service.rows(f"select count(*) from {table} where exam_id = '{exam}'"), [["0"]], table)
        known = {row[0] for row in self.service.rows("select file from file_in_use")}
        self.assertTrue(known)

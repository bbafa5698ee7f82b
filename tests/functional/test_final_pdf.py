"""behaviours.md, section 12: final PDFs."""

import io
import json
import re
import time
from pathlib import Path

import numpy
from PIL import Image

import exported
from marking import UNKNOWN
from published import MM, PublicationTest, blue, dark, edges, pages_in, rendered, text_of, tool
from service import on_both_databases


@on_both_databases
class FinalPdf(PublicationTest):
    def test_214_217_220_the_scans_and_a_summary(self):
        self.marked(remarks=[("q1", "Démonstration à revoir : « l’hypothèse » manque.")], appreciation="Bon travail,\ncontinuez ainsi – œuvre soignée.")
        content = self.final().body
        whole = self.admin.get(f"/api/copies/{self.copies[0]}/pdf/", expect=200).body
        self.assertEqual(pages_in(content), pages_in(whole) + 1)
        exported.check_pdf(content)
        for picture in self.pictures[0]:
            self.assertTrue(picture in content, "a picture was written anew")
        told = re.sub(r" ?/ ?", " / ", text_of(content))
        for words in ("Total : 9,75 / 20", "1.a", "2,75 / 5", "7 / 7", "0 / 8", "Démonstration à revoir : « l’hypothèse » manque.", "œuvre soignée", self.students[0]["last_name"]):
            self.assertIn(words, told)
        fonts = tool("pdffonts", "PDF", content=content).decode().splitlines()[2:]
        self.assertTrue(fonts)
        for line in fonts:
            self.assertRegex(line, r"yes +yes +(yes|no) +\d+ +\d+$")
        self.assertIn("FINALIZE", self.history(f"/api/grading/copies/{self.copies[0]}/"))

    def test_220_long_texts_run_over_several_pages(self):
        sentence = "L’élève a compris l’énoncé ; la rédaction, très développée, gagnerait à être plus concise. "
        self.marked(annotations=[{"content": sentence * 30}], remarks=[("q1", sentence * 50), ("q2", "mot" * 1000)], appreciation=sentence * 100)
        content = self.final().body
        self.assertGreaterEqual(pages_in(content), 5)
        told = re.sub(r"\s+", " ", text_of(content))
        self.assertGreaterEqual(told.count("gagnerait à être plus"), 150)
        self.assertIn("[1] voir la synthèse", told)

    def test_221_every_type_is_drawn_and_odd_characters_break_nothing(self):
        odd = "é œ ß Ł 漢字 🙂 <b>&amp; \\ ( ) % \u202e fin\ttab\r\nligne"
        ink = json.dumps({"strokes": [[[0.1, 0.5], [0.2, 0.6], [0.3, 0.5]], [[0.5, 0.5]]]})
        kinds = [("COMMENT", odd), ("HIGHLIGHT", "surligné"), ("ERROR", "faux"), ("BONUS", "bien vu"), ("INK", ink), ("STAMP", "TICK"), ("STAMP", "CROSS")]
        self.marked(annotations=[{"type": kind, "content": content, "y": 0.1 * index + 0.05, "h": 0.05} for index, (kind, content) in enumerate(kinds)]
                    + [{"type": "BONUS", "content": "", "score_delta": 0.5, "x": 0.6, "question_id": "q1"}])
        content = self.final().body
        plain = tool("qpdf", "--qdf", "--object-streams=disable", "PDF", "-", content=content)
        found = {name: plain.count(b"/Subtype /" + name) for name in (b"Square", b"Highlight", b"Ink", b"Stamp")}
        self.assertEqual(found, {b"Square": 4, b"Highlight": 1, b"Ink": 1, b"Stamp": 2})
        told = text_of(content)
        for words in ("surligné", "faux", "bien vu", "(+0,5)", "é œ ß Ł"):
            self.assertIn(words, told)
        picture = rendered(content, 1)
        red, green, blue_ = picture[:, :, 0], picture[:, :, 1], picture[:, :, 2]
        self.assertTrue((red - green > 90).sum() > 100 and (green - red > 40).sum() > 50 and (red - blue_ > 60).sum() > 1000)

    def test_222_boxes_land_where_the_corrector_saw_the_ink(self):
        self.exam, self.copies, self.students = self.exam_of_students(1, rotations=(0, 90, 180, 270))
        self.assigned()
        boxes = []
        for page in range(4):
            shown = numpy.asarray(Image.open(io.BytesIO(self.marie.get(f"/api/copies/{self.copies[0]}/pages/{page + 1}/", expect=200).body)).convert("RGB"))
            left, top, right, bottom = edges(dark(shown))
            height, width = shown.shape[:2]
            boxes.append((left / width, top / height, (right - left) / width, (bottom - top) / height))
        self.marked(annotations=[{"page_index": page, "x": x, "y": y, "w": w, "h": h, "content": ""} for page, (x, y, w, h) in enumerate(boxes)])
        for content in (self.final().body, self.final(client=self.marie).body):
            for page in range(4):
                picture = rendered(content, page + 1)
                for drawn, wanted in zip(edges(blue(picture)), edges(dark(picture))):
                    self.assertAlmostEqual(drawn, wanted, delta=MM, msg=f"page {page + 1}")

    def turned(self, rotation):
        """The first face as the staple desk turns it; waits until the copy's files show it so."""
        [booklet] = self.admin.get(f"/api/copies/{self.copies[0]}/", expect=200).json["booklets"]
        faces = [{"id": face["id"]} for face in booklet["faces"]]
        faces[0]["rotation"] = rotation
        self.admin.patch(f"/api/exams/booklets/{booklet['id']}/faces/", {"faces": faces}, expect=200)
        ends = time.monotonic() + 60
        while self.marie.get(f"/api/copies/{self.copies[0]}/pages/1/").status != 200 or not self.marie.get(f"/api/copies/{self.copies[0]}/").json["copy"]["pdf_url"]:
            self.assertLess(time.monotonic(), ends, "the turned face has no picture")
            time.sleep(0.1)

    def test_a_face_turned_at_the_staple_desk_is_turned_in_the_final_pdf(self):
        self.assigned()
        for rotation in (90, 270):
            self.turned(rotation)
        shown = numpy.asarray(Image.open(io.BytesIO(self.marie.get(f"/api/copies/{self.copies[0]}/pages/1/", expect=200).body)).convert("RGB"))
        height, width = shown.shape[:2]
        left, top, right, bottom = edges(dark(shown))
        # The square lay at 120 to 160 of 827 and 400 to 440 of 1169; a quarter turn to the left.
        for found, wanted in ((left / width, 400 / 1169), (right / width, 440 / 1169), (top / height, 1 - 160 / 827), (bottom / height, 1 - 120 / 827)):
            self.assertAlmostEqual(found, wanted, delta=0.005)
        x, y, w, h = left / width, top / height, (right - left) / width, (bottom - top) / height
        self.marked(annotations=[{"x": x, "y": y, "w": w, "h": h, "content": ""}])
        for content in (self.final().body, self.final(client=self.marie).body):
            picture = rendered(content, 1)
            tall, wide = picture.shape[:2]
            self.assertAlmostEqual(wide / tall, 1169 / 827, delta=0.01)
            for drawn, printed, seen in zip(edges(blue(picture)), edges(dark(picture)), (x * wide, y * tall, (x + w) * wide, (y + h) * tall)):
                self.assertAlmostEqual(drawn, printed, delta=MM)
                self.assertAlmostEqual(printed, seen, delta=MM)

    def test_223_224_who_gets_it_and_when(self):
        self.refused(self.final(expect=403), 403, "final_pdf.not_graded")
        self.refused(self.admin.get(f"/api/copies/{UNKNOWN}/final-pdf/"), 404, "copy.not_found")
        self.marked()
        self.assertEqual(self.final().body[:5], b"%PDF-")
        self.assertEqual(self.final(client=self.marie).body[:5], b"%PDF-")
        self.refused(self.final(client=self.paul, expect=403), 403, "auth.forbidden")
        self.refused(self.final(client=self.anonymous(), expect=401), 401, "auth.required")
        self.service.rows(f"update copy set final_pdf_file = null where id = '{self.copies[0]}'")
        self.refused(self.final(expect=404), 404, "final_pdf.not_found")

    def test_225_226_headers_and_audit(self):
        self.marked()
        before = self.audited("copy.download")
        shown = self.final()
        self.assertEqual((shown.headers["cache-control"], shown.headers["pragma"], shown.headers["x-content-type-options"]), ("private, no-store, no-cache", "no-cache", "nosniff"))
        self.assertTrue(shown.headers["content-disposition"].startswith("inline"))
        saved = self.admin.get(f"/api/copies/{self.copies[0]}/final-pdf/?download=1", expect=200)
        anonymous = self.admin.get(f"/api/copies/{self.copies[0]}/").json["copy"]["anonymous_id"]
        self.assertTrue(saved.headers["content-disposition"].startswith("attachment"))
        self.assertIn(f"{anonymous}.pdf", saved.headers["content-disposition"])
        self.assertEqual(self.audited("copy.download"), before + 2)

    def test_217_a_pdf_that_cannot_be_made_is_tried_again(self):
        key = self.service.rows(f"select pdf_file from copy where id = '{self.copies[0]}'")[0][0]
        file = Path(self.service.data) / "media" / key
        content = file.read_bytes()
        file.unlink()
        path, task = self.marked(wait=False)
        self.assertEqual(self.marie.wait_for(task)["status"], "FAILURE")
        self.assertEqual(self.status(path), "GRADING_FAILED")
        self.assertEqual(self.marie.get(f"/api/copies/{self.copies[0]}/").json["copy"]["permissions"], {"mark": False, "finalise": True})
        told = [entry["content"] for entry in self.admin.all("/api/notifications/") if entry["kind"] == "TASK_FAILED"]
        self.assertIn({"exam_id": self.exam, "copy_id": self.copies[0], "task_id": task}, told)
        self.assertEqual(self.marie.get(path + "scores/").json["total"], 9.75)
        self.refused(self.final(expect=403), 403, "final_pdf.not_graded")
        file.write_bytes(content)
        self.marie.succeeded(self.marie.post(path + "finalize/", expect=200).json["task_id"])
        self.assertEqual(self.status(path), "GRADED")
        self.final()
        self.admin.post(path + "reopen/", {"reason": "x"}, expect=200)
        self.refused(self.final(expect=403), 403, "final_pdf.not_graded")

    def test_217_the_office_tries_the_task_again(self):
        key = self.service.rows(f"select pdf_file from copy where id = '{self.copies[1]}'")[0][0]
        file = Path(self.service.data) / "media" / key
        content = file.read_bytes()
        file.unlink()
        path, task = self.marked(1, wait=False)
        self.marie.wait_for(task)
        file.write_bytes(content)
        self.admin.post(f"/api/tasks/{task}/retry/", expect=200)
        self.admin.succeeded(task)
        self.assertEqual(self.status(path), "GRADED")
        self.final(1)

    def test_nothing_in_a_corrector_s_pdf_leads_to_the_student(self):
        self.marked(appreciation="Bien.")
        content = self.final(client=self.marie).body
        plain = tool("qpdf", "--qdf", "--object-streams=disable", "PDF", "-", content=content) + text_of(content).encode() + tool("pdfinfo", "PDF", content=content)
        student = self.students[0]
        for secret in (student["last_name"], student["email"], student["date_naissance"], "00000.pdf"):
            for spelling in (secret.encode(), secret.encode("latin-1", "replace"), secret.encode("utf-16-be")):
                self.assertFalse(spelling in plain, f"{spelling}")
        self.assertFalse(self.pictures[0][0] in content, "the first page's own picture, header and all")
        self.assertIn(student["last_name"], text_of(self.final().body))

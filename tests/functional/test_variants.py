"""Subject variants: set by hand, or read from what is printed (issue 5, point 1)."""

import io
import json
import subprocess

from PIL import Image, ImageDraw, ImageFont

import contract
from client import pdf
from exams import copies_of, finished, report_of
from marking import UNKNOWN, GradingTest
from published import jpeg_pdf
from samples import batch
from service import on_both_databases


def printed_pdf(*lines):
    """One A4 page with lines of print from the top."""
    text = " ".join(f"({line}) Tj 0 -40 Td" for line in lines)
    content = f"BT /F1 24 Tf 60 780 Td {text} ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(content)} >>\nstream\n{content}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()


@on_both_databases
class Variants(GradingTest):
    def path(self):
        return f"/api/exams/{self.exam}/bulk-subject-variant/"

    def test_variants_are_set_and_counted(self):
        told = self.admin.post(self.path(), {"copy_ids": self.copies[:2], "subject_variant": "A"}, expect=200).json
        self.assertEqual(told, {"variants": [{"subject_variant": "A", "copies": 2}], "without": 1})
        self.admin.post(self.path(), {"copy_ids": self.copies[1:2], "subject_variant": "B"}, expect=200)
        self.admin.post(self.path(), {"copy_ids": self.copies[:1], "subject_variant": None}, expect=200)
        self.assertEqual(self.admin.get(self.path(), expect=200).json, {"variants": [{"subject_variant": "B", "copies": 1}], "without": 2})
        self.assigned(1)
        self.assertEqual(self.marie.get(f"/api/copies/{self.copies[1]}/", expect=200).json["copy"]["subject_variant"], "B")
        for body in ({}, {"copy_ids": [], "subject_variant": "A"}, {"copy_ids": self.copies, "subject_variant": "a b"}, {"copy_ids": ["x"], "subject_variant": "A"}):
            self.refused(self.admin.post(self.path(), body), 400, "request.invalid")
        self.refused(self.admin.post(self.path(), {"copy_ids": [self.copies[0], UNKNOWN], "subject_variant": "A"}), 400, "copy.unknown")
        self.refused(self.admin.post(f"/api/exams/{UNKNOWN}/bulk-subject-variant/", {"copy_ids": [UNKNOWN], "subject_variant": "A"}), 404, "exam.not_found")
        self.refused(self.marie.get(self.path()), 403, "auth.forbidden")

    def test_a_printed_code_is_found(self):
        pages = {"un": printed_pdf("Composition de physique", "SUJET A"), "deux": printed_pdf("Composition de physique", "SUJET B"), "trois": printed_pdf("Composition")}
        files = [("pdf_files", pdf(content, f"{name}.pdf")) for name, content in pages.items()]
        self.admin.succeeded(self.admin.post(f"/api/exams/{self.exam}/upload-individual-pdfs/", form=files).json["task_id"])
        task = self.admin.post(self.path(), {"detect": True}, expect=202).json["task_id"]
        result = self.admin.succeeded(task)
        contract.check_value(result, "#/components/schemas/SubjectVariantsResult")
        self.assertEqual(result, {"copies": 6, "detected": 2})
        found = {copy["student_identifier"]: copy["subject_variant"] for copy in copies_of(self.admin, self.exam)}
        self.assertEqual([found[name] for name in pages], ["A", "B", None])

    def test_a_code_printed_on_a_scanned_stack_is_found(self):
        """Through the whole pipeline: the foot of every first page says which subject its writer had."""
        made = batch("--format", "a4", "--dpi", 200, "--seed", 61)
        exam = finished(self.admin, made, pdf_file=pdf(self.stack(made)), batch_mode="A4")
        path = f"/api/exams/{exam}/bulk-subject-variant/"
        result = self.admin.succeeded(self.admin.post(path, {"detect": True}, expect=202).json["task_id"])
        self.assertEqual(result, {"copies": 6, "detected": 5})
        found = {min((face["side"]) for face in copy["faces"]): copy["id"] for copy in report_of(self.admin, exam)["copies"]}
        variants = {copy["id"]: copy["subject_variant"] for copy in copies_of(self.admin, exam)}
        self.assertEqual([variants[found[side]] for side in sorted(found)], self.printed)
        self.assertEqual(self.admin.get(path, expect=200).json, {"variants": [{"subject_variant": "A", "copies": 3}, {"subject_variant": "B", "copies": 2}], "without": 1})

    printed = ["A", "B", "A", None, "B", "A"]

    def stack(self, made):
        """The scan of a generated batch with a code printed at the foot of its first pages, but for one."""
        firsts = [sheet["faces"][0] for sheet in json.loads((made / "truth.json").read_text())["sheets"]]
        codes = {face["side"]: (code, face["rotation"]) for face, code in zip(firsts, self.printed)}
        stored = made / "sides"
        stored.mkdir(exist_ok=True)
        subprocess.run(["pdfimages", "-j", made / "scan.pdf", stored / "s"], check=True)
        font, pictures = ImageFont.truetype("DejaVuSans.ttf", 44), []
        for side, file in enumerate(sorted(stored.iterdir()), 1):
            image = Image.open(file).convert("L")
            code, rotation = codes.get(side, (None, 0))
            if code:
                image = image.rotate(rotation)
                ImageDraw.Draw(image).text((image.width // 2 - 100, int(image.height * 0.94)), f"SUJET {code}", fill=30, font=font)
                image = image.rotate(rotation)
            out = io.BytesIO()
            image.save(out, "JPEG", quality=85)
            pictures.append((out.getvalue(), *image.size, 0))
        return jpeg_pdf(pictures, 200)


del GradingTest

"""Marked copies of students who can log in, and what PDFs hold, for the tests of results."""

import io
import re
import subprocess
import uuid

import numpy
from PIL import Image, ImageDraw

from client import csv, pdf
from exams import copies_of
from marking import ALL, BAREME, BOX, GradingTest
from samples import HEADER, folder, letters

DPI = 100
MM = DPI / 25.4


def jpeg_pdf(pictures, dpi):
    """A PDF with one JPEG on each page; `pictures` are (file, width, height, /Rotate)."""
    objects = []
    for index, (stored, width, height, rotation) in enumerate(pictures):
        first = 3 + 3 * index
        points = (width * 72 / dpi, height * 72 / dpi)
        content = f"q {points[0]} 0 0 {points[1]} 0 0 cm /Im0 Do Q".encode()
        objects += [f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {points[0]} {points[1]}] /Rotate {rotation} /Contents {first + 1} 0 R "
                    f"/Resources << /XObject << /Im0 {first + 2} 0 R >> >> >>".encode(),
                    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
                    b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode /Length %d >>\n"
                    b"stream\n%s\nendstream" % (width, height, len(stored), stored)]
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(len(pictures)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pictures)} /Kids [{kids}] >>".encode(), *objects]
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + tail.encode()


def scanned_pdf(rotations, seed):
    """A PDF of A4 pictures, one for each /Rotate, each with a black square off its middle; the PDF and the pictures as they are stored."""
    pictures = []
    for index, rotation in enumerate(rotations):
        width, height = (1169, 827) if rotation % 180 else (827, 1169)
        image = Image.new("L", (width, height), 250)
        draw = ImageDraw.Draw(image)
        draw.rectangle((120, 400 + 10 * index, 159, 439 + 10 * index), fill=10)
        draw.text((400, 500), f"{seed} {index}", fill=140)
        draw.text((400, 60), f"NOM {seed}", fill=140)
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=80, dpi=(100, 100))
        pictures.append((stored.getvalue(), width, height, rotation))
    return jpeg_pdf(pictures, DPI), [stored for stored, *_ in pictures]


def tool(*words, content=b""):
    """The output of one of poppler's or qpdf's programs over a PDF."""
    path = folder() / f"{uuid.uuid4()}.pdf"
    path.write_bytes(content)
    words = [str(path) if word == "PDF" else word for word in words]
    done = subprocess.run(words, capture_output=True, check=False)
    path.unlink()
    if done.returncode:
        raise AssertionError(f"{words}: {done.stderr.decode()}")
    return done.stdout


def rendered(content, page):
    return numpy.asarray(Image.open(io.BytesIO(tool("pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "PDF", content=content))).convert("RGB")).astype(int)


def text_of(content):
    return tool("pdftotext", "-layout", "PDF", "-", content=content).decode()


def pages_in(content):
    return int(re.search(rb"Pages:\s+(\d+)", tool("pdfinfo", "PDF", content=content))[1])


def edges(mask):
    """left, top, right, bottom of what is set."""
    rows, columns = numpy.where(mask.any(axis=1))[0], numpy.where(mask.any(axis=0))[0]
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def dark(picture):
    return picture.max(axis=2) < 90


def blue(picture):
    return (picture[:, :, 2] - picture[:, :, 0]) > 60


class PublicationTest(GradingTest):
    """An exam whose copies belong to students who can log in."""

    count = 0
    rotations = (0, 90)

    def setUp(self):
        super().setUp()
        self.exam, self.copies, self.students = self.exam_of_students(2)

    def exam_of_students(self, count, bareme=BAREME, name="Maths générales", rotations=None):
        """Exam, its READY copies and their students, in the same order."""
        mark = uuid.uuid4().hex[:8].translate(str.maketrans("0123456789", "ghijklmnop"))
        lines = [f"É{mark.upper()},{letters(index)},{mark}.{index}@lycee.example.org,{1 + index % 28:02d}/03/2008,T{index % 2 + 1}" for index in range(count)]
        self.admin.succeeded(self.admin.post("/api/students/import/", form={"file": csv(HEADER + "\n".join(lines) + "\n")}, expect=202).json["task_id"])
        students = sorted(self.admin.all(f"/api/students/?search={mark}"), key=lambda student: student["email"])
        students.sort(key=lambda student: int(re.search(r"\.(\d+)@", student["email"])[1]))
        body = {"name": name, "subject": "mathématiques", "date": "2026-02-03", "upload_mode": "INDIVIDUAL_A4", "grading_structure": bareme}
        exam = self.admin.post("/api/exams/", body, expect=201).json["id"]
        self.pictures = {}
        files = []
        for index in range(count):
            content, pictures = scanned_pdf(rotations or self.rotations, f"{mark}{index}")
            self.pictures[index] = pictures
            files.append(("pdf_files", pdf(content, f"{index:05d}.pdf")))
        self.admin.succeeded(self.admin.post(f"/api/exams/{exam}/upload-individual-pdfs/", form=files).json["task_id"])
        copies = sorted(copies_of(self.admin, exam), key=lambda copy: copy["student_identifier"])
        for copy, student in zip(copies, students):
            self.admin.post(f"/api/copies/{copy['id']}/identify/", {"student_id": student["id"]}, expect=200)
        self.appoint(exam, [self.marie_id, self.paul_id])
        return exam, [copy["id"] for copy in copies], students

    def marked(self, index=0, scores=None, annotations=(), remarks=(), appreciation="", to=None, wait=True):
        """The copy marked by marie; its path, and the task of its final PDF."""
        client = self.paul if to == self.paul_id else self.marie
        path = self.assigned(index, to)
        key = self.lock(path, client)
        for annotation in annotations:
            client.post(path + "annotations/", {**BOX, **annotation}, headers=key, expect=201)
        for question, remark in remarks:
            client.post(path + "remarks/", {"question_id": question, "remark": remark}, headers=key, expect=201)
        client.put(path + "global-appreciation/", {"global_appreciation": appreciation}, headers=key, expect=200)
        client.put(path + "scores/", {"scores_data": scores or ALL}, headers=key, expect=200)
        task = client.post(path + "finalize/", headers=key, expect=200).json["task_id"]
        if wait:
            client.succeeded(task)
        return path, task

    def final(self, index=0, client=None, expect=200):
        return (client or self.admin).get(f"/api/copies/{self.copies[index]}/final-pdf/", expect=expect)

    def student(self, index=0):
        client = self.anonymous()
        client.student_login(self.students[index]["email"], date_naissance=self.students[index]["date_naissance"], expect=200)
        return client

    def release(self, exam=None):
        return self.admin.post(f"/api/exams/{exam or self.exam}/release-results/", expect=200).json

    def audited(self, action):
        return int(self.service.rows(f"select count(*) from audit_log where action = '{action}'")[0][0])

"""Every byte of a marked exam that a teacher can get, searched for whatever leads to a student (issue 5, points 1 and 6)."""

import csv as csv_reader
import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import contract
from exams import copies_of, finished
from marking import BAREME, BOX, GradingTest
from samples import mixed_batch
from service import on_both_databases

FACES = ("preview", "thumbnail")
STRANGERS = ("nom", "prenom")


# The coded pixels of a JPEG, where any few letters occur by chance. What they show is looked at apart.
PIXELS = re.compile(rb"\xff\xda.*?\xff\xd9", re.DOTALL)


def folded(text):
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)).lower()


def opened(content):
    """A PDF's bytes with every stream decoded, and its text."""
    with tempfile.TemporaryDirectory() as folder:
        file, plain = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        file.write_bytes(content)
        subprocess.run(["qpdf", "--qdf", "--object-streams=disable", "--decode-level=generalized", file, plain], check=True, capture_output=True)
        text = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True).stdout
        return plain.read_bytes() + text


@on_both_databases
class Anonymity(GradingTest):
    count = 0

    def setUp(self):
        super().setUp()
        folder = mixed_batch()
        self.exam = finished(self.admin, folder)
        self.admin.patch(f"/api/exams/{self.exam}/", {"grading_structure": BAREME}, expect=200)
        self.appoint(self.exam, [self.marie_id])
        self.admin.post(f"/api/exams/{self.exam}/validate-all/", expect=200)
        self.copies = [copy["id"] for copy in copies_of(self.admin, self.exam)]
        self.admin.post(f"/api/exams/{self.exam}/dispatch/", {}, expect=200)
        with open(folder / "students.csv", newline="", encoding="utf-8-sig") as file:
            people = list(csv_reader.DictReader(file))
        self.secrets = {"scan.pdf", "students.csv"}
        for person in people:
            day, month, year = person["date_naissance"].split("/")
            self.secrets |= {folded(person["email"]), f"{day}/{month}/{year}", f"{year}-{month}-{day}"}
            self.secrets |= {folded(person[key]) for key in STRANGERS if len(person[key]) > 3}
        sources = self.service.rows(f"select id, sha256 from exam_pdf where exam_id = '{self.exam}'")
        students = self.service.rows(f"select s.email from student s join exam_student e on e.student_id = s.id where e.exam_id = '{self.exam}'")
        self.assertTrue(sources and students)
        self.secrets |= {value.lower() for row in sources for value in row}
        # Short names stand in words; as words of their own they would be names.
        self.words = [re.compile(rb"(?<![a-z0-9])" + re.escape(secret.encode()) + rb"(?![a-z0-9])") for secret in self.secrets]

    def look(self, where, content):
        content = PIXELS.sub(b"", content)
        plain = folded(content.decode("utf-8", "ignore")).encode() + content.lower()
        for word in self.words:
            self.assertIsNone(word.search(plain), f"{where}: {word.pattern}")

    def mark(self, copy):
        path = f"/api/grading/copies/{copy}/"
        key = self.lock(path)
        self.marie.put(path + "scores/", {"scores_data": {"q1": 1, "q2": 2, "ex2": 3}}, headers=key, expect=200)
        self.marie.post(path + "annotations/", BOX, headers=key, expect=201)
        self.marie.post(path + "remarks/", {"question_id": "q1", "remark": "Bien"}, headers=key, expect=201)
        self.marie.put(path + "draft/", {"payload": {"text": "x"}, "client_id": "a"}, headers=key, expect=200)
        self.marie.post(path + "face-reports/", {"page_index": 1, "reason": "ILLEGIBLE"}, expect=201)
        return path, key

    def paths(self, copy):
        """Every read of the contract that teachers have, with the ids of this copy."""
        annotation = self.marie.all(f"/api/grading/copies/{copy}/annotations/")[0]["id"]
        ids = {"exam_id": self.exam, "copy_id": copy, "annotation_id": annotation, "question_id": "q1", "task_id": copy}
        for method, template, operation in contract.operations():
            names = set(re.findall(r"\{(\w+)\}", template))
            if method != "get" or not {"teacher", "any"} & set(operation["x-korrigo-rights"]):
                continue
            pages = range(1, 5) if "page_number" in names else [1]
            for page in pages:
                known = {**ids, "page_number": page}
                if names <= set(known):
                    path = re.sub(r"\{(\w+)\}", lambda name: str(known[name[1]]), template)
                    yield from (f"{path}?size={size}" for size in FACES) if "page_number" in names else (path,)

    def test_170_nothing_that_a_teacher_can_get_leads_to_a_student(self):
        path, key = self.mark(self.copies[0])
        for final in (False, True):
            if final:
                self.marie.post(path + "finalize/", headers=key, expect=200)
            seen = 0
            for read in self.paths(self.copies[0]):
                answer = self.marie.get(read, headers={"Accept-Encoding": "identity"})
                self.assertLess(answer.status, 500, read)
                seen += answer.status == 200
                content = opened(answer.body) if answer.body[:5] == b"%PDF-" else answer.body
                self.look(read, content)
                self.look(read + " headers", repr(answer.headers).encode())
            self.assertGreater(seen, 25)
        self.look("download", repr(self.marie.get(f"/api/copies/{self.copies[0]}/pdf/?download=1", expect=200).headers).encode())

    def test_170_nor_what_is_refused_and_said_on_sockets(self):
        for refused in (self.marie.get(f"/api/exams/{self.exam}/roster/"), self.marie.get(f"/api/exams/{self.exam}/booklets/"), self.marie.get("/api/students/?search=a"),
                        self.marie.post(f"/api/copies/{self.copies[0]}/identify/", {"student_id": 1})):
            self.assertEqual(refused.status, 403)
            self.look("refusal", refused.body)
        bell = self.marie.socket("/ws/notifications/")
        self.addCleanup(bell.socket.close)
        bell.ping()
        self.admin.post(f"/api/copies/{self.copies[0]}/transfer/", {"corrector_id": self.marie_id}, expect=200)
        self.look("notification", repr(bell.receive(20)).encode())
        foreign = self.marie.socket(f"/ws/exams/{self.exam}/processing/")
        self.addCleanup(foreign.socket.close)
        self.assertEqual(foreign.until_closed(20), [])
        self.assertEqual(foreign.close_code, 4403)

    def test_170_ids_and_times_do_not_tell_the_order_of_the_scan(self):
        copies = self.marie.all(f"/api/exams/{self.exam}/copies/")
        self.assertEqual({copy["id"][14] for copy in copies}, {"4"})
        for copy in copies:
            self.assertLessEqual({"created_at", "validated_at", "assigned_at", "position"} & set(copy), set())

    def test_an_admin_s_look_behind_the_mask_is_written_down(self):
        copy = self.copies[0]
        for headers in ({}, {"Range": "bytes=0-99"}, {"Range": "bytes=100-199"}):
            self.admin.get(f"/api/copies/{copy}/pdf/", headers=headers)
        self.marie.get(f"/api/copies/{copy}/pdf/", expect=200)
        looks = [entry["actor_id"] for entry in self.admin.all(f"/api/grading/copies/{copy}/audit/") if entry["action"] == "UNMASK"]
        self.assertEqual(looks, [self.office_id] * 2)
        self.assertNotIn("UNMASK", [entry["action"] for entry in self.marie.all(f"/api/grading/copies/{copy}/audit/")])
        self.assertEqual(len(self.admin.all(f"/api/audit/?action=copy.unmask&target_id={copy}")), 2)

    def test_170_the_header_s_ink_is_gone(self):
        """Where the header was, a corrector's face has no dark pixel left; the office's has."""
        boxes = {}
        for copy in self.copies:
            detail = self.admin.get(f"/api/copies/{copy}/", expect=200).json
            face = next((face for booklet in detail["booklets"] for face in booklet["faces"] if face["header_box"]), None)
            if face:
                boxes[copy] = (1 + [f["id"] for b in detail["booklets"] for f in b["faces"]].index(face["id"]), face["header_box"])
        self.assertTrue(boxes)
        for copy, (page, box) in boxes.items():
            shares = [dark_share(client.get(f"/api/copies/{copy}/pdf/", expect=200).body, page, box) for client in (self.admin, self.marie)]
            self.assertGreater(shares[0], 0.005)
            self.assertLess(shares[1], 0.0005)


def dark_share(content, page, box):
    """The share of dark pixels in a box of fractions of a page of a PDF."""
    gray = subprocess.run(["pdftoppm", "-gray", "-r", "100", "-f", str(page), "-l", str(page), "-"], input=content, check=True, capture_output=True).stdout
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+\d+\s", gray)
    width, height = int(head[1]), int(head[2])
    pixels = gray[head.end():]
    columns = range(int(box["x"] * width) + 1, int((box["x"] + box["w"]) * width))
    rows = range(int(box["y"] * height) + 1, int((box["y"] + box["h"]) * height))
    return sum(pixels[row * width + column] < 100 for row in rows for column in columns) / (len(columns) * len(rows))


del GradingTest

"""Final PDFs of marked copies and the ZIP of them, from the order to the file. The bar: 150 copies within 15 s, no picture written anew.

The copies come from the sample generator's batch at 300 dpi; marks and annotations are put into the rows. Each copy gets both of its files: the student's and
the corrector's. Usage: ./dev bench export [--copies N] [--annotations N]
"""

import argparse
import hashlib
import io
import re
import time
import uuid
import zipfile

from measuring import write_result
from running import DATABASES, cpu_s, memory_mb, started
from samples import batch
from school_rows import NOW, insert
from service import parts

QUESTIONS = [f"q{number}" for number in range(1, 9)]
BAREME = [{"id": question, "label": f"Question {question[1:]}", "points": 2.5} for question in QUESTIONS]
REMARK = "L’idée est bonne, mais l’hypothèse de récurrence n’est pas écrite ; reprenez l’initialisation."
KINDS = [("COMMENT", "Justifiez cette étape."), ("HIGHLIGHT", "à retenir"), ("ERROR", "erreur de signe"), ("BONUS", "élégant"), ("STAMP", "TICK"),
         ("INK", '{"strokes": [[[0.2, 0.5], [0.3, 0.52], [0.4, 0.49]]]}')]


def pictures(content):
    """Hashes of a PDF's image streams, byte for byte as they are stored."""
    found = set()
    for head in re.finditer(rb"\d+ 0 obj\s*<<((?:(?!endobj).)*?)>>\s*stream\r?\n", content, re.S):
        length = re.search(rb"/Length (\d+)", head[1])
        if b"/Subtype /Image" in head[1] and length:
            found.add(hashlib.sha256(content[head.end():head.end() + int(length[1])]).hexdigest())
    return found


def marked_exam(service, office, copies, annotations):
    """An exam whose copies are all marked, without final PDFs yet."""
    made = batch("--copies", copies, "--students", copies, "--dpi", 300)
    office.post("/api/settings/", {"max_pdf_bytes": 1 << 30, "max_pages": 1000}, expect=200)
    answer = office.post("/api/exams/upload/", form=parts(made, title="Export"), expect=201).json
    office.succeeded(answer["task_id"], timeout=900)
    exam = answer["exam_id"]
    office.patch(f"/api/exams/{exam}/", {"grading_structure": BAREME}, expect=200)
    ids = [row[0] for row in service.rows(f"select id from copy where exam_id = '{exam}'")]
    faces = {}
    for copy, face in service.rows(f"select copy_id, id from face where exam_id = '{exam}' and copy_id is not null order by page_index"):
        faces.setdefault(copy, []).append(face)
    marie = service.rows("select id from \"user\" where username = 'marie'")[0][0]
    insert(service, "score", ["copy_id", "question_id", "points", "set_by", "set_at"],
           [(copy, question, 25 * ((number + index) % 11), marie, NOW) for number, copy in enumerate(ids) for index, question in enumerate(QUESTIONS)])
    insert(service, "question_remark", ["id", "copy_id", "question_id", "remark", "created_by", "created_at", "updated_at"],
           [(str(uuid.uuid4()), copy, question, REMARK, marie, NOW, NOW) for copy in ids for question in QUESTIONS[:4]])
    insert(service, "annotation", ["id", "copy_id", "face_id", "x", "y", "w", "h", "type", "content", "created_by", "created_at", "updated_at"],
           [(str(uuid.uuid4()), copy, faces[copy][index % len(faces[copy])], 0.1 + 0.05 * (index % 8), 0.3 + 0.04 * (index % 12), 0.3, 0.03, *KINDS[index % len(KINDS)],
             marie, NOW, NOW) for copy in ids for index in range(annotations)])
    service.rows(f"update copy set status = 'GRADED', graded_at = {NOW}, maximum = 2000, assigned_corrector_id = {marie}, global_appreciation = 'Travail sérieux.', "
                 f"total = (select sum(points) from score where copy_id = copy.id) where exam_id = '{exam}'" + (" returning 1" if service.database == "postgres" else ""))
    return exam, ids


def measure(database, words):
    service = started(database)
    try:
        office = service.logged_in("office")
        exam, ids = marked_exam(service, office, words.copies, words.annotations)
        cpu, begun = cpu_s(service), time.monotonic()
        task = office.post(f"/api/exams/{exam}/export-all/", expect=202).json["task_id"]
        peak = memory_mb(service)
        while not office.task_status(task)["ready"]:
            peak = max(peak, memory_mb(service))
            time.sleep(0.1)
        seconds, cpu = time.monotonic() - begun, cpu_s(service) - cpu
        office.succeeded(task)
        archive = zipfile.ZipFile(io.BytesIO(office.get(f"/api/tasks/{task}/result/", expect=200).body))
        if len(archive.namelist()) != len(ids):
            raise SystemExit(f"{len(archive.namelist())} PDFs of {len(ids)} copies")
        untouched = 0
        for copy in ids:
            before = pictures(office.get(f"/api/copies/{copy}/pdf/", expect=200).body)
            after = pictures(office.get(f"/api/copies/{copy}/final-pdf/", expect=200).body)
            if not before or before != after:
                raise SystemExit(f"copy {copy}: {len(before - after)} of {len(before)} pictures are not as they were")
            untouched += len(before)
        size = sum(entry.file_size for entry in archive.infolist())
    finally:
        service.remove()
    return {"seconds": seconds, "cpu_s": cpu, "peak_mb": peak, "copies": len(ids), "zip_mb": size / 1e6, "pictures_untouched": untouched}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--copies", type=int, default=150)
    arguments.add_argument("--annotations", type=int, default=12)
    arguments.add_argument("--databases", default=",".join(DATABASES))
    words = arguments.parse_args()
    result = {}
    print("copies, seconds from the order to the ZIP, processor seconds, MB of memory at the most, MB of ZIP, pictures found as they were")
    for database in words.databases.split(","):
        f = result[database] = measure(database, words)
        print(f"{database:10}{f['copies']:6}{f['seconds']:8.1f}{f['cpu_s']:8.1f}{f['peak_mb']:8.0f}{f['zip_mb']:8.0f}{f['pictures_untouched']:8}")
    write_result("export", result)


if __name__ == "__main__":
    main()

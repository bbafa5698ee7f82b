"""A school's rows, written straight into a service's database: exams of 100 copies with everything that lists show of them. Whatever the number
of copies, the school has as many students, a corrector has as many copies, and tasks are kept of as many exams (their history is cleared)."""

import csv
import hashlib
import io
import random
import sqlite3
import subprocess
import uuid

from running import postgres

COPIES_OF_EXAM = 100
STUDENTS = 2000
EXAMS_OF_TEACHER = 5
COPIES_OF_TEACHER = 20  # of each of these exams
EXAMS_WITH_TASKS = 10
NOW = 1_770_000_000_000


def fill(service, copies, teacher):
    """`copies` copies in the service's database, some of them `teacher`'s (a user's id) to correct. The id of one of the teacher's exams."""
    made = School(copies, teacher)
    for table, columns, rows in made.tables():
        insert(service, table, columns, rows)
    if service.database == "postgres":
        service.rows("VACUUM (ANALYZE)")  # as the server does by itself within minutes
    return made.exams[made.middle]


def insert(service, table, columns, rows):
    if service.database == "postgres":
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_MINIMAL).writerows(["\\N" if value is None else value for value in row] for row in rows)
        subprocess.run([postgres.PROGRAMS / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", service.url, "-c",
                        f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"], input=text.getvalue(), text=True, check=True)
        return
    connection = sqlite3.connect(service.data / "korrigo.db", timeout=60)
    with connection:
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)
    connection.close()


class School:
    def __init__(self, copies, teacher):
        self.random = random.Random(copies)
        self.teacher, self.copies = teacher, copies
        self.students = range(1, STUDENTS + 1)
        self.exams = [self.id() for _ in range(copies // COPIES_OF_EXAM)]
        self.middle = len(self.exams) // 2
        self.sources = [self.id() for _ in self.exams]
        self.copy_ids = [self.id() for _ in range(copies)]
        self.booklets = [self.id() for _ in range(copies)]

    def id(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def each_copy(self):
        """(number, exam's number, place in the exam) of every copy."""
        return ((number, number // COPIES_OF_EXAM, number % COPIES_OF_EXAM) for number in range(self.copies))

    def corrector(self, exam, place):
        return self.teacher if abs(exam - self.middle) <= EXAMS_OF_TEACHER // 2 and place < COPIES_OF_TEACHER else None

    def student(self, exam, place):
        return self.students[(exam * 7 + place) % len(self.students)]

    def tables(self):
        yield "student", ("id", "last_name", "first_name", "date_naissance", "email", "class_name", "sort_name", "created_at", "updated_at"), (
            (number, f"NOM{number}", "Prénom", "2008-05-15", f"eleve.{number}@lycee.example.org", f"T{number % 30:02}", f"nom{number:06} prenom", NOW, NOW)
            for number in self.students)
        yield "exam", ("id", "name", "subject", "date", "status", "created_by", "created_at", "updated_at"), (
            (exam, f"Épreuve {number}", "Maths", f"2026-{1 + number % 12:02}-{1 + number % 28:02}", "READY", self.teacher, NOW + number, NOW)
            for number, exam in enumerate(self.exams))
        yield "exam_student", ("exam_id", "student_id", "position"), (
            (self.exams[exam], self.student(exam, place), place) for _, exam, place in self.each_copy())
        yield "exam_corrector", ("exam_id", "user_id", "added_at"), ((exam, self.teacher, NOW) for exam in self.exams)
        yield "exam_pdf", ("id", "exam_id", "kind", "file", "original_name", "sha256", "size", "page_count", "position", "uploaded_at"), (
            (source, exam, "SCAN", f"exams/source/{source}.pdf", "scan.pdf", hashlib.sha256(source.encode()).hexdigest(), 10 ** 8, 200, 0, NOW)
            for source, exam in zip(self.sources, self.exams))
        yield from self.copy_tables()
        yield from self.journals()

    def copy_tables(self):
        yield "booklet", ("id", "exam_id", "position", "start_page", "end_page", "header_file", "created_at"), (
            (self.booklets[number], self.exams[exam], place, 4 * place + 1, 4 * place + 4, f"exams/headers/{number}.jpg", NOW)
            for number, exam, place in self.each_copy())
        yield "copy", ("id", "exam_id", "student_id", "anonymous_id", "position", "status", "page_count", "pdf_file", "masked_pdf_file",
                       "assigned_corrector_id", "created_at", "updated_at"), (
            (self.copy_ids[number], self.exams[exam], None if place % 10 == 9 else self.student(exam, place), f"A{place + 1:03}", place,
             "STAGING" if place % 10 == 9 else "READY", 4, f"copies/{number}.pdf", f"copies/{number}-masked.pdf",
             self.corrector(exam, place), NOW + number, NOW) for number, exam, place in self.each_copy())
        yield "copy_booklet", ("copy_id", "booklet_id", "position"), ((self.copy_ids[number], self.booklets[number], 0) for number, _, _ in self.each_copy())
        yield "face", ("id", "exam_id", "exam_pdf_id", "side", "half", "preview_file", "thumbnail_file", "has_header", "booklet_id", "booklet_position",
                       "copy_id", "page_index", "created_at"), (
            (self.id(), self.exams[exam], self.sources[exam], 2 * place + page // 2, ("left", "right")[page % 2], f"exams/pages/{number}-{page}.jpg",
             f"exams/pages/{number}-{page}-small.jpg", int(page == 0), self.booklets[number], page, self.copy_ids[number], page, NOW)
            for number, exam, place in self.each_copy() for page in range(4))
        yield "ocr_result", ("id", "copy_id", "detected_text", "confidence", "ocr_mode", "created_at", "updated_at"), (
            (self.id(), self.copy_ids[number], '{"nom": "NOM", "prenom": "Prénom"}', 0.3 + place / 200, "MANUAL" if place % 10 == 9 else "AUTO", NOW, NOW)
            for number, _, place in self.each_copy())

    def journals(self):
        """A finished task for some exams with ten children, a line of audit for each copy."""
        parents = {exam: self.id() for exam in self.exams[:EXAMS_WITH_TASKS]}
        columns = ("id", "kind", "state", "priority", "payload", "result", "stage", "ready", "age_from", "order_key", "run_at", "max_attempts", "time_limit_s",
                   "phase", "parent_id", "parent_phase", "children_total", "children_open", "exam_id", "created_at", "started_at", "finished_at")
        # A time far ahead: retention must not clear them away while the benchmark runs.
        end = 4_000_000_000_000

        def task(key, exam, parent, kind):
            return (key, kind, "SUCCESS", "HIGH", "{}", "{}", "", 0, NOW, 0, NOW, 3, 1800, 0, parent, 0, 0, 0, exam, NOW, NOW, end)

        yield "task", columns, (task(parents[exam], exam, None, "process_pdf_batch") for exam in parents)
        yield "task", columns, (task(self.id(), exam, parents[exam], "survey_sides") for exam in parents for _ in range(10))
        yield "audit_log", ("sequence", "created_at", "actor_id", "action", "target_type", "target_id", "previous_hash", "hash"), (
            (1_000_000 + number, NOW, self.teacher, "copy.download", "copy", copy, f"b{number:063x}", f"b{number + 1:063x}") for number, copy in enumerate(self.copy_ids))

"""Statistics of one exam with 10 000 marked copies, asked for over HTTP. The bar: 100 ms, also right after a mark has changed.

Usage: ./dev bench statistics [--copies N] [--questions N]
"""

import argparse
import random
import statistics
import time
import uuid

from measuring import write_result
from running import DATABASES, cpu_s, started
from school_rows import NOW, insert

CLASSES, LOTS, TIMES = 40, ("marie", "paul"), 15


def fill(service, office, copies, questions):
    """The id of an exam whose copies are all marked."""
    dice = random.Random(copies)
    bareme = [{"id": f"q{index}", "label": f"Question {index}", "points": 2.5} for index in range(questions)]
    exam = office.post("/api/exams/", {"name": "Statistiques", "date": "2026-02-03", "grading_structure": bareme}, expect=201).json["id"]
    users = {name: identity for name, identity in service.rows('select username, id from "user"')}
    insert(service, "student", ["id", "last_name", "first_name", "date_naissance", "class_name", "sort_name", "created_at", "updated_at"],
           [(number, f"N{number}", "P", "2008-01-01", f"C{number % CLASSES:02d}", f"N{number} P", NOW, NOW) for number in range(1, copies + 1)])
    made, scores = [], []
    for number in range(1, copies + 1):
        copy, skill = str(uuid.UUID(int=dice.getrandbits(128), version=4)), dice.random()
        points = [25 * min(10, max(0, round(10 * dice.gauss(skill, 0.25)))) for _ in range(questions)]
        made.append((copy, exam, number, f"A{number:05d}", number, "GRADED", sum(points), 250 * questions, users[LOTS[number % 2]], NOW + number, NOW, NOW))
        scores += [(copy, f"q{index}", value, users["marie"], NOW) for index, value in enumerate(points)]
    insert(service, "copy", ["id", "exam_id", "student_id", "anonymous_id", "position", "status", "total", "maximum", "assigned_corrector_id", "graded_at", "created_at", "updated_at"], made)
    insert(service, "score", ["copy_id", "question_id", "points", "set_by", "set_at"], scores)
    if service.database == "postgres":
        service.rows("ANALYZE")
    return exam, made[0][0]


def timed(service, client, exam):
    """Milliseconds of the clock, of the processor, and the answer."""
    cpu, begun = cpu_s(service), time.monotonic()
    answer = client.get(f"/api/exams/{exam}/statistics/", expect=200, checked=False)
    return (time.monotonic() - begun) * 1000, (cpu_s(service) - cpu) * 1000, answer.json


def measure(database, words):
    service = started(database)
    try:
        office = service.logged_in("office")
        exam, copy = fill(service, office, words.copies, words.questions)
        office.patch(f"/api/exams/{exam}/", {"name": "Statistiques 2"}, expect=200)
        first = timed(service, office, exam)[0]
        fresh, kept, spent = [], [], []
        for turn in range(TIMES):
            service.rows(f"update copy set graded_at = graded_at + 1 where id = '{copy}'" + (" returning 1" if database == "postgres" else ""))
            fresh.append(timed(service, office, exam)[0])
            milliseconds, cpu, told = timed(service, office, exam)
            kept.append(milliseconds)
            spent.append(cpu)
        if told["count"] != words.copies:
            raise SystemExit(f"{told['count']} copies")
    finally:
        service.remove()
    return {"first_ms": first, "cpu_ms": statistics.fmean(spent), "after_a_change_ms": statistics.median(fresh), "unchanged_ms": statistics.median(kept), "worst_ms": max(fresh + kept)}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--copies", type=int, default=10_000)
    arguments.add_argument("--questions", type=int, default=10)
    words = arguments.parse_args()
    result = {"copies": words.copies, "questions": words.questions}
    print(f"{words.copies} copies, {words.questions} questions: ms when asked for the first time; median right after a change, unchanged, worst of both; of the processor")
    for database in DATABASES:
        f = result[database] = measure(database, words)
        print(f"{database:10}{f['first_ms']:8.1f}{f['after_a_change_ms']:8.1f}{f['unchanged_ms']:8.1f}{f['worst_ms']:8.1f}{f['cpu_ms']:8.1f}")
    write_result("statistics", result)


if __name__ == "__main__":
    main()

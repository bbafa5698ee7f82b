"""What the service adds: the demo's batch through the server, upload included, beside `korrigo scan` of the same file (the bar: at most 15 %
slower), and the lists with 100 000 copies beside those with 1 000 (the bar: p95 at most 1.3 times).

Usage: ./dev bench service [--rounds N] [--requests N] [--copies N] [--only batch|lists]
"""

import argparse
import http.client
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

import school_rows
from bench_batch import make_batch, scan
from measuring import write_result
from running import DATABASES, cpu_s, started
from client import csv, pdf
from contract import document

FEW = 1000


def through_the_server(database, batch):
    """The seconds from the first byte of the upload to SUCCESS, those of the upload, those of the processors; the number of copies."""
    service = started(database)
    try:
        client = service.logged_in("office")
        client.post("/api/settings/", {"max_pdf_bytes": 500_000_000}, expect=200)
        form = {"pdf_file": pdf(batch / "scan.pdf"), "students_csv": csv((batch / "students.csv").read_bytes())}
        cpu, begun = cpu_s(service), time.monotonic()
        task = client.post("/api/exams/upload/", form=form, expect=201).json["task_id"]
        uploaded = time.monotonic() - begun
        copies = client.succeeded(task, timeout=600)["copies_created"]
        return {"wall_s": time.monotonic() - begun, "upload_s": uploaded, "cpu_s": cpu_s(service) - cpu}, copies
    finally:
        service.remove()


def measure_batch(words):
    """Rounds one after the other, each with every way, so that a noisy machine disturbs all alike."""
    runs = {way: [] for way in ("scan", *DATABASES)}
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as folder:
        batch = make_batch(Path(folder) / "batch")
        for _ in range(words.rounds):
            measured, report = scan(batch, Path(folder) / "out")
            runs["scan"].append({"wall_s": measured.wall_s, "cpu_s": measured.cpu_s})
            for database in DATABASES:
                run, copies = through_the_server(database, batch)
                if copies != len(report["copies"]):
                    raise SystemExit(f"{database}: {copies} copies, korrigo scan {len(report['copies'])}")
                runs[database].append(run)
    result = {"runs": runs}
    for way, each in runs.items():
        least = {name: min(run[name] for run in each) for name in each[0]}
        of_scan = {f"{name}_of_scan": least[name] / min(run[name] for run in runs["scan"]) for name in ("wall_s", "cpu_s")}
        result[way] = {**least, **of_scan, "by_round": [one["wall_s"] / other["wall_s"] for one, other in zip(each, runs["scan"])]}
        result[way]["median_of_rounds"] = statistics.median(result[way]["by_round"])
    return result


def is_paged(schema):
    """A list in pages says how many rows there are in all."""
    named = document()["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], {})
    return "count" in named.get("properties", {}) and "results" in named["properties"]


def lists_of(exam, user):
    """Path of every list of the contract that the user may ask."""
    for path, operations in document()["paths"].items():
        get = operations.get("get", {})
        schema = get.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        asked = any(one.get("in") == "query" and one.get("required") for one in get.get("parameters", ()))
        if is_paged(schema) and not asked and user in get.get("x-korrigo-rights", ()) and path.count("{") == path.count("{exam_id}"):
            yield path.replace("{exam_id}", exam)


class Asking:
    """One kept connection of a logged-in user."""

    def __init__(self, service, name):
        client = service.logged_in(name)
        self.headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in client.cookies.items())}
        self.connection = http.client.HTTPConnection(*service.address, timeout=60)

    def ask(self, path):
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]}")
        return (time.perf_counter() - begun) * 1000, body


class School:
    """A service with so many copies, and the lists that can be asked of it."""

    def __init__(self, database, copies):
        self.service = started(database, "--workers", "0")
        teacher = next(user["id"] for user in self.service.logged_in("office").all("/api/users/") if user["username"] == "marie")
        exam = school_rows.fill(self.service, copies, teacher)
        self.users = {"admin": Asking(self.service, "office"), "teacher": Asking(self.service, "marie")}
        self.lists = {(user, path.replace(exam, "{exam}")): path for user in self.users for path in lists_of(exam, user)}
        self.rows = {(user, name): json.loads(self.users[user].ask(path)[1])["count"] for (user, name), path in self.lists.items()}

    def ask(self, which, page, size):
        """Milliseconds for one page of so many rows."""
        user, _ = which
        return self.users[user].ask(f"{self.lists[which]}?page={page}&page_size={size}")[0]


def p95(values):
    return statistics.quantiles(values, n=20)[-1]


def page_size(few, which):
    """As the pages ask, and so that the small school has a full one."""
    return max(1, min(50, few.rows[which]))


def ask_in_turn(few, many, requests, chosen):
    """Milliseconds of each list in the small and in the large school, asked in turn for the same full pages."""
    times = {which: ([], []) for which in few.lists}
    for _ in range(requests):
        for which, (short, long) in times.items():
            size = page_size(few, which)
            page = chosen.randint(1, max(1, few.rows[which] // size))
            short.append(few.ask(which, page, size))
            long.append(many.ask(which, page, size))
    return times


def last_page(school, which, size):
    return school.ask(which, max(1, -(-school.rows[which] // size)), size)


def measure_lists(database, words):
    """Of each figure the least of all rounds: what else the machine does only ever adds."""
    few, many = School(database, FEW), School(database, words.copies)
    try:
        chosen = random.Random(1)
        rounds = [ask_in_turn(few, many, words.requests, chosen) for _ in range(words.rounds)]
        rows = []
        for which in few.lists:
            def least(of, school, which=which):
                return min(of(times[which][school]) for times in rounds)

            rows.append({"list": which[1], "user": which[0], "few_p50_ms": least(statistics.median, 0), "many_p50_ms": least(statistics.median, 1),
                         "few_p95_ms": least(p95, 0), "many_p95_ms": least(p95, 1), "ratio": least(p95, 1) / least(p95, 0),
                         "last_page_ms": min(last_page(many, which, page_size(few, which)) for _ in range(5))})
        return rows
    finally:
        few.service.remove()
        many.service.remove()


def print_batch(result):
    print("the demo's batch, least of all rounds: wall s, against korrigo scan; CPU s, against korrigo scan; median of wall against scan by [round]; the upload's s")
    for way in ("scan", *DATABASES):
        f = result[way]
        rounds = " ".join(f"{ratio:.2f}" for ratio in f["by_round"])
        print(f"{way:10}{f['wall_s']:8.2f}{f['wall_s_of_scan']:6.2f}{f['cpu_s']:8.2f}{f['cpu_s_of_scan']:6.2f}{f['median_of_rounds']:6.2f} [{rounds}] {f.get('upload_s', 0):6.2f}")


def print_lists(database, rows, copies):
    print(f"{database}: a page with {FEW} and with {copies} copies, ms: median, p95 of each; ratio of the p95; the last page of the many")
    for row in sorted(rows, key=lambda row: -row["ratio"]):
        print(f"{row['few_p50_ms']:7.2f}{row['many_p50_ms']:7.2f}  {row['few_p95_ms']:7.2f}{row['many_p95_ms']:7.2f}{row['ratio']:7.2f}"
              f"{row['last_page_ms']:8.2f}  {row['user']:8}{row['list']}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--requests", type=int, default=200)
    arguments.add_argument("--copies", type=int, default=100_000)
    arguments.add_argument("--only", choices=("batch", "lists"))
    words = arguments.parse_args()
    result = {}
    if words.only != "lists":
        result["batch"] = measure_batch(words)
        print_batch(result["batch"])
    if words.only != "batch":
        for database in DATABASES:
            result[f"lists_{database}"] = measure_lists(database, words)
            print_lists(database, result[f"lists_{database}"], words.copies)
    write_result("service", result)


if __name__ == "__main__":
    main()

"""The whole job on a stack of 44 booklets (88 A3 sides, 40 students), stage by stage, beside the reference's method.

Usage: ./dev bench batch [--runs N] [--no-reference] [--long]
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from check_batch import compare
from measuring import BINARY, measure, write_result

HERE = Path(__file__).resolve().parent


def make_batch(folder, *options):
    subprocess.run([BINARY, "demo", "--make", folder, *map(str, options)], check=True, stdout=subprocess.DEVNULL)
    return folder


def scan(batch, out, *options):
    shutil.rmtree(out, ignore_errors=True)
    measured = measure([BINARY, "scan", batch / "scan.pdf", "--roster", batch / "students.csv", "--out", out, *options])
    if measured.code not in (0, 1):
        sys.exit(measured.output)
    return measured, json.loads((out / "report.json").read_text())


def print_run(measured, report):
    stages = "  ".join(f"{stage} {seconds:.2f}" for stage, seconds in report["timings_s"].items() if stage != "total")
    print(f"korrigo   {measured.wall_s:6.2f} s wall  {measured.cpu_s:6.2f} s CPU  {measured.peak_mb:5.0f} MB peak   [{stages}]")


def measure_long(work):
    """Peak memory against the number of pages."""
    rows = []
    for copies in (62, 250):
        batch = make_batch(work / f"long-{copies}", "--copies", copies, "--students", copies, "--seed", 5)
        measured, report = scan(batch, work / "long-out")
        sides = report["sources"][0]["sides"]
        print(f"{sides} sides: {measured.wall_s:.1f} s, {measured.peak_mb:.0f} MB peak")
        rows.append({"sides": sides, "wall_s": measured.wall_s, "peak_mb": measured.peak_mb})
        shutil.rmtree(work / f"long-{copies}")
    return rows


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--no-reference", action="store_true")
    arguments.add_argument("--long", action="store_true", help="also 124 and 500 sides, for memory")
    words = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as folder:
        work = Path(folder)
        batch = make_batch(work / "batch")
        runs = []
        for _ in range(words.runs):
            measured, report = scan(batch, work / "out")
            print_run(measured, report)
            runs.append((measured, report))
        outcome = compare(json.loads((batch / "truth.json").read_text()), report)
        print(f"          {outcome.sheets} sheets, {outcome.automatic} automatic, {len(outcome.wrong_automatic)} wrongly, "
              f"{len(outcome.faults)} faults of arrangement")
        wall = statistics.median(run.wall_s for run, _ in runs)
        result = {"wall_s": wall, "cpu_s": statistics.median(run.cpu_s for run, _ in runs), "peak_mb": max(run.peak_mb for run, _ in runs),
                  "timings_s": runs[-1][1]["timings_s"], "automatic": outcome.automatic, "sheets": outcome.sheets}
        if not words.no_reference:
            reference = measure([sys.executable, HERE / "reference_method.py", batch / "scan.pdf", work / "reference"])
            if reference.code != 0:
                sys.exit(reference.output)
            print(f"reference {reference.wall_s:6.2f} s wall  {reference.cpu_s:6.2f} s CPU  {reference.peak_mb:5.0f} MB peak")
            print(f"ratio     {reference.wall_s / wall:6.1f}")
            result["reference"] = {"wall_s": reference.wall_s, "cpu_s": reference.cpu_s, "peak_mb": reference.peak_mb}
            result["ratio"] = reference.wall_s / wall
        if words.long:
            result["long"] = measure_long(work)
        write_result("batch", result)


if __name__ == "__main__":
    main()

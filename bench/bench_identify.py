"""How many copies are identified, and whether any wrongly: on header pictures with a truth.csv, and on generated batches of every layout.

Usage: ./dev bench identify [CORPUS] [--generated SEEDS] [--keep FOLDER] [--jobs N]
CORPUS holds images/, roster.csv and truth.csv (columns file, email, roster_rows_agreeing, written_*, layout, writers); by default the evaluation
headers. Or it holds folders of that kind, each the stack of one exam, as tools/headers/compose.py makes them; those without truth.csv are left out.
--keep keeps what was read, so that another measurement of the same pictures only decides anew.
"""

import argparse
import csv
import json
import tempfile
from pathlib import Path

import identify_figures as figures
import identify_report as report
from bench_batch import make_batch, scan
from check_batch import Outcome, compare
from measuring import BINARY, EVALUATION, ROOT, measure, write_result

LAYOUTS = ("boxes", "boxes-gaps", "ticks", "above", "framed", "line", "cmen")
WRITERS_SHOWN = 12


def answers_of(corpus, options, work, words):
    out = work / "answers.json"
    if words.keep:
        words.keep.mkdir(parents=True, exist_ok=True)
        options = [*options, "--keep-readings", words.keep / f"{corpus.name}.json"]
    measured = measure([BINARY, "identify", corpus / "images", "--roster", corpus / "roster.csv", "--json", out, "--jobs", words.jobs, *options])
    if measured.code != 0:
        raise SystemExit(measured.output)
    truth = {row["file"]: row for row in csv.DictReader((corpus / "truth.csv").open())}
    return [figures.Header(corpus, answer, truth[answer["file"]]) for answer in json.loads(out.read_text()) if answer["file"] in truth], measured.cpu_s


def measure_corpus(corpus, work, words):
    if (corpus / "images").is_dir():
        headers, cpu_s = answers_of(corpus, [], work, words)
    else:
        headers, cpu_s = [], 0
        for exam in sorted(path.parent for path in corpus.glob("*/truth.csv")):
            more, spent = answers_of(exam, ["--stack"], work, words)
            headers, cpu_s = headers + more, cpu_s + spent
    if not headers:
        raise SystemExit(f"{corpus} holds no header with a truth.csv.")
    return print_corpus(corpus, headers, cpu_s)


def print_corpus(corpus, headers, cpu_s):
    whole, layouts, writers = figures.summary(headers), figures.grouped(headers, "layout"), figures.grouped(headers, "writers")
    bins, error = figures.reliability(headers)
    wrong = [header for header in headers if header.wrong]
    worst = dict(sorted(writers.items(), key=lambda item: (-item[1]["wrong"], item[1]["modes"]["AUTO"] / item[1]["headers"]))[:WRITERS_SHOWN])
    text = "\n\n".join([
        report.table(str(corpus), {"all": whole}), report.table("by layout", layouts),
        report.table(f"by writer, the hardest {len(worst)} of {len(writers)}", worst), report.diagram_text(bins, error),
        f"{cpu_s / len(headers) * 1000:.0f} ms of one core a header", "\n".join(["wrong and automatic:"] + [header.described() for header in wrong])])
    print(text)
    page = ROOT / "build/bench/identify"
    report.write_page(page, text, bins, wrong)
    print(page / "index.html")
    return {"corpus": str(corpus), "all": whole, "by_layout": layouts, "by_writer": writers, "reliability": bins, "calibration_error": error,
            "ms_per_header": cpu_s / len(headers) * 1000, "wrong": [header.described() for header in wrong]}


def measure_generated(seeds, work):
    result = {}
    for layout in LAYOUTS if seeds > 0 else ():
        total = Outcome()
        for seed in range(1, seeds + 1):
            with tempfile.TemporaryDirectory(dir=work) as folder:
                batch = make_batch(Path(folder) / "batch", "--layout", layout, "--seed", seed, "--copies", 20, "--students", 20)
                _, scanned = scan(batch, Path(folder) / "out", "--no-previews")
                total.add(compare(json.loads((batch / "truth.json").read_text()), scanned))
        print(f"generated, {layout:11} {total.sheets} copies, {total.automatic} AUTO ({total.automatic / total.sheets:.0%}), "
              f"{len(total.wrong_automatic)} wrong, {len(total.faults)} faults of arrangement")
        for line in total.wrong_automatic + total.faults:
            print("   ", line)
        result[layout] = {"copies": total.sheets, "automatic": total.automatic, "wrong": total.wrong_automatic, "faults": total.faults}
    return result


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", nargs="?", type=Path, default=EVALUATION / "headers")
    arguments.add_argument("--generated", type=int, default=2, metavar="SEEDS")
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--jobs", type=int, default=1)
    words = arguments.parse_args()
    result = {}
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as folder:
        if words.corpus.is_dir():
            result["corpus"] = measure_corpus(words.corpus, Path(folder), words)
        else:
            print(f"{words.corpus} is absent; only generated batches are measured.")
        result["generated"] = measure_generated(words.generated, Path(folder))
    write_result("identify", result)


if __name__ == "__main__":
    main()

"""Time to read one header on one core: within a batch, against the learned form, and alone, form and all.

Usage: ./dev bench header
"""

import json
import tempfile
from pathlib import Path

from bench_batch import make_batch, scan
from measuring import BINARY, EVALUATION, measure, write_result


def main():
    result = {}
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as folder:
        work = Path(folder)
        batch = make_batch(work / "batch")
        for _ in range(2):  # the second run reads from memory
            _, report = scan(batch, work / "out", "--no-previews", "--jobs", "1")
        count = len(json.loads((batch / "truth.json").read_text())["sheets"])
        result["in_a_batch_ms"] = report["timings_s"]["headers"] / count * 1000
        print(f"in a batch, learning the form included: {result['in_a_batch_ms']:.0f} ms a header on one core ({count} headers)")
        images = EVALUATION / "headers/images"
        if images.is_dir():
            answers = work / "answers.json"
            measured = measure([BINARY, "identify", images, "--roster", images.parent / "roster.csv", "--json", answers, "--jobs", "1"])
            result["alone_ms"] = measured.wall_s / len(json.loads(answers.read_text())) * 1000
            print(f"alone, finding the form and starting included: {result['alone_ms']:.0f} ms a header on one core")
    write_result("header", result)


if __name__ == "__main__":
    main()

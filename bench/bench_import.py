"""Import of a roster as a task: new students, the same file again, every class changed. The bar: 10 000 students within 3 s.

Usage: ./dev bench import [--students N]
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from measuring import ROOT, write_result
from running import DATABASES, new_url

PROGRAM = ROOT / "build/release/bench/import_bench"


def measure(url, words):
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as media:
        command = [words.program, url, media, words.students]
        return json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--students", type=int, default=10_000)
    arguments.add_argument("--program", type=Path, default=PROGRAM)
    words = arguments.parse_args()
    result = {"students": words.students}
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as folder:
        for database in DATABASES:
            result[database] = measure(new_url(database, folder, "import"), words)
    print(f"seconds for {words.students} students: all new; the same file again; every class changed")
    for engine in DATABASES:
        times = result[engine]
        print(f"{engine:10}{times['new_s']:8.2f}{times['same_s']:8.2f}{times['changed_s']:8.2f}")
    write_result("import", result)


if __name__ == "__main__":
    main()

"""The durable queue: no-op tasks a second of a worker pool, beside a bare loop of the same statements (the bar is set
against one by one on SQLite and batches on PostgreSQL), and with 200 000 tasks waiting.

Usage: ./dev bench queue [--tasks N] [--waiting N] [--rounds N]
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from measuring import ROOT, write_result
from running import DATABASES, new_url

PROGRAM = ROOT / "build/release/bench/queue_bench"


def measure(url, full_url, words):
    command = [words.program, url, full_url, words.tasks, words.waiting, words.rounds]
    return json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tasks", type=int, default=5000)
    arguments.add_argument("--waiting", type=int, default=200_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--program", type=Path, default=PROGRAM)
    words = arguments.parse_args()
    result = {"tasks": words.tasks, "waiting": words.waiting}
    with tempfile.TemporaryDirectory(prefix="korrigo-bench-") as folder:
        for database in DATABASES:
            result[database] = measure(new_url(database, folder, "queue"), new_url(database, folder, "full"), words)
    print("bare loop one by one, 64 at a time; pool; pool's share of both; pool with many waiting and what it keeps; enqueueing; tasks a second")
    for engine in DATABASES:
        f = result[engine]
        print(f"{engine:10}{f['one_by_one_per_s']:8.0f}{f['batched_per_s']:8.0f}{f['pool_per_s']:8.0f}{f['of_one_by_one']:8.0%}"
              f"{f['of_batched']:8.0%}{f['pool_per_s_waiting']:8.0f}{f['kept_with_waiting']:8.0%}{f['enqueued_per_s']:8.0f}")
    write_result("queue", result)


if __name__ == "__main__":
    main()

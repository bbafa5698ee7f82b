"""Running a program while its process tree is watched, and saying what it took."""

import json
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BINARY = Path(os.environ.get("KORRIGO_BINARY", ROOT / "build/release/korrigo"))
EVALUATION = Path(os.environ.get("KORRIGO_EVALUATION", ROOT.parent / "shared/data/evaluation"))


@dataclass
class Measured:
    code: int
    wall_s: float
    cpu_s: float
    peak_mb: float  # summed PSS of the process tree, sampled
    output: str


def tree_of(root):
    children = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_text()
        except OSError:
            continue
        parent = int(stat.rsplit(")", 1)[1].split()[1])
        children.setdefault(parent, []).append(int(entry))
    tree, open_ends = [], [root]
    while open_ends:
        process = open_ends.pop()
        tree.append(process)
        open_ends += children.get(process, [])
    return tree


def pss_kb(process):
    try:
        for line in Path("/proc", str(process), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def measure(command, **options):
    """Runs the command to its end; `options` as subprocess.Popen takes them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    peak, done = [0], threading.Event()

    def watch():
        while not done.wait(0.05):
            peak[0] = max(peak[0], sum(pss_kb(each) for each in tree_of(process.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.communicate()[0]
    wall = time.monotonic() - started
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(process.returncode, wall, cpu, peak[0] / 1024, output)


def machine():
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?")
    return f"{os.cpu_count()} x {model}"


def write_result(name, result):
    folder = ROOT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), **result}, indent=1) + "\n")
    print(f"\n{machine()}\n{path}")

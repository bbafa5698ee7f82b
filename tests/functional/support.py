"""What the functional tests share: the program, generated batches, scratch folders. They drive the real binary as a user does."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "bench"))
from check_batch import compare  # noqa: E402

BINARY = Path(os.environ.get("KORRIGO_BINARY", ROOT / "build/release/korrigo"))
EVALUATION = Path(os.environ.get("KORRIGO_EVALUATION", ROOT.parent / "shared/data/evaluation"))
FULL = bool(os.environ.get("KORRIGO_FULL"))
LIMIT = 300  # seconds for any one run of the program


def korrigo(*arguments, **options):
    """Runs the program; `options` as subprocess.run takes them."""
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=LIMIT, check=False, **options)


class Scratch(unittest.TestCase):
    """A folder of its own for every test, removed afterwards."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="korrigo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def batch(self, *options, name="batch"):
        """A generated batch; small and at 150 dpi unless the options say otherwise."""
        words = [str(option) for option in options]
        for option, value in (("--dpi", "150"), ("--copies", "6"), ("--students", "6")):
            if option not in words:
                words += [option, value]
        made = korrigo("demo", "--make", self.folder / name, *words)
        self.assertEqual(made.returncode, 0, made.stderr)
        return self.folder / name

    def scan(self, batch, *options, name="out"):
        """Scans a batch and returns its report."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        done = korrigo("scan", batch / "scan.pdf", "--roster", batch / "students.csv", "--out", self.folder / name, "--no-previews", *options)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads((self.folder / name / "report.json").read_text())

    def check(self, batch, report):
        """The report against the truth: nothing lost, nothing out of order, nobody taken for somebody else."""
        outcome = compare(json.loads((batch / "truth.json").read_text()), report)
        self.assertEqual(outcome.faults, [])
        self.assertEqual(outcome.wrong_automatic, [])
        return outcome


def needs_evaluation(kind):
    folder = EVALUATION / kind
    return unittest.skipUnless(folder.is_dir(), f"{folder} is absent (KORRIGO_EVALUATION)")

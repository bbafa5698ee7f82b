"""External OCR engines (docs/engines.md): who is there, what they add, and that their failures cost nothing but their evidence; `korrigo check`."""

import json
import os
import tempfile
import unittest
from pathlib import Path

from exams import copies_of, finished
from samples import batch
from service import ServiceTest, on_both_databases
from support import Scratch, korrigo

TWINS = ("--twins", "--seed", "5")  # two of one name, born on one day: their copies stay in doubt
DEAD = "dead=/bin/false"
SILENT = "silent=/bin/sleep 600"
CHATTY = "chatty=/usr/bin/yes"


def with_engines(*engines, seconds=20):
    return {**os.environ, "KORRIGO_ENGINES": ",".join(engines), "KORRIGO_ENGINE_SECONDS": str(seconds)}


def decisions(report):
    return sorted((copy["mode"], (copy["student"] or {}).get("email"), copy["readings"].get("nom")) for copy in report["copies"])


class Check(Scratch):
    def check(self, *words, code=0, env=None):
        done = korrigo("check", "--data", self.folder / "data", *words, env=env)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_all_is_there(self):
        said = self.check()
        for subject in ("data folder", "media", "disk", "database", "redis", "clock", "models", "pdftoppm", "language fra", "engine korrigo-hand",
                        "engine tesseract", "engine strokes", "engine easyocr", "engine paddleocr"):
            self.assertIn(subject, said)
        self.assertFalse((self.folder / "data").exists(), "a check makes nothing")

    def test_an_engine_that_is_wanted_and_missing(self):
        said = self.check(code=1, env=with_engines("strokes", DEAD))
        self.assertRegex(said, r"ok +engine strokes +used: 1")
        self.assertRegex(said, r"look +engine dead +used: It ended without an answer")

    def test_what_is_not_installed_comes_with_its_command(self):
        said = self.check()
        if "engine easyocr" in said and "The Python package easyocr is not installed" in said:
            self.assertRegex(said, r"-> sh \S+/install\.sh easyocr")

    def test_a_folder_that_cannot_be_written(self):
        done = korrigo("check", "--data", "/proc/korrigo")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertRegex(done.stdout, r"BAD +data folder")

    def test_the_chain_of_the_audit_log(self):
        korrigo("user", "add", "office", "--role", "ADMIN", "--data", self.folder / "data")
        self.assertRegex(self.check("--audit"), r"ok +audit log +\d+ rows, unbroken")

    def test_the_configuration_in_force(self):
        (self.folder / "k.toml").write_text('engines = ["strokes"]\nengine_seconds = 7\n')
        said = korrigo("config", "--config", self.folder / "k.toml").stdout
        self.assertIn('engines = ["strokes"]', said)
        self.assertIn("engine_seconds = 7", said)
        unknown = korrigo("check", env=with_engines("nosuch"))
        self.assertEqual(unknown.returncode, 2)
        self.assertIn('There is no engine "nosuch"; there are: easyocr, paddleocr, strokes.', unknown.stderr)


class Scan(Scratch):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.input = batch(*TWINS)
        cls.without = cls.scan_of(os.environ)

    @classmethod
    def scan_of(cls, environment):
        with tempfile.TemporaryDirectory(prefix="korrigo-engines-") as folder:
            out = Path(folder) / "out"
            done = korrigo("scan", cls.input / "scan.pdf", "--roster", cls.input / "students.csv", "--out", out, "--no-previews", env=environment)
            if done.returncode not in (0, 1):
                raise AssertionError(done.stderr)
            return json.loads((out / "report.json").read_text())

    def doubtful(self, report):
        return [copy for copy in report["copies"] if copy["mode"] != "AUTO"]

    def test_nobody_is_asked_unless_named(self):
        self.assertEqual(self.without["engines"], [])
        self.assertTrue(self.doubtful(self.without), "the sample leaves nothing in doubt")
        for copy in self.without["copies"]:
            for candidate in copy["candidates"]:
                for engines in candidate.get("evidence", {}).values():
                    self.assertLessEqual(set(engines), {"korrigo-hand", "tesseract"})

    def test_an_engine_is_asked_about_copies_in_doubt_only(self):
        report = self.scan_of(with_engines("strokes"))
        [record] = report["engines"]
        self.assertEqual((record["name"], record["version"], record["trouble"]), ("strokes", "1", ""))
        self.assertEqual((record["asked"], record["answered"]), (len(self.doubtful(self.without)),) * 2)
        self.check(self.input, report)
        told = [candidate["evidence"] for copy in self.doubtful(report) for candidate in copy["candidates"] if candidate["email"]]
        self.assertTrue(told)
        for evidence in told:
            for engines in evidence.values():
                self.assertIn("strokes", engines)
                self.assertIsInstance(engines["strokes"]["fit"], float)

    def test_engines_that_fail_cost_their_evidence_only(self):
        report = self.scan_of(with_engines(DEAD, SILENT, CHATTY, "absent=/no/such/program", seconds=1))
        self.assertEqual(decisions(report), decisions(self.without))
        troubles = {record["name"]: record["trouble"] for record in report["engines"]}
        self.assertEqual(troubles, {"dead": "It ended without an answer.", "silent": "It did not answer within 1 s.",
                                    "chatty": "What it answered is not in the protocol.", "absent": "The program /no/such/program is not installed."})
        self.assertEqual({record["answered"] for record in report["engines"]}, {0})

    def test_an_unknown_engine_is_refused_at_once(self):
        done = korrigo("scan", "x.pdf", "--roster", "x.csv", "--out", self.folder / "out", env=with_engines("nosuch"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("nosuch", done.stderr)


@on_both_databases
class Server(ServiceTest):
    own_service = True
    environment = {"KORRIGO_ENGINES": f"strokes,{DEAD}"}

    def test_the_settings_show_who_is_there(self):
        engines = {engine["name"]: engine for engine in self.admin.get("/api/settings/engines/", expect=200).json["engines"]}
        self.assertEqual([engines[name]["state"] for name in ("korrigo-hand", "tesseract", "strokes", "dead")], ["READY", "READY", "READY", "FAILING"])
        self.assertEqual({name for name, engine in engines.items() if engine["used"]}, {"korrigo-hand", "tesseract", "strokes", "dead"})
        self.assertEqual(engines["easyocr"]["used"], False)
        self.refused(self.as_("marie").get("/api/settings/engines/"), 403, "auth.forbidden")

    def test_a_batch_hears_them_about_copies_in_doubt(self):
        exam = finished(self.admin)
        listed = [copy for copy in self.admin.all(f"/api/exams/{exam}/unidentified-copies/") if copy["ocr_result"] and copy["ocr_result"]["engines"]]
        self.assertTrue(listed, "the sample leaves nothing in doubt")
        told = 0
        for copy in listed:
            self.assertEqual([engine["name"] for engine in copy["ocr_result"]["engines"]], ["korrigo-hand, tesseract, strokes"])
            for candidate in copy["ocr_result"]["candidates"]:
                if candidate["student"]:
                    told += any("strokes" in engines for engines in candidate["evidence"].values())
        self.assertGreater(told, 0)
        sure = [copy for copy in copies_of(self.admin, exam) if copy["is_identified"]]
        self.assertTrue(sure)
        report = self.admin.get(f"/api/exams/{exam}/intake-report/", expect=200).json
        self.assertEqual([warning for warning in report["batch"]["warnings"] if "strokes" in warning], [])
        self.assertEqual(len([warning for warning in report["batch"]["warnings"] if "dead" in warning]), 1, report["batch"]["warnings"])


if __name__ == "__main__":
    unittest.main()

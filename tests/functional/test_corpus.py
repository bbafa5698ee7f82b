"""Real scans, real headers and bad PDFs from the evaluation folder; skipped, and said so, where it is absent."""

import csv
import json
import time
import unittest

from support import EVALUATION, Scratch, korrigo, needs_evaluation

ROSTER = "nom,prenom,email,date_naissance\nDurand,Zoé,zoe.durand@example.org,04/05/2008\nMartin,Paul,paul.martin@example.org,01/02/2008\n"

# The writers of the forms whose names are whole, and others who share a name with a writer or nearly do.
FORMS_ROSTER = """nom,prenom,email,date_naissance
Barais,Olivier,olivier.barais@example.org,02/12/2007
Blouin,Arnaud,arnaud.blouin@example.org,19/03/2007
Derrier,Steven,steven.derrier@example.org,05/08/2007
Mcginity,Jessie,jessie.mcginity@example.org,11/01/2008
Martin,Paul,paul.martin@example.org,04/04/2008
Dubois,René,rene.dubois@example.org,08/09/2008
Durand,Raymond,raymond.durand@example.org,10/10/2008
Petit,Jojo,jojo.petit@example.org,21/02/2008
Approché,Luc,luc.approche@example.org,22/02/2008
Globis,Anne,anne.globis@example.org,23/02/2008
Quasibon,Jean,jean.quasibon@example.org,24/02/2008
Barrier,Steve,steve.barrier@example.org,26/02/2008
Blondin,Armand,armand.blondin@example.org,27/02/2008
"""


class Corpus(Scratch):
    def answer(self, source, roster):
        started = time.monotonic()
        done = korrigo("scan", source, "--roster", roster, "--out", self.folder / f"out-{source.stem}", "--no-previews")
        self.assertLess(time.monotonic() - started, 240)
        self.assertIn(done.returncode, (0, 1, 2), f"{source.name}: {done.stderr}")
        if done.returncode == 2:
            self.assertTrue(done.stderr.startswith("korrigo: ") and done.stderr.strip().endswith("."), done.stderr)
            self.assertFalse((self.folder / f"out-{source.stem}").exists())
            return None
        return json.loads((self.folder / f"out-{source.stem}" / "report.json").read_text())

    def answer_all(self, kind):
        roster = self.folder / "students.csv"
        roster.write_text(ROSTER)
        files = sorted(path for path in (EVALUATION / kind).rglob("*") if path.suffix.lower() == ".pdf")
        self.assertTrue(files)
        for source in files:
            with self.subTest(file=source.name):
                report = self.answer(source, roster)
                if report is None:
                    continue
                sides = report["sources"][0]["sides"]
                listed = {face["side"] for copy in report["copies"] for face in copy["faces"]} | {face["side"] for face in report["unplaced"]}
                self.assertEqual(listed, set(range(1, sides + 1)))
                self.assertTrue(all(copy["student"] is None for copy in report["copies"]))

    @needs_evaluation("bad-pdf")
    def test_every_bad_pdf_gets_an_answer(self):
        self.answer_all("bad-pdf")

    @needs_evaluation("scans")
    def test_every_scan_is_read_to_the_last_side(self):
        self.answer_all("scans")

    @needs_evaluation("headers")
    def test_no_real_header_is_given_to_the_wrong_student(self):
        headers = EVALUATION / "headers"
        out = self.folder / "identified.json"
        done = korrigo("identify", headers / "images", "--roster", headers / "roster.csv", "--json", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        truth = {row["file"]: row for row in csv.DictReader((headers / "truth.csv").read_text().splitlines())}
        answers = json.loads(out.read_text())
        self.assertEqual(len(answers), len(truth))
        for answer in answers:
            if answer["mode"] == "AUTO":
                row = truth[answer["file"]]
                self.assertEqual(answer["student"]["email"], row["email"], answer)
                self.assertEqual(row["roster_rows_agreeing"], "1", answer)

    @needs_evaluation("forms")
    def test_no_form_is_given_to_the_wrong_student(self):
        roster = self.folder / "students.csv"
        roster.write_text(FORMS_ROSTER)
        forms = EVALUATION / "forms/files"
        for source in sorted(forms.glob("*.pdf")):
            with self.subTest(file=source.name):
                report = self.answer(source, roster)
                self.assert_only_the_writers(source.name, report["copies"] if report else [])
        images = self.folder / "images"
        images.mkdir()
        for source in [*forms.glob("*.jpg"), *forms.glob("*.png")]:
            (images / source.name).symlink_to(source)
        done = korrigo("identify", images, "--roster", roster, "--json", self.folder / "forms.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        for answer in json.loads((self.folder / "forms.json").read_text()):
            with self.subTest(file=answer["file"]):
                self.assert_only_the_writers(answer["file"], [answer])

    def assert_only_the_writers(self, file, answers):
        writers = {"ce_demo1_3copies.pdf": {"olivier.barais", "arnaud.blouin", "steven.derrier"}, "plom_id_page.png": {"jessie.mcginity"}}
        for answer in answers:
            if answer["mode"] == "AUTO":
                self.assertIn(answer["student"]["email"].split("@")[0], writers.get(file, ()), answer)

    @needs_evaluation("headers")
    def test_what_was_read_is_kept(self):
        images = self.folder / "images"
        images.mkdir()
        for picture in sorted((EVALUATION / "headers/images").iterdir())[:3]:
            (images / picture.name).write_bytes(picture.read_bytes())
        answers = []
        for round in range(2):
            out = self.folder / f"{round}.json"
            done = korrigo("identify", images, "--roster", EVALUATION / "headers/roster.csv", "--json", out, "--keep-readings", self.folder / "kept.json")
            self.assertEqual(done.returncode, 0, done.stderr)
            answers.append([(answer["file"], answer["mode"], answer["readings"]) for answer in json.loads(out.read_text())])
            for picture in images.iterdir():
                picture.write_bytes(b"no longer a picture")
        self.assertEqual(answers[0], answers[1])


if __name__ == "__main__":
    unittest.main()

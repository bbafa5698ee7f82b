"""Generated batches of every kind, against what the generator says they hold."""

import itertools
import json
import unittest

from support import FULL, Scratch, korrigo

LAYOUTS = ("boxes", "boxes-gaps", "ticks", "above", "framed", "line", "cmen")
SEEDS = range(1, 21) if FULL else range(1, 2)


class CleanBatches(Scratch):
    def test_every_imposition_and_layout_is_arranged_as_it_was_written(self):
        for imposition, layout, seed in itertools.product(("booklet", "plain"), LAYOUTS, SEEDS):
            with self.subTest(imposition=imposition, layout=layout, seed=seed):
                verso = 0 if (seed + LAYOUTS.index(layout)) % 2 else 180
                batch = self.batch("--imposition", imposition, "--layout", layout, "--verso-rotation", verso, "--seed", seed,
                                   name=f"{imposition}-{layout}-{seed}")
                report = self.scan(batch)
                outcome = self.check(batch, report)
                self.assertEqual(report["unplaced"], [])
                self.assertEqual(report["batch"]["imposition"], imposition)
                self.assertEqual(report["batch"]["verso_rotation"], verso)
                self.assertEqual(report["batch"]["pages_per_booklet"], 4)
                self.assertEqual(len(report["copies"]), outcome.sheets)

    def test_questions_printed_on_every_page(self):
        for paper, seed in itertools.product((("--format", "a4", "--verso-rotation", 0), ("--imposition", "booklet")), SEEDS):
            with self.subTest(paper=paper, seed=seed):
                batch = self.batch("--printed", *paper, "--copies", 10, "--students", 10, "--seed", seed, name=f"printed-{paper[1]}-{seed}")
                report = self.scan(batch)
                outcome = self.check(batch, report)
                self.assertEqual(report["unplaced"], [])
                self.assertEqual(len(report["copies"]), outcome.sheets)

    def test_separate_a4_leaves(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                batch = self.batch("--format", "a4", "--verso-rotation", 0, "--seed", seed, name=f"a4-{seed}")
                report = self.scan(batch)
                self.check(batch, report)
                self.assertEqual(report["unplaced"], [])

    def test_a3_and_a4_in_one_file(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                batch = self.batch("--format", "mixed", "--copies", 10, "--students", 10, "--seed", seed, name=f"mixed-{seed}")
                self.check(batch, self.scan(batch))

    def test_one_copy_or_two_are_a_batch_too(self):
        for copies in (1, 2):
            for options in (("--layout", "boxes"), ("--layout", "above", "--imposition", "plain"), ("--layout", "cmen", "--format", "a4")):
                with self.subTest(copies=copies, options=options):
                    batch = self.batch("--copies", copies, "--students", copies, "--dpi", 300, *options, name=f"few-{copies}-{options[1]}")
                    report = self.scan(batch)
                    self.check(batch, report)
                    self.assertEqual(len(report["copies"]), copies)

    def test_colour_scans(self):
        batch = self.batch("--colour", "--dpi", 200)
        self.check(batch, self.scan(batch))


class Identities(Scratch):
    def test_a_clean_batch_at_300_dpi_identifies_at_least_a_third(self):
        automatic = sheets = 0
        for seed in SEEDS:
            batch = self.batch("--dpi", 300, "--copies", 12, "--students", 12, "--seed", seed, name=f"clean-{seed}")
            outcome = self.check(batch, self.scan(batch))
            automatic += outcome.automatic
            sheets += outcome.sheets
        self.assertGreaterEqual(automatic, sheets * 0.3)

    def test_the_absent_are_listed(self):
        batch = self.batch("--dpi", 300, "--copies", 8, "--students", 10, "--absent", 2)
        report = self.scan(batch)
        outcome = self.check(batch, report)
        if outcome.automatic == outcome.sheets:
            self.assertEqual(len(report["absent"]), 2)

    def test_people_who_are_not_on_the_roster_are_nobody(self):
        for seed in SEEDS:
            batch = self.batch("--dpi", 300, "--copies", 10, "--students", 8, "--unknown", 4, "--seed", seed, name=f"unknown-{seed}")
            self.check(batch, self.scan(batch))

    def test_twins_and_namesakes_are_never_taken_for_one_another(self):
        for seed in SEEDS:
            batch = self.batch("--dpi", 300, "--copies", 12, "--students", 12, "--twins", "--seed", seed, name=f"twins-{seed}")
            self.check(batch, self.scan(batch))

    def test_fields_left_empty(self):
        for seed in SEEDS:
            batch = self.batch("--dpi", 300, "--copies", 8, "--students", 8, "--empty-fields", 4, "--seed", seed, name=f"empty-{seed}")
            self.check(batch, self.scan(batch))


class Trouble(Scratch):
    """On troubled batches every face is in one copy or listed with its reason; sheets that are whole stay whole."""

    def trouble(self, *options, copies=8):
        for seed in SEEDS:
            with self.subTest(options=options, seed=seed):
                name = f"trouble-{seed}"
                batch = self.batch("--copies", copies, "--students", 8, *options, "--seed", seed, name=name)
                report = self.scan(batch, name=name + "-out")
                self.check(batch, report)
                yield batch, report

    def test_blank_faces_stay_in_their_copies(self):
        for _, report in self.trouble("--blank", 6):
            self.assertTrue(any(face["blank"] for copy in report["copies"] for face in copy["faces"]))

    def test_a_sheet_scanned_twice_counts_once_and_is_listed(self):
        for _, report in self.trouble("--doubled", 2):
            self.assertGreaterEqual(len(report["unplaced"]), 4)
            self.assertTrue(all(face["reason"] for face in report["unplaced"]))

    def test_a_printed_sheet_scanned_twice_counts_once_and_no_other_does(self):
        for _, report in self.trouble("--doubled", 2, "--printed"):
            self.assertEqual(len(report["unplaced"]), 8)
            self.assertTrue(all("Scanned twice" in face["reason"] for face in report["unplaced"]))

    def test_a_stack_given_twice_counts_once(self):
        batch = self.batch("--copies", 8, "--students", 8)
        out = self.folder / "out"
        done = korrigo("scan", batch / "scan.pdf", batch / "scan.pdf", "--roster", batch / "students.csv", "--out", out, "--no-previews")
        self.assertEqual(done.returncode, 1, done.stderr)
        report = json.loads((out / "report.json").read_text())
        self.assertEqual(len(report["copies"]), 8)
        self.assertEqual(len(report["unplaced"]), 32)

    def test_students_with_several_sheets(self):
        for _ in self.trouble("--several", 3, "--dpi", 300, copies=11):
            pass

    def test_a_missing_second_sheet(self):
        for _ in self.trouble("--several", 3, "--missing", 2, copies=11):
            pass

    def test_swapped_sheets(self):
        for _ in self.trouble("--several", 3, "--swapped", 4, copies=11):
            pass

    def test_sides_fed_upside_down(self):
        for _ in self.trouble("--rotated", 2):
            pass

    def test_a_corrupt_page_costs_that_page(self):
        for _, report in self.trouble("--corrupt"):
            self.assertGreaterEqual(len(report["unplaced"]), 1)

    def test_everything_at_once(self):
        for _ in self.trouble("--blank", 4, "--doubled", 1, "--several", 2, "--absent", 1, "--unknown", 1, "--twins", "--swapped", 1,
                              "--empty-fields", 1, "--corrupt", "--format", "mixed", copies=12):
            pass


class Encodings(Scratch):
    def test_every_encoding_of_the_pictures(self):
        for encoding in ("jpeg", "ccitt", "jbig2", "jpeg2000", "flate", "mixed"):
            with self.subTest(encoding=encoding):
                batch = self.batch("--encoding", encoding, "--copies", 5, "--students", 5, name=encoding)
                report = self.scan(batch)
                self.check(batch, report)
                self.assertEqual(report["unplaced"], [])


if __name__ == "__main__":
    unittest.main()

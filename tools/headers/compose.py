"""Composes header strips of many exams with hard rosters, in numbers large enough to see rare mistakes and to calibrate confidence.

Usage: python3 tools/headers/compose.py OUT [--exams 500] [--first 0] [--seed 1] [--fonts test|tune]

OUT/exam-NNNN/ holds images/, roster.csv and truth.csv of one exam: one printed form, a class of 30 to 45 in stack order. About 40 headers an exam.
The same seed gives the same exams, whichever of them are composed. `./dev bench identify OUT` reads and scores them.
"""

import argparse
import csv
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "train-hand"))
import people as school  # noqa: E402
import strips  # noqa: E402
import writers  # noqa: E402

COLUMNS = ["file", "last_name", "first_name", "birth_date", "written_last", "written_first", "written_date", "email", "source", "writers", "layout",
           "ink", "box_grey", "big_letters", "rotation", "format", "roster_rows_agreeing"]
ABSENT, STRANGERS, SECOND_SHEET = 0.05, 0.025, 0.04


def stack(random, roster):
    """Who wrote the sheets, in stack order: neighbours of one person are one person's sheets."""
    present = [p for p in roster if random.random() > ABSENT]
    for _ in range(random.binomial(len(roster), STRANGERS)):
        present.insert(int(random.integers(len(present) + 1)), school.stranger(random, roster))
    return [p for p in present for _ in range(2 if random.random() < SECOND_SHEET else 1)]


def characters(text, accents):
    """As a hand puts them down: capitals, with their accents or without; what no letter is known for leaves a space."""
    known = set(writers.skeletons.WAYS) | set(writers.BASES)
    return "".join(c if c in known and (accents or c not in writers.BASES) else school.folded(c) or " " for c in text.upper())


def compose(folder, seed, exam, font_set):
    random = np.random.default_rng([seed, exam])
    layout = str(random.choice(list(strips.LAYOUTS), p=list(strips.LAYOUTS.values())))
    roster = school.roster(random, int(random.integers(30, 46)))
    form, scanner = strips.Form(random, layout), strips.Scanner(random)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    with (folder / "roster.csv").open("w") as file:
        rows = csv.writer(file)
        rows.writerow(["nom", "prenom", "email", "date_naissance"])
        rows.writerows([p["last"], p["first"], p["email"], p["date"]] for p in roster)
    truth, hand, before, agreeing = [], None, None, 0
    for number, person in enumerate(stack(random, roster)):
        if person is not before:
            hand = strips.Hand(random, font_set)
        text = school.written(random, person)
        # Sheets of one person are one copy: what one of them leaves open another may settle.
        agreeing = min(agreeing, school.agreeing(text, roster)) if person is before else school.agreeing(text, roster)
        before = person
        fields = [characters(text["last"], hand.accents), characters(text["first"], hand.accents), text["date"]]
        if layout != "line":
            fields[2] = fields[2].replace("/", "")
        name = f"h{number:03}.jpg"
        picture, angle = scanner.scan(form, hand, fields)
        (folder / "images" / name).write_bytes(picture)
        truth.append(dict(zip(COLUMNS, [name, person["last"], person["first"], person["date"], text["last"], text["first"], text["date"], person["email"],
                                        "composed", hand.name, layout, f"{hand.strength:.2f}", int(form.grey), int(hand.size > 0.89), f"{angle:.2f}",
                                        f"JPEG grey q{scanner.quality}", agreeing if person["email"] else 0])))
    with (folder / "truth.csv").open("w") as file:  # written last: an exam with it is complete
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        rows.writerows(truth)
    return len(truth)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--exams", type=int, default=500)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--fonts", choices=("tune", "test"), default="test")
    words = arguments.parse_args()
    cv2.setNumThreads(1)
    writers.FONT_SHARE = 1
    count = 0
    for exam in range(words.first, words.first + words.exams):
        folder = words.out / f"exam-{exam:04}"
        if not (folder / "truth.csv").exists():
            count += compose(folder, words.seed, exam, words.fonts)
    print(f"{count} headers composed")


if __name__ == "__main__":
    main()

"""Compares a report.json of `korrigo scan` with the truth.json of the generator, sheet by sheet.

Usage: check_batch.py TRUTH_FOLDER REPORT_FOLDER; as a module: compare(truth, report) -> Outcome.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    sheets: int = 0
    automatic: int = 0
    wrong_automatic: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # sentences: faces lost, out of order, wrongly turned, wrongly grouped

    def add(self, other):
        self.sheets += other.sheets
        self.automatic += other.automatic
        self.wrong_automatic += other.wrong_automatic
        self.faults += other.faults


def place(face):
    return face["side"], face["half"]


def compare(truth, report):
    outcome = Outcome(sheets=len(truth["sheets"]))
    copy_of = {}
    for copy in report["copies"]:
        for at, face in enumerate(copy["faces"]):
            if place(face) in copy_of:
                outcome.faults.append(f"face {place(face)} is in two copies")
            copy_of[place(face)] = (copy, at)
    unplaced = {}
    for face in report["unplaced"]:
        if place(face) in copy_of or place(face) in unplaced:
            outcome.faults.append(f"face {place(face)} is listed twice")
        unplaced[place(face)] = face["reason"]
    unreadable = {side for side, half in unplaced if half == "full"}

    for sheet in truth["sheets"]:
        lost = any(face["unreadable"] for face in sheet["faces"])
        for face in sheet["faces"] + sheet.get("scanned_again", []):
            if place(face) not in copy_of and place(face) not in unplaced and face["side"] not in unreadable:
                outcome.faults.append(f"face {place(face)} is nowhere")
        readable = [face for face in sheet["faces"] if not face["unreadable"]]
        found = [copy_of.get(place(face)) for face in readable]
        if not lost:
            compare_order(outcome, readable, found)
        judge(outcome, sheet, found)
    return outcome


def compare_order(outcome, faces, found):
    if any(entry is None for entry in found):
        outcome.faults.append(f"sheet at {place(faces[0])} is not whole: a face is in no copy")
        return
    if len({id(copy) for copy, _ in found}) != 1:
        outcome.faults.append(f"sheet at {place(faces[0])} is in several copies")
        return
    order = [at for _, at in found]
    if order != list(range(order[0], order[0] + len(order))):
        outcome.faults.append(f"sheet at {place(faces[0])} is out of order: {order}")
    copy = found[0][0]
    for face, (_, at) in zip(faces, found):
        if copy["faces"][at]["rotation"] != face["rotation"]:
            outcome.faults.append(f"face {place(face)} is upside down")
        if copy["faces"][at]["blank"] != face["blank"]:
            outcome.faults.append(f"face {place(face)}: blank is {not face['blank']}")


def judge(outcome, sheet, found):
    copies = {id(entry[0]): entry[0] for entry in found if entry is not None}
    for copy in copies.values():
        if copy["mode"] != "AUTO":
            continue
        outcome.automatic += 1
        if sheet["ambiguous"] or copy["student"]["email"] != sheet["email"]:
            outcome.wrong_automatic.append(
                f"{copy['file']}: {copy['student']['email']} but written by {sheet['email']} {sheet['written']}")


def main():
    truth = json.loads(Path(sys.argv[1], "truth.json").read_text())
    report = json.loads(Path(sys.argv[2], "report.json").read_text())
    outcome = compare(truth, report)
    for line in outcome.faults + outcome.wrong_automatic:
        print(line)
    print(f"{outcome.sheets} sheets, {outcome.automatic} automatic, {len(outcome.wrong_automatic)} wrongly, "
          f"{len(outcome.faults)} faults of arrangement")
    return 1 if outcome.faults or outcome.wrong_automatic else 0


if __name__ == "__main__":
    sys.exit(main())

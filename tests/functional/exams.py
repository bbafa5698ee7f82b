"""Exams brought to some state, for the tests that start there."""

import json
import sys
import time

import contract
from client import csv, pdf
from samples import batch, blank_pdf, mixed_batch, people
from service import ServiceTest, parts
from support import ROOT

sys.path.append(str(ROOT / "bench"))
from check_batch import compare  # noqa: E402


def uploaded(client, folder=None, **fields):
    """Uploads a batch; the answer's body."""
    return client.post("/api/exams/upload/", form=parts(folder or mixed_batch(), **fields), expect=201).json


def finished(client, folder=None, **fields):
    """An exam whose batch has ended; its id."""
    answer = uploaded(client, folder, **fields)
    result = client.succeeded(answer["task_id"])
    contract.check_value(result, "#/components/schemas/BatchResult")
    assert result["exam_id"] == answer["exam_id"], result
    return answer["exam_id"]


def blank_exam(client, pages=2, **fields):
    """An exam whose scan holds nothing: the quickest batch there is. Its upload answer."""
    form = {"pdf_file": blank_part(pages), "students_csv": csv(people(2, "vide")), **fields}
    return client.post("/api/exams/upload/", form=form, expect=201).json


def blank_part(pages=2, note=""):
    return pdf(blank_pdf(pages, note=note))


def report_of(client, exam):
    return client.get(f"/api/exams/{exam}/intake-report/", expect=200).json


def copies_of(client, exam):
    return client.all(f"/api/exams/{exam}/copies/")


def booklets_of(client, exam):
    return client.all(f"/api/exams/{exam}/booklets/")


def faults(folder, report):
    """The exam's report against the truth of its batch, as the shell's reports are compared."""
    order = {source["id"]: index for index, source in enumerate(report["sources"])}

    def face(entry):
        return {"source": order[entry["source_id"]], "side": entry["side"], "half": entry["half"], "rotation": entry["rotation"],
                "skew_degrees": entry.get("skew_degrees", 0), "blank": entry["is_blank"], "flags": entry.get("flags", []), "reason": entry.get("reason", "")}

    told = {"copies": [{**copy, "file": copy["anonymous_id"], "faces": [face(entry) for entry in copy["faces"]]} for copy in report["copies"]],
            "unplaced": [face(entry) for entry in report["unplaced"]]}
    outcome = compare(json.loads((folder / "truth.json").read_text()), told)
    return outcome.faults + outcome.wrong_automatic


class UploadTest(ServiceTest):
    def send(self, client=None, **fields):
        """POST /api/exams/upload/ with good files unless the fields say otherwise; None leaves a field out."""
        form = {"pdf_file": blank_part(), "students_csv": csv(people(2, "envoi")), "batch_mode": "A3", "title": "Test Exam", **fields}
        form = {name: value for name, value in form.items() if value is not None}
        return (client or self.admin).post("/api/exams/upload/", form=form, headers={"Accept-Language": "en"})

    def traces(self):
        """What a refused upload must leave as it was: exams, sources, tasks, files; once earlier batches have ended."""
        ends = time.monotonic() + 180
        while self.service.rows("select count(*) from task where finished_at is null and exam_id is not null") != [["0"]]:
            self.assertLess(time.monotonic(), ends, "earlier batches do not end")
            time.sleep(0.1)
        counts = [self.service.rows(f"select count(*) from {table}")[0][0] for table in ("exam", "exam_pdf", "task")]
        # A task's own scratch files may go a moment after its end.
        return counts, [name for name in self.service.files() if not name.startswith("temp/copies/")]

    def nothing_left(self, status, code, **fields):
        """Sends, and makes sure that nothing remained of it; the error."""
        before = self.traces()
        body = self.refused(self.send(**fields), status, code)
        self.assertEqual(self.traces(), before)
        return body

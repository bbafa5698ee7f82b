"""Exams whose copies are READY or being marked, for the tests that begin there."""

import uuid

from client import pdf
from exams import copies_of
from samples import blank_pdf
from service import ServiceTest

UNKNOWN = "5f0c1a52-7a53-4e9f-8a57-0f6a3f1f2b1c"
BAREME = [{"id": "ex1", "label": "Exercice 1", "points": 12, "children": [{"id": "q1", "label": "1.a", "points": 5}, {"id": "q2", "label": "1.b", "points": 7}]},
          {"id": "ex2", "label": "Exercice 2", "points": 8}]
BOX = {"page_index": 0, "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.1, "type": "COMMENT", "content": "Très bien"}
ALL = {"q1": 2.75, "q2": 7, "ex2": 0}


class GradingTest(ServiceTest):
    """An exam of individual copies, every one of them READY, marked by marie and paul."""

    count = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = {user["username"]: user["id"] for user in cls.admin.all("/api/users/")}
        cls.marie_id, cls.paul_id, cls.office_id = users["marie"], users["paul"], users["office"]

    def setUp(self):
        super().setUp()
        self.marie, self.paul = self.as_("marie"), self.as_("paul")
        self.exam, self.copies = self.made_exam(self.count)

    def made_exam(self, count, bareme=BAREME):
        """An exam with that many READY copies, which nobody has; its id and theirs."""
        body = {"name": "Correction", "date": "2026-02-03", "upload_mode": "INDIVIDUAL_A4", "grading_structure": bareme}
        exam = self.admin.post("/api/exams/", body, expect=201).json["id"]
        if count:
            files = [("pdf_files", pdf(blank_pdf(2, note=str(uuid.uuid4())), f"secret.nom{index}.pdf")) for index in range(count)]
            answer = self.admin.post(f"/api/exams/{exam}/upload-individual-pdfs/", form=files)
            self.admin.succeeded(answer.json["task_id"])
            self.admin.post(f"/api/exams/{exam}/validate-all/", expect=200)
        self.appoint(exam, [self.marie_id, self.paul_id])
        copies = copies_of(self.admin, exam)
        self.assertEqual([copy["status"] for copy in copies], ["READY"] * count, "the exam is not what its tests begin with")
        return exam, [copy["id"] for copy in copies]

    def appoint(self, exam, users):
        self.admin.put(f"/api/exams/{exam}/correctors/", {"corrector_ids": users}, expect=200)

    def assigned(self, index=0, to=None):
        """A copy given to marie, or to somebody else; its path under /api/grading/."""
        copy = self.copies[index]
        self.admin.post(f"/api/copies/{copy}/assign/", {"corrector_id": to or self.marie_id}, expect=200)
        return f"/api/grading/copies/{copy}/"

    def lock(self, path, client=None, expect=201, **wish):
        """The headers that write into a copy."""
        answer = (client or self.marie).post(path + "lock/", wish, expect=expect)
        return {"X-Lock-Token": answer.json["token"]}

    def locked(self, index=0):
        path = self.assigned(index)
        return path, self.lock(path)

    def graded(self, index=0):
        path, key = self.locked(index)
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.marie.post(path + "finalize/", headers=key, expect=200)
        return path

    def status(self, path):
        copy = path.rstrip("/").rsplit("/", 1)[1]
        return self.admin.get(f"/api/copies/{copy}/", expect=200).json["copy"]["status"]

    def history(self, path):
        return [entry["action"] for entry in self.admin.all(path + "audit/")]

    def expire(self, path):
        copy = path.rstrip("/").rsplit("/", 1)[1]
        self.service.rows(f"update copy_lock set expires_at = 1 where copy_id = '{copy}'")

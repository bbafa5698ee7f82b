"""Document sets: subject, model answer and barème in versions with their hashes (issue 5, point 3)."""

import hashlib

from client import pdf
from marking import UNKNOWN, GradingTest
from samples import blank_pdf
from service import on_both_databases


@on_both_databases
class DocumentSets(GradingTest):
    count = 1

    def send(self, **files):
        form = {name: pdf(content, f"{name} n°1.pdf") for name, content in files.items()}
        return self.admin.post(f"/api/exams/{self.exam}/document-sets/", form=form)

    def sets(self, client=None):
        return (client or self.admin).get(f"/api/exams/{self.exam}/document-sets/", expect=200).json["results"]

    def test_versions_keep_what_is_not_sent_again(self):
        first = {name: blank_pdf(2, note=name) for name in ("sujet", "corrige")}
        made = self.send(**first)
        self.assertEqual((made.status, made.json["version"], made.json["is_active"]), (201, 1, True))
        self.assertEqual([(entry["doc_type"], entry["sha256"], entry["page_count"], entry["original_name"]) for entry in made.json["documents"]],
                         [("SUJET", hashlib.sha256(first["sujet"]).hexdigest(), 2, "sujet n°1.pdf"),
                          ("CORRIGE", hashlib.sha256(first["corrige"]).hexdigest(), 2, "corrige n°1.pdf")])
        subject = blank_pdf(1, note="v2")
        second = self.send(sujet=subject).json
        self.assertEqual((second["version"], [entry["doc_type"] for entry in second["documents"]]), (2, ["SUJET", "CORRIGE"]))
        self.assertEqual(second["documents"][1]["sha256"], made.json["documents"][1]["sha256"])
        self.assertEqual([(entry["version"], entry["is_active"]) for entry in self.sets()], [(2, True), (1, False)])
        for index, content in ((0, subject), (1, first["corrige"])):
            answer = self.admin.get(second["documents"][index]["file_url"], expect=200)
            self.assertEqual(answer.body, content)
        back = self.admin.post(f"/api/exams/{self.exam}/document-sets/{made.json['id']}/activate/", expect=200).json
        self.assertEqual((back["version"], back["is_active"]), (1, True))
        self.assertEqual([(entry["version"], entry["is_active"]) for entry in self.sets()], [(2, False), (1, True)])

    def test_correctors_have_the_active_ones_beside_the_copy(self):
        first = self.send(sujet=blank_pdf(note="1")).json
        second = self.send(sujet=blank_pdf(note="2")).json
        self.assertEqual([entry["id"] for entry in self.sets(self.marie)], [second["id"]])
        self.marie.get(second["documents"][0]["file_url"], expect=200)
        self.refused(self.marie.get(first["documents"][0]["file_url"]), 404, "document.not_found")
        self.appoint(self.exam, [self.paul_id])
        self.refused(self.marie.get(f"/api/exams/{self.exam}/document-sets/"), 403, "auth.forbidden")
        self.refused(self.marie.get(second["documents"][0]["file_url"]), 403, "auth.forbidden")

    def test_what_is_refused_leaves_nothing(self):
        before = self.service.files()
        self.refused(self.admin.post(f"/api/exams/{self.exam}/document-sets/", form={"note": "x"}), 400, "source.missing")
        self.refused(self.send(sujet=blank_pdf(), corrige=b"no pdf"), 400, "source.corrupted")
        self.refused(self.admin.post(f"/api/exams/{UNKNOWN}/document-sets/", form={"sujet": pdf(blank_pdf())}), 404, "exam.not_found")
        self.refused(self.admin.post(f"/api/exams/{self.exam}/document-sets/{UNKNOWN}/activate/"), 404, "document_set.not_found")
        self.assertEqual((self.service.files(), self.sets()), (before, []))


del GradingTest

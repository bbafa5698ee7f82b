"""Two copies of one student become one (behaviours.md 142 to 144); what correctors report of faces; notifications."""

import threading
import uuid

from client import csv
from exams import copies_of
from marking import BOX, UNKNOWN, GradingTest
from samples import people
from service import on_both_databases


@on_both_databases
class Merging(GradingTest):
    def merge(self, target, source, **more):
        return self.admin.post(f"/api/copies/{self.copies[target]}/merge/", {"source_copy_id": self.copies[source], **more})

    def marked(self, index, scores, remark, appreciation, to=None, final=False):
        """A copy with everything that marking writes; its path."""
        client = self.paul if to else self.marie
        path = self.assigned(index, to)
        key = self.lock(path, client)
        client.put(path + "scores/", {"scores_data": scores}, headers=key, expect=200)
        client.post(path + "annotations/", {**BOX, "page_index": 1}, headers=key, expect=201)
        client.post(path + "remarks/", {"question_id": "q1", "remark": remark}, headers=key, expect=201)
        client.put(path + "global-appreciation/", {"global_appreciation": appreciation}, headers=key, expect=200)
        if final:
            client.post(path + "finalize/", headers=key, expect=200)
        else:
            client.delete(path + "lock/", headers=key, expect=204)
        return path

    def test_143_a_merge_keeps_annotations_scores_and_remarks_and_logs_it(self):
        path = self.marked(0, {"q1": 2}, "Bien", "Premier avis")
        self.marked(1, {"q1": 2, "ex2": 3}, "Très bien", "Second avis", self.paul_id, final=False)
        merged = self.merge(0, 1)
        self.assertEqual(merged.status, 200, merged)
        self.assertEqual((merged.json["status"], merged.json["page_count"], merged.json["assigned_corrector_id"]), ("READY", 4, self.marie_id))
        scores = self.marie.get(path + "scores/", expect=200).json
        self.assertEqual((scores["scores_data"], scores["total"]), ({"q1": 2, "ex2": 3}, 5))
        self.assertEqual([entry["page_index"] for entry in self.marie.all(path + "annotations/")], [1, 3])
        self.assertEqual([entry["remark"] for entry in self.marie.get(path + "remarks/").json["results"]], ["Bien\nTrès bien"])
        self.assertEqual(self.marie.get(path + "global-appreciation/").json["global_appreciation"], "Premier avis\nSecond avis")
        self.assertIn("MERGE", self.history(path))
        self.refused(self.admin.get(f"/api/copies/{self.copies[1]}/"), 404, "copy.not_found")
        self.assertEqual(self.service.rows(f"select count(*) from archived_event where copy_id = '{self.copies[1]}' and exam_id = '{self.exam}'") != [["0"]], True)
        self.assertEqual(len(copies_of(self.admin, self.exam)), 2)

    def test_143_points_that_differ_are_somebody_s_to_settle(self):
        path = self.marked(0, {"q1": 2, "q2": 4}, "A", "")
        self.marked(1, {"q1": 3}, "A", "")
        body = self.refused(self.merge(0, 1), 409, "copy_merge.marks_differ")
        self.assertEqual([entry["message"] for entry in body["details"]], ["q1"])
        self.merge(0, 1, prefer="source")
        self.assertEqual(self.marie.get(path + "scores/").json["scores_data"], {"q1": 3, "q2": 4})
        [event] = [entry for entry in self.admin.all(path + "audit/") if entry["action"] == "MERGE"]
        self.assertEqual(event["metadata"]["dropped_scores"], {"q1": 2})
        self.assertEqual([entry["remark"] for entry in self.marie.get(path + "remarks/").json["results"]], ["A"])

    def test_a_marked_copy_has_to_be_marked_on(self):
        path = self.marked(0, {"q1": 2, "q2": 4, "ex2": 1}, "A", "", final=True)
        self.assertEqual(self.status(path), "GRADED")
        self.assertEqual(self.merge(0, 1).json["status"], "READY")
        self.assertEqual(self.marie.get(path + "scores/").json["total"], 7)

    def test_what_is_not_merged(self):
        other, [foreign] = self.made_exam(1)
        self.assertTrue(other)
        self.refused(self.merge(0, 0), 400, "copy_merge.same")
        self.refused(self.admin.post(f"/api/copies/{self.copies[0]}/merge/", {"source_copy_id": foreign}), 400, "copy_merge.other_exam")
        self.refused(self.admin.post(f"/api/copies/{self.copies[0]}/merge/", {"source_copy_id": UNKNOWN}), 404, "copy.not_found")
        self.refused(self.admin.post(f"/api/copies/{self.copies[0]}/merge/", {"source_copy_id": 7}), 400, "request.invalid")
        self.locked(1)
        self.refused(self.merge(0, 1), 409, "copy.locked")
        self.refused(self.merge(1, 0), 409, "copy.locked")
        self.refused(self.marie.post(f"/api/copies/{self.copies[0]}/merge/", {"source_copy_id": self.copies[2]}), 403, "auth.forbidden")

    def enrolled(self, count):
        """So many students of the exam whom no other test knows."""
        name = "fusion" + uuid.uuid4().hex[:6].translate(str.maketrans("0123456789", "ghijklmnop"))
        self.admin.put(f"/api/exams/{self.exam}/roster/", form={"students_csv": csv(people(count, name))}, expect=200)
        return [entry["student"]["id"] for entry in self.admin.all(f"/api/exams/{self.exam}/roster/")]

    def test_two_students_copies_stay_two(self):
        students = self.enrolled(2)
        for index in (0, 1):
            self.admin.post(f"/api/copies/{self.copies[index]}/identify/", {"student_id": students[index]}, expect=200)
        self.refused(self.merge(0, 1), 409, "copy_merge.two_students")
        self.admin.post(f"/api/identification/copies/{self.copies[0]}/unidentify/", expect=200)
        merged = self.merge(0, 1).json
        self.assertEqual((merged["student"]["id"], merged["status"]), (students[1], "READY"))

    def at_once(self, calls):
        """The sorted statuses of POSTs that are sent together."""
        answers = []
        threads = [threading.Thread(target=lambda client=self.as_("office"), call=call: answers.append(client.post(*call).status)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(answers)

    def test_144_two_identifications_at_once_leave_one_copy(self):
        student = self.enrolled(1)[0]
        self.assertEqual(self.at_once([(f"/api/copies/{copy}/identify/", {"student_id": student}) for copy in self.copies[:2]]), [200, 409])
        self.assertEqual(len([copy for copy in copies_of(self.admin, self.exam) if copy["student"]]), 1)

    def test_144_two_merges_at_once_leave_one_copy(self):
        pairs = ((0, 1), (1, 0))
        self.assertEqual(self.at_once([(f"/api/copies/{self.copies[target]}/merge/", {"source_copy_id": self.copies[source]}) for target, source in pairs]), [200, 404])
        self.assertEqual([copy["page_count"] for copy in copies_of(self.admin, self.exam) if copy["page_count"] == 4], [4])


@on_both_databases
class Reports(GradingTest):
    def test_the_office_hears_of_a_face_that_cannot_be_marked(self):
        with self.admin_socket() as socket:
            path = self.assigned()
            made = self.marie.post(path + "face-reports/", {"page_index": 1, "reason": "ILLEGIBLE", "comment": "Trop pâle"}, expect=201).json
            self.assertEqual((made["page_index"], made["reporter_id"], made["resolved_at"]), (1, self.marie_id, None))
            message = socket.receive(20)
            while message["notification"]["content"].get("report_id") != made["id"]:
                message = socket.receive(20)
        self.assertEqual(message["notification"]["kind"], "FACE_REPORTED")
        self.assertEqual(self.marie.get(path + "face-reports/", expect=200).json["results"], [made])
        self.assertEqual(self.admin.all(f"/api/exams/{self.exam}/face-reports/"), [made])
        self.assertEqual(self.admin.post(f"/api/face-reports/{made['id']}/resolve/", expect=200).json["resolved_by"], self.office_id)
        self.assertEqual(self.admin.all(f"/api/exams/{self.exam}/face-reports/"), [])
        self.assertEqual(len(self.admin.all(f"/api/exams/{self.exam}/face-reports/?open=false")), 1)
        self.assertIn("REPORT", self.history(path))
        self.assertEqual(self.status(path), "READY")

    def admin_socket(self):
        socket = self.admin.socket("/ws/notifications/")

        class Held:
            def __enter__(self):
                socket.ping()
                return socket

            def __exit__(self, *_):
                socket.socket.close()

        return Held()

    def test_a_copy_sent_back_keeps_its_marks(self):
        path, key = self.locked()
        self.marie.put(path + "scores/", {"scores_data": {"q1": 2}}, headers=key, expect=200)
        self.marie.post(path + "face-reports/", {"page_index": 0, "reason": "NOT_THIS_COPY", "send_back": True}, expect=201)
        self.assertEqual(self.status(path), "STAGING")
        self.refused(self.marie.put(path + "scores/", {"scores_data": {"q1": 3}}, headers=key), 409, "copy.not_markable")
        self.admin.post(f"/api/exams/copies/{self.copies[0]}/validate/", expect=200)
        self.assertEqual(self.marie.get(path + "scores/").json["scores_data"], {"q1": 2})

    def test_what_is_no_report(self):
        path = self.assigned()
        self.refused(self.marie.post(path + "face-reports/", {"page_index": 2, "reason": "MISSING"}), 400, "annotation.page")
        self.refused(self.marie.post(path + "face-reports/", {"page_index": 0, "reason": "LATE"}), 400, "request.invalid")
        self.refused(self.paul.post(path + "face-reports/", {"page_index": 0, "reason": "MISSING"}), 403, "auth.forbidden")
        self.refused(self.admin.post(f"/api/face-reports/{UNKNOWN}/resolve/"), 404, "face_report.not_found")
        self.lock(path, self.admin)
        self.refused(self.marie.post(path + "face-reports/", {"page_index": 0, "reason": "MISSING", "send_back": True}), 409, "lock.taken")
        self.refused(self.marie.post(self.graded(1) + "face-reports/", {"page_index": 0, "reason": "MISSING"}), 409, "copy.graded")


@on_both_databases
class Notifications(GradingTest):
    count = 2

    def told(self, client, kind):
        return [entry for entry in client.all("/api/notifications/?unread=true") if entry["kind"] == kind and entry["content"].get("exam_id") == self.exam]

    def test_correctors_hear_of_copies_and_the_office_of_the_end(self):
        self.admin.post(f"/api/exams/{self.exam}/dispatch/", {}, expect=200)
        [one] = self.told(self.marie, "COPIES_ASSIGNED")
        self.assertEqual(one["content"]["copies"], 1)
        read = self.marie.post(f"/api/notifications/{one['id']}/read/", expect=200).json
        self.assertTrue(read["read_at"])
        self.assertEqual(self.marie.post(f"/api/notifications/{one['id']}/read/", expect=200).json, read)
        self.assertEqual(self.told(self.marie, "COPIES_ASSIGNED"), [])
        self.refused(self.paul.post(f"/api/notifications/{one['id']}/read/"), 404, "notification.not_found")
        for index in (0, 1):
            self.admin.post(f"/api/copies/{self.copies[index]}/transfer/", {"corrector_id": self.marie_id}, expect=200)
        for index in (0, 1):
            self.assertEqual(self.told(self.admin, "ALL_GRADED"), [])
            path = f"/api/grading/copies/{self.copies[index]}/"
            key = self.lock(path)
            self.marie.put(path + "scores/", {"scores_data": {"q1": 1, "q2": 1, "ex2": 1}}, headers=key, expect=200)
            self.marie.post(path + "finalize/", headers=key, expect=200)
        self.assertEqual(len(self.told(self.admin, "ALL_GRADED")), 1)
        for _ in range(2):
            self.admin.post(f"/api/exams/{self.exam}/release-results/")
        self.assertEqual(len(self.told(self.marie, "RESULTS_RELEASED")), 1)

    def test_nobody_hears_while_notifications_are_off(self):
        self.admin.post("/api/settings/", {"notifications_enabled": False}, expect=200)
        self.addCleanup(self.admin.post, "/api/settings/", {"notifications_enabled": True}, expect=200)
        self.admin.post(f"/api/exams/{self.exam}/dispatch/", {}, expect=200)
        self.assertEqual(self.told(self.marie, "COPIES_ASSIGNED"), [])

    def test_not_without_log_in(self):
        self.refused(self.anonymous().get("/api/notifications/"), 401, "auth.required")


del GradingTest

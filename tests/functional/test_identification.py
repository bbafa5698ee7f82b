"""behaviours.md, section 7, as far as stapling needs it: a person says whose copy it is; the desk where people do so."""

import threading
import uuid
from urllib.parse import quote

import contract
from exams import copies_of, finished, report_of
from service import ServiceTest, on_both_databases

UNKNOWN = "5f0c1a52-7a53-4e9f-8a57-0f6a3f1f2b1c"


@on_both_databases
class Identification(ServiceTest):
    def setUp(self):
        super().setUp()
        self.exam = finished(self.admin)
        self.open = [copy for copy in copies_of(self.admin, self.exam) if not copy["is_identified"]]
        self.assertTrue(self.open, "the sample leaves nothing to identify")
        self.free = report_of(self.admin, self.exam)["absent"]

    def test_131_132_141_identifying_makes_a_waiting_copy_ready(self):
        copy, student = self.open[0], self.free[0]
        listed = self.admin.all(f"/api/exams/{self.exam}/unidentified-copies/")
        self.assertEqual({entry["id"] for entry in listed}, {entry["id"] for entry in self.open})
        named = self.admin.post(f"/api/copies/{copy['id']}/identify/", {"student_id": student["id"]}, expect=200).json
        self.assertEqual((named["student"]["id"], named["is_identified"], named["status"]), (student["id"], True, "READY"))
        self.assertNotIn(copy["id"], {entry["id"] for entry in self.admin.all(f"/api/exams/{self.exam}/unidentified-copies/")})
        self.assertEqual(self.service.rows(f"select count(*) from grading_event where copy_id = '{copy['id']}' and action = 'IDENTIFY'"), [["1"]])
        answer = self.admin.post(f"/api/exams/{self.exam}/undo/", expect=200).json
        self.assertEqual((answer["undone"], answer["copy_ids"]), ("identify", [copy["id"]]))
        self.assertEqual(self.admin.get(f"/api/copies/{copy['id']}/").json["copy"]["status"], "STAGING")

    def test_133_what_cannot_be_identified(self):
        path = f"/api/copies/{self.open[0]['id']}/identify/"
        self.refused(self.admin.post(path, {}), 400, "request.invalid")
        self.refused(self.admin.post(path, {"student_id": 999999}), 404, "student.not_found")
        self.refused(self.admin.post(f"/api/copies/{UNKNOWN}/identify/", {"student_id": self.free[0]["id"]}), 404, "copy.not_found")
        self.service.rows(f"update copy set status = 'GRADED' where id = '{self.open[0]['id']}'")
        self.refused(self.admin.post(path, {"student_id": self.free[0]["id"]}), 409, "copy.in_marking")

    def test_142_a_student_has_one_copy(self):
        first, second = self.open[:2]
        self.admin.post(f"/api/identification/identify/{first['id']}/", {"student_id": self.free[0]["id"]}, expect=200)
        answer = self.admin.post(f"/api/identification/copies/{second['id']}/manual-assign/", {"student_id": self.free[0]["id"]})
        body = self.refused(answer, 409, "identification.student_has_copy")
        self.assertEqual(body["details"][0]["copy_id"], first["id"])

    def test_candidates_are_chosen_by_their_rank(self):
        copy = next(copy for copy in self.admin.all(f"/api/exams/{self.exam}/unidentified-copies/") if copy["ocr_result"]["candidates"])
        taken = {entry["student"]["id"] for entry in copies_of(self.admin, self.exam) if entry["student"]}
        choice = next((entry for entry in copy["ocr_result"]["candidates"] if entry["student"] and entry["student"]["id"] not in taken), None)
        path = f"/api/identification/copies/{copy['id']}/select-candidate/"
        self.refused(self.admin.post(path, {"rank": 6}), 400, "request.invalid")
        if choice is None:
            self.skipTest("no candidate of this sample is free")
        named = self.admin.post(path, {"rank": choice["rank"]}, expect=200).json
        self.assertEqual(named["student"]["id"], choice["student"]["id"])
        detail = self.admin.get(f"/api/copies/{copy['id']}/").json
        self.assertEqual(detail["ocr_result"]["selected_rank"], choice["rank"])

    def test_unidentifying_sends_the_copy_back(self):
        copy = self.open[0]
        self.refused(self.admin.post(f"/api/identification/copies/{copy['id']}/unidentify/"), 409, "copy.not_identified")
        self.admin.post(f"/api/identification/copies/{copy['id']}/manual-assign/", {"student_id": self.free[0]["id"]}, expect=200)
        back = self.admin.post(f"/api/identification/copies/{copy['id']}/unidentify/", expect=200).json
        self.assertEqual((back["student"], back["status"]), (None, "STAGING"))

    def test_135_137_138_reading_again(self):
        for route in ("cmen-ocr", "perform-ocr"):
            answer = self.admin.post(f"/api/identification/{route}/{self.open[0]['id']}/", expect=202).json
            self.assertEqual((answer["message"], answer["copy_id"]), ("OCR processing started.", self.open[0]["id"]))
            result = self.admin.succeeded(answer["task_id"])
            contract.check_value(result, "#/components/schemas/HeaderOcrResult")
            if route == "perform-ocr":
                self.assertFalse(result["auto_identified"])
                self.assertIsNone(self.admin.get(f"/api/copies/{self.open[0]['id']}/").json["copy"]["student"])

    def test_all_that_are_nobody_s_are_read_at_once(self):
        known = next(copy for copy in copies_of(self.admin, self.exam) if copy["ocr_mode"] == "AUTO")
        self.service.rows(f"update copy set student_id = null, status = 'STAGING' where id = '{known['id']}'")
        answer = self.admin.post(f"/api/exams/{self.exam}/ocr/", expect=202).json
        self.assertEqual((answer["message"], answer["copies_count"]), ("OCR processing started.", len(self.open) + 1))
        result = self.admin.succeeded(answer["task_id"])
        contract.check_value(result, "#/components/schemas/BatchOcrResult")
        self.assertEqual((result["copies"], result["failed"]), (len(self.open) + 1, 0))
        found = self.admin.get(f"/api/copies/{known['id']}/").json["copy"]
        left = [copy for copy in copies_of(self.admin, self.exam) if not copy["is_identified"]]
        self.assertEqual(result["identified"], len(self.open) + 1 - len(left))
        self.assertEqual(found["student"], known["student"])
        self.refused(self.admin.post(f"/api/exams/{UNKNOWN}/ocr/"), 404, "exam.not_found")

    def test_140_without_booklet(self):
        self.service.rows(f"insert into copy (id, exam_id, anonymous_id, created_at, updated_at) values ('{UNKNOWN}', '{self.exam}', 'Z999', 0, 0)")
        self.addCleanup(self.service.rows, f"delete from copy where id = '{UNKNOWN}'")
        answer = self.admin.post(f"/api/identification/cmen-ocr/{UNKNOWN}/", headers={"Accept-Language": "en"})
        self.assertEqual(self.refused(answer, 400, "copy.no_booklet")["error"], "No booklet")


@on_both_databases
class Desk(ServiceTest):
    """Several people at the desk of one exam."""

    def setUp(self):
        super().setUp()
        self.exam = finished(self.admin)
        self.free = report_of(self.admin, self.exam)["absent"]
        self.colleague = self.as_(self.service.add_user("desk" + uuid.uuid4().hex[:8], "ADMIN"))
        self.mine, self.theirs = str(uuid.uuid4()), str(uuid.uuid4())

    def take(self, client=None, desk=None, move="next", copy=None, expect=200):
        client, desk = client or self.admin, desk or self.mine
        wish = {"exam_id": self.exam, "move": move, **({"copy_id": copy} if copy else {})}
        return client.post(f"/api/identification/desk/{desk}/", wish, headers={"Accept-Language": "en"}, expect=expect)

    def listed(self):
        return self.admin.all(f"/api/identification/desk/?exam={self.exam}")

    def identify(self, client, copy, student, expect=200):
        return client.post(f"/api/identification/copies/{copy}/manual-assign/", {"student_id": student["id"]}, headers={"Accept-Language": "en"}, expect=expect)

    def test_131_the_desk_lists_what_is_left_with_its_headers(self):
        listed = self.listed()
        self.assertEqual({entry["copy"]["id"] for entry in listed}, {copy["id"] for copy in copies_of(self.admin, self.exam) if not copy["is_identified"]})
        self.assertTrue(any(entry["copy"]["header_url"] for entry in listed))
        place = self.take().json
        self.assertEqual(place["copy"]["id"], listed[0]["copy"]["id"])
        self.assertTrue(place["header_fields"], "the fields are not marked")
        self.assertEqual([entry["held_by"] and entry["held_by"]["name"] for entry in self.listed()], ["office"] + [None] * (len(listed) - 1))
        self.assertEqual(place["progress"]["left"], len(listed))

    def test_two_people_at_once_are_never_offered_one_copy(self):
        left = len(self.listed())
        clients = [(self.as_("office"), str(uuid.uuid4())) for _ in range(left + 2)]
        offered, threads = [], []
        for client, desk in clients:
            threads.append(threading.Thread(target=lambda client=client, desk=desk: offered.append(self.take(client, desk).json["copy"])))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(offered), left + 2)
        taken = [copy["id"] for copy in offered if copy]
        self.assertEqual((len(taken), len(set(taken))), (left, left))
        self.assertIsNone(self.take(self.colleague, self.theirs).json["copy"], "all are somebody's")
        for client, desk in clients:
            client.delete(f"/api/identification/desk/{desk}/", expect=204)
        self.assertIsNotNone(self.take(self.colleague, self.theirs).json["copy"])

    def test_a_copy_is_free_after_a_minute_without_a_sign(self):
        copy = self.take().json["copy"]["id"]
        body = self.refused(self.take(self.colleague, self.theirs, "stay", copy, expect=None), 409, "identification.at_another_desk")
        self.assertEqual(body["error"], "office has this copy at the desk.")
        self.assertNotEqual(self.take(self.colleague, self.theirs).json["copy"]["id"], copy)
        self.take(move="stay", copy=copy)
        self.service.rows(f"update desk_place set until = until - 61000 where copy_id = '{copy}'")
        self.assertEqual(self.take(self.colleague, self.theirs, "stay", copy).json["copy"]["id"], copy)
        self.refused(self.take(move="stay", copy=copy, expect=None), 409, "identification.at_another_desk")

    def test_what_another_decided_meanwhile_stays(self):
        copy = self.take().json["copy"]["id"]
        self.identify(self.colleague, copy, self.free[0])
        named = "{last_name} {first_name}".format(**self.free[0])
        for answer in (self.identify(self.admin, copy, self.free[1], expect=None), self.take(move="stay", copy=copy, expect=None)):
            body = self.refused(answer, 409, "identification.already_identified")
            self.assertRegex(body["error"], rf"^desk\w+ has identified this copy: {named}\.$")
        self.assertEqual(self.admin.get(f"/api/copies/{copy}/").json["copy"]["student"]["id"], self.free[0]["id"])
        self.identify(self.admin, copy, self.free[0])
        place = self.take(copy=copy).json
        self.assertNotEqual(place["copy"] and place["copy"]["id"], copy)
        self.assertTrue(any(person["identified"] and person["is_here"] for person in place["progress"]["people"]))

    def test_two_different_decisions_at_once_leave_one(self):
        copy = self.take().json["copy"]["id"]
        answers, threads = [], []
        for client, student in ((self.admin, self.free[0]), (self.colleague, self.free[1])):
            threads.append(threading.Thread(target=lambda client=client, student=student: answers.append(self.identify(client, copy, student, expect=None))))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answer.status for answer in answers), [200, 409])
        [winner] = [answer.json["student"]["id"] for answer in answers if answer.status == 200]
        self.assertEqual(self.admin.get(f"/api/copies/{copy}/").json["copy"]["student"]["id"], winner)

    def test_a_copy_set_apart_leaves_the_desk_and_comes_back_by_undo(self):
        copy = self.take().json["copy"]["id"]
        self.admin.post(f"/api/copies/{copy}/quarantine/", {"reason": "deux noms"}, expect=200)
        after = self.take(copy=copy).json
        self.assertEqual(after["progress"]["quarantined"], 1)
        self.assertNotIn(copy, {entry["copy"]["id"] for entry in self.listed()})
        self.refused(self.take(move="stay", copy=copy, expect=None), 409, "identification.set_apart")
        self.assertEqual(self.admin.post(f"/api/exams/{self.exam}/undo/", expect=200).json["undone"], "quarantine")
        self.assertEqual(self.take(move="stay", copy=copy).json["copy"]["id"], copy)

    def test_skipping_goes_round_and_back(self):
        left = len(self.listed())
        shown = [self.take().json["copy"]["id"]]
        for _ in range(left):
            shown.append(self.take(copy=shown[-1]).json["copy"]["id"])
        self.assertEqual((len(set(shown)), shown[0]), (left, shown[-1]))
        self.assertEqual(self.take(move="back", copy=shown[1]).json["copy"]["id"], shown[0])

    def test_a_search_forgives_accents_and_typing_faults(self):
        last_name = max((entry["student"]["last_name"] for entry in self.admin.all(f"/api/exams/{self.exam}/roster/")), key=len)
        self.assertGreater(len(last_name), 6)
        typed = last_name[0] + last_name[2] + last_name[1] + last_name[3:]
        for search in (last_name.lower(), typed, last_name[:-2] + last_name[-1]):
            found = self.admin.get(f"/api/exams/{self.exam}/roster/?search={quote(search)}", expect=200).json["results"]
            self.assertIn(last_name, [entry["student"]["last_name"] for entry in found], search)

    def test_what_the_desk_refuses(self):
        path = f"/api/identification/desk/{self.mine}/"
        for wish in ({}, {"exam_id": self.exam}, {"exam_id": self.exam, "move": "stay"}, {"exam_id": "x", "move": "next"}, {"exam_id": self.exam, "move": "up"}):
            self.refused(self.admin.post(path, wish), 400, "request.invalid")
        self.refused(self.admin.post("/api/identification/desk/mine/", {"exam_id": self.exam, "move": "next"}), 400, "request.invalid")
        self.refused(self.admin.get("/api/identification/desk/"), 400, "request.invalid")
        self.refused(self.admin.get(f"/api/identification/desk/?exam={UNKNOWN}"), 404, "exam.not_found")
        self.refused(self.admin.post(path, {"exam_id": UNKNOWN, "move": "next"}), 404, "exam.not_found")
        self.refused(self.take(move="stay", copy=UNKNOWN, expect=None), 404, "copy.not_found")
        marie = self.as_("marie")
        for answer in (marie.get(f"/api/identification/desk/?exam={self.exam}"), marie.post(path, {"exam_id": self.exam, "move": "next"}), marie.delete(path)):
            self.refused(answer, 403, "auth.forbidden")

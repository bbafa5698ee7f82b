"""behaviours.md, sections 9 to 11 and the end of marking: annotations, marks, drafts, finalising, reopening."""

import threading
import uuid

from marking import ALL, BOX, GradingTest
from service import on_both_databases


@on_both_databases
class Annotations(GradingTest):
    def create(self, path, key, client=None, **changes):
        return (client or self.marie).post(path + "annotations/", {**BOX, **changes}, headers=key)

    def test_172_180_create_and_list(self):
        path, key = self.locked()
        made = self.create(path, key)
        self.assertEqual(made.status, 201, made)
        self.assertEqual((made.json["page_index"], made.json["created_by"], made.json["version"]), (0, self.marie_id, 1))
        self.assertIn("CREATE_ANN", self.history(path))
        self.assertEqual([entry["id"] for entry in self.marie.all(path + "annotations/")], [made.json["id"]])
        other = self.assigned(1)
        self.assertEqual(self.marie.all(other + "annotations/"), [])

    def test_173_183_not_before_and_not_after(self):
        path, key = self.locked()
        annotation = self.create(path, key).json["id"]
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.marie.post(path + "finalize/", headers=key, expect=200)
        self.refused(self.create(path, key), 409, "copy.graded")
        self.refused(self.marie.patch(f"/api/grading/annotations/{annotation}/", {"content": "x"}, headers=key), 409, "copy.graded")
        self.refused(self.marie.delete(f"/api/grading/annotations/{annotation}/", headers=key), 409, "copy.graded")
        path = self.assigned(1)
        self.service.rows(f"update copy set status = 'STAGING' where id = '{self.copies[1]}'")
        self.refused(self.create(path, key), 409, "copy.not_markable")

    def test_174_175_176_177_179_what_is_no_annotation(self):
        path, key = self.locked()
        for changes in ({"w": 0}, {"h": 0}, {"x": -0.1}, {"y": -0.1}, {"x": 0.8}, {"y": 0.95}):
            self.refused(self.create(path, key, **changes), 400, "annotation.box")
        self.assertEqual(self.create(path, key, x=0.7, y=0.9).status, 201)
        for changes in ({"x": None}, {"x": "left"}, {"page_index": -1}, {"page_index": "one"}, {"type": "CIRCLE"}, {"score_delta": 0.001}):
            self.refused(self.create(path, key, **changes), 400, "request.invalid")
        self.refused(self.create(path, key, page_index=2), 400, "annotation.page")
        self.assertEqual(self.create(path, key, page_index="1").json["page_index"], 1)
        self.refused(self.create(path, key, type="STAMP", content="?"), 400, "annotation.content")
        for kind, content in (("STAMP", "TICK"), ("INK", '{"strokes": [[[0.1, 0.2], [0.3, 0.4]]]}'), ("HIGHLIGHT", ""), ("ERROR", "é"), ("BONUS", "ok")):
            self.assertEqual(self.create(path, key, type=kind, content=content).json["content"], content)

    def test_181_184_185_186_versions(self):
        path, key = self.locked()
        one = f"/api/grading/annotations/{self.create(path, key).json['id']}/"
        self.assertEqual(self.marie.patch(one, {"content": "b", "version": 1}, headers=key, expect=200).json["version"], 2)
        self.refused(self.marie.patch(one, {"content": "c", "version": 1}, headers=key), 409, "annotation.stale")
        self.assertEqual(self.marie.patch(one, {"content": "d"}, headers=key, expect=200).json["version"], 3)
        self.assertIn("UPDATE_ANN", self.history(path))
        self.refused(self.paul.patch(one, {"content": "e"}, headers=key), 403, "auth.forbidden")
        self.refused(self.paul.get(one), 403, "auth.forbidden")
        self.marie.delete(path + "lock/", headers=key, expect=204)
        office = self.lock(path, self.admin)
        self.admin.patch(one, {"content": "f"}, headers=office, expect=200)

    def test_182_delete(self):
        path, key = self.locked()
        one = f"/api/grading/annotations/{self.create(path, key).json['id']}/"
        self.refused(self.paul.delete(one, headers=key), 403, "auth.forbidden")
        self.marie.delete(one, headers=key, expect=204)
        self.assertIn("DELETE_ANN", self.history(path))
        self.refused(self.marie.get(one), 404, "annotation.not_found")


@on_both_databases
class Marks(GradingTest):
    def put(self, path, key, scores):
        return self.marie.put(path + "scores/", {"scores_data": scores}, headers=key)

    def test_189_194_scores_are_read_back(self):
        path, key = self.locked()
        self.put(path, key, {"q1": 2.75, "ex2": 8})
        self.assertEqual(self.marie.get(path + "scores/").json, {"scores_data": {"q1": 2.75, "ex2": 8}, "total": 10.75, "maximum": 20, "unscored": ["q2"]})
        self.assertEqual(self.put(path, key, {"q1": 0.25}).json["scores_data"], {"q1": 0.25, "ex2": 8})

    def test_190_191_192_193_scores_that_cannot_be(self):
        path, key = self.locked()
        for scores in ([], "x", 3, {"q1": "two"}, {"q1": 1.001}):
            self.refused(self.put(path, key, scores), 400, "request.invalid")
        for scores, code in (({"q1": 5.25}, "out_of_range"), ({"q1": -1}, "out_of_range"), ({"q9": 1}, "unknown_question"), ({"ex1": 1}, "unknown_question"), ({"q1": 1.1}, "step")):
            self.refused(self.put(path, key, scores), 400, f"score.{code}")
        self.assertEqual(self.put(path, key, {"q1": 5}).status, 200)
        self.refused(self.marie.put(self.graded(1) + "scores/", {"scores_data": {}}, headers=key), 409, "copy.graded")

    def test_193_218_219_without_bareme(self):
        _, copies = self.made_exam(1, [])
        self.copies[0] = copies[0]
        path, key = self.locked()
        for delta in (5, -2, None):
            self.marie.post(path + "annotations/", {**BOX, "score_delta": delta}, headers=key, expect=201)
        self.assertEqual(self.marie.get(path + "scores/").json["total"], 3)
        self.assertEqual(self.put(path, key, {"anything": 4}).json["total"], 7)
        self.marie.post(path + "annotations/", {**BOX, "score_delta": 1, "question_id": "anything"}, headers=key, expect=201)
        self.assertEqual(self.marie.post(path + "finalize/", headers=key, expect=200).json["total"], 7)

    def test_195_196_197_198_remarks(self):
        path, key = self.locked()
        remark = {"question_id": "q1", "remark": "Soignez"}
        first = self.marie.post(path + "remarks/", remark, headers=key, expect=201).json
        second = self.marie.post(path + "remarks/", {**remark, "remark": "Mieux"}, headers=key, expect=200).json
        self.assertEqual((second["id"], second["version"]), (first["id"], 2))
        self.assertEqual([entry["remark"] for entry in self.marie.all(path + "remarks/")], ["Mieux"])
        one = f"{path}remarks/{first['id']}/"
        self.assertEqual(self.marie.get(one, expect=200).json["remark"], "Mieux")
        self.refused(self.paul.post(path + "remarks/", remark, headers=key), 403, "auth.forbidden")
        self.refused(self.marie.post(path + "remarks/", {"remark": "x"}, headers=key), 400, "request.invalid")
        self.marie.delete(one, headers=key, expect=204)
        self.refused(self.marie.get(one), 404, "remark.not_found")

    def test_199_200_appreciation(self):
        path, key = self.locked()
        self.assertEqual(self.marie.get(path + "global-appreciation/").json, {"global_appreciation": ""})
        for text in ("Ensemble solide.\nContinuez !", ""):
            self.marie.put(path + "global-appreciation/", {"global_appreciation": text}, headers=key, expect=200)
            self.assertEqual(self.marie.get(path + "global-appreciation/").json["global_appreciation"], text)
        self.refused(self.marie.put(self.graded(1) + "global-appreciation/", {"global_appreciation": "x"}, headers=key), 409, "copy.graded")

    def test_201_202_203_the_bareme(self):
        def change(bareme, **more):
            return self.admin.patch(f"/api/exams/{self.exam}/", {"grading_structure": bareme, **more})
        for total in (19, 20, 21):
            self.assertEqual(change([{"id": "a", "label": "A", "points": total}]).json["maximum"], total)
        nested = [{"id": "e", "label": "E", "children": [{"id": "a", "label": "A", "points": 3}, {"id": "b", "label": "B", "points": 4.5}]}]
        self.assertEqual(change(nested).json["maximum"], 7.5)
        for bad in ([{"id": "a", "points": 1}], [{"id": "a", "label": "A", "points": -1}], [{"id": "a", "label": "A", "points": "x"}],
                    [{"id": "e", "label": "E", "points": 9, "children": nested[0]["children"]}]):
            self.refused(change(bad), 422, "bareme.invalid")
        self.refused(change({}), 400, "request.invalid")
        old = [{"question": "1", "title": "Un", "max_score": 4, "sub_questions": [{"question": "a", "max_score": 4}]}, {"name": "Soin", "max": 1}]
        self.assertEqual(change(old, mark_step=0.5).json["grading_structure"],
                         [{"id": "1", "label": "Un", "points": 4, "children": [{"id": "a", "label": "a", "points": 4}]}, {"id": "Soin", "label": "Soin", "points": 1}])
        path = self.assigned()
        shown = self.marie.get(f"/api/grading/exams/{self.exam}/grading-structure/", expect=200).json
        self.assertEqual((shown["mark_step"], shown["maximum"]), (0.5, 5))
        self.refused(self.put(path, self.lock(path), {"a": 0.25}), 400, "score.step")

    def test_by_question_across_copies(self):
        for index in (0, 1):
            path, key = self.locked(index)
        self.put(path, key, {"q1": 3})
        route = f"/api/grading/exams/{self.exam}/questions/q1/copies/"
        self.assertEqual(sorted((copy["points"] or 0) for copy in self.marie.all(route)), [0, 3])
        self.assertEqual([copy["copy_id"] for copy in self.marie.all(route + "?scored=true")], [self.copies[1]])
        self.assertEqual(len(self.admin.all(route)), 3)
        self.refused(self.marie.get(f"/api/grading/exams/{self.exam}/questions/q9/copies/"), 404, "question.not_found")


@on_both_databases
class Drafts(GradingTest):
    def test_204_to_211_drafts(self):
        path, key = self.locked()
        self.assertEqual(self.marie.get(path + "draft/").status, 204)
        draft = {"payload": {"unsaved_text": "Bonne réponse mais"}, "client_id": str(uuid.uuid4())}
        self.assertEqual([self.marie.put(path + "draft/", draft, headers=key, expect=200).json["version"] for _ in range(2)], [1, 2])
        self.refused(self.marie.put(path + "draft/", {"payload": {}}, headers=key), 400, "request.invalid")
        other = {"payload": {"unsaved_text": "?"}, "client_id": str(uuid.uuid4())}
        self.refused(self.marie.put(path + "draft/", other, headers=key), 409, "draft.other_client")
        kept = self.marie.get(path + "draft/", expect=200).json
        self.assertEqual((kept["payload"], kept["version"]), (draft["payload"], 2))
        self.assertEqual(self.admin.get(path + "draft/").status, 204)
        self.marie.put(path + "draft/", {**other, "take_over": True}, headers=key, expect=200)
        self.expire(path)
        self.refused(self.marie.put(path + "draft/", other, headers=key), 403, "lock.expired")
        self.assertEqual(self.marie.get(path + "draft/", expect=200).json["payload"], other["payload"])
        self.marie.delete(path + "draft/", expect=204)
        self.assertEqual(self.marie.get(path + "draft/").status, 204)

    def test_211_212_not_on_a_graded_copy_and_not_for_anybody(self):
        path = self.graded()
        before = self.marie.get(path + "scores/").json
        self.refused(self.marie.put(path + "draft/", {"payload": {"scores": {"q1": 5}}, "client_id": "a"}), 409, "copy.graded")
        self.assertEqual(self.marie.get(path + "scores/").json, before)
        self.refused(self.anonymous().get(path + "draft/"), 401, "auth.required")


@on_both_databases
class EndOfMarking(GradingTest):
    def test_214_227_finalise(self):
        path, key = self.locked()
        body = self.refused(self.marie.post(path + "finalize/", headers=key), 409, "copy.incomplete")
        self.assertEqual([entry["message"] for entry in body["details"]], ["q1", "q2", "ex2"])
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.marie.post(path + "annotations/", {**BOX, "score_delta": 0.5}, headers=key, expect=201)
        done = self.marie.post(path + "finalize/", headers=key, expect=200).json
        self.assertEqual((done["status"], done["total"], done["maximum"]), ("GRADED", 10.25, 20))
        [event] = [entry for entry in self.admin.all(path + "audit/") if entry["action"] == "FINALIZE"]
        self.assertEqual((event["metadata"]["final_score"], event["actor_id"]), (10.25, self.marie_id))
        copy = self.admin.get(f"/api/copies/{self.copies[0]}/").json["copy"]
        self.assertTrue(copy["graded_at"])
        self.refused(self.admin.post(f"/api/exams/copies/{self.copies[0]}/validate/"), 409, "copy.in_marking")

    def test_215_not_twice_and_not_before(self):
        path = self.graded()
        self.refused(self.marie.post(path + "finalize/"), 409, "copy.graded")
        path = self.assigned(1)
        self.refused(self.marie.post(path + "finalize/"), 403, "lock.required")
        self.service.rows(f"update copy set status = 'STAGING' where id = '{self.copies[1]}'")
        self.refused(self.marie.post(path + "finalize/"), 409, "copy.not_markable")

    def test_216_two_at_once(self):
        path, key = self.locked()
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        clients, answers = [self.as_("marie") for _ in range(4)], []
        for client in clients:
            client.csrf_token()
        threads = [threading.Thread(target=lambda who=client: answers.append(who.post(path + "finalize/", headers=key).status)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [200, 409, 409, 409])
        self.assertEqual(self.history(path).count("FINALIZE"), 1)

    def test_reopening_keeps_what_was_written(self):
        path = self.graded()
        self.refused(self.admin.post(path + "reopen/", {}), 400, "request.invalid")
        self.refused(self.marie.post(path + "reopen/", {"reason": "x"}), 403, "auth.forbidden")
        opened = self.admin.post(path + "reopen/", {"reason": "Question oubliée"}, expect=200).json
        self.assertEqual((opened["status"], opened["graded_at"]), ("READY", None))
        self.refused(self.admin.post(path + "reopen/", {"reason": "x"}), 409, "copy.not_graded")
        self.assertEqual(self.marie.get(path + "scores/").json["scores_data"], ALL)
        [event] = [entry for entry in self.marie.all(path + "audit/") if entry["action"] == "REOPEN"]
        self.assertEqual(event["actor"], "office", "who did it is named")
        self.assertEqual(event["metadata"]["reason"], "Question oubliée")
        key = self.lock(path)
        self.marie.post(path + "finalize/", headers=key, expect=200)

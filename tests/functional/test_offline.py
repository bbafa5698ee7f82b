"""What a client did while nobody heard it: the operation log (issue 5, point 2)."""

import threading
import uuid

from marking import ALL, BOX, GradingTest
from service import on_both_databases


@on_both_databases
class Offline(GradingTest):
    """What a client did while nobody heard it."""

    def send(self, path, operations, client=None, **options):
        return (client or self.marie).post(path + "operations/", {"operations": operations}, **options)

    def scoring(self, question, base, points):
        return {"id": str(uuid.uuid4()), "kind": "score", "question_id": question, "base": base, "points": points}

    def outcomes(self, answer):
        return [(entry["outcome"], entry["reason"]) for entry in answer.json["results"]]

    def test_operations_are_applied_once_and_in_order(self):
        path = self.assigned()
        key = self.lock(path, offline=True)
        annotation = str(uuid.uuid4())
        sent = [self.scoring("q1", None, 1), self.scoring("q1", 1, 2.5),
                {"id": str(uuid.uuid4()), "kind": "create_annotation", "annotation_id": annotation, **BOX},
                {"id": str(uuid.uuid4()), "kind": "change_annotation", "annotation_id": annotation, "base_version": 1, "content": "là"},
                {"id": str(uuid.uuid4()), "kind": "remark", "question_id": "q1", "base": None, "remark": "Bien"},
                {"id": str(uuid.uuid4()), "kind": "appreciation", "base": "", "global_appreciation": "Bon travail"}]
        for replayed in (False, True, True):
            answer = self.send(path, sent, headers=key, expect=200)
            self.assertEqual(self.outcomes(answer), [("APPLIED", None)] * 6)
            self.assertEqual({entry["replayed"] for entry in answer.json["results"]}, {replayed})
        self.assertEqual(self.marie.get(path + "scores/").json["scores_data"], {"q1": 2.5})
        self.assertEqual([entry["content"] for entry in self.marie.all(path + "annotations/")], ["là"])
        self.assertEqual(self.history(path).count("CREATE_ANN"), 1)
        self.assertEqual([entry["position"] for entry in self.marie.all(path + "operations/")], [1, 2, 3, 4, 5, 6])

    def test_replays_at_once_are_applied_once(self):
        path, key = self.locked()
        sent = [{"id": str(uuid.uuid4()), "kind": "create_annotation", "annotation_id": str(uuid.uuid4()), **BOX} for _ in range(5)]
        clients, answers = [self.as_("marie") for _ in range(4)], []
        for client in clients:
            client.csrf_token()
        threads = [threading.Thread(target=lambda who=client: answers.append(self.send(path, sent, who, headers=key).status)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [200] * 4)
        self.assertEqual(len(self.marie.all(path + "annotations/")), 5)

    def test_two_corrections_of_one_thing_are_a_conflict_and_no_mark_is_lost(self):
        path, key = self.locked()
        self.marie.put(path + "scores/", {"scores_data": ALL}, headers=key, expect=200)
        self.expire(path)
        office = self.lock(path, self.admin)
        self.admin.put(path + "scores/", {"scores_data": {"q1": 5}}, headers=office, expect=200)
        late = self.scoring("q2", 7, 6)
        self.assertEqual(self.outcomes(self.send(path, [late], headers=key)), [("CONFLICT", "lock.taken")])
        self.admin.delete(path + "lock/", headers=office, expect=204)
        mine = self.scoring("q1", 2.75, 3)
        self.assertEqual(self.outcomes(self.send(path, [mine, self.scoring("ex2", 0, 4)], headers=key)), [("CONFLICT", "operation.base"), ("APPLIED", None)])
        self.assertEqual(self.marie.get(path + "scores/").json["scores_data"], {"q1": 5, "q2": 7, "ex2": 4})
        open_ones = self.marie.all(path + "operations/?outcome=CONFLICT")
        self.assertEqual([entry["found"] for entry in open_ones], [{"points": 7}, {"points": 5}])
        key = self.lock(path)
        self.refused(self.marie.post(path + "finalize/", headers=key), 409, "copy.open_conflicts")
        self.marie.post(f"{path}operations/{mine['id']}/settle/", {"apply": True}, headers=key, expect=200)
        self.marie.post(f"{path}operations/{late['id']}/settle/", {"apply": False}, expect=200)
        self.refused(self.marie.post(f"{path}operations/{late['id']}/settle/", {"apply": False}), 409, "operation.settled")
        self.assertEqual(self.marie.post(path + "finalize/", headers=key, expect=200).json["total"], 14)

    def test_what_comes_after_the_end_is_kept(self):
        path = self.graded()
        self.assertEqual(self.outcomes(self.send(path, [self.scoring("q1", 2.75, 5)])), [("CONFLICT", "copy.graded")])
        self.assertEqual(self.marie.get(path + "scores/").json["scores_data"], ALL)

    def test_refused_operations_say_why(self):
        path, key = self.locked()
        answer = self.send(path, [self.scoring("q1", None, 99), {"id": str(uuid.uuid4()), "kind": "fly"}, self.scoring("q1", None, 1)], headers=key)
        self.assertEqual(self.outcomes(answer), [("REFUSED", "score.out_of_range"), ("REFUSED", "operation.invalid"), ("APPLIED", None)])
        self.refused(self.send(path, [{"kind": "score"}], headers=key), 400, "request.invalid")

"""A copy under random sequences of what two correctors and the office do to it - with lost answers, replays and locks that run out - against a model of its states."""

import http.client
import json
import random
import uuid

from client import pdf
from exams import copies_of
from marking import GradingTest
from samples import blank_pdf
from service import on_both_databases
from support import FULL

QUESTIONS = {"q1": 5, "q2": 7, "ex2": 8}
SEEDS, STEPS = (60, 120) if FULL else (4, 70)
MARKABLE = ("READY", "LOCKED")


class Model:
    """What a copy must be after everything that was said yes to."""

    def __init__(self):
        self.status, self.corrector, self.scores, self.conflicts = "READY", None, {}, set()
        self.owner = self.token = None  # of the lock
        self.expired = False

    def may_see(self, who):
        return who == "office" or who == self.corrector

    def unlocked(self):
        self.owner = self.token = None
        self.expired = False

    def alive(self):
        return self.owner is not None and not self.expired

    def unmarkable(self):
        return "copy.graded" if self.status == "GRADED" else "copy.not_markable"


@on_both_databases
class States(GradingTest):
    count = 1

    def setUp(self):
        super().setUp()
        self.clients = {"marie": self.marie, "paul": self.paul, "office": self.admin}
        self.ids = {"marie": self.marie_id, "paul": self.paul_id}

    def test_random_sequences_against_a_model(self):
        taken = set()
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                self.begin(seed)
                for step in range(STEPS):
                    self.step = f"seed {seed}, step {step}"
                    name = self.random.choice(self.deeds)
                    taken.add((name, self.model.status))
                    getattr(self, "do_" + name)()
                    self.compare()
        self.assertGreater(len(taken), 30)

    deeds = ["lock"] * 5 + ["score"] * 6 + ["operation"] * 4 + ["finalise"] * 3 + ["unlock", "heartbeat", "reopen", "reopen", "validate", "validate", "quarantine", "restore",
                                                                            "send_back", "force_unlock", "transfer", "transfer", "expire", "lost", "settle"]

    def begin(self, seed):
        self.random, self.model, self.step = random.Random(seed), Model(), f"seed {seed}"
        files = [("pdf_files", pdf(blank_pdf(2, note=str(uuid.uuid4())), "a.pdf"))]
        known = {copy["id"] for copy in copies_of(self.admin, self.exam)}
        self.admin.succeeded(self.admin.post(f"/api/exams/{self.exam}/upload-individual-pdfs/", form=files).json["task_id"])
        self.admin.post(f"/api/exams/{self.exam}/validate-all/", expect=200)
        [self.copy] = [copy["id"] for copy in copies_of(self.admin, self.exam) if copy["id"] not in known]
        self.path = f"/api/grading/copies/{self.copy}/"
        self.sent = []
        self.do_transfer()

    def anyone(self):
        """Mostly who has the copy."""
        return self.random.choice([self.model.corrector] * 3 + ["marie", "paul", "office"])

    def key(self):
        """Headers with the lock's token, mostly; also a wrong one, or none."""
        return {"X-Lock-Token": self.model.token or "x"} if self.random.random() < 0.85 else self.random.choice([{}, {"X-Lock-Token": "wrong"}])

    def expect(self, answer, status, *codes):
        code = answer.json.get("code") if answer.status >= 400 else None
        self.assertTrue(answer.status == status and (status < 400 or code in codes), f"{self.step}: {answer!r}, expected {status} {codes}; {vars(self.model)}")

    def compare(self):
        model = self.model
        shown = self.admin.get(f"/api/copies/{self.copy}/", expect=200).json["copy"]
        # A lock that is over leaves when somebody looks for it.
        allowed = MARKABLE if model.status == "LOCKED" and model.expired else (model.status,)
        self.assertIn(shown["status"], allowed, f"{self.step}: {vars(model)}")
        if shown["status"] == "READY" and model.status == "LOCKED":
            model.status = "READY"
            model.unlocked()
        self.assertEqual(self.admin.get(self.path + "scores/", expect=200).json["scores_data"], model.scores, self.step)
        self.assertEqual({entry["id"] for entry in self.admin.all(self.path + "operations/?outcome=CONFLICT")}, model.conflicts, self.step)

    def refusal(self, who, headers):
        """Why a write with these headers must be refused, or None."""
        model = self.model
        if not model.may_see(who):
            return 403, "auth.forbidden"
        if model.status not in MARKABLE:
            return 409, model.unmarkable()
        if "X-Lock-Token" not in headers:
            return 403, "lock.required"
        if model.owner != who or headers["X-Lock-Token"] != model.token:
            return 403, "lock.wrong_token"
        return (403, "lock.expired") if model.expired else None

    def refused_as_expected(self, answer, refusal):
        if refusal is None:
            return False
        status, code = refusal
        self.expect(answer, status, code, *(["lock.wrong_token"] if code == "lock.expired" else []))
        return True

    def do_lock(self):
        who, model = self.anyone(), self.model
        answer = self.clients[who].post(self.path + "lock/")
        if not model.may_see(who):
            return self.expect(answer, 403, "auth.forbidden")
        if model.status not in MARKABLE:
            return self.expect(answer, 409, model.unmarkable())
        if model.alive() and model.owner != who:
            return self.expect(answer, 409, "lock.taken")
        self.expect(answer, 200 if model.alive() else 201)
        if not model.alive():
            self.assertNotEqual(answer.json["token"], model.token)
        model.status, model.owner, model.token, model.expired = "LOCKED", who, answer.json["token"], False

    def do_unlock(self):
        who, headers, model = self.anyone(), self.key(), self.model
        answer = self.clients[who].delete(self.path + "lock/", headers=headers)
        if not model.may_see(who):
            return self.expect(answer, 403, "auth.forbidden")
        if not model.alive():
            return self.expect(answer, 404, "lock.not_found")
        if "X-Lock-Token" not in headers:
            return self.expect(answer, 403, "lock.required")
        if model.owner != who or headers["X-Lock-Token"] != model.token:
            return self.expect(answer, 403, "lock.wrong_token")
        self.expect(answer, 204)
        model.status = "READY"
        model.unlocked()

    def do_heartbeat(self):
        who, headers, model = self.anyone(), self.key(), self.model
        answer = self.clients[who].post(self.path + "lock/heartbeat/", headers=headers)
        if not model.may_see(who):
            return self.expect(answer, 403, "auth.forbidden")
        if not model.alive():
            return self.expect(answer, 404, "lock.not_found")
        good = model.owner == who and headers.get("X-Lock-Token") == model.token
        self.expect(answer, *((200,) if good else (403, "lock.required", "lock.wrong_token")))

    def some_scores(self):
        chosen = self.random.sample(sorted(QUESTIONS), self.random.randint(1, 3))
        return {question: self.random.randint(0, QUESTIONS[question] * 4) / 4 for question in chosen}

    def do_score(self):
        who, headers, scores = self.anyone(), self.key(), self.some_scores()
        answer = self.clients[who].put(self.path + "scores/", {"scores_data": scores}, headers=headers)
        if not self.refused_as_expected(answer, self.refusal(who, headers)):
            self.expect(answer, 200)
            self.model.scores |= scores

    def do_lost(self):
        """The server does it, but the answer gets lost: the client says the same again."""
        who, headers, scores = self.anyone(), self.key(), self.some_scores()
        client = self.clients[who]
        connection = http.client.HTTPConnection(*client.address, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        body = json.dumps({"scores_data": scores}).encode()
        connection.request("PUT", self.path + "scores/", body, {**headers, "Cookie": cookies, "X-CSRFToken": client.csrf_token(), "Content-Type": "application/json"})
        connection.sock.recv(1)  # the server has done it
        connection.close()
        answer = client.put(self.path + "scores/", {"scores_data": scores}, headers=headers)
        if not self.refused_as_expected(answer, self.refusal(who, headers)):
            self.expect(answer, 200)
            self.model.scores |= scores

    def do_finalise(self):
        who, headers, model = self.anyone(), self.key(), self.model
        answer = self.clients[who].post(self.path + "finalize/", headers=headers)
        if self.refused_as_expected(answer, self.refusal(who, headers)):
            return
        if set(model.scores) != set(QUESTIONS):
            return self.expect(answer, 409, "copy.incomplete")
        if model.conflicts:
            return self.expect(answer, 409, "copy.open_conflicts")
        self.expect(answer, 200)
        self.assertEqual(answer.json["total"], sum(model.scores.values()))
        model.status = "GRADED"
        model.unlocked()

    def do_operation(self):
        """A write of a client that was offline, perhaps under a lock that is gone, perhaps sent before."""
        model, who, headers = self.model, self.anyone(), self.key()
        if self.sent and self.random.random() < 0.3:
            sender, operation = self.random.choice(self.sent)
            answer = self.clients[sender].post(self.path + "operations/", {"operations": [operation]}, headers=headers)
            if answer.status == 200:
                self.assertTrue(answer.json["results"][0]["replayed"], self.step)
            return
        question, points = next(iter(self.some_scores().items()))
        known = model.scores.get(question) if self.random.random() < 0.7 else 0.125
        operation = {"id": str(uuid.uuid4()), "kind": "score", "question_id": question, "base": known, "points": points}
        if known == 0.125:
            operation["base"] = 99
        answer = self.clients[who].post(self.path + "operations/", {"operations": [operation]}, headers=headers)
        if answer.status != 200:
            return self.expect(answer, *((403, "auth.forbidden") if not model.may_see(who) else (409, "copy.not_markable")))
        self.sent.append((who, operation))
        [result] = answer.json["results"]
        free = model.status in MARKABLE and model.may_see(who) and (not model.alive() or (model.owner == who and headers.get("X-Lock-Token") == model.token))
        if model.scores.get(question) == points:
            wanted = "APPLIED"
        else:
            wanted = "APPLIED" if free and operation["base"] == model.scores.get(question) else "CONFLICT"
        self.assertEqual(result["outcome"], wanted, f"{self.step}: {result} {vars(model)}")
        if wanted == "APPLIED":
            model.scores[question] = points
        else:
            model.conflicts.add(operation["id"])

    def do_settle(self):
        if not self.model.conflicts:
            return
        conflict = self.random.choice(sorted(self.model.conflicts))
        self.expect(self.admin.post(f"{self.path}operations/{conflict}/settle/", {"apply": False}), 200)
        self.model.conflicts.remove(conflict)

    def office(self, part, body, allowed, becomes, codes):
        """A step of the office, from `allowed` states only."""
        answer = self.admin.post(part, body)
        if self.model.status not in allowed:
            return self.expect(answer, 409, *codes)
        self.expect(answer, 200)
        self.model.status = becomes
        return None

    def do_reopen(self):
        self.office(self.path + "reopen/", {"reason": "Erreur"}, ("GRADED",), "READY", ["copy.not_graded"])

    def do_validate(self):
        self.office(f"/api/exams/copies/{self.copy}/validate/", None, ("STAGING",), "READY", ["copy.not_staging", "copy.in_marking"])

    def do_quarantine(self):
        self.office(f"/api/copies/{self.copy}/quarantine/", {"reason": "Deux noms"}, ("STAGING",), "QUARANTINE", ["copy.not_staging", "copy.in_marking"])

    def do_restore(self):
        self.office(f"/api/copies/{self.copy}/restore/", {}, ("QUARANTINE",), "STAGING", ["copy.not_quarantined", "copy.in_marking"])

    def do_transfer(self):
        who, model = self.random.choice(["marie", "paul"]), self.model
        answer = self.admin.post(f"/api/copies/{self.copy}/transfer/", {"corrector_id": self.ids[who]})
        if model.status in ("STAGING", "QUARANTINE"):
            return self.expect(answer, 409, "copy.not_ready")
        if model.status == "LOCKED" and answer.status == 409:
            return self.expect(answer, 409, "copy.locked")
        self.assertFalse(model.status == "LOCKED" and model.alive(), self.step)
        self.expect(answer, 200)
        model.corrector = who
        return None

    def do_send_back(self):
        who, model = self.anyone(), self.model
        answer = self.clients[who].post(self.path + "face-reports/", {"page_index": 0, "reason": "ILLEGIBLE", "send_back": True})
        if not model.may_see(who):
            return self.expect(answer, 403, "auth.forbidden")
        if model.status not in MARKABLE:
            return self.expect(answer, 409, model.unmarkable())
        if model.alive() and model.owner != who:
            return self.expect(answer, 409, "lock.taken")
        self.expect(answer, 201)
        model.status = "STAGING"
        model.unlocked()
        return None

    def do_force_unlock(self):
        model = self.model
        answer = self.admin.post(f"/api/copies/{self.copy}/force-unlock/")
        if model.owner is None or (model.expired and answer.status == 409):
            return self.expect(answer, 409, "copy.not_locked")
        self.expect(answer, 200)
        model.status = "READY"
        model.unlocked()
        return None

    def do_expire(self):
        """The clock jumps past the end of the lock."""
        if self.model.alive():
            self.expire(self.path)
            self.model.expired = True


del GradingTest

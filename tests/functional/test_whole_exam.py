"""A whole exam (issue 5, behaviours 269): 44 copies of a scanned batch, four correctors at once of whom two go offline, another barème, a copy reopened, and
results whose every figure is worked out anew from what the script itself marked."""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import exported
import recomputed as own
from client import csv
from exams import copies_of, finished, report_of
from samples import batch
from service import ServiceTest, on_both_databases

COPIES = 44
ONLINE, OFFLINE = ("agnes", "bruno"), ("chloe", "denis")
BAREME = [{"id": "ex1", "label": "Exercice 1", "points": 12, "children": [{"id": "1a", "label": "1.a", "points": 5}, {"id": "1b", "label": "1.b", "points": 7}]},
          {"id": "ex2", "label": "Exercice 2", "points": 6, "best": 2,
           "children": [{"id": "2a", "label": "2.a", "points": 3}, {"id": "2b", "label": "2.b", "points": 3}, {"id": "2c", "label": "2.c", "points": 3}]},
          {"id": "ex3", "label": "Exercice 3", "points": 2},
          {"id": "soin", "label": "Soin", "points": 0.5, "bonus": True},
          {"id": "plus", "label": "Pour aller plus loin", "points": 1, "bonus": True}]
# 1.b takes one point less, care counts no more.
OTHER = [{"id": "ex1", "label": "Exercice 1", "points": 11, "children": [{"id": "1a", "label": "1.a", "points": 5}, {"id": "1b", "label": "1.b", "points": 6}]},
         *BAREME[1:3], BAREME[4]]
LABELS = {"1a": "1.a", "1b": "1.b", "2a": "2.a", "2b": "2.b", "2c": "2.c", "ex3": "Exercice 3", "plus": "loin (bonus)"}
WORDS = ["Bon travail", "=À revoir", "Raisonnement juste ; rédaction légère", "", "Des efforts\nà poursuivre – l’œuvre est belle"]


def drawn(dice):
    """Points, remarks and appreciation for one copy."""
    def quarter(most):
        return Fraction(min(most * 4, max(0, round(dice.gauss(0.6, 0.35) * most * 4))), 4)
    scores = {question: quarter(most) for question, most in (("1a", 5), ("1b", 7), ("2a", 3), ("2b", 3), ("2c", 3), ("ex3", 2))}
    if dice.random() < 0.3:
        del scores[dice.choice(["2a", "2b", "2c"])]
    for bonus, points in (("soin", Fraction(1, 2)), ("plus", Fraction(dice.randint(0, 4), 4))):
        if dice.random() < 0.5:
            scores[bonus] = points
    remarks = {question: f"Remarque {dice.randrange(1000)} : « voir le cours »" for question in dice.sample(sorted(scores), 2)}
    deltas = [(Fraction(dice.choice([-2, -1, 1, 2]), 4), dice.choice([None, "1a"])) for _ in range(2)]
    return scores, remarks, deltas, dice.choice(WORDS)


def box(dice):
    return {"page_index": dice.randrange(4), "x": 0.1, "y": round(dice.uniform(0.3, 0.8), 2), "w": 0.3, "h": 0.1, "type": "COMMENT", "content": "Vu"}


def wire(scores):
    return {question: float(points) for question, points in scores.items()}


@on_both_databases
class WholeExam(ServiceTest):
    own_service = True

    def test_269_from_the_scan_to_results_that_are_right_to_the_hundredth(self):
        self.dice = random.Random(44)
        self.scanned()
        self.identified()
        self.shared_out()
        self.marked_at_once()
        self.another_bareme()
        self.one_reopened()
        self.released()
        self.look_at_tables()
        self.look_at_pdfs()
        self.look_at_students()
        self.look_at_statistics()

    def scanned(self):
        """The demo batch through the real pipeline; its roster with classes and one absent student."""
        self.folder = batch("--copies", COPIES, "--students", COPIES + 1, "--absent", 1, "--empty-fields", 8, "--seed", 44)
        lines = (self.folder / "students.csv").read_text().splitlines()
        roster = "\n".join([lines[0] + ",classe"] + [f"{line},T{1 + number % 3:02d}" for number, line in enumerate(lines[1:])])
        self.exam = finished(self.admin, self.folder, students_csv=csv(roster), title="Maths du tronc commun", subject="Mathématiques", date="2026-02-03")
        self.admin.patch(f"/api/exams/{self.exam}/", {"grading_structure": BAREME}, expect=200)
        self.students = {entry["student"]["email"]: entry["student"] for entry in self.admin.all(f"/api/exams/{self.exam}/roster/")}

    def identified(self):
        """A person, who sees the headers (here: the truth of the batch), names the copies that the program leaves open."""
        truth = exported.truth(self.folder)
        writers = {copy["id"]: truth[min((face["side"], face["half"]) for face in copy["faces"])] for copy in report_of(self.admin, self.exam)["copies"]}
        waiting = self.admin.all(f"/api/exams/{self.exam}/unidentified-copies/")
        self.assertGreater(len(waiting), 3, "the batch leaves nothing to a person")
        for copy in waiting:
            self.admin.post(f"/api/copies/{copy['id']}/identify/", {"student_id": self.students[writers[copy["id"]]]["id"]}, expect=200)
        copies = copies_of(self.admin, self.exam)
        self.assertEqual([copy["status"] for copy in copies], ["READY"] * COPIES)
        self.assertEqual({copy["id"]: copy["student"]["email"] for copy in copies}, writers)
        self.writers = writers
        [away] = set(self.students) - set(writers.values())
        self.away = self.students[away]
        self.admin.patch(f"/api/exams/{self.exam}/roster/", {"presence": [{"student_id": self.away["id"], "presence": "ABSENT"}]}, expect=200)

    def shared_out(self):
        for name in ONLINE + OFFLINE:
            self.service.add_user(name)
        self.users = {user["username"]: user["id"] for user in self.admin.all("/api/users/")}
        self.admin.put(f"/api/exams/{self.exam}/correctors/", {"corrector_ids": [self.users[name] for name in ONLINE + OFFLINE]}, expect=200)
        self.admin.post(f"/api/exams/{self.exam}/dispatch/", {}, expect=200)
        self.clients = {name: self.as_(name) for name in ONLINE + OFFLINE}
        self.lots = {name: [copy["id"] for copy in client.all(f"/api/exams/{self.exam}/copies/")] for name, client in self.clients.items()}
        self.assertEqual([len(lot) for lot in self.lots.values()], [COPIES // 4] * 4)
        self.marks = {copy: own.Marked(self.students[self.writers[copy]], name) for name, lot in self.lots.items() for copy in lot}

    def marked_at_once(self):
        self.gone, self.half = threading.Barrier(4, timeout=300), threading.Barrier(4, timeout=300)
        with ThreadPoolExecutor(4) as threads:
            works = [threads.submit(self.at_work, self.mark_online if name in ONLINE else self.mark_offline, name) for name in self.lots]
        for work in works:
            work.result()
        self.assertEqual({copy["status"] for copy in copies_of(self.admin, self.exam)}, {"GRADED"})

    def at_work(self, how, name):
        try:
            how(self.clients[name], name, random.Random(name))
        except BaseException:
            self.gone.abort()
            self.half.abort()
            raise

    def mark_online(self, client, name, dice):
        self.gone.wait()
        for number, copy in enumerate(self.lots[name]):
            if number == len(self.lots[name]) // 2:
                self.half.wait()
            path, mark = f"/api/grading/copies/{copy}/", self.marks[copy]
            key = {"X-Lock-Token": client.post(path + "lock/", expect=201).json["token"]}
            mark.scores, mark.remarks, mark.deltas, mark.appreciation = drawn(dice)
            client.put(path + "scores/", {"scores_data": {"1a": 5}}, headers=key, expect=200)  # corrected by the next
            client.put(path + "scores/", {"scores_data": wire(mark.scores)}, headers=key, expect=200)
            for points, question in mark.deltas:
                client.post(path + "annotations/", {**box(dice), "score_delta": float(points), "question_id": question}, headers=key, expect=201)
            for question, remark in mark.remarks.items():
                client.post(path + "remarks/", {"question_id": question, "remark": remark}, headers=key, expect=201)
            client.put(path + "global-appreciation/", {"global_appreciation": mark.appreciation}, headers=key, expect=200)
            mark.annotations = len(mark.deltas)
            self.finalise(client, copy, key)

    def mark_offline(self, client, name, dice):
        """Takes the lot along, marks without the server, and sends it all once it is back; then once more, as if no answer had come."""
        keys = {copy: {"X-Lock-Token": client.post(f"/api/grading/copies/{copy}/lock/", {"offline": True}, expect=201).json["token"]} for copy in self.lots[name]}
        self.gone.wait()
        done = {copy: self.operations(self.marks[copy], dice) for copy in self.lots[name]}
        self.half.wait()
        for copy, operations in done.items():
            path, key, middle = f"/api/grading/copies/{copy}/operations/", keys[copy], len(operations) // 2
            for sent, replayed in ((operations[:middle], False), (operations[middle:], False), (operations, True)):
                results = client.post(path, {"operations": sent}, headers=key, expect=200).json["results"]
                self.assertEqual([(entry["id"], entry["outcome"], entry["replayed"]) for entry in results], [(one["id"], "APPLIED", replayed) for one in sent])
            self.assertEqual([entry["id"] for entry in client.all(path)], [one["id"] for one in operations])
            self.finalise(client, copy, key)

    def operations(self, mark, dice):
        mark.scores, mark.remarks, mark.deltas, mark.appreciation = drawn(dice)
        made = []

        def act(kind, **fields):
            made.append({"id": str(uuid.uuid4()), "kind": kind, **fields})
        act("score", question_id="1a", base=None, points=5)
        for question, points in mark.scores.items():
            act("score", question_id=question, base=5 if question == "1a" else None, points=float(points))
        for points, question in mark.deltas:
            annotation = str(uuid.uuid4())
            act("create_annotation", annotation_id=annotation, **box(dice), score_delta=2, question_id=question)
            act("change_annotation", annotation_id=annotation, base_version=1, score_delta=float(points))
        wrong = str(uuid.uuid4())
        act("create_annotation", annotation_id=wrong, **box(dice), score_delta=-5)
        act("delete_annotation", annotation_id=wrong, base_version=1)
        for question, remark in mark.remarks.items():
            act("remark", question_id=question, base=None, remark=remark)
        act("appreciation", base="", global_appreciation=mark.appreciation)
        mark.annotations = len(mark.deltas)
        return made

    def finalise(self, client, copy, key, bareme=None):
        told = client.post(f"/api/grading/copies/{copy}/finalize/", headers=key, expect=200).json
        self.assertEqual((told["status"], own.exact(told["total"])), ("GRADED", own.total(bareme or BAREME, self.marks[copy])))

    def another_bareme(self):
        """What it moves is told first, as the script expects it; then it is applied, and what it took away is marked again."""
        path = f"/api/exams/{self.exam}/grading-structure/"
        told = self.admin.post(path + "preview/", {"grading_structure": OTHER}, expect=200).json
        expected = {copy: own.moved(BAREME, OTHER, mark) for copy, mark in self.marks.items()}
        self.assertEqual({copy["copy_id"]: (own.exact(copy["total_before"]), own.exact(copy["total_after"]), copy["to_score"], sorted(copy["lost"])) for copy in told["copies"]}, expected)
        again = [copy for copy, (_, _, to_score, _) in expected.items() if to_score]
        self.assertEqual({copy["copy_id"] for copy in told["copies"] if copy["reopened"]}, set(again))
        self.assertTrue(again, "nothing to mark again")
        self.assertEqual({copy["status"] for copy in copies_of(self.admin, self.exam)}, {"GRADED"}, "a preview changes nothing")
        self.admin.post(path, {"grading_structure": OTHER, "fingerprint": told["fingerprint"]}, expect=200)
        for mark in self.marks.values():
            mark.scores.pop("soin", None)
        for copy in again:
            self.mark_again(copy, {"1b": Fraction(23, 4)})

    def one_reopened(self):
        copy = self.dice.choice(sorted(self.marks))
        self.admin.post(f"/api/grading/copies/{copy}/reopen/", {"reason": "Exercice 3 relu"}, expect=200)
        self.mark_again(copy, {"ex3": Fraction(5, 4), "1a": Fraction(1, 4)})
        history = self.admin.all(f"/api/grading/copies/{copy}/audit/")
        self.assertIn("Exercice 3 relu", [entry["metadata"].get("reason") for entry in history if entry["action"] == "REOPEN"])

    def mark_again(self, copy, scores):
        client, path = self.clients[self.marks[copy].corrector], f"/api/grading/copies/{copy}/"
        key = {"X-Lock-Token": client.post(path + "lock/", expect=201).json["token"]}
        client.put(path + "scores/", {"scores_data": wire(scores)}, headers=key, expect=200)
        self.marks[copy].scores.update(scores)
        self.finalise(client, copy, key, OTHER)

    def released(self):
        """Everybody's PDF, in one archive; then the results are out."""
        self.pdfs = exported.archive(self.export("all"))
        readiness = self.admin.get(f"/api/exams/{self.exam}/readiness-check/", expect=200).json
        self.assertEqual((readiness["is_ready"], readiness["graded_count"], readiness["obstacles"]), (True, COPIES, []))
        self.assertEqual(self.admin.post(f"/api/exams/{self.exam}/release-results/", expect=200).json["copies_count"], COPIES)

    def export(self, word, body=None):
        task = self.admin.post(f"/api/exams/{self.exam}/export-{word}/", body, expect=202).json["task_id"]
        self.admin.succeeded(task, timeout=600)
        return self.admin.get(f"/api/tasks/{task}/result/", expect=200).body

    def person(self, student):
        return student["last_name"], student["first_name"], "/".join(reversed(student["date_naissance"].split("-")))

    def look_at_tables(self):
        questions = [question for question, _ in own.leaves(OTHER)]
        rows, sheet = exported.table(self.export("csv")), exported.workbook(self.export("xlsx"))
        for told, shown in ((rows, own.hundredths), (sheet, None)):
            by_person = {(row["NOM"], row["PRENOM"], row["DATE_NAISSANCE"]): row for row in told}
            self.assertEqual((len(told), len(by_person)), (COPIES + 1,) * 2)
            for mark in self.marks.values():
                row = by_person[mark.student["last_name"], mark.student["first_name"], mark.student["date_naissance"]]
                wanted = {"TOTAL": own.total(OTHER, mark), "MAXIMUM": own.maximum(OTHER), **{question: mark.scores.get(question) for question in questions}}
                for name, value in wanted.items():
                    if value is None:
                        self.assertEqual(row[name], "")
                    else:
                        self.assertEqual(row[name] if shown else own.exact(row[name]), shown(value) if shown else value, name)
                self.assertEqual((row["CLASSE"], row["STATUT"], row["APPRECIATION"].lstrip("'")), (mark.student["class_name"], "GRADED", mark.appreciation))
            [away] = [row for row in told if row["PRESENCE"] == "ABSENT"]
            self.assertEqual((away["NOM"], away["TOTAL"]), (self.away["last_name"], ""))
        self.look_at_pronote(exported.table(self.export("pronote", {"coefficient": 2})))

    def look_at_pronote(self, rows):
        wanted = {self.person(mark.student): own.of_20(OTHER, mark) for mark in self.marks.values()}
        wanted[self.person(self.away)] = "Abs"
        self.assertEqual({(row["NOM"], row["PRENOM"], row["DATE_NAISSANCE"]): row["NOTE"] for row in rows}, wanted)
        self.assertEqual({(row["MATIERE"], row["COEFF"]) for row in rows}, {("MATHÉMATIQUES", "2,0")})

    def look_at_pdfs(self):
        """Every final PDF holds its own total and points; the archive holds the same files."""
        self.assertEqual(len(self.pdfs), COPIES)
        for copy, mark in self.marks.items():
            content = self.admin.get(f"/api/copies/{copy}/final-pdf/", expect=200).body
            self.assertIn(content, self.pdfs.values())
            text = exported.pdf_text(content)
            self.assertIn(f"Total : {own.short(own.total(OTHER, mark))} / {own.short(own.maximum(OTHER))}", text)
            self.assertIn(mark.student["last_name"], text)
            for question, most in own.leaves(OTHER):
                if question in mark.scores:
                    self.assertIn(f"{LABELS[question]} {own.short(mark.scores[question])} / {own.short(most)} ", text)
            self.assertNotIn("Soin", text)
            exported.check_pdf(content)

    def look_at_students(self):
        for copy, mark in self.marks.items():
            student = self.anonymous()
            student.student_login(mark.student["email"], date_naissance=mark.student["date_naissance"], expect=200)
            [told] = student.all("/api/students/copies/")
            self.assertEqual((told["id"], own.exact(told["total_score"]), own.exact(told["maximum"])), (copy, own.total(OTHER, mark), own.maximum(OTHER)))
            given = {entry["question_id"]: own.exact(entry["points"]) for entry in told["scores_details"] if entry["points"] is not None}
            self.assertEqual((given, told["global_appreciation"]), (mark.scores, mark.appreciation))
            asked = dict(own.leaves(OTHER))
            self.assertEqual({entry["question_id"]: entry["remark"] for entry in told["remarks"] if entry["question_id"] in asked},
                             {question: remark for question, remark in mark.remarks.items() if question in asked})
            self.assertEqual(len(student.all(f"/api/students/copies/{copy}/annotations/")), mark.annotations)
            student.close()

    def compare(self, told, wanted):
        for name, value in wanted.items():
            self.assertAlmostEqual(told[name], float(value), places=5, msg=name)

    def look_at_statistics(self):
        path = f"/api/exams/{self.exam}/statistics/"
        told, marks = self.admin.get(path, expect=200).json, list(self.marks.values())
        totals = {copy: own.total(OTHER, mark) for copy, mark in self.marks.items()}
        self.compare(told, {**own.spread(list(totals.values())), "maximum": own.maximum(OTHER), "reliability": own.alpha(OTHER, marks)})
        edges = [own.maximum(OTHER) * step / 20 for step in range(21)]
        bars = [sum(low <= value < high or (high == edges[-1] == value) for value in totals.values()) for low, high in zip(edges, edges[1:])]
        self.assertEqual([bar["count"] for bar in told["histogram"]], bars)
        questions = own.question_figures(OTHER, marks)
        self.assertEqual([entry["question_id"] for entry in told["questions"]], list(questions))
        for entry in told["questions"]:
            self.compare(entry, questions[entry["question_id"]])
        for key, name_of, group_of in (("classes", "class_name", lambda mark: mark.student["class_name"]), ("correctors", "corrector", lambda mark: mark.corrector)):
            names = {group_of(mark) for mark in marks}
            self.assertEqual({entry[name_of] for entry in told[key]}, names)
            for entry in told[key]:
                self.compare(entry, own.spread([own.total(OTHER, mark) for mark in marks if group_of(mark) == entry[name_of]]))
        for name, client in self.clients.items():
            self.compare(client.get(path, expect=200).json, own.spread([totals[copy] for copy in self.lots[name]]))

"""Processes killed in the middle of a batch, a database that goes away, many processes on one: the batch is done whole and once."""

import random
import signal
import time

import postgres
from exams import report_of, uploaded
from samples import batch
from service import Service, ServiceTest, Worker, on_both_databases, with_users
from support import FULL

KILLS = 50 if FULL else 5
OUTAGES = 20 if FULL else 3
SEED = 20260
ENDS_WITHIN = 300  # seconds; a dead worker's tasks wait for its lease


def placed(report):
    """What the batch made, without what differs from run to run: ids, anonymous numbers, times."""
    def place(face):
        return face["side"], face["half"], face["rotation"], face["is_blank"]

    copies = sorted(([place(face) for face in copy["faces"]], copy["mode"], student_of(copy)) for copy in report["copies"])
    return {"copies": copies, "unplaced": sorted((*place(face), face["reason"]) for face in report["unplaced"])}


def student_of(copy):
    student = copy.get("student")
    return student["email"] if student else ""


class BatchTest(ServiceTest):
    own_service = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = Worker(cls.database, beside=cls.service, arguments=["--workers", "1"]).start()
        cls.addClassCleanup(cls.worker.remove)
        cls.folder = batch("--copies", 8, "--students", 8, "--seed", 41)

    def undisturbed(self):
        """What the batch makes when nothing happens to it, and the seconds it takes."""
        begun = time.monotonic()
        answer = uploaded(self.admin, self.folder)
        self.admin.succeeded(answer["task_id"])
        lasts = time.monotonic() - begun
        expected = placed(report_of(self.admin, answer["exam_id"]))
        self.assertEqual(len(expected["copies"]), 8)
        return expected, lasts

    def ends_whole(self, answer, expected):
        result = self.admin.succeeded(answer["task_id"], ENDS_WITHIN)
        self.assertEqual(result["copies_created"], len(expected["copies"]))
        self.is_whole(answer["exam_id"], expected)

    def is_whole(self, exam, expected):
        """Every face of the source in exactly one copy or listed, and as without kills; nothing twice."""
        report = report_of(self.admin, exam)
        faces = [face for copy in report["copies"] for face in copy["faces"]] + report["unplaced"]
        places = [(face["source_id"], face["side"], face["half"]) for face in faces]
        self.assertEqual(len(set(places)), len(places), "a face that is there twice")
        self.assertEqual(placed(report), expected)
        for table, count in (("face", len(faces)), ("copy", len(report["copies"])), ("booklet", len(report["copies"]))):
            self.assertEqual(self.service.rows(f"select count(*) from {table} where exam_id = '{exam}'"), [[str(count)]], table)
        unmade = f"select count(*) from copy where exam_id = '{exam}' and (pdf_file is null or masked_pdf_file is null)"
        self.assertEqual(self.service.rows(unmade), [["0"]])

    def rows_and_files_agree(self):
        rows = {row[0] for row in self.service.rows("select distinct file from file_in_use")}
        files = {name for name in self.service.files() if not name.startswith("temp/")}
        self.assertEqual(sorted(rows - files), [], "rows without file")
        self.assertEqual(sorted(files - rows), [], "files without row")


@on_both_databases
class Kills(BatchTest):
    def test_a_batch_outlives_its_server_and_its_worker_killed_at_any_moment(self):
        expected, lasts = self.undisturbed()
        moments = random.Random(SEED)
        for number in range(KILLS):
            victims = ([self.service], [self.worker], [self.service, self.worker])[number % 3]
            after = moments.uniform(0, lasts)
            with self.subTest(kill=number, victims=len(victims), after=round(after, 3)):
                self.killed_once(victims, after, expected)
        self.rows_and_files_agree()

    def killed_once(self, victims, after, expected):
        answer = uploaded(self.admin, self.folder)
        time.sleep(after)  # the moment is what is tested
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.start()
        if self.service in victims:
            self.admin.close()
            type(self).admin = self.service.logged_in("office")
        self.ends_whole(answer, expected)


class Outages(BatchTest):
    """The database goes away and comes back; the server and its worker stay."""

    database = "postgres"

    def test_a_batch_outlives_its_database_going_away_at_any_moment(self):
        expected, lasts = self.undisturbed()
        moments = random.Random(SEED)
        for number in range(OUTAGES):
            how = (signal.SIGQUIT, signal.SIGINT)[number % 2]
            after, away = moments.uniform(0, lasts), moments.uniform(0, 2)
            with self.subTest(outage=number, how=how.name, after=round(after, 3), away=round(away, 3)):
                answer = uploaded(self.admin, self.folder)
                time.sleep(after)
                postgres.server().stop(how)
                time.sleep(away)
                postgres.server().start()
                self.ends_whole(answer, expected)
        self.rows_and_files_agree()


@on_both_databases
class WorkersElsewhere(BatchTest):
    """A server that does no tasks, a worker beside it."""

    environment = {"KORRIGO_WORKERS": "0"}

    def test_the_server_tells_how_a_batch_comes_along(self):
        answer = uploaded(self.admin, self.folder)
        with self.admin.socket(f"/ws/exams/{answer['exam_id']}/processing/") as socket:
            messages = socket.until_closed(ENDS_WITHIN)
        self.assertEqual(messages[-1]["type"], "processing_complete")
        self.assertGreater(len(messages), 3, "how it came along")
        self.assertEqual(self.service.rows("select count(*) from worker"), [["1"]], "the server does none")


class Cluster(BatchTest):
    """Two servers and two workers on one PostgreSQL and one media folder."""

    database = "postgres"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = Service(cls.database, beside=cls.service).start()
        cls.addClassCleanup(cls.second.remove)
        cls.addClassCleanup(Worker(cls.database, beside=cls.service, arguments=["--workers", "1"]).start().remove)

    def test_a_batch_is_done_once_and_both_servers_tell_its_end(self):
        elsewhere = self.second.logged_in("office")
        self.addCleanup(elsewhere.close)
        self.assertEqual(self.service.rows("select count(*) from worker"), [["4"]])
        expected = None
        for _ in range(2):
            answer = uploaded(self.admin, self.folder)
            path = f"/ws/exams/{answer['exam_id']}/processing/"
            with self.admin.socket(path) as here, elsewhere.socket(path) as there:
                ends = [socket.until_closed(ENDS_WITHIN)[-1] for socket in (here, there)]
            self.assertEqual([end["type"] for end in ends], ["processing_complete"] * 2)
            for client in (self.admin, elsewhere):
                self.assertEqual(client.task_status(answer["task_id"])["status"], "SUCCESS")
            expected = expected or placed(report_of(elsewhere, answer["exam_id"]))
            self.assertEqual(len(expected["copies"]), 8)
            self.is_whole(answer["exam_id"], expected)
            again = "select count(*) from task_log where text like 'attempt %'"
            self.assertEqual(self.service.rows(again), [["0"]], "nothing failed on the way")
        self.rows_and_files_agree()

    def test_a_log_out_at_one_server_ends_the_socket_at_the_other(self):
        here = self.as_("office")
        there = self.second.client()
        there.cookies = dict(here.cookies)
        with there.socket("/ws/tasks/") as socket:
            self.assertTrue(socket.ping())
            here.logout(expect=200)
            socket.until_closed(30)
            self.assertEqual(socket.close_code, 4401)

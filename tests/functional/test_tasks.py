"""The task lines: status as the reference has it, steering, who sees what, WebSockets, what outlives the server."""

import time
from urllib.parse import quote

import contract
from client import csv
from exams import blank_exam, finished, uploaded
from samples import batch, people
from service import Service, ServiceTest, on_both_databases, with_users
from websocket import Refused

UNKNOWN = "0198f0c2-a4d1-7c3e-9f00-3a5b7c9d1e2f"


@on_both_databases
class TaskStatus(ServiceTest):
    def test_268_status_needs_a_log_in_and_an_unknown_task_is_pending(self):
        self.refused(self.anonymous().get(f"/api/tasks/{UNKNOWN}/status/"), 401, "auth.required")
        for task in (UNKNOWN, "abc123", "a b", "%00", "x" * 300):
            told = self.admin.get(f"/api/tasks/{quote(task)}/status/", expect=200).json
            self.assertEqual((told["status"], told["ready"]), ("PENDING", False))
            self.assertNotIn("result", told)

    def test_another_s_task_is_pending_admins_see_all(self):
        teacher = self.as_("marie")
        answer = blank_exam(teacher)
        self.assertEqual(teacher.wait_for(answer["task_id"])["status"], "SUCCESS")
        self.assertEqual(self.admin.task_status(answer["task_id"])["status"], "SUCCESS")
        self.assertEqual(self.as_("paul").task_status(answer["task_id"]), {"task_id": answer["task_id"], "status": "PENDING", "ready": False})

    def test_states_only_go_forward(self):
        order = {"PENDING": 0, "STARTED": 1, "PROGRESS": 2, "SUCCESS": 3}
        answer = uploaded(self.admin, batch("--copies", 10, "--students", 10, "--seed", 31))
        seen, percents = [], []
        while not seen or seen[-1] != "SUCCESS":
            told = self.admin.task_status(answer["task_id"])
            self.assertIn(told["status"], order, told)
            self.assertEqual(told["ready"], told["status"] == "SUCCESS")
            if not seen or seen[-1] != told["status"]:
                seen.append(told["status"])
            if "progress" in told:
                percents.append(told["progress"]["percent"])
            time.sleep(0.02)
        self.assertEqual([order[state] for state in seen], sorted(order[state] for state in seen), seen)
        self.assertTrue(all(0 <= percent <= 100 for percent in percents))
        contract.check_value(told["result"], "#/components/schemas/BatchResult")

    def test_a_list_with_filters(self):
        exam = finished(self.admin)
        [task] = self.admin.all(f"/api/tasks/?exam={exam}&kind=process_pdf_batch")
        self.assertEqual((task["status"], task["priority"], task["exam_id"]), ("SUCCESS", "HIGH", exam))
        self.assertEqual(self.admin.all(f"/api/tasks/?exam={exam}&status=FAILURE"), [])
        children = self.admin.all(f"/api/tasks/?parent={task['id']}")
        self.assertTrue(all(child["parent_id"] == task["id"] for child in children))
        self.refused(self.admin.get("/api/tasks/?priority=URGENT"), 400, "request.invalid")
        self.assertIn(task["id"], [one["id"] for one in self.admin.all("/api/tasks/?by_server=false")])
        self.admin.all(f"/api/tasks/{task['id']}/logs/")
        for action, code in (("cancel", "task.over"), ("pause", "task.over"), ("resume", "task.not_paused"), ("retry", "task.not_over")):
            self.assertFalse(task["permissions"][action])
            self.refused(self.admin.post(f"/api/tasks/{task['id']}/{action}/"), 409, code)
            self.refused(self.admin.post(f"/api/tasks/{UNKNOWN}/{action}/"), 404, "task.not_found")
        self.refused(self.admin.get(f"/api/tasks/{task['id']}/result/"), 404, "task.no_file")
        self.refused(self.admin.get(f"/api/tasks/{UNKNOWN}/result/"), 404, "task.not_found")

    def test_an_import_on_its_socket(self):
        answer = self.admin.post("/api/students/import/", form={"file": csv(people(40, "sockel"))}, expect=202).json
        with self.admin.socket(f"/ws/tasks/{answer['task_id']}/") as socket:
            messages = socket.until_closed()
        self.assertEqual((messages[-1]["task"]["status"], messages[-1]["task"]["ready"], socket.close_code), ("SUCCESS", True, 1000))
        self.assertEqual(messages[-1]["task"]["task_id"], answer["task_id"])

    def test_who_may_listen(self):
        answer = blank_exam(self.admin)
        for client, path, code in ((self.anonymous(), f"/ws/tasks/{answer['task_id']}/", 4401), (self.as_("paul"), f"/ws/tasks/{answer['task_id']}/", 4403),
                                   (self.as_("paul"), "/ws/tasks/", 4403), (self.anonymous(), "/ws/tasks/", 4401),
                                   (self.anonymous(), f"/ws/exams/{answer['exam_id']}/processing/", 4401),
                                   (self.as_("paul"), f"/ws/exams/{answer['exam_id']}/processing/", 4403), (self.admin, f"/ws/exams/{UNKNOWN}/processing/", 4404)):
            with self.subTest(path=path, code=code), client.socket(path) as socket:
                self.assertEqual((socket.until_closed(10), socket.close_code), ([], code))

    def test_another_site_may_not_listen(self):
        with self.assertRaises(Refused) as refused:
            self.admin.socket("/ws/tasks/", origin="https://elsewhere.example.org")
        self.assertEqual(refused.exception.status, 403)
        host, port = self.service.address
        with self.admin.socket("/ws/tasks/", origin=f"http://{host}:{port}") as socket:
            self.assertTrue(socket.ping())

    def test_the_admin_s_socket_hears_every_task(self):
        with self.admin.socket("/ws/tasks/") as socket:
            answer = blank_exam(self.as_("marie"))
            ends = time.monotonic() + 60
            while time.monotonic() < ends:
                message = socket.receive(60)
                if message["task"]["id"] == answer["task_id"] and message["task"]["status"] == "SUCCESS":
                    break
            self.assertEqual(message["task"]["id"], answer["task_id"])

    def test_log_out_ends_the_socket(self):
        client = self.as_("office")
        with client.socket("/ws/tasks/") as socket:
            self.assertTrue(socket.ping())
            client.logout(expect=200)
            socket.until_closed(30)
            self.assertEqual(socket.close_code, 4401)


@on_both_databases
class Steering(ServiceTest):
    """A server without workers: a task stays what it is until a test says otherwise."""

    @classmethod
    def setUpClass(cls):
        cls.service = with_users(Service(cls.database, arguments=["--workers", "0"]).start())
        cls.addClassCleanup(cls.service.remove)
        cls.admin = cls.service.logged_in("office")

    def steer(self, task, action):
        return self.admin.post(f"/api/tasks/{task}/{action}/", expect=200).json["status"]

    def state(self, task):
        return self.admin.task_status(task)["status"]

    def test_waiting_tasks_are_paused_resumed_cancelled_and_retried(self):
        task = blank_exam(self.admin)["task_id"]
        self.assertEqual(self.state(task), "PENDING")
        self.assertEqual(self.steer(task, "pause"), "PAUSED")
        self.refused(self.admin.post(f"/api/tasks/{task}/retry/"), 409, "task.not_over")
        self.assertEqual(self.state(task), "PAUSED")
        self.assertEqual(self.steer(task, "resume"), "PENDING")
        self.assertEqual(self.steer(task, "cancel"), "REVOKED")
        told = self.admin.task_status(task)
        self.assertEqual((told["status"], told["ready"], told["result"]["status"]), ("REVOKED", True, "revoked"))
        self.assertEqual(self.steer(task, "retry"), "PENDING")

    def test_priority_changes_while_it_waits(self):
        task = blank_exam(self.admin)["task_id"]
        self.assertEqual(self.admin.patch(f"/api/tasks/{task}/", {"priority": "CRITICAL"}, expect=200).json["priority"], "CRITICAL")
        self.assertEqual([row["id"] for row in self.admin.all("/api/tasks/?priority=CRITICAL")], [task])
        self.refused(self.admin.patch(f"/api/tasks/{task}/", {"priority": "URGENT"}), 400, "request.invalid")
        self.steer(task, "cancel")

    def test_an_exam_that_waits_for_its_batch_is_busy(self):
        answer = blank_exam(self.admin)
        path = f"/api/exams/{answer['exam_id']}/"
        self.assertEqual(self.admin.get(path).json["status"], "PROCESSING")
        for refused in (self.admin.delete(path), self.admin.post(f"{path}validate-all/"), self.admin.post(f"{path}undo/")):
            self.refused(refused, 409, "exam.busy")
        self.steer(answer["task_id"], "cancel")
        self.admin.delete(path, expect=204)

    def test_tasks_wait_for_a_worker_and_outlive_the_server(self):
        answer = uploaded(self.admin)
        self.service.kill()
        self.service.arguments = ["--workers", "2"]
        try:
            self.service.start()
            admin = self.service.logged_in("office")
            self.assertEqual(admin.succeeded(answer["task_id"])["copies_created"], 6)
        finally:
            self.service.arguments = ["--workers", "0"]
            self.service.restart()
            type(self).admin = self.service.logged_in("office")


@on_both_databases
class Running(ServiceTest):
    """Cancel and pause of a batch that runs."""

    def started(self):
        answer = uploaded(self.admin, batch("--copies", 24, "--students", 24, "--seed", 37))
        ends = time.monotonic() + 60
        while self.admin.task_status(answer["task_id"])["status"] == "PENDING":
            self.assertLess(time.monotonic(), ends)
            time.sleep(0.02)
        return answer

    def until(self, task, *states):
        ends = time.monotonic() + 120
        while (state := self.admin.task_status(task)["status"]) not in states:
            self.assertLess(time.monotonic(), ends, state)
            time.sleep(0.05)
        return state

    def test_a_paused_batch_goes_on_and_loses_nothing(self):
        answer = self.started()
        paused = self.admin.post(f"/api/tasks/{answer['task_id']}/pause/")
        if paused.status == 200 and self.until(answer["task_id"], "PAUSED", "SUCCESS") == "PAUSED":
            self.admin.post(f"/api/tasks/{answer['task_id']}/resume/", expect=200)
        self.assertEqual(self.admin.succeeded(answer["task_id"])["copies_created"], 24)
        self.assertEqual(self.service.rows(f"select count(*) from face where exam_id = '{answer['exam_id']}'"), [["96"]])

    def cancelled(self):
        """A batch that was cancelled in the middle; its upload's answer."""
        answer = self.started()
        with self.admin.socket(f"/ws/exams/{answer['exam_id']}/processing/") as socket:
            self.admin.post(f"/api/tasks/{answer['task_id']}/cancel/", expect=200)
            self.assertEqual(self.until(answer["task_id"], "REVOKED", "SUCCESS"), "REVOKED")
            self.assertEqual(socket.until_closed(30)[-1]["type"], "processing_failed")
        exam = self.admin.get(f"/api/exams/{answer['exam_id']}/", expect=200).json
        self.assertEqual(exam["status"], "ERROR")
        self.assertEqual(exam["error_message"], "La tâche a été annulée.")
        return answer

    def test_a_failed_task_says_why_in_the_asker_s_language(self):
        answer = self.cancelled()
        for language, sentence in (("fr", "La tâche a été annulée."), ("en", "The task was cancelled.")):
            def asked(path, words={"Accept-Language": language}):
                return self.admin.get(path, headers=words, expect=200).json

            self.assertEqual(asked(f"/api/exams/{answer['exam_id']}/")["error_message"], sentence)
            self.assertEqual(asked(f"/api/tasks/{answer['task_id']}/status/")["result"]["error"], sentence)
            [listed] = asked(f"/api/tasks/?exam={answer['exam_id']}&status=REVOKED")["results"]
            self.assertEqual(listed["error_message"], sentence)

    def test_a_cancelled_batch_leaves_an_exam_that_can_be_filled_again(self):
        answer = self.cancelled()
        exam = self.admin.get(f"/api/exams/{answer['exam_id']}/", expect=200).json
        self.assertTrue(exam["permissions"]["delete"])
        self.admin.delete(f"/api/exams/{answer['exam_id']}/", expect=204)

    def test_a_cancelled_batch_that_is_tried_again_loses_nothing(self):
        answer = self.cancelled()
        self.admin.post(f"/api/tasks/{answer['task_id']}/retry/", expect=200)
        self.assertEqual(self.admin.get(f"/api/exams/{answer['exam_id']}/", expect=200).json["status"], "PROCESSING")
        self.assertEqual(self.admin.succeeded(answer["task_id"])["copies_created"], 24)
        self.assertEqual(self.admin.get(f"/api/exams/{answer['exam_id']}/", expect=200).json["status"], "READY")
        self.assertEqual(self.service.rows(f"select count(*) from face where exam_id = '{answer['exam_id']}'"), [["96"]])

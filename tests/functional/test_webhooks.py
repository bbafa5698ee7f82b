"""Webhooks: api.md, "public addresses only, no redirects". Deliveries that arrive are tested beside the source (backend/accounts/webhook_test.cpp),
with rules that no setting of the program can pass in; from outside the program reaches nothing that a test could stand for."""

import socket

from marking import GradingTest
from service import on_both_databases

ADDRESS = "https://hooks.example.org/korrigo"


def own_name():
    """A name of this machine that is not on the internet, if it has one."""
    for name in ("ip6-localhost", socket.gethostname()):
        try:
            socket.getaddrinfo(name, 443)
            return name
        except OSError:
            continue
    return None


@on_both_databases
class Webhooks(GradingTest):
    count = 1
    own_service = True

    def make(self, url=ADDRESS, events=("COPIES_ASSIGNED",), **options):
        return self.admin.post("/api/webhooks/", {"url": url, "events": list(events)}, **options)

    def tearDown(self):
        for webhook in self.admin.all("/api/webhooks/"):
            self.admin.delete(f"/api/webhooks/{webhook['id']}/", expect=204)
        super().tearDown()

    def test_the_secret_is_shown_once_and_sealed_in_the_database(self):
        made = self.make(expect=201).json
        self.assertRegex(made["secret"], r"^whs_[0-9a-f]{64}$")
        [listed] = self.admin.all("/api/webhooks/")
        self.assertEqual(listed, {name: value for name, value in made.items() if name != "secret"})
        self.assertNotIn(made["secret"], str(self.service.rows("SELECT * FROM webhook")))
        self.admin.delete(f"/api/webhooks/{made['id']}/", expect=204)
        self.assertEqual(self.admin.all("/api/webhooks/"), [])
        self.refused(self.admin.delete(f"/api/webhooks/{made['id']}/"), 404, "webhook.not_found")
        actions = {entry["action"] for entry in self.admin.all("/api/audit/?target_type=webhook")}
        self.assertEqual(actions, {"webhook.create", "webhook.delete"})

    def test_addresses_that_are_not_of_the_internet_and_events_that_are_none(self):
        for url in ("http://hooks.example.org/", "https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/",
                    "https://[fd00::1]/", "https://169.254.169.254/", "https://2130706433/", "https://name:word@hooks.example.org/", "x"):
            with self.subTest(url):
                self.assertEqual(self.refused(self.make(url), 400, "request.invalid")["field"], "url")
        for events in ([], ["SOMETHING"], [1]):
            self.assertEqual(self.refused(self.make(events=events), 400, "request.invalid")["field"], "events")

    def test_a_token_makes_none(self):
        token = self.admin.post("/api/tokens/", {"name": "x", "scopes": ["read", "write"]}, expect=201).json["token"]
        self.refused(self.anonymous().post("/api/webhooks/", {"url": ADDRESS, "events": ["ALL_GRADED"]},
                                           headers={"Authorization": f"Bearer {token}"}), 403, "auth.forbidden")

    def test_a_name_that_leads_back_to_the_school_is_not_connected_to(self):
        name = own_name()
        if not name:
            self.skipTest("this machine has no name of its own")
        with socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
            listener.settimeout(0.2)
            made = self.make(f"https://{name}:{listener.getsockname()[1]}/", expect=201).json
            self.admin.post(f"/api/exams/{self.exam}/dispatch/", {}, expect=200)
            [[task]] = self.service.rows("SELECT id FROM task WHERE kind = 'deliver_webhook'")
            self.assertEqual(self.admin.wait_for(task)["status"], "FAILURE")
            with self.assertRaises(TimeoutError):
                listener.accept()
        [listed] = self.admin.all("/api/webhooks/")
        self.assertEqual((listed["id"], listed["last_error"]), (made["id"], "webhook.not_public"))

    def test_one_that_was_not_asked_for_hears_nothing(self):
        self.make(events=["RESULTS_RELEASED"], expect=201)
        before = self.service.rows("SELECT count(*) FROM task WHERE kind = 'deliver_webhook'")
        self.admin.post(f"/api/exams/{self.exam}/dispatch/", {}, expect=200)
        self.assertEqual(self.service.rows("SELECT count(*) FROM task WHERE kind = 'deliver_webhook'"), before)


del GradingTest

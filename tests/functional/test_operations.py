"""behaviours.md, section 15: health, metrics, request ids, logs, audit, tokens, and what every answer carries."""

import json
import re
import time
from urllib.parse import urlparse

import contract
import postgres
from client import csv
from exams import blank_exam
from samples import people
from service import PASSWORD, ServiceTest, on_both_databases

METRICS_TOKEN = "prometheus-reads-this"
NAMES = ("http_requests_total", "http_request_duration_seconds", "celery_tasks_total", "celery_task_duration_seconds", "database_connections_active",
         "redis_connected_clients")


@on_both_databases
class Health(ServiceTest):
    def test_255_256_health_liveness_and_readiness_need_no_log_in(self):
        client = self.anonymous()
        self.assertEqual(client.get("/api/health/", expect=200).json, {"status": "healthy", "database": "connected"})
        self.assertEqual(client.get("/api/health/live/", expect=200).json, {"status": "alive"})
        self.assertEqual(client.get("/api/health/ready/", expect=200).json, {"status": "ready", "database": "ok", "redis": "disabled", "media": "ok"})

    def test_257_request_ids_are_kept_or_made(self):
        client = self.anonymous()
        kept = client.get("/api/health/", headers={"X-Request-ID": "abc-123"})
        self.assertEqual(kept.headers["x-request-id"], "abc-123")
        made = {client.get("/api/health/").headers["x-request-id"] for _ in range(3)}
        self.assertEqual(len(made), 3)
        for odd in ("a b", "x" * 200, "a;b<script>"):
            self.assertNotEqual(client.get("/api/health/", headers={"X-Request-ID": odd}).headers["x-request-id"], odd)
        refused = client.get("/api/me/", headers={"X-Request-ID": "refused-1"})
        self.assertEqual(refused.json["request_id"], "refused-1")

    def test_257_the_log_line_of_a_request_carries_its_id(self):
        self.anonymous().get("/api/health/live/", headers={"X-Request-ID": "find-me-in-the-log"})
        ends = time.monotonic() + 10
        while "find-me-in-the-log" not in (text := self.service.log.read_text()) and time.monotonic() < ends:
            time.sleep(0.05)
        line = next(line for line in text.splitlines() if "find-me-in-the-log" in line)
        told = json.loads(line)
        self.assertTrue({"timestamp", "level", "logger", "message", "request_id", "duration_ms"} <= set(told), told)

    def test_258_every_answer_says_how_long_it_took(self):
        for path in ("/api/health/", "/api/me/", "/api/schema/"):
            self.assertGreaterEqual(float(self.anonymous().get(path).headers["x-response-time-ms"]), 0)

    def test_267_the_contract_is_served_as_it_stands(self):
        self.assertEqual(self.anonymous().get("/api/schema/", expect=200).body, (contract.DOCS / "openapi.yaml").read_bytes())
        page = self.anonymous().get("/api/docs/", expect=200).body.decode()
        self.assertNotRegex(page, r"""(?:src|href)=["']https?://""")

    def test_267_paths_without_their_last_slash_answer_too(self):
        self.assertEqual(self.anonymous().get("/api/health/live", expect=200).json, {"status": "alive"})
        self.assertEqual(self.admin.get("/api/users", expect=200).json["count"], self.admin.get("/api/users/").json["count"])

    def test_267_what_is_not_there(self):
        answer = self.anonymous().get("/api/no/such/route/", checked=False)
        self.assertEqual((answer.status, answer.code), (404, "request.not_found"))
        answer = self.anonymous().request("DELETE", "/api/health/", csrf=False)
        self.assertEqual((answer.status, answer.code), (405, "request.method_not_allowed"))
        self.assertIn("GET", answer.headers["allow"])

    def test_267_other_origins_are_told_nothing(self):
        answer = self.admin.get("/api/me/", headers={"Origin": "https://elsewhere.example.org"})
        self.assertNotIn("access-control-allow-origin", answer.headers)
        self.assertNotIn("access-control-allow-credentials", answer.headers)

    def test_security_headers(self):
        for path in ("/api/me/", "/"):
            headers = self.anonymous().get(path, checked=path != "/").headers
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
            self.assertNotIn("unsafe-inline", headers["content-security-policy"])
            self.assertIn("referrer-policy", headers)
            self.assertIn("permissions-policy", headers)
            self.assertNotIn("server", headers)

    def test_reads_carry_an_etag(self):
        first = self.admin.get("/api/settings/", expect=200)
        again = self.admin.get("/api/settings/", headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_264_logs_hold_no_password_and_no_address(self):
        self.anonymous().login("marie@lycee.example.org", "guessed-password-9")
        blank_exam(self.admin)
        self.admin.succeeded(self.admin.post("/api/students/import/", form={"file": csv(people(3, "journal"))}).json["task_id"])
        text = self.service.log.read_text() + "".join(path.read_text() for path in (self.service.data / "logs").glob("*.log"))
        for secret in (PASSWORD, "guessed-password-9", "@lycee.example.org", "JOURNAL", self.admin.cookies["sessionid"], self.admin.csrf_token()):
            self.assertNotIn(secret, text)

    def test_263_errors_show_nothing_of_the_inside(self):
        self.refused(self.admin.get("/api/exams/%00/"), 400, "request.target")
        for path in ("/api/exams/not-an-id/", "/api/users/99999999999999999999/", "/api/users/-1/", "/api/students/0x10/", "/api/copies/'--/"):
            answer = self.admin.get(path)
            self.assertEqual(answer.status, 404, (path, answer))
            self.assertNotRegex(answer.body.decode(), r"(?i)select|sqlite|postgres|exception|/backend/")


@on_both_databases
class DatabaseGone(ServiceTest):
    own_service = True
    environment = {"KORRIGO_METRICS_TOKEN": METRICS_TOKEN}

    def test_255_health_is_503_while_the_database_is_away_and_well_again_afterwards(self):
        if self.database != "postgres":
            return  # SQLite is a file of the server's own: it does not go away by itself
        name = urlparse(self.service.url).path.lstrip("/")
        client, server = self.anonymous(), postgres.server()
        control = self.service.url.replace(name, "postgres")
        server.rows(control, f"alter database {name} with allow_connections false")
        server.rows(control, f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
        try:
            for asking in (client, self.admin):
                self.assertEqual(asking.get("/api/health/").json, {"status": "unhealthy", "database": "disconnected"})
            self.assertEqual(client.get("/api/health/ready/").status, 503)
            self.assertEqual(client.get("/api/health/live/").status, 200)
            metrics = client.get("/api/metrics/", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}, expect=200).body.decode()
            self.assertIn("korrigo_database_up 0", metrics)
            self.refused(self.admin.get("/api/users/"), 503, "server.unavailable")
        finally:
            server.rows(control, f"alter database {name} with allow_connections true")
        ends = time.monotonic() + 30
        while client.get("/api/health/").status != 200 and time.monotonic() < ends:
            time.sleep(0.1)
        self.admin.get("/api/users/", expect=200)


@on_both_databases
class Metrics(ServiceTest):
    own_service = True
    environment = {"KORRIGO_METRICS_TOKEN": METRICS_TOKEN}

    def metrics(self):
        return self.anonymous().get("/api/metrics/", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}, expect=200).body.decode()

    def test_259_the_token_opens_and_nothing_else(self):
        self.refused(self.anonymous().get("/api/metrics/"), 403, "metrics.token_required")
        self.refused(self.anonymous().get("/api/metrics/?token=wrong"), 403, "metrics.token_required")
        self.refused(self.admin.get("/api/metrics/", headers={"Authorization": "Bearer wrong"}), 403, "metrics.token_required")
        self.anonymous().get(f"/api/metrics/?token={METRICS_TOKEN}", expect=200)
        self.admin.wait_for(blank_exam(self.admin)["task_id"])
        text = self.metrics()
        for name in NAMES:
            self.assertRegex(text, rf"(?m)^{name}(_bucket|_count)?(\{{| )")

    def test_260_labels_hold_no_ids(self):
        exam = blank_exam(self.admin)["exam_id"]
        self.admin.get(f"/api/exams/{exam}/", expect=200)
        self.anonymous().get("/api/made/up/by/somebody/", checked=False)
        text = self.metrics()
        self.assertNotIn(exam, text)
        self.assertNotIn("somebody", text)
        self.assertNotRegex(text, r"[0-9a-f]{8}-[0-9a-f]{4}-")

    def test_requests_are_counted(self):
        def count():
            found = re.findall(r'(?m)^http_requests_total\{([^}]*)\} (\S+)', self.metrics())
            return sum(float(value) for labels, value in found if "/api/health/live" in labels)

        before = count()
        for _ in range(5):
            self.anonymous().get("/api/health/live/")
        self.assertEqual(count(), before + 5)


@on_both_databases
class Tokens(ServiceTest):
    def made(self, client, *scopes, **fields):
        return client.post("/api/tokens/", {"name": "script", "scopes": list(scopes), **fields}, expect=201).json

    def bearer(self, token):
        return {"Authorization": f"Bearer {token['token']}"}

    def test_a_token_acts_as_its_owner_within_its_scopes(self):
        reader, writer = self.made(self.admin, "read"), self.made(self.admin, "read", "write")
        script = self.anonymous()
        script.role = "admin"
        self.assertEqual(script.get("/api/me/", headers=self.bearer(reader), expect=200).json["username"], "office")
        person = {"last_name": "Jeton", "first_name": "Luc", "date_naissance": "2008-01-02"}
        self.refused(script.post("/api/students/", person, headers=self.bearer(reader)), 403, "auth.forbidden")
        script.post("/api/students/", person, headers=self.bearer(writer), expect=201)
        self.refused(script.post("/api/tokens/", {"name": "more", "scopes": ["read"]}, headers=self.bearer(writer)), 403, "auth.forbidden")

    def test_tokens_are_shown_once_and_revoked(self):
        teacher = self.as_("marie")
        token = self.made(teacher, "read")
        self.assertNotIn(token["token"], teacher.get("/api/tokens/", expect=200).body.decode())
        self.refused(self.as_("paul").delete(f"/api/tokens/{token['id']}/"), 404, "token.not_found")
        self.assertEqual(self.service.rows(f"select count(*) from api_token where token_hash = '{token['token']}'"), [["0"]])
        teacher.delete(f"/api/tokens/{token['id']}/", expect=204)
        self.refused(self.anonymous().get("/api/me/", headers=self.bearer(token)), 401, "auth.required")

    def test_an_expired_or_invented_token(self):
        self.refused(self.anonymous().get("/api/me/", headers={"Authorization": "Bearer invented"}), 401, "auth.required")
        expiring = self.made(self.admin, "read", expires_at="2099-01-01T00:00:00.000Z")
        self.service.rows(f"update api_token set expires_at = 1000 where id = '{expiring['id']}'")
        self.refused(self.anonymous().get("/api/me/", headers=self.bearer(expiring)), 401, "auth.required")
        self.refused(self.admin.post("/api/tokens/", {"name": "late", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00.000Z"}), 400, "request.invalid")
        self.refused(self.admin.post("/api/tokens/", {"name": "odd", "scopes": ["everything"]}), 400, "request.invalid")


@on_both_databases
class Audit(ServiceTest):
    def test_033_who_did_what_is_written_down_and_chained(self):
        user = self.admin.post("/api/users/", {"username": "audited", "email": "audited@lycee.example.org", "role": "TEACHER", "password": PASSWORD}, expect=201,
                               headers={"X-Request-ID": "audit-trail-1"}).json
        entries = self.admin.all(f"/api/audit/?target_type=user&target_id={user['id']}")
        me = self.admin.get("/api/me/").json["id"]
        self.assertTrue(any(entry["actor_id"] == me and entry["request_id"] == "audit-trail-1" and entry["address"] == "127.0.0.1" for entry in entries), entries)
        self.assertNotIn("audited@", str(entries))
        everything = sorted(self.admin.all("/api/audit/?page_size=200"), key=lambda entry: entry["sequence"])
        self.assertEqual([entry["sequence"] for entry in everything], list(range(1, len(everything) + 1)))
        self.assertEqual(len({entry["hash"] for entry in everything}), len(everything))

    def test_log_ins_are_written_down_without_what_was_typed(self):
        self.anonymous().login("paul", "typed-in-vain-77")
        self.as_("paul")
        text = str(self.admin.all("/api/audit/?page_size=200"))
        self.assertIn("login", text)
        self.assertNotIn("typed-in-vain-77", text)

    def test_the_log_cannot_be_changed(self):
        for method in ("PUT", "PATCH", "DELETE"):
            self.assertEqual(self.admin.request(method, "/api/audit/").status, 405)

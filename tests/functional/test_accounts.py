"""behaviours.md, sections 1 and 2: accounts, log-in, session, users, settings."""

import re
import time

import contract
from samples import people
from client import csv
from service import PASSWORD, Service, ServiceTest, on_both_databases

NEW = "lantern-orchard-29"


def fresh(test, name, role="TEACHER", **fields):
    """A new account with a known password, and its row."""
    body = {"username": name, "email": f"{name}@lycee.example.org", "role": role, "password": PASSWORD, **fields}
    return test.admin.post("/api/users/", body, expect=201).json


@on_both_databases
class LoggingIn(ServiceTest):
    def test_001_an_admin_logs_in_with_user_name_and_password(self):
        client = self.anonymous()
        client.login("office", PASSWORD, expect=200)
        self.assertEqual(client.get("/api/me/", expect=200).json["role"], "ADMIN")

    def test_002_a_teacher_logs_in(self):
        me = self.as_("marie").get("/api/me/", expect=200).json
        self.assertEqual((me["role"], me["username"], me["student"]), ("TEACHER", "marie", None))

    def test_003_the_address_does_as_the_user_name(self):
        client = self.anonymous()
        client.login("marie@lycee.example.org", PASSWORD, expect=200)
        self.assertEqual(client.get("/api/me/").json["username"], "marie")
        self.anonymous().login("Marie@Lycee.Example.org", PASSWORD, expect=200)

    def test_004_005_a_wrong_password_and_an_unknown_user_get_the_same_answer_and_no_session(self):
        told = []
        for name in ("paul", "nobody-of-that-name"):
            client = self.anonymous()
            body = self.refused(client.login(name, "not-the-password"), 401, "auth.invalid_credentials")
            told.append((body["error"], body["code"]))
            self.assertNotIn("sessionid", client.cookies)
            self.refused(client.get("/api/me/"), 401, "auth.required")
        self.assertEqual(told[0], told[1])

    def test_006_an_inactive_user_is_refused_and_loses_the_sessions(self):
        user = fresh(self, "dormant")
        client = self.as_("dormant")
        self.admin.patch(f"/api/users/{user['id']}/", {"is_active": False}, expect=200)
        self.refused(client.get("/api/me/"), 401, "auth.required")
        self.refused(self.anonymous().login("dormant", PASSWORD), 401, "auth.invalid_credentials")

    def test_008_me_without_session(self):
        self.refused(self.anonymous().get("/api/me/"), 401, "auth.required")

    def test_009_log_out_ends_the_session(self):
        client = self.as_("marie")
        kept = dict(client.cookies)
        client.logout(expect=200)
        self.refused(client.get("/api/me/"), 401, "auth.required")
        client.cookies = kept
        self.refused(client.get("/api/me/"), 401, "auth.required")

    def test_010_log_out_without_session(self):
        self.refused(self.anonymous().logout(), 401, "auth.required")

    def test_011_the_csrf_token_is_public_and_sets_its_cookie(self):
        client = self.anonymous()
        self.assertGreaterEqual(len(client.get("/api/csrf/", expect=200).json["csrf_token"]), 32)
        self.assertIn("csrftoken", client.cookies)

    def test_012_log_in_needs_no_csrf_token(self):
        client = self.anonymous()
        client.login("marie", PASSWORD, expect=200)
        self.assertIsNone(client.token)

    def test_013_an_unsafe_call_without_or_with_another_s_csrf_token(self):
        client = self.as_("marie")
        body = {"current_password": PASSWORD, "new_password": NEW}
        self.refused(client.post("/api/change-password/", body, csrf=False), 403, "csrf.failed")
        stranger = self.anonymous().csrf_token()
        client.csrf_token()
        self.refused(client.post("/api/change-password/", body, csrf=False, headers={"X-CSRFToken": stranger}), 403, "csrf.failed")

    def test_014_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        client = self.anonymous()
        answer = client.login("marie", PASSWORD, expect=200)
        cookie = next(line for line in answer.cookies if line.startswith("sessionid=")).lower()
        self.assertIn("httponly", cookie)
        self.assertIn("samesite=lax", cookie)
        self.assertIn("path=/", cookie)

    def test_014_log_in_makes_a_new_session(self):
        client = self.anonymous()
        client.login("marie", PASSWORD, expect=200)
        first = client.cookies["sessionid"]
        client.login("marie", PASSWORD, expect=200)
        self.assertNotEqual(client.cookies["sessionid"], first)
        planted = self.anonymous()
        planted.cookies["sessionid"] = "planted-by-somebody-else"
        planted.login("marie", PASSWORD, expect=200)
        self.assertNotEqual(planted.cookies["sessionid"], "planted-by-somebody-else")

    def test_missing_fields_and_bodies_that_are_no_json(self):
        client = self.anonymous()
        self.refused(client.post("/api/login/", {"username": "marie"}, csrf=False), 400, "request.invalid")
        self.refused(client.request("POST", "/api/login/", body=b"{", headers={"Content-Type": "application/json"}, csrf=False), 400, "request.json")
        self.refused(client.request("POST", "/api/login/", body=b"x", headers={"Content-Type": "text/plain"}, csrf=False), 415,
                     "request.type")

    def test_sentences_follow_the_caller_s_language(self):
        told = {}
        for language in ("fr", "en", "de", "en-GB,en;q=0.9,fr;q=0.5", ""):
            headers = {"Accept-Language": language} if language else {}
            told[language] = self.anonymous().get("/api/me/", headers=headers).json["error"]
        self.assertEqual(told["en"], "Log in first.")
        self.assertEqual(told["en-GB,en;q=0.9,fr;q=0.5"], told["en"])
        self.assertEqual({told["fr"], told["de"], told[""]}, {"Connectez-vous d’abord."})


@on_both_databases
class Passwords(ServiceTest):
    def change(self, client, current, new):
        return client.post("/api/change-password/", {"current_password": current, "new_password": new})

    def test_015_018_a_new_password_replaces_the_old_and_keeps_this_session(self):
        fresh(self, "renewed", must_change_password=True)
        client, elsewhere = self.as_("renewed"), self.as_("renewed")
        self.assertTrue(client.get("/api/me/").json["must_change_password"])
        self.assertEqual(self.change(client, PASSWORD, NEW).status, 200)
        self.assertFalse(client.get("/api/me/", expect=200).json["must_change_password"])
        self.refused(elsewhere.get("/api/me/"), 401, "auth.required")
        self.refused(self.anonymous().login("renewed", PASSWORD), 401, "auth.invalid_credentials")
        self.anonymous().login("renewed", NEW, expect=200)

    def test_016_017_weak_passwords_with_a_list_of_messages(self):
        fresh(self, "weakling")
        client = self.as_("weakling")
        for word in ("short-1", "123456789012", "password1234", "weakling-weakling"[:8] + "weakling"):
            with self.subTest(password=word):
                body = self.refused(self.change(client, PASSWORD, word), 400, "password.weak")
                self.assertTrue(body["details"])
        self.anonymous().login("weakling", PASSWORD, expect=200)

    def test_018_until_it_is_changed_nothing_else_is_possible(self):
        fresh(self, "hurried", role="ADMIN", must_change_password=True)
        client = self.as_("hurried")
        self.refused(client.get("/api/users/"), 403, "auth.password_change_required")
        self.change(client, PASSWORD, NEW)
        client.get("/api/users/", expect=200)

    def test_019_the_current_password_is_needed_and_checked(self):
        fresh(self, "careful")
        client = self.as_("careful")
        self.refused(client.post("/api/change-password/", {"new_password": NEW}), 400, "request.invalid")
        self.refused(self.change(client, "something-else-77", NEW), 400, "password.wrong_current")


@on_both_databases
class Limits(ServiceTest):
    own_service = True

    def test_020_021_023_five_failures_lock_one_account_and_no_other(self):
        fresh(self, "forgetful")
        fresh(self, "mindful")
        for _ in range(4):
            self.refused(self.anonymous().login("forgetful", "wrong-password-1"), 401, "auth.invalid_credentials")
        self.anonymous().login("forgetful", PASSWORD, expect=200)
        for _ in range(5):
            self.refused(self.anonymous().login("forgetful", "wrong-password-1"), 401, "auth.invalid_credentials")
        answer = self.anonymous().login("forgetful", "wrong-password-1")
        self.refused(answer, 429, "limits.too_many_attempts")
        self.assertGreater(int(answer.headers["retry-after"]), 0)
        self.refused(self.anonymous().login("forgetful", PASSWORD), 429, "limits.too_many_attempts")
        self.refused(self.anonymous().login("forgetful@lycee.example.org", PASSWORD), 429, "limits.too_many_attempts")
        self.anonymous().login("mindful", PASSWORD, expect=200)

    def test_023_the_lock_outlives_a_restart(self):
        fresh(self, "stubborn")
        for _ in range(6):
            self.anonymous().login("stubborn", "wrong-password-1")
        self.service.restart()
        type(self).admin = self.service.logged_in("office")
        self.refused(self.anonymous().login("stubborn", PASSWORD), 429, "limits.too_many_attempts")

    def test_020_an_unknown_name_is_limited_like_a_known_one(self):
        for _ in range(5):
            self.refused(self.anonymous().login("no-such-person", "wrong-password-1"), 401, "auth.invalid_credentials")
        self.refused(self.anonymous().login("no-such-person", "wrong-password-1"), 429, "limits.too_many_attempts")


@on_both_databases
class Users(ServiceTest):
    def test_024_an_admin_lists_users_by_role(self):
        teachers = self.admin.all("/api/users/?role=TEACHER")
        self.assertTrue({"marie", "paul"} <= {user["username"] for user in teachers})
        self.assertEqual({user["role"] for user in teachers}, {"TEACHER"})
        self.refused(self.as_("marie").get("/api/users/"), 403, "auth.forbidden")
        self.refused(self.anonymous().get("/api/users/"), 401, "auth.required")

    def test_024_lists_are_cut_into_pages(self):
        everyone = self.admin.all("/api/users/?ordering=username")
        pages = self.admin.all("/api/users/?ordering=username&page_size=1")
        self.assertEqual([user["id"] for user in everyone], [user["id"] for user in pages])
        self.assertEqual(sorted(user["username"] for user in everyone), [user["username"] for user in everyone])
        self.refused(self.admin.get("/api/users/?page=9999"), 404, "page.not_found")
        self.refused(self.admin.get("/api/users/?page_size=201"), 400, "request.invalid")
        self.refused(self.admin.get("/api/users/?page=zero"), 400, "request.invalid")
        self.refused(self.admin.get("/api/users/?ordering=password_hash"), 400, "request.invalid")

    def test_025_034_an_admin_creates_a_teacher_who_can_log_in(self):
        user = fresh(self, "newcomer")
        self.assertEqual((user["role"], user["is_active"], user["must_change_password"]), ("TEACHER", True, False))
        self.assertNotIn("temporary_password", user)
        self.assertEqual(self.as_("newcomer").get("/api/me/").json["role"], "TEACHER")

    def test_025_without_password_one_is_made_up_and_shown_once(self):
        user = self.admin.post("/api/users/", {"username": "handed", "email": "handed@lycee.example.org", "role": "TEACHER"}, expect=201).json
        self.assertTrue(user["must_change_password"])
        client = self.anonymous()
        client.login("handed", user["temporary_password"], expect=200)
        self.assertNotIn("temporary_password", self.admin.get(f"/api/users/{user['id']}/", expect=200).json)

    def test_026_names_and_addresses_are_unique_and_needed(self):
        user = fresh(self, "original")
        for fields, code in (({"username": "original2", "email": "Original@lycee.example.org"}, "user.email_taken"),
                             ({"username": "original", "email": "other@lycee.example.org"}, "user.username_taken"),
                             ({"username": "original3"}, "request.invalid"), ({"email": "x@lycee.example.org"}, "request.invalid"),
                             ({"username": "original4", "email": "not an address"}, "request.invalid")):
            with self.subTest(fields=fields):
                body = self.refused(self.admin.post("/api/users/", {"role": "TEACHER", "password": PASSWORD, **fields}), 400, code)
                self.assertIn(body["field"], ("username", "email"))
        self.refused(self.admin.patch(f"/api/users/{user['id']}/", {"email": "marie@lycee.example.org"}), 400, "user.email_taken")

    def test_026_fields_that_cannot_be(self):
        for fields in ({"role": "STUDENT"}, {"role": "KING"}, {"password": "short"}, {"username": "a b"}, {"username": ""}, {"email": 5}):
            with self.subTest(fields=fields):
                body = {"username": "odd", "email": "odd@lycee.example.org", "role": "TEACHER", "password": PASSWORD, **fields}
                self.assertEqual(self.admin.post("/api/users/", body).status, 400)

    def test_027_a_created_admin_is_one(self):
        fresh(self, "deputy", role="ADMIN")
        self.as_("deputy").get("/api/exams/", expect=200)

    def test_027_who_is_no_admin_any_more_hears_nothing_further(self):
        user = fresh(self, "demoted", role="ADMIN")
        with self.as_("demoted").socket("/ws/tasks/") as socket:
            self.assertTrue(socket.ping())
            self.admin.patch(f"/api/users/{user['id']}/", {"role": "TEACHER"}, expect=200)
            socket.until_closed(30)
            self.assertEqual(socket.close_code, 4403)

    def test_028_address_and_activity_change(self):
        user = fresh(self, "moving")
        changed = self.admin.patch(f"/api/users/{user['id']}/", {"email": "moved@lycee.example.org", "is_active": False}, expect=200).json
        self.assertEqual((changed["email"], changed["is_active"]), ("moved@lycee.example.org", False))
        whole = {"username": "moving", "email": "moving@lycee.example.org", "role": "ADMIN", "is_active": True}
        self.assertEqual(self.admin.put(f"/api/users/{user['id']}/", whole, expect=200).json["role"], "ADMIN")
        self.refused(self.admin.put(f"/api/users/{user['id']}/", {"username": "moving"}), 400, "request.invalid")

    def test_029_users_can_be_removed_but_not_oneself(self):
        user = fresh(self, "leaving")
        self.admin.delete(f"/api/users/{user['id']}/", expect=204)
        self.refused(self.admin.get(f"/api/users/{user['id']}/"), 404, "user.not_found")
        self.refused(self.admin.delete(f"/api/users/{user['id']}/"), 404, "user.not_found")
        me = self.admin.get("/api/me/").json["id"]
        self.refused(self.admin.delete(f"/api/users/{me}/"), 400, "user.self")
        self.refused(self.admin.patch(f"/api/users/{me}/", {"is_active": False}), 400, "user.self")
        self.refused(self.admin.patch(f"/api/users/{me}/", {"role": "TEACHER"}), 400, "user.self")

    def test_030_033_a_reset_gives_a_temporary_password_and_an_audit_entry(self):
        user = fresh(self, "amnesiac")
        before = self.as_("amnesiac")
        answer = self.admin.post(f"/api/users/{user['id']}/reset-password/", expect=200)
        self.refused(before.get("/api/me/"), 401, "auth.required")
        self.refused(self.anonymous().login("amnesiac", PASSWORD), 401, "auth.invalid_credentials")
        client = self.anonymous()
        self.assertTrue(client.login("amnesiac", answer.json["temporary_password"], expect=200).json["must_change_password"])
        client.post("/api/change-password/", {"current_password": answer.json["temporary_password"], "new_password": NEW}, expect=200)
        self.refused(self.anonymous().login("amnesiac", answer.json["temporary_password"]), 401, "auth.invalid_credentials")
        self.assertFalse(self.anonymous().login("amnesiac", NEW, expect=200).json["must_change_password"])
        entries = self.admin.all(f"/api/audit/?target_type=user&target_id={user['id']}")
        self.assertTrue(any("reset" in entry["action"] for entry in entries), entries)
        for entry in entries:
            self.assertNotIn(answer.json["temporary_password"], str(entry))
        self.assertNotIn(b"argon2", answer.body)

    def test_031_032_who_may_reset_whom(self):
        me = self.admin.get("/api/me/").json["id"]
        self.refused(self.admin.post(f"/api/users/{me}/reset-password/"), 400, "user.self")
        user = fresh(self, "target")
        self.refused(self.as_("marie").post(f"/api/users/{user['id']}/reset-password/"), 403, "auth.forbidden")
        self.as_("target")

    def test_users_in_bulk(self):
        users = [{"username": f"bulk{index}", "email": f"bulk{index}@lycee.example.org", "role": "TEACHER"} for index in range(5)]
        users.append({"username": "marie", "email": "marie2@lycee.example.org", "role": "TEACHER"})
        answer = self.admin.post("/api/users/bulk/", {"users": users}, expect=202).json
        self.assertEqual(answer["users_count"], 6)
        result = self.admin.succeeded(answer["task_id"])
        contract.check_value(result, "#/components/schemas/BulkUsersResult")
        self.assertEqual((result["created"], [fault["line"] for fault in result["errors"]]), (5, [6]))
        self.anonymous().login("bulk3", result["passwords"]["bulk3@lycee.example.org"], expect=200)

    def test_037_the_shell_makes_an_admin_once(self):
        again = self.service.command("user", "add", "office", "--role", "ADMIN", "--email", "office2@lycee.example.org", "--password-stdin",
                                     stdin="another-password-8\n")
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("office", again.stderr)
        self.as_("office")


@on_both_databases
class FirstAdmin(ServiceTest):
    """A school that nobody administers yet."""

    @classmethod
    def setUpClass(cls):
        cls.service = Service(cls.database).start()
        cls.addClassCleanup(cls.service.remove)

    def secret(self):
        """As the operator finds it: in what the server printed at its last start."""
        ends = time.monotonic() + 10
        while not (found := re.findall(r"with the secret (\S+)", self.service.log.read_text())) and time.monotonic() < ends:
            time.sleep(0.05)
        return found[-1]

    def test_the_first_admin_is_made_with_the_secret_once(self):
        client = self.anonymous()
        self.assertEqual(client.get("/api/setup/", expect=200).json, {"open": True})
        admin = {"username": "first", "email": "first@lycee.example.org", "password": PASSWORD}
        self.refused(client.post("/api/setup/", {**admin, "secret": "guessed"}, csrf=False), 403, "setup.closed")
        good = {**admin, "secret": self.secret()}
        self.refused(client.post("/api/setup/", {**good, "password": "short"}, csrf=False), 400, "password.weak")
        self.assertEqual(client.post("/api/setup/", good, csrf=False, expect=201).json["role"], "ADMIN")
        self.assertEqual(client.get("/api/setup/", expect=200).json, {"open": False})
        self.refused(client.post("/api/setup/", {**good, "username": "second"}, csrf=False), 403, "setup.closed")
        self.as_("first").get("/api/users/", expect=200)


@on_both_databases
class Settings(ServiceTest):
    own_service = True

    def test_035_036_settings_are_kept(self):
        before = self.admin.get("/api/settings/", expect=200).json
        self.assertEqual((before["auto_threshold"], before["semi_auto_threshold"], before["max_pdf_bytes"], before["max_csv_bytes"]),
                         (0.7, 0.4, 104857600, 10485760))
        after = self.admin.post("/api/settings/", {"institution_name": "Lycée Pierre Mendès France", "theme": "dark"}, expect=200).json
        self.assertEqual(after, {**before, "institution_name": "Lycée Pierre Mendès France", "theme": "dark"})
        for _ in range(2):
            self.assertEqual(self.admin.get("/api/settings/").json, after)
        self.service.restart()
        type(self).admin = self.service.logged_in("office")
        self.assertEqual(self.admin.get("/api/settings/").json, after)

    def test_035_wrong_values_unknown_keys_and_teachers(self):
        before = self.admin.get("/api/settings/").json
        for change in ({"theme": "neon"}, {"auto_threshold": 2}, {"auto_threshold": "0.8"}, {"auto_threshold": 0.5, "semi_auto_threshold": 0.6},
                       {"max_pdf_bytes": -1}, {"student_login": "FACE"}):
            with self.subTest(change=change):
                self.refused(self.admin.post("/api/settings/", change), 400, "request.invalid")
        self.refused(self.admin.post("/api/settings/", {"colour": "blue"}), 400, "setting.unknown")
        self.refused(self.as_("marie").post("/api/settings/", {"theme": "light"}), 403, "auth.forbidden")
        self.assertEqual(self.admin.get("/api/settings/").json, before)

    def test_the_limit_of_a_csv_is_a_setting(self):
        self.admin.post("/api/settings/", {"max_csv_bytes": 2048}, expect=200)
        try:
            answer = self.admin.post("/api/students/import/", form={"file": csv(people(100, "limit"))})
            self.refused(answer, 413, "roster.too_large")
        finally:
            self.admin.post("/api/settings/", {"max_csv_bytes": 10485760}, expect=200)

"""Passwords that are forgotten, and mails of what happened: api.md, "when SMTP is set"."""

import hashlib
import json
import re
import shutil
import tempfile
import time
import unittest
import uuid
from pathlib import Path

from client import csv
from mailbox import MailServer, certificate
from samples import HEADER
from service import PASSWORD, Service, ServiceTest, on_both_databases
from support import korrigo

NEW = "lantern-orchard-29"
SITE = "https://korrigo.lycee.example.org"


def mail_settings(server, **more):
    return {"KORRIGO_SMTP_URL": server.url(), "KORRIGO_SMTP_FROM": "Korrigo <korrigo@lycee.example.org>", "KORRIGO_SMTP_STARTTLS": "false",
            "KORRIGO_PUBLIC_URL": SITE + "/", **more}


def after_its_turn(admin, task):
    """The state of a task that has been tried once."""
    ends = time.monotonic() + 60
    while (state := admin.task_status(task)["status"]) in ("PENDING", "STARTED"):
        if time.monotonic() > ends:
            raise AssertionError(f"task {task} is still {state}")
        time.sleep(0.05)
    return state


class MailTest(ServiceTest):
    own_service = True

    @classmethod
    def setUpClass(cls):
        cls.mailbox = MailServer()
        cls.addClassCleanup(cls.mailbox.close)
        cls.environment = mail_settings(cls.mailbox)
        super().setUpClass()

    def add(self, name, **fields):
        body = {"username": name, "email": f"{name}@lycee.example.org", "role": "TEACHER", "password": PASSWORD, **fields}
        return self.admin.post("/api/users/", body, expect=201).json

    def ask(self, name, language="fr", client=None):
        return (client or self.anonymous()).post("/api/password-reset/", {"username": name}, headers={"Accept-Language": language})

    def link_to(self, name, count=1):
        """What the last of `count` mails to the user holds behind the #."""
        mail = self.mailbox.to(f"{name}@lycee.example.org", count)[-1]
        return re.search(re.escape(SITE) + r"/password-reset#(\w+)", mail.get_content())[1]

    def confirm(self, token, password=NEW):
        return self.anonymous().post("/api/password-reset/confirm/", {"token": token, "new_password": password})

    def ended(self, count):
        """Waits for the end of every mail asked for so far: `count` since the tasks began."""
        for task in [row[0] for row in self.service.rows("SELECT id FROM task WHERE kind = 'send_password_reset' ORDER BY created_at")][-count:]:
            self.admin.wait_for(task)


@on_both_databases
class ForgottenPasswords(MailTest):
    def test_a_link_in_a_mail_sets_a_new_password_once(self):
        self.assertEqual(self.anonymous().get("/api/password-reset/", expect=200).json, {"available": True})
        self.add("oublie", first_name="Léa")
        session = self.as_("oublie")
        token = session.post("/api/tokens/", {"name": "x", "scopes": ["read"]}, expect=201).json["token"]
        self.assertEqual(self.ask("oublie").status, 202)
        mail = self.mailbox.to("oublie@lycee.example.org")[0]
        self.assertEqual((mail["From"], mail["To"], mail["Subject"]),
                         ("Korrigo <korrigo@lycee.example.org>", "oublie@lycee.example.org", "Un nouveau mot de passe pour Korrigo"))
        self.assertIn("Bonjour Léa,", mail.get_content())
        secret = self.link_to("oublie")
        stored = [row[0] for row in self.service.rows("SELECT token_hash FROM password_reset")]
        self.assertIn(hashlib.sha256(secret.encode()).hexdigest(), stored)
        body = self.refused(self.confirm(secret, "password1234"), 400, "password.weak")
        self.assertEqual(body["field"], "new_password")
        self.assertEqual(self.confirm(secret).status, 200)
        self.refused(session.get("/api/me/"), 401, "auth.required")
        self.refused(self.anonymous().get("/api/me/", headers={"Authorization": f"Bearer {token}"}), 401, "auth.required")
        self.refused(self.anonymous().login("oublie", PASSWORD), 401, "auth.invalid_credentials")
        self.anonymous().login("oublie", NEW, expect=200)
        self.refused(self.confirm(secret, NEW + "-again"), 400, "password_reset.invalid")
        self.assertEqual(len(self.admin.all("/api/audit/?action=user.reset_password_by_mail")), 1)

    def test_who_has_no_account_gets_the_same_answer_and_no_mail(self):
        self.add("partie", is_active=True)
        user = next(user for user in self.admin.all("/api/users/?search=partie"))
        self.admin.patch(f"/api/users/{user['id']}/", {"is_active": False}, expect=200)
        told = {self.ask(name).body for name in ("partie", "nobody-here", "nobody@lycee.example.org", "marie")}
        self.assertEqual(len(told), 1)
        self.mailbox.to("marie@lycee.example.org")
        self.ended(4)
        self.assertEqual([to for to, _ in self.mailbox.mails if to[0] in ("partie@lycee.example.org", "nobody@lycee.example.org")], [])

    def test_in_the_language_of_who_asks_with_the_name_of_the_school(self):
        self.add("english")
        self.admin.post("/api/settings/", {"institution_name": "Lycée Jean-Moulin"}, expect=200)
        self.addCleanup(self.admin.post, "/api/settings/", {"institution_name": ""}, expect=200)
        self.ask("English@lycee.example.org", "en")
        mail = self.mailbox.to("english@lycee.example.org")[0]
        self.assertEqual(mail["Subject"], "A new password for Korrigo (Lycée Jean-Moulin)")
        self.assertIn("It can be used once.", mail.get_content())

    def test_links_die_with_time_another_password_and_another_address(self):
        for name, change in (("tard", lambda _: self.service.rows("UPDATE password_reset SET expires_at = created_at RETURNING user_id")),
                             ("ailleurs", lambda user: self.admin.patch(f"/api/users/{user['id']}/", {"email": "new@lycee.example.org"}, expect=200)),
                             ("remis", lambda user: self.admin.post(f"/api/users/{user['id']}/reset-password/", expect=200))):
            with self.subTest(name):
                user = self.add(name)
                self.ask(name)
                secret = self.link_to(name)
                change(user)
                self.refused(self.confirm(secret), 400, "password_reset.invalid")
        for wrong in ("x", "0" * 64):
            self.refused(self.confirm(wrong), 400, "password_reset.invalid")

    def test_a_second_link_makes_the_first_void_once_it_was_used(self):
        self.add("double")
        for _ in range(2):
            self.ask("double")
        first, second = [re.search(r"#(\w+)", mail.get_content())[1] for mail in self.mailbox.to("double@lycee.example.org", 2)]
        self.assertEqual(self.confirm(second).status, 200)
        self.refused(self.confirm(first), 400, "password_reset.invalid")

    def test_asking_is_limited_alike_for_all_names(self):
        self.add("presse")
        for name in ("presse", "nobody-in-a-hurry"):
            for _ in range(3):
                self.assertEqual(self.ask(name).status, 202)
            answer = self.ask(name)
            self.refused(answer, 429, "limits.too_many_attempts")
            self.assertGreater(int(answer.headers["retry-after"]), 0)
        self.anonymous().login("presse", PASSWORD, expect=200)

    def test_students_only_where_they_have_passwords(self):
        address = "lou.petit@lycee.example.org"
        self.admin.succeeded(self.admin.post("/api/students/import/", form={"file": csv(HEADER + f"PETIT,Lou,{address},02/03/2008,T01\n")},
                                             expect=202).json["task_id"])
        self.anonymous().student_login(address, date_naissance="02/03/2008", expect=200)
        self.ask(address)
        self.ended(1)
        self.admin.post("/api/settings/", {"student_login": "PASSWORD"}, expect=200)
        self.addCleanup(self.admin.post, "/api/settings/", {"student_login": "BIRTH_DATE"}, expect=200)
        self.ask(address)
        self.assertEqual(self.confirm(self.link_to("lou.petit")).status, 200)
        self.assertEqual(len(self.mailbox.to(address)), 1)
        self.anonymous().student_login(address, password=NEW, expect=200)

    def test_264_neither_link_nor_address_lies_in_rows_or_logs(self):
        self.add("discret")
        self.ask("discret@lycee.example.org")
        secret = self.link_to("discret")
        self.ended(1)
        rows = str(self.service.rows("SELECT payload, result, error_detail FROM task WHERE kind = 'send_password_reset'"))
        logs = self.service.log.read_text() + "".join(path.read_text() for path in (self.service.data / "logs").glob("*.log"))
        for word in (secret, "discret@"):
            self.assertNotIn(word, rows + logs)


@on_both_databases
class MailedNotifications(MailTest):
    """Notifications are made as a dispatch makes them; their age is set past the server, which otherwise waits for two minutes."""

    def tell(self, name, *kinds):
        [[user]] = self.service.rows(f"SELECT id FROM \"user\" WHERE username = '{name}'")
        for number, (kind, content) in enumerate(kinds):
            self.service.rows(f"INSERT INTO notification (id, user_id, kind, content, created_at) VALUES ('{uuid.uuid4()}', {user}, '{kind}', "
                              f"'{json.dumps(content)}', {int(time.time() * 1000) - 150_000 + number}) RETURNING id")

    def mail_now(self):
        """The minute's task, at once, and its end."""
        before = {row[0] for row in self.service.rows("SELECT id FROM task WHERE kind = 'mail_notifications'")}
        self.service.rows("UPDATE task_schedule SET next_at = 0 WHERE name = 'mail_notifications' RETURNING name")
        ends = time.monotonic() + 90
        while not (new := {row[0] for row in self.service.rows("SELECT id FROM task WHERE kind = 'mail_notifications'")} - before):
            self.assertLess(time.monotonic(), ends, "no task came")
            time.sleep(0.1)
        for task in new:
            self.admin.succeeded(task)

    def test_unread_ones_come_in_one_mail_with_counts(self):
        self.add("correctrice", first_name="Ana")
        self.as_("correctrice")
        self.tell("correctrice", ("COPIES_ASSIGNED", {"exam_id": "x", "copies": 3}), ("COPIES_ASSIGNED", {"copies": 4}), ("FACE_REPORTED", {}))
        self.mail_now()
        self.mail_now()
        [mail] = self.mailbox.to("correctrice@lycee.example.org")
        self.assertEqual(mail["Subject"], "Du nouveau sur Korrigo")
        for line in ("Bonjour Ana,", "- Copies qui vous ont été confiées : 7", "- Pages signalées par un correcteur : 1", SITE + "/"):
            self.assertIn(line, mail.get_content().splitlines())

    def test_in_the_language_of_the_last_log_in(self):
        self.add("marker")
        client = self.anonymous()
        client.login("marker", PASSWORD, headers={"Accept-Language": "en"}, expect=200)
        self.tell("marker", ("ALL_GRADED", {}))
        self.mail_now()
        self.assertIn("- Exams that are marked: 1", self.mailbox.to("marker@lycee.example.org")[0].get_content())

    def test_nothing_for_what_was_read_is_fresh_old_or_not_wanted(self):
        for name in ("lecteur", "present", "absent", "tranquille"):
            self.add(name)
            self.tell(name, ("ALL_GRADED", {}))
        quiet = self.as_("tranquille")
        self.assertTrue(quiet.get("/api/me/", expect=200).json["mail_notifications"])
        self.assertFalse(quiet.patch("/api/me/", {"mail_notifications": False}, expect=200).json["mail_notifications"])
        self.refused(quiet.patch("/api/me/", {"mail_notifications": "no"}), 400, "request.invalid")
        [one] = (reader := self.as_("lecteur")).all("/api/notifications/")
        reader.post(f"/api/notifications/{one['id']}/read/", expect=200)
        for name, age in (("present", 5_000), ("absent", 90_000_000)):
            self.service.rows(f"UPDATE notification SET created_at = {int(time.time() * 1000) - age} WHERE user_id = (SELECT id FROM \"user\" WHERE "
                              f"username = '{name}') RETURNING id")
        self.mail_now()
        reached = {to[0].split("@")[0] for to, _ in self.mailbox.mails}
        self.assertEqual(reached & {"lecteur", "present", "absent", "tranquille"}, set())

    def test_a_mailbox_that_is_not_there_does_not_stop_the_others(self):
        for name in ("aaron", "zoe"):
            self.add(name)
            self.tell(name, ("ALL_GRADED", {}))
        self.mailbox.refused.add("aaron@lycee.example.org")
        self.mail_now()
        self.mailbox.to("zoe@lycee.example.org")
        self.mail_now()
        self.assertEqual(len(self.mailbox.to("zoe@lycee.example.org")), 1)


@on_both_databases
class DeadServer(ServiceTest):
    own_service = True

    @classmethod
    def setUpClass(cls):
        gone = MailServer()
        gone.close()
        cls.environment = mail_settings(gone)
        super().setUpClass()

    def test_a_dead_mail_server_fails_no_request_and_the_mail_is_tried_again(self):
        self.anonymous().post("/api/password-reset/", {"username": "marie"}, expect=202)
        [[task]] = self.service.rows("SELECT id FROM task WHERE kind = 'send_password_reset'")
        self.assertEqual(after_its_turn(self.admin, task), "RETRY")
        self.admin.post(f"/api/tasks/{task}/cancel/", expect=200)


class Encrypted(unittest.TestCase):
    """One mail each, by the ways that a mail server may ask for."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="korrigo-mail-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.files = certificate(self.folder)

    def sent_by(self, server, user=None, **settings):
        self.addCleanup(server.close)
        environment = mail_settings(server, **{"KORRIGO_SMTP_URL": server.url(user), "KORRIGO_SMTP_STARTTLS": "true", **settings})
        service = Service("sqlite", environment).start()
        self.addCleanup(service.remove)
        service.add_user("office", "ADMIN")
        admin = service.logged_in("office")
        self.addCleanup(admin.close)
        admin.post("/api/password-reset/", {"username": "office"}, expect=202)
        [[task]] = service.rows("SELECT id FROM task WHERE kind = 'send_password_reset'")
        return after_its_turn(admin, task)

    def test_starttls_with_a_log_in(self):
        server = MailServer("starttls", self.files, password="post-office-12")
        self.assertEqual(self.sent_by(server, "korrigo:post-office-12", KORRIGO_SMTP_CA_FILE=str(self.files[0])), "SUCCESS")
        self.assertEqual(server.secure, [True])

    def test_tls_from_the_start(self):
        server = MailServer("from the start", self.files)
        self.assertEqual(self.sent_by(server, KORRIGO_SMTP_CA_FILE=str(self.files[0])), "SUCCESS")
        self.assertEqual(server.secure, [True])

    def test_nothing_goes_in_the_clear_or_to_whom_nobody_vouches_for(self):
        for server in (MailServer(), MailServer("starttls", self.files), MailServer("from the start", self.files)):
            with self.subTest(server.tls):
                self.assertEqual(self.sent_by(server), "RETRY")
                self.assertEqual(server.mails, [])

    def test_a_mailbox_that_is_not_there_is_not_tried_again(self):
        server = MailServer()
        server.refused.add("office@lycee.example.org")
        self.assertEqual(self.sent_by(server, KORRIGO_SMTP_STARTTLS="false"), "FAILURE")


@on_both_databases
class WithoutMail(ServiceTest):
    def test_the_server_says_that_it_sends_none(self):
        self.assertEqual(self.anonymous().get("/api/password-reset/", expect=200).json, {"available": False})
        self.refused(self.anonymous().post("/api/password-reset/", {"username": "marie"}), 409, "mail.not_set_up")


class Settings(unittest.TestCase):
    def test_what_is_half_set_up_stops_the_start(self):
        folder = tempfile.mkdtemp(prefix="korrigo-mail-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        whole = {"KORRIGO_SMTP_URL": "smtps://post:secret-word@mail.example.org", "KORRIGO_SMTP_FROM": "k@example.org", "KORRIGO_PUBLIC_URL": SITE}
        for name, value, word in (("KORRIGO_SMTP_URL", "mail.example.org", "smtp_url"), ("KORRIGO_SMTP_FROM", "", "smtp_from"),
                                  ("KORRIGO_PUBLIC_URL", "korrigo", "public_url")):
            with self.subTest(name):
                done = korrigo("serve", "--data", folder, "--listen", "127.0.0.1:0", env={**whole, name: value})
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(word, done.stderr)
        shown = korrigo("config", env=whole).stdout
        self.assertIn("smtp_url = smtps://***@mail.example.org", shown)
        self.assertNotIn("secret-word", shown)


del MailTest

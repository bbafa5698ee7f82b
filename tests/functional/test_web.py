"""The web application in the program: how its files are sent, and walks through its pages with Debian's Chromium."""

import gzip
import os
import re
import stat
import subprocess
import unittest
from pathlib import Path

import samples
from service import PASSWORD, Service, ServiceTest, on_both_databases
from support import FULL

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
# The pages ask the service, whose answers are tested on both databases: walking twice is for the long form.
on_each_database_in_full = on_both_databases if FULL else (lambda test_class: test_class)
WALK_WITHIN = (90 if FULL else 20) * 60  # seconds, on a machine that does other things too


class Files(ServiceTest):
    def page(self, path, **headers):
        return self.anonymous().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}, checked=False)

    def script(self):
        """The path of the first script that the page names."""
        return re.search(r'src="(/assets/[^"]+\.js)"', self.page("/").body.decode())[1]

    def test_every_page_is_the_index_and_is_asked_for_anew(self):
        index = self.page("/")
        self.assertEqual((index.status, index.headers["content-type"]), (200, "text/html; charset=utf-8"))
        self.assertEqual(index.headers["cache-control"], "no-cache")
        self.assertEqual(self.page("/", If_None_Match=index.headers["etag"]).status, 304)
        for path in ("/login/staff", "/exams/5f0c1a52-0000-4000-8000-000000000000/processing"):
            self.assertEqual(self.page(path).body, index.body, path)
        for path in ("/assets/gone-12345678.js", "/index.php", "/api/gone/", "/ws/gone/"):
            self.assertEqual(self.page(path).status, 404, path)

    def test_files_with_hashed_names_stay_in_the_browser_and_come_compressed(self):
        plain = self.page(self.script())
        self.assertEqual(plain.headers["cache-control"], "public, max-age=31536000, immutable")
        zipped = self.page(self.script(), Accept_Encoding="gzip")
        self.assertEqual(zipped.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped.body), plain.body)
        brotli = self.page(self.script(), Accept_Encoding="gzip, br")
        self.assertEqual(brotli.headers["content-encoding"], "br")
        self.assertLess(len(brotli.body), len(zipped.body))
        self.assertEqual(len({plain.headers["etag"], zipped.headers["etag"], brotli.headers["etag"]}), 3)

    def test_no_page_may_run_or_load_what_is_not_the_schools(self):
        headers = self.page("/").headers
        policy = headers["content-security-policy"]
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertIn("default-src 'self'", policy)
        self.assertNotIn("unsafe-inline", policy)
        self.assertNotIn("http", policy)
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertIn("referrer-policy", headers)
        self.assertIn("permissions-policy", headers)


class School(unittest.TestCase):
    """`korrigo demo --data`, then a browser."""

    database = "sqlite"

    @classmethod
    def setUpClass(cls):
        cls.batch = samples.batch()
        cls.service = Service(cls.database)
        cls.addClassCleanup(cls.service.remove)
        made = cls.service.command("demo", "--batch", cls.batch)
        if made.returncode:
            raise AssertionError(made.stderr)
        cls.said = made.stdout
        cls.service.start()
        lines = (cls.service.data / "demo-accounts.txt").read_text().splitlines()
        cls.accounts = {words[0]: (words[2], words[-1]) for words in map(str.split, lines)}

    def walk(self, script, **environment):
        (admin, admin_password), (teacher, teacher_password) = self.accounts["Admin"], self.accounts["Teacher"]
        student, born = self.accounts["Student"]
        settings = {"KORRIGO_URL": "http://{}:{}".format(*self.service.address), "KORRIGO_ADMIN": admin, "KORRIGO_ADMIN_PASSWORD": admin_password,
                    "KORRIGO_TEACHER": teacher, "KORRIGO_TEACHER_PASSWORD": teacher_password, "KORRIGO_STUDENT": student,
                    "KORRIGO_STUDENT_BORN": born, "KORRIGO_PDF": self.batch / "scan.pdf", "KORRIGO_ROSTER": self.batch / "students.csv"}
        walked = subprocess.run(["npm", "run", "--silent", script], cwd=FRONTEND, env={**os.environ, **settings, **environment},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=WALK_WITHIN, check=False)
        print(walked.stdout)  # whether it failed or not: the last step named is where
        self.assertEqual(walked.returncode, 0, script + ": said above")


class KeysAlone(School):
    """A school of its own, for copies that are being marked are no longer the office's to rearrange."""

    def test_each_role_comes_to_its_end_without_a_pointer(self):
        self.walk("keyboard")


class AtTheDesk(School):
    """A school of its own: every copy becomes nobody's first."""

    def test_two_people_identify_by_keys_alone_and_never_meet_at_a_copy(self):
        name = self.service.add_user("camille", "ADMIN")
        self.walk("identification", KORRIGO_COLLEAGUE=name, KORRIGO_COLLEAGUE_PASSWORD=PASSWORD)


@on_each_database_in_full
class ByExercise(School):
    """A school of its own, whose copies are several correctors' from the beginning."""

    def test_two_correctors_mark_one_copy_at_once(self):
        name = self.service.add_user("camille", "TEACHER")
        self.walk("by-exercise", KORRIGO_COLLEAGUE=name, KORRIGO_COLLEAGUE_PASSWORD=PASSWORD)


@on_each_database_in_full
class DemoSchool(School):
    def test_an_account_for_each_role_gets_in(self):
        for role in ("Admin", "Teacher"):
            self.service.logged_in(*self.accounts[role]).close()
        email, born = self.accounts["Student"]
        student = self.service.client()
        student.student_login(email, date_naissance=born, expect=200)
        student.close()
        self.assertEqual(stat.S_IMODE((self.service.data / "demo-accounts.txt").stat().st_mode), 0o600)
        for _, secret in self.accounts.values():
            self.assertIn(secret, self.said)

    def test_the_batch_is_read(self):
        admin = self.service.logged_in(*self.accounts["Admin"])
        exams = [exam for exam in admin.all("/api/exams/") if exam["name"] == "Bac blanc de mathématiques"]
        admin.close()
        self.assertEqual([(exam["status"], exam["copies_count"]) for exam in exams], [("READY", 6)])

    def test_a_school_that_is_there_stays(self):
        again = self.service.command("demo", "--batch", self.batch)
        self.assertEqual(again.returncode, 2, again)
        self.assertIn("already holds something", again.stderr)

    def test_a_new_user_comes_to_the_report_of_an_own_upload_in_eight_actions(self):
        self.walk("e2e")

    def test_the_office_does_its_work_in_the_browser(self):
        self.walk("office")

    def test_the_first_page_is_light(self):
        self.walk("load")

    def test_it_is_installed_and_opens_without_network(self):
        self.walk("installed")

    # The last ones, in this order: copies that are being marked are no longer the office's to rearrange.
    def test_what_a_corrector_writes_is_never_lost(self):
        self.walk("marking")

    def test_what_follows_the_marking(self):
        self.walk("afterwards")

    def test_what_the_log_in_guards(self):
        self.walk("people")

    def test_whatever_page_is_accessible_and_fits_light_and_dark(self):
        if self.database != "sqlite":
            self.skipTest("the same pages on the other database")
        self.walk("shots", KORRIGO_SHOTS=str(self.service.folder / "shots"))

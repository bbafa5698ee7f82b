"""A school backed up while it works, lost, and made again (behaviours 265, 266)."""

import hashlib
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import samples
from service import Service, on_both_databases
from support import BINARY

PASSPHRASE = "quatre chevaux sur la digue"
LETTERS = str.maketrans("0123456789", "abcdefghij")  # names have no figures


def content_of(folder):
    """Hash of every file of a data folder that a backup keeps, by path; the database's are compared by rows."""
    kept = (path for path in folder.rglob("*") if path.is_file())
    names = ((path.relative_to(folder).as_posix(), path) for path in kept)
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in names
            if not name.startswith(("logs/", "media/temp/", "korrigo.db"))}


@on_both_databases
class Backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(cls.database)
        cls.addClassCleanup(cls.service.remove)
        made = cls.service.command("demo", "--batch", samples.batch())
        if made.returncode:
            raise AssertionError(made.stderr)

    def setUp(self):
        folder = Path(tempfile.mkdtemp(prefix="korrigo-backup-"))
        self.addCleanup(shutil.rmtree, folder)
        self.backups, self.passphrase = folder / "backups", folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")

    def run_on(self, service, command, *words, expect=0):
        done = service.command(command, self.backups, "--passphrase-file", self.passphrase, *words)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout if expect == 0 else done.stderr

    def elsewhere(self):
        other = Service(self.database)
        self.addCleanup(other.remove)
        return other

    def tables(self, service):
        tables = service.rows("SELECT name FROM sqlite_master WHERE type = 'table'" if self.database == "sqlite" else
                              "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name: sorted(service.rows(f'SELECT * FROM "{name}"')) for (name,) in tables}

    def test_265_what_was_lost_comes_back_row_by_row_and_file_by_file(self):
        rows, files = self.tables(self.service), content_of(self.service.data)
        self.assertGreater(len(rows["copy"]), 3)
        self.assertGreater(len(files), 20)
        self.assertIn("would be new", self.run_on(self.service, "backup", "--dry-run"))
        self.assertFalse(self.backups.exists())
        self.run_on(self.service, "backup")
        other = self.elsewhere()
        self.assertIn("nothing was written", self.run_on(other, "restore", "--dry-run"))
        self.assertFalse(other.data.exists())
        self.run_on(other, "restore")
        self.assertEqual(content_of(other.data), files)
        self.assertEqual(self.tables(other), rows)
        self.assertIn("already holds something", self.run_on(other, "restore", expect=2))
        other.start()
        name = other.add_user("apres", "ADMIN")
        admin = other.logged_in(name)
        self.assertEqual(len(admin.all("/api/exams/")), len(rows["exam"]))
        admin.close()

    def test_265_a_backup_under_load_has_a_file_for_each_row_and_costs_what_is_new(self):
        self.service.start()
        self.addCleanup(self.service.stop)
        office = self.service.logged_in(self.service.add_user("bureau", "ADMIN"))
        self.run_on(self.service, "backup")
        stop, made = threading.Event(), []

        def work():
            while not stop.is_set():
                number = len(made)
                student = {"last_name": "Charge-" + str(number).translate(LETTERS), "first_name": "Eve", "date_naissance": "2008-01-02"}
                office.post("/api/students/", student, expect=201)
                made.append(number)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            while len(made) < 5:
                self.assertTrue(worker.is_alive())
                time.sleep(0.01)
            before = len(made)
            said = self.run_on(self.service, "backup")
        finally:
            stop.set()
            worker.join()
        office.close()
        self.assertRegex(said, r"; 1 new, ")  # the database; all else was there
        other = self.elsewhere()
        self.run_on(other, "restore")
        there = len(other.rows("SELECT 1 FROM student WHERE last_name LIKE 'Charge%'"))
        self.assertGreaterEqual(there, before)
        self.assertLessEqual(there, len(made))
        for (key,) in other.rows("SELECT file FROM exam_pdf UNION SELECT pdf_file FROM copy WHERE pdf_file IS NOT NULL "
                                 "UNION SELECT preview_file FROM face WHERE preview_file IS NOT NULL"):
            self.assertTrue((other.data / "media" / key).exists(), key)

    def test_an_earlier_snapshot_can_be_chosen(self):
        # However little time lies between them, each is kept.
        names = [self.run_on(self.service, "backup").split(":")[0] for _ in range(3)]
        self.assertEqual(sorted(set(names)), names)
        first = names[-1]
        self.service.add_user("plus.tard")
        self.assertGreater(self.run_on(self.service, "backup").split(":")[0], first)
        other = self.elsewhere()
        self.run_on(other, "restore", "--snapshot", first)
        self.assertEqual(other.rows("SELECT 1 FROM \"user\" WHERE username = 'plus.tard'"), [])
        self.assertIn("no snapshot", self.run_on(self.elsewhere(), "restore", "--snapshot", "20200101T000000Z", expect=2))

    def test_nothing_is_told_without_the_passphrase(self):
        self.run_on(self.service, "backup")
        clear = b"".join(path.read_bytes() for path in self.backups.rglob("*") if path.is_file())
        self.assertNotIn(b"%PDF", clear)
        self.assertNotIn(b"SQLite format", clear)
        self.assertNotIn(b"media/", clear)
        self.passphrase.write_text("une autre phrase entière")
        self.assertIn("not that of the backups", self.run_on(self.elsewhere(), "restore", expect=2))
        self.passphrase.write_text("court")
        self.assertIn("at least 12 characters", self.run_on(self.service, "backup", expect=2))

    def test_damage_is_found_and_nothing_of_it_restored(self):
        self.run_on(self.service, "backup")
        biggest = max((self.backups / "objects").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
        whole = bytearray(biggest.read_bytes())
        whole[len(whole) // 2] ^= 1
        biggest.write_bytes(whole)
        other = self.elsewhere()
        for words in (["--dry-run"], []):
            self.assertIn("is damaged", self.run_on(other, "restore", *words, expect=2))
        self.assertFalse(other.data.exists())
        self.assertEqual([path.name for path in other.folder.iterdir()], [])

    def test_266_a_folder_that_is_missing_or_somebody_elses_is_refused(self):
        self.assertIn("There is no backup in", self.run_on(self.elsewhere(), "restore", expect=2))
        self.assertIn("There is no school in", self.run_on(self.elsewhere(), "backup", expect=2))
        self.backups = self.service.data / "media"
        self.assertIn("in its own data folder", self.run_on(self.service, "backup", expect=2))
        self.backups = self.passphrase.parent
        self.assertIn("a folder of their own", self.run_on(self.service, "backup", expect=2))
        done = subprocess.run([BINARY, "backup", self.backups, "--data", self.service.data], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("needs a passphrase", done.stderr)

"""The real server on a database of its own, and what its tests share."""

import atexit
import os
import queue
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
from functools import lru_cache
from pathlib import Path

import postgres
from client import Client, csv, pdf
from support import BINARY

DATABASES = os.environ.get("KORRIGO_TEST_DATABASES", "sqlite,postgres").split(",")
PASSWORD = "quiet-harbour-4711"
STARTS_WITHIN = 60  # seconds


class Service:
    """`korrigo serve` on 127.0.0.1, a port of the system's choice, and an empty data folder or that of another service."""

    def __init__(self, database="sqlite", environment=None, arguments=(), beside=None):
        self.folder = Path(tempfile.mkdtemp(prefix="korrigo-service-"))
        self.data = beside.data if beside else self.folder / "data"
        self.database = database
        self.arguments = list(arguments)
        self.environment = {**os.environ, **(environment or {})}
        if beside:
            self.url = getattr(beside, "url", None)
            self.environment = beside.environment
        elif database == "postgres":
            self.url = postgres.server().new_database()
            self.environment["KORRIGO_DATABASE_URL"] = self.url
        self.log = self.folder / "service.log"
        self.process = self.address = None
        atexit.register(self.remove)

    words = ("serve", "--listen", "127.0.0.1:0")

    def start(self):
        found = re.search(r"127\.0\.0\.1:(\d+)", self._first_line())
        if not found:
            self._did_not_start()
        self.address = ("127.0.0.1", int(found[1]))
        return self

    def _first_line(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([BINARY, *self.words, "--data", self.data, *self.arguments],
                                            stdout=subprocess.PIPE, stderr=log, env=self.environment, text=True)
        lines = queue.Queue()
        threading.Thread(target=self._drain, args=(self.process.stdout, lines), daemon=True).start()
        try:
            return lines.get(timeout=STARTS_WITHIN)
        except queue.Empty:
            return ""

    def _did_not_start(self):
        self.stop()
        raise AssertionError(f"korrigo {self.words[0]} did not start\n{self.log.read_text()[-3000:]}")

    def _drain(self, stream, lines):
        with stream:
            for number, line in enumerate(stream):
                if number == 0:
                    lines.put(line)
                with open(self.log, "a", encoding="utf-8") as log:
                    log.write(line)
        lines.put("")

    def stop(self):
        """Asks it to end; its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self):
        return self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = "did not end within 30 s"
        self.process = None
        return code

    def restart(self):
        self.stop()
        return self.start()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words, stdin=""):
        """A sub-command on the same data."""
        return subprocess.run([BINARY, *map(str, words), "--data", self.data], input=stdin, capture_output=True, text=True, timeout=60,
                              env=self.environment, check=False)

    def add_user(self, name, role="TEACHER", password=PASSWORD):
        done = self.command("user", "add", name, "--role", role, "--email", f"{name}@lycee.example.org", "--password-stdin", stdin=password + "\n")
        if done.returncode:
            raise AssertionError(f"user add: {done.stderr}")
        return name

    def client(self):
        return Client(self.address)

    def logged_in(self, name, password=PASSWORD):
        client = self.client()
        client.login(name, password, expect=200)
        return client

    def rows(self, sql):
        """A query past the server, for what no route shows; every value as text."""
        if self.database == "postgres":
            return postgres.server().rows(self.url, sql)
        connection = sqlite3.connect(self.data / "korrigo.db", timeout=30)
        try:
            with connection:
                return [[("" if value is None else str(value)) for value in row] for row in connection.execute(sql).fetchall()]
        finally:
            connection.close()

    def files(self):
        """Names of everything under the media folder."""
        media = self.data / "media"
        return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


class Worker(Service):
    """`korrigo worker` beside a service."""

    words = ("worker",)

    def start(self):
        if "ready" not in self._first_line():
            self._did_not_start()
        return self


@lru_cache(maxsize=None)
def shared_service(database):
    """One server for all classes of a process that do not need their own, with the users office, marie and paul."""
    return with_users(Service(database).start())


def with_users(service):
    service.add_user("office", "ADMIN")
    service.add_user("marie")
    service.add_user("paul")
    return service


class ServiceTest(unittest.TestCase):
    """A test against the server on one database; `own_service` for classes that change what others would notice."""

    database = "sqlite"
    own_service = False
    environment = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.own_service:
            cls.service = with_users(Service(cls.database, cls.environment).start())
            cls.addClassCleanup(cls.service.remove)
        else:
            cls.service = shared_service(cls.database)
        cls.admin = cls.service.logged_in("office")
        cls.addClassCleanup(cls.admin.close)

    def setUp(self):
        if self.service.process is None or self.service.process.poll() is not None:
            self.fail("the server has ended:\n" + self.service.log.read_text()[-3000:])

    def as_(self, name, password=PASSWORD):
        client = self.service.logged_in(name, password)
        self.addCleanup(client.close)
        return client

    def anonymous(self):
        client = self.service.client()
        self.addCleanup(client.close)
        return client

    def refused(self, answer, status, code):
        """An error with this status and code; its body."""
        self.assertEqual((answer.status, answer.json.get("code")), (status, code), answer)
        return answer.json


def on_both_databases(test_class):
    """Replaces a test class by one for each database."""
    module = sys.modules[test_class.__module__]
    for database in DATABASES:
        name = f"{test_class.__name__}_{database}"
        setattr(module, name, type(name, (test_class,), {"database": database, "__module__": test_class.__module__, "__qualname__": name}))
    return None


def parts(folder, **fields):
    """The form of POST /api/exams/upload/ for a generated batch."""
    return {"pdf_file": pdf(folder / "scan.pdf"), "students_csv": csv((folder / "students.csv").read_bytes()), **fields}

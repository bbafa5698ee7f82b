"""A PostgreSQL of the test run's own: Debian's programs, a private socket, no network, gone with the run."""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
OPTIONS = ["-c", "listen_addresses=", "-c", "max_connections=200"]


class Postgres:
    # Nothing here outlives the run, so nothing needs to reach the disk; tests of crashes kill korrigo, not the database. Benchmarks do ask.
    settings = ["-c", "fsync=off", "-c", "shared_buffers=64MB"]

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="korrigo-pg-"))
        self.identity = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.count = 0
        atexit.register(self.remove)
        self.start()

    def start(self):
        log = open(self.folder / "server.log", "ab")  # noqa: SIM115
        self.server = subprocess.Popen([PROGRAMS / "postgres", "-D", self.data, "-k", self.folder, *OPTIONS, *self.settings], stdout=log, stderr=log,
                                       cwd="/", **self.identity)
        log.close()
        subprocess.run(["sh", "-c", f'for i in $(seq 300); do "{PROGRAMS}/pg_isready" -q -h "$0" && exit 0; sleep 0.1; done; exit 1',
                        self.folder], check=True)

    def stop(self, how=signal.SIGINT):
        """Ends all connections; SIGQUIT: in the middle of whatever they do."""
        self.server.send_signal(how)
        self.server.wait(30)

    def _run(self, program, *arguments):
        done = subprocess.run([PROGRAMS / program, *map(str, arguments)], capture_output=True, text=True, cwd="/", check=False, **self.identity)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")
        return done.stdout

    def new_database(self):
        """The URL of an empty database."""
        self.count += 1
        name = f"korrigo_{os.getpid()}_{self.count}"
        self._run("createdb", "-h", self.folder, "-U", "postgres", name)
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def rows(self, url, sql):
        """What a query gives, as lists of text."""
        out = self._run("psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql)
        return [line.split("\x1f") for line in out.splitlines()]

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@lru_cache(maxsize=None)
def server():
    """One for the whole run."""
    return Postgres()

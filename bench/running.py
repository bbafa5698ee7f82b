"""The service and the databases of the functional tests, for benchmarks: PostgreSQL writes to the disk as a school's does."""

import os
import sys
from pathlib import Path

from measuring import ROOT, pss_kb, tree_of

sys.path.append(str(ROOT / "tests/functional"))
import postgres  # noqa: E402
from service import Service, with_users  # noqa: E402

postgres.Postgres.settings = ["-c", "shared_buffers=256MB"]
DATABASES = ("sqlite", "postgres")


def new_url(database, folder, name):
    """The URL of an empty database; SQLite's lies in the folder."""
    return f"sqlite:{folder}/{name}.db" if database == "sqlite" else postgres.server().new_database()


def started(database, *arguments):
    """A new service with the users office, marie and paul."""
    return with_users(Service(database, arguments=arguments).start())


def memory_mb(service):
    """Of the server and its children."""
    return sum(pss_kb(process) for process in tree_of(service.process.pid)) / 1024


def cpu_s(service):
    """Processor seconds so far of the server, its children and its PostgreSQL."""
    roots = [service.process.pid] + ([postgres.server().server.pid] if service.database == "postgres" else [])
    ticks = 0
    for process in (each for root in roots for each in tree_of(root)):
        try:
            # utime, stime, and both of children that have ended: fields 14 to 17 of proc(5)
            ticks += sum(map(int, Path("/proc", str(process), "stat").read_text().rsplit(")", 1)[1].split()[11:15]))
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")

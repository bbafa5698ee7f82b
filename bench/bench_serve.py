"""The service with correctors at work: each autosaves a draft every two seconds, sets a score now and then, and pages through a copy; p99 of both, and whether
what the last answer confirmed is there at the end. The bar: p99 at most 50 ms, no error, nothing lost, with 200 correctors on 2 cores.

Usage: ./dev bench serve [--correctors N] [--seconds N] [--only sqlite|postgres]
"""

import argparse
import asyncio
import hashlib
import json
import random
import re
import secrets
import statistics
import time
import uuid

import school_rows
from measuring import write_result
from running import DATABASES, cpu_s, memory_mb, started
from client import Client, pdf
from samples import blank_pdf

AUTOSAVE_S = 2.0
FACES = 4
BAREME = [{"id": f"q{number}", "label": f"Question {number}", "points": 2} for number in range(1, 11)]
FILES_OF_REQUEST = 100


class Corrector:
    """A browser: one kept connection, one locked copy, and what the server has confirmed of it."""

    def __init__(self, client, copy, seed):
        self.address = client.address
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        token = client.post(f"/api/grading/copies/{copy}/lock/", expect=201).json["token"]
        self.head = f"Host: x\r\nCookie: {cookies}\r\nX-CSRFToken: {client.csrf_token()}\r\nX-Lock-Token: {token}\r\n"
        self.copy, self.random, self.client_id = copy, random.Random(seed), str(uuid.uuid4())
        self.draft, self.scores, self.times, self.errors = None, {}, {"autosave": [], "score": [], "page": []}, []

    async def ask(self, kind, method, path, body=None):
        content = json.dumps(body).encode() if body is not None else b""
        media = "Content-Type: application/json\r\n" if body is not None else ""
        begun = time.perf_counter()
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{self.head}{media}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.I)
        await self.reader.readexactly(int(length[1]) if length else 0)
        self.times[kind].append((time.perf_counter() - begun) * 1000)
        status = int(head.split(b" ", 2)[1])
        if status >= 400:
            self.errors.append((kind, status))
        return status < 400

    async def save(self, number):
        draft = {"number": number, "text": "Raisonnement juste, conclusion à revoir. " * 20}
        path = f"/api/grading/copies/{self.copy}/"
        if await self.ask("autosave", "PUT", path + "draft/", {"payload": draft, "client_id": self.client_id}):
            self.draft = draft
        if number % 3 == 0:
            score = {f"q{self.random.randint(1, 10)}": self.random.randint(0, 8) / 4}
            if await self.ask("score", "PUT", path + "scores/", {"scores_data": score}):
                self.scores |= score
        await self.ask("page", "GET", f"/api/copies/{self.copy}/pages/{1 + number % FACES}/")

    async def work(self, seconds):
        self.reader, self.writer = await asyncio.open_connection(*self.address, limit=1 << 22)
        await asyncio.sleep(self.random.random() * AUTOSAVE_S)
        ends, number, due = time.monotonic() + seconds, 0, time.monotonic()
        while due < ends:
            await self.save(number)
            number, due = number + 1, due + AUTOSAVE_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        self.writer.close()


def logged_in(service, users):
    """Browsers with sessions that are written straight into the database: a log-in is slow on purpose."""
    now = int(time.time() * 1000)
    secret = {user: secrets.token_hex(32) for user in users}
    rows = [(hashlib.sha256(secret[user].encode()).hexdigest(), user, now, now, now + 8 * 3600 * 1000) for user in users]
    school_rows.insert(service, "session", ("token_hash", "user_id", "created_at", "last_seen_at", "expires_at"), rows)
    clients = []
    for user in users:
        client = Client(service.address)
        client.cookies["sessionid"], client.role = secret[user], "teacher"
        client.csrf_token()
        clients.append(client)
    return clients


def prepared(service, correctors):
    """An exam with a copy for each of so many correctors."""
    now = int(time.time() * 1000)
    users = [(1000 + number, f"correcteur{number}", "TEACHER", now) for number in range(correctors)]
    school_rows.insert(service, '"user"', ("id", "username", "role", "created_at"), users)
    admin = service.logged_in("office")
    exam = admin.post("/api/exams/", {"name": "Charge", "date": "2026-02-03", "upload_mode": "INDIVIDUAL_A4", "grading_structure": BAREME}, expect=201).json["id"]
    for first in range(0, correctors, FILES_OF_REQUEST):
        files = [("pdf_files", pdf(blank_pdf(FACES, note=str(number)), f"{number}.pdf")) for number in range(first, min(first + FILES_OF_REQUEST, correctors))]
        answer = admin.post(f"/api/exams/{exam}/upload-individual-pdfs/", form=files, expect=201)
        admin.succeeded(answer.json["task_id"], timeout=900)
    admin.post(f"/api/exams/{exam}/validate-all/", expect=200)
    admin.put(f"/api/exams/{exam}/correctors/", {"corrector_ids": [user[0] for user in users]}, expect=200)
    admin.post(f"/api/exams/{exam}/dispatch/", {}, expect=200)
    owner = {copy["assigned_corrector_id"]: copy["id"] for copy in admin.all(f"/api/exams/{exam}/copies/")}
    clients = logged_in(service, [user[0] for user in users])
    return [Corrector(client, owner[user[0]], number) for number, (client, user) in enumerate(zip(clients, users))], clients


def lost(correctors, clients):
    """Copies where the server does not have what it confirmed last."""
    missing = 0
    for corrector, client in zip(correctors, clients):
        path = f"/api/grading/copies/{corrector.copy}/"
        draft = client.get(path + "draft/", expect=200).json["payload"]
        scores = client.get(path + "scores/", expect=200).json["scores_data"]
        missing += draft != corrector.draft or scores != corrector.scores
    return missing


def measure(database, words):
    service = started(database)
    try:
        correctors, clients = prepared(service, words.correctors)

        async def all_at_once():
            await asyncio.gather(*(corrector.work(words.seconds) for corrector in correctors))

        cpu, begun = cpu_s(service), time.monotonic()
        asyncio.run(all_at_once())
        took = time.monotonic() - begun
        figures = {"cores": (cpu_s(service) - cpu) / took, "memory_mb": memory_mb(service), "errors": sum(len(one.errors) for one in correctors)}
        for kind in ("autosave", "score", "page"):
            times = sorted(value for one in correctors for value in one.times[kind])
            cuts = statistics.quantiles(times, n=100)
            figures[kind] = {"count": len(times), "per_s": len(times) / took, "p50_ms": cuts[49], "p99_ms": cuts[98], "max_ms": times[-1]}
        figures["lost"] = lost(correctors, clients)
        return figures
    finally:
        service.remove()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--correctors", type=int, default=200)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--only", choices=DATABASES)
    words = arguments.parse_args()
    result = {"correctors": words.correctors, "seconds": words.seconds}
    print(f"{words.correctors} correctors, {words.seconds} s: requests, per second, median, p99 and longest in ms")
    for database in [words.only] if words.only else DATABASES:
        figures = result[database] = measure(database, words)
        for kind in ("autosave", "score", "page"):
            f = figures[kind]
            print(f"{database:10}{kind:10}{f['count']:8}{f['per_s']:8.1f}{f['p50_ms']:8.2f}{f['p99_ms']:8.2f}{f['max_ms']:9.2f}")
        print(f"{database:10}errors {figures['errors']}, copies with something lost {figures['lost']}, {figures['cores']:.2f} cores, {figures['memory_mb']:.0f} MB")
    write_result("serve", result)


if __name__ == "__main__":
    main()

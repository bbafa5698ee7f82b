"""Memory of the service while 20 scans of 100 MB arrive at once, as forms and as resumable uploads. The bar: at most 16 MB for each.

The server has no workers, so that nothing but uploads is measured. Usage: ./dev bench upload [--uploads N] [--megabytes N]
"""

import argparse
import http.client
import os
import threading
import time

from measuring import write_result
from running import DATABASES, memory_mb, started
from client import csv, encode_form, pdf, upload_id
from samples import blank_pdf, people

NOISE = os.urandom(1 << 20).replace(b"\n", b" ").replace(b"\r", b" ")
TUS_PIECE = 8 << 20  # bytes of one PATCH
WAYS = ("form", "tus")


class Scan:
    """A good PDF of a given size, made as it is sent: one empty page, then a comment full of noise. No two are the same."""

    def __init__(self, number, size):
        small = blank_pdf(note=f"scan {number}")
        table = small.index(b"xref\n")
        rest = small[table:small.index(b"startxref")] + b"startxref\n%010d\n%%%%EOF\n"
        self.head, self.size = small[:table] + b"%", size
        self.tail = b"\n" + rest % (size - len(rest % 0))
        self.noise = size - len(self.head) - len(self.tail)

    def __iter__(self):
        yield self.head
        for at in range(0, self.noise, len(NOISE)):
            yield NOISE[:self.noise - at]
        yield self.tail


def send_form(client, scan, number):
    """The whole upload in one request; the bytes are made as they go."""
    mark = b"the scan goes here"
    kind, body = encode_form({"pdf_file": pdf(mark, f"scan {number}.pdf"), "students_csv": csv(people(2, "envoi"))})
    before, after = body.split(mark)

    def pieces():
        yield before
        yield from scan
        yield after

    headers = {"Content-Type": kind, "Content-Length": str(len(before) + scan.size + len(after)), "X-CSRFToken": client.csrf_token(),
               "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    connection = http.client.HTTPConnection(*client.address, timeout=600)
    connection.request("POST", "/api/exams/upload/", body=pieces(), headers=headers)
    answer = connection.getresponse()
    if answer.status != 201:
        raise SystemExit(f"{answer.status} {answer.read()}")
    connection.close()


def send_tus(client, scan, number):
    client.timeout = 600
    upload = upload_id(client.tus_create(scan.size, f"scan {number}.pdf", expect=201))
    offset, piece = 0, b""
    for part in scan:
        piece += part
        if len(piece) >= TUS_PIECE:
            client.tus_send(upload, offset, piece, expect=204)
            offset, piece = offset + len(piece), b""
    client.tus_send(upload, offset, piece, expect=204)
    client.post("/api/exams/upload/", form={"pdf_file": upload, "students_csv": csv(people(2, "envoi"))}, expect=201)


def peak_while(service, senders):
    """The most memory the server and its children had while the threads ran, in MB."""
    for sender in senders:
        sender.start()
    peak = memory_mb(service)
    while any(sender.is_alive() for sender in senders):
        peak = max(peak, memory_mb(service))
        time.sleep(0.05)
    return peak


def measure(database, way, words):
    service = started(database, "--workers", "0")
    send = send_form if way == "form" else send_tus
    failed = []

    def one(client, number, size):
        try:
            send(client, Scan(number, size), number)
        except BaseException as error:  # told by the thread that waits
            failed.append(error)

    try:
        clients = [service.logged_in("office") for _ in range(words.uploads)]
        # Once, small: what the first upload alone needs is not what each further one adds.
        for number, client in enumerate(clients):
            one(client, -1 - number, 1 << 20)
        before = memory_mb(service)
        begun = time.monotonic()
        senders = [threading.Thread(target=one, args=(client, number, words.megabytes * 1000 * 1000)) for number, client in enumerate(clients)]
        peak = peak_while(service, senders)
        seconds = time.monotonic() - begun
        after = memory_mb(service)
    finally:
        service.remove()
    if failed:
        raise failed[0]
    return {"before_mb": before, "peak_mb": peak, "after_mb": after, "each_mb": (peak - before) / words.uploads, "seconds": seconds,
            "mb_per_s": words.uploads * words.megabytes / seconds}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--uploads", type=int, default=20)
    arguments.add_argument("--megabytes", type=int, default=100)
    words = arguments.parse_args()
    result = {"uploads": words.uploads, "megabytes": words.megabytes}
    print(f"{words.uploads} uploads of {words.megabytes} MB at once: MB of memory before, at the most, after; each adds; seconds; MB a second")
    for database in DATABASES:
        for way in WAYS:
            f = result[f"{database}_{way}"] = measure(database, way, words)
            print(f"{database:10}{way:6}{f['before_mb']:8.1f}{f['peak_mb']:8.1f}{f['after_mb']:8.1f}{f['each_mb']:8.2f}{f['seconds']:8.1f}{f['mb_per_s']:8.0f}")
    write_result("upload", result)


if __name__ == "__main__":
    main()

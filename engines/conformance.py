"""Whether a program is an engine as Korrigo wants it (docs/engines.md).

Usage: python3 conformance.py [--accuracy SHARE] -- COMMAND...

Asks it for its health, lets it load its models, shows it pictures of printed letters, an empty picture and damaged requests, and says which
rule each answer breaks. Exit code 0: it conforms, or says in the protocol that its package is not installed; 1: it breaks a rule.
"""

import argparse
import base64
import json
import os
import select
import subprocess
import sys
import time

START, ANSWER = 120, 60  # seconds: more than Korrigo gives, for slow machines
LONGEST = 4 << 20  # bytes of an answer

# 5 x 7 dots each.
DOTS = {
    "D": "11110 10001 10001 10001 10001 10001 11110", "U": "10001 10001 10001 10001 10001 10001 01110",
    "P": "11110 10001 10001 11110 10000 10000 10000", "O": "01110 10001 10001 10001 10001 10001 01110",
    "N": "10001 11001 10101 10101 10011 10001 10001", "T": "11111 00100 00100 00100 00100 00100 00100",
    "1": "00100 01100 00100 00100 00100 00100 01110", "5": "11111 10000 11110 00001 00001 10001 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111", "8": "01110 10001 10001 01110 10001 10001 01110",
}
DOT, MARGIN, SPACE = 6, 16, 14
LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"


class Broken(Exception):
    """A rule that the engine breaks."""


def picture(text, characters, boxes=True):
    width, height = 2 * MARGIN + max(1, len(text)) * (5 * DOT + SPACE), 7 * DOT + 2 * MARGIN
    gray = bytearray(b"\xf5" * (width * height))
    spans = []
    for index, letter in enumerate(text):
        left = MARGIN + index * (5 * DOT + SPACE)
        spans.append([left, 5 * DOT])
        for y, row in enumerate(DOTS[letter].split()):
            for x, dot in enumerate(row):
                for line in range(DOT if dot == "1" else 0):
                    start = (MARGIN + y * DOT + line) * width + left + x * DOT
                    gray[start:start + DOT] = bytes([40] * DOT)
    return {"width": width, "height": height, "gray": base64.b64encode(bytes(gray)).decode(), "field": "nom" if characters == LETTERS else "date_naissance",
            "characters": characters, "boxes": spans if boxes else []}


class Engine:
    def __init__(self, command):
        # As Korrigo starts it: nothing of this environment.
        environment = {"LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "OMP_THREAD_LIMIT": "1"}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self.unread = b""
        self.last = 0

    def line(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\n" not in self.unread:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise Broken(f"it did not answer within {seconds} s")
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise Broken(f"it ended without an answer (exit code {self.process.wait(5)})")
            self.unread += more
            if len(self.unread) > LONGEST:
                raise Broken("an answer has at most 4 MiB")
        line, self.unread = self.unread.split(b"\n", 1)
        return line

    def say(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ask(self, op, seconds=ANSWER, **more):
        self.last += 1
        self.say(json.dumps({"id": self.last, "op": op, **more}).encode())
        answer = parsed(self.line(seconds))
        if answer.get("id") != self.last:
            raise Broken(f"the answer to request {self.last} carries the id {answer.get('id')!r}")
        return answer


def parsed(line):
    try:
        answer = json.loads(line)
    except ValueError:
        raise Broken(f"an answer is one line of JSON, not {line[:80]!r}") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise Broken("an answer is an object with \"ok\": true or false")
    error = answer.get("error")
    if not answer["ok"] and not (isinstance(error, dict) and isinstance(error.get("code"), str) and isinstance(error.get("message"), str)):
        raise Broken("a refusal has an \"error\" with \"code\" and \"message\"")
    return answer


def granted(answer, what):
    if not answer["ok"]:
        raise Broken(f"{what} was refused: {answer['error']['message']}")
    return answer


def fraction(value, what):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise Broken(f"{what} is a number from 0 to 1, not {value!r}")


def check_reading(reading, width):
    if not isinstance(reading, dict) or not isinstance(reading.get("text"), str):
        raise Broken("a reading is an object with a \"text\"")
    fraction(reading.get("confidence"), "\"confidence\"")
    for letter in reading.get("letters", []):
        if not isinstance(letter, dict) or not isinstance(letter.get("is"), dict):
            raise Broken("a letter is an object with \"is\"")
        for character, probability in letter["is"].items():
            fraction(probability, f"the probability of {character!r}")
        if sum(letter["is"].values()) > 1.001:
            raise Broken("the probabilities of a letter sum to at most 1")
        if "x" in letter and not (isinstance(letter["x"], int) and isinstance(letter.get("width"), int) and 0 <= letter["x"] < width):
            raise Broken("\"x\" and \"width\" are whole pixels inside the picture")


def read(engine, pictures):
    answer = granted(engine.ask("read", pictures=pictures), "reading")
    readings = answer.get("readings")
    if not isinstance(readings, list) or len(readings) != len(pictures):
        raise Broken("there is one reading for each picture, in their order")
    for reading, shown in zip(readings, pictures):
        check_reading(reading, shown["width"])
    return readings


def check_health(engine):
    """Its name and version; nothing when it says that its package is not installed."""
    answer = engine.ask("health", START, protocol=1)
    if not answer["ok"] and answer["error"]["code"] == "not_installed":
        if not answer["error"].get("install"):
            raise Broken("\"not_installed\" names the command that installs it, as \"install\"")
        print(f"not installed: {answer['error']['message']} It says: {answer['error']['install']}")
        return None
    granted(answer, "health")
    for key, kind in (("protocol", int), ("engine", str), ("version", str)):
        if not isinstance(answer.get(key), kind) or not answer[key]:
            raise Broken(f"health names \"{key}\"")
    if answer["protocol"] != 1:
        raise Broken("this is protocol 1")
    return f"{answer['engine']} {answer['version']}"


def check_damaged(engine):
    """A request that cannot be served is refused, and the engine lives on."""
    damaged = [("an unknown operation", {"op": "dance"}), ("a picture of another size", {"op": "read", "pictures": [{**picture("D", LETTERS), "width": 3}]}),
               ("a picture that is no base64", {"op": "read", "pictures": [{**picture("D", LETTERS), "gray": "*"}]}), ("no pictures", {"op": "read"})]
    for what, words in damaged:
        if engine.ask(words.pop("op"), **words)["ok"]:
            raise Broken(f"{what} is refused")


def check_reading_all(engine, least):
    shown = [("DUPONT", LETTERS, True), ("15258", DIGITS, True), ("DUPONT", LETTERS, False), ("", LETTERS, False)]
    readings = read(engine, [picture(*each) for each in shown])
    if readings[3]["text"].strip():
        print(f"note: it reads {readings[3]['text']!r} in an empty picture")
    right = sum(a == b for reading, (text, _, _) in zip(readings, shown) for a, b in zip(reading["text"].replace(" ", ""), text))
    share = right / sum(len(text) for text, _, _ in shown)
    print(f"read: {[reading['text'] for reading in readings]}, {share:.0%} of the letters right")
    if share < least:
        raise Broken(f"at least {least:.0%} of these printed letters are read")
    if read(engine, []) != []:
        raise Broken("no pictures, no readings")
    again = read(engine, [picture("DUPONT", LETTERS)])[0]
    if again["text"] != readings[0]["text"]:
        raise Broken("the same picture is read the same way again")


def check_end(engine):
    engine.process.stdin.close()
    try:
        engine.process.wait(10)
    except subprocess.TimeoutExpired:
        raise Broken("it ends when its standard input is closed") from None
    if engine.unread or engine.process.stdout.read(1):
        raise Broken("it writes nothing but one answer to each request")


def main():
    arguments = argparse.ArgumentParser(description="Checks an external OCR engine against Korrigo's protocol.")
    arguments.add_argument("--accuracy", type=float, default=0.0, metavar="SHARE", help="of the printed letters that it must read (default 0)")
    arguments.add_argument("command", nargs="+")
    words = arguments.parse_args()
    engine = Engine(words.command)
    try:
        name = check_health(engine)
        if name is not None:
            granted(engine.ask("load", START), "loading its models")
            check_reading_all(engine, words.accuracy)
        check_damaged(engine)
        if name is not None:
            read(engine, [picture("15258", DIGITS)])
        check_end(engine)
    except Broken as rule:
        print(f"does not conform: {rule}")
        return 1
    except BrokenPipeError:
        print("does not conform: it ended while it was asked")
        return 1
    finally:
        engine.process.kill()
    print(f"conforms: {name}" if name else "conforms as far as it can without its package")
    return 0


if __name__ == "__main__":
    sys.exit(main())

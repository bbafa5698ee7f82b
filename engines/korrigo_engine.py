"""The engine's side of Korrigo's protocol for external OCR engines (docs/engines.md), version 1. Standard library only.

An adapter makes a class with `name`, version(), load() and read(picture), and calls serve(). Whatever libraries print goes to standard
error; only answers reach standard output.
"""

import base64
import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path

PROTOCOL = 1
FOLDER = Path(__file__).resolve().parent
# An adapter may be named as the package it adapts: what it imports must not be itself.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != FOLDER]


class NotInstalled(Exception):
    """The package behind the adapter is missing."""

    def __init__(self, message, install):
        super().__init__(message)
        self.install = install


class Refused(Exception):
    """These pictures cannot be read; others may."""


class Picture:
    """A line of dark ink on light paper: `rows` of bytes, 0 black to 255 white."""

    def __init__(self, request):
        self.width, self.height = int(request["width"]), int(request["height"])
        self.gray = base64.b64decode(request["gray"], validate=True)
        self.field = request.get("field", "")
        self.characters = request.get("characters", "")
        self.boxes = [(int(x), int(width)) for x, width in request.get("boxes", [])]
        if self.width < 1 or self.height < 1 or len(self.gray) != self.width * self.height:
            raise Refused("The picture does not have the size it claims.")

    @property
    def rows(self):
        return [self.gray[y * self.width:(y + 1) * self.width] for y in range(self.height)]


def package_version(module, distribution, adapter):
    """The version of an installed package, without importing it. Raises NotInstalled."""
    if importlib.util.find_spec(module) is None:
        raise NotInstalled(f"The Python package {distribution} is not installed.", f"sh {FOLDER / 'install.sh'} {adapter}")
    return importlib.metadata.version(distribution)


def models_folder(adapter):
    """Where install.sh puts the models of an adapter: beside the packages, because an engine has no home and no network."""
    return Path(sys.prefix) / "share" / "korrigo-engines" / adapter


def answer(engine, request):
    op = request.get("op")
    if op == "health":
        return {"protocol": PROTOCOL, "engine": engine.name, "version": engine.version()}
    if op == "load":
        engine.version()
        engine.load()
        return {}
    if op == "read":
        return {"readings": [engine.read(Picture(picture)) for picture in request["pictures"]]}
    raise Refused(f"There is no operation {op!r}.")


def answer_or_refusal(engine, line):
    identity = None
    try:
        request = json.loads(line)
        identity = request["id"]
        return {"id": identity, "ok": True, **answer(engine, request)}
    except NotInstalled as missing:
        error = {"code": "not_installed", "message": str(missing), "install": missing.install}
    except Refused as refused:
        error = {"code": "refused", "message": str(refused)}
    except MemoryError:
        error = {"code": "memory", "message": "It needs more memory than it may have."}
    except Exception as fault:  # one request's fault must not end the engine
        error = {"code": "failed", "message": f"{type(fault).__name__}: {fault}"}
    return {"id": identity, "ok": False, "error": error}


def serve(engine):
    """Answers requests until Korrigo closes standard input."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        answers.write(json.dumps(answer_or_refusal(engine, line)) + "\n")
        answers.flush()


def main(engine):
    """serve(), or what install.sh asks for: `--fetch` loads the models once, where there is a network."""
    if sys.argv[1:] == ["--fetch"]:
        engine.load()
    else:
        serve(engine)

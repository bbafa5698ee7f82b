#!/usr/bin/env python3
"""Checks the includes of every source file against the dependency table of the architecture: a module may include its own headers
and those of the modules it may use, directly or through another. Prints each breach and exits 1 when there is one."""

import pathlib
import re
import sys

# module -> the modules it may use (transitive: what those may use, it may use too).
MAY_USE = {
    "base": [],
    "storage": ["base"],
    "events": ["storage"],
    "jobs": ["storage", "events"],
    "sandbox": ["base"],
    "imaging": ["base"],
    "pdf": ["imaging", "sandbox"],
    "ocr": ["imaging", "sandbox"],
    "http": ["base"],
    "outgoing": ["base"],
    "audit": ["storage"],
    "accounts": ["audit", "jobs", "outgoing"],
    "students": ["audit", "jobs"],
    "exams": ["students", "audit", "jobs"],
    "scans": ["exams", "jobs", "pdf", "imaging", "sandbox"],
    "identification": ["scans", "students", "ocr", "jobs"],
    "copies": ["scans", "identification", "accounts"],
    "grading": ["copies", "exams"],
    "publication": ["grading", "students", "pdf", "jobs"],
    "documents": ["jobs", "pdf", "ocr", "sandbox"],
    "samples": ["base", "imaging"],
    "app": None,  # everything
}
# module -> what its tests may use beside that.
TESTS_MAY_USE = {
    "copies": ["samples"],
    "exams": ["pdf"],
    "identification": ["samples"],
    "samples": ["pdf"],
}
ROOTS = {"backend": 1, "tools": 1}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def reach(module, seen=None):
    seen = seen if seen is not None else set()
    for used in MAY_USE.get(module) or []:
        if used not in seen:
            seen.add(used)
            reach(used, seen)
    return seen


def module_of(path):
    """The module and whether the file is one of its route files, which belong to the target <module>_api."""
    name = path.parts[1]
    return name, re.search(r"_api(_\w*tests?)?\.(h|cpp)$", path.name) is not None


def allowed(path):
    module, is_api = module_of(path)
    if MAY_USE.get(module, []) is None:
        return None
    modules = reach(module) | {module}
    if path.name.endswith(("_test.cpp", "_tests.h")):
        for other in TESTS_MAY_USE.get(module, []):
            modules |= {other} | reach(other)
    if is_api:
        modules |= {"http", "accounts"} | reach("accounts")
        if module == "copies":
            modules |= {"identification"}
    return modules


def main():
    breaches = 0
    for path in sorted(p for root in ROOTS for p in pathlib.Path(root).rglob("*") if p.suffix in {".h", ".cpp"}):
        if "node_modules" in path.parts or len(path.parts) < 3:
            continue
        module, _ = module_of(path)
        if module not in MAY_USE:
            print(f"{path}: module '{module}' is not in the dependency table of tools/check_includes.py")
            breaches += 1
            continue
        modules = allowed(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or "/" not in match.group(1):
                continue
            target = match.group(1).split("/")[0]
            if target not in MAY_USE or modules is None or target in modules:
                continue
            print(f"{path}:{number}: {module} may not use {target}")
            breaches += 1
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""clang-tidy over some files with a build folder's compile commands, made readable for clang: tidy.py BUILD_DIR FILE..."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

BACKEND = pathlib.Path(__file__).resolve().parent.parent / "backend"
PRELUDE = f"-include {BACKEND}/base/prelude.h"
QPDF = f" -include {BACKEND}/pdf/qpdf_for_clang.h"


def main():
    build, files = pathlib.Path(sys.argv[1]), sys.argv[2:]
    commands = json.loads((build / "compile_commands.json").read_text())
    for entry in commands:
        # g++'s precompiled header means nothing to clang, which reads the plain header instead, and qpdf's headers as it needs them.
        with_qpdf = "POINTERHOLDER_TRANSITION" in entry["command"]
        command = re.sub(r"-include \S*cmake_pch\.hxx", PRELUDE + (QPDF if with_qpdf else ""), entry["command"])
        entry["command"] = re.sub(r"\S*ccache\s+", "", command).replace("-Winvalid-pch", "").replace("-fno-sanitize-recover=all", "").replace("-Wno-maybe-uninitialized", "")
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(commands))
        known = {str(pathlib.Path(entry["file"]).resolve()) for entry in commands}
        wanted = [f for f in files if str(pathlib.Path(f).resolve()) in known]
        if not wanted:
            return 0
        done = subprocess.run(["clang-tidy", "-quiet", "-p", folder, *wanted], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if done.stdout.strip():
            print(done.stdout.strip())
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())

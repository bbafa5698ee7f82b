#!/usr/bin/env python3
"""clang-tidy over some files with the compile commands of a folder that clang has built: tidy.py BUILD_DIR FILE..."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    build, files = pathlib.Path(sys.argv[1]), sys.argv[2:]
    commands = json.loads((build / "compile_commands.json").read_text())
    for entry in commands:
        entry["command"] = re.sub(r"^.*?ccache\s+", "", entry["command"])  # with KORRIGO_CCACHE the compiler is called through it
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

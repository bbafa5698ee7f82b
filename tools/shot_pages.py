#!/usr/bin/env python3
"""shot_pages.py DEMO OUT: pictures of every page of the school in DEMO/data (`./dev run`), served on a free port meanwhile, and of an upload
of DEMO/batch on its way: 1280, 768 and 390 wide, light and dark, in French and English, with OUT/index.html as contact sheet. Ends with 1
when a page is wider than its screen, cuts text off, lacks words, has a fault that axe finds, or complains in the console."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    demo, out = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    lines = (demo / "data/demo-accounts.txt").read_text().splitlines()
    accounts = {words[0]: (words[2], words[-1]) for words in map(str.split, lines)}
    server = subprocess.Popen([os.environ["KORRIGO_BINARY"], "serve", "--data", demo / "data", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        settings = {"KORRIGO_LANGUAGES": os.environ.get("KORRIGO_LANGUAGES", "fr,en"), "KORRIGO_URL": address, "KORRIGO_SHOTS": out,
                    "KORRIGO_PDF": demo / "batch/scan.pdf", "KORRIGO_ROSTER": demo / "batch/students.csv"}
        for role, secret in (("Admin", "PASSWORD"), ("Teacher", "PASSWORD"), ("Student", "BORN")):
            settings[f"KORRIGO_{role.upper()}"], settings[f"KORRIGO_{role.upper()}_{secret}"] = accounts[role]
        return subprocess.run(["npm", "run", "--silent", "--prefix", ROOT / "frontend", "shots"], env={**os.environ, **settings}, check=False).returncode
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""embed_pages.py DIST OUT.s: the assembler file that puts a folder of web files, as it lies on the disk, into the program
(backend/app/embedded_pages.h). Without the folder, a table of no files."""

import pathlib
import sys


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    dist, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    files = sorted(path for path in dist.rglob("*") if path.is_file()) if (dist / "index.html").exists() else []
    texts, table = [], []
    for number, path in enumerate(files):
        texts += [f"name{number}: .ascii {quoted(path.relative_to(dist).as_posix())}", f"name{number}_end:",
                  f"bytes{number}: .incbin {quoted(path)}", f"bytes{number}_end:"]
        table += [f"  .8byte name{number}, name{number}_end - name{number}, bytes{number}, bytes{number}_end - bytes{number}"]
    out.write_text("\n".join([
        ".section .rodata", *texts,
        # Addresses are filled in when the program is loaded, and read-only from then on.
        '.section .data.rel.ro,"aw"', ".balign 8",
        ".globl korrigo_pages", "korrigo_pages:", *table,
        ".globl korrigo_page_count", "korrigo_page_count:", f"  .8byte {len(files)}",
        '.section .note.GNU-stack,"",%progbits', ""]), encoding="utf-8")


if __name__ == "__main__":
    main()

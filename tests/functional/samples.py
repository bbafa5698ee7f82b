"""Files to send: generated batches, small PDFs of every kind, rosters."""

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from support import korrigo

HEADER = "nom,prenom,email,date_naissance,classe\n"


@lru_cache(maxsize=None)
def folder():
    made = Path(tempfile.mkdtemp(prefix="korrigo-samples-"))
    import atexit
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@lru_cache(maxsize=None)
def batch(*options):
    """A generated batch (scan.pdf, students.csv, truth.json), made once; small unless the options say otherwise."""
    words = [str(option) for option in options]
    for option, value in (("--dpi", "150"), ("--copies", "6"), ("--students", "6"), ("--seed", "3")):
        if option not in words:
            words += [option, value]
    target = folder() / f"batch-{len(list(folder().iterdir()))}"
    made = korrigo("demo", "--make", target, *words)
    if made.returncode:
        raise AssertionError(made.stderr)
    return target


@lru_cache(maxsize=None)
def odd_batch():
    """A generated stack of A4 sides whose last page was lost: its last copy has three pages, the others four."""
    whole = batch("--format", "a4", "--seed", 19)
    target = folder() / "batch-odd"
    shutil.copytree(whole, target)
    subprocess.run(["qpdf", whole / "scan.pdf", "--pages", ".", "1-r2", "--", target / "scan.pdf"], check=True)
    return target


def mixed_batch():
    """Six copies: three of people on the roster of eight, whom the program names by itself, three of strangers, whom it must not."""
    return batch("--unknown", 3, "--absent", 2, "--students", 8, "--seed", 5)


def blank_pdf(pages=1, width=595, height=842, note=""):
    """A good PDF with empty pages; `note` makes its bytes differ from others'."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Count {pages} /Kids [{' '.join(f'{3 + index} 0 R' for index in range(pages))}] >>"]
    objects += [f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << >> >>"] * pages
    out = b"%PDF-1.4\n" + f"% {note}\n".encode()
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
                  f"startxref\n{len(out)}\n%%EOF\n").encode()


def locked_pdf():
    """Opens only with a password."""
    plain, locked = folder() / "plain.pdf", folder() / "locked.pdf"
    if not locked.exists():
        plain.write_bytes(blank_pdf())
        subprocess.run(["qpdf", "--encrypt", "secret", "owner", "256", "--", plain, locked], check=True)
    return locked.read_bytes()


@lru_cache(maxsize=None)
def one_copy():
    """A PDF with the four faces of one student's A4 copy, and the student's line of the roster."""
    made = batch("--copies", 1, "--students", 1, "--format", "a4", "--seed", 7)
    return (made / "scan.pdf").read_bytes(), (made / "students.csv").read_text()


def people(count, prefix="eleve", day=1):
    """A roster of invented people with one-off names; `prefix` (letters) keeps rosters of different tests apart."""
    lines = [f"{prefix.upper()},{letters(index)},{prefix}.{index}@lycee.example.org,{1 + (day + index) % 28:02d}/03/2008,T01" for index in range(count)]
    return HEADER + "\n".join(lines) + "\n"


def letters(number):
    """A first name for a number: Aa, Ab, ..."""
    first, second = divmod(number, 26)
    third, first = divmod(first, 26)
    return (chr(65 + third) + chr(97 + first) + chr(97 + second)).capitalize()

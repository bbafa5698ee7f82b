"""What an exam's exports hold, read with the standard library: CSV, XLSX, Pronote, final PDFs; and who really wrote a batch's copies."""

import csv
import io
import json
import re
import subprocess
import tempfile
import zipfile
from xml.etree import ElementTree

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table(content):
    """Rows of a CSV file as dicts."""
    text = content.decode("utf-8")
    assert text.startswith("\ufeff") and text.endswith("\r\n"), text[:20]
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def workbook(content):
    """Rows of a workbook's first sheet as dicts: texts, and numbers as they are written."""
    book = zipfile.ZipFile(io.BytesIO(content))
    shared = []
    if "xl/sharedStrings.xml" in book.namelist():
        shared = ["".join(entry.itertext()) for entry in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).iter(SHEET + "si")]
    rows = []
    for row in ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(SHEET + "row"):
        cells = {}
        for cell in row.iter(SHEET + "c"):
            text = "".join(cell.itertext())
            cells[re.match("[A-Z]+", cell.get("r"))[0]] = shared[int(text)] if cell.get("t") == "s" else text
        rows.append(cells)
    heading = rows[0]
    return [{name: row.get(column, "") for column, name in heading.items()} for row in rows[1:]]


def pdf_text(content):
    """What a PDF says, its runs of space as one, and one on both sides of a stroke."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r" ?/ ?", " / ", re.sub(r"\s+", " ", done.stdout.decode()))


def archive(content):
    """Name to content, of a ZIP that is whole."""
    files = zipfile.ZipFile(io.BytesIO(content))
    assert files.testzip() is None
    return {name: files.read(name) for name in files.namelist()}


def check_pdf(content):
    """Nothing of a PDF that a reader would complain about: qpdf finds it sound, and no stream says that it is compressed and holds nothing."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(["qpdf", "--check", file.name], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    streams = re.findall(rb"<<((?:[^<>]|<<[^<>]*>>|<[0-9a-fA-F]*>)*)>>\s*stream\r?\n", content)
    assert streams
    for dictionary in streams:
        assert not (b"/FlateDecode" in dictionary and re.search(rb"/Length 0\b", dictionary)), dictionary


def truth(folder):
    """(side, half) of every face of a generated batch to its writer's address."""
    sheets = json.loads((folder / "truth.json").read_text())["sheets"]
    return {(face["side"], face["half"]): sheet["email"] for sheet in sheets for face in sheet["faces"]}

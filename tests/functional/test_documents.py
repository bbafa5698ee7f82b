"""The PDFs that come out: the source's own streams, the right pages, and nothing of the name where it is hidden."""

import hashlib
import subprocess
import unittest

from support import Scratch


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, check=True).stdout


def streams(pdf, folder):
    """Digests of the picture streams as the file stores them, one for each picture object."""
    folder.mkdir()
    run("pdfimages", "-all", pdf, folder / "i")
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def picture(pdf, page, dpi, part=None):
    """The page in grey: width, height, rows of tones. `part` is x, y, width, height in pixels."""
    command = ["pdftoppm", "-gray", "-r", dpi, "-f", page, "-l", page, "-singlefile"]
    if part:
        command += ["-x", part[0], "-y", part[1], "-W", part[2], "-H", part[3]]
    data = run(*command, pdf)
    head, rest = data.split(b"\n255\n", 1)
    width, height = map(int, head.split()[1:3])
    return width, height, rest


def turned(shown):
    width, height, tones = shown
    return width, height, tones[::-1]


def difference(a, b):
    """Mean difference of tones over the part that both show."""
    width, height = min(a[0], b[0]), min(a[1], b[1])
    total = sum(abs(x - y) for row in range(height)
                for x, y in zip(a[2][row * a[0]:row * a[0] + width], b[2][row * b[0]:row * b[0] + width]))
    return total / (width * height)


class Documents(Scratch):
    def test_copies_hold_the_sources_own_streams(self):
        for encoding in ("jpeg", "ccitt", "jbig2", "jpeg2000"):
            with self.subTest(encoding=encoding):
                batch = self.batch("--encoding", encoding, "--copies", 3, "--students", 3, name=encoding)
                report = self.scan(batch, name=encoding + "-out")
                source = streams(batch / "scan.pdf", self.folder / (encoding + "-source"))
                found = set()
                for copy in report["copies"]:
                    found |= streams(self.folder / (encoding + "-out") / copy["file"], self.folder / f"{encoding}-{copy['anonymous_id']}")
                self.assertEqual(found, source)

    def test_pages_show_the_faces_in_order_and_upright(self):
        dpi = 60
        for imposition in ("booklet", "plain"):
            batch = self.batch("--imposition", imposition, "--copies", 3, "--students", 3, "--seed", 4, name=imposition)
            report = self.scan(batch, name=imposition + "-out")
            for copy in report["copies"]:
                for number, face in enumerate(copy["faces"], 1):
                    page = picture(self.folder / (imposition + "-out") / copy["file"], number, dpi)
                    side = picture(batch / "scan.pdf", face["side"], dpi)
                    left = 0 if face["half"] == "left" else side[0] - page[0]
                    part = picture(batch / "scan.pdf", face["side"], dpi, (left, 0, page[0], page[1]))
                    upright = turned(part) if face["rotation"] == 180 else part
                    with self.subTest(imposition=imposition, copy=copy["anonymous_id"], page=number):
                        self.assertLess(difference(page, upright), 8)
                        self.assertGreater(difference(page, turned(upright)), difference(page, upright) * 2)

    def test_masked_copies_hide_the_header_and_nothing_else(self):
        for encoding in ("jpeg", "ccitt", "jbig2", "jpeg2000", "flate"):
            with self.subTest(encoding=encoding):
                batch = self.batch("--encoding", encoding, "--copies", 4, "--students", 4, name=encoding)
                out = self.folder / (encoding + "-out")
                for copy in self.scan(batch, name=encoding + "-out")["copies"]:
                    masked = out / "masked" / f"{copy['anonymous_id']}.pdf"
                    header = picture(masked, 1, 72, (30, 20, 530, 100))
                    self.assertLess(max(header[2]) - min(header[2]), 40)
                    for page in (2, 3):
                        self.assertLess(difference(picture(masked, page, 72), picture(out / copy["file"], page, 72)), 0.5)

    def test_two_runs_give_the_same_documents(self):
        batch = self.batch("--copies", 4, "--students", 4)
        digests = []
        for name in ("one", "two"):
            self.scan(batch, name=name)
            digests.append({hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.folder / name / "copies").iterdir()})
        self.assertEqual(*digests)


if __name__ == "__main__":
    unittest.main()

"""Bad input and a refusing disk: a sentence, the right code, and nothing left behind."""

import os
import resource
import signal
import subprocess
import time
import unittest
import zlib

from support import BINARY, Scratch, korrigo


def debris(folder):
    return sorted(path.name for path in folder.iterdir())


class Refusals(Scratch):
    def refused(self, source, roster, code=2):
        """Scans into a new folder; returns the sentence, having made sure that nothing else remained."""
        before = debris(self.folder)
        done = korrigo("scan", source, "--roster", roster, "--out", self.folder / "out")
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(debris(self.folder), before)
        sentence = done.stderr.strip().splitlines()[-1]
        self.assertTrue(done.stderr.startswith("korrigo: "), done.stderr)
        return sentence

    def setUp(self):
        super().setUp()
        self.good = self.batch("--copies", 4, "--students", 4)
        self.pdf = self.good / "scan.pdf"
        self.roster = self.good / "students.csv"

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_a_file_that_is_no_pdf(self):
        self.assertIn("notes.pdf", self.refused(self.file("notes.pdf", b"Dear colleague, the exams are in the cupboard."), self.roster))

    def test_an_empty_file(self):
        self.assertIn("empty", self.refused(self.file("nothing.pdf", b""), self.roster))

    def test_a_missing_file(self):
        self.assertIn("gone.pdf", self.refused(self.folder / "gone.pdf", self.roster))

    def test_a_truncated_pdf(self):
        content = self.pdf.read_bytes()
        self.assertIn("half.pdf", self.refused(self.file("half.pdf", content[:len(content) // 2]), self.roster))

    def test_an_encrypted_pdf(self):
        locked = self.folder / "locked.pdf"
        subprocess.run(["qpdf", "--encrypt", "secret", "owner", "256", "--", self.pdf, locked], check=True)
        self.assertIn("password", self.refused(locked, self.roster))

    def test_too_many_pages(self):
        done = korrigo("scan", self.pdf, "--roster", self.roster, "--out", self.folder / "out", "--max-pages", "3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("pages", done.stderr)

    def test_a_bomb(self):
        # A picture that claims 30000 x 30000 pixels and unpacks to a gigabyte of zeros.
        squeezer = zlib.compressobj(9)
        packed = b"".join(squeezer.compress(bytes(1 << 20)) for _ in range(900)) + squeezer.flush()
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /Im0 5 0 R >> >> >>",
            b"<< /Length 32 >>\nstream\nq 595 0 0 842 0 0 cm /Im0 Do Q \nendstream",
            b"<< /Type /XObject /Subtype /Image /Width 30000 /Height 30000 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode "
            b"/Length " + str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream",
        ]
        body = b"%PDF-1.5\n"
        offsets = []
        for number, content in enumerate(objects, 1):
            offsets.append(len(body))
            body += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
        table = "xref\n0 6\n0000000000 65535 f \n" + "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        end = f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
        bomb = self.file("bomb.pdf", body + table.encode() + end.encode())
        done = korrigo("scan", bomb, "--roster", self.roster, "--out", self.folder / "out")
        self.assertIn(done.returncode, (1, 2), done.stderr)
        if done.returncode == 1:
            report = (self.folder / "out/report.json").read_text()
            self.assertIn("unplaced", report)
            self.assertNotIn('"unplaced":[]', report)

    def test_a_faulty_roster_names_lines_and_columns(self):
        sentence = korrigo("scan", self.pdf, "--roster", self.file("bad.csv", b"nom,prenom,email,date_naissance\nDupont,Jean,jean,31/02/2008\n"),
                           "--out", self.folder / "out").stderr
        self.assertIn("bad.csv", sentence)
        self.assertIn("2", sentence)
        self.assertIn("email", sentence)
        self.assertFalse((self.folder / "out").exists())

    def test_a_roster_without_students(self):
        self.refused(self.pdf, self.file("none.csv", b"nom,prenom,email,date_naissance\n"))

    def test_a_pdf_given_as_the_roster(self):
        self.refused(self.pdf, self.pdf)

    def test_a_target_that_holds_something(self):
        (self.folder / "out").mkdir()
        self.file("out/mine.txt", b"keep me")
        self.refused(self.pdf, self.roster)
        self.assertEqual((self.folder / "out/mine.txt").read_text(), "keep me")

    def test_words_that_no_option_knows(self):
        done = korrigo("scan", self.pdf, "--roster", self.roster, "--out", self.folder / "out", "--imposition", "sideways")
        self.assertEqual(done.returncode, 2)
        self.assertIn("imposition", done.stderr)

    def test_a_folder_that_may_not_be_written(self):
        # /proc takes no folders, not even from root.
        done = korrigo("scan", self.pdf, "--roster", self.roster, "--out", "/proc/korrigo/out")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("/proc/korrigo", done.stderr)

    def test_a_file_system_that_takes_no_more(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        before = debris(self.folder)
        done = korrigo("scan", self.pdf, "--roster", self.roster, "--out", self.folder / "out", preexec_fn=small_files)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(debris(self.folder), before)

    def test_a_full_disk(self):
        script = f'mount -t tmpfs -o size=1500k none "$1" && cp "$3" "$1/" && "$2" scan "$4" --roster "$1/students.csv" --out "$1/out"; code=$?; ls "$1"; exit $code'
        disk = self.folder / "disk"
        disk.mkdir()
        allowed = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", disk], capture_output=True, check=False)
        if allowed.returncode != 0:
            self.skipTest("this machine lets nobody mount a small disk")
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", disk, BINARY, self.roster, self.pdf], capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("space", done.stderr)
        self.assertEqual(done.stdout.split()[-1], "students.csv")

    def test_ctrl_c_leaves_nothing(self):
        batch = self.batch("--copies", 12, "--students", 12, "--dpi", 300, name="long")
        temporary = self.folder / "temporary"
        temporary.mkdir()
        before = debris(self.folder)
        for delay in (0.3, 0.8, 1.4):
            process = subprocess.Popen([BINARY, "scan", batch / "scan.pdf", "--roster", batch / "students.csv", "--out", self.folder / "out"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(temporary)})
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
            if process.returncode in (0, 1):
                break  # it was faster than the signal
            self.assertEqual(process.returncode, 130, errors)
            self.assertEqual(debris(self.folder), before)
        self.assertEqual(os.listdir(temporary), [])


if __name__ == "__main__":
    unittest.main()

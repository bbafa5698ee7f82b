"""What the reference does with a stack of A3 sides: render every side at 300 dpi, cut it in the middle, run the Tesseract program on the
header of each recto's right half, and write one PDF for each face. Usage: reference_method.py SCAN.pdf FOLDER
"""

import subprocess
import sys
from pathlib import Path

import fitz

HEADER_SHARE = 0.25  # of a face's height


def write_face(pixmap, path):
    document = fitz.open()
    page = document.new_page(width=pixmap.width * 72 / 300, height=pixmap.height * 72 / 300)
    page.insert_image(page.rect, stream=pixmap.tobytes("png"))
    document.save(path)


def main():
    source, out = fitz.open(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True)
    scale = fitz.Matrix(300 / 72, 300 / 72)
    for number, page in enumerate(source):
        middle = page.rect.width / 2
        for half, (left, right) in {"left": (0, middle), "right": (middle, page.rect.width)}.items():
            pixmap = page.get_pixmap(matrix=scale, clip=fitz.Rect(left, 0, right, page.rect.height))
            write_face(pixmap, out / f"{number:03}-{half}.pdf")
            if half == "right" and number % 2 == 0:
                header = page.get_pixmap(matrix=scale, clip=fitz.Rect(left, 0, right, page.rect.height * HEADER_SHARE))
                header.save(out / f"{number:03}.png")
                subprocess.run(["tesseract", out / f"{number:03}.png", out / f"{number:03}", "-l", "fra"], check=True, capture_output=True)


if __name__ == "__main__":
    main()

"""Handwriting fonts as contours. Three sets that share no font: training, tuning (temperature, choices) and test (the sample generator's)."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from alphabet import CLASSES, NOTHING

HERE = Path(__file__).resolve().parent
TUNING = {"dekko", "mynerve", "the-girl-next-door", "shantell-sans", "gaegu", "waiting-for-the-sunrise"}
PRINT = {"open-sans", "pt-serif", "roboto-mono"}


class Flat(BasePen):
    """Contours as polylines."""

    def __init__(self, glyphs):
        super().__init__(glyphs)
        self.contours = []

    def _moveTo(self, point):
        self.contours.append([point])

    def _lineTo(self, point):
        # Long straight edges get points in between, so that they can bend.
        start = np.array(self.contours[-1][-1], float)
        count = max(1, int(np.hypot(*(np.array(point) - start)) / 120))
        for i in range(1, count + 1):
            self.contours[-1].append(tuple(start + (np.array(point) - start) * i / count))

    def _curveToOne(self, a, b, c):
        start = self.contours[-1][-1]
        for t in (0.25, 0.5, 0.75, 1.0):
            s = 1 - t
            self.contours[-1].append(tuple(s**3 * p + 3 * s * s * t * q + 3 * s * t * t * r + t**3 * e
                                           for p, q, r, e in zip(start, a, b, c)))


class Font:
    def __init__(self, path):
        self.name = path.name.removesuffix("-latin-400-normal.woff")
        font = TTFont(path)
        names, glyphs = font.getBestCmap(), font.getGlyphSet()

        def outline(character):
            if ord(character) not in names:
                return None
            pen = Flat(glyphs)
            glyphs[names[ord(character)]].draw(pen)
            return [np.array(c, float) for c in pen.contours if len(c) > 2] or None

        height = max(c[:, 1].max() for c in outline("H"))
        self.glyphs = {}
        for character in CLASSES:
            contours = outline(character) if character != NOTHING else None
            if contours is None:
                continue
            left = min(c[:, 0].min() for c in contours)
            width = (max(c[:, 0].max() for c in contours) - left) / height
            self.glyphs[character] = ([np.stack([(c[:, 0] - left) / height, 1 - c[:, 1] / height], axis=1) for c in contours], width)

    def glyph(self, character):
        return self.glyphs.get(character)


@lru_cache
def load(name):
    """Fonts of one set: train, tune or test."""
    folder = HERE.parent / "fonts" if name == "test" else HERE
    found = []
    for package in sorted((folder / "node_modules/@fontsource").iterdir()):
        if package.name in PRINT or (name != "test" and (package.name in TUNING) != (name == "tune")):
            continue
        found.append(Font(package / "files" / f"{package.name}-latin-400-normal.woff"))
    if not found:
        raise SystemExit("No fonts: run `npm ci` in tools/train-hand and tools/fonts.")
    return found


def choose(random, name):
    found = load(name)
    return found[random.integers(len(found))]

"""Korrigo's own small engine: compares each letter with the ways people draw it (skeletons.py). Standard library only.

Slow beside korrigo-hand and weaker, but of another kind: no network, no training, so its mistakes are not quite the same. It proves the
protocol wherever Korrigo runs.
"""

import math
import sys

from korrigo_engine import FOLDER, main

# Beside this file where Korrigo is installed; in a checkout, where the network is trained.
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "tools" / "train-hand")]
from skeletons import WAYS  # noqa: E402

GRID = 20  # cells of a letter's side
MARGIN = 4  # around it
SIDE = GRID + 2 * MARGIN
NARROWEST = 0.35  # width over height that a letter is stretched from; narrower ones stay narrow
SHEARS = (-0.2, 0.0, 0.2)
TEMPERATURE = 0.16  # cells of mean distance that make a letter e times less likely
FAR = 6.0  # cells: further is no worse
SPACE = 0.3  # of the line's height: a gap that separates letters when nobody says where they are


def curve(points):
    """Catmull-Rom through the points."""
    padded = [points[0], *points, points[-1]]
    drawn = []
    for i in range(1, len(padded) - 2):
        a, b, c, d = padded[i - 1:i + 3]
        for step in range(8):
            t = step / 8
            drawn.append([0.5 * (2 * b[k] + (c[k] - a[k]) * t + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t +
                                 (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t ** 3) for k in (0, 1)])
    return [*drawn, points[-1]]


def drawn(kind, points):
    if kind == "@":
        (left, top), (right, bottom) = points
        angles = [2 * math.pi * i / 24 for i in range(25)]
        return [[(left + right) / 2 + (right - left) / 2 * math.cos(a), (top + bottom) / 2 + (bottom - top) / 2 * math.sin(a)] for a in angles]
    return curve(points) if kind == "~" else points


def dotted(line, distance):
    """Points along a line, about `distance` apart."""
    dots = [line[0]]
    for (x0, y0), (x1, y1) in zip(line, line[1:]):
        steps = max(1, round(math.hypot(x1 - x0, y1 - y0) / distance))
        dots += [[x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps] for i in range(1, steps + 1)]
    return dots


def placed(points):
    """Cells of the grid, the extent of the points filling it; what is narrow stays so."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    height = max(bottom - top, 1e-6)
    width = max(right - left, NARROWEST * height)
    middle = (left + right) / 2
    cells = set()
    for x, y in points:
        column = MARGIN + int(((x - middle) / width + 0.5) * (GRID - 1) + 0.5)
        row = MARGIN + int((y - top) / height * (GRID - 1) + 0.5)
        cells.add(row * SIDE + column)
    return sorted(cells), math.log(width / height)


def distances(cells):
    """Of every cell to the nearest of `cells`: two sweeps, near enough to Euclid's."""
    field = [FAR] * (SIDE * SIDE)
    for cell in cells:
        field[cell] = 0.0
    sweeps = ((range(SIDE), ((-1, 0, 1), (0, -1, 1), (-1, -1, math.sqrt(2)), (1, -1, math.sqrt(2)))),
              (range(SIDE - 1, -1, -1), ((1, 0, 1), (0, 1, 1), (1, 1, math.sqrt(2)), (-1, 1, math.sqrt(2)))))
    for order, neighbours in sweeps:
        for y in order:
            for x in order:
                best = field[y * SIDE + x]
                for dx, dy, far in neighbours:
                    if 0 <= x + dx < SIDE and 0 <= y + dy < SIDE:
                        best = min(best, field[(y + dy) * SIDE + x + dx] + far)
                field[y * SIDE + x] = best
    return field


class Template:
    def __init__(self, character, weight, width, strokes, shear):
        points = []
        for kind, control in strokes:
            line = drawn(kind, control)
            points += dotted([[x * width - shear * y, y] for x, y in line], 1 / GRID)
        self.character = character
        self.prior = 0.04 * math.log(weight)
        self.cells, self.shape = placed(points)
        self.field = distances(self.cells)


def thinned(cells):
    """The middle of thick ink: cells whose every neighbour is ink go, as long as others of their stroke stay."""
    inside = set(cells)
    core = [cell for cell in cells if {cell - 1, cell + 1, cell - SIDE, cell + SIDE} <= inside]
    return core if len(core) * 4 > len(cells) else cells


class Strokes:
    name = "strokes"

    def __init__(self):
        self.templates = []

    def version(self):
        return "1"

    def load(self):
        if not self.templates:
            self.templates = [Template(character, weight, width, strokes, shear) for character, ways in WAYS.items() if character.isalnum()
                              for weight, width, strokes in ways for shear in SHEARS]

    def read(self, picture):
        self.load()
        rows = picture.rows
        paper = sorted(picture.gray)[len(picture.gray) * 3 // 4]
        darkest = sorted(picture.gray)[len(picture.gray) // 100]
        if paper - darkest < 40:
            return {"text": "", "confidence": 1.0, "letters": []}
        ink = (paper + darkest) // 2
        letters, text = [], ""
        for x, width in picture.boxes or letters_of(rows, ink):
            points = [(column, row) for row in range(picture.height) for column in range(max(0, x), min(picture.width, x + width))
                      if rows[row][column] < ink]
            likely = self.likely(points, picture.characters) if len(points) >= 4 else {"": 1.0}
            letters.append({"x": x, "width": width, "is": likely})
            text += max(likely, key=likely.get)
        sure = [max(letter["is"].values()) for letter in letters]
        return {"text": text, "confidence": sum(sure) / len(sure) if sure else 1.0, "letters": letters}

    def likely(self, points, characters):
        """{character: probability}, the likeliest six."""
        cells, shape = placed(points)
        cells = thinned(cells)
        field = distances(cells)
        best = {}
        for template in self.templates:
            if characters and template.character not in characters:
                continue
            missing = sum(field[cell] for cell in template.cells) / len(template.cells)
            extra = sum(template.field[cell] for cell in cells) / len(cells)
            distance = missing + extra + 0.6 * abs(shape - template.shape) - template.prior
            best[template.character] = min(best.get(template.character, FAR * 4), distance)
        nearest = min(best.values())
        weights = {character: math.exp((nearest - distance) / TEMPERATURE) for character, distance in best.items()}
        total = sum(weights.values())
        first = sorted(weights, key=weights.get, reverse=True)[:6]
        return {character: weights[character] / total for character in first}


def letters_of(rows, ink):
    """Columns with ink, cut where there is none for a while."""
    inked = [any(row[x] < ink for row in rows) for x in range(len(rows[0]))]
    gap = max(2, round(SPACE * len(rows) / 10))
    spans, start, last = [], None, -gap - 1
    for x, is_ink in enumerate(inked):
        if not is_ink:
            continue
        if start is not None and x - last > gap:
            spans.append((start, last + 1 - start))
            start = x
        start = x if start is None else start
        last = x
    if start is not None:
        spans.append((start, last + 1 - start))
    return spans


if __name__ == "__main__":
    main(Strokes())

"""Invented writers: each has a pen, a slant, habits, and writes characters either from stroke skeletons or in a font bent out of shape."""

import math

import cairo
import numpy as np

import fonts
import skeletons
from alphabet import BASES, MARKS

CURVE_POINTS = 7
FONT_SHARE = 0.35  # of writers; the others write from skeletons


def curve(points):
    """Catmull-Rom through the points."""
    p = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, CURVE_POINTS, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack(parts + [points[-1:]])


def oval(random, corners):
    """Pen strokes of a round letter: begun anywhere near the top, left open or written over."""
    (left, top), (right, bottom) = corners
    start = random.normal(-math.pi / 2, 0.5)
    sweep = 2 * math.pi * (1 + random.normal(0.02, 0.07))
    t = start - np.linspace(0, sweep, 26) * (1 if random.random() < 0.75 else -1)
    square = 1 - random.random() * 0.35  # below 1: towards a rounded rectangle
    x, y = np.cos(t), np.sin(t)
    drift = np.linspace(0, random.normal(0, 0.06), 26)
    return np.stack([(left + right) / 2 + (right - left) / 2 * np.sign(x) * np.abs(x) ** square + drift,
                     (top + bottom) / 2 + (bottom - top) / 2 * np.sign(y) * np.abs(y) ** square + drift], axis=1)


class Writer:
    """Letters are lists of polylines in units of the letter's height: x to the right from 0, y from 0 (top) to 1 (base line)."""

    def __init__(self, random, font_set=None):
        self.random = random
        self.font = fonts.choose(random, font_set) if font_set and random.random() < FONT_SHARE else None
        self.slant = random.normal(0.08, 0.16)
        self.width = math.exp(random.normal(0, 0.18))
        self.care = abs(random.normal(0.028, 0.02)) + 0.008  # how far points stray
        self.overshoot = random.normal(0, 0.05)
        self.pen = float(np.clip(math.exp(random.normal(math.log(5.2), 0.42)), 2.0, 13))  # pixels at 300 dpi
        self.pressure = random.random() * 0.5 if random.random() < 0.4 else 0
        self.joins = 0.35 if random.random() < 0.1 else 0.03
        self.turn = random.normal(0, 0.04)
        self.habits = {}

    def _way(self, character):
        """Mostly the writer's own way, now and then another."""
        ways = skeletons.WAYS[character]
        if character not in self.habits or self.random.random() < 0.15:
            weights = np.array([way[0] for way in ways])
            self.habits[character] = ways[self.random.choice(len(ways), p=weights / weights.sum())]
        return self.habits[character]

    def _strayed(self, points, width):
        points = np.array(points, dtype=float)
        points = points + self.random.normal(0, self.care, points.shape) * [1 / max(width, 0.35), 1]
        if len(points) > 1 and self.overshoot:
            for end, before in ((0, 1), (-1, -2)):
                points[end] += (points[end] - points[before]) * np.clip(self.random.normal(self.overshoot, 0.06), -0.15, 0.25)
        return points

    def _skeleton(self, character):
        _, width, strokes = self._way(character)
        lines = []
        for kind, points in strokes:
            offset = self.random.normal(0, self.care * 0.9, 2)
            if kind == "@":
                lines.append(oval(self.random, points) + offset)
                continue
            points = self._strayed(points, width) + offset
            rounded = kind == "~" or (len(points) > 2 and self.random.random() < 0.12)
            lines.append(curve(points) if rounded else points)
        width = width * self.width * math.exp(self.random.normal(0, 0.1))
        return [line * [width, 1] for line in lines], width

    def _marks(self, mark, width):
        strokes = skeletons.MARK_STROKES[mark]
        shift = self.random.normal(0, [0.12 * width, 0.06])
        scale = math.exp(self.random.normal(0, 0.25))
        lines = []
        for kind, points in strokes[self.random.integers(len(strokes))]:
            points = self._strayed(points, 0.6)
            middle = points.mean(axis=0)
            points = middle + (points - middle) * scale
            lines.append((curve(points) if kind == "~" and len(points) > 2 else points) * [max(width, 0.35), 1] + shift)
        return lines

    def _bent(self, lines, width):
        """A smooth bend of the whole letter, then slant and turn."""
        r = self.random
        bend = r.normal(0, 0.025, (2, 2))
        phase = r.random((2, 2)) * 6.28
        grow = r.normal(0, 0.08, 2)
        slant = self.slant + r.normal(0, 0.05)
        turn = self.turn + r.normal(0, 0.035)
        cos, sin = math.cos(turn), math.sin(turn)
        out = []
        for line in lines:
            x, y = line[:, 0] - width / 2, line[:, 1] - 0.5
            u = x * (1 + grow[0] * y) + bend[0, 0] * np.sin(5 * y + phase[0, 0]) + bend[0, 1] * np.sin(4 * x + phase[0, 1])
            v = y * (1 + grow[1] * x) + bend[1, 0] * np.sin(4 * y + phase[1, 0]) + bend[1, 1] * np.sin(5 * x + phase[1, 1])
            u = u - slant * v
            out.append(np.stack([cos * u - sin * v, sin * u + cos * v], axis=1) + [width / 2, 0.5])
        return out

    def letter(self, character):
        """(filled, lines): filled contours of a font or strokes of the pen."""
        glyph = self.font.glyph(character) if self.font is not None else None
        if glyph is not None:
            contours, width = glyph
            scale = self.width * math.exp(self.random.normal(0, 0.06))
            return True, self._bent([c * [scale, 1] for c in contours], width * scale)
        lines, width = self._skeleton(BASES.get(character, character))
        if character in MARKS:
            lines += self._marks(MARKS[character], width)
        elif self.joins and len(lines) > 1 and self.random.random() < self.joins:
            lines[0] = np.vstack([lines[0], lines[1]])  # the pen was not lifted
            del lines[1]
        return False, self._bent(lines, width)

    def draw(self, context, filled, lines):
        """Strokes or contours in pixels, in full alpha."""
        context.new_path()
        if filled:
            for contour in lines:
                context.move_to(*contour[0])
                for point in contour[1:]:
                    context.line_to(*point)
                context.close_path()
            extra = (self.pen - 4.5) * 0.6
            if extra > 0.3:
                context.fill_preserve()
                context.set_line_width(extra)
                context.stroke()
            else:
                context.fill()
            return
        for line in lines:
            self._stroke(context, line)

    def _stroke(self, context, line):
        width = self.pen * math.exp(self.random.normal(0, 0.06))
        if not self.pressure or len(line) < 4:
            context.move_to(*line[0])
            for point in line[1:]:
                context.line_to(*point)
            context.set_line_width(width)
            context.stroke()
            return
        t = np.linspace(0, 1, len(line))
        widths = width * (1 + self.pressure * np.sin(t * self.random.uniform(2, 7) + self.random.random() * 6.28))
        for a, b, w in zip(line, line[1:], widths):
            context.move_to(*a)
            context.line_to(*b)
            context.set_line_width(max(1.2, w))
            context.stroke()


def surface(width, height):
    made = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
    context = cairo.Context(made)
    context.set_line_cap(cairo.LINE_CAP_ROUND)
    context.set_line_join(cairo.LINE_JOIN_ROUND)
    return made, context


def coverage(made):
    made.flush()
    array = np.frombuffer(made.get_data(), np.uint8).reshape(made.get_height(), made.get_stride())
    return array[:, : made.get_width()]

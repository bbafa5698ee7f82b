"""Printed header forms, and their strips filled in by invented writers and scanned. Everything in pixels at 300 dpi."""

import math

import cairo
import cv2
import numpy as np

from writers import Writer, coverage, surface

WIDTH = 2480
PRINT_FONTS = ["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"]
TITLES = ["Devoir surveillé n° 3", "Contrôle continu", "Épreuve de NSI", "Examen blanc", "Bac blanc - Mathématiques"]
LAYOUTS = {"left-comb": 0.26, "left-gaps": 0.18, "left-ticks": 0.18, "above": 0.16, "frame": 0.14, "line": 0.08}
LINE_LENGTH = 1500
SLASH = np.array([(0.35, -0.05), (0.0, 1.1)])


class Form:
    """A printed form: `fields` holds the boxes (x, y, width, height) of last name, first name and birth date; a plain line is one wide box."""

    def __init__(self, random, layout):
        self.random, self.layout = random, layout
        self.box = random.uniform(58, 74)
        self.row = self.box * random.uniform(1.05, 1.3)
        self.gap = random.uniform(7, 14) if layout == "left-gaps" else 0.0
        self.date_gap = random.uniform(24, 40) if random.random() < 0.5 else 0.0
        self.grey = float(random.choice([40, 90, 120, 150, 175, 195]))
        self.thick = float(random.uniform(2, 4))
        self.dashes = [random.uniform(6, 14), random.uniform(4, 8)] if random.random() < 0.15 and layout != "left-ticks" else []
        self.fields, self.labels = [], []
        self._place()
        self._draw()

    def _boxes(self, x, y, count, date=False):
        lefts = [x + i * (self.box + self.gap) + (self.date_gap * ((i > 1) + (i > 3)) if date else 0) for i in range(count)]
        return [(left, y, self.box, self.row) for left in lefts]

    def _place(self):
        random, pitch = self.random, self.box + self.gap
        if self.layout == "above":
            self.top, left = 110, random.uniform(100, 160)
            count = min(14, int((WIDTH - 100 - left - 90) / 2 / pitch))
            right = left + count * pitch + random.uniform(60, 90)
            below = self.top + self.row + 85
            self.fields = [self._boxes(left, self.top, count), self._boxes(right, self.top, count), self._boxes(left, below, 8, True)]
            self.labels = [(left, self.top - 18), (right, self.top - 18), (left, below - 18)]
            self.height = int(below + self.row + 60)
            return
        self.top, left = random.uniform(95, 130), random.uniform(420, 520)
        step = self.row + random.uniform(32, 54)
        count = min(int(random.integers(16, 24)), int((WIDTH - 140 - left) / pitch))
        for i in range(3):
            y = self.top + i * step
            if self.layout == "line":
                self.fields.append([(left, y, LINE_LENGTH if i < 2 else 700, self.row)])
            else:
                self.fields.append(self._boxes(left, y, 8 if i == 2 else count, i == 2))
            self.labels.append((left - 290, y + self.row * 0.5 + 15))
        self.height = int(self.top + 3 * step + 40)

    def _text(self, text, x, y):
        self.context.move_to(x, y)
        self.context.show_text(text)

    def _draw(self):
        random = self.random
        made, c = surface(WIDTH, self.height)
        self.context = c
        weight = cairo.FONT_WEIGHT_BOLD if random.random() < 0.5 else cairo.FONT_WEIGHT_NORMAL
        c.select_font_face(str(random.choice(PRINT_FONTS)), cairo.FONT_SLANT_NORMAL, weight)
        c.set_font_size(random.uniform(38, 45))
        c.set_source_rgba(0, 0, 0, 0.92)
        self._text(str(random.choice(TITLES)), random.uniform(300, 800), 48)
        colon = " :" if random.random() < 0.6 else ""
        for name, (x, y) in zip(("NOM", "PRÉNOM", "NÉ(E) LE"), self.labels):
            self._text(name + colon, x, y)
        if self.date_gap and self.layout != "line":
            date = self.fields[2]
            for before in (2, 4):
                self._text("/", (date[before - 1][0] + self.box + date[before][0]) / 2 - 7, date[0][1] + self.row * 0.75)
        c.set_source_rgba(0, 0, 0, 1 - self.grey / 255)
        if self.layout == "frame":
            c.set_line_width(3)
            c.rectangle(60, self.top - 20, WIDTH - 120, self.height - self.top)
            c.stroke()
        c.set_line_width(self.thick)
        c.set_dash(self.dashes)
        for field in self.fields:
            self._draw_field(field)
        self.print = coverage(made).copy()

    def _draw_field(self, field):
        c, row = self.context, self.row
        for x, y, width, _ in field:
            if self.layout == "line":
                c.move_to(x, y + row)
                c.line_to(x + width, y + row)
            elif self.layout == "left-ticks":
                c.move_to(x, y + row - row * 0.32)
                c.line_to(x, y + row)
                c.line_to(x + width, y + row)
                c.line_to(x + width, y + row - row * 0.32)
            else:
                c.rectangle(x, y, width, row)
        c.stroke()


class Hand:
    """A writer and how he fills fields in."""

    def __init__(self, random, font_set):
        self.random = random
        self.writer = Writer(random, font_set)
        self.size = random.uniform(0.56, 0.88) if random.random() > 0.12 else random.uniform(0.9, 1.12)
        self.wander = random.uniform(0.01, 0.05)
        self.stays = random.random() < 0.75
        self.accents = random.random() < 0.4
        self.strength = random.uniform(0.4, 0.65) if random.random() < 0.12 else random.uniform(0.7, 1)
        self.skips = random.random() < 0.1
        font = self.writer.font
        self.name = font.name if font is not None else "strokes"

    def fill(self, context, field, text, row):
        if len(field) == 1:
            return self._along_line(context, field[0], text)
        for character, box in zip(text, field):
            if character != " ":
                self._in_box(context, box, character, row)

    def _in_box(self, context, box, character, row):
        random = self.random
        filled, lines = self.writer.letter(character)
        points = np.vstack(lines)
        size = self.size * row * math.exp(random.normal(0, 0.06))
        left, wide = points[:, 0].min() * size, np.ptp(points[:, 0]) * size
        squeeze = min(1.0, box[2] * (0.9 if self.stays else 1.12) / max(wide, 1))
        x = box[0] + box[2] / 2 + random.normal(0, 0.06) * box[2] - (wide / 2 + left) * squeeze
        y = box[1] + box[3] / 2 - size / 2 + random.normal(0.015, self.wander) * row
        self.writer.draw(context, filled, [line * [size * squeeze, size] + (x, y) for line in lines])

    def _along_line(self, context, line, text):
        random = self.random
        size = self.size * line[3] * 0.85
        x, base = line[0] + random.uniform(10, 60), line[1] + line[3] - random.uniform(4, 14)
        for character in text:
            if character == " ":
                x += size * 0.5
                continue
            filled, lines = (False, [SLASH]) if character == "/" else self.writer.letter(character)
            points = np.vstack(lines)
            own = size * math.exp(random.normal(0, 0.05))
            shift = (x - points[:, 0].min() * own, base - own + random.normal(0, self.wander) * size)
            self.writer.draw(context, filled, [piece * own + shift for piece in lines])
            x += np.ptp(points[:, 0]) * own + size * random.uniform(0.08, 0.25)


class Scanner:
    """Paper, light and compression of one exam's scanner; a grain that is read from another place each time."""

    def __init__(self, random):
        self.random = random
        self.grain = (random.standard_normal((900, 4096), dtype=np.float32) * abs(random.normal(0, 3))).astype(np.int16)
        self.blur = 0.4 + abs(random.normal(0, 0.4))
        self.reduction = random.uniform(1.4, 2.2) if random.random() < 0.15 else 1
        self.two_tone = random.random() < 0.06
        self.quality = int(random.uniform(40, 85))

    def scan(self, form, hand, texts):
        """The strip as JPEG, its turn in degrees, and how dark the ink is."""
        random = self.random
        angle = float(np.clip(random.normal(0, 0.6), -1.8, 1.8))
        shape = (WIDTH, form.height)
        place = cv2.getRotationMatrix2D((WIDTH / 2, form.height / 2), angle, 1)
        place[:, 2] += random.normal(0, 6, 2)
        made, context = surface(*shape)
        context.transform(cairo.Matrix(place[0, 0], place[1, 0], place[0, 1], place[1, 1], place[0, 2], place[1, 2]))
        for field, text in zip(form.fields, texts):
            hand.fill(context, field, text, form.row)
        ink = coverage(made).astype(np.float32)
        if hand.skips:
            worn = cv2.resize(random.random((form.height // 3, WIDTH // 3), dtype=np.float32), shape)
            ink *= np.clip((worn - random.uniform(0.1, 0.3)) * 6, 0.3, 1)
        page = 255 - cv2.warpAffine(form.print, place, shape).astype(np.float32)
        page *= 1 - ink * (hand.strength * random.uniform(0.85, 0.97) / 255)
        paper = random.uniform(222, 252)
        page *= paper / 255
        if self.reduction > 1:
            small = (int(WIDTH / self.reduction), int(form.height / self.reduction))
            page = cv2.resize(cv2.resize(page, small, interpolation=cv2.INTER_AREA), shape)
        page = cv2.GaussianBlur(page, (0, 0), self.blur)
        top, left = random.integers(900 - form.height), random.integers(4096 - WIDTH)
        page += self.grain[top : top + form.height, left : left + WIDTH]
        page = np.clip(page, 0, 255).astype(np.uint8)
        if self.two_tone:
            cut = paper * max(0.7, (1 + form.grey / 255) / 2)  # somebody saw to it that the form stays visible
            page = np.where(page < cut, 10, 255).astype(np.uint8)
        return cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1].tobytes(), angle

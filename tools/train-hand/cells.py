"""Rows of boxes filled in by an invented writer, scanned, freed of print and cut into letters, as backend/identification does it.

The second half (`binarised`, `cut_letters`, `normalised`) restates field_ink.cpp and ocr/letter_picture.cpp; change both together.
"""

import math

import cv2
import numpy as np

import alphabet
from writers import Writer, coverage, surface

MARGIN = 44
OVERHANG = 10
LEAST_PIXELS = 24
LEAST_INK = 60
SIDE = 32  # of the picture that the network sees
INSIDE = 28  # of it that the letter fills at most

NAMES = list(alphabet.NAME_WEIGHTS)
NAME_SHARES = np.array(list(alphabet.NAME_WEIGHTS.values())) / sum(alphabet.NAME_WEIGHTS.values())


def text_for(random, count, digits):
    """Characters for the boxes, a blank for a box that stays empty."""
    if digits:
        text = list(random.choice(list(alphabet.DIGITS), count))
    else:
        text = list(random.choice(NAMES, count, p=NAME_SHARES))
    return [" " if random.random() < 0.1 else c for c in text]


class Row:
    """A row of boxes with its letters; everything in pixels at 300 dpi."""

    def __init__(self, random, writer, count, digits):
        self.random = random
        self.digits = digits
        box_width = random.uniform(46, 76) if random.random() < 0.85 else random.uniform(76, 110)
        self.height = int(box_width * random.uniform(1.0, 1.45)) if box_width < 90 else int(box_width * random.uniform(0.8, 1.2))
        gap = random.uniform(6, 20) if random.random() < 0.2 else 0
        self.boxes = [(int(MARGIN + i * (box_width + gap)), MARGIN, int(box_width), self.height) for i in range(count)]
        self.ticks = random.random() < 0.3
        self.open_lines = random.random() < 0.1  # a base line only
        self.shape = (self.height + 2 * MARGIN, int(self.boxes[-1][0] + box_width + MARGIN))
        self.text = text_for(random, count, digits)
        self._write(writer)

    def _write(self, writer):
        random = self.random
        made, context = surface(self.shape[1], self.shape[0])
        size = np.clip(random.normal(0.74, 0.13), 0.42, 1.15) * self.height
        wander = random.uniform(0.01, 0.06)
        drop = random.normal(0.02, 0.05) * self.height
        fit = random.random() < 0.7  # most keep each letter inside its box
        self.extents = []
        for character, (x, y, width, height) in zip(self.text, self.boxes):
            if character == " ":
                self.extents.append(None)
                continue
            filled, lines = writer.letter(character)
            points = np.vstack(lines)
            scale = size * math.exp(random.normal(0, 0.07))
            wide = (points[:, 0].max() - points[:, 0].min()) * scale
            if character in "-'" or not fit:
                squeeze = 1.0
            else:
                squeeze = min(1.0, width * random.uniform(0.75, 1.05) / max(wide, 1))
            left = points[:, 0].min() * scale * squeeze
            centre = x + width / 2 + random.normal(0, 0.07) * width
            origin = np.array([centre - wide * squeeze / 2 - left, y + height / 2 - scale / 2 + drop + random.normal(0, wander) * height])
            placed = [line * [scale * squeeze, scale] + origin for line in lines]
            writer.draw(context, filled, placed)
            p = np.vstack(placed)
            self.extents.append((p[:, 0].min(), p[:, 1].min(), p[:, 0].max(), p[:, 1].max()))
        self.ink = coverage(made).astype(np.float32) / 255
        if random.random() < 0.2:  # a ball pen that skips, a dry marker
            grain = cv2.resize(random.random((self.shape[0] // 3 + 1, self.shape[1] // 3 + 1)).astype(np.float32), self.shape[::-1])
            self.ink *= np.clip((grain - random.uniform(0.15, 0.4)) * 6, random.uniform(0, 0.6), 1)

    def _print(self, paper):
        tone = int(self.random.uniform(20, 215))
        thick = int(self.random.integers(2, 5))
        page = np.full(self.shape, paper, np.float32)
        for x, y, width, height in self.boxes:
            if self.open_lines:
                cv2.line(page, (x, y + height), (x + width, y + height), tone, thick)
            elif self.ticks:
                tick = int(height * 0.3)
                cv2.line(page, (x, y + height), (x + width, y + height), tone, thick)
                for side in (x, x + width):
                    cv2.line(page, (side, y + height - tick), (side, y + height), tone, thick)
            else:
                cv2.rectangle(page, (x, y), (x + width, y + height), tone, thick)
        return page, thick

    def scanned(self):
        """(page with ink, bare page, thickness of its lines) as a scanner gives them."""
        random = self.random
        paper = random.uniform(205, 255)
        bare, thick = self._print(paper)
        strength = random.uniform(0.35, 0.75) if random.random() < 0.2 else random.uniform(0.7, 1.0)
        tone = random.uniform(10, 110)
        page = bare * (1 - self.ink * strength) + np.minimum(bare, tone) * self.ink * strength
        blur = abs(random.normal(0, 0.8)) + 0.3
        reduction = random.uniform(1.3, 2.8) if random.random() < 0.25 else 1
        out = []
        for picture in (page, bare):
            if reduction > 1:
                small = (int(self.shape[1] / reduction), int(self.shape[0] / reduction))
                picture = cv2.resize(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), self.shape[::-1], interpolation=cv2.INTER_LINEAR)
            out.append(cv2.GaussianBlur(picture, (0, 0), blur))
        page, bare = out
        noise = abs(random.normal(0, 4))
        page = page + random.standard_normal(self.shape, dtype=np.float32) * noise
        if random.random() < 0.08:  # two tones
            cut = paper * random.uniform(0.55, 0.8)
            page = np.where(page < cut, 10.0, paper)
            bare = np.where(bare < cut, 10.0, paper)
        page = np.clip(page, 0, 255).astype(np.uint8)
        if random.random() < 0.6:
            _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, int(random.uniform(30, 92))])
            page = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
        return page, np.clip(bare, 0, 255).astype(np.uint8), thick, int(paper)

    def writing(self):
        """What without_print leaves: dark ink on white."""
        page, bare, thick, paper = self.scanned()
        random = self.random
        if random.random() < 0.5:  # a learned form is subtracted, a little off its place
            move = np.float32([[1, 0, random.normal(0, 0.7)], [0, 1, random.normal(0, 0.7)]])
            bare = cv2.warpAffine(bare, move, self.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
            bare = cv2.erode(bare, np.ones((3, 3), np.uint8))
            return 255 - np.clip(bare.astype(int) - page, 0, 255).astype(np.uint8)
        writing = page.copy()  # lines seen once are painted over, ink and all
        half = int(math.ceil(thick / 2)) + 1
        for x, y, width, height in self.boxes:
            if random.random() < 0.9:
                off = int(round(random.normal(0, 0.8)))
                rows = [y + height] if self.ticks or self.open_lines else [y, y + height]
                for row in rows:
                    writing[row - half + off : row + half + 1 + off, x : x + width + 1] = paper
            if not self.open_lines:
                for side in (x, x + width):
                    if random.random() < 0.95:
                        off = int(round(random.normal(0, 1.2)))
                        writing[y - 2 : y + height + 2, side - 4 + off : side + 5 + off] = paper
        return np.minimum(255, writing.astype(int) + 255 - paper).astype(np.uint8)


def binarised(picture, window=31, sensitivity=0.2, least_contrast=24.0):
    values = picture.astype(np.float32)
    mean = cv2.boxFilter(values, cv2.CV_32F, (window, window), borderType=cv2.BORDER_REPLICATE)
    square = cv2.sqrBoxFilter(values, cv2.CV_32F, (window, window), borderType=cv2.BORDER_REPLICATE)
    deviation = np.sqrt(np.maximum(0, square - mean * mean))
    sauvola = mean * (1 + sensitivity * (deviation / 128 - 1))
    faint = mean - np.maximum(least_contrast, deviation)
    return (values < np.maximum(np.maximum(sauvola, faint), 0.35 * 255)).astype(np.uint8)


def is_edge(stroke, box):
    x, y, width, height = stroke
    upright = width <= 5 and height > 3 * width and (abs(x - box[0]) < 6 or abs(x + width - box[0] - box[2]) < 6)
    flat = height <= 5 and (abs(y - box[1]) < 8 or abs(y + height - box[1] - box[3]) < 8)
    return upright or flat


def united(a, b):
    if a is None:
        return b
    left, top = min(a[0], b[0]), min(a[1], b[1])
    return (left, top, max(a[0] + a[2], b[0] + b[2]) - left, max(a[1] + a[3], b[1] + b[3]) - top)


def intersected(a, b):
    left, top = max(a[0], b[0]), max(a[1], b[1])
    return (left, top, min(a[0] + a[2], b[0] + b[2]) - left, min(a[1] + a[3], b[1] + b[3]) - top)


def cut_letters(writing, boxes):
    """[(box index, rectangle)] as field_ink.cpp's cut_letters."""
    left, top = boxes[0][0] - OVERHANG, boxes[0][1] - OVERHANG
    right, bottom = boxes[-1][0] + boxes[-1][2] + OVERHANG, boxes[0][1] + boxes[0][3] + OVERHANG
    count, _, stats, _ = cv2.connectedComponentsWithStats(binarised(writing[top:bottom, left:right]), connectivity=8)
    strokes = [(int(s[0]) + left, int(s[1]) + top, int(s[2]), int(s[3]), int(s[4])) for s in stats[1:count] if s[4] >= LEAST_PIXELS]
    letters = []
    for i, box in enumerate(boxes):
        reach = (box[0] - OVERHANG, box[1] - OVERHANG, box[2] + 2 * OVERHANG, box[3] + 2 * OVERHANG)
        letter, pixels = None, 0
        for x, y, width, height, area in strokes:
            wide = width > box[2] * 3 // 2
            if wide:
                mine = x < box[0] + box[2] - 8 and x + width > box[0] + 8
            else:
                mine = box[0] <= x + width // 2 < box[0] + box[2]
            if not mine or is_edge((x, y, width, height), box):
                continue
            letter = united(letter, intersected((x, y, width, height), box if wide else reach))
            pixels += area // 2 if wide else area
        if pixels >= LEAST_INK and letter[3] >= 12 and letter[2] > 0:
            letters.append((i, letter))
    return letters


def normalised(writing, letter, box_height):
    """The network's picture: ink white on black, as dark as print, centred; small signs stay small."""
    x, y, width, height = letter
    ink = 255 - writing[max(0, y) : y + height, max(0, x) : x + width].astype(np.float32)
    height, width = ink.shape
    darkest = np.sort(ink, axis=None)[-(ink.size // 50) - 1]
    ink = np.minimum(255, ink * (225 / max(30.0, float(darkest))))
    scale = INSIDE / max(height, width, 0.45 * box_height)
    to = (max(1, int(width * scale + 0.5)), max(1, int(height * scale + 0.5)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink, to, interpolation=method)
    picture = np.zeros((SIDE, SIDE), np.uint8)
    left, top = (SIDE - to[0]) // 2, (SIDE - to[1]) // 2
    picture[top : top + to[1], left : left + to[0]] = small
    return picture


def label_of(row, box, letter):
    """The character that the cut shows; None when it shows too little of one or parts of several."""
    extent = row.extents[box]
    if extent is not None:
        left, top, right, bottom = extent
        across = max(0, min(right, letter[0] + letter[2]) - max(left, letter[0]) + 4) / (right - left + 4)
        down = max(0, min(bottom, letter[1] + letter[3]) - max(top, letter[1]) + 4) / (bottom - top + 4)
        if across * down >= 0.6:
            return row.text[box]
        return None if across * down > 0.1 else alphabet.NOTHING
    return alphabet.NOTHING


def made_letters(random, font_set, count=8):
    """Cut letters of one row: [(picture, class index, digits)]."""
    digits = random.random() < 0.3
    row = Row(random, Writer(random, font_set), count, digits)
    writing = row.writing()
    off = random.normal(0, 1.2, 4)
    found = [(int(x + off[0]), int(y + off[1]), int(w + off[2]), int(h + off[3])) for x, y, w, h in row.boxes]
    made = []
    for box, letter in cut_letters(writing, found):
        label = label_of(row, box, letter)
        if label is not None:
            made.append((normalised(writing, letter, found[box][3]), alphabet.index(label), digits))
    return made

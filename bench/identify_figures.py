"""What a set of answers of `korrigo identify` is worth against the truth: shares, letters right, confidence against being right."""

import unicodedata
from collections import Counter

BINS = 15
MODES = ("AUTO", "SEMI_AUTO", "MANUAL")
WRITTEN = {"nom": "written_last", "prenom": "written_first", "date_naissance": "written_date"}


def folded(text):
    """Letters and digits alone, capitals without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text).upper() if c.isalnum() and not unicodedata.combining(c))


def edits(read, written):
    """Letters to change, add or take away (Levenshtein)."""
    row = list(range(len(read) + 1))
    for i, b in enumerate(written, 1):
        before, row[0] = row[0], i
        for j, a in enumerate(read, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


class Header:
    """One answer beside its truth. A writer who is not on the roster has no e-mail; nobody may be named then."""

    def __init__(self, corpus, answer, truth):
        self.picture = corpus / "images" / answer["file"]
        self.answer, self.truth = answer, truth
        self.email = truth["email"] or None
        self.agreeing = truth.get("roster_rows_agreeing", "1")
        self.decidable = self.email is not None and self.agreeing == "1"
        self.mode = answer["mode"]
        named = [candidate["email"] for candidate in answer["candidates"]]
        self.first_right = named[:1] == [self.email]
        self.among_five = self.email in named[:5]
        self.automatic = self.mode == "AUTO"
        # Readings that fit two students are no answer, even when the guess was lucky.
        self.wrong = self.automatic and (answer["student"]["email"] != self.email or self.agreeing not in ("0", "1"))
        self.confidence = answer["candidates"][0]["confidence"] if answer["candidates"] else 0.0

    def letters(self):
        """{"letters": (right, written), "digits": ...}: of what was written, what was read."""
        counts = {"letters": [0, 0], "digits": [0, 0]}
        for field, column in WRITTEN.items():
            written = folded(self.truth.get(column) or "")
            count = counts["digits" if field == "date_naissance" else "letters"]
            count[0] += max(0, len(written) - edits(folded(self.answer["readings"].get(field, "")), written))
            count[1] += len(written)
        return counts

    def described(self):
        first = self.answer["candidates"][0] if self.answer["candidates"] else {"email": None, "confidence": 0}
        return (f"{self.picture.parent.parent.name}/{self.picture.name} {self.truth['layout']}: wrote {self.truth['written_last']} "
                f"{self.truth['written_first']} {self.truth['written_date']} ({self.email}), read {self.answer['readings']}, "
                f"{self.mode} {first['email']} {first['confidence']:.4f}, {self.agreeing} rows agree")


def summary(headers):
    modes = Counter(header.mode for header in headers)
    decidable = [header for header in headers if header.decidable]
    counts = {"letters": [0, 0], "digits": [0, 0]}
    for header in headers:
        for kind, (right, written) in header.letters().items():
            counts[kind][0] += right
            counts[kind][1] += written
    return {
        "headers": len(headers), "modes": {mode: modes[mode] for mode in MODES}, "decidable": len(decidable),
        "automatic_of_decidable": sum(header.automatic for header in decidable), "wrong": sum(header.wrong for header in headers),
        "first_right": sum(header.first_right for header in decidable), "among_five": sum(header.among_five for header in decidable),
        **{kind: right / written if written else None for kind, (right, written) in counts.items()},
    }


def grouped(headers, column):
    groups = {}
    for header in headers:
        groups.setdefault(header.truth.get(column) or "-", []).append(header)
    return {name: summary(members) for name, members in sorted(groups.items())}


def reliability(headers, bins=BINS):
    """([(confidence, share right, count)] in bins of equal count, expected calibration error): is the first candidate as often right as it claims?"""
    points = sorted((header.confidence, header.first_right) for header in headers if header.answer["candidates"])
    out = []
    for b in range(min(bins, len(points))):
        part = points[b * len(points) // bins : (b + 1) * len(points) // bins]
        if part:
            out.append((sum(p[0] for p in part) / len(part), sum(p[1] for p in part) / len(part), len(part)))
    error = sum(count * abs(claimed - right) for claimed, right, count in out) / max(1, len(points))
    return out, error

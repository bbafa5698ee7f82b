"""The characters that korrigo-hand tells apart, in the order of the network's outputs."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
ACCENTED = "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ"
SIGNS = "-'"
NOTHING = " "  # a remnant of the form, a speck, a stroke of the neighbour
CLASSES = LETTERS + DIGITS + ACCENTED + SIGNS + NOTHING

BASES = dict(zip(ACCENTED, "AAACEEEEIIOOUUU"))
MARKS = dict(zip(ACCENTED, ["grave", "circumflex", "trema", "cedilla", "acute", "grave", "circumflex", "trema",
                            "circumflex", "trema", "circumflex", "trema", "grave", "circumflex", "trema"]))
# How often a character stands in a box of a name, roughly as in French names.
NAME_WEIGHTS = {**{c: 1.0 for c in LETTERS}, **{c: 0.35 for c in "KWXQZ"}, **{c: 0.25 for c in ACCENTED},
                **{c: 1.5 for c in "AEILNRMU"}, "É": 0.7, "-": 0.9, "'": 0.5}


def index(character):
    return CLASSES.index(character)


def allowed(digits):
    """Indices that a field of digits (or of names) may hold: what lies outside is no part of the softmax."""
    return [i for i, c in enumerate(CLASSES) if c in SIGNS + NOTHING or (c in DIGITS) == digits]

"""An exam's figures worked out anew, in fractions, from what a script marked itself. Nothing here comes from the server."""

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


@dataclass
class Marked:
    """What was given to one copy. Points are fractions; a delta is (points, question or None)."""

    student: dict
    corrector: str
    scores: dict = field(default_factory=dict)
    deltas: list = field(default_factory=list)
    remarks: dict = field(default_factory=dict)
    appreciation: str = ""
    annotations: int = 0


def exact(number):
    return Fraction(str(number))


def leaves(questions):
    for question in questions:
        if "children" in question:
            yield from leaves(question["children"])
        else:
            yield question["id"], exact(question["points"])


def worth(question, scores):
    """Points of a question: of its leaf at most what it takes, of a parent its bonuses and the best of the others."""
    if "children" not in question:
        return min(scores.get(question["id"], Fraction(0)), exact(question["points"]))
    counted = sorted((worth(child, scores) for child in question["children"] if not child.get("bonus")), reverse=True)
    return sum(counted[:question.get("best")], Fraction(0)) + sum((worth(child, scores) for child in question["children"] if child.get("bonus")), Fraction(0))


def maximum(bareme):
    return sum((exact(question["points"]) for question in bareme if not question.get("bonus")), Fraction(0))


def total(bareme, copy):
    known = dict(leaves(bareme))
    beside = sum((points for points, question in copy.deltas if question not in known or question not in copy.scores), Fraction(0))
    return max(Fraction(0), min(maximum(bareme), beside + sum((worth(question, copy.scores) for question in bareme), Fraction(0))))


def moved(before, after, copy):
    """What another barème does to a finished copy: totals, questions to score again, scores that count nowhere."""
    old, new = dict(leaves(before)), dict(leaves(after))
    again = [question for question in new if question in old and copy.scores.get(question, 0) > new[question]]
    return total(before, copy), total(after, copy), again, sorted(question for question in copy.scores if question in old and question not in new)


def hundredths(number):
    """Text with a comma and two decimals, half up."""
    return str((Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")


def short(number):
    """As on a PDF: without needless zeros."""
    text = hundredths(number)
    return text.rstrip("0").rstrip(",")


def of_20(bareme, copy):
    return hundredths(total(bareme, copy) * 20 / maximum(bareme))


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def variance(values):
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values])


def quantile(values, part):
    values, place = sorted(values), part * (len(values) - 1)
    below = math.floor(place)
    return values[below] + (values[min(below + 1, len(values) - 1)] - values[below]) * (place - below)


def spread(values):
    return {"count": len(values), "mean": mean(values), "median": quantile(values, Fraction(1, 2)), "deviation": math.sqrt(variance(values)),
            "first_quartile": quantile(values, Fraction(1, 4)), "third_quartile": quantile(values, Fraction(3, 4)), "min": min(values), "max": max(values)}


def correlation(one, other):
    together = mean([a * b for a, b in zip(one, other)]) - mean(one) * mean(other)
    return float(together) / math.sqrt(variance(one) * variance(other))


def points_of(question, copies):
    return [copy.scores.get(question, Fraction(0)) for copy in copies]


def alpha(bareme, copies):
    """Cronbach's, over the questions of the barème; one without score counts as 0."""
    asked = [question for question, _ in leaves(bareme)]
    whole = [sum((copy.scores.get(question, Fraction(0)) for question in asked), Fraction(0)) for copy in copies]
    parts = sum(variance(points_of(question, copies)) for question in asked)
    return Fraction(len(asked), len(asked) - 1) * (1 - parts / variance(whole))


def question_figures(bareme, copies):
    """For each question, over the copies that have a score for it."""
    figures = {}
    for question, most in leaves(bareme):
        scored = [copy for copy in copies if question in copy.scores]
        points = points_of(question, scored)
        rest = [total(bareme, copy) - value for copy, value in zip(scored, points)]
        figures[question] = {**spread(points), "none_count": points.count(0), "all_count": points.count(most), "difficulty": mean(points) / most,
                             "discrimination": correlation(points, rest)}
    return figures

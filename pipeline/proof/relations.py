"""What an identity may say of its cells: a sum, a bound, a percentage, a product. Pure arithmetic.

Amounts are whole fen; what is no money is its number times `Cell.scale`. A percentage of 12.8 is the number 12.8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Literal

Status = Literal["exact", "within_rounding", "broken", "not_applicable"]
Slot = tuple[str, int, str, str]  # statement, row order (0 where the row is not printed), item, measure
Relation = Literal[
    "equal",
    "at_most",  # left ≤ right
    "percentage_of_previous",  # left = (current − previous) / previous; right: current, previous
    "percentage_of_change",  # left = change / (current − change); right: current, change
    "product",  # left = quantity × price; right: quantity, price
    "product_at_most",
    "product_at_least",
]
BOUNDS = frozenset({"at_most", "product_at_most", "product_at_least"})
PERCENTAGES = frozenset({"percentage_of_previous", "percentage_of_change"})
FEN = 100  # a number is kept as this many parts of one

Interval = tuple[Fraction | None, Fraction | None]  # None: without end


def inside(number: Fraction, between: Interval) -> bool:
    low, high = between
    return (low is None or low <= number) and (high is None or number <= high)


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed number: where it stands, its amount in fen, and half a unit of its last printed digit in fen.

    ``scale``: parts of one that ``fen`` and ``half_digit`` count; 100 but for quantities with more than two decimals.
    """

    slot: Slot
    fen: int
    half_digit: float = 0.0
    scale: int = FEN


def slack(at_most: bool, cells: Sequence[Cell], scale: int = FEN) -> float:
    """How far a sum of these may be off, in parts of one. A copy in the same unit is equal to the last digit."""
    digits = [cell.half_digit * scale / cell.scale for cell in cells]
    if len(digits) <= 2 and len(set(digits)) == 1 and not at_most:
        return 0.0
    return sum(digits)


def linear_status(at_most: bool, difference: int, cells: Sequence[Cell], scale: int = FEN) -> Status:
    """``difference``: left less right, in parts of one."""
    if difference == 0 or (at_most and difference < 0):
        return "exact"
    return "within_rounding" if abs(difference) <= slack(at_most, cells, scale) else "broken"


def holds(relation: Relation, cells: Sequence[Cell]) -> tuple[Status, int] | None:
    """Status, and what the left cell should be in fen. None where the cells are not the three that are needed."""
    if len(cells) != 3:
        return None
    left, first, second = (Fraction(cell.fen, cell.scale) for cell in cells)
    if relation in PERCENTAGES:
        base = second if relation == "percentage_of_previous" else first - second
        if base < 0:
            return None
        if base == 0:  # no percentage can be right
            return ("broken" if left or first else "exact"), 0
        value = _percentage(relation, first, second)
        step = Fraction(cells[0].half_digit * 2) / cells[0].scale
        if abs(left - value) * 2 <= step:
            return "exact", round(value * FEN)
        low, high = _range(relation, cells, 0)
        inside = (low is None or low <= left) and (high is None or left <= high)
        return ("within_rounding" if inside else "broken"), round(value * FEN)
    value = first * second
    low, high = _range("product", cells, 0)
    if left == value or (relation == "product_at_most" and left < value):
        status: Status = "exact"
    elif relation == "product_at_least" and left > value:
        status = "exact"
    else:
        status = "within_rounding" if low is not None and high is not None and low <= left <= high else "broken"
    return status, round(value * FEN)


def feasible(relation: Relation, cells: Sequence[Cell], values: Sequence[Fraction], place: int) -> Interval | None:
    """Which numbers of the cell at ``place`` (of three) make the relation hold, the others being ``values``.

    None: no number does. The cells say how finely each is printed.
    """
    low, high = _range(relation, cells, place, values)
    if relation == "product_at_most":
        return (None, high) if place == 0 else (low, None)
    if relation == "product_at_least":
        return (low, None) if place == 0 else (None, high)
    if low is not None and high is not None and low > high:
        return None
    return low, high


def told(relation: Relation, first: Fraction, second: Fraction) -> Fraction | None:
    """What the left cell is by the two others, to the last digit; None where it is only bounded or undefined."""
    if relation in PERCENTAGES:
        base = second if relation == "percentage_of_previous" else first - second
        return _percentage(relation, first, second) if base else None
    return first * second if relation == "product" else None


def _percentage(relation: Relation, first: Fraction, second: Fraction) -> Fraction:
    base = second if relation == "percentage_of_previous" else first - second
    return (first / base - 1) * 100


def _range(relation: Relation, cells: Sequence[Cell], place: int, values: Sequence[Fraction] | None = None) -> Interval:
    """The least and the greatest number at ``place`` when each other is anything that it may be rounded from."""
    numbers = [Fraction(cell.fen, cell.scale) for cell in cells] if values is None else list(values)
    halves = [Fraction(cell.half_digit) / cell.scale for cell in cells]
    if relation not in PERCENTAGES:
        halves[1] = Fraction(0)  # a quantity is a count
    others = [n for n in range(3) if n != place]
    corners = list(product(*((numbers[n] - halves[n], numbers[n] + halves[n]) for n in others)))
    found = [number for corner in corners for number in _solve(relation, place, *corner)]
    if not found:
        return Fraction(1), Fraction(0)
    if len(found) < len(corners) or (place == 1 and relation == "percentage_of_change" and _crosses_zero(corners)):
        # a divisor may be nothing: the number may be anything, or anything upwards
        return (min(found) - halves[place] if relation == "percentage_of_previous" else None), None
    return min(found) - halves[place], max(found) + halves[place]


def _crosses_zero(corners: Sequence[tuple[Fraction, ...]]) -> bool:
    return min(corner[0] for corner in corners) < 0 < max(corner[0] for corner in corners)


def _solve(relation: Relation, place: int, a: Fraction, b: Fraction) -> Iterator[Fraction]:
    """The cell at ``place`` from the two others, in their order; nothing where it cannot be told."""
    if relation == "percentage_of_previous":
        top, bottom = ((a, b), (b * (1 + a / 100), Fraction(1)), (b, 1 + a / 100))[place]
        if bottom > 0:
            yield (top / bottom - 1) * 100 if place == 0 else top / bottom
    elif relation == "percentage_of_change":
        if place == 0 and a - b > 0:
            yield b / (a - b) * 100
        elif place == 1 and a:  # change and percentage
            yield b * (1 + a / 100) / (a / 100)
        elif place == 2 and 1 + a / 100 > 0:  # percentage and current
            yield b - b / (1 + a / 100)
    elif place == 0:
        yield a * b
    elif b:
        yield a / b

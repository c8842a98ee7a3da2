"""A printed figure → the cell that the engine calculates with: whole fen, and how finely the number is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from pipeline.annexes.model import ANNEXES
from pipeline.forms.disclosure import Figure
from pipeline.forms.printed import decimals, parse_amount
from pipeline.proof.relations import FEN, Cell, Slot

_MOST_DECIMALS = 6  # of a quantity


def place_of(figure: Figure) -> Slot:
    """The statement, row, item and column in which it is printed."""
    return figure.statement, figure.row_order, figure.item, figure.measure


Finest = Mapping[tuple[str, str], float]  # statement, measure → half of the last digit that the column prints, in fen


def cells_of(figures: Iterable[Figure], units: Mapping[str, int], finest: Finest) -> list[Cell]:
    """The cells of these figures, in their order."""
    return [cell_of(figure, units, finest) for figure in figures]


def finest_digits(figures: Iterable[Figure], units: Mapping[str, int]) -> Finest:
    """How finely each column of a statement prints: a number that shows fewer digits is no coarser."""
    found: dict[tuple[str, str], float] = {}
    for figure in figures:
        if figure.statement not in ANNEXES:
            column = figure.statement, figure.measure
            half = _half_digit(figure, units)
            found[column] = min(half, found.get(column, half))
    return found


def cell_of(figure: Figure, units: Mapping[str, int], finest: Finest | None = None) -> Cell:
    """Money in fen, what is none to so many decimals as it has; beside it half of the last printed digit.

    ``units``: yuan per printed unit.
    """
    if not figure.is_money:
        printed = decimals(figure.text_as_printed)
        exponent = int(figure.amount_yuan.normalize().as_tuple().exponent)
        scale = 10 ** min(max(2, -exponent), _MOST_DECIMALS)
        return Cell(place_of(figure), int(figure.amount_yuan * scale), scale / 10**printed / 2, scale)
    half_digit = _half_digit(figure, units)
    of_column = (finest or {}).get((figure.statement, figure.measure), half_digit)
    return Cell(place_of(figure), int(figure.amount_yuan * FEN), min(half_digit, of_column))


def _half_digit(figure: Figure, units: Mapping[str, int]) -> float:
    return yuan_per_unit(figure, units) * FEN / 10.0 ** decimals(figure.text_as_printed) / 2


def usual_steps(figures: Iterable[Figure], units: Mapping[str, int]) -> dict[int, Fraction]:
    """How finely the numbers of prose and annexes are printed: to 0.01 of their unit."""
    return {
        n: Fraction(yuan_per_unit(figure, units) if figure.is_money else 1) / 100
        for n, figure in enumerate(figures)
        if figure.statement in ANNEXES
    }


def yuan_per_unit(figure: Figure, units: Mapping[str, int]) -> float:
    """Of a unit that the form does not list (元/人) the figure itself tells."""
    if (known := units.get(figure.printed_unit)) is not None:
        return known
    number = parse_amount(figure.text_as_printed)
    return abs(float(figure.amount_yuan / number)) if number else 1.0

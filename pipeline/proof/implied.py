"""Which number belongs at a place that is wrong, and what sort of slip explains the printed one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from pipeline.proof.locate import Place
from pipeline.proof.relations import Interval, inside
from pipeline.proof.slips import slip, slips_within
from pipeline.proof.trial import Trial

TRUNCATED = "truncated instead of rounded"


@dataclass(frozen=True, slots=True)
class Option:
    """A place with the broken checks that a number in ``between`` mends."""

    place: Place
    mends: frozenset[int]
    between: Interval


def implied_number(trial: Trial, option: Option) -> Fraction | None:
    """The number that belongs there, as finely as such a place prints; None where there are several."""
    own = trial.step(option.place)
    step = trial.usual.get(option.place, own) if isinstance(option.place, int) else own
    soft = [n for n in trial.of_place[option.place] if trial.checks[n].identity.severity == "soft"]
    for n in sorted((*option.mends, *soft), key=lambda n: (n in soft, trial.slack[n], n)):
        centre = trial.centre(n, option.place)
        if centre is None or (n in soft and not trial.breaks(n)):
            continue
        for number in (_rounded(centre, step), _rounded(centre, Fraction(1, 100))):
            if inside(number, option.between):
                return number
    if all(trial.checks[n].identity.at_most for n in option.mends):
        return None
    low, high = option.between
    if low is not None and high is not None and high - low < 2 * step:
        first, last = -(-low // step), high // step
        if first == last:
            return first * step
    numbers = _slips(trial, option)
    return numbers[0] if len(numbers) == 1 else None


def hint(trial: Trial, option: Option, number: Fraction | None) -> str:
    """What sort of slip turned ``number``, which belongs there, into the printed one."""
    if not isinstance(option.place, int):
        return ""
    if copied := _copied(trial, option.place):
        return copied
    if number is None:
        return "a simple slip" if _slips(trial, option) else ""
    if _is_truncated(trial, option.place, option.mends):
        return TRUNCATED
    told = slip(trial.value[option.place], number, trial.step(option.place))
    return told or ("a simple slip" if _slips(trial, option) else "")


def _slips(trial: Trial, option: Option) -> list[Fraction]:
    if not isinstance(option.place, int) or all(trial.checks[n].identity.at_most for n in option.mends):
        return []
    return slips_within(trial.value[option.place], trial.step(option.place), option.between)


def _copied(trial: Trial, place: int) -> str:
    """A percentage that the row before prints, where it is right."""
    statement, order, _, measure = trial.cells[place].slot
    if measure != "percentage":
        return ""
    slots = ((i, trial.cells[i].slot) for i in trial.percentages)
    before = [i for i, slot in slots if slot[0] == statement and slot[1] < order]
    latest = max(before, key=lambda i: trial.cells[i].slot[1], default=None)
    if latest is None or trial.cells[latest].fen != trial.cells[place].fen:
        return ""
    return "the same percentage as in the item before"


def _is_truncated(trial: Trial, place: int, mends: Iterable[int]) -> bool:
    """A claim that is the other side cut off behind its last digit."""
    step = trial.step(place)
    for n in mends:
        centre = trial.centre(n, place)
        if centre is not None and len(trial.checks[n].cells) == 2 and trial.slack[n]:
            cut = centre // step * step
            if cut == trial.value[place] != _rounded(centre, step):
                return True
    return False


def _rounded(number: Fraction, step: Fraction) -> Fraction:
    """Half up, as printed amounts are."""
    return (number / step + Fraction(1, 2)) // 1 * step

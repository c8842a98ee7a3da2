"""Where prose and annexes contradict the statements or themselves, given what the statements' own faults explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from pipeline.proof.at_odds import AtOdds
from pipeline.proof.check import Check
from pipeline.proof.levels import odd_products, proving_checks, tied_to_doubt
from pipeline.proof.locate import Fault, Place
from pipeline.proof.sheet import Sheet
from pipeline.proof.suspects import Finding, find_suspects


def witnesses_of(checks: Sequence[Check], faults: Sequence[Fault], of_annexes: Iterable[Check]) -> list[Check]:
    """The copies in the prose of what the faults of the statements may be about: they say which number is meant."""
    broken = [checks[n] for fault in faults for n in fault.checks]
    cells = {index for check in broken for index, _ in check.cells}
    blanks = {slot for check in broken for slot, _ in check.blanks}
    return [
        check
        for check in of_annexes
        if check.identity.relation == "equal"
        and check.identity.severity == "hard"
        and len(check.cells) + len(check.blanks) == 2
        and (
            (check.status in ("exact", "within_rounding") and any(index in cells for index, _ in check.cells))
            or (check.status == "broken" and any(slot in blanks for slot, _ in check.blanks))
        )
    ]


def disagree(witnesses: Iterable[Check], faults: Sequence[Fault]) -> bool:
    """Do the copies say something else than the faults found without them, or something more?"""
    moved = {place: delta for fault in faults if fault.is_unique for place, delta in fault.smallest[0]}
    unclear = any(not fault.is_unique for fault in faults)
    for check in witnesses:
        places: list[tuple[Place, int]] = [*check.cells, *check.blanks]
        change = sum(sign * moved.get(place, 0) for place, sign in places)
        if unclear or (change if check.status != "broken" else check.difference + change):
            return True
    return False


def sound_places(
    checks: Sequence[Check], faults: Sequence[Fault], at_odds: Sequence[AtOdds], sheet: Sheet
) -> set[Place]:
    """The places of the statements that the statements themselves confirm: no claim can make them wrong."""
    sound: set[Place] = set(proving_checks(checks))
    for check in checks:
        exact = check.status == "exact" and check.identity.severity == "hard" and not check.identity.at_most
        if exact and len(check.cells) > 1 and check.left:
            sound.update(slot for slot, _ in check.blanks)
    wrong = {place for fault in faults for found in fault.smallest for place, _ in found}
    odd = {one.statement for one in at_odds}
    return {p for p in sound - wrong if (sheet.cells[p].slot if isinstance(p, int) else p)[0] not in odd}


def find_contradictions(
    checks: Sequence[Check],
    first: int,
    sheet: Sheet,
    sound: set[Place],
    faults: Sequence[Fault],
    at_odds: Sequence[AtOdds],
    usual: Mapping[int, Fraction],
) -> list[Finding]:
    """The contradictions among the checks from number ``first`` on, those of prose and annexes.

    ``sound`` are the places that the statements confirm, ``usual`` how finely a number is usually printed (yuan).
    """
    moved = {place: delta for fault in faults if fault.is_unique for place, delta in fault.smallest[0]}
    doubtful = {place for fault in faults if not fault.is_unique for found in fault.smallest for place, _ in found}
    doubtful |= {  # nothing explains them: any of their places may be wrong
        index for fault in faults if not fault.smallest for n in fault.checks for index, _ in checks[n].cells
    }
    doubtful |= tied_to_doubt({p for p in doubtful if isinstance(p, int)}, checks[:first], sheet.cells)
    whole = {one.statement for one in at_odds} | {one.rival for one in at_odds}
    doubtful |= {index for index, cell in enumerate(sheet.cells) if cell.slot[0] in whole}
    odd = odd_products(checks[first:])
    asked = [n for n in range(first, len(checks)) if checks[n].identity.id not in odd]
    return find_suspects(checks, asked, sheet, sound, moved, doubtful, usual)

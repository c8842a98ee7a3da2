"""The faults of the statements: whole statements at odds with the others, single places, and what is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.proof.at_odds import AtOdds, in_another_unit, of_another_draft
from pipeline.proof.check import Check
from pipeline.proof.locate import Fault, Place, locate
from pipeline.proof.sheet import Sheet


def find_faults(checks: Sequence[Check], sheet: Sheet) -> tuple[list[Fault], list[AtOdds]]:
    """Those of single places, and those of whole statements.

    A broken check that an amount in a column that is not printed would mend is none: it becomes `not_applicable`.
    """
    at_odds = in_another_unit(checks, sheet.cells)
    faults = locate(checks, sheet, {n for one in at_odds for n in one.checks})
    if not at_odds and (at_odds := of_another_draft(checks, sheet.cells, faults)):
        faults = locate(checks, sheet, {n for one in at_odds for n in one.checks})
    while lacking := {n for fault in faults for n in _lacking(fault, checks, sheet)}:
        for n in lacking:
            checks[n].status = "not_applicable"
        faults = locate(checks, sheet, {n for one in at_odds for n in one.checks})
    return faults, at_odds


def _lacking(fault: Fault, checks: Sequence[Check], sheet: Sheet) -> Iterator[int]:
    """The checks of a fault that may lack an amount of a column that is not printed."""
    if fault.exchanged or (fault.is_unique and all(_is_printed(place, sheet) for place in fault.in_every_set)):
        return
    for n in fault.checks:
        short = -1 if checks[n].difference > 0 else 1  # the side that has too little
        if any(side == short and not _is_printed(slot, sheet) for slot, side in checks[n].blanks):
            yield n


def _is_printed(place: Place, sheet: Sheet) -> bool:
    """Does it stand in a printed column?"""
    return isinstance(place, int) or (place[0], place[3]) in sheet.printed_columns

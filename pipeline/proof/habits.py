"""Errata → entries of the ledger: what one habit or slip of a publisher made wrong in several places is one entry."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.proof.verdict import Erratum

CUT_OFF = "numbers are cut off instead of rounded"
BLANK_TOTALS = "totals of the statement are left blank"
BLANK_ROW = "a row is left blank or not printed"
OFF_BY_ROUNDING = "sums of a row hold within rounding only"
ONE_FAULT = "one fault moves several numbers"
SAID_AGAIN = "the same number is printed again"
SAME_YEAR = "the same year is compared with again"
_LISTED = 12  # places that the evidence names


def entries(errata: Iterable[Erratum]) -> list[tuple[Erratum, ...]]:
    """The places of each entry, in the order of their first ones. Entries of one place are most of them."""
    found: dict[Hashable, list[Erratum]] = {}
    for n, erratum in enumerate(errata):
        about = (erratum.part, erratum.verdict, erratum.habit, erratum.alike)
        found.setdefault(about if erratum.habit else n, []).append(erratum)
    return [tuple(places) for places in found.values()]


def evidence_of_entry(places: tuple[Erratum, ...]) -> str:
    """What an entry says in words: of several places what they have in common, and each of them."""
    first, *others = places
    if not others:
        return first.evidence
    listed = "; ".join(_place(one) for one in places[:_LISTED])
    more = f" and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
    return f"{first.habit}, in {len(places)} places: {listed}{more}. The first: {first.evidence}"


def _place(one: Erratum) -> str:
    where = f"page {one.page}, " if one.page else ""
    implied = "" if one.implied_yuan is None else f" → {one.implied_yuan:,.2f}"
    return (
        f"{where}{one.statement} {one.row_label or one.item} {one.measure} {one.published_text or '(blank)'}{implied}"
    )

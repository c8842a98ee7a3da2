"""What a disclosure says wrongly without a sum that breaks: a year, a date, a reason, a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.annexes.model import Annexes, Claim
from pipeline.forms.disclosure import Disclosure, Figure, RowRead
from pipeline.forms.printed import squash
from pipeline.proof.annex_sheet import load_rules
from pipeline.proof.sheet import Sheet

_REASON = re.compile(
    r"(?:主要)?(?:原因)?(?:是|为)?[:：]?(?P<what>.{2,40}?)(?:经费|支出|预算)?(?P<way>增加|增长|上升|减少|下降)[。.;；]?"
)
_UP = ("增加", "增长", "上升")
_LEVELS = re.compile(r"\((?:\d{2,3})?[类款项]\)")


@dataclass(frozen=True, slots=True)
class Remark:
    """One such place. ``is_sure``: false where it may have been meant so; ``is_plain``: it is all in one sentence."""

    identity_id: str
    statement: str
    row_order: int
    row_label: str
    item: str
    measure: str
    text: str | None
    evidence: str
    figure: Figure | None
    page: int | None
    locator: str | None
    is_sure: bool = True
    is_plain: bool = False


def remarks(disclosure: Disclosure, annexes: Annexes, sheet: Sheet) -> list[Remark]:
    """The remarks on a document, in the order of its annexes."""
    return [
        *_compared_years(disclosure, annexes),
        *_reasons(annexes),
        *_carried_over(disclosure, annexes, sheet),
        *_dates(disclosure, annexes),
    ]


def remark_on(
    claim: Claim,
    identity_id: str,
    measure: str,
    text: str,
    evidence: str,
    is_sure: bool = True,
    is_plain: bool = False,
) -> Remark:
    place = (claim.subject, measure, text, evidence, claim.figure, claim.page, claim.locator, is_sure, is_plain)
    return Remark(identity_id, "claim", claim.row_order, claim.label, *place)


def _compared_years(disclosure: Disclosure, annexes: Annexes) -> Iterator[Remark]:
    """The year compared with is the year before: one remark for each place.

    An earlier year beside the year before, or a figure of it that nothing is compared with, is only told as well.
    """
    seen: set[tuple[int, int]] = set()
    also = {claim.sentence for claim in annexes.claims if claim.compared_year == disclosure.fiscal_year - 1}
    for claim in annexes.claims:
        year = claim.compared_year
        if year is None or year == disclosure.fiscal_year - 1 or (claim.row_order, year) in seen:
            continue
        if year < disclosure.fiscal_year and (claim.measure == "previous" or claim.sentence in also):
            continue
        seen.add((claim.row_order, year))
        evidence = (
            f"a budget of {disclosure.fiscal_year} is compared with {year}; "
            f"the year before is {disclosure.fiscal_year - 1}"
        )
        is_sure = year >= disclosure.fiscal_year  # an earlier year may be meant; this year or a later one cannot be
        yield remark_on(claim, "18.compared_year", "compared_year", str(year), evidence, is_sure, is_plain=True)


def _reasons(annexes: Annexes) -> Iterator[Remark]:
    """A reason that says of the very item that it grew, where its figure fell, or the other way round."""
    seen: set[int] = set()
    for claim in annexes.claims:
        if claim.reason is None or claim.direction not in ("increase", "decrease") or claim.row_order in seen:
            continue
        reason = squash(claim.reason)
        match = _REASON.fullmatch(reason)
        if match is None or (match["way"] in _UP) == (claim.direction == "increase"):
            continue
        about = _LEVELS.sub("", squash(f"{claim.label}|{claim.sentence}")).replace(reason, "")
        if match["what"] in about:  # the reason speaks of the same thing
            seen.add(claim.row_order)
            evidence = f"the figure is a {claim.direction}, and the reason is one of the opposite: {claim.reason}"
            yield remark_on(claim, "18.reason", "reason", claim.reason, evidence)


def _carried_over(disclosure: Disclosure, annexes: Annexes, sheet: Sheet) -> Iterator[Remark]:
    """A project that is said to be carried over, where nothing is."""
    if not nothing_is_carried(sheet):
        return
    words = load_rules().carried_over
    evidence = "the project is marked as carried over, but the carry-over of the year before is nil"
    rows = {(row.statement, row.parent): row for row in reversed(disclosure.rows_of(1)) if row.parent}
    for table in annexes.performance:
        if table.name and any(word in squash(table.name) for word in words):
            item = f"project_{table.number}"
            row: RowRead | None = rows.get(("performance", item))
            place = (table.name, evidence, None, table.page, table.locator)
            yield Remark("21.carryover", "performance", row.order if row else 0, table.name, item, "carryover", *place)
    for claim in annexes.claims:
        name = squash(claim.subject)
        is_project = name.startswith("project:") and claim.measure == "amount" and claim.value
        if is_project and any(word in name for word in words):
            yield remark_on(claim, "21.carryover", "carryover", claim.label, evidence)


def nothing_is_carried(sheet: Sheet) -> bool:
    """Is nil carried in, by every statement or claim that has a place for it, and is there one?"""
    places = (
        ("budget_summary", "carryover_in", "revenue"),
        ("revenue", "total", "carryover"),
        ("claim", "carryover_in", "amount"),
        ("appropriation_summary", "carryover_in", "revenue"),
    )
    has_place = any(sheet.printed_row(s, i) and (s, m) in sheet.printed_columns for s, i, m in places)
    return has_place and not any(sheet.fen(*place) for place in places)


def _dates(disclosure: Disclosure, annexes: Annexes) -> Iterator[Remark]:
    """The day of the assets is the one that the form asks for."""
    asked = load_rules().date_asked(disclosure.form, disclosure.fiscal_year)
    line = next((line for line in annexes.assets if line.as_of_date is not None), None)
    if asked is not None and line is not None and line.as_of_date is not None and line.as_of_date != asked:
        evidence = f"the form asks for the assets on {asked.isoformat()}"
        place = (line.as_of_date.isoformat(), evidence, None, line.page, line.locator)
        yield Remark("24.as_of_date", "asset", line.row_order, line.label, line.asset_item, "as_of_date", *place)

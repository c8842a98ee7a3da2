"""Identities as data → checks: every identity of the YAML files evaluated on the printed cells of one body.

Pure and fast: amounts are whole fen (0.01 yuan), a cell is its index. The engine knows no statement; what belongs
together is said by the YAML alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.proof.bindings import Binding, bindings
from pipeline.proof.check import Check, check_of
from pipeline.proof.identity import Identity, Places, load_identities
from pipeline.proof.rows import Row
from pipeline.proof.sheet import Sheet


def evaluate(sheet: Sheet, identities: Iterable[Identity] | None = None) -> list[Check]:
    """Every identity on every subject that it applies to; one `not_applicable` for an identity that applies nowhere."""
    checks: list[Check] = []
    appropriations_only = _appropriations_only(sheet)
    for identity in load_identities() if identities is None else identities:
        before = len(checks)
        if _applies(identity, sheet, appropriations_only):
            for binding in bindings(identity, sheet):
                check = check_of(identity, binding, sheet)
                if check is not None:
                    checks.append(check)
        if len(checks) == before:
            statement = identity.left[0].statements[0]
            checks.append(Check(identity, statement, "", "", (), (), 0, 0, "not_applicable"))
    return checks


def dormant(sheet: Sheet, checks: Iterable[Check]) -> list[Check]:
    """The checks that are `not_applicable` only because their places are blank: a number in one would wake them.

    Also along the rows that are not printed, but in which one of the ``checks`` has a place.
    """
    found: list[Check] = []
    appropriations_only = _appropriations_only(sheet)
    applying = [identity for identity in load_identities() if _applies(identity, sheet, appropriations_only)]
    for identity in applying:
        for binding in bindings(identity, sheet):
            if (check := check_of(identity, binding, sheet, dormant=True)) is not None:
                found.append(check)
    places = (slot for check in (*checks, *found) for slot, _ in check.blanks)
    unprinted = sorted({(statement, item) for statement, order, item, _ in places if order == 0})
    for identity in applying:
        for statement, item in unprinted:
            if identity.each == "row" and identity.of == statement:
                binding = Binding(subject=item, rows={"$row": (Row(statement, 0, item, None),)})
                if (check := check_of(identity, binding, sheet, dormant=True)) is not None:
                    found.append(check)
    return found


def _appropriations_only(sheet: Sheet) -> bool:
    """Does the department live on appropriations alone? Then T2's total is that column, and nothing is carried."""
    total = sheet.fen("revenue", "total", "total")
    carried = any(
        sheet.fen(statement, item, measure)
        for statement, item, measure in (
            ("budget_summary", "carryover_in", "revenue"),
            ("budget_summary", "carryover_out", "expenditure"),
            ("appropriation_summary", "carryover_in", "revenue"),
            ("appropriation_summary", "carryover_out", "total"),
        )
    )
    return total != 0 and total == sheet.fen("revenue", "total", "fiscal_appropriation") and not carried


def _applies(identity: Identity, sheet: Sheet, appropriations_only: bool) -> bool:
    if not identity.required <= sheet.columns.keys():
        return False
    if identity.appropriations_only and not appropriations_only:
        return False
    if not sheet.facts.issuperset(identity.facts):
        return False
    if any(sheet.fen(*cell) for cell in identity.if_nil):
        return False
    if not all(_sum(sheet, one) == _sum(sheet, other) != 0 for one, other in identity.if_same):
        return False
    if identity.unless_nil_parts is not None:
        whole, parts = identity.unless_nil_parts
        if sheet.fen(*whole) and not any(sheet.at.get(part) for part in parts):
            return False
    if identity.unless_less_by and _is_less_by(sheet, *identity.unless_less_by):
        return False
    if identity.if_any_printed and not any(_is_printed(sheet, *entry) for entry in identity.if_any_printed):
        return False
    return all(_is_printed(sheet, *entry) for entry in identity.if_printed) and not any(
        _is_printed(sheet, *entry) for entry in identity.unless_printed
    )


def _sum(sheet: Sheet, places: Places) -> int:
    return sum(sheet.fen(*place) for place in places)


def _is_less_by(sheet: Sheet, wholes: Places, parts: Places, amounts: Places) -> bool:
    """Is a part just one of these amounts less than the whole?"""
    left_out = {sheet.fen(*place) for place in amounts} - {0}
    return any(sheet.fen(*whole) - sheet.fen(*part) in left_out for whole in wholes for part in parts)


def _is_printed(sheet: Sheet, statement: str, what: str, name: str) -> bool:
    return sheet.printed_row(statement, name) if what == "item" else name in sheet.columns.get(statement, ())

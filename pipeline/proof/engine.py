"""Identities as data → checks: every identity of the YAML files evaluated on the printed cells of one body.

Pure and fast: amounts are whole fen (0.01 yuan), a cell is its index. The engine knows no statement; what belongs
together is said by the YAML alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.proof.bindings import Binding, bindings
from pipeline.proof.check import Check, check_of
from pipeline.proof.conditions import Conditions
from pipeline.proof.identity import Identity, load_identities
from pipeline.proof.rows import Row
from pipeline.proof.sheet import Sheet


def evaluate(sheet: Sheet, identities: Iterable[Identity] | None = None) -> list[Check]:
    """Every identity on every subject that it applies to; one `not_applicable` for an identity that applies nowhere.

    Where it is not known whether an identity applies, it counts only where it holds, and not for nothing.
    """
    checks: list[Check] = []
    conditions = Conditions(sheet)
    for identity in load_identities() if identities is None else identities:
        before = len(checks)
        if (applies := conditions.apply(identity)) is not False:
            for binding in bindings(identity, sheet):
                check = check_of(identity, binding, sheet)
                if check is not None and (applies or (check.status == "exact" and check.left)):
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
    conditions = Conditions(sheet)
    applying = [identity for identity in load_identities() if conditions.apply(identity)]
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

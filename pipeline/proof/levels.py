"""How well each figure is confirmed: by the exact identities that it stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations

from pipeline.proof.check import Check
from pipeline.proof.relations import PERCENTAGES


def proving_checks(checks: Sequence[Check]) -> dict[int, list[int]]:
    """Cell index → the checks (by index) that confirm it: hard, exact, equal, with at least one other printed cell."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, check in enumerate(checks):
        if check.status == "exact" and not check.identity.at_most and check.identity.severity == "hard":
            cells = {index for index, _ in check.cells}
            if len(cells) >= 2:
                # a percentage is told by its amounts to the last digit, they are not told by it
                for index in cells if check.identity.relation not in PERCENTAGES else [check.cells[0][0]]:
                    found[index].append(number)
    return found


def proof_status(cell: int, confirming: Sequence[int], checks: Sequence[Check], contradicted: Collection[int]) -> str:
    """proven: two identities that share no other cell; supported: one; unproven: none; contradicted: see locate.py."""
    if cell in contradicted:
        return "contradicted"
    others = [frozenset(index for index, _ in checks[number].cells) - {cell} for number in confirming]
    if any(a.isdisjoint(b) for a, b in combinations(others, 2)):
        return "proven"
    return "supported" if others else "unproven"

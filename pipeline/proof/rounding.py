"""Sums that hold only within rounding (尾差): worth listing, nobody's fault."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.proof.check import Check
from pipeline.proof.locate import Place
from pipeline.proof.prove import PartProof


def rounded_sums(proof: PartProof) -> dict[Place, list[Check]]:
    """The number that is not quite the sum of its parts → the checks that say so.

    A copy in another unit and a percentage are rounded lawfully: only sums of numbers in one unit are meant.
    """
    found: dict[Place, list[Check]] = {}
    for check in proof.checks:
        if check.status == "within_rounding" and check.identity.relation == "equal" and _is_sum(proof, check):
            found.setdefault(check.cells[0][0], []).append(check)
    return found


def _is_sum(proof: PartProof, check: Check) -> bool:
    figures = [proof.figures[index] for index, _ in check.cells]
    in_one_unit = len({figure.printed_unit for figure in figures}) == 1 and all(figure.is_money for figure in figures)
    return check.identity.severity == "hard" and len(figures) > 2 and in_one_unit


def exact_sum(checks: Sequence[Check]) -> int | None:
    """By how many fen the number differs from what its parts add up to; None where the checks do not agree on it."""
    told = {-check.difference for check in checks if [sign for _, sign in check.cells].count(1) == 1}
    return told.pop() if len(told) == 1 else None

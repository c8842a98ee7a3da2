"""What an erratum says in words: the sums that do not agree, and what would mend them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from pipeline.forms.disclosure import Figure
from pipeline.proof.check import Check
from pipeline.proof.locate import Fault, Place
from pipeline.proof.prove import PartProof
from pipeline.proof.relations import FEN
from pipeline.proof.slips import slip
from pipeline.proof.suspects import Finding


def evidence_of_fault(checks: list[Check], published: Decimal | None, implied: Decimal, printed: bool) -> str:
    """The broken sums, and the number that mends them; amounts are yuan. ``printed``: does the row stand there?"""
    sums = "; ".join(_sum(check) for check in checks[:5])
    blank = "a blank" if printed else "a row that is not printed"
    place = f"{published:,.2f}" if published is not None else blank
    kind = _kind(published, implied)
    return f"{sums}. With {implied:,.2f} instead of {place}, every identity through this place holds{kind}"


def evidence_of_undecided(proof: PartProof, fault: Fault, checks: Sequence[Check]) -> str:
    """What would mend a fault that has no single smallest set."""
    candidates = "; ".join(
        " and ".join(f"{_name(proof, p)} {'+' if d > 0 else '−'}{_yuan(abs(d))}" for p, d in found)
        for found in fault.smallest[:5]
    )
    broken = "; ".join(_sum(c) for c in checks[:5])
    if fault.exchanged:
        swaps = " or ".join(f"{a} and {b} of {statement}" for statement, a, b in fault.exchanged)
        where = f"two columns hold each other's numbers: {swaps}"
    elif candidates:
        where = f"any of these changes would mend it: {candidates}"
    else:
        where = "no small set of cells explains it"
    return f"{broken}. {where}"


def evidence_of_finding(proof: PartProof, finding: Finding, checks: list[Check], figure: Figure | None) -> str:
    """The broken sums, and the numbers that would mend them, as far as they can be told."""
    sums = "; ".join(_sum(check) for check in checks[:5])
    if finding.implied is not None and finding.is_located:
        place = f"{figure.amount_yuan:,.2f}" if figure else "a blank"
        said = f"{sums}. With {_plain(finding.implied)} instead of {place}, every identity through this place holds"
    elif finding.is_located and finding.between is not None and None not in finding.between:
        low, high = finding.between
        said = f"{sums}. Any number from {_plain(low)} to {_plain(high)} would mend it"
    elif len(finding.rivals) > 1:
        ways = "; ".join(f"{_name(proof, p)} = {_plain(n)}" for p, n in finding.rivals[:5])
        said = f"{sums}. Any of these would mend it: {ways}"
    else:
        said = sums
    return f"{said} ({finding.hint})" if finding.hint else said


def evidence_of_rounding(checks: Sequence[Check]) -> str:
    """The sums that are off by the rounding of their terms."""
    sums = "; ".join(_sum(check) for check in checks[:5])
    return f"{sums}. Off by {_yuan(abs(checks[0].difference))}, within the rounding of its terms (尾差)"


def to_cents(number: Fraction | None) -> Decimal | None:
    """To 0.01, half up."""
    if number is None:
        return None
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _sum(check: Check) -> str:
    subject = f" [{check.subject}]" if check.subject else ""
    return f"{check.identity.id}{subject} {check.identity.says}: {_yuan(check.left)} ≠ {_yuan(check.right)}"


def _kind(published: Decimal | None, implied: Decimal) -> str:
    """What sort of slip turns one number into the other, where a simple one does."""
    if published is None:
        return ""
    kind = slip(Fraction(published), Fraction(implied), Fraction(1, FEN))
    return f" ({kind})" if kind else ""


def _name(proof: PartProof, place: Place) -> str:
    slot, _ = proof.at(place)
    return f"{slot[0]}.{slot[2]}.{slot[3]}"


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / FEN:,.2f}"


def _plain(number: Fraction | None) -> str:
    rounded = to_cents(number)
    return "?" if rounded is None else f"{rounded:,.2f}"

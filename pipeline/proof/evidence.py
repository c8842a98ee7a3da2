"""What an erratum says in words: the sums that do not agree, and what would mend them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from pipeline.forms.disclosure import Figure
from pipeline.proof.at_odds import AtOdds
from pipeline.proof.check import Check
from pipeline.proof.locate import Fault, Place
from pipeline.proof.prove import PartProof
from pipeline.proof.relations import FEN
from pipeline.proof.slips import slip
from pipeline.proof.suspects import Finding


def evidence_of_fault(checks: list[Check], published: Decimal | None, implied: Decimal, printed: bool) -> str:
    """The broken sums, and the number that mends them; amounts are yuan. ``printed``: does the row stand there?"""
    sums = _sums(checks)
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
    broken = _sums(checks)
    if fault.exchanged:
        swaps = " or ".join(f"{a} and {b} of {statement}" for statement, a, b in fault.exchanged)
        where = f"two columns hold each other's numbers: {swaps}"
    elif candidates:
        where = f"any of these changes would mend it: {candidates}"
    else:
        where = "no small set of cells explains it"
    return f"{broken}. {where}"


def evidence_of_unit(one: AtOdds, checks: Sequence[Check], unit: str | None) -> str:
    """A statement in another unit than its unit line says: by what factor, and by which sums."""
    power = one.power or 0
    line = f"the unit line says {unit}, but" if unit else "no unit is printed, and"
    than = f"{10 ** abs(power):,} times too {'small' if power > 0 else 'large'}"
    said = f"{line} every amount of the statement is {than} beside {_others(one, checks)}: {_sums(checks)}"
    return f"{said}{_or_rival(one)}"


def evidence_of_draft(one: AtOdds, checks: Sequence[Check]) -> str:
    """A statement of another draft: how much of it differs from the others, and where."""
    said = f"the statement disagrees with {_others(one, checks)} throughout, while its own sums hold"
    broken = f"{len(checks)} identities do not hold: {_sums(checks)}"
    return f"{said}: it seems to be of another draft. {broken}{_or_rival(one)}"


def _others(one: AtOdds, checks: Sequence[Check]) -> str:
    return " and ".join(sorted({name for check in checks for name in check.identity.statements} - {one.statement}))


def _or_rival(one: AtOdds) -> str:
    return f". It may be {one.rival} that is wrong instead" if one.rival else ""


def evidence_of_finding(proof: PartProof, finding: Finding, checks: list[Check], figure: Figure | None) -> str:
    """The broken sums, and the numbers that would mend them, as far as they can be told."""
    sums = _sums(checks)
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


def _sums(checks: Sequence[Check]) -> str:
    return "; ".join(_sum(check) for check in checks[:5])


def _sum(check: Check) -> str:
    """Both sides; one without any number is blank, not nil."""
    subject = f" [{check.subject}]" if check.subject else ""
    left, right = (
        _yuan(amount) if any(own == side for _, own in check.cells) else "(blank)"
        for amount, side in ((check.left, 1), (check.right, -1))
    )
    return f"{check.identity.id}{subject} {check.identity.says}: {left} ≠ {right}"


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

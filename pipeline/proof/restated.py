"""What the prose says again in another way: one amount compared with two bases, a list of codes with one left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from pipeline.annexes.model import Annexes, Claim
from pipeline.forms.disclosure import Disclosure
from pipeline.proof.annex_sheet import load_rules
from pipeline.proof.relations import FEN
from pipeline.proof.remarks import Remark, nothing_is_carried, remark_on
from pipeline.proof.sheet import Sheet

_ROUNDED = 100  # yuan: an amount in 万元 with two decimals, rounded or cut off


def restated(disclosure: Disclosure, annexes: Annexes, sheet: Sheet) -> list[Remark]:
    """The remarks on what is said again, in the order of the claims."""
    return [*_two_bases(annexes, sheet), *_left_out(disclosure, annexes, sheet)]


@dataclass(frozen=True, slots=True)
class _Change:
    """What one row of claims says: this year's amount, and how it changed against which year's budget or execution."""

    amount: Decimal
    change: Decimal
    claim: Claim


def _changes(annexes: Annexes) -> dict[str, list[_Change]]:
    """Subject → each of its changes that stands beside its amount."""
    amounts = {c.row_order: c.amount_yuan for c in annexes.claims if c.measure in ("amount", "planned")}
    found: dict[str, list[_Change]] = defaultdict(list)
    for claim in annexes.claims:
        amount = amounts.get(claim.row_order)
        if claim.measure == "change" and amount is not None and claim.amount_yuan is not None:
            found[claim.subject].append(_Change(amount, claim.amount_yuan, claim))
    return found


def _two_bases(annexes: Annexes, sheet: Sheet) -> Iterator[Remark]:
    """One amount, or the two sides of one budget, compared with a budget here and with an execution there; or two sides
    that are equal and did not change alike, though nothing is carried over (last year's may have differed)."""
    changes = _changes(annexes)
    same = [(subject, subject) for subject in changes]
    for first, second in (*same, *load_rules().sides):
        pairs = product(changes.get(first, ()), changes.get(second, ()))
        for one, other in pairs if first != second else combinations(changes[first], 2):
            a, b = one.claim, other.claim
            if one.amount != other.amount or a.compared_year != b.compared_year or not one.amount:
                continue
            told = f"{a.label} {one.amount:,.2f}: {_base(one)}; {b.label} {other.amount:,.2f}: {_base(other)}"
            bases = {a.compared_basis, b.compared_basis}
            if bases == {"budget", "execution"}:
                evidence = f"one amount is compared with a budget and with an execution: {told}"
                is_sure = one.change == other.change != 0
                yield remark_on(
                    b, "32.basis", "compared_basis", b.compared_basis or "", evidence, is_sure, is_plain=True
                )
                break
            if len(bases) == 1 and one.change != other.change and first != second and nothing_is_carried(sheet):
                evidence = f"income and spending are equal and did not change alike: {told}"
                yield remark_on(b, "32.change", "change", b.text, evidence, is_sure=False)
                break


def _base(change: _Change) -> str:
    claim = change.claim
    return (
        f"{change.change:+,.2f} against the {claim.compared_basis or 'figure'} of {claim.compared_year or 'last year'}"
    )


def _left_out(disclosure: Disclosure, annexes: Annexes, sheet: Sheet) -> Iterator[Remark]:
    """A code that the prose leaves out where it explains the others one by one. It may call them the main ones."""
    rules = load_rules()
    claims = [c for c in annexes.claims if c.measure in ("amount", "planned") and c.amount_yuan is not None]
    explained = {c.subject: c for c in claims if c.subject.isdigit()}
    printed = [row for name in rules.explained_in for row in sheet.rows_of.get(name, ()) if row.subject_code]
    codes = {row.item for row in printed}
    paid = {row.item: sheet.fen(row.statement, row.item, "total") for row in printed}
    finest = [code for code in sorted(codes) if paid[code] and not any(o != code and o.startswith(code) for o in codes)]
    missing = [code for code in finest if not any(code.startswith(told) for told in explained)]
    told = [code for code in finest if code in explained]
    if not missing or len(told) < max(rules.least_explained, rules.explained_for_each_left_out * len(missing)):
        return
    near = [c.amount_yuan for c in claims if c.amount_yuan is not None]
    labels = {row.item: row for row in disclosure.rows_of(1) if row.statement in rules.explained_in}
    for code in missing:
        yuan = Decimal(paid[code]) / FEN
        if any(abs(amount - yuan) <= _ROUNDED for amount in near):
            continue  # it is told, in words that no code is known for
        before = explained[max((own for own in told if own < code), default=told[0])]
        evidence = (
            f"the prose explains {len(told)} codes one by one and leaves this one out, of {yuan:,.2f} yuan; "
            "it may call them the main ones"
        )
        place = (labels[code].label, code, "amount", None, evidence, None, before.page, before.locator)
        yield Remark("17.left_out", "claim", 0, *place, is_sure=False)

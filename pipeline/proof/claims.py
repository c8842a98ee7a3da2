"""What becomes of each figure that the prose states: confirmed, contradicted, or nothing to compare it with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from pipeline.annexes.model import Claim
from pipeline.forms.disclosure import Figure
from pipeline.proof.cells import place_of
from pipeline.proof.check import HOLDS, Check
from pipeline.proof.identity import load_annex_identities
from pipeline.proof.locate import Place
from pipeline.proof.prove import PartProof
from pipeline.proof.relations import FEN, Slot

Status = Literal["confirmed", "implied", "contradicted", "unverifiable"]


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """``compared_figure``: the one printed figure that it was compared with, ``compared_yuan``: what the other side of
    the identity gives (yuan; of a percentage the plain number), or would give if a statement printed what its own sums
    imply (``implied``). Both None where nothing could be compared. ``place``: where a statement prints the same, blank
    or not, by an identity that holds."""

    status: Status
    compared_figure: Figure | None = None
    compared_yuan: Decimal | None = None
    identity_ids: tuple[str, ...] = ()
    place: Slot | None = None


class _Claims:
    def __init__(self, proof: PartProof) -> None:
        self.proof = proof
        self.index = {f: n for n, f in enumerate(proof.figures) if f.statement == "claim"}
        self.in_row: dict[int, set[int]] = defaultdict(set)
        for figure, n in self.index.items():
            self.in_row[figure.row_order].add(n)
        wanted = set(self.index.values())
        odd = {one.statement for one in proof.at_odds} | {one.rival for one in proof.at_odds}
        of_odd = {n for n, figure in enumerate(proof.figures) if figure.statement in odd}
        self.checks_of: dict[int, list[int]] = defaultdict(list)
        for n, check in enumerate(proof.checks):
            if check.status != "not_applicable" and of_odd.isdisjoint(index for index, _ in check.cells):
                for index, _ in check.cells:
                    if index in wanted:
                        self.checks_of[index].append(n)
        self.amounts_of: dict[str, list[int]] = defaultdict(list)
        for figure, n in self.index.items():
            if figure.measure in ("amount", "planned"):
                self.amounts_of[figure.item].append(n)
        self.at_fault = {finding.place: finding.checks for finding in proof.findings}
        # the faults that the statements locate themselves, with the change in fen
        self.moved = {place: delta for fault in proof.faults if fault.is_unique for place, delta in fault.smallest[0]}

    def status(self, claim: Claim) -> ClaimStatus:
        index = self.index.get(claim.figure) if claim.figure is not None else None
        if index is None:
            return self._without_figure(claim)
        checks = self.checks_of.get(index, [])
        if any(len(self._check(n).cells) > 1 for n in self.at_fault.get(index, ())):  # beside it stands a number
            return self._compared("contradicted", index, list(self.at_fault[index]))
        if index in self.moved:
            return self._compared("contradicted", index, self._broken(checks) or checks)
        if holding := [n for n in checks if self._holds(n)]:
            return self._compared("confirmed", index, holding)
        if mended := [n for n in checks if self._would_hold(n)]:
            return self._compared("implied", index, mended)
        broken = self._broken(checks)
        if broken and not self._is_explained(broken):
            return self._compared("contradicted", index, broken)
        return ClaimStatus("unverifiable")

    def place(self, claim: Claim) -> Slot | None:
        """Where a statement prints what the claim's subject is this year; its own sentence tells before others do."""
        amounts = self.amounts_of.get(claim.subject, [])
        own = self.in_row.get(claim.row_order, set[int]())
        for index in sorted(amounts, key=lambda index: (index not in own, index)):
            for n in self.checks_of.get(index, ()):
                check = self._check(n)
                others = [slot for slot in self._slots(check) if slot[0] != "claim"]
                copies = check.identity.relation == "equal" and len(check.cells) + len(check.blanks) == 2
                if copies and check.status in HOLDS and len(others) == 1:
                    return others[0]
        return _usual_places().get(claim.subject)

    def _slots(self, check: Check) -> list[Slot]:
        return [*(place_of(self.proof.figures[index]) for index, _ in check.cells), *(slot for slot, _ in check.blanks)]

    def _broken(self, checks: Sequence[int]) -> list[int]:
        hard = [
            n for n in checks if self._check(n).identity.severity == "hard" and not self._check(n).identity.only_slips
        ]
        return [n for n in hard if self._check(n).status == "broken"]

    def _holds(self, n: int) -> bool:
        """An equality with something else that is printed.

        A soft one within the prose confirms nothing: there a number is only said again.
        """
        return self._confirms(n) and self._check(n).status in HOLDS and len(self._check(n).cells) > 1

    def _would_hold(self, n: int) -> bool:
        """An equality that would hold if a statement printed what its own sums imply, in a blank or elsewhere."""
        check = self._check(n)
        places: list[tuple[Place, int]] = [*check.cells, *check.blanks]
        moved = sum(sign * self.moved.get(place, 0) for place, sign in places)
        return self._confirms(n) and check.status not in HOLDS and moved != 0 and check.difference + moved == 0

    def _confirms(self, n: int) -> bool:
        check = self._check(n)
        within = all(self.proof.figures[index].statement == "claim" for index, _ in check.cells)
        is_soft = check.identity.severity == "soft" and within
        return not (is_soft or check.identity.at_most or len(check.cells) + len(check.blanks) < 2)

    def _is_explained(self, broken: Sequence[int]) -> bool:
        """Do all of them break because of another place?"""
        return all(any(n in checks for checks in self.at_fault.values()) for n in broken)

    def _without_figure(self, claim: Claim) -> ClaimStatus:
        """持平: this year's figure and last year's are the same."""
        numbers = {n for index in self.in_row.get(claim.row_order, ()) for n in self.checks_of.get(index, ())}
        level = [n for n in sorted(numbers) if claim.measure in self._check(n).identity.marked]
        if claim.direction != "level" or not level:
            return ClaimStatus("unverifiable")
        check = self._check(level[0])
        previous = self.proof.figures[check.cells[-1][0]]
        status: Status = "confirmed" if check.status in HOLDS else "contradicted"
        return ClaimStatus(status, previous, Decimal(0), (check.identity.id,))

    def _compared(self, status: Status, index: int, numbers: Sequence[int]) -> ClaimStatus:
        """With a figure of a statement rather than with one of the prose, with one figure rather than with a sum."""

        def order(n: int) -> tuple[bool, bool, int]:
            others = self._others(n, index)
            return (len(others) != 1, not any(f.statement != "claim" for f in others), n)

        best = min(numbers, key=order)
        others = self._others(best, index)
        check = self._check(best)
        ids = tuple(dict.fromkeys(self._check(n).identity.id for n in numbers))
        figure = others[0] if len(others) == 1 and status != "implied" else None
        # what is implied is the claim itself
        compared = self.proof.figures[index].amount_yuan if status == "implied" else self._other_side(check, index)
        return ClaimStatus(status, figure, compared, ids)

    def _others(self, n: int, index: int) -> list[Figure]:
        return [self.proof.figures[i] for i, _ in self._check(n).cells if i != index]

    def _other_side(self, check: Check, index: int) -> Decimal | None:
        """What the figure would be by this identity."""
        figure = self.proof.figures[index]
        sign = sum(s for i, s in check.cells if i == index)
        if check.identity.relation in ("equal", "at_most") and sign:
            return figure.amount_yuan - Decimal(check.difference) / FEN / sign
        return Decimal(check.right) / FEN if check.cells[0][0] == index else None

    def _check(self, n: int) -> Check:
        return self.proof.checks[n]


@lru_cache(maxsize=1)
def _usual_places() -> Mapping[str, Slot]:
    """Subject → where a statement prints it, by the identities that say so without any condition."""
    found: dict[str, Slot] = {}
    for identity in load_annex_identities():
        term = identity.right[0]
        conditions = (identity.if_nil, identity.if_printed, identity.unless_printed, identity.facts)
        is_copy = identity.relation == "equal" and len(identity.right) == 1 and len(term.statements) == 1
        is_one = identity.each == "row" and len(term.items) == len(term.measures) == 1
        if any(conditions) or identity.appropriations_only or not (is_copy and is_one) or term.statements[0] == "claim":
            continue
        for item in identity.items if identity.of == "claim" else ():
            place = (term.statements[0], 0, item if term.has_variable else term.items[0], term.measures[0])
            found.setdefault(item, place)
    return found


def claim_statuses(claims: Sequence[Claim], proofs: Iterable[PartProof]) -> list[ClaimStatus]:
    """One status for each claim, in their order. Claims belong to part 1."""
    proof = next((proof for proof in proofs if proof.part == 1), None)
    if proof is None:
        return [ClaimStatus("unverifiable") for _ in claims]
    known = _Claims(proof)
    return [replace(known.status(claim), place=known.place(claim)) for claim in claims]

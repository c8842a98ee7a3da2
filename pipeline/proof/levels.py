"""How well each figure is confirmed: by the exact identities that it stands in, and by where these lead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.proof.at_odds import AtOdds
from pipeline.proof.check import HOLDS, Check
from pipeline.proof.locate import Fault, Place
from pipeline.proof.relations import PERCENTAGES, Cell
from pipeline.proof.suspects import Finding


@dataclass(frozen=True, slots=True)
class Found:
    """The faults of one body."""

    faults: Sequence[Fault]
    findings: Sequence[Finding]
    at_odds: Sequence[AtOdds]


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


def levels(
    cells: Sequence[Cell], checks: Sequence[Check], confirming: Mapping[int, list[int]], found: Found
) -> list[str]:
    """The status of every cell.

    Proven is only what leaves its own row, and whose sums lead on to another table; what stands in no broken identity
    that nothing explains, nor hangs together with such a figure, and is none of several that may be wrong. Where only
    its own row or doubtful figures speak for it, and such an identity against it, nothing does.
    """
    contradicted = set(_contradicted(cells, checks, found))
    in_doubt = set(_in_doubt(cells, checks, found))
    of_several = {p for fault in found.faults if not fault.is_unique for own in fault.smallest for p, _ in own}
    tied = tied_to_doubt(in_doubt, checks, cells) | {place for place in of_several if isinstance(place, int)}
    of_odd = {one.statement for one in found.at_odds}
    anchored = _anchored(cells, checks, confirming)
    status: list[str] = []
    for index, cell in enumerate(cells):
        own = confirming.get(index, ())
        level = proof_status(index, own, checks, contradicted)
        if level in ("proven", "supported"):
            row = cell.slot[:2]
            beside = {i for n in own for i, _ in checks[n].cells if cells[i].slot[:2] != row}
            leaves = bool(beside)
            if index in in_doubt and beside <= in_doubt:
                level = "unproven"
            elif index in in_doubt | tied or not leaves or index not in anchored or cell.slot[0] in of_odd:
                level = "supported"
        status.append(level)
    return status


def _contradicted(cells: Sequence[Cell], checks: Sequence[Check], found: Found) -> Iterator[int]:
    """What stands in every smallest set of changes, what a finding names, and all of a statement in another unit."""
    yield from (place for fault in found.faults for place in fault.in_every_set if isinstance(place, int))
    yield from (f.place for f in found.findings if f.is_located and isinstance(f.place, int))
    for one in found.at_odds:
        if one.rival is None:
            through = {index for n in one.checks for index, _ in checks[n].cells}
            for index, cell in enumerate(cells):
                if cell.slot[0] == one.statement and cell.fen and (one.power is not None or index in through):
                    yield index


def _in_doubt(cells: Sequence[Cell], checks: Sequence[Check], found: Found) -> Iterator[int]:
    """The cells of broken hard identities that no fault elsewhere explains."""
    moved = {place: delta for fault in found.faults if fault.is_unique for place, delta in fault.smallest[0]}
    wholes = {n: {one.statement, one.rival} for one in found.at_odds for n in one.checks}
    told = {n: finding for finding in found.findings for n in finding.checks}
    odd = odd_products(checks)
    for n, check in enumerate(checks):
        identity = check.identity
        if check.status != "broken" or identity.severity != "hard" or identity.only_slips or identity.id in odd:
            continue
        own = [index for index, _ in check.cells]
        if n in wholes:
            yield from (index for index in own if cells[index].slot[0] in wholes[n])
        elif n in told:
            suspected = {place for place, _ in told[n].rivals} or {told[n].place}
            yield from (index for index in own if index in suspected)
        elif not _is_mended(check, moved):
            yield from own


def tied_to_doubt(doubtful: Collection[int], checks: Iterable[Check], cells: Sequence[Cell]) -> set[int]:
    """The cells of a sum that holds although one of its numbers is doubtful: if that one is wrong, another is as well.

    And what repeats such a cell in its own statement, level by level.
    """
    tied: set[int] = set()
    copies: dict[int, set[int]] = defaultdict(set)
    for check in checks:
        if check.status in HOLDS and check.identity.severity == "hard" and check.identity.relation == "equal":
            own = {index for index, _ in check.cells if cells[index].fen}
            if len(own.intersection(doubtful)) == 1:
                tied |= own.difference(doubtful)
            if len(own) == 2 and len({cells[index].slot[0] for index in own}) == 1:
                for index in own:
                    copies[index] |= own
    new = list(tied)
    while new:
        found = copies[new.pop()].difference(tied, doubtful)
        tied |= found
        new += found
    return tied


def _is_mended(check: Check, moved: Mapping[Place, int]) -> bool:
    places: list[tuple[Place, int]] = [*check.cells, *check.blanks]
    change = sum(sign * moved.get(place, 0) for place, sign in places)
    after = check.difference + change
    return bool(change) and (after == 0 or (check.identity.at_most and after <= 0))


def _anchored(cells: Sequence[Cell], checks: Sequence[Check], confirming: Mapping[int, list[int]]) -> set[int]:
    """The cells from which exact identities, not those of zeros alone, lead on to another table.

    Each row of the prose is a table of its own; what is nil everywhere is as good as the zeros beside it.
    """
    parent: dict[int, int] = {}

    def root(index: int) -> int:
        while parent.setdefault(index, index) != index:
            parent[index] = index = parent[parent[index]]
        return index

    for n in {n for own in confirming.values() for n in own}:
        indices = [index for index, _ in checks[n].cells]
        if any(cells[index].fen for index in indices):
            for index in indices[1:]:
                parent[root(index)] = root(indices[0])
    tables: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for index in list(parent):
        statement, order, _, _ = cells[index].slot
        tables[root(index)].add((statement, order if statement == "claim" else 0))
    anchored = {index for index in list(parent) if len(tables[root(index)]) > 1}
    return anchored | {index for index in range(len(cells)) if index not in parent}


def odd_products(checks: Iterable[Check]) -> set[str]:
    """The products that break more often than they hold: one of the columns has another unit than it says."""
    products = [check for check in checks if check.identity.relation == "product"]
    broken = Counter(check.identity.id for check in products if check.status == "broken")
    held = Counter(check.identity.id for check in products if check.status in ("exact", "within_rounding"))
    return {name for name, count in broken.items() if count > 1 and count > held[name]}

"""Where the fault is: the smallest sets of places whose change would make every broken identity hold.

A place is a printed cell, or a blank that should hold a number. Broken checks that share a place belong together. A
place can be at fault only if its change keeps the identities that hold (they speak for the innocent), agrees for all
its broken ones, and does not make an amount negative that a budget cannot print so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.proof.engine import Check, Slot

Place = int | Slot  # a printed cell by index, or a blank
MOST_PLACES = 4  # faults of more places than that are not located
MOST_SETS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One group of broken checks. ``smallest``: all sets of the smallest size, each place with its change in fen."""

    checks: tuple[int, ...]
    smallest: tuple[tuple[tuple[Place, int], ...], ...]

    @property
    def is_unique(self) -> bool:
        return len(self.smallest) == 1

    @property
    def in_every_set(self) -> frozenset[Place]:
        """The places that stand in every smallest set."""
        sets = [frozenset(place for place, _ in found) for found in self.smallest]
        return frozenset.intersection(*sets) if sets else frozenset()


def locate(checks: Sequence[Check], amounts: Sequence[int]) -> list[Fault]:
    """The faults behind the broken hard checks, in the order of the first. ``amounts``: of each cell, in fen."""
    binding = [n for n, c in enumerate(checks) if _binds(c)]
    broken = [n for n in binding if checks[n].status == "broken"]
    if not broken:
        return []
    terms: dict[int, dict[Place, int]] = {}
    of_place: dict[Place, list[int]] = defaultdict(list)
    for n in binding:
        terms[n] = _terms(checks[n])
        for place in terms[n]:
            of_place[place].append(n)
    solver = _Solver(checks, amounts, terms, of_place)
    return [Fault(tuple(group), solver.smallest(group)) for group in _groups(broken, terms)]


def _binds(check: Check) -> bool:
    return check.identity.severity == "hard" and not check.identity.at_most and check.status != "not_applicable"


def _terms(check: Check) -> dict[Place, int]:
    terms: dict[Place, int] = defaultdict(int)
    for index, sign in check.cells:
        terms[index] += sign
    for slot, sign in check.blanks:
        terms[slot] += sign
    return {place: factor for place, factor in terms.items() if factor}


def _groups(broken: list[int], terms: dict[int, dict[Place, int]]) -> list[list[int]]:
    """Broken checks that hang together over a shared place."""
    group_of: dict[int, int] = {n: n for n in broken}

    def root(n: int) -> int:
        while group_of[n] != n:
            n = group_of[n]
        return n

    first_with: dict[Place, int] = {}
    for n in broken:
        for place in terms[n]:
            if place in first_with:
                group_of[root(n)] = root(first_with[place])
            else:
                first_with[place] = n
    groups: dict[int, list[int]] = defaultdict(list)
    for n in broken:
        groups[root(n)].append(n)
    return sorted(groups.values())


class _Solver:
    def __init__(
        self,
        checks: Sequence[Check],
        amounts: Sequence[int],
        terms: dict[int, dict[Place, int]],
        of_place: dict[Place, list[int]],
    ) -> None:
        self.checks = checks
        self.amounts = amounts
        self.terms = terms
        self.of_place = of_place

    def smallest(self, group: list[int]) -> tuple[tuple[tuple[Place, int], ...], ...]:
        """Exact covers of the broken checks by places that each repair their share, the fewest places first."""
        places = dict.fromkeys(place for n in group for place in self.terms[n])
        options: dict[int, list[tuple[Place, int, frozenset[int]]]] = defaultdict(list)
        for place in places:
            if delta := self._delta(place):
                repaired = frozenset(n for n in self.of_place[place] if self.checks[n].status == "broken")
                for n in repaired:
                    options[n].append((place, delta, repaired))
        for size in range(1, MOST_PLACES + 1):
            found = list(self._covers(frozenset(group), size, options))
            if found:
                # of equally small sets, those that also mend what holds within rounding only
                mended = [self._mended(change) for change in found]
                best = [change for change, count in zip(found, mended, strict=True) if count == max(mended)]
                return tuple(best[:MOST_SETS])
        return ()

    def _mended(self, change: tuple[tuple[Place, int], ...]) -> int:
        deltas = dict(change)
        near = {n for place in deltas for n in self.of_place[place] if self.checks[n].status == "within_rounding"}
        return sum(
            self.checks[n].difference + sum(self.terms[n].get(p, 0) * d for p, d in deltas.items()) == 0 for n in near
        )

    def _covers(
        self, open_checks: frozenset[int], size: int, options: dict[int, list[tuple[Place, int, frozenset[int]]]]
    ) -> Iterator[tuple[tuple[Place, int], ...]]:
        if not open_checks:
            yield ()
        elif size > 0:
            for place, delta, repaired in options[min(open_checks)]:
                if repaired <= open_checks:
                    for rest in self._covers(open_checks - repaired, size - 1, options):
                        yield ((place, delta), *rest)

    def _delta(self, place: Place) -> int | None:
        """The one change of this place that repairs all its broken checks and keeps the others."""
        own = self.of_place[place]
        broken = next(n for n in own if self.checks[n].status == "broken")
        delta, rest = divmod(-self.checks[broken].difference, self.terms[broken][place])
        before = self.amounts[place] if isinstance(place, int) else 0
        if rest or not delta or (before + delta < 0 <= before):
            return None
        return delta if all(self._holds(n, self.terms[n][place] * delta) for n in own) else None

    def _holds(self, check: int, shift: int) -> bool:
        difference = self.checks[check].difference
        if difference + shift == 0:
            return True
        # what holds within rounding only may go on doing so
        return self.checks[check].status == "within_rounding" and abs(difference + shift) <= abs(difference)

"""Where the fault is: the smallest sets of cells whose change would make every broken identity hold.

Broken checks that share a cell or a blank place belong together. For each such group every single place is tried
first (a printed cell, or a blank that should hold a number), then pairs. A place is possible only if its change keeps
the identities that hold, so the checks that hold speak for the innocent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.proof.engine import Check, Slot

Place = int | Slot  # a printed cell by index, or a blank
MOST_PLACES_FOR_PAIRS = 60  # 1,770 pairs; measured: about 10 ms


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


def locate(checks: Sequence[Check]) -> list[Fault]:
    """The faults behind the broken hard checks, in the order of their first check."""
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
    solver = _Solver(checks, terms, of_place)
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
        self, checks: Sequence[Check], terms: dict[int, dict[Place, int]], of_place: dict[Place, list[int]]
    ) -> None:
        self.checks = checks
        self.terms = terms
        self.of_place = of_place

    def smallest(self, group: list[int]) -> tuple[tuple[tuple[Place, int], ...], ...]:
        places = list(dict.fromkeys(place for n in group for place in self.terms[n]))
        singles = [((place, delta),) for place in places if (delta := self._single(place, group))]
        if singles:
            return tuple(singles)
        # a place whose checks nearly all hold is in no small set: one more place would have to make up for each
        likely = [p for p in places if self._held(p) <= 1][:MOST_PLACES_FOR_PAIRS]
        pairs = [found for a, b in combinations(likely, 2) if (found := self._pair(a, b, group))]
        return tuple(pairs)

    def _held(self, place: Place) -> int:
        return sum(1 for n in self.of_place[place] if self.checks[n].status == "exact")

    def _single(self, place: Place, group: list[int]) -> int | None:
        """The change of this one place that makes the whole group hold and breaks nothing."""
        own = self.of_place[place]
        if not set(group) <= set(own):
            return None
        delta = self._needed(group[0], place)
        return delta if delta and all(self._holds(n, {place: delta}) for n in own) else None

    def _needed(self, check: int, place: Place) -> int | None:
        factor = self.terms[check][place]
        difference = -self.checks[check].difference
        return difference // factor if difference % factor == 0 else None

    def _holds(self, check: int, change: dict[Place, int]) -> bool:
        shift = sum(self.terms[check].get(place, 0) * delta for place, delta in change.items())
        difference = self.checks[check].difference + shift
        if difference == 0:
            return True
        # what holds within rounding only may go on doing so
        return self.checks[check].status == "within_rounding" and abs(difference) <= abs(self.checks[check].difference)

    def _pair(self, a: Place, b: Place, group: list[int]) -> tuple[tuple[Place, int], ...] | None:
        own_a, own_b = set(self.of_place[a]), set(self.of_place[b])
        if not set(group) <= own_a | own_b:
            return None
        only_a = next((n for n in group if n in own_a - own_b), None)
        only_b = next((n for n in group if n in own_b - own_a), None)
        if only_a is None or only_b is None:
            return None
        delta_a, delta_b = self._needed(only_a, a), self._needed(only_b, b)
        if not delta_a or not delta_b:
            return None
        change = {a: delta_a, b: delta_b}
        return tuple(change.items()) if all(self._holds(n, change) for n in own_a | own_b) else None

"""Where the fault is: the smallest sets of places whose change would make every broken identity hold.

A place is a printed cell, or a blank that should hold a number. Broken checks that share a place belong together, and
so do those that one set of changes would mend. A set of changes mends a group if afterwards all its checks hold and no
other check is worse than before, which is how the identities that hold speak for the innocent: a change that breaks
one of them needs a second change. Checks that sleep because their places are blank wake when one of these is filled. No
change makes an amount negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.proof.check import Check
from pipeline.proof.engine import dormant
from pipeline.proof.relations import Cell, Slot, slack
from pipeline.proof.sheet import Sheet

Place = int | Slot  # a printed cell by index, or a blank
Changes = tuple[tuple[Place, int], ...]
Exchange = tuple[str, str, str]  # statement and two measures
MOST_PLACES = 6  # faults of more places than that are not located
MOST_NUMBERS = 4  # nor those of more printed numbers
MOST_STEPS = 20_000  # nor those that so many trials do not find


@dataclass(frozen=True, slots=True)
class Fault:
    """One group of broken checks. ``smallest``: all sets of the smallest size, each place with its change in fen."""

    checks: tuple[int, ...]
    smallest: tuple[Changes, ...]
    exchanged: tuple[Exchange, ...] = ()  # or else: columns that hold each other's numbers

    @property
    def is_unique(self) -> bool:
        return len(self.smallest) == 1

    @property
    def in_every_set(self) -> frozenset[Place]:
        """The places that stand in every smallest set."""
        sets = [frozenset(place for place, _ in found) for found in self.smallest]
        return frozenset.intersection(*sets) if sets else frozenset()


def locate(checks: Sequence[Check], sheet: Sheet, without: Collection[int] = ()) -> list[Fault]:
    """The faults behind the broken hard checks, in the order of the first; those ``without`` take no part."""
    if not any(check.status == "broken" and _binds(check) for n, check in enumerate(checks) if n not in without):
        return []
    solver = _Solver(checks, sheet, without)
    exchanges = solver.exchanges()
    groups, faults = solver.groups(), list[Fault]()
    while groups:
        found = {min(group): solver.smallest(group) for group in groups}
        # what one group says of itself alone is so; the others are asked again
        clear = [g for g in groups if len(found[min(g)]) == 1 and solver.broken_at(found[min(g)]) <= g]
        for group in clear[:1] if len(clear) < len(groups) else clear:
            faults.append(Fault(tuple(sorted(group)), found[min(group)]))
            solver.settle(group, found[min(group)])
            groups.remove(group)
        if clear:
            continue
        # then what the same changes mend is one fault
        joining = next((g for g in groups if not solver.broken_at(found[min(g)]) <= g), None)
        if joining is None:
            faults += [Fault(tuple(sorted(group)), found[min(group)]) for group in groups]
            break
        also = solver.broken_at(found[min(joining)])
        apart = [group for group in groups if group is not joining and not group & also]
        groups = [*apart, joining.union(*(group for group in groups if group & also))]
    return sorted(_with_exchanges(faults, exchanges), key=lambda fault: fault.checks)


def _with_exchanges(faults: list[Fault], exchanges: Mapping[Exchange, frozenset[int]]) -> list[Fault]:
    """Where two columns that hold each other's numbers explain what else takes several changes, that is the fault."""
    mended = frozenset[int]().union(*exchanges.values())
    within = [fault for fault in faults if set(fault.checks) <= mended]
    if sum(len(fault.smallest[0]) if fault.is_unique else MOST_PLACES for fault in within) <= 2:
        return faults
    checks = tuple(sorted(n for fault in within for n in fault.checks))
    exchanged = tuple(exchange for exchange, own in exchanges.items() if own >= set(checks))
    if not exchanged:
        return faults
    return [*(fault for fault in faults if fault not in within), Fault(checks, (), exchanged)]


def _binds(check: Check) -> bool:
    return check.identity.severity == "hard" and not check.identity.at_most


def _terms(check: Check) -> dict[Place, int]:
    terms: dict[Place, int] = defaultdict(int)
    for index, sign in check.cells:
        terms[index] += sign
    for slot, sign in check.blanks:
        terms[slot] += sign
    return {place: factor for place, factor in terms.items() if factor}


class _TooManySteps(Exception):
    pass


class _Solver:
    def __init__(self, checks: Sequence[Check], sheet: Sheet, without: Collection[int]) -> None:
        self.sheet = sheet
        self.cells = sheet.cells
        self.terms: dict[int, dict[Place, int]] = {}
        self.of_place: dict[Place, list[int]] = defaultdict(list)
        self.difference: dict[int, int] = {}
        self.tolerated: dict[int, int] = {}  # what holds within rounding only may go on doing so
        self.rounding: dict[int, int] = {}  # what a broken check is off by where only rounding is left
        self.broken: set[int] = set()
        self.asleep: dict[int, int] = {}  # how many changes have woken a dormant check
        self.waking: dict[int, int] = {}  # which side of it wakes it: 0 either
        applying = [(n, c) for n, c in enumerate(checks) if c.status != "not_applicable" and n not in without]
        asleep = dormant(sheet, checks)
        alone = {check.identity.id for check in asleep if check.cells}  # a whole stands alone in some row
        for n, check in (*applying, *enumerate(asleep, start=len(checks))):
            if _binds(check):
                self.terms[n] = _terms(check)
                for place in self.terms[n]:
                    self.of_place[place].append(n)
                self.difference[n] = check.difference
                self.tolerated[n] = abs(check.difference) if check.status == "within_rounding" else 0
                if check.status == "broken":
                    self.broken.add(n)
                    own = [self.cells[index] for index, _ in check.cells]
                    # what belongs in a blank may be printed more finely than what is beside it
                    is_open = any(not slot[2].startswith("unprinted_") for slot, _ in check.blanks)
                    self.rounding[n] = int(slack(is_open, own))
                elif check.status == "not_applicable":
                    self.asleep[n] = 0
                    # where a whole may stand alone and does so, only a part wakes the check
                    self.waking[n] = -1 if check.identity.id in alone else 0
        self.most = max((len(own) for own in self.of_place.values()), default=0)
        self.twin = _later_twins(sheet.cells)
        self.settled: set[Place] = set()
        self.steps = 0

    def broken_at(self, sets: Collection[Changes]) -> set[int]:
        """The broken checks that these changes touch."""
        return self._broken({place for changes in sets for place, _ in changes})

    def _broken(self, places: Collection[Place]) -> set[int]:
        return {n for place in places for n in self.of_place[place] if n in self.broken}

    def settle(self, group: set[int], smallest: tuple[Changes, ...]) -> None:
        """Take the group's only set of changes as made."""
        for place, delta in smallest[0]:
            self._change(place, delta, set())
            self.settled.add(place)
        self.broken -= group

    def groups(self) -> list[set[int]]:
        """Broken checks that hang together over a shared place."""
        groups: list[set[int]] = []
        for n in sorted(self.broken):
            near = self._broken(self.terms[n])
            apart = [group for group in groups if not group & near]
            groups = [*apart, near.union(*(group for group in groups if group & near))]
        return sorted(groups, key=min)

    def exchanges(self) -> dict[Exchange, frozenset[int]]:
        """Pairs of columns with which three broken checks or more hold, and none breaks, once they are exchanged."""
        if len(self.broken) < 3:
            return {}
        statements = {self._slot(place)[0] for n in self.broken for place in self.terms[n]}
        found: dict[Exchange, frozenset[int]] = {}
        for statement in sorted(statements):
            if any(unread.statement == statement for unread in self.sheet.unread):
                continue  # nobody knows what the columns hold
            for a, b in combinations(self.sheet.columns.get(statement, ()), 2):
                changes = self._exchange(statement, a, b)
                touched = self._broken(changes)
                if len(touched) < 3:
                    continue
                left = set(touched)
                for place, delta in changes.items():
                    left = self._change(place, delta, left)
                if not left:
                    found[statement, a, b] = frozenset(touched)
                for place, delta in changes.items():
                    self._change(place, -delta, set(), undo=True)
        return found

    def _exchange(self, statement: str, a: str, b: str) -> dict[Place, int]:
        changes: dict[Place, int] = {}
        for row in self.sheet.rows_of.get(statement, ()):
            places: list[Place] = []
            for measure in (a, b):
                slot = (statement, row.order, row.item, measure)
                places.append(self.sheet.in_row.get(slot, slot))
            first, second = (self._amount(place) for place in places)
            if first != second:
                changes |= {places[0]: second - first, places[1]: first - second}
        return changes

    def _slot(self, place: Place) -> Slot:
        return self.cells[place].slot if isinstance(place, int) else place

    def _amount(self, place: Place) -> int:
        return self.cells[place].fen if isinstance(place, int) else 0

    def smallest(self, group: set[int]) -> tuple[Changes, ...]:
        """Every set of the smallest size that mends the group; none where no small one does.

        Sums of rounded numbers need not agree to the last digit about the number that is wrong: where no set of a size
        mends them so, those count that leave only rounding.
        """
        self.steps = 0
        for size in range(1, MOST_PLACES + 1):
            try:
                found = self._sets(group, size) or self._within_rounding(group, size)
            except _TooManySteps:
                return ()
            if any(sum(isinstance(place, int) for place, _ in changes) > MOST_NUMBERS for changes in found):
                return ()
            if found:
                return () if any(map(self._shifts, found)) else self._most_telling(found)
        return ()

    def _sets(self, group: set[int], size: int) -> list[Changes]:
        found = {frozenset(changes): changes for changes in self._mending(set(group), size, {})}
        return [tuple(sorted(changes, key=_order)) for changes in found.values() if self._is_plausible(changes)]

    def _within_rounding(self, group: set[int], size: int) -> list[Changes]:
        """Sets that leave rounding in the group's checks; of those with the same places the one that leaves least."""
        exact = {n: self.tolerated[n] for n in group}
        try:
            self.tolerated |= {n: self.rounding.get(n, 0) for n in group}
            found: dict[frozenset[Place], Changes] = {}
            for changes in self._sets(group, size):
                places = frozenset(place for place, _ in changes)
                if places not in found or self._left_over(changes, group) < self._left_over(found[places], group):
                    found[places] = changes
            return list(found.values())
        finally:
            self.tolerated |= exact

    def _left_over(self, changes: Changes, group: set[int]) -> tuple[int, int]:
        """How many checks are then off by rounding, and by how much in all."""
        deltas = dict(changes)
        left = [self.difference[n] + sum(f * deltas.get(p, 0) for p, f in self.terms[n].items()) for n in group]
        return sum(map(bool, left)), sum(map(abs, left))

    def _shifts(self, changes: Changes) -> bool:
        """Does it alter a row that no broken sum goes through, only so that a sum that holds goes on holding?

        What is wrong then may as well be all that hangs together there. A lone copy of what is wrong is no such row.
        """
        places = {place for place, _ in changes}
        rows = {self._slot(place)[:3] for place in places}
        told = {self._slot(place)[:3] for place in places if not self.broken.isdisjoint(self.of_place[place])}
        while more := {
            self._slot(place)[:3]
            for place in places
            if self._slot(place)[:3] not in told and any(self._is_copy(n, places, told) for n in self.of_place[place])
        }:
            told |= more
        return rows != told

    def _is_copy(self, n: int, places: set[Place], told: Collection[tuple[str, int, str]]) -> bool:
        """Does a check join two printed numbers of these places, one of a row that is told, and no other amount?"""
        own = [place for place in self.terms[n] if place in places or self._amount(place)]
        printed = {place for place in own if isinstance(place, int)}
        return len(own) == len(printed & places) == 2 and any(self._slot(place)[:3] in told for place in own)

    def _is_plausible(self, changes: Changes) -> bool:
        """Several changes take no printed number away, unless it moves within its row or the row is a repetition."""
        gains = {self._slot(place)[:3] for place, delta in changes if delta > 0}
        return len(changes) == 1 or all(
            delta != -self._amount(place) or self._takes_out(place, delta) or self._slot(place)[:3] in gains
            for place, delta in changes
        )

    def _mending(self, open_checks: set[int], size: int, changed: dict[Place, int]) -> Iterator[Changes]:
        """Change a place of the open check that has the fewest, so that one of its checks holds; then mend the rest."""
        if not open_checks:
            yield tuple(changed.items())
            return
        if len(open_checks) > size * self.most:
            return
        first = min(open_checks, key=lambda n: (len(self.terms[n]), n))
        for place in self.terms[first]:
            if (
                place in changed
                or place in self.settled
                or (size == 1 and not open_checks.issubset(self.of_place[place]))
            ):
                continue
            before = self._amount(place)
            for delta in self._deltas(place, open_checks):
                self.steps += 1
                if self.steps > MOST_STEPS:
                    raise _TooManySteps
                if before + delta < 0 <= before:
                    continue
                left = self._change(place, delta, open_checks)
                changed[place] = delta
                try:
                    if size > 1 or not left:
                        yield from self._mending(left, size - 1, changed)
                finally:  # also where the search gives up
                    del changed[place]
                    self._change(place, -delta, open_checks, undo=True)

    def _deltas(self, place: Place, open_checks: set[int]) -> list[int]:
        """The changes of a place with which one of its checks that are open or broken holds."""
        found: dict[int, None] = {}
        for n in self.of_place[place]:
            if n in open_checks or (n in self.broken and self.difference[n]):
                delta, rest = divmod(-self.difference[n], self.terms[n][place])
                if delta and not rest:
                    found[delta] = None
        return list(found)

    def _change(self, place: Place, delta: int, open_checks: set[int], undo: bool = False) -> set[int]:
        """The checks that are open after the change."""
        left = set(open_checks)
        for n in self.of_place[place]:
            factor = self.terms[n][place]
            self.difference[n] += factor * delta
            if n in self.asleep and self.waking[n] * factor >= 0:
                self.asleep[n] += -1 if undo else 1
            if abs(self.difference[n]) > self.tolerated[n] and self.asleep.get(n, 1):
                left.add(n)
            else:
                left.discard(n)
        return left

    def _most_telling(self, found: list[Changes]) -> tuple[Changes, ...]:
        """Of equally small sets those that mend the most of what holds within rounding only.

        Then, if a row is printed twice, the set that takes the later one out.
        """
        mended = [self._mended(changes) for changes in found]
        best = [changes for changes, count in zip(found, mended, strict=True) if count == max(mended)]
        doubled = [changes for changes in best if all(self._takes_out(*change) for change in changes)]
        return tuple(doubled if len(doubled) == 1 else best)

    def _mended(self, changes: Changes) -> int:
        deltas = dict(changes)
        near = {n for place in deltas for n in self.of_place[place] if self.tolerated[n]}
        return sum(
            self.difference[n] + sum(self.terms[n].get(p, 0) * delta for p, delta in deltas.items()) == 0 for n in near
        )

    def _takes_out(self, place: Place, delta: int) -> bool:
        return isinstance(place, int) and place in self.twin and delta == -self.cells[place].fen


def _later_twins(cells: Sequence[Cell]) -> frozenset[int]:
    """The cells of a later row that print what an earlier row of the same item prints in the same measure."""
    first: dict[tuple[str, str, str, int], int] = {}
    later: set[int] = set()
    for index, cell in enumerate(cells):
        statement, order, item, measure = cell.slot
        if first.setdefault((statement, item, measure, cell.fen), order) != order:
            later.add(index)
    return frozenset(later)


def _order(change: tuple[Place, int]) -> tuple[bool, str, int, str, str]:
    """Printed cells first, in their order; blanks in the order of their rows."""
    place, _ = change
    return (False, "", place, "", "") if isinstance(place, int) else (True, *place)

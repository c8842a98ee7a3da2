"""Where the fault is: the smallest sets of places whose change would make every broken identity hold.

A place is a printed cell, or a blank that should hold a number. Broken checks that share a place belong together, and
so do those that one set of changes would mend. A set of changes mends a group if afterwards all its checks hold and no
other check is worse than before, which is how the identities that hold speak for the innocent: a change that breaks
one of them needs a second change. Checks that sleep because their places are blank wake when one of these is filled. No
change makes an amount negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.proof.engine import Cell, Check, Sheet, Slot, dormant

Place = int | Slot  # a printed cell by index, or a blank
Changes = tuple[tuple[Place, int], ...]
MOST_PLACES = 4  # faults of more places than that are not located
MOST_STEPS = 20_000  # nor those that so many trials do not find


@dataclass(frozen=True, slots=True)
class Fault:
    """One group of broken checks. ``smallest``: all sets of the smallest size, each place with its change in fen."""

    checks: tuple[int, ...]
    smallest: tuple[Changes, ...]

    @property
    def is_unique(self) -> bool:
        return len(self.smallest) == 1

    @property
    def in_every_set(self) -> frozenset[Place]:
        """The places that stand in every smallest set."""
        sets = [frozenset(place for place, _ in found) for found in self.smallest]
        return frozenset.intersection(*sets) if sets else frozenset()


def locate(checks: Sequence[Check], sheet: Sheet) -> list[Fault]:
    """The faults behind the broken hard checks, in the order of the first."""
    if not any(check.status == "broken" and _binds(check) for check in checks):
        return []
    solver = _Solver(checks, dormant(sheet), sheet.cells)
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
    return sorted(faults, key=lambda fault: fault.checks)


def _binds(check: Check) -> bool:
    return check.identity.severity == "hard" and not check.identity.at_most


def _is_of_unprinted_row(check: Check) -> bool:
    return check.identity.each == "row" and all(order == 0 for (_, order, _, _), _ in check.blanks)


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
    def __init__(self, checks: Sequence[Check], asleep: Sequence[Check], cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.terms: dict[int, dict[Place, int]] = {}
        self.of_place: dict[Place, list[int]] = defaultdict(list)
        self.difference: dict[int, int] = {}
        self.tolerated: dict[int, int] = {}  # what holds within rounding only may go on doing so
        self.broken: set[int] = set()
        self.asleep: dict[int, int] = {}  # how many changes have woken a dormant check
        self.waking: dict[int, int] = {}  # which side of it wakes it: 0 either
        applying = [(n, check) for n, check in enumerate(checks) if check.status != "not_applicable"]
        for n, check in (*applying, *enumerate(asleep, start=len(checks))):
            if _binds(check):
                self.terms[n] = _terms(check)
                for place in self.terms[n]:
                    self.of_place[place].append(n)
                self.difference[n] = check.difference
                self.tolerated[n] = abs(check.difference) if check.status == "within_rounding" else 0
                if check.status == "broken":
                    self.broken.add(n)
                elif check.status == "not_applicable":
                    self.asleep[n] = 0
                    # a whole may stand alone, but not in a row that is not printed: then only a part wakes the check
                    alone = check.identity.whole_may_stand_alone and not _is_of_unprinted_row(check)
                    self.waking[n] = -1 if alone else 0
        self.most = max((len(own) for own in self.of_place.values()), default=0)
        self.twin = _later_twins(cells)
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

    def smallest(self, group: set[int]) -> tuple[Changes, ...]:
        """Every set of the smallest size that mends the group; none where no small one does."""
        self.steps = 0
        for size in range(1, MOST_PLACES + 1):
            try:
                found = {frozenset(changes): changes for changes in self._mending(set(group), size, {})}
            except _TooManySteps:
                return ()
            if found:
                return self._most_telling([tuple(sorted(changes, key=_order)) for changes in found.values()])
        return ()

    def _mending(self, open_checks: set[int], size: int, changed: dict[Place, int]) -> Iterator[Changes]:
        """Change a place of the open check that has the fewest, so that this check holds; then mend what is left."""
        if not open_checks:
            yield tuple(changed.items())
            return
        if len(open_checks) > size * self.most:
            return
        first = min(open_checks, key=lambda n: (len(self.terms[n]), n))
        for place, factor in self.terms[first].items():
            if (
                place in changed
                or place in self.settled
                or (size == 1 and not open_checks.issubset(self.of_place[place]))
            ):
                continue
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise _TooManySteps
            delta, rest = divmod(-self.difference[first], factor)
            before = self.cells[place].fen if isinstance(place, int) else 0
            if rest or before + delta < 0 <= before:
                continue
            left = self._change(place, delta, open_checks)
            changed[place] = delta
            if size > 1 or not left:
                yield from self._mending(left, size - 1, changed)
            del changed[place]
            self._change(place, -delta, open_checks, undo=True)

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

"""Statements at odds with all others as a whole: in another unit than their unit line says, or of another draft.

Such a statement agrees with itself, and so do the others with each other; what they share is broken throughout. No
cell of it is the fault, so it is found before single places are searched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10

from pipeline.annexes.model import ANNEXES
from pipeline.proof.check import HOLDS, Check
from pipeline.proof.locate import Fault
from pipeline.proof.relations import FEN, Cell

_FEWEST = 3  # broken identities with others that say so whatever else could be wrong, and although some of them hold
_FEW = 3  # changes of single places that explain as much are the likelier fault
_PLAUSIBLE = range(100_000 * FEN, 10**11 * FEN)  # fen: the largest amount of a department's statement


@dataclass(frozen=True, slots=True)
class AtOdds:
    """A statement at odds with others, and the ``checks`` that show it.

    ``power``: of ten by which its amounts are too small (too large where negative), None where it is of another draft.
    ``rival``: the statement that may be the wrong one instead.
    """

    statement: str
    checks: tuple[int, ...]
    power: int | None = None
    rival: str | None = None


def in_another_unit(checks: Sequence[Check], cells: Sequence[Cell]) -> list[AtOdds]:
    """The statements all of whose amounts differ from those of the others by the same power of ten."""
    if not any(check.status == "broken" for check in checks):
        return []
    known = _Known(checks, cells)
    powers = {name: power for name in known.statements if (power := known.power_of(name)) is not None}
    return list(_told_apart({name: known.broken_with_others(name) for name in powers}, powers, known))


def of_another_draft(checks: Sequence[Check], cells: Sequence[Cell], faults: Iterable[Fault]) -> list[AtOdds]:
    """The statements that differ from the others in most of what they share, and in no few places.

    ``faults``: what was found place by place.
    """
    if not any(check.status == "broken" for check in checks):
        return []
    known = _Known(checks, cells)
    located = list(faults)
    found = {name: own for name in known.statements if (own := known.throughout(name))}
    return list(_told_apart({n: own for n, own in found.items() if not _in_few_places(own, located)}, {}, known))


def _told_apart(found: Mapping[str, list[int]], powers: Mapping[str, int], known: _Known) -> Iterator[AtOdds]:
    """Whom the checks accuse: the statement that explains the most of them; of two the one of an odd size."""
    explained: set[int] = set()
    for name in sorted(found, key=lambda name: (-len(found[name]), not known.is_odd_in_size(name), name)):
        if explained.issuperset(found[name]):
            continue
        explained.update(found[name])
        rivals = (other for other in found if other != name and found[other] == found[name])
        rival = next((other for other in rivals if known.is_odd_in_size(other) == known.is_odd_in_size(name)), None)
        if rival is None and name not in powers:
            rival = known.at_odds_elsewhere(name, found[name])
        yield AtOdds(name, tuple(found[name]), powers.get(name), rival)


def _in_few_places(own: Collection[int], faults: Sequence[Fault]) -> bool:
    """Is it explained by few changes of single places, or by two columns that hold each other's numbers?"""
    through = [fault for fault in faults if not set(fault.checks).isdisjoint(own)]
    if any(fault.exchanged for fault in through) or (len(own) < _FEWEST and any(fault.smallest for fault in through)):
        return True
    return all(f.is_unique for f in through) and sum(len(f.smallest[0]) for f in through) <= _FEW


class _Known:
    """The hard sums of the statements, by the statements that they join."""

    def __init__(self, checks: Sequence[Check], cells: Sequence[Cell]) -> None:
        self.checks = checks
        self.cells = cells
        self.sides: dict[int, dict[str, int]] = {}  # check → statement → what it adds to the difference, in fen
        self.through: dict[int, list[int]] = defaultdict(list)  # cell → checks
        for n, check in enumerate(checks):
            identity = check.identity
            if check.status == "not_applicable" or identity.severity != "hard" or identity.relation != "equal":
                continue
            if not identity.statements.isdisjoint(ANNEXES):
                continue
            sides: dict[str, int] = defaultdict(int)
            for index, sign in check.cells:
                sides[cells[index].slot[0]] += sign * cells[index].fen
                self.through[index].append(n)
            for (statement, *_), _ in check.blanks:
                sides[statement] += 0
            self.sides[n] = dict(sides)
        self.statements = list(dict.fromkeys(name for sides in self.sides.values() for name in sides))

    def shared(self, name: str) -> list[int]:
        """The checks that join what a statement has with others, and those that miss it."""
        return [
            n
            for n, sides in self.sides.items()
            if len(sides) > 1 and name in sides and (sides[name] or self.checks[n].status == "broken")
        ]

    def broken_with_others(self, name: str) -> list[int]:
        return [n for n in self.shared(name) if self.checks[n].status == "broken"]

    def power_of(self, name: str) -> int | None:
        """The power of ten with which every sum that it shares with others would hold, if none does now."""
        shared = self.shared(name)
        if not shared or any(self.checks[n].status != "broken" for n in shared) or not self._is_sound(name, shared):
            return None
        if any(self._is_broken_without(name, index) for index in self._outside(name, shared)):
            return None
        powers = {self._power(name, n) for n in shared}
        return powers.pop() if len(powers) == 1 else None

    def _power(self, name: str, n: int) -> int | None:
        own, others = self.sides[n][name], sum(fen for other, fen in self.sides[n].items() if other != name)
        if own * others >= 0:
            return None
        power = round(log10(-others / own))
        factor = 10.0**power
        slack = sum(
            self.cells[i].half_digit * (factor if self.cells[i].slot[0] == name else 1) for i, _ in self.checks[n].cells
        )
        return power if power and abs(own * factor + others) <= slack else None

    def throughout(self, name: str) -> list[int]:
        """The broken checks of a statement that differs from others in most of what they share."""
        broken, shared = self.broken_with_others(name), self.shared(name)
        least = len(shared) / 2 if len(broken) >= _FEWEST else len(shared)
        if not broken or len(broken) < least or not self._is_sound(name, broken):
            return []
        outside = self._outside(name, broken)
        if not any(self.cells[index].fen for index in outside):
            return []  # the others print nothing there
        return broken if all(self._is_confirmed_without(name, index) for index in outside) else []

    def _outside(self, name: str, numbers: Iterable[int]) -> set[int]:
        """The cells of other statements in these checks."""
        return {i for n in numbers for i, _ in self.checks[n].cells if self.cells[i].slot[0] != name}

    def _apart(self, name: str, index: int) -> list[int]:
        return [n for n in self.through[index] if name not in self.sides[n]]

    def _is_broken_without(self, name: str, index: int) -> bool:
        return any(self.checks[n].status == "broken" for n in self._apart(name, index))

    def _is_sound(self, name: str, broken: Iterable[int]) -> bool:
        """Do its own sums hold, and confirm what differs from the others?"""
        inner = [n for n, sides in self.sides.items() if sides.keys() == {name}]
        if any(self.checks[n].status == "broken" for n in inner):
            return False
        held = {
            i for n in inner if self.checks[n].status in HOLDS and self._has_two(n) for i, _ in self.checks[n].cells
        }
        own = {i for n in broken for i, _ in self.checks[n].cells if self.cells[i].slot[0] == name}
        return own <= held | {i for i in own if not self.cells[i].fen}

    def _is_confirmed_without(self, name: str, index: int) -> bool:
        """Do the others agree about a cell?"""
        if self._is_broken_without(name, index):
            return False
        apart = (self.checks[n].status in HOLDS and self._has_two(n) for n in self._apart(name, index))
        return not self.cells[index].fen or any(apart)

    def _has_two(self, n: int) -> bool:
        return sum(bool(self.cells[i].fen) for i, _ in self.checks[n].cells) > 1

    def at_odds_elsewhere(self, name: str, own: Collection[int]) -> str | None:
        """The only other statement in these checks, if it disagrees with third ones too."""
        others = {other for n in own for other in self.sides[n]} - {name}
        return next((o for o in others if len(others) == 1 and set(self.broken_with_others(o)) - set(own)), None)

    def is_odd_in_size(self, name: str) -> bool:
        """Is its largest amount none that a department's statement has?"""
        return max((abs(cell.fen) for cell in self.cells if cell.slot[0] == name), default=0) not in _PLAUSIBLE

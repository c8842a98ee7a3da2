"""Which printed number is wrong where the prose or an annex contradicts the rest: candidates, and what would mend it.

locate.py searches the statements, whose identities are many and exact. Here most identities hold within rounding and
some are no sums, so each place is asked instead: which numbers would make its broken identities hold and break none
that holds? That is an interval. A place without such numbers is innocent; so is a figure of a statement that the
statements confirm. Of what is left the place that mends the most is at fault; where two are alike, a soft identity or a
simple slip decides between them, or nobody does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pipeline.proof.check import Check
from pipeline.proof.implied import Option, hint, implied_number
from pipeline.proof.locate import Place
from pipeline.proof.relations import Interval, inside
from pipeline.proof.sheet import Sheet
from pipeline.proof.trial import Trial

UNSAID = frozenset({"claim", "performance", "organisation"})  # a blank of theirs is no place: nothing had to be there
SIGNED = frozenset({"change", "percentage"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction. ``implied``: the number (yuan for money) that mends it, None where it cannot be told.

    ``rivals``: what else would mend it, the place itself included; one alone is located.
    """

    place: Place
    implied: Fraction | None
    between: Interval | None
    checks: tuple[int, ...]
    rivals: tuple[tuple[Place, Fraction | None], ...]
    hint: str

    @property
    def is_located(self) -> bool:
        return len(self.rivals) == 1


def find_suspects(
    checks: Sequence[Check],
    numbers: Iterable[int],
    sheet: Sheet,
    sound: Collection[Place],
    moved: Mapping[Place, int],
    doubtful: Collection[Place],
    usual: Mapping[int, Fraction],
) -> list[Finding]:
    """The contradictions among the checks with these ``numbers``, in their order.

    ``sound``: places that the statements confirm; ``moved``: the faults located there, with the change in fen;
    ``doubtful``: places of faults that are not located, whose checks say nothing. ``usual``: how finely a number of the
    prose or an annex is printed, whatever digits this one shows.
    """
    own = [n for n in numbers if checks[n].status != "not_applicable"]
    own = [n for n in own if not any(place in doubtful for place in _places(checks[n]))]
    # a claim that agrees with what a statement prints is not wrong because the statement is
    own = [n for n in own if checks[n].status == "broken" or not any(place in moved for place in _places(checks[n]))]
    broken = {n for n in own if checks[n].status == "broken" and checks[n].identity.severity == "hard"}
    near = {place for n in broken for place in _places(checks[n]) if place not in sound}
    own = [n for n in own if n in broken or any(place in near for place in _places(checks[n]))]
    if not broken:
        return []
    return _Solver({n: checks[n] for n in own}, sheet, sound, moved, usual).findings()


def _places(check: Check) -> Iterator[Place]:
    yield from (index for index, _ in check.cells)
    yield from (slot for slot, _ in check.blanks)


class _Solver:
    def __init__(
        self,
        checks: Mapping[int, Check],
        sheet: Sheet,
        sound: Collection[Place],
        moved: Mapping[Place, int],
        usual: Mapping[int, Fraction],
    ) -> None:
        self.checks = checks
        self.sound = sound
        self.trial = Trial(checks, sheet.cells, moved, usual)
        self.changed: set[Place] = set(moved)
        self.found: set[Place] = set()
        self.done: set[int] = set()
        self.options: dict[Place, Option | None] = {}  # until a check through the place changes

    def _change(self, place: Place, number: Fraction) -> None:
        self.trial.change(place, number)
        self.changed.add(place)
        for n in self.trial.of_place[place]:
            for near in self.trial.terms[n]:
                self.options.pop(near, None)

    def findings(self) -> list[Finding]:
        found: list[Finding] = []
        while broken := [n for n in self.checks if n not in self.done and self._is_open(n)]:
            fresh = [n for n in broken if not any(place in self.found for place in self.trial.terms[n])]
            if not fresh:
                self._leave(broken[0], found)
                continue
            finding = self._next(fresh, broken)
            self.done |= set(finding.checks)
            self.options = {p: o for p, o in self.options.items() if o is None or not o.mends & self.done}
            if self._is_lawful(finding):
                self._take_back(finding.place)
                continue
            found.append(finding)
        return sorted(found, key=lambda finding: finding.checks)

    def _is_lawful(self, finding: Finding) -> bool:
        """Identities that often hold and need not: only a simple slip shows that this one was meant to."""
        return all(self.checks[n].identity.only_slips for n in finding.checks) and not (
            finding.is_located and finding.hint
        )

    def _take_back(self, place: Place) -> None:
        """The number that is printed there stands."""
        self.found.discard(place)
        self._change(place, self.trial.printed(place))
        self.changed.discard(place)

    def _leave(self, n: int, found: list[Finding]) -> None:
        """A check through a place that is found already accuses no other place: what belongs there is not certain."""
        place = next(place for place in self.trial.terms[n] if place in self.found)
        for k, finding in enumerate(found):
            if finding.place == place:
                numbers = tuple(sorted({*finding.checks, n}))
                found[k] = replace(finding, checks=numbers, implied=None, between=None, hint="")
        self.done.add(n)

    def _is_open(self, n: int) -> bool:
        return self.checks[n].identity.severity == "hard" and self.trial.breaks(n)

    def _next(self, fresh: list[int], broken: list[int]) -> Finding:
        if baseless := [n for n in fresh if self.trial.has_no_base(n)]:
            place = self.checks[baseless[0]].cells[0][0]
            return Finding(place, None, None, (baseless[0],), ((place, None),), "percentage on a zero base")
        suspected = self._suspected(fresh)
        for one in suspected:
            if one not in self.options:
                self.options[one] = self._option(one, set(broken))
        options = [option for place in suspected if (option := self.options[place]) is not None]
        if not options:
            return self._nowhere(fresh[0])
        most = max(len(option.mends) for option in options)
        first = next(option for option in options if len(option.mends) == most)
        rivals = [option for option in options if len(option.mends) == most and option.mends & first.mends]
        return self._finding(rivals)

    def _suspected(self, broken: Iterable[int]) -> list[Place]:
        """The places of these checks that may be at fault, in order."""
        found: dict[Place, None] = {}
        for n in broken:
            for place in self.trial.terms[n]:
                if place in self.sound or place in self.changed:
                    continue
                if isinstance(place, int) or (place[0] not in UNSAID and place[1]):
                    found[place] = None
        return list(found)

    def _option(self, place: Place, broken: Collection[int]) -> Option | None:
        """The most of the broken checks through a place that one number there mends while all others hold."""
        own = self.trial.of_place[place]
        kept: Interval | None = (None, None) if self._may_be_negative(place) else (Fraction(0), None)
        for n in own:
            if self.checks[n].identity.severity == "hard" and not self.trial.breaks(n):
                between = self.trial.between(n, place)
                if between is not None and kept is not None:
                    kept = _meet(kept, between)
        intervals = {n: b for n in own if n in broken and (b := self.trial.between(n, place)) is not None}
        if kept is None or not intervals:
            return None
        points = [p for low, high in (kept, *intervals.values()) for p in (low, high) if p is not None]
        best: tuple[int, ...] = ()
        for point in points:
            if inside(point, kept):
                mended = tuple(n for n, between in intervals.items() if inside(point, between))
                best = max(best, mended, key=len)
        for n in best:
            kept = _meet(kept, intervals[n]) or kept
        return Option(place, frozenset(best), kept) if best else None

    def _may_be_negative(self, place: Place) -> bool:
        return self.trial.value[place] < 0 or (isinstance(place, int) and self.trial.cells[place].slot[3] in SIGNED)

    def _finding(self, rivals: list[Option]) -> Finding:
        implied = {option.place: implied_number(self.trial, option) for option in rivals}
        hints = {option.place: hint(self.trial, option, implied[option.place]) for option in rivals}
        chosen = rivals
        for telling in (self._corroborated(rivals, implied), [o for o in rivals if hints[o.place]]):
            if len(chosen) > 1 and len(telling) == 1:
                chosen = telling
        option = min(chosen, key=lambda o: (self._confirmed(o.place), not isinstance(o.place, int)))
        located = len(chosen) == 1
        if located:
            self.found.add(option.place)
        nothing_beside = all(
            len(self.checks[n].cells) == 1 and not any(self.trial.value[slot] for slot, _ in self.checks[n].blanks)
            for n in option.mends
        )
        if located and not nothing_beside and implied[option.place] is not None:
            self._change(option.place, implied[option.place] or Fraction(0))
        return Finding(
            option.place,
            implied[option.place] if located and not nothing_beside else None,
            option.between if located and not nothing_beside else None,
            tuple(sorted(option.mends)),
            tuple((o.place, implied[o.place]) for o in chosen),
            "nothing is printed on the other side" if nothing_beside else hints[option.place] if located else "",
        )

    def _nowhere(self, n: int) -> Finding:
        """No single number mends it: it stands at the place that the fewest identities confirm."""
        places: list[Place] = [index for index, _ in self.checks[n].cells]
        places = [p for p in places if p not in self.sound] or places
        place = min(places, key=self._confirmed)
        return Finding(place, None, None, (n,), (), "no single number mends it")

    def _confirmed(self, place: Place) -> int:
        """How many equalities through a place hold."""
        if place in self.sound:
            return len(self.checks) + 1
        return sum(not self.checks[n].identity.at_most and not self.trial.breaks(n) for n in self.trial.of_place[place])

    def _corroborated(self, rivals: list[Option], implied: Mapping[Place, Fraction | None]) -> list[Option]:
        """Those whose implied number makes a soft identity hold that is broken."""
        return [
            option
            for option in rivals
            if (number := implied[option.place]) is not None
            and any(
                self.checks[n].identity.severity == "soft"
                and self.trial.breaks(n)
                and (between := self.trial.between(n, option.place)) is not None
                and inside(number, between)
                for n in self.trial.of_place[option.place]
            )
        ]


def _meet(a: Interval, b: Interval) -> Interval | None:
    lows = [x for x in (a[0], b[0]) if x is not None]
    highs = [x for x in (a[1], b[1]) if x is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else (low, high)

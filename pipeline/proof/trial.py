"""Checks with other numbers in them: which of them break then, and which number at a place would make one hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from pipeline.proof.check import Check
from pipeline.proof.locate import Place
from pipeline.proof.relations import PERCENTAGES, Cell, Interval, feasible, inside, slack, told


class Trial:
    """The numbers at the places of some checks, the printed ones until they are changed. Yuan for money.

    ``usual``: how finely a number of the prose or an annex is printed, whatever digits this one shows.
    """

    def __init__(
        self,
        checks: Mapping[int, Check],
        cells: Sequence[Cell],
        moved: Mapping[Place, int],
        usual: Mapping[int, Fraction],
    ) -> None:
        """``moved``: places that hold another number than is printed, with the change in fen."""
        self.checks = checks
        self.cells = cells
        self.usual = usual
        self.percentages = [n for n, cell in enumerate(cells) if cell.slot[3] == "percentage"]
        self.value: dict[Place, Fraction] = {}
        self.of_place: dict[Place, list[int]] = defaultdict(list)
        self.terms: dict[int, dict[Place, int]] = {}
        self.slack: dict[int, Fraction] = {}
        for n, check in checks.items():
            terms: dict[Place, int] = defaultdict(int)
            places: list[tuple[Place, int]] = [*check.cells, *check.blanks]
            for place, sign in places:
                terms[place] += sign
                if place not in self.value:
                    self.value[place] = self.printed(place) + Fraction(moved.get(place, 0), 100)
            self.terms[n] = {place: factor for place, factor in terms.items() if factor}
            for place in self.terms[n]:
                self.of_place[place].append(n)
            printed = [self.cells[index] for index, _ in check.cells]
            self.slack[n] = Fraction(slack(check.identity.at_most, printed, 100)) / 100
        # what is known of the checks, until a place of theirs changes
        self._broken = {
            n: c.status == "broken" for n, c in checks.items() if not any(p in moved for p in self.terms[n])
        }
        self._differences: dict[int, Fraction] = {}

    def change(self, place: Place, number: Fraction) -> None:
        """Put another number at this place."""
        self.value[place] = number
        for n in self.of_place[place]:
            self._broken.pop(n, None)
            self._differences.pop(n, None)

    def printed(self, place: Place) -> Fraction:
        """The number that is printed there, 0 in a blank."""
        return Fraction(self.cells[place].fen, self.cells[place].scale) if isinstance(place, int) else Fraction(0)

    def breaks(self, n: int) -> bool:
        """Does this check break with the numbers as they are now?"""
        if (known := self._broken.get(n)) is None:
            known = self._broken[n] = self._is_broken(n)
        return known

    def between(self, n: int, place: Place) -> Interval | None:
        """The numbers at this place with which the check holds."""
        check = self.checks[n]
        if not self._is_linear(n):
            indices = [index for index, _ in check.cells]
            if self.has_no_base(n) or not isinstance(place, int):
                return None
            cells, values = [self.cells[i] for i in indices], [self.value[i] for i in indices]
            if check.status == "broken":  # what belongs there is printed as such numbers are, not as this one is
                own = self.cells[place]
                half = max(own.half_digit, float(self.usual.get(place, 0)) * own.scale / 2)
                cells[indices.index(place)] = replace(own, half_digit=half)
            return feasible(check.identity.relation, cells, values, indices.index(place))
        factor = self.terms[n][place]
        rest = self._difference(n) - factor * self.value[place]
        high = (self.slack[n] - rest) / factor
        if check.identity.at_most:
            return (None, high) if factor > 0 else (high, None)
        low = (-self.slack[n] - rest) / factor
        return (low, high) if factor > 0 else (high, low)

    def centre(self, n: int, place: Place) -> Fraction | None:
        """The number at this place with which the check holds to the last digit."""
        check = self.checks[n]
        if check.identity.relation == "equal":
            factor = self.terms[n][place]
            return self.value[place] - self._difference(n) / factor
        if self._is_linear(n) or check.cells[0][0] != place:
            return None
        first, second = (self.value[index] for index, _ in check.cells[1:])
        return told(check.identity.relation, first, second)

    def has_no_base(self, n: int) -> bool:
        """Is it a percentage of nothing? None can be right."""
        check = self.checks[n]
        if check.identity.relation not in PERCENTAGES:
            return False
        first, second = (self.value[index] for index, _ in check.cells[1:])
        return (second if check.identity.relation == "percentage_of_previous" else first - second) == 0

    def step(self, place: Place) -> Fraction:
        """A unit of the last printed digit."""
        if isinstance(place, int) and self.cells[place].half_digit:
            return Fraction(self.cells[place].half_digit) * 2 / self.cells[place].scale
        return Fraction(1, 100)

    def _is_broken(self, n: int) -> bool:
        if not self._is_linear(n):
            first = self.checks[n].cells[0][0]
            between = self.between(n, first)
            return between is None or not inside(self.value[first], between)
        difference = self._difference(n)
        return difference > self.slack[n] or (not self.checks[n].identity.at_most and -difference > self.slack[n])

    def _is_linear(self, n: int) -> bool:
        return self.checks[n].identity.relation in ("equal", "at_most")

    def _difference(self, n: int) -> Fraction:
        if (known := self._differences.get(n)) is None:
            known = sum((factor * self.value[place] for place, factor in self.terms[n].items()), Fraction(0))
            self._differences[n] = known
        return known

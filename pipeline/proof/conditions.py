"""Whether an identity applies to what one body prints: yes, no, or unknown, where what would tell is absent."""

from __future__ import annotations

from functools import lru_cache

from pipeline.annexes.model import ANNEXES
from pipeline.proof.bindings import bindings
from pipeline.proof.check import check_of
from pipeline.proof.identity import Identity, Places, load_identities
from pipeline.proof.sheet import Sheet

Place = tuple[str, str, str]  # statement, item, measure
_CARRIED: Places = (
    ("budget_summary", "carryover_in", "revenue"),
    ("budget_summary", "carryover_out", "expenditure"),
    ("appropriation_summary", "carryover_in", "revenue"),
    ("appropriation_summary", "carryover_out", "total"),
)
_FUNDS: Places = tuple(
    (f"{fund}_expenditure", "total", "total") for fund in ("general_public", "government_fund", "state_capital")
)


class Conditions:
    """What is asked of one sheet, each answer found once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._left_out: dict[str, frozenset[Place]] = {}
        self._appropriations_only = self._lives_on_appropriations()

    def apply(self, identity: Identity) -> bool | None:
        """Does it apply? None: that depends on a place that is absent or could not be read."""
        sheet = self.sheet
        if not identity.required <= sheet.columns.keys() or not sheet.facts.issuperset(identity.facts):
            return False
        if not self._is_printed_for(identity):
            return False
        if not all(self._sum(one) == self._sum(other) != 0 for one, other in identity.if_same):
            return False
        return _all(
            self._appropriations_only if identity.appropriations_only else True,
            self._nothing_at(identity),
            self._has_parts(identity),
            self._leaves_nothing_out(identity),
        )

    def _sum(self, places: Places) -> int:
        return sum(self.sheet.fen(*place) for place in places)

    def _is_printed_for(self, identity: Identity) -> bool:
        """Are the lines and columns there that it asks for, and none that it may not have beside it?"""
        if identity.if_any_printed and not any(_is_printed(self.sheet, *entry) for entry in identity.if_any_printed):
            return False
        return all(_is_printed(self.sheet, *entry) for entry in identity.if_printed) and not any(
            _is_printed(self.sheet, *entry) for entry in identity.unless_printed
        )

    def is_nil(self, place: Place) -> bool | None:
        """Is nothing there: a zero, a blank cell, or a line that is not printed and that no sum of the statement lacks?

        None where it cannot be told: the statement or its column is not printed, or something was not read.
        """
        sheet, (statement, item, measure) = self.sheet, place
        if sheet.fen(*place):
            return False
        if statement in ANNEXES or sheet.at.get(place):  # prose says what there is
            return True
        if (statement, measure) not in sheet.printed_columns:
            return None
        if sheet.is_unread((statement, sheet.orders.get((statement, item), (0,))[0], item, measure)):
            return None
        return True if sheet.printed_row(statement, item) or place not in self._lacking(statement) else None

    def _nothing_at(self, identity: Identity) -> bool | None:
        nil = _all(*(self.is_nil(place) for place in identity.if_nil))
        if nil is not None:
            return nil
        if identity.left[0].statements[0] in ANNEXES:  # prose adds up what there is, whatever statements are printed
            return None if any(self.sheet.is_unread((s, 0, item, m)) for s, item, m in identity.if_nil) else True
        amounts = {self.sheet.fen(*place) for place in identity.or_equal}
        return True if len(amounts) == 1 and 0 not in amounts else None

    def _has_parts(self, identity: Identity) -> bool | None:
        """Not where a whole is printed whose parts all are not."""
        if identity.unless_nil_parts is None:
            return True
        whole, parts = identity.unless_nil_parts
        if any(self.sheet.at.get(part) for part in parts) or whole[0] not in self.sheet.columns:
            return True
        return self.is_nil(whole)

    def _leaves_nothing_out(self, identity: Identity) -> bool | None:
        """Not where a part is just one of these amounts less than the whole."""
        if not identity.unless_less_by:
            return True
        wholes, parts, amounts = identity.unless_less_by
        left_out = {self.sheet.fen(*place) for place in amounts} - {0}
        if any(self.sheet.fen(*whole) - self.sheet.fen(*part) in left_out for whole in wholes for part in parts):
            return False
        known = [self.is_nil(place) is not None for place in amounts if place[0] in self.sheet.columns]
        return True if all(known) else None

    def _lives_on_appropriations(self) -> bool | None:
        """Does the department live on appropriations alone? Then T2's total is that column, and nothing is carried."""
        sheet = self.sheet
        total = sheet.fen("revenue", "total", "total")
        if not total or total != sheet.fen("revenue", "total", "fiscal_appropriation"):
            return False
        tells = ("revenue", "carryover") in sheet.printed_columns
        places = (place for place in _CARRIED if place[0] in sheet.columns or not tells)
        carried = _all(*(self.is_nil(place) for place in places))
        if carried is None:  # then what is spent from the funds is all that is spent
            spent = sheet.fen("expenditure", "total", "total")
            return True if spent and spent == sum(sheet.fen(*fund) for fund in _FUNDS) else None
        return carried

    def _lacking(self, statement: str) -> frozenset[Place]:
        """The lines that are not printed and without which a sum of the statement breaks."""
        if (found := self._left_out.get(statement)) is None:
            places = set[Place]()
            for identity in filter(self._is_printed_for, _own_sums(statement)):
                for binding in bindings(identity, self.sheet):
                    check = check_of(identity, binding, self.sheet)
                    if check is not None and check.status == "broken":
                        short = -1 if check.difference > 0 else 1  # the side that has too little
                        places |= {(s, i, m) for (s, order, i, m), side in check.blanks if not order and side == short}
            found = self._left_out[statement] = frozenset(places)
        return found


def _all(*answers: bool | None) -> bool | None:
    return False if False in answers else None if None in answers else True


@lru_cache(maxsize=64)
def _own_sums(statement: str) -> tuple[Identity, ...]:
    """The sums down a statement that need nothing but itself."""
    return tuple(
        identity
        for identity in load_identities()
        if identity.statements == {statement}
        and identity.each in ("once", "measure")
        and (identity.relation, identity.severity) == ("equal", "hard")
        and not (identity.if_nil or identity.unless_nil_parts or identity.unless_less_by)
    )


def _is_printed(sheet: Sheet, statement: str, what: str, name: str) -> bool:
    return sheet.printed_row(statement, name) if what == "item" else name in sheet.columns.get(statement, ())

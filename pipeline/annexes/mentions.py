"""What the reading of the explanation holds while it goes on: mentions, drafts of claims, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pipeline.annexes.clauses import Compared
from pipeline.annexes.model import Direction
from pipeline.annexes.subjects import Named
from pipeline.annexes.wording import Wording
from pipeline.documents.model import Paragraph

COMPARES = ("change", "percentage")  # the measures that compare two years


@dataclass(eq=False, slots=True)
class Mention:
    """One time that a subject is spoken of: a row of the statement ``claim``."""

    subject: str
    label: str
    named: Named | None
    parent: Mention | None
    paragraph: Paragraph
    drafts: dict[str, Draft] = field(default_factory=dict)  # by measure
    compared: Compared | None = None
    of_part: bool = False  # it is of a unit below the department
    settled: bool = False  # it has its comparison, or ; parts it from the next entry of its list

    @property
    def last(self) -> str | None:
        return next(reversed(self.drafts), None)

    @property
    def is_compared(self) -> bool:
        return any(measure in self.drafts for measure in COMPARES)

    @property
    def is_known(self) -> bool:
        return not self.subject.startswith("other:")


@dataclass(eq=False, slots=True)
class Draft:
    """A claim in the making. ``value`` and ``yuan`` are signed; ``words`` stand before the number."""

    mention: Mention
    measure: str
    direction: Direction | None
    value: Decimal
    unit: str
    yuan: Decimal | None
    text: str
    compared: Compared | None
    sentence: str
    words: str
    paragraph: Paragraph
    is_number: bool
    counts: bool  # false for what is only printed again elsewhere
    reason: str | None = None


@dataclass(slots=True)
class State:
    """Where the reading stands. ``opened``: the mentions whose parts are being listed, outermost first.

    ``lead``: what the sentence is about; ``waiting``: a subject whose number may follow in the next clause.
    """

    head: Mention | None = None
    lead: Mention | None = None
    opened: list[Mention] = field(default_factory=list)
    listing: bool = False  # entries without a known subject are projects
    aside: Literal["", "reason", "purpose"] = ""
    compared: Compared | None = None
    year: int | None = None
    waiting: tuple[Named, str] | None = None
    doubtful: list[Draft] = field(default_factory=list)

    @property
    def is_of_part(self) -> bool:
        """Is what is said here a part of something that belongs to a unit?"""
        head, opened = self.head, self.opened
        return (head is not None and head.of_part and not head.settled) or (bool(opened) and opened[-1].of_part)


def place_in_lists(subject: str, opened: Sequence[Mention], wording: Wording) -> tuple[int | None, str]:
    """(the innermost of these lists that the subject can be a part of, the subject as it is called there)."""
    kind = "codes" if subject.isdigit() else "projects" if subject.startswith("project:") else subject
    for at in range(len(opened) - 1, -1, -1):
        above = opened[at].subject
        name = wording.within.get(above, {}).get(kind, kind)
        if name in wording.parts.get(above, ()):
            return at, subject if name == kind else name
    return None, subject


def side_of(opened: Sequence[Mention], wording: Wording) -> str | None:
    """revenue or expenditure, if these lists are all of one side of the budget."""
    revenue = any(above.subject in wording.revenue_side for above in opened)
    expenditure = any(above.subject in wording.expenditure_side for above in opened)
    return None if revenue == expenditure else "revenue" if revenue else "expenditure"

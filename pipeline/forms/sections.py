"""Where the statements of a document stand: each with its tables and what is printed around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.documents.model import Issue, Paragraph
from pipeline.forms.amounts import line_has_amounts
from pipeline.forms.disclosure import Part
from pipeline.forms.printed_table import PrintedTable

@dataclass(slots=True)
class Section:
    """One statement as found: its title, its tables in order, and what is printed around them."""

    statement: str
    title: str
    page: int | None
    locator: str | None
    in_units_part: bool
    tables: list[PrintedTable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    strays: list[Paragraph] = field(default_factory=list)
    unit_in_title: str | None = None
    unit_before: str | None = None  # printed between the statement before and the title
    units: Counter[str] = field(default_factory=Counter)
    body_names: Counter[str] = field(default_factory=Counter)
    body_codes: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    part: int = 1

    @property
    def rows_without_table(self) -> int:
        """How many lines outside tables print amounts."""
        return sum(line_has_amounts(stray.text) for stray in self.strays)


@dataclass(frozen=True, slots=True)
class Recognised:
    kind: str
    fiscal_year: int
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    issues: tuple[Issue, ...]

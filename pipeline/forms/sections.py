"""Where the statements of a document stand: each with its tables and what is printed around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.documents.model import Issue, Paragraph
from pipeline.forms.amounts import has_certain_amounts, has_only_amounts, lines_with_amounts, row_has_amounts
from pipeline.forms.disclosure import Part
from pipeline.forms.form import Form
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
        return lines_with_amounts(stray.text for stray in self.strays)

    @property
    def is_bare(self) -> bool:
        """A title with nothing below it."""
        return not self.tables and not self.notes and not self.rows_without_table


@dataclass(slots=True)
class Unplaced:
    """What looks like rows of a statement under no title of one: a table, or lines outside tables."""

    table: PrintedTable | None
    lines: list[Paragraph]
    after: Section | None  # the last section before it
    among_others: bool = False  # in the prose or in an annex: a table there has titles of its own

    @property
    def is_below_rows(self) -> bool:
        """Lines of a section: those of its statement, and of another one if the title of that is lost."""
        return self.after is not None and self.lines is self.after.strays

    @property
    def prints_amounts(self) -> bool:
        rows = self.table.rows if self.table is not None else []
        certain = any(has_certain_amounts(row) or has_only_amounts(row) for row in rows)
        return certain or lines_with_amounts(line.text for line in self.lines) > 0

    def prints_rows(self, form: Form) -> bool:
        """Are there labels with amounts behind them, or amounts that can be nothing else?"""
        rows = self.table.rows if self.table is not None else []
        return self.prints_amounts or any(row_has_amounts(row, form) for row in rows)

    @property
    def page(self) -> int | None:
        return self.table.page if self.table is not None else self.lines[0].page

    @property
    def locator(self) -> str | None:
        return self.table.locator if self.table is not None else self.lines[0].locator


@dataclass(frozen=True, slots=True)
class Recognised:
    kind: str
    fiscal_year: int
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    issues: tuple[Issue, ...]
    unplaced: tuple[Unplaced, ...] = ()
    is_complete: bool = True  # every announced part follows, and no statement is printed a second time

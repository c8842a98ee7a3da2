"""What the form layer gives: a document understood, with its parts, statements, rows, figures and doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.documents.model import Box, Issue
from pipeline.forms.by_part import of_part
from pipeline.forms.classification import CodeResolution

# issues that say something of the publication rather than of the reading
MISSING_STATEMENT = "the document does not contain this statement"
NOTE_CONTRADICTS = "a note calls the statement empty, but it prints figures"
NOTE_OF_ANOTHER = "a note below the statement speaks of another one"
SAME_LINE = "two rows of the statement are the same line; both are loaded"


@dataclass(frozen=True, slots=True)
class Part:
    """One body whose statements the document publishes; part 1 is the body that the document is about."""

    part: int
    scope: str
    body_name: str | None
    body_code: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number. Amounts are yuan; pages 1-based; boxes PDF points.

    Where ``is_money`` is false (a quantity, a percentage: annexes only) ``amount_yuan`` is the plain number.
    """

    part: int
    statement: str
    row_order: int
    row_number: int
    row_label: str
    code_as_printed: str | None
    subject_code: str | None
    code_resolution: CodeResolution
    item: str
    measure: str
    text_as_printed: str
    printed_unit: str
    amount_yuan: Decimal
    page: int | None
    bbox: Box | None
    locator: str | None
    is_money: bool = True
    code_read: str | None = None  # where the columns of the code leave out upper levels: the code with them


@dataclass(frozen=True, slots=True)
class StatementRead:
    """What became of one statement: present, declared_empty, unread (its amounts stand in the document and could not be
    loaded; an error says why) or missing."""

    part: int
    statement: str
    status: str
    title: str | None = None
    unit: str | None = None
    rows: int = 0
    figures: int = 0
    page: int | None = None
    locator: str | None = None
    measures: tuple[str, ...] = ()  # the printed columns


@dataclass(frozen=True, slots=True)
class RowRead:
    """A printed row, whether or not a number stands in it.

    ``parent``: the item that it is a part of, where no code says so.
    """

    part: int
    statement: str
    order: int
    number: int
    label: str
    item: str
    subject_code: str | None
    page: int | None
    locator: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A place of a statement where something is printed that could not be read: it is neither blank nor nil.

    ``item`` or ``measure`` None: any row, any column (the whole statement where both are None). An identity with such
    a place among its terms is not applicable. One of the disclosure's issues says why.
    """

    part: int
    statement: str
    item: str | None = None
    measure: str | None = None
    row_order: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Figures that two readings, or numbers without a column, leave open: exactly one of the options stands.

    ``doubt`` is one of the disclosure's issues. No figure of any option is among its figures; an option without a
    figure says that the place is blank.
    """

    doubt: Issue
    part: int
    options: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A document understood. ``figures`` and ``rows`` stand part by part; those of a unit's part may be packed
    (`ByPart`), so whoever needs one part asks for it alone.

    ``is_complete`` is false where amounts, headings or announced parts have no statement: then one that is `missing`
    may be what was not read, or stand in another file. ``knows_form``: a title of the form is in it.
    ``taken``: the rows (0-based) of each grid, by its place among the blocks, that are a statement's.
    """

    form: str
    kind: str
    fiscal_year: int
    parts: tuple[Part, ...]
    statements: tuple[StatementRead, ...]
    figures: Sequence[Figure]
    issues: tuple[Issue, ...]
    rows: Sequence[RowRead] = ()
    choices: tuple[Choice, ...] = ()
    unread: tuple[Unread, ...] = ()
    is_complete: bool = True
    knows_form: bool = True
    taken: Mapping[int, frozenset[int]] = field(default_factory=dict)
    is_sample: bool = False  # it says of itself that body and text are invented

    def figures_of(self, part: int) -> Sequence[Figure]:
        return of_part(self.figures, part)

    def rows_of(self, part: int) -> Sequence[RowRead]:
        return of_part(self.rows, part)

"""The body rows of a 绩效目标表: cells in their columns, and put back there where a capture moved them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from pipeline.annexes.performance_rules import (
    complete,
    is_operator,
    kinds_1,
    kinds_2,
    parse_target,
    performance_rules,
    plain,
)
from pipeline.documents.model import Issue, Severity
from pipeline.forms.printed import parse_amount, parse_ordinal, squash
from pipeline.forms.printed_table import BLANK, PrintedCell, PrintedRow

_MOST_COLUMNS = 12
ENOUGH = 4  # a row is put into other columns only where at least two of its cells are what their columns print


class Doubts:
    """The issues of one reader; some are said once for each text."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self._told: set[tuple[str, str]] = set()

    def say(self, severity: Severity, what: str, text: str, page: int | None, locator: str | None) -> None:
        self.issues.append(Issue(severity, what, text, page, locator))

    def once(self, severity: Severity, what: str, text: str, page: int | None, locator: str | None) -> None:
        if (what, text) not in self._told:
            self._told.add((what, text))
            self.say(severity, what, text, page, locator)

    def of_row(self, severity: Severity, what: str, draft: Draft, text: str = "") -> None:
        """An issue of one row; what is more than told marks the row itself too."""
        if severity != "info" and what not in draft.doubts:
            draft.doubts.append(what)
        self.say(severity, what, text or draft.printed, draft.page, draft.locator)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which role each column has; ``used`` columns hold anything."""

    roles: Mapping[int, str]
    used: int

    def at(self, role: str) -> int | None:
        return next((column for column, name in self.roles.items() if name == role), None)

    def of(self, cells: Sequence[PrintedCell]) -> dict[str, PrintedCell]:
        return {role: cells[column] for column, role in self.roles.items() if column < len(cells)}

    def target_cells(self, cells: Sequence[PrintedCell]) -> dict[str, PrintedCell]:
        """The cells that print the target, in their order: one, or sign, number and unit."""
        return {role: cell for role, cell in self.of(cells).items() if role in ("target", "operator", "value", "unit")}


@dataclass(slots=True)
class Line:
    """A body row: its cells as far as they are there, in the columns of its table."""

    cells: list[PrintedCell]
    columns: Columns
    row: PrintedRow
    whole: bool  # false where the capture lost which columns the cells are in
    first: bool  # the first body row of its table: what a page break parted stands there

    @property
    def text(self) -> str:
        return " ".join(plain(cell.text) for cell in self.cells if cell.text.strip())


@dataclass(slots=True)
class Project:
    """One table of a document, over all its pages; number 0 is that of the whole department."""

    number: int
    name: str | None
    page: int | None
    locator: str | None
    title: str
    goals: list[str] = field(default_factory=list)
    goal_open: bool = False
    has_header: bool = False
    lines: list[Line] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def has_content(self) -> bool:
        return bool(self.lines or self.goals or self.has_header)

    @property
    def goal(self) -> str | None:
        return "".join(self.goals) or None


@dataclass(slots=True)
class Draft:
    """An indicator in the making: texts by role, joined over its pieces."""

    texts: dict[str, str]
    target_cells: dict[str, PrintedCell]
    page: int | None
    locator: str | None
    printed: str  # the row, for issues
    damaged: bool = False
    merged_levels: bool = False  # its second level is blank: it is the one above
    torn: bool = False  # its target may be half a number
    block_below: str = ""  # a first level printed beside the rest of this row: it is that of the rows below
    doubts: list[str] = field(default_factory=list)

    def get(self, role: str) -> str:
        return self.texts.get(role, "")

    @property
    def target(self) -> str:
        """As printed; sign, number and unit in columns of their own stand behind each other."""
        if "target" in self.texts and not self.get("value"):
            return self.get("sign") + self.texts["target"]
        return "".join(self.get(role) for role in ("sign", "value", "unit"))


def draft_of(line: Line, cells: Sequence[PrintedCell], printed: str) -> Draft:
    """An indicator of these cells; the target keeps its text exactly, a word in place of a sign is no sign."""
    found = line.columns.of(cells)
    texts = {role: plain(cell.text) for role, cell in found.items() if role not in ("other", "scoring", "operator")}
    if "target" in found:
        texts["target"] = found["target"].text.strip()
    if "operator" in found:
        sign = squash(found["operator"].text)
        texts["sign"] = "" if sign in performance_rules().target.no_operator else plain(found["operator"].text)
    return Draft(texts, line.columns.target_cells(cells), line.row.page, line.row.locator, printed)


def cells_of(row: PrintedRow, used: int) -> tuple[list[PrintedCell], bool]:
    """The cells of a row that the capture has, and whether their columns are certain."""
    if row.ragged:
        return row.cells[: len(row.spans)], False
    if not row.odd:
        return row.cells[:used], True
    cells = [
        PrintedCell(text.strip(), cell.locator, cell.bbox, cell.other)
        for cell in row.cells
        for text in (cell.text.split("\t") if "\t" in cell.text else [cell.text])
    ]
    while len(cells) > 1 and not cells[-1].text:
        cells.pop()
    return cells, False


def arrangements(tokens: Sequence[PrintedCell], width: int) -> Iterator[list[PrintedCell]]:
    """Every way to fill ``width`` columns with these cells in their order: blanks put in, or blank cells left out."""
    if len(tokens) > width:
        blank = [n for n, cell in enumerate(tokens) if not cell.text.strip()]
        for dropped in combinations(blank, len(tokens) - width):
            yield [cell for n, cell in enumerate(tokens) if n not in dropped]
        return
    for places in combinations(range(width), len(tokens)):
        cells = [BLANK] * width
        for place, cell in zip(places, tokens, strict=True):
            cells[place] = cell
        yield cells


def arranged(tokens: Sequence[PrintedCell], columns: Columns, basis: frozenset[str]) -> list[PrintedCell] | None:
    """The one way to put these cells into the columns that fits best, if what stands in them says so clearly."""
    if columns.used > _MOST_COLUMNS:
        return None
    scored: dict[tuple[str, ...], tuple[int, list[PrintedCell]]] = {}
    for cells in arrangements(tokens, columns.used):
        texts = tuple(cell.text.strip() for cell in cells)
        scored[texts] = (score(texts, columns.roles, basis), cells)
    ranked = sorted(scored.values(), key=lambda entry: -entry[0])
    if not ranked or ranked[0][0] < ENOUGH or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][1]


def score(texts: Sequence[str], roles: Mapping[int, str], basis: frozenset[str]) -> int:
    """How well these texts stand in their columns: known levels, signs and targets weigh, each in its own column."""
    return sum(_cell_score(role, squash(texts[c]) if c < len(texts) else "", basis) for c, role in roles.items())


def _cell_score(role: str, text: str, basis: frozenset[str]) -> int:
    weigh = _WEIGHTS.get(role)
    return weigh(text, basis) if weigh else (-2 if strong_target(text) or kinds_2(text) else 0)


def strong_target(text: str) -> bool:
    target = parse_target(text)
    return target is not None and target.operator is not None


def _of_level_1(text: str, basis: frozenset[str]) -> int:
    if not text:
        return 0
    return 2 if kinds_1(text) else -3 if kinds_2(text) or complete(text) else -1


def _of_level_2(text: str, basis: frozenset[str]) -> int:
    if not text:
        return 0
    return 3 if kinds_2(text) else -3 if complete(text) else -1


def _of_level_3(text: str, basis: frozenset[str]) -> int:
    if not text:
        return -1
    return -2 if strong_target(text) or (text.endswith("指标") and bool(kinds_2(text))) else 0


def _of_target(text: str, basis: frozenset[str]) -> int:
    if not text:
        return -1
    return 2 if complete(text) else -1 if text in basis else 0


def _of_basis(text: str, basis: frozenset[str]) -> int:
    return 2 if text in basis else -2 if strong_target(text) else 0


def _of_operator(text: str, basis: frozenset[str]) -> int:
    return 0 if not text else 2 if is_operator(text) else -3


def _of_value(text: str, basis: frozenset[str]) -> int:
    return 1 if parse_amount(text) is not None else 0


def _of_unit(text: str, basis: frozenset[str]) -> int:
    return -1 if parse_amount(text) is not None else 0


def _of_scoring(text: str, basis: frozenset[str]) -> int:
    return 0 if not text else 1 if performance_rules().scoring_words.search(text) else -1


def _of_description(text: str, basis: frozenset[str]) -> int:
    scoring = bool(performance_rules().scoring_words.search(text))
    return -1 if scoring else -2 if strong_target(text) or (text.endswith("指标") and bool(kinds_2(text))) else 0


def _of_ordinal(text: str, basis: frozenset[str]) -> int:
    return 0 if not text else 2 if parse_ordinal(text) is not None else -3


_WEIGHTS: Mapping[str, Callable[[str, frozenset[str]], int]] = {
    "ordinal": _of_ordinal,
    "level_1": _of_level_1,
    "level_2": _of_level_2,
    "level_3": _of_level_3,
    "description": _of_description,
    "scoring": _of_scoring,
    "target": _of_target,
    "operator": _of_operator,
    "value": _of_value,
    "unit": _of_unit,
    "basis": _of_basis,
}

"""A capture damaged as ../shared/seeds/003 is: no figure is ever wrong, and every figure that is lost is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.forms.printed import squash
from tests.support import HEBEI, read
from tools.typeset.hebei import lay_out
from tools.typeset.layout import ContentsLine, Figure, Layout, PageBreak, Table
from tools.typeset.model import CODED_STATEMENTS, Disclosure
from tools.typeset.sample import Sample, read_samples
from tools.typeset.strategy import disclosures
from tools.typeset.style import Style

GARBAGE = "□·Ėħ"


@dataclass
class Row:
    """A printed row of a table: its cells, the figure in each, and the statement it belongs to."""

    cells: list[str]
    figures: list[Figure | None]
    statement: str | None = None
    header: bool = False
    damaged: bool = False

    @property
    def filled(self) -> list[int]:
        """The columns that print a figure."""
        return [c for c, figure in enumerate(self.figures) if figure is not None]

    @property
    def label_columns(self) -> list[int]:
        if self.statement in CODED_STATEMENTS:
            return [2]
        return [1] if self.statement == "three_public" else [1, 3]


@dataclass
class Capture:
    """A disclosure as tab rows that can be damaged. ``shown`` is what a figure's cell prints after the damage."""

    blocks: list[str | list[Row]]
    shown: dict[Figure, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout) -> Capture:
        blocks: list[str | list[Row]] = []
        for block in layout.blocks:
            if isinstance(block, Table):
                blocks.append(_rows(block))
            elif isinstance(block, ContentsLine):
                blocks.append(f"{block.text}.....{block.page}")
            elif not isinstance(block, PageBreak):
                blocks.append(block.text)
        return cls(blocks)

    def rows(self, suits: Callable[[Row], bool]) -> list[tuple[list[Row], int]]:
        """The undamaged rows that suit, each as its table and its place in it."""
        tables = [block for block in self.blocks if isinstance(block, list)]
        return [(t, n) for t in tables for n, row in enumerate(t) if not row.damaged and suits(row)]

    def text(self) -> str:
        blocks = [b if isinstance(b, str) else "\n".join("\t".join(row.cells) for row in b) for b in self.blocks]
        return "\n\n".join(blocks) + "\n"


def _rows(table: Table) -> list[Row]:
    cells = [[""] * table.column_count for _ in range(table.row_count)]
    figures: list[list[Figure | None]] = [[None] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        cells[cell.row][cell.column] = cell.text
        figures[cell.row][cell.column] = cell.figure
    statement = next((f.statement for row in figures for f in row if f), None)
    rows = [Row(c, f, statement) for c, f in zip(cells, figures, strict=True)]
    numbers = next((n for n, row in enumerate(rows) if row.cells[0] == "栏次"), 0)
    for row in rows[: numbers + 1]:
        row.header = True
    return rows


def _is_data(row: Row) -> bool:
    return row.statement is not None and not row.header and bool(row.filled)


def _torn(text: str, at: int) -> str:
    """The text with a blank inside."""
    cut = 1 + at % (len(text) - 1)
    return f"{text[:cut]} {text[cut:]}"


# ── the damages: each takes a capture and two numbers that pick where ───────────────────────────────────────────


def blank_in_number(capture: Capture, where: int, at: int) -> None:
    if not (rows := capture.rows(_is_data)):
        return
    table, n = rows[where % len(rows)]
    row = table[n]
    column = row.filled[at % len(row.filled)]
    row.cells[column] = _torn(row.cells[column], at)
    row.damaged = True


def blank_in_code(capture: Capture, where: int, at: int) -> None:
    rows = capture.rows(lambda row: _is_data(row) and row.statement in CODED_STATEMENTS and bool(row.cells[1]))
    if not rows:
        return
    table, n = rows[where % len(rows)]
    table[n].cells[1] = _torn(table[n].cells[1], at)
    table[n].damaged = True


def last_digits_on_the_next_line(capture: Capture, where: int, at: int) -> None:
    if not (rows := capture.rows(_is_data)):
        return
    table, n = rows[where % len(rows)]
    row = table[n]
    rest = ["" if c not in row.filled else row.cells[c][-1] for c in range(len(row.cells))]
    for c in row.filled:
        row.cells[c] = row.cells[c][:-1]
    row.damaged = True
    table.insert(n + 1, Row(rest, [None] * len(rest), row.statement, damaged=True))


def printed_as_two_lines(capture: Capture, where: int, at: int) -> None:
    """The label in halves, 序号 and amounts repeated."""
    if not (rows := capture.rows(_is_data)):
        return
    table, n = rows[where % len(rows)]
    row = table[n]
    second = replace(row, cells=list(row.cells), damaged=True)
    for c in row.label_columns:
        half = len(row.cells[c]) // 2
        row.cells[c], second.cells[c] = row.cells[c][:half], row.cells[c][half:]
    if row.statement in CODED_STATEMENTS:
        second.cells[1] = ""
    row.damaged = True
    table.insert(n + 1, second)


def second_reading_differs(capture: Capture, where: int, at: int) -> None:
    """As above, and one digit of one amount is another one in one of the two lines."""
    rows = capture.rows(_is_data)
    if not rows:
        return
    table, n = rows[where % len(rows)]
    printed_as_two_lines(capture, where, at)
    line = table[n + at % 2]
    column = line.filled[at % len(line.filled)]
    text = line.cells[column]
    digits = [k for k, char in enumerate(text) if char.isdigit()]
    k = digits[at % len(digits)]
    line.cells[column] = text[:k] + str((int(text[k]) + 1 + at % 9) % 10) + text[k + 1 :]


def garbled_header(capture: Capture, where: int, at: int) -> None:
    """Every text above 栏次 is garbage or gone; 栏次 stands."""
    tables = [b for b in capture.blocks if isinstance(b, list) and b[0].statement and b[0].header and not b[0].damaged]
    if not tables:
        return
    for row in tables[where % len(tables)]:
        if row.header and row.cells[0] != "栏次":
            row.cells = [
                "" if (at + c) % 3 == 0 else text and GARBAGE[(at + c) % 4] * 2 for c, text in enumerate(row.cells)
            ]
            row.damaged = True


def unit_line_missing(capture: Capture, where: int, at: int) -> None:
    units = [n for n, block in enumerate(capture.blocks) if isinstance(block, str) and block.startswith("单位：")]
    if len(units) < 2:
        return
    del capture.blocks[units[where % len(units)]]


def garbled_fixed_line(capture: Capture, where: int, at: int) -> None:
    rows = capture.rows(lambda row: _is_data(row) and row.statement not in CODED_STATEMENTS)
    if not rows:
        return
    table, n = rows[where % len(rows)]
    row = table[n]
    columns = [c for c in row.label_columns if row.cells[c]]
    column = columns[at % len(columns)]
    step = 1 + at % 3  # every letter, every second, every third
    row.cells[column] = "".join(GARBAGE[k % 4] if k % step == 0 else char for k, char in enumerate(row.cells[column]))
    row.damaged = True


def blank_row_number(capture: Capture, where: int, at: int) -> None:
    if not (rows := capture.rows(_is_data)):
        return
    table, n = rows[where % len(rows)]
    table[n].cells[0] = ""
    table[n].damaged = True


DAMAGES = (
    blank_in_number,
    blank_in_code,
    last_digits_on_the_next_line,
    printed_as_two_lines,
    second_reading_differs,
    garbled_header,
    unit_line_missing,
    garbled_fixed_line,
    blank_row_number,
)
Damage = tuple[int, int, int]
Key = tuple[str, int, str]

damages = st.lists(
    st.tuples(st.integers(0, len(DAMAGES) - 1), st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=6
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(disclosure=disclosures(), drawn=damages)
def test_no_figure_is_wrong_and_every_lost_one_is_named(disclosure: Disclosure, drawn: list[Damage]) -> None:
    assert_never_wrong_and_never_silent(disclosure, drawn)


@pytest.mark.parametrize("sample", [s for s in read_samples() if s.disclosure.statements], ids=lambda s: s.region_code)
def test_samples_damaged_all_over_have_no_wrong_figure_and_no_silent_loss(sample: Sample) -> None:
    moments = random.Random(sample.region_code)
    for _ in range(8):
        drawn = [
            (moments.randrange(len(DAMAGES)), moments.randrange(10_000), moments.randrange(10_000)) for _ in range(20)
        ]
        assert_never_wrong_and_never_silent(sample.disclosure, drawn)


def assert_never_wrong_and_never_silent(disclosure: Disclosure, drawn: list[Damage]) -> None:
    layout = lay_out(disclosure, Style(contents="none"))
    sound = {(f.statement, f.row_number, f.measure): f.item for f in read(Capture.of(layout).text()).figures}
    capture = Capture.of(layout)
    for kind, where, at in drawn:
        DAMAGES[kind](capture, where, at)
    found = read(capture.text())

    unit = HEBEI.units[disclosure.unit]
    expected = {(f.statement, f.row_number, f.measure): Decimal(f.plain) * unit for f in layout.figures()}
    read_now = {(f.statement, f.row_number, f.measure): f for f in found.figures}
    assert len(read_now) == len(found.figures), "a place is taken twice"
    wrong = [f for key, f in read_now.items() if expected.get(key) != f.amount_yuan]
    assert wrong == []
    misplaced = [f for key, f in read_now.items() if f.item != sound[key] and not f.item.startswith("unrecognised")]
    assert misplaced == []

    doubted = [(issue.statement, squash(issue.text)) for issue in found.issues if issue.severity != "info"]
    strange = [
        f
        for f in found.figures
        if f.item.startswith("unrecognised")
        and not any(s == f.statement and squash(f.row_label) in text for s, text in doubted)
    ]
    assert strange == []
    shown = _shown(capture)
    errors = [(i.statement, squash(i.text)) for i in found.issues if i.severity == "error"]
    unnamed = [
        (key, shown[key])
        for key in expected.keys() - read_now.keys()
        if not any(s == key[0] and any(squash(text) in named for text in shown[key]) for s, named in errors)
    ]
    assert unnamed == []


def _shown(capture: Capture) -> dict[Key, list[str]]:
    """What the capture prints for each figure, in every line that prints it."""
    shown: dict[Key, list[str]] = {}
    for block in capture.blocks:
        for row in block if isinstance(block, list) else []:
            for cell, figure in zip(row.cells, row.figures, strict=True):
                if figure is not None:
                    shown.setdefault((figure.statement, figure.row_number, figure.measure), []).append(cell)
    return shown

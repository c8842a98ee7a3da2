"""Hypothesis strategy: what a publisher may lawfully print otherwise, or leave out, in a disclosure that is consistent.

The figures stay what they were; which rows, lines and totals are printed differs from statement to statement. Nothing
that is left out is needed to tell what a printed figure stands for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from hypothesis import strategies as st

from tools.typeset.hebei import LEFT_MEASURES
from tools.typeset.layout import Layout, LayoutBlock, Table, TableCell
from tools.typeset.model import CODED_STATEMENTS, Disclosure, Row, Statement

FUNCTION_LEVELS = ((3, 5, 7), (7,), (3, 7), (5, 7), (3, 5), (5,), (3,))  # 类, 款, 项 by the digits of their codes
ECONOMIC_LEVELS = ((3, 5), (5,), (3,))
FIXED = ("budget_summary", "appropriation_summary")


@dataclass(frozen=True)
class Lawful:
    """Plain choices. The defaults leave everything as it is."""

    levels: tuple[tuple[str, tuple[int, ...]], ...] = ()  # of a coded statement, the lengths of the codes printed
    total: Literal["as is", "last", "none"] = "as is"  # 合计 of the coded statements
    without_total: tuple[str, ...] = ()  # the statements that ``total`` concerns
    no_nil_figures: bool = False  # a printed zero is left out, and so are rows of nothing else
    no_nil_lines: tuple[str, ...] = ()  # T1 and T4: the lines of nothing are left out, the others close up
    rounded: bool = False  # what is known in 元 is printed in 万元 with two decimals, each figure rounded alone


def lawful_prints(*, rounded: bool = True) -> st.SearchStrategy[Lawful]:
    """Every combination of the choices; all statements with the same levels, or each with its own."""
    coded = sorted(CODED_STATEMENTS)

    def levels_of(name: str) -> st.SearchStrategy[tuple[int, ...]]:
        return st.sampled_from(ECONOMIC_LEVELS if name == "basic_expenditure" else FUNCTION_LEVELS)

    each = st.tuples(*(st.tuples(st.just(name), levels_of(name)) for name in coded))
    alike = st.sampled_from(FUNCTION_LEVELS).map(
        lambda levels: tuple((name, levels) for name in coded if name != "basic_expenditure")
    )
    return st.builds(
        Lawful,
        levels=st.one_of(st.just(()), alike, each),
        total=st.sampled_from(("as is", "last", "none")),
        without_total=st.one_of(st.just(tuple(coded)), st.lists(st.sampled_from(coded), unique=True).map(tuple)),
        no_nil_figures=st.booleans(),
        no_nil_lines=st.sampled_from(((), FIXED, FIXED[:1], FIXED[1:])),
        rounded=st.booleans() if rounded else st.just(False),
    )


# --- what is said ----------------------------------------------------------------------------------------------------


def printed_so(disclosure: Disclosure, lawful: Lawful) -> Disclosure:
    """The same disclosure with these rows and figures left out, or rounded."""
    statements = {name: _statement(name, own, lawful) for name, own in disclosure.statements.items()}
    return replace(disclosure, statements=statements, unit="万元" if lawful.rounded else disclosure.unit)


def _statement(name: str, statement: Statement, lawful: Lawful) -> Statement:
    rows: Collection[Row] = statement.rows
    if lawful.no_nil_figures:
        rows = [replace(row, figures={m: t for m, t in row.figures.items() if Decimal(t)}) for row in rows]
    if lawful.rounded:
        rows = [replace(row, figures={m: _rounded(text) for m, text in row.figures.items()}) for row in rows]
    if name in CODED_STATEMENTS:
        levels = dict(lawful.levels).get(name)
        totals = [row for row in rows if not row.code]
        own = [row for row in rows if row.code and (levels is None or len(row.code) in levels)]
        own = [row for row in own if row.figures or not lawful.no_nil_figures]
        if name not in lawful.without_total or lawful.total == "as is":
            first = not statement.rows or not statement.rows[0].code
            rows = [*totals, *own] if first else [*own, *totals]
        else:
            rows = own if lawful.total == "none" else [*own, *totals]
    return replace(statement, rows=tuple(rows))


def _rounded(text: str) -> str:
    return str((Decimal(text) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


# --- how it is laid out ----------------------------------------------------------------------------------------------


def laid_out_so(layout: Layout, lawful: Lawful) -> Layout:
    """The same layout without the lines of nothing."""
    return replace(layout, blocks=tuple(_block(block, lawful) for block in layout.blocks))


def _block(block: LayoutBlock, lawful: Lawful) -> LayoutBlock:
    names = {cell.figure.statement for cell in block.cells if cell.figure} if isinstance(block, Table) else set()
    if not isinstance(block, Table) or not names & set(lawful.no_nil_lines):
        return block
    if all(cell.figure is None or cell.figure.measure in LEFT_MEASURES for cell in block.cells):
        return block
    grid = block.rows()
    head = [cell for cell in block.cells if cell.row < block.header_rows]
    # a label stands before the first column of spending
    split = min(cell.column for cell in block.cells if cell.figure and cell.figure.measure not in LEFT_MEASURES) - 1
    if any(cell is not None and cell.column_span > 1 for row in grid[block.header_rows :] for cell in row):
        return block
    halves = [
        [
            [row[column] for column in columns]
            for row in grid[block.header_rows :]
            if any(_is_something(row[column]) for column in columns)
        ]
        for columns in (range(split), range(split, block.column_count))
    ]
    count = max(map(len, halves))
    body: list[TableCell] = []
    for half, start in zip(halves, (0, split), strict=True):
        width = split if not start else block.column_count - split
        # totals stand on one line: what is missing is left blank above the last line
        for n in range(count):
            short = count - len(half)
            at = n if n < len(half) - 1 else n - short if n == count - 1 else None
            cells = half[at] if at is not None and half and at < len(half) else [None] * width
            for c, cell in enumerate(cells):
                place = (block.header_rows + n, start + c)
                body.append(replace(cell, row=place[0], column=place[1]) if cell else TableCell(*place, ""))
    return replace(block, cells=(*head, *body), row_count=block.header_rows + count)


def _is_something(cell: TableCell | None) -> bool:
    return cell is not None and cell.figure is not None and bool(Decimal(cell.figure.plain))

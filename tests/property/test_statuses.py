"""Whatever happens to titles, headers, rules, digits: a statement with amounts is never missing nor declared empty.

And none of its rows is ever a line of an annex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.annexes.find import find_rest
from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from tests.support import HEBEI
from tools.typeset import hebei, shanghai
from tools.typeset.layout import Layout, LayoutBlock, Table, TableCell, Title
from tools.typeset.pdf import write_pdf
from tools.typeset.strategy import disclosures, page_styles, printings, shanghai_disclosures, styles
from tools.typeset.strategy_annexes import Told, told
from tools.typeset.style import PageStyle
from tools.typeset.text import write_cell_lines, write_tab_rows
from tools.typeset.word import write_word

ODD_HEADERS = ("其他资金", "□□", "某某栏", "2021年执行数", "本级", "")


@dataclass(frozen=True)
class Damage:
    """Numbers pick the block or cell; ``whole``: all amounts are whole yuan, with commas."""

    lost_titles: frozenset[int]
    torn_titles: frozenset[int]
    headers: tuple[tuple[int, str], ...]
    lost_headers: frozenset[int]
    whole: bool


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    few = st.frozensets(st.integers(0, 8), max_size=2)
    odd = st.tuples(st.integers(0, 400), st.sampled_from(ODD_HEADERS))
    lost, torn, odds, headers = draw(few), draw(few), tuple(draw(st.lists(odd, max_size=8))), draw(few)
    # two tables in a row without titles may be one; so
    lost = frozenset(n for n in lost if not {n - 1, n + 1} & (lost | torn))
    # beside a title that is gone a header that is gone as well leaves open which of two statements a table is
    beside = {n + step for n in lost | torn for step in (-1, 0, 1)}
    return Damage(lost, torn, odds, headers - beside, draw(st.booleans()))


def damaged(layout: Layout, damage: Damage) -> Layout:
    blocks: list[LayoutBlock] = []
    title = table = header = -1
    for n, block in enumerate(layout.blocks):
        if isinstance(block, Title) and any(isinstance(b, Table) and _prints(b) for b in layout.blocks[n : n + 6]):
            title += 1
            if title in damage.lost_titles:
                continue
            if title in damage.torn_titles:
                block = replace(block, text="□" + block.text[1:])
        elif isinstance(block, Table) and _prints(block):
            table += 1
            cells: list[TableCell] = []
            rows = block.header_rows or 2
            for cell in block.cells:
                if cell.figure is None and cell.row < rows:
                    header += 1
                    odd = dict(damage.headers).get(header)
                    if table in damage.lost_headers or odd is not None:
                        cell = replace(cell, text=odd or "")
                elif cell.figure is not None and damage.whole:
                    cell = replace(cell, text=f"{int(Decimal(cell.figure.plain) * 100):,}")
                cells.append(cell)
            block = replace(block, cells=tuple(cells))
        blocks.append(block)
    return replace(layout, blocks=tuple(blocks))


def what_lines_can_show(damage: Damage, file_name: str) -> Damage:
    """Without table and title nothing may part the rows of a statement from those of the one before."""
    if file_name not in ("words.txt", "stream.txt"):
        return damage
    return replace(damage, lost_titles=frozenset(), lost_headers=frozenset())


def _prints(table: Table) -> bool:
    return any(cell.figure is not None for cell in table.cells)


def write_words(layout: Layout) -> bytes:
    """Rows as lines of words: what is left where no rule is drawn; blank cells are lost."""
    return "\n".join(" ".join(row) for row in _rows(layout)).encode()


def write_stream(layout: Layout) -> bytes:
    """One cell a line."""
    return "\n".join(text for row in _rows(layout) for text in row).encode()


def _rows(layout: Layout) -> Iterator[list[str]]:
    for block in layout.blocks:
        if isinstance(block, Table):
            for row in range(block.row_count):
                yield [c.text.replace("\n", "") for c in block.cells if c.row == row and c.text]
        else:
            yield [block.text] if isinstance(block, Title) or hasattr(block, "text") else []


WRITERS: dict[str, Callable[[Layout], bytes]] = {
    "a.docx": write_word,
    "tabs.txt": lambda layout: write_tab_rows(layout).encode(),
    "cells.txt": lambda layout: write_cell_lines(layout).encode(),
    "words.txt": write_words,
    "stream.txt": write_stream,
}


def patient(test: Callable[..., None], examples: int) -> Callable[..., None]:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        phases=[Phase.explicit, Phase.generate],
    )(test)


def hidden(layout: Layout, data: bytes, file_name: str) -> set[tuple[str, str]]:
    """The statements that print amounts and are said to be missing or empty."""
    try:
        found = understand(read_document(data, file_name), load_forms())
    except UnreadableDocument:
        return set()  # set aside with the reason: nothing is said of its statements
    printed = {cell.figure.statement for table in layout.tables() for cell in table.cells if cell.figure and cell.text}
    unread = {read.statement for read in found.statements if read.status == "unread"}
    said = {issue.statement for issue in found.issues if issue.severity == "error"}
    assert unread <= said  # an error says why
    return {(r.statement, r.status) for r in found.statements if r.statement in printed} - {
        (name, status) for name in printed for status in ("present", "unread")
    }


@pytest.mark.parametrize("file_name", WRITERS)
def test_hebei(file_name: str) -> None:
    @given(disclosures(), styles(), damages())
    def check(disclosure: object, style: object, damage: Damage) -> None:
        damage = what_lines_can_show(damage, file_name)
        layout = damaged(hebei.lay_out(disclosure, style), damage)  # type: ignore[arg-type]
        assert hidden(layout, WRITERS[file_name](layout), file_name) == set()

    patient(check, 25)()


@pytest.mark.parametrize("file_name", WRITERS)
def test_shanghai(file_name: str) -> None:
    @given(shanghai_disclosures(), printings(), damages())
    def check(disclosure: object, printing: object, damage: Damage) -> None:
        damage = what_lines_can_show(damage, file_name)
        layout = damaged(shanghai.lay_out(disclosure, None, printing), damage)  # type: ignore[arg-type]
        assert hidden(layout, WRITERS[file_name](layout), file_name) == set()

    patient(check, 25)()


def test_pdf() -> None:
    @given(disclosures(), page_styles(), st.sampled_from(("all", "columns", "rows", "header", "none")), damages())
    def check(disclosure: object, style: PageStyle, drawn: str, damage: Damage) -> None:
        damage = damage if drawn == "all" else what_lines_can_show(damage, "words.txt")
        layout = damaged(hebei.lay_out(disclosure), damage)  # type: ignore[arg-type]
        data = write_pdf(layout, replace(style, drawn=drawn))  # type: ignore[arg-type]
        assert hidden(layout, data, "a.pdf") == set()

    patient(check, 12)()


@pytest.mark.parametrize("file_name", ["a.docx", "tabs.txt"])
def test_no_row_of_a_statement_is_a_line_of_an_annex(file_name: str) -> None:
    @given(told(), damages(), st.integers(0, 20))
    def check(one: Told, damage: Damage, at: int) -> None:
        layout = damaged(hebei.lay_out(one.disclosure), damage)
        layout = with_annex_among_statements(layout, at)
        data = WRITERS[file_name](layout)
        document = read_document(data, file_name)
        disclosure = understand(document, load_forms())
        rest = find_rest(document, HEBEI, disclosure.taken)
        of_statements = {place: rows for place, rows in disclosure.taken.items() if rows}
        grids = {id(block): place for place, block in enumerate(document.blocks)}
        for annex in rest.annexes:
            for table in annex.tables:
                assert not set(table.numbers) & of_statements.get(grids[id(table.grid)], frozenset())

    patient(check, 20)()


def with_annex_among_statements(layout: Layout, at: int) -> Layout:
    """A procurement table of one line right before one of the blocks."""
    header = ("项目名称", "采购物品名称", "计量单位", "数量", "单价", "合计")
    line = ("阅览室更新", "台式计算机", "台", "2", "0.50", "1.00")
    cells = tuple(TableCell(r, c, text) for r, row in enumerate((header, line)) for c, text in enumerate(row))
    annex = (Title("部门政府采购预算"), Table(cells, 2, len(header), 1))
    titles = [n for n, block in enumerate(layout.blocks) if isinstance(block, Title)]
    place = titles[at % len(titles)]
    return replace(layout, blocks=(*layout.blocks[:place], *annex, *layout.blocks[place:]))

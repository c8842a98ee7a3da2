"""Two readings compared by the boxes of their cells: what counts as equal, and what is told of the rest."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.documents import cross_check as module
from pipeline.documents.cross_check import (
    CUT_DIFFERENTLY,
    DIFFERS,
    MORE,
    NOT_READ_TWICE,
    ONE_SEES_CELL,
    ONE_SEES_TABLE,
    CrossCheck,
    Mode,
    cross_check,
    is_number,
    pages_to_check,
    plain,
    read_again,
)
from pipeline.documents.model import Block, Cell, Document, Grid, Issue, Paragraph, UnreadableDocument
from pipeline.documents.readers import pdf_camelot
from pipeline.documents.readers.pdf_camelot import read_pdf_camelot
from pipeline.documents.readers.pdf_grid import read_pdf_grid
from tests.unit.test_pdf_camelot import TWO_BY_TWO, pdf, rules, text, words

WIDTH, HEIGHT = 60.0, 15.0


def grid(rows: Sequence[Sequence[str | None]], page: int = 1, shift: float = 0.0, top: float = 700.0) -> Grid:
    """A grid of even cells; None widens the cell to its left."""
    cells: list[Cell] = []
    for row, texts in enumerate(rows):
        y1 = top - row * HEIGHT + shift
        column = 0
        while column < len(texts):
            span = 1
            while column + span < len(texts) and texts[column + span] is None:
                span += 1
            box = 50 + column * WIDTH + shift, y1 - HEIGHT, 50 + (column + span) * WIDTH + shift, y1
            cells.append(Cell(row, column, texts[column] or "", column_span=span, bbox=box))
            column += span
    return Grid(tuple(cells), len(rows), max(map(len, rows)), page=page)


def document(*blocks: Block, reader: str = "grid", issues: Sequence[Issue] = ()) -> Document:
    return Document("pdf", reader, blocks, page_count=9, issues=tuple(issues))


def compared(first: Grid, second: Grid) -> tuple[Document, CrossCheck]:
    return cross_check(document(first), document(second, reader="camelot"))


def readings(checked: Document) -> dict[str, tuple[str, ...]]:
    return {
        cell.text: cell.other_readings
        for block in checked.blocks
        if isinstance(block, Grid)
        for cell in block.cells
        if cell.other_readings
    }


def told(checked: Document) -> list[tuple[str, str, str]]:
    return [(issue.severity, issue.what, issue.text) for issue in checked.issues]


ROWS = [["科目", "合计"], ["行政运行", "12.50"], ["", ""]]


# --- equal -----------------------------------------------------------------------------------------------------------


def test_equal_readings_leave_the_document_as_it_is() -> None:
    first = document(Paragraph("前言", page=1), grid(ROWS))
    checked, counts = cross_check(first, document(grid(ROWS), reader="camelot"))
    assert checked == first
    assert counts == CrossCheck(pages=(1,), tables=1, cells=4, equal=4, numbers=1)


def test_white_space_width_and_hyphens_do_not_differ() -> None:
    first = grid([["行 政\n运行", "１２．５０", "−3"]])
    checked, counts = compared(first, grid([["行政运行", "12.50", "\u00ad3"]]))
    assert (checked.issues, counts.equal) == ((), 3)


@pytest.mark.parametrize("shift", [-1.4, 0.7, 1.4])
def test_boxes_need_not_be_the_same_to_the_point(shift: float) -> None:
    checked, counts = compared(grid(ROWS), grid(ROWS, shift=shift))
    assert (checked.issues, counts.equal, counts.cells) == ((), 4, 4)


def test_cells_are_matched_by_place_and_not_by_index() -> None:
    second = grid(ROWS)
    moved = tuple(Cell(9 - c.row, 9 - c.column, c.text, bbox=c.bbox) for c in reversed(second.cells))
    checked, counts = compared(grid(ROWS), Grid(moved, 10, 10, page=1))
    assert (checked.issues, counts.equal) == ((), 4)


def test_one_table_may_be_two_for_the_other_reader() -> None:
    rows = [["a", "1"], ["b", "2"]]
    halves = grid(rows[:1]), grid(rows[1:], top=700 - HEIGHT)
    checked, counts = cross_check(document(grid(rows)), document(*halves, reader="camelot"))
    assert (checked.issues, counts.tables, counts.equal, counts.tables_only_in_second) == ((), 1, 4, 0)


# --- different -------------------------------------------------------------------------------------------------------


def test_a_number_that_differs_keeps_both_readings() -> None:
    checked, counts = compared(grid(ROWS), grid([ROWS[0], ["行政运行", "12.56"], ROWS[2]]))
    assert readings(checked) == {"12.50": ("12.56",)}
    (issue,) = checked.issues
    assert (issue.severity, issue.what, issue.text) == ("warning", DIFFERS, "grid: 12.50 | camelot: 12.56")
    assert (issue.page, issue.locator) == (1, "table 1, row 2, column 2")
    assert (counts.cells, counts.equal, counts.different, counts.numbers, counts.numbers_different) == (4, 3, 1, 1, 1)


def test_a_label_that_differs_is_for_information() -> None:
    checked, counts = compared(grid(ROWS), grid([ROWS[0], ["行政运转", "12.50"], ROWS[2]]))
    assert told(checked) == [("info", DIFFERS, "grid: 行政运行 | camelot: 行政运转")]
    assert (counts.different, counts.numbers_different) == (1, 0)


def test_a_number_in_one_reading_only_is_a_warning() -> None:
    checked, _ = compared(grid([["a", ""], ["b", "7"]]), grid([["a", "7"], ["b", ""]]))
    assert told(checked) == [
        ("warning", DIFFERS, "grid: (blank) | camelot: 7"),
        ("warning", DIFFERS, "grid: 7 | camelot: (blank)"),
    ]
    assert readings(checked) == {"": ("7",), "7": ("",)}


def test_a_label_cut_in_another_way_is_told_once_per_table() -> None:
    first = grid([["收入预算", None, "支出"], ["本年收入", None, "12.50"]])
    second = grid([["收入", "预算", "支出"], ["本年", "收入", "12.50"]])
    checked, counts = compared(first, second)
    assert told(checked) == [("info", CUT_DIFFERENTLY, "2 cells")]
    assert readings(checked) == {}
    assert (counts.cells, counts.equal, counts.cut_differently, counts.numbers) == (4, 2, 2, 1)


def test_two_numbers_that_become_one_are_a_warning_on_each_cell() -> None:
    checked, counts = compared(grid([["123", "45", "a"]]), grid([["12345", None, "a"]]))
    assert told(checked) == [("warning", DIFFERS, "grid: 123 / 45 | camelot: 12345")]
    assert readings(checked) == {"123": ("12345",), "45": ("12345",)}
    assert (counts.different, counts.numbers_different) == (2, 2)


def test_a_code_merged_with_its_name_is_a_warning() -> None:
    checked, _ = compared(grid([["2010301", "行政运行"]]), grid([["2010301行政运行", None]]))
    assert [issue.severity for issue in checked.issues] == ["warning"]


def test_many_differences_do_not_flood() -> None:
    first = grid([[f"{n}", f"项{n}"] for n in range(30)])
    second = grid([[f"{n + 1}", f"目{n}"] for n in range(30)])
    checked, counts = compared(first, second)
    assert (counts.different, counts.numbers_different, len(readings(checked))) == (60, 30, 60)
    assert len(checked.issues) == 20 + 5 + 2
    assert told(checked)[-2:] == [("warning", MORE, "10 cells"), ("info", MORE, "25 cells")]


# --- seen by one -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", ["grid", "camelot"])
def test_a_table_that_only_one_reading_sees(one: str) -> None:
    both, more = grid(ROWS), grid([["会议费", "3.10"]], top=300)
    first, second = ((both, more), (both,)) if one == "grid" else ((both,), (both, more))
    checked, counts = cross_check(document(*first), document(*second, reader="camelot"))
    assert told(checked) == [("warning", ONE_SEES_TABLE, f"{one}: 会议费 | 3.10")]
    assert (counts.tables_only_in_first, counts.tables_only_in_second) == ((1, 0) if one == "grid" else (0, 1))
    assert (counts.only_in_first, counts.only_in_second) == (0, 0)


def test_a_row_that_only_one_reading_sees() -> None:
    longer, shorter = grid([*ROWS[:2], ["培训费", "3.10"]]), grid(ROWS[:2])
    checked, counts = compared(longer, shorter)
    assert told(checked) == [
        ("info", ONE_SEES_CELL, "grid: 培训费 | camelot: (no cell)"),
        ("warning", ONE_SEES_CELL, "grid: 3.10 | camelot: (no cell)"),
    ]
    assert (counts.only_in_first, counts.cells) == (2, 4)
    checked, counts = compared(shorter, longer)
    assert ("warning", ONE_SEES_CELL, "grid: (no cell) | camelot: 3.10") in told(checked)
    assert (counts.only_in_first, counts.only_in_second) == (0, 2)


def test_blank_rows_and_tables_of_one_reading_are_nothing() -> None:
    checked, counts = compared(grid([*ROWS, ["", ""]]), grid(ROWS))
    assert (checked.issues, counts.only_in_first) == ((), 0)
    checked, counts = cross_check(document(grid([["", ""]])), document(reader="camelot"))
    assert (checked.issues, counts.tables_only_in_first) == ((), 0)


def test_tables_on_pages_that_were_not_read_twice_are_not_compared() -> None:
    first = document(grid(ROWS, page=1), grid(ROWS, page=2), grid(ROWS, page=3))
    second = document(grid(ROWS, page=2), reader="camelot")
    checked, counts = cross_check(first, second, pages=(2, 4))
    assert (checked.issues, counts.pages, counts.tables) == ((), (2, 4), 1)
    assert cross_check(first, second)[1].tables_only_in_first == 2


def test_issues_of_both_readings_are_kept() -> None:
    mine, other = Issue("info", "mine", page=1), Issue("warning", "other", page=1)
    checked, _ = cross_check(document(issues=[mine]), document(reader="camelot", issues=[other]))
    assert checked.issues == (mine, other)


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2010301", "1,234.50", "-3.2", "（3.2）", "△3.2", "１２", "12\n3", "7 %", "0"])
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "-", "12月", "2.5万", "合计", "(cid:3)"])
def test_no_numbers(text: str) -> None:
    assert not is_number(text)


def test_plain() -> None:
    assert plain("（1） 行\u3000政\n‐") == "(1)行政-"


# --- which pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "doubtful", "pages"),
    [("always", (), (2, 4, 5)), ("on_doubt", (), (4,)), ("on_doubt", {2, 7}, (2, 4, 7)), ("never", {2}, ())],
)
def test_the_mode_decides_which_pages_are_read_twice(mode: Mode, doubtful: set[int], pages: tuple[int, ...]) -> None:
    first = document(
        Paragraph("2024 年预算 100 万元，比 2023 年增加 5 万元", page=1),
        grid(ROWS, page=2),
        Paragraph("201 03 01 12.5 13.5 14.5 15.5 16.5", page=5),
        issues=[Issue("info", "watermark", page=3), Issue("warning", "crossing", page=4), Issue("warning", "document")],
    )
    assert pages_to_check(first, mode, doubtful) == pages


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_a_pdf_read_again_confirms_itself() -> None:
    data = pdf(rules() + words(TWO_BY_TWO))
    first = read_pdf_grid(data)
    checked, counts = read_again(data, first)
    assert checked == first
    assert (counts.pages, counts.cells, counts.equal, counts.numbers) == ((1,), 4, 4, 4)


def test_a_pdf_read_again_shows_a_wrong_cell() -> None:
    first = read_pdf_grid(pdf(rules() + words([["2010301", "12.50"], ["20103", "1"]])))
    checked, _ = read_again(pdf(rules() + words(TWO_BY_TWO)), first)
    assert readings(checked) == {"1": ("7",)}


def test_what_is_not_read_again_stands() -> None:
    data = pdf(rules() + words(TWO_BY_TWO))
    first = read_pdf_grid(data)
    assert read_again(data, first, "never") == (first, CrossCheck())
    assert read_again(data, first, "on_doubt") == (first, CrossCheck())
    word = Document("docx", "word", (grid(ROWS),))
    assert read_again(b"PK", word) == (word, CrossCheck())


def test_comparing_page_by_page_comes_to_the_same_as_comparing_documents() -> None:
    torn = words([["2010301", "1 2.50"], ["20103", "7"]])
    data = pdf(rules() + words(TWO_BY_TWO), text(50, 250, "prose"), rules() + torn)
    first = read_pdf_grid(data)
    assert read_again(data, first) == cross_check(first, read_pdf_camelot(data, (1, 3)), (1, 3))


def test_a_second_reading_that_fails_is_reported_and_the_first_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise UnreadableDocument("the PDF is damaged in a way that camelot cannot repair")

    monkeypatch.setattr(pdf_camelot, "_opened", failing)
    data = pdf(rules() + words(TWO_BY_TWO))
    first = read_pdf_grid(data)
    checked, counts = read_again(data, first)
    assert (checked.blocks, counts) == (first.blocks, CrossCheck())
    assert [(issue.severity, issue.what) for issue in checked.issues] == [("warning", NOT_READ_TWICE)]


def test_thousands_of_cells_that_all_lie_elsewhere_are_compared_in_time() -> None:
    first = grid([[f"{r}.{c}" for c in range(20)] for r in range(100)])
    second = grid([[f"{r}.{c}" for c in range(20)] for r in range(100)], shift=5.0)
    _, counts = compared(first, second)
    assert counts.cells == counts.equal == 2000
    assert module._SNAP < 5.0


def test_rows_that_one_reader_parts_are_cut_differently_where_line_for_line_they_print_the_same() -> None:
    rows = grid([["201", "1.00"], ["20103", "2.00"]])
    x0, x1, x2, y0, y1 = 50, 50 + WIDTH, 50 + 2 * WIDTH, 700 - 2 * HEIGHT, 700.0
    whole = Cell(0, 0, "201\n20103", bbox=(x0, y0, x1, y1)), Cell(0, 1, "1.00\n2.00", bbox=(x1, y0, x2, y1))
    checked, tally = compared(rows, Grid(whole, 1, 2, page=1))
    assert (tally.different, tally.cut_differently) == (0, 4)
    assert [issue.what for issue in checked.issues] == [CUT_DIFFERENTLY]

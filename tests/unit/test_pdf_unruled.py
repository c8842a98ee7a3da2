"""Tables without some or all of their rules: read where the text leaves no choice, else an error and no figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.documents.model import Grid
from pipeline.documents.readers import pdf_grid
from pipeline.documents.readers.pdf_grid import read_pdf_grid
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from tests.unit.test_pdf_grid import grids, line, only_grid, pdf, rules, table, text, texts, words
from tools.typeset.pdf import write_pdf
from tools.typeset.sample import read_samples
from tools.typeset.style import Drawn, PageStyle

XS, ENDS = (50, 150, 250, 350), (240, 220, 120)
HEADER = ["code", "total", "basic"]
ROWS = [["201", "1200.00", "700.00"], ["20103", "1,100.50", "0.00"], ["2010301", "99.50", ""], ["all", "2.00", "1.00"]]
LINES = (240, 220, 195, 170, 145, 120)
BODY = words([HEADER, *ROWS], XS, LINES)


def across(*ys: float) -> str:
    return "".join(line(XS[0], y, XS[-1], y) for y in ys)


def errors(data: bytes) -> list[tuple[str, int | None]]:
    return [(issue.what, issue.page) for issue in read_pdf_grid(data).issues if issue.severity == "error"]


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows_without_rules_between_them() -> None:
    assert table(only_grid(pdf(rules(XS, ENDS) + BODY))) == [HEADER, *ROWS]


def test_a_wrapped_label_stays_one_cell_beside_its_numbers() -> None:
    """The label is as wide as its cell; the numbers stand at its middle, as LibreOffice and Word set them."""
    labels = [(205, "aaaa bbbb cccc dddd"), (193, "eeee"), (173, "ffff"), (155, "all")]
    numbers = [(199, "12.00"), (173, "3.00"), (155, "15.00")]
    content = rules((50, 150, 250), (220, 145)) + "".join(text(52, y, shown) for y, shown in labels)
    grid = only_grid(pdf(content + "".join(text(200, y, shown) for y, shown in numbers)))
    assert table(grid) == [["aaaa bbbb cccc dddd\neeee", "12.00"], ["ffff", "3.00"], ["all", "15.00"]]


@pytest.mark.parametrize(
    "label",
    [[(205, "aaaa"), (193, "bbbb"), (173, "cccc")], [(205, "one"), (190, "two"), (175, "three"), (160, "four")]],
    ids=["a near line that the one before had room for", "heights that no row has"],
)
def test_rows_that_are_not_certain_are_an_error(label: list[tuple[float, str]]) -> None:
    content = rules((50, 150, 250), (220, 145)) + "".join(text(52, y, shown) for y, shown in label)
    content += text(200, 199, "12.00") + text(200, 173, "3.00")
    (grid,) = grids(read_pdf_grid(pdf(content)))
    assert grid.unclear_rows == {0}
    assert errors(pdf(content)) == [(pdf_grid.UNCLEAR, 1)]


def test_a_number_wrapped_over_three_lines_is_one_row() -> None:
    pieces = "".join(
        text(155, y, piece) for y, piece in ((186, "123456789012345"), (174, "567890123456789"), (162, "90"))
    )
    grid = only_grid(pdf(rules((50, 150, 250), (200, 150)) + pieces + text(60, 174, "2010301")))
    assert table(grid) == [["2010301", "123456789012345\n567890123456789\n90"]]
    assert grid.unclear_rows == frozenset()


# --- columns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ys", [LINES, ENDS], ids=["between rows", "under the header and at the ends"])
def test_horizontal_rules_only(ys: tuple[float, ...]) -> None:
    assert table(only_grid(pdf(across(*ys) + BODY))) == [HEADER, *ROWS]


@pytest.mark.parametrize(
    "content",
    [
        BODY.replace("(code)", "()"),
        BODY + text(110, 201, "7.00"),
        BODY.replace("(2010301)", "(a much longer label 99.50)"),
        BODY + text(300, 226, "and project") + text(330, 201, "8.00"),
    ],
    ids=["a column without a header", "two numbers in one column", "a label that ends in an amount", "two headers"],
)
def test_columns_that_are_not_certain_are_an_error_and_no_table(content: str) -> None:
    data = pdf(across(*LINES) + content)
    assert grids(read_pdf_grid(data)) == []
    assert errors(data) == [(pdf_grid.UNCLEAR, 1)]


def test_no_rules_at_all_are_an_error() -> None:
    assert errors(pdf(BODY)) == [(pdf_grid.UNRULED, 1)]
    assert errors(pdf(text(50, 200, "income of 1,234.50, expenditure of 1,000.50"))) == []


# --- large text over a table -----------------------------------------------------------------------------------------


def test_a_large_watermark_is_left_out_and_said() -> None:
    xs, ys = (50, 150, 250), (200, 180, 160)
    content = rules(xs, ys) + words([["2010301", "12.50"], ["20103", "7"]], xs, ys) + text(60, 165, "DRAFT", 40)
    document = read_pdf_grid(pdf(content))
    assert table(grids(document)[0]) == [["2010301", "12.50"], ["20103", "7"]]
    assert [(i.severity, i.what, i.text) for i in document.issues] == [("info", pdf_grid.OVERPRINT, "DRAFT")]


def test_a_large_title_in_a_row_of_its_own_stays() -> None:
    content = rules((50, 250), (240, 200)) + rules() + text(60, 212, "Title", 26)
    content += words([["2010301", "12.50"], ["20103", "7"]])
    assert texts(read_pdf_grid(pdf(content))) == [] and "Title" in table(only_grid(pdf(content)))[0]


# --- whole documents -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawn", ["columns", "rows", "header", "none"])
@pytest.mark.parametrize("twice", [False, True], ids=["grid", "both"])
def test_what_is_loaded_of_a_document_without_rules_is_what_it_prints(drawn: Drawn, twice: bool) -> None:
    layout = read_samples()[0].layout()
    data = write_pdf(layout, replace(PageStyle(), drawn=drawn))
    document = read_document(data, "a.pdf")
    if twice:
        document, _ = read_again(data, document)
    found = understand(document, load_forms())
    printed = Counter((f.statement, f.row_number, f.measure, Decimal(f.plain)) for f in layout.figures())
    units = {"元": 1, "万元": 10000}
    read = Counter((f.statement, f.row_number, f.measure, f.amount_yuan / units[f.printed_unit]) for f in found.figures)
    assert read - printed == Counter()
    assert read == printed or any(issue.severity == "error" and issue.page for issue in found.issues)
    if drawn == "columns":
        assert read == printed
    if drawn == "none":
        assert not any(isinstance(block, Grid) for block in document.blocks)

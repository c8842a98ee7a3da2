"""Paragraphs of a PDF: where they stand on their page, and which lines belong to one."""

from __future__ import annotations

import re
from typing import get_args

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.annexes.prose import passages
from pipeline.documents.cross_check import read_again
from pipeline.documents.model import Box, Document, Paragraph
from pipeline.documents.readers.pdf_fonts import read_without_installed_fonts
from pipeline.documents.readers.pdf_grid import read_pdf_grid
from tests.unit.test_pdf_grid import TURNED, line, pdf, rules, text, words
from tools.typeset.layout import Layout, Line, PageBreak, Table, TableCell, Title
from tools.typeset.pdf import write_pdf
from tools.typeset.style import Engine, PageStyle

LONG = "本年度收入预算安排一百万元，其中财政拨款收入八十万元，" * 5 + "其他收入二十万元。"


def paragraphs(document: Document) -> list[Paragraph]:
    return [block for block in document.blocks if isinstance(block, Paragraph)]


def squeezed(shown: str) -> str:
    return re.sub(r"[\s\x02\ufffe]", "", shown)


def printed_in(page: pdfium.PdfPage, box: Box) -> str:
    """What pdfium finds in a box of the page as displayed; it counts from the page's own corner, before /Rotate."""
    x0, y0, x1, y1 = box
    if page.get_rotation() == 90:
        own_width = page.get_mediabox()[2]
        x0, y0, x1, y1 = own_width - y1, x0, own_width - y0, x1
    return squeezed(page.get_textpage().get_text_bounded(x0, y0, x1, y1))


def table(*texts: str) -> Table:
    return Table(tuple(TableCell(0, column, shown) for column, shown in enumerate(texts)), 1, len(texts))


# --- boxes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", get_args(Engine))
@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("indent", [False, True])
def test_the_box_of_a_paragraph_holds_its_words_and_no_others(engine: Engine, rotate: int, indent: bool) -> None:
    blocks = (Title("预算说明"), Line(LONG, indent=indent), table("科目", "12.50"), Line("单位：万元", "right"))
    layout = Layout("某局", (*blocks, PageBreak(), Line("二、" + LONG, indent=indent)))
    data = write_pdf(layout, PageStyle(engine=engine, rotate=90 if rotate else 0, paper="portrait"))
    found = paragraphs(read_pdf_grid(data))
    assert {squeezed(paragraph.text) for paragraph in found} >= {LONG, "单位：万元", "二、" + LONG}
    read_without_installed_fonts()
    with pdfium.PdfDocument(data) as document:
        for paragraph in found:
            assert paragraph.page and paragraph.bbox
            assert printed_in(document[paragraph.page - 1], paragraph.bbox) == squeezed(paragraph.text)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_boxes_are_of_the_page_as_displayed(degrees: int) -> None:
    size = "400 300" if degrees == 180 else "300 400"
    shown = text(50, 230, "title")
    (upright,) = paragraphs(read_pdf_grid(pdf(shown)))
    (turned,) = paragraphs(
        read_pdf_grid(pdf(TURNED[degrees] + shown, page=f"/MediaBox [0 0 {size}] /Rotate {degrees}"))
    )
    assert upright.bbox and turned.bbox == pytest.approx(upright.bbox, abs=0.05)
    assert upright.bbox[0] == 50 and upright.bbox[1] < 230 < upright.bbox[3] <= 241


def test_boxes_count_from_the_crop_box() -> None:
    (found,) = paragraphs(
        read_pdf_grid(pdf(text(50, 230, "title"), page="/MediaBox [0 0 400 300] /CropBox [20 30 380 290]"))
    )
    assert found.bbox and found.bbox[:1] == (30,) and found.bbox[1] < 200 < found.bbox[3]


def test_text_turned_on_an_upright_page_has_the_box_where_it_stands() -> None:
    sideways = TURNED[90] + text(50, 230, "a sideways title")
    for content in (
        sideways,
        sideways + "0 1 -1 0 300 0 cm\n" + "".join(text(20, y, "upright " * 6) for y in (250, 90)),
    ):
        found = next(
            p for p in paragraphs(read_pdf_grid(pdf(content, page="/MediaBox [0 0 300 400]"))) if "side" in p.text
        )
        x0, y0, x1, y1 = found.bbox or (0, 0, 0, 0)
        assert x0 < 70 < x1 < 85 and y0 < 55 and 110 < y1 < 135


def test_the_second_reading_leaves_the_boxes_of_paragraphs() -> None:
    data = pdf(text(50, 250, "a line") + rules() + words([["2010301", "12.50"], ["20103", "7"]]))
    first = read_pdf_grid(data)
    checked, _ = read_again(data, first)
    assert [p.bbox for p in paragraphs(checked)] == [p.bbox for p in paragraphs(first)] != [None]


# --- a sentence that ends at the right margin ------------------------------------------------------------------------


def read_lines(*shown: str) -> list[str]:
    """The paragraphs of lines set from the left margin on, 15 points apart."""
    content = "".join(text(20, 280 - 15 * number, one) for number, one in enumerate(shown))
    return [paragraph.text for paragraph in paragraphs(read_pdf_grid(pdf(content)))]


def filled(shown: str, width: int = 36) -> str:
    """The words and as many others as fill the line, and a full stop."""
    return shown + "用" * (width - 1 - len(shown)) + "。"


@pytest.mark.parametrize(
    "begins",
    [
        "2022年当年预算执行数为300万元，2023年预算安排500万元。",
        "2023 年预算安排 300.00 万元。",
        "比2022年预算执行数增加100%。",
        "与上年相比增加30万元。",
        "主要原因是：项目增加。",
        "主要用于水利。",
        "增加的主要原因是项目增加。",
    ],
)
def test_a_sentence_without_a_subject_goes_on_where_the_line_before_is_full(begins: str) -> None:
    before = filled("七、水利一千万元，主要用于")
    assert read_lines(before, begins) == [before + begins]
    short = filled("七、水利一千万元，主要用于", 25)  # the paragraph ended there: no line is as wide as it could be
    assert read_lines(filled("六、"), short, begins) == [filled("六、"), short, begins]


@pytest.mark.parametrize(
    "begins",
    [
        "八、2022年当年预算执行数为300万元。",
        "2.比2022年预算执行数增加100%。",
        "2023年部门收入预算安排300万元。",
        "2023年预算安排收入300万元。",
        "本部门预算比上年增加3万元。",
        "政府采购预算情况",
        "其中：基本支出30万元。",
    ],
)
def test_any_other_begins_a_paragraph_there(begins: str) -> None:
    before = filled("七、水利一千万元，主要用于")
    assert read_lines(before, begins) == [before, begins]


def test_a_number_that_did_not_fit_may_have_left_a_gap_before_it() -> None:
    wide, before = filled("六、"), filled("七、", 33)
    begins = "2022年当年预算执行数为300万元。"
    assert read_lines(wide, before, begins) == [wide, before + begins]


# --- a rule between two lines ----------------------------------------------------------------------------------------

PROSE = "我部门固定资产金额为十万元（见下表），本年度拟购置固定资产总额为二万元。"
TITLE = "国有资产占用情况表"


@pytest.mark.parametrize("ends", [PROSE, PROSE[:-1]], ids=["with a full stop", "without"])
@pytest.mark.parametrize("title_x", [20, 40, 160], ids=["left", "set in", "centred"])
@pytest.mark.parametrize("gap", [3, 6, 12])
def test_a_title_in_the_top_row_of_a_table_with_open_sides_is_no_prose(ends: str, title_x: int, gap: int) -> None:
    top = 280 - gap
    xs, ys = (20, 140, 390), (top - 16, top - 32, top - 48)
    row_rules = "".join(line(xs[0], y, xs[-1], y) for y in (top, *ys))
    content = text(40, 280, ends) + text(title_x, top - 12, TITLE) + row_rules + line(xs[1], ys[0], xs[1], ys[-1])
    document = read_pdf_grid(pdf(content + words([["2010301", "12.50"], ["20103", "7"]], xs, ys)))
    assert [block.text if isinstance(block, Paragraph) else "table" for block in document.blocks] == [
        ends,
        TITLE,
        "table",
    ]


@given(st.integers(0, 34), st.integers(1, 35), st.integers(1, 9))
@example(0, 35, 9)
def test_underlined_prose_goes_on(start: int, length: int, tenths: int) -> None:
    """Whatever part of a line is underlined, and however short the next."""
    before = filled("", 36)[:-1]
    depth = 280 - 0.3 * tenths
    under = line(20 + 10 * start, depth, min(20 + 10 * (start + length), 370), depth) + line(20, 262, 50, 262)
    document = read_pdf_grid(pdf(text(20, 280, before) + text(20, 265, "万元。") + under))
    assert [paragraph.text for paragraph in paragraphs(document)] == [before + "万元。"]


# --- an item that a page break cuts ----------------------------------------------------------------------------------


def joined(*shown: str) -> list[str]:
    found = passages([Paragraph(line, page=page) for page, line in enumerate(shown, 1)])
    return ["|".join(paragraph.text for paragraph in passage.paragraphs) for passage in found]


def test_what_was_spent_belongs_to_the_item_before_it() -> None:
    item, spent = (
        "7.“水利（项）”1,000万元，主要用于水利。",
        "2022年当年预算执行数为 0.00万元，2023年预算安排1,000万元。",
    )
    assert joined(item, spent, "8.“林业（项）”2万元。") == [f"{item}|{spent}", "8.“林业（项）”2万元。"]
    assert joined(item, "2023 年度预算安排1,000万元。") == [f"{item}|2023 年度预算安排1,000万元。"]


@pytest.mark.parametrize(
    "next_paragraph",
    ["2023年部门预算安排10万元。", "2023年预算安排收入10万元。", "本部门2022年预算执行数为1万元。", "主要原因是增加。"],
)
def test_a_paragraph_with_a_subject_of_its_own_stays_alone(next_paragraph: str) -> None:
    assert joined("7.水利1,000万元。", next_paragraph) == ["7.水利1,000万元。", next_paragraph]


def test_without_an_item_before_it_nothing_is_joined() -> None:
    before, spent = "本部门承担水利工作。", "2022年当年预算执行数为3万元。"
    assert joined(before, spent) == [before, spent]


def test_a_number_stands_on_the_page_of_its_piece() -> None:
    (passage,) = passages([Paragraph("7.水利1,000万元。", page=4), Paragraph("2022年当年预算执行数为3万元。", page=5)])
    assert [passage.paragraph_at(passage.text.index(number)).page for number in ("1,000", "3万元")] == [4, 5]

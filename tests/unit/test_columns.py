"""Header rows → columns: merged cells, garbled texts, 栏次; a column nobody knows is reported, never guessed."""

from __future__ import annotations

import pytest

from pipeline.documents.model import Cell, Document, Grid, Paragraph
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from tests.support import BODY, HEADERS, HEBEI, T5_ROWS, TITLES, TOTAL, UNIT, YEAR, amounts, doubts, read, statement

PLAIN = amounts(read(statement("T5", T5_ROWS)))


def t5(*header: str, rows: tuple[str, ...] = T5_ROWS) -> Disclosure:
    return read(statement("T5", rows, header=header))


def test_the_plain_header_gives_every_figure_its_measure() -> None:
    assert PLAIN[1, "total", "total"] == "100.00"
    assert PLAIN[4, "2010301", "basic"] == "60.00"
    assert PLAIN[5, "2010302", "project"] == "40.00"
    assert len(PLAIN) == 13 and doubts(read(statement("T5", T5_ROWS))) == []


@pytest.mark.parametrize(
    "header",
    [
        HEADERS["T5"][:2],  # no 栏次
        ["序号|科目编码|科目名称|合计|基本支出|项目支出"],
        ["序号|科目 编码|科目\u3000名称|合 计|基本 支出|项目支出", "栏次|1|2|3|4|5"],
        ["序号|功能科目编码|功能科目名称|小计|基本支出小计|项目支出小计"],
        ["|功能分类科目||||", "序号|科目编码|科目名称|合计|基本支出|项目支出"],
        ["序号|功能分类科目|功能分类科目|合计|基本支出|项目支出", "序号|科目编码|科目名称|合计|基本支出|项目支出"],
        ["行次|功能分类科目||合计|基本|项目", "|科目编码|科目名称||支出|支出"],  # a text over two rows
        ["序号|功能分类科目||合计|基本支出|项目支出", "栏次|1|2|3|4|5"],
    ],
)
def test_the_same_columns_under_other_headers_give_the_same_figures(header: list[str]) -> None:
    disclosure = t5(*header)
    assert amounts(disclosure) == PLAIN
    assert doubts(disclosure, "warning", "error") == []


def test_a_table_without_row_numbers_is_read_too() -> None:
    header = ["功能分类科目||合计|基本支出|项目支出", "科目编码|科目名称|||", "1|2|3|4|5"]
    disclosure = t5(*header, rows=tuple(row.partition("|")[2] for row in T5_ROWS))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


def test_columns_in_another_order_are_told_by_their_texts() -> None:
    header = ["序号|科目编码|科目名称|项目支出|基本支出|合计"]
    disclosure = t5(*header, rows=("1||合计|40.00|60.00|100.00",))
    assert amounts(disclosure) == {
        (1, "total", "project"): "40.00",
        (1, "total", "basic"): "60.00",
        (1, "total", "total"): "100.00",
    }


def test_merged_cells_of_a_format_that_knows_spans_cover_their_columns() -> None:
    def cells() -> tuple[Cell, ...]:
        first = [
            (0, "序号", 1, 2),
            (1, "功能分类科目", 2, 1),
            (3, "合计", 1, 2),
            (4, "基本支出", 1, 2),
            (5, "项目支出", 1, 2),
        ]
        found = [Cell(0, column, text, rows, columns) for column, text, columns, rows in first]
        found += [Cell(1, 1, "科目编码"), Cell(1, 2, "科目名称")]
        for n, row in enumerate(T5_ROWS, start=2):
            found += [Cell(n, column, text) for column, text in enumerate(row.split("|"))]
        return tuple(found)

    grid = Grid(cells(), 2 + len(T5_ROWS), 6)
    head = tuple(Paragraph(text) for text in (TITLES["T5"], BODY, YEAR, UNIT))
    disclosure = understand(Document("docx", "word", (*head, grid)), (HEBEI,))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


def test_a_first_line_called_as_a_column_is_no_header_even_where_it_is_blank() -> None:
    header = ["项目|资金性质|||", "|合计|一般公共预算财政拨款|政府性基金预算拨款|国有资本经营预算财政拨款"]
    disclosure = read(statement("T9", ["合计||||", "“三公”经费小计||||", "公务接待费|||2.00|"], header=header))
    assert amounts(disclosure) == {(3, "reception", "government_fund"): "2.00"} and doubts(disclosure) == []


# ── garbled headers ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_garbled_header_is_read_by_its_column_numbers() -> None:
    disclosure = t5("Ė|TH4K/\\||EN EN|甘士山|连口士山", "|·|||·|", "栏次|1|2|3|4|5")
    assert amounts(disclosure) == PLAIN
    assert doubts(disclosure, "warning", "error") == []


def test_one_unreadable_column_text_is_placed_by_its_number() -> None:
    disclosure = t5("序号|功能分类科目||合计|甘士山|项目支出", "|科目编码|科目名称|||", "栏次|1|2|3|4|5")
    assert amounts(disclosure) == PLAIN


def test_numbers_that_are_not_the_forms_place_nothing() -> None:
    disclosure = t5("序号|功能分类科目||合计|甘士山|项目支出", "|科目编码|科目名称|||", "栏次|1|2|3|4|6")
    assert amounts(disclosure) == {place: a for place, a in PLAIN.items() if place[2] != "basic"}
    assert any("not loaded" in what and "甘士山" in text for what, text in doubts(disclosure, "error"))


def test_texts_win_over_column_numbers_that_contradict_them_and_a_remark_says_so() -> None:
    disclosure = t5(
        "序号|科目编码|科目名称|合计|项目支出|基本支出", "栏次|1|2|3|4|5", rows=("1||合计|100.00|40.00|60.00",)
    )
    assert amounts(disclosure) == {
        (1, "total", "total"): "100.00",
        (1, "total", "project"): "40.00",
        (1, "total", "basic"): "60.00",
    }
    ((what, text),) = doubts(disclosure)
    assert "disagree; the texts are taken" in what and "项目支出" in text


def test_numbers_win_over_texts_that_contradict_their_own_group() -> None:
    header = ["序号|收入|收入|收入|支出", "|项目|预算数|预算数|项目", "栏次|1|2|3|4"]
    disclosure = read(statement("T1", ["1|一、一般公共预算拨款收入|5.00|一、一般公共服务支出|6.00"], header=header))
    assert amounts(disclosure) == {
        (1, "general_public_appropriation", "revenue"): "5.00",
        (1, "201", "expenditure"): "6.00",
    }
    assert any("the numbers are taken" in what for what, _ in doubts(disclosure, "warning"))


def test_a_header_that_says_nothing_loses_the_table_and_names_it() -> None:
    disclosure = t5("甲|乙|丙|丁|戊|己")
    assert disclosure.figures == ()
    assert [what for what, _ in doubts(disclosure, "error")] == [
        "the columns of a table are not recognised; it is not loaded"
    ]


# ── columns that the form does not know ─────────────────────────────────────────────────────────────────────────


def test_an_unknown_column_with_numbers_is_an_error_and_the_others_are_loaded() -> None:
    header = ["序号|科目编码|科目名称|合计|基本支出|项目支出|备用金支出"]
    disclosure = t5(*header, rows=(f"{TOTAL}|9.99",))
    assert len(amounts(disclosure)) == 3
    assert doubts(disclosure, "error") == [
        ("a column is not one that the form knows; its numbers are not loaded", "备用金支出")
    ]


def test_an_unknown_column_without_numbers_is_a_remark() -> None:
    disclosure = t5("序号|科目编码|科目名称|合计|基本支出|项目支出|备注", rows=(f"{TOTAL}|含上年",))
    assert len(amounts(disclosure)) == 3 and doubts(disclosure, "error", "warning") == []
    assert doubts(disclosure, "info") == [("a column is not one that the form knows; it holds no number", "备注")]


def test_a_code_column_with_an_unreadable_header_is_known_by_its_codes() -> None:
    disclosure = t5("序号|E码|科目名称|合计|基本支出|项目支出")
    assert amounts(disclosure) == PLAIN


def test_equal_headers_are_told_apart_by_their_group() -> None:
    rows = ["1|一、一般公共预算拨款收入|5.00|一、一般公共服务支出|6.00"]
    for header in (HEADERS["T1"], HEADERS["T1"][:2], ["|收入|收入|支出|支出", "序号|项目|预算数|项目|预算数"]):
        assert amounts(read(statement("T1", rows, header=header))) == {
            (1, "general_public_appropriation", "revenue"): "5.00",
            (1, "201", "expenditure"): "6.00",
        }


# ── cell per line: merged cells are one cell, and nothing says how wide ─────────────────────────────────────────


def cell_lines(rows: list[list[str]]) -> str:
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows) + "\n"


def test_a_short_header_row_is_spread_by_the_row_below_it() -> None:
    header = [["序号", "收入", "支出"], ["", "项目", "预算数", "项目", "预算数"], ["栏次", "1", "2", "3", "4"]]
    row = ["1", "一、一般公共预算拨款收入", "5.00", "一、一般公共服务支出", "6.00"]
    text = f"{TITLES['T1']}\n{BODY}\n{YEAR}\n{UNIT}\n" + cell_lines([*header, row])
    disclosure = read(text)
    assert amounts(disclosure) == {
        (1, "general_public_appropriation", "revenue"): "5.00",
        (1, "201", "expenditure"): "6.00",
    }
    assert doubts(disclosure, "warning", "error") == []


def test_a_body_row_with_fewer_cells_than_columns_is_an_error_not_a_guess() -> None:
    header = [["序号", "科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    rows = [["1", "", "合计", "100.00", "60.00", "40.00"], ["2", "201", "一般公共服务支出", "100.00", "60.00"]]
    disclosure = read(f"{TITLES['T5']}\n{BODY}\n{YEAR}\n{UNIT}\n" + cell_lines(header + rows))
    assert {place[0] for place in amounts(disclosure)} == {1}
    assert doubts(disclosure, "error") == [
        ("a row has fewer cells than its table has columns; it is not loaded", "2 201 一般公共服务支出 100.00 60.00")
    ]

"""Printed rows → rows of the statement: what page breaks and bad captures tore apart, and what may not be joined."""

from __future__ import annotations

import pytest

from tests.support import HEADERS, T5_ROWS, amounts, doubts, figure, read, statement

PLAIN = amounts(read(statement("T5", T5_ROWS)))
T9_PLAIN = [
    "1|“三公”经费小计|2.30|2.30||",
    "2|一、因公出国（境）费|0.30|0.30||",
    "3|其中：教学科研人员因公出国（境）费||||",
    "4|其他因公出国（境）费|0.30|0.30||",
    "5|二、公务用车购置及运维费||||",
    "6|其中：公务用车购置费||||",
    "7|公务用车运行维护费||||",
    "8|三、公务接待费|2.00|2.00||",
]


def damaged(*rows: str) -> tuple[dict[tuple[int, str, str], str], list[tuple[str, str]]]:
    """The figures of T5 with these rows, and its doubts."""
    disclosure = read(statement("T5", rows))
    return amounts(disclosure), doubts(disclosure)


# ── pieces that are one row ─────────────────────────────────────────────────────────────────────────────────────


def test_a_label_cut_by_a_page_break_goes_on_below_the_repeated_header() -> None:
    header = tuple(HEADERS["T5"])
    found, doubted = damaged(
        *T5_ROWS[:2], "3|20103|政府办公厅(室)及相|100.00|60.00|40.00", *header, "||关机构事务|||", *T5_ROWS[3:]
    )
    assert found == PLAIN and doubted == []


def test_the_whole_label_stands_in_the_figure() -> None:
    rows = (*T5_ROWS[:2], "3|20103|政府办公厅(室)及相|100.00|60.00|40.00", "||关机构事务|||", *T5_ROWS[3:])
    label = figure(read(statement("T5", rows)), 3, "total").row_label
    assert label.replace(" ", "") == "政府办公厅(室)及相关机构事务"


def test_a_row_printed_line_by_line_with_its_number_repeated_is_one_row() -> None:
    found, doubted = damaged(
        *T5_ROWS[:2], "3|20103|政府办公厅(室)及|100.00|60.00|40.00", "3||相关机构事务|100.00|60.00|40.00", *T5_ROWS[3:]
    )
    assert found == PLAIN and doubted == []


def test_a_row_printed_twice_alike_counts_once() -> None:
    found, doubted = damaged(*T5_ROWS[:2], T5_ROWS[2], *T5_ROWS[2:])
    assert found == PLAIN and doubted == []


def test_two_readings_of_a_cell_that_differ_are_neither_and_an_error_shows_both() -> None:
    found, doubted = damaged(*T5_ROWS[:3], "3|20103|政府办公厅(室)及相关机构事务|100.00|68.00|40.00", *T5_ROWS[3:])
    assert found == {place: amount for place, amount in PLAIN.items() if place != (3, "20103", "basic")}
    assert doubted == [("two readings of a cell differ", "60.00 | 68.00")]


def test_of_two_readings_the_one_with_needless_zeros_is_none() -> None:
    found, doubted = damaged(*T5_ROWS[:3], "3|20103|政府办公厅(室)及相关机构事务|100.00|060.00|40.00", *T5_ROWS[3:])
    assert found == PLAIN
    assert [what for what, _ in doubted] == []  # 060.00 and 60.00 are the same number


@pytest.mark.parametrize("second", ["6O.00", "60.00 40.00"])
def test_a_second_reading_that_is_no_number_loses_the_figure_with_an_error(second: str) -> None:
    found, doubted = damaged(*T5_ROWS[:3], f"3|20103|政府办公厅(室)及相关机构事务|100.00|{second}|40.00", *T5_ROWS[3:])
    assert (3, "20103", "basic") not in found
    assert doubted == [("one of two readings of a cell is no number", f"60.00 | {second}")]


def test_digits_on_the_next_line_belong_to_the_amounts_above() -> None:
    found, doubted = damaged("1||合计|100.0|60.0|40.0", "|||0|0|0", *T5_ROWS[1:])
    assert found == PLAIN
    assert [what for what, _ in doubted] == ["a number is printed in pieces; they are joined"] * 3


def test_digits_on_the_next_line_are_joined_though_every_row_lost_some() -> None:
    found, _ = damaged(*(line for row in T5_ROWS[:3] for line in (row.replace(".00", ".0"), "|||0|0|0")))
    assert found == {place: amount for place, amount in PLAIN.items() if place[0] <= 3}


def test_a_last_digit_on_the_next_line_is_no_row_where_the_statement_usually_prints_fewer() -> None:
    rows = ["1|“三公”经费小计|2.|2.||", "||3|3||", *T9_PLAIN[2:7], "8|三、公务接待费|2.|2.||", "||3|3||"]
    found = amounts(read(statement("T9", rows)))
    assert found[1, "three_public_total", "total"] == found[8, "reception", "general_public"] == "2.30"
    assert len(found) == 6


def test_digits_that_would_make_an_unusual_number_lose_it_with_an_error() -> None:
    found, doubted = damaged("1||合计|100.00|60.00|40.00", "|||5||", *T5_ROWS[1:])
    assert found == {place: amount for place, amount in PLAIN.items() if place != (1, "total", "total")}
    assert doubted == [("a cell for a number holds something else", "100.00 5")]


def test_a_row_of_amounts_alone_that_are_whole_is_not_joined() -> None:
    found, doubted = damaged(*T5_ROWS, "|||5.00|5.00|")
    assert found.items() >= PLAIN.items()
    assert all(amount == "5.00" for place, amount in found.items() if place not in PLAIN)
    assert any("without a label and a code" in what for what, _ in doubted)


def test_a_number_in_pieces_is_joined_and_told() -> None:
    found, doubted = damaged("1||合计|100.0 0|60.00|40.00", *T5_ROWS[1:])
    assert found == PLAIN
    assert doubted == [("a number is printed in pieces; they are joined", "100.0 0")]


def test_a_code_in_pieces_is_joined() -> None:
    found, doubted = damaged(*T5_ROWS[:3], "4|201030 1|行政运行|60.00|60.00|", T5_ROWS[4])
    assert found == PLAIN and doubted == []


def test_code_and_label_in_one_cell_are_parted() -> None:
    rows = [row.replace("|201|", "||201 ").replace("|2010301|", "||2010301") for row in T5_ROWS]
    found, doubted = damaged(*rows)
    assert found == PLAIN and doubted == []


def test_a_total_whose_label_stands_in_the_code_column_is_the_total() -> None:
    found, doubted = damaged("1|合计||100.00|60.00|40.00", *T5_ROWS[1:])
    assert found == PLAIN and doubted == []


# ── pieces that are not ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_piece_of_a_label_that_fits_no_row_is_named() -> None:
    found, doubted = damaged(*T5_ROWS[:2], "||位养老金|||", *T5_ROWS[2:])
    assert found == PLAIN
    assert doubted == [("a piece of a label belongs to no row", "位养老金")]


def test_two_rows_with_the_same_number_and_different_whole_labels_are_two() -> None:
    found, _ = damaged(*T5_ROWS[:3], T5_ROWS[3].replace("4|", "3|", 1), T5_ROWS[4])
    assert {(item, measure): a for (_, item, measure), a in found.items()} == {
        (item, measure): a for (_, item, measure), a in PLAIN.items()
    }


def test_text_with_digits_outside_the_table_is_an_error_and_not_loaded() -> None:
    text = statement("T5", T5_ROWS[:4]) + "5 2010302 一般行政管理事务 40.00\n"
    disclosure = read(text)
    assert amounts(disclosure) == {place: a for place, a in PLAIN.items() if place[0] != 5}
    ((what, shown),) = doubts(disclosure, "error")
    assert "outside the table" in what and "40.00" in shown


def test_a_cell_for_a_number_with_words_in_it_is_an_error_with_the_words() -> None:
    found, doubted = damaged("1||合计|100.00|约六十|40.00", *T5_ROWS[1:])
    assert (1, "total", "basic") not in found and len(found) == len(PLAIN) - 1
    assert doubted == [("a cell for a number holds something else", "约六十")]


def test_a_number_with_needless_zeros_is_an_error_not_a_number() -> None:
    found, doubted = damaged("1||合计|100.00|060.00|40.00", *T5_ROWS[1:])
    assert (1, "total", "basic") not in found
    assert doubted == [("a number begins with needless zeros", "060.00")]


# ── row numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_garbled_row_number_is_counted_on() -> None:
    found, doubted = damaged(*T5_ROWS[:2], T5_ROWS[2].replace("3|", "B|", 1), *T5_ROWS[3:])
    assert found == PLAIN
    assert doubted == [
        ("a row number (序号) does not follow the one before; the place in the table counts", "printed none, taken 3")
    ]


def test_a_wrong_row_number_is_replaced_by_its_place_and_told() -> None:
    found, doubted = damaged(*T5_ROWS[:2], T5_ROWS[2].replace("3|", "1|", 1), *T5_ROWS[3:])
    assert found == PLAIN
    assert doubted == [
        ("a row number (序号) does not follow the one before; the place in the table counts", "printed 1, taken 3")
    ]


def test_a_gap_in_the_row_numbers_names_the_missing_rows() -> None:
    found, doubted = damaged(*T5_ROWS[:2], *T5_ROWS[4:])
    assert {place[0] for place in found} == {1, 2, 5}
    assert doubted == [("rows are missing between two row numbers (序号)", "3、4")]


def test_rows_of_a_table_without_numbers_are_counted() -> None:
    header = ["功能分类科目||合计|基本支出|项目支出", "科目编码|科目名称|||"]
    rows = [row.partition("|")[2] for row in T5_ROWS]
    disclosure = read(statement("T5", rows, header=header))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


def test_fixed_lines_keep_their_printed_numbers() -> None:
    found = amounts(read(statement("T9", T9_PLAIN)))
    assert found[8, "reception", "total"] == "2.00" and found[4, "outbound_other", "total"] == "0.30"


def test_a_fixed_line_over_three_printed_lines_is_one_row() -> None:
    rows = [*T9_PLAIN[:3], "4|其他因公|0.30|0.30||", "|出国|||| ", "|（境）费||||", *T9_PLAIN[4:]]
    disclosure = read(statement("T9", rows))
    assert amounts(disclosure) == amounts(read(statement("T9", T9_PLAIN)))
    assert doubts(disclosure) == []

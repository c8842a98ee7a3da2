"""Statements → figures: identity of each row, unit, exactness; what is doubtful is said, what is certain is loaded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support import T5_ROWS, TITLES, TOTAL, amounts, doubts, figure, read, statement, status

T1_ROWS = [
    "1|一、一般公共预算拨款收入|100.00|一、一般公共服务支出|60.00",
    "2|二、政府性基金预算拨款收入||二、外交支出|20.00",
    "3|三、国有资本经营预算拨款收入||三、国防支出|20.00",
    "4|本年收入合计|100.00|本年支出合计|100.00",
    "5|收入总计|100.00|支出总计|100.00",
]
T4_ROWS = [
    "1|一、一般公共预算拨款|80.00|一、一般公共服务支出|100.00|100.00||",
    "2|二、政府性基金预算拨款|||||||",
    "3|三、国有资本经营预算拨款|||||||",
    "4|本年收入合计|80.00|本年支出合计|100.00|100.00||",
    "5|年初财政拨款结转和结余|20.00|年末财政拨款结转和结余||||",
    "6|一、一般公共预算拨款|15.00|||||",
    "7|二、政府性基金预算拨款|4.00|||||",
    "8|三、国有资本经营预算拨款|1.00|||||",
    "9|收入总计|100.00|支出总计|100.00|100.00||",
]


def test_a_figure_says_where_and_how_it_is_printed() -> None:
    found = figure(read(statement("T5", ["1||合计|1,216.27|６０.５|"])), 1, "total")
    assert (found.statement, found.row_label, found.item) == ("general_public_expenditure", "合计", "total")
    assert (found.text_as_printed, found.printed_unit, found.amount_yuan) == ("1,216.27", "万元", Decimal("12162700"))
    assert (found.code_as_printed, found.subject_code, found.code_resolution) == (None, None, "none")
    assert found.locator == "line 10" and found.page is None and found.bbox is None


def test_zeros_are_figures_and_blanks_and_dashes_are_none() -> None:
    found = amounts(read(statement("T5", ["1||合计|0|0.00|—", "2|201|一般公共服务支出|5.00||5.00"])))
    assert found[1, "total", "total"] == found[1, "total", "basic"] == "0.00"
    assert (1, "total", "project") not in found and (2, "201", "basic") not in found


# ── fixed lines ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_halves_of_a_two_sided_statement_are_their_own_lines() -> None:
    found = amounts(read(statement("T1", T1_ROWS)))
    assert found[1, "general_public_appropriation", "revenue"] == "100.00"
    assert found[1, "201", "expenditure"] == "60.00"
    assert found[5, "total_revenue", "revenue"] == found[5, "total_expenditure", "expenditure"] == "100.00"


def test_a_class_line_has_the_code_of_its_class_and_other_lines_have_none() -> None:
    disclosure = read(statement("T1", T1_ROWS))
    codes = {f.item: (f.subject_code, f.code_resolution, f.code_as_printed) for f in disclosure.figures}
    assert codes["201"] == ("201", "from_label", None)
    assert codes["total_expenditure"] == (None, "none", None)


@pytest.mark.parametrize("label", ["", "外交支", "二、外 交 攴出"])
def test_an_unreadable_label_between_two_known_lines_is_known_by_its_place(label: str) -> None:
    rows = [T1_ROWS[0], T1_ROWS[1].replace("二、外交支出", label), *T1_ROWS[2:]]
    disclosure = read(statement("T1", rows))
    assert amounts(disclosure) == amounts(read(statement("T1", T1_ROWS)))
    assert [what for what, _ in doubts(disclosure)] == [
        "a label cannot be read; the row is known by its place between its neighbours"
    ]


def test_a_label_that_is_another_line_is_not_placed_by_its_neighbours() -> None:
    rows = [T1_ROWS[0], T1_ROWS[1].replace("二、外交支出", "职工福利基金"), *T1_ROWS[2:]]
    disclosure = read(statement("T1", rows))
    found = amounts(disclosure)
    assert (2, "202", "expenditure") not in found and found[2, "unrecognised_2", "expenditure"] == "20.00"
    assert doubts(disclosure) == [("a line is not one that the form knows", "职工福利基金")]


def test_an_unreadable_label_with_a_gap_beside_it_is_not_placed() -> None:
    rows = [T1_ROWS[0], "3||||20.00", *(T1_ROWS[3:])]
    found = amounts(read(statement("T1", rows)))
    assert not {item for _, item, _ in found} & {"202", "203"}


def test_an_unreadable_label_without_figure_is_not_worth_a_doubt() -> None:
    rows = [T1_ROWS[0], "2|二、政府性基金预算拨款收入||夕卜|", *T1_ROWS[2:]]
    assert doubts(read(statement("T1", rows))) == []


def test_the_carry_over_lines_of_t4_are_items_of_their_own_though_their_labels_repeat() -> None:
    found = amounts(read(statement("T4", T4_ROWS)))
    assert found[1, "general_public_appropriation", "revenue"] == "80.00"
    assert found[5, "carryover_in", "revenue"] == "20.00"
    assert found[6, "carryover_in_general_public", "revenue"] == "15.00"
    assert found[7, "carryover_in_government_fund", "revenue"] == "4.00"
    assert found[8, "carryover_in_state_capital", "revenue"] == "1.00"


def test_the_carry_over_lines_are_told_apart_without_the_lines_above_them() -> None:
    found = amounts(read(statement("T4", [T4_ROWS[3], *T4_ROWS[4:]])))
    assert found[6, "carryover_in_general_public", "revenue"] == "15.00"


# ── coded rows ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_coded_row_has_its_code_as_item_and_keeps_the_printed_one() -> None:
    found = figure(read(statement("T5", [*T5_ROWS[:3], "4|201031|行政运行|60.00|60.00|"])), 4, "basic")
    assert (found.item, found.subject_code, found.code_as_printed) == ("2010301", "2010301", "201031")
    assert found.code_resolution == "from_hierarchy"


def test_a_valid_code_with_an_unknown_label_stands_with_a_remark() -> None:
    disclosure = read(statement("T5", [*T5_ROWS[:2], "3|20103|政办及相关|100.00|60.00|40.00"]))
    found = figure(disclosure, 3, "total")
    assert (found.subject_code, found.code_resolution, found.row_label) == ("20103", "as_printed", "政办及相关")
    assert doubts(disclosure, "info") == [("the label is not the name of its code", "20103 政办及相关")]


def test_a_code_of_no_edition_is_kept_unresolved_with_a_warning() -> None:
    disclosure = read(statement("T5", [*T5_ROWS[:2], "3|299|新设支出|1.00|1.00|"]))
    found = figure(disclosure, 3, "total")
    assert (found.code_as_printed, found.code_resolution) == ("299", "unresolved")
    assert doubts(disclosure, "warning") == [
        ("the printed code is in no edition of the classification", "299 新设支出")
    ]


def test_a_row_with_neither_code_nor_known_label_keeps_its_figures_under_an_identity_of_its_own() -> None:
    disclosure = read(statement("T5", [TOTAL, "2||某项支出|5.00|5.00|"]))
    found = figure(disclosure, 2, "total")
    assert (found.item, found.subject_code, found.code_resolution) == ("unrecognised_2", None, "unresolved")
    assert doubts(disclosure, "warning") != []


@pytest.mark.parametrize("misread", ["2010381", "2010801"])  # no code, and 行政运行 of another 款
@pytest.mark.parametrize("first", [True, False])
def test_of_a_code_captured_twice_the_one_that_fits_label_and_rows_above_is_taken(misread: str, first: bool) -> None:
    readings = ["4|2010301|行政运行|60.00|60.00|", f"4|{misread}|行政运行|60.00|60.00|"]
    disclosure = read(statement("T5", [*T5_ROWS[:3], *(readings if first else readings[::-1]), T5_ROWS[4]]))
    found = figure(disclosure, 4, "total")
    assert (found.subject_code, found.code_as_printed, found.code_resolution) == ("2010301", "2010301", "as_printed")
    assert doubts(disclosure) == [("two readings of a code differ; the one that fits is taken", "2010301 行政运行")]


# ── notes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_that_calls_a_statement_with_figures_empty_is_a_warning_and_the_figures_stand() -> None:
    disclosure = read(statement("T7", [TOTAL], after="注：无政府基金预算财政拨款预算，空表列示。"))
    assert status(disclosure, "government_fund_expenditure") == "present"
    assert len(disclosure.figures) == 3
    assert [what for what, _ in doubts(disclosure, "warning")] == [
        "a note calls the statement empty, but it prints figures"
    ]


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("unit", "yuan"), [("元", "100.00"), ("千元", "100000.00"), ("万元", "1000000.00"), ("亿元", "10000000000.00")]
)
def test_amounts_are_yuan_whatever_unit_is_printed(unit: str, yuan: str) -> None:
    found = figure(read(statement("T5", [TOTAL], unit=f"金额单位：{unit}")), 1, "total")
    assert (found.printed_unit, str(found.amount_yuan)) == (unit, yuan)


def test_a_missing_unit_is_the_one_of_every_other_statement_and_that_is_told() -> None:
    disclosure = read(statement("T5", T5_ROWS) + statement("T7", [TOTAL], unit=""))
    assert len(amounts(disclosure, "government_fund_expenditure")) == 3
    assert doubts(disclosure, statement="government_fund_expenditure") == [
        ("the statement prints no unit; the one of every other statement is taken", "万元")
    ]


def test_a_missing_unit_is_not_guessed_where_the_others_print_different_ones() -> None:
    disclosure = read(
        statement("T5", T5_ROWS) + statement("T8", [TOTAL], unit="单位：元") + statement("T7", [TOTAL], unit="")
    )
    assert amounts(disclosure, "government_fund_expenditure") == {}
    assert doubts(disclosure, "error") == [("the statement prints no unit; its figures are not loaded", TITLES["T7"])]


@pytest.mark.parametrize("unit", ["单位：万", "单位：RMB元", "金额单位：百元", "单位：美元"])
def test_a_unit_that_is_not_known_is_never_the_one_of_another_statement(unit: str) -> None:
    disclosure = read(statement("T5", T5_ROWS) + statement("T7", [TOTAL], unit=unit))
    assert {f.statement for f in disclosure.figures} == {"general_public_expenditure"}
    what = "the statement prints a unit that the form does not know; its figures are not loaded"
    assert doubts(disclosure, "error") == [(what, unit.partition("：")[2])]


def test_no_unit_anywhere_loads_no_figure_and_says_so() -> None:
    disclosure = read(statement("T5", T5_ROWS, unit=""))
    assert disclosure.figures == ()
    assert doubts(disclosure, "error") == [("the statement prints no unit; its figures are not loaded", TITLES["T5"])]
    assert status(disclosure, "general_public_expenditure") == "unread"


def test_two_units_in_one_statement_load_no_figure_of_it() -> None:
    disclosure = read(statement("T5", T5_ROWS, unit="单位：万元\n单位：元") + statement("T7", [TOTAL]))
    assert amounts(disclosure, "general_public_expenditure") == {}
    assert len(amounts(disclosure, "government_fund_expenditure")) == 3
    ((what, text),) = doubts(disclosure, "error")
    assert what == "one statement prints two units; its figures are not loaded" and {*text.split("、")} == {
        "万元",
        "元",
    }
    assert status(disclosure, "general_public_expenditure") == "unread"


def test_an_amount_finer_than_a_fen_is_an_error_not_rounded() -> None:
    disclosure = read(statement("T5", ["1||合计|1.234|1.23|0.01"], unit="单位：元"))
    assert amounts(disclosure).keys() == {(1, "total", "basic"), (1, "total", "project")}
    assert doubts(disclosure, "error") == [("an amount is finer than a 分 (0.01 yuan); it is not loaded", "1.234")]


def test_six_decimals_of_ten_thousand_yuan_are_exact() -> None:
    assert figure(read(statement("T5", ["1||合计|1.234567||"])), 1, "total").amount_yuan == Decimal("12345.67")


def test_items_that_a_publisher_numbers_serially_are_known_by_their_names_and_places() -> None:
    """20801 is printed for 20805 and 2080101 below it for 2080501; 行政运行 below 20101 for that of 20103."""
    rows = (
        "1||合计|10.00|10.00|",
        "2|201|一般公共服务支出|4.00|4.00|",
        "3|20101|政府办公厅(室)及相关机构事务|4.00|4.00|",
        "4|2010101|行政运行|4.00|4.00|",
        "5|208|社会保障和就业支出|6.00|6.00|",
        "6|20801|行政事业单位养老支出|6.00|6.00|",
        "7|2080101|行政单位离退休|6.00|6.00|",
    )
    found = read(statement("T5", rows))
    places = [(f.code_as_printed, f.subject_code, f.code_resolution) for f in found.figures if f.measure == "total"]
    assert places == [
        (None, None, "none"),
        ("201", "201", "as_printed"),
        ("20101", "20103", "from_label"),
        ("2010101", "2010301", "from_hierarchy"),
        ("208", "208", "as_printed"),
        ("20801", "20805", "from_label"),
        ("2080101", "2080501", "from_hierarchy"),
    ]
    assert len(doubts(found, "info")) >= 4

"""Layouts of other departments, years and publishers: read as they are, or a column named that is not loaded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.proof.prove import prove
from pipeline.proof.settle import remaining_issues
from tests.support import (
    BODY,
    HEADERS,
    T5_ROWS,
    TITLES,
    TOTAL,
    UNIT,
    YEAR,
    amounts,
    doubts,
    read,
    statement,
)

PLAIN = amounts(read(statement("T5", T5_ROWS)))
COVER = "邢台市财政局2023年部门预算\n\n"


def t5(header: list[str], rows: tuple[str, ...] = T5_ROWS) -> dict[tuple[int, str, str], str]:
    return amounts(read(statement("T5", rows, header=header)))


# ── titles and the lines around them ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title",
    [
        "表-5 一般公共预算支出表",
        "05 一般公共预算支出表",
        "公开05表 一般公共预算支出表",
        "预算公开表5：一般公共预算支出表",
        "邢台市财政局一般公共预算支出表",
    ],
)
def test_a_title_may_have_a_table_number_or_the_body_before_it(title: str) -> None:
    assert amounts(read(statement("T5", T5_ROWS, title=title))) == PLAIN


@pytest.mark.parametrize("line", ["公开05表", "附表5", "表五", "预算05表"])
def test_a_table_number_alone_on_its_line_ends_no_statement(line: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, body=f"{line}\n{BODY}"))
    assert amounts(disclosure) == PLAIN and doubts(disclosure, "warning", "error") == []


@pytest.mark.parametrize(
    "title",
    ["部门预算一般公共预算\n财政拨款支出表", "部门预算一般公共预算财政拨款支\n出表", "部门预算一般公共预算\n支出总表"],
)
def test_a_title_on_two_lines_is_one(title: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, title=title))
    assert amounts(disclosure, "general_public_expenditure") == PLAIN == amounts(disclosure)


@pytest.mark.parametrize(
    "line", ["单位：人民币万元", "货币单位：万元", "编制单位：邢台市财政局 2023年 金额单位：人民币万元"]
)
def test_the_unit_is_read_in_other_words(line: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, unit=line))
    assert amounts(disclosure) == PLAIN and doubts(disclosure, "error") == []


def test_the_unit_may_stand_behind_the_headers() -> None:
    header = ["序号|科目编码|科目名称|合计（万元）|基本支出（万元）|项目支出（万元）"]
    assert amounts(read(statement("T5", T5_ROWS, header=header, unit=""))) == PLAIN
    assert amounts(read(statement("T5", T5_ROWS, header=header, unit="单位：元"))) == {}


def test_the_part_of_the_units_has_other_headings() -> None:
    own, unit = statement("T5", T5_ROWS), statement("T5", T5_ROWS, body="211002 邢台市财政绩效中心")
    disclosure = read(f"{COVER}{own}第二部分 所属单位2023年单位预算\n\n{unit}")
    assert [(part.scope, part.body_name) for part in disclosure.parts] == [
        ("department", "邢台市财政局"),
        ("unit", "邢台市财政绩效中心"),
    ]


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("other", ["2022年预算数", "上年预算数", "2022年执行数"])
def test_another_year_beside_the_budget_is_not_loaded(other: str) -> None:
    header = [f"序号|科目编码|科目名称|{other}|||2023年预算数||", "|||合计|基本支出|项目支出|合计|基本支出|项目支出"]
    rows = tuple("|".join([*r.split("|")[:3], "9.00", "8.00", "1.00", *r.split("|")[3:]]) for r in T5_ROWS)
    disclosure = read(statement("T5", rows, header=header))
    assert amounts(disclosure) == PLAIN
    assert [text for _, text in doubts(disclosure, "warning")] == [
        f"{other}/{measure}" for measure in ("合计", "基本支出", "项目支出")
    ]


def test_another_year_in_a_statement_with_two_sides() -> None:
    header = ["收入|||支出||", "项目|2022年预算数|2023年预算数|项目|2022年预算数|2023年预算数"]
    row = "一、一般公共预算拨款收入|1.00|5.00|一、一般公共服务支出|2.00|6.00"
    assert amounts(read(statement("T1", [row], header=header))) == {
        (1, "general_public_appropriation", "revenue"): "5.00",
        (1, "201", "expenditure"): "6.00",
    }


def test_a_form_of_last_year_used_again_is_the_budget() -> None:
    assert t5(["序号|科目编码|科目名称|2022年预算数||", "|||合计|基本支出|项目支出"]) == PLAIN


def test_two_columns_of_the_same_measure_are_both_refused() -> None:
    header = ["序号|科目编码|科目名称|合计|基本支出|项目支出|合计"]
    rows = tuple(f"{row}|7.00" for row in T5_ROWS)
    disclosure = read(statement("T5", rows, header=header))
    assert amounts(disclosure) == {place: a for place, a in PLAIN.items() if place[2] != "total"}
    assert ("two columns have the same header; neither is loaded", "合计") in doubts(disclosure, "error")


def test_codes_in_three_columns() -> None:
    header = ["序号|科目编码|||科目名称|合计|基本支出|项目支出", "|类|款|项||||"]
    rows = []
    for row in T5_ROWS:
        number, code, *rest = row.split("|")
        rows.append("|".join([number, code[:3], code[3:5], code[5:], *rest]))
    assert t5(header, tuple(rows)) == PLAIN


@pytest.mark.parametrize("numbers", ["栏次|A|B|1|2|3", "|甲|乙|1|2|3", "**|**|**|**|**|**", "栏次|1|2|3=4+5|4|5"])
def test_the_row_of_column_numbers_has_other_marks(numbers: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, header=[*HEADERS["T5"][:2], numbers]))
    assert amounts(disclosure) == PLAIN and doubts(disclosure, "warning", "error") == []


def test_the_column_numbers_may_be_named_in_the_column_of_labels() -> None:
    header = ["收入||支出|", "项目|预算数|项目|预算数", "栏次|1|2|3"]
    row = "一、一般公共预算拨款收入|5.00|一、一般公共服务支出|6.00"
    assert amounts(read(statement("T1", [row], header=header)))[1, "general_public_appropriation", "revenue"] == "5.00"


def test_column_numbers_do_not_make_a_readable_other_word_a_column_of_the_form() -> None:
    header = ["序号|科目编码|科目名称|合计|基本支出|上年结转", "栏次|1|2|3|4|5"]
    disclosure = read(statement("T5", T5_ROWS, header=header))
    assert {measure for _, _, measure in amounts(disclosure)} == {"total", "basic"}


def test_a_part_of_the_appropriations_is_not_taken_for_all_of_them() -> None:
    header = ["科目编码|科目名称|合计|一般公共预算拨款收入|政府性基金预算拨款收入|事业收入"]
    disclosure = read(statement("T2", ["|合计|9.00|5.00|3.00|1.00"], header=header))
    assert amounts(disclosure) == {(1, "total", "total"): "9.00", (1, "total", "undertaking"): "1.00"}
    assert [text for _, text in doubts(disclosure, "error")] == ["一般公共预算拨款收入", "政府性基金预算拨款收入"]


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["{code}-{label}", "[{code}]{label}", "{code} {label}"])
def test_code_and_label_in_one_cell(form: str) -> None:
    rows = []
    for row in T5_ROWS:
        number, code, label, *rest = row.split("|")
        rows.append("|".join([number, form.format(code=code, label=label) if code else label, *rest]))
    assert t5(["序号|科目名称|合计|基本支出|项目支出"], tuple(rows)) == PLAIN


@pytest.mark.parametrize("total", ["合计|||100.00|60.00|40.00", "1|合计||100.00|60.00|40.00"])
def test_the_total_may_stand_in_another_column(total: str) -> None:
    assert t5(HEADERS["T5"], (total, *T5_ROWS[1:])) == PLAIN


def test_the_same_label_means_the_carry_over_only_below_its_heading() -> None:
    rows = [
        "一、本年收入|9.00||||",
        "（一）一般公共预算拨款|9.00||||",
        "二、上年结转|2.00||||",
        "（一）一般公共预算拨款|2.00||||",
    ]
    header = ["收入||支出|||", "项目|金额|项目|合计|一般公共预算|政府性基金预算"]
    found = amounts(read(statement("T4", rows, header=header)))
    assert [(item, amount) for (_, item, _), amount in found.items()] == [
        ("current_year_revenue", "9.00"),
        ("general_public_appropriation", "9.00"),
        ("carryover_in", "2.00"),
        ("carryover_in_general_public", "2.00"),
    ]


def test_a_row_printed_twice_without_row_numbers_is_one() -> None:
    header = ["科目编码|科目名称|合计|基本支出|项目支出"]
    rows = [row.partition("|")[2] for row in T5_ROWS]
    assert t5(header, (*rows[:4], rows[3], rows[4])) == PLAIN


def test_two_rows_of_one_line_are_named() -> None:
    disclosure = read(statement("T5", [*T5_ROWS, "6|2010302|一般行政管理事务|1.00||1.00"]))
    what = "two rows of the statement are the same line; both are loaded"
    assert (what, "2010302 一般行政管理事务") in doubts(disclosure, "warning")


def test_a_label_that_names_a_code_below_the_printed_one_is_that_code() -> None:
    rows = [*T5_ROWS[:3], "4|20103|行政运行|60.00|60.00|", T5_ROWS[4]]
    assert t5(HEADERS["T5"], tuple(rows)) == PLAIN


def test_the_name_of_the_body_may_stand_where_others_print_the_total() -> None:
    assert t5(HEADERS["T5"], ("1||邢台市财政局|100.00|60.00|40.00", *T5_ROWS[1:])) == PLAIN


@pytest.mark.parametrize("label", ["本年支□合计", "本□支出合计"])
def test_a_label_with_an_unreadable_letter_is_the_one_line_that_fits(label: str) -> None:
    found = amounts(read(statement("T1", [f"31|||{label}|6.00"])))
    assert found == {(31, "current_year_expenditure", "expenditure"): "6.00"}


# ── rows that do not stand in their columns ─────────────────────────────────────────────────────────────────────

LONG = (*T5_ROWS[:4], "5|2010302|一般行政管理事务|30.00||30.00", "6|2010303|机关服务|10.00||10.00")
SHIFTED = "a row does not stand in the columns of its table; its amounts are not loaded"


@pytest.mark.parametrize(
    "row",
    [
        "4|2010301|行政运行||60.00|60.00||",  # one tab too many
        "4|2010301|行政运行|60.00|60.00",  # one too few
        "2010301|行政运行|60.00|60.00|",  # the row number is lost with its tab
        "4|2010301|行政运行||60.00|60.00",  # moved: no total where every row has one
        "4|2010301|行政运行 60.00||60.00|",
        "4|2010301|行政运行|60.00 60.00||",
    ],
)
def test_a_shifted_row_is_never_read_in_the_wrong_columns(row: str) -> None:
    disclosure = read(statement("T5", [*LONG[:3], row, *LONG[4:]]))
    right = {place: a for place, a in amounts(read(statement("T5", LONG))).items() if place[1] != "2010301"}
    assert amounts(disclosure) == right
    assert SHIFTED in [what for what, _ in doubts(disclosure, "error")]
    (choice,) = disclosure.choices
    assert [(f.item, f.measure) for f in choice.options[0]] == [("2010301", "total"), ("2010301", "basic")]


def test_the_identities_put_a_shifted_row_into_its_columns() -> None:
    disclosure = read(statement("T5", [*LONG[:3], "4|2010301|行政运行||60.00|60.00||", *LONG[4:]]))
    (proof,) = prove(disclosure, {"万元": 10000})
    found = {(f.item, f.measure): f.amount_yuan for f in proof.figures}
    assert found["2010301", "total"] == found["2010301", "basic"] == 600_000
    assert (
        doubts(replace(disclosure, issues=tuple(remaining_issues(disclosure, proof.settled, proof.undecided))), "error")
        == []
    )


def test_tabs_at_the_ends_of_all_rows_shift_nothing() -> None:
    header = [f"{row}|" for row in HEADERS["T5"]]
    assert t5(header, tuple(f"{row}|" for row in T5_ROWS)) == PLAIN


def test_an_amount_in_the_place_of_a_label_takes_the_side_out() -> None:
    disclosure = read(statement("T1", ["1||5.00|5.00|6.00", "2|二、政府性基金预算拨款收入|7.00||"]))
    assert {place for place in amounts(disclosure) if place[1].startswith("unrecognised")} <= {
        (1, "unrecognised_1", "revenue")
    }
    assert (1, "201", "expenditure") not in amounts(disclosure)
    assert any("stands in the cell of a label" in what for what, _ in doubts(disclosure, "error"))


@pytest.mark.parametrize("text", ["6 0.00", "60。00", "60,00", "6O.00", "60.00元"])
def test_a_damaged_number_is_read_only_where_the_identities_say_so(text: str) -> None:
    disclosure = read(statement("T5", [*LONG[:3], f"4|2010301|行政运行|{text}|60.00|", *LONG[4:]]))
    assert (4, "2010301", "total") not in amounts(disclosure)
    (proof,) = prove(disclosure, {"万元": 10000})
    assert [(s.figure.item, s.figure.measure, s.figure.amount_yuan) for s in proof.settled] == [
        ("2010301", "total", Decimal(600_000))
    ]


# ── nothing is lost in silence ──────────────────────────────────────────────────────────────────────────────────


def test_a_statement_under_an_unknown_heading_is_an_error() -> None:
    disclosure = read(COVER + statement("T5", T5_ROWS, title="本级财力安排一览", body="", year=""))
    assert disclosure.figures == ()
    what = "a table with the columns of a statement stands under no title that the form knows; it is not loaded"
    assert what in [what for what, _ in doubts(disclosure, "error")]


def test_a_statement_without_its_tabs_is_an_error() -> None:
    lines = "\n".join(row.replace("|", "    ") for row in T5_ROWS)
    disclosure = read(f"{COVER}{statement('T6', ['1||合计|1.00|1.00|'])}{TITLES['T5']}\n{lines}\n")
    what = "lines of numbers stand below a title, but no table; they are not loaded"
    assert (what, TITLES["T5"]) in doubts(disclosure, "error")


def test_a_body_whose_code_begins_with_the_departments_is_its_unit() -> None:
    own, unit = (
        statement("T5", T5_ROWS, body=b) + statement("T7", [TOTAL], body=b) for b in (BODY, f"{BODY[:3]}002 中心某站")
    )
    assert [part.scope for part in read(own + unit).parts] == ["department", "unit"]


# ── the items of the ninth statement as columns ─────────────────────────────────────────────────────────────────

ITEMS = ["合计|因公出国（境）费|公务用车购置及运行费|||公务接待费", "||小计|公务用车购置费|公务用车运行费|"]


def test_the_items_of_three_public_may_be_columns() -> None:
    found = amounts(read(statement("T9", ["9.00|1.00|6.00|2.00|4.00|2.00"], header=ITEMS)))
    assert {item: amount for (_, item, measure), amount in found.items() if measure == "total"} == {
        "three_public_total": "9.00",
        "outbound": "1.00",
        "vehicle_total": "6.00",
        "vehicle_purchase": "2.00",
        "vehicle_running": "4.00",
        "reception": "2.00",
    }


def test_the_items_of_three_public_as_columns_of_two_years() -> None:
    header = ["2022年预算数||||||2023年预算数|||||", *(f"{line}|{line}" for line in ITEMS)]
    row = "8.00|1.00|5.00|1.00|4.00|2.00|9.00|1.00|6.00|2.00|4.00|2.00"
    once = amounts(read(statement("T9", ["9.00|1.00|6.00|2.00|4.00|2.00"], header=ITEMS)))
    assert amounts(read(statement("T9", [row], header=header))) == once


# ── one cell per line ───────────────────────────────────────────────────────────────────────────────────────────


def cell_lines(row: str) -> str:
    """A whole T5 with one cell per line; its fourth row is given."""
    head = f"{TITLES['T5']}\n{BODY}\n{YEAR}\n{UNIT}\n"
    table = ["序号|科目编码|科目名称|合计|基本支出|项目支出", *LONG[:3], row, *LONG[4:]]
    return head + "\n\n".join("\n".join(f"\t{cell}" for cell in line.split("|")) for line in table) + "\n\n\n"


@pytest.mark.parametrize("row", ["4|2010301|行政运行||60.00|60.00|", "4|2010301|行政运行|60.00|60.00"])
def test_a_cell_too_many_or_too_few_costs_one_row_and_not_the_table(row: str) -> None:
    disclosure = read(cell_lines(row))
    assert amounts(disclosure) == {p: a for p, a in amounts(read(cell_lines(LONG[3]))).items() if p[0] != 4}
    (proof,) = prove(disclosure, {"万元": 10000})
    assert {(s.figure.measure, s.figure.amount_yuan) for s in proof.settled} == {
        ("total", Decimal(600_000)),
        ("basic", Decimal(600_000)),
    }


def test_a_row_number_that_is_missing_is_an_error_unless_its_row_is_blank() -> None:
    what = "rows are missing between two row numbers (序号)"
    lost = read(statement("T5", [*LONG[:3], *LONG[4:]]))
    assert (what, "4") in doubts(lost, "error")
    blank = read(statement("T5", [*LONG[:3], "4|||||", *(f"{n}|{row[2:]}" for n, row in enumerate(LONG[3:], 5))]))
    assert what not in [said for said, _ in doubts(blank)]

"""Hebei's forms of other years and counties: their body lines, covers, titles, headers, labels and notes."""

from __future__ import annotations

import pytest

from pipeline.forms.printed import squash
from pipeline.forms.titles import title_of
from tests.support import (
    HEBEI,
    T5_ROWS,
    TITLES,
    TOTAL,
    amounts,
    doubts,
    read,
    statement,
    status,
)

PLAIN = amounts(read(statement("T5", T5_ROWS)))
NAME = "邢台市财政局"


# ── body, year and unit ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[207]邢台市财政局", "207"),
        ("【207】邢台市财政局", "207"),
        ("207-邢台市财政局", "207"),
        ("207_邢台市财政局", "207"),
        ("207邢台市财政局 2023年", "207"),
        ("部门编码：357  部门名称：邢台市财政局", "357"),
        ("预算代码：301  部门名称：邢台市财政局", "301"),
        ("单位编码：301001  单位名称：邢台市财政局", "301001"),
        ("部门（单位）名称：邢台市财政局", None),
        ("部门/单位：邢台市财政局", None),
        ("编报部门：邢台市财政局", None),
        ("公开部门：[207]邢台市财政局", "207"),
    ],
)
def test_a_body_line_in_other_words(line: str, code: str | None) -> None:
    disclosure = read(statement("T5", T5_ROWS, body=line))
    (part,) = disclosure.parts
    assert (part.body_name, part.body_code) == (NAME, code)
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


def test_a_name_that_begins_with_a_number_is_told_from_the_code_before_it() -> None:
    (part,) = read(statement("T5", T5_ROWS, body="201 12345政务服务便民热线中心")).parts
    assert (part.body_name, part.body_code) == ("12345政务服务便民热线中心", "201")


@pytest.mark.parametrize("row", ["[201]一般公共服务支出", "2010301-行政运行", "30201 办公费"])
def test_a_subject_with_its_code_is_no_body(row: str) -> None:
    (part,) = read(statement("T5", T5_ROWS, body=f"{row}\n207 邢台市财政局")).parts
    assert part.body_name == NAME


@pytest.mark.parametrize(
    "cover",
    [
        "邢台市财政局二〇二三年部门预算",
        "邢台市财政局二○二三年度部门预算公开",
        "邢台市财政局2023年部门（单位）预算",
        "邢台市财政局2023年预算公开",
        "邢台市财政局关于2023年部门预算",
        "邢台市财政局\n\n2023年部门预算",
        "邢台市财政局部门预算（2023年）",
    ],
)
def test_body_and_year_of_the_cover_in_other_words(cover: str) -> None:
    disclosure = read(f"{cover}\n\n" + statement("T5", T5_ROWS, body="", year=""))
    assert (disclosure.parts[0].body_name, disclosure.fiscal_year) == (NAME, 2023)


@pytest.mark.parametrize(
    "line", ["年度：2023", "所属年度：2023年", "财政年度：2023", "2023年预算", "二〇二三年度", "预算年度：2023年度"]
)
def test_the_year_in_other_words(line: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, year=line))
    assert disclosure.fiscal_year == 2023 and amounts(disclosure) == PLAIN and doubts(disclosure) == []


def test_the_year_may_stand_in_the_titles_alone() -> None:
    assert read(statement("T5", T5_ROWS, title="2023年一般公共预算支出表", year="")).fiscal_year == 2023


@pytest.mark.parametrize(
    "line", ["金额：万元", "单位（万元）", "万元", "（万元）", "单位：人民币（万元）", "计量单位：万元"]
)
def test_the_unit_in_other_words(line: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, unit=line))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []
    assert {f.printed_unit for f in disclosure.figures} == {"万元"}


@pytest.mark.parametrize("line", ["单位：万\n\n元", "元", "元氏县"])
def test_a_letter_of_a_torn_unit_is_no_unit(line: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, unit=line))
    assert disclosure.figures == ()
    kinds = ("prints no unit", "prints a unit that the form does not know")
    expected = {f"the statement {kind}; its figures are not loaded" for kind in kinds}
    assert expected & dict(doubts(disclosure, "error")).keys()


def test_a_word_of_torn_prose_is_no_unit() -> None:
    prose = "2023年部门预算信息公开情况说明\n\n收入合计130.00\n\n万元\n\n第二部分 部门预算公开表\n\n"
    assert read(f"{prose}{statement('T5', T5_ROWS, unit='')}").figures == ()
    behind = read(f"{statement('T5', T5_ROWS)}万元\n\n{statement('T7', [TOTAL], unit='单位：元')}")
    assert {f.printed_unit for f in behind.figures if f.statement == "government_fund_expenditure"} == {"元"}


# ── titles ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("部门收支总体情况表", "budget_summary"),
        ("部门收入总体情况表", "revenue"),
        ("部门支出预算表", "expenditure"),
        ("财政拨款收支总体情况表", "appropriation_summary"),
        ("一般公共预算支出情况表", "general_public_expenditure"),
        ("一般公共预算财政拨款支出明细表", "general_public_expenditure"),
        ("一般公共预算基本支出经济分类表", "basic_expenditure"),
        ("一般公共预算基本支出预算表（部门经济分类）", "basic_expenditure"),
        ("政府性基金支出预算表", "government_fund_expenditure"),
        ("国有资本经营预算支出明细表", "state_capital_expenditure"),
        ("三公经费预算公开表", "three_public"),
        ("因公出国（境）费、公务接待费、公务用车购置及运行费预算表", "three_public"),
        ("政府性基金预算部门支出情况表", None),  # whose spending it is, is not certain
        ("项目支出预算表", None),
        ("部门整体支出绩效目标表", None),
    ],
)
def test_a_title_of_another_edition(title: str, name: str | None) -> None:
    assert title_of(squash(title), HEBEI) == name


@pytest.mark.parametrize(
    "around",
    [
        "附表1-5 {}",
        "图表5：{}",
        "1-5 {}",
        "部门公开表5 {}",
        "部门预算公开表05-{}",
        "《{}》",
        "XT05 {}",
        "207001邢台市财政局{}",
    ],
)
@pytest.mark.parametrize("title", ["一般公共预算支出表", TITLES["T5"]])
def test_a_title_with_another_table_number_before_it(around: str, title: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, title=around.format(title)))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


# ── the sides of T1 and T4 ──────────────────────────────────────────────────────────────────────────────────────

T1_ROW = "一、一般公共预算拨款收入|5.00|一、一般公共服务支出|6.00"
T1_READ = {(1, "general_public_appropriation", "revenue"): "5.00", (1, "201", "expenditure"): "6.00"}
T4_ROW = "一、一般公共预算拨款|5.00|一、一般公共服务支出|6.00|6.00||"
T4_FUNDS = "一般公共预算|政府性基金预算|国有资本经营预算"


@pytest.mark.parametrize(
    "header",
    [
        ["项目|合计|项目|合计"],
        ["收入||支出|", "项目|合计|项目|合计"],
        ["收入|金额|支出|金额"],
        ["资金来源|金额|功能分类|预算"],
        ["项目名称|预算|项目名称|预算"],
        ["项目|合计|项目|金额"],
    ],
)
def test_columns_of_t1_with_equal_texts_are_told_apart_by_their_place(header: list[str]) -> None:
    disclosure = read(statement("T1", [T1_ROW], header=header))
    assert amounts(disclosure) == T1_READ and doubts(disclosure) == []


@pytest.mark.parametrize("header", ["项目|合计|项目|合计", "项目|金额|项目|合计", "项目|合计|项目|金额"])
def test_columns_of_t4_with_equal_texts_are_told_apart_by_their_place(header: str) -> None:
    disclosure = read(statement("T4", [T4_ROW], header=[f"{header}|{T4_FUNDS}"]))
    assert amounts(disclosure) == {
        (1, "general_public_appropriation", "revenue"): "5.00",
        (1, "201", "total"): "6.00",
        (1, "201", "general_public"): "6.00",
    }
    assert doubts(disclosure) == []


def test_a_number_of_the_revenue_under_an_unknown_text_is_never_spending() -> None:
    disclosure = read(statement("T4", [T4_ROW], header=[f"项目|总计|项目|总计|{T4_FUNDS}"]))
    assert amounts(disclosure) == {(1, "201", "general_public"): "6.00"}
    what = "a column is not one that the form knows; its numbers are not loaded"
    assert doubts(disclosure, "error") == [(what, "总计")] * 2


def test_sides_that_stand_among_each_other_are_not_read() -> None:
    disclosure = read(statement("T4", [T4_ROW], header=[f"甲|总计|乙|合计|{T4_FUNDS}"]))
    assert disclosure.figures == ()
    assert "the columns of a table are not recognised; it is not loaded" in dict(doubts(disclosure, "error"))


# ── headers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "header",
    [
        ["序号|科目编码|科目名称|支出合计|其中：基本支出|其中：项目支出"],
        ["序号|科目编码|科目名称|预算数|基本支出合计|项目支出合计"],
        ["序号|支出功能分类科目||合计|基本支出|项目支出", "|科目编码|科目名称|||"],
    ],
)
def test_headers_of_the_spending_in_other_words(header: list[str]) -> None:
    disclosure = read(statement("T5", T5_ROWS, header=header))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


def test_headers_of_the_revenue_in_other_words() -> None:
    header = ["科目编码|科目名称|预算总收入|本年收入|||上年结转结余", "|||小计|财政拨款|教育收费|小计"]
    disclosure = read(statement("T2", ["|合计|9.00|8.00|7.00|1.00|1.00"], header=header))
    assert {measure: amount for (_, _, measure), amount in amounts(disclosure).items()} == {
        "total": "9.00",
        "current_year": "8.00",
        "fiscal_appropriation": "7.00",
        "special_account": "1.00",
        "carryover": "1.00",
    }
    assert doubts(disclosure) == []


def test_one_column_of_amounts_is_the_total_of_the_basic_spending() -> None:
    header = ["科目编码|科目名称|金额"]
    assert amounts(read(statement("T6", ["|合计|5.00", "301|工资福利支出|5.00"], header=header))) == {
        (1, "total", "total"): "5.00",
        (2, "301", "total"): "5.00",
    }


def test_columns_that_name_the_body_are_no_doubt() -> None:
    header = ["单位编码|单位名称|科目编码|科目名称|合计|基本支出|项目支出"]
    rows = [row.replace("|", "|邢台市财政局|", 1).replace(row.split("|")[0], "207001", 1) for row in T5_ROWS]
    disclosure = read(statement("T5", rows, header=header))
    assert amounts(disclosure) == PLAIN and doubts(disclosure, "warning", "error") == []


# ── a revenue statement by body ─────────────────────────────────────────────────────────────────────────────────

BY_BODY = ["部门（单位）代码|部门（单位）名称|合计|本年收入|||上年结转", "|||小计|财政拨款收入|事业收入|"]
OF_ALL = {
    "total": "9.00",
    "current_year": "8.00",
    "fiscal_appropriation": "7.00",
    "undertaking": "1.00",
    "carryover": "1.00",
}
NOT_A_SUBJECT = "a row is of a body, not of a subject; its amounts are not loaded"


@pytest.mark.parametrize("total", ["|合计", "合计|", "211|邢台市财政局"])
def test_the_code_of_a_body_is_no_subject(total: str) -> None:
    """211 is 节能环保支出 as a subject; here it is the finance bureau."""
    rows = [f"{total}|9.00|8.00|7.00|1.00|1.00", "211001|邢台市财政局本级|5.00|4.00|4.00||1.00"]
    disclosure = read(statement("T2", rows, header=BY_BODY))
    assert {place[1] for place in amounts(disclosure)} == {"total"}
    assert {measure: amount for (_, _, measure), amount in amounts(disclosure).items()} == OF_ALL
    assert doubts(disclosure, "error") == [(NOT_A_SUBJECT, "211001 邢台市财政局本级 5.00 4.00 4.00 1.00")]


def test_a_body_beside_the_total_is_not_counted_again() -> None:
    rows = ["211|邢台市财政局|9.00|8.00|7.00|1.00|1.00", "|合计|9.00|8.00|7.00|1.00|1.00"]
    disclosure = read(statement("T2", rows, header=BY_BODY))
    assert {measure: amount for (_, _, measure), amount in amounts(disclosure).items()} == OF_ALL
    assert [what for what, _ in doubts(disclosure, "error")] == [NOT_A_SUBJECT]


def test_rows_of_bodies_without_a_total_are_errors_and_no_empty_statement() -> None:
    rows = ["212|邢台市教育局|9.00|8.00|7.00|1.00|1.00", "213|邢台市水务局|1.00|1.00|1.00||"]
    disclosure = read(statement("T2", rows, header=BY_BODY))
    assert disclosure.figures == () and status(disclosure, "revenue") == "unread"
    assert [what for what, _ in doubts(disclosure, "error")] == [NOT_A_SUBJECT] * 2


# ── labels ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "label", ["本年合计", "预算合计", "支出总计", "收入总计", "全部合计", "部门合计", "合计：", "总计数"]
)
def test_a_total_in_other_words(label: str) -> None:
    disclosure = read(statement("T5", (TOTAL.replace("合计", label), *T5_ROWS[1:])))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


@pytest.mark.parametrize("last", [False, True])
def test_a_subtotal_alone_is_the_total(last: bool) -> None:
    rows = [row.partition("|")[2] for row in (TOTAL.replace("合计", "小计"), *T5_ROWS[1:])]
    disclosure = read(
        statement("T5", [*rows[1:], rows[0]] if last else rows, header=["科目编码|科目名称|合计|基本支出|项目支出"])
    )
    assert {item: amount for (_, item, measure), amount in amounts(disclosure).items() if measure == "total"} == {
        item: amount for (_, item, measure), amount in PLAIN.items() if measure == "total"
    }
    assert doubts(disclosure, "warning", "error") == []


@pytest.mark.parametrize("at", [1, 3])
def test_a_subtotal_beside_a_total_or_among_the_rows_is_no_total(at: int) -> None:
    rows = list(T5_ROWS if at == 1 else T5_ROWS[1:])
    rows.insert(at, "9||小计|1.00|1.00|")
    disclosure = read(statement("T5", rows))
    assert ("neither code nor label name a subject", " 小计") in doubts(disclosure, "warning")
    assert [f.text_as_printed for f in disclosure.figures if f.item.startswith("unrecognised")] == ["1.00", "1.00"]


@pytest.mark.parametrize(
    ("row", "items"),
    [
        ("本年收入小计|5.00|本年支出小计|6.00", ("current_year_revenue", "current_year_expenditure")),
        ("合计|5.00|合计|6.00", ("current_year_revenue", "current_year_expenditure")),
        ("上年结转收入|5.00|年终结余|6.00", ("carryover_in", "carryover_out")),
        ("收入总计：|5.00|支出总计：|6.00", ("total_revenue", "total_expenditure")),
        ("财政专户核拨资金|5.00|[201]一般公共服务支出|6.00", ("special_account", "201")),
        ("教育收费收入|5.00|201-一般公共服务支出|6.00", ("special_account", "201")),
    ],
)
def test_lines_of_t1_in_other_words(row: str, items: tuple[str, str]) -> None:
    disclosure = read(statement("T1", [f"1|{row}"]))
    assert amounts(disclosure) == {(1, items[0], "revenue"): "5.00", (1, items[1], "expenditure"): "6.00"}
    assert doubts(disclosure) == []


def test_a_total_below_the_carry_over_holds_it() -> None:
    rows = ["1|收入合计|5.00|支出合计|5.00", "2|上年结转|1.00|结转下年|1.00", "3|收入合计|6.00|支出合计|6.00"]
    items = [item for _, item, _ in amounts(read(statement("T1", rows)))]
    revenue = ["current_year_revenue", "carryover_in", "total_revenue"]
    assert items == [*revenue, "current_year_expenditure", "carryover_out", "total_expenditure"]


def test_a_code_before_the_label_of_another_line_is_a_doubt() -> None:
    disclosure = read(statement("T1", ["1|||[202]一般公共服务支出|6.00"]))
    assert amounts(disclosure) == {(1, "unrecognised_1", "expenditure"): "6.00"}
    assert doubts(disclosure, "warning") == [("a line is not one that the form knows", "[202]一般公共服务支出")]


def test_lines_of_t4_in_other_words() -> None:
    rows = ["1|一般公共预算资金|5.00|||||", "2|本年财政拨款收入合计|5.00|本年财政拨款支出合计|5.00|5.00||"]
    assert amounts(read(statement("T4", rows))) == {
        (1, "general_public_appropriation", "revenue"): "5.00",
        (2, "current_year_revenue", "revenue"): "5.00",
        (2, "current_year_expenditure", "total"): "5.00",
        (2, "current_year_expenditure", "general_public"): "5.00",
    }


def test_lines_of_t9_in_other_words() -> None:
    labels = ["“三公”经费支出合计", "公务用车费", "公务用车购置经费", "公务用车运行维护经费", "公务接待经费"]
    rows = [f"{n}|{label}|{n}.00|||" for n, label in enumerate(labels, 1)]
    disclosure = read(statement("T9", rows))
    assert [item for _, item, _ in amounts(disclosure)] == [
        "three_public_total",
        "vehicle_total",
        "vehicle_purchase",
        "vehicle_running",
        "reception",
    ]
    assert doubts(disclosure) == []


# ── amounts ─────────────────────────────────────────────────────────────────────────────────────────────────────


def with_unit(unit: str) -> list[str]:
    cells = (row.split("|") for row in T5_ROWS)
    return ["|".join([*head, *(text and text + unit for text in (a, b, c))]) for *head, a, b, c in cells]


def test_amounts_may_name_the_unit_of_their_statement() -> None:
    disclosure = read(statement("T5", with_unit("万元")))
    assert amounts(disclosure) == PLAIN and doubts(disclosure) == []


@pytest.mark.parametrize(("of_amounts", "of_statement"), [("元", "万元"), ("万元", "元")])
def test_amounts_that_name_another_unit_are_errors(of_amounts: str, of_statement: str) -> None:
    disclosure = read(statement("T5", with_unit(of_amounts), unit=f"单位：{of_statement}"))
    assert disclosure.figures == () and len(doubts(disclosure, "error")) == 13


# ── notes ───────────────────────────────────────────────────────────────────────────────────────────────────────

REMARKS = [
    "填表说明：1、本表按功能分类填列。",
    "注：1.本表反映部门收支情况；2.合计数=基本支出+项目支出",
    "本表反映部门2023年收支情况",
    "制表人：张三  审核人：李四",
]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_below_a_table_is_no_row_and_no_doubt(remark: str) -> None:
    below = read(statement("T5", T5_ROWS, after=remark))
    inside = read(statement("T5", [*T5_ROWS, f"{remark}|||||"]))
    assert amounts(below) == amounts(inside) == PLAIN
    assert doubts(below) == doubts(inside) == []


def test_a_remark_between_two_pages_ends_nothing() -> None:
    long = "注：本表" + "反映部门本年度总收支和年末结转结余情况，" * 4
    text = statement("T5", T5_ROWS[:3], after=long) + "\n".join(row.replace("|", "\t") for row in T5_ROWS[3:]) + "\n"
    assert amounts(read(text)) == PLAIN


@pytest.mark.parametrize(
    "note",
    [
        "无数据",
        "无此项内容",
        "本表无内容",
        "本年度无相关收支",
        "邢台市财政局2023年没有政府性基金预算拨款收入，故本表无数据。",
    ],
)
def test_a_statement_is_declared_empty_in_other_words(note: str) -> None:
    disclosure = read(statement("T5", T5_ROWS) + statement("T7", after=note))
    assert status(disclosure, "government_fund_expenditure") == "declared_empty"
    assert doubts(disclosure, statement="government_fund_expenditure") == []


def test_a_note_about_a_part_of_a_statement_does_not_call_it_empty() -> None:
    note = "注：本单位2023年无因公出国（境）费预算。"
    disclosure = read(statement("T9", ["1|公务接待费|2.00|2.00||"], after=note))
    assert doubts(disclosure, "warning", "error") == []
    assert doubts(disclosure) == [("a note says that there is nothing of a part of the statement", note)]


def test_zeros_above_a_note_that_calls_them_nothing_are_no_contradiction() -> None:
    note = "注：本部门2023年无国有资本经营预算，此表为空。"
    disclosure = read(statement("T8", ["1||合计|0.00|0.00|0.00"], after=note))
    assert status(disclosure, "state_capital_expenditure") == "present" and doubts(disclosure) == []


# ── the statements of a unit behind those of its department ─────────────────────────────────────────────────────


def test_a_heading_of_a_unit_parts_its_statements_from_the_departments() -> None:
    own = statement("T5", T5_ROWS, body="部门：邢台市财政局")
    unit = statement("T5", ["1||合计|30.00|30.00|"], body="部门：邢台市财政局本级")
    disclosure = read(f"{NAME}2023年部门预算\n\n{own}{NAME}本级2023年单位预算公开\n\n{unit}")
    assert [(p.scope, p.body_name) for p in disclosure.parts] == [("department", NAME), ("unit", f"{NAME}本级")]
    assert doubts(disclosure, "warning", "error") == []


def test_a_numbered_heading_of_a_unit_is_no_row_of_the_statement_before() -> None:
    unit = statement("T5", ["1||合计|30.00|30.00|"], body="211001 邢台市财政局本级")
    disclosure = read(f"{NAME}2023年部门预算\n\n{statement('T9')}二、邢台市财政局本级2023年单位预算\n\n{unit}")
    assert [p.body_name for p in disclosure.parts] == [NAME, f"{NAME}本级"]
    assert doubts(disclosure, "warning", "error") == []


@pytest.mark.parametrize("heading", ["邢台市财政局2023年单位预算公开", "2023年单位预算公开说明"])
def test_a_heading_that_names_no_other_body_parts_nothing(heading: str) -> None:
    text = f"{NAME}2023年部门预算\n\n{statement('T5', T5_ROWS)}{heading}\n\n{statement('T7', [TOTAL])}"
    assert [p.scope for p in read(text).parts] == ["department"]

"""Blocks → statements of a body: titles, contents, parts, years, and documents that are something else."""

from __future__ import annotations

import pytest

from pipeline.documents.model import UnreadableDocument
from pipeline.forms.classification import is_subject_name
from pipeline.forms.printed import squash
from pipeline.forms.titles import annex_of, is_contents_entry, title_of
from tests.support import (
    BODY,
    HEBEI,
    T5_ROWS,
    TITLES,
    TOTAL,
    UNIT,
    YEAR,
    amounts,
    doubts,
    read,
    statement,
    status,
    table,
)

NAMES = {
    "T1": "budget_summary",
    "T2": "revenue",
    "T3": "expenditure",
    "T4": "appropriation_summary",
    "T5": "general_public_expenditure",
    "T6": "basic_expenditure",
    "T7": "government_fund_expenditure",
    "T8": "state_capital_expenditure",
    "T9": "three_public",
}


@pytest.mark.parametrize(("which", "name"), NAMES.items())
@pytest.mark.parametrize(
    "around",
    ["{}", "2023年{}", "邢台市财政局{}", "邢台市财政局2023年度{}", "表1：{}", "附表三、{}", "（一）{}", "{}（万元）"],
)
def test_a_title_is_known_with_year_body_and_table_number_around_it(which: str, name: str, around: str) -> None:
    assert title_of(squash(around.format(TITLES[which])), HEBEI) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("部门收支总表", "budget_summary"),
        ("收支预算总表", "budget_summary"),
        ("单位预算收入总表", "revenue"),
        ("一般公共预算支出表", "general_public_expenditure"),
        ("一般公共预算基本支出表", "basic_expenditure"),
        ("政府性基金预算支出表", "government_fund_expenditure"),
        ("一般公共预算“三公”经费支出表", "three_public"),
    ],
)
def test_shorter_titles_are_known_and_the_most_specific_wins(text: str, name: str) -> None:
    assert title_of(squash(text), HEBEI) == name


@pytest.mark.parametrize(
    "text",
    [
        "部门预算收支总表见附件",
        "本年部门预算收支总表反映了收入，支出情况",
        "部门预算收支情况说明",
        "部门整体支出绩效目标表",
        "政府采购预算表",
        "项目支出表",
        "",
    ],
)
def test_other_lines_are_no_titles(text: str) -> None:
    assert title_of(squash(text), HEBEI) is None


@pytest.mark.parametrize(
    "text", ["部门预算收支总表……5", "部门预算收支总表.....12", "部门预算收支总表 - 3 -", "政府采购预算····7"]
)
def test_a_title_with_dots_and_a_page_behind_it_is_a_contents_entry(text: str) -> None:
    assert is_contents_entry(squash(text), HEBEI)


def test_a_title_alone_is_no_contents_entry() -> None:
    assert not is_contents_entry("部门预算收支总表", HEBEI)


@pytest.mark.parametrize("contents", ["{}.....{}\n", "{}……{}\n", "{}\t{}\n"])
def test_a_contents_page_opens_no_statement(contents: str) -> None:
    listed = "目录\n" + "".join(contents.format(title, n) for n, title in enumerate(TITLES.values(), 3))
    disclosure = read(listed + "\n" + statement("T5", T5_ROWS))
    assert len(amounts(disclosure)) == 13
    assert [s.statement for s in disclosure.statements if s.status != "missing"] == ["general_public_expenditure"]
    announced = {what for what, _ in doubts(disclosure, "warning", "error")}
    assert announced == {"the table of contents announces a part that does not follow"}
    assert not disclosure.is_complete


def test_every_statement_that_is_not_there_is_missing_and_named() -> None:
    disclosure = read(statement("T5", T5_ROWS))
    missing = {s.statement for s in disclosure.statements if s.status == "missing"}
    named = {i.statement for i in disclosure.issues if i.what == "the document does not contain this statement"}
    assert missing == named == set(NAMES.values()) - {"general_public_expenditure"}


@pytest.mark.parametrize(
    "note", ["注：无政府基金预算财政拨款预算，空表列示。", "本部门2023年度没有政府性基金预算安排的支出"]
)
def test_a_note_declares_a_statement_empty(note: str) -> None:
    disclosure = read(statement("T5", T5_ROWS) + statement("T7", after=note))
    assert status(disclosure, "government_fund_expenditure") == "declared_empty"
    assert doubts(disclosure, statement="government_fund_expenditure") == []


def test_a_note_in_a_row_of_the_table_declares_it_empty_too() -> None:
    disclosure = read(statement("T5", T5_ROWS) + statement("T7", ["注：空表列示。|||||"]))
    assert status(disclosure, "government_fund_expenditure") == "declared_empty"
    assert doubts(disclosure, statement="government_fund_expenditure") == []


def test_a_table_without_rows_or_note_is_declared_empty_and_said_so() -> None:
    disclosure = read(statement("T5", T5_ROWS) + statement("T7"))
    assert status(disclosure, "government_fund_expenditure") == "declared_empty"
    assert doubts(disclosure, statement="government_fund_expenditure") == [
        ("the table is empty and no note says why", TITLES["T7"])
    ]


def test_a_printed_zero_is_not_an_empty_statement() -> None:
    disclosure = read(statement("T7", ["1||合计|0.00|0.00|0.00"]))
    assert status(disclosure, "government_fund_expenditure") == "present"
    assert amounts(disclosure) == {(1, "total", m): "0.00" for m in ("total", "basic", "project")}


def test_a_title_in_the_first_row_of_its_table_opens_the_statement() -> None:
    text = statement("T5", T5_ROWS)
    title, rest = text.split("\n", 1)
    body = rest.split("序号", 1)[1]
    heading = table([f"{title}|||||", f"{BODY}||{YEAR}||{UNIT}|"])
    disclosure = read(f"{heading}\n序号{body}")
    assert len(amounts(disclosure)) == 13 and doubts(disclosure, "error") == []


def test_a_statement_goes_on_over_pages_that_repeat_title_and_header() -> None:
    whole = statement("T5", T5_ROWS)
    parts = statement("T5", T5_ROWS[:3]) + statement("T5", T5_ROWS[3:])
    assert amounts(read(parts)) == amounts(read(whole))
    assert doubts(read(parts), "warning", "error") == []


def test_prose_ends_a_statement() -> None:
    table_of_the_prose = table(["项目|金额|||", "1|2|3|4|5"])
    text = statement("T5", T5_ROWS) + "邢台市财政局2023年部门预算信息公开情况说明\n\n" + table_of_the_prose
    assert amounts(read(text)) == amounts(read(statement("T5", T5_ROWS)))
    assert doubts(read(text)) == []


def test_an_annex_ends_a_statement_and_its_tables_are_not_read() -> None:
    assert annex_of("部门政府采购预算", HEBEI) == "procurement"
    text = statement("T5", T5_ROWS) + "部门政府采购预算\n\n" + table(["1||合计|5.00|5.00|", "2|201|甲|5.00|5.00|"])
    assert amounts(read(text)) == amounts(read(statement("T5", T5_ROWS)))


def test_a_table_under_an_unknown_title_is_reported_not_read() -> None:
    text = statement("T5", T5_ROWS) + "第一部分 续\n\n部门预算人员情况表\n\n" + table(["序号|人数", "1|25"])
    disclosure = read(text)
    assert len(disclosure.figures) == 13
    assert doubts(disclosure) == [
        ("a table stands under a title that the form does not know; it is not loaded", "部门预算人员情况表")
    ]


def test_a_statement_printed_a_second_time_is_reported_and_the_first_stands() -> None:
    other = ["1||合计|7.00|7.00|"]
    text = statement("T5", T5_ROWS) + statement("T7", [TOTAL]) + statement("T5", other)
    disclosure = read(text)
    assert amounts(disclosure, "general_public_expenditure") == amounts(read(statement("T5", T5_ROWS)))
    assert [what for what, _ in doubts(disclosure, "error")] == [
        "the statement is printed a second time; only the first is loaded"
    ]


# ── bodies and parts ────────────────────────────────────────────────────────────────────────────────────────────


def test_body_and_year_stand_at_the_statements() -> None:
    disclosure = read(statement("T5", T5_ROWS))
    (part,) = disclosure.parts
    assert (part.scope, part.body_name, part.body_code) == ("department", "邢台市财政局", "211")
    assert (disclosure.kind, disclosure.fiscal_year) == ("budget", 2023)


@pytest.mark.parametrize(
    "heading",
    ["邢台市财政局2024年部门预算", "2024年邢台市财政局部门预算公开", "现将邢台市财政局2024年部门预算信息公开如下："],
)
def test_body_and_year_stand_in_a_heading_where_no_statement_names_them(heading: str) -> None:
    disclosure = read(f"{heading}\n\n" + statement("T5", T5_ROWS, body="", year=""))
    assert (disclosure.parts[0].body_name, disclosure.fiscal_year) == ("邢台市财政局", 2024)


def test_a_unit_document_has_the_scope_of_a_unit() -> None:
    assert read("邢台市财政局2024年单位预算\n\n" + statement("T5", T5_ROWS)).parts[0].scope == "unit"


def test_year_and_its_label_may_stand_on_two_lines() -> None:
    assert read(statement("T5", T5_ROWS, year="预算年度：\n\n2021")).fiscal_year == 2021


def test_one_line_may_hold_body_year_and_unit() -> None:
    disclosure = read(statement("T5", T5_ROWS, body="211 邢台市财政局  预算年度：2023  单位：元", year="", unit=""))
    assert disclosure.parts[0].body_name == "邢台市财政局" and disclosure.fiscal_year == 2023
    assert {f.printed_unit for f in disclosure.figures} == {"元"}


@pytest.mark.parametrize("name", ["石家庄市第27中学", "邢台市120急救指挥中心", "邢台市12345热线服务中心"])
def test_a_name_may_hold_a_number(name: str) -> None:
    disclosure = read(statement("T5", T5_ROWS, body=f"211003 {name}"))
    assert (disclosure.parts[0].body_name, disclosure.parts[0].body_code) == (name, "211003")
    assert read(statement("T5", T5_ROWS, body=f"编制单位：{name}2023年度")).parts[0].body_name == name
    heading = f"{name}2024年部门预算\n\n"
    assert read(heading + statement("T5", T5_ROWS, body="", year="")).parts[0].body_name == name
    assert doubts(disclosure, "error", "warning") == []


def test_a_labelled_name_may_be_short() -> None:
    assert read(statement("T5", T5_ROWS, body="编制单位：教育局")).parts[0].body_name == "教育局"


def test_no_body_is_an_error_but_the_figures_are_loaded() -> None:
    disclosure = read(statement("T5", T5_ROWS, body=""))
    assert len(disclosure.figures) == 13 and disclosure.parts[0].body_name is None
    assert ("the document names no body", "") in doubts(disclosure, "error")


def test_no_year_is_a_reason_not_to_load() -> None:
    with pytest.raises(UnreadableDocument, match="no budget year"):
        read(statement("T5", T5_ROWS, year=""))


def test_pages_of_two_years_are_reported() -> None:
    disclosure = read(
        statement("T5", T5_ROWS) + statement("T7", [TOTAL]) + statement("T8", [TOTAL], year="预算年度：2022")
    )
    assert disclosure.fiscal_year == 2023
    assert ("the pages print different budget years", "2022、2023") in doubts(disclosure, "warning")


def test_two_departments_in_one_file_are_a_reason_not_to_load() -> None:
    with pytest.raises(UnreadableDocument, match=r"two departments.*split the file"):
        read(
            statement("T5", T5_ROWS)
            + statement("T7", [TOTAL])
            + statement("T5", T5_ROWS, body="212 邢台市教育局")
            + statement("T7", [TOTAL], body="212 邢台市教育局")
        )


def test_two_departments_whose_statements_follow_each_other_are_a_reason_not_to_load() -> None:
    with pytest.raises(UnreadableDocument, match="two departments"):
        read(statement("T5", T5_ROWS) + statement("T5", T5_ROWS, body="212 邢台市教育局"))


def test_the_units_part_holds_the_units_own_statements_apart_by_scope() -> None:
    unit = "211001 邢台市财政局本级"
    other = "211002 邢台市会计学校"
    text = (
        "第一部分 部门预算\n"
        + statement("T5", T5_ROWS)
        + "第二部分 部门所属单位预算\n"
        + statement("T5", ["1||合计|30.00|30.00|"], body=unit)
        + statement("T7", body=unit, after="注：空表列示。")
        + statement("T5", ["1||合计|70.00|30.00|40.00"], body=other)
    )
    disclosure = read(text)
    assert [(p.part, p.scope, p.body_name) for p in disclosure.parts] == [
        (1, "department", "邢台市财政局"),
        (2, "unit", "邢台市财政局本级"),
        (3, "unit", "邢台市会计学校"),
    ]
    totals = {f.part: str(f.amount_yuan) for f in disclosure.figures if (f.item, f.measure) == ("total", "total")}
    assert totals == {1: "1000000.00", 2: "300000.00", 3: "700000.00"}
    assert doubts(disclosure, "error", "warning") == []


def test_the_contents_page_names_the_units_part_without_opening_it() -> None:
    text = "目录\n第一部分 部门预算\n第二部分 部门所属单位预算\n\n第一部分 部门预算\n" + statement("T5", T5_ROWS)
    assert [part.scope for part in read(text).parts] == ["department"]


# ── documents of another kind ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("邢台市财政局2023年度部门决算\n\n收入支出决算总表\n\n项目\t金额\n一\t5\n", "final account"),
        ("关于召开会议的通知\n\n各部门：\n", "no department budget"),
        ("", "no department budget"),
    ],
)
def test_a_document_of_another_kind_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read(text)


@pytest.mark.parametrize("where", ["before the title", "on the cover"])
def test_a_year_that_stands_only_before_the_first_title_counts(where: str) -> None:
    cover = "邢台市财政局\n\n" if where == "on the cover" else ""
    disclosure = read(f"{cover}{YEAR}\n\n" + statement("T5", T5_ROWS, year=""))
    assert disclosure.fiscal_year == 2023


def test_the_end_of_a_subject_name_is_no_body() -> None:
    assert is_subject_name("他民主党派及工商联事务支出")  # what a page break leaves of 其他…
    assert not is_subject_name("石家庄市教育局")
    assert not is_subject_name("支出")

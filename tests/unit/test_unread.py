"""What was not read is never empty or missing; what no rules part is read by its words, if they leave no choice."""

from __future__ import annotations

import pytest

from pipeline.annexes.read import read_annexes
from pipeline.documents.detect import read_document
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.furniture import name_of_body
from tests.support import HEADERS, HEBEI, T5_ROWS, TITLES, TOTAL, doubts, read, statement, status, table

SHANGHAI = next(form for form in load_forms() if form.name == "shanghai")
T3 = "2026年预算单位支出预算总表\n编制单位：上海市普陀区某某学校 单位：元\n项目 支出预算\n功能分类科目编码\n"
T3 += "功能分类科目名称 合计 基本支出 项目支出\n类款项\n"
ROWS = "205 教育支出 4,120,600 3,600,600 520,000\n20504 成人教育 4,120,600 3,600,600 520,000\n"
ROWS += "2050499其他成人教育支出 4,120,600 3,600,600 520,000\n"
T1_HEADER = "本年收入\t本年支出\n项目\t预算数\t项目\t预算数\n"


def shanghai(text: str):  # type: ignore[no-untyped-def]
    return understand(read_document(f"上海市普陀区2026年区级单位预算\n\n{text}".encode(), "a.txt"), load_forms())


def test_rows_without_rules_in_whole_yuan_are_read_by_their_words() -> None:
    found = shanghai(f"{T3}{ROWS}合计 4,120,600 3,600,600 520,000\n")
    assert status(found, "expenditure") == "present"
    assert [(f.item, f.measure, int(f.amount_yuan)) for f in found.figures][:3] == [
        ("205", "total", 4_120_600),
        ("205", "basic", 3_600_600),
        ("205", "project", 520_000),
    ]
    assert len(found.figures) == 12 and doubts(found, "error") == []


def test_fewer_numbers_than_columns_are_left_to_the_sums() -> None:
    found = shanghai(f"{T3}{ROWS}208 社会保障和就业支出 410,300 410,300\n合计 4,530,900 4,010,900 520,000\n")
    (choice,) = found.choices
    assert {tuple(f.measure for f in option) for option in choice.options} == {
        ("total", "basic"),
        ("total", "project"),
        ("basic", "project"),
    }
    assert [(u.item, u.measure) for u in found.unread] == [("208", None)]


def test_rows_that_the_statement_cannot_print_are_unread() -> None:
    found = shanghai(f"{T3}某某支出 4,120,600 3,600,600 520,000\n")
    assert (status(found, "expenditure"), found.is_complete) == ("unread", False)
    assert found.unread and doubts(found, "error")


def test_a_header_in_another_order_is_not_read() -> None:
    found = shanghai(T3.replace("合计 基本支出 项目支出", "项目支出 合计 基本支出") + ROWS)
    assert (status(found, "expenditure"), found.figures) == ("unread", ())


def test_blank_cells_that_are_lost_do_not_shift_the_sides() -> None:
    lines = "一、财政拨款收入\t9,410,500\t一、一般公共服务支出\t9,210,500\n2. 政府性基金\t三、教育支出\t200,000\n"
    text = f"2026年部门财务收支预算总表\n单位：元\n{T1_HEADER}{lines}收入总计\t9,410,500\t支出总计\t9,410,500\n"
    found = shanghai(text)
    assert {(f.item, int(f.amount_yuan)) for f in found.figures} == {
        ("fiscal_appropriation", 9_410_500),
        ("201", 9_210_500),
        ("205", 200_000),
        ("total_revenue", 9_410_500),
        ("total_expenditure", 9_410_500),
    }


def test_one_cell_a_line() -> None:
    cells = "收入 支出 项目 预算数 项目 预算数 一、一般公共预算拨款收入 412.60 一、教育支出 412.60 "
    cells += "收入总计 412.60 支出总计 412.60"
    found = read("某某小学2024年收支预算\n\n部门预算收支总表\n预算年度：2024\n单位：万元\n" + cells.replace(" ", "\n"))
    assert [(f.item, str(f.amount_yuan)) for f in found.figures] == [
        ("general_public_appropriation", "4126000.00"),
        ("total_revenue", "4126000.00"),
        ("205", "4126000.00"),
        ("total_expenditure", "4126000.00"),
    ]
    assert found.parts[0].body_name == "某某小学"


def test_a_title_with_nothing_below_is_unread() -> None:
    found = read(statement("T5", T5_ROWS) + f"\n{TITLES['T7']}\n")
    assert status(found, "government_fund_expenditure") == "unread" and not found.is_complete
    assert doubts(found, "error", statement="government_fund_expenditure")


def test_a_table_whose_title_is_lost_makes_the_statement_unread_that_it_may_be() -> None:
    lost = statement("T6", ["1||合计|5.00|3.00|2.00", "2|301|工资福利支出|5.00|3.00|2.00"], title="(标题)")
    found = read(statement("T5", T5_ROWS) + lost + statement("T7", [TOTAL]))
    assert status(found, "basic_expenditure") == "unread"
    assert {s.statement for s in found.statements if s.status == "unread"} == {"basic_expenditure"}


def test_the_unit_in_doubt_leaves_the_statement_unread() -> None:
    found = read(statement("T5", T5_ROWS, unit=""))
    assert [(u.statement, u.item, u.measure) for u in found.unread] == [("general_public_expenditure", None, None)]


def test_an_unknown_header_makes_the_measures_unread_that_it_may_be() -> None:
    header = [line.replace("项目支出", "某某栏") for line in HEADERS["T5"] if not line.startswith("栏次")]
    found = read(statement("T5", T5_ROWS, header=header))
    assert {(u.item, u.measure) for u in found.unread} == {(None, "project")}


def test_a_cell_that_holds_no_number_is_unread() -> None:
    found = read(statement("T5", [*T5_ROWS[:-1], "5|2010302|一般行政管理事务|4□.00||40.00"]))
    assert [(u.item, u.measure, u.row_order) for u in found.unread] == [("2010302", "total", 5)]


def test_numbers_without_a_label_are_in_no_sum() -> None:
    found = read(statement("T5", [*T5_ROWS, "6|||9.00|9.00|"]))
    assert {f.item for f in found.figures if f.row_order == 6} == {"outside_6"}
    assert {(u.item, u.measure) for u in found.unread} == {(None, "total"), (None, "basic")}


def test_the_row_of_a_body_among_codes_is_no_subject() -> None:
    rows = [TOTAL, "2|347001|邢台市财政局本级|100.00|60.00|40.00", "3|201|一般公共服务支出|100.00|60.00|40.00"]
    found = read(statement("T5", rows))
    assert {(f.item, f.subject_code) for f in found.figures if f.row_order == 2} == {("outside_2", None)}


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("邢台市财政局", "邢台市财政局", None),
        ("某某省某某委员会万元", "某某省某某委员会", "万元"),
        ("某某委员会(单位:万元", "某某委员会", "万元"),
        ("某某委员会(万元)", "某某委员会", "万元"),
        ("邢台市财政局(公章)", "邢台市财政局", None),
        ("邢台市财政局(汇总)", "邢台市财政局", None),
        ("邢台市财政局(部门)(万元)", "邢台市财政局", "万元"),
        ("邢台市财政局(含所属单位)", "邢台市财政局", None),
        ("邢台市财政局及所属单位", "邢台市财政局", None),
        ("邢台市财政局部门", "邢台市财政局", None),
        ("邢台市财政局公开01表", "邢台市财政局", None),
        ("邢台市财政局第1页共10页", "邢台市财政局", None),
        ("邢台市财政局RMB", "邢台市财政局", None),
        ("【邢台市财政局】", "邢台市财政局", None),
        ("《邢台市财政局", "邢台市财政局", None),
        ("|邢台市财政局*", "邢台市财政局", None),
        ("(公开)邢台市财政局", "邢台市财政局", None),
        ("我局(邢台市财政局)", "邢台市财政局", None),
        ("关于邢台市财政局", "邢台市财政局", None),
        ("附件1邢台市财政局", "邢台市财政局", None),
        ("211邢台市财政局", "邢台市财政局", None),
        ("12345政务热线中心", "12345政务热线中心", None),
        ("解放军第305医院", "解放军第305医院", None),
        ("邢台市财政局(集中支付中心)", "邢台市财政局(集中支付中心)", None),
        ("某某局办公室部门预算表一", None, None),
        ("部门预算公开)", None, None),
        ("(部门预算公开)邢台市财政局", "邢台市财政局", None),
        ("附件邢台市财政局", "邢台市财政局", None),
        ("某某市自然资源局(海洋局)", "某某市自然资源局(海洋局)", None),
        ("某某市财政局(本级", None, None),
        ("元氏县财政局", "元氏县财政局", None),
    ],
)
def test_names_of_bodies(text: str, name: str | None, unit: str | None) -> None:
    found, behind = name_of_body(text, HEBEI)
    assert (found, behind) == (name, unit)


@pytest.mark.parametrize(
    "body",
    [
        "211 邢台市财政局（2023年度）",
        "211 邢台市财政局 (单位:万元)",
        "211 邢台市财政局，单位：万元",
        "211 邢\u200b台市财政局\u202e",
    ],
)
def test_lines_that_name_a_body(body: str) -> None:
    found = read(statement("T5", T5_ROWS, body=body))
    assert (found.parts[0].body_name, found.parts[0].body_code) == ("邢台市财政局", "211")


@pytest.mark.parametrize(
    "heading", ["《邢台市财政局2023年部门预算》", "附件：邢台市财政局2023年部门预算", "1.邢台市财政局2023年部门预算"]
)
def test_what_stands_before_a_heading_is_no_name(heading: str) -> None:
    found = read(f"{heading}\n\n" + statement("T5", T5_ROWS, body="", year=""))
    assert (found.parts[0].body_name, found.fiscal_year) == ("邢台市财政局", 2023)


def test_a_heading_in_brackets_names_no_body() -> None:
    found = read(
        "（2022部门预算公开）\n邢台市某某服务中心2022年部门预算\n\n" + statement("T5", [TOTAL], body="", year="")
    )
    assert found.parts[0].body_name == "邢台市某某服务中心"


def test_no_form_is_claimed_of_a_document_without_a_title() -> None:
    assert not understand(
        read_document("某某省某某厅2023年部门预算\n\n正文。\n".encode(), "a.txt"), load_forms()
    ).knows_form


def test_a_statement_below_an_annex_ends_it_whatever_stands_beside_its_title() -> None:
    procurement = table(
        ["序号|项目名称|采购物品名称|计量单位|数量|单价|合计", "1|阅览室更新|台式计算机|台|2|0.50|1.00"]
    )
    below = statement("T9", ["1|合计|5.00|5.00||"], title=f"{TITLES['T9']} 单位：万元", body="", year="", unit="")
    text = f"邢台市某某馆2023年部门预算\n\n部门政府采购预算\n单位：万元\n{procurement}\n\n{below}"
    document = read_document(text.encode(), "a.txt")
    disclosure, annexes = read_annexes(document, HEBEI, understand(document, (HEBEI,)))
    assert [line.item_name for line in annexes.procurement] == ["台式计算机"]
    assert status(disclosure, "three_public") == "present"

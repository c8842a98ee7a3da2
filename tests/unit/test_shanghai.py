"""Shanghai's form as other districts, years and exports print it: the same figures, or an issue that says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.documents.detect import read_document
from pipeline.documents.model import Document, Paragraph
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from pipeline.forms.form import Form, load_forms
from pipeline.forms.titles import choose_form, title_of
from pipeline.proof.prove import prove
from pipeline.proof.verdict import errata
from tests.support import table

FORM: Form = next(form for form in load_forms() if form.name == "shanghai")
COVER = "上海市徐汇区2024年区级部门预算\n\n"
BODY, UNIT = "编制部门：上海市徐汇区财政局", "单位：元"
CODES = ["项目||||支出预算||", "功能分类科目编码|||功能分类科目名称|合计|基本支出|项目支出", "类|款|项||||"]
T3 = [
    "201|||一般公共服务支出|100|60|40",
    "201|03||政府办公厅（室）及相关机构事务|100|60|40",
    "201|03|01|行政运行|60|60|0",
    "201|03|02|一般行政管理事务|40|0|40",
    "229|||其他支出|5|0|5",
    "229|99||其他支出|5|0|5",
    "229|99|99|其他支出|5|0|5",
    "合计||||105|60|45",
]
SUMMARY = ["本年收入||本年支出|", "项目|预算数|项目|预算数"]
Figures = dict[tuple[str, str], str]


def statement(title: str, header: Sequence[str], rows: Sequence[str], unit: str = UNIT, below: str = "") -> str:
    return "\n".join([title, "", BODY, unit, "", table([*header, *rows]), "", below, ""])


def read(*statements: str) -> Disclosure:
    return understand(read_document((COVER + "".join(statements)).encode(), "capture.txt"), (FORM,))


def figures(disclosure: Disclosure) -> Figures:
    found = {(f.item, f.measure): f"{f.amount_yuan:.0f}" for f in disclosure.figures}
    assert len(found) == len(disclosure.figures), "a place is taken twice"
    return found


def doubts(disclosure: Disclosure) -> list[str]:
    missing = "the document does not contain this statement"
    return [i.what for i in disclosure.issues if i.severity != "info" and i.what != missing]


def faults(disclosure: Disclosure) -> list[str | None]:
    """What the ledger says of the publisher."""
    return [e.published_text for e in errata(disclosure, prove(disclosure, FORM.units), "txt")]


def spending(rows: Sequence[str], **options: str) -> Disclosure:
    return read(statement("2024年部门支出预算总表", CODES, rows, **options))


PLAIN = figures(spending(T3))


# ── titles ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2024年预算单位财务收支预算总表", "budget_summary"),
        ("浦东新区2024年部门预算财务收支预算总表", "budget_summary"),
        ("部门收支总表", "budget_summary"),
        ("上海市徐汇区财政局2024年部门收入预算总表", "revenue"),
        ("附件1-2：2024年单位收入预算总表", "revenue"),
        ("部门2024年支出预算总表", "expenditure"),
        ("2024年部门财政拨款收支总表", "appropriation_summary"),
        ("2024年部门一般公共预算财政拨款支出功能分类预算表", "general_public_expenditure"),
        ("一般公共预算支出预算表", "general_public_expenditure"),
        ("2024年单位政府性基金支出功能分类预算表", "government_fund_expenditure"),
        ("2024年部门国有资本经营预算支出表", "state_capital_expenditure"),
        ("2024年部门一般公共预算基本支出经济分类预算表", "basic_expenditure"),
        ("一般公共预算基本支出预算表", "basic_expenditure"),
        ("2024年部门一般公共预算“三公”经费及机关运行经费预算表", "three_public"),
        ("2024年单位“三公”经费、机关运行经费支出预算情况表", "three_public"),
    ],
)
def test_a_title_in_other_words(title: str, name: str) -> None:
    assert title_of(title.replace("“", "").replace("”", "").replace("：", ":"), FORM) == name


@pytest.mark.parametrize(
    "title",
    [
        "2024年项目支出预算总表",
        "徐汇区2024年项目支出预算总表",
        "上海市徐汇区项目支出预算总表",
        "2024年政府购买服务支出预算表",
        "2024年部门一般公共预算基本支出政府预算经济分类预算表",
        "2024年三公经费决算表",
        "2024年部门收入支出决算总表",
    ],
)
def test_the_title_of_another_table_is_none_of_the_nine(title: str) -> None:
    assert title_of(title, FORM) is None


def test_the_titles_say_year_and_scope_where_no_heading_does() -> None:
    text = statement("2023年预算单位支出预算总表", CODES, T3)
    disclosure = understand(read_document(text.encode(), "capture.txt"), (FORM,))
    assert (disclosure.fiscal_year, disclosure.parts[0].scope) == (2023, "unit")


@pytest.mark.parametrize("heading", ["第一部分 上海市徐汇区财政局及下属单位概况", "第二部分 部门及所属单位情况"])
def test_a_part_about_the_units_is_not_the_part_of_their_statements(heading: str) -> None:
    disclosure = read(f"{heading}\n\n", statement("2024年部门支出预算总表", CODES, T3))
    assert [part.scope for part in disclosure.parts] == ["department"]


def test_of_forms_with_as_many_titles_the_words_of_the_tables_choose() -> None:
    rows = ["一、财政拨款收入|100|一、一般公共服务支出|100", "1.一般公共预算资金|100||"]
    text = COVER + statement("部门收支总表", SUMMARY, rows)
    assert choose_form(read_document(text.encode(), "capture.txt"), load_forms()) is FORM


# ── headers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        {"合计": "总计"},
        {"合计": "小计"},
        {"功能分类科目": "支出功能分类科目"},
        {"功能分类科目编码": "科目编码", "功能分类科目名称": "科目名称"},
        {"基本支出": "基本支出小计", "项目支出": "项目支出小计"},
    ],
)
def test_a_header_in_other_words(words: dict[str, str]) -> None:
    header = [CODES[0], *CODES[1:]]
    for text, other in words.items():
        header[1] = header[1].replace(text, other)
    disclosure = read(statement("2024年部门支出预算总表", header, T3))
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])


@pytest.mark.parametrize("amount", ["预算金额", "金额", "本年预算数", "2024年预算数", "年初预算数"])
def test_the_amounts_of_a_summary_in_other_words(amount: str) -> None:
    rows = ["一、财政拨款收入|100|一、一般公共服务支出|100", "收入总计|100|支出总计|100"]
    header = [SUMMARY[0], SUMMARY[1].replace("预算数", amount)]
    disclosure = read(statement("2024年部门财务收支预算总表", header, rows))
    assert set(figures(disclosure).values()) == {"100"} and len(disclosure.figures) == 4
    assert doubts(disclosure) == []


@pytest.mark.parametrize(("personnel", "public"), [("人员支出", "公用支出"), ("人员经费支出", "日常公用支出")])
def test_personnel_and_public_in_other_words(personnel: str, public: str) -> None:
    header = [f"部门预算经济分类科目编码||经济分类科目名称|合计|{personnel}|{public}", "类|款||||"]
    rows = ["301||工资福利支出|9|9|0", "301|01|基本工资|9|9|0", "302||商品和服务支出|1|0|1", "302|01|办公费|1|0|1"]
    disclosure = read(statement("2024年部门一般公共预算基本支出经济分类预算表", header, [*rows, "合计|||10|9|1"]))
    found = figures(disclosure)
    assert (found["30101", "personnel"], found["30201", "public"], doubts(disclosure)) == ("9", "1", [])


def test_the_funds_of_appropriations_in_other_words() -> None:
    funds = "合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款"
    header = ["财政拨款收入||财政拨款支出||||", f"项目|预算数|项目|{funds}"]
    rows = ["一、一般公共预算财政拨款|7|一、一般公共服务支出|7|7|0|0", "收入总计|7|支出总计|7|7|0|0"]
    disclosure = read(statement("2024年部门财政拨款收支预算总表", header, rows))
    assert figures(disclosure)["general_public_appropriation", "revenue"] == "7"
    assert (len(disclosure.figures), doubts(disclosure)) == (10, [])


# ── codes in columns ────────────────────────────────────────────────────────────────────────────────────────────


def test_code_columns_that_are_blank_above_the_lowest_level_mean_the_row_above() -> None:
    rows = [
        "201|||一般公共服务支出|100|60|40",
        "|03||政府办公厅（室）及相关机构事务|100|60|40",
        "||01|行政运行|60|60|0",
        "||02|一般行政管理事务|40|0|40",
        "229|||其他支出|5|0|5",
        "|99||其他支出|5|0|5",
        "||99|其他支出|5|0|5",
        "合计||||105|60|45",
    ]
    disclosure = spending(rows)
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])
    printed = {(f.code_as_printed, f.subject_code, f.code_resolution) for f in disclosure.figures}
    assert {("201", "201", "as_printed"), ("02", "2010302", "from_hierarchy")} < printed
    assert faults(disclosure) == []


def test_a_blank_code_below_no_row_is_not_made_up() -> None:
    disclosure = spending(["||01|行政运行|60|60|0", "合计||||60|60|0"])
    assert {item for item, _ in figures(disclosure)} == {"unrecognised_1", "total"}
    assert doubts(disclosure) == ["neither code nor label name a subject"]
    assert faults(disclosure) == []


def test_a_level_left_out_inside_a_code_does_not_make_the_code_of_another_level() -> None:
    """201 | · | 01 below 20103 is 2010301, and never 20101 人大事务."""
    rows = [row.replace("201|03|0", "201||0") for row in T3]
    disclosure = spending(rows)
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])
    alone = spending(["201|||一般公共服务支出|60|60|0", "201||01|某项开支|60|60|0", "合计||||60|60|0"])
    assert "20101" not in {item for item, _ in figures(alone)}
    assert doubts(alone) == ["neither code nor label name a subject"]


@pytest.mark.parametrize("whole", ["||2290000", "2290000|2290000|2290000"])
def test_a_blank_level_is_not_filled_over_a_row_whose_levels_are_not_known(whole: str) -> None:
    disclosure = spending([*T3[:4], f"{whole}|某项|5|0|5", "||02|一般行政管理事务|4|0|4"])
    assert {f.item for f in disclosure.figures if f.code_as_printed == "02"} == {"unrecognised_6"}


def test_the_row_above_counts_even_where_it_has_no_amounts() -> None:
    rows = [*T3[:4], "|04||发展与改革事务|||", "||01|行政运行|5|0|5"]
    found = {(f.item, f.measure) for f in spending(rows).figures}
    assert {("2010401", "total"), ("2010301", "total")} <= found


def test_the_rest_of_a_code_that_a_page_break_cut_is_joined_and_no_code_below_the_row_above() -> None:
    rows = [
        "206|||科学技术支出|9|0|9",
        "206|04||技术研究与开发|9|0|9",
        "206|04|9|其他技术研究与开发|9|0|9",
        "||9|支出|||",
    ]
    disclosure = spending([*rows, "合计||||9|0|9"])
    codes = [(f.item, f.code_as_printed) for f in disclosure.figures if f.measure == "total"]
    assert codes == [("206", "206"), ("20604", "20604"), ("2060499", "2060499"), ("total", None)]
    assert doubts(disclosure) == []


@pytest.mark.parametrize("levels", ["2299999|2299999|2299999", "229|2299999|2299999", "||2299999", "229|22999|2299999"])
def test_the_last_column_of_a_code_may_have_all_of_it(levels: str) -> None:
    disclosure = spending([row.replace("229|99|99", levels) for row in T3])
    codes = {f.item: (f.code_as_printed, f.code_resolution) for f in disclosure.figures}
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])
    assert codes["2299999"] == ("2299999", "as_printed")


def test_lost_zeros_are_put_back_level_by_level_and_the_printed_code_stays() -> None:
    rows = [row.replace("|03|", "|3|").replace("|01|", "|1|").replace("|02|", "|2|") for row in T3]
    disclosure = spending(rows)
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])
    lost = {(f.code_as_printed, f.subject_code, f.code_resolution) for f in disclosure.figures if f.measure == "total"}
    assert ("20132", "2010302", "from_label") in lost
    assert set(faults(disclosure)) == {"2013", "20131", "20132"}, "a code without its zero is the publisher's"


def test_a_code_without_its_zero_is_never_the_code_that_its_digits_make() -> None:
    """201 | 1 | 4 is 2010104 人大会议; 20114 is 知识产权事务."""
    for label in ("人大会议", "人大的会议"):
        rows = ["201|||一般公共服务支出|5|5|0", "201|1||人大事务|5|5|0", f"201|1|4|{label}|5|5|0", "合计||||5|5|0"]
        found = [f for f in spending(rows).figures if f.row_order == 3 and f.measure == "total"]
        assert [(f.code_as_printed, f.subject_code) for f in found] == [("20114", "2010104")]
        assert found[0].code_resolution == ("from_label" if label == "人大会议" else "from_hierarchy")


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────

INCOME = [
    "项目||||收入预算||||",
    "功能分类科目编码|||功能分类科目名称|合计|财政拨款收入|事业收入|事业单位经营收入|其他收入",
    "类|款|项||||||",
]
THREE = ["合计|因公出国(境)费|公务接待费|公务用车购置及运行费|||机关运行经费", "|||小计|购置费|运行费|"]


@pytest.mark.parametrize(
    "unit",
    [
        "单位：人民币元",
        "（单位：元）",
        "计量单位：元",
        "金额单位：人民币元",
        "单位：元（人民币）",
        "单位：RMB元",
        "单位 元",
        "（元）",
        "金额：元",
        "（以元为单位）",
    ],
)
def test_a_unit_in_other_words(unit: str) -> None:
    disclosure = spending(T3, unit=unit)
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])
    assert disclosure.parts[0].body_name == "上海市徐汇区财政局"


def test_body_and_unit_on_one_line() -> None:
    disclosure = read(statement("2024年部门支出预算总表", CODES, T3, unit="").replace(BODY, f"{BODY} （单位：元）"))
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])
    assert disclosure.parts[0].body_name == "上海市徐汇区财政局"


@pytest.mark.parametrize(
    "unit", ["单位：万元", "（万元）", "人民币：万元", "金额：万元", "（以万元为单位）", "单位；万元", "单位．万元"]
)
def test_a_unit_in_other_words_is_not_passed_over_for_that_of_another_statement(unit: str) -> None:
    sound = statement("2024年部门收入预算总表", INCOME, ["201|||一般公共服务支出|100|100|0|0|0"])
    disclosure = read(sound, statement("2024年部门支出预算总表", CODES, T3, unit=unit))
    (total,) = [f for f in disclosure.figures if (f.statement, f.item, f.measure) == ("expenditure", "total", "total")]
    assert (f"{total.amount_yuan:.0f}", doubts(disclosure)) == ("1050000", [])


@pytest.mark.parametrize(
    "unit",
    ["单位：万", "单位：美元", "金额单位：百元", "（单位：人民币）", "单位：￥", "单位：\n万", "单位：人民币（万元）"],
)
def test_a_unit_that_is_not_known_is_an_error_and_never_that_of_another_statement(unit: str) -> None:
    expected = ["the statement prints a unit that the form does not know; its figures are not loaded"]
    for_three = statement("2024年部门“三公”经费预算表", THREE, ["3.5|0|0.5|3|0|3|20"], unit="单位：万元")
    of_others = statement("2024年部门收入预算总表", INCOME, ["201|||一般公共服务支出|100|100|0|0|0"], unit="单位：万元")
    for others in (for_three, of_others, for_three + of_others):
        disclosure = read(statement("2024年部门支出预算总表", CODES, T3, unit=unit), others)
        assert "expenditure" not in {f.statement for f in disclosure.figures}
        assert doubts(disclosure) == expected


@pytest.mark.parametrize(
    ("title", "text"), [("（单位：人民币万元）", "1050000"), ("（万元）", "1050000"), ("（单位：元）", "105")]
)
def test_the_unit_behind_a_title_is_that_of_its_statement(title: str, text: str) -> None:
    sound = statement("2024年部门收入预算总表", INCOME, ["201|||一般公共服务支出|100|100|0|0|0"])
    disclosure = read(sound, statement(f"2024年部门支出预算总表{title}", CODES, T3, unit=""))
    (total,) = [f for f in disclosure.figures if (f.statement, f.item, f.measure) == ("expenditure", "total", "total")]
    assert (f"{total.amount_yuan:.0f}", doubts(disclosure)) == (text, [])


@pytest.mark.parametrize(
    ("behind", "text"), [("（单位：人民币万元）", "1050000"), ("（单位：元）", "105"), ("（单位：万）", None)]
)
def test_the_unit_may_stand_behind_a_header(behind: str, text: str | None) -> None:
    sound = statement("2024年部门收入预算总表", INCOME, ["201|||一般公共服务支出|100|100|0|0|0"])
    header = [CODES[0].replace("支出预算", f"支出预算{behind}"), *CODES[1:]]
    disclosure = read(sound, statement("2024年部门支出预算总表", header, T3, unit=""))
    totals = [f for f in disclosure.figures if (f.statement, f.item, f.measure) == ("expenditure", "total", "total")]
    assert [f"{f.amount_yuan:.0f}" for f in totals] == ([text] if text else [])
    assert len(doubts(disclosure)) == (0 if text else 1)


def test_a_unit_behind_a_title_that_is_not_known_is_an_error() -> None:
    sound = statement("2024年部门收入预算总表", INCOME, ["201|||一般公共服务支出|100|100|0|0|0"])
    disclosure = read(sound, statement("2024年部门支出预算总表（单位：美元）", CODES, T3, unit=""))
    assert {f.statement for f in disclosure.figures} == {"revenue"}


def test_a_statement_without_a_unit_has_that_of_its_equals_and_three_public_its_own() -> None:
    disclosure = read(
        statement("2024年部门收入预算总表", INCOME, ["201|||一般公共服务支出|100|100|0|0|0"]),
        statement("2024年部门支出预算总表", CODES, T3, unit=""),
        statement("2024年部门“三公”经费预算表", THREE, ["3.5|0|0.5|3|0|3|20"], unit=""),
    )
    assert {f.statement for f in disclosure.figures} == {"revenue", "expenditure"}
    assert doubts(disclosure) == ["the statement prints no unit; its figures are not loaded"]


def test_one_table_in_another_unit_says_nothing_of_the_tables_without_one() -> None:
    disclosure = read(
        statement("2024年部门支出预算总表", CODES, T3, unit=""),
        statement("2024年部门一般公共预算支出功能分类预算表", CODES, T3, unit=""),
        statement("2024年部门“三公”经费预算表", THREE, ["3.5|0|0.5|3|0|3|20"], unit="单位：万元"),
    )
    assert {f.statement for f in disclosure.figures} == {"three_public"}
    assert "the statement prints no unit; its figures are not loaded" in doubts(disclosure)


# ── lines, notes ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("income", "outlay"), [("收入合计", "支出合计"), ("总计", "总计"), ("收 入 总 计", "支 出 总 计")]
)
def test_the_last_line_is_the_total_whatever_it_is_called(income: str, outlay: str) -> None:
    rows = [
        "一、财政拨款|100|一、一般公共服务支出|100",
        "1.公共财政拨款（补助）收入|100||",
        f"{income}|100|{outlay}|100",
    ]
    disclosure = read(statement("2024年部门财务收支预算总表", SUMMARY, rows))
    found = figures(disclosure)
    assert found["total_revenue", "revenue"] == found["total_expenditure", "expenditure"] == "100"
    assert doubts(disclosure) == []


def test_a_total_of_the_year_above_another_total_is_of_the_year() -> None:
    rows = ["一、财政拨款收入|100|一、一般公共服务支出|100", "收入合计|100|支出合计|100", "收入总计|100|支出总计|100"]
    found = figures(read(statement("2024年部门财务收支预算总表", SUMMARY, rows)))
    assert found["current_year_revenue", "revenue"] == found["total_revenue", "revenue"] == "100"


@pytest.mark.parametrize(
    "note",
    [
        "注：本表按功能分类科目编制，数据截至2024年1月1日。",
        "备注：含2023年结转资金120.00元",
        "填表人：张三 联系电话：021-64872222",
        "1.本表反映部门2024年收支情况。 2.金额四舍五入可能存在尾差0.01元。",
        "公开日期：2024年2月15日",
        "2024年2月15日",
    ],
)
def test_a_note_below_a_table_is_no_row(note: str) -> None:
    disclosure = spending(T3, below=note)
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])


@pytest.mark.parametrize(
    "line", ["行政运行 217.83", "2010301 行政运行 217.83", "行政运行 217.83。", "行政运行 60。", "217.83"]
)
def test_an_amount_outside_the_table_is_told(line: str) -> None:
    assert doubts(spending(T3, below=line)) == [
        "text stands outside the table among its rows; it may be a row and is not loaded"
    ]


def with_feet(*feet: str) -> Disclosure:
    """A statement with a line at the same height of each of the pages behind it."""
    blocks = read_document((COVER + statement("2024年部门支出预算总表", CODES, T3)).encode(), "capture.txt").blocks
    lines = (Paragraph(foot, page=page, bbox=(50, 22, 90, 31)) for page, foot in enumerate(feet, start=1))
    return understand(Document("pdf", "grid", (*blocks, *lines), page_count=len(feet)), (FORM,))


@pytest.mark.parametrize(
    "feet",
    [
        ("1 徐汇区财政局", "2 徐汇区财政局", "3 徐汇区财政局"),
        ("徐汇区2024年部门预算第7页", "徐汇区2024年部门预算第8页", "徐汇区2024年部门预算第9页"),
    ],
)
def test_the_foot_of_the_pages_is_no_row(feet: tuple[str, ...]) -> None:
    assert doubts(with_feet(*feet)) == []


@pytest.mark.parametrize(
    "feet",
    [
        ("徐汇区财政局 12", "徐汇区财政局 507", "徐汇区财政局 33"),  # no numbers of pages
        ("徐汇区财政局 1.50", "徐汇区财政局 1.50", "徐汇区财政局 1.50"),
        ("合计 0", "合计 0", "合计 0"),
        ("1.一般公共预算资金 7", "1.一般公共预算资金 7", "1.一般公共预算资金 7"),
        ("1 徐汇区财政局", "2 徐汇区财政局"),
    ],
)
def test_numbers_at_the_same_height_of_the_pages_may_be_rows(feet: tuple[str, ...]) -> None:
    assert doubts(with_feet(*feet)) == [
        "text stands outside the table among its rows; it may be a row and is not loaded"
    ]


def test_a_total_alone_on_the_last_page_below_codes_in_one_column() -> None:
    header = ["功能分类科目编码|功能分类科目名称|合计|基本支出|项目支出"]
    rows = ["".join(row.split("|")[:3]) + "|" + "|".join(row.split("|")[3:]) for row in T3[:-1]]
    disclosure = read(statement("2024年部门支出预算总表", header, rows, below="合计\t105\t60\t45\n\n"))
    assert (figures(disclosure), doubts(disclosure)) == (PLAIN, [])


# ── 三公 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_items_of_three_public_may_be_rows() -> None:
    columns = read(statement("2024年部门“三公”经费预算表", THREE, ["3.5|0|0.5|3|0|3|20"], unit="单位：万元"))
    rows = [
        "合计|3.5",
        "1、因公出国（境）费用|0",
        "2、公务接待费|0.5",
        "3、公务用车购置及运行费|3",
        "其中：公务用车购置费|0",
        "公务用车运行维护费|3",
        "机关运行经费|20",
    ]
    lines = read(statement("2024年部门“三公”经费预算表", ["项目|预算数"], rows, unit="单位：万元"))
    assert (figures(lines), doubts(lines)) == (figures(columns), [])

"""The explanation in many words: what each sentence claims, and what it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import ProseSection, section_of
from pipeline.annexes.model import AnnexRead, Claim
from pipeline.annexes.wording import WORDS, WordingError, parse_wording
from pipeline.documents.model import Paragraph
from pipeline.forms.disclosure import Disclosure, Part, RowRead
from pipeline.forms.printed import squash
from tests.support import HEBEI
from tools.typeset.strategy_annexes import Told, shanghai_told, told

YEAR = 2023
Short = tuple[str, str, str]  # subject, measure, value with its unit


def disclosure(year: int = YEAR, codes: Iterable[str] = (), body: Part | None = None) -> Disclosure:
    rows = tuple(RowRead(1, "expenditure", n, n, "", code, code, None, None) for n, code in enumerate(codes, 1))
    return Disclosure("hebei", "budget", year, (body,) if body else (), (), (), (), rows)


def read(
    kind: str, *paragraphs: str, heading: str = "说明", codes: Iterable[str] = (), body: Part | None = None
) -> tuple[list[Claim], AnnexRead]:
    section = ProseSection(
        kind, heading, 1, None, [Paragraph(text, 1, f"line {n}") for n, text in enumerate(paragraphs)]
    )
    claims, found = read_claims([section], HEBEI, disclosure(codes=codes, body=body))
    assert len({(c.row_order, c.measure) for c in claims}) == len(claims), "a place is taken twice"
    assert {c.row_order for c in claims} <= {row.order for row in found.rows}
    return list(claims), found


def said(kind: str, *paragraphs: str, heading: str = "说明", codes: Iterable[str] = ()) -> list[Short]:
    claims, _ = read(kind, *paragraphs, heading=heading, codes=codes)
    return [(c.subject, c.measure, f"{c.value}{c.unit}") for c in claims]


def parents(kind: str, *paragraphs: str) -> list[tuple[str, str | None]]:
    _, found = read(kind, *paragraphs)
    return [(row.item, row.parent) for row in found.rows]


def only(kind: str, *paragraphs: str) -> Claim:
    (claim,) = read(kind, *paragraphs)[0]
    return claim


# ── whose it is ─────────────────────────────────────────────────────────────────────────────────────────────────────


CULTURE = Part(1, "department", "遵化市文化广电和旅游局", None)
SCHOOL = Part(1, "unit", "邢台市第五中学", None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (CULTURE, "遵化市文化广电和旅游局支出预算5万元。"),
        (CULTURE, "市文旅局2023年支出预算5万元。"),
        (CULTURE, "我局支出预算5万元。"),
        (CULTURE, "我局及所属事业单位2023年支出预算5万元。"),
        (SCHOOL, "我校支出预算5万元。"),
        (SCHOOL, "学校2023年支出预算5万元。"),
    ],
)
def test_the_body_by_any_of_its_names(body: Part, text: str) -> None:
    claims, _ = read("overview", text, body=body)
    assert [claim.subject for claim in claims] == ["total_expenditure"]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["遵化市图书馆支出预算5万元，其中：基本支出4万元，项目支出1万元。"],
        ["文化馆2023年收入预算5万元。"],
        ["市博物馆基本支出4万元，项目支出1万元。"],
        ["所属图书馆：2023年预算收入5万元，预算支出5万元，基本支出4万元。"],
        ["（三）遵化市图书馆预算情况", "2023年收入预算5万元，支出预算5万元。"],
        ["本级支出5万元（基本支出4万元、项目支出1万元）。"],
        ["本级基本支出4万元，项目支出1万元；下属单位基本支出2万元，项目支出3万元。"],
        ["遵化市文化广电和旅游局机关2023年收入预算5万元，支出预算5万元。"],
        ["图书馆支出5万元，均为基本支出4万元和项目支出1万元。"],
    ],
)
def test_what_a_unit_spends_is_not_the_departments(paragraphs: list[str]) -> None:
    claims, _ = read("overview", *paragraphs, body=CULTURE)
    assert claims and all(claim.subject.startswith("other:") for claim in claims)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("overview", "2022年决算支出9万元，其中基本支出5万元，项目支出4万元。"),
        ("overview", "2022年支出预算9万元（基本支出5万元，项目支出4万元）。"),
        ("three_public", "2022年“三公”经费预算8万元，实际支出6万元。"),
    ],
)
def test_what_was_planned_or_spent_last_year_is_no_amount_of_this_one(kind: str, text: str) -> None:
    assert {measure for _, measure, *_ in said(kind, text)} == {"previous"}


def test_an_amount_that_is_only_about_right_is_told_and_never_compared() -> None:
    claims = said("overview", "支出预算约5万元，上级补助收入近1万元。")
    assert [(subject[:6], value) for subject, _, value in claims] == [("other:", "5万元"), ("other:", "1万元")]


def test_a_part_without_a_name_is_not_the_whole_again() -> None:
    text = "2023年收支预算10万元，其中当年预算8万元，较2022年增加1万元。"
    assert [subject for subject, _, _ in said("overview", text)] == ["budget_total", "other:当年预算", "other:当年预算"]


def test_two_comparisons_are_two_mentions() -> None:
    text = "公务接待费2万元，比2022年预算减少0.5万元，降低20%，比2022年执行数1.8万元增加0.2万元。"
    claims, _ = read("three_public", text)
    assert [(c.measure, str(c.value), c.compared_basis) for c in claims] == [
        ("amount", "2", None),
        ("change", "-0.5", "budget"),
        ("percentage", "-20", "budget"),
        ("previous", "1.8", "execution"),
        ("change", "0.2", "execution"),
    ]
    assert [c.row_order for c in claims] == [1, 1, 1, 2, 2]


def test_funds_of_the_projects_are_no_projects() -> None:
    text = "项目支出10万元，其中一般公共预算项目支出6万元、政府性基金项目支出4万元。"
    assert [subject for subject, _, _ in said("overview", text)] == [
        "project",
        "general_public_project",
        "government_fund_project",
    ]


def test_what_a_project_is_spent_on_is_no_project() -> None:
    text = "2023年安排300万元，其中工程款200万元、监理费100万元。"
    claims, _ = read("project", "六、年度预算安排", text, heading="文化馆改造项目经费情况说明")
    assert [claim.subject for claim in claims if claim.subject.startswith("project:")] == ["project:文化馆改造"]


# ── amounts and lists ───────────────────────────────────────────────────────────────────────────────────────────────


def test_income_and_its_sources() -> None:
    text = "2023年预算收入100.5万元，其中：一般公共预算收入90万元，基金预算收入0万元，上年结转10.5万元。"
    assert said("overview", text) == [
        ("total_revenue", "amount", "100.5万元"),
        ("general_public_appropriation", "amount", "90万元"),
        ("government_fund_appropriation", "amount", "0万元"),
        ("carryover_in", "amount", "10.5万元"),
    ]
    assert parents("overview", text)[1:] == [
        ("general_public_appropriation", "total_revenue"),
        ("government_fund_appropriation", "total_revenue"),
        ("carryover_in", "total_revenue"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "支出预算10万元，其中基本支出8万元，包括人员经费6万元和日常公用经费2万元；项目支出2万元。",
        "2023年部门预算支出合计10万元，按支出性质分：基本支出8万元（人员经费6万元，公用经费2万元），项目支出2万元。",
        "2023年支出总预算为10万元：基本支出8万元，其中：人员支出6万元、日常公用支出2万元；项目支出2万元。",
    ],
)
def test_parts_of_parts(text: str) -> None:
    assert [value for _, _, value in said("overview", text)] == ["10万元", "8万元", "6万元", "2万元", "2万元"]
    assert parents("overview", text) == [
        ("total_expenditure", None),
        ("basic", "total_expenditure"),
        ("personnel", "basic"),
        ("public", "basic"),
        ("project", "total_expenditure"),
    ]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("本年收入预算数为5万元。", "current_year_revenue"),
        ("2023年度本单位预算收支总额为5万元。", "budget_total"),
        ("当年财政拨款收入5万元。", "fiscal_appropriation"),
        ("运转类其他及特定目标类项目支出5万元。", "project"),
        ("一般公共预算财政拨款基本支出5万元。", "general_public_basic"),
        ("2023年政府性基金预算支出5万元。", "government_fund_expenditure"),
        ("专项公用经费5万元。", "public_special"),
    ],
)
def test_names(text: str, subject: str) -> None:
    assert only("overview", text).subject == subject


def test_the_fund_of_a_list_is_the_fund_of_its_parts() -> None:
    assert said("overview", "财政拨款支出10万元，其中基本支出8万元，项目支出2万元。")[1:] == [
        ("fiscal_appropriation_basic", "amount", "8万元"),
        ("fiscal_appropriation_project", "amount", "2万元"),
    ]


def test_a_fund_without_its_side_has_the_side_of_its_list() -> None:
    assert said("overview", "收入预算10万元：一般公共预算拨款10万元。")[1][0] == "general_public_appropriation"
    spending = said("overview", "支出预算10万元，其中：一般公共预算8万元，单位资金2万元。")
    assert [subject for subject, _, _ in spending[1:]] == ["general_public_expenditure", "other:单位资金"]
    assert said("overview", "一般公共预算拨款10万元。")[0][0].startswith("other:")


def test_a_number_for_each() -> None:
    assert said("overview", "人员经费和公用经费分别为6万元和2万元。") == [
        ("personnel", "amount", "6万元"),
        ("public", "amount", "2万元"),
    ]
    assert said("overview", "人员经费和公用经费分别为6万元。")[0][0].startswith("other:")


def test_projects() -> None:
    text = "项目支出9万元，主要为A平台、B系统运维费5万元，公务接待费项目1万元；值班经费（3万元）。较上年增加1万元。"
    assert said("overview", text) == [
        ("project", "amount", "9万元"),
        ("project:A平台、B系统运维费", "amount", "5万元"),
        ("project:公务接待费项目", "amount", "1万元"),
        ("project:值班经费", "amount", "3万元"),
        ("project", "change", "1万元"),
    ]
    assert said("overview", "项目支出9万元。", "项目支出分项：“雪亮”工程5万元；", "网格员补助4万元。")[1:] == [
        ("project:“雪亮”工程", "amount", "5万元"),
        ("project:网格员补助", "amount", "4万元"),
    ]


def test_the_names_of_projects_in_a_list_are_as_printed() -> None:
    claims, _ = read("overview", "项目支出3万元，包括：（上年结转）档案数字化１万元，其他2万元。")
    assert [claim.subject for claim in claims] == ["project", "project:（上年结转）档案数字化", "other:其他"]


# ── changes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("较2022年预算增长2.5万元", "2.5万元"),
        ("比上年预算减少2.5万元", "-2.5万元"),
        ("与上年相比，下降了2.5万元", "-2.5万元"),
        ("同比压减2.5万元", "-2.5万元"),
        ("比去年增加额为2.5万元", "2.5万元"),
        ("较上年增加（减少）-2.5万元", "-2.5万元"),
    ],
)
def test_signs(words: str, value: str) -> None:
    claims, _ = read("overview", f"收入预算10万元，{words}。")
    assert (claims[1].subject, claims[1].measure, f"{claims[1].value}{claims[1].unit}") == (
        "total_revenue",
        "change",
        value,
    )
    assert claims[1].compared_year == 2022
    assert claims[1].figure is not None
    assert claims[1].figure.amount_yuan == Decimal(value.removesuffix("万元")) * 10_000


def test_change_percentage_and_reason() -> None:
    claims, _ = read(
        "overview", "收支总预算10万元，比2022年预算减少2万元（16.67%），主要原因是：压缩开支。基本支出2万元。"
    )
    assert [(c.measure, c.value, c.reason) for c in claims[1:3]] == [
        ("change", Decimal(-2), "压缩开支"),
        ("percentage", Decimal("-16.67"), "压缩开支"),
    ]
    figure = claims[2].figure
    assert figure is not None
    assert (figure.is_money, figure.amount_yuan, figure.printed_unit) == (False, Decimal("-16.67"), "%")


def test_the_printed_year_stays() -> None:
    claims, _ = read("overview", "收入预算10万元，比2023年预算增加1万元。")
    assert (claims[1].compared_year, claims[1].compared_basis) == (2023, "budget")


def test_a_comparison_holds_for_the_sentence_and_its_parts() -> None:
    text = "与2021年相比，收支总预算减少3万元，其中人员经费增加1万元，原因为人员增加；项目经费减少4万元。"
    claims, found = read("overview", text)
    assert [(c.subject, c.value, c.compared_year) for c in claims] == [
        ("budget_total", Decimal(-3), 2021),
        ("personnel", Decimal(1), 2021),
        ("project", Decimal(-4), 2021),
    ]
    assert [row.parent for row in found.rows] == [None, "budget_total", "budget_total"]


def test_a_reason_names_no_parts() -> None:
    text = "收支总预算10万元，较上年减少2万元，主要原因是压减项目支出1.5万元，人员经费减少0.5万元。"
    assert said("overview", text)[2:] == [("project", "change", "-1.5万元"), ("personnel", "change", "-0.5万元")]
    assert [parent for _, parent in parents("overview", text)] == [None, None, None]


def test_last_year() -> None:
    text = "项目支出由2021年的10万元增加到15万元，增加5万元；公用经费2022年执行数为3万元，2023年预算2万元。"
    claims, _ = read("overview", text)
    assert [(c.subject, c.measure, c.value, c.compared_year, c.compared_basis) for c in claims] == [
        ("project", "previous", Decimal(10), 2021, None),
        ("project", "amount", Decimal(15), None, None),
        ("project", "change", Decimal(5), 2021, None),
        ("public", "previous", Decimal(3), 2022, "execution"),
        ("public", "amount", Decimal(2), None, None),
    ]


@pytest.mark.parametrize("words", ["持平", "无变化", "一致", "无增减变化", "相同", "保持不变"])
def test_level(words: str) -> None:
    claims, found = read("three_public", f"公务接待费3万元，与2022年预算{words}，主要原因是接待{words}。")
    assert [(c.measure, c.direction, c.value) for c in claims] == [
        ("amount", None, Decimal(3)),
        ("change", "level", Decimal(0)),
    ]
    assert (claims[1].text, claims[1].figure, claims[1].compared_year) == (words, None, 2022)
    assert len(found.figures) == 1


def test_about_level_is_not_level() -> None:
    assert said("three_public", "公务接待费3万元，与2022年预算基本持平。") == [("reception", "amount", "3万元")]


def test_behind_a_list_nobody_knows_whose_change_it_is() -> None:
    text = "支出预算10万元，其中基本支出8万元，项目支出2万元，较上年增加1万元，增长11.1%"
    doubtful = said("overview", text + "。")
    assert [subject for subject, measure, _ in doubtful if measure != "amount"] == ["other:较上年增加"] * 2
    goes_on = said("overview", text + "，上年结转0万元。")
    assert [subject for subject, measure, _ in goes_on if measure != "amount"] == ["other:较上年增加"] * 2
    between = said("overview", "支出预算10万元，其中基本支出8万元，较上年增加1万元，项目支出2万元，较上年减少1万元。")
    assert [subject for subject, measure, _ in between if measure == "change"] == ["basic", "project"]


# ── three public items ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_change_behind_a_bracket_is_of_what_stands_before_it() -> None:
    text = (
        "“三公”经费5万元，其中：公务用车购置及运维费4万元（其中：公务用车购置费为0万元，运维费4万元)，"
        "与2022年预算相比减少1万元；公务接待费1万元，较去年无变化。"
    )
    assert said("three_public", text) == [
        ("three_public_total", "amount", "5万元"),
        ("vehicle_total", "amount", "4万元"),
        ("vehicle_purchase", "amount", "0万元"),
        ("vehicle_running", "amount", "4万元"),
        ("vehicle_total", "change", "-1万元"),
        ("reception", "amount", "1万元"),
        ("reception", "change", "0万元"),
    ]
    assert parents("three_public", text)[1:] == [
        ("vehicle_total", "three_public_total"),
        ("vehicle_purchase", "vehicle_total"),
        ("vehicle_running", "vehicle_total"),
        ("reception", "three_public_total"),
    ]


def test_a_list_in_paragraphs() -> None:
    texts = (
        "2023年“三公”经费预算较2022年预算共计减少1万元。其中：",
        "（一）公务用车购置及运行维护费8万元。其中：",
        "1.公务用车购置费0万元；",
        "2.公务用车运行维护费8万元，比2022年减少1万元，下降11.11%。",
        "（二）公务接待费2万元。与上年持平。",
    )
    assert parents("three_public", *texts) == [
        ("three_public_total", None),
        ("vehicle_total", "three_public_total"),
        ("vehicle_purchase", "vehicle_total"),
        ("vehicle_running", "vehicle_total"),
        ("reception", "three_public_total"),
    ]
    assert said("three_public", *texts)[-1] == ("reception", "change", "0万元")


def test_headings_within_a_section() -> None:
    texts = (
        "三公经费预算7万元。其中：",
        "（一）因公出国（境）费",
        "2023年预算安排0万元，与2022年持平。",
        "（二）公务接待费。2023年安排7万元，较上年减少10%。",
        "（三）其他说明",
        "2023年安排3万元。",
    )
    assert said("three_public", *texts) == [
        ("three_public_total", "amount", "7万元"),
        ("outbound", "amount", "0万元"),
        ("outbound", "change", "0万元"),
        ("reception", "amount", "7万元"),
        ("reception", "percentage", "-10%"),
        ("other:2023年安排", "amount", "3万元"),
    ]
    assert [parent for _, parent in parents("three_public", *texts)[1:]] == ["three_public_total"] * 3
    assert said("three_public", "我单位2023年未安排因公出国（境）费用，预算0万元。") == [
        ("other:预算", "amount", "0万元")
    ]


def test_level_with_a_number() -> None:
    assert said("three_public", "公务接待费1万元，与2022年预算一致1万元。") == [
        ("reception", "amount", "1万元"),
        ("reception", "planned", "1万元"),
        ("reception", "change", "0万元"),
    ]


def test_items_are_no_subjects_elsewhere() -> None:
    assert said("overview", "办公费2万元、公务接待费1万元。")[1][0] == "other:公务接待费"


# ── other sections ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("agency_operating", "2023年共安排12万元，主要用于办公费。", "agency_operating 12"),
        ("agency_operating", "我局及所属单位机关运行经费财政拨款预算12万元。", "agency_operating 12"),
        ("three_public", "2023年预算安排1万元。", "three_public_total 1"),
        ("asset", "上年末固定资产金额为9万元，本年计划购置2万元。", "asset_total 9, asset_purchase_planned 2"),
        ("asset", "截至2022年12月31日，我部门固定资产总额9万元。", "asset_total 9"),
        (
            "procurement",
            "我局安排政府采购预算9万元，其中：货物类采购预算4万元、政府采购工程预算0万元、服务类5万元。",
            "procurement_total 9, procurement_goods 4, procurement_works 0, procurement_services 5",
        ),
        (
            "procurement",
            "面向中小企业预留政府采购项目预算金额9万元，其中，预留给小型和微型企业的政府采购项目预算为4万元。",
            "procurement_sme_reserved 9, procurement_small_micro_reserved 4",
        ),
        (
            "performance",
            "满意度达到95%，编报绩效目标的项目4个，涉及项目预算资金9万元。其中：培训费5万元，宣传费4万元。",
            "performance_funds 9, project:培训费 5, project:宣传费 4",
        ),
    ],
)
def test_sections(kind: str, text: str, expected: str) -> None:
    amounts = [tuple(entry.split()) for entry in expected.split(", ")]
    assert said(kind, text) == [(subject, "amount", f"{value}万元") for subject, value in amounts]


def test_a_project_of_its_own_section() -> None:
    texts = ("一、项目概述", "总投资9万元。", "六、年度预算安排", "7万元", "七、绩效目标", "节约1万元。")
    assert said("project", *texts, heading="人民调解项目经费情况说明") == [("project:人民调解", "amount", "7万元")]
    listed = ("六、年度预算安排", "A系统维护费7万元，第一季度用款计划2万元。")
    assert said("project", *listed, heading="项目经费情况说明") == [
        ("project:A系统维护费", "amount", "7万元"),
        ("other:第一季度用款计划", "amount", "2万元"),
    ]


# ── function items ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "code", "resolution"),
    [
        ("“一般公共服务支出（类）宣传事务（款）一般行政管理事务（项）”", "2013302", "from_label"),
        ("“一般公共服务支出-政府办公厅（室）及相关机构事务-行政运行”科目", "2010301", "from_label"),
        ("医疗卫生与计划生育支出（210类）行政事业单位医疗（11款）行政单位医疗（01项）", "2101101", "as_printed"),
        ("社会保障和就业支出（类）行政事业单位养老支出（款）其它行政事业单位养老支出（项）", "2080599", "from_label"),
        ("其他支出（类）彩票公益金安排的支出（款）用于体育事业的彩票公益金支出（项）", "2296003", "from_label"),
        ("行政运行（2010301）", "2010301", "as_printed"),
    ],
)
def test_function_items(name: str, code: str, resolution: str) -> None:
    text = f"4.{name}10.60万元，主要用于宣传。2022年当年预算执行数为11万元，2023年预算安排10.60万元，"
    claims, found = read("overview", text + "比2022年预算执行数减少3.64%。主要原因是：经费减少。")
    assert [(c.measure, c.value, c.compared_year, c.compared_basis) for c in claims] == [
        ("amount", Decimal("10.60"), None, None),
        ("previous", Decimal(11), 2022, "execution"),
        ("planned", Decimal("10.60"), None, None),
        ("percentage", Decimal("-3.64"), 2022, "execution"),
    ]
    assert {(c.subject, c.row_order) for c in claims} == {(code, 1)}
    assert (found.rows[0].subject_code, found.figures[0].code_resolution) == (code, resolution)
    assert claims[3].reason == "经费减少"


def test_names_of_several_codes() -> None:
    name = "公共安全支出（类）其他公共安全支出（款）其他公共安全支出（项）"
    assert said("overview", f"1.“{name}”3万元。", codes=("2049999",))[0][0] == "2049999"
    assert said("overview", f"1.“{name}”3万元。")[0][0].startswith("other:")
    assert said("overview", "1.“没有支出（类）没有事务（款）行政运行（项）”3万元。")[0][0].startswith("other:")


def test_items_are_parts_of_what_announces_them() -> None:
    texts = (
        "财政拨款支出预算5万元。财政拨款支出预算中，一般公共预算拨款支出预算5万元。",
        "财政拨款支出变化的主要原因是工作量增加",
        "财政拨款支出主要内容如下：",
        "1.“一般公共服务支出（类）财政事务（款）行政运行（项）”5万元，主要用于：",
        "日常开支。2022年当年预算执行数为4万元。",
    )
    assert parents("overview", *texts) == [
        ("fiscal_appropriation_expenditure", None),
        ("general_public_expenditure", "fiscal_appropriation_expenditure"),
        ("fiscal_appropriation_expenditure", None),  # the families of funds and of items stay apart
        ("2010601", "fiscal_appropriation_expenditure"),
    ]


def test_classes() -> None:
    text = "支出预算9万元，其中：一般公共服务支出8万元，社会保障和就业支出1万元。"
    assert [subject for subject, _, _ in said("overview", text)] == ["total_expenditure", "201", "208"]


# ── what is damaged, and what is no claim ───────────────────────────────────────────────────────────────────────────


def test_a_broken_sentence() -> None:
    claims, _ = read("overview", "2023年收入预算为118.", "46万元，其中一般公共预算", "收入90万元。")
    assert [(c.subject, c.text) for c in claims] == [
        ("total_revenue", "118.46"),
        ("general_public_appropriation", "90"),
    ]
    assert claims[1].locator == "line 2"


def test_the_end_of_a_page_printed_again() -> None:
    whole = "1.“一般公共服务支出（类）财政事务（款）行政运行（项）”5万元，用于办公。2022年预算执行数为4万元。"
    claims, _ = read("overview", whole, "”5万元，用于办公。2022年预算执行数为4万元。")
    assert [(c.row_order, c.subject, c.measure) for c in claims] == [
        (1, "2010601", "amount"),
        (1, "2010601", "previous"),
        (2, "2010601", "amount"),
        (2, "2010601", "previous"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "单价100万元（含）以上设备0台。",
        "单价在20万元以上的设备2台。",
        "申请400.00万元以上基本建设项目。",
        "投资3000.00万元及以下的项目。",
        "每人每年500元。",
        "补助20元/人。",
        "12345热线。",
    ],
)
def test_no_claims(text: str) -> None:
    for kind in ("overview", "asset", "project"):
        assert said(kind, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "基本支出中工资福利支出8万元。",
        "下属事业单位基本支出5万元。",
        "局本级基本支出5万元。",
        "其他项目支出5万元。",
        "基本支出、项目支出合计5万元。",
        "收入预算比上年增加（减少）5万元。",
        "非财政拨款收入5万元。",
        "基本支出占60%。",
        "因人员增加安排基本支出5万元。",
    ],
)
def test_what_is_not_certain_is_not_known(text: str) -> None:
    claims, found = read("overview", text)
    assert [claim.subject[:6] for claim in claims] == ["other:"]
    assert len(claims[0].subject) <= len("other:") + 12
    assert [(issue.severity, issue.what) for issue in found.issues] == [
        ("info", "the prose states a number whose subject is not known")
    ]


@pytest.mark.parametrize("number", ["1,23.45", "10 959.70", "1.2.3", "002.08"])
def test_numbers_that_cannot_be_read(number: str) -> None:
    claims, found = read("overview", f"收入预算{number}万元。")
    assert claims == []
    assert [(issue.severity, issue.locator) for issue in found.issues] == [("warning", "line 0")]


@pytest.mark.parametrize(
    ("number", "yuan"),
    [
        ("３，１２１．４２万元", "31214200.00"),
        ("3,121.42 万元", "31214200.00"),
        ("7401.9 5万元", "74019500.00"),
        ("2023 5元", "5"),
        ("1.2亿元", "120000000.0"),
        ("23.5万", "235000.0"),
    ],
)
def test_numbers(number: str, yuan: str) -> None:
    claim = only("overview", f"收入预算{number}。")
    assert claim.amount_yuan == Decimal(yuan)
    assert claim.figure is not None
    assert claim.figure.amount_yuan == Decimal(yuan)


def test_nothing_to_read() -> None:
    claims, found = read("overview", "我部门无其他需要说明的事项。")
    assert (claims, found.statement.status, found.figures) == ([], "missing", ())


def test_wrong_words_are_named() -> None:
    with pytest.raises(WordingError, match="unknown keys"):
        parse_wording(WORDS.read_text("utf-8") + "\nnonsense: x\n")
    with pytest.raises(WordingError, match="level"):
        parse_wording(WORDS.read_text("utf-8").replace("level: '", "level: '("))


# ── any wording ─────────────────────────────────────────────────────────────────────────────────────────────────────


def sections_of(what: Told) -> list[ProseSection]:
    found: list[ProseSection] = []
    for section in what.disclosure.sections:
        for text in (section.heading, *section.sentences):
            if kind := section_of(squash(text)):
                found.append(ProseSection(kind, text, None, None))
            elif found:
                found[-1].paragraphs.append(Paragraph(text))
    return found


def assert_all_is_claimed(what: Told) -> None:
    codes = [said.subject for said in what.said if said.subject.isdigit()]
    claims, _ = read_claims(sections_of(what), HEBEI, disclosure(what.disclosure.year, codes))
    expected = Counter((s.section, squash(s.subject), s.measure, s.value, s.unit) for s in what.said)
    assert Counter((c.section, squash(c.subject), c.measure, c.value, c.unit) for c in claims) == expected


_ANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@given(told())
@_ANY
def test_whatever_hebei_says(what: Told) -> None:
    assert_all_is_claimed(what)


@given(shanghai_told())
@_ANY
def test_whatever_shanghai_says(what: Told) -> None:
    assert_all_is_claimed(what)


_NAMES = "收入预算 基本支出 公务接待费 经费 （类）"
_WORDS = "其中： （ ） ， ； 。 较上年 增加 减少 5万元 12% 持平 、 主要为 2022年 ： - 分别为 占 1. 由 到"
_PIECES = [*_NAMES.split(), *_WORDS.split(), "\n", " "]
_KINDS = ("overview", "three_public", "asset", "project", "performance")


@given(st.sampled_from(_KINDS), st.lists(st.sampled_from(_PIECES), max_size=40))
@_ANY
def test_anything_is_read(kind: str, pieces: list[str]) -> None:
    claims, found = read(kind, *"".join(pieces).split("\n"))
    assert len(found.figures) <= len(claims)


# ── one comparison for a whole list, and units that are cut ───────────────────────────────────────────────────────


def level_of(text: str) -> list[str]:
    return [subject for subject, measure, _ in said("three_public", text) if measure == "change"]


def test_what_stays_level_behind_a_list_is_all_of_the_list() -> None:
    text = "公务用车购置费0万元，因公出国费用0万元，公务接待费0万元，与2022年度保持持平。"
    assert level_of(text) == ["vehicle_purchase", "outbound", "reception"]


def test_an_item_with_a_comparison_of_its_own_is_none_of_the_list() -> None:
    grown = "公务用车运行维护费24万元，与2022年公务用车运行维护费相比有所增加，"
    assert level_of(grown + "因公出国费用0万元，公务接待费0万元，与2022年度持平。") == ["outbound", "reception"]
    assert level_of("因公出国费用0万元；公务接待费2万元，与2022年度持平。") == ["reception"]
    assert level_of("因公出国费用0万元。公务接待费2万元，与2022年度持平。") == ["reception"]


def test_a_whole_is_not_level_because_its_part_is() -> None:
    assert level_of("“三公”经费预算2万元，公务接待费2万元，与2022年持平。") == ["reception"]


@pytest.mark.parametrize(
    "text", ["2022年执行数为15.00万，", "2022年预算数15.00万。", "公务接待费支出15.00万、", "比上年增加15.00万，"]
)
def test_of_an_amount_that_prints_only_a_part_of_its_unit_there_is_an_issue(text: str) -> None:
    claims, found = read("overview", f"项目支出20.00万元，{text}其他事项。")
    (cut,) = [claim for claim in claims if claim.text == "15.00"]
    assert (cut.unit, cut.amount_yuan) == ("万元", Decimal(150_000))
    assert [issue.text[-6:] for issue in found.issues if "万元" in issue.what] == ["15.00万"]


def test_what_is_counted_in_tens_of_thousands_is_no_money() -> None:
    claims, found = read("overview", "项目支出20.00万元，受理群众来电30万，办结率99%。")
    assert [claim.text for claim in claims if claim.unit == "万元"] == ["20.00"]
    assert [issue.what for issue in found.issues if "30万" in issue.text] == ["a number of the prose cannot be read"]


def test_one_number_may_be_that_of_each_subject() -> None:
    assert said("three_public", "因公出国（境）费、公务用车购置费均为0万元，与上年持平。") == [
        ("outbound", "amount", "0万元"),
        ("vehicle_purchase", "amount", "0万元"),
        ("outbound", "change", "0万元"),
        ("vehicle_purchase", "change", "0万元"),
    ]
    both = "“三公”经费预算3万元，其中：因公出国（境）费和公务用车购置费都是0万元，公务接待费3万元。"
    assert [subject for subject, _, _ in said("three_public", both)] == [
        *("three_public_total", "outbound", "vehicle_purchase", "reception"),
    ]
    unknown = said("three_public", "因公出国（境）费、其他某费均为0万元。")
    assert [subject for subject, _, _ in unknown if not subject.startswith("other:")] == []

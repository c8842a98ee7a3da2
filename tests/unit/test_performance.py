"""绩效目标表: targets, levels, rows in pieces, lost headers; the same rows from text, Word and PDF."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from pipeline.annexes.find import find_rest
from pipeline.annexes.model import AnnexRead, Indicator, PerformanceTable
from pipeline.annexes.performance import read_performance
from pipeline.annexes.performance_rules import measured, parse_target, plain, says_date
from pipeline.documents.detect import read_document
from pipeline.documents.model import Cell, Document, Grid, Paragraph
from tests.support import HEBEI, table

Read = tuple[tuple[PerformanceTable, ...], tuple[Indicator, ...], AnnexRead]

HEADER = "一级指标|二级指标|三级指标|绩效指标描述|指标值|指标值确定依据"
GOAL = "绩效目标|1.开好会议||||"
ROWS = (
    "产出指标|数量指标|会议次数|全年会议的次数|≥4次|年度计划",
    "|质量指标|出席率|到会人员的比例|≥95%|年度计划",
    "|时效指标|完成时限|全部会议开完的时间|2023年12月|年度计划",
    "|成本指标|会议成本|全年会议的费用|≤30万元|部门预算",
    "效益指标|社会效益指标|工作效率|会议对工作的作用|提升|年度计划",
    "满意度指标|服务对象满意度指标|人员满意度|参会人员的满意度|≥90%|问卷调查",
)


def document_read(document: Document) -> Read:
    return read_performance(find_rest(document, HEBEI).of("performance"), HEBEI)


def text_read(text: str) -> Read:
    return document_read(read_document(text.encode(), "capture.txt"))


def one(*rows: str, title: str = "1、会议经费绩效目标表", header: str = HEADER) -> Read:
    lines = [header, *rows] if header else list(rows)
    return text_read(f"{title}\n\n{table(lines)}\n")


def whats(read: Read, *severities: str) -> list[str]:
    return [issue.what for issue in read[2].issues if not severities or issue.severity in severities]


def levels(read: Read) -> list[tuple[str | None, str | None, str | None]]:
    return [(i.level_1, i.level_2, i.level_3) for i in read[1]]


# ── targets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("≥95百分比", ("≥", "95", "百分比")),
        ("≥ 5 篇", ("≥", "5", "篇")),
        ("16.4万元", (None, "16.4", "万元")),
        ("≤30 万元", ("≤", "30", "万元")),
        ("100 百分率", (None, "100", "百分率")),
        (">3.5 万份", (">", "3.5", "万份")),
        ("＞10次", (">", "10", "次")),
        (">=95％", ("≥", "95", "%")),
        ("＝100%", ("=", "100", "%")),
        ("小于等于5天", ("≤", "5", "天")),
        ("不超过30万元", ("≤", "30", "万元")),
        ("不少于 3 次", ("≥", "3", "次")),
        ("低于 5 %", ("<", "5", "%")),
        ("3天内", ("≤", "3", "天")),
        ("95%（含）以上", ("≥", "95", "%")),
        ("1,234.5万元", (None, "1234.5", "万元")),
        ("6 套（个）", (None, "6", "套(个)")),
        ("≥4 次/年", ("≥", "4", "次/年")),
        ("≤3 月", ("≤", "3", "月")),
        ("２０台", (None, "20", "台")),
        ("≥10\n万条", ("≥", "10", "万条")),
        ("4.5", (None, "4.5", None)),
        ("2012.50万元", (None, "2012.50", "万元")),
        ("≤2023.1万元", ("≤", "2023.1", "万元")),
    ],
)
def test_a_target_is_operator_number_and_unit(text: str, expected: tuple[str | None, str, str | None]) -> None:
    target = parse_target(text)
    assert target is not None
    assert (target.operator, str(target.value), target.unit) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2023年12月",
        "2023 年 12 月",
        "2023年12月31日前",
        "12月底前",
        "每月 25 日前",
        "2023-12-31",
        "6月",
        "2023.12",
        "2023.6.30前",
    ],
)
def test_a_date_is_no_number(text: str) -> None:
    assert (parse_target(text), says_date(text)) == (None, True)


@pytest.mark.parametrize(
    "text",
    [
        "不涉及",
        "提升",
        "",
        "3-5工作日",
        "95%-100%",
        "≥98%且≤99%",
        "≤95%以上",
        "10 20次",
        "100²",
        "①次",
        "约30万元",
        "100%完成",
        "≥98%问卷调查",
        "≥95百分比工作制度",
        "6套（个）会议室数",
    ],
)
def test_what_says_more_than_one_number_is_none(text: str) -> None:
    assert (parse_target(text), says_date(text)) == (None, False)


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        *((f"≥95{unit}", "95", "%") for unit in ("%", "％", "百分比", "百份比", "百分率")),
        ("≥33万个", "330000", "个"),
        ("3.4 万平方米", "34000", "平方米"),
        ("40平米", "40", "平方米"),
        ("2.5亿次", "250000000", "次"),
        ("30万", "300000", None),
        ("16.4万元", "16.4", "万元"),
        ("5百分点", "5", "百分点"),
        ("20", "20", None),
        ("99999999999999亿次", "99999999999999", "亿次"),  # more than a table can hold
    ],
)
def test_targets_are_in_units_that_can_be_compared(printed: str, value: str, unit: str | None) -> None:
    target = parse_target(printed)
    assert target is not None
    assert measured(target.value, target.unit) == (Decimal(value), unit)


def test_a_cost_that_prints_only_a_part_of_its_unit_is_money() -> None:
    row = "产出指标|成本指标|会议成本|会议的费用|≤30万|年度计划"
    _, (cost,), read = one(GOAL, row)
    assert (cost.target_value, cost.target_unit, cost.target_as_printed) == (Decimal(30), "万元", "≤30万")
    assert [figure.amount_yuan for figure in read.figures] == [Decimal(300_000)]
    assert [issue.text for issue in read.issues if issue.severity == "warning"] == ["≤30万 → 万元"]


def test_white_space_beside_a_chinese_character_is_a_broken_line() -> None:
    assert plain("次数 达\n标，见 IP  address 3 号") == "次数达标，见IP address 3号"


# ── the usual table ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_levels_are_carried_down_and_the_goal_stands_above_or_below_the_header() -> None:
    above, below = one(GOAL, HEADER, *ROWS, header=""), one(GOAL, *ROWS)
    for tables, indicators, read in (above, below):
        (project,) = tables
        assert (project.number, project.name, project.goal, project.indicators) == (1, "会议经费", "1.开好会议", 6)
        assert [i.level_1 for i in indicators] == ["产出指标"] * 4 + ["效益指标", "满意度指标"]
        assert read.issues == ()
        assert (read.statement.status, read.statement.rows, read.statement.figures) == ("present", 6, 4)


def test_every_number_is_a_figure_with_its_row_and_only_money_is_yuan() -> None:
    _, indicators, read = one(GOAL, *ROWS)
    assert [(f.item, f.text_as_printed, f.printed_unit, f.amount_yuan, f.is_money) for f in read.figures] == [
        ("indicator_1", "≥4次", "次", Decimal(4), False),
        ("indicator_2", "≥95%", "%", Decimal(95), False),
        ("indicator_4", "≤30万元", "万元", Decimal("300000.00"), True),
        ("indicator_6", "≥90%", "%", Decimal(90), False),
    ]
    assert {f.measure for f in read.figures} == {"target"} == set(read.statement.measures)
    assert [(row.item, row.parent, row.label) for row in read.rows][:2] == [
        ("indicator_1", "project_1", "会议次数"),
        ("indicator_2", "project_1", "出席率"),
    ]
    assert [i.target_as_printed for i in indicators] == ["≥4次", "≥95%", "2023年12月", "≤30万元", "提升", "≥90%"]
    assert (indicators[2].target_value, indicators[4].operator) == (None, None)


def test_the_goal_may_be_split_over_rows_and_begin_in_another_column() -> None:
    tables, indicators, read = text_read(
        "1、会议经费绩效目标表\n\n"
        + table(["绩效目标 1||1.开好会议，确保按||||", "||时召开||||", "||2.节约||||", HEADER, *ROWS])
        + "\n"
    )
    assert tables[0].goal == "1.开好会议，确保按时召开2.节约"
    assert (len(indicators), read.issues) == (6, ())


def test_a_goal_outside_the_table() -> None:
    tables, _, read = text_read(f"1、会议经费绩效目标表\n\n绩效目标：开好会议\n\n{table([HEADER, *ROWS])}\n")
    assert (tables[0].goal, tables[0].indicators, read.issues) == ("开好会议", 6, ())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("1、会议经费绩效目标表", "会议经费"),
        ("1.会议经费绩效目标申报表", "会议经费"),
        ("1. （上年结转）“智慧”会议经费绩效目标表", "（上年结转）“智慧”会议经费"),
        ("（一）会议经费绩效目标表", "会议经费"),
        ("1.12345热线经费绩效目标表", "12345热线经费"),
        ("3.15活动经费绩效目标表", "3.15活动经费"),
        ("8、12345 热线经费绩效目标表", "12345热线经费"),
        ("2023年度会议经费绩效目标表", "2023年度会议经费"),
    ],
)
def test_a_project_is_named_by_its_title(title: str, name: str) -> None:
    assert one(GOAL, *ROWS, title=title)[0][0].name == name


def test_the_table_of_the_whole_department_is_number_0_and_no_project() -> None:
    whole = "（四）部门整体支出绩效指标\n\n" + table([HEADER, *ROWS[:2]])
    tables, indicators, read = text_read(f"{whole}\n\n1、会议经费绩效目标表\n\n{table([GOAL, HEADER, *ROWS])}\n")
    assert [(t.number, t.name, t.indicators) for t in tables] == [(0, None, 2), (1, "会议经费", 6)]
    assert [i.project_number for i in indicators] == [0, 0] + [1] * 6
    assert read.rows[0].parent == "project_0"


def test_two_tables_of_one_name_are_both_loaded_with_a_warning() -> None:
    first, second = (f"{n}、会议经费绩效目标表\n\n" + table([GOAL, HEADER, *ROWS]) for n in (1, 2))
    read = text_read(f"{first}\n\n{second}\n")
    assert len(read[1]) == 12
    assert whats(read) == ["two performance tables name the same project; both are loaded"]


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_columns_may_stand_in_another_order_with_others_between() -> None:
    header = "序号|一级指标|二级指标|三级指标|指标值|权重|绩效指标描述|指标值确定依据"
    _, indicators, read = one("7|产出指标|数量指标|会议次数|≥4次|10|全年会议的次数|年度计划", header=header)
    (indicator,) = indicators
    assert (indicator.description, indicator.target_as_printed, indicator.basis) == (
        "全年会议的次数",
        "≥4次",
        "年度计划",
    )
    assert read.rows[0].number == 7
    assert [(i.what, i.text) for i in read.issues] == [("a column of the performance tables is not loaded", "权重")]


SPLIT = (
    "产出指标|数量指标|会议次数|全年会议的次数|≥|4|次|年度计划",
    "|成本指标|会议成本|全年会议的费用|≤|30|万元|部门预算",
    "效益指标|社会效益指标|工作效率|会议对工作的作用|定性|提升||年度计划",
)


@pytest.mark.parametrize(
    "header",
    [
        ["一级指标|二级指标|三级指标|绩效指标描述|符号|值|单位|指标值确定依据"],
        ["一级指标|二级指标|三级指标|绩效指标描述|指标值|||指标值确定依据", "||||符号|值|单位（文字描述）|"],
        ["一级指标|二级指标|三级指标|绩效指标描述|指标值|||指标值确定依据"],
        ["绩效指标||||||", "一级指标|二级指标|三级指标|绩效指标描述|计算符号|指标值|计量单位|指标值确定依据"],
    ],
)
def test_sign_number_and_unit_may_have_columns_of_their_own(header: list[str]) -> None:
    _, indicators, read = text_read("1、会议经费绩效目标表\n\n" + table([*header, *SPLIT]) + "\n")
    assert [(i.operator, i.target_value, i.target_unit, i.target_as_printed) for i in indicators] == [
        ("≥", Decimal(4), "次", "≥4次"),
        ("≤", Decimal(30), "万元", "≤30万元"),
        (None, None, None, "提升"),
    ]
    assert [(f.text_as_printed, f.amount_yuan) for f in read.figures] == [("4", Decimal(4)), ("30", Decimal(300000))]
    assert all(issue.severity == "info" for issue in read.issues)


def test_a_lost_header_is_known_by_what_stands_in_the_columns() -> None:
    scoring = "达到目标得权重分的100%，每减少1次扣减10%"
    rows = [
        f"部门产出|数量|会议次数|{scoring}|全年会议的次数|≥|4|次|年度计划",
        f"||接待次数|{scoring}|全年接待的次数|≥|9|次|年度计划",
        f"部门效果|社会效益|工作效率|{scoring}|会议的作用||提升||年度计划",
    ]
    read = one(*rows, header="", title="部门整体支出绩效指标")
    assert levels(read) == [
        ("部门产出", "数量", "会议次数"),
        ("部门产出", "数量", "接待次数"),
        ("部门效果", "社会效益", "工作效率"),
    ]
    assert [i.description for i in read[1]] == ["全年会议的次数", "全年接待的次数", "会议的作用"]
    assert [(i.operator, i.target_value) for i in read[1]] == [("≥", 4), ("≥", 9), (None, None)]
    assert whats(read, "warning") == [
        "the header of a performance table is lost; its columns are known by what stands in them"
    ]


def test_a_damaged_header_is_known_by_its_place() -> None:
    read = one(*ROWS, header="一级指标|二级指标|三级指标|绩妙揩标|指标值|指标值确定依据")
    assert read[1][0].description == "全年会议的次数"
    assert whats(read) == ["a header of a performance table cannot be read; its place says which column it is"]


def test_a_table_whose_columns_cannot_be_known_is_named_row_by_row() -> None:
    read = one("甲|乙", "丙|丁", header="")
    assert read[1] == ()
    assert whats(read, "error") == ["the columns of a performance table are not known; the row is not loaded"] * 2


def test_a_title_without_a_table_is_a_warning_and_one_in_the_contents_is_none() -> None:
    body = "1、会议经费绩效目标表\n\n" + table([GOAL, HEADER, *ROWS])
    assert whats(text_read(f"2、印刷费绩效目标表\n\n{body}\n"), "warning") == [
        "the title of a performance table stands without a table"
    ]
    assert whats(text_read(f"1、会议经费绩效目标表\n\n三公经费情况\n\n{body}\n")) == []


def test_a_gap_in_the_numbers_of_the_titles_is_a_warning() -> None:
    one_, three = (
        f"{n}、{name}绩效目标表\n\n" + table([GOAL, HEADER, *ROWS]) for n, name in ((1, "甲项目"), (3, "乙项目"))
    )
    assert whats(text_read(f"{one_}\n\n{three}\n")) == ["the numbers of the performance tables have a gap"]


def test_a_project_named_inside_the_table() -> None:
    rows = ["项目名称|会议经费||||", GOAL, HEADER, *ROWS]
    again = ["项目名称|印刷费||||", GOAL, HEADER, *ROWS]
    tables, indicators, _ = text_read(f"项目支出绩效目标表\n\n{table(rows)}\n\n{table(again)}\n")
    assert [(t.number, t.name, t.indicators) for t in tables] == [(1, "会议经费", 6), (2, "印刷费", 6)]
    assert len(indicators) == 12


def test_a_table_within_anothers_is_a_project_without_a_title() -> None:
    text = "1、会议经费绩效目标表\n\n" + table([GOAL, HEADER, *ROWS]) + "\n\n" + table([GOAL, HEADER, *ROWS]) + "\n"
    tables, _, read = text_read(text)
    assert [(t.number, t.name, t.indicators) for t in tables] == [(1, "会议经费", 6), (2, None, 6)]
    assert whats((tables, (), read), "warning") == ["a performance table has lost its title; its project is not known"]


def test_a_title_on_two_lines_is_put_together() -> None:
    first = "1、会议经费绩效目标表\n\n" + table([GOAL, HEADER, *ROWS])
    for halves in ("2、很长名称的项目\n\n绩效目标表", "2、很长名称的项目绩效\n\n目标表"):
        tables = text_read(f"{first}\n\n{halves}\n\n{table([GOAL, HEADER, *ROWS])}\n")[0]
        assert [(t.number, t.name) for t in tables] == [(1, "会议经费"), (2, "很长名称的项目")]


# ── rows in pieces ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("again", [[HEADER], []])
def test_a_row_continued_below_a_page_break_belongs_to_the_row_before(again: list[str]) -> None:
    first = [GOAL, HEADER, *ROWS[:3], "|成本指标|会议成本|全年会议的|≤30万元|部门"]
    second = [*again, "|||费用，含场租||预算", *ROWS[4:]]
    read = text_read(f"1、会议经费绩效目标表\n\n{table(first)}\n\n{table(second)}\n")
    assert len(read[1]) == 6
    assert (read[1][3].description, read[1][3].basis) == ("全年会议的费用，含场租", "部门预算")
    assert [i.level_1 for i in read[1]] == ["产出指标"] * 4 + ["效益指标", "满意度指标"]
    assert whats(read) == []


@pytest.mark.parametrize("again", [[HEADER], []])
@pytest.mark.parametrize(
    ("above", "below", "target"),
    [
        ("满意度|服务对象|服务保|对保障的|≥90%|《经费", "指标|满意度指标|障天数|评价||办法》第2条", "≥90%"),
        ("产出指|时效指标|更新|设备投入|2023年12|市政府", "标||数量|使用|月|会议纪要", "2023年12月"),
        ("产出指|数量指标|服务|验收合格的|≤28.5万|市政府", "标||天数|比例|元|会议纪要", "≤28.5万元"),
        ("产出指标|时效指标|更新数量|按合同的|2023年|计划", "|||时间|12月|", "2023年12月"),
        ("产出指标|质量指标|出席率|到会人员|≥9|计划", "|||的比例|5%|", "≥95%"),
        ("产出指标|成本指标|会议|全年的|16.|计划", "||成本|费用|4万元|", "16.4万元"),
        ("|成本指标|会议|全年的|≤30|部门", "||成本|费用|万元|预算", "≤30万元"),
    ],
)
def test_a_row_cut_through_its_labels_and_its_target_is_one(
    again: list[str], above: str, below: str, target: str
) -> None:
    read = one(ROWS[0], above, "", *again, below)
    whole = one(ROWS[0], "|".join(a + b for a, b in zip(above.split("|"), below.split("|"), strict=True)))
    assert levels(read) == levels(whole)
    assert [i.target_as_printed for i in read[1]] == ["≥4次", target]
    assert [i.basis for i in read[1]] == [i.basis for i in whole[1]] and whats(read, "error", "warning") == []


def test_a_target_that_may_be_half_a_number_is_not_loaded() -> None:
    rest = "||到会率|到会人员的比例|5%|年度计划"
    read = one(*ROWS[:2], "||缺席率|缺席人员的比例|≤9|年度计划", "", HEADER, rest)
    assert [i.target_value for i in read[1]] == [4, 95, None, None]
    assert whats(read, "error") == [
        "a target and the one below it, beyond a page break, may be one number; neither is loaded"
    ]


def test_the_end_of_a_merged_label_belongs_to_the_row_where_it_begins() -> None:
    rows = [ROWS[0].replace("产出指标", "产出指"), ROWS[1], "", HEADER, "标" + ROWS[2], ROWS[3]]
    assert levels(one(*rows)) == levels(one(*ROWS[:4]))


def test_levels_go_on_below_a_page_break() -> None:
    first, second = [GOAL, HEADER, *ROWS[:2]], [HEADER, *ROWS[2:]]
    read = text_read(f"1、会议经费绩效目标表\n\n{table(first)}\n\n{table(second)}\n")
    assert [i.level_1 for i in read[1]] == ["产出指标"] * 4 + ["效益指标", "满意度指标"]


def test_a_target_and_a_level_may_be_parted_too() -> None:
    rows = [*ROWS[:5], "满意度指标|服务对象满|人员满意|参会人员的满意度|使参会人员|问卷调查", "|意度指标|度||达到满意|"]
    read = one(GOAL, *rows)
    assert levels(read)[-1] == ("满意度指标", "服务对象满意度指标", "人员满意度")
    assert (read[1][-1].target_as_printed, len(read[1])) == ("使参会人员达到满意", 6)


def test_the_label_of_a_block_beside_the_rest_of_a_row_is_that_of_the_rows_below() -> None:
    read = one(*ROWS[:4], "效益指标||||，按季|", "|社会效益指标|工作效率|会议的作用|提升|年度计划")
    assert [i.level_1 for i in read[1]] == ["产出指标"] * 4 + ["效益指标"]
    assert read[1][3].target_as_printed == "≤30万元，按季"


def test_merged_second_levels_make_indicators_and_no_pieces() -> None:
    rows = ["产出指标|数量指标|会议次数|次数|≥4次|计划", "||接待次数|次数|≥9次|计划", "||印刷份数|份数||计划"]
    read = one(*rows)
    assert levels(read) == [("产出指标", "数量指标", name) for name in ("会议次数", "接待次数", "印刷份数")]
    assert whats(read) == ["an indicator has no target"]


def test_a_row_in_two_halves_is_joined_and_a_short_row_placed_by_its_cells() -> None:
    def lines(*rows: str) -> str:
        return "\n\n".join("\n".join("\t" + cell for cell in row.split("|")) for row in rows)

    text = lines(
        HEADER,
        ROWS[0],
        "|质量指标|出席率",
        "到会人员的比例|≥95%|年度计划",
        "时效指标|及时率|及时开会的比例|≥98%|年度计划",
        *ROWS[3:],
    )
    read = text_read(f"1、会议经费绩效目标表\n{text}\n\n\n")
    assert [i.level_3 for i in read[1]] == ["会议次数", "出席率", "及时率", "会议成本", "工作效率", "人员满意度"]
    assert [i.level_1 for i in read[1]] == ["产出指标"] * 4 + ["效益指标", "满意度指标"]
    assert whats(read) == [
        "an indicator stands in two pieces; they are joined",
        "a row has lost or gained a cell; what stands in it says which column each is",
    ]


def test_a_row_shifted_by_a_lost_cell_is_put_back() -> None:
    read = one(*ROWS[:2], "时效指标|及时率|及时开会的比例|≥98%|年度计划|", *ROWS[3:])
    assert levels(read)[2] == ("产出指标", "时效指标", "及时率")
    assert (read[1][2].target_as_printed, read[1][2].basis) == ("≥98%", "年度计划")


def test_of_a_row_with_lost_cells_only_what_is_certain_is_loaded() -> None:
    read = one(*ROWS[:2], "|时效指标|及时率|会议 次数 ≥4次|年度计划|", "|时效指标 及时 开会|≥98%|年度计划||", *ROWS[3:])
    two, three = read[1][2:4]
    assert (two.level_2, two.level_3, two.description, two.target_as_printed) == ("时效指标", "及时率", None, None)
    assert (three.level_2, three.level_3, three.target_as_printed) == (None, None, "≥98%")
    assert (two.basis, three.basis) == ("年度计划", "年度计划")
    assert whats(read) == ["a row has lost cells; what has no certain place is not loaded"] * 2


def test_two_texts_in_one_cell_are_parted_by_what_they_say() -> None:
    rows = [
        *ROWS[:2],
        "||时效指标及时率|及时开会的比例|≥98%|年度计划",
        "|成本指标|会议成本|全年会议的费用|≤30万元年度计划|",
    ]
    read = one(*rows, *ROWS[4:])
    assert levels(read)[2] == ("产出指标", "时效指标", "及时率")
    assert (read[1][3].target_value, read[1][3].target_unit, read[1][3].basis) == (Decimal(30), "万元", "年度计划")
    assert whats(read) == ["a cell holds the texts of two columns; what they say parts them"] * 2


def test_of_several_reasons_behind_a_target_it_is_the_longest() -> None:
    reasons = ("划", "计划", "度计划", "年度计划")
    rows = [row.replace("年度计划", reason) for reason in reasons for row in ROWS[:3]]
    read = one(*rows, "|成本指标|会议成本|全年会议的费用|≤30万元年度计划|", *ROWS[4:])
    assert [(i.target_value, i.target_unit, i.basis) for i in read[1] if i.level_3 == "会议成本"] == [
        (Decimal(30), "万元", "年度计划")
    ]


def test_a_blank_third_level_is_carried_down_only_below_a_merged_second() -> None:
    apart = one("产出指标|数量指标|会议次数|次数|≥4次|计划", "|数量指标||份数|≥9份|计划")
    merged_ = one("产出指标|数量指标|会议次数|次数|≥4次|计划", "|||人次|≥9人次|计划")
    assert [i.level_3 for i in apart[1]] == ["会议次数", None]
    assert [i.level_3 for i in merged_[1]] == ["会议次数"] * 2


def test_a_row_that_is_noise_is_an_error_and_no_indicator() -> None:
    read = one(*ROWS[:2], "数重|灰里|1女线|划相同|划相同|נא וז", *ROWS[2:])
    assert len(read[1]) == 6
    below = "the row below an indicator cannot be read; its texts may go on there"
    assert whats(read) == ["a row of a performance table cannot be read; it is not loaded", below]
    assert [i.doubt for i in read[1]] == [None, below, None, None, None, None]


@pytest.mark.parametrize(
    "swallowed",
    ["指标值 ≥4次 有所提高", "≥4 次 人员有所提高 ≤2 天", "三级指标 会议次数 ≥4次 提升"],
)
def test_a_target_that_has_swallowed_its_column_is_marked(swallowed: str) -> None:
    read = one(ROWS[0], f"|成本指标|会议成本|小于去年|{swallowed}|部门预算", ROWS[4])
    assert [i.doubt for i in read[1]] == [None, "a target holds the texts of other cells", None]
    assert [(i.target_value, i.target_as_printed) for i in read[1]][1] == (None, swallowed)
    assert [issue.severity for issue in read[2].issues] == ["warning"]


def test_the_target_beside_a_swallowed_column_is_read_twice() -> None:
    rows = ("产出指标|质量指标|设备|使用|受 正常使用|计划", "|成本指标|成本|小于去年|指标值 ≥4次 正常使用|部门预算")
    assert [i.doubt for i in one(*rows)[1]] == [
        "two readings of a target differ",
        "a target holds the texts of other cells",
    ]


@pytest.mark.parametrize(("target", "marked"), [(", — , — ,", True), ("—", False), ("/", False), ("无", False)])
def test_a_target_without_a_word_is_marked(target: str, marked: bool) -> None:
    read = one(ROWS[0], f"|质量指标|出席率|比例|{target}|计划")
    assert (read[1][1].doubt == "a target holds no word") is marked


@pytest.mark.parametrize("target", ["≥98%且≤99%", "工作完成率 95%以上", "每年不少于 3 次，每次 2 天", "提高 工作效能"])
def test_a_target_in_words_is_not_doubted(target: str) -> None:
    assert [i.doubt for i in one(ROWS[0], f"|质量指标|出席率|比例|{target}|计划")[1]] == [None, None]


def test_a_number_among_other_words_is_not_loaded_and_named() -> None:
    read = one("产出指标|时效指标|答复时间|答复的时间|3-5工作日|规则", "|数量指标|次数|次数|≥9次|计划")
    assert (read[1][0].target_value, read[1][0].target_as_printed) == (None, "3-5工作日")
    assert [(i.what, i.text) for i in read[2].issues] == [
        ("a target holds a number and other words; the number is not loaded", "3-5工作日")
    ]


# ── displaced and damaged first levels ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("noise", ["", "→ .11+ -+=", "☆ 山+5+二"])
def test_a_label_printed_in_a_later_row_of_its_block_is_the_blocks(noise: str) -> None:
    rows = [
        "|数量指标|会议次数|次数|≥4次|计划",
        f"{noise}|质量指标|出席率|比例|≥95%|计划",
        "产出指标|时效指标|及时率|比例|≥98%|计划",
        "|成本指标|成本|费用|≤3万元|计划",
        "|经济效益指标|收入|收入|提升|计划",
        "效益指标|社会效益指标|效率|效率|提升|计划",
    ]
    read = one(*rows)
    assert [i.level_1 for i in read[1]] == ["产出指标"] * 4 + ["效益指标"] * 2
    assert set(whats(read)) <= {
        "the first level of an indicator is printed in a later row of its block",
        "the first level of an indicator cannot be read; its block says which it is",
    }
    assert whats(read, "warning", "error") == []


def test_a_label_that_no_row_of_the_block_prints_readably_is_the_documents_own() -> None:
    first = "1、甲项目绩效目标表\n\n" + table([HEADER, *ROWS])
    second = "2、乙项目绩效目标表\n\n" + table([HEADER, ROWS[0].replace("产出", "广山"), *ROWS[1:]])
    read = text_read(f"{first}\n\n{second}\n")
    assert [i.level_1 for i in read[1]][6:] == ["产出指标"] * 4 + ["效益指标", "满意度指标"]
    assert [(i.severity, i.text) for i in read[2].issues] == [("info", "广山指标 → 产出指标")]


def test_an_unknown_first_level_stands_as_printed() -> None:
    read = one("履职能力|人员数量|在岗人数|人数|≥4人|计划", "|制度建设|制度数|个数|≥2个|计划")
    assert {i.level_1 for i in read[1]} == {"履职能力"}
    assert whats(read, "warning", "error") == []


def test_satisfaction_may_stand_below_the_effects() -> None:
    rows = ["部门效果|社会效益|效率|效率|提升|计划", "|满意度|群众满意度|满意|≥85%|问卷"]
    assert [i.level_1 for i in one(*rows)[1]] == ["部门效果"] * 2


# ── states ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_missing_and_declared_empty_are_two_things() -> None:
    assert text_read("一、部门职责\n\n某局负责某事。\n")[2].statement.status == "missing"
    tables, indicators, read = text_read("1、会议经费绩效目标表\n\n注：本表为空表\n")
    assert (tables, indicators, read.statement.status, read.issues) == ((), (), "declared_empty", ())


# ── other formats ───────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = "1、会议经费绩效目标表"


def merged(rows: Iterable[str], page: int | None, paged: bool) -> Grid:
    """The rows as a grid with merged first levels: a blank first cell is covered by the one above it."""
    texts = [row.split("|") for row in rows]
    cells: list[Cell] = []
    for r, row in enumerate(texts):
        if row[0] == "绩效目标":
            cells += [Cell(r, 0, row[0]), Cell(r, 1, row[1], column_span=5)]
            continue
        for c, text in enumerate(row):
            if c == 0 and not text and r:
                continue
            span = 1
            while c == 0 and r + span < len(texts) and not texts[r + span][0]:
                span += 1
            box = (float(c), float(r), c + 1.0, r + 1.0) if paged else None
            cells.append(Cell(r, c, text, row_span=span, bbox=box))
    return Grid(tuple(cells), len(texts), 6, page)


def facts(indicators: Iterable[Indicator]) -> list[tuple[object, ...]]:
    return [
        (
            *(i.project_name, i.goal, i.level_1, i.level_2, i.level_3, i.description),
            *(i.operator, i.target_value, i.target_unit, i.target_as_printed, i.basis),
        )
        for i in indicators
    ]


def test_text_word_and_pdf_give_the_same_rows() -> None:
    rows = [GOAL, HEADER, *ROWS]
    expected = facts(text_read(f"{TITLE}\n\n{table(rows)}\n")[1])
    word = Document("docx", "word", (Paragraph(TITLE), merged(rows, None, paged=False)))
    pdf = Document("pdf", "pdf-grid", (Paragraph(TITLE, 1), merged(rows, 1, paged=True)), 1)
    inside = [f"{TITLE}|||||", *rows]
    titled = Document("pdf", "pdf-grid", (merged(inside, 1, paged=True),), 1)
    for document in (word, pdf, titled):
        read = document_read(document)
        assert facts(read[1]) == expected
        assert read[2].issues == ()
    assert document_read(pdf)[2].figures[0].bbox == (4.0, 2.0, 5.0, 3.0)
    assert len(expected) == 6


def test_a_merged_label_over_a_page_break_stands_on_either_page() -> None:
    """The text of a cell that goes over two pages is on one of them; the other part of the cell is blank."""
    one_page = [GOAL, HEADER, *ROWS]
    expected = facts(text_read(f"{TITLE}\n\n{table(one_page)}\n")[1])
    first = [GOAL, HEADER, "|" + ROWS[0].partition("|")[2], ROWS[1]]
    second = ["产出指标" + ROWS[2], *ROWS[3:]]
    blocks = (Paragraph(TITLE, 1), merged(first, 1, paged=True), Paragraph("- 2 -", 2), merged(second, 2, paged=True))
    read = document_read(Document("pdf", "pdf-grid", blocks, 2))
    assert facts(read[1]) == expected
    assert [i.page for i in read[1]] == [1, 1, 2, 2, 2, 2]
    assert {i.severity for i in read[2].issues} == {"info"}


def test_two_tables_on_one_page() -> None:
    rows = [GOAL, HEADER, *ROWS]
    blocks = (
        Paragraph(TITLE, 1),
        merged(rows, 1, paged=True),
        Paragraph("2、印刷费绩效目标表", 1),
        merged(rows, 1, paged=True),
    )
    tables = document_read(Document("pdf", "pdf-grid", blocks, 1))[0]
    assert [(t.name, t.indicators, t.page) for t in tables] == [("会议经费", 6, 1), ("印刷费", 6, 1)]


def test_a_cell_wrapped_over_lines_reads_as_one() -> None:
    wrapped = [row.replace("服务对象满意度", "服务对象\n满意度").replace("全年会议的", "全年会\n议的") for row in ROWS]
    blocks = (Paragraph(TITLE, 1), merged([GOAL, HEADER, *wrapped], 1, paged=True))
    read = document_read(Document("pdf", "pdf-grid", blocks, 1))
    assert facts(read[1]) == facts(text_read(f"{TITLE}\n\n{table([GOAL, HEADER, *ROWS])}\n")[1])

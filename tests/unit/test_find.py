"""Where annexes and prose stand: what begins them, what ends them, what belongs to neither."""

from __future__ import annotations

import pytest

from pipeline.annexes.find import Rest, find_rest, section_of
from pipeline.documents.detect import read_document
from pipeline.documents.model import Cell, Document, Grid, Paragraph
from pipeline.forms.printed import squash
from tests.support import HEBEI, table

STATEMENT = "部门预算收入总表\n\n" + table(["序号|科目编码|科目名称|合计", "1||合计|3.00"])
ASSETS = table(["项目|数量|价值（金额单位：万元）", "资产总额||12.00", "1、房屋（平方米）|20|12.00"])
TASKS = table(
    ["一级指标|二级指标|三级指标|绩效指标描述|指标值|指标值确定依据", "产出指标|数量指标|次数|开会次数|≥2次|计划"]
)


def rest(text: str) -> Rest:
    return find_rest(read_document(text.encode(), "capture.txt"), HEBEI)


def found(text: str) -> list[tuple[str, str, int]]:
    return [(annex.kind, annex.title, len(list(annex.rows))) for annex in rest(text).annexes]


def test_an_annex_begins_at_its_title_and_holds_its_table_and_the_lines_around() -> None:
    (annex,) = rest(
        f"七、国有资产信息\n\n部门固定资产占用情况表\n\n截止时间：2021-12-31\n\n{ASSETS}\n\n注：空表列示\n"
    ).annexes
    assert (annex.kind, len(list(annex.rows))) == ("asset", 3)
    assert [line.text for line in annex.lines] == ["截止时间：2021-12-31", "注：空表列示"]


def test_a_section_of_the_same_name_is_prose_and_not_a_table() -> None:
    text = f"六、政府采购预算情况\n\n安排政府采购预算0.00万元。\n\n部门政府采购预算\n\n{TASKS}\n"
    assert [s.kind for s in rest(text).sections] == ["procurement"]
    assert found(text) == [("procurement", "部门政府采购预算", 2)]


def test_a_table_continued_after_a_page_break_is_the_same_annex() -> None:
    one = "1、会议经费绩效目标表\n\n" + TASKS
    assert found(f"{one}\n\n{TASKS}\n") == [("performance", "1、会议经费绩效目标表", 4)]
    assert found(f"{one}\n\n{one}\n") == [("performance", "1、会议经费绩效目标表", 4)]  # its title too
    assert len(found(f"{one}\n\n{one.replace('会议', '印刷')}\n")) == 2


def test_statements_end_annexes_and_sections_and_are_neither() -> None:
    text = f"二、部门预算安排的总体情况\n\n收入12万元。\n\n{STATEMENT}\n\n211 某局\n\n{TASKS}\n"
    assert [len(s.paragraphs) for s in rest(text).sections] == [1]
    assert found(text) == []


def test_a_contents_page_begins_nothing() -> None:
    contents = "二、部门预算安排的总体情况.....- 17 -\n\n部门固定资产占用情况表.....9\n\n"
    assert rest(contents + "\n收入12万元。\n").sections == []
    assert found(contents) == []


def test_the_part_of_the_units_is_counted_and_not_read() -> None:
    text = f"第二部分 部门所属单位预算\n\n1、会议经费绩效目标表\n\n{TASKS}\n"
    assert (rest(text).annexes, rest(text).of_units) == ([], 1)
    assert found(f"第一部分 部门整体绩效目标\n\n1、会议经费绩效目标表\n\n{TASKS}\n")


def test_a_title_inside_its_grid_begins_an_annex() -> None:
    texts = [["部门固定资产占用情况表", ""], ["项目", "价值"], ["资产总额", "12.00"]]
    cells = tuple(Cell(r, c, t) for r, row in enumerate(texts) for c, t in enumerate(row) if t)
    document = Document("pdf", "pdf-grid", (Paragraph("七、国有资产信息", 1), Grid(cells, 3, 2, 1)), 1)
    (annex,) = find_rest(document, HEBEI).annexes
    assert [row.filled for row in annex.rows] == [["项目", "价值"], ["资产总额", "12.00"]]


def test_a_title_on_two_lines() -> None:
    assert found(f"1、城市道路照明设施日常养护及\n\n更新经费绩效目标表\n\n{TASKS}\n") == [
        ("performance", "1、城市道路照明设施日常养护及更新经费绩效目标表", 2)
    ]
    assert found(f"1、道路养护经费\n\n绩效目标表\n\n{TASKS}\n") == [("performance", "1、道路养护经费绩效目标表", 2)]


def test_a_table_right_below_the_heading_of_the_units() -> None:
    (annex,) = rest("二、机构设置\n\n" + table(["单位名称|单位性质", "某局本级|行政"])).annexes
    assert (annex.kind, len(list(annex.rows))) == ("organisation", 2)


def test_a_table_among_the_prose_without_a_title_is_told() -> None:
    section = rest(f"七、国有资产信息\n\n详见下表。\n\n部门固定□产占用情况表\n\n{ASSETS}\n")
    assert (section.annexes, [s.kind for s, _ in section.unclaimed]) == ([], ["asset"])
    assert rest(f"七、国有资产信息\n\n部门固定资产占用情况表\n\n{ASSETS}\n").unclaimed == []


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("一、部门职责及机构设置情况", "duties"),
        ("上海市某区财政局机构设置", "organisation"),
        ("2025年部门预算编制说明", "overview"),
        ("二、部门预算安排的总体情况", "overview"),
        ("三、机关运行经费安排情况", "agency_operating"),
        ("四、财政拨款“三公”经费预算情况及增减变化原因", "three_public"),
        ("一、2025年“三公”经费预算情况说明", "three_public"),
        ("五、国有资产占有使用情况", "asset"),
        ("人民调解项目经费情况说明", "project"),
        ("机构设置：", "organisation"),
        ("部门机构设置情况", None),
        ("本部门机关运行经费安排444.48万元。", None),
    ],
)
def test_headings(heading: str, kind: str | None) -> None:
    assert section_of(squash(heading)) == kind


def test_prose_between_two_rules_is_prose() -> None:
    texts = ["六、政府采购预算情况", "本部门安排政府采购预算3.00万元。"]
    frame = Grid(tuple(Cell(r, 0, text) for r, text in enumerate(texts)), 2, 1, 1)
    (section,) = find_rest(Document("pdf", "pdf-grid", (frame,), 1), HEBEI).sections
    assert (section.kind, [p.text for p in section.paragraphs]) == ("procurement", texts[1:])

"""机构设置: the units of a department, from its table and from the list in its prose; the same from every format."""

from __future__ import annotations

import pytest

from pipeline.annexes.find import ProseSection, find_rest
from pipeline.annexes.model import AnnexRead, OrganisationUnit
from pipeline.annexes.organisation import read_organisation
from pipeline.documents.detect import read_document
from pipeline.documents.model import Cell, Document, Grid, Paragraph
from pipeline.forms.form import load_forms
from tests.support import HEBEI, table

Read = tuple[tuple[OrganisationUnit, ...], AnnexRead]
SHANGHAI = next(form for form in load_forms() if form.name == "shanghai")

TITLE = "部门机构设置情况"
HEADER = "单位名称|单位性质|单位规格|经费保障形式"
ROWS = ("某市财政局本级|行政|正处（县）级|财政拨款", "某市评审中心|事业|正科级|财政性资金基本保证")
UNITS = [tuple(row.split("|")) for row in ROWS]
LOST = "headers of the table of units are lost; what stands in its columns says which they are"


def document_read(document: Document) -> Read:
    rest = find_rest(document, HEBEI)
    return read_organisation(rest.of("organisation"), rest.sections, HEBEI)


def text_read(text: str) -> Read:
    return document_read(read_document(text.encode(), "capture.txt"))


def one(*rows: str) -> Read:
    return text_read(f"{TITLE}\n\n{table(rows)}\n")


def prose(*lines: str) -> Read:
    section = ProseSection("organisation", "某区财政局机构设置", 4, None, [Paragraph(line, 4) for line in lines])
    return read_organisation([], [section], SHANGHAI)


def found(read: Read) -> list[tuple[str | None, ...]]:
    return [(unit.unit_name, unit.nature, unit.rank, unit.funding) for unit in read[0]]


def names(read: Read) -> list[str]:
    return [unit.unit_name for unit in read[0]]


def doubts(read: Read) -> list[tuple[str, str]]:
    return [(issue.severity, issue.what) for issue in read[1].issues]


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_is_a_unit() -> None:
    units, read = one(HEADER, *ROWS)
    assert found((units, read)) == UNITS
    assert (read.statement.status, read.statement.title, read.statement.rows) == ("present", TITLE, 2)
    assert [(row.item, row.label, row.number) for row in read.rows] == [
        ("unit_1", "某市财政局本级", 1),
        ("unit_2", "某市评审中心", 2),
    ]
    assert (read.figures, read.issues, read.statement.measures) == ((), (), ())


@pytest.mark.parametrize("header", [[], ["单位名称|单位名称 单位性质||经费保障形式"], ["单□名称|单位性质||"]])
def test_a_lost_header_is_known_by_what_stands_in_the_columns(header: list[str]) -> None:
    read = one(*header, *ROWS)
    assert found(read) == UNITS
    assert doubts(read) == [("info", LOST)]


def test_columns_in_another_order_and_one_that_is_not_loaded() -> None:
    read = one("序号|单位编码|单位规格|单位名称|单位性质|经费来源", "1|211001|正科级|某市评审中心|事业|财政拨款")
    assert found(read) == [("某市评审中心", "事业", "正科级", "财政拨款")]
    assert doubts(read) == [("info", "a column of the table of units is not loaded")]


def test_blank_cells_are_none_and_a_total_is_no_unit() -> None:
    read = one(HEADER, "某市财政局本级|行政||", "某市评审中心|—||财政拨款", "合计|2||")
    assert found(read) == [("某市财政局本级", "行政", None, None), ("某市评审中心", None, None, "财政拨款")]
    assert doubts(read) == [("info", "a row of the table of units is no unit; it is not loaded")]


def test_a_row_printed_on_two_lines_is_one_unit() -> None:
    read = one(HEADER, "某市重点项目建设|事业|正科级|财政性资金", "促进中心|||", "|||基本保证", ROWS[0])
    assert found(read) == [("某市重点项目建设促进中心", "事业", "正科级", "财政性资金基本保证"), UNITS[0]]


def test_a_unit_without_anything_else_is_a_unit() -> None:
    assert names(one(HEADER, ROWS[0], "某市评审中心|||")) == ["某市财政局本级", "某市评审中心"]


def test_a_table_that_goes_on_below_a_page_break() -> None:
    for again in ([HEADER], []):
        read = text_read(f"{TITLE}\n\n{table([HEADER, ROWS[0]])}\n\n{table([*again, ROWS[1]])}\n")
        assert (found(read), doubts(read)) == (UNITS, [])


@pytest.mark.parametrize("again", [[HEADER], []])
@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("某市财政局|事业|正科级|财政性资金定额", "机关服务中心|||或定项补助"),
        ("某市机关事务|参公|正处（县|财政拨款", "管理中心|事业|）级|"),
        ("某市财政局|事业|正科级|财政拨款", "机关服务中心|||"),
    ],
)
def test_a_unit_cut_by_a_page_break_is_one(again: list[str], above: str, below: str) -> None:
    read = one(HEADER, *ROWS, above, "", *again, below)
    assert found(read)[2:] == [tuple(a + b for a, b in zip(above.split("|"), below.split("|"), strict=True))]
    assert len(read[1].issues) == 1


def test_a_unit_that_prints_less_below_a_page_break_is_a_warning() -> None:
    read = one(HEADER, *ROWS, "", HEADER, "某市信息中心|||财政拨款")
    assert len(read[0]) == 3 and [severity for severity, _ in doubts(read)] == ["warning"]


def test_columns_that_cannot_be_known_are_an_error() -> None:
    assert doubts(one("甲|乙|丙|丁|戊|己", "子|丑|寅|卯|辰|巳"))[0] == (
        "error",
        "the columns of the table of units are not known; the row is not loaded",
    )


def test_cells_one_per_line_without_a_header() -> None:
    read = text_read(f"机构设置：\n{TITLE}\n \t某市财政局\n\t行政\n\t正处级\n\t财政拨款\n\n\n")
    assert found(read) == [("某市财政局", "行政", "正处级", "财政拨款")]


def test_text_word_and_pdf_give_the_same_units() -> None:
    texts = [HEADER.split("|"), ["某市评审\n中心", "事业", "正科级", "财政拨款"], ["某市干部\n学校", "", "正科级", ""]]
    plain = ["|".join(text.replace("\n", "") for text in row) for row in texts]
    cells = [Cell(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row)]
    merged = [cell for cell in cells if cell.text or cell.row != 2]  # nature and funding of both rows are one cell
    word = Document("docx", "word", (Paragraph(TITLE), Grid(tuple(merged), 3, 4)))
    pdf = Document("pdf", "pdf-grid", (Paragraph(TITLE, 3), Grid(tuple(cells), 3, 4, 3)), 3)
    expected = [("某市评审中心", "事业", "正科级", "财政拨款"), ("某市干部学校", None, "正科级", None)]
    assert found(one(*plain)) == found(document_read(word)) == found(document_read(pdf)) == expected
    assert [unit.page for unit in document_read(pdf)[0]] == [3, 3]


def test_missing_and_declared_empty() -> None:
    assert text_read("一、部门职责\n\n某局负责某事。\n")[1].statement.status == "missing"
    read = text_read(f"{TITLE}\n\n注：本表为空表\n")
    assert (read[0], read[1].statement.status, read[1].issues) == ((), "declared_empty", ())
    lost = text_read(f"{TITLE}\n\n某局负责某事。\n")
    assert doubts(lost) == [("warning", "no unit is read where the document speaks of its units")]


# ── the prose ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_units_listed_line_by_line() -> None:
    read = prose(
        "某区财政局部门预算是包括本部以及下属1家预算单位的综合收支计划。",
        "本部门中，行政单位1家，事业单位1家，具体包括：",
        "1.某区财政局（本部）。",
        "2.某区评审中心。",
    )
    assert found(read) == [("某区财政局（本部）", None, None, None), ("某区评审中心", None, None, None)]
    assert (read[1].statement.status, read[1].statement.page, read[1].issues) == ("present", 4, ())


@pytest.mark.parametrize(
    "lines",
    [
        ("本部门中，行政单位1家，参公单位1家，", "具体包括：1.某区财政局本部", "2.某区援助中心"),
        ("本部门中，行政单位1家，参公单位1家，具体包括：1.某区财政局本部；2.某区援助中心。",),
        ("本部门中，行政单位1家，参公单位一家，具体包括：某区财政局本部、某区援助中心。",),
        ("行政单位1家，参公单位1家，具体包括（列示至基层预算单位）：", "（1）某区财政局本部", "（2）某区援助", "中心"),
        ("（一）行政单位1家：", "1.某区财政局本部", "（二）参公单位1家：", "1.某区援助中心"),
    ],
)
def test_units_listed_in_other_ways(lines: tuple[str, ...]) -> None:
    read = prose(*lines)
    assert names(read) == ["某区财政局本部", "某区援助中心"]
    assert doubts(read) == []


def test_what_a_list_says_of_a_unit_is_its_nature_and_words_behind_its_name_are_named() -> None:
    read = prose("1.某区办公室本部。", "2.下属事业单位某区服务中心不单列预算，并入本部。", "3.某区研究室（参公单位）")
    assert [(u.unit_name, u.nature) for u in read[0]] == [
        ("某区办公室本部", None),
        ("某区服务中心", "事业单位"),
        ("某区研究室（参公单位）", "参公单位"),
    ]
    assert doubts(read) == [("info", "words behind the name of a listed unit are not loaded")]


def test_a_count_that_differs_from_the_list_is_named() -> None:
    read = prose("本部门中，行政单位1家，事业单位4家，具体包括：", "1.某区财政局本部", "2.某区评审中心")
    assert [(i.severity, i.what, i.text) for i in read[1].issues] == [
        ("info", "the prose states another number of units than it lists", "行政单位1家、事业单位4家 (5): 2")
    ]


def test_internal_offices_are_no_units() -> None:
    read = prose(
        "本部门设2个内设机构，包括：", "1.办公室", "2.预算科", "本部门中，行政单位1家，具体包括：", "1.某区财政局本部"
    )
    assert names(read) == ["某区财政局本部"]
    assert names(prose("某区财政局设3个内设机构，包括：办公室、预算科、国库科。")) == []


def test_a_table_counts_before_the_prose() -> None:
    section = ProseSection("organisation", "机构设置", None, None, [Paragraph("1.某区评审中心")])
    rest = find_rest(read_document(f"{TITLE}\n\n{table([HEADER, ROWS[0]])}\n".encode(), "capture.txt"), HEBEI)
    assert names(read_organisation(rest.of("organisation"), [section], HEBEI)) == ["某市财政局本级"]


def test_a_gap_in_the_numbers_of_the_list_is_a_warning() -> None:
    assert doubts(prose("1.某区财政局本部", "3.某区评审中心")) == [
        ("warning", "the numbers of the listed units have a gap")
    ]


# ── rows that stand for several units ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("某市政府办公室（参公4户）", 4),
        ("某市政府办公室（全额事业3户）", 3),
        ("某局（事业单位十二家）", 12),
        ("某局(本级)", 1),
        ("某市第4中学", 1),
        ("某局（含4户企业的名单见附件）", 1),
    ],
)
def test_a_row_may_stand_for_several_units(name: str, count: int) -> None:
    units, _ = one(HEADER, f"{name}|事业|正科级|财政拨款")
    assert [(unit.unit_name, unit.unit_count) for unit in units] == [(name, count)]

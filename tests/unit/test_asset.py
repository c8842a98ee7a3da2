"""固定资产占用情况表: the items of every edition, its date, blank and zero, what stands in another column."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from pipeline.annexes.asset import read_assets
from pipeline.annexes.find import find_rest
from pipeline.annexes.model import AnnexRead, AssetLine
from pipeline.documents.detect import read_document
from pipeline.forms.disclosure import NOTE_CONTRADICTS
from tests.support import HEBEI, table

HEADER = "项目|数量|价值（金额单位：万元）"
OLD = (
    "资产总额|——|100.00",
    "1、房屋（平方米）|5210|50.00",
    "其中：办公用房（平方米）|4500|40.00",
    "2、车辆（台、辆）|6|20.00",
    "3、单价在20万元以上的设备||",
    "4、其他固定资产|11|30.00",
)
NEW = (
    "资产总额||100.00",
    "1、房屋和建筑物|0|0",
    "2、设备（个、台、辆等）|1430|60.00",
    "3、家具和用具（个、套等）|1304|25.00",
    "4、文物和陈列品||",
    "5、图书和档案|12|5.00",
    "6、特种动植物||",
    "7、无形资产|1|10.00",
)
AS_OF = "截止时间：2022-12-31"


def capture(
    rows: Iterable[str],
    header: str = HEADER,
    around: str = AS_OF,
    after: str = "",
    year: int = 2023,
    common: str | None = None,
) -> tuple[tuple[AssetLine, ...], AnnexRead]:
    text = table([header, *rows] if header else rows).replace("\n\n", "\n\n\n")
    data = f"部门固定资产占用情况表\n\n{around}\n\n{text}\n\n{after}\n".encode()
    return read_assets(find_rest(read_document(data, "x.txt"), HEBEI).annexes, HEBEI, year, common)


def values(read: AnnexRead) -> dict[tuple[str, str], Decimal]:
    found = {(f.item, f.measure): f.amount_yuan / (10000 if f.is_money else 1) for f in read.figures}
    assert len(found) == len(read.figures), "a place is taken twice"
    return found


def doubts(read: AnnexRead, *severities: str) -> list[str]:
    return [issue.what for issue in read.issues if not severities or issue.severity in severities]


def test_the_items_of_the_old_edition() -> None:
    lines, read = capture(OLD)
    assert [(line.asset_item, line.quantity, line.value_yuan) for line in lines] == [
        ("total", None, Decimal("1000000.00")),
        ("building", Decimal(5210), Decimal("500000.00")),
        ("office_building", Decimal(4500), Decimal("400000.00")),
        ("vehicle", Decimal(6), Decimal("200000.00")),
        ("equipment_over_200k", None, None),
        ("other_fixed", Decimal(11), Decimal("300000.00")),
    ]
    assert doubts(read) == [] and {line.as_of_date for line in lines} == {date(2022, 12, 31)}
    assert [row.parent for row in read.rows] == [None, "total", "building", "total", "total", "total"]
    assert (read.statement.status, read.statement.unit, read.statement.rows) == ("present", "万元", 5)
    assert read.statement.measures == ("quantity", "value")


def test_the_items_of_the_new_edition_and_a_zero_is_a_zero() -> None:
    lines, read = capture(NEW)
    assert [line.asset_item for line in lines] == [
        *("total", "building", "equipment", "furniture", "exhibits", "books", "plants_animals", "intangible")
    ]
    assert (lines[1].quantity, lines[1].value_yuan, lines[4].value_yuan) == (Decimal(0), Decimal(0), None)
    assert doubts(read) == [] and {row.parent for row in read.rows[1:]} == {"total"}


def test_a_quantity_is_no_money_and_its_unit_stands_in_the_label() -> None:
    _, read = capture(OLD)
    found = {(f.item, f.measure): (f.is_money, f.printed_unit) for f in read.figures}
    assert found["building", "quantity"] == (False, "平方米")
    assert found["vehicle", "quantity"] == (False, "台、辆")
    assert found["total", "value"] == (True, "万元")


def test_a_single_line_beside_a_note_that_calls_the_table_empty() -> None:
    lines, read = capture(["固定资产||14.00"], after="注：无固定资产占用情况，空表列示。")
    assert [(line.asset_item, line.label, line.value_yuan) for line in lines] == [
        ("total", "固定资产", Decimal(140000))
    ]
    assert read.statement.status == "present"
    assert [(i.severity, i.what, i.statement) for i in read.issues] == [("warning", NOTE_CONTRADICTS, "asset")]


def test_fixed_assets_below_a_total_are_a_part_of_it_and_hold_their_own() -> None:
    rows = ["资产总额||100.00", "固定资产||90.00", "其中：房屋|1|50.00", "车辆|1|40.00", "无形资产||10.00"]
    _, read = capture(rows)
    assert [(row.item, row.parent) for row in read.rows] == [
        ("total", None),
        ("fixed_asset", "total"),
        ("building", "fixed_asset"),
        ("vehicle", "fixed_asset"),
        ("intangible", "total"),
    ]


def test_a_part_of_an_unknown_line_is_a_part_of_it() -> None:
    _, read = capture(["资产总额||9.00", "1、沙盘模型|1|5.00", "其中：木制沙盘|1|4.00"])
    assert [(row.item, row.parent) for row in read.rows[1:]] == [
        ("unrecognised_沙盘模型", "total"),
        ("unrecognised_木制沙盘", "unrecognised_沙盘模型"),
    ]
    assert doubts(read) == ["a line is not one that the form knows"] * 2
    assert values(read)["unrecognised_沙盘模型", "value"] == 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1、房屋（平方米）", "1、房屋（平 方米）"),
        ("1、房屋（平方米）", "１．房屋(平方米)"),
        ("1、房屋（平方米）", "1、房屋平方米）"),
        ("2、车辆（台、辆）", "2车辆（台、辆）"),
        ("4、其他固定资产", "4、其□固定资产"),
        ("3、单价在20万元以上的设备", "3、单价20万元（含）以上设备"),
        ("3、单价在20万元以上的设备", "3、单价在2□万元以上的设备"),
        ("资产总额", "资产合计"),
        ("1、房屋（平方米）", "1、房□（平方米）"),
        ("2、车辆（台、辆）", "2、□辆（台、辆）"),
    ],
)
def test_a_label_printed_otherwise_is_the_same_item(old: str, new: str) -> None:
    _, read = capture([row.replace(old, new) for row in OLD])
    assert values(read) == values(capture(OLD)[1])
    assert [row.item for row in read.rows] == [row.item for row in capture(OLD)[1].rows]
    assert doubts(read, "warning", "error") == []


@pytest.mark.parametrize("header", ["", HEADER])
def test_a_continuation_table_goes_on_with_the_columns(header: str) -> None:
    rows = [*OLD[:5], "", *filter(None, [header]), OLD[5]]
    lines, read = capture(rows)
    assert values(read) == values(capture(OLD)[1]) and len(lines) == 6


@pytest.mark.parametrize(("head", "tail"), [("3、单价在20万元以上", "的设备"), ("3、单价在20万元以上的", "设备")])
def test_a_label_cut_by_a_page_break_is_one_row(head: str, tail: str) -> None:
    lines, read = capture([*OLD[:4], f"{head}|2|1.00", "", f"{tail}||", OLD[5]])
    assert lines[4].asset_item == "equipment_over_200k" and len(lines) == 6
    assert doubts(read, "warning", "error") == []


@pytest.mark.parametrize(
    "row",
    [
        "资产总额|100.00",  # a tab is lost
        "资产总额|100.00|",
        "2、车辆（台、辆）|20.00|6",
        "2、车辆（台、辆）6|20.00|",
        "2、车辆（台、辆）||6|20.00",
        "|2、车辆（台、辆）|6|20.00",
    ],
)
def test_a_number_in_another_column_is_an_issue_and_no_figure(row: str) -> None:
    _, read = capture([*OLD[:1], row] if "资产总额" not in row else [row, OLD[1]])
    assert len(doubts(read, "error")) >= 1
    assert {f.row_order for f in read.figures} == ({1} if "资产总额" not in row else {2})


@pytest.mark.parametrize(
    ("around", "year", "found", "what"),
    [
        ("截止时间：2020年12月31日", 2021, date(2020, 12, 31), []),
        ("截止日期:2020.12.31  单位：万元", 2021, date(2020, 12, 31), []),
        ("截至2020/12/31", 2021, date(2020, 12, 31), []),
        ("截止时间：\n\n2020-12-31", 2021, date(2020, 12, 31), []),
        (
            "截止时间：2020-12-31",
            2023,
            date(2020, 12, 31),
            ["the date of the annex is not the one that the form asks for"],
        ),
        ("截止时间：2020-13-31", 2021, None, ["the date of the annex is none"]),
        ("", 2021, None, ["the annex prints no date"]),
    ],
)
def test_the_date(around: str, year: int, found: date | None, what: list[str]) -> None:
    lines, read = capture(OLD, around=around, year=year)
    assert {line.as_of_date for line in lines} == {found} and doubts(read) == what


def test_the_date_and_the_unit_may_stand_in_a_row_of_the_table() -> None:
    lines, read = capture([HEADER, *OLD], "编制部门：甲办公室|截止时间：2022年12月31日|", around="")
    assert lines[0].as_of_date == date(2022, 12, 31) and doubts(read) == []
    _, read = capture(OLD, "项目|数量|价值", around=f"{AS_OF}\n\n单位：元")
    assert values(read)["total", "value"] == Decimal("0.01")


def test_without_a_unit_the_statements_decide_or_nothing_is_loaded() -> None:
    _, read = capture(OLD, "项目|数量|价值", common="万元")
    assert values(read) == values(capture(OLD)[1]) and len(doubts(read, "info")) == 1
    _, read = capture(OLD, "项目|数量|价值")
    assert {f.measure for f in read.figures} == {"quantity"} and len(doubts(read, "error")) == 1


def test_an_annex_that_is_not_there_and_one_that_is_empty() -> None:
    lines, read = read_assets((), HEBEI, 2023, "万元")
    assert (lines, read.statement.status) == ((), "missing")
    lines, read = capture((), after="注：空表")
    assert (lines, read.statement.status, read.issues) == ((), "declared_empty", ())


def test_other_columns_are_named_and_not_loaded() -> None:
    _, read = capture([f"{row}|1.00|旧" for row in OLD], HEADER + "|净值|备注")
    assert values(read) == values(capture(OLD)[1])
    assert doubts(read, "warning", "error") == ["a column of another year, a comparison or a remark is not loaded"]


@pytest.mark.parametrize("header", [[HEADER], []])
@pytest.mark.parametrize(
    ("n", "above", "below"),
    [
        (0, "资产总额|——|100", "||.00"),
        (0, "资产总额|——|1", "||00.00"),
        (1, "1、房屋（平方|52|50.", "米）|10|00"),
        (3, "2、车辆（台|6|2", "、辆）||0.00"),
        (5, "4、其他|11|30", "固定资产||.00"),
    ],
)
def test_numbers_torn_by_a_page_break_are_whole(header: list[str], n: int, above: str, below: str) -> None:
    plain, _ = capture(OLD)
    lines, read = capture([*OLD[:n], above, "", *header, below, *OLD[n + 1 :]])
    assert [(x.asset_item, x.quantity, x.value_yuan) for x in lines] == [
        (x.asset_item, x.quantity, x.value_yuan) for x in plain
    ]
    assert doubts(read, "warning", "error") == []


def test_halves_of_a_quantity_that_nothing_proves_give_no_figure() -> None:
    lines, read = capture([*OLD[:5], "4、其他固定资产|1|30.00", "", "|1|"])
    assert lines[-1].quantity is None and lines[-1].value_yuan == Decimal("300000.00")
    assert len(doubts(read, "error")) == 1


def test_a_bracket_cut_off_its_label_is_no_row() -> None:
    lines, read = capture([OLD[0], "1、房屋（平方米|5210|50.00", "", HEADER, "）||", *OLD[2:]])
    assert values(read) == values(capture(OLD)[1]) and len(lines) == 6
    assert doubts(read, "warning", "error") == []

"""政府采购预算: the columns of every edition, rows put together again, totals and groups, codes and their names."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from pipeline.annexes.catalogue import edition_for, is_fixed_asset, item_code, lookup, names_agree
from pipeline.annexes.find import find_rest
from pipeline.annexes.model import AnnexRead, ProcurementLine
from pipeline.annexes.procurement import read_procurement
from pipeline.documents.detect import read_document
from pipeline.documents.model import Cell, Document, Grid, Paragraph
from pipeline.forms.across import NOT_JOINED
from tests.support import HEBEI, table
from tools.typeset.hebei import lay_out
from tools.typeset.model import Annex, Disclosure, Section
from tools.typeset.pdf import write_pdf
from tools.typeset.style import PageStyle

UPPER = "政府采购项目来源||采购物品名称|政府采购目录序号|计量单位|数量|单价|政府采购金额（当年部门预算安排资金）"
SPAN = UPPER + "|" * 8 + "2023年预留中小微企业份额"
FUNDS = "合计|一般公共预算拨款|基金预算拨款|国有资本经营预算拨款|财政专户核拨|单位资金|财政拨款结转|非财政拨款结转结余"
HEADER = (SPAN, f"项目名称|预算资金||||||{FUNDS}|")
TOTAL = "合计|||||||70.00|60.00|10.00||||||30.00"
GROUP = "甲办公室小计|||||||70.00|60.00|10.00||||||30.00"
DESKS = "购置费|50.00|其他办公设备|A02029900|台|20|1.00|20.00|20.00|||||||20.00"
PRINTING = "印刷费|60.00|其他印刷服务|C23090199|项|1|50.00|50.00|40.00|10.00||||||10.00"
ROWS = (TOTAL, GROUP, DESKS, PRINTING)
Places = dict[tuple[str, str], str]


def capture(
    rows: Iterable[str] = ROWS,
    header: Iterable[str] = HEADER,
    unit: str = "单位：万元",
    after: str = "",
    year: int = 2023,
    common: str | None = None,
) -> tuple[tuple[ProcurementLine, ...], AnnexRead]:
    """The annex of a tab capture; a blank row parts two tables."""
    text = table([*header, *rows]).replace("\n\n", "\n\n\n")
    return of_document(
        read_document(f"部门政府采购预算\n\n{unit}\n\n{text}\n\n{after}\n".encode(), "x.txt"), year, common
    )


def of_document(
    document: Document, year: int = 2023, common: str | None = None
) -> tuple[tuple[ProcurementLine, ...], AnnexRead]:
    return read_procurement(find_rest(document, HEBEI).annexes, HEBEI, year, common)


def amounts(read: AnnexRead) -> Places:
    found = {(f.item, f.measure): str(f.amount_yuan / (10000 if f.is_money else 1)) for f in read.figures}
    assert len(found) == len(read.figures), "a place is taken twice"
    return {place: f"{Decimal(text):.2f}" for place, text in found.items()}


def doubts(read: AnnexRead, *severities: str) -> list[str]:
    return [issue.what for issue in read.issues if not severities or issue.severity in severities]


PLAIN_LINES, PLAIN_READ = capture()
PLAIN = amounts(PLAIN_READ)


def test_every_number_of_the_plain_table_has_its_row_and_its_measure() -> None:
    assert doubts(PLAIN_READ) == []
    assert (PLAIN_READ.statement.status, PLAIN_READ.statement.unit) == ("present", "万元")
    assert (PLAIN_READ.statement.rows, PLAIN_READ.statement.figures) == (4, len(PLAIN_READ.figures))
    assert PLAIN_READ.statement.measures[:5] == ("project_funds", "quantity", "unit_price", "amount", "general_public")
    assert PLAIN_READ.statement.measures[-3:] == ("fiscal_carryover", "other_carryover", "sme_reserved")
    assert PLAIN["total", "amount"] == "70.00" and PLAIN["group_1", "government_fund"] == "10.00"
    assert {m: v for (item, m), v in PLAIN.items() if item == "line_2"} == {
        "project_funds": "60.00",
        "quantity": "1.00",
        "unit_price": "50.00",
        "amount": "50.00",
        "general_public": "40.00",
        "government_fund": "10.00",
        "sme_reserved": "10.00",
    }


def test_a_line_knows_its_group_its_project_and_its_code() -> None:
    total, group, desks, printing = PLAIN_LINES
    assert [line.kind for line in PLAIN_LINES] == ["total", "group", "line", "line"]
    assert (total.group_name, group.group_name, desks.group_name) == (None, "甲办公室", "甲办公室")
    assert (desks.project_name, desks.item_name, desks.catalogue_code) == ("购置费", "其他办公设备", "A02029900")
    assert (desks.unit, desks.quantity, desks.unit_price_yuan) == ("台", Decimal(20), Decimal("10000.00"))
    assert (printing.amount_yuan, printing.project_funds_yuan) == (Decimal("500000.00"), Decimal("600000.00"))
    assert {row.item: row.parent for row in PLAIN_READ.rows} == {
        "total": None,
        "group_1": "total",
        "line_1": "group_1",
        "line_2": "group_1",
    }


def test_a_unit_that_is_not_known_is_never_the_one_of_the_statements() -> None:
    _, read = capture(unit="单位：美元", common="万元")
    assert not any(f.is_money for f in read.figures)
    what = "the statement prints a unit that the form does not know; its figures are not loaded"
    assert what in doubts(read, "error")


def test_a_quantity_is_no_money_and_keeps_its_unit() -> None:
    (quantity,) = [f for f in PLAIN_READ.figures if (f.item, f.measure) == ("line_1", "quantity")]
    assert (quantity.is_money, quantity.printed_unit, quantity.amount_yuan) == (False, "台", Decimal(20))
    (amount,) = [f for f in PLAIN_READ.figures if (f.item, f.measure) == ("line_1", "amount")]
    assert (amount.is_money, amount.printed_unit, amount.text_as_printed) == (True, "万元", "20.00")
    assert (amount.row_label, amount.code_as_printed, amount.code_resolution) == ("其他办公设备", "A02029900", "none")


def without(row: str, *columns: int) -> str:
    return "|".join(cell for c, cell in enumerate(row.split("|")) if c not in columns)


@pytest.mark.parametrize(("year", "dropped"), [(2021, (13, 14, 15)), (2022, (14,)), (2023, ())])
def test_the_editions_of_the_form_print_fewer_columns(year: int, dropped: tuple[int, ...]) -> None:
    header = tuple(without(row, *dropped) for row in HEADER)
    _, read = capture([without(row, *dropped) for row in ROWS], header, year=year)
    kept = {place: text for place, text in PLAIN.items() if year != 2021 or place[1] != "sme_reserved"}
    assert amounts(read) == kept and doubts(read, "warning", "error") == []


@pytest.mark.parametrize(
    "header",
    [
        (
            SPAN.replace("采购物品名称", "采购 物品").replace("计量单位", "计量"),
            f"项目名 称|预算 资金|名称||单位|||{FUNDS}|",
        ),
        (SPAN, f"项目名称|预算资金|||7,2|||{FUNDS}|"),
        (SPAN.replace("目录序号", "目录"), f"项目名称|预算资金||序号||||{FUNDS}|"),
        (SPAN, f"项目名称|预算资金||||||{FUNDS.replace('国有资本经营预算拨款', '国有资□经营预算拔款')}|"),
        (SPAN, f"项目名称|预算资金||||||{FUNDS}|", "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16"),
        (SPAN.replace("单价", "□□"), f"项目名称|预算资金||||||{FUNDS}|"),
        ("甲办公室2023年", *HEADER),
    ],
)
def test_a_damaged_header_still_places_every_number(header: tuple[str, ...]) -> None:
    _, read = capture(header=header)
    assert amounts(read) == PLAIN and doubts(read, "warning", "error") == []


def test_words_of_the_header_that_slipped_into_a_row_are_left_out() -> None:
    single = UPPER.replace("||", "|预算资金|") + "|一般公共预算|基金预算拨款|国有资本经营预算拨|财政专户核拨|单位资金"
    header = (single + "|财政拨款结转|非财政拨款结|2023年预留中小微企业份额",)
    rows = (*ROWS[:2], DESKS.replace("20.00|20.00||||||", "20.00|拨款 20.00||款||||转结余"), PRINTING)
    _, read = capture(rows, header)
    assert amounts(read) == PLAIN and doubts(read, "error") == []
    assert len([what for what in doubts(read) if "end of a header" in what]) == 3


def test_two_headers_in_another_order_than_printed_are_not_trusted() -> None:
    upper = UPPER + "|" * 7 + "2023年预留中小微企业份额|"
    lower = f"项目名称|预算资金||||||{FUNDS.replace('|非财政', '||非财政')}"
    _, read = capture(header=(upper, lower))
    assert {m for _, m in amounts(read)}.isdisjoint({"other_carryover", "sme_reserved"})
    assert len(doubts(read, "error")) == 1


def test_a_header_that_does_not_stand_above_its_columns_is_refused() -> None:
    _, read = capture(header=tuple("|" + row.removesuffix("|") for row in HEADER))
    assert read.figures == () and doubts(read, "error") != []


def test_a_column_that_nobody_knows_is_reported() -> None:
    _, read = capture([f"{row}|7.00" for row in ROWS], (HEADER[0] + "|绿色采购", HEADER[1] + "|"))
    assert amounts(read) == PLAIN
    assert doubts(read, "error") == ["a column is not one that the form knows; its numbers are not loaded"]


def test_numbers_and_codes_and_names_broken_by_a_capture_are_joined() -> None:
    broken = DESKS.replace("20.00|20.00", "20.0 0|20.00").replace("A02029900", "A0202 9900")
    lines, read = capture([TOTAL, GROUP, broken.replace("购置费", "12345 及 12342 购 置费"), PRINTING])
    assert amounts(read) == PLAIN and doubts(read, "warning", "error") == []
    assert (lines[2].catalogue_code, lines[2].project_name) == ("A02029900", "12345及12342购置费")


def test_a_line_without_project_and_without_code_is_a_line() -> None:
    lines, read = capture([TOTAL, GROUP, DESKS.replace("购置费", "").replace("A02029900", ""), PRINTING])
    assert amounts(read) == PLAIN
    assert (lines[2].kind, lines[2].project_name, lines[2].catalogue_code) == ("line", None, None)


def test_without_groups_the_lines_are_parts_of_the_total() -> None:
    _, read = capture([TOTAL, DESKS, PRINTING])
    assert [row.parent for row in read.rows] == [None, "total", "total"]


def test_several_groups_and_groups_that_end_their_lines() -> None:
    other = GROUP.replace("甲", "乙")
    lines, read = capture([TOTAL, GROUP, DESKS, other, PRINTING])
    assert [row.parent for row in read.rows] == [None, "total", "group_1", "total", "group_2"]
    assert [line.group_name for line in lines] == [None, "甲办公室", "甲办公室", "乙办公室", "乙办公室"]
    lines, read = capture([DESKS, GROUP, PRINTING, other, TOTAL])
    assert [row.parent for row in read.rows] == ["group_1", "total", "group_2", "total", None]
    assert [line.group_name for line in lines] == ["甲办公室", "甲办公室", "乙办公室", "乙办公室", None]


def test_a_subtotal_without_its_word_is_one_where_the_total_says_so() -> None:
    bare = GROUP.replace("小计", "")
    lines, read = capture([TOTAL, bare, DESKS, PRINTING])
    assert amounts(read) == PLAIN and [row.parent for row in read.rows] == [None, "total", "group_1", "group_1"]
    assert lines[2].group_name == "甲办公室"
    # where the total counts it, it is a line of which only the name and the amount are printed
    whole = TOTAL.replace("70.00|60.00|10.00", "140.00|120.00|20.00")
    lines, _ = capture([whole, bare, DESKS, PRINTING])
    assert [line.kind for line in lines] == ["total", "line", "line", "line"]


@pytest.mark.parametrize(
    "row",
    [
        DESKS.replace("购置费|", "购置费"),  # a tab is lost
        "|" + DESKS.removesuffix("|20.00"),
        DESKS.replace("|台|20|", "|20|台|"),
        DESKS.replace("|A02029900|", "||"),
        DESKS.replace("A02029900|台|20|1.00|20.00|", "A02029900|台|20|1.00||"),
        DESKS.replace("|20|1.00|", "|1.00|20|"),
        DESKS.replace("其他办公设备|A02029900", "A02029900|其他办公设备"),
    ],
)
def test_a_row_that_does_not_stand_in_its_columns_is_an_issue_and_no_figure(row: str) -> None:
    _, read = capture([TOTAL, GROUP, row, PRINTING])
    if "A02029900" in row:
        assert ("line_2", "amount") not in amounts(read)
        assert len(doubts(read, "error")) == 1
    else:  # a code that is not printed shifts nothing
        assert amounts(read) == PLAIN


def test_a_total_that_stands_one_column_too_far_left_is_an_issue() -> None:
    _, read = capture([TOTAL.replace("|||||||", "||||||") + "|", GROUP, DESKS, PRINTING])
    assert ("total", "amount") not in amounts(read) and len(doubts(read, "error")) == 1


def test_an_amount_that_moved_into_a_fund_is_not_loaded() -> None:
    moved = DESKS.replace("|||||||20.00", "||||||20.00|")
    _, read = capture([TOTAL, GROUP, moved, PRINTING])
    assert ("line_1", "other_carryover") not in amounts(read) and len(doubts(read, "error")) == 1


def test_a_row_over_two_lines_of_a_capture_is_one_row() -> None:
    first, rest = DESKS.replace("购置费", "购").replace("20.00|20.00", "20.0|20.00"), "置费" + "|" * 7 + "0" + "|" * 8
    lines, read = capture([TOTAL, GROUP, first, rest, PRINTING])
    assert amounts(read) == PLAIN
    assert lines[2].project_name == "购置费"


def test_a_continuation_table_with_and_without_its_header() -> None:
    for header in ((), HEADER):
        lines, read = capture([TOTAL, GROUP, DESKS, "", *header, PRINTING])
        assert amounts(read) == PLAIN and doubts(read) == []
        assert len(lines) == 4


def halves(row: str, at: dict[int, int]) -> tuple[str, str]:
    """A row cut so that these columns (0-based) keep so many characters, the others all."""
    cells = row.split("|")
    kept = [cell[: at.get(n, len(cell))] for n, cell in enumerate(cells)]
    return "|".join(kept), "|".join(cell[len(k) :] for cell, k in zip(cells, kept, strict=True))


@pytest.mark.parametrize("header", [(), HEADER])
@pytest.mark.parametrize(
    ("row", "at"),
    [
        (TOTAL, {7: 2, 8: 2}),  # 70 | .00
        (TOTAL, {7: 3, 8: 3}),  # 70. | 00
        (TOTAL, {7: 1, 8: 1, 9: 1}),  # 7 | 0.00: the column prints two decimals
        (GROUP, {0: 5}),  # 甲办公室小 | 计
        (GROUP, {0: 4, 7: 2}),
        (DESKS, {3: 3, 5: 1, 7: 1}),  # a code, a quantity, an amount
        (DESKS, {0: 1, 1: 2, 2: 2, 3: 5}),
        (PRINTING, {6: 2, 7: 2, 8: 1}),
    ],
)
def test_numbers_and_labels_torn_by_a_page_break_are_whole(
    header: tuple[str, ...], row: str, at: dict[int, int]
) -> None:
    above, below = halves(row, at)
    n = ROWS.index(row)
    lines, read = capture([*ROWS[:n], above, "", *header, below, *ROWS[n + 1 :]])
    assert amounts(read) == PLAIN and len(lines) == 4
    assert [line.catalogue_code for line in lines] == [line.catalogue_code for line in PLAIN_LINES]
    assert doubts(read, "warning", "error") == []


def test_halves_that_nothing_proves_give_no_figure() -> None:
    """Without another amount in its column, 20 | 0.00 is 200.00 or two numbers."""
    lines, read = capture([TOTAL.replace("70.00|60.00|10.00||||||30.00", "20||||||||"), "", "|||||||0.00||||||||"])
    assert (len(lines), read.figures) == (1, ())
    assert doubts(read, "error") == [
        "a number stands in two halves beside a page break, and nothing says that they are one"
    ]


def test_the_label_of_a_total_may_be_repeated_in_every_cell_that_it_covers() -> None:
    rows = [row.replace("|||||||", f"|{row.split('|')[0]}" * 6 + "|", 1) for row in (TOTAL, GROUP)]
    lines, read = capture([*rows, DESKS, PRINTING])
    assert amounts(read) == PLAIN and doubts(read) == [] and lines[2].group_name == "甲办公室"


@pytest.mark.parametrize("group", [GROUP, GROUP.replace("甲办公室小计", "甲办公室")])
def test_a_subtotal_alone_on_its_page_stands_below_the_amounts(group: str) -> None:
    _, read = capture([TOTAL, "", group.replace("|||||||", "|", 1), "", *HEADER, DESKS, PRINTING])
    known = "小计" in group
    assert (amounts(read) == PLAIN) == known and bool(doubts(read, "error")) != known


@pytest.mark.parametrize(("quantity", "loaded"), [("2\n0", 20), ("20", 20), ("1\n5", None)])
def test_digits_on_two_lines_are_one_quantity_where_the_price_says_so(quantity: str, loaded: int | None) -> None:
    names = "项目名称|预算资金|采购物品名称|采购目录编码|计量单位|数量|单价|合计|一般公共预算拨款"
    rows = [names, "购置费|50.00|其他办公设备|A02029900|台|20|1.00|20.00|20.00"]
    cells = [
        Cell(r, c, quantity if (r, c) == (1, 5) else "a" if (r, c) == (1, 1) and loaded is None else text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row.split("|"))
    ]
    document = Document("docx", "x", (Paragraph("部门政府采购预算"), Paragraph("单位：万元"), Grid(tuple(cells), 2, 9)))
    lines, _ = of_document(document)
    assert lines[0].quantity == loaded


def test_the_label_of_a_total_may_cover_its_blank_cells() -> None:
    rows = [row.replace("|", "\n\t") for row in (*HEADER, TOTAL.replace("|||||||", "|"), GROUP, DESKS, PRINTING)]
    cells = "\n\n".join("\t" + row for row in rows)
    text = f"部门政府采购预算\n{cells}\n\n\n单位：万元\n"
    _, read = of_document(read_document(text.encode(), "x.txt"), common="万元")
    assert amounts(read) == PLAIN


@pytest.mark.parametrize(
    ("old", "new"),
    [("合计", "合□"), ("合计", "□计"), ("合计", "合□计"), ("合计", "合 计"), ("小计", "小□"), ("小计", "小")],
)
def test_a_total_with_an_unreadable_letter_is_the_total(old: str, new: str) -> None:
    lines, read = capture([TOTAL.replace(old, new), GROUP.replace(old, new), DESKS, PRINTING])
    assert amounts(read) == PLAIN and lines[2].group_name == "甲办公室"


@pytest.mark.parametrize(
    ("after", "rows", "status", "what"),
    [
        ("注：无政府采购预算，空表列示。", (), "declared_empty", []),
        ("", (), "declared_empty", ["the table is empty and no note says why"]),
        ("注：空表", ROWS, "present", ["a note calls the statement empty, but it prints figures"]),
    ],
)
def test_an_empty_annex_says_so(after: str, rows: tuple[str, ...], status: str, what: list[str]) -> None:
    lines, read = capture(rows, after=after)
    assert (read.statement.status, len(lines), doubts(read)) == (status, len(rows), what)
    assert "amount" in read.statement.measures


def test_a_document_without_the_annex_misses_it() -> None:
    lines, read = of_document(Document("text", "text", ()))
    assert (lines, read.statement.status, read.figures) == ((), "missing", ())


def test_the_unit_is_printed_or_the_one_of_the_statements_or_unknown() -> None:
    _, read = capture(unit="单位：元")
    assert PLAIN_LINES[0].amount_yuan == 10000 * (read.figures[0].amount_yuan)
    _, read = capture(unit="", common="万元")
    assert amounts(read) == PLAIN and doubts(read, "info") != []
    _, read = capture(unit="")
    assert {f.measure for f in read.figures} == {"quantity"} and len(doubts(read, "error")) == 1


def test_a_unit_price_may_have_a_unit_of_its_own() -> None:
    header = (SPAN.replace("单价", "单价（元）"), HEADER[1])
    lines, read = capture([TOTAL, GROUP, DESKS.replace("|1.00|", "|10000.00|"), PRINTING], header, common="万元")
    assert lines[2].unit_price_yuan == Decimal("10000.00") and lines[2].amount_yuan == Decimal("200000.00")
    assert doubts(read) == ["the annex prints another unit than the statements"]


def test_a_second_annex_is_reported() -> None:
    rows = table([*HEADER, *ROWS])
    text = f"部门政府采购预算\n\n单位：万元\n\n{rows}\n\n2023年部门政府采购预算\n\n{rows}\n"
    _, read = of_document(read_document(text.encode(), "x.txt"))
    assert amounts(read) == PLAIN
    assert doubts(read) == ["the annex is printed a second time; only the first is loaded"]


def disclosure(rows: Iterable[str], header: tuple[str, ...] = HEADER) -> Disclosure:
    upper = tuple(text or "<" for text in header[0].split("|"))
    lower = tuple(text or "^" for text in header[1].split("|"))
    cells = tuple(tuple(row.split("|")) for row in rows)
    annex = Annex("procurement", "部门政府采购预算", (upper, lower), cells, ("单位：万元",))
    return Disclosure("甲办公室", "211", 2023, {}, sections=(Section("六、政府采购预算情况", ("采购如下。",), annex),))


@pytest.mark.parametrize("repeat_header", [True, False])
@pytest.mark.parametrize("split_rows", [True, False])
@pytest.mark.parametrize("font_size", [9.0, 13.0])
def test_rows_cut_by_a_page_break_are_one_row(repeat_header: bool, split_rows: bool, font_size: float) -> None:
    long = [DESKS.replace("购置费", f"{name}办公设备及家具采购与维护专项经费") for name in "甲乙丙丁戊己庚辛壬癸"] * 4
    rows = [TOTAL, "甲办公室及所属各单位合并小计" + GROUP.removeprefix("甲办公室小计"), *long]
    page = PageStyle(split_rows=split_rows, repeat_header=repeat_header, font_size=font_size)
    document = read_document(write_pdf(lay_out(disclosure(rows)), page), "x.pdf")
    lines, read = of_document(document)
    assert doubts(read, "warning", "error") == []
    assert [line.project_name for line in lines[2:]] == [row.split("|")[0] for row in long]
    assert {line.catalogue_code for line in lines[2:]} == {"A02029900"} and len(lines) == 42
    assert {line.amount_yuan for line in lines[2:]} == {Decimal("200000.00")}


# ── the catalogue ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("year", "edition"), [(2019, "2013"), (2022, "2013"), (2023, "2022"), (2026, "2022")])
def test_the_edition_goes_by_the_budget_year(year: int, edition: str) -> None:
    assert edition_for(year) == edition


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ("A02029900", "A02029900"),
        ("A020299", "A02029900"),
        ("a0202 9900", "A02029900"),
        ("C99", "C99000000"),
        ("A0202990000", "A02029900"),
        ("A", "A"),
        ("A0202990", None),  # a digit is lost: which one?
        ("A02029911", None),
        ("其他", None),
        (None, None),
    ],
)
def test_a_code_is_found_at_any_length(code: str | None, item: str | None) -> None:
    assert item_code(code, 2023) == item


def test_an_edition_that_is_not_at_hand_resolves_nothing() -> None:
    assert lookup("C020602", 2021) == (None, "unresolved")
    assert lookup("", 2023) == (None, "none")
    assert lookup("C230901", 2023)[1] == "as_printed"
    assert names_agree("硬件运维服务", "C020602", 2021)


@pytest.mark.parametrize(
    ("code", "year", "fixed"),
    [
        ("A02029900", 2023, True),
        ("A07100200", 2023, False),
        ("A08060300", 2023, False),
        ("B01000000", 2023, False),
        ("C99000000", 2023, False),
        ("A02010399", 2021, True),
        ("A0701", 2021, False),
        ("A12", 2021, False),
        ("A02010801", 2021, None),  # software, with its machine or alone
        ("C020602", 2021, False),
        ("A", 2023, None),
        (None, 2023, None),
    ],
)
def test_which_codes_are_fixed_assets(code: str | None, year: int, fixed: bool | None) -> None:
    assert is_fixed_asset(code, year) is fixed


@pytest.mark.parametrize(
    "name", ["其他办公设备", "办公设备", "其他办公", "其他办公设备（碎纸机）", "其他办 公设备", "设备"]
)
def test_a_name_may_be_wrapped_short_or_wider_than_the_catalogues(name: str) -> None:
    assert names_agree(name, "A02029900", 2023)


def test_an_item_with_the_name_of_another_is_a_warning() -> None:
    lines, read = capture([TOTAL, GROUP, DESKS.replace("其他办公设备", "法律咨询"), PRINTING])
    assert doubts(read) == ["the catalogue has another name for the code of an item"]
    assert lines[2].item_name == "法律咨询" and amounts(read) == PLAIN


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("A2029900", "a catalogue code is not well formed; it is kept as printed"),
        ("A02029911", "a catalogue code is not in the edition of its year"),
    ],
)
def test_a_code_that_is_none_is_kept_and_reported(code: str, what: str) -> None:
    lines, read = capture([TOTAL, GROUP, DESKS.replace("A02029900", code), PRINTING])
    assert doubts(read) == [what] and lines[2].catalogue_code == code and amounts(read) == PLAIN


def test_a_table_that_is_printed_over_pages_side_by_side() -> None:
    upper, lower = (row.split("|") for row in HEADER)
    texts = [
        UPPER.split("|") + ["政府采购金额"] * 7 + ["2023年预留中小微企业份额"],
        lower + [""] * (len(upper) - len(lower)),
    ]
    texts[0][1] = "政府采购项目来源"
    rows = [*texts, *(row.split("|") for row in ROWS)]

    def part(page: int, first: int, last: int, height: int = 16) -> Grid:
        cells = tuple(
            Cell(n, c, text, bbox=(50 + 40 * c, 700 - height * (n + 1), 90 + 40 * c, 700 - height * n))
            for n, row in enumerate(rows)
            for c, text in enumerate(row[first:last])
        )
        return Grid(cells, len(rows), last - first, page=page)

    head = (Paragraph("部门政府采购预算", page=1), Paragraph("单位：万元", page=1))
    _, read = of_document(Document("pdf", "grid", (*head, part(1, 0, 7), part(2, 7, len(upper)))))
    assert amounts(read) == PLAIN and doubts(read, "error", "warning") == []
    assert {f.page for f in read.figures if f.measure in ("quantity", "amount")} == {1, 2}
    _, read = of_document(Document("pdf", "grid", (*head, part(1, 0, 7), part(2, 7, len(upper), height=19))))
    assert {f.page for f in read.figures} == {1}
    assert doubts(read, "error") == [NOT_JOINED]

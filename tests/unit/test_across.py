"""Sheets printed over pages side by side: what is certain is put together, all else is an error and no figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from pipeline.documents.model import Block, Cell, Document, Grid, Paragraph
from pipeline.forms.across import NOT_JOINED
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from tests.support import BODY, HEADERS, HEBEI, T5_ROWS, TITLES, UNIT, YEAR, amounts, doubts

T1_ROWS = (
    "1|一、一般公共预算拨款收入|100.00|一、一般公共服务支出|60.00",
    "2|二、政府性基金预算拨款收入||二、外交支出|",
    "3|三、国有资本经营预算拨款收入||三、国防支出|40.00",
)
T4_ROWS = (
    "1|一、一般公共预算拨款|100.00|一、一般公共服务支出|60.00|60.00||",
    "2|二、政府性基金预算拨款||二、外交支出||||",
    "3|三、国有资本经营预算拨款||三、国防支出|40.00|40.00||",
)
ROWS = {"T1": T1_ROWS, "T4": T4_ROWS, "T5": T5_ROWS}


def grid(rows: Sequence[str], columns: Iterable[int], page: int, height: float = 16, top: float = 700) -> Grid:
    """These columns of the rows (cells divided by ``|``) as a page prints them."""
    chosen = list(columns)
    cells = [
        Cell(n, at, row.split("|")[c], bbox=(50 + 90 * at, top - height * (n + 1), 140 + 90 * at, top - height * n))
        for n, row in enumerate(rows)
        for at, c in enumerate(chosen)
    ]
    return Grid(tuple(cells), len(rows), len(chosen), page=page)


def lines(*texts: str, page: int = 1) -> list[Block]:
    return [Paragraph(text, page=page) for text in texts]


def head(which: str) -> list[Block]:
    return lines(TITLES[which], BODY, YEAR, UNIT)


def understood(*blocks: Block) -> Disclosure:
    return understand(Document("pdf", "grid", blocks), (HEBEI,))


def spread(header: Sequence[str]) -> list[str]:
    """The header of a statement with the texts of its merged cells over all their columns, as the parts print them."""
    rows = [row.split("|") for row in header]
    for row in rows[:1]:
        for n in range(1, len(row)):
            row[n] = row[n] or row[n - 1]
    return ["|".join(row) for row in rows]


def as_one(which: str) -> dict[tuple[int, str, str], str]:
    rows = [*spread(HEADERS[which]), *ROWS[which]]
    return amounts(understood(*head(which), grid(rows, range(len(rows[0].split("|"))), 1)))


@pytest.mark.parametrize(
    ("which", "cut"), [("T1", 3), ("T1", 2), ("T4", 4), ("T4", 5), ("T5", 3), ("T5", 4), ("T5", 5)]
)
def test_the_right_columns_on_a_page_of_their_own_are_read_with_the_left_ones(which: str, cut: int) -> None:
    rows = [*spread(HEADERS[which]), *ROWS[which]]
    width = len(rows[0].split("|"))
    disclosure = understood(*head(which), grid(rows, range(cut), 1), grid(rows, range(cut, width), 2))
    assert amounts(disclosure) == as_one(which) != {}
    assert doubts(disclosure, "error", "warning") == []


def test_a_figure_of_the_right_part_is_shown_on_its_own_page() -> None:
    rows = [*spread(HEADERS["T5"]), *T5_ROWS]
    disclosure = understood(*head("T5"), grid(rows, range(4), 1), grid(rows, range(4, 6), 2))
    places = {(f.measure, f.page, f.bbox and f.bbox[0]) for f in disclosure.figures if f.item == "total"}
    assert places == {("total", 1, 320.0), ("basic", 2, 50.0), ("project", 2, 140.0)}


@pytest.mark.parametrize("down_first", [True, False])
def test_parts_of_several_pages_are_put_together_in_either_order(down_first: bool) -> None:
    header = spread(HEADERS["T5"])
    left = [grid([*header, *T5_ROWS[:3]], range(4), 1), grid(T5_ROWS[3:], range(4), 2, top=720)]
    right = [grid([*header, *T5_ROWS[:3]], range(4, 6), 3), grid(T5_ROWS[3:], range(4, 6), 4, top=720)]
    if down_first:
        disclosure = understood(*head("T5"), *left, *right)
    else:
        pages = [Grid(g.cells, g.row_count, g.column_count, page=n) for n, g in enumerate(right, 5)]
        disclosure = understood(*head("T5"), left[0], pages[0], left[1], pages[1])
    assert amounts(disclosure) == as_one("T5")
    assert doubts(disclosure, "error", "warning") == []


def test_columns_that_are_repeated_on_the_right_pages_are_read_once() -> None:
    rows = [*spread(HEADERS["T4"]), *T4_ROWS]
    parts = [grid(rows, (0, 1, 2, 3, 4), 1), grid(rows, (0, 1, 5, 6, 7), 2)]
    disclosure = understood(*head("T4"), *parts)
    assert amounts(disclosure) == as_one("T4")
    assert doubts(disclosure, "error", "warning") == []


def test_a_right_part_with_other_heights_of_rows_is_an_error_with_its_page_and_no_figure() -> None:
    rows = [*spread(HEADERS["T1"]), *T1_ROWS]
    disclosure = understood(*head("T1"), grid(rows, range(3), 1), grid(rows, range(3, 5), 2, height=19))
    assert amounts(disclosure) == {place: text for place, text in as_one("T1").items() if place[2] == "revenue"}
    (issue,) = [issue for issue in disclosure.issues if issue.severity == "error"]
    assert (issue.what, issue.page) == (NOT_JOINED, 2)


def test_the_same_lines_on_a_second_page_are_no_further_rows() -> None:
    rows = [*spread(HEADERS["T4"]), *T4_ROWS]
    again = [row.replace("60.00", "7.00") for row in rows]
    disclosure = understood(*head("T4"), grid(rows, range(8), 1), grid(again, range(8), 2))
    assert amounts(disclosure) == as_one("T4")
    assert [what for what, _ in doubts(disclosure, "error")] != []


def test_a_right_half_under_the_same_header_is_not_read_as_the_left_one() -> None:
    rows = ["项目|预算数|项目|预算数", *(row.partition("|")[2] for row in T1_ROWS)]
    disclosure = understood(*head("T1"), grid(rows, range(2), 1), grid(rows, range(2, 4), 2))
    assert amounts(disclosure) == {place: text for place, text in as_one("T1").items() if place[2] == "revenue"}
    assert [what for what, _ in doubts(disclosure, "error")] == [NOT_JOINED]


def test_a_table_without_a_column_that_names_its_rows_gives_no_figure() -> None:
    rows = [*spread(HEADERS["T5"]), *T5_ROWS]
    disclosure = understood(*head("T5"), grid(rows, range(3, 6), 1))
    assert disclosure.figures == ()
    assert [what for what, _ in doubts(disclosure, "error")] == [NOT_JOINED]


def test_the_end_of_the_title_on_the_right_page_ends_nothing() -> None:
    rows = [*spread(HEADERS["T5"]), *T5_ROWS]
    rest = lines("财政拨款支出表", page=2)
    disclosure = understood(*head("T5"), grid(rows, range(4), 1), *rest, grid(rows, range(4, 6), 2))
    assert amounts(disclosure) == as_one("T5")


def test_a_page_that_goes_on_below_is_not_taken_for_a_right_part() -> None:
    rows = [*spread(HEADERS["T5"]), *T5_ROWS]
    below = grid(
        ["6|205|教育支出|1.00|1.00|", "7|20502|普通教育|1.00|1.00|", "8|2050201|学前教育|1.00|1.00|"], range(6), 2
    )
    disclosure = understood(*head("T5"), grid(rows, range(6), 1), below)
    assert len(amounts(disclosure)) == len(as_one("T5")) + 6
    assert doubts(disclosure, "error", "warning") == []


def test_a_row_of_column_numbers_with_texts_from_above_is_no_row_of_amounts() -> None:
    header = spread(HEADERS["T4"])
    header[2] = "栏次|1|2|3|4|财政拨款5|拨款6|7"
    disclosure = understood(*head("T4"), grid([*header, *T4_ROWS], range(8), 1))
    assert amounts(disclosure) == as_one("T4")


def test_the_cover_and_the_titles_within_the_grid_lines_of_a_sheet() -> None:
    rows = [f"{text}|||||" for text in ("邢台市财政局2023年部门预算", TITLES["T5"], BODY, YEAR, UNIT)]
    disclosure = understood(grid([*rows, *spread(HEADERS["T5"]), *T5_ROWS], range(6), 1))
    assert amounts(disclosure) == as_one("T5")


def test_a_label_that_its_cell_cuts_off_is_the_one_line_that_begins_so() -> None:
    rows = [*spread(HEADERS["T4"]), *T4_ROWS]
    cut = [
        row.replace("二、政府性基金预算拨款", "二、政府性基金").replace("一般公共服务支出", "一般公共服")
        for row in rows
    ]
    disclosure = understood(*head("T4"), grid(cut, range(8), 1))
    assert amounts(disclosure) == as_one("T4")
    assert doubts(disclosure, "warning", "error") == []
    short = [row.replace("一、一般公共服务支出", "一、一般") for row in rows]
    assert doubts(understood(*head("T4"), grid(short, range(8), 1)), "warning") != []

"""The reader of text captures: two layouts, pages, encodings; what it reads is blocks with the line they stand on."""

from __future__ import annotations

import pytest

from pipeline.documents.model import Document, Grid, UnreadableDocument
from pipeline.documents.readers.text import read_text

TAB_ROWS = "部门预算收支总表\n\n序号\t项目\t金额\n1\t合计\t5.00\n\n注：说明\n"
CELL_LINES = "部门预算收支总表\n\t序号\n\t项目\n\t金额\n\n\t1\n\t合计\n\t5.00\n\n\n注：说明\n"


def shape(document: Document) -> list[str | list[list[str]]]:
    """Paragraphs as text, tables as rows of cell texts."""
    blocks: list[str | list[list[str]]] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            blocks.append([[cell.text for cell in row] for row in block.rows()])
        else:
            blocks.append(block.text)
    return blocks


EXPECTED = ["部门预算收支总表", [["序号", "项目", "金额"], ["1", "合计", "5.00"]], "注：说明"]


@pytest.mark.parametrize("text", [TAB_ROWS, CELL_LINES, TAB_ROWS.replace("\n", "\r\n"), CELL_LINES.replace("\n", "\r")])
def test_both_layouts_and_all_line_ends_give_the_same_blocks(text: str) -> None:
    assert shape(read_text(text.encode())) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_that_captures_come_in_is_read(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert shape(read_text(mark + TAB_ROWS.encode(encoding))) == EXPECTED


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"\x00\x01\x02", b"\xff\xfe\x00\xd8", "文".encode("utf-16-le") * 9 + b"\x00"]
)
def test_bytes_that_are_no_text_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="neither text"):
        read_text(data)


def test_blocks_say_on_which_line_they_stand() -> None:
    blocks = read_text(TAB_ROWS.encode()).blocks
    assert [block.locator for block in blocks] == ["line 1", "line 3", "line 6"]
    assert isinstance(blocks[1], Grid)
    assert [cell.locator for cell in blocks[1].cells] == ["line 3"] * 3 + ["line 4"] * 3


def test_cells_of_a_cell_per_line_capture_say_their_own_line() -> None:
    grid = read_text(CELL_LINES.encode()).blocks[1]
    assert isinstance(grid, Grid)
    assert [cell.locator for cell in grid.cells] == [f"line {n}" for n in (2, 3, 4, 6, 7, 8)]


def test_a_cell_goes_on_in_lines_without_tab() -> None:
    document = read_text("\t1\n\t一般公共\n服务支出\n\t5.00\n\n\t2\n\t其他\n\t6.00\n\n".encode())
    assert shape(document) == [[["1", "一般公共\n服务支出", "5.00"], ["2", "其他", "6.00"]]]


def test_a_row_with_fewer_cells_is_kept_as_short_as_it_is() -> None:
    document = read_text("\t收入\n\t支出\n\n\t项目\n\t金额\n\t合计\n\n\n".encode())
    assert shape(document) == [[["收入", "支出"], ["项目", "金额", "合计"]]]
    grid = document.blocks[0]
    assert isinstance(grid, Grid) and grid.column_count == 3 and not grid.spans_known


def test_short_tab_rows_are_filled_up_with_blank_cells() -> None:
    assert shape(read_text("一\t二\t三\n四\t\n".encode())) == [[["一", "二", "三"], ["四", "", ""]]]


def test_an_indented_paragraph_is_no_table() -> None:
    document = read_text("\t按照预算法\n的规定\n\n\n\t序号\n\t项目\n\n\t1\n\t2\n\n".encode())
    assert shape(document) == ["按照预算法", "的规定", [["序号", "项目"], ["1", "2"]]]


def test_form_feeds_part_pages() -> None:
    document = read_text("第一页\n一\t二\n\f第二页\n三\t四\n".encode())
    assert document.page_count == 2
    assert [(block.page, block.locator) for block in document.blocks] == [
        (1, "line 1"),
        (1, "line 2"),
        (2, "line 4"),
        (2, "line 5"),
    ]


def test_a_text_without_form_feeds_has_no_pages() -> None:
    document = read_text(TAB_ROWS.encode())
    assert document.page_count is None and {block.page for block in document.blocks} == {None}


def test_marks_of_a_converter_are_no_text() -> None:
    document = read_text('[bookmark: _Toc1]部门预算{ TC "收支" }收支总表\n1\t[bookmark: x]合计\n'.encode())
    assert shape(document) == ["部门预算收支总表", [["1", "合计"]]]


def test_lost_characters_are_reported() -> None:
    document = read_text("合\ufffd\n".encode())
    assert [(issue.severity, issue.what) for issue in document.issues] == [
        ("warning", "the text holds characters that an earlier conversion could not read (U+FFFD)")
    ]


def test_a_text_of_white_space_has_no_blocks() -> None:
    assert read_text(b" \n\n  \n").blocks == ()

"""The second PDF reading: what camelot finds, in the boxes of the first reading, with its defects handled.

The PDFs are written here, byte by byte.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.documents.model import Document, Grid, UnreadableDocument
from pipeline.documents.readers import pdf_camelot
from pipeline.documents.readers.pdf_camelot import PAGE_TOO_LARGE, PAGE_UNREAD, CamelotLimits, read_pdf_camelot
from pipeline.documents.readers.pdf_grid import read_pdf_grid

XS, YS = (50.0, 150.0, 250.0), (200.0, 180.0, 160.0)
TWO_BY_TWO = [["2010301", "12.50"], ["20103", "7"]]
HUGE = "<< /Type /FontDescriptor /FontName /Helvetica /Flags 4 /FontBBox [-1002 -1048 2928 1808] /ItalicAngle 0 {} >>"


def pdf(*contents: str, page: str = "/MediaBox [0 0 400 300]", descriptor: str = "") -> bytes:
    """One page for each content. /F1 is Helvetica (with this font descriptor), /F2 a Chinese font by name."""
    described = "/FontDescriptor 6 0 R /FirstChar 32 /LastChar 126 /Widths [" + "556 " * 95 + "]"
    numbers = [7 + 2 * index for index in range(len(contents))]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(contents)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>",
        f"<< /Type /Font /Subtype /{'TrueType' if descriptor else 'Type1'} /BaseFont /Helvetica "
        f"/Encoding /WinAnsiEncoding {described if descriptor else ''} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        descriptor or "null",
    ]
    for number, content in zip(numbers, contents, strict=True):
        resources = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {page} {resources} /Contents {number + 1} 0 R >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out = "%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"trailer\n<< /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("ascii")


def text(x: float, y: float, shown: str, size: float = 10) -> str:
    if shown.isascii():
        return f"BT /F1 {size} Tf {x} {y} Td ({shown}) Tj ET\n"
    return f"BT /F2 {size} Tf {x} {y} Td <{shown.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def rules(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> str:
    across = "".join(line(xs[0], y, xs[-1], y) for y in ys)
    return across + "".join(line(x, ys[-1], x, ys[0]) for x in xs)


def words(rows: Sequence[Sequence[str]], xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> str:
    return "".join(
        text(xs[j] + 3, ys[i + 1] + 6, word) for i, row in enumerate(rows) for j, word in enumerate(row) if word
    )


SIMPLE = rules() + words(TWO_BY_TWO)


def only_grid(document: Document) -> Grid:
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return grid


def table(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for row in only_grid(document).rows()]


def assert_same_boxes(data: bytes) -> None:
    ours, theirs = only_grid(read_pdf_grid(data)), only_grid(read_pdf_camelot(data))
    assert [(c.row, c.column, c.text) for c in theirs.cells] == [(c.row, c.column, c.text) for c in ours.cells]
    for one, other in zip(ours.cells, theirs.cells, strict=True):
        assert one.bbox is not None and other.bbox == pytest.approx(one.bbox, abs=0.6)


# --- tables ----------------------------------------------------------------------------------------------------------


def test_cells_have_text_page_and_box() -> None:
    document = read_pdf_camelot(pdf(text(50, 250, "prose only"), SIMPLE))
    assert (document.format, document.reader, document.page_count, document.issues) == ("pdf", "camelot", 2, ())
    grid = only_grid(document)
    assert (grid.page, grid.row_count, grid.column_count) == (2, 2, 2)
    assert table(document) == TWO_BY_TWO
    assert grid.cells[0].bbox == pytest.approx((50, 180, 150, 200), abs=0.6)


def test_merged_cells_keep_their_spans() -> None:
    xs, ys = (50, 110, 170, 230), (200, 180, 160, 140)
    lines = line(50, 200, 230, 200) + line(110, 180, 230, 180) + line(50, 160, 230, 160) + line(50, 140, 230, 140)
    lines += line(50, 140, 50, 200) + line(110, 140, 110, 200) + line(230, 140, 230, 200) + line(170, 140, 170, 180)
    shown = words([["", "Income", ""], ["Item", "Sum", "Rest"], ["a", "1", "2"]], xs, ys)
    cells = {
        c.text: (c.row, c.column, c.row_span, c.column_span)
        for c in only_grid(read_pdf_camelot(pdf(lines + shown))).cells
    }
    assert cells == {
        "Item": (0, 0, 2, 1),
        "Income": (0, 1, 1, 2),
        "Sum": (1, 1, 1, 1),
        "Rest": (1, 2, 1, 1),
        "a": (2, 0, 1, 1),
        "1": (2, 1, 1, 1),
        "2": (2, 2, 1, 1),
    }


def test_wrapped_lines_stay_lines() -> None:
    shown = text(53, 192, "15621112", 7) + text(53, 184, "3", 7) + text(153, 186, "x")
    assert table(read_pdf_camelot(pdf(rules() + shown)))[0] == ["15621112\n3", "x"]


def test_a_code_that_touches_the_name_beside_it_stays_in_its_cell() -> None:
    shown = text(110.5, 186, "2010301") + text(151, 186, "行政运行")
    assert table(read_pdf_camelot(pdf(rules() + shown)))[0] == ["2010301", "行政运行"]


def test_an_almost_empty_table_is_kept_and_an_empty_or_single_frame_is_not() -> None:
    xs, ys = tuple(range(20, 381, 30)), tuple(range(280, 99, -15))
    document = read_pdf_camelot(
        pdf(rules(xs, ys) + words([["Item"]], xs, ys), rules(xs, ys), rules((50, 250), (200, 100)))
    )
    assert [block.page for block in document.blocks] == [1]


# --- places ----------------------------------------------------------------------------------------------------------

SIDEWAYS = "0 1 -1 0 300 0 cm\n"  # turned by a quarter, counter-clockwise


@pytest.mark.parametrize(
    "page",
    [
        "/MediaBox [0 0 400 300] /Rotate 180",
        "/MediaBox [-20 30 400 330]",
        "/MediaBox [0 0 400 300] /CropBox [30 40 390 290]",
    ],
)
def test_boxes_are_those_of_the_first_reading(page: str) -> None:
    assert_same_boxes(pdf(SIMPLE, page=page))


@pytest.mark.parametrize(
    "rotate", ["", "/Rotate 90", "/CropBox [20 20 280 390] /Rotate 90", "/CropBox [20 20 280 390]"]
)
def test_boxes_of_a_sideways_table_are_those_of_the_first_reading(rotate: str) -> None:
    assert_same_boxes(pdf(SIDEWAYS + SIMPLE, page=f"/MediaBox [0 0 300 400] {rotate}"))


def test_text_off_the_page_is_not_printed() -> None:
    lines = rules((50, 150, 250), (330, 290, 250, 200))
    shown = text(53, 310, "hidden") + text(53, 260, "shown") + text(53, 220, "12")
    texts = [cell.text for cell in only_grid(read_pdf_camelot(pdf(lines + shown))).cells]
    assert "hidden" not in texts and {"shown", "12"} <= set(texts)


# --- camelot's font defect -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metrics", ["/Ascent 2928 /Descent -1808", "/Ascent 0 /Descent 0", "/Ascent 700 /Descent 1808", ""]
)
def test_a_font_that_declares_its_largest_glyph_leaves_text_in_its_row(metrics: str) -> None:
    data = pdf(SIMPLE, descriptor=HUGE.format(metrics))
    assert table(read_pdf_camelot(data)) == TWO_BY_TWO


def test_the_font_is_what_camelot_alone_stumbles_over() -> None:
    """The guard above guards something: with the font as declared the text is a row off or lost."""
    from camelot.io import read_pdf

    data = pdf(SIMPLE, descriptor=HUGE.format("/Ascent 2928 /Descent -1808"))
    tables: Any = read_pdf(data, flavor="lattice", engine="vector", split_text=True)
    assert not len(tables) or tables[0].data != TWO_BY_TWO


def test_fonts_of_different_descent_on_one_line_keep_their_order() -> None:
    shown = text(53, 186, "12") + text(75, 186, "人") + text(95, 186, "3")
    data = pdf(rules() + shown + text(153, 186, "x"), descriptor=HUGE.format("/Ascent 700 /Descent -400"))
    assert "".join(table(read_pdf_camelot(data))[0][0].split()) == "12人3"


def test_a_bold_face_made_by_printing_twice_is_read_once() -> None:
    twice = words(TWO_BY_TWO) + "1 0 0 1 0.3 0 cm\n" + words(TWO_BY_TWO)
    assert table(read_pdf_camelot(pdf(rules() + twice))) == TWO_BY_TWO


# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_only_the_wanted_pages_are_read() -> None:
    data = pdf(SIMPLE, SIMPLE, SIMPLE)
    assert [block.page for block in read_pdf_camelot(data, pages=[3, 1, 1, 9, 0]).blocks] == [1, 3]
    assert read_pdf_camelot(data, pages=[]).blocks == ()


@pytest.mark.parametrize("data", [b"", b"no pdf at all", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_pdf_camelot(data)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="2 pages, more than the limit of 1"):
        read_pdf_camelot(pdf(SIMPLE, SIMPLE), limits=CamelotLimits(pages=1))


@pytest.mark.parametrize("limits", [CamelotLimits(objects=3), CamelotLimits(crossings=1)])
def test_a_page_beyond_the_limits_is_an_issue(limits: CamelotLimits) -> None:
    document = read_pdf_camelot(pdf(SIMPLE), limits=limits)
    assert document.blocks == ()
    assert [(issue.severity, issue.what, issue.page) for issue in document.issues] == [("warning", PAGE_TOO_LARGE, 1)]


def test_a_page_on_which_camelot_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pdf_camelot._grid

    def failing(table: Any, displayed: Any, number: int) -> Grid:
        if number == 1:
            raise IndexError("list index out of range")
        return real(table, displayed, number)

    monkeypatch.setattr(pdf_camelot, "_grid", failing)
    document = read_pdf_camelot(pdf(SIMPLE, SIMPLE))
    assert [block.page for block in document.blocks] == [2]
    (issue,) = document.issues
    assert (issue.what, issue.page, issue.text) == (PAGE_UNREAD, 1, "IndexError: list index out of range")


def test_a_character_without_a_name_is_marked() -> None:
    assert pdf_camelot._lines("(cid:12)3\n\n 4 \n") == "\N{REPLACEMENT CHARACTER}3\n4"


# --- manners ---------------------------------------------------------------------------------------------------------


def test_what_the_libraries_say_becomes_an_issue_and_nothing_is_left_behind() -> None:
    loggers = [logging.getLogger(name) for name in ("camelot", "playa")]
    before = [list(logger.handlers) for logger in loggers]
    document = read_pdf_camelot(pdf(SIMPLE, page="/MediaBox [0 0 400 300] /Rotate 45"))
    assert table(document) == TWO_BY_TWO
    assert any("45" in issue.text and issue.severity == "info" for issue in document.issues)
    assert [list(logger.handlers) for logger in loggers] == before


def test_many_remarks_are_counted() -> None:
    remarks = pdf_camelot._Remarks()
    with remarks.heard():
        for number in range(50):
            logging.getLogger("playa.page").warning("object %d is odd", number)
        warnings.warn("No tables found on page-1", stacklevel=1)
        logging.getLogger("playa.page").warning("object %d is odd", 0)
    issues = remarks.issues()
    assert len(issues) == 21
    assert (issues[0].text, issues[-1].text) == ("object 0 is odd", "30 more remarks")


def test_importing_the_reader_does_not_import_camelot() -> None:
    code = (
        "import sys, pipeline.documents.readers.pdf_camelot, pipeline.documents.cross_check\n"
        "print(sorted({'camelot', 'playa', 'cv2', 'pandas'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_watermark_is_left_out() -> None:
    watermark = "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 60 150 Tm (DRAFT) Tj ET\n"
    (grid,) = [block for block in read_pdf_camelot(pdf(SIMPLE + watermark)).blocks if isinstance(block, Grid)]
    assert [[cell.text for cell in row] for row in grid.rows()] == TWO_BY_TWO

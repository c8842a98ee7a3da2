"""The PDF grid reader: rules however they are drawn, text in its cell, a reason in words for what it refuses.

The PDFs are written here, byte by byte: lines, rectangles, a Latin and a Chinese standard font.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.documents.model import Document, Grid, Paragraph, UnreadableDocument
from pipeline.documents.readers import pdf_grid
from pipeline.documents.readers.pdf_camelot import read_pdf_camelot
from pipeline.documents.readers.pdf_characters import LOST
from pipeline.documents.readers.pdf_grid import PdfLimits, read_pdf_grid

LATIN, CHINESE = "F1", "F2"


def serialise(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def unicode_map(codes: dict[int, str]) -> bytes:
    lines = "".join(f"<{code:02X}> <{text.encode('utf-16-be').hex()}>\n" for code, text in codes.items())
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"%d beginbfchar\n%sendbfchar endcmap end end" % (len(codes), lines.encode())
    )


def pdf(
    *contents: str,
    page: str = "/MediaBox [0 0 400 300]",
    form: str = "",
    form_entries: str = "",
    codes: dict[int, str] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """A PDF with one page for each content stream.

    ``form`` is the content of the form XObject /X1; ``codes`` maps codes of the Latin font to text.
    """
    first = 8
    numbers = range(first, first + 2 * len(contents), 2)
    latin = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding %s >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), b" ".join(b"%d 0 R" % n for n in numbers)),
        latin % (b"/ToUnicode 6 0 R" if codes else b""),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        unicode_map(codes or {0x41: "A"}),
        stream(
            form.encode(),
            f"/Type /XObject /Subtype /Form {form_entries or '/BBox [-999 -999 999 999]'} ".encode()
            + b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>",
        ),
    ]
    for number, content in zip(numbers, contents, strict=True):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {page} /Contents {number + 1} 0 R /Resources "
            "<< /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /X1 7 0 R >> >> >>".encode()
        )
        objects.append(stream(content.encode("latin-1")))
    return serialise(objects, trailer)


def text(x: float, y: float, shown: str, size: float = 10) -> str:
    if shown.isascii():
        escaped = shown.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"BT /{LATIN} {size} Tf {x} {y} Td ({escaped}) Tj ET\n"
    return f"BT /{CHINESE} {size} Tf {x} {y} Td <{shown.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def rectangle(x0: float, y0: float, x1: float, y1: float, paint: str = "f") -> str:
    return f"{x0} {y0} {x1 - x0} {y1 - y0} re {paint}\n"


XS, YS = (50, 150, 250), (200, 180, 160)


def rules(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> str:
    across = "".join(line(xs[0], y, xs[-1], y) for y in ys)
    return across + "".join(line(x, ys[-1], x, ys[0]) for x in xs)


def words(rows: Sequence[Sequence[str]], xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> str:
    return "".join(
        text(xs[j] + 3, ys[i + 1] + 6, word) for i, row in enumerate(rows) for j, word in enumerate(row) if word
    )


TWO_BY_TWO = [["2010301", "12.50"], ["20103", "7"]]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def only_grid(data: bytes) -> Grid:
    (grid,) = grids(read_pdf_grid(data))
    return grid


def table(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows()]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


# --- rules -----------------------------------------------------------------------------------------------------------


def test_cells_have_text_page_and_box() -> None:
    document = read_pdf_grid(pdf(text(50, 250, "first page"), rules() + words(TWO_BY_TWO)))
    assert (document.format, document.reader, document.page_count, document.issues) == ("pdf", "grid", 2, ())
    (grid,) = grids(document)
    assert (grid.page, grid.row_count, grid.column_count) == (2, 2, 2)
    assert table(grid) == TWO_BY_TWO
    box = grid.cells[3].bbox
    assert box == pytest.approx((150, 160, 250, 180), abs=0.5)


def test_merged_cells_come_from_missing_rules() -> None:
    content = (
        "".join(line(50, y, 350, y) for y in (200, 160, 140))
        + line(150, 180, 350, 180)
        + "".join(line(x, 140, x, 200) for x in (50, 150, 350))
        + line(250, 140, 250, 180)
        + text(60, 178, "code")
        + text(200, 186, "amount")
        + words([["basic", "project"]], (150, 250, 350), (180, 160))
        + words([["201", "1", "2"]], (50, 150, 250, 350), (160, 140))
    )
    grid = only_grid(pdf(content))
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in grid.cells] == [
        (0, 0, 2, 1, "code"),
        (0, 1, 1, 2, "amount"),
        (1, 1, 1, 1, "basic"),
        (1, 2, 1, 1, "project"),
        (2, 0, 1, 1, "201"),
        (2, 1, 1, 1, "1"),
        (2, 2, 1, 1, "2"),
    ]


def thin_rectangles() -> str:
    across = "".join(rectangle(50, y - 0.3, 250, y + 0.3) for y in YS)
    return across + "".join(rectangle(x - 0.3, 160, x + 0.3, 200) for x in XS)


def rectangles_of_cells() -> str:
    return "".join(
        rectangle(XS[j], YS[i + 1], XS[j + 1], YS[i], "S") for i in range(len(YS) - 1) for j in range(len(XS) - 1)
    )


def dash_pieces() -> str:
    across = "".join(rectangle(x, y, x + 2, y + 0.5) for y in YS for x in range(50, 250, 4))
    return across + "".join(rectangle(x, y, x + 0.5, y + 2) for x in XS for y in range(160, 200, 4))


def dots() -> str:
    across = "".join(rectangle(x, y, x + 0.75, y + 0.75) for y in YS for x in range(50, 251, 2))
    return across + "".join(rectangle(x, y, x + 0.75, y + 0.75) for x in XS for y in range(160, 201, 2))


def one_path() -> str:
    across = "".join(f"50 {y} m 250 {y} l " for y in YS)
    return across + "".join(f"{x} 160 m {x} 200 l " for x in XS) + "S\n"


def thin_frames() -> str:
    """Each cell as a filled frame: a rectangle with a hole (even-odd)."""
    return "".join(
        f"{XS[j]} {YS[i + 1]} 100 20 re {XS[j] + 0.5} {YS[i + 1] + 0.5} 99 19 re f*\n"
        for i in range(2)
        for j in range(2)
    )


def clipped_areas() -> str:
    """Each rule as a large area clipped to a strip, as WeasyPrint draws a border."""
    across = [(50, y - 0.3, 250, y + 0.3) for y in YS]
    down = [(x - 0.3, 160, x + 0.3, 200) for x in XS]
    return "".join(f"q {rectangle(*box, paint='W n')} {rectangle(10, 10, 390, 290)} Q\n" for box in [*across, *down])


def not_quite_meeting() -> str:
    return "".join(line(51.5, y, 248, y) for y in YS) + "".join(line(x, 161, x, 198.5) for x in XS)


def drawn_twice() -> str:
    return rules() + rules([x + 0.7 for x in XS], [y + 0.7 for y in YS]) + rules()


def double_rules() -> str:
    return rules() + rules([x + 2 for x in XS], [y - 2 for y in YS])


def white_rules_on_colour() -> str:
    return "0.8 0.8 1 rg\n" + rectangle(50, 160, 250, 200) + "1 1 1 RG 1 w\n" + rules() + "0 g\n"


def gaps_between_filled_cells() -> str:
    boxes = [(XS[j] + 0.8, YS[i + 1] + 0.8, XS[j + 1] - 0.8, YS[i] - 0.8) for i in range(2) for j in range(2)]
    return "0.8 0.8 1 rg\n" + "".join(rectangle(*box) for box in boxes) + "0 g\n"


@pytest.mark.parametrize(
    "drawn",
    [
        rules(),
        "0 w\n" + rules(),
        "2.5 w\n" + rules(),
        "[3 2] 0 d\n" + rules(),
        thin_rectangles(),
        rectangles_of_cells(),
        dash_pieces(),
        dots(),
        one_path(),
        thin_frames(),
        clipped_areas(),
        not_quite_meeting(),
        drawn_twice(),
        double_rules(),
        white_rules_on_colour(),
        gaps_between_filled_cells(),
        "0.9 g\n" + rectangle(50, 180, 250, 200) + "0 g\n" + rules(),
    ],
    ids=[
        "strokes",
        "hairlines",
        "thick strokes",
        "dash pattern",
        "thin rectangles",
        "stroked rectangles",
        "dashes",
        "dots",
        "one path",
        "thin frames",
        "clipped areas",
        "not quite meeting",
        "drawn twice",
        "double rules",
        "white rules on colour",
        "gaps between filled cells",
        "coloured header",
    ],
)
def test_a_rule_is_a_rule_however_it_is_drawn(drawn: str) -> None:
    assert table(only_grid(pdf(drawn + words(TWO_BY_TWO)))) == TWO_BY_TWO


@pytest.mark.parametrize(
    "drawn",
    [
        "1 1 1 RG\n" + line(50, 190, 250, 190) + line(100, 160, 100, 200) + "0 G\n",
        "q 300 0 100 300 re W n\n" + line(50, 190, 250, 190) + line(100, 160, 100, 200) + "Q\n",
        "50 190 m 250 190 l n\n",
        rectangle(60, 162, 61, 163),
    ],
    ids=["white", "clipped away", "not painted", "a dot"],
)
def test_what_is_not_seen_is_no_rule(drawn: str) -> None:
    assert table(only_grid(pdf(rules() + drawn + words(TWO_BY_TWO)))) == TWO_BY_TWO


def test_a_table_in_nested_form_objects() -> None:
    form = rules((0, 50, 100), (20, 10, 0)) + "".join(
        text(x, y, word, 5) for x, y, word in [(2, 13, "201"), (52, 13, "1.5"), (2, 3, "202"), (52, 3, "2.5")]
    )
    content = "q 1 0 0 1 10 20 cm q 2 0 0 2 0 0 cm /X1 Do Q Q\n"
    grid = only_grid(pdf(content, form=form, form_entries="/BBox [-5 -5 300 300] /Matrix [1 0 0 1 15 30]"))
    assert table(grid) == [["201", "1.5"], ["202", "2.5"]]
    assert grid.cells[0].bbox == pytest.approx((40, 100, 140, 120), abs=0.5)


TURNED = {90: "0 1 -1 0 300 0 cm\n", 180: "-1 0 0 -1 400 300 cm\n", 270: "0 -1 1 0 0 400 cm\n"}


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_rotated_page_is_read_as_displayed(degrees: int) -> None:
    size = "400 300" if degrees == 180 else "300 400"
    content = TURNED[degrees] + rules() + words(TWO_BY_TWO) + text(50, 230, "title")
    document = read_pdf_grid(pdf(content, page=f"/MediaBox [0 0 {size}] /Rotate {degrees}"))
    (grid,) = grids(document)
    assert table(grid) == TWO_BY_TWO
    assert texts(document) == ["title"]
    assert grid.cells[0].bbox == pytest.approx((50, 180, 150, 200), abs=0.5)


def test_a_table_turned_on_an_upright_page_is_read_along_its_text() -> None:
    grid = only_grid(pdf(TURNED[90] + rules() + words(TWO_BY_TWO), page="/MediaBox [0 0 300 400]"))
    assert table(grid) == TWO_BY_TWO
    assert grid.cells[0].bbox == pytest.approx((100, 50, 120, 150), abs=0.5)  # where it stands on the page


def test_boxes_count_from_the_crop_box() -> None:
    page = "/MediaBox [0 0 400 300] /CropBox [20 30 380 290]"
    grid = only_grid(pdf(rules() + words(TWO_BY_TWO) + text(5, 5, "off"), page=page))
    assert grid.cells[0].bbox == pytest.approx((30, 150, 130, 170), abs=0.5)


def test_tables_below_and_beside_each_other_stay_apart() -> None:
    content = (
        text(50, 270, "above")
        + rules((50, 100, 150), (260, 240, 220))
        + words([["a1", "a2"], ["a3", "a4"]], (50, 100, 150), (260, 240, 220))
        + rules((200, 250, 300), (260, 240, 220))
        + words([["b1", "b2"], ["b3", "b4"]], (200, 250, 300), (260, 240, 220))
        + text(50, 205, "between")
        + rules((50, 100, 150), (190, 170, 150))
        + words([["c1", "c2"], ["c3", "c4"]], (50, 100, 150), (190, 170, 150))
        + text(50, 20, "- 1 -")
    )
    blocks = read_pdf_grid(pdf(content)).blocks
    shown = [b.text if isinstance(b, Paragraph) else b.cells[0].text for b in blocks]
    assert shown == ["above", "a1", "b1", "between", "c1", "- 1 -"]


def test_a_frame_around_text_is_no_table() -> None:
    content = rectangle(20, 20, 380, 280, "S") + text(50, 250, "title") + rules() + words(TWO_BY_TWO)
    document = read_pdf_grid(pdf(content))
    assert texts(document) == ["title"]
    assert table(grids(document)[0]) == TWO_BY_TWO


def test_title_and_unit_inside_the_grid_are_rows_of_it() -> None:
    content = (
        rules((50, 150, 250), (180, 160))
        + line(50, 200, 250, 200)
        + line(50, 200, 50, 180)
        + line(250, 200, 250, 180)
        + text(60, 186, "Table 1")
        + words([["201", "5"]], ys=(180, 160))
    )
    assert table(only_grid(pdf(content))) == [["Table 1"], ["201", "5"]]


# --- where rules are missing -----------------------------------------------------------------------------------------


def test_open_sides() -> None:
    content = "".join(line(50, y, 250, y) for y in YS) + line(150, 160, 150, 200) + words(TWO_BY_TWO)
    assert table(only_grid(pdf(content))) == TWO_BY_TWO


def test_horizontal_rules_only() -> None:
    ys = (200, 180, 160, 140)
    rows = [["code", "amount"], *TWO_BY_TWO]
    assert table(only_grid(pdf("".join(line(50, y, 250, y) for y in ys) + words(rows, ys=ys)))) == rows


def test_rules_between_paragraphs_are_no_table() -> None:
    content = "".join(line(50, y, 250, y) for y in (200, 180, 160)) + text(60, 186, "one") + text(60, 166, "two")
    document = read_pdf_grid(pdf(content))
    assert (grids(document), texts(document)) == ([], ["one", "two"])


def test_a_coloured_header_without_rules_belongs_to_the_table() -> None:
    content = "0.8 g\n" + rectangle(50, 200, 250, 220) + "0 g\n" + rules() + words(TWO_BY_TWO)
    content += text(53, 206, "code") + text(153, 206, "amount")
    assert table(only_grid(pdf(content))) == [["code", "amount"], *TWO_BY_TWO]


# --- characters ------------------------------------------------------------------------------------------------------


def cell_text(content: str, **options: dict[int, str]) -> str:
    """What is read in the first cell (50, 160) to (150, 200) of a row of two."""
    return (
        only_grid(pdf(rules(ys=(200, 160)) + text(160, 170, "x") + content, codes=options.get("codes"))).cells[0].text
    )


def test_a_wrapped_number_keeps_its_lines() -> None:
    assert cell_text(text(60, 185, "1,234,") + text(60, 172, "567.00")) == "1,234,\n567.00"


def test_a_number_printed_twice_is_one_number() -> None:
    twice = "".join(text(60 + 0.4 * n, 180, "1122.30") for n in range(2))
    spelt = "".join(text(60 + 5.56 * k + d, 168, c) for d in (0, 0.3) for k, c in enumerate("1122"))
    assert cell_text(twice + spelt) == "1122.30\n1122"


def test_both_letters_of_a_ligature_stay() -> None:
    assert cell_text(text(60, 180, "oAce"), codes={0x6F: "o", 0x41: "ff", 0x63: "c", 0x65: "e"}) == "office"[:3] + "ce"


def test_characters_are_ordered_by_baseline() -> None:
    comma = "BT /F2 10 Tf 1 0 0 1 70 180 Tm <FF0C> Tj ET\n"
    assert cell_text(text(80, 180.4, "支出") + comma + text(60, 180, "一")) == "一，支出"


def test_spaces_stand_for_gaps_but_not_inside_numbers() -> None:
    assert cell_text(text(60, 180, "12") + text(74, 180, "34")) == "1234"  # spaced out
    assert cell_text(text(60, 180, "12") + text(88, 180, "34")) == "12 34"  # two numbers: never 1234
    assert cell_text(text(60, 180, "301 02")) == "301 02"


def test_turned_text_in_a_cell_is_read_along_itself() -> None:
    turned = "BT /F1 10 Tf 0 1 -1 0 70 165 Tm (201) Tj ET\n"
    upright = text(60, 120, "prose that stands upright and is the most of the page")
    assert cell_text(turned + upright) == "201"


def test_oblique_text_is_kept_out_and_reported() -> None:
    watermark = "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 60 120 Tm (DRAFT) Tj ET\n"
    document = read_pdf_grid(pdf(rules() + words(TWO_BY_TWO) + watermark))
    assert table(grids(document)[0]) == TWO_BY_TWO
    assert [(issue.what, issue.text) for issue in document.issues] == [(pdf_grid.OBLIQUE, "DRAFT")]


def test_a_number_printed_across_a_rule_is_read_whole() -> None:
    document = read_pdf_grid(pdf(rules() + text(118, 186, "1234567.89") + words([["", ""], ["20103", "7"]])))
    assert table(grids(document)[0]) == [["1234567.89", ""], ["20103", "7"]]
    assert [(issue.what, issue.text, issue.page) for issue in document.issues] == [(pdf_grid.CROSSING, "1234567.89", 1)]


def test_texts_that_touch_a_rule_from_both_sides_are_divided_by_it() -> None:
    code = text(150 - 7 * 5.56, 186, "2010301")
    document = read_pdf_grid(pdf(rules() + code + text(150.2, 186, "行政运行") + words([["", ""], ["20103", "7"]])))
    assert table(grids(document)[0])[0] == ["2010301", "行政运行"]


@pytest.mark.parametrize(
    ("shown", "x", "row"),
    [
        ("284306.57284006.57", 104, ["284306.57", "284006.57"]),  # each in its cell, though a rule cuts a digit
        ("1,284,306.571,284,006.57", 92, ["1,284,306.57", "1,284,006.57"]),
        ("284306284006", 112, ["284306284006", ""]),  # it may be one number
    ],
)
def test_amounts_that_touch_each_other_over_a_rule_are_those_amounts(shown: str, x: float, row: list[str]) -> None:
    assert table(only_grid(pdf(rules() + text(x, 186, shown) + words([["", ""], ["20103", "7"]]))))[0] == row


_PIECE = 5 * 5.56 + 2.78  # the width of 2855.0


@pytest.mark.parametrize(
    ("drawn", "row"),
    [
        (
            text(150 - _PIECE, 186, "2855.05"),
            ["2855.05", ""],
        ),  # the rule between two digits
        (text(150 - _PIECE + 0.3, 186, "2855.05"), ["2855.05", ""]),
        ("1.3 Tc\n" + text(150 - _PIECE - 7, 186, "2855.05") + "0 Tc\n", ["2855.05", ""]),
        (text(250 - _PIECE, 186, "2855.05"), ["", "2855.05"]),  # into the open
        (text(250 - _PIECE - 3, 186, "2855.05"), ["", "2855.05"]),
        (text(150 - _PIECE - 5.56, 186, "2855.0512"), ["2855.05", "12"]),  # whole before the rule
        (text(70, 186, "2855.05") + text(150.5, 186, "12"), ["2855.05", "12"]),
    ],
)
def test_a_number_goes_on_behind_a_rule_that_no_digit_touches(drawn: str, row: list[str]) -> None:
    assert table(only_grid(pdf(rules() + drawn + words([["", ""], ["20103", "7"]]))))[0] == row


@pytest.mark.parametrize("before", ["3 Tr\n", "1 1 1 rg\n", "1 g\n", "0 0 0 0 k\n", "7 Tr\n"])
def test_text_that_is_not_seen_is_not_read(before: str) -> None:
    hidden = f"q\n{before}{text(160, 186, '77.77')}Q\n"
    data = pdf(rules() + words([["2010301", ""], ["20103", "7"]]) + hidden)
    document = read_pdf_grid(data)
    assert table(grids(document)[0]) == [["2010301", ""], ["20103", "7"]]
    assert [(issue.what, issue.text) for issue in document.issues] == [(pdf_grid.HIDDEN, "77.77")]
    assert table(grids(read_pdf_camelot(data))[0]) == [["2010301", ""], ["20103", "7"]]


@pytest.mark.parametrize("below", ["0 0 0.5 rg\n", "0.4 g\n"])
def test_white_text_on_a_coloured_area_is_read(below: str) -> None:
    shown = f"q\n{below}{rectangle(150, 180, 250, 200)}Q\nq\n1 1 1 rg\n{text(160, 186, '77.77')}Q\n"
    data = pdf(rules() + shown + words([["2010301", ""], ["20103", "7"]]))
    assert table(only_grid(data))[0] == ["2010301", "77.77"]
    assert table(grids(read_pdf_camelot(data))[0])[0] == ["2010301", "77.77"]


def test_numbers_printed_over_each_other_are_not_read() -> None:
    shown = text(60, 186, "12345.00") + text(63, 186, "678.00") + words([["", "5.00"], ["20103", "7"]])
    grid = only_grid(pdf(rules() + shown))
    assert LOST in table(grid)[0][0] and table(grid)[0][1] == "5.00"


@pytest.mark.parametrize("radical", ["⼀般⺠政部⻔⻓", "一般民政部门长"])
def test_a_radical_is_its_character(radical: str) -> None:
    codes = dict(enumerate(radical, 0x41))
    assert cell_text(text(60, 180, "".join(map(chr, codes))), codes=codes) == "一般民政部门长"


def test_forms_of_the_same_ideograph_are_one() -> None:
    assert cell_text(text(60, 180, "AB"), codes={0x41: "\u2f00", 0x42: "般"}) == "一般"


def test_a_minus_mapped_to_the_soft_hyphen_is_a_minus() -> None:
    assert cell_text(text(60, 180, "A5"), codes={0x41: "\u00ad", 0x35: "5"}) == "-5"


# --- fonts without a Unicode map -------------------------------------------------------------------------------------


def test_a_character_without_unicode_is_never_guessed() -> None:
    content = rules() + words([["2010301", "1A2"], ["20103", "7"]])
    document = read_pdf_grid(pdf(content, codes={0x41: "\ue012"} | {c: chr(c) for c in range(0x30, 0x3A)}))
    assert table(grids(document)[0])[0] == ["2010301", f"1{LOST}2"]
    (issue,) = document.issues
    assert (issue.severity, issue.what, issue.page, issue.text) == ("error", pdf_grid.LOST_GLYPHS, 1, f"1{LOST}2")


def test_a_document_of_such_fonts_is_refused() -> None:
    codes = {c: chr(0xE000 + c) for c in range(0x30, 0x3A)}
    with pytest.raises(UnreadableDocument, match="no Unicode map"):
        read_pdf_grid(pdf(rules() + words(TWO_BY_TWO), codes=codes))


def test_accented_letters_for_ideographs_betray_the_font() -> None:
    with pytest.raises(UnreadableDocument, match="no Unicode map"):
        read_pdf_grid(
            pdf(rules() + words([["\\254\\347\\304\\214\\345\\322\\341", "12"], ["3", "4"]]).replace("\\\\", "\\"))
        )


# --- paragraphs ------------------------------------------------------------------------------------------------------


def test_a_wrapped_sentence_is_one_paragraph_and_titles_are_their_own() -> None:
    content = (
        text(150, 280, "部门预算说明")
        + text(40, 260, "一" * 30)
        + text(20, 245, "二" * 10 + "。")
        + text(40, 230, "三" * 30)
        + text(20, 215, "四" * 32)
        + text(20, 200, "五。")
        + text(20, 185, "单位：万元")
    )
    assert texts(read_pdf_grid(pdf(content))) == [
        "部门预算说明",
        "一" * 30 + "二" * 10 + "。",
        "三" * 30 + "四" * 32 + "五。",
        "单位：万元",
    ]


def test_what_stands_on_one_line_is_one_paragraph() -> None:
    content = (
        text(20, 250, "编制单位：某局")
        + text(160, 250, "预算年度：")
        + text(210, 250, "2024")
        + text(320, 250, "单位：元")
    )
    assert texts(read_pdf_grid(pdf(content))) == ["编制单位：某局   预算年度：2024   单位：元"]


# --- what cannot be read ---------------------------------------------------------------------------------------------

IMAGE = "q 400 0 0 300 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n"


def reason(data: bytes, limits: PdfLimits = pdf_grid.DEFAULT_LIMITS) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_pdf_grid(data, limits)
    return str(caught.value)


def test_a_scan_is_refused_and_a_scanned_page_is_reported() -> None:
    assert "scanned" in reason(pdf(IMAGE, IMAGE))
    document = read_pdf_grid(pdf(text(50, 250, "cover"), IMAGE + text(190, 10, "- 2 -")))
    assert [(issue.severity, issue.what, issue.page) for issue in document.issues] == [("warning", pdf_grid.SCANNED, 2)]
    assert texts(document) == ["cover", "- 2 -"]


def test_text_behind_a_scan_is_read_with_a_warning() -> None:
    document = read_pdf_grid(pdf(IMAGE + "3 Tr\n" + text(50, 250, "recognised by a machine from the scan")))
    assert [issue.what for issue in document.issues] == [pdf_grid.RECOGNISED]


def test_blank_pages_and_shapes() -> None:
    assert "blank" in reason(pdf("", rules()))
    outlines = "".join(
        f"{x} 100 m {x} 105 {x + 3} 105 {x + 3} 100 c {x} 99 l {x} 98 l {x} 97 l f\n" for x in range(20, 380, 3)
    )
    assert "shapes" in reason(pdf(outlines))


def test_a_password_is_named() -> None:
    data = pdf(rules(), trailer=b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>"
               % (b"o" * 32, b"u" * 32))  # fmt: skip
    assert "password" in reason(data)


def test_damage() -> None:
    whole = pdf(rules() + words(TWO_BY_TWO))
    assert "empty" in reason(b"")
    assert "not a PDF" in reason(b"<html>404</html>")
    assert "cut off" in reason(whole[: len(whole) // 2])
    assert "damaged" in reason(b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF")
    assert "no pages" in reason(pdf())
    assert "page 1: the page is damaged" in reason(whole.replace(b"[8 0 R]", b"[99 0 R]"))


@pytest.mark.parametrize("count", [1, 4095, 4096, 4097, 9000])
def test_padding_at_the_end_is_no_damage(count: int) -> None:
    assert table(only_grid(pdf(rules() + words(TWO_BY_TWO)) + b"\0" * count)) == TWO_BY_TWO


def test_a_wrong_cross_reference_table_is_repaired() -> None:
    whole = pdf(rules() + words(TWO_BY_TWO))
    head = whole[: whole.rindex(b"startxref")]
    assert table(only_grid(head + b"startxref\n7\n%%EOF")) == TWO_BY_TWO


def test_a_missing_page_is_reported_and_the_others_are_read() -> None:
    data = pdf(text(50, 250, "one"), text(50, 250, "two")).replace(b"10 0 R]", b"99 0 R]")
    document = read_pdf_grid(data)
    assert texts(document) == ["one"]
    assert [(issue.severity, issue.page) for issue in document.issues] == [("error", 2)]


def test_limits() -> None:
    data = pdf(*[rules() + words(TWO_BY_TWO)] * 3)
    assert "3 pages, more than the limit of 2" in reason(data, PdfLimits(pages=2))
    for limits in (PdfLimits(objects=5), PdfLimits(characters=5)):
        assert "more" in reason(data, limits) and "than the limit" in reason(data, limits)


def test_a_page_of_countless_cells_is_reported_and_the_others_are_read() -> None:
    mesh = "".join(line(x, 0, x, 2000) + line(0, x, 2000, x) for x in range(0, 2000, 4))
    document = read_pdf_grid(pdf(text(50, 250, "one"), mesh + text(50, 250, "two"), page="/MediaBox [0 0 2000 2000]"))
    assert texts(document) == ["one"]
    assert [(issue.severity, issue.page) for issue in document.issues] == [("error", 2)]


def test_the_same_bytes_give_the_same_document() -> None:
    data = pdf(rules() + words(TWO_BY_TWO))
    assert read_pdf_grid(data) == read_pdf_grid(data)


# --- texts that have no room in their cells --------------------------------------------------------------------------


def clipped(box: tuple[float, float, float, float], *shown: str) -> str:
    """What spreadsheets write of a cell whose text is too long: its own lines, with the cell as clip path."""
    return f"q {rectangle(*box, paint='W n')} {''.join(shown)} Q\n"


def test_a_second_line_that_the_row_hides_belongs_to_the_cell_that_clips_it() -> None:
    label = clipped((50, 180, 150, 200), text(53, 187, "文化旅游体育"), text(53, 175, "与传媒"))
    document = read_pdf_grid(pdf(rules() + label + words([["", "12.50"], ["教育", "7.00"]])))
    (grid,) = grids(document)
    assert table(grid) == [["文化旅游体育\n与传媒", "12.50"], ["教育", "7.00"]]
    assert [(i.severity, i.what, i.page) for i in document.issues] == [("info", pdf_grid.CUT_OFF, 1)]


def test_a_text_that_the_side_of_its_cell_cuts_is_not_mixed_with_the_number_beside_it() -> None:
    label = clipped((50, 180, 150, 200), text(53, 186, "文化旅游体育与传媒支出等等"))
    document = read_pdf_grid(pdf(rules() + label + words([["", "12.50"], ["教育", "7.00"]])))
    (grid,) = grids(document)
    assert table(grid) == [["文化旅游体育与传媒支出等等", "12.50"], ["教育", "7.00"]]


def test_a_number_of_which_the_page_shows_a_part_is_read_whole_with_a_doubt() -> None:
    number = clipped((150, 180, 250, 200), text(100, 186, "1234567890123456.78", size=14))
    document = read_pdf_grid(pdf(rules() + number + words([["项目", ""], ["教育", "7.00"]])))
    (grid,) = grids(document)
    assert table(grid) == [["项目", "1234567890123456.78"], ["教育", "7.00"]]
    assert [(i.severity, i.what, i.text) for i in document.issues] == [
        ("warning", pdf_grid.CUT_OFF, "1234567890123456.78")
    ]


def test_a_clip_path_of_a_whole_table_moves_no_text() -> None:
    inside = clipped((50, 100, 390, 280), text(53, 186, "项目"), text(153, 186, "12.50"), text(53, 166, "x" * 90))
    assert table(only_grid(pdf(rules() + inside)))[0] == ["项目", "12.50"]


def test_a_label_over_two_blank_neighbours_is_read_in_the_cell_at_whose_side_it_begins() -> None:
    xs = (50, 100, 150, 250)
    label = text(53, 186, "其中教学科研人员因公出国")
    document = read_pdf_grid(pdf(rules(xs) + label + words([["", "", ""], ["教育", "7.00", "7.00"]], xs)))
    (grid,) = grids(document)
    assert table(grid) == [["其中教学科研人员因公出国", "", ""], ["教育", "7.00", "7.00"]]

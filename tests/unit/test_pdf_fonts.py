"""Fonts that a PDF names and does not embed: every character is read, at the declared width, from the stand-in."""

from __future__ import annotations

import ctypes
import io
import re
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageFont
from reportlab.pdfbase.pdfmetrics import stringWidth

from pipeline.documents.model import Paragraph
from pipeline.documents.readers.pdf_characters import LOST
from pipeline.documents.readers.pdf_fonts import read_without_installed_fonts, stand_in
from pipeline.documents.readers.pdf_grid import LOST_GLYPHS, read_pdf_grid
from pipeline.picture import draw_page
from tests.support import ROOT
from tests.unit.test_pdf_grid import serialise, stream

REAL = sorted((ROOT.parent / "shared" / "real").glob("*.pdf"))
DESCRIPTOR = "/FontDescriptor << /Type /FontDescriptor /FontName /{name} /Flags {flags} /Ascent 880 /Descent -120 >>"
WIDE = ["，", "一", "、", "支出", "1", "："]
UCS2 = [text.encode("utf-16-be") for text in WIDE]
CODES = sorted({f"<{ord(character):04X}>" for text in WIDE for character in text})
TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    f"{len(CODES)} beginbfchar {' '.join(f'{code} {code}' for code in CODES)} endbfchar endcmap end end"
)


def composite(name: str, ordering: str, encoding: str, mapped: bool = False, subtype: str = "CIDFontType2") -> str:
    unicode_map = "/ToUnicode 6 0 R" if mapped else ""
    return (
        f"/Type0 /BaseFont /{name} /Encoding /{encoding} {unicode_map} /DescendantFonts [<< /Type /Font"
        f" /Subtype /{subtype} /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering})"
        f" /Supplement 2 >> /DW 1000 /W [1 [600] 814 939 500] {DESCRIPTOR.format(name=name, flags=4)} >>]"
    )


def simple(name: str, subtype: str = "TrueType", flags: int = 32, encoding: str = "/Encoding /WinAnsiEncoding") -> str:
    widths = f"/FirstChar 0 /LastChar 255 /Widths [{'600 ' * 256}] {DESCRIPTOR.format(name=name, flags=flags)}"
    return f"/{subtype} /BaseFont /{name} {encoding} {widths}"


def page(font: str, strings: list[bytes]) -> bytes:
    """Each string is a text object of its own, on a line of its own."""
    content = "".join(f"BT /F1 10 Tf 50 {280 - 20 * n} Td <{string.hex()}> Tj ET\n" for n, string in enumerate(strings))
    return serialise(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            stream(content.encode()),
            f"<< /Type /Font /Subtype {font} >>".encode(),
            stream(TO_UNICODE.encode()),
        ]
    )


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_pdf_grid(data).blocks if isinstance(block, Paragraph)]


FONTS = {
    "STSong, Unicode codes": (composite("STSong-Light", "GB1", "UniGB-UCS2-H", subtype="CIDFontType0"), UCS2, WIDE),
    "SimSun, Unicode codes": (composite("SimSun", "GB1", "UniGB-UTF16-H"), UCS2, WIDE),
    "SimSun, GBK codes": (composite("SimSun,Bold", "GB1", "GBK-EUC-H"), [t.encode("gbk") for t in WIDE], WIDE),
    "SimSun, glyph numbers": (composite("SimSun", "Identity", "Identity-H", mapped=True), UCS2, WIDE),
    "a name nobody knows": (composite("FZXYZ--GBK1-0", "Identity", "Identity-H", mapped=True), UCS2, WIDE),
    "traditional": (composite("MSung-Light", "CNS1", "UniCNS-UCS2-H", subtype="CIDFontType0"), UCS2, WIDE),
    "Japanese": (composite("MS-Mincho", "Japan1", "UniJIS-UCS2-H"), UCS2, WIDE),
    "Korean": (composite("HYSMyeongJo-Medium", "Korea1", "UniKS-UCS2-H"), UCS2, WIDE),
    "ArialMT, glyph numbers": (composite("ArialMT", "Identity", "Identity-H", mapped=True), UCS2, WIDE),
    "DejaVu Sans, glyph numbers": (composite("DejaVuSans", "Identity", "Identity-H", mapped=True), UCS2, WIDE),
    "DejaVu Sans": (simple("DejaVuSans"), [b"1", b".", b"a b", b"\x96"], ["1", ".", "a b", "–"]),
    "symbolic": (simple("Wingdings", flags=4, encoding=""), [b"1", b"ab"], ["1", "ab"]),
    "Calibri": (simple("Calibri"), [b"1", b".", b"12.50", b"\xad"], ["1", ".", "12.50", "-"]),
    "Helvetica": (simple("Helvetica", "Type1"), [b"1", b".", b"12.50"], ["1", ".", "12.50"]),
    "ArialMT": (simple("ArialMT"), [b"1", b".", b"12.50"], ["1", ".", "12.50"]),
}


@pytest.mark.parametrize("name", FONTS)
def test_no_character_is_lost(name: str) -> None:
    font, strings, wanted = FONTS[name]
    assert texts(page(font, strings)) == wanted


def font_program(data: bytes) -> bytes:
    """The bytes of the font that pdfium takes for the first text of a page."""
    size = ctypes.c_size_t()
    with pdfium.PdfDocument(data) as document:
        font = raw.FPDFTextObj_GetFont(next(document[0].get_objects()))
        raw.FPDFFont_GetFontData(font, None, 0, size)
        target = (ctypes.c_uint8 * size.value)()
        raw.FPDFFont_GetFontData(font, target, size, size)
    return bytes(target)


@pytest.mark.parametrize("name", FONTS)
def test_the_font_is_never_one_of_the_machine(name: str) -> None:
    font, strings, _ = FONTS[name]
    read_without_installed_fonts()
    assert len(font_program(page(font, strings))) == len(stand_in({}, {}))


def test_a_font_with_codes_of_its_own_counts_from_one() -> None:
    """As LibreOffice writes them: code 1 is the first character of the document, code 32 is another."""
    codes = {"<01>": "0031", "<02>": "FF0C", "<20>": "652F"}
    lines = " ".join(f"{code} <{text}>" for code, text in codes.items())
    unicode_map = TO_UNICODE[: TO_UNICODE.index("1 begincodespacerange")] + (
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(codes)} beginbfchar {lines} endbfchar endcmap end end"
    )
    data = page(simple("BAAAAA+FangSong", flags=4, encoding="/ToUnicode 6 0 R"), [b"\x01", b"\x02", b"\x20"])
    assert texts(data.replace(stream(TO_UNICODE.encode()), stream(unicode_map.encode()))) == ["1", "，", "支"]


@pytest.mark.skipif(not REAL, reason="the real documents (../shared/real) are not here")
@pytest.mark.parametrize("path", REAL, ids=[path.stem for path in REAL])
def test_a_real_document_reads_the_same_without_its_fonts(path: Path) -> None:
    data = path.read_bytes()
    bare = re.sub(rb"/FontFile([23])", rb"/FontFull\1", data)
    assert bare != data
    assert read_pdf_grid(bare) == read_pdf_grid(data)


def test_widths_are_the_declared_ones() -> None:
    read_without_installed_fonts()
    font = composite("SimSun", "GB1", "GBK-EUC-H")  # /W: half width for the codes of ASCII
    with pdfium.PdfDocument(page(font, ["支1，".encode("gbk")])) as document:
        text = document[0].get_textpage()
        boxes = [text.get_charbox(index, loose=True) for index in range(3)]
    assert [(round(x0, 2), round(x1, 2)) for x0, _, x1, _ in boxes] == [(50, 60), (60, 65), (65, 75)]


@pytest.mark.parametrize("name", ["Helvetica", "Helvetica-Bold", "Times-Roman", "Times-BoldItalic", "Courier"])
def test_a_standard_font_has_its_own_widths(name: str) -> None:
    """They may be left out of a PDF; reportlab knows them."""
    read_without_installed_fonts()
    text = "Total: 1,234.50 (MWi) é—“"
    font = f"/Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding"
    with pdfium.PdfDocument(page(font, [text.encode("cp1252")])) as document:
        _, _, end, _ = document[0].get_textpage().get_charbox(len(text) - 1, loose=True)
    assert end == pytest.approx(50 + stringWidth(text, name, 10), abs=0.01)


def test_a_code_that_means_nothing_is_reported_not_dropped() -> None:
    font = composite("FZXYZ--GBK1-0", "Identity", "Identity-H", mapped=True)
    found = read_pdf_grid(page(font, [*UCS2, b"\x12\x34"]))
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == [*WIDE, LOST]
    assert [issue.what for issue in found.issues] == [LOST_GLYPHS]


def test_every_code_but_white_space_has_a_glyph_in_the_stand_in() -> None:
    font = ImageFont.truetype(io.BytesIO(stand_in({}, {})), 50)
    narrow, wide = (0x31, 0x32, 0xB7, 0x2014), (0x4E00, 0x4E01, 0xFF0C, 0x20000)
    assert {font.getmask(chr(code)).size for code in narrow} == {(25, 35)}
    assert {font.getmask(chr(code)).size for code in wide} == {(50, 35)}
    assert [font.getmask(blank).getbbox() for blank in " \u3000\u2003"] == [None] * 3


def test_pictures_show_what_no_font_of_the_machine_has(tmp_path: Path) -> None:
    """Where the machine has a Chinese font it draws it, else frames and readable digits."""
    font = composite("SimSun", "GB1", "GBK-EUC-H")
    source = tmp_path / "a.pdf"
    source.write_bytes(page(font, ["支".encode("gbk"), b"7"]))
    draw_page(source, 1, None, [], tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        for top in (20, 40):  # points from the top of the page to the baselines
            drawn = image.convert("L").crop((100, 2 * (top - 9), 120, 2 * (top + 1)))
            assert min(drawn.tobytes()) < 128
    assert texts(source.read_bytes()) == ["支", "7"]  # reading is not changed by drawing

"""Which font pdfium takes for one that a PDF names and does not embed: the same on every machine.

pdfium looks for such a font among those installed. Where it finds none it gives an empty box to every character that
its own Latin fonts lack, and leaves a text of one such character out of the page's text altogether. So the reader
never asks the machine: what is not embedded is a stand-in that has a glyph for every code. Widths are those that the
PDF declares; where it leaves them out, those of the standard font that it names.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2.raw as raw  # type: ignore[import-untyped]


def read_without_installed_fonts() -> None:
    """From now on, for the whole process; every reader calls it before it opens a document."""
    _choose(_StandIn)


def draw_with_installed_fonts() -> None:
    """For pictures, until a reader is called: the machine's fonts, and the stand-in for what it lacks."""
    _choose(_Installed)


def _choose(answers: type[_StandIn]) -> None:
    global _chosen
    if type(_chosen) is not answers:
        chosen = answers()
        raw.FPDF_SetSystemFontInfo(ctypes.byref(chosen.answers))
        _chosen = chosen  # not before: pdfium says goodbye to the one it had
        chosen.prepare()


# --- what pdfium asks ------------------------------------------------------------------------------------------------

# Under these names pdfium asks for the standard fonts, whose widths a PDF may leave out.
_STANDARD = frozenset(
    family + style
    for family, styles in (
        (b"Courier", (b"", b"-Bold", b"-BoldOblique", b"-Oblique")),
        (b"Helvetica", (b"", b"-Bold", b"-BoldOblique", b"-Oblique")),
        (b"Times", (b"-Roman", b"-Bold", b"-BoldItalic", b"-Italic")),
    )
    for style in styles
)
_ANY = b"Stand-in"


class _StandIn:
    """Answers pdfium's questions about fonts. A font is the address of its bytes."""

    def __init__(self) -> None:
        self._widths: dict[bytes, dict[int, int]] = {}
        self._outlines: dict[int, bytes] = {}
        self._addresses: dict[bytes, int] = {}
        self._files: dict[int, ctypes.Array[ctypes.c_char]] = {}
        self.answers = raw.FPDF_SYSFONTINFO()  # pdfium keeps its address
        self.answers.version = 1
        for name in ("EnumFonts", "MapFont", "GetFont", "GetFontData", "GetFaceName", "GetFontCharset", "DeleteFont"):
            setattr(self.answers, name, type(getattr(self.answers, name))(getattr(self, name)))

    def prepare(self) -> None:
        """Asks pdfium for the widths of its own standard fonts: until they are known it gets no other ones."""
        self._widths = {**_standard_widths(), _ANY: {}}

    def _font(self, name: bytes) -> int | None:
        """The stand-in with the widths of this standard font, or with those of none."""
        if name in self._widths and name not in self._addresses:
            data = stand_in(self._widths[name], self._outlines)
            file = ctypes.create_string_buffer(data, len(data))
            self._addresses[name] = ctypes.addressof(file)
            self._files[self._addresses[name]] = file
        return self._addresses.get(name)

    def EnumFonts(self, _: Any, mapper: int) -> None:
        """No font is installed."""

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> int | None:
        """A symbolic font is refused: pdfium then asks again without that mark, and reads its codes as Latin."""
        if charset == raw.FXFONT_SYMBOL_CHARSET:
            return None
        name = ctypes.string_at(face)
        return self._font(name if name in _STANDARD else _ANY)

    def GetFont(self, _: Any, face: Any) -> int | None:
        return None

    def GetFontData(self, _: Any, font: int, table: int, target: Any, room: int) -> int:
        """The whole file (table 0); single tables are asked for only where a file holds several fonts."""
        size = 0 if table else ctypes.sizeof(self._files[font])
        if target and room >= size:
            ctypes.memmove(target, font, size)
        return size

    def GetFaceName(self, _: Any, font: int, target: Any, room: int) -> int:
        name = _ANY + b"\0"
        if target and room >= len(name):
            ctypes.memmove(target, name, len(name))
        return len(name)

    def GetFontCharset(self, _: Any, font: int) -> int:
        return int(raw.FXFONT_DEFAULT_CHARSET)

    def DeleteFont(self, _: Any, font: int) -> None:
        """The stand-in stays."""


_chosen: _StandIn | None = None


class _Installed(_StandIn):
    """The machine's answers; the stand-in for a font that is neither installed nor a standard one."""

    def __init__(self) -> None:
        super().__init__()
        self._machine = raw.FPDF_GetDefaultSystemFontInfo()  # none on a platform whose fonts pdfium does not know

    def prepare(self) -> None:
        self._outlines = _latin_outlines()
        self._widths = {_ANY: {}}

    def _ask(self, question: str, *arguments: Any) -> Any:
        return getattr(self._machine.contents, question)(self._machine, *arguments) if self._machine else None

    def EnumFonts(self, _: Any, mapper: int) -> None:
        self._ask("EnumFonts", mapper)

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> int | None:
        """A font of unknown name is taken for a Chinese one: such have Latin characters too, not the reverse."""
        found: int | None = self._ask("MapFont", weight, italic, charset, pitch, face, exact)
        if found or charset == raw.FXFONT_SYMBOL_CHARSET or ctypes.string_at(face) in _STANDARD:
            return found
        return self._ask("MapFont", weight, italic, raw.FXFONT_GB2312_CHARSET, pitch, face, exact) or self._font(_ANY)

    def GetFont(self, _: Any, face: Any) -> int | None:
        found: int | None = self._ask("GetFont", face)
        return found

    def GetFontData(self, _: Any, font: int, table: int, target: Any, room: int) -> int:
        if font in self._files:
            return super().GetFontData(_, font, table, target, room)
        return int(self._ask("GetFontData", font, table, target, room))

    def GetFaceName(self, _: Any, font: int, target: Any, room: int) -> int:
        if font in self._files:
            return super().GetFaceName(_, font, target, room)
        return int(self._ask("GetFaceName", font, target, room))

    def GetFontCharset(self, _: Any, font: int) -> int:
        if font in self._files:
            return super().GetFontCharset(_, font)
        return int(self._ask("GetFontCharset", font))

    def DeleteFont(self, _: Any, font: int) -> None:
        if font not in self._files:
            self._ask("DeleteFont", font)


@contextmanager
def _standard_font(name: bytes) -> Iterator[Any]:
    """A standard font as pdfium has it."""
    document = raw.FPDF_CreateNewDocument()
    font = raw.FPDFText_LoadStandardFont(document, name)
    try:
        yield font
    finally:
        raw.FPDFFont_Close(font)
        raw.FPDF_CloseDocument(document)


def _standard_widths() -> dict[bytes, dict[int, int]]:
    """Of each standard font: code → width, for the characters of Latin text."""
    codes = sorted({*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, _TYPOGRAPHIC)})
    width = ctypes.c_float()
    found: dict[bytes, dict[int, int]] = {}
    for name in _STANDARD:
        with _standard_font(name) as font:
            found[name] = {}
            for code in codes:
                if raw.FPDFFont_GetGlyphWidth(font, code, float(_EM), width):
                    found[name][code] = round(width.value)
    return found


_TYPOGRAPHIC = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # what Windows adds to Latin 1


# --- the stand-in ----------------------------------------------------------------------------------------------------

_EM, _ASCENT, _DESCENT = 1000, 880, -120
_GLYPHS = 0xFFFF  # as many as a font can have: a code that stands for no character is taken for the glyph's number
_WIDE = 0x2E80  # the first glyph of full width; only a font whose widths the PDF leaves out is affected
# The codes that glyph 0 prints, which is blank. Their own glyphs are not: a font with codes of its own counts from 1.
_BLANK = (*range(0x21), *range(0x7F, 0xA1), *range(0x2000, 0x2010), *range(0x2028, 0x2030), 0x3000, 0xFEFF, 0xFFFF)
# The outer edge and the hole. pdfium makes the box of a character as wide as its glyph where the declared width is
# less: for reading the frame is narrower than any character of any font.
_FRAME = ((20, 0, 180, 700), (60, 40, 140, 660))
_SEEN = ((60, -60, 940, 820), (120, 0, 880, 760))
_Point = tuple[float, float]


def stand_in(widths: Mapping[int, int], outlines: Mapping[int, bytes]) -> bytes:
    """A TrueType font: glyph n prints code n, by its outline, or as an empty frame, which outlines at all make larger.

    ``widths`` are those of some codes; of the others an ideograph is one em wide, and what comes before it half an em.
    """
    frame = _SEEN if outlines else _FRAME
    wide, narrow = (outline([_ring(outer), _ring(hole)[::-1]]) for outer, hole in (frame, _FRAME))
    glyphs = wide * 2 + narrow * 2
    # A glyph lies between its place and that of the next one. FreeType takes a place before it to mean: up to the end
    # of the table. So two copies of an outline serve any number of glyphs, in turn.
    copy = np.arange(_GLYPHS + 1) % 2
    places = copy * len(wide)
    places[:_WIDE] = 2 * len(wide) + copy[:_WIDE] * len(narrow)
    metrics = np.tile(np.array([_EM // 2, _FRAME[0][0]], dtype=">i2"), (_WIDE, 1))
    for code, glyph in outlines.items():
        places[code] = len(glyphs)
        metrics[code, 1] = struct.unpack_from(">h", glyph, 2)[0]
        glyphs += glyph
    places[0] = places[1]  # blank, and as wide as a space
    for code, width in widths.items():
        metrics[0 if code in _BLANK else code, 0] = width
    head = struct.pack(
        ">IIIIHHQQ4hHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, _DESCENT, _EM, _ASCENT, 0, 8, 2, 1, 0
    )
    return _file(
        {
            b"cmap": _cmap(),
            b"glyf": glyphs,
            b"head": head,
            b"hhea": struct.pack(">I3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _EM, *[0] * 11, _WIDE + 1),
            b"hmtx": metrics.tobytes() + struct.pack(">H", _EM) + struct.pack(">h", frame[0][0]) * (_GLYPHS - _WIDE),
            b"loca": places.astype(">u4").tobytes(),
            b"maxp": struct.pack(">I14H", 0x10000, _GLYPHS, 999, 99, 0, 0, 2, *[0] * 8),
        }
    )


def _ring(box: tuple[int, int, int, int]) -> list[_Point]:
    x0, y0, x1, y1 = box
    return [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]


def outline(rings: Sequence[Sequence[_Point]]) -> bytes:
    """A glyph of straight lines; a ring that runs the other way is a hole."""
    points = np.rint(np.array([point for ring in rings for point in ring])).astype(int)
    ends = np.cumsum([len(ring) for ring in rings]) - 1
    box = [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()]
    steps: bytes = np.diff(points, axis=0, prepend=0).T.astype(">i2").tobytes()
    marks: bytes = ends.astype(">u2").tobytes()
    glyph = struct.pack(">5h", len(rings), *box) + marks + bytes(2) + b"\x01" * len(points) + steps
    return glyph + bytes(-len(glyph) % 4)


# --- Latin characters of the stand-in, for pictures -------------------------------------------------------------------

_CURVE = np.linspace(0, 1, 5)[1:, None]  # a curve is drawn as four lines


def _latin_outlines() -> dict[int, bytes]:
    """ASCII as the Helvetica that pdfium brings along draws it, made as narrow as half an em."""
    width = ctypes.c_float()
    outlines = {}
    with _standard_font(b"Helvetica") as font:
        for code in range(0x21, 0x7F):
            raw.FPDFFont_GetGlyphWidth(font, code, 1.0, width)
            across = _EM * min(1.0, 0.5 / (width.value or 1.0))
            if rings := list(_rings(raw.FPDFFont_GetGlyphPath(font, code, 1.0))):
                outlines[code] = outline([[(x * across, y * _EM) for x, y in ring] for ring in rings])
    return outlines


def _rings(path: Any) -> Iterable[list[_Point]]:
    """The closed outlines of a glyph, curves as lines."""
    ring: list[_Point] = []
    waiting: list[_Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(raw.FPDFGlyphPath_CountGlyphSegments(path)):
        segment = raw.FPDFGlyphPath_GetGlyphPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        waiting.append((x.value, y.value))
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(ring) > 2:
                yield ring
            ring, waiting = waiting, []
        elif kind == raw.FPDF_SEGMENT_LINETO:
            ring, waiting = ring + waiting, []
        elif len(waiting) == 3:
            ring, waiting = ring + _curve(ring[-1], *waiting), []
    if len(ring) > 2:
        yield ring


def _curve(start: _Point, first: _Point, second: _Point, end: _Point) -> list[_Point]:
    a, b, c, d = np.array([start, first, second, end])
    rest = 1 - _CURVE
    points = rest**3 * a + 3 * rest**2 * _CURVE * b + 3 * rest * _CURVE**2 * c + _CURVE**3 * d
    return [(x, y) for x, y in points.tolist()]


# --- the file ---------------------------------------------------------------------------------------------------------


def _cmap() -> bytes:
    """A code of 16 bits is the glyph of that number (formats 4 and 12); the ones beyond take glyphs of ideographs."""
    edges = [-1, *_BLANK]
    runs = [(low + 1, high - 1) for low, high in pairwise(edges) if high - low > 1]
    starts, ends = [first for first, _ in runs] + [0xFFFF], [last for _, last in runs] + [0xFFFF]
    count = len(starts)
    search = 1 << count.bit_length() - 1
    low = struct.pack(">7H", 4, 16 + 8 * count, 0, 2 * count, 2 * search, search.bit_length() - 1, 2 * (count - search))
    deltas = [0] * (count - 1) + [1]
    low += struct.pack(f">{4 * count + 1}H", *ends, 0, *starts, *deltas, *[0] * count)
    groups = [(first, last, first) for first, last in runs]
    groups += [(first, first + 0x3FFF, 0x4E00) for first in range(0x10000, 0x110000, 0x4000)]
    high = struct.pack(">HHIII", 12, 0, 16 + 12 * len(groups), 0, len(groups))
    high += b"".join(struct.pack(">III", *group) for group in groups)
    records = struct.pack(">HHIHHI", 3, 1, 20, 3, 10, 20 + len(low))
    return struct.pack(">HH", 0, 2) + records + low + high


def _file(tables: Mapping[bytes, bytes]) -> bytes:
    """The tables behind their directory. Checksums are left out: nothing that draws text looks at them."""
    directory, body = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64), b""
    start = len(directory) + 16 * len(tables)
    for name, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", name, 0, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return directory + body

"""The characters of a PDF page with their places, from pdfium's text page.

What counts as printed: every character that lies on the visible page, each one once. What does not: the spaces and line
ends that pdfium generates, the second print of a bold face made by printing twice, what is clipped off the page.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from ctypes import addressof, byref, c_double, c_float, c_uint
from itertools import repeat
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from pipeline.documents.model import Box
from pipeline.documents.radicals import without_radicals
from pipeline.documents.readers.pdf_native import (
    ADDRESS,
    IDENTITY,
    INTEGER,
    Matrix,
    PageSpace,
    bare,
    direct,
    handle,
    quarter_turns,
    ready,
)

LOST = "\N{REPLACEMENT CHARACTER}"  # what stands where the font does not say which character a glyph is

_count = direct(raw.FPDFText_CountChars, INTEGER, ADDRESS)
_text = direct(raw.FPDFText_GetText, INTEGER, ADDRESS, INTEGER, INTEGER, ADDRESS)
_unicode = direct(raw.FPDFText_GetUnicode, INTEGER, ADDRESS, INTEGER)
_origin = bare(raw.FPDFText_GetCharOrigin)
_box = bare(raw.FPDFText_GetLooseCharBox)
_unmapped = bare(raw.FPDFText_HasUnicodeMapError, INTEGER)
_generated = bare(raw.FPDFText_IsGenerated, INTEGER)
_angle = direct(raw.FPDFText_GetCharAngle, c_float, ADDRESS, INTEGER)
_font_size = direct(raw.FPDFText_GetFontSize, c_double, ADDRESS, INTEGER)
_matrix = direct(raw.FPDFText_GetMatrix, INTEGER, ADDRESS, INTEGER, ADDRESS)
_object = direct(raw.FPDFText_GetTextObject, ADDRESS, ADDRESS, INTEGER)
_font = direct(raw.FPDFTextObj_GetFont, ADDRESS, ADDRESS)
_render_mode = direct(raw.FPDFTextObj_GetTextRenderMode, INTEGER, ADDRESS)
_fill_colour = direct(raw.FPDFPageObj_GetFillColor, INTEGER, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)


class Glyph(NamedTuple):
    """A character in reading space, where the text of the page stands upright (points).

    ``x0`` is its origin, ``x1`` the end of its advance, ``y`` its baseline, ``size`` the size of its font, ``number``
    its place in the content. For a glyph that is turned (``turns``: quarter turns counter-clockwise) these are the
    same measures in the space where the glyph stands upright, and ``cx``, ``cy`` its centre in reading space.
    """

    x0: float
    x1: float
    y: float
    size: float
    text: str
    number: int
    cx: float
    cy: float
    turns: int = 0


class PageText(NamedTuple):
    """The glyphs of a page in content order and what is known about the whole.

    ``turns``: the quarter turns (clockwise) of the displayed page that bring its text upright: reading space.
    ``oblique`` is text at no right angle (a watermark); ``lost`` counts characters that the font does not name.
    """

    glyphs: list[Glyph]
    turns: int
    oblique: str
    lost: int
    invisible: bool


# --- reading ---------------------------------------------------------------------------------------------------------

_Floats = npt.NDArray[np.float64]
_Codes = npt.NDArray[np.int64]
_Bits = npt.NDArray[np.uint8]
_Mask = npt.NDArray[np.bool_]
_Columns = tuple[_Floats, _Floats, _Floats, _Floats, list[str], _Codes, _Floats, _Floats]

# Of a glyph whose box does not begin at its origin, or hangs below it, pdfium is asked for the angle. On the real
# disclosures that is none.
_UPRIGHT = 0.05
_STRAIGHT = math.radians(8)
_WITHIN = 0.4  # points: nearer to the side of a clip path nothing is told apart
_MIDDLE = 0.35  # of the font size: from the baseline to the middle of digits and of ideographs


def read_characters(textpage: Any, space: PageSpace) -> PageText:
    """Every printed character of a raw text page handle."""
    page = handle(textpage)
    count = max(_count(page), 0)
    codes = _codes(page, count)
    kinds = _kinds(codes)
    origins, boxes = _places(page, count)
    keep = _printed(page, kinds, boxes)
    lost = _lost(page, codes, kinds, keep)
    turns = _angles(page, origins, boxes, keep)
    straight = turns >= 0
    upright = _page_turns(turns[keep & straight & (codes > 0x20)], space)
    oblique = "".join(map(chr, codes[keep & ~straight].tolist()))
    keep &= straight
    kept = np.flatnonzero(keep)
    texts = _texts(codes[kept], kinds[kept], lost[kept])
    glyphs = _glyphs(page, kept, texts, origins, boxes, turns, space, upright)
    invisible = bool(glyphs) and _render_mode(_object(page, glyphs[0].number)) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
    return PageText(glyphs, upright, " ".join(oblique.split()), int(lost[keep].sum()), invisible)


# What a code point is, in bits: one look-up for a page, then nearly every question is answered for all at once.
_PRINTS, _SPACE, _CONTROL, _NAMELESS, _HYPHEN, _WIDE_SPACE, _VARIANT, _ODD = (1 << bit for bit in range(8))


def _table_of_kinds() -> _Bits:
    """Of the codes of 16 bits; the two behind them stand for what lies beyond, in private use and else."""
    kinds = np.zeros(0x10002, dtype=np.uint8)
    kinds[0x21:] = _PRINTS
    kinds[[0xFEFF, 0x200B]] = 0
    kinds[0x20] = _SPACE
    kinds[0x01:0x20] = _CONTROL  # a glyph number that passes for a control character, or pdfium's mark of a hyphen
    kinds[[0x0A, 0x0D]] = 0
    for first, end in ((0, 0x20), (0x7F, 0xA0), (0xE000, 0xF900), (0xFFFD, 0xFFFE), (0xFFFF, 0x10001)):
        kinds[first:end] |= _NAMELESS  # what pdfium or a producer passes for the number of a glyph
    hyphens = [0x02, 0xAD, 0xFFFE]  # what pdfium makes of a hyphen at the end of a line, and the soft hyphen
    kinds[hyphens] = kinds[hyphens] & ~np.uint8(_NAMELESS) | _HYPHEN
    kinds[[0xA0, 0x3000]] |= _WIDE_SPACE
    kinds[0x2E80:0x2FE0] |= _VARIANT
    kinds[0xF900:0xFB00] |= _VARIANT
    kinds[0xC0:0x250] |= _ODD
    kinds[0xAC] |= _ODD
    kinds[[0xD7, 0xF7]] &= ~np.uint8(_ODD)
    return kinds


_KINDS = _table_of_kinds()


def _kinds(codes: _Codes) -> _Bits:
    if codes.max(initial=0) >= 0x10000:
        codes = np.where(codes < 0x10000, codes, np.where(codes >= 0xF0000, 0x10000, 0x10001))
    return _KINDS[codes]


def _codes(page: int, count: int) -> _Codes:
    """The code point of each character. One call reads the page, unless the text has code points beyond 16 bits."""
    buffer = np.zeros(count + 1, dtype=np.uint16)
    written = _text(page, 0, count, buffer.ctypes.data) if count else 1
    if written == count + 1 and not np.any((buffer >= 0xD800) & (buffer < 0xE000)):
        return buffer[:count].astype(np.int64)
    codes = np.array([_unicode(page, index) for index in range(count)], dtype=np.int64)
    return np.where(codes < 0x110000, codes, 0xFFFD)


_AT_ONCE = 1024
_ORIGINS = (c_double * (2 * _AT_ONCE))()
_BOXES = (c_float * (4 * _AT_ONCE))()
_ORIGINS_READ: _Floats = np.ctypeslib.as_array(_ORIGINS).reshape(-1, 2)
_BOXES_READ: npt.NDArray[np.float32] = np.ctypeslib.as_array(_BOXES).reshape(-1, 4)
_XS = [byref(_ORIGINS, 16 * number) for number in range(_AT_ONCE)]
_YS = [byref(_ORIGINS, 16 * number + 8) for number in range(_AT_ONCE)]
_RECTANGLES = [byref(_BOXES, 16 * number) for number in range(_AT_ONCE)]


def _places(page: int, count: int) -> tuple[_Floats, _Floats]:
    """Origin (x, y) and box (left, top, right, bottom) of each character, in the space of the page's content."""
    origins = np.empty((count, 2), dtype=np.float64)
    boxes = np.empty((count, 4), dtype=np.float64)
    textpage = repeat(ready(page))
    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count))
        # map, not a loop: these calls are a fifth of what a page costs, and a loop adds a third to each
        deque(map(_origin, textpage, numbers, _XS, _YS), maxlen=0)
        deque(map(_box, textpage, numbers, _RECTANGLES), maxlen=0)
        origins[first : first + _AT_ONCE] = _ORIGINS_READ[: len(numbers)]
        boxes[first : first + _AT_ONCE] = _BOXES_READ[: len(numbers)]
    return origins, boxes


def _printed(page: int, kinds: _Bits, boxes: _Floats) -> _Mask:
    """What the document itself prints: no line end, no space that pdfium generates, nothing without extent."""
    keep: _Mask = kinds & (_PRINTS | _CONTROL) != 0
    spaces = np.flatnonzero(kinds == _SPACE).tolist()
    keep[spaces] = [not generated for generated in map(_generated, repeat(ready(page)), spaces)]
    keep &= (boxes[:, 0] != boxes[:, 2]) | (boxes[:, 1] != boxes[:, 3])
    return keep


_FEWEST_ODD = 5
_ODD_SHARE = 0.15  # of the characters of a font


def _lost(page: int, codes: _Codes, kinds: _Bits, keep: _Mask) -> _Mask:
    """The characters that the font does not name: pdfium then passes the number of the glyph for a code point."""
    lost: _Mask = keep & (kinds & _NAMELESS != 0)
    textpage = ready(page)
    asked = _suspects(codes, keep)
    if lost.any() or any(map(_unmapped, repeat(textpage), asked)):
        asked = np.flatnonzero(keep).tolist()
        lost[asked] |= np.fromiter(map(_unmapped, repeat(textpage), asked), dtype=np.bool_, count=len(asked))
    odd = keep & (kinds & _ODD != 0)
    if np.count_nonzero(odd) >= _FEWEST_ODD:
        lost |= keep & _of_garbled_fonts(page, keep, odd)
    return lost


def _suspects(codes: _Codes, keep: _Mask) -> list[int]:
    """The characters that show whether a page has a font without a map: all of ASCII, each other one once."""
    kept = np.flatnonzero(keep)
    shown = codes[kept]
    beyond = shown >= 0x80
    ascii_places: list[int] = kept[~beyond].tolist()
    return ascii_places + list(dict(zip(shown[beyond].tolist(), kept[beyond].tolist(), strict=True)).values())


def _of_garbled_fonts(page: int, keep: _Mask, odd: _Mask) -> _Mask:
    """The characters of fonts whose text is full of accented letters.

    A simple font of its own encoding and without a Unicode map is read as Latin by pdfium, with no error: where its
    ideographs turn out as ``¬çÄŒ``, its digits cannot be trusted either.
    """
    kept = np.flatnonzero(keep)
    fonts = np.array([_font(_object(page, index)) or 0 for index in kept.tolist()], dtype=np.uint64)
    garbled = np.zeros_like(keep)
    for font in np.unique(fonts[odd[kept]]).tolist():
        own = kept[fonts == font]
        if np.count_nonzero(odd[own]) >= max(_FEWEST_ODD, _ODD_SHARE * len(own)):
            garbled[own] = True
    return garbled


def _angles(page: int, origins: _Floats, boxes: _Floats, keep: _Mask) -> _Codes:
    """The quarter turns (counter-clockwise, 0 to 3) of each character, -1 for any other angle."""
    turns = np.zeros(len(origins), dtype=np.int64)
    size = np.abs(boxes[:, 1] - boxes[:, 3])
    aside = np.abs(origins[:, 0] - boxes[:, 0]) > _UPRIGHT * size
    hanging = origins[:, 1] > boxes[:, 1] - _UPRIGHT * size  # 270°, in a font that declares no descent
    suspicious = keep & (aside | hanging)
    for index in np.flatnonzero(suspicious).tolist():
        quarters = -_angle(page, index) / (math.pi / 2)  # pdfium counts clockwise
        nearest = round(quarters)
        turns[index] = nearest % 4 if abs(quarters - nearest) * math.pi / 2 < _STRAIGHT else -1
    return turns


def _page_turns(turns: _Codes, space: PageSpace) -> int:
    """Clockwise quarter turns of the displayed page that bring most of its text upright."""
    if not len(turns):
        return 0
    most = int(np.bincount(turns, minlength=4).argmax())
    return (most - space.turns) % 4


def reading_space(space: PageSpace, turns: int) -> Matrix:
    """The map from the displayed page to the space in which its text stands upright."""
    return quarter_turns(turns, space.width, space.height)


def _glyphs(
    page: int,
    kept: _Codes,
    texts: list[str],
    origins: _Floats,
    boxes: _Floats,
    turns: _Codes,
    space: PageSpace,
    upright: int,
) -> list[Glyph]:
    to_reading = space.to_display.then(reading_space(space, upright))
    ox, oy = _map(to_reading, origins[kept, 0], origins[kept, 1])
    ax, ay = _map(to_reading, boxes[kept, 0], boxes[kept, 1])
    bx, by = _map(to_reading, boxes[kept, 2], boxes[kept, 3])
    left, right = np.minimum(ax, bx), np.maximum(ax, bx)
    bottom, top = np.minimum(ay, by), np.maximum(ay, by)
    sizes = _sizes(page, kept, boxes)
    turned = (turns[kept] - space.turns - upright) % 4
    width, height = (space.height, space.width) if upright % 2 else (space.width, space.height)
    inside = (right > 0) & (left < width) & (top > 0) & (bottom < height)
    columns = (ox, right, oy, sizes, texts, kept, (ox + right) / 2, oy + sizes * _MIDDLE)
    if turned.any():
        columns = _turned(columns, left, bottom, top, turned)
    values = [column.tolist() if isinstance(column, np.ndarray) else column for column in (*columns, turned)]
    # not Glyph(...) for each: that is a call of Python code, and a page has a thousand
    glyphs = list(map(tuple.__new__, repeat(Glyph), zip(*values, strict=True)))
    return glyphs if inside.all() else [glyph for glyph, shown in zip(glyphs, inside.tolist(), strict=True) if shown]


def _turned(columns: _Columns, left: _Floats, bottom: _Floats, top: _Floats, turned: _Codes) -> _Columns:
    """The same columns where some glyphs are turned: measures along and across their own text."""
    ox, right, oy, sizes, texts, kept, _, _ = columns
    low = sizes * _MIDDLE
    start = np.choose(turned, [ox, oy, -ox, -oy])
    end = np.choose(turned, [right, top, -left, -bottom])
    base = np.choose(turned, [oy, -ox, -oy, ox])
    middle = (start + end) / 2
    cx = np.choose(turned, [middle, ox - low, -middle, ox + low])
    cy = np.choose(turned, [oy + low, middle, oy - low, -middle])
    return start, end, base, sizes, texts, kept, cx, cy


def _map(matrix: Matrix, x: _Floats, y: _Floats) -> tuple[_Floats, _Floats]:
    if matrix == IDENTITY:
        return x, y
    return matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f


def _sizes(page: int, kept: _Codes, boxes: _Floats) -> _Floats:
    """The font size of each kept character, in points of the page.

    A box is as high as its font declares, which may be three times the size. The true size costs two calls: it is
    asked once for each size of box, and a page has some ten.
    """
    shapes = np.rint(np.abs(boxes[kept, :2] - boxes[kept, 2:]) * 10).astype(np.int64)
    keys, places, numbers = np.unique(shapes[:, 0] * 1_000_000 + shapes[:, 1], return_index=True, return_inverse=True)
    matrix = (c_float * 6)()
    sizes = []
    for key, index in zip(keys.tolist(), kept[places].tolist(), strict=True):
        _matrix(page, index, addressof(matrix))
        size = abs(_font_size(page, index)) * math.hypot(matrix[2], matrix[3])
        sizes.append(size or max(divmod(key, 1_000_000)) / 10 or 1.0)
    return np.array(sizes, dtype=np.float64)[numbers]


def in_their_clips(textpage: Any, glyphs: list[Glyph], cut: Mapping[int, Box]) -> tuple[list[Glyph], frozenset[int]]:
    """The glyphs, those that their clip path hides with their centre moved to where they would be seen, and the numbers
    of all that it hides or cuts.

    A spreadsheet prints a text that its cell has no room for with the cell as clip path: what is hidden lies over other
    cells, and belongs to none of them. ``cut``: `PageLines.cut`.
    """
    page = handle(textpage)
    hidden: set[int] = set()
    placed = []
    for glyph in glyphs:
        clip = cut.get(_object(page, glyph.number) or 0)
        if clip is not None:
            x = min(max(glyph.cx, clip[0] + _WITHIN), clip[2] - _WITHIN)
            y = min(max(glyph.cy, clip[1] + _WITHIN), clip[3] - _WITHIN)
            if (x, y) != (glyph.cx, glyph.cy) or glyph.x0 < clip[0] - _WITHIN or glyph.x1 > clip[2] + _WITHIN:
                hidden.add(glyph.number)
                glyph = glyph._replace(cx=x, cy=y)
        placed.append(glyph)
    return placed, frozenset(hidden)


_INVISIBLE = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_FILLED = {raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP}
_WHITE = 250  # of 255, as for rules
_TRANSPARENT = 8


class Seen(NamedTuple):
    """The glyphs that the page shows, and those that it does not."""

    glyphs: list[Glyph]
    hidden: list[Glyph]


def seen(textpage: Any, glyphs: list[Glyph], fills: Sequence[Box], *, pictures: bool, curves: bool) -> Seen:
    """Without text that is invisible, transparent, or white on white paper.

    Invisible text that is most of a page with ``pictures`` is what a machine read in them, and stays. White text stays
    where something may be drawn below it: a filled area, a picture, a curved shape.
    """
    page = handle(textpage)
    objects = [_object(page, glyph.number) or 0 for glyph in glyphs]
    kinds = {item: _hiding(item) for item in set(objects)}
    if not any(kinds.values()):
        return Seen(glyphs, [])
    recognised = pictures and 2 * sum(kinds[item] == "invisible" for item in objects) > len(objects)
    shown = Seen([], [])
    for glyph, item in zip(glyphs, objects, strict=True):
        kind = kinds[item]
        hidden = (kind == "invisible" and not recognised) or (
            kind == "white" and not pictures and not curves and not any(_lies_in(glyph, box) for box in fills)
        )
        (shown.hidden if hidden else shown.glyphs).append(glyph)
    return shown


def _hiding(item: int) -> Literal["", "invisible", "white"]:
    """What may hide the text of an object."""
    mode = _render_mode(item) if item else raw.FPDF_TEXTRENDERMODE_FILL
    if mode in _INVISIBLE:
        return "invisible"
    parts = (c_uint * 4)()
    places = [addressof(parts) + 4 * number for number in range(4)]
    if mode not in _FILLED or not item or not _fill_colour(item, *places):
        return ""
    if parts[3] < _TRANSPARENT:
        return "invisible"
    return "white" if min(parts[:3]) >= _WHITE else ""


def _lies_in(glyph: Glyph, box: Box) -> bool:
    return box[0] <= glyph.cx <= box[2] and box[1] <= glyph.cy <= box[3]


def _texts(codes: _Codes, kinds: _Bits, lost: _Mask) -> list[str]:
    texts = list(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))
    if lost.any():
        texts = [LOST if gone else text for text, gone in zip(texts, lost.tolist(), strict=True)]
    for index in np.flatnonzero(kinds & (_WIDE_SPACE | _HYPHEN | _VARIANT)).tolist():
        if kinds[index] & _WIDE_SPACE:
            texts[index] = " "
        elif kinds[index] & _HYPHEN:
            texts[index] = "-"  # it is drawn: a minus sign is mapped to the soft hyphen by some producers
        else:  # producers map one glyph to a radical or to a compatibility form of the same ideograph (⼀ for 一)
            texts[index] = unicodedata.normalize("NFKC", without_radicals(texts[index]))
    return texts


# --- lines -----------------------------------------------------------------------------------------------------------

_SAME_LINE = 0.5  # of the font size, between two baselines
_SAME_PLACE = 0.3  # of the width: the second print of a bold character is set off by less
_TANGLED = 0.4  # of the width: two digits that lie so far over each other are of two numbers, and nobody reads either
_NUMERIC = frozenset("0123456789.,")
_WIDE_GAP = 0.8  # of the font size: two words, whatever their characters are
_WORD_GAP = 0.15
_TAB = 2.5


class Line(NamedTuple):
    """Glyphs on one baseline from left to right, and their text."""

    text: str
    glyphs: list[Glyph]

    @property
    def y(self) -> float:
        return self.glyphs[0].y

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return self.glyphs[-1].x1

    @property
    def size(self) -> float:
        return self.glyphs[0].size


# by number: a third of the time of attrgetter, and the three are asked of every glyph
_x0, _y, _turns = itemgetter(0), itemgetter(2), itemgetter(8)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines that these glyphs form, from top to bottom; glyphs that are turned form lines of their own.

    Ordered by baseline, not by the middle of boxes: the full-width comma sits low in its box.
    """
    if any(map(_turns, glyphs)):
        groups = Counter(glyph.turns for glyph in glyphs)
        parts = [[glyph for glyph in glyphs if glyph.turns == turns] for turns, _ in groups.most_common()]
        return [line for part in parts for line in _upright_lines(part)]
    return _upright_lines(glyphs)


def _upright_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    heights = list(map(_y, glyphs))
    if glyphs and max(heights) - min(heights) < _SAME_LINE / 2 * glyphs[0].size:  # most cells
        line = _line(glyphs)
        return [line] if line.text else []
    return [line for group in _by_baseline(glyphs) if (line := _line(group)).text]


def _by_baseline(glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    """Groups from top to bottom. A group begins at a baseline and takes what is less than half a size below it."""
    group: list[Glyph] = []
    lowest = 0.0
    for glyph in sorted(glyphs, key=_y, reverse=True):
        if group and glyph.y < lowest:
            yield group
            group = []
        if not group:
            lowest = glyph.y - _SAME_LINE * glyph.size
        group.append(glyph)
    if group:
        yield group


def _line(glyphs: Sequence[Glyph]) -> Line:
    """The glyphs from left to right with a space where one is printed or where a gap separates two words."""
    ordered = sorted(glyphs, key=_x0)
    kept: list[Glyph] = []
    pieces: list[str] = []
    space = False
    end, before = 0.0, ""
    for glyph in ordered:
        x0, x1, _, size, text, _, _, _, _ = glyph
        if text == " ":
            space = True
            continue
        if kept:
            gap = x0 - end
            if gap < 0 and _printed_twice(kept, glyph):
                continue
            narrow = min(x1 - x0, kept[-1].x1 - kept[-1].x0) if gap < 0 else 0.0
            if gap < -_TANGLED * narrow and text in _NUMERIC and before in _NUMERIC:
                pieces.append(LOST)
            if gap > _WORD_GAP * size:
                pieces.append(_separator(before, text, gap / size, space))
        pieces.append(text)
        kept.append(glyph)
        space = False
        end, before = x1, text
    return Line("".join(pieces), kept or ordered)


def _separator(before: str, after: str, gap: float, space: bool) -> str:
    """What stands for the gap (font sizes) between two characters.

    Digits at a distance are two numbers, and must never read as one; digits that are only spaced out are one number.
    """
    if gap > _TAB:
        return "   "
    if space or gap > _WIDE_GAP:
        return " "
    return " " if _is_latin(before) and _is_latin(after) else ""


def _is_latin(text: str) -> bool:
    return text.isalpha() and text < "\u2e80"


def _printed_twice(kept: list[Glyph], glyph: Glyph) -> bool:
    """Whether the same character stands in the same place already.

    The two letters of a ligature share one place exactly and follow each other in the content.
    """
    for before in kept[-3:]:
        if before.text == glyph.text and glyph.x0 - before.x0 <= _SAME_PLACE * (before.x1 - before.x0):
            ligature = glyph.x0 == before.x0 and glyph.number == before.number + 1 and glyph.text.isalpha()
            return not ligature
    return False

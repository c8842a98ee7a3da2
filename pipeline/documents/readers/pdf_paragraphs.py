"""Text outside tables → paragraphs in reading order.

A line of the page is a paragraph, except where a sentence clearly goes on in the next line. Titles, ``单位：万元`` and
whatever else is short stay by themselves.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.documents.readers.pdf_characters import Glyph, Line, lines_of

_FULL_LINE = 15  # characters: a shorter line does not tell where the margins are
_WIDE = 0.6  # of the page: text in a narrower column is not put together
_RIGHT_MARGIN = 2.0  # font sizes: a line that ends nearer than this to the margin is full
_LOOSE_MARGIN = 7.0  # the same after an indented first line: a number that did not fit may leave a gap
_LEFT_MARGIN = 0.8  # font sizes: a line that begins farther in is the first of a paragraph
_INDENT = 1.2  # font sizes: the least that a first line is set in by
_FIRST_INDENT = 3.5  # and the most
_PITCH = 2.6  # font sizes between the baselines of one paragraph
_LEADER = re.compile(r"[.…·\-_]{2,}\s*\d*$")
_ENDS = re.compile(r"[。！？；：!?;:]$")
_NUMBERED = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]+|\d+)(?:[）)、]|[.．](?!\d))|第[一二三四五六七八九十]+[条章节部]"
)


class PlacedText(NamedTuple):
    """A paragraph and the height of its first line's top (points, reading space)."""

    text: str
    top: float


def paragraphs_of(glyphs: list[Glyph], obstacles: list[float], page_width: float) -> list[PlacedText]:
    """From top to bottom. ``obstacles`` are the heights of the tables: no sentence goes on beyond one."""
    lines = [line for line in lines_of(glyphs) if line.text.strip()]
    full = [line for line in lines if len(line.text) >= _FULL_LINE and line.x1 - line.x0 >= _WIDE * page_width]
    left = min((line.x0 for line in full), default=0.0)
    right = max((line.x1 for line in full), default=0.0)
    placed: list[PlacedText] = []
    first = before = None  # the first and the latest line of the current paragraph
    for line in lines:
        text = line.text.strip()
        if first and before and full and _goes_on(first, before, line, left, right, obstacles):
            joint = " " if before.text[-1:].isascii() and text[:1].isascii() and text[:1].isalpha() else ""
            placed[-1] = PlacedText(placed[-1].text + joint + text, placed[-1].top)
        else:
            placed.append(PlacedText(text, line.y + line.size))
            first = line
        before = line
    return placed


def _goes_on(first: Line, before: Line, line: Line, left: float, right: float, obstacles: list[float]) -> bool:
    """Whether a line continues the paragraph. Chinese prose sets the first line in: what begins left of it goes on."""
    size = before.size
    indented = _INDENT * size <= first.x0 - line.x0
    return (
        len(before.text) >= _FULL_LINE
        and before.x1 >= right - (_LOOSE_MARGIN if indented else _RIGHT_MARGIN) * size
        and -_FIRST_INDENT * size <= line.x0 - left <= _LEFT_MARGIN * size
        and abs(line.size - size) <= 0.1 * size
        and 0 < before.y - line.y <= _PITCH * size
        and not before.glyphs[0].turns
        and not line.glyphs[0].turns
        and "   " not in before.text
        and not _LEADER.search(before.text)
        and not (_ENDS.search(before.text) and (not indented or _NUMBERED.match(line.text)))
        and not any(line.y < height < before.y for height in obstacles)
    )

"""Text outside tables → paragraphs in reading order.

A line of the page is a paragraph, except where a sentence clearly goes on in the next line. Titles, ``单位：万元`` and
whatever else is short stay by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.model import Box
from pipeline.documents.readers.pdf_characters import Glyph, Line, lines_of
from pipeline.documents.readers.pdf_rulings import Rule

_FULL_LINE = 15  # characters: a shorter line does not tell where the margins are
_WIDE = 0.6  # of the page: text in a narrower column is not put together
_RIGHT_MARGIN = 2.0  # font sizes: a line that ends nearer than this to the margin is full
_LOOSE_MARGIN = 7.0  # the same after an indented first line: a number that did not fit may leave a gap
_LEFT_MARGIN = 0.8  # font sizes: a line that begins farther in is the first of a paragraph
_INDENT = 1.2  # font sizes: the least that a first line is set in by
_FIRST_INDENT = 3.5  # and the most
_PITCH = 2.6  # font sizes between the baselines of one paragraph
_ASCENT = 1.0  # font sizes above the baseline that the box of a line takes
_DESCENT = 0.25  # and below
_UNDERLINE = (0.3, 0.5)  # font sizes: how far it may lie below the baseline, and reach beyond its text
_LEADER = re.compile(r"[.…·\-_]{2,}\s*\d*$")
_ENDS = re.compile(r"[。！？；：!?;:]$")
_NUMBERED = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]+|\d+)(?:[）)、]|[.．](?!\d))|第[一二三四五六七八九十]+[条章节部]"
)
# a sentence that says nothing of what it is about: what a paragraph before it is about (without white space)
_NO_SUBJECT = re.compile(
    r"(?:20\d\d年度?|上年|去年)(?:当年)?预算(?:执行|安排)数?[为是]?\d|[比较与同](?:20\d\d年|上年|去年|年初)|"
    r"主要(?:原因|用于)|(?:变化|变动|增减|增加|减少|增长|下降)的?(?:主要)?原因"
)


class PlacedText(NamedTuple):
    """A paragraph, the height of its first line's top, and the box around all its lines (points, reading space)."""

    text: str
    top: float
    box: Box


def paragraphs_of(glyphs: list[Glyph], obstacles: Sequence[Rule], page_width: float) -> list[PlacedText]:
    """From top to bottom. ``obstacles`` are the rules of the page and the tops of its tables: see `_parts`."""
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
            so_far = placed[-1]
            placed[-1] = PlacedText(so_far.text + joint + text, so_far.top, _around(so_far.box, _box(line)))
        else:
            placed.append(PlacedText(text, line.y + line.size, _box(line)))
            first = line
        before = line
    return placed


def _box(line: Line) -> Box:
    """Where the characters of a line stand; those that are turned are placed by their centres."""
    glyphs = line.glyphs
    size = max(glyph.size for glyph in glyphs)
    if not glyphs[0].turns:
        return line.x0, line.y - _DESCENT * size, line.x1, line.y + _ASCENT * size
    xs, ys, half = [glyph.cx for glyph in glyphs], [glyph.cy for glyph in glyphs], size / 2
    return min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _goes_on(first: Line, before: Line, line: Line, left: float, right: float, obstacles: Sequence[Rule]) -> bool:
    """Whether a line continues the paragraph. Chinese prose sets the first line in: what begins left of it goes on."""
    size = before.size
    indented = _INDENT * size <= first.x0 - line.x0
    ended = bool(_ENDS.search(before.text))
    no_subject = ended and bool(_NO_SUBJECT.match("".join(line.text.split())))
    return (
        len(before.text) >= _FULL_LINE
        and before.x1 >= right - (_LOOSE_MARGIN if indented or no_subject else _RIGHT_MARGIN) * size
        and -_FIRST_INDENT * size <= line.x0 - left <= _LEFT_MARGIN * size
        and abs(line.size - size) <= 0.1 * size
        and 0 < before.y - line.y <= _PITCH * size
        and not before.glyphs[0].turns
        and not line.glyphs[0].turns
        and "   " not in before.text
        and not _LEADER.search(before.text)
        and not (ended and (not (indented or no_subject) or _NUMBERED.match(line.text)))
        and not any(_parts(rule, before, line) for rule in obstacles)
    )


def _parts(rule: Rule, before: Line, line: Line) -> bool:
    """No sentence goes on beyond a rule over the whole of the next line, unless that underlines the text before it.

    The top row of a table without outer rules may be one cell: no other rule shows that its text is no prose.
    """
    below, beyond = (share * before.size for share in _UNDERLINE)
    underlines = rule.at >= before.y - below and before.x0 - beyond <= rule.start and rule.end <= before.x1 + beyond
    over_line = rule.start - beyond <= line.x0 and line.x1 <= rule.end + beyond
    return line.y < rule.at < before.y and over_line and not underlines

"""How the same figures may be printed: one dataclass of plain choices, no randomness."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

_FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@dataclass(frozen=True)
class AnnexStyle:
    """How the annexes are printed. The defaults are the commonest."""

    heading: Literal["paragraphs", "grid", "none"] = "paragraphs"  # where body, unit and date stand
    title_in_grid: bool = False
    numbering: Literal["、", ".", "none"] = "、"  # of the projects' titles: 1、会议经费绩效目标表
    rows_per_table: int | None = None  # an annex continues in a further table after so many rows
    continuation: Literal["title", "full", "header", "bare"] = "header"  # what a continuation repeats: title, lines …
    cut_rows: bool = False  # the long texts of the last row before a continuation go on behind it
    cut_labels: bool = False  # a page break in a PDF cuts a project's levels and targets too: 产出指 | 标
    levels: Literal[0, 1, 2] = 2  # so many columns of levels are one cell over the rows of a level
    merged: Literal["merged", "blank", "repeated"] = "merged"  # how a cell over several rows is printed
    goal: Literal["above", "below", "apart"] = "above"  # the project's goal: above or below the header, own table
    target: Literal["joined", "columns"] = "joined"  # ≥95%, or sign, value and unit in three columns
    merged_totals: bool = False  # 合计 and 小计 stand in one cell across the columns without figures
    torn_decimals: bool = False  # 3727.0 0: as captures of narrow columns have it


@dataclass(frozen=True)
class Style:
    """The choices. The defaults are the commonest printed form."""

    heading: Literal["paragraphs", "line", "grid"] = "paragraphs"  # where department, year and unit stand
    title_in_grid: bool = False  # the statement's title is the first row of its grid, not a paragraph
    rows_per_table: int | None = None  # a statement continues in a further table after so many rows
    continuation: Literal["full", "header", "bare"] = (
        "full"  # what a continuation repeats: heading + header, header, nothing
    )
    header_cells: Literal["merged", "repeated"] = "merged"  # repeated: no spans, the text in every cell
    ordinals: bool = True  # the 栏次 row
    serial: bool = True  # the 序号 column
    inner_spaces: bool = False  # "项  目", "财政拨款  收入"
    thousands: bool = False  # 1,216.27
    full_width: bool = False  # １２１６．２７
    empty_row: bool = False  # an empty statement has one blank row
    contents: Literal["dots", "tab", "none"] = "dots"
    indent: bool = False  # the first line of a paragraph of prose is set in
    annex: AnnexStyle = field(default_factory=AnnexStyle)

    def label(self, text: str) -> str:
        """A label of the form; ``|`` marks where printers put spaces."""
        return text.replace("|", "  " if self.inner_spaces else "")

    def figure(self, text: str) -> str:
        """A figure in this style: separators and width only, never another value."""
        if self.thousands and text:
            sign, digits = (text[0], text[1:]) if text[0] == "-" else ("", text)
            whole, point, decimals = digits.partition(".")
            text = f"{sign}{int(whole):,}{point}{decimals}" if whole.isdecimal() else text
        return text.translate(_FULL_WIDTH) if self.full_width else text


Engine = Literal["named", "simple", "composite"]
Drawn = Literal["all", "columns", "only columns", "rows", "header", "none"]


@dataclass(frozen=True)
class PageStyle:
    """How a layout becomes PDF pages: plain choices, each independent of the others. The defaults are the commonest.

    Engines: ``named`` (reportlab; the font STSong-Light by name only, not embedded), ``simple`` (reportlab; TrueType
    embedded as 8-bit subsets), ``composite`` (our own objects; TrueType embedded as one 16-bit font).
    """

    engine: Engine = "composite"
    paper: Literal["landscape", "portrait"] = "landscape"  # A4 as a reader sees it, whatever ``rotate`` is
    rotate: Literal[0, 90, 180, 270] = 0  # the page's /Rotate; the content is turned back, so that it stands upright
    sideways: bool = False  # the page has no /Rotate: its content, turned by the same angle, is seen so
    radicals: bool = False  # composite: ToUnicode names CJK radicals where they share a glyph, as browsers do
    rules: Literal["lines", "boxes", "rectangles", "dashed", "hairline"] = "lines"
    drawn: Drawn = "all"  # which of the rules are drawn; header: only around the header and at the end (三线表)
    open_sides: bool = False  # no outer vertical borders
    header_fill: Literal["none", "grey", "blue"] = "none"
    form: bool = False  # each table is drawn inside a form XObject
    font_size: float = 9.0  # of the text in tables; large in a narrow column: labels and numbers wrap
    columns: Literal["content", "layout"] = "content"  # widths by what the columns hold, or as the layout says
    vertical: Literal["middle", "top", "bottom"] = "middle"
    split_rows: bool = False  # a row may be cut by the page break; the rest goes on without its number and figures
    torn_rows: bool = False  # a page break cuts a row between any two lines, through its numbers and codes, too
    foot: float = 0.0  # points that stay free at the foot of each page: where the page breaks fall
    repeat_header: bool = True  # on each page of a table
    packed: bool = False  # a statement that fits below another one does not start a page
    paired_lines: bool = True  # a line on the right stands beside the one on the left before it
    footer: Literal["none", "number", "dashes", "of"] = "number"  # 3, - 3 -, 第3页 共12页
    fake_bold: bool = False  # titles, headers and total rows are drawn twice, slightly apart
    pieces: bool = False  # digits and Chinese characters of a line are separate pieces of text
    tall_font: bool = False  # composite: ascent and descent are those of the largest glyph, as some exporters write
    flat_font: bool = False  # composite: no descent, as some exporters write; the ascent is that of the letters
    unicode_map: bool = True  # composite: False leaves out ToUnicode; such a text cannot be read
    compress: bool = False  # deflated streams; the bytes then depend on zlib's version

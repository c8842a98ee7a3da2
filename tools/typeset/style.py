"""How the same figures may be printed: one dataclass of plain choices, no randomness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


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

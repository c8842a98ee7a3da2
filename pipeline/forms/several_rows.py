"""Does a row of a grid hold several printed rows, because no rule separates them?

The PDF reader asks this of places on the page; here the printed lines say it, whoever read them.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.forms.columns import ColumnMap
from pipeline.forms.printed import code_digits, parse_amount, squash
from pipeline.forms.printed_table import PrintedRow

SEVERAL_ROWS = (
    "no rule separates several rows of a table, and they cannot be told apart; they are not loaded: ask the publisher "
    "for the file it was printed from, or for a print with all rules"
)
_WITH_FEN = re.compile(r"\S*\d\.\d\d\)?")
_ENUMERATED = re.compile(r"[一二三四五六七八九十]+、")
_CODE_LENGTHS = (3, 5, 7)


def holds_several_rows(row: PrintedRow, columns: ColumnMap) -> bool:
    """Row numbers that go on, several whole amounts or codes in one cell, or labels that are each enumerated."""
    return (
        (columns.ordinal is not None and _counts_on(_lines(row, columns.ordinal)))
        or any(_are_amounts(_lines(row, column)) for column, _, _ in columns.measures)
        or any(_are_codes(_lines(row, column)) for column in columns.codes)
        or any(_are_enumerated(_lines(row, column)) for column in columns.labels.values())
    )


def _lines(row: PrintedRow, column: int) -> list[str]:
    text = row.cells[column].text
    return [squashed for line in text.split("\n") if (squashed := squash(line))] if "\n" in text else []


def _counts_on(lines: list[str]) -> bool:
    if len(lines) < 2 or not all(line.isascii() and line.isdigit() for line in lines):
        return False
    if len(lines) == 2 and len(lines[0]) < 2:  # 12, wrapped
        return False
    return all(int(below) - int(above) == 1 for above, below in pairwise(lines))


def _are_amounts(lines: list[str]) -> bool:
    return sum(bool(_WITH_FEN.fullmatch(line)) and parse_amount(line) is not None for line in lines) > 1


def _are_codes(lines: list[str]) -> bool:
    codes = [code_digits(line) for line in lines]  # 029 below 223 is the rest of one
    return len(codes) > 1 and all(len(code) in _CODE_LENGTHS and not code.startswith("0") for code in codes)


def _are_enumerated(lines: list[str]) -> bool:
    return sum(bool(_ENUMERATED.match(line)) for line in lines) > 1

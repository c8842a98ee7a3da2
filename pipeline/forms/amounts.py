"""Does a printed line or row hold amounts, whether or not anything could be made of it?

Whole yuan are amounts, too (4,120,600). Numbers of rows, codes, years and pages are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from pipeline.forms.columns import is_number_row
from pipeline.forms.form import Form
from pipeline.forms.printed import has_cjk, is_blank, parse_amount, squash
from pipeline.forms.printed_table import PrintedRow

_DISTINCT = re.compile(
    r"[-+(△▲]{0,2}(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d{1,2}|\d{5,})\)?"
)  # never a page or an ordinal
_SENTENCE = re.compile(r"[。;:](?!$)|,(?!\d{3})")
_CELLS = 3  # so many numbers on lines of their own are cells


def is_amount(text: str) -> bool:
    return parse_amount(text) is not None


def is_distinct_amount(text: str) -> bool:
    """A number that is no ordinal, page or year by its looks: with a point, with commas, or long."""
    return bool(_DISTINCT.fullmatch(squash(text)))


def is_sentence(text: str) -> bool:
    """Does punctuation stand in this (squashed) line? A header or a row has none, however long it is."""
    return bool(_SENTENCE.search(text))


def line_has_amounts(text: str) -> bool:
    """A line that is a row of a statement: words and amounts, an amount (or a dash) last, and no sentence."""
    words = text.split()
    label = next((n for n, word in enumerate(words) if has_cjk(word)), -1)
    behind = words[label + 1 :]
    numbers = [word for word in behind if is_amount(word)]
    if not numbers or not (is_amount(words[-1]) or is_blank(words[-1])) or is_sentence(squash(text)):
        return False
    return any(map(is_distinct_amount, numbers)) or (label >= 0 and len(numbers) > 1)


def lines_with_amounts(texts: Iterable[str]) -> int:
    """How many of the lines print amounts: rows, or one cell a line."""
    lines = list(texts)
    alone = sum(1 for text in lines if is_amount(text))
    return max(sum(map(line_has_amounts, lines)), alone if alone >= _CELLS else 0)


def row_has_amounts(row: PrintedRow, form: Form) -> bool:
    """A row of a table that holds amounts: a number behind words, or one that can be nothing else."""
    texts = _texts(row)
    if not texts or is_number_row(row, form):
        return False
    label = next((n for n, text in enumerate(texts) if has_cjk(text)), len(texts))
    behind = texts[label + 1 :] if not any("\n" in text for text in row.texts) else []
    return any(map(is_amount, behind)) or has_certain_amounts(row)


def has_certain_amounts(row: PrintedRow, fewest: int = 1) -> bool:
    """Numbers with a point or with commas: amounts wherever they stand."""
    certain = (is_distinct_amount(text) and any(mark in squash(text) for mark in ".,") for text in _texts(row))
    return sum(certain) >= fewest


def row_has_numbers(row: PrintedRow, form: Form) -> bool:
    """A row with a number, however small, that does not number the columns."""
    texts = _texts(row)
    return any(map(is_amount, texts)) and not is_number_row(row, form)


def has_only_amounts(row: PrintedRow) -> bool:
    """Several numbers and nothing else, as where the items are the columns; numbers of columns count up."""
    numbers = [parse_amount(text) for text in _texts(row)]
    return len(numbers) >= _CELLS and None not in numbers and not _count_up(numbers)


def _count_up(numbers: list[Decimal | None]) -> bool:
    return all(a is not None and b is not None and b - a == 1 for a, b in pairwise(numbers))


def header_has_amounts(rows: Iterable[PrintedRow]) -> bool:
    """Rows of a statement taken for its header; one number in a row may be a stain of the print."""
    return any(has_certain_amounts(row, 2) for row in rows)


def _texts(row: PrintedRow) -> list[str]:
    return [text for cell in row.cells for text in cell.text.split("\n") if not is_blank(text)]

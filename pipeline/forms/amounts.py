"""Does a printed line or row hold amounts, whether or not anything could be made of it?

Whole yuan are amounts, too (4,120,600). Numbers of rows, codes, years and pages are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.forms.columns import is_number_row
from pipeline.forms.form import Form
from pipeline.forms.printed import has_cjk, is_blank, parse_amount, squash
from pipeline.forms.printed_table import PrintedRow

_DISTINCT = re.compile(
    r"[-+(△▲]{0,2}(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d{1,2}|\d{5,})\)?"
)  # never a page or an ordinal
_SENTENCE = re.compile(r"[。,;:](?!$)")


def is_amount(text: str) -> bool:
    return parse_amount(text) is not None


def is_distinct_amount(text: str) -> bool:
    """A number that is no ordinal, page or year by its looks: with a point, with commas, or long."""
    return bool(_DISTINCT.fullmatch(squash(text)))


def line_has_amounts(text: str) -> bool:
    """A line that is a row of a statement: words (or none) and then nothing but amounts."""
    words = text.split()
    first = next((n for n, word in enumerate(words) if is_amount(word) and not _begins(words, n)), len(words))
    numbers, label = words[first:], squash("".join(words[:first]))
    if not numbers or not all(is_amount(word) or is_blank(word) for word in numbers) or _SENTENCE.search(label):
        return False
    return any(map(is_distinct_amount, numbers)) or (bool(label) and sum(map(is_amount, numbers)) > 1)


def _begins(words: list[str], position: int) -> bool:
    """Is this number the ordinal or the code in front of a label?"""
    return not any(has_cjk(word) for word in words[:position]) and any(has_cjk(word) for word in words[position:])


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


def header_has_amounts(rows: Iterable[PrintedRow]) -> bool:
    """Rows of a statement taken for its header; one number in a row may be a stain of the print."""
    return any(has_certain_amounts(row, 2) for row in rows)


def _texts(row: PrintedRow) -> list[str]:
    return [text for cell in row.cells for text in cell.text.split("\n") if not is_blank(text)]

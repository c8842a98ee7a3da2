"""Two readings of one document → the first one, with every disagreement of the second kept beside it.

Cells are matched by their boxes, never by their index: two readers may split rows and columns differently. A text is
compared without white space and width (NFKC), as labels and numbers are everywhere.
"""

from __future__ import annotations

import unicodedata
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

from pipeline.documents.model import Block, Box, Cell, Document, Grid, Issue, Paragraph, Severity, UnreadableDocument

Mode = Literal["always", "on_doubt", "never"]

DIFFERS = "the two readings of a cell differ"
ONE_SEES_CELL = "only one of the two readings sees this cell"
ONE_SEES_TABLE = "only one of the two readings sees this table"
CUT_DIFFERENTLY = "the two readings cut cells of the table differently; no number differs"
MORE = "more differences between the two readings of the table"
NOT_READ_TWICE = "the document could not be read a second time; nothing confirms the first reading"


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What the comparison of two readings came to.

    ``cells`` were compared: those with text that both readings see. ``numbers`` are those of them that hold nothing but
    a number or a code in one reading at least. What only one reading sees is counted apart.
    """

    pages: tuple[int, ...] = ()
    tables: int = 0
    cells: int = 0
    equal: int = 0
    different: int = 0
    numbers: int = 0
    numbers_different: int = 0
    cut_differently: int = 0
    only_in_first: int = 0
    only_in_second: int = 0
    tables_only_in_first: int = 0
    tables_only_in_second: int = 0


# --- which pages ------------------------------------------------------------------------------------------------------

_TABLE_LIKE = 8  # numbers: a page that prints so many outside tables may hold one that the first reading missed


def pages_to_check(first: Document, mode: Mode = "always", doubtful: Collection[int] = ()) -> tuple[int, ...]:
    """The pages (1-based) to read a second time.

    ``always``: every page on which the first reading saw a table, doubts, or finds numbers enough for a table. A page of
    prose is not among them: the second reader reads tables only. ``on_doubt``: the pages on which it raised an issue
    above ``info``, and ``doubtful`` (pages of figures in a broken identity, say). ``never``: none.
    """
    if mode == "never":
        return ()
    pages = {*doubtful, *(issue.page for issue in first.issues if issue.page and issue.severity != "info")}
    if mode == "always":
        pages |= {block.page for block in first.blocks if isinstance(block, Grid) and block.page}
        loose: Counter[int] = Counter()
        for block in first.blocks:
            if isinstance(block, Paragraph) and block.page:
                loose[block.page] += sum(map(is_number, block.text.split()))
        pages |= {page for page, count in loose.items() if count >= _TABLE_LIKE}
    return tuple(sorted(pages))


def read_again(
    data: bytes, first: Document, mode: Mode = "always", doubtful: Collection[int] = ()
) -> tuple[Document, CrossCheck]:
    """Reads the pages in question with camelot and compares. The first reading stands where the second one fails."""
    pages = pages_to_check(first, mode, doubtful)
    if first.format != "pdf" or not pages:
        return first, CrossCheck()
    from pipeline.documents.readers.pdf_camelot import read_pdf_camelot

    try:
        second = read_pdf_camelot(data, pages)
    except UnreadableDocument as reason:
        issue = Issue("warning", NOT_READ_TWICE, str(reason))
        return replace(first, issues=(*first.issues, issue)), CrossCheck()
    return cross_check(first, second, pages)


# --- texts ------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[-+(△▲]*\d[\d,.]*[)%]?")
_HYPHENS = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\u2212", "-"))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A text as it is compared: NFKC (full-width digits become narrow), one kind of hyphen, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())


def is_number(text: str) -> bool:
    """Whether a text is nothing but a number: an amount, a code, an ordinal."""
    return _NUMBER.fullmatch(plain(text)) is not None

"""Which lines are the number of their page, or the same on every page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from pipeline.documents.model import Document, Paragraph
from pipeline.forms.classification import is_subject_name
from pipeline.forms.form import Form
from pipeline.forms.printed import has_cjk, squash, strip_enumerator

_PAGE_NUMBER = re.compile(r"[-—–·]+\d{1,4}[-—–·]+|第\d{1,4}页(?:[,/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}")

_SAME_HEIGHT = 4.0  # points
_RUNNING = 3  # pages
_DIGITS = re.compile(r"\d{1,9}")
_AMOUNT = re.compile(r"\d[.,]\d")


def page_number_offset(document: Document) -> int | None:
    """What to add to a page's place in the file to get the number printed on it, where bare numbers are printed."""
    offsets = Counter(
        int(text) - block.page
        for block in document.blocks
        if isinstance(block, Paragraph) and block.page and (text := squash(block.text)).isdigit() and len(text) <= 4
    )
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    return offset if count >= 2 else None


def running_lines(document: Document, form: Form) -> frozenset[Paragraph]:
    """What stands at the same height of three pages or more in the same words: the head or foot of a page.

    Its numbers are the same on each page, or are the page's own: never amounts, nor those of a row that was captured
    outside its table (合计 12.50).
    """
    places: dict[tuple[str, int], list[Paragraph]] = defaultdict(list)
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.page and block.bbox and has_cjk(block.text):
            places[_DIGITS.sub("#", squash(block.text)), round(block.bbox[1] / _SAME_HEIGHT)].append(block)
    return frozenset(line for lines in places.values() if _run(lines, form) for line in lines)


def _run(lines: list[Paragraph], form: Form) -> bool:
    first = squash(lines[0].text)
    if len({line.page for line in lines}) < _RUNNING or _AMOUNT.search(first):
        return False
    label = _DIGITS.sub("", strip_enumerator(first))
    if is_subject_name(label) or label in form.row_labels:
        return False
    numbers = [[int(n) for n in _DIGITS.findall(squash(line.text))] for line in lines]
    return all(
        len(set(column)) == 1 or len({n - (line.page or 0) for n, line in zip(column, lines, strict=True)}) == 1
        for column in zip(*numbers, strict=True)
    )


def is_printed_page_number(paragraph: Paragraph, offset: int | None) -> bool:
    text = squash(paragraph.text)
    if _PAGE_NUMBER.fullmatch(text):
        return True
    return offset is not None and paragraph.page is not None and text == str(paragraph.page + offset)

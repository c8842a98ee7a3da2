"""Which lines are the number of their page."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.documents.model import Document, Paragraph
from pipeline.forms.printed import squash

_PAGE_NUMBER = re.compile(r"[-—–·]+\d{1,4}[-—–·]+|第\d{1,4}页(?:[,/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}")


def page_number_offset(document: Document) -> int | None:
    """What to add to a page's place in the file to get the number printed on it, where bare numbers are printed."""
    offsets = Counter(
        int(text) - block.page
        for block in document.blocks
        if isinstance(block, Paragraph) and block.page and (text := squash(block.text)).isdigit() and len(text) <= 4
    )
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    return offset if count >= 2 else None


def is_printed_page_number(paragraph: Paragraph, offset: int | None) -> bool:
    text = squash(paragraph.text)
    if _PAGE_NUMBER.fullmatch(text):
        return True
    return offset is not None and paragraph.page is not None and text == str(paragraph.page + offset)

"""A document that says of itself that it is a sample: the mark travels with the file, wherever it is copied."""

from __future__ import annotations

from pipeline.documents.model import Document, Paragraph
from pipeline.forms.printed import squash

SAMPLE_MARK = "软件样例：机构名称与文字均系虚构"


def is_sample(document: Document) -> bool:
    """Does a paragraph of its own say so?"""
    mark = squash(SAMPLE_MARK)
    return any(isinstance(block, Paragraph) and squash(block.text) == mark for block in document.blocks)

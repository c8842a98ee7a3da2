"""Lines and cells that are the title of a statement or of an annex, whole, damaged or in the table of contents."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import SequenceMatcher

from pipeline.documents.model import Document, Paragraph
from pipeline.forms.form import Form, StatementForm
from pipeline.forms.furniture import unit_in
from pipeline.forms.printed import plain_header, squash, strip_enumerator

_CONTENTS_TAIL = re.compile(r"(?:[.…·\-_]*\(?-?\d{1,4}-?\)?|[.…·\-_]{2,})$")
_LONGEST_TITLE = 120  # as printed, with the dots of a table of contents


def title_of(text: str, form: Form) -> str | None:
    """The statement whose title this squashed line is, else None; the most specific title wins."""
    best: tuple[int, str] | None = None
    for name, statement in form.statements.items():
        for pattern in statement.titles:
            if (match := pattern.fullmatch(text)) and (best is None or len(match["core"]) > best[0]):
                best = (len(match["core"]), name)
    return best[1] if best else None


def titled_line(text: str, form: Form) -> tuple[str, str] | None:
    """The statement whose title stands on this (squashed) line, and what stands beside it: the unit or the year."""
    if statement := title_of(text, form):
        return statement, ""
    unit = unit_in(text, form)
    rest = form.year_line.sub("", text.replace(unit[0], "") if unit else text)
    statement = title_of(rest, form) if rest != text else None
    if statement is None:
        return None
    return statement, text[len(rest) :] if text.startswith(rest) else text


def annex_of(text: str, form: Form) -> str | None:
    for name, patterns in form.annexes.items():
        if any(pattern.fullmatch(text) for pattern in patterns):
            return name
    return None


def without_page_number(text: str) -> str:
    """A (squashed) entry of the table of contents without the dots and the number behind it."""
    return _CONTENTS_TAIL.sub("", text)


def is_contents_entry(text: str, form: Form) -> bool:
    """A title with dots and a page number behind it stands in the table of contents."""
    head = without_page_number(text)
    return head != text and (title_of(head, form) is not None or annex_of(head, form) is not None)


def damaged_title(text: str, form: Form, seen: Collection[str], latest: str) -> str | None:
    """The next statement in the printed order, if this title is nearly its own and nearer to no other one.

    ``seen`` are the statements of the same part so far, ``latest`` is the one right before it.
    """
    open_ones = [name for name in form.statements if name not in seen]
    if not seen or not open_ones:
        return None
    alike = {n: SequenceMatcher(None, text, squash(form.statements[n].title)).ratio() for n in open_ones}
    best = max(open_ones, key=lambda name: alike[name])
    order = list(form.statements)
    following = open_ones[0] == best or order.index(latest) + 1 == order.index(best)
    return best if alike[best] >= 0.8 and following else None


def choose_form(document: Document, forms: tuple[Form, ...]) -> Form:
    """The form that knows the most of the document; the first one of equals."""
    return max(forms, key=lambda form: _known(document, form))


def is_known(document: Document, form: Form) -> bool:
    """Does the title of a statement or of an annex stand in the document?"""
    texts = (squash(line.text) for line in document.blocks if isinstance(line, Paragraph))
    return any(titled_line(text, form) or annex_of(text, form) for text in texts if len(text) < _LONGEST_TITLE)


def _known(document: Document, form: Form) -> int:
    """How many titles of the form stand in the document, and of its headers and lines in tables below their own title.

    Titles alone do not tell forms apart: many publishers print those of the ministry.
    """
    words = {name: _words(statement) for name, statement in form.statements.items()}
    found: set[tuple[str, str]] = set()
    below: str | None = None
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        for text in map(squash, (text for text in texts if len(text) < _LONGEST_TITLE)):
            if title := title_of(without_page_number(text), form):
                below = title
                found.add((title, title))
            elif below is not None and (word := strip_enumerator(plain_header(text))) in words[below]:
                found.add((below, word))
    return len(found)


def _words(statement: StatementForm) -> frozenset[str]:
    layouts = (statement, *statement.variants)
    labels = {label for layout in layouts for lines in layout.lines.values() for line in lines for label in line.labels}
    return frozenset(labels).union(*(layout.words for layout in layouts))

"""Text captures of disclosures: tables as tab-separated rows, or with one cell per line.

- tab rows: every row of a table is one line, its cells parted by TAB; a blank line ends the table.
- cell per line: every cell is a line that begins with TAB; an empty line ends the row, a second one the table. Cells
  merged across columns are one cell there, so a short row does not say which columns it covers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pipeline.documents.model import Block, Cell, Document, Grid, Issue, Paragraph, UnreadableDocument
from pipeline.documents.radicals import without_radicals

# none holds the beginning of another: a line of nothing but beginnings is looked through once, not once for each
_BOOKMARK = re.compile(r"\[bookmark:[^\[\]\n]*\]|\{ ?TC [^{}\n]*\}")
_ENCODINGS = ("utf-8-sig", "gb18030")


def decode(data: bytes) -> str:
    """Bytes → text: UTF-16 by its mark, else UTF-8, else GB18030. Raises UnreadableDocument."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise UnreadableDocument(
        "it is neither text (UTF-8, GB18030, UTF-16) nor a format that is known by its first bytes"
    )


def read_text(data: bytes) -> Document:
    """A text capture → blocks; locators are lines (1-based), pages are counted where form feeds part them.

    Raises UnreadableDocument where the bytes are no text.
    """
    text = without_radicals(decode(data).replace("\r\n", "\n").replace("\r", "\n"))
    issues: list[Issue] = []
    if "\ufffd" in text:
        issues.append(Issue("warning", "the text holds characters that an earlier conversion could not read (U+FFFD)"))
    lines = list(_numbered(text))
    blocks = list(_cell_per_line(lines) if _has_cell_lines([line for _, _, line in lines]) else _tab_rows(lines))
    page_count = text.count("\f") + 1 if "\f" in text else None
    return Document("text", "text", tuple(blocks), page_count, tuple(issues))


Line = tuple[int, int | None, str]  # line number, page, text


def _numbered(text: str) -> Iterator[Line]:
    paged = "\f" in text
    number = 0
    for page, chunk in enumerate(text.split("\f"), start=1):
        for line in chunk.split("\n"):
            number += 1
            yield number, page if paged else None, _BOOKMARK.sub("", line)


def _has_cell_lines(lines: list[str]) -> bool:
    """Cell per line if most lines with a TAB have just the one at their head."""
    with_tab = [line for line in lines if "\t" in line]
    at_head = sum(1 for line in with_tab if line.lstrip(" ").startswith("\t") and "\t" not in line.strip())
    return at_head * 2 > len(with_tab)


def _tab_rows(lines: list[Line]) -> Iterator[Block]:
    for is_table, group in groupby(lines, key=lambda line: "\t" in line[2]):
        chunk = list(group)
        if not is_table:
            for number, page, text in chunk:
                if text.strip():
                    yield Paragraph(text.strip(), page, f"line {number}")
            continue
        rows = [(number, [cell.strip() for cell in text.split("\t")]) for number, _, text in chunk]
        yield _grid(rows, chunk[0][1])


def _cell_per_line(lines: list[Line]) -> Iterator[Block]:
    rows: list[list[tuple[int, str]]] = []
    row: list[tuple[int, str]] = []
    page: int | None = None
    for number, at_page, text in [*lines, (len(lines) + 1, None, "")]:
        if text.lstrip(" ").startswith("\t") and (row or "\t" not in text.strip()):
            if not rows and not row:
                page = at_page
            row.append((number, text.strip().replace("\t", " ")))
        elif row and text.strip():
            row[-1] = (row[-1][0], f"{row[-1][1]}\n{text.strip()}".lstrip("\n"))
        elif row:
            rows.append(row)
            row = []
        else:
            if rows:
                yield from _ragged_grid(rows, page)
                rows = []
            if text.strip():
                yield Paragraph(text.strip().replace("\t", " "), at_page, f"line {number}")
    if rows:
        yield from _ragged_grid(rows, page)


def _ragged_grid(rows: list[list[tuple[int, str]]], page: int | None) -> Iterator[Block]:
    if len(rows) == 1 and len(rows[0]) == 1:  # an indented paragraph, not a table
        number, text = rows[0][0]
        for offset, line in enumerate(text.split("\n")):
            if line.strip():
                yield Paragraph(line.strip(), page, f"line {number + offset}")
        return
    usual, count = Counter(len(row) for row in rows).most_common(1)[0]
    width = usual if count >= 3 and count * 2 >= len(rows) else max(len(row) for row in rows)
    odd = frozenset(n for n, row in enumerate(rows) if len(row) > width)
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, (number, text) in enumerate(row[:width]):
            if r in odd and c == width - 1:
                text = "\t".join(text for _, text in row[c:])
            cells.append(Cell(r, c, text, locator=f"line {number}"))
    yield Grid(tuple(cells), len(rows), width, page, f"line {rows[0][0][0]}", spans_known=False, odd_rows=odd)


def _grid(rows: list[tuple[int, list[str]]], page: int | None) -> Grid:
    width, odd = _width([row for _, row in rows])
    cells: list[Cell] = []
    for r, (number, row) in enumerate(rows):
        texts = [*row, *[""] * (width - len(row))]
        if len(texts) > width:
            texts[width - 1 :] = ["\t".join(texts[width - 1 :])]
        cells += [Cell(r, c, text, locator=f"line {number}") for c, text in enumerate(texts)]
    return Grid(tuple(cells), len(rows), width, page, f"line {rows[0][0]}", spans_known=False, odd_rows=odd)


def _width(rows: list[list[str]]) -> tuple[int, frozenset[int]]:
    """How many columns a table has, and which rows have lost a tab or have one too many.

    Only where a row ends with a blank cell were the tabs at the ends kept; else a short row says nothing.
    """
    widths = [len(row) for row in rows]
    usual, count = Counter(widths).most_common(1)[0]
    if any(not row[-1] for row in rows) and count >= 3 and count * 3 >= len(rows) * 2:
        return usual, frozenset(n for n, width in enumerate(widths) if width != usual)
    return max(widths), frozenset()

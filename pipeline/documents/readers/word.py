"""Word documents (.docx): the XML of the package read directly, cell spans exactly as Word stores them.

What counts as printed: text, inserted revisions, hyperlinks, content controls, text boxes (after the paragraph that
anchors them) and the page headers of each section (in front of the section, unless the section prints them itself).
What does not: deleted revisions, hidden text, field codes, comments, footers, notes, automatic list numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.documents.model import Block, Cell, Document, Grid, Issue, Paragraph, UnreadableDocument
from pipeline.documents.radicals import without_radicals
from pipeline.documents.readers.word_package import DEFAULT_LIMITS, Package, WordLimits
from pipeline.documents.readers.word_xml import TEXT, child_of, name_of, printed_branch, value_of

_ON = {None, "", "1", "true", "on"}
_CHARACTERS = {"w:tab": " ", "w:ptab": " ", "w:cr": "\n", "w:noBreakHyphen": "-"}
_NOT_PRINTED = {
    *("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "w:rt"),
    *("w:pPr", "w:rPr", "w:tblPr", "w:tblPrEx", "w:tblGrid", "w:trPr", "w:tcPr", "w:sdtPr", "w:sdtEndPr", "w:sectPr"),
    "m:rPr",
}
_PICTURES = {"a:blip", "v:imagedata"}
_WIDEST_SPAN = 1024  # Word stops at 63 columns
_PAGE_BREAK = "\f"


def read_word(data: bytes, limits: WordLimits = DEFAULT_LIMITS) -> Document:
    """The blocks of a .docx in reading order.

    The lines of a cell are joined with ``\\n`` (a number may be wrapped), those of a paragraph with a space. A nested
    table follows the table that holds it, as a grid of its own. Raises `UnreadableDocument` with the reason in words.
    """
    with Package.open(data, limits) as package:
        try:
            return _Reader(package).document()
        except RecursionError:
            raise UnreadableDocument("the Word document nests its content too deeply to be read") from None


@dataclass(slots=True)
class _OpenCell:
    row: int
    column: int
    column_span: int
    text: str
    row_span: int = 1


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._issues: list[Issue] = []
        self._tables = 0
        self._paragraphs = 0
        self._pictures = 0

    def document(self) -> Document:
        root = self._package.xml(self._package.main_part)
        body = child_of(root, "w:body")
        if body is None:
            raise UnreadableDocument("the Word document has no body: the file is damaged or of another kind")
        blocks = tuple(self._sections(body))
        if self._pictures:
            text = f"{self._pictures} pictures" if self._pictures > 1 else "1 picture"
            self._issues.append(Issue("info", "the text inside pictures is not read", text))
        return Document("docx", "word", blocks, page_count=None, issues=tuple(self._issues))

    def _sections(self, body: etree._Element) -> Iterator[Block]:
        relationships = self._package.relationships()
        section: list[Block] = []
        for child in body:
            section += self._block(child)
            if (properties := self._section_end(child)) is not None:
                yield from self._headers(properties, relationships, section)
                yield from section
                section = []
        yield from section

    @staticmethod
    def _section_end(element: etree._Element) -> etree._Element | None:
        """The section properties: the body's own, or those that a paragraph (maybe in a content control) carries."""
        if name_of(element) == "w:tbl":
            return None
        return next((inner for inner in element.iter() if name_of(inner) == "w:sectPr"), None)

    def _headers(
        self, properties: etree._Element, relationships: dict[str, str], section: list[Block]
    ) -> Iterator[Block]:
        printed = {_squeeze(block.text) for block in section if isinstance(block, Paragraph)}
        for reference in properties:
            if name_of(reference) != "w:headerReference":
                continue
            part = relationships.get(value_of(reference, "id") or "", "")
            if not self._package.has(part):
                continue
            try:
                header = self._package.xml(part)
            except UnreadableDocument as reason:
                self._issues.append(
                    Issue("warning", "a page header could not be read", str(reason), locator="page header")
                )
                continue
            counted = self._paragraphs
            blocks = self._blocks(header)
            self._paragraphs = counted  # numbers are those of the body
            for block in blocks:
                if isinstance(block, Grid):
                    yield block
                elif _squeeze(block.text) not in printed:
                    printed.add(_squeeze(block.text))
                    yield Paragraph(block.text, locator="page header")

    def _blocks(self, container: etree._Element) -> list[Block]:
        return [block for child in container for block in self._block(child)]

    def _block(self, element: etree._Element) -> list[Block]:
        name = name_of(element)
        if name == "w:p":
            return self._paragraph(element)
        if name == "w:tbl":
            return self._table(element)
        if name in _NOT_PRINTED or not name:
            return []
        if name == "w:altChunk":
            self._issues.append(
                Issue("error", "an embedded file inside the document is not read", locator=self._here())
            )
            return []
        if name == "mc:AlternateContent":
            return [block for branch in printed_branch(element) for block in self._blocks(branch)]
        return self._blocks(element)

    def _here(self) -> str:
        return f"after paragraph {self._paragraphs}"

    def _paragraph(self, element: etree._Element) -> list[Block]:
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        self._inline(element, pieces, boxes)
        blocks: list[Block] = []
        for part in "".join(pieces).split(_PAGE_BREAK):
            text = " ".join(line.strip() for line in part.split("\n")).strip()
            if text:
                self._paragraphs += 1
                blocks.append(Paragraph(text, locator=f"paragraph {self._paragraphs}"))
        for box in boxes:
            blocks += self._blocks(box)
        return blocks

    def _inline(self, element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
        """Appends the printed text below ``element`` and the text boxes anchored in it."""
        for child in element:
            name = name_of(child)
            if name in TEXT:
                pieces.append(without_radicals((child.text or "").replace("\n", " ")))
            elif name in _CHARACTERS:
                pieces.append(_CHARACTERS[name])
            elif name == "w:br":
                pieces.append(_PAGE_BREAK if value_of(child, "type") == "page" else "\n")
            elif name == "w:txbxContent":
                boxes.append(child)
            elif name in _NOT_PRINTED or not name or (name == "w:r" and _is_hidden(child)):
                continue
            elif name == "w:sym":
                code = f"{value_of(child, 'font')} {value_of(child, 'char')}"
                self._issues.append(
                    Issue("warning", "a character of a symbol font is not read", code, locator=self._here())
                )
            elif name == "mc:AlternateContent":
                for branch in printed_branch(child):
                    self._inline(branch, pieces, boxes)
            else:
                self._pictures += name in _PICTURES
                self._inline(child, pieces, boxes)

    # --- tables

    def _table(self, element: etree._Element, inside: str = "") -> list[Block]:
        self._tables += 1
        locator = f"table {self._tables}"
        cells: list[_OpenCell] = []
        nested: list[tuple[str, etree._Element]] = []
        above: dict[int, _OpenCell] = {}  # by column: the vertical merges that the row above leaves open
        row_count = column_count = 0
        for row in self._children(element, "w:tr"):
            if child_of(row, "w:trPr", "w:del") is not None:
                continue
            column = self._span(row, "w:trPr", "w:gridBefore", least=0)
            current: dict[int, _OpenCell] = {}
            last: _OpenCell | None = None
            for cell in self._children(row, "w:tc"):
                span = self._span(cell, "w:tcPr", "w:gridSpan", least=1)
                place = f"{locator}, row {row_count + 1}, column {column + 1}"
                text, tables = self._cell(cell)
                nested += [(place, table) for table in tables]
                owner = above.get(column) if _continues(cell, "w:vMerge") else None
                if owner is not None and owner.column_span == span:
                    owner.row_span += 1
                    self._covered(text, place)
                    current[column] = last = owner
                elif last is not None and _continues(cell, "w:hMerge"):
                    if last.row_span == 1:
                        last.column_span += span
                    self._covered(text, place)
                else:
                    last = _OpenCell(row_count, column, span, text)
                    cells.append(last)
                    if child_of(cell, "w:tcPr", "w:vMerge") is not None:
                        current[column] = last
                column += span
            column_count = max(column_count, column + self._span(row, "w:trPr", "w:gridAfter", least=0))
            above = current
            row_count += 1
        blocks: list[Block] = []
        if cells:
            grid = tuple(
                Cell(
                    *(cell.row, cell.column, cell.text, cell.row_span, cell.column_span),
                    locator=f"{locator}, row {cell.row + 1}, column {cell.column + 1}",
                )
                for cell in sorted(cells, key=lambda cell: (cell.row, cell.column))
            )
            blocks.append(
                Grid(grid, row_count, column_count, locator=locator + (f" (inside {inside})" if inside else ""))
            )
        for place, table in nested:
            blocks += self._table(table, inside=place)
        return blocks

    def _children(self, element: etree._Element, wanted: str) -> Iterator[etree._Element]:
        """The rows of a table or the cells of a row, also where a content control or a revision wraps them."""
        for child in element:
            name = name_of(child)
            if name == wanted:
                yield child
            elif name == "mc:AlternateContent":
                for branch in printed_branch(child):
                    yield from self._children(branch, wanted)
            elif name and name not in _NOT_PRINTED:
                yield from self._children(child, wanted)

    def _span(self, element: etree._Element, properties: str, name: str, least: int) -> int:
        text = value_of(child_of(element, properties, name))
        if text is None:
            return least
        span = int(text) if re.fullmatch(r"\s*[0-9]{1,6}\s*", text) else -1
        if not least <= span <= _WIDEST_SPAN:
            if span != 0:  # gridSpan="0" is a common slip for 1
                self._issues.append(
                    Issue(
                        "warning",
                        "a table cell declares an impossible span",
                        f"{name} {text[:40]}",
                        locator=f"table {self._tables}",
                    )
                )
            return least
        return span

    def _cell(self, element: etree._Element) -> tuple[str, list[etree._Element]]:
        """The lines of a cell joined with a newline, and the tables nested in it."""
        lines: list[str] = []
        tables: list[etree._Element] = []
        self._cell_content(element, lines, tables)
        return "\n".join(line for line in lines if line), tables

    def _cell_content(self, element: etree._Element, lines: list[str], tables: list[etree._Element]) -> None:
        for child in element:
            name = name_of(child)
            if name == "w:p":
                pieces: list[str] = []
                boxes: list[etree._Element] = []
                self._inline(child, pieces, boxes)
                lines += [line.strip() for line in re.split("[\n\f]", "".join(pieces))]
                for box in boxes:
                    self._cell_content(box, lines, tables)
            elif name == "w:tbl":
                tables.append(child)
            elif name == "w:altChunk":
                self._issues.append(
                    Issue("error", "an embedded file inside the document is not read", locator=self._here())
                )
            elif name == "mc:AlternateContent":
                for branch in printed_branch(child):
                    self._cell_content(branch, lines, tables)
            elif name and name not in _NOT_PRINTED:
                self._cell_content(child, lines, tables)

    def _covered(self, text: str, place: str) -> None:
        if text:
            self._issues.append(
                Issue("warning", "text under a merged cell is not printed and not read", text, locator=place)
            )


def _is_hidden(run: etree._Element) -> bool:
    vanish = child_of(run, "w:rPr", "w:vanish")
    return vanish is not None and (value_of(vanish) or "").lower() in _ON


def _continues(cell: etree._Element, merge: str) -> bool:
    """Whether the cell is the continuation of a merge: the element without a value, or with the value ``continue``."""
    element = child_of(cell, "w:tcPr", merge)
    return element is not None and value_of(element) in {None, "", "continue"}


def _squeeze(text: str) -> str:
    return "".join(text.split())

"""Word documents (.docx): the XML of the package read directly, cell spans exactly as Word stores them.

What counts as printed: text, inserted revisions, hyperlinks, content controls, text boxes (after the paragraph that
anchors them) and the page headers of each section (in front of the section, unless the section prints them itself).
What does not: deleted revisions, hidden text, field codes, comments, footers, notes, automatic list numbers.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from lxml import etree

from pipeline.documents.model import Block, Cell, Document, Grid, Issue, Paragraph, UnreadableDocument

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WordLimits:
    """What a .docx may cost. Sizes are bytes; ``ratio`` (unpacked to packed) counts above ``ratio_from`` bytes only."""

    members: int = 10_000
    uncompressed: int = 512 * MIB
    part: int = 128 * MIB
    ratio: int = 250
    ratio_from: int = 16 * MIB


DEFAULT_LIMITS = WordLimits()


def read_word(data: bytes, limits: WordLimits = DEFAULT_LIMITS) -> Document:
    """The blocks of a .docx in reading order.

    The lines of a cell are joined with ``\\n`` (a number may be wrapped), those of a paragraph with a space. A nested
    table follows the table that holds it, as a grid of its own. Raises `UnreadableDocument` with the reason in words.
    """
    with _Package.open(data, limits) as package:
        try:
            return _Reader(package).document()
        except RecursionError:
            raise UnreadableDocument("the Word document nests its content too deeply to be read") from None


# --- the package: a zip of XML parts ---------------------------------------------------------------------------------

# What zipfile raises on damage: ValueError for offsets that point nowhere, NotImplementedError for odd flags.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError),
    NotImplementedError,
)
_OLE_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
_OFFICE_DOCUMENT = "/relationships/officeDocument"


class _Package:
    """The parts of a .docx, each read at most once and never beyond the limits."""

    def __init__(self, archive: zipfile.ZipFile, limits: WordLimits) -> None:
        self._archive = archive
        self._limits = limits
        self._check_size()
        self.main_part = self._find_main_part()

    @classmethod
    def open(cls, data: bytes, limits: WordLimits) -> _Package:
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise UnreadableDocument(_why_not_a_zip(data)) from None
        return cls(archive, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def _check_size(self) -> None:
        members = self._archive.infolist()
        if len(members) > self._limits.members:
            raise UnreadableDocument(
                f"the package holds {len(members)} parts, more than the limit of {self._limits.members}"
            )
        declared = sum(member.file_size for member in members)
        packed = max(1, sum(member.compress_size for member in members))
        if declared > self._limits.uncompressed:
            raise UnreadableDocument(
                f"the package would unpack to {declared:,} bytes, more than the limit of {self._limits.uncompressed:,}"
            )
        if declared > self._limits.ratio_from and declared > packed * self._limits.ratio:
            raise UnreadableDocument(
                f"the package would unpack to {declared // packed} times its size, like a zip bomb: it was not opened"
            )

    def _find_main_part(self) -> str:
        names = set(self._archive.namelist())
        targets = [target for kind, target in self._relationships("").values() if kind.endswith(_OFFICE_DOCUMENT)]
        for candidate in [*targets, "word/document.xml"]:
            if candidate in names and candidate.startswith("word/"):
                return candidate
        if any(name.startswith("xl/") for name in names):
            raise UnreadableDocument(
                "this is an Excel workbook, not a Word document: give it its own extension (.xlsx)"
            )
        if any(name.startswith("ppt/") for name in names):
            raise UnreadableDocument("this is a PowerPoint presentation, not a Word document")
        if "content.xml" in names:
            raise UnreadableDocument("this is an OpenDocument file, not a Word document: save it as .docx")
        raise UnreadableDocument("this zip file holds no Word document (word/document.xml is missing)")

    def relationships(self) -> dict[str, str]:
        """Relationship id → part name, for the main part."""
        return {key: target for key, (_, target) in self._relationships(self.main_part).items()}

    def _relationships(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        part_name = posixpath.join(folder, "_rels", f"{name}.rels")
        if part_name not in self._archive.namelist():
            return {}
        found: dict[str, tuple[str, str]] = {}
        for element in self.xml(part_name):
            target = element.get("Target", "")
            if element.get("TargetMode") != "External" and target:
                path = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found[element.get("Id", "")] = (element.get("Type", ""), path)
        return found

    def has(self, part: str) -> bool:
        return part in self._archive.namelist()

    def xml(self, part: str) -> etree._Element:
        """The root of one XML part; no entity is resolved and nothing outside the part is read."""
        content = self._bytes(part)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(f"the part {part} is not valid XML ({error.msg}): the file is damaged") from None
        docinfo = root.getroottree().docinfo
        if docinfo.internalDTD is not None or docinfo.externalDTD is not None:
            raise UnreadableDocument(
                f"the part {part} declares a document type, which no Word document may do: not read"
            )
        return root

    def _bytes(self, part: str) -> bytes:
        limit = self._limits.part
        member = self._archive.getinfo(part)
        if member.flag_bits & 0x1:
            raise UnreadableDocument("the file is password-protected: save it without a password")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnreadableDocument(f"the part {part} is packed by a method that Word does not use")
        try:
            with self._archive.open(member) as stream:
                content = stream.read(limit + 1)
        except _DAMAGE:
            raise UnreadableDocument(f"the part {part} cannot be unpacked: the file is damaged or cut off") from None
        if len(content) > limit:
            raise UnreadableDocument(f"the part {part} is larger than the limit of {limit:,} bytes")
        return content


def _why_not_a_zip(data: bytes) -> str:
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data:
        return "the file is empty"
    if data.startswith(_OLE_HEADER):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "the file is password-protected: save it without a password"
        return "this is a password-protected file or a legacy .doc: save it as .docx without a password"
    if head.startswith(b"%pdf"):
        return "this is a PDF, not a Word document: give it its own extension (.pdf)"
    if head.startswith(b"<"):
        return "this is a web page or an XML file, not a Word document: download the document itself"
    if head.startswith(b"{\\rtf"):
        return "this is a rich-text (RTF) file, not a Word document: save it as .docx"
    if head.startswith(b"pk"):
        return "the file is cut off or damaged (its zip directory is missing): download it again"
    return "this is not a Word document (.docx): it is no zip package at all"


# --- the content -----------------------------------------------------------------------------------------------------

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "urn:schemas-microsoft-com:vml": "v",
}
_ON = {None, "", "1", "true", "on"}
_TEXT = {"w:t", "m:t"}
_CHARACTERS = {"w:tab": " ", "w:ptab": " ", "w:cr": "\n", "w:noBreakHyphen": "-"}
_NOT_PRINTED = {
    *("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "w:rt"),
    *(
        "w:pPr",
        "w:rPr",
        "w:tblPr",
        "w:tblPrEx",
        "w:tblGrid",
        "w:trPr",
        "w:tcPr",
        "w:sdtPr",
        "w:sdtEndPr",
        "w:sectPr",
        "m:rPr",
    ),
}
_PICTURES = {"a:blip", "v:imagedata"}
_WIDEST_SPAN = 1024  # Word stops at 63 columns
_PAGE_BREAK = "\f"


def _name(element: etree._Element) -> str:
    """``w:p`` for both namespaces of Word; the bare name for any other, an empty name for what is no element."""
    tag: object = element.tag  # comments, instructions and entities have a function here
    if not isinstance(tag, str):
        return ""
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else local


def _child(element: etree._Element, *path: str) -> etree._Element | None:
    found: etree._Element | None = element
    for name in path:
        found = next((child for child in found if _name(child) == name), None) if found is not None else None
    return found


def _value(element: etree._Element | None, attribute: str = "val") -> str | None:
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == attribute), None)


def _printed_branch(alternatives: etree._Element) -> Iterator[etree._Element]:
    """Of mc:AlternateContent the first branch that holds text, or the first one: never two."""
    branches = [branch for branch in alternatives if _name(branch) in {"mc:Choice", "mc:Fallback"}]
    with_text = [branch for branch in branches if any(_name(inner) in _TEXT for inner in branch.iter())]
    yield from (with_text or branches)[:1]


@dataclass(slots=True)
class _OpenCell:
    row: int
    column: int
    column_span: int
    text: str
    row_span: int = 1


class _Reader:
    def __init__(self, package: _Package) -> None:
        self._package = package
        self._issues: list[Issue] = []
        self._tables = 0
        self._paragraphs = 0
        self._pictures = 0

    def document(self) -> Document:
        root = self._package.xml(self._package.main_part)
        body = _child(root, "w:body")
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
        if _name(element) == "w:tbl":
            return None
        return next((inner for inner in element.iter() if _name(inner) == "w:sectPr"), None)

    def _headers(
        self, properties: etree._Element, relationships: dict[str, str], section: list[Block]
    ) -> Iterator[Block]:
        printed = {_squeeze(block.text) for block in section if isinstance(block, Paragraph)}
        for reference in properties:
            if _name(reference) != "w:headerReference":
                continue
            part = relationships.get(_value(reference, "id") or "", "")
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
        name = _name(element)
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
            return [block for branch in _printed_branch(element) for block in self._blocks(branch)]
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
            name = _name(child)
            if name in _TEXT:
                pieces.append((child.text or "").replace("\n", " "))
            elif name in _CHARACTERS:
                pieces.append(_CHARACTERS[name])
            elif name == "w:br":
                pieces.append(_PAGE_BREAK if _value(child, "type") == "page" else "\n")
            elif name == "w:txbxContent":
                boxes.append(child)
            elif name in _NOT_PRINTED or not name or (name == "w:r" and _is_hidden(child)):
                continue
            elif name == "w:sym":
                code = f"{_value(child, 'font')} {_value(child, 'char')}"
                self._issues.append(
                    Issue("warning", "a character of a symbol font is not read", code, locator=self._here())
                )
            elif name == "mc:AlternateContent":
                for branch in _printed_branch(child):
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
            if _child(row, "w:trPr", "w:del") is not None:
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
                    if _child(cell, "w:tcPr", "w:vMerge") is not None:
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
            name = _name(child)
            if name == wanted:
                yield child
            elif name == "mc:AlternateContent":
                for branch in _printed_branch(child):
                    yield from self._children(branch, wanted)
            elif name and name not in _NOT_PRINTED:
                yield from self._children(child, wanted)

    def _span(self, element: etree._Element, properties: str, name: str, least: int) -> int:
        text = _value(_child(element, properties, name))
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
            name = _name(child)
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
                for branch in _printed_branch(child):
                    self._cell_content(branch, lines, tables)
            elif name and name not in _NOT_PRINTED:
                self._cell_content(child, lines, tables)

    def _covered(self, text: str, place: str) -> None:
        if text:
            self._issues.append(
                Issue("warning", "text under a merged cell is not printed and not read", text, locator=place)
            )


def _is_hidden(run: etree._Element) -> bool:
    vanish = _child(run, "w:rPr", "w:vanish")
    return vanish is not None and (_value(vanish) or "").lower() in _ON


def _continues(cell: etree._Element, merge: str) -> bool:
    """Whether the cell is the continuation of a merge: the element without a value, or with the value ``continue``."""
    element = _child(cell, "w:tcPr", merge)
    return element is not None and _value(element) in {None, "", "continue"}


def _squeeze(text: str) -> str:
    return "".join(text.split())

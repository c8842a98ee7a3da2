"""The package of a Word document: a zip of XML parts, opened within limits; what is no such package is named."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Self

from lxml import etree

from pipeline.documents.model import UnreadableDocument

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


# What zipfile raises on damage: ValueError for offsets that point nowhere, NotImplementedError for odd flags.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError),
    NotImplementedError,
)
_OLE_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
_OFFICE_DOCUMENT = "/relationships/officeDocument"


class Package:
    """The parts of a .docx, each read at most once and never beyond the limits."""

    def __init__(self, archive: zipfile.ZipFile, limits: WordLimits) -> None:
        self._archive = archive
        self._limits = limits
        self._check_size()
        self.main_part = self._find_main_part()

    @classmethod
    def open(cls, data: bytes, limits: WordLimits) -> Package:
        """Raises `UnreadableDocument` with the reason in words."""
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

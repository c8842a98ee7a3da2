"""Bytes → the reader that can read them. A file is what its first bytes say, whatever its name is."""

from __future__ import annotations

from pathlib import PurePath

from pipeline.documents.model import Document, UnreadableDocument

# readers that exist; what else is recognised gets a reason in words
_NOT_READ = {
    "html": "it holds an HTML page, not a disclosure (often the error page of the site): open it, find the document "
    "that it links to, and download that",
    "ole": "it is a legacy Word file (.doc) or a password-protected one: open it and save it as .docx without password",
    "rtf": "it is an RTF file: open it in a word processor and save it as .docx",
    "image": "it is an image; text cannot be read from it",
    "archive": "it is an archive (rar, 7z or gz): unpack it first",
}
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_PACKAGES = {".docx", ".odt", ".ods", ".odp", ".xlsx", ".xlsm", ".pptx", ".zip", ".ofd"}  # all are zips
_EXTENSIONS = {"docx": _PACKAGES, "pdf": {".pdf"}, "html": {".html", ".htm"}, "text": {".txt", ".text", ".tsv"}}


def detect(data: bytes) -> str:
    """The format: docx (any zip), pdf, html, ole, rtf, image, archive or text."""
    head = data[:1024]
    if head.startswith(b"PK"):
        return "docx"
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_IMAGES):
        return "image"
    if head.startswith(_ARCHIVES):
        return "archive"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start):
        return "html"
    return "text"


def read_document(data: bytes, file_name: str) -> Document:
    """Bytes → blocks. Raises UnreadableDocument with the reason in words, and says so where the name is misleading."""
    kind = detect(data)
    suffix = PurePath(file_name).suffix.lower()
    misnamed = (
        f"the file is named {suffix} but is none; " if suffix and suffix not in _EXTENSIONS.get(kind, {suffix}) else ""
    )
    if kind in _NOT_READ:
        raise UnreadableDocument(misnamed + _NOT_READ[kind])
    try:
        if kind == "docx":
            from pipeline.documents.readers.word import read_word

            return read_word(data)
        if kind == "pdf":
            from pipeline.documents.readers.pdf_grid import read_pdf_grid

            return read_pdf_grid(data)
        from pipeline.documents.readers.text import read_text

        return read_text(data)
    except UnreadableDocument as error:
        raise UnreadableDocument(f"{misnamed}{error}") from error

"""A page whose content is damaged is named: what is behind the damage may have been prose that nobody misses."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.readers.pdf_grid import read_pdf_grid
from pipeline.documents.readers.pdf_streams import DAMAGED_CONTENT, damaged_contents
from tests.support import ROOT

LINES = b"".join(b"BT /F 12 Tf 50 %d Td (line %d of the page) Tj ET\n" % (800 - 15 * n, n) for n in range(40))


def pdf(*contents: bytes, filters: str = "/Filter /FlateDecode") -> bytes:
    """A PDF of pages with these contents, as they stand in the file."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(contents)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, content in enumerate(contents):
        resources = "/MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
        bodies.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * n} 0 R >>".encode())
        head = f"<< /Length {len(content)} {filters} >>".encode()
        bodies.append(head + b"\nstream\n" + content + b"\nendstream")
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return out + head + table + trailer


def damaged_pages(data: bytes) -> list[int | None]:
    return [issue.page for issue in damaged_contents(data)]


PACKED = zlib.compress(LINES)


def test_whole_pages_are_not_named() -> None:
    without_checksum = PACKED[:-4]  # as some programs write it
    assert damaged_pages(pdf(PACKED, without_checksum, PACKED)) == []
    assert damaged_pages(pdf(LINES, filters="")) == []


@pytest.mark.parametrize("content", [PACKED[:200], PACKED[:150] + b"\0" * 40 + PACKED[190:]])
def test_a_damaged_page_is_an_issue_of_the_document(content: bytes) -> None:
    document = read_pdf_grid(pdf(PACKED, content, PACKED))
    assert [(i.severity, i.page) for i in document.issues if i.what == DAMAGED_CONTENT] == [("error", 2)]


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_no_damage_loses_a_line_unnamed(data: st.DataObject) -> None:
    at = data.draw(st.integers(2, len(PACKED) - 5))
    byte = data.draw(st.integers(1, 255))
    content = PACKED[:at] + bytes([PACKED[at] ^ byte]) + PACKED[at + 1 :]
    assert damaged_pages(pdf(content)) == [1]


def test_the_samples_are_whole() -> None:
    for path in (ROOT / "raw").rglob("*.pdf"):
        assert damaged_pages(path.read_bytes()) == []

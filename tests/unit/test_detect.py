"""What a file is refused as: by its first bytes, in words that fit its name."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument


def package(*parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.odt", package("mimetype", "content.xml"), "this is an OpenDocument file"),
        ("a.rtf", b"{\\rtf1\\ansi }", "it is an RTF file: open it in a word processor and save it as .docx"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "it is a legacy Word file (.doc)"),
        (
            "a.pdf",
            package("mimetype", "content.xml"),
            "the file is named .pdf but is none; this is an OpenDocument file",
        ),
    ],
)
def test_other_formats_are_refused_for_what_they_are(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as error:
        read_document(data, name)
    assert str(error.value).startswith(reason) and "save it as .docx" in str(error.value)

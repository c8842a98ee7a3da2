"""Text as people may see it: names of files that are not UTF-8, and nothing that steers a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TextIO, cast

# controls (C0, DEL, C1), what turns the direction of writing, separators of lines, halves of a surrogate pair
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)  # fmt: skip


def plain(text: str, keep: str = "") -> str:
    """The text with its control characters written out (``\\x1b``), those in ``keep`` left as they are."""

    def written_out(found: re.Match[str]) -> str:
        code = ord(found[0])
        return found[0] if found[0] in keep else f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"

    return _CONTROLS.sub(written_out, text)


def readable(name: str) -> str:
    """A file's name as the system gives it → in characters. What is no UTF-8 is GBK: zip files from Windows hold it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "backslashreplace")
    return plain(name)


def readable_names(names: Iterable[str]) -> dict[str, str]:
    """The names in one folder → how each is shown. No two are shown alike: one that had to be changed gets a (2)."""
    shown = {name: readable(name) for name in sorted(names)}
    taken = {name for name, as_shown in shown.items() if name == as_shown}
    for name, as_shown in shown.items():
        if name != as_shown:
            path, number = PurePosixPath(as_shown), 2
            while as_shown in taken:
                as_shown = f"{path.stem} ({number}){path.suffix}"
                number += 1
            shown[name] = as_shown
            taken.add(as_shown)
    return shown


class _PlainStream:
    """A text stream that takes nothing but plain text; everything else of it is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(plain(text, keep="\n\t"))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Whatever is printed meanwhile is plain: text from a document or a file's name cannot steer the terminal."""
    before = sys.stdout, sys.stderr
    for stream in before:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that has no Chinese shows escapes instead of failing
            reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = (cast(TextIO, _PlainStream(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before

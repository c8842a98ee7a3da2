"""Names and texts as people see them."""

from __future__ import annotations

import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.shown import plain, plain_output, readable, readable_names

GBK = os.fsdecode("邢台市预算.pdf".encode("gbk"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("人大 2023.pdf", "人大 2023.pdf"),
        (GBK, "邢台市预算.pdf"),
        (os.fsdecode(b"a\xff\xff.txt"), "a\\xff\\xff.txt"),
        ("a\nb\x1b[2J.pdf", "a\\x0ab\\x1b[2J.pdf"),
        ("abc\u202efdp.exe", "abc\\u202efdp.exe"),
    ],
)
def test_a_name_is_shown_in_characters_on_one_line(name: str, shown: str) -> None:
    assert readable(name) == shown


def test_two_names_that_would_be_shown_alike_are_told_apart() -> None:
    names = readable_names([GBK, "邢台市预算.pdf"])
    assert names == {GBK: "邢台市预算 (2).pdf", "邢台市预算.pdf": "邢台市预算.pdf"}


@given(
    st.lists(st.binary(min_size=1, max_size=6).filter(lambda name: b"/" not in name and b"\0" not in name), unique=True)
)
def test_any_names_of_a_folder_are_unicode_printable_and_all_different(names: list[bytes]) -> None:
    shown = readable_names([os.fsdecode(name) for name in names])
    assert len(shown) == len(set(shown.values())) == len(names)
    for as_shown in shown.values():
        as_shown.encode()
        assert plain(as_shown) == as_shown


@given(st.text(st.characters()))
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    before, sys.stdout = sys.stdout, printed
    try:
        with plain_output():
            print(text, end="")
    finally:
        sys.stdout = before
    printed.seek(0)
    assert not any((ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in printed.read())

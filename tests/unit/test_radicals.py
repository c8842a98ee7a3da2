"""CJK radicals are the characters that they are printed for, whoever reads them."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.documents.radicals import without_radicals
from pipeline.documents.readers.text import read_text
from tests.support import T5_ROWS, amounts, read, statement

NAMED = [chr(code) for code in range(0x2E80, 0x2FE0) if unicodedata.name(chr(code), "")]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("部⻔预算", "部门预算"),
        ("公务⽤⻋", "公务用车"),
        ("⺠政局局⻓", "民政局局长"),
        ("财政专⼾", "财政专户"),
        ("合计", "合计"),
    ],
)
def test_words(printed: str, meant: str) -> None:
    assert without_radicals(printed) == meant


def test_every_radical_but_one_is_a_character() -> None:
    assert [radical for radical in NAMED if without_radicals(radical) == radical] == ["⺀"]  # Unicode knows none
    assert not any("\u2e80" < without_radicals(radical) < "\u2fe0" for radical in NAMED)


def test_of_the_mainland() -> None:
    assert without_radicals("⼾") == "户"


def test_a_capture_with_radicals() -> None:
    plain = statement("T5", T5_ROWS)
    printed = plain.replace("部门", "部⻔").replace("一般", "⼀般")
    assert printed != plain
    assert amounts(read(printed)) == amounts(read(plain)) != {}
    assert read_text(printed.encode()) == read_text(plain.encode())

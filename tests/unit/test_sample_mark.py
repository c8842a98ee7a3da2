"""A sample says of itself that it is one, and whoever shows an error of it says so too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.documents.model import Document, Paragraph
from pipeline.forms.sample_mark import SAMPLE_MARK, is_sample
from pipeline.ledger import Entry, as_csv, as_html, as_text
from tests.support import T5_ROWS, read, statement
from tools.typeset.sample import read_samples


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SAMPLE_MARK, True),
        (f"  {SAMPLE_MARK[:6]} {SAMPLE_MARK[6:]} ", True),
        (f"{SAMPLE_MARK}。", False),  # only a paragraph that says nothing else
        ("样例", False),
    ],
)
def test_the_mark_is_a_paragraph_of_its_own(text: str, expected: bool) -> None:
    assert is_sample(Document("text", "test", (Paragraph("2023年部门预算"), Paragraph(text)))) is expected


def test_the_mark_changes_nothing_else() -> None:
    text = statement("T5", T5_ROWS)
    plain, marked = read(text), read(f"{SAMPLE_MARK}\n\n{text}")
    assert (plain.is_sample, marked.is_sample) == (False, True)
    assert [f.text_as_printed for f in plain.figures] == [f.text_as_printed for f in marked.figures]
    assert (plain.parts, len(plain.issues)) == (marked.parts, len(marked.issues))


def test_every_committed_sample_bears_an_invented_name_and_the_mark() -> None:
    for sample in read_samples():
        assert sample.disclosure.is_sample and "样例" in sample.disclosure.department
        assert "人民政府办公室" not in "".join(s for section in sample.disclosure.sections for s in section.sentences)


def test_the_ledger_says_which_errors_are_of_a_sample() -> None:
    def entry(name: str, sample: bool) -> Entry:
        place = ("a.pdf", 3, None, "expenditure", "合计", "total")
        amounts = ("5.00", Decimal(50_000), Decimal(60_000), None, "万元")
        return Entry(f"{name}-1", name, 2023, *place, *amounts, "publisher", "open", "3.rows", "5 ≠ 6", 1, sample)

    entries = [entry("甲局", False), entry("样例局", True)]
    assert "甲局 2023\n" in as_text(entries) and "样例局 2023 (sample" in as_text(entries)
    assert as_html(entries).count("样例：") == 1 and "<h2>甲局 2023</h2>" in as_html(entries)
    assert [line.rpartition(",")[2] for line in as_csv(entries).splitlines()] == ["is_sample", "False", "True"]

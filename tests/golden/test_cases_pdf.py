"""The small PDFs of ../shared/cases that were read wrongly: what is right is said there."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal

import pytest

from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.proof.prove import prove
from pipeline.proof.verdict import errata
from tests.support import ROOT

CASES = ROOT.parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here")
UNITS = {"元": 1, "万元": 10000}


def read(name: str, twice: bool) -> Disclosure:
    data = (CASES / name).read_bytes()
    document = read_document(data, name)
    if twice:
        document, _ = read_again(data, document)
    return understand(document, load_forms())


def row_of(disclosure: Disclosure, item: str) -> dict[str, Decimal]:
    return {f.measure: f.amount_yuan / UNITS[f.printed_unit] for f in disclosure.figures if f.item == item}


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
class TestCases:
    def test_numbers_over_their_rules(self, twice: bool) -> None:
        found = read("h-wide-numbers.pdf", twice)
        assert len(found.figures) == 22
        (proof,) = prove(found, UNITS)
        assert [check for check in proof.checks if check.status == "broken"] == []

    def test_a_row_torn_over_two_pages(self, twice: bool) -> None:
        found = read("i-row-torn-over-two-pages.pdf", twice)
        assert set(row_of(found, "20113").values()) == {Decimal("774.59")}
        assert len(row_of(found, "20113")) == 3
        assert [f.text_as_printed for f in found.figures if Decimal(9) == f.amount_yuan / UNITS[f.printed_unit]] == []

    def test_a_code_torn_over_two_pages(self, twice: bool) -> None:
        found = read("j-code-torn-over-two-pages.pdf", twice)
        assert set(row_of(found, "2110301").values()) == {Decimal("672.25")}
        assert [e for e in errata(found, prove(found, UNITS), "pdf") if e.verdict == "publisher"] == []

    def test_rules_of_columns_only(self, twice: bool) -> None:
        found = read("k-column-rules-only.pdf", twice)
        with (CASES / "k-column-rules-only.csv").open(encoding="utf-8", newline="") as lines:
            right = Counter(
                (row["statement"], row["code_or_item"], row["measure"], Decimal(row["amount_yuan"]))
                for row in csv.DictReader(lines)
            )
        assert Counter((f.statement, f.item, f.measure, f.amount_yuan) for f in found.figures) == right

"""The whole ledger of the nine documents beside the checkout: each known error, its verdict, and nothing else.

`python -m tests.golden.test_ledger` rewrites ledger.csv; review the difference.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.extraction.worker import read_and_prove
from pipeline.forms.form import load_forms
from pipeline.proof.habits import entries
from pipeline.proof.verdict import errata
from tests.support import ROOT

SHARED = ROOT.parent / "shared"
LEDGER = Path(__file__).with_name("ledger.csv")
COLUMNS = ("document", "verdict", "statement", "item", "measure", "published", "implied", "page", "places")
DOCUMENTS = [*sorted(SHARED.glob("seeds/*.txt")), *sorted(SHARED.glob("real/*预算.pdf"))]


def name_of(path: Path) -> str:
    """A seed is known by its number."""
    return path.stem[:3] if path.suffix == ".txt" else path.stem


def rows(path: Path) -> Iterator[tuple[str, ...]]:
    """The entries of a document as text, each by its first place."""
    read = read_and_prove(path.read_bytes(), path.name, "never", load_forms())
    for found, *others in entries(errata(read.disclosure, read.proofs, read.document.format)):
        implied = "" if found.implied_yuan is None else f"{found.implied_yuan:.2f}"
        page, places = str(found.page or ""), str(len(others) + 1)
        texts = (found.verdict, found.statement, found.item, found.measure, found.published_text or "", implied, page)
        yield (name_of(path), *texts, places)


def expected() -> list[tuple[str, ...]]:
    with LEDGER.open(encoding="utf-8", newline="") as lines:
        return [tuple(row) for row in list(csv.reader(lines))[1:]]


@pytest.mark.skipif(not DOCUMENTS, reason=f"{SHARED} is absent")
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_each_known_error_is_in_the_ledger_and_nothing_else(path: Path) -> None:
    assert sorted(rows(path)) == sorted(row for row in expected() if row[0] == name_of(path))


def test_a_damaged_capture_blames_nobody_but_for_what_one_sentence_says_plainly() -> None:
    assert {row[4] for row in expected() if row[0] == "003" and row[1] != "undecided"} == {"compared_year"}


def test_one_habit_is_one_entry_with_its_places() -> None:
    places = {(row[0][:13], row[4], row[5]): row[8] for row in expected() if row[8] != "1"}
    assert set(places.values()) == {"7", "2", "5", "6"}  # cut off, said again, the year with itself, blank totals


if __name__ == "__main__":
    with LEDGER.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row for path in DOCUMENTS for row in rows(path))

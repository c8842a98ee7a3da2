"""The real budgets of ../shared/real against their transcription: each reader alone, and both together."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.documents.cross_check import read_again
from pipeline.documents.model import Document, Grid, Paragraph
from pipeline.documents.readers.pdf_camelot import read_pdf_camelot
from pipeline.documents.readers.pdf_grid import read_pdf_grid
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.printed import squash
from pipeline.proof.prove import prove
from pipeline.proof.verdict import errata
from tests.support import ROOT

REAL = ROOT.parent / "shared" / "real"
BUDGETS = sorted(path.name for path in REAL.glob("*部门预算.pdf"))

pytestmark = pytest.mark.skipif(not BUDGETS, reason="the real budgets (../shared/real) are not here")

Figures = Counter[tuple[str, int, str, str, str, str, Decimal]]


def grid(path: Path) -> Document:
    return read_pdf_grid(path.read_bytes())


def both(path: Path) -> Document:
    return read_again(path.read_bytes(), grid(path))[0]


def camelot(path: Path) -> Document:
    """Camelot reads tables only: the lines around them are the first reader's."""
    first, tables = grid(path), read_pdf_camelot(path.read_bytes())
    on_page: dict[int | None, list[Grid]] = {}
    for block in tables.blocks:
        if isinstance(block, Grid):
            on_page.setdefault(block.page, []).append(block)
    blocks: list[Grid | Paragraph] = []
    for block in first.blocks:
        if isinstance(block, Paragraph):
            blocks.append(block)
        elif block.page in on_page:
            blocks.extend(on_page.pop(block.page))
    return Document("pdf", "camelot", tuple(blocks), first.page_count)


READERS = {"grid": grid, "camelot": camelot, "both": both}


def transcribed(name: str) -> Figures:
    with (REAL / "truth.csv").open(encoding="utf-8", newline="") as lines:
        return Counter(
            (
                row["statement"],
                int(row["row"]),
                row["code"],
                row["item"],
                "" if row["item"] else squash(row["label"]),
                row["measure"],
                Decimal(row["amount"].replace(",", "")) * {"元": 1, "万元": 10000}[row["unit"]],
            )
            for row in csv.DictReader(lines)
            if row["document"] == name
        )


def read(disclosure: Disclosure) -> Figures:
    return Counter(
        (
            f.statement,
            f.row_number,
            f.code_as_printed or "",
            f.item if f.statement == "three_public" else "",
            "" if f.statement == "three_public" else squash(f.row_label),
            f.measure,
            f.amount_yuan,
        )
        for f in disclosure.figures
    )


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", BUDGETS)
def test_every_figure_is_right_and_nothing_is_extra(name: str, reader: str) -> None:
    disclosure = understand(READERS[reader](REAL / name), load_forms())
    expected, found = transcribed(name), read(disclosure)
    assert (expected - found, found - expected) == (Counter(), Counter())


@pytest.mark.parametrize("name", BUDGETS)
def test_only_what_the_publisher_got_wrong_is_in_the_ledger(name: str) -> None:
    document = both(REAL / name)
    forms = load_forms()
    disclosure = understand(document, forms)
    units = next(form.units for form in forms if form.name == disclosure.form)
    proofs = prove(disclosure, units)
    broken = [c for p in proofs for c in p.checks if c.status == "broken" and c.identity.severity == "hard"]
    ledger = {(e.statement, e.measure, e.published_text) for e in errata(disclosure, proofs, document.format)}
    with (REAL / "published_errors.csv").open(encoding="utf-8", newline="") as lines:
        known = [
            row for row in csv.DictReader(lines) if row["document"] == name and not row["statement"].startswith("prose")
        ]
    assert broken == []
    assert {statement for statement, _, _ in ledger} == {row["statement"] for row in known}
    assert len(ledger) == len(known)


def test_a_code_that_lost_its_zero_keeps_what_is_printed() -> None:
    name = next(name for name in BUDGETS if "万里" in name)
    figures = understand(grid(REAL / name), load_forms()).figures
    lost = {(f.code_as_printed, f.subject_code, f.code_resolution) for f in figures if f.row_label == "津贴补贴"}
    assert lost == {("3012", "30102", "from_label")}

"""The claims of the seed texts and the real budgets, each compared with its sentence by eye before it was written here.

`python -m tests.golden.test_claims` writes the file again; read what changed.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import ProseSection, find_rest
from pipeline.annexes.model import AnnexRead, Claim
from pipeline.documents.detect import read_document
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.titles import choose_form
from tests.support import ROOT

SHARED = ROOT.parent / "shared"
GOLDEN = Path(__file__).with_name("claims.csv")
DOCUMENTS = sorted([*SHARED.glob("seeds/*.txt"), *SHARED.glob("real/*部门预算.pdf")])
COUNTED = ("overview", "agency_operating", "three_public", "procurement", "asset")
NUMBER = re.compile(r"(\d[\d,.]*)\s*(?:亿元|万元|元|%)")
HEADER = (
    *("document", "row", "section", "subject", "part_of", "measure", "direction", "value", "unit"),
    *("compared_year", "compared_basis"),
)

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the seed texts and real budgets (../shared) are not here")


def claims_of(path: Path) -> tuple[list[ProseSection], tuple[Claim, ...], AnnexRead]:
    document, forms = read_document(path.read_bytes(), path.name), load_forms()
    form = choose_form(document, forms)
    sections = find_rest(document, form).sections
    return sections, *read_claims(sections, form, understand(document, forms))


def numbers(section: ProseSection) -> list[str]:
    """What stands before 元, 万元, 亿元 and %, found without the code that is tested."""
    return NUMBER.findall("".join(paragraph.text for paragraph in section.paragraphs))


def lines(path: Path) -> Iterator[list[str]]:
    _, claims, read = claims_of(path)
    rows = {row.order: row for row in read.rows}
    for claim in claims:
        values = (
            *(path.name, claim.row_order, claim.section, claim.subject, rows[claim.row_order].parent),
            *(claim.measure, claim.direction, claim.value, claim.unit, claim.compared_year, claim.compared_basis),
        )
        yield ["" if value is None else str(value) for value in values]


def golden(document: str) -> list[list[str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as text:
        return [line for line in csv.reader(text) if line[0] == document]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_claim(path: Path) -> None:
    assert list(lines(path)) == golden(path.name)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_nothing_is_left_but_limits(path: Path) -> None:
    sections, claims, _ = claims_of(path)
    found = Counter(number for section in sections if section.kind in COUNTED for number in numbers(section))
    counted = [c for c in claims if c.section in COUNTED and c.figure is not None]
    assert not [c for c in counted if c.subject.startswith("other:")]
    left = found - Counter(c.text for c in counted)
    assert set(left) <= {"100"}  # 单价100万元（含）以上设备
    assert left.total() <= 0.05 * found.total()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_claim_is_a_figure_of_its_row(path: Path) -> None:
    _, claims, read = claims_of(path)
    rows = {row.order: row for row in read.rows}
    assert [row.order for row in read.rows] == list(range(1, len(rows) + 1))
    places = [(figure.row_order, figure.measure) for figure in read.figures]
    assert len(set(places)) == len(places)
    for claim in claims:
        assert rows[claim.row_order].item == claim.subject
        if claim.figure is not None:
            assert (claim.figure.item, claim.figure.measure) == (claim.subject, claim.measure)
            assert claim.figure.text_as_printed in claim.sentence


def main() -> int:
    with GOLDEN.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADER)
        for path in DOCUMENTS:
            writer.writerows(lines(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())

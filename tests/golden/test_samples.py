"""Every figure of every sample is the one in its golden file; what changed is shown as a diff."""

from __future__ import annotations

import csv
import difflib
from pathlib import Path

import pytest

from tests.golden.figures import GOLDEN, UPDATE, documents, golden_file, golden_text
from tools.typeset.sample import Sample, read_samples


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.stem)
def test_a_sample_gives_the_figures_of_its_golden_file(document: Path) -> None:
    path = golden_file(document)
    assert path.exists(), f"there is no {path.name}: {UPDATE} writes it"
    known, found = path.read_text("utf-8"), golden_text(document)
    diff = difflib.unified_diff(known.splitlines(), found.splitlines(), "golden", "read now", lineterm="", n=1)
    assert known == found, "\n".join([f"if this is what it should be: {UPDATE}", *diff])


def test_there_is_no_golden_file_without_its_document() -> None:
    assert {path.name for path in GOLDEN.glob("*.csv")} == {golden_file(document).name for document in documents()}


@pytest.mark.parametrize("sample", read_samples(), ids=lambda sample: Path(sample.file_name).stem)
def test_a_golden_file_holds_exactly_what_was_typeset(sample: Sample) -> None:
    """The golden files are not only what the reader said once: they are the figures that the sample was made of."""
    with (GOLDEN / f"{Path(sample.file_name).stem}.csv").open(encoding="utf-8", newline="") as lines:
        found = sorted((r["statement"], int(r["row_number"]), r["measure"], r["text"]) for r in csv.DictReader(lines))
    assert found == sorted((f.statement, f.row_number, f.measure, f.text) for f in sample.layout().figures())

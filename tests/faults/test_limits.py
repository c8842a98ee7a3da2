"""A document that costs too much is quarantined with the limit in words; the others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.extraction.run import Extraction, extract_all
from pipeline.intake import scan_folder
from pipeline.settings import Limits
from tests.support import ROOT
from tools.typeset.hebei import lay_out
from tools.typeset.layout import Layout
from tools.typeset.pdf import write_pdf
from tools.typeset.sample import read_samples


def extracted(raw: Path, folder: Path, limits: Limits) -> Extraction:
    intake = scan_folder(raw, limits.bytes)
    return extract_all(intake.sources, folder, 2, limits, lambda _: None, "never")


def raw_with_a_long_pdf(tmp_path: Path, times: int) -> Path:
    """One sample of a few pages, and one PDF of the same statements over and over."""
    raw = tmp_path / "raw"
    raw.mkdir()
    sample = next(s for s in read_samples() if "130100" in s.file_name)
    layout = lay_out(sample.disclosure, sample.style)
    (raw / "b-long.pdf").write_bytes(write_pdf(Layout(layout.subject, layout.blocks * times)))
    short = next((ROOT / "raw").rglob("131000*.docx"))
    (raw / "a-short.docx").write_bytes(short.read_bytes())
    return raw


def test_a_document_that_takes_too_long_is_ended_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.extraction.workers._PATIENCE", 1000)  # whatever else this machine does
    raw = raw_with_a_long_pdf(tmp_path, 100)
    (raw / "a-short.docx").unlink()
    result = extracted(raw, tmp_path / "extracted", Limits(seconds=1))
    assert [(r.file_name, "takes longer than" in r.reason) for r in result.rejected] == [("b-long.pdf", True)]


def test_a_document_that_needs_too_much_memory_is_named(tmp_path: Path) -> None:
    raw = raw_with_a_long_pdf(tmp_path, 60)
    result = extracted(raw, tmp_path / "extracted", Limits(memory_bytes=390 * 2**20))  # the libraries alone take most
    reasons = {r.file_name: r.reason for r in result.rejected}
    assert "of memory" in reasons["b-long.pdf"]


def test_a_file_over_the_limit_of_bytes_is_not_even_read(tmp_path: Path) -> None:
    (tmp_path / "big.pdf").write_bytes(b"%PDF-1.7" + bytes(2 * 2**20))
    intake = scan_folder(tmp_path, 2**20)
    assert [(r.file_name, "larger than 1 MB" in r.reason) for r in intake.rejected] == [("big.pdf", True)]

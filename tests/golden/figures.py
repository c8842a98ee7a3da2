"""A document → the lines of its golden file: every figure, readable, in reading order."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pipeline.documents.detect import read_document
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from tests.support import ROOT

GOLDEN = Path(__file__).parent / "samples"
RAW = ROOT / "raw"
HEADER = (
    *("statement", "row_number", "row_label", "code", "subject_code", "item", "measure"),
    *("text", "unit", "amount_yuan"),
)
UPDATE = "python -m tests.golden.update"


def documents() -> list[Path]:
    """The sample documents, by name."""
    return sorted(path for path in RAW.rglob("*") if path.is_file() and path.suffix not in (".csv", ".md"))


def golden_file(document: Path) -> Path:
    return GOLDEN / f"{document.stem}.csv"


def understood(document: Path) -> Disclosure:
    return understand(read_document(document.read_bytes(), document.name), load_forms())


def golden_text(document: Path) -> str:
    """What the golden file of a document must hold."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for f in understood(document).figures:
        writer.writerow(
            (
                *(f.statement, f.row_number, f.row_label, f.code_as_printed, f.subject_code, f.item, f.measure),
                *(f.text_as_printed, f.printed_unit, f.amount_yuan),
            )
        )
    return text.getvalue()

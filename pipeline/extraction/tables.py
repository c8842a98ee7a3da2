"""A disclosure → its Parquet files. The same input gives the same bytes: no clock, no random, one thread."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.documents.model import Document
from pipeline.extraction.schema import DOCUMENT_TABLES
from pipeline.forms.figures import Disclosure, Figure

Rows = list[dict[str, Any]]


def figure_id(document_key: str, figure: Figure) -> str:
    """16 hex digits, stable over rebuilds of the same file: where the figure stands, not what it says."""
    place = (document_key, figure.part, figure.statement, figure.row_order, figure.item, figure.measure)
    return hashlib.sha256("|".join(map(str, place)).encode()).hexdigest()[:16]


def document_rows(sha256: str, document: Document, disclosure: Disclosure) -> dict[str, Rows]:
    """The rows of each table of `DOCUMENT_TABLES`."""
    key = sha256[:16]
    first = disclosure.parts[0]
    return {
        "document": [
            {
                "document_key": key,
                "sha256": sha256,
                "format": document.format,
                "reader": document.reader,
                "publisher_form": disclosure.form,
                "kind": disclosure.kind,
                "scope": first.scope,
                "fiscal_year": disclosure.fiscal_year,
                "department_name": first.body_name,
                "department_code": first.body_code,
                "page_count": document.page_count,
            }
        ],
        "part": [
            {
                "document_key": key,
                "part": part.part,
                "scope": part.scope,
                "body_name": part.body_name,
                "body_code": part.body_code,
                "fiscal_year": disclosure.fiscal_year,
            }
            for part in disclosure.parts
        ],
        "figure": [
            {
                "figure_id": figure_id(key, f),
                "document_key": key,
                "part": f.part,
                "fiscal_year": disclosure.fiscal_year,
                "statement": f.statement,
                "row_order": f.row_order,
                "row_number": f.row_number,
                "row_label": f.row_label,
                "code_as_printed": f.code_as_printed,
                "subject_code": f.subject_code,
                "code_resolution": f.code_resolution,
                "item": f.item,
                "measure": f.measure,
                "text_as_printed": f.text_as_printed,
                "printed_unit": f.printed_unit,
                "amount_yuan": f.amount_yuan,
                "page": f.page,
                "bbox": list(f.bbox) if f.bbox else None,
                "locator": f.locator,
                "reader": document.reader,
            }
            for f in disclosure.figures
        ],
        "statement": [
            {
                "document_key": key,
                "part": s.part,
                "statement": s.statement,
                "status": s.status,
                "title_as_printed": s.title,
                "printed_unit": s.unit,
                "rows_read": s.rows,
                "figures_read": s.figures,
                "page": s.page,
                "locator": s.locator,
            }
            for s in disclosure.statements
        ],
        "issue": [
            {
                "document_key": key,
                "issue_number": number,
                "severity": issue.severity,
                "statement": issue.statement,
                "page": issue.page,
                "locator": issue.locator,
                "what": issue.what,
                "text": issue.text,
            }
            for number, issue in enumerate(disclosure.issues, start=1)
        ],
    }


def write_tables(
    folder: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]], schemas: Mapping[str, pa.Schema]
) -> None:
    """One Parquet file per table into an existing folder."""
    for name, schema in schemas.items():
        table = pa.Table.from_pylist([dict(row) for row in rows[name]], schema=schema)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", store_schema=False)


def write_document(folder: Path, sha256: str, document: Document, disclosure: Disclosure) -> None:
    """The Parquet set of one document."""
    write_tables(folder, document_rows(sha256, document, disclosure), DOCUMENT_TABLES)

"""Inputs for dbt without any reader: statements written down as figures, and the Parquet files of an extraction."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.extraction.schema import DOCUMENT_TABLES, RUN_TABLES

STATEMENTS = (
    "budget_summary",
    "revenue",
    "expenditure",
    "appropriation_summary",
    "general_public_expenditure",
    "basic_expenditure",
    "government_fund_expenditure",
    "state_capital_expenditure",
    "three_public",
)
YUAN = {"元": 1, "万元": 10_000}
Row = tuple[str, str, dict[str, str]]  # item, label, {measure: printed text}


@dataclass(slots=True)
class Part:
    """The statements of one body: {statement: rows}; an empty list is an empty statement, an absent one is missing."""

    department_key: str
    statements: dict[str, list[Row]]
    scope: str = "department"
    parent_department_key: str | None = None
    region_code: str | None = "130500"


@dataclass(slots=True)
class Disclosure:
    document_key: str
    parts: list[Part]
    fiscal_year: int = 2023
    kind: str = "budget"
    format: str = "docx"
    published_on: date | None = None
    retrieved_at: datetime | None = None
    unit: str = "万元"
    is_complete: bool = True
    issues: list[str] = field(default_factory=list)


def write_inputs(folder: Path, disclosures: Sequence[Disclosure]) -> dict[str, list[Path]]:
    """One Parquet file for each table: what `create_build_file` takes."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*DOCUMENT_TABLES, *RUN_TABLES)}
    for disclosure in disclosures:
        _add(rows, disclosure)
    rows["quarantine"].append({"file_name": "empty.docx", "document_key": None, "reason": "the file is empty"})
    rows["build"].append(
        {"build_id": "test", "input_fingerprint": "test", "yusuan_version": "0", "versions": "duckdb 1.5"}
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, schema in {**DOCUMENT_TABLES, **RUN_TABLES}.items():
        path = folder / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(rows[name], schema=schema), path)
        files[name] = [path]
    return files


def _add(rows: dict[str, list[dict[str, Any]]], disclosure: Disclosure) -> None:
    key, first = disclosure.document_key, disclosure.parts[0]
    rows["document"].append(
        {
            "document_key": key,
            "sha256": key * 4,
            "format": disclosure.format,
            "reader": "test",
            "publisher_form": "hebei",
            "kind": disclosure.kind,
            "scope": first.scope,
            "fiscal_year": disclosure.fiscal_year,
            "department_name": first.department_key,
            "is_complete": disclosure.is_complete,
        }
    )
    rows["source_file"].append(
        {
            "document_key": key,
            "file_name": f"{key}.{disclosure.format}",
            "byte_size": 1,
            "published_on": disclosure.published_on,
            "retrieved_at": disclosure.retrieved_at,
        }
    )
    for number, what in enumerate(disclosure.issues, start=1):
        rows["issue"].append({"document_key": key, "issue_number": number, "severity": "warning", "what": what})
    for number, part in enumerate(disclosure.parts, start=1):
        identity = {"document_key": key, "part": number}
        rows["part"].append(
            {**identity, "scope": part.scope, "body_name": part.department_key, "fiscal_year": disclosure.fiscal_year}
        )
        rows["department"].append(
            {
                **identity,
                "department_key": part.department_key,
                "department_name": part.department_key,
                "department_type": part.department_key.partition("-")[2],
                "region_code": part.region_code,
                "parent_department_key": part.parent_department_key,
            }
        )
        for statement in STATEMENTS:
            figures = list(_figures(disclosure, number, statement, part.statements.get(statement, [])))
            rows["figure"].extend(figures)
            rows["statement"].append(
                {
                    **identity,
                    "statement": statement,
                    "status": "present" if figures else "declared_empty" if statement in part.statements else "missing",
                    "printed_unit": disclosure.unit,
                    "rows_read": len(part.statements.get(statement, [])),
                    "figures_read": len(figures),
                    "unread_places": 0,
                }
            )


def _figures(disclosure: Disclosure, part: int, statement: str, rows: Iterable[Row]) -> Iterable[dict[str, Any]]:
    for order, (item, label, cells) in enumerate(rows, start=1):
        code = item if item.isdigit() else None
        for measure, text in cells.items():
            yield {
                "figure_id": f"{disclosure.document_key}-{part}-{statement}-{order}-{item}-{measure}",
                "document_key": disclosure.document_key,
                "part": part,
                "fiscal_year": disclosure.fiscal_year,
                "statement": statement,
                "row_order": order,
                "row_number": order,
                "row_label": label,
                "code_as_printed": code,
                "subject_code": code,
                "code_resolution": "as_printed" if code else "none",
                "item": item,
                "measure": measure,
                "text_as_printed": text,
                "printed_unit": disclosure.unit,
                "amount_yuan": (Decimal(text) * YUAN[disclosure.unit]).quantize(Decimal("0.01")),
                "bbox": [1.0, 2.0, 3.0, 4.0],
                "reader": "test",
                "proof_count": 1,
                "proof_status": "supported",
            }


def seed_disclosures(truth: Path) -> list[Disclosure]:
    """The seed documents as `truth.csv` lists them."""
    names = {
        "合计": "total",
        "本年收入合计": "current_year_revenue",
        "本年支出合计": "current_year_expenditure",
        "收入总计": "total_revenue",
        "支出总计": "total_expenditure",
    }
    statements: dict[str, dict[str, dict[tuple[int, str], Row]]] = {}
    with truth.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            item = line["code"] or line["item"] or names.get(line["label"], line["label"])
            rows = statements.setdefault(line["document"], {}).setdefault(line["statement"], {})
            row = rows.setdefault((int(line["row"]), item), (item, line["label"], {}))
            row[2][line["measure"]] = line["amount"]
    return [
        Disclosure(
            document_key=document[4:20],
            parts=[
                Part(
                    f"130500-{document[:3]}",
                    {
                        **{name: [] for name in STATEMENTS},
                        **{name: list(rows.values()) for name, rows in found.items()},
                    },
                )
            ],
        )
        for document, found in statements.items()
    ]

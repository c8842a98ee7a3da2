"""A disclosure → its Parquet files. The same input gives the same bytes: no clock, no random, one thread."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.annexes.model import Annexes
from pipeline.annexes.projects import Project
from pipeline.documents.model import Document
from pipeline.extraction.annex_tables import annex_rows
from pipeline.extraction.schema import DOCUMENT_TABLES
from pipeline.forms.disclosure import Disclosure, Figure
from pipeline.proof.claims import ClaimStatus
from pipeline.proof.prove import PartProof, remaining_issues
from pipeline.proof.relations import FEN
from pipeline.proof.verdict import Erratum, errata

Rows = Iterable[dict[str, Any]]  # made one by one as they are written
_ROWS_AT_A_TIME = 1024  # a row group; what is written of a long document is never in memory at once


@dataclass(frozen=True, slots=True)
class Read:
    """One document, read and proven; ``claims`` are the states of the annexes' claims, in their order."""

    document: Document
    disclosure: Disclosure
    annexes: Annexes
    proofs: Sequence[PartProof]
    projects: Sequence[Project]
    claims: Sequence[ClaimStatus]


def figure_id(document_key: str, figure: Figure) -> str:
    """16 hex digits, stable over rebuilds of the same file: where the figure stands, not what it says."""
    place = (document_key, figure.part, figure.statement, figure.row_order, figure.item, figure.measure)
    return hashlib.sha256("|".join(map(str, place)).encode()).hexdigest()[:16]


def document_rows(sha256: str, read: Read, errata: Sequence[Erratum]) -> dict[str, Rows]:
    """The rows of each table of `DOCUMENT_TABLES`."""
    document, disclosure, proofs = read.document, read.disclosure, read.proofs
    key = sha256[:16]
    first = disclosure.parts[0]
    figures_read = Counter((f.part, f.statement) for proof in proofs for f in proof.figures)
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
        "figure": (
            _figure_row(key, disclosure, document, figure, len(proof.confirming.get(index, ())), proof.status[index])
            for proof in proofs
            for index, figure in enumerate(proof.figures)
        ),
        "statement": [
            {
                "document_key": key,
                "part": s.part,
                "statement": s.statement,
                "status": s.status,
                "title_as_printed": s.title,
                "printed_unit": s.unit,
                "rows_read": s.rows,
                "figures_read": figures_read[s.part, s.statement],
                "page": s.page,
                "locator": s.locator,
            }
            for s in disclosure.statements
        ],
        "issue": (
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
            for number, issue in enumerate(remaining_issues(disclosure, proofs), start=1)
        ),
        "identity_check": _check_rows(key, proofs),
        "figure_identity": _member_rows(key, proofs),
        "reading": _reading_rows(key, proofs),
        "erratum": (_erratum_row(key, number, erratum) for number, erratum in enumerate(errata, start=1)),
        **annex_rows(key, disclosure.fiscal_year, read.annexes, read.projects, read.claims, partial(figure_id, key)),
    }


def _figure_row(
    key: str, disclosure: Disclosure, document: Document, f: Figure, proof_count: int, proof_status: str
) -> dict[str, Any]:
    return {
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
        "printed_unit": f.printed_unit or None,
        "amount_yuan": f.amount_yuan if f.is_money else None,
        "number": None if f.is_money else f.amount_yuan,
        "page": f.page,
        "bbox": list(f.bbox) if f.bbox else None,
        "locator": f.locator,
        "reader": document.reader,
        "proof_count": proof_count,
        "proof_status": proof_status,
    }


def _check_rows(key: str, proofs: Sequence[PartProof]) -> Iterator[dict[str, Any]]:
    checks = ((proof.part, check) for proof in proofs for check in proof.checks)
    for number, (part, check) in enumerate(checks, start=1):
        applies = check.status != "not_applicable"
        yield {
            "document_key": key,
            "part": part,
            "check_number": number,
            "identity_id": check.identity.id,
            "says": check.identity.says,
            "statement": check.statement,
            "subject": check.subject or None,
            "measure": check.measure or None,
            "left_yuan": _yuan(check.left) if applies else None,
            "right_yuan": _yuan(check.right) if applies else None,
            "difference_yuan": _yuan(check.difference) if applies else None,
            "status": check.status,
            "severity": check.identity.severity,
        }


def _member_rows(key: str, proofs: Sequence[PartProof]) -> Iterator[dict[str, Any]]:
    """The figures in each check, by the number that `_check_rows` gives it."""
    first = 1
    for proof in proofs:
        ids = [figure_id(key, figure) for figure in proof.figures]
        for number, check in enumerate(proof.checks):
            for index, sign in check.cells:
                yield {
                    "document_key": key,
                    "figure_id": ids[index],
                    "check_number": first + number,
                    "identity_id": check.identity.id,
                    "side": "left" if sign > 0 else "right",
                    "confirms": number in proof.confirming.get(index, ()),
                }
        first += len(proof.checks)


def _reading_rows(key: str, proofs: Sequence[PartProof]) -> Iterator[dict[str, Any]]:
    """The readings that were in doubt."""
    for proof in proofs:
        for settled in proof.settled:
            yield _reading_row(key, settled.figure, "stands", settled.by)
            for other in settled.other:
                yield _reading_row(key, other, "rejected", settled.by)
        for choice in proof.undecided:
            for figure in (figure for option in choice.options for figure in option):
                yield _reading_row(key, figure, "undecided", ())


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / FEN


def _reading_row(key: str, figure: Figure, outcome: str, by: Sequence[str]) -> dict[str, Any]:
    return {
        "document_key": key,
        "part": figure.part,
        "figure_id": figure_id(key, figure),
        "statement": figure.statement,
        "row_label": figure.row_label,
        "measure": figure.measure,
        "text_as_printed": figure.text_as_printed,
        "amount_yuan": figure.amount_yuan if figure.is_money else None,
        "outcome": outcome,
        "decided_by": "; ".join(by) or None,
        "locator": figure.locator,
        "page": figure.page,
    }


def _erratum_row(key: str, number: int, erratum: Erratum) -> dict[str, Any]:
    money = erratum.figure is None or erratum.figure.is_money
    return {
        "document_key": key,
        "part": erratum.part,
        "erratum_number": number,
        "statement": erratum.statement,
        "row_number": erratum.row_number,
        "row_label": erratum.row_label,
        "item": erratum.item,
        "measure": erratum.measure,
        "figure_id": figure_id(key, erratum.figure) if erratum.figure else None,
        "published_text": erratum.published_text,
        "published_yuan": erratum.published_yuan if money else None,
        "implied_yuan": erratum.implied_yuan if money else None,
        "implied_number": None if money else erratum.implied_yuan,
        "verdict": erratum.verdict,
        "identity_ids": " ".join(erratum.identity_ids),
        "evidence": erratum.evidence,
        "page": erratum.page,
        "locator": erratum.locator,
    }


def write_tables(folder: Path, rows: Mapping[str, Rows], schemas: Mapping[str, pa.Schema]) -> None:
    """One Parquet file per table into an existing folder."""
    for name, schema in schemas.items():
        waiting = iter(rows[name])
        with pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd", store_schema=False) as writer:
            while group := list(islice(waiting, _ROWS_AT_A_TIME)):
                writer.write_table(pa.Table.from_pylist(group, schema=schema))


def write_document(folder: Path, sha256: str, read: Read) -> None:
    """The Parquet set of one document."""
    found = errata(read.disclosure, read.proofs, read.document.format)
    write_tables(folder, document_rows(sha256, read, found), DOCUMENT_TABLES)

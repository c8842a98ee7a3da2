"""A disclosure → its Parquet files. The same input gives the same bytes: no clock, no random, one thread."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.annexes.model import Annexes
from pipeline.annexes.projects import Project
from pipeline.documents.model import Document, Issue
from pipeline.extraction.annex_tables import annex_rows
from pipeline.extraction.parquet import Rows, Tables
from pipeline.extraction.schema import DOCUMENT_TABLES
from pipeline.forms.disclosure import Choice, Disclosure, Figure
from pipeline.proof.claims import ClaimStatus
from pipeline.proof.habits import entries, evidence_of_entry
from pipeline.proof.prove import PartProof, Proofs
from pipeline.proof.relations import FEN
from pipeline.proof.settle import Settled, remaining_issues
from pipeline.proof.verdict import Erratum, Judge


@dataclass(frozen=True, slots=True)
class Read:
    """One document, read and proven; ``claims`` are the states of the annexes' claims, in their order."""

    document: Document
    disclosure: Disclosure
    annexes: Annexes
    proofs: Proofs
    projects: Sequence[Project]
    claims: Sequence[ClaimStatus]


@dataclass(slots=True)
class Written:
    """What was written so far of one document."""

    figures: int = 0
    proven: int = 0
    checks: int = 0
    errata: int = 0


def write_document(folder: Path, sha256: str, read: Read) -> Written:
    """The Parquet set of one document, a part of it after the other: no two proofs are in memory at once."""
    key, disclosure, written = sha256[:16], read.disclosure, Written()
    judge = Judge(disclosure, read.document.format)
    figures_of: Counter[tuple[int, str]] = Counter()
    settled: list[Settled] = []
    undecided: list[Choice] = []
    with Tables(folder, DOCUMENT_TABLES) as tables:
        for proof in read.proofs:
            for name, rows in _rows_of_part(key, read, proof, written, judge.errata(proof)).items():
                tables.add(name, rows)
            written.figures += len(proof.figures)
            written.proven += proof.status.count("proven")
            written.checks += len(proof.checks)
            figures_of.update((proof.part, figure.statement) for figure in proof.figures)
            settled += proof.settled
            undecided += proof.undecided
        issues = remaining_issues(disclosure, settled, undecided)
        unread = _unread_places(disclosure, settled)
        for name, rows in _rows_of_document(key, sha256, read, figures_of, unread, issues).items():
            tables.add(name, rows)
    return written


def figure_id(document_key: str, figure: Figure) -> str:
    """16 hex digits, stable over rebuilds of the same file: where the figure stands, not what it says."""
    place = (document_key, figure.part, figure.statement, figure.row_order, figure.item, figure.measure)
    return hashlib.sha256("|".join(map(str, place)).encode()).hexdigest()[:16]


def _rows_of_part(
    key: str, read: Read, proof: PartProof, written: Written, errata: Iterable[Erratum]
) -> dict[str, Rows]:
    """What one part adds to the tables; checks and errata are numbered on from those ``written``."""
    return {
        "figure": (
            _figure_row(key, read, figure, len(proof.confirming.get(index, ())), proof.status[index])
            for index, figure in enumerate(proof.figures)
        ),
        "identity_check": _check_rows(key, proof, written.checks + 1),
        "figure_identity": _member_rows(key, proof, written.checks + 1),
        "reading": _reading_rows(key, proof),
        "erratum": _erratum_rows(key, errata, written),
    }


def _unread_places(disclosure: Disclosure, settled: Iterable[Settled]) -> Counter[tuple[int, str]]:
    """How many places of each statement stay unread, but for those that the identities settled."""
    figures = [s.figure for s in settled]
    rows = {(f.part, f.statement, f.item) for f in figures}
    cells = {(f.part, f.statement, f.item, f.measure) for f in figures}
    return Counter(
        (u.part, u.statement)
        for u in disclosure.unread
        if (u.part, u.statement, u.item, u.measure) not in cells
        and not (u.measure is None and (u.part, u.statement, u.item) in rows)
    )


def _rows_of_document(
    key: str,
    sha256: str,
    read: Read,
    figures_read: Mapping[tuple[int, str], int],
    unread: Mapping[tuple[int, str], int],
    issues: Iterable[Issue],
) -> dict[str, Rows]:
    """What is said once of a document."""
    document, disclosure = read.document, read.disclosure
    first = disclosure.parts[0]
    return {
        "document": [
            {
                "document_key": key,
                "sha256": sha256,
                "format": document.format,
                "reader": document.reader,
                "publisher_form": disclosure.form if disclosure.knows_form else None,
                "kind": disclosure.kind,
                "scope": first.scope,
                "fiscal_year": disclosure.fiscal_year,
                "department_name": first.body_name,
                "department_code": first.body_code,
                "page_count": document.page_count,
                "is_complete": disclosure.is_complete,
                "is_sample": disclosure.is_sample,
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
        "statement": [
            {
                "document_key": key,
                "part": s.part,
                "statement": s.statement,
                # numbers that the identities placed are figures of a statement of which nothing else was read
                "status": "present" if s.status == "unread" and figures_read[s.part, s.statement] else s.status,
                "title_as_printed": s.title,
                "printed_unit": s.unit,
                "rows_read": s.rows,
                "figures_read": figures_read[s.part, s.statement],
                "unread_places": unread[s.part, s.statement],
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
            for number, issue in enumerate(issues, start=1)
        ),
        **annex_rows(key, disclosure.fiscal_year, read.annexes, read.projects, read.claims, partial(figure_id, key)),
    }


def _figure_row(key: str, read: Read, f: Figure, proof_count: int, proof_status: str) -> dict[str, Any]:
    return {
        "figure_id": figure_id(key, f),
        "document_key": key,
        "part": f.part,
        "fiscal_year": read.disclosure.fiscal_year,
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
        "reader": read.document.reader,
        "proof_count": proof_count,
        "proof_status": proof_status,
    }


def _check_rows(key: str, proof: PartProof, first: int) -> Rows:
    for number, check in enumerate(proof.checks, start=first):
        applies = check.status != "not_applicable"
        yield {
            "document_key": key,
            "part": proof.part,
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


def _member_rows(key: str, proof: PartProof, first: int) -> Rows:
    """The figures in each check, by the number that `_check_rows` gives it."""
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


def _reading_rows(key: str, proof: PartProof) -> Rows:
    """The readings that were in doubt."""
    for settled in proof.settled:
        yield _reading_row(key, settled.figure, "stands", settled.by)
        for other in settled.other:
            yield _reading_row(key, other, "rejected", settled.by)
    for choice in proof.undecided:
        for figure in (figure for option in choice.options for figure in option):
            yield _reading_row(key, figure, "undecided", ())


def _erratum_rows(key: str, errata: Iterable[Erratum], written: Written) -> Rows:
    """The places of each entry one after the other; the first of them stands for the entry."""
    for places in entries(errata):
        entry = written.errata + 1
        for erratum in places:
            written.errata += 1
            evidence = evidence_of_entry(places) if written.errata == entry else erratum.evidence
            row = _erratum_row(key, written.errata, erratum)
            own = {"entry_number": entry, "place_count": len(places), "evidence": evidence}
            yield {**row, **own, "habit": erratum.habit if len(places) > 1 else None}


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

"""One document in a process of its own: bytes → Parquet set, or a reason why not."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.documents.model import Document, UnreadableDocument
from pipeline.extraction.tables import write_document
from pipeline.forms.figures import Disclosure, understand
from pipeline.forms.form import Form, load_forms
from pipeline.proof.prove import PartProof, prove
from pipeline.settings import CrossCheckMode

REASON_FILE = "quarantined.txt"


@dataclass(frozen=True, slots=True)
class Task:
    path: Path
    file_name: str
    sha256: str
    folders: tuple[tuple[str, Path], ...]  # form name → where its result belongs; "" for a document that has none
    scratch: Path
    cross_check: CrossCheckMode


@dataclass(frozen=True, slots=True)
class Outcome:
    """``folder`` holds the Parquet set; ``reason`` is set instead where the document is quarantined."""

    folder: Path | None
    reason: str | None = None
    figures: int = 0
    proven: int = 0
    issues: int = 0


def limit_memory(limit: int) -> None:
    """Hold this process to an address space of ``limit`` bytes (where the system can)."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit still holds there
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def extract_document(task: Task) -> Outcome:
    """Read one document and store the result under its fingerprint, atomically."""
    folders = dict(task.folders)
    try:
        data = task.path.read_bytes()
    except OSError as error:
        return Outcome(None, f"it cannot be read: {error.strerror}")
    if hashlib.sha256(data).hexdigest() != task.sha256:
        return Outcome(None, "it changed while it was being read; it is loaded with the next run")
    work = task.scratch / f"{task.sha256[:16]}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    forms = load_forms()
    try:
        try:
            document, disclosure, proofs = read_and_prove(data, task.file_name, task.cross_check, forms)
        except UnreadableDocument as error:
            (work / REASON_FILE).write_text(str(error), "utf-8")
            _settle(work, folders[""])
            return Outcome(None, str(error))
        write_document(work, task.sha256, document, disclosure, proofs)
        final = folders[disclosure.form]
        _settle(work, final)
        figures = sum(len(proof.figures) for proof in proofs)
        proven = sum(proof.status.count("proven") for proof in proofs)
        return Outcome(final, figures=figures, proven=proven, issues=len(disclosure.issues))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_and_prove(
    data: bytes, file_name: str, mode: CrossCheckMode, forms: tuple[Form, ...]
) -> tuple[Document, Disclosure, list[PartProof]]:
    """Bytes → blocks → figures → proof; ``mode``: which PDF pages are read twice. Raises UnreadableDocument."""
    document = read_document(data, file_name)
    if mode == "always":
        document, _ = read_again(data, document)
    disclosure, proofs = _prove(document, forms)
    if mode == "on_doubt" and document.format == "pdf" and (doubtful := _doubtful_pages(disclosure, proofs)):
        document, _ = read_again(data, document, "on_doubt", doubtful)
        disclosure, proofs = _prove(document, forms)
    return document, disclosure, proofs


def _prove(document: Document, forms: tuple[Form, ...]) -> tuple[Disclosure, list[PartProof]]:
    disclosure = understand(document, forms)
    units = next(form.units for form in forms if form.name == disclosure.form)
    return disclosure, prove(disclosure, units)


def _doubtful_pages(disclosure: Disclosure, proofs: list[PartProof]) -> set[int]:
    """Pages with an issue above info, and those of every figure in a broken identity."""
    pages = {issue.page for issue in disclosure.issues if issue.page and issue.severity != "info"}
    for proof in proofs:
        for check in proof.checks:
            if check.status == "broken" and check.identity.severity == "hard":
                pages |= {page for index, _ in check.cells if (page := proof.figures[index].page)}
    return pages


def _settle(work: Path, final: Path) -> None:
    """Give a finished folder its name. Whoever was first keeps it: the content is the same."""
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        work.rename(final)
    except OSError:
        if not final.is_dir():
            raise

"""One document in a process of its own: bytes → Parquet set, or a reason why not."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument
from pipeline.extraction.tables import write_document
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.proof.prove import prove

REASON_FILE = "quarantined.txt"


@dataclass(frozen=True, slots=True)
class Task:
    path: Path
    file_name: str
    sha256: str
    folders: tuple[tuple[str, Path], ...]  # form name → where its result belongs; "" for a document that has none
    scratch: Path


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
            document = read_document(data, task.file_name)
            disclosure = understand(document, forms)
        except UnreadableDocument as error:
            (work / REASON_FILE).write_text(str(error), "utf-8")
            _settle(work, folders[""])
            return Outcome(None, str(error))
        units = next(form.units for form in forms if form.name == disclosure.form)
        proofs = prove(disclosure, units)
        write_document(work, task.sha256, document, disclosure, proofs)
        final = folders[disclosure.form]
        _settle(work, final)
        figures = sum(len(proof.figures) for proof in proofs)
        proven = sum(proof.status.count("proven") for proof in proofs)
        return Outcome(final, figures=figures, proven=proven, issues=len(disclosure.issues))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _settle(work: Path, final: Path) -> None:
    """Give a finished folder its name. Whoever was first keeps it: the content is the same."""
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        work.rename(final)
    except OSError:
        if not final.is_dir():
            raise

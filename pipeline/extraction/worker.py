"""One document in a process of its own: bytes → Parquet set, or a reason why not."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.annexes.projects import link_projects
from pipeline.annexes.read import read_annexes
from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.documents.model import Document, UnreadableDocument
from pipeline.extraction.result_set import keep
from pipeline.extraction.tables import Read, write_document
from pipeline.forms.figures import understand
from pipeline.forms.form import Form, load_forms
from pipeline.proof.claims import claim_statuses
from pipeline.proof.prove import prove
from pipeline.settings import CrossCheckMode


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
    """``folder`` holds the Parquet set; ``reason`` is set instead where there is none.

    ``again``: the fault may be a passing one and is worth another try, alone; ``is_final``: if it comes back, it is the
    document's own and is kept. ``is_limit``: the reason holds under the limits of this run.
    """

    folder: Path | None
    reason: str | None = None
    figures: int = 0
    proven: int = 0
    issues: int = 0
    again: bool = False
    is_final: bool = True
    is_limit: bool = False

    @classmethod
    def passing(cls, reason: str) -> Outcome:
        """A fault of the machine, of people or of files: tried again in this run, and in the next one."""
        return cls(None, reason, again=True, is_final=False)


def extract_document(task: Task) -> Outcome:
    """Read one document and store the result under its fingerprint, atomically."""
    folders = dict(task.folders)
    work = task.scratch / f"{task.sha256[:16]}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    forms = load_forms()
    try:
        try:
            read = read_and_prove(_content(task), task.file_name, task.cross_check, forms)
        except _NotAsFound as error:
            return Outcome.passing(str(error))
        except UnreadableDocument as error:
            return Outcome(None, str(error))
        written = write_document(work, task.sha256, read)
        final = folders[read.disclosure.form]
        keep(work, final)
        issues = len(read.disclosure.issues)
        return Outcome(final, figures=written.figures, proven=written.proven, issues=issues)
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _NotAsFound(Exception):
    """The file is not what the task says; the message is the reason in words."""


def _content(task: Task) -> bytes:
    try:
        data = task.path.read_bytes()
    except OSError as error:
        raise _NotAsFound(f"it cannot be read: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != task.sha256:
        raise _NotAsFound("it changed while it was being read; it is loaded with the next run")
    return data


def read_and_prove(data: bytes, file_name: str, mode: CrossCheckMode, forms: tuple[Form, ...]) -> Read:
    """Bytes → blocks → figures → proof; ``mode``: which PDF pages are read twice. Raises UnreadableDocument."""
    document = read_document(data, file_name)
    if mode == "always":
        document, _ = read_again(data, document)
    if mode != "on_doubt":
        del data  # of a long document the bytes are as much as all that was read in them
    read = _prove(document, forms)
    if mode == "on_doubt" and document.format == "pdf" and (doubtful := _doubtful_pages(read)):
        del read  # a long document is not held twice
        document, _ = read_again(data, document, "on_doubt", doubtful)
        read = _prove(document, forms)
    return read


def _prove(document: Document, forms: tuple[Form, ...]) -> Read:
    disclosure = understand(document, forms)
    form = next(form for form in forms if form.name == disclosure.form)
    disclosure, annexes = read_annexes(document, form, disclosure)
    projects, doubts = link_projects(annexes)
    disclosure = replace(disclosure, issues=disclosure.issues + doubts)
    proofs = prove(disclosure, form.units, annexes, projects)
    return Read(document, disclosure, annexes, proofs, projects, claim_statuses(annexes.claims, proofs))


def _doubtful_pages(read: Read) -> set[int]:
    """Pages with an issue above info, and those of every figure in a broken identity."""
    pages = {issue.page for issue in read.disclosure.issues if issue.page and issue.severity != "info"}
    for proof in read.proofs:
        for check in proof.checks:
            if check.status == "broken" and check.identity.severity == "hard":
                pages |= {page for index, _ in check.cells if (page := proof.figures[index].page)}
    return pages

"""All documents of a run: what is there already is kept, the rest is read in parallel, each in a worker with limits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.extraction.fingerprint import result_folders
from pipeline.extraction.result_set import find, find_older, keep
from pipeline.extraction.worker import Outcome, Task
from pipeline.extraction.workers import run
from pipeline.intake import Rejected, Source
from pipeline.settings import CrossCheckMode, Limits

Report = Callable[[str], None]
NEXT_RUN = "it is tried again with the next run"


@dataclass(frozen=True, slots=True)
class Extraction:
    """``loaded``: each document with its Parquet set, in the order of the sources.

    What a passing fault kept from being read is in ``waiting``; it is loaded as it was published, else rejected.
    """

    loaded: tuple[tuple[Source, Path], ...]
    rejected: tuple[Rejected, ...]
    read: int  # documents read in this run; the others were unchanged
    waiting: Mapping[str, str] = field(default_factory=dict)  # file → why it could not be read this time

    def files(self, table: str) -> list[Path]:
        """One table's Parquet file of every loaded document."""
        return [folder / f"{table}.parquet" for _, folder in self.loaded]

    def only(self, documents: Collection[str]) -> Extraction:
        """These documents, by key."""
        return replace(self, loaded=tuple(pair for pair in self.loaded if pair[0].document_key in documents))

    def without(self, reasons: Mapping[str, str], report: Report) -> Extraction:
        """The documents but those that a reason is given for, by key; each of those is reported."""
        aside = [
            Rejected(s.file_name, reasons[s.document_key], s.document_key)
            for s, _ in self.loaded
            if s.document_key in reasons
        ]
        for one in aside:
            report(f"{one.file_name}: quarantined: {one.reason}")
        loaded = tuple((source, folder) for source, folder in self.loaded if source.document_key not in reasons)
        return replace(self, loaded=loaded, rejected=(*self.rejected, *aside))


def extract_all(
    sources: tuple[Source, ...],
    extracted: Path,
    workers: int,
    limits: Limits,
    report: Report,
    cross_check: CrossCheckMode = "always",
    published_keys: Callable[[], Mapping[str, str]] = dict,
) -> Extraction:
    """Every source → its Parquet set or a reason. Progress goes to ``report``, a line per document.

    A fault that may pass is tried again, alone. Where it does not pass in this run, the document stays as it was
    published (``published_keys``: file name → document key), and is read with the next run.
    """
    scratch = extracted / ".work"
    shutil.rmtree(scratch, ignore_errors=True)  # what a killed run left behind
    scratch.mkdir(parents=True)
    outcomes: dict[str, Outcome] = {}
    tasks: list[Task] = []
    for source in sources:
        folders = result_folders(extracted, source.document_key, cross_check)
        stored = find(dict(folders), repr(limits))
        if stored is not None:
            outcomes[source.sha256] = Outcome(None if stored.reason else stored.folder, stored.reason)
        else:
            tasks.append(Task(source.path, source.file_name, source.sha256, folders, scratch, cross_check))
    again: list[Task] = []
    for number, (task, outcome) in enumerate(run(tasks, workers, limits), start=1):
        outcomes[task.sha256] = outcome
        report(f"[{number}/{len(tasks)}] {task.file_name}: {_in_words(outcome)}")
        if outcome.again:
            again.append(task)
        else:
            _keep_reason(task, outcome, limits)
    for task, outcome in run(again, 1, limits):
        outcomes[task.sha256] = outcome
        report(f"[again] {task.file_name}: {_in_words(replace(outcome, again=False))}")
        _keep_reason(task, outcome, limits)
    shutil.rmtree(scratch, ignore_errors=True)
    return _sorted_out(sources, outcomes, extracted, len(tasks), published_keys)


def _in_words(outcome: Outcome) -> str:
    if outcome.reason is None:
        return f"{outcome.figures} figures, {outcome.proven} proven, {outcome.issues} issues"
    if outcome.again:
        return f"{outcome.reason}; it is tried again"
    return f"quarantined: {outcome.reason}" if outcome.is_final else f"not read: {outcome.reason}"


def _keep_reason(task: Task, outcome: Outcome, limits: Limits) -> None:
    """A document that will not be read is not tried with every run."""
    if outcome.reason is None or not outcome.is_final:
        return
    work = task.scratch / f"{task.sha256[:16]}-reason"
    work.mkdir(parents=True, exist_ok=True)
    keep(work, dict(task.folders)[""], outcome.reason, repr(limits) if outcome.is_limit else "")


def _sorted_out(
    sources: tuple[Source, ...],
    outcomes: Mapping[str, Outcome],
    extracted: Path,
    read: int,
    published_keys: Callable[[], Mapping[str, str]],
) -> Extraction:
    loaded: list[tuple[Source, Path]] = []
    rejected: list[Rejected] = []
    waiting: dict[str, str] = {}
    published: Mapping[str, str] = {}
    if any(not outcome.is_final for outcome in outcomes.values()):
        published = published_keys()
    for source in sources:
        outcome = outcomes[source.sha256]
        if outcome.folder is not None:
            loaded.append((source, outcome.folder))
            continue
        if not outcome.is_final:
            waiting[source.file_name] = outcome.reason or ""
            key = published.get(source.file_name)
            is_other = key in {s.document_key for s in sources if s is not source}
            if key is not None and not is_other and (older := find_older(extracted, key)) is not None:
                loaded.append((replace(source, sha256=key), older))  # of the key no more than its beginning is used
                continue
        reason = outcome.reason or ""
        reason = reason if outcome.is_final else f"{reason}; {NEXT_RUN}"
        rejected.append(Rejected(source.file_name, reason, source.document_key))
    return Extraction(tuple(loaded), tuple(rejected), read, waiting)


def forget_stale(
    extracted: Path,
    sources: tuple[Source, ...],
    cross_check: CrossCheckMode = "always",
    published: Collection[str] = (),
) -> int:
    """Delete the results of documents that are gone, or that something newer replaced. Returns how many.

    What is ``published`` (document keys) and not read anew stays: it is shown until it is.
    """
    current = {
        folder.name for source in sources for _, folder in result_folders(extracted, source.document_key, cross_check)
    }
    found = list(extracted.iterdir()) if extracted.is_dir() else []
    read_anew = {path.name[:16] for path in found if path.name in current}
    shown = set(published) - read_anew
    stale = [path for path in found if path.name not in current and path.name[:16] not in shown]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)

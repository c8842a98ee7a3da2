"""All documents of a run: what is there already is kept, the rest is read in parallel, each in a worker with limits."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.extraction.fingerprint import result_folders
from pipeline.extraction.process import begin
from pipeline.extraction.worker import REASON_FILE, Outcome, Task, extract_document
from pipeline.intake import Rejected, Source
from pipeline.settings import CrossCheckMode, Limits

if TYPE_CHECKING:
    from pebble import ProcessPool

# a document's result cannot be kept: no fault of the document
_CANNOT_WRITE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM}

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Extraction:
    """``folders``: the Parquet set of each loaded document, in the order of the sources."""

    loaded: tuple[tuple[Source, Path], ...]
    rejected: tuple[Rejected, ...]
    read: int  # documents read in this run; the others were unchanged

    def files(self, table: str) -> list[Path]:
        """One table's Parquet file of every loaded document."""
        return [folder / f"{table}.parquet" for _, folder in self.loaded]


def extract_all(
    sources: tuple[Source, ...],
    extracted: Path,
    workers: int,
    limits: Limits,
    report: Report,
    cross_check: CrossCheckMode = "always",
) -> Extraction:
    """Every source → its Parquet set or a reason. Progress goes to ``report``, a line per document."""
    outcomes: dict[str, Outcome] = {}
    tasks: list[tuple[Source, Task]] = []
    scratch = extracted / ".work"
    shutil.rmtree(scratch, ignore_errors=True)  # what a killed run left behind
    scratch.mkdir(parents=True)
    for source in sources:
        folders = result_folders(extracted, source.document_key, cross_check)
        known = next((folder for _, folder in folders if folder.is_dir()), None)
        if known is not None:
            outcomes[source.sha256] = _stored(known)
        else:
            tasks.append((source, Task(source.path, source.file_name, source.sha256, folders, scratch, cross_check)))
    for number, (source, outcome) in enumerate(_run(tasks, workers, limits), start=1):
        outcomes[source.sha256] = outcome
        result = (
            f"{outcome.figures} figures, {outcome.proven} proven, {outcome.issues} issues"
            if outcome.reason is None
            else f"quarantined: {outcome.reason}"
        )
        report(f"[{number}/{len(tasks)}] {source.file_name}: {result}")
    shutil.rmtree(scratch, ignore_errors=True)
    loaded, rejected = [], []
    for source in sources:
        outcome = outcomes[source.sha256]
        if outcome.folder is not None:
            loaded.append((source, outcome.folder))
        else:
            rejected.append(Rejected(source.file_name, outcome.reason or "", source.document_key))
    return Extraction(tuple(loaded), tuple(rejected), len(tasks))


def forget_stale(extracted: Path, sources: tuple[Source, ...], cross_check: CrossCheckMode = "always") -> int:
    """Delete the results of documents that are gone, or that something newer replaced. Returns how many."""
    current = {
        folder.name for source in sources for _, folder in result_folders(extracted, source.document_key, cross_check)
    }
    stale = [p for p in extracted.iterdir() if p.name not in current] if extracted.is_dir() else []
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def _stored(folder: Path) -> Outcome:
    reason = folder / REASON_FILE
    return Outcome(None, reason.read_text("utf-8")) if reason.exists() else Outcome(folder)


def _run(tasks: list[tuple[Source, Task]], workers: int, limits: Limits) -> Iterator[tuple[Source, Outcome]]:
    """Outcomes in the order of the tasks. A worker over its limits is ended; its document gets the reason."""
    if not tasks:
        return
    # after an interruption Python's tracker removes the semaphores of the pool; that is no news
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")
    from pebble import ProcessExpired, ProcessPool  # late: a run with nothing to read never needs it

    context = multiprocessing.get_context(
        "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    )
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["pipeline.extraction.worker"])
    with _ended(
        ProcessPool(
            max_workers=max(1, min(workers, len(tasks))),
            context=context,
            initializer=begin,
            initargs=(limits.memory_bytes,),
        )
    ) as pool:
        futures = [
            (source, pool.schedule(extract_document, args=(task,), timeout=limits.seconds)) for source, task in tasks
        ]
        for source, future in futures:
            try:
                yield source, future.result()
            except FutureTimeout:
                yield (
                    source,
                    Outcome(
                        None, f"reading it took longer than {limits.seconds:.0f} seconds, the limit for one document"
                    ),
                )
            except MemoryError:
                yield source, Outcome(None, _out_of_memory(limits))
            except ProcessExpired as error:
                yield (
                    source,
                    Outcome(None, f"its reader ended with exit code {error.exitcode}; {_out_of_memory(limits)}"),
                )
            except Exception as error:  # one document must never stop the others
                if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
                    raise
                traceback.print_exception(error)
                yield source, Outcome(None, _defect(error))


@contextmanager
def _ended(pool: ProcessPool) -> Iterator[ProcessPool]:
    """A pool that is gone afterwards; whoever leaves early does not wait for what its workers have begun."""
    try:
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]  # pebble does not annotate it
        pool.join()


def _defect(error: Exception) -> str:
    return f"a defect of this program stopped reading it ({type(error).__name__}: {error}); please report it"


def _out_of_memory(limits: Limits) -> str:
    return f"reading it needed more than {limits.memory_bytes // 2**20} MB of memory, the limit for one document"

"""Documents in processes of their own, each with limits: what a document costs or breaks is its own affair.

The limit is of computing time, which no load of the machine, no suspension and no clock changes. A worker that stands
still is given up after a multiple of it, by a clock that only goes forward.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from pipeline.extraction.process import OUT_OF_MEMORY, begin, deaf_to_ctrl_c
from pipeline.extraction.worker import Outcome, Task, extract_document
from pipeline.settings import Limits

_WARM, _WARM_PDF = "pipeline.extraction.warm", "pipeline.extraction.warm_pdf"  # what workers are forked with
_PATIENCE = 5  # a worker may take so many times its computing time on a busy machine
# of its code on this document, not of somebody's kill
_OWN_CRASHES = frozenset(("SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE", "SIGILL"))


def run(tasks: Sequence[Task], workers: int, limits: Limits) -> Iterator[tuple[Task, Outcome]]:
    """What became of each task, in their order; ``workers`` of them at a time."""
    import psutil  # noqa: F401  `pipeline.interrupt` ends with it what is started here

    waiting = list(enumerate(tasks))[::-1]
    reads_twice = any(task.cross_check != "never" and task.file_name.lower().endswith(".pdf") for task in tasks)
    running: list[_Running] = []
    finished: dict[int, Outcome] = {}
    try:
        for number, task in enumerate(tasks):
            while number not in finished:
                while waiting and len(running) < workers:
                    _begin(*waiting.pop(), reads_twice, limits, running, finished)
                _wait(running, finished, limits)
            yield task, finished.pop(number)
    finally:
        for one in running:
            one.process.kill()


@dataclass(frozen=True, slots=True)
class _Running:
    number: int
    process: BaseProcess
    result: Connection
    until: float  # by the monotonic clock


def _begin(
    number: int,
    task: Task,
    reads_twice: bool,
    limits: Limits,
    running: list[_Running],
    finished: dict[int, Outcome],
) -> None:
    has_server = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if has_server else "spawn")
    if has_server:
        context.set_forkserver_preload([_WARM_PDF if reads_twice else _WARM])
    ours, theirs = context.Pipe(duplex=False)
    process: BaseProcess = context.Process(  # type: ignore[attr-defined]  # typeshed has it in the subclasses
        target=_work, args=(task, limits, theirs), daemon=True
    )
    try:
        with deaf_to_ctrl_c():
            process.start()
    except (OSError, EOFError) as error:  # the fork server is gone; the next start makes a new one
        finished[number] = Outcome.passing(f"no worker could be started for it ({type(error).__name__})")
        return
    theirs.close()
    running.append(_Running(number, process, ours, time.monotonic() + limits.seconds * _PATIENCE))


def _wait(running: list[_Running], finished: dict[int, Outcome], limits: Limits) -> None:
    """Until one of them says something, ends, or has stood still for too long."""
    if not running:
        return
    first = min(one.until for one in running)
    told = [thing for one in running for thing in (one.result, one.process.sentinel)]
    ready = set(wait(told, timeout=max(0.0, first - time.monotonic())))
    for one in list(running):
        late = one.until <= time.monotonic()
        if not (late or one.result in ready or one.process.sentinel in ready):
            continue
        finished[one.number] = _outcome(one, late, limits)
        one.process.kill()  # whatever is left of it: its server may be gone, and it unheard of
        one.process.join()
        one.result.close()
        running.remove(one)


def _outcome(one: _Running, late: bool, limits: Limits) -> Outcome:
    try:
        if one.result.poll():
            outcome: Outcome = one.result.recv()
            return outcome
    except (EOFError, OSError):
        late = False
    if late:
        return Outcome.passing(f"its worker stood still for {limits.seconds * _PATIENCE:.0f} seconds")
    one.process.join(1)
    code = one.process.exitcode or 0
    name = {-number: number.name for number in signal.Signals}.get(code, f"exit code {code}")
    if name == "SIGXCPU":
        what = (
            f"reading it takes longer than {limits.seconds:.0f} seconds of computing time, the limit for one document"
        )
        return Outcome(None, what, is_limit=True)
    if code == OUT_OF_MEMORY:
        return _over_memory(limits)
    what = f"its worker ended without a result ({name})"
    return Outcome(None, what, again=True) if name in _OWN_CRASHES else Outcome.passing(what)


def _over_memory(limits: Limits) -> Outcome:
    what = f"reading it needs more than {limits.memory_bytes // 2**20} MB of memory, the limit for one document"
    return Outcome(None, what, again=True, is_limit=True)


# ── in the worker ───────────────────────────────────────────────────────────────────────────────────────────────


def _work(task: Task, limits: Limits, result: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run ends its workers itself
    begin(limits)
    try:
        outcome = extract_document(task)
    except MemoryError:
        outcome = _over_memory(limits)
    except OSError as error:
        outcome = Outcome.passing(f"reading it failed: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  one document must never stop the others
        traceback.print_exception(error)
        what = f"a defect of this program stopped reading it ({type(error).__name__}: {error}); please report it"
        outcome = Outcome(None, what)
    with suppress(BrokenPipeError):  # the run has given this worker up
        result.send(outcome)

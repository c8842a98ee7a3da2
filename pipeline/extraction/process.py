"""What a worker process does first: it keeps to its limits, and it ends when the run ends, however that ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from pipeline.settings import Limits

if TYPE_CHECKING:
    import psutil

OUT_OF_MEMORY = 86  # exit code of a worker that was watched, where the system itself knows no limit
WATCH_SECONDS = 0.1


def begin(limits: Limits) -> None:
    """Memory and computing time; of the latter Windows has no limit: there the patience of the run still holds."""
    limit_memory(limits.memory_bytes)
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (max(1, round(limits.seconds)), resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_the_run, name="run", daemon=True).start()


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started meanwhile never hear SIGINT, not even while they load: the run ends them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # whoever starts that one hears SIGINT again, so it is started before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_the_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os._exit(1)


def limit_memory(limit: int) -> None:
    """Hold this process to ``limit`` bytes: of address space, where the system can; else by a look at what it uses."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ImportError, ValueError, OSError):  # Windows has no such limit, macOS refuses it
        import psutil

        own = psutil.Process()
        threading.Thread(target=_watch_memory, args=(own, limit), name="memory", daemon=True).start()


def _watch_memory(own: psutil.Process, limit: int) -> None:
    while own.memory_info().rss <= limit:
        time.sleep(WATCH_SECONDS)
    os._exit(OUT_OF_MEMORY)

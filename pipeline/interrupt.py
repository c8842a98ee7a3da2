"""Ctrl-C and SIGTERM end a command at once, whatever it is at, and nothing is left behind.

Everything on disk is such that a run may be killed at any moment, so nothing is unwound: dbt and others swallow a
KeyboardInterrupt, and a pool of workers waits for what it has begun. The handler removes what the run began, says one
line, and ends the process; workers end with it (`pipeline.extraction.worker`). Where the main thread is inside a
library and does not come to run the handler, another thread does the same half a second later.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
GRACE_SECONDS = 0.5
LAST_SECONDS = 1.7  # since the signal, for what is to be tidied

_leaving: list[Callable[[], str]] = []
_ending = threading.Lock()


@contextmanager
def on_interrupt(leave: Callable[[], str]) -> Iterator[None]:
    """``leave`` tidies up if the command is interrupted meanwhile, and returns what is to be said of it."""
    _leaving.append(leave)
    try:
        yield
    finally:
        _leaving.remove(leave)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Meanwhile SIGINT and SIGTERM end this process."""
    if threading.current_thread() is not threading.main_thread():  # only that one may have handlers
        yield
        return
    # libraries (tqdm, dbt) leave semaphores; Python's tracker removes them when we are gone, and need not say so
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")
    told, teller = socket.socketpair()
    teller.setblocking(False)
    handlers = {number: signal.signal(number, _handler) for number in EXIT_CODES}
    wakeup = signal.set_wakeup_fd(teller.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(told,), name="signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        teller.close()  # the thread ends with it


def end_children() -> None:
    """Kill what this process has started; but for Python's tracker, which removes what they leave, then ends."""
    psutil = sys.modules.get("psutil")  # loaded by whoever starts some; not now: a signal may come inside an import
    if psutil is not None:
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if not any("resource_tracker" in word for word in child.cmdline()):
                    child.kill()


def _handler(number: int, frame: FrameType | None) -> None:
    if _ending.acquire(blocking=False):
        _end(number)


def _watch(told: socket.socket) -> None:
    """Hears of a signal even while the main thread is busy outside Python."""
    with told:
        while numbers := told.recv(16):
            for number in numbers:
                if number in EXIT_CODES:
                    time.sleep(GRACE_SECONDS)
                    if _ending.acquire(blocking=False):
                        _end(number)
                    time.sleep(LAST_SECONDS - GRACE_SECONDS)  # the main thread is at it
                    os._exit(EXIT_CODES[signal.Signals(number)])


def _end(number: int) -> None:
    said = ["interrupted"]
    for leave in reversed(_leaving):
        with suppress(OSError):  # the next run removes what is left
            said.append(leave())
    with suppress(OSError, RuntimeError, ValueError):  # closed, or the signal came while it was written to
        sys.stdout.flush()
    with suppress(OSError):
        os.write(2, f"yusuan: {'; '.join(said)}\n".encode())
    os._exit(EXIT_CODES[signal.Signals(number)])

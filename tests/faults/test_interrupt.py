"""Ctrl-C and SIGTERM: within two seconds, whatever the phase, one line, the exit code, and nothing left behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import Warehouse, contents, sample, start, yusuan
from tests.support import ROOT

SECONDS = 2.0
# what the run said last, and the seconds that it was left to live
PHASES = {
    "reading": ("2 documents", 0.5),
    "dbt loads": ("building the tables", 0.3),
    "dbt works": ("building the tables", 2.5),
    "expectations": ("checking the content", 0.5),
    "expectations' end": ("checking the content", 3.0),
    "publishing": ("publishing", 0.02),
    "publishing's end": ("publishing", 0.3),
}
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def processes_of(group: int) -> list[int]:
    """The living processes of a process group."""
    found = subprocess.run(["ps", "-eo", "pid,pgid,stat"], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in found.splitlines()[1:]]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and not state.startswith("Z")]


def wait_for_line(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(words):
            return
    pytest.fail(f"the run never said {words!r}")


def interrupted(process: subprocess.Popen[str], number: signal.Signals, whole_group: bool) -> tuple[float, str]:
    """Send the signal as a terminal does (to the whole group) or as a service manager; (seconds to the end, stderr)."""
    began = time.monotonic()
    if whole_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    seconds = time.monotonic() - began
    while processes_of(process.pid) and time.monotonic() - began < SECONDS:
        time.sleep(0.05)
    return seconds, errors


# both signals go one way: every phase hears Ctrl-C, every other one SIGTERM too
@pytest.mark.parametrize(
    ("number", "phase"),
    [(number, phase) for n, phase in enumerate(PHASES) for number in EXIT_CODES if number == signal.SIGINT or n % 2],
)
def test_an_interrupted_run_ends_at_once_and_leaves_nothing_behind(
    good: Warehouse, tmp_path: Path, phase: str, number: signal.Signals
) -> None:
    warehouse, raw = tmp_path / "warehouse", tmp_path / "raw"
    shutil.copytree(good.folder, warehouse)
    raw.mkdir()
    for key in ("130200-2023", "131000-2021"):
        shutil.copy(sample(key), raw)
    before = contents(warehouse / "budget.duckdb")
    process = start("run", "--raw", raw, "--warehouse", warehouse, "--workers", "1")
    words, seconds = PHASES[phase]
    wait_for_line(process, words)
    time.sleep(seconds)
    if process.poll() is not None:
        pytest.skip("the run was over before the signal")
    took, errors = interrupted(process, number, whole_group=number == signal.SIGINT)
    assert process.returncode == EXIT_CODES[number], errors
    assert took < SECONDS
    assert errors.splitlines()[-1].startswith("yusuan: interrupted; the ")
    assert "Traceback" not in errors
    assert processes_of(process.pid) == []
    assert {path.name for path in warehouse.iterdir()} == {path.name for path in good.folder.iterdir()}
    assert not (warehouse / "extracted" / ".work").exists()
    if "as it was" in errors:
        assert contents(warehouse / "budget.duckdb") == before
    else:
        assert contents(warehouse / "budget.duckdb") != before


def test_random_moments(good: Warehouse, tmp_path: Path) -> None:
    seed = int(os.environ.get("YUSUAN_SEED", time.time_ns() % 1_000_000))
    print(f"YUSUAN_SEED={seed}")
    moments = random.Random(seed)
    warehouse, raw = tmp_path / "warehouse", tmp_path / "raw"
    shutil.copytree(good.folder, warehouse)
    raw.mkdir()
    shutil.copy(sample("130200-2023"), raw)
    for _ in range(4):
        process = start("run", "--raw", raw, "--warehouse", warehouse)
        time.sleep(moments.uniform(0.6, 12))  # the interpreter has to be up: before that nobody hears a signal
        if process.poll() is not None:
            process.communicate()
            break
        number = moments.choice(list(EXIT_CODES))
        took, errors = interrupted(process, number, whole_group=moments.random() < 0.5)
        assert (process.returncode, took < SECONDS) == (EXIT_CODES[number], True), errors
        assert len(contents(warehouse / "budget.duckdb")) > 10
        assert {path.name for path in warehouse.iterdir()} == {path.name for path in good.folder.iterdir()}
    finished = yusuan("run", "--raw", raw, "--warehouse", warehouse)
    assert finished.returncode == 0, finished.stderr


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copy(sample("130200-2023"), raw)
    process = start("run", "--raw", raw, "--warehouse", tmp_path / "warehouse")
    wait_for_line(process, "1 documents")
    time.sleep(0.7)
    process.kill()  # this one process, as an out-of-memory killer would
    process.communicate()
    end = time.monotonic() + SECONDS
    while processes_of(process.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes_of(process.pid) == []


BUSY = """
import sys, time, ctypes
from pipeline.interrupt import ended_by_signals, on_interrupt
def leave():
    return 'left'
with ended_by_signals(), on_interrupt(leave):
    print('ready', flush=True)
    {what}
"""


@pytest.mark.parametrize(
    "what",
    [
        "time.sleep(30)",
        # inside a C library that returns to sleep: the main thread never comes to run a handler
        "ctypes.CDLL(None).poll(None, 0, 30_000)",
        "\n    while True:\n        try:\n            time.sleep(1)\n        except BaseException:\n            pass",
    ],
)
def test_wherever_the_main_thread_is(what: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY.format(what=what)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    took, errors = interrupted(process, signal.SIGTERM, whole_group=False)
    assert (process.returncode, errors) == (143, "yusuan: interrupted; left\n")
    assert took < SECONDS

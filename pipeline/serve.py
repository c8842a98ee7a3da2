"""yusuan serve: the Dagster daemon (and its pages) with everything of theirs beside the warehouse, and a log file.

The instance is <warehouse>/dagster: dagster.yaml, the history of runs, logs/serve.log. Ends with both or with neither.
"""

from __future__ import annotations

import argparse
import logging
import logging.handlers
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.interrupt import on_interrupt
from pipeline.settings import ROOT, Settings

MODULE = "pipeline.definitions"
LOG_BYTES, LOG_FILES = 10_000_000, 5
STOP_SECONDS = 1.0


def serve(settings: Settings, options: argparse.Namespace) -> int:
    """Run until a signal comes, or until one of the two ends: then 5."""
    home = prepare_home(settings)
    log = _log(home / "logs" / "serve.log")
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "YUSUAN_RAW": str(settings.raw),
        "YUSUAN_WAREHOUSE": str(settings.warehouse),
        "YUSUAN_WORKERS": str(settings.workers),
    }
    running: dict[str, subprocess.Popen[str]] = {}

    def stop() -> str:
        end_all(list(running.values()))
        return "the daemon is stopped"

    with on_interrupt(stop):
        for name, command in commands(options.ui).items():
            running[name] = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                errors="replace", start_new_session=True,
            )  # fmt: skip
            threading.Thread(target=_copy, args=(name, running[name], log), daemon=True).start()
        log.info("serving %s into %s; the instance is %s", settings.raw, settings.warehouse, home)
        while all(process.poll() is None for process in running.values()):
            time.sleep(0.2)
        log.error("%s ended", ", ".join(name for name, process in running.items() if process.poll() is not None))
        stop()
    return 5


def commands(ui: int | None) -> dict[str, list[str]]:
    """What runs: the daemon, and the pages where they are asked for."""
    beside = Path(sys.executable).parent
    found = {"daemon": [str(beside / "dagster-daemon"), "run", "-m", MODULE]}
    if ui is not None:
        found["pages"] = [str(beside / "dagster-webserver"), "-m", MODULE, "-h", "127.0.0.1", "-p", str(ui)]
    return found


def prepare_home(settings: Settings) -> Path:
    """The folder of the instance; settings that someone changed stay."""
    home = settings.warehouse / "dagster"
    (home / "logs").mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        shutil.copyfile(ROOT / "dagster.yaml", home / "dagster.yaml")
    return home


def end_all(processes: Sequence[subprocess.Popen[str]]) -> None:
    """SIGTERM, then SIGKILL for whoever does not end; a run at work is killed: the published file stays whole."""
    import psutil

    family: list[psutil.Process] = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            family += [*parent.children(recursive=True), parent]
    for process in processes:
        process.terminate()
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for one in alive:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def _log(path: Path) -> logging.Logger:
    log = logging.getLogger("yusuan.serve")
    log.setLevel(logging.INFO)
    log.propagate = False
    file = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.handlers = [file, logging.StreamHandler()]
    return log


def _copy(name: str, process: subprocess.Popen[str], log: logging.Logger) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        log.info("%s: %s", name, line.rstrip())

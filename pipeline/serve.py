"""yusuan serve: the Dagster daemon (and its pages), with everything of theirs beside the warehouse, and a log file.

The instance is <warehouse>/dagster: dagster.yaml, the history of runs, serve.log (logs/ there is Dagster's, which
empties it). One of its processes never goes on without the others.
"""

from __future__ import annotations

import argparse
import json
import logging
import logging.handlers
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from pipeline.interrupt import on_interrupt
from pipeline.settings import ROOT, Settings

MODULE = "pipeline.definitions"
LOG_BYTES, LOG_FILES = 10_000_000, 5
SOCKET_BYTES = 100  # longer names have no socket
STOP_SECONDS = 1.0
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def serve(settings: Settings, options: argparse.Namespace) -> int:
    """Run until a signal comes, or until one of the processes ends: then 5."""
    home = prepare_home(settings)
    log = _log(home / "serve.log")
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "YUSUAN_RAW": str(settings.raw),
        "YUSUAN_WAREHOUSE": str(settings.warehouse),
        "YUSUAN_WORKERS": str(settings.workers),
    }
    running: dict[str, subprocess.Popen[str]] = {}
    socket, workspace = prepare_workspace(home)

    def start(name: str, command: list[str]) -> None:
        running[name] = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=_copy, args=(name, running[name], log), daemon=True).start()

    def is_whole() -> bool:
        return all(process.poll() is None for process in running.values())

    def stop() -> str:
        end_all(list(running.values()))
        socket.unlink(missing_ok=True)
        return "the daemon is stopped"

    with on_interrupt(stop):
        log.info("serving %s into %s; the instance is %s", settings.raw, settings.warehouse, home)
        start("code", code_server(socket))
        while is_whole() and not socket.exists():  # asked too early, the daemon looks again only a minute later
            time.sleep(0.1)
        for name, command in askers(workspace, options.ui).items():
            start(name, command)
        while is_whole():
            time.sleep(0.2)
        log.error("%s ended", ", ".join(name for name, process in running.items() if process.poll() is not None))
        stop()
    return 5


def code_server(socket: Path) -> list[str]:
    """What loads the definitions and starts the runs: once. Left to itself, the daemon loads them anew every minute."""
    return [sys.executable, "-m", "dagster", "api", "grpc", "-m", MODULE, "--socket", str(socket)]


def askers(workspace: Path, ui: int | None) -> dict[str, list[str]]:
    """What asks it: the daemon, and the pages where they are wanted."""
    beside = Path(sys.executable).parent
    found = {"daemon": [str(beside / "dagster-daemon"), "run", "-w", str(workspace)]}
    if ui is not None:
        pages = [str(beside / "dagster-webserver"), "-w", str(workspace), "-h", "127.0.0.1", "-p", str(ui)]
        found["pages"] = pages
    return found


def prepare_workspace(home: Path) -> tuple[Path, Path]:
    """(socket, workspace.yaml). Both have the same name at each start: what the sensors remember hangs on it."""
    socket = home / "code.sock"
    if len(os.fsencode(socket)) > SOCKET_BYTES:
        socket = Path(tempfile.gettempdir()) / f"yusuan-{sha256(os.fsencode(home)).hexdigest()[:16]}.sock"
    socket.unlink(missing_ok=True)  # of a server that was killed
    workspace = home / "workspace.yaml"
    location = {"grpc_server": {"socket": str(socket), "location_name": "yusuan"}}
    workspace.write_text(json.dumps({"load_from": [location]}), "utf-8")  # JSON is YAML
    return socket, workspace


def prepare_home(settings: Settings) -> Path:
    """The folder of the instance; settings that someone changed stay."""
    home = settings.warehouse / "dagster"
    home.mkdir(parents=True, exist_ok=True)
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
        log.info("%s: %s", name, _COLOUR.sub("", line.rstrip()))

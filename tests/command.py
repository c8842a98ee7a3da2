"""The command `yusuan` as people run it: a process of its own, and what it published."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.support import SAMPLES

YUSUAN = Path(sys.executable).with_name("yusuan")
Outcome = subprocess.CompletedProcess[str]


def environment() -> dict[str, str]:
    """Without what a developer's shell may set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("YUSUAN_")}


def yusuan(*arguments: str | Path) -> Outcome:
    """Run the command to its end; its outcome, whatever the exit code."""
    command = [str(YUSUAN), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(), timeout=180)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start the command in a process group of its own; its progress comes through ``stderr``."""
    command = [str(YUSUAN), *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment(), start_new_session=True)


@dataclass(frozen=True)
class Warehouse:
    """A raw folder, the warehouse built from it, and what the command said."""

    raw: Path
    folder: Path
    outcome: Outcome

    @property
    def published(self) -> Path:
        return self.folder / "budget.duckdb"

    def run(self, *more: str) -> Outcome:
        return yusuan("run", "--raw", self.raw, "--warehouse", self.folder, *more)


def sample(key: str) -> Path:
    """The sample document of a region and year: 130500-2022."""
    (path,) = SAMPLES.glob(f"{key}-*")
    return path


def query(path: Path, sql: str) -> list[Any]:
    """The rows of a query against a published file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def contents(path: Path) -> dict[str, list[Any]]:
    """Every table and view of a published file, by name, with its rows in one order."""
    tables = query(
        path,
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema in ('marts', 'quality', 'staging') order by 1",
    )
    return {name: query(path, f"select * from {name} order by all") for (name,) in tables}


def summary(outcome: Outcome) -> dict[str, int]:
    """The counts that the command prints at the end."""
    pairs = (line.replace(",", "").split() for line in outcome.stdout.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}

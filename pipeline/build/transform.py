"""dbt, in this process: from the build file's `extracted` views to its marts. What failed is told in words."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2] / "dbt_project"
_PROJECT_FOLDERS = ("macros", "models", "seeds", "tests")  # what else lies in the project is not dbt's to read
_PROJECT_FILES = {".sql", ".yml", ".yaml", ".csv", ".md"}
BUILD_FILE_VARIABLE = "YUSUAN_BUILD_FILE"  # read by dbt_project/profiles.yml

# dbt's unit tests check the SQL, not the data: `make test` runs them, a build does not.
BUILD = ("build", "--exclude-resource-type", "unit_test")

_FAILURES = ("error", "fail", "runtime error")
_SKIPPED = ("skipped", "partial success", "no-op")


@dataclass(frozen=True)
class DbtFinding:
    node: str  # model.yusuan.published_figure
    message: str


@dataclass(frozen=True)
class DbtResult:
    failures: tuple[DbtFinding, ...]
    warnings: tuple[DbtFinding, ...]
    passed: int  # models, seeds and tests
    skipped: int  # because something upstream failed

    @property
    def success(self) -> bool:
        return not self.failures


def project_files() -> list[Path]:
    """The files that dbt builds from, apart from the lists that it shares with the package."""
    inside = (path for folder in _PROJECT_FOLDERS for path in (PROJECT / folder).rglob("*"))
    return [path for path in (*PROJECT.iterdir(), *inside) if path.suffix in _PROJECT_FILES and path.is_file()]


def run_dbt(build_file: Path, target_dir: Path, command: Sequence[str] = BUILD, project: Path = PROJECT) -> DbtResult:
    """Run dbt as the only user of the build file; nothing keeps the file open afterwards.

    `target_dir` keeps what dbt parsed, so that the next run starts sooner. dbt's own log is there too.
    """
    with _own_logging(), _build_file(build_file), no_connection_left():
        from dbt.cli.main import dbtRunner

        outcome = dbtRunner().invoke([*command, *dbt_flags(project, target_dir.resolve())])
    if outcome.exception is not None:
        return DbtResult((DbtFinding("dbt", _one_line(str(outcome.exception))),), (), 0, 0)
    results: Iterable[Any] = getattr(outcome.result, "results", ())
    result = _summary((item.node.unique_id, str(item.status), item.message) for item in results)
    if not outcome.success and result.success:
        return DbtResult(
            (DbtFinding("dbt", "failed without naming a node"),), result.warnings, result.passed, result.skipped
        )
    return result


def dbt_flags(project: Path, target_dir: Path) -> list[str]:
    """Nothing is written into the source tree, nothing on the terminal, nothing to the network."""
    return [
        *("--project-dir", str(project)),
        *("--profiles-dir", str(project)),
        *("--target-path", str(target_dir)),
        *("--log-path", str(target_dir)),
        *("--log-level", "none"),
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]


def read_result(target_dir: Path) -> DbtResult:
    """The same summary from the file that the last dbt run left: for a run that dbt did in another process."""
    results = json.loads((target_dir / "run_results.json").read_text(encoding="utf-8"))["results"]
    return _summary((item["unique_id"], item["status"], item["message"]) for item in results)


def _summary(results: Iterable[tuple[str, str, str | None]]) -> DbtResult:
    failures, warnings, passed, skipped = [], [], 0, 0
    for node, status, message in results:
        finding = DbtFinding(node, _one_line(message or status))
        if status in _FAILURES:
            failures.append(finding)
        elif status == "warn":
            warnings.append(finding)
        elif status in _SKIPPED:
            skipped += 1
        else:
            passed += 1
    return DbtResult(tuple(sorted(failures, key=_by_node)), tuple(sorted(warnings, key=_by_node)), passed, skipped)


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _by_node(finding: DbtFinding) -> str:
    return finding.node


@contextmanager
def _build_file(path: Path) -> Iterator[None]:
    """dbt reads the path from the environment. A path that changes between runs makes dbt parse all anew."""
    before: Mapping[str, str] = dict(os.environ)
    os.environ[BUILD_FILE_VARIABLE] = str(path.resolve())
    try:
        yield
    finally:
        if BUILD_FILE_VARIABLE in before:
            os.environ[BUILD_FILE_VARIABLE] = before[BUILD_FILE_VARIABLE]
        else:
            del os.environ[BUILD_FILE_VARIABLE]


@contextmanager
def _own_logging() -> Iterator[None]:
    """Importing dbt hangs a handler on the root logger: every library's warnings would appear on the terminal."""
    before = list(logging.root.handlers)
    try:
        yield
    finally:
        for handler in set(logging.root.handlers) - set(before):
            logging.root.removeHandler(handler)


@contextmanager
def no_connection_left() -> Iterator[None]:
    """dbt-duckdb keeps its database open for the life of the process; nobody else could open the build file."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    try:
        yield
    finally:
        environment = DuckDBConnectionManager._ENV
        reset_adapters()  # type: ignore[no-untyped-call]  # dbt does not annotate it
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt-duckdb neither
        if environment is not None:
            environment.close()

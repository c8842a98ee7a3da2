"""Dagster: the map of the system, the same job in this process, and the real `dagster dev`.

After an intended change of assets, checks, jobs, schedules or sensors:  python tests/integration/test_dagster.py
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipeline import job
from pipeline.assets.raw import listing, next_step, raw_folder_changed
from pipeline.build.expectations import ExpectationResult
from pipeline.settings import ROOT, Settings

SNAPSHOT = Path(__file__).with_name("definitions.txt")
SAMPLES = ("130100-2023-样例办公室-部门预算.docx", "130500-2022-样例办公室-部门预算.docx")
START_SECONDS = 60

QUERY = """{
  repositoriesOrError { ... on RepositoryConnection { nodes {
    assetNodes { assetKey { path } }
    schedules { name cronSchedule executionTimezone }
    sensors { name }
    jobs { name }
  } } ... on PythonError { message } }
  instance { info }
}"""


def load() -> dg.Definitions:
    """Late: loading the definitions parses the dbt project into the warehouse that the environment names."""
    from pipeline.definitions import defs

    return defs


def describe(defs: dg.Definitions) -> str:
    """Everything that the definitions hold, one line each."""
    graph = defs.resolve_asset_graph()
    lines = []
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        parents = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"asset {key.to_user_string()} [{node.group_name}] <- {parents or 'nothing'}")
    for check in graph.asset_check_keys:
        blocking = " (blocking)" if graph.get(check).blocking else ""
        lines.append(f"check {check.asset_key.to_user_string()}: {check.name}{blocking}")
    repository = defs.get_repository_def()
    lines += [f"job {name}" for name in repository.job_names if not name.startswith("__")]
    for schedule in repository.schedule_defs:
        lines.append(
            f"schedule {schedule.name}: {schedule.cron_schedule} {schedule.execution_timezone} -> {schedule.job_name}"
        )
    for sensor in repository.sensor_defs:
        lines.append(f"sensor {sensor.name}: every {sensor.minimum_interval_seconds} s -> {sensor.job_name}")
    return "\n".join(sorted(lines)) + "\n"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two of the sample documents and an empty warehouse, named by the environment as in production."""
    folder = tmp_path_factory.mktemp("dagster")
    raw = folder / "raw"
    raw.mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "raw" / "hebei" / name, raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUSUAN_RAW", str(raw))
        patch.setenv("YUSUAN_WAREHOUSE", str(folder / "warehouse"))
        yield Settings.from_env()


def run_job() -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return load().resolve_job_def("budget_warehouse").execute_in_process(instance=instance, raise_on_error=False)


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
        return {f"{s}.{n}": connection.execute(f"FROM {s}.{n} ORDER BY ALL").fetchall() for s, n in names}


# ── the map ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_definitions_are_as_reviewed(folders: Settings) -> None:
    assert describe(load()) == SNAPSHOT.read_text(encoding="utf-8"), f"if that is meant: python {__file__}"


def test_definitions_can_all_be_loaded(folders: Settings) -> None:
    dg.Definitions.validate_loadable(load())


# ── the job ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def first_run(folders: Settings) -> dg.ExecuteInProcessResult:
    return run_job()


def test_the_job_publishes_and_tells_what_it_did(folders: Settings, first_run: dg.ExecuteInProcessResult) -> None:
    assert first_run.success
    metadata = {
        event.materialization.asset_key.to_user_string(): event.materialization.metadata
        for event in first_run.get_asset_materialization_events()
    }
    assert metadata["raw_documents"]["documents"].value == 2
    assert metadata["extracted_figures"]["documents"].value == 2
    assert (
        metadata["marts/published_figure"]["dagster/row_count"].value
        == metadata["published_warehouse"]["figures"].value
    )
    checks = first_run.get_asset_check_evaluations()
    assert {check.asset_key.to_user_string() for check in checks if check.check_name == "expectations"} >= {
        "marts/published_figure",
        "marts/statement_status",
    }
    assert any(check.check_name != "expectations" for check in checks)  # dbt's tests
    assert (folders.data_docs / "index.html").exists()


def test_the_file_is_the_same_as_the_command_line_makes(
    folders: Settings, first_run: dg.ExecuteInProcessResult, tmp_path: Path
) -> None:
    settings = Settings(raw=folders.raw, warehouse=tmp_path / "warehouse", workers=folders.workers)
    intake = job.scan(settings)
    job.stage(settings, intake, job.extract(settings, intake, print))
    job.publish(settings, job.transform(settings), job.validate(settings))
    assert contents(settings.published) == contents(folders.published)


def test_an_unsound_build_is_not_published(
    folders: Settings, first_run: dg.ExecuteInProcessResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = ExpectationResult(
        "marts.published_figure.a", "marts.published_figure", None, "a holds", "error", False, "it does not", 1
    )
    monkeypatch.setattr(job, "validate", lambda settings: [wrong])
    before = (folders.published.stat().st_ino, contents(folders.published))
    result = run_job()
    assert not result.success
    assert "published_warehouse" not in {
        event.materialization.asset_key.to_user_string() for event in result.get_asset_materialization_events()
    }
    assert (folders.published.stat().st_ino, contents(folders.published)) == before


def test_a_second_run_at_the_same_time_is_refused(folders: Settings) -> None:
    holder = (
        "import sys\nfrom pipeline import job\nfrom pipeline.settings import Settings\n"
        "with job.only_run(Settings.from_env()):\n    print('held', flush=True)\n    sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        result = run_job()
    finally:
        other.communicate("\n")
    assert not result.success
    assert "another run is at work" in str(
        [event.event_specific_data for event in result.all_events if event.is_failure]
    )


def test_in_process_for_the_command_line(
    folders: Settings, first_run: dg.ExecuteInProcessResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`yusuan run --dagster`: the caller holds the lock; a refusal is told in words."""
    for name in ("YUSUAN_RAW", "YUSUAN_WAREHOUSE", "YUSUAN_WORKERS"):
        monkeypatch.setenv(name, os.environ.get(name, "1"))  # put back afterwards
    settings = Settings(raw=folders.raw, warehouse=tmp_path / "warehouse", workers=2)
    load()
    from pipeline.definitions import run_in_process

    with job.only_run(settings):
        run_in_process(settings)
    assert settings.published.exists()
    wrong = ExpectationResult(
        "marts.dim_region.a", "marts.published_figure", None, "a holds", "error", False, "not so", 1
    )
    monkeypatch.setattr(job, "validate", lambda settings: [wrong])
    with job.only_run(settings), pytest.raises(job.PublicationRefused, match="a holds: not so"):
        run_in_process(settings)


# ── the sensor ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_listing_changes_with_names_sizes_and_times(tmp_path: Path) -> None:
    seen = [listing(tmp_path)]
    (tmp_path / "a").write_text("1")
    seen.append(listing(tmp_path))
    os.utime(tmp_path / "a", ns=(1, 1))
    seen.append(listing(tmp_path))
    (tmp_path / "a").rename(tmp_path / "b")
    seen.append(listing(tmp_path))
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    seen.append(listing(tmp_path))
    assert len(set(seen)) == 5
    assert listing(tmp_path) == seen[-1]


def test_one_run_for_each_change_and_none_while_files_arrive() -> None:
    cursor, runs = "", []
    for seen in ("a", "a", "a", "b", "c", "c", "c", "a", "a"):
        cursor, run = next_step(cursor, seen)
        runs.append(run)
    assert runs == [False, True, False, False, False, True, False, False, True]


def test_the_sensor_requests_a_run(folders: Settings) -> None:
    context = dg.build_sensor_context()
    first = raw_folder_changed(context)
    assert isinstance(first, dg.SensorResult)
    assert not first.run_requests
    second = raw_folder_changed(dg.build_sensor_context(cursor=first.cursor))
    assert isinstance(second, dg.SensorResult)
    assert second.run_requests is not None
    assert [request.run_key for request in second.run_requests] == [listing(folders.raw)]


# ── dagster dev ─────────────────────────────────────────────────────────────────────────────────────────────────


def ask(port: int) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": QUERY}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        data: dict[str, Any] = json.load(answer)["data"]
    return data


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> dict[str, Any]:
    """The answer, once the code location is loaded."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            answer = ask(port)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            answer = {}
        if answer.get("repositoriesOrError", {}).get("nodes"):
            return answer
        time.sleep(0.5)
    pytest.fail(f"dagster dev does not answer:\n{log.read_text(encoding='utf-8')[-4000:]}")


def test_dagster_dev_shows_the_graph(folders: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(ROOT / "dagster.yaml", home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "dagster", "dev", "-m", "pipeline.definitions", "-h", "127.0.0.1", "-p", str(port)]
    log = tmp_path / "dev.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "DAGSTER_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            answer = wait_for(process, port, log)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    [repository] = answer["repositoriesOrError"]["nodes"]
    assets = {"/".join(node["assetKey"]["path"]) for node in repository["assetNodes"]}
    assert {"raw_documents", "extracted_figures", "marts/published_figure", "published_warehouse"} <= assets
    assert [(one["name"], one["cronSchedule"], one["executionTimezone"]) for one in repository["schedules"]] == [
        ("daily", "0 6 * * *", "Asia/Shanghai")
    ]
    assert [one["name"] for one in repository["sensors"]] == ["raw_folder_changed"]
    assert "budget_warehouse" in {one["name"] for one in repository["jobs"]}
    assert "telemetry:\n  enabled: false" in answer["instance"]["info"]


if __name__ == "__main__":
    SNAPSHOT.write_text(describe(load()), encoding="utf-8")
    print(f"wrote {SNAPSHOT}")

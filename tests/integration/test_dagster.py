"""Dagster: the map of the system, the same job in this process, and the real daemon.

After an intended change of assets, checks, jobs, schedules or sensors:  python tests/integration/test_dagster.py
"""

from __future__ import annotations

import graphlib
import http.server
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipeline import job
from pipeline.assets import raw
from pipeline.assets.hook import tell
from pipeline.assets.raw import listing, next_step, pause, raw_folder_changed
from pipeline.build.expectations import ExpectationResult
from pipeline.settings import ROOT, Settings

SNAPSHOT = Path(__file__).with_name("definitions.txt")
SAMPLES = ("130100-2023-样例办公室-部门预算.docx", "130500-2022-样例办公室-部门预算.docx")
START_SECONDS = 60

QUERY = """{
  repositoriesOrError { ... on RepositoryConnection { nodes {
    assetNodes { assetKey { path } }
    schedules { name cronSchedule executionTimezone scheduleState { status } }
    sensors { name sensorState { status } }
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
            f"schedule {schedule.name}: {schedule.cron_schedule} {schedule.execution_timezone} -> {schedule.job_name}, "
            f"{schedule.default_status.value}"
        )
    for sensor in repository.sensor_defs:
        target = f" -> {sensor.job_name}" if sensor.has_jobs or sensor.targets else ""
        every = f"every {sensor.minimum_interval_seconds} s"
        lines.append(f"sensor {sensor.name}: {every}{target}, {sensor.default_status.value}")
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


def look(cursor: str | None, instance: dg.DagsterInstance) -> dg.SensorResult:
    result = raw_folder_changed(dg.build_sensor_context(cursor=cursor, instance=instance))
    assert isinstance(result, dg.SensorResult)
    return result


def record(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> None:
    """A run of the job that ended like this just now."""
    run = dg.DagsterRun(job_name="budget_warehouse", run_id=str(uuid.uuid4()), status=status)
    instance.run_storage.add_run(run)


def test_the_sensor_requests_a_run(folders: Settings) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        first = look(None, instance)
        assert not first.run_requests
        second = look(first.cursor, instance)
        assert second.run_requests is not None
        [request] = second.run_requests
        assert request.run_key and request.run_key.startswith(listing(folders.raw))
        third = look(second.cursor, instance)
        assert not third.run_requests and "nothing new" in str(third.skip_reason)


def test_a_failed_run_is_tried_again_after_a_pause_that_doubles(
    folders: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = listing(folders.raw)
    cursor = f"{seen}|{seen}"
    with dg.DagsterInstance.ephemeral() as instance:
        for failures in (1, 2, 3):
            record(instance, dg.DagsterRunStatus.FAILURE)
            monkeypatch.setattr(raw, "now", time.time)
            waiting = look(cursor, instance)
            words = "once" if failures == 1 else f"{failures} times in a row"
            assert not waiting.run_requests and f"failed {words}; it is tried again at 20" in str(waiting.skip_reason)
            later = time.time() + pause(failures) + 5
            monkeypatch.setattr(raw, "now", partial(float, later))
            again = look(cursor, instance)
            [request] = again.run_requests or []
            assert raw.SET_ASIDE in request.tags
        record(instance, dg.DagsterRunStatus.SUCCESS)
        assert not look(cursor, instance).run_requests
        record(instance, dg.DagsterRunStatus.CANCELED)  # by a person, who knows why
        assert not look(cursor, instance).run_requests


def test_documents_that_could_not_be_read_are_tried_again_too(
    folders: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = listing(folders.raw)
    with dg.DagsterInstance.ephemeral() as instance:
        record(instance, dg.DagsterRunStatus.SUCCESS)
        monkeypatch.setattr(job, "waiting", lambda settings: 2)
        waiting = look(f"{seen}|{seen}", instance)
        assert "2 documents could not be read; it is tried again at 20" in str(waiting.skip_reason)
        later = time.time() + pause(1) + 5
        monkeypatch.setattr(raw, "now", partial(float, later))
        [request] = look(f"{seen}|{seen}", instance).run_requests or []
        assert request.tags == {raw.TRY: "2"}
        monkeypatch.setattr(job, "waiting", lambda settings: 0)
        assert not look(f"{seen}|{seen}", instance).run_requests


def test_while_a_run_waits_no_other_is_requested(folders: Settings) -> None:
    """Else a folder that changes faster than a build takes would fill the queue."""
    seen = listing(folders.raw)
    with dg.DagsterInstance.ephemeral() as instance:
        record(instance, dg.DagsterRunStatus.NOT_STARTED)
        assert "waits already" in str(look(f"|{seen}", instance).skip_reason)
    with dg.DagsterInstance.ephemeral() as instance:
        record(instance, dg.DagsterRunStatus.STARTED)  # it may have looked before the change
        assert look(f"|{seen}", instance).run_requests


def test_the_pause_doubles_up_to_a_quarter_of_a_day() -> None:
    assert [pause(n) for n in (1, 2, 3, 4)] == [60, 120, 240, 480] and pause(1000) == 6 * 3600


def test_a_warehouse_among_the_documents_is_no_change_of_them(tmp_path: Path) -> None:
    before = listing(tmp_path, tmp_path / "w")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "budget.duckdb").write_text("a")
    assert listing(tmp_path, tmp_path / "w") == before


# ── the order of the data ───────────────────────────────────────────────────────────────────────────────────────


def test_the_groups_are_drawn_in_the_order_of_the_data(folders: Settings) -> None:
    graph = load().resolve_asset_graph()
    groups: dict[str, set[str]] = {}
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        behind = groups.setdefault(str(node.group_name), set())
        behind |= {str(graph.get(parent).group_name) for parent in node.parent_keys} - {str(node.group_name)}
    order = list(graphlib.TopologicalSorter(groups).static_order())  # raises where two groups need each other
    assert order == ["documents", "staging", "marts", "quality", "reports", "published"]


# ── a run whose process is gone ─────────────────────────────────────────────────────────────────────────────────


def test_a_process_lives_while_it_is_the_same_one() -> None:
    psutil = pytest.importorskip("psutil")
    from pipeline.assets.launcher import lives

    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = psutil.Process(other.pid).create_time()
    assert lives(other.pid, started + 5)
    assert not lives(other.pid, started - 3600), "the id was given out again, after a power cut"
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert not lives(other.pid, started + 5), "it is dead, though nobody has asked for its exit code"
    other.wait()
    assert not lives(other.pid, started + 5)


# ── the hook ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_command_or_an_address_is_told_of_a_failed_run(tmp_path: Path) -> None:
    keep = f"import sys; open('{tmp_path}/told', 'wb').write(sys.stdin.buffer.read())"
    tell({"run": "1", "reason": "磁盘已满"}, shlex.join([sys.executable, "-c", keep]))
    assert json.loads((tmp_path / "told").read_bytes()) == {"run": "1", "reason": "磁盘已满"}
    heard: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        tell({"run": "2"}, f"http://127.0.0.1:{server.server_port}/hook")
    assert [json.loads(body) for body in heard] == [{"run": "2"}]


# ── yusuan serve ────────────────────────────────────────────────────────────────────────────────────────────────


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
    pytest.fail(f"yusuan serve does not answer:\n{log.read_text(encoding='utf-8')[-4000:]}")


def test_serve_shows_the_graph_and_keeps_everything_beside_the_warehouse(folders: Settings, tmp_path: Path) -> None:
    pytest.importorskip("psutil")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "pipeline.cli", "serve", "--warehouse", str(tmp_path / "w"), "--ui", str(port)]
    log = tmp_path / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            answer = wait_for(process, port, log)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert process.wait(timeout=15) == 143
            assert time.monotonic() - began < 2
        finally:
            process.kill()
    [repository] = answer["repositoriesOrError"]["nodes"]
    assets = {"/".join(node["assetKey"]["path"]) for node in repository["assetNodes"]}
    assert {"raw_documents", "extracted_figures", "marts/published_figure", "published_warehouse"} <= assets
    assert [
        (one["name"], one["cronSchedule"], one["executionTimezone"], one["scheduleState"]["status"])
        for one in repository["schedules"]
    ] == [("daily", "0 6 * * *", "Asia/Shanghai", "RUNNING")]
    assert {one["name"]: one["sensorState"]["status"] for one in repository["sensors"]} == {
        "raw_folder_changed": "RUNNING",
        "failure_hook": "RUNNING",
    }
    assert "budget_warehouse" in {one["name"] for one in repository["jobs"]}
    for setting in ("telemetry:\n  enabled: false", "WatchedRunLauncher", "run_monitoring:\n  enabled: true"):
        assert setting in answer["instance"]["info"]
    assert "yusuan: interrupted; the daemon is stopped" in log.read_text(encoding="utf-8")
    assert "serving" in (tmp_path / "w" / "dagster" / "serve.log").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"w", "serve.log"}


if __name__ == "__main__":
    SNAPSHOT.write_text(describe(load()), encoding="utf-8")
    print(f"wrote {SNAPSHOT}")

"""Faults that pass: killed and stopped workers, no fork server, files away for a moment, damaged results."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import forkserver
from pathlib import Path

import pytest

from pipeline import job
from pipeline.extraction import run as reading
from pipeline.extraction import workers
from pipeline.extraction.result_set import MANIFEST
from pipeline.extraction.run import Extraction, extract_all
from pipeline.extraction.worker import Outcome, Task
from pipeline.intake import scan_folder
from pipeline.settings import Limits, Settings
from tests.command import query, sample
from tests.faults.test_limits import raw_with_a_long_pdf
from tests.support import T5_ROWS, statement

LIMITS = Limits()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """One document that takes a second or two, one that takes none."""
    folder = tmp_path / "raw"
    folder.mkdir()
    shutil.copy(sample("130529-2023"), folder / "a.pdf")
    (folder / "b.txt").write_text(statement("T5", T5_ROWS), "utf-8")
    return folder


def extracted(raw: Path, said: list[str] | None = None, limits: Limits = LIMITS, **more: object) -> Extraction:
    report: Callable[[str], None] = (said if said is not None else []).append
    sources = scan_folder(raw, limits.bytes).sources
    return extract_all(sources, raw.with_name("extracted"), 2, limits, report, "never", **more)  # type: ignore[arg-type]


def children(parent: int) -> list[int]:
    """The processes that a process has begun."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def server() -> int | None:
    pid: int | None = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return pid


def when_at_work(act: Callable[[int], None], times: int) -> threading.Thread:
    """Do it to a worker that has been at work for a moment, so many times, each time to another one."""

    def watch() -> None:
        done: set[int] = set()
        end = time.monotonic() + 120
        while len(done) < times and time.monotonic() < end:
            pid = server()
            for child in children(pid) if pid else ():
                if child not in done:
                    time.sleep(0.3)
                    if child in children(pid or 0):
                        done.add(child)
                        act(child)
                        break
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def names(extraction: Extraction) -> list[str]:
    return [source.file_name for source, _ in extraction.loaded]


# ── workers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_worker_that_is_killed_once_costs_nothing(raw: Path, kill: signal.Signals) -> None:
    said: list[str] = []
    thread = when_at_work(lambda pid: os.kill(pid, kill), 1)
    result = extracted(raw, said)
    thread.join()
    assert (names(result), result.rejected, dict(result.waiting)) == (["a.pdf", "b.txt"], (), {})
    assert any("it is tried again" in line and kill.name in line for line in said), said


def test_a_worker_that_is_stopped_is_given_up_and_its_document_read(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 0.1)
    said: list[str] = []

    def report(line: str) -> None:
        said.append(line)
        if "tried again" in line:
            monkeypatch.setattr(workers, "_PATIENCE", 1000)  # whatever else this machine does

    thread = when_at_work(lambda pid: os.kill(pid, signal.SIGSTOP), 1)
    limits = Limits(seconds=100)
    sources = scan_folder(raw, limits.bytes).sources
    result = extract_all(sources, raw.with_name("extracted"), 2, limits, report, "never")
    thread.join()
    assert names(result) == ["a.pdf", "b.txt"]
    assert any("stood still" in line for line in said), said


def test_without_its_fork_server_a_run_goes_on(raw: Path) -> None:
    def kill_server(_: int) -> None:
        os.kill(server() or 0, signal.SIGKILL)

    thread = when_at_work(kill_server, 1)
    result = extracted(raw)
    thread.join()
    assert (names(result), result.rejected) == (["a.pdf", "b.txt"], ())


def test_a_limit_is_of_computing_time_and_final(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 1000)  # whatever else this machine does
    raw = raw_with_a_long_pdf(tmp_path, 40)
    strict = Limits(seconds=1)
    first = extracted(raw, limits=strict)
    assert ["seconds of computing time" in r.reason for r in first.rejected] == [True]
    assert (first.read, extracted(raw, limits=strict).read) == (2, 0)  # its reason is kept
    again = extracted(raw, limits=LIMITS)  # and holds for that limit only
    assert (again.read, names(again)) == (1, ["a-short.docx", "b-long.pdf"])


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_away_for_a_moment_is_read_when_it_is_back(raw: Path) -> None:
    content = (raw / "b.txt").read_bytes()
    sources = scan_folder(raw, LIMITS.bytes).sources
    (raw / "b.txt").unlink()
    said: list[str] = []

    def report(line: str) -> None:
        said.append(line)
        if "tried again" in line:
            (raw / "b.txt").write_bytes(content)

    result = extract_all(sources, raw.with_name("extracted"), 2, LIMITS, report, "never")
    assert (names(result), result.rejected) == (["a.pdf", "b.txt"], ())
    assert any("b.txt" in line and "tried again" in line for line in said)


def cut_short(folder: Path) -> None:
    path = folder / "figure.parquet"
    path.write_bytes(path.read_bytes()[:-100])


def other_schema(folder: Path) -> None:
    content = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(content | {"schema": "of another version"}), "utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        other_schema,
        lambda folder: (folder / "claim.parquet").unlink(),
        lambda folder: (folder / MANIFEST).unlink(),
        lambda folder: (folder / MANIFEST).write_bytes(b"\x00\xff{"),
        lambda folder: shutil.copy(folder / "issue.parquet", folder / "figure.parquet"),
    ],
)
def test_a_damaged_result_is_read_again(raw: Path, damage: Callable[[Path], object]) -> None:
    (raw / "a.pdf").unlink()
    ((_, folder),) = extracted(raw).loaded
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert extracted(raw).read == 0
    damage(folder)
    again = extracted(raw)
    assert (again.read, again.rejected) == (1, ())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# ── what does not pass in this run ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "raw"
    folder.mkdir()
    for n, name in enumerate("甲乙"):
        (folder / f"{n}.txt").write_text(statement("T5", T5_ROWS, body=f"21{n} 邢台市{name}局"), "utf-8")
    return Settings(raw=folder, warehouse=tmp_path / "warehouse", workers=1)


def broken_for(file_name: str) -> Callable[[Sequence[Task], int, Limits], Iterator[tuple[Task, Outcome]]]:
    """Workers that are killed over and over at one document."""

    def run(tasks: Sequence[Task], number: int, limits: Limits) -> Iterator[tuple[Task, Outcome]]:
        for task, outcome in workers.run([t for t in tasks if t.file_name != file_name], number, limits):
            yield task, outcome
        for task in tasks:
            if task.file_name == file_name:
                yield task, Outcome.passing("its worker ended without a result (SIGKILL)")

    return run


def publish(settings: Settings) -> bool:
    """A run of the steps; whether there was anything to do."""
    with job.only_run(settings):
        intake = job.scan(settings)
        before = job.published_state(settings)
        if before is not None and before.input_fingerprint == job.fingerprint(settings, intake):
            return False
        built = job.build(settings, intake, job.extract(settings, intake, print), print)
        job.publish(settings, built.dbt_result, built.expectation_results)
        job.tidy(settings, intake)
        return True


def test_what_could_not_be_read_stands_as_published_and_is_read_with_the_next_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publish(settings) and not publish(settings)
    figures = "select count(*), count(distinct document_key) from marts.published_figure"
    assert query(settings.published, figures) == [(26, 2)]
    # another version of one document, and workers that die of it
    (settings.raw / "1.txt").write_text(statement("T5", T5_ROWS[:3], body="211 邢台市乙局"), "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(reading, "run", broken_for("1.txt"))
        assert publish(settings)
        assert query(settings.published, figures) == [(26, 2)]
        stale = "select file_name from marts.dim_document where is_stale"
        assert query(settings.published, stale) == [("1.txt",)]
        (issue,) = query(settings.published, f"select text from quality.extraction_issue where what = '{job.STALE}'")
        assert "SIGKILL" in issue[0]
        assert publish(settings)  # it is still not read: the run tries, and keeps what is there
        assert query(settings.published, stale) == [("1.txt",)]
    assert publish(settings) and not publish(settings)
    assert query(settings.published, stale) == []
    assert query(settings.published, figures) == [(22, 2)]
    assert len(list(settings.extracted_dir.iterdir())) == 2


def test_a_new_document_that_could_not_be_read_is_named_and_read_with_the_next_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(reading, "run", broken_for("1.txt"))
        assert publish(settings)
    ((name, reason),) = query(settings.published, "select file_name, reason from quality.quarantined_document")
    assert name == "1.txt" and "tried again with the next run" in reason
    assert publish(settings) and not publish(settings)
    assert query(settings.published, "select * from quality.quarantined_document") == []

"""Kill the whole run at any moment: people always have a valid file, and the next run completes and cleans up."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from tests.command import Warehouse, contents, query, sample, start, summary

# what the run said last, and the seconds that it was left to live
MOMENTS = (
    ("1 documents", 0.3),  # workers are reading
    ("read ", 0.1),
    ("building the tables", 0.1),
    ("building the tables", 2.5),  # dbt at work
    ("checking the content", 1.5),
    ("publishing", 0.06),
)


def kill_after(words: str, seconds: float, raw: Path, warehouse: Path) -> bool:
    """Run, and kill the process group so many seconds after a progress line. True if the run was still alive."""
    process = start("run", "--raw", raw, "--warehouse", warehouse)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(words):
            break
    time.sleep(seconds)
    alive = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return alive


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_killed_at_any_moment_the_published_file_is_whole_and_the_next_run_completes(
    good: Warehouse, tmp_path: Path
) -> None:
    """The old build has three documents, the new one only the fourth."""
    warehouse, raw = tmp_path / "warehouse", tmp_path / "raw"
    shutil.copytree(good.folder, warehouse)
    raw.mkdir()
    shutil.copy(sample("130200-2023"), raw)
    published = warehouse / "budget.duckdb"
    old = contents(published)
    killed = 0
    for words, seconds in MOMENTS:
        killed += kill_after(words, seconds, raw, warehouse)
        if query(published, "select document_count from quality.build") == [(3,)]:
            assert contents(published) == old, f"after {words} + {seconds}"
        else:
            assert query(published, "select count(*) from marts.published_figure") == [(448,)]
        for folder in (warehouse / "extracted").glob("[0-9a-f]*"):
            assert (folder / "document.parquet").exists(), "a result without its tables has a final name"
    assert killed >= len(MOMENTS) - 1, "the moments are too late: nothing was killed"
    finished = Warehouse(raw, warehouse, good.outcome).run()
    assert finished.returncode == 0, finished.stderr
    assert summary(finished)["documents"] == 1 and summary(finished)["figures"] == 448
    assert names(warehouse) == names(good.folder)
    assert len(names(warehouse / "extracted")) == 1


def test_what_a_dead_run_left_is_gone_after_the_next_one_even_if_nothing_is_new(
    good: Warehouse, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(good.folder, warehouse)
    (warehouse / "build" / "run").mkdir(parents=True)
    (warehouse / "build" / "budget.duckdb").write_bytes(b"half")
    (warehouse / "extracted" / ".work" / "a").mkdir(parents=True)
    (warehouse / "extracted" / "0123456789abcdef-0123456789ab").mkdir()
    again = Warehouse(good.raw, warehouse, good.outcome).run()
    assert again.returncode == 0 and "Nothing new" in again.stdout
    assert names(warehouse) == names(good.folder)
    assert names(warehouse / "extracted") == names(good.folder / "extracted")

"""Publishing while the process is killed or the disk is full: the published file is always a whole one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipeline.build.publish import clean_leftovers, publish
from pipeline.build.warehouse import create_build_file

ROWS = 20_000
KILLS = 12

PUBLISH_FOR_EVER = """
import sys
from pathlib import Path
from pipeline.build.publish import clean_leftovers, publish
target = Path(sys.argv[1])
clean_leftovers(target.parent)
print('ready', flush=True)
while True:
    for build in sys.argv[2:]:
        publish(Path(build), target)
"""

# Dies without a word when a named step starts; "+" means just after it ended.
PUBLISH_AND_DIE = """
import os, sys
from pathlib import Path
from pipeline.build import publish as publishing
step, target, build = sys.argv[1:]
owner = Path if step.startswith('replace') else publishing
name = step.rstrip('+')
real = getattr(owner, name)
def fatal(*arguments):
    if step.endswith('+'):
        real(*arguments)
    os._exit(9)
setattr(owner, name, fatal)
publishing.publish(Path(build), Path(target))
"""

PUBLISH_ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from pipeline.build.publish import publish
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
publish(Path(sys.argv[2]), Path(sys.argv[1]))
"""


def make_build(folder: Path, value: int) -> Path:
    path = folder / "budget.duckdb"
    create_build_file(path, {})
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            CREATE SCHEMA marts;
            CREATE TABLE marts.fact AS SELECT {value} AS a, n AS b FROM range({ROWS}) AS numbers(n);
            CREATE VIEW marts.values AS SELECT DISTINCT a FROM budget.marts.fact;
        """)
    return path


def contents(target: Path) -> tuple[int, list[int]]:
    with duckdb.connect(str(target), read_only=True) as connection:
        count = connection.execute("SELECT count(DISTINCT b) FROM marts.fact").fetchone()
        assert count is not None
        return count[0], [row[0] for row in connection.execute("FROM marts.values ORDER BY a").fetchall()]


@pytest.fixture
def builds(tmp_path: Path) -> list[str]:
    return [str(make_build(tmp_path / f"build {value}", value)) for value in (1, 2)]


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_killed_at_random_moments(tmp_path: Path, builds: list[str]) -> None:
    target = tmp_path / "warehouse" / "budget.duckdb"
    moments = random.Random(20251)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOR_EVER, str(target), *builds], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        while not target.exists():  # the first publication must have happened before anything can be read
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.4))
        process.kill()
        process.communicate()
        count, values = contents(target)
        assert count == ROWS
        assert values in ([1], [2])
    clean_leftovers(target.parent)
    assert [file.name for file in target.parent.iterdir()] == ["budget.duckdb"]


@pytest.mark.parametrize(
    ("step", "expected"),
    [("_compact", 1), ("_verify", 1), ("_verify+", 1), ("_sync", 1), ("replace", 1), ("replace+", 2)],
)
def test_killed_at_each_step(tmp_path: Path, builds: list[str], step: str, expected: int) -> None:
    target = tmp_path / "warehouse" / "budget.duckdb"
    publish(Path(builds[0]), target)
    assert run(PUBLISH_AND_DIE, step, str(target), builds[1]).returncode == 9
    assert contents(target) == (ROWS, [expected])
    publish(Path(builds[1]), target)  # what the dead run left is no obstacle
    assert contents(target) == (ROWS, [2])
    assert [file.name for file in target.parent.iterdir()] == ["budget.duckdb"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, builds: list[str]) -> None:
    target = tmp_path / "warehouse" / "budget.duckdb"
    publish(Path(builds[0]), target)
    failed = run(PUBLISH_ON_A_FULL_DISK, str(target), builds[1])
    assert failed.returncode == 1
    assert "File too large" in failed.stderr
    assert contents(target) == (ROWS, [1])
    assert [file.name for file in target.parent.iterdir()] == ["budget.duckdb"]

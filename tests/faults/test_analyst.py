"""Somebody opens the published file for writing: readers are locked out until the next command, no longer."""

from __future__ import annotations

import argparse
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline import job
from pipeline.build.publish import publish
from pipeline.build.warehouse import create_build_file
from pipeline.settings import Settings
from pipeline.show import UserError, run_sql

# opens the file for writing, says so, and writes when it is told to; it never closes it properly
ANALYST = """
import duckdb, os, sys
os.chmod(sys.argv[1], 0o644)
connection = duckdb.connect(sys.argv[1])
connection.execute("set checkpoint_threshold = '1TB'")
print('open', flush=True)
sys.stdin.readline()
connection.execute('create table notes as select 1 as n')
print('written', flush=True)
os._exit(0)
"""


def build(folder: Path, value: int) -> Path:
    path = folder / f"build {value}" / "budget.duckdb"
    create_build_file(path, {})
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"create schema marts; create table marts.fact as select {value} as a; create schema quality; "
            "create table quality.build as select 'b' as build_id, 'f' as input_fingerprint, 1 as document_count, "
            "1 as figure_count, 1 as statement_count, 0 as issue_count, 0 as quarantined_count"
        )
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(warehouse=tmp_path / "warehouse")
    publish(build(tmp_path, 1), settings.published)
    return settings


def test_the_published_file_is_read_only(settings: Settings, tmp_path: Path) -> None:
    for value in (2, 3):
        publish(build(tmp_path, value), settings.published)
        assert stat.S_IMODE(settings.published.stat().st_mode) == 0o444
    assert [path.name for path in settings.warehouse.iterdir()] == ["budget.duckdb"]


@pytest.fixture
def locked_out(settings: Settings, tmp_path: Path) -> Settings:
    """An analyst's session outlives a publication and writes its log beside the new file."""
    analyst = subprocess.Popen(
        [sys.executable, "-c", ANALYST, str(settings.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert analyst.stdin and analyst.stdout and analyst.stdout.readline() == "open\n"
    publish(build(tmp_path, 2), settings.published)
    analyst.stdin.write("\n")
    analyst.stdin.flush()
    analyst.communicate()
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(settings.published), read_only=True)
    return settings


def test_status_and_sql_open_it_again(locked_out: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_sql(locked_out, argparse.Namespace(query="select a from marts.fact", unsafe=False)) == 0
    assert "2" in capsys.readouterr().out
    with duckdb.connect(str(locked_out.published), read_only=True) as connection:
        assert connection.execute("from marts.fact").fetchall() == [(2,)]


def test_a_run_sees_what_is_published(locked_out: Settings) -> None:
    published = job.published_state(locked_out)
    assert published is not None and published.build_id == "b"


def test_the_message_says_what_to_delete(locked_out: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(UserError, match=r"left .*budget\.duckdb\.wal; delete it"):
        run_sql(locked_out, argparse.Namespace(query="select 1", unsafe=False))

"""Publishing: what the published file holds, and what its readers notice (nothing)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.build import publish as publishing
from pipeline.build.publish import PublishError, clean_leftovers, publish
from pipeline.build.warehouse import create_build_file
from pipeline.extraction.schema import FIGURE, RUN_TABLES

READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(connection.execute(line).fetchone()[0], flush=True)
"""


def make_build(path: Path, amount: int = 1, more: str = "") -> Path:
    """A build file such as dbt leaves: views name their catalog, comments on everything, keys."""
    create_build_file(path, {})
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            CREATE SCHEMA marts; CREATE SCHEMA quality; CREATE SCHEMA staging; CREATE SCHEMA scratch;
            CREATE TABLE scratch.left_behind AS SELECT 1 AS a;
            CREATE TABLE marts.fact (id VARCHAR PRIMARY KEY, amount_yuan DECIMAL(20, 2) NOT NULL, bbox DOUBLE[]);
            INSERT INTO marts.fact SELECT 'row ' || n, n * {amount}, [n, n + 0.5] FROM range(5000) AS numbers(n);
            CREATE VIEW marts.z_base AS
                WITH facts AS (SELECT f.* FROM "budget"."marts"."fact" AS f)
                SELECT id, amount_yuan FROM facts WHERE amount_yuan <= (SELECT max(amount_yuan) FROM budget.marts.fact);
            CREATE VIEW marts.a_top AS SELECT budget.marts.z_base.id, '一 AS ''二' AS note FROM budget.marts.z_base;
            CREATE TABLE quality.empty (what VARCHAR);
            CREATE TABLE staging.copy AS SELECT 1 AS a;
            COMMENT ON TABLE marts.fact IS '事实 — it''s a fact';
            COMMENT ON COLUMN marts.fact.amount_yuan IS '金额';
            COMMENT ON VIEW marts.a_top IS '视图';
            COMMENT ON COLUMN marts.a_top.note IS '注';
            {more}
        """)
    return path


def published_names(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1"
        ).fetchall()
    return [row[0] for row in rows]


def one(path: Path, query: str) -> Any:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return make_build(tmp_path / "build" / "budget.duckdb")


def test_a_build_file_shows_exactly_the_files_given(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("it's one.parquet", "two.parquet", "not listed.parquet")]
    for number, file in enumerate(files):
        table = pa.Table.from_pylist([{"file_name": file.name, "reason": str(number)}], schema=RUN_TABLES["quarantine"])
        pq.write_table(table, file)
    build = tmp_path / "budget.duckdb"
    create_build_file(build, {"quarantine": files[:2]})
    assert one(build, "SELECT file_name, reason FROM extracted.quarantine ORDER BY reason") == [
        ("it's one.parquet", "0"),
        ("two.parquet", "1"),
    ]


def test_a_table_without_files_is_empty_and_typed(tmp_path: Path) -> None:
    build = tmp_path / "budget.duckdb"
    create_build_file(build, {})
    columns = dict(one(build, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'figure'"))
    assert list(columns) == FIGURE.names
    assert columns["amount_yuan"] == "DECIMAL(20,2)"
    assert columns["bbox"] == "DOUBLE[]"
    assert columns["row_number"] == "INTEGER"
    assert one(build, "SELECT count(*) FROM extracted.figure") == [(0,)]


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not tables of the extraction: figures"):
        create_build_file(tmp_path / "budget.duckdb", {"figures": []})


def test_only_the_published_schemas_are_copied(build: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "budget.duckdb"
    publish(build, target)
    assert published_names(target) == [
        "marts.a_top",
        "marts.fact",
        "marts.z_base",
        "quality.empty",
        "staging.copy",
    ]
    assert one(target, "SELECT count(*), sum(amount_yuan) FROM marts.fact") == [(5000, 12497500)]
    assert sorted(file.name for file in target.parent.iterdir()) == ["budget.duckdb"]


def test_the_site_of_the_checks_is_published_with_the_file(build: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "budget.duckdb"
    for number in range(2):
        site = tmp_path / "build" / "data_docs"
        site.mkdir()
        (site / f"{number}.html").touch()
        publish(build, target, site)
    assert [file.name for file in (target.parent / "data_docs").iterdir()] == ["1.html"]
    assert sorted(file.name for file in target.parent.iterdir()) == ["budget.duckdb", "data_docs"]


def test_comments_and_keys_are_kept(build: Path, tmp_path: Path) -> None:
    target = tmp_path / "budget.duckdb"
    publish(build, target)
    for what in (
        "table_name, comment FROM duckdb_tables() WHERE schema_name = 'marts'",
        "view_name, comment FROM duckdb_views() WHERE schema_name = 'marts'",
        "table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE schema_name = 'marts'",
        "table_name, constraint_text FROM duckdb_constraints() WHERE schema_name = 'marts'",
    ):
        assert one(target, f"SELECT {what} ORDER BY ALL") == one(build, f"SELECT {what} ORDER BY ALL")
    assert one(target, "SELECT comment FROM duckdb_columns() WHERE column_name = 'note'") == [("注",)]


@pytest.mark.parametrize("name", ["budget.duckdb", "别的 name.db"])
def test_views_work_under_any_file_name_and_alias(build: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "elsewhere" / name
    publish(build, target)
    assert one(target, "SELECT count(*), min(note) FROM marts.a_top") == [(5000, "一 AS '二")]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{target}' AS my_alias (READ_ONLY)")
        assert connection.execute("SELECT count(*) FROM my_alias.marts.a_top").fetchone() == (5000,)


def test_format_is_what_duckdb_1_4_opens(build: Path, tmp_path: Path) -> None:
    target = tmp_path / "budget.duckdb"
    publish(build, target)
    [(tags,)] = one(target, "SELECT tags FROM duckdb_databases() WHERE database_name = 'budget'")
    assert tags["storage_version"].startswith("v1.4.0")


def test_the_same_build_gives_the_same_contents(build: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one.duckdb", tmp_path / "two.duckdb"
    publish(build, first)
    publish(build, second)
    for relation in published_names(first):
        assert one(first, f"FROM {relation}") == one(second, f"FROM {relation}")  # order included


def test_a_view_over_what_is_not_published_stops_the_publication(tmp_path: Path) -> None:
    build = make_build(
        tmp_path / "build" / "budget.duckdb",
        more="CREATE VIEW staging.bad AS SELECT * FROM budget.scratch.left_behind;",
    )
    target = tmp_path / "budget.duckdb"
    target.write_bytes(b"the old file")
    with pytest.raises(duckdb.Error, match="left_behind"):
        publish(build, target)
    assert target.read_bytes() == b"the old file"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["budget.duckdb", "build"]


def test_a_copy_that_differs_is_not_published(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compact = publishing._compact

    def losing_a_row(build_file: Path, copy: Path) -> None:
        compact(build_file, copy)
        with duckdb.connect(str(copy)) as connection:
            connection.execute("UPDATE marts.fact SET amount_yuan = 0.01 WHERE id = 'row 7'")

    monkeypatch.setattr(publishing, "_compact", losing_a_row)
    with pytest.raises(PublishError, match=r"differs from the build in marts\.a_top|marts\.fact"):
        publish(build, tmp_path / "budget.duckdb")
    assert not (tmp_path / "budget.duckdb").exists()


def test_a_build_without_tables_is_not_published(tmp_path: Path) -> None:
    create_build_file(tmp_path / "build" / "budget.duckdb", {})
    with pytest.raises(PublishError, match="holds no table"):
        publish(tmp_path / "build" / "budget.duckdb", tmp_path / "budget.duckdb")


def test_a_reader_keeps_its_file_and_a_new_one_sees_the_new(build: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "budget.duckdb"
    publish(build, target)

    def reader() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", READER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(process: subprocess.Popen[str]) -> str:
        assert process.stdin and process.stdout
        process.stdin.write("SELECT sum(amount_yuan) FROM marts.fact\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    before = reader()
    assert ask(before) == "12497500.00"
    publish(make_build(tmp_path / "second" / "budget.duckdb", amount=2), target)
    after = reader()
    try:
        assert ask(before) == "12497500.00"
        assert ask(after) == "24995000.00"
    finally:
        for process in (before, after):
            process.communicate()


def test_readers_never_meet_a_lock(build: Path, tmp_path: Path) -> None:
    """A process opens the file again and again while it is published again and again."""
    target = tmp_path / "budget.duckdb"
    publish(build, target)
    code = """
import duckdb, sys
print('ready', flush=True)
opened = 0
while opened < 60:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        assert connection.execute('SELECT count(*) FROM marts.a_top').fetchone() == (5000,)
    opened += 1
"""
    reader = subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert reader.stdout
    reader.stdout.readline()
    published = 0
    while reader.poll() is None:
        publish(build, target)
        published += 1
    _, errors = reader.communicate()
    assert reader.returncode == 0, errors.decode()
    assert published > 1


WRITER = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("UPDATE marts.fact SET amount_yuan = 666")
print('wrote', flush=True)
sys.stdin.readline()
connection.execute("CREATE TABLE marts.mine AS SELECT 1 AS a")
os._exit(9)  # as a crash does: the log stays
"""


@pytest.mark.parametrize("still_open", [False, True])
def test_the_log_of_somebody_writing_is_never_replayed(build: Path, tmp_path: Path, still_open: bool) -> None:
    target = tmp_path / "budget.duckdb"
    publish(build, target)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    writer.stdout.readline()
    if not still_open:
        writer.communicate("go on\n")
    assert Path(f"{target}.wal").exists()
    publish(build, target)
    assert one(target, "SELECT count(*) FROM marts.fact WHERE amount_yuan = 666") == [(1,)]  # the build's own row 666
    if still_open:
        writer.communicate("go on\n")
        assert one(target, "SELECT count(*) FROM marts.fact WHERE amount_yuan = 666") == [(1,)]


def test_a_strangers_log_is_refused_not_replayed(build: Path, tmp_path: Path) -> None:
    """A session on the old file that first writes after the publication: DuckDB knows its log by an id."""
    target = tmp_path / "budget.duckdb"
    publish(build, target)
    publish(build, tmp_path / "other.duckdb")
    subprocess.run([sys.executable, "-c", WRITER, str(target)], input="\n", text=True, check=False)
    (tmp_path / "other.duckdb").replace(target)
    with pytest.raises(duckdb.IOException, match="WAL does not match"):
        one(target, "FROM marts.fact")
    publish(build, target)  # and the next publication is sound again
    assert one(target, "SELECT count(*) FROM marts.fact") == [(5000,)]


def test_clean_leftovers_removes_only_what_a_killed_run_left(build: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    publish(build, warehouse / "budget.duckdb")
    (warehouse / "data_docs").mkdir()
    for name in ("budget.duckdb.next", "budget.duckdb.next.wal"):
        (warehouse / name).write_bytes(b"half")
    (warehouse / "data_docs.old" / "validations").mkdir(parents=True)
    clean_leftovers(warehouse)
    assert sorted(file.name for file in warehouse.iterdir()) == ["budget.duckdb", "data_docs"]
    (warehouse / "data_docs").rename(warehouse / "data_docs.old")  # killed between the two renames
    clean_leftovers(warehouse)
    assert sorted(file.name for file in warehouse.iterdir()) == ["budget.duckdb", "data_docs"]
    clean_leftovers(tmp_path / "not there yet")

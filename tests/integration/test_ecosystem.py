"""The published file in other tools: SQLAlchemy and harlequin list its tables and answer the questions."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.command import Warehouse
from tools.pages import Question, read_questions

sqlalchemy = pytest.importorskip("sqlalchemy")
pytest.importorskip("duckdb_engine")
pytest.importorskip("harlequin")
pytestmark = pytest.mark.filterwarnings("ignore:Did not recognize type 'list'")  # the boxes of cells


@pytest.fixture(scope="module")
def file(good: Warehouse) -> Path:
    return good.published


def own_copy(file: Path, folder: Path) -> Path:
    """Within one process DuckDB opens a file with one set of options only; each tool has its own."""
    return Path(shutil.copy(file, folder / file.name))


@pytest.fixture(scope="module")
def engine(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    copy = own_copy(file, tmp_path_factory.mktemp("sqlalchemy"))
    engine = sqlalchemy.create_engine(f"duckdb:///{copy}", connect_args={"read_only": True})
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def adapter(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from harlequin_duckdb import DuckDbAdapter

    return DuckDbAdapter([str(own_copy(file, tmp_path_factory.mktemp("harlequin")))], read_only=True)


def ask(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def tables(file: Path, schema: str) -> dict[str, str]:
    query = f"""
        select table_name, comment from duckdb_tables() where schema_name = '{schema}'
        union all
        select view_name, comment from duckdb_views() where schema_name = '{schema}'
    """
    return {str(name): str(comment) for name, comment in ask(file, query)}


@pytest.mark.parametrize("schema", ["marts", "quality"])
def test_sqlalchemy_lists_tables_and_columns_with_their_comments(engine: Any, file: Path, schema: str) -> None:
    inspector = sqlalchemy.inspect(engine)
    known = tables(file, schema)
    assert {*inspector.get_table_names(schema), *inspector.get_view_names(schema)} == set(known)
    for name in inspector.get_table_names(schema):
        assert inspector.get_table_comment(name, schema)["text"] == known[name]
        assert all(column["comment"] for column in inspector.get_columns(name, schema)), name


def test_sqlalchemy_gives_amounts_as_exact_decimals(engine: Any) -> None:
    with engine.connect() as connection:
        (yuan,) = connection.execute(sqlalchemy.text("select sum(amount_yuan) from marts.fct_expenditure")).one()
    assert isinstance(yuan, Decimal)


@pytest.mark.parametrize("question", read_questions(), ids=lambda question: question.english)
def test_every_question_has_one_answer_in_every_tool(engine: Any, adapter: Any, file: Path, question: Question) -> None:
    expected = ask(file, question.sql)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.exec_driver_sql(question.sql)] == expected
    table = adapter.connect().execute(question.sql).fetchall()
    assert [tuple(row.values()) for row in table.to_pylist()] == expected


def test_harlequin_lists_the_tables(adapter: Any, file: Path) -> None:
    (database,) = [item for item in adapter.connect().get_catalog().items if item.label == "budget"]
    found = {schema.label: {table.label for table in schema.fetch_children()} for schema in database.fetch_children()}
    for schema in ("marts", "quality"):
        assert found[schema] == set(tables(file, schema))


def test_a_person_asks_harlequin(adapter: Any, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from harlequin import Harlequin

    monkeypatch.setenv("HOME", str(tmp_path))
    sql = "select table_name, comment from duckdb_tables() where schema_name = 'marts' order by 1"

    async def session() -> list[tuple[Any, ...]]:
        app = Harlequin(adapter, connection_hash="test")
        async with app.run_test(size=(150, 40)) as pilot:
            for _ in range(300):
                await pilot.pause(0.1)
                if app.editor is not None:
                    break
            assert app.editor is not None
            app.editor.text = sql
            await pilot.press("ctrl+j")
            for _ in range(300):
                await pilot.pause(0.1)
                table = app.results_viewer.get_visible_table()
                if table is not None and table.row_count:
                    return [tuple(table.get_row_at(row)) for row in range(table.row_count)]
        return []

    assert asyncio.run(session()) == ask(file, sql)

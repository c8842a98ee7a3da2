"""Copying tables, views and their comments from one attached DuckDB database into another."""

from __future__ import annotations

import json
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from pipeline.build.warehouse import text_literal

PUBLISHED_SCHEMAS = ("marts", "quality", "staging")

Relation = tuple[str, str]  # schema, name


def copy_relations(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Copy the published schemas. `COPY FROM DATABASE` takes all along and leaves the name `source` in views."""
    tables = _definitions(connection, "duckdb_tables", "table_name", source)
    views = _definitions(connection, "duckdb_views", "view_name", source)
    connection.execute(f"USE {target}")
    for schema in PUBLISHED_SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}")
    for relation, sql in tables.items():
        connection.execute(sql)
        connection.execute(f"INSERT INTO {_quoted(relation)} SELECT * FROM {source}.{_quoted(relation)}")
    _create_views(connection, views, source)
    _copy_comments(connection, source)


def without_catalog(query: Any, catalog: str, references: set[Relation]) -> Any:
    """DuckDB's syntax tree of a query with `catalog` taken off every name; collects the relations that it reads."""
    if isinstance(query, list):
        return [without_catalog(part, catalog, references) for part in query]
    if not isinstance(query, dict):
        return query
    tree = {key: without_catalog(value, catalog, references) for key, value in query.items()}
    if tree.get("type") == "BASE_TABLE":
        references.add((tree["schema_name"], tree["table_name"]))
        if tree["catalog_name"] == catalog:
            tree["catalog_name"] = ""
    names = tree.get("column_names")
    if tree.get("class") == "COLUMN_REF" and names and len(names) > 2 and names[0] == catalog:
        tree["column_names"] = names[1:]
    return tree


def _create_views(connection: duckdb.DuckDBPyConnection, views: dict[Relation, str], source: str) -> None:
    """The views without the name of the database that they were built in: they work under any file name and alias."""
    reads: dict[Relation, set[Relation]] = {}
    statements: dict[Relation, str] = {}
    for relation, sql in views.items():
        head, query = sql.rstrip(";").split(" AS ", 1)
        serialised = _value(connection, "SELECT json_serialize_sql($1::VARCHAR)", query)
        references: set[Relation] = set()
        tree = json.dumps(without_catalog(json.loads(serialised), source, references), ensure_ascii=False)
        statements[relation] = f"{head} AS {_value(connection, 'SELECT json_deserialize_sql($1::JSON)', tree)}"
        reads[relation] = references & views.keys()
    for relation in TopologicalSorter(reads).static_order():
        connection.execute(statements[relation])


def _copy_comments(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    comments = connection.execute(
        "SELECT 'TABLE', schema_name, table_name, NULL, comment FROM duckdb_tables() WHERE database_name = $1 "
        "UNION ALL SELECT 'VIEW', schema_name, view_name, NULL, comment FROM duckdb_views() WHERE database_name = $1 "
        "UNION ALL SELECT 'COLUMN', schema_name, table_name, column_name, comment FROM duckdb_columns() "
        "WHERE database_name = $1",
        [source],
    ).fetchall()
    for kind, schema, name, column, comment in comments:
        if comment is not None and schema in PUBLISHED_SCHEMAS:
            named = _quoted((schema, name)) + (f".{_identifier(column)}" if column else "")
            connection.execute(f"COMMENT ON {kind} {named} IS {text_literal(comment)}")


def _definitions(
    connection: duckdb.DuckDBPyConnection, function: str, name_column: str, database: str
) -> dict[Relation, str]:
    rows = connection.execute(
        f"SELECT schema_name, {name_column}, sql FROM {function}() "
        "WHERE database_name = $1 AND list_contains($2, schema_name) ORDER BY ALL",
        [database, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    return {(schema, name): sql for schema, name, sql in rows}


def _value(connection: duckdb.DuckDBPyConnection, query: str, argument: str) -> str:
    row = connection.execute(query, [argument]).fetchone()
    if row is None:  # a SELECT without FROM always has a row
        raise LookupError(query)
    return str(row[0])


def _quoted(relation: Relation) -> str:
    return ".".join(_identifier(part) for part in relation)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""The build file: a private DuckDB file whose schema `extracted` shows the Parquet files of this run, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.extraction.schema import DOCUMENT_TABLES, RUN_TABLES

if TYPE_CHECKING:
    import pyarrow as pa

BUILD_FILE_NAME = "budget.duckdb"  # DuckDB names the catalog after the file: dbt writes to `budget`
TABLES = {**DOCUMENT_TABLES, **RUN_TABLES}


def create_build_file(path: Path, tables: Mapping[str, Sequence[Path]]) -> None:
    """A new build file with one view for each Parquet table, over exactly the files given (never a glob)."""
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise ValueError(f"not tables of the extraction: {', '.join(unknown)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in (path, Path(f"{path}.wal")):
        stale.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA extracted")
        for name, schema in TABLES.items():
            files = tables.get(name, ())
            body = _rows_of(files) if files else _no_rows(connection, schema)
            connection.execute(f"CREATE VIEW extracted.{name} AS {body}")


def _rows_of(files: Sequence[Path]) -> str:
    return f"SELECT * FROM read_parquet([{', '.join(text_literal(str(file)) for file in files)}])"


def _no_rows(connection: duckdb.DuckDBPyConnection, schema: pa.Schema) -> str:
    """No file at all: the columns and types of the schema, without a row."""
    empty = connection.from_arrow(schema.empty_table())
    columns = zip(empty.columns, empty.types, strict=True)
    return f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {name}' for name, kind in columns)} WHERE false"


def text_literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"

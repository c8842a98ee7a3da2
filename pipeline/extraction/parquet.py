"""Rows → Parquet files, a group of rows at a time. The same rows give the same bytes: no clock, one thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Rows = Iterable[dict[str, Any]]  # made one by one as they are written
_ROWS_AT_A_TIME = 1024  # a row group; what is written of a long document is never in memory at once


class Tables:
    """The Parquet files of one folder, a row group at a time; a context that completes them, rows or none."""

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
        self._schemas = schemas
        self._waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in schemas}
        self._writers = {
            name: pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd", store_schema=False)
            for name, schema in schemas.items()
        }

    def add(self, name: str, rows: Rows) -> None:
        waiting = self._waiting[name]
        for row in rows:
            waiting.append(row)
            if len(waiting) == _ROWS_AT_A_TIME:
                self._write(name)

    def _write(self, name: str) -> None:
        self._writers[name].write_table(pa.Table.from_pylist(self._waiting[name], schema=self._schemas[name]))
        self._waiting[name].clear()

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name, writer in self._writers.items():
            if self._waiting[name] and kind is None:
                self._write(name)
            writer.close()


def write_tables(folder: Path, rows: Mapping[str, Rows], schemas: Mapping[str, pa.Schema]) -> None:
    """One Parquet file per table into an existing folder."""
    with Tables(folder, schemas) as tables:
        for name in schemas:
            tables.add(name, rows[name])

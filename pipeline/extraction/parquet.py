"""Rows → Parquet files, a group of rows at a time. The same rows give the same bytes: no clock, one thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Rows = Iterable[dict[str, Any]]  # made one by one as they are written
# Arrow's own pools keep what they free: 7 MB more for a short document, 12 for a thousand pages, and no faster.
pa.set_memory_pool(pa.system_memory_pool())

_ROW_GROUP = 1024  # what is written of a long document is never in memory at once
_BATCH = 128  # rows as Python objects; as Arrow's they take a tenth until their group is full


class Tables:
    """The Parquet files of one folder, a row group at a time; a context that completes them, rows or none."""

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
        self._tables = {
            name: _Table(
                schema, pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd", store_schema=False)
            )
            for name, schema in schemas.items()
        }

    def add(self, name: str, rows: Rows) -> None:
        for row in rows:
            self._tables[name].add(row)

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for table in self._tables.values():
            if kind is None:
                table.write()
            table.writer.close()


@dataclass(slots=True)
class _Table:
    schema: pa.Schema
    writer: pq.ParquetWriter
    rows: list[dict[str, Any]] = field(default_factory=list)
    batches: list[pa.RecordBatch] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        self.rows.append(row)
        if len(self.rows) == _BATCH:
            self.convert()
            if len(self.batches) == _ROW_GROUP // _BATCH:
                self.write()

    def convert(self) -> None:
        self.batches.append(pa.RecordBatch.from_pylist(self.rows, schema=self.schema))
        self.rows.clear()

    def write(self) -> None:
        if self.rows:
            self.convert()
        if self.batches:
            self.writer.write_table(pa.Table.from_batches(self.batches).combine_chunks())
            self.batches.clear()


def write_tables(folder: Path, rows: Mapping[str, Rows], schemas: Mapping[str, pa.Schema]) -> None:
    """One Parquet file per table into an existing folder."""
    with Tables(folder, schemas) as tables:
        for name in schemas:
            tables.add(name, rows[name])

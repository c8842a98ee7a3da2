"""Which documents a build is refused for: the fewest without which it is sound, found by building with fewer.

Whatever the rule that fails, known here or not, the search ends with the documents that break it. Rows that a failed
test shows only tell where to look first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

_MOST = 5  # more than so many are no oddities of documents: the build itself is wrong
_ROWS = 1000  # of a failed test that are looked at

Build = Callable[[Sequence[str]], str | None]  # documents → why the build with them is refused, None where it is sound


def find_culprits(
    documents: Sequence[str], refused: str, suspects: Iterable[str], build: Build
) -> dict[str, str] | None:
    """Document → why it is set aside; None where that does not help. ``refused``: why the build with all of them is.

    A document that only another one makes wrong is taken for the culprit where it comes later.
    """
    doubted = set(suspects)
    order = [d for d in documents if d not in doubted] + [d for d in documents if d in doubted]
    first = len(order) - len(doubted)
    if first == len(order) > 3 and all(build([order[n]]) for n in (0, first // 2, first - 1)):
        return None  # whatever is in it
    sound, reason = 0, refused  # order[:sound] without the culprits is sound
    if first and build(order[:first]) is None:
        sound = first
    culprits: dict[str, str] = {}
    while len(culprits) < _MOST:
        kept = [d for d in order if d not in culprits]
        low, high, why = sound, len(kept), reason
        while high - low > 1:  # kept[:low] is sound, kept[:high] is refused
            middle = (low + high) // 2
            if (found := build(kept[:middle])) is None:
                low = middle
            else:
                high, why = middle, found
        culprits[kept[low]] = why
        sound = low
        rest = [d for d in kept if d not in culprits]
        if not rest:
            return None
        if (still := build(rest)) is None:
            return culprits
        reason = still
    return None


def named_by_failures(build_file: Path, target_dir: Path, documents: Iterable[str]) -> dict[str, str]:
    """Document → the first row that a failed dbt test shows of it, in words; empty where none names a document."""
    keys = set(documents)
    found: dict[str, str] = {}
    file = target_dir / "run_results.json"
    results = json.loads(file.read_text(encoding="utf-8"))["results"] if file.exists() else []
    with duckdb.connect(str(build_file), read_only=True) as connection:
        for result in results:
            if result["status"] != "fail" or not result.get("compiled_code"):
                continue
            try:
                cursor = connection.execute(f"select * from ({result['compiled_code']}) limit {_ROWS}")
            except duckdb.Error:  # the result of an earlier build, on tables that this one does not have
                continue
            names = [column[0] for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            for key, row in _documents_of(connection, rows, keys):
                found.setdefault(key, _in_words(row))
    return found


def _documents_of(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]], keys: set[str]
) -> list[tuple[str, Mapping[str, Any]]]:
    """(document, row) wherever a row holds the key of a document, of a figure or of a department; figures are shown."""
    texts = sorted({value for row in rows for value in row.values() if isinstance(value, str)})
    figures = connection.execute(
        "select figure_id, document_key, page, locator, text_as_printed from staging.stg_figure "
        "where list_contains($1, figure_id)",
        [texts],
    ).fetchall()
    departments = connection.execute(
        "select department_key, document_key from staging.stg_department where list_contains($1, department_key)",
        [texts],
    ).fetchall()
    found: list[tuple[str, Mapping[str, Any]]] = []
    for row in rows:
        values = {value for value in row.values() if isinstance(value, str)}
        found += [(value[:16], row) for value in values if value[:16] in keys]
        for figure, document, page, locator, text in figures:
            if figure in values and document in keys:
                found.append((document, {**row, "page": page, "locator": locator, "text": text}))
        found += [(document, row) for department, document in departments if department in values and document in keys]
    return sorted(found, key=str)


def _in_words(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)

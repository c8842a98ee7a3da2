"""Which documents a build may rest on: the rows of each are judged by themselves, before anything is built of them.

The keys, required columns and lists of values are read from the dbt models that declare them; `admission.yaml` has what
no model says. One document's oddity ends here as its quarantine and never reaches the gate, which judges the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline.build.transform import PROJECT
from pipeline.build.warehouse import text_literal
from pipeline.extraction.schema import DOCUMENT_TABLES

RULES = Path(__file__).with_name("admission.yaml")
_SEEDS = ("measures", "statements", "three_public_items")
_SHOWN = 3  # rows of a broken rule that the reason names


@dataclass(frozen=True, slots=True)
class Rule:
    """``sql`` gives the rows that break it: owner, page, locator, text."""

    says: str
    sql: str


def faults(folders: Mapping[str, Path]) -> dict[str, str]:
    """Document key → why nothing can be built of it, with page and text; nothing of a document that is sound.

    ``folders``: the Parquet set of each document.
    """
    found: dict[str, list[str]] = defaultdict(list)
    with duckdb.connect() as connection:
        _open(connection, folders)
        for rule in load_rules():
            for owner, rows in _by_owner(connection.execute(rule.sql).fetchall()).items():
                found[owner].append(f"{rule.says}: {_places(rows)}")
    return {owner: "; ".join(reasons) for owner, reasons in found.items()}


def _open(connection: duckdb.DuckDBPyConnection, folders: Mapping[str, Path]) -> None:
    """The tables of all documents, each row with the document whose file it stands in."""
    for name in DOCUMENT_TABLES:
        owners = {str(folder / f"{name}.parquet"): key for key, folder in folders.items()}
        files = ", ".join(text_literal(file) for file in owners)
        connection.execute(f"create temp table owner_of_{name} (file varchar, owner varchar)")
        connection.executemany(f"insert into owner_of_{name} values (?, ?)", list(owners.items()))
        connection.execute(
            f"create temp view {name} as select owner_of.owner, rows_read.* exclude (filename) "
            f"from read_parquet([{files}], filename = true) as rows_read "
            f"inner join owner_of_{name} as owner_of on owner_of.file = rows_read.filename"
        )
    for seed in _SEEDS:
        file = text_literal(str(PROJECT / "seeds" / f"{seed}.csv"))
        connection.execute(f"create temp view {seed} as from read_csv({file}, header = true, all_varchar = true)")


def _by_owner(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for owner, *place in rows:
        found[owner].append(tuple(place))
    return found


def _places(rows: Sequence[tuple[Any, ...]]) -> str:
    """The first rows, in an order of their own, and how many there are."""
    texts = []
    for page, locator, text in sorted(rows, key=str)[:_SHOWN]:
        where = ", ".join(filter(None, (f"page {page}" if page else None, locator)))
        texts.append(f"{text if text is not None else '(blank)'}{f' ({where})' if where else ''}")
    more = len(rows) - len(texts)
    return " | ".join(texts) + (f" and {more} more" if more > 0 else "")


# ── the rules ───────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """The rules of the dbt models for the tables of a document, then those of admission.yaml."""
    import yaml

    content = yaml.safe_load(RULES.read_text("utf-8"))
    declared = _models()
    rules: list[Rule] = []
    for table, names in content["models"].items():
        place = _place(table, content["text"][table])
        rules += _declared(table, place, [declared[name] for name in names])
        if key := content["keys"].get(table):
            rules.append(_one_row_for(table, place, key))
    for rule in content["rules"]:
        if condition := rule.get("each_table"):
            tables = (f"select {_place(t, content['text'][t])} from {t} where {condition}" for t in content["models"])
            rules.append(Rule(rule["says"], " union all ".join(tables)))
        else:
            rules.append(Rule(rule["says"], rule["sql"]))
    return tuple(rules)


def _declared(table: str, place: str, models: Sequence[Mapping[str, Any]]) -> Iterator[Rule]:
    """What the models say of columns that the table has under the same names."""
    columns = set(DOCUMENT_TABLES[table].names)
    required: dict[str, None] = {}
    keys: dict[tuple[str, ...], None] = {}
    values: dict[str, list[str]] = {}
    for model in models:
        for column in model.get("columns", ()):
            if any(limit["type"] == "not_null" for limit in column.get("constraints", ())):
                required[column["name"]] = None
        for test in model.get("data_tests", ()):
            arguments = next(iter(test.values()))["arguments"]
            if "primary_key" in test and set(arguments["columns"]) <= columns:
                keys[tuple(arguments["columns"])] = None
            values |= arguments["values"] if "allowed_values" in test else {}
    for column in required:
        if column in columns:
            yield Rule(f"{table}.{column} is never blank", f"select {place} from {table} where {column} is null")
    for column, allowed in values.items():
        if column in columns:
            listed = ", ".join(text_literal(value) for value in allowed)
            yield Rule(
                f"{table}.{column} is one of {', '.join(allowed)}",
                f"select {place} || concat(' ', {column}) from {table} where {column} not in ({listed})",
            )
    for key in keys:
        yield _one_row_for(table, place, key)


def _one_row_for(table: str, place: str, key: Iterable[str]) -> Rule:
    columns = ", ".join(key)
    return Rule(
        f"{table} has one row for each {columns}",
        f"select {place} from {table} qualify count(*) over (partition by owner, {columns}) > 1",
    )


def _place(table: str, text: str) -> str:
    """owner, page, locator, text of a row."""
    has = DOCUMENT_TABLES[table].names
    page, locator = (name if name in has else f"null as {name}" for name in ("page", "locator"))
    return f"owner, {page}, {locator}, coalesce({text}, '')"


def _models() -> dict[str, Mapping[str, Any]]:
    """The models of the dbt project by name, as their YAML files declare them."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = [yaml.load(path.read_bytes(), Loader=loader) for path in sorted((PROJECT / "models").rglob("*.yml"))]
    return {model["name"]: model for file in files for model in file.get("models", ())}

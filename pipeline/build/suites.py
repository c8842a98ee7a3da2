"""The suites in `expectations/`: one file for each table that they guard, in the words of Great Expectations.

table: marts.published_figure
expectations:
  year_is_plausible:                        # with the table's name, the stable id of this expectation
    expect: expect_column_values_to_be_between   # the type: its meaning is Great Expectations' own
    column: fiscal_year                     # … as are its arguments
    min_value: 2015
    severity: error                         # error: the build is not published; warning: it is, and says so
    why: an earlier year is a misread title
queries:                                    # expectations on what a query over the build says of the table
  totals_by_document:
    sql: SELECT …
    expectations: { … }
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUITES = Path(__file__).parents[2] / "expectations"
SEVERITIES = ("error", "warning")

_OURS = ("expect", "severity", "why")


@dataclass(frozen=True)
class Expectation:
    expectation_id: str
    type: str
    arguments: Mapping[str, Any]
    severity: str
    why: str

    @property
    def column(self) -> str | None:
        column = self.arguments.get("column")
        return None if column is None else str(column)


@dataclass(frozen=True)
class Batch:
    """Rows of the build, and what is expected of them."""

    name: str
    sql: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True)
class Suite:
    table: str  # marts.published_figure
    batches: tuple[Batch, ...]


class SuiteError(Exception):
    """A suite file that cannot be understood."""


def load_suites(folder: Path = SUITES) -> tuple[Suite, ...]:
    import yaml

    files = sorted(folder.glob("*.yaml"))
    return tuple(parse_suite(yaml.safe_load(file.read_text(encoding="utf-8")), file.name) for file in files)


def parse_suite(content: Mapping[str, Any], file_name: str) -> Suite:
    table = str(content["table"])
    if file_name != f"{table}.yaml":
        raise SuiteError(f"{file_name}: guards {table}, so it must be called {table}.yaml")
    batches = []
    if expectations := _expectations(table, content.get("expectations", {})):
        batches.append(Batch(table, _columns_query(table, expectations), expectations))
    for name, query in content.get("queries", {}).items():
        title = f"{table}.{name}"
        batches.append(Batch(title, query["sql"], _expectations(title, query["expectations"])))
    return Suite(table, tuple(batches))


def _expectations(owner: str, entries: Mapping[str, Mapping[str, Any]]) -> tuple[Expectation, ...]:
    expectations = []
    for name, entry in entries.items():
        if entry.get("severity") not in SEVERITIES:
            raise SuiteError(f"{owner}.{name}: severity must be one of {', '.join(SEVERITIES)}")
        arguments = {key: value for key, value in entry.items() if key not in _OURS}
        expectations.append(Expectation(f"{owner}.{name}", entry["expect"], arguments, entry["severity"], entry["why"]))
    return tuple(expectations)


def _columns_query(table: str, expectations: tuple[Expectation, ...]) -> str:
    """Only the columns that are looked at: a table of millions of rows has to fit as Python objects."""
    columns = sorted(
        {
            str(value)
            for expectation in expectations
            for key, value in expectation.arguments.items()
            if key in ("column", "column_A", "column_B")
        }
    )
    return f"SELECT {', '.join(columns) if columns else '1 AS row'} FROM {table} ORDER BY ALL"

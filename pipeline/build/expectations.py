"""Runs the suites over the build with Great Expectations and keeps what it found in the build itself."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.build.suites import SUITES, Batch, Expectation, Suite, load_suites

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

RESULT_TABLE = "quality.expectation_result"
SHOWN_VALUES = 10

_SEVERITY_OF_GX = {"error": "critical", "warning": "warning"}


@dataclass(frozen=True)
class ExpectationResult:
    """One row of quality.expectation_result; nothing in it changes while the data stays the same."""

    expectation_id: str
    table_name: str
    column_name: str | None
    expectation: str  # the expectation in words
    severity: str  # error, warning
    success: bool
    observed: str
    unexpected_count: int | None  # rows; null where the expectation is about the whole table


def run_expectations(build_file: Path, docs: Path | None = None, folder: Path = SUITES) -> list[ExpectationResult]:
    """Check the build, write the results into it and, if asked, a site of HTML pages at `docs`.

    Importing Great Expectations takes most of the time (2.5 to 5 s); it has no smaller part to import.
    """
    suites = load_suites(folder)
    context = quiet_context()
    with duckdb.connect(str(build_file)) as connection:
        results = [result for suite in suites for result in _run_suite(context, connection, suite)]
        _write(connection, results)
    if docs is not None:
        from pipeline.build.data_docs import write_site

        write_site(context, results, docs)
    return results


def read_results(build_file: Path) -> list[ExpectationResult]:
    """The results that the last check left in the build."""
    with duckdb.connect(str(build_file), read_only=True) as connection:
        rows = connection.execute(f"FROM {RESULT_TABLE} ORDER BY expectation_id").fetchall()
    return [ExpectationResult(*row) for row in rows]


def quiet_context() -> EphemeralDataContext:
    """A context that lives in memory, tells nobody anything and draws no progress bars."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read on import
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _run_suite(
    context: EphemeralDataContext, connection: duckdb.DuckDBPyConnection, suite: Suite
) -> list[ExpectationResult]:
    results = []
    for batch in suite.batches:
        # Arrow, because DuckDB's own way to pandas turns DECIMAL into floats
        rows = connection.execute(batch.sql).to_arrow_table().to_pandas(integer_object_nulls=True)
        outcomes = _validate(context, batch, rows)
        results += [_result(suite.table, item, outcomes[item.expectation_id]) for item in batch.expectations]
    return results


def _validate(
    context: EphemeralDataContext, batch: Batch, rows: pd.DataFrame
) -> Mapping[str, ExpectationValidationResult]:
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    expectations = [
        ExpectationConfiguration(
            type=item.type,
            kwargs=dict(item.arguments),
            meta={"expectation_id": item.expectation_id},
            notes=item.why,
            severity=FailureSeverity(_SEVERITY_OF_GX[item.severity]),
        ).to_domain_obj()
        for item in batch.expectations
    ]
    suite = context.suites.add(gx.ExpectationSuite(name=batch.name, expectations=expectations))
    asset = context.data_sources.add_pandas(batch.name).add_dataframe_asset(batch.name)
    definition = gx.ValidationDefinition(
        name=batch.name, data=asset.add_batch_definition_whole_dataframe("build"), suite=suite
    )
    context.validation_definitions.add(definition)
    outcome = definition.run(batch_parameters={"dataframe": rows}, result_format="SUMMARY")
    configured = ((result.expectation_config, result) for result in outcome.results)
    return {str(config.meta["expectation_id"]): result for config, result in configured if config is not None}


def _result(table: str, item: Expectation, outcome: ExpectationValidationResult) -> ExpectationResult:
    found: Mapping[str, Any] = outcome.result
    return ExpectationResult(
        expectation_id=item.expectation_id,
        table_name=table,
        column_name=item.column,
        expectation=item.why,
        severity=item.severity,
        success=bool(outcome.success),
        observed=_observed(found, outcome.exception_info or {}),
        unexpected_count=found.get("unexpected_count"),
    )


def _observed(found: Mapping[str, Any], exceptions: Mapping[str, Any]) -> str:
    if message := _exception(exceptions):
        return f"could not be checked: {message}"
    if "unexpected_count" in found:
        values = sorted({str(entry["value"]) for entry in found["partial_unexpected_counts"]})
        shown = f": {', '.join(values[:SHOWN_VALUES])}" if values else ""
        return f"{found['unexpected_count']} of {found['element_count']} rows{shown}"
    return str(found.get("observed_value", ""))


def _exception(exceptions: Mapping[str, Any]) -> str | None:
    """Great Expectations gives one entry, or one for each measurement that failed."""
    entries = [exceptions] if "raised_exception" in exceptions else list(exceptions.values())
    messages = sorted(str(entry["exception_message"]) for entry in entries if entry["raised_exception"])
    return messages[0] if messages else None


def _write(connection: duckdb.DuckDBPyConnection, results: Sequence[ExpectationResult]) -> None:
    connection.execute("BEGIN")
    connection.execute(f"DELETE FROM {RESULT_TABLE}")
    for result in sorted(results, key=lambda one: one.expectation_id):
        connection.execute(f"INSERT INTO {RESULT_TABLE} VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", list(astuple(result)))
    connection.execute("COMMIT")

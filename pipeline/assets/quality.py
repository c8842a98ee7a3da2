"""The suites of Great Expectations as asset checks: one for each table that they guard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dagster as dg

from pipeline import job
from pipeline.assets.resources import WarehouseResource
from pipeline.build.expectations import ExpectationResult
from pipeline.build.suites import load_suites

CHECK = "expectations"
TABLES = tuple(suite.table for suite in load_suites())


def asset_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


@dg.multi_asset_check(
    name="expectation_suites",
    specs=[
        dg.AssetCheckSpec(CHECK, asset=asset_key(table), blocking=True, description=f"expectations/{table}.yaml")
        for table in TABLES
    ],
)
def expectation_suites(warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
    """All suites at once, because importing Great Expectations takes longer than running them."""
    results = job.validate(warehouse.settings)
    for table in TABLES:
        yield check_result(table, [result for result in results if result.table_name == table])


def check_result(table: str, results: Sequence[ExpectationResult]) -> dg.AssetCheckResult:
    """Only an expectation at error level makes the check one that stops the publication."""
    failed = [result for result in results if not result.success]
    fatal = any(result.severity == "error" for result in failed)
    return dg.AssetCheckResult(
        check_name=CHECK,
        asset_key=asset_key(table),
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if fatal else dg.AssetCheckSeverity.WARN,
        metadata={
            "expectations": len(results),
            "failed": len(failed),
            **{result.expectation_id: f"{result.expectation}: {result.observed}" for result in failed},
        },
    )

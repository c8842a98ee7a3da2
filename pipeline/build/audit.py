"""May this build be published? Only structure decides: a publisher's wrong sum is data, and never stops anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.build.expectations import ExpectationResult
    from pipeline.build.transform import DbtResult


def structural_failures(dbt_result: DbtResult) -> list[str]:
    """What dbt says against the build, in words."""
    return [f"dbt: {failure.node}: {failure.message}" for failure in dbt_result.failures]


def gate(dbt_result: DbtResult, expectation_results: Iterable[ExpectationResult]) -> list[str]:
    """The reasons why the build must not be published; none when it is sound."""
    reasons = structural_failures(dbt_result)
    results = list(expectation_results)
    reasons += [
        f"expectation {result.expectation_id}: {result.expectation}: {result.observed}"
        for result in results
        if result.severity == "error" and not result.success
    ]
    if not reasons and not dbt_result.passed:
        reasons.append("dbt: nothing was built")
    if not reasons and not results:
        reasons.append("expectations: none was checked")
    return reasons

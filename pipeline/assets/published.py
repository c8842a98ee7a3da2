"""The published file: the audited build, in place with one rename."""

from __future__ import annotations

import dagster as dg

from pipeline import job
from pipeline.assets.resources import WarehouseResource
from pipeline.assets.warehouse import dbt_models
from pipeline.build.expectations import read_results
from pipeline.build.transform import read_result


@dg.asset(group_name="published", kinds={"duckdb"}, deps=[dbt_models])
def published_warehouse(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
    """`budget.duckdb` for analysts and BI tools, and the site of the checks beside it."""
    settings = warehouse.settings
    job.publish(settings, read_result(settings.dbt_target), read_results(settings.build_file))
    job.tidy(settings, job.scan(settings))
    state = job.published_state(settings)
    if state is None:
        raise RuntimeError(f"{settings.published} was published but does not describe its build")
    return dg.MaterializeResult(
        metadata={
            "file": dg.MetadataValue.path(str(settings.published)),
            "data docs": dg.MetadataValue.path(str(settings.data_docs / "index.html")),
            "build": state.build_id,
            "documents": state.documents,
            "statements": state.statements,
            "figures": state.figures,
            "issues": state.issues,
            "quarantined": state.quarantined,
        }
    )

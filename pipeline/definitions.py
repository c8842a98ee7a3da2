"""The map of the system: every asset, check, job, schedule and sensor.

dagster dev -m pipeline.definitions        to see it, with the folder of dagster.yaml as DAGSTER_HOME
"""

from __future__ import annotations

import dagster as dg

from pipeline.assets.extracted import extracted_figures
from pipeline.assets.published import published_warehouse
from pipeline.assets.quality import expectation_suites
from pipeline.assets.raw import raw_documents, raw_folder_changed
from pipeline.assets.resources import WarehouseResource
from pipeline.assets.warehouse import dbt_models, dbt_resource

# raw documents → extracted figures → dbt models (and their tests) → expectations → the published file
budget_warehouse = dg.define_asset_job(
    "budget_warehouse", selection=dg.AssetSelection.all(), description="The whole way, from the raw folder to the file."
)

daily = dg.ScheduleDefinition(
    name="daily", job=budget_warehouse, cron_schedule="0 6 * * *", execution_timezone="Asia/Shanghai"
)

defs = dg.Definitions(
    assets=[raw_documents, extracted_figures, dbt_models, published_warehouse],
    asset_checks=[expectation_suites],
    jobs=[budget_warehouse],
    schedules=[daily],
    sensors=[raw_folder_changed],
    resources={"warehouse": WarehouseResource(), "dbt": dbt_resource()},
    # One process for all steps: they are short, and starting one for each doubles the time (42 s against 21 s).
    executor=dg.in_process_executor,
)

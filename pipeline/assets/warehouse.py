"""The dbt models, one asset each, and dbt's tests as their checks."""

# No `from __future__ import annotations`: Dagster reads the annotation of `context` as an object, not as text.

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets

from pipeline.assets.extracted import extracted_figures
from pipeline.assets.resources import WarehouseResource
from pipeline.build.transform import BUILD, BUILD_FILE_VARIABLE, PROJECT, no_connection_left, project_files, run_dbt
from pipeline.settings import Settings


class Translator(DagsterDbtTranslator):
    """Every source table is a view of what `extracted_figures` wrote; a group is a schema, unless a model names one."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return extracted_figures.key
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        schema: str = dbt_resource_props["schema"]
        return super().get_group_name(dbt_resource_props) or schema


def manifest(settings: Settings) -> Path:
    """dbt's description of the project: parsed anew when it is missing or older than any file of the project."""
    path = settings.dbt_target / "manifest.json"
    newest = max(file.stat().st_mtime for file in project_files())
    if not path.exists() or path.stat().st_mtime < newest:
        result = run_dbt(settings.build_file, settings.dbt_target, command=("parse",))
        if not result.success:
            raise RuntimeError(f"dbt cannot parse {PROJECT}: {result.failures[0].message}")
    return path


def dbt_resource() -> DbtCliResource:
    """dbt of this very environment: `dagster` may run without it on the PATH."""
    executable = Path(sys.executable).with_name("dbt")
    return DbtCliResource(project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(executable))


@dbt_assets(
    manifest=manifest(Settings.from_env()),
    name="dbt_models",
    dagster_dbt_translator=Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
)
def dbt_models(context: dg.AssetExecutionContext, warehouse: WarehouseResource, dbt: DbtCliResource) -> Iterator[Any]:
    settings = warehouse.settings
    os.environ[BUILD_FILE_VARIABLE] = str(settings.build_file.resolve())
    with no_connection_left():  # counting rows opens the build file in this process
        invocation = dbt.cli([*BUILD, "--no-version-check"], context=context, target_path=settings.dbt_target.resolve())
        yield from invocation.stream().fetch_row_counts()

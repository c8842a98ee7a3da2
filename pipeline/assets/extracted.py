"""The figures of every document, as Parquet files, and the build file that shows them to dbt."""

# No `from __future__ import annotations`: Dagster reads the annotation of `context` as an object, not as text.

import dagster as dg

from pipeline import job
from pipeline.assets.raw import SET_ASIDE, raw_documents
from pipeline.assets.resources import WarehouseResource


@dg.asset(group_name="documents", kinds={"parquet"}, deps=[raw_documents])
def extracted_figures(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
    """Statements, figures and issues of each document; unchanged documents are not read again.

    Behind a failed run the build is tried here first: documents that alone break it are set aside, with the reason.
    """
    settings = warehouse.settings
    intake = job.scan(settings)
    extraction = job.extract(settings, intake, context.log.info)
    if SET_ASIDE in context.run.tags:
        extraction = job.build(settings, intake, extraction, context.log.info).extraction
    job.stage(settings, intake, extraction)
    return dg.MaterializeResult(
        metadata={
            "documents": len(extraction.loaded),
            "quarantined": len(intake.rejected) + len(extraction.rejected),
            "reasons": dg.MetadataValue.md(
                "\n".join(f"- `{one.file_name}`: {one.reason}" for one in extraction.rejected)
            ),
        }
    )

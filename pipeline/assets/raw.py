"""The raw folder: what lies in it, and the sensor that notices a change."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import dagster as dg

from pipeline import job
from pipeline.assets.resources import WarehouseResource
from pipeline.settings import Settings


@dg.asset(group_name="documents", kinds={"file"})
def raw_documents(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
    """Every file below the raw folder with its SHA-256, and the manifest that says where it came from."""
    intake = job.scan(warehouse.settings)
    return dg.MaterializeResult(
        metadata={
            "documents": len(intake.sources),
            "bytes": sum(source.byte_size for source in intake.sources),
            "rejected": len(intake.rejected),
            "reasons": dg.MetadataValue.md("\n".join(f"- `{one.file_name}`: {one.reason}" for one in intake.rejected)),
        }
    )


def listing(raw: Path) -> str:
    """A digest of names, sizes and times: what a sensor can afford to look at every minute."""
    lines = []
    for path in sorted(raw.rglob("*")):
        try:
            status = path.stat()
        except OSError as error:  # gone since it was listed, or a link to nowhere: its name still counts
            lines.append(f"{path.relative_to(raw)}|{error.errno}")
            continue
        if path.is_file():
            lines.append(f"{path.relative_to(raw)}|{status.st_size}|{status.st_mtime_ns}")
    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:16]


def next_step(cursor: str, seen: str) -> tuple[str, bool]:
    """The next cursor, and whether to run now: a folder that is still being copied into is left alone.

    The cursor is `<listing of the last run>|<listing at the last look>`.
    """
    ran, _, before = cursor.partition("|")
    if seen == ran:
        return f"{ran}|{seen}", False
    if seen == before:
        return f"{seen}|{seen}", True
    return f"{ran}|{seen}", False


@dg.sensor(job_name="budget_warehouse", minimum_interval_seconds=60)
def raw_folder_changed(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """One run for each change of the raw folder, once it has stayed the same between two looks."""
    seen = listing(Settings.from_env().raw)
    cursor, run = next_step(context.cursor or "", seen)
    if run:
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=cursor)
    return dg.SensorResult(skip_reason=f"listing {seen}: nothing new, or still changing", cursor=cursor)

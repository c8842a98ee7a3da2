"""The raw folder: what lies in it, and the sensor that notices a change."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import dagster as dg

from pipeline import job
from pipeline.assets.resources import WarehouseResource
from pipeline.settings import Settings

JOB = "budget_warehouse"
LOOK_SECONDS = int(os.environ.get("YUSUAN_LOOK_SECONDS", "60"))  # how often the raw folder is looked at
FIRST_PAUSE, LONGEST_PAUSE = LOOK_SECONDS, 6 * 3600
WAITS = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED)
TRY = "yusuan/try"  # tag of a run that is tried again: the how manieth it is
SET_ASIDE = "yusuan/set-aside"  # tag of a run behind a failed one: do single documents break the build?
REMEMBERED = 20  # runs that are looked back at
now = time.time


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


def listing(raw: Path, warehouse: Path | None = None) -> str:
    """A digest of names, sizes and times: what a sensor can afford to look at every minute.

    A warehouse that lies among the documents is none of them: each publication would be a change.
    """
    lines = []
    for path in sorted(raw.rglob("*")):
        if warehouse is not None and path.is_relative_to(warehouse):
            continue
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


def pause(failures: int) -> float:
    """Seconds before the next try after so many failed ones in a row: a minute, two, four … a quarter of a day."""
    return float(min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))


def failed_in_a_row(records: Sequence[dg.RunRecord]) -> list[dg.RunRecord]:
    """The failed runs since the last one that did not fail, the newest first. Cancelled by a person: not failed."""
    failed = takewhile(lambda record: record.dagster_run.status == dg.DagsterRunStatus.FAILURE, records)
    return list(failed)


@dg.sensor(job_name=JOB, minimum_interval_seconds=LOOK_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING)
def raw_folder_changed(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """One run for each change of the raw folder, once it has stayed the same between two looks; after a failed
    run, or one that could not read a document for a fault that may pass, another one, after a pause that doubles."""
    settings = Settings.from_env()
    if not settings.raw.is_dir():
        return dg.SensorResult(skip_reason=f"there is no folder {settings.raw}")
    seen = listing(settings.raw, settings.warehouse)
    records = context.instance.get_run_records(dg.RunsFilter(job_name=JOB), limit=REMEMBERED)
    if any(record.dagster_run.status in WAITS for record in records):
        return dg.SensorResult(skip_reason="a run waits already: it reads what lies there when it starts")
    cursor, run = next_step(context.cursor or "", seen)
    if run:
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"{seen} at {now():.0f}")], cursor=cursor)
    why, tries, tags = _to_try_again(settings, records)
    if not why:
        return dg.SensorResult(skip_reason=f"listing {seen}: nothing new, or still changing", cursor=cursor)
    last = records[0]
    again = (last.end_time or last.update_timestamp.timestamp()) + pause(tries)
    if now() < again:
        at = datetime.fromtimestamp(again).astimezone().isoformat(timespec="seconds")
        return dg.SensorResult(skip_reason=f"{why}; it is tried again at {at}", cursor=cursor)
    context.log.info(f"{why}: tried again")
    tags = {TRY: str(tries + 1), **tags}
    request = dg.RunRequest(run_key=f"{seen} after {last.dagster_run.run_id}", tags=tags)
    return dg.SensorResult(run_requests=[request], cursor=cursor)


def _to_try_again(settings: Settings, records: Sequence[dg.RunRecord]) -> tuple[str, int, dict[str, str]]:
    """Why another run is to be tried, how many were, and its tags; no reason where there is none."""
    if failed := failed_in_a_row(records):
        words = "once" if len(failed) == 1 else f"{len(failed)} times in a row"
        return f"the run failed {words}", len(failed), {SET_ASIDE: "yes"}
    if records and records[0].dagster_run.status == dg.DagsterRunStatus.SUCCESS and (count := job.waiting(settings)):
        return f"{count} documents could not be read", int(records[0].dagster_run.tags.get(TRY, "1")), {}
    return "", 0, {}

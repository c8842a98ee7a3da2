"""What a person hears of a failed run: the command or the web address in YUSUAN_ON_FAILURE gets it as JSON."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import urllib.request
from collections.abc import Mapping

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

VARIABLE = "YUSUAN_ON_FAILURE"
SECONDS = 30


def tell(what: Mapping[str, str], how: str) -> None:
    """POST it to an address that begins with http, or give it to a command on its standard input.

    Raises OSError, subprocess.SubprocessError where nobody was told.
    """
    body = json.dumps(what, ensure_ascii=False).encode()
    if how.startswith(("http://", "https://")):
        request = urllib.request.Request(how, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=SECONDS):
            return
    subprocess.run(shlex.split(how), input=body, timeout=SECONDS, check=True)


def cause(error: SerializableErrorInfo) -> str:
    """What is at the bottom of an error, in words."""
    while error.cause is not None:
        error = error.cause
    return error.message.strip()


@dg.run_failure_sensor(name="failure_hook", minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def failure_hook(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tells of each failed run, retried or not."""
    how = os.environ.get(VARIABLE)
    if not how:
        return dg.SkipReason(f"nobody is to be told: {VARIABLE} is not set")
    run = context.dagster_run
    errors = [event.step_failure_data.error for event in context.get_step_failure_events()]
    reasons = [cause(error) for error in errors if error is not None]
    what = {
        "job": run.job_name,
        "run": run.run_id,
        "message": context.failure_event.message or "",
        "reason": "\n".join(reasons),
    }
    tell(what, how)
    context.log.info(f"told {how.split()[0]} of run {run.run_id}")
    return None

"""Where the main job's time goes: each phase of a first run, then a run with nothing new, then the same job in Dagster.

    python -m benchmarks.main_job [--raw DIR]

Every line is measured in this one run, in processes of their own. The workers that read are nobody's children, so
their CPU is measured by reading the same documents once more, here. The last column is the share of the first run.
Aims: nothing new under 1 s of CPU, five documents from nothing under 15 s.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.intake import Intake
from pipeline.settings import ROOT, Settings


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measure_phases(settings: Settings) -> list[tuple[str, float, float]]:
    """(phase, wall seconds, CPU seconds) of one run from nothing, imports included where they happen."""
    phases: list[tuple[str, float, float]] = []

    def timed(name: str, step: Callable[[], Any]) -> Any:
        wall, used = time.perf_counter(), cpu()
        result = step()
        phases.append((name, time.perf_counter() - wall, cpu() - used))
        return result

    def quiet(_: str) -> None:
        return None

    def start() -> Any:
        from pipeline import job

        return job

    job = timed("start", start)
    intake = timed("scan", lambda: job.scan(settings))
    extraction = timed("extract", lambda: job.extract(settings, intake, quiet))
    timed("stage", lambda: job.stage(settings, intake, extraction))
    dbt_result = timed("transform (dbt)", lambda: job.transform(settings))
    expectations = timed("validate (Great Expectations)", lambda: job.validate(settings))
    timed("publish", lambda: job.publish(settings, dbt_result, expectations))
    timed("tidy", lambda: job.tidy(settings, intake))
    name, wall, used = phases[2]
    phases[2] = (name, wall, used + reading_cpu(intake))
    return phases


def reading_cpu(intake: Intake) -> float:
    """CPU seconds of reading and proving every document, imports included, in this process."""
    used = cpu()
    from pipeline.extraction.worker import read_and_prove
    from pipeline.forms.form import load_forms

    for source in intake.sources:
        read_and_prove(source.path.read_bytes(), source.file_name, "always", load_forms())
    return cpu() - used


def in_process_of_its_own(*arguments: str) -> tuple[float, float]:
    """(wall, CPU) seconds of one command."""
    wall, used = time.perf_counter(), cpu()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - wall, cpu() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=ROOT / "raw")
    parser.add_argument("--phases", type=Path, help=argparse.SUPPRESS)  # the child that is measured
    options = parser.parse_args()
    if options.phases:
        settings = replace(Settings.from_env(), raw=options.raw, warehouse=options.phases)
        print(json.dumps(measure_phases(settings)))
        return
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        raw = ["--raw", str(options.raw)]
        child = ["-m", "benchmarks.main_job", *raw, "--phases", str(first)]
        output = subprocess.run([sys.executable, *child], check=True, capture_output=True, text=True).stdout
        phases: list[tuple[str, float, float]] = json.loads(output.strip().splitlines()[-1])
        total = sum(used for _, _, used in phases)
        lines = [*phases, ("first run, all phases", sum(wall for _, wall, _ in phases), total)]
        run = ["-m", "pipeline.cli", "run", *raw]
        lines.append(("nothing new", *in_process_of_its_own(*run, "--warehouse", str(first))))
        lines.append(
            ("first run as a Dagster job", *in_process_of_its_own(*run, "--dagster", "--warehouse", str(second)))
        )
    print(f"{'':<32}{'wall s':>8}{'CPU s':>8}{'share':>8}")
    for name, wall, used in lines:
        print(f"{name:<32}{wall:>8.2f}{used:>8.2f}{used / total:>8.0%}")


if __name__ == "__main__":
    main()

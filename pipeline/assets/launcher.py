"""Runs whose process is gone are found out: after a power cut a run must not hold the only place in the queue.

The default launcher cannot say whether a run's process lives: Dagster's run monitoring would wait for its time limit.
"""

from __future__ import annotations

from dagster import DagsterEventType, DagsterRun
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus


class WatchedRunLauncher(DefaultRunLauncher):
    """Named in dagster.yaml. A run is at work while the process that said it started is the one that has its id."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        for entry in self._instance.all_logs(run.run_id, of_type=DagsterEventType.ENGINE_EVENT):
            event = entry.dagster_event
            if event is not None and "pid" in event.engine_event_data.metadata:
                pid = int(str(event.engine_event_data.metadata["pid"].value))
                if lives(pid, entry.timestamp):
                    break
                return CheckRunHealthResult(WorkerStatus.FAILED, f"its process {pid} is gone")
        return CheckRunHealthResult(WorkerStatus.RUNNING)


def lives(pid: int, since: float) -> bool:
    """Whether the process that had this id at that time (seconds since 1970) is there still: ids are used again."""
    import psutil

    try:
        process = psutil.Process(pid)
        return bool(process.create_time() <= since + 1 and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

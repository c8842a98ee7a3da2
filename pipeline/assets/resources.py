"""What every asset needs: the settings, and the warehouse for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import dagster as dg

from pipeline import job
from pipeline.settings import Settings


class WarehouseResource(dg.ConfigurableResource[Any]):
    """The folders that the environment names (YUSUAN_RAW, YUSUAN_WAREHOUSE), held from the first step to the last.

    The command line takes the same lock: whichever comes second fails at once and says why.
    """

    held: bool = False  # the caller took the lock already

    @property
    def settings(self) -> Settings:
        return Settings.from_env()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[WarehouseResource]:
        with nullcontext() if self.held else job.only_run(self.settings):
            yield self

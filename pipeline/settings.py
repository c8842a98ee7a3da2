"""Where things are and what a document may cost: folders, workers, limits. Environment: YUSUAN_RAW, YUSUAN_WAREHOUSE,
YUSUAN_WORKERS, YUSUAN_KEEP."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[1]
SOURCE_TREE = tuple(ROOT / name for name in ("pipeline", "dbt_project", "expectations"))  # nothing is written into it


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost before its worker is ended and the document quarantined."""

    bytes: int = 200 * 1024 * 1024
    seconds: float = 120.0
    memory_bytes: int = 4 * 1024 * 1024 * 1024  # address space of one worker


# whether a PDF page is read a second time by other code: every page with a table, those with a doubt, or none
CrossCheckMode = Literal["always", "on_doubt", "never"]


@dataclass(frozen=True, slots=True)
class Settings:
    """``raw`` and ``warehouse`` are absolute and free of links, however they were given: dbt works elsewhere."""

    raw: Path = ROOT / "raw"
    warehouse: Path = ROOT / "warehouse"
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    strict: bool = False
    keep: int = 0  # publications before the present one that are kept in previous/
    cross_check: CrossCheckMode = "always"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for name in ("raw", "warehouse"):
            object.__setattr__(self, name, Path(os.path.realpath(getattr(self, name))))

    @property
    def unusable(self) -> str | None:
        """Why nothing can be built in the warehouse folder, in words; None where it can."""
        if not str(self.warehouse).isprintable():  # surrogates, too: DuckDB and dbt take paths as UTF-8
            return f"the path of the warehouse must be printable UTF-8, and {self.warehouse} is not: choose another"
        if any(self.warehouse.is_relative_to(folder) for folder in SOURCE_TREE):
            return f"{self.warehouse} belongs to the program itself: choose another folder with --warehouse"
        if self.raw.is_relative_to(self.warehouse):
            return (
                f"the documents in {self.raw} would lie among the files of the warehouse {self.warehouse}: "
                "choose another folder with --warehouse"
            )
        return None

    @classmethod
    def from_env(cls) -> Settings:
        """Settings as the environment gives them; what is not set keeps its default."""
        default = cls()
        return cls(
            raw=Path(os.environ.get("YUSUAN_RAW", default.raw)),
            warehouse=Path(os.environ.get("YUSUAN_WAREHOUSE", default.warehouse)),
            workers=int(os.environ.get("YUSUAN_WORKERS", default.workers)),
            keep=int(os.environ.get("YUSUAN_KEEP", default.keep)),
        )

    @property
    def published(self) -> Path:
        """The DuckDB file that people open."""
        return self.warehouse / "budget.duckdb"

    @property
    def previous(self) -> Path:
        """What was published before, by the time of its publication."""
        return self.warehouse / "previous"

    @property
    def build_dir(self) -> Path:
        return self.warehouse / "build"

    @property
    def build_file(self) -> Path:
        """The file that dbt builds; it has the published file's name, so that its catalog is called the same."""
        return self.build_dir / "budget.duckdb"

    @property
    def extracted_dir(self) -> Path:
        """One folder of Parquet files per document and fingerprint."""
        return self.warehouse / "extracted"

    @property
    def build_docs(self) -> Path:
        """The data docs of the build; publication moves them beside the published file."""
        return self.build_dir / "data_docs"

    @property
    def data_docs(self) -> Path:
        """The published HTML site of the expectations."""
        return self.warehouse / "data_docs"

    @property
    def dbt_target(self) -> Path:
        return self.warehouse / "dbt"

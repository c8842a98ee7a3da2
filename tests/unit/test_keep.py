"""--keep N: the publications before the present one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import job
from pipeline.settings import Settings

DAY = 86_400


def publish(settings: Settings, text: str, day: int) -> None:
    """As a publication does: a new file takes the name."""
    job.keep_previous(settings)
    new = settings.warehouse / "new"
    new.write_text(text)
    os.utime(new, (day * DAY, day * DAY))
    new.replace(settings.published)


def kept(settings: Settings) -> list[str]:
    return [path.read_text() for path in sorted(settings.previous.glob("*"))]


def test_the_newest_are_kept_under_the_time_of_their_publication(tmp_path: Path) -> None:
    settings = Settings(warehouse=tmp_path, keep=2)
    for day in range(1, 6):
        publish(settings, str(day), day)
    assert kept(settings) == ["3", "4"] and settings.published.read_text() == "5"
    assert {path.name for path in settings.previous.iterdir()} == {
        "budget-19700104T000000Z.duckdb",
        "budget-19700105T000000Z.duckdb",
    }


def test_without_keep_nothing_is_kept_and_nothing_is_removed(tmp_path: Path) -> None:
    publish(Settings(warehouse=tmp_path), "1", 1)
    assert not Settings(warehouse=tmp_path).previous.exists()
    publish(Settings(warehouse=tmp_path, keep=1), "2", 2)
    publish(Settings(warehouse=tmp_path), "3", 3)
    assert kept(Settings(warehouse=tmp_path)) == ["1"]


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    settings = Settings(warehouse=tmp_path, keep=1)
    publish(settings, "1", 1)
    publish(settings, "2", 2)
    assert kept(settings) == ["1"]

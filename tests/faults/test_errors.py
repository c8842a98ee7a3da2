"""What a person or the machine can cause is one line with the remedy and a documented exit code, never a traceback."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.failures import MACHINE, WRONG_USE, full_disk, in_words
from tests.command import YUSUAN, Outcome, Warehouse, environment, sample, yusuan


def one_line(outcome: Outcome, code: int, words: str) -> None:
    assert outcome.returncode == code, outcome.stderr
    errors = [line for line in outcome.stderr.splitlines() if line.startswith("yusuan: ")]
    assert len(errors) == 1 and words in errors[0], outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.docx").write_bytes(sample("131000-2021").read_bytes())
    return folder


# ── folders ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_where_the_warehouse_should_be(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for warehouse in (tmp_path / "file", tmp_path / "file" / "below"):
        one_line(yusuan("run", "--raw", raw, "--warehouse", warehouse), 2, "a file stands where a folder should be")


def test_a_file_where_the_raw_folder_should_be(raw: Path, tmp_path: Path) -> None:
    one_line(yusuan("run", "--raw", raw / "a.docx", "--warehouse", tmp_path / "w"), 2, "there is no folder")


def test_a_file_among_the_folders_of_the_warehouse(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "extracted").touch()
    one_line(yusuan("run", "--raw", raw, "--warehouse", tmp_path / "w"), 2, "a file stands where a folder should be")


def test_a_folder_where_the_published_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "budget.duckdb").mkdir()
    one_line(yusuan("status", "--warehouse", tmp_path), 2, "cannot be opened")


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/sys/kernel"])
def test_a_folder_that_nobody_may_write_to(raw: Path, folder: str) -> None:
    if not Path(folder).parent.is_dir():
        pytest.skip(f"this system has no {folder}")
    outcome = yusuan("run", "--raw", raw, "--warehouse", folder)
    one_line(outcome, 2, folder)


# ── outputs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_outputs_that_cannot_be_written(good: Warehouse, tmp_path: Path) -> None:
    for option in ("--csv", "--html"):
        where = ("errata", "--warehouse", good.folder, option)
        one_line(yusuan(*where, tmp_path / "none" / "a"), 2, "it is not there: make it")
        one_line(yusuan(*where, tmp_path), 2, "a folder stands where a file should be")
        one_line(yusuan(*where, "/dev/full"), 5, "the disk is full")


def test_an_output_on_a_full_disk(good: Warehouse) -> None:
    with Path("/dev/full").open("w") as full:
        outcome = subprocess.run(
            [str(YUSUAN), "status", "--warehouse", str(good.folder)],
            stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), check=False,
        )  # fmt: skip
    one_line(outcome, 5, "the disk is full")


def test_settings_of_the_environment(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [str(YUSUAN), "status"],
        capture_output=True,
        text=True,
        env={**environment(), "YUSUAN_WORKERS": "many"},
        check=False,
    )
    one_line(outcome, 2, "YUSUAN_WORKERS")


# ── a full disk ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that holds 2 MB; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    ).returncode:  # fmt: skip
        pytest.skip("a small disk can only be made by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("room", [0, 300_000, 1_300_000])
def test_a_full_disk_in_any_phase_is_named(raw: Path, small_disk: Path, room: int) -> None:
    (small_disk / "ballast").write_bytes(bytes(2 * 2**20 - room - 4096))
    outcome = yusuan("run", "--raw", raw, "--warehouse", small_disk / "w")
    one_line(outcome, 5, "the disk is full: make room and run again")
    assert "defect" not in outcome.stderr
    assert not (small_disk / "w" / "build").exists(), "what it began takes no room"


def test_files_that_may_not_grow(raw: Path, tmp_path: Path) -> None:
    """Works without root: no file may become larger than 20 kB."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [str(YUSUAN), "run", "--raw", str(raw), "--warehouse", str(tmp_path / "w")]
    outcome = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False, preexec_fn=limit)
    one_line(outcome, 5, "the disk is full")


# ── the words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.EACCES, WRONG_USE), (errno.EROFS, WRONG_USE), (errno.ENOSPC, MACHINE), (errno.EIO, MACHINE)],
)
def test_every_error_of_the_system_has_a_code_and_a_remedy(number: int, code: int) -> None:
    assert (found := in_words(OSError(number, os.strerror(number), "/a/b"))) is not None
    assert found[0] == code and found[1].startswith(f"/a/b: {os.strerror(number)}; ") and "\n" not in found[1]


def test_an_error_of_the_program_is_none_of_the_machine() -> None:
    assert in_words(ValueError("a")) is None
    assert full_disk("dbt: model.a: Binder Error") is None
    assert full_disk("dbt: model.a: IO Error: Could not write: No space left on device") is not None

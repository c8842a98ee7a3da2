"""Every command in the README is run, and prints what the README says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

README = (ROOT / "README.md").read_text("utf-8")
# started by the test of the Dagster graph, or run by whoever runs this test
ELSEWHERE = ("make ", ".venv/bin/yusuan serve")


def blocks() -> list[tuple[str, str]]:
    """(command, expected output) of every console block, in order."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command.split("  #")[0].strip(), output.strip()))
    return found


def run(command: str, warehouse: Path, folder: Path) -> str:
    words = shlex.split(command)
    assert words[0] == ".venv/bin/yusuan", f"the README shows a command that this test does not know: {command}"
    where = [] if words[1] in ("--help",) else ["--warehouse", str(warehouse)]
    raw = ["--raw", str(ROOT / "raw")] if words[1] in ("run", "explain") else []
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words[1:], *where, *raw],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "run", "--raw", str(ROOT / "raw"), "--warehouse", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_every_command_of_the_readme_prints_what_it_says(warehouse: Path, tmp_path: Path) -> None:
    figure = ""
    commands = [(c, o) for c, o in blocks() if not c.startswith(ELSEWHERE)]
    assert len(commands) >= 4
    for command, expected in commands:
        printed = run(command.replace("FIGURE_ID", figure), warehouse, tmp_path)
        if found := re.search(r"\b[0-9a-f]{16}\b", printed):
            figure = figure or found[0]
        if expected:
            assert printed.replace(figure or "-", "FIGURE_ID").split() == expected.split()
        assert printed


def test_every_file_that_the_docs_link_to_is_there() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"

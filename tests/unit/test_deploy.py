"""The unit, the image and the page on operations: what they name exists, as far as that can be tested without them."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pipeline import cli, failures, interrupt
from tests.support import ROOT

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
UNIT = DEPLOY / "yusuan.service"
# read by the program, or by what it starts
INTERNAL = {"YUSUAN_BUILD_FILE"}


def known_variables() -> set[str]:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "pipeline").rglob("*.py"))
    return set(re.findall(r'"(YUSUAN_[A-Z_]+)"', source)) - INTERNAL


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, "utf-8")
    return parser


def test_every_variable_of_the_program_is_explained() -> None:
    assert set(re.findall(r"\| `(YUSUAN_[A-Z_]+)` \|", PAGE)) == known_variables()


def test_every_exit_code_is_explained() -> None:
    explained = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    returned = {0, 1, 2, 3, 4, failures.WRONG_USE, failures.MACHINE, *interrupt.EXIT_CODES.values()}
    assert explained == returned
    assert cli.__doc__ is not None and all(str(code) in cli.__doc__ for code in returned)


def test_the_unit_runs_what_is_there_and_sets_what_is_known() -> None:
    service = unit()["Service"]
    program, command = shlex.split(service["ExecStart"])
    assert Path(program) == Path("/opt/yusuan/.venv/bin/yusuan")
    assert cli._parser().parse_args([command]).command is cli._serve
    assert {pair.split("=")[0] for pair in shlex.split(service["Environment"])} <= known_variables()
    assert service["SuccessExitStatus"] == "143"
    lines = re.findall(r"^#?(YUSUAN_[A-Z_]+)=", (DEPLOY / "yusuan.env").read_text("utf-8"), re.MULTILINE)
    assert lines and set(lines) <= known_variables()


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    program = tmp_path / "yusuan"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8").replace("/opt/yusuan/.venv/bin/yusuan", str(program)).replace("User=yusuan\n", "")
    copy.write_text(text.replace("file:/opt/yusuan/docs/operations.md", f"file:{ROOT}/docs/operations.md"))
    found = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(copy)], capture_output=True, text=True, check=False
    )
    said = [line for line in found.stderr.splitlines() if copy.name in line]
    assert (found.returncode, said) == (0, []), found.stderr


def test_the_image_copies_what_is_there_and_runs_what_is_known() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    steps = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    for _, arguments in (step for step in steps if step[0] == "COPY"):
        *sources, _ = [word for word in arguments.split() if not word.startswith("--")]
        for source in sources:
            assert (ROOT / source).exists(), source
    given = dict(steps)  # the last of each kind
    assert yaml.safe_load(given["ENTRYPOINT"]) == [".venv/bin/yusuan"]
    assert cli._parser().parse_args(yaml.safe_load(given["CMD"])).command is cli._serve
    assert {pair.split("=")[0] for pair in given["ENV"].split()} <= known_variables()
    for target in re.findall(r"make (\S+)", given["RUN"]):
        assert re.search(rf"^(\$\(RUNS\)|RUNS := {re.escape(target)}$)", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_two_locks_agree_and_name_no_address() -> None:
    pins = []
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text and "--index" not in text
        found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[\S+\])?==(\S+)", text, re.MULTILINE)
        pins.append(set(found))  # a package may have a version for each version of Python
    runs, develops = pins
    assert runs < develops
    names = {name for name, _ in runs}
    assert names.isdisjoint({"pytest", "mypy", "ruff", "dagster-webserver", "dagster-dg-cli", "harlequin"})
    assert names >= {"dagster", "dbt-core", "duckdb", "filelock", "jinja2", "psutil"}

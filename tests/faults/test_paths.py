"""Folders and names as people and zip files give them: relative, one inside the other, in GBK, with escapes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.build.transform import PROJECT, project_files
from pipeline.extraction.fingerprint import files_digest
from tests.command import YUSUAN, Outcome, Warehouse, environment, query, sample, summary, yusuan

GBK = "邢台市人民政府办公室.docx"
HOSTILE = "130529\x1b[2J\x1b]0;title\x07\n2023.docx"


def in_folder(folder: Path, *arguments: str) -> Outcome:
    command = [str(YUSUAN), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment(), check=False)


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def relative(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Documents named in GBK and with control characters; raw and warehouse relative to a folder of their own, the
    warehouse among the documents."""
    folder = tmp_path_factory.mktemp("relative")
    (folder / "a").mkdir()
    (folder / "x").mkdir()
    shutil.copy(sample("130500-2022"), folder / "a" / os.fsdecode(GBK.encode("gbk")))
    shutil.copy(sample("130529-2023"), folder / "a" / HOSTILE)
    before = tree(PROJECT)
    outcome = in_folder(folder / "x", "run", "--raw", "../a", "--warehouse", "../a/b/c")
    assert outcome.returncode == 0, outcome.stderr
    assert tree(PROJECT) == before
    return Warehouse(folder / "a", folder / "a" / "b" / "c", outcome)


def test_relative_folders_are_the_ones_that_the_shell_means(relative: Warehouse) -> None:
    assert summary(relative.outcome)["documents"] == 2
    assert str(relative.published) in relative.outcome.stdout
    again = in_folder(relative.folder.parent, "run", "--raw", "..", "--warehouse", "c")
    assert again.returncode == 0 and "Nothing new" in again.stdout, again.stderr
    assert summary(again)["quarantined"] == 0, "the warehouse is no document"


def test_names_are_shown_in_characters(relative: Warehouse) -> None:
    names = [
        name for (name,) in query(relative.published, "select file_name from marts.dim_document where format <> ''")
    ]
    assert sorted(names) == ["130529\\x1b[2J\\x1b]0;title\\x07\\x0a2023.docx", GBK]
    status = yusuan("status", "--warehouse", relative.folder)
    for text in (relative.outcome.stderr, status.stdout):
        assert GBK in text and "\\x1b[2J" in text
        assert not [c for c in text if ord(c) < 32 and c not in "\n\t"]


def test_what_a_document_or_a_query_says_cannot_steer_the_terminal(relative: Warehouse) -> None:
    outcome = yusuan("sql", "select chr(27) || '[31m' || chr(8238) as a", "--warehouse", relative.folder)
    assert outcome.returncode == 0 and "\x1b" not in outcome.stdout and "\u202e" not in outcome.stdout


def test_a_folder_is_never_an_input_file() -> None:
    """dbt names its folders after files: compiled/yusuan/models/marts.yml/."""
    assert all(path.is_file() for path in project_files())
    assert {path.relative_to(PROJECT).parts[0] for path in project_files()} == {
        "dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests",
    }  # fmt: skip
    assert files_digest(project_files(), PROJECT)


@pytest.mark.parametrize(
    ("raw", "warehouse", "words"),
    [
        ("a", str(PROJECT / "models"), "belongs to the program"),
        ("a", "a", "among the files of the warehouse"),
        ("a/b", "a", "among the files of the warehouse"),
        ("a", os.fsdecode(b"\xd0\xcf"), "printable UTF-8"),
    ],
)
def test_folders_that_cannot_be_a_warehouse_are_wrong_use(tmp_path: Path, raw: str, warehouse: str, words: str) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "a.txt").write_text("a")
    outcome = in_folder(tmp_path, "run", "--raw", raw, "--warehouse", warehouse)
    assert outcome.returncode == 2 and words in outcome.stderr and "Traceback" not in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1
    assert not list(tmp_path.rglob(".lock"))

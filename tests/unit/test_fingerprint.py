"""Which change makes which result stale: the real code, in a copy of the package that each test may edit."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

CODE = """
import json
from pathlib import Path
from pipeline.extraction.fingerprint import result_folders
print(json.dumps({name: folder.name for name, folder in result_folders(Path("extracted"), "a" * 16)}))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package with exactly two forms: hebei, and other, which is its twin under another name."""
    copy = tmp_path / "pipeline"
    shutil.copytree(ROOT / "pipeline", copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (copy / "forms").glob("*.yaml"):
        if path.name != "hebei.yaml":
            path.unlink()
    text = (copy / "forms" / "hebei.yaml").read_text("utf-8")
    (copy / "forms" / "other.yaml").write_text(text.replace("form: hebei", "form: other"), "utf-8")
    return copy


def folders(package: Path) -> dict[str, str]:
    """Form → result folder of one document, by the code of the copy."""
    result = subprocess.run(
        [sys.executable, "-c", CODE], cwd=package.parent, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(result.stdout)
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def changed(package: Path, path: str, old: str, new: str) -> set[str]:
    """The forms whose result folder is another one after an edit; "" is the one of documents without a form."""
    before = folders(package)
    edit(package / path, old, new)
    after = folders(package)
    assert set(before) == set(after) == {"", "hebei", "other"}
    return {name for name in before if before[name] != after[name]}


def test_the_same_code_and_forms_give_the_same_folders(package: Path) -> None:
    found = folders(package)
    assert found == folders(package)
    assert len(set(found.values())) == 3 and all(name.startswith("a" * 16 + "-") for name in found.values())


def test_an_edited_column_concerns_its_own_form_and_documents_without_one(package: Path) -> None:
    assert changed(package, "forms/other.yaml", "科目代码", "科目编号") == {"other", ""}


def test_an_edited_title_concerns_every_form_because_titles_choose_the_form(package: Path) -> None:
    assert changed(package, "forms/other.yaml", "收支(?:预算)?总表", "收支(?:预算)?表") == {"hebei", "other", ""}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("documents/readers/text.py", "import re", "import re  # edited"),
        ("forms/rows.py", "import", "import  "),
        ("extraction/schema.py", "decimal128(20, 2)", "decimal128(22, 2)"),
        ("reference/function_codes.csv", "一般公共服务支出", "一般公共服务"),
    ],
)
def test_edited_reading_code_or_codes_concern_every_result(package: Path, path: str, old: str, new: str) -> None:
    assert changed(package, path, old, new) == {"hebei", "other", ""}


@pytest.mark.parametrize("path", ["cli.py", "job.py", "registry/departments.py"])
def test_code_that_reads_no_document_makes_no_result_stale(package: Path, path: str) -> None:
    assert changed(package, path, "from __future__", "# edited\nfrom __future__") == set()

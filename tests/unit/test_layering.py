"""Each layer knows the ones before it and nothing after it; heavy libraries load only in the step that needs them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "pipeline"
HEAVY = {"dagster", "dagster_dbt", "dbt", "great_expectations", "pandas", "pyarrow", "duckdb"}
ORCHESTRATION = {"dagster", "dagster_dbt", "dbt", "great_expectations"}
# layer → the layers of the package that it may import, itself included
MAY_IMPORT = {
    "documents": {"documents"},
    "forms": {"documents", "forms"},
    "annexes": {"documents", "forms", "annexes"},
    "proof": {"documents", "forms", "annexes", "proof"},
    "registry": {"forms", "registry"},  # a name is compared as labels are
    "shown": set[str](),
    "interrupt": set[str](),
    "failures": set[str](),
    "intake": {"shown"},
    "settings": set[str](),
    "extraction": {"documents", "forms", "annexes", "proof", "extraction", "intake", "settings"},
    "build": {"extraction", "build", "settings", "pages"},
    "job": {"interrupt", "extraction", "intake", "settings", "registry", "build"},
    "pages": set[str](),
    "ledger": {"pages"},
    "picture": {"documents"},
    "codes": {"documents", "forms"},
    "curate": {"codes", "documents", "registry", "settings", "show"},
    "show": {"settings", "intake", "job", "ledger", "picture", "documents"},
    "cli": {"curate", "settings", "intake", "job", "definitions", "show", "shown", "interrupt", "failures", "serve"},
    "serve": {"interrupt", "settings"},
    "assets": {"assets", "job", "intake", "settings", "extraction", "build"},
    "definitions": {"assets", "job", "settings"},
}
LIBRARY = (
    *("documents", "forms", "annexes", "proof", "extraction", "registry"),
    *("intake", "settings", "shown", "ledger", "picture", "codes"),
)


def layer_files(layer: str) -> list[Path]:
    folder = PACKAGE / layer
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{layer}.py"]


def imports(path: Path, top_level_only: bool = False) -> Iterator[str]:
    """The modules that a file imports; what stands under `if TYPE_CHECKING` is only for the type checker."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        or (top_level_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "pipeline")


def test_every_module_of_the_package_belongs_to_a_layer() -> None:
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert found - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_what_stands_before_it(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in layer_files(layer)
        for module in imports(path)
        if module.startswith("pipeline.") and module.split(".")[1] not in MAY_IMPORT[layer]
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", LIBRARY)
def test_reading_documents_needs_no_orchestration(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in layer_files(layer)
        for module in imports(path)
        if module.split(".")[0] in ORCHESTRATION
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", ["build", "job", "cli"])
def test_the_build_imports_heavy_libraries_only_inside_its_functions(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in layer_files(layer)
        for module in imports(path, top_level_only=True)
        if module.split(".")[0] in ORCHESTRATION
    ]
    assert wrong == []


def test_no_layer_imports_tools_or_tests() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in PACKAGE.rglob("*.py")
        for module in imports(path)
        if module.split(".")[0] in {"tools", "tests", "benchmarks"}
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["pipeline.cli", "pipeline.job", "pipeline.intake", "pipeline.forms.figures"])
def test_importing_the_command_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(sorted({HEAVY!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"

"""Windows and macOS, by substitution: without fcntl and resource the lock and the limit of memory still hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "pipeline"
UNIX_ONLY = {"fcntl", "resource", "grp", "pwd", "termios"}
# a system without them: the import fails, as it does on Windows
WITHOUT = "import sys\nfor name in {names!r}: sys.modules[name] = None\n"

EATS = (
    "import psutil\n"  # on Linux psutil itself needs the module
    + WITHOUT.format(names=["resource"])
    + """
import time
from pipeline.extraction import process
process.limit_memory(300 * 2**20)
held = []
for _ in range(60):
    held.append(bytearray(20 * 2**20))
    time.sleep(0.05)
print("was not stopped")
"""
)
REFUSED = """
import resource, sys
def refuse(*arguments): raise ValueError("not allowed to raise maximum limit")
resource.setrlimit = refuse
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", [EATS, EATS.replace(WITHOUT.format(names=["resource"]), REFUSED)])
def test_without_a_limit_of_the_system_a_worker_is_watched(code: str) -> None:
    pytest.importorskip("psutil")
    from pipeline.extraction.process import OUT_OF_MEMORY

    outcome = run(code)
    assert (outcome.returncode, outcome.stdout) == (OUT_OF_MEMORY, ""), outcome.stderr


def test_the_lock_keeps_two_runs_apart_and_ends_with_its_process(tmp_path: Path) -> None:
    holder = (
        "import sys; from pathlib import Path; from pipeline import job; from pipeline.settings import Settings\n"
        f"with job.only_run(Settings(warehouse=Path({str(tmp_path)!r}))):\n"
        "    print('held', flush=True); sys.stdin.readline()\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", holder], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None and first.stdout.readline() == "held\n"
    refused = run(holder)
    assert refused.returncode == 1 and "AnotherRun" in refused.stderr
    first.kill()
    first.communicate()
    after = subprocess.run(
        [sys.executable, "-c", holder], cwd=ROOT, input="\n", capture_output=True, text=True, check=False
    )
    assert (after.returncode, after.stdout) == (0, "held\n"), after.stderr


def test_nothing_needs_a_module_that_only_unix_has() -> None:
    """Whoever imports one does so inside a try, or a suppress, that names ImportError."""
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        guarded = {
            id(inner)
            for node in ast.walk(tree)
            if (isinstance(node, ast.Try) and any("ImportError" in ast.unparse(h.type or node) for h in node.handlers))
            or (isinstance(node, ast.With) and "suppress(ImportError)" in ast.unparse(node.items[0]))
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if UNIX_ONLY & set(names) and id(node) not in guarded:
                wrong.append(f"{path.relative_to(ROOT)} imports {names}")
    assert wrong == []


@pytest.mark.parametrize("module", ["pipeline.cli", "pipeline.job", "pipeline.extraction.run", "pipeline.serve"])
def test_every_module_loads_without_them(module: str) -> None:
    assert run(WITHOUT.format(names=sorted(UNIX_ONLY)) + f"import {module}").returncode == 0


def test_nothing_reads_what_only_linux_has() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert "/proc/" not in path.read_text("utf-8"), path


def test_dbts_private_parts_are_touched_in_one_module_only() -> None:
    """docs/decisions/dbt.md: what a change of dbt would break is found in one place."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dbt")
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "dbt" for alias in node.names))
    }
    assert found == {"build/transform.py"}

"""The whole way with the real command: what it prints, what it publishes, and what bad input gets."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command import Warehouse, contents, environment, query, sample, start, summary, yusuan

DOCUMENTS = {"130500-2022": 163, "130529-2023": 304, "131000-2021": 54}  # the last has none of the nine statements
FIGURES = sum(DOCUMENTS.values())
HEAVY = ("dagster", "dbt", "great_expectations")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def parquet_files(warehouse: Path) -> dict[str, str]:
    """Every extracted file with the digest of its bytes."""
    root = warehouse / "extracted"
    return {path.relative_to(root).as_posix(): digest(path) for path in root.rglob("*.parquet")}


@dataclass(frozen=True)
class Twin:
    """A second build of the same input, as it was before anything else happened to it."""

    warehouse: Warehouse  # its outcome is that of a run which found another one at work
    parquet_files: dict[str, str]
    contents: dict[str, list[Any]]


@pytest.fixture(scope="module")
def twin(good: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Twin:
    """The same input elsewhere, with another number of workers; a second run is tried while the first is at work."""
    folder = tmp_path_factory.mktemp("twin")
    shutil.copytree(good.raw, folder / "raw")
    arguments = ("run", "--raw", folder / "raw", "--warehouse", folder / "warehouse", "--workers", "1")
    process = start(*arguments)
    assert process.stderr is not None
    assert "documents in" in process.stderr.readline()
    second = yusuan(*arguments)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors
    warehouse = Warehouse(folder / "raw", folder / "warehouse", second)
    return Twin(warehouse, parquet_files(warehouse.folder), contents(warehouse.published))


# ── a good run ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_summary_counts_what_was_published(good: Warehouse) -> None:
    counts = summary(good.outcome)
    assert (counts["documents"], counts["figures"], counts["quarantined"]) == (3, FIGURES, 0)
    (published,) = query(good.published, "select count(*) from marts.published_figure")
    assert published == (FIGURES,)
    ((issues,),) = query(good.published, "select count(*) from quality.extraction_issue")
    assert counts["issues"] == issues
    assert str(good.published) in good.outcome.stdout and "time" in good.outcome.stdout


def test_progress_names_every_document_with_its_figures(good: Warehouse) -> None:
    for number, (key, figures) in enumerate(DOCUMENTS.items(), start=1):
        assert f"[{number}/3] hebei/{sample(key).name}: {figures} figures" in good.outcome.stderr


@pytest.mark.parametrize(
    ("view", "statements"),
    [
        ("fct_expenditure", ["expenditure"]),
        ("fct_revenue", ["revenue"]),
        (
            "fct_appropriation",
            ["general_public_expenditure", "government_fund_expenditure", "state_capital_expenditure"],
        ),
        ("fct_basic_expenditure", ["basic_expenditure"]),
    ],
)
def test_the_facts_of_each_view_add_up_to_the_printed_totals(good: Warehouse, view: str, statements: list[str]) -> None:
    names = ", ".join(f"'{name}'" for name in statements)
    printed = query(
        good.published,
        "select department_key, sum(amount_yuan) from marts.published_figure "
        f"where statement in ({names}) and item = 'total' and measure = 'total' group by all order by all",
    )
    facts = f"select department_key, sum(amount_yuan) from marts.{view} group by all order by all"
    assert len(printed) == 2 and query(good.published, facts) == printed


def test_only_what_belongs_there_is_left_in_the_warehouse_folder(good: Warehouse) -> None:
    assert not (good.folder / "build").exists()
    assert not list(good.folder.rglob("*.wal")) and not list(good.folder.rglob("*.tmp"))
    assert len(list((good.folder / "extracted").iterdir())) == 3


def test_a_second_run_has_nothing_to_do_and_says_so(good: Warehouse) -> None:
    before = digest(good.published)
    again = good.run()
    assert again.returncode == 0 and "Nothing new" in again.stdout
    assert "dbt" not in again.stderr and summary(again) == summary(good.outcome)
    assert digest(good.published) == before


def test_a_run_with_nothing_new_imports_no_heavy_library(good: Warehouse) -> None:
    code = (
        "import sys, json; from pipeline.cli import main; "
        f"code = main(['run', '--raw', {str(good.raw)!r}, '--warehouse', {str(good.folder)!r}]); "
        f"print(json.dumps([code, sorted(set({HEAVY!r}) & set(sys.modules))]))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert "Nothing new" in result.stdout
    assert json.loads(result.stdout.splitlines()[-1]) == [0, []]


# ── the same input ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_input_gives_the_same_parquet_bytes(good: Warehouse, twin: Twin) -> None:
    assert len(twin.parquet_files) >= len(DOCUMENTS) * 5
    assert parquet_files(good.folder) == twin.parquet_files


def test_the_same_input_gives_the_same_contents_of_every_table(good: Warehouse, twin: Twin) -> None:
    found = contents(good.published)
    assert len(found["marts.published_figure"]) == FIGURES and list(found) == list(twin.contents)
    assert [name for name in found if found[name] != twin.contents[name]] == []


def test_of_two_runs_at_once_the_second_gives_way(twin: Twin) -> None:
    second = twin.warehouse.outcome
    assert (second.returncode, second.stdout) == (4, "")
    assert "another run is at work" in second.stderr


# ── bad input ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def mixed(twin: Twin) -> Warehouse:
    """The twin, run again: of its documents one is left, among everything that can be wrong with a folder."""
    raw = twin.warehouse.raw
    good = sample("130500-2022")
    shutil.rmtree(raw)
    (raw / "loop").mkdir(parents=True)
    (raw / "loop" / "back").symlink_to(raw)
    shutil.copy(good, raw / "a-good.docx")
    shutil.copy(good, raw / "b-copy.docx")
    (raw / "c-empty.docx").touch()
    (raw / "d-truncated.docx").write_bytes(good.read_bytes()[:20_000])
    (raw / "e-page.pdf").write_text("<!DOCTYPE html><html><body>404 页面不存在</body></html>", "utf-8")
    (raw / "f-gone.docx").symlink_to(raw / "nowhere")
    (raw / "g-letter.txt").write_text("关于召开会议的通知\n", "utf-8")
    return Warehouse(raw, twin.warehouse.folder, twin.warehouse.run())


REASONS = {
    "b-copy.docx": "the same as a-good.docx",
    "c-empty.docx": "empty",
    "d-truncated.docx": "",
    "e-page.pdf": "named .pdf but is none",
    "f-gone.docx": "leads nowhere",
    "g-letter.txt": "no department budget",
    "loop/back": "directory loop",
}


def test_among_bad_files_the_good_one_is_published(mixed: Warehouse) -> None:
    assert mixed.outcome.returncode == 0, mixed.outcome.stderr
    counts = summary(mixed.outcome)
    assert (counts["documents"], counts["figures"], counts["quarantined"]) == (
        1,
        DOCUMENTS["130500-2022"],
        len(REASONS),
    )


def test_removed_documents_leave_the_build_and_an_unchanged_one_is_not_read_again(mixed: Warehouse) -> None:
    assert "read 3, unchanged 1" in mixed.outcome.stderr  # read: the letter, the page and the truncated one
    assert query(mixed.published, "select distinct document_key from marts.published_figure") == [
        (digest(sample("130500-2022"))[:16],)
    ]
    assert len(list((mixed.folder / "extracted").rglob("figure.parquet"))) == 1


def test_every_bad_file_is_named_with_its_reason(mixed: Warehouse) -> None:
    found = dict(query(mixed.published, "select file_name, reason from quality.quarantined_document"))
    assert set(found) == set(REASONS)
    for name, words in REASONS.items():
        assert words in found[name] and len(found[name]) > 20
        assert f"! {name}: {found[name]}" in mixed.outcome.stdout


def test_with_strict_bad_files_are_an_exit_code(mixed: Warehouse) -> None:
    again = mixed.run("--strict")
    assert again.returncode == 1 and "Nothing new" in again.stdout


def test_without_bad_files_strict_is_no_failure(good: Warehouse) -> None:
    assert good.run("--strict").returncode == 0


def test_a_folder_of_bad_files_alone_publishes_nothing_and_leaves_the_old_file(
    mixed: Warehouse, tmp_path: Path
) -> None:
    before = digest(mixed.published)
    (tmp_path / "letter.txt").write_text("关于召开会议的通知\n", "utf-8")
    (tmp_path / "empty.docx").touch()
    failed = yusuan("run", "--raw", tmp_path, "--warehouse", mixed.folder)
    assert failed.returncode == 3
    assert "letter.txt: " in failed.stderr and "empty.docx: " in failed.stderr and "not published" in failed.stderr
    assert digest(mixed.published) == before


# ── wrong use ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_folder_is_wrong_use_and_builds_nothing(tmp_path: Path) -> None:
    outcome = yusuan("run", "--raw", tmp_path / "nowhere", "--warehouse", tmp_path / "warehouse")
    assert outcome.returncode == 2 and "nowhere" in outcome.stderr and "--raw" in outcome.stderr
    assert not (tmp_path / "warehouse" / "budget.duckdb").exists()


def test_an_empty_folder_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    outcome = yusuan("run", "--raw", tmp_path / "raw", "--warehouse", tmp_path / "warehouse")
    assert outcome.returncode == 2 and "no document" in outcome.stderr


def test_a_wrong_manifest_is_wrong_use_and_its_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file_name,published_on\na.docx,17.2.2023\n", "utf-8")
    outcome = yusuan("run", "--raw", tmp_path, "--warehouse", tmp_path / "warehouse")
    assert outcome.returncode == 2 and "manifest.csv, line 2" in outcome.stderr


@pytest.mark.parametrize("arguments", [("run", "--workers", "0"), ("run", "--workers", "many"), (), ("publish",)])
def test_wrong_arguments_are_wrong_use(arguments: tuple[str, ...]) -> None:
    outcome = yusuan(*arguments)
    assert outcome.returncode == 2 and "usage: yusuan" in outcome.stderr


@pytest.mark.parametrize("command", [("status",), ("explain", "abc")])
def test_before_the_first_run_there_is_nothing_to_show(command: tuple[str, ...], tmp_path: Path) -> None:
    outcome = yusuan(*command, "--warehouse", tmp_path)
    assert outcome.returncode == 2 and "yusuan run makes it" in outcome.stderr


# ── status, explain ─────────────────────────────────────────────────────────────────────────────────────────────


def test_status_lists_every_document_with_its_statements(good: Warehouse) -> None:
    outcome = yusuan("status", "--warehouse", good.folder)
    assert outcome.returncode == 0
    assert summary(outcome) == summary(good.outcome)
    for key in DOCUMENTS:
        assert f"hebei/{sample(key).name}" in outcome.stdout
    assert "7 statements present, 2 declared empty, 0 unread, 0 missing; 163 figures" in outcome.stdout
    assert "0 statements present, 0 declared empty, 0 unread, 9 missing; 54 figures" in outcome.stdout
    assert "annexes: asset, claim, organisation, performance, procurement" in outcome.stdout


def test_explain_shows_where_a_figure_is_printed(good: Warehouse) -> None:
    ((key, text),) = query(
        good.published,
        "select figure_id, text_as_printed from marts.published_figure where statement = 'expenditure' "
        "and item = 'total' and measure = 'total' and department_key = '130500-样例办公室'",
    )
    whole = yusuan("explain", key, "--warehouse", good.folder)
    assert whole.returncode == 0
    for words in (key, "邢台市样例办公室", sample("130500-2022").name, "expenditure", "合计", f"{text} 万元"):
        assert words in whole.stdout
    assert re.search(r"in the facts +no ", whole.stdout)
    beginning = yusuan("explain", key[:9], "--warehouse", good.folder)
    assert beginning.stdout == whole.stdout


@pytest.mark.parametrize("fact", ["fct_budget_amount", "fct_three_public", "fct_claim", "fct_performance_indicator"])
def test_explain_names_the_fact_that_holds_a_figure(good: Warehouse, fact: str) -> None:
    ((key,),) = query(good.published, f"select min(figure_id) from marts.{fact}")
    assert re.search(rf"in the facts +yes \({fact}\)", yusuan("explain", key, "--warehouse", good.folder).stdout)


@pytest.mark.parametrize(("figure_id", "words"), [("xyz", "no figure has an id"), ("", "several figures")])
def test_explain_says_what_is_wrong_with_an_id(good: Warehouse, figure_id: str, words: str) -> None:
    outcome = yusuan("explain", figure_id, "--warehouse", good.folder)
    assert outcome.returncode == 2 and words in outcome.stderr and outcome.stdout == ""

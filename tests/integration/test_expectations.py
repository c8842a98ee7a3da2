"""dbt and the expectations on a small build, sound and tampered with: what they find, and what the gate makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.build.audit import gate
from pipeline.build.expectations import ExpectationResult, read_results, run_expectations
from pipeline.build.suites import SuiteError, load_suites, parse_suite
from pipeline.build.transform import DbtFinding, DbtResult, read_result, run_dbt
from pipeline.build.warehouse import create_build_file
from tests.integration.dbt_inputs import STATEMENTS, Disclosure, Part, write_inputs

NAMES = {"201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "301": "工资福利支出"}
SOUND = DbtResult((), (), passed=1, skipped=0)


def disclosure() -> Disclosure:
    """T2, T3, T5 and T6 of one department that spends 100 万元 on 2010301; the other statements are empty."""

    def rows(code: str, label: str, cells: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
        levels = [(code[:length], NAMES.get(code[:length], label)) for length in (3, 5, 7) if length <= len(code)]
        return [(item, name, cells) for item, name in [("total", "合计"), *levels]]

    basic = {"total": "100", "basic": "100"}
    statements = {
        **{name: [] for name in STATEMENTS},
        "revenue": rows("2010301", "行政运行", {"total": "100", "fiscal_appropriation": "100"}),
        "expenditure": rows("2010301", "行政运行", basic),
        "general_public_expenditure": rows("2010301", "行政运行", basic),
        "basic_expenditure": rows("30101", "基本工资", {"total": "100", "personnel": "100"}),
    }
    return Disclosure("0123456789abcdef", [Part("130500-人民政府办公室", statements)])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build = folder / "build" / "budget.duckdb"
    create_build_file(build, write_inputs(folder / "extracted", [disclosure()]))
    result = run_dbt(build, folder / "dbt")
    assert result.success, result.failures
    assert (result.warnings, result.skipped) == ((), 0)
    assert read_result(folder / "dbt") == result
    return build


@pytest.fixture
def build(built: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "build" / "budget.duckdb"
    copy.parent.mkdir()
    shutil.copy(built, copy)
    return copy


def failed(results: list[ExpectationResult]) -> dict[str, str]:
    return {result.expectation_id: result.severity for result in results if not result.success}


# ── the suites ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_build_meets_every_expectation_that_gates(build: Path) -> None:
    results = run_expectations(build)
    # the inputs hold one file that could not be loaded
    assert failed(results) == {"quality.quarantined_document.files.are_none": "warning"}
    assert gate(SOUND, results) == []


def test_results_are_kept_in_the_build_and_do_not_change(build: Path) -> None:
    first = run_expectations(build)
    assert sorted(first, key=lambda result: result.expectation_id) == read_results(build)
    with duckdb.connect(str(build)) as connection:
        before = connection.execute("FROM quality.expectation_result").fetchall()
    run_expectations(build)
    with duckdb.connect(str(build)) as connection:
        assert connection.execute("FROM quality.expectation_result").fetchall() == before


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "UPDATE marts.published_figure SET fiscal_year = 1923",
            {"marts.published_figure.year_is_plausible": "warning"},
        ),
        (
            "DELETE FROM marts.published_figure WHERE item = 'total' AND statement = 'expenditure'",
            {
                "marts.published_figure.statements.print_a_total": "warning",
                "marts.statement_status.statements.keep_every_figure_read": "error",
            },
        ),
        (
            "DELETE FROM marts.statement_status WHERE statement = 'three_public'",
            {"marts.statement_status.bodies.tell_of_all_nine_statements": "error"},
        ),
        (
            "UPDATE marts.fct_budget_amount SET function_code_key = '2019-2010301' WHERE statement = 'expenditure'",
            {"marts.fct_budget_amount.editions.are_those_of_the_budget_year": "error"},
        ),
        (
            "UPDATE marts.dim_document SET sha256 = 'ff' || sha256 WHERE sha256 IS NOT NULL",
            {"marts.dim_document.documents.are_keyed_by_their_bytes": "error"},
        ),
        (
            "UPDATE quality.quarantined_document SET reason = 'E17'",
            {"quality.quarantined_document.has_a_reason_in_words": "error"},
        ),
    ],
)
def test_what_is_wrong_is_found(build: Path, change: str, expected: dict[str, str]) -> None:
    with duckdb.connect(str(build)) as connection:
        connection.execute(change)
    results = run_expectations(build)
    found = failed(results)
    found.pop("quality.quarantined_document.files.are_none")
    assert found == expected
    reasons = " ".join(gate(SOUND, results))
    for expectation, severity in expected.items():
        assert (expectation in reasons) == (severity == "error")


def test_an_empty_build_is_not_published(tmp_path: Path) -> None:
    """An empty folder must never replace what is published; an empty table passes most expectations."""
    build = tmp_path / "build" / "budget.duckdb"
    create_build_file(build, write_inputs(tmp_path / "extracted", []))
    assert run_dbt(build, tmp_path / "dbt").success
    [reason] = gate(SOUND, run_expectations(build))
    assert "at least one document was loaded" in reason


def test_a_column_that_is_gone_is_told_not_passed(build: Path, tmp_path: Path) -> None:
    suites = tmp_path / "suites"
    suites.mkdir()
    (suites / "marts.dim_region.yaml").write_text(
        "table: marts.dim_region\n"
        "queries:\n  q:\n    sql: SELECT 1 AS a\n    expectations:\n"
        "      b: {expect: expect_column_values_to_not_be_null, column: b, severity: error, why: there is a b}\n"
    )
    [result] = run_expectations(build, folder=suites)
    assert not result.success
    assert result.observed.startswith('could not be checked: Error: The column "b"')


def test_suites_name_each_expectation_once_and_give_a_reason() -> None:
    ids = [item.expectation_id for suite in load_suites() for batch in suite.batches for item in batch.expectations]
    assert len(ids) == len(set(ids)) > 30


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"table": "marts.other", "expectations": {}}, "must be called marts.other.yaml"),
        (
            {"table": "marts.t", "expectations": {"a": {"expect": "e", "why": "w"}}},
            "severity must be one of error, warning",
        ),
    ],
)
def test_a_suite_that_cannot_be_understood_is_refused(content: dict[str, object], complaint: str) -> None:
    with pytest.raises(SuiteError, match=complaint):
        parse_suite(content, "marts.t.yaml")


def test_the_site_of_the_checks_needs_no_network(build: Path, tmp_path: Path) -> None:
    docs = tmp_path / "data_docs"
    results = run_expectations(build, docs)
    pages = {page.relative_to(docs).as_posix(): page.read_text(encoding="utf-8") for page in docs.rglob("*.html")}
    index = pages["index.html"]
    for result in results:
        assert f">{result.expectation_id}</a>" in index
    for link in re.findall(r'href="([^"]+)"', index):
        assert link in pages
    loads = re.compile(
        r'<(?:script|img|iframe)[^>]*src="(?:https?:)?//|<link[^>]*href="(?:https?:)?//|url\([\'"]?https?:|@import'
    )
    assert [name for name, text in pages.items() if loads.search(text)] == []


# ── the gate ────────────────────────────────────────────────────────────────────────────────────────────────────


def outcome(severity: str, success: bool) -> ExpectationResult:
    return ExpectationResult("marts.t.a", "marts.t", None, "a is so", severity, success, "it is not", 3)


@pytest.mark.parametrize(
    ("dbt", "results", "reasons"),
    [
        (SOUND, [outcome("error", True), outcome("warning", False)], []),
        (SOUND, [outcome("error", False)], ["expectation marts.t.a: a is so: it is not"]),
        (SOUND, [], ["expectations: none was checked"]),
        (DbtResult((), (), 0, 0), [outcome("error", True)], ["dbt: nothing was built"]),
        (
            DbtResult((DbtFinding("test.yusuan.key", "Got 2 results, configured to fail if != 0"),), (), 9, 1),
            [],
            ["dbt: test.yusuan.key: Got 2 results, configured to fail if != 0"],
        ),
        (DbtResult((), (DbtFinding("test.yusuan.odd", "1 warning"),), 9, 0), [outcome("error", True)], []),
    ],
)
def test_only_structure_stops_a_publication(
    dbt: DbtResult, results: list[ExpectationResult], reasons: list[str]
) -> None:
    assert gate(dbt, results) == reasons


# ── dbt in this process ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of three models: one works, one does not, one depends on the second."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "{name: tiny, version: '1.0', profile: tiny, models: {+materialized: table}}"
    )
    (folder / "profiles.yml").write_text(
        "tiny: {target: t, outputs: {t: {type: duckdb, path: \"{{ env_var('YUSUAN_BUILD_FILE') }}\", schema: marts}}}"
    )
    (folder / "models" / "good.sql").write_text("select 1 as a")
    (folder / "models" / "bad.sql").write_text("select no_such_column from {{ ref('good') }}")
    (folder / "models" / "after.sql").write_text("select * from {{ ref('bad') }}")
    return folder


def test_dbt_tells_in_words_what_failed_and_leaves_the_file_free(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    build = tmp_path / "build" / "budget.duckdb"
    for _ in range(2):  # a second run in the same process must not remember the first one's connection
        create_build_file(build, {})
        result = run_dbt(build, tmp_path / "dbt", project=project)
        assert [(failure.node, "no_such_column" in failure.message) for failure in result.failures] == [
            ("model.tiny.bad", True)
        ]
        assert (result.passed, result.skipped) == (1, 1)
        writer = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('CREATE TABLE t AS FROM marts.good')"
        subprocess.run([sys.executable, "-c", writer, str(build)], check=True)
    assert capfd.readouterr() == ("", "")
    assert sorted(file.name for file in project.iterdir()) == ["dbt_project.yml", "models", "profiles.yml"]


def test_a_project_that_cannot_be_parsed_is_a_failure(project: Path, tmp_path: Path) -> None:
    (project / "models" / "good.sql").write_text("select * from {{ ref('nowhere') }}")
    create_build_file(tmp_path / "build" / "budget.duckdb", {})
    result = run_dbt(tmp_path / "build" / "budget.duckdb", tmp_path / "dbt", project=project)
    [failure] = result.failures
    assert "nowhere" in failure.message


def test_the_library_imports_no_heavy_library() -> None:
    code = """
import sys
import pipeline.build.audit, pipeline.build.data_docs, pipeline.build.expectations, pipeline.build.publish
import pipeline.build.suites, pipeline.build.transform, pipeline.build.warehouse
print(sorted({'dbt', 'great_expectations', 'dagster', 'pandas', 'yaml'} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

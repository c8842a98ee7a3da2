"""The dbt project on figures written by hand and on the seeds' true figures: one build, read as a stranger reads it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.build.transform import DbtResult, run_dbt
from pipeline.build.warehouse import create_build_file
from tests.integration.dbt_inputs import Disclosure, Part, Row, seed_disclosures, write_inputs

TRUTH = Path(__file__).parents[3] / "shared" / "seeds" / "truth.csv"
VIEWS = {
    "fct_revenue": ("revenue",),
    "fct_expenditure": ("expenditure",),
    "fct_appropriation": (
        "general_public_expenditure",
        "government_fund_expenditure",
        "state_capital_expenditure",
    ),
    "fct_basic_expenditure": ("basic_expenditure",),
}


def expenditure(*rows: Row) -> dict[str, list[Row]]:
    return {"expenditure": list(rows)}


def lone_total(yuan: str) -> dict[str, list[Row]]:
    return expenditure(("total", "合计", {"total": yuan}))


MAIN: dict[str, list[Row]] = {
    "budget_summary": [
        ("carryover_in", "上年结转", {"revenue": "20"}),
        ("carryover_out", "年终结转", {"expenditure": "5"}),
    ],
    "revenue": [
        ("total", "合计", {"total": "120", "current_year": "100", "fiscal_appropriation": "90", "business": "10"}),
        ("201", "一般公共服务支出", {"total": "120", "current_year": "100", "carryover": "20"}),
        # a 款 without 项, and a 项 whose 款 is not printed
        (
            "20103",
            "政府办公厅（室）及相关机构事务",
            {"total": "80", "current_year": "60", "fiscal_appropriation": "50"},
        ),
        ("2013101", "行政运行", {"total": "40", "fiscal_appropriation": "40", "business": "0"}),
    ],
    "expenditure": [
        ("total", "合计", {"total": "115", "basic": "75", "project": "40"}),
        ("201", "一般公共服务支出", {"total": "110", "basic": "75"}),
        ("20103", "政府办公厅（室）及相关机构事务", {"total": "99", "basic": "70", "project": "30"}),
        ("2010301", "行政运行", {"basic": "70"}),
        ("2010302", "一般行政管理事务", {"total": "28", "project": "27"}),
        ("2019977", "不在目录中的科目", {"total": "10"}),
        ("299", "不在目录中的类", {"total": "4"}),
    ],
    "general_public_expenditure": [("total", "合计", {"total": "60", "basic": "60"})],
    "government_fund_expenditure": [
        ("total", "合计", {"total": "30", "project": "30"}),
        ("212", "城乡社区支出", {"total": "30", "project": "30"}),
    ],
    "state_capital_expenditure": [],
    "basic_expenditure": [
        ("total", "合计", {"total": "60", "personnel": "50", "public": "10"}),
        ("301", "工资福利支出", {"total": "50", "personnel": "50"}),
        ("30101", "基本工资", {"total": "50", "personnel": "50"}),
        ("302", "商品和服务支出", {"total": "10", "public": "10"}),
    ],
    "three_public": [
        ("total", "合计", {"total": "9"}),
        ("three_public_total", "“三公”经费小计", {"total": "7"}),
        ("reception", "公务接待费", {"total": "6", "general_public": "4", "government_fund": "2"}),
        ("meeting", "会议费", {"total": "2"}),
        ("agency_operating", "机关运行经费", {"total": "10"}),
    ],
}
DISCLOSURES = [
    Disclosure("aa00000000000001", [Part("130500-甲局", MAIN)], issues=["a label is cut off"]),
    # published again with one statement only, later
    Disclosure("bb00000000000001", [Part("130500-乙局", {**lone_total("50"), "revenue": MAIN["revenue"]})]),
    Disclosure("bb00000000000002", [Part("130500-乙局", lone_total("60"))], published_on=date(2023, 3, 1)),
    # the same document as PDF and Word, nothing says which is newer
    Disclosure("cc00000000000001", [Part("130500-丙局", lone_total("70"))], format="pdf"),
    Disclosure("cc00000000000002", [Part("130500-丙局", lone_total("70"))], format="docx"),
    # a department's document with its units' own statements, and a unit's own document
    Disclosure(
        "dd00000000000001",
        [
            Part("130500-丁局", lone_total("100")),
            Part("130500-丁局一中心", lone_total("30"), scope="unit", parent_department_key="130500-丁局"),
            Part("130500-丁局二中心", lone_total("20"), scope="unit", parent_department_key=None),
        ],
    ),
    Disclosure(
        "dd00000000000002",
        [Part("130500-丁局三中心", lone_total("10"), scope="unit", parent_department_key="130500-丁局")],
    ),
    # units whose department is not loaded
    Disclosure(
        "ee00000000000001",
        [Part("130500-戊局一校", lone_total("8"), scope="unit", parent_department_key="130500-戊局", region_code=None)],
        fiscal_year=2016,
    ),
    Disclosure("ff00000000000001", [Part("130500-己局", {})]),
    Disclosure("ff00000000000002", [Part("130500-庚局", lone_total("1"))], kind="final_account"),
]


class Build:
    """The built file under another name and alias, and how dbt built it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, result: DbtResult) -> None:
        self.connection = connection
        self.result = result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def amounts(self, sql: str) -> dict[str, Decimal]:
        return {key: Decimal(amount) / 10_000 for key, amount in self.rows(sql)}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    folder = tmp_path_factory.mktemp("dbt")
    disclosures = DISCLOSURES + (seed_disclosures(TRUTH) if TRUTH.exists() else [])
    file = folder / "budget.duckdb"
    create_build_file(file, write_inputs(folder / "extracted", disclosures))
    # `--warn-error`: whatever dbt would only warn of, a deprecation too, fails the build
    result = run_dbt(file, folder / "target", command=("build", "--warn-error"))
    assert result.success, result.failures
    renamed = folder / "renamed.duckdb"
    shutil.copy(file, renamed)
    file.unlink()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{renamed}' AS elsewhere (READ_ONLY)")
        connection.execute("USE elsewhere")
        yield Build(connection, result)


def test_the_build_is_clean(build: Build) -> None:
    assert (build.result.failures, build.result.warnings, build.result.skipped) == ((), (), 0)
    assert build.result.passed > 80


def test_the_facts_of_a_department_are_its_printed_total_less_the_gaps(build: Build) -> None:
    """The query that an analyst would ask, for every department and statement."""
    wrong = build.rows("""
        WITH printed AS (
            SELECT document_key, department_key, statement, amount_yuan AS total_yuan
            FROM marts.published_figure
            JOIN marts.statement_status USING (document_key, part, department_key, fiscal_year, scope, statement)
            WHERE is_in_facts AND item = 'total' AND measure = 'total' AND statement <> 'three_public'
        ),
        facts AS (
            SELECT document_key, department_key, statement, sum(amount_yuan) AS facts_yuan
            FROM marts.fct_budget_amount GROUP BY ALL
        ),
        gaps AS (
            SELECT document_key, department_key, statement, sum(gap_yuan) AS gaps_yuan
            FROM quality.footing_gap WHERE is_on_finest_path GROUP BY ALL
        )
        SELECT * FROM printed FULL JOIN facts USING (document_key, department_key, statement)
        LEFT JOIN gaps USING (document_key, department_key, statement)
        WHERE total_yuan IS DISTINCT FROM facts_yuan + coalesce(gaps_yuan, 0)
    """)
    assert wrong == []


def test_each_gap_is_told_once(build: Build) -> None:
    gaps = build.rows("""
        SELECT statement, axis, item, measure, (gap_yuan / 10000)::INTEGER, children_count, is_on_finest_path
        FROM quality.footing_gap WHERE document_key = 'aa00000000000001' ORDER BY ALL
    """)
    assert gaps == [
        ("expenditure", "measures", "201", "total", 35, 1, False),
        ("expenditure", "measures", "20103", "total", -1, 2, False),
        ("expenditure", "measures", "2010302", "total", 1, 1, True),
        ("expenditure", "rows", "201", "basic", 5, 1, False),
        ("expenditure", "rows", "201", "total", 1, 2, True),
        ("expenditure", "rows", "20103", "project", 3, 1, False),
        ("expenditure", "rows", "20103", "total", 1, 2, True),
        ("expenditure", "rows", "total", "project", 10, 1, False),
        ("expenditure", "rows", "total", "total", 1, 2, True),
        ("revenue", "measures", "20103", "current_year", 10, 1, True),
        ("revenue", "measures", "20103", "total", 20, 1, True),
        ("revenue", "measures", "total", "total", 20, 1, False),
        ("revenue", "rows", "201", "current_year", 40, 1, False),
        ("revenue", "rows", "total", "business", 10, 1, False),
        ("three_public", "rows", "three_public_total", "total", 1, 1, True),
    ]


def test_sums_by_statement(build: Build) -> None:
    sums = build.amounts("""
        SELECT statement, sum(amount_yuan) FROM marts.fct_budget_amount
        WHERE department_key = '130500-甲局' GROUP BY ALL
    """)
    assert sums == {
        "revenue": Decimal(90),
        "expenditure": Decimal(111),
        "general_public_expenditure": Decimal(60),
        "government_fund_expenditure": Decimal(30),
        "basic_expenditure": Decimal(60),
    }


def test_rows_enter_at_their_finest(build: Build) -> None:
    facts = build.rows("""
        SELECT function_code_key, amount_type, fund_source_key, (amount_yuan / 10000)::INTEGER
        FROM marts.fct_budget_amount
        WHERE department_key = '130500-甲局' AND statement IN ('expenditure', 'government_fund_expenditure')
        ORDER BY ALL
    """)
    assert facts == [
        ("2023-2010301", "basic", "not_broken_down", 70),
        ("2023-2010302", "project", "not_broken_down", 27),
        ("2023-212", "project", "government_fund", 30),
        ("unknown", "unsplit", "not_broken_down", 4),
        ("unknown", "unsplit", "not_broken_down", 10),
    ]


@pytest.mark.parametrize(("view", "statements"), VIEWS.items())
def test_each_view_adds_up_to_its_statements(build: Build, view: str, statements: tuple[str, ...]) -> None:
    of_view = build.amounts(f"SELECT department_key, sum(amount_yuan) FROM marts.{view} GROUP BY ALL")
    assert of_view == build.amounts(f"""
        SELECT department_key, sum(amount_yuan) FROM marts.fct_budget_amount
        WHERE list_contains({list(statements)}, statement) GROUP BY ALL
    """)
    assert of_view["130500-甲局"] > 0


def test_what_counts_is_current_and_in_default_scope(build: Build) -> None:
    sums = build.amounts("SELECT department_key, sum(amount_yuan) FROM marts.fct_expenditure GROUP BY ALL")
    assert {key: amount for key, amount in sums.items() if "局" in key} == {
        "130500-甲局": 111,
        "130500-乙局": 60,
        "130500-丙局": 70,
        "130500-丁局": 100,
        "130500-戊局一校": 8,
    }
    # the re-publication has no T2: the first one stands
    sums = build.amounts("SELECT department_key, sum(amount_yuan) FROM marts.fct_revenue GROUP BY ALL")
    assert sums["130500-乙局"] == 90


def test_documents_know_what_they_replace(build: Build) -> None:
    documents = build.rows("""
        SELECT document_key, supersedes_document_key, is_current, in_default_scope FROM marts.dim_document
        WHERE department_key LIKE '%局%' ORDER BY ALL
    """)
    assert documents == [
        ("aa00000000000001", None, True, True),
        ("bb00000000000001", None, True, True),
        ("bb00000000000002", "bb00000000000001", True, True),
        ("cc00000000000001", None, False, True),
        ("cc00000000000002", "cc00000000000001", True, True),
        ("dd00000000000001", None, True, True),
        ("dd00000000000002", None, True, False),
        ("ee00000000000001", None, True, True),
        ("ff00000000000001", None, True, True),
        ("ff00000000000002", None, True, True),
    ]


def test_missing_and_empty_statements_differ(build: Build) -> None:
    status = dict(
        build.rows("SELECT statement, status FROM marts.statement_status WHERE document_key = 'aa00000000000001'")
    )
    assert len(status) == 9
    assert status["state_capital_expenditure"] == "declared_empty"
    assert status["appropriation_summary"] == "missing"
    assert build.rows("""
        SELECT status, count(*) FROM marts.statement_status WHERE document_key = 'ff00000000000001' GROUP BY ALL
    """) == [("missing", 9)]


def test_issues_name_the_remedy(build: Build) -> None:
    issues = build.rows("SELECT document_key, severity, what FROM quality.extraction_issue ORDER BY document_key")
    assert [issue[:2] for issue in issues] == [("aa00000000000001", "warning"), ("cc00000000000002", "warning")]
    assert "published_on" in issues[1][2]


def test_three_public_and_balances(build: Build) -> None:
    assert build.rows("""
        SELECT item, is_memo, fund_source_key, amount_type,
               (amount_yuan / 10000)::INTEGER, (memo_yuan / 10000)::INTEGER
        FROM marts.fct_three_public WHERE document_key = 'aa00000000000001' ORDER BY ALL
    """) == [
        ("agency_operating", True, "not_broken_down", "unsplit", None, 10),
        ("meeting", True, "not_broken_down", "unsplit", None, 2),
        ("reception", False, "general_public", "general_public", 4, None),
        ("reception", False, "government_fund", "government_fund", 2, None),
    ]
    assert build.rows("SELECT direction, fund_source_key, (amount_yuan / 10000)::INTEGER FROM marts.fct_balance") == [
        ("carried_in", "not_broken_down", 20),
        ("carried_out", "not_broken_down", 5),
    ]


@pytest.mark.parametrize("fact", ["fct_budget_amount", *VIEWS])
def test_every_join_is_an_inner_join(build: Build, fact: str) -> None:
    assert build.rows(f"""
        SELECT count(*) FROM marts.{fact}
        JOIN marts.dim_document USING (document_key) JOIN marts.dim_fund_source USING (fund_source_key)
        JOIN marts.dim_department ON dim_department.department_key = {fact}.department_key
        JOIN marts.dim_region USING (region_key)
        JOIN marts.dim_fiscal_year ON dim_fiscal_year.fiscal_year = {fact}.fiscal_year
        JOIN marts.dim_function_code USING (function_code_key) JOIN marts.dim_economic_code USING (economic_code_key)
    """) == build.rows(f"SELECT count(*) FROM marts.{fact}")


def test_every_dimension_has_its_special_members(build: Build) -> None:
    # no fact joins to the units of a department: their table has no member that stands for none
    dimensions = build.rows(
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'dim_%' AND table_name <> 'dim_organisation'"
    )
    assert len(dimensions) == 9
    for (dimension,) in dimensions:
        key = dimension.removeprefix("dim_") + "_key"
        members = build.rows(
            f"SELECT {key} FROM marts.{dimension} WHERE {key} IN ('not_applicable', 'not_broken_down', 'unknown')"
        )
        assert len(members) == 3, dimension


def test_editions_follow_the_budget_year(build: Build) -> None:
    names = dict(
        build.rows("""
            SELECT function_code_key, name FROM marts.dim_function_code
            WHERE code IN ('210', '224') AND edition IN ('2016', '2018', '2023')
        """)
    )
    assert names == {
        "2016-210": "医疗卫生与计划生育支出",
        "2018-210": "医疗卫生与计划生育支出",
        "2023-210": "卫生健康支出",
        "2023-224": "灾害防治及应急管理支出",
    }


def test_every_table_and_column_is_described_in_two_languages(build: Build) -> None:
    described = build.rows("""
        SELECT table_name, column_name, comment FROM duckdb_columns()
        WHERE database_name = 'elsewhere' AND schema_name IN ('marts', 'quality', 'staging')
        UNION ALL
        SELECT table_name, '', comment FROM duckdb_tables() WHERE schema_name IN ('marts', 'quality', 'staging')
        UNION ALL
        SELECT view_name, '', comment FROM duckdb_views() WHERE schema_name IN ('marts', 'quality', 'staging')
    """)
    poor = [(table, column) for table, column, comment in described if comment is None or " · " not in comment]
    assert len(described) > 300
    assert poor == []


def test_amounts_are_exact_and_codes_are_text(build: Build) -> None:
    types = build.rows("""
        SELECT DISTINCT data_type FROM duckdb_columns()
        WHERE database_name = 'elsewhere' AND schema_name <> 'extracted' AND column_name LIKE '%\\_yuan' ESCAPE '\\'
    """)
    assert types == [("DECIMAL(20,2)",)]
    types = build.rows("""
        SELECT DISTINCT data_type FROM duckdb_columns()
        WHERE database_name = 'elsewhere' AND schema_name <> 'extracted'
            AND (column_name IN ('code', 'subject_code') OR column_name LIKE '%\\_code' ESCAPE '\\')
    """)
    assert types == [("VARCHAR",)]


def test_the_build_row_counts_what_was_built(build: Build) -> None:
    (row,) = build.rows("SELECT document_count, figure_count, issue_count, quarantined_count FROM quality.build")
    (figures,) = build.rows("SELECT count(*) FROM marts.published_figure")
    assert row == (len(DISCLOSURES) + (4 if TRUTH.exists() else 0), figures[0], 2, 1)
    assert build.rows("SELECT * FROM quality.expectation_result") == []


@pytest.mark.skipif(not TRUTH.exists(), reason="../shared is not here")
def test_the_seeds_add_up_to_their_printed_totals(build: Build) -> None:
    sums = {
        view: build.amounts(f"""
            SELECT department_key[8:], sum(amount_yuan) FROM marts.{view}
            WHERE department_key LIKE '130500-00%' GROUP BY 1
        """)
        for view in VIEWS
    }
    everything = {
        "000": Decimal("2855.05"),
        "002": Decimal("1216.27"),
        "003": Decimal("8916.82"),
        "004": Decimal("9065.18"),
    }
    assert sums == {
        "fct_revenue": everything,
        "fct_expenditure": everything,
        "fct_appropriation": everything,
        "fct_basic_expenditure": {
            "000": Decimal("2201.65"),
            "002": Decimal("553.20"),
            "003": Decimal("4561.80"),
            "004": Decimal("4363.90"),
        },
    }
    assert build.rows("SELECT * FROM quality.footing_gap WHERE department_key LIKE '130500-00%'") == []

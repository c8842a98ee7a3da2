"""The reports on departments of several years and regions, written by hand: what is 0, what is blank, what adds up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipeline.build.transform import BUILD, run_dbt
from pipeline.build.warehouse import create_build_file
from tests.integration.dbt_inputs import Disclosure, Part, Row, write_inputs

Rows = dict[str, list[Row]]


def expenditure(**codes: str) -> list[Row]:
    """項 → amount in 万元, with the total that they make; the codes are written c2010301."""
    total = sum(Decimal(amount) for amount in codes.values())
    rows: list[Row] = [("total", "合计", {"total": str(total), "project": str(total)})]
    return rows + [(code[1:], "名称", {"total": amount, "project": amount}) for code, amount in codes.items()]


def document(number: int, department: str, year: int, statements: Rows, **more: Any) -> Disclosure:
    part = Part(department, statements, region_code=department[:6] if department[0].isdigit() else None)
    return Disclosure(f"{number:016x}", [part], fiscal_year=year, **more)


THREE_PUBLIC: list[Row] = [
    ("total", "合计", {"total": "9"}),
    ("three_public_total", "“三公”经费小计", {"total": "7"}),
    ("vehicle_running", "公务用车运行维护费", {"total": "7"}),
    ("meeting", "会议费", {"total": "2"}),
]
DISCLOSURES = [
    document(
        1,
        "130500-信访局",
        2023,
        {"expenditure": expenditure(c2010301="5", c2010308="10", c2082201="4"), "three_public": THREE_PUBLIC},
    ),
    document(
        2,
        "130500-信访局",
        2024,
        {
            "expenditure": expenditure(c2010301="6", c2014004="12", c2137201="3"),
            "three_public": [],
            "government_fund_expenditure": [],
        },
    ),
    document(3, "130500-信访局", 2025, {"three_public": THREE_PUBLIC}),
    document(4, "130100-信访局", 2024, {"expenditure": expenditure(c2010301="30")}),
    document(5, "130529-信访局", 2024, {"expenditure": expenditure(c2014004="2")}),
    document(6, "130100-财政局", 2024, {"expenditure": expenditure(c2010601="30")}),
    # two bodies of one name, whose regions are not known: neither replaces the other
    document(7, "unknown-桥西区财政局", 2024, {"expenditure": expenditure(c2010601="1")}),
    document(
        8, "unknown-桥西区财政局", 2024, {"expenditure": expenditure(c2010601="2")}, published_on=date(2024, 3, 1)
    ),
]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("reports")
    file = folder / "budget.duckdb"
    create_build_file(file, write_inputs(folder / "extracted", DISCLOSURES))
    result = run_dbt(file, folder / "target", command=(*BUILD, "--warn-error"))
    assert result.success, result.failures
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


def ask(build: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return build.execute(sql).fetchall()


def wan(value: str) -> Decimal:
    return Decimal(value) * 10_000


def test_a_missing_statement_is_blank_an_empty_one_0(build: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        build,
        """
        select fiscal_year, expenditure_yuan, government_fund_yuan, three_public_yuan,
               statements_present, statements_empty
        from marts.rpt_department_year where department_key = '130500-信访局' order by 1
        """,
    )
    assert rows == [
        (2023, wan("19"), None, wan("7"), 2, 0),
        (2024, wan("21"), 0, 0, 1, 2),
        (2025, None, None, wan("7"), 1, 0),
    ]


def test_the_largest_group_is_named(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select largest_group_code, largest_group_name, largest_group_yuan from marts.rpt_department_year
        where department_key = '130500-信访局' and fiscal_year = 2024
    """
    assert ask(build, sql) == [("20140", "信访事务", wan("12"))]


def test_what_moved_is_compared_with_what_it_was(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select level, code, amount_yuan, previous_yuan, code_change, previous_codes from marts.rpt_year_on_year
        where department_key = '130500-信访局' and fiscal_year = 2024 and statement = 'expenditure' and level > 1
        order by all
    """
    assert ask(build, sql) == [
        (2, "20103", wan("6"), wan("5"), "same", None),
        (2, "20140", wan("12"), wan("10"), "moved", "2010308"),
        (2, "21372", wan("3"), wan("4"), "moved", "20822"),
        (3, "2010301", wan("6"), wan("5"), "same", None),
        (3, "20140", 0, wan("10"), "moved", "2010308"),
        (3, "2014004", wan("12"), 0, "added", None),
        (3, "2137201", wan("3"), wan("4"), "moved", "2082201"),
    ]


def test_codes_of_one_level_add_up_in_both_years(build: duckdb.DuckDBPyConnection) -> None:
    wrong = ask(
        build,
        """
        with sums as (
            select department_key, fiscal_year, statement, level, sum(amount_yuan) as yuan,
                   sum(previous_yuan) as previous
            from marts.rpt_year_on_year group by all
        ),
        facts as (
            select department_key, fiscal_year, statement, sum(amount_yuan) as yuan
            from marts.fct_budget_amount group by all
        )
        select * from sums
        left join facts using (department_key, fiscal_year, statement)
        left join facts as before
            on before.department_key = sums.department_key and before.statement = sums.statement
            and before.fiscal_year = sums.fiscal_year - 1
        where sums.yuan is distinct from facts.yuan or sums.previous is distinct from before.yuan
        """,
    )
    assert wrong == []


def test_a_missing_statement_compares_with_nothing(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select distinct amount_yuan, change_yuan, status, previous_status from marts.rpt_year_on_year
        where department_key = '130500-信访局' and fiscal_year = 2025 and statement = 'expenditure'
    """
    assert ask(build, sql) == [(None, None, "missing", "present")]


def test_three_public_by_year(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select fiscal_year, item, amount_yuan, published_yuan, previous_yuan from marts.rpt_three_public
        where department_key = '130500-信访局' and item in ('vehicle_total', 'meeting', 'training') order by all
    """
    assert ask(build, sql) == [
        (2023, "meeting", wan("2"), wan("2"), None),
        (2023, "training", None, None, None),
        (2023, "vehicle_total", wan("7"), None, None),
        (2024, "meeting", None, None, wan("2")),
        (2024, "training", None, None, None),
        (2024, "vehicle_total", 0, None, wan("7")),
        (2025, "meeting", wan("2"), wan("2"), None),
        (2025, "training", None, None, None),
        (2025, "vehicle_total", wan("7"), None, 0),
    ]


def test_peers_are_the_same_office_of_other_regions(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select department_key, amount_yuan, offices, median_yuan, amount_rank, level_offices, level_rank
        from marts.rpt_peers where fiscal_year = 2024 and statement = 'expenditure' and code = '20103'
        order by amount_rank
    """
    assert ask(build, sql) == [
        ("130100-信访局", wan("30"), 3, wan("6"), 1, 2, 1),
        ("130500-信访局", wan("6"), 3, wan("6"), 2, 2, 2),
        ("130529-信访局", 0, 3, wan("6"), 3, 1, 1),
    ]


def test_completeness_tells_empty_from_missing(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select disclosure_number, status, is_lacking, lacking_in_document from marts.rpt_disclosure_completeness
        where document_key = '0000000000000002' and disclosure_number in ('T3', 'T5', 'T7', 'T8', 'A1') order by all
    """
    assert ask(build, sql) == [
        ("A1", "not_looked_for", False, 6),
        ("T3", "present", False, 6),
        ("T5", "missing", True, 6),
        ("T7", "declared_empty", False, 6),
        ("T8", "missing", False, 6),
    ]


def test_bodies_of_unknown_regions_never_replace_each_other(build: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select document_key, is_current, supersedes_document_key from marts.dim_document
        where department_key = 'unknown-桥西区财政局' order by all
    """
    assert ask(build, sql) == [("0000000000000007", True, None), ("0000000000000008", True, None)]
    names = ask(
        build, "select registry_status, documents from marts.department_name where department_key like 'unknown%'"
    )
    assert names == [("ambiguous", 2)]

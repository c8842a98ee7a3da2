"""From documents to the reports: what was not read is neither missing nor empty, and nobody is said to lack it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.command import yusuan
from tests.support import T5_ROWS, TITLES, statement

NAMES = {"whole": "211 邢台市财政局", "part": "212 邢台市教育局", "unread": "213 邢台市水务局"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unread")
    raw = folder / "raw"
    raw.mkdir()
    announced = f"目录\n{TITLES['T5']}.....3\n{TITLES['T7']}.....4\n\n"
    documents = {
        "whole": statement("T5", T5_ROWS, body=NAMES["whole"]),
        "part": announced + statement("T5", T5_ROWS, body=NAMES["part"]),
        "unread": statement("T5", T5_ROWS, body=NAMES["unread"])
        + statement("T6", ["1||合计|5.00|5.00|"], unit="单位：万元\n单位：元"),
    }
    for name, text in documents.items():
        (raw / f"{name}.txt").write_text(text, "utf-8")
    outcome = yusuan("run", "--raw", raw, "--warehouse", folder / "warehouse")
    assert outcome.returncode == 0, outcome.stderr
    return folder / "warehouse"


def ask(published: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(published / "budget.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_unread_is_a_status_with_an_error_that_says_why(published: Path) -> None:
    sql = """
        select file_name, statement, status, figures_read, unread_places, is_in_facts
        from marts.statement_status join marts.dim_document using (document_key) where status = 'unread'
    """
    assert ask(published, sql) == [("unread.txt", "basic_expenditure", "unread", 0, 1, True)]
    sql = "select count(*) from quality.extraction_issue where statement = 'basic_expenditure' and severity = 'error'"
    assert ask(published, sql) == [(1,)]


def test_only_what_a_document_of_which_all_has_its_place_does_not_hold_is_lacking(published: Path) -> None:
    sql = """
        select file_name, disclosure_number, status, is_lacking from marts.rpt_disclosure_completeness
        join marts.dim_document using (document_key) where disclosure_number in ('T3', 'T6') order by all
    """
    assert ask(published, sql) == [
        ("part.txt", "T3", "not_in_this_file", False),
        ("part.txt", "T6", "not_in_this_file", False),
        ("unread.txt", "T3", "not_in_this_file", False),
        ("unread.txt", "T6", "unread", False),
        ("whole.txt", "T3", "missing", True),
        ("whole.txt", "T6", "missing", True),
    ]


def test_a_report_fills_in_no_zero_for_what_was_not_read(published: Path) -> None:
    sql = """
        select department_name, general_public_yuan is null, basic_expenditure_yuan
        from marts.rpt_department_year order by all
    """
    assert ask(published, sql) == [
        ("邢台市教育局", False, None),
        ("邢台市水务局", False, None),
        ("邢台市财政局", False, None),
    ]


def test_the_status_command_counts_them(published: Path) -> None:
    outcome = yusuan("status", "--warehouse", published)
    assert "1 statements present, 0 declared empty, 1 unread, 7 missing" in outcome.stdout

"""What a document says is text: in a page, in a spreadsheet, in a query, and however long it is."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import fields, replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.build.data_docs import index_page, without_remote_assets
from pipeline.build.expectations import ExpectationResult
from pipeline.documents.readers.text import read_text
from pipeline.ledger import Entry, as_csv, as_html, without_formula
from tests.command import Warehouse, yusuan

MARKUP = '<script>alert(1)</script><img src=x onerror="alert(2)">'
HOSTILE = [MARKUP, '"><svg onload=alert(1)>', "'-alert(1)-'", "</td></table></body><iframe src=//a>", "{{ 7 * 7 }}"]
TEXT_FIELDS = [field.name for field in fields(Entry) if "str" in str(field.type)]
ENTRY = Entry(
    "e1", "某部门", 2023, "a.pdf", 1, "cell", "procurement", "采购", "quantity", "1", None, None, Decimal("7"), "台",
    "publisher", "open", "i", "evidence", 1, False,
)  # fmt: skip


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.policy: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        given = dict(attrs)
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]


def with_text(name: str, text: str) -> Entry:
    changed: Any = {name: text}
    return replace(ENTRY, **changed)


PLAIN_TAGS = Page(as_html([ENTRY])).tags


@pytest.mark.parametrize("name", TEXT_FIELDS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_column_of_the_ledger_can_hold_markup(name: str, text: str) -> None:
    page = Page(as_html([with_text(name, text)]))
    assert page.tags == PLAIN_TAGS and page.handlers == []
    assert page.policy is not None and "default-src 'none'" in page.policy and "script" not in page.policy


def test_a_template_is_never_filled_in_twice() -> None:
    assert "49" not in as_html([replace(ENTRY, evidence="{{ 7 * 7 }}")])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_check_can_bring_markup_into_the_site(text: str) -> None:
    result = ExpectationResult("t.a", "t", None, text, "error", False, text, 1)
    page = Page(index_page([result], {"t-t": "a.html"}, "td {}"))
    assert page.tags.isdisjoint({"script", "img", "svg", "iframe"}) and page.policy is not None


def test_a_page_of_great_expectations_runs_nothing() -> None:
    page = Page(without_remote_assets(f"<html><head></head><body>{MARKUP}</body></html>", "td {}"))
    assert "script" not in page.tags
    assert page.policy is not None, "what is left of it may not run"


# ── spreadsheets ────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.sampled_from("=+-@\t\r\n＝＋－＠"), st.text(), st.sampled_from(TEXT_FIELDS))
def test_no_text_in_a_csv_begins_as_a_formula(first: str, rest: str, name: str) -> None:
    written = as_csv([with_text(name, f"{first}{rest}a")])
    for cell in next(csv.reader(io.StringIO(written.split("\n", 1)[1], newline=""))):
        assert cell[:1] not in tuple("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("value", [Decimal("-1.50"), "-1,234.50", "+3%", None, 5, "a=b"])
def test_numbers_and_plain_texts_stay_as_they_are(value: object) -> None:
    assert without_formula(value) == value


# ── queries ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "query",
    [
        "from read_csv('{folder}/secret.csv')",
        "from '{folder}/secret.csv'",
        "from read_text('/etc/passwd')",
        "from glob('/etc/*')",
        "copy (select 1) to '{folder}/out.csv'",
        "attach '{folder}/other.duckdb' as other",
        "export database '{folder}/out'",
        "install httpfs",
        "load httpfs",
        "from read_csv('https://127.0.0.1:1/a.csv')",
        "set enable_external_access = true",
        "from options",  # a variable of the program
    ],
)
def test_a_query_sees_the_warehouse_and_nothing_else(good: Warehouse, tmp_path: Path, query: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n4711\n")
    outcome = yusuan("sql", query.format(folder=tmp_path), "--warehouse", good.folder)
    assert outcome.returncode == 2 and "4711" not in outcome.stdout
    assert "Traceback" not in outcome.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_unsafe_lets_a_query_read_other_files(good: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a\n4711\n")
    outcome = yusuan("sql", f"from read_csv('{tmp_path}/mine.csv')", "--unsafe", "--warehouse", good.folder)
    assert outcome.returncode == 0 and "4711" in outcome.stdout


# ── patterns ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("beginning", ["[bookmark:", "{ TC ", "{TC ", "[bookmark:{ TC "])
def test_the_text_reader_takes_time_in_proportion(beginning: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        read_text((beginning * times).encode())
        return time.process_time() - began

    seconds(100)
    assert seconds(200_000) < 2, "in the square of its length it takes minutes"


def test_bookmarks_are_taken_out() -> None:
    (block,) = read_text("收入[bookmark:_Toc1]合计{ TC 1 }".encode()).blocks
    assert getattr(block, "text", None) == "收入合计"

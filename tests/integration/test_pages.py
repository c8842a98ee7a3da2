"""The data dictionary and the page of questions are those of the sample documents, and leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.command import yusuan
from tests.support import ROOT
from tools.pages import DICTIONARY, QUESTIONS, pages, read_questions


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    outcome = yusuan("run", "--raw", ROOT / "raw", "--warehouse", folder)
    assert outcome.returncode == 0, outcome.stderr
    return folder / "budget.duckdb"


@pytest.mark.parametrize("page", [DICTIONARY, QUESTIONS], ids=lambda page: page.name)
def test_the_committed_page_is_up_to_date(published: Path, page: Path) -> None:
    assert page.read_text("utf-8") == pages(published)[page], "run: python -m tools.pages"


def test_the_dictionary_names_every_column_in_chinese_and_english() -> None:
    rows = [line.split(" | ") for line in DICTIONARY.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) > 300
    for name, kind, chinese, english, *_ in rows:
        assert kind and re.search("[一-鿿]", chinese) and re.search("[A-Za-z]{2}", english), name


def test_every_amount_has_its_unit() -> None:
    amounts = [line for line in DICTIONARY.read_text("utf-8").splitlines() if re.match(r"\| `\w*_yuan` ", line)]
    assert amounts and all("| 元 · yuan |" in line for line in amounts)


def test_there_are_ten_questions_and_each_has_an_answer(published: Path) -> None:
    questions = read_questions()
    assert len(questions) == 10
    with duckdb.connect(str(published), read_only=True) as connection:
        for question in questions:
            assert connection.execute(question.sql).fetchall(), question.english

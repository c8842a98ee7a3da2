"""Hostile, odd and damaged documents beside good ones: they are published, and nothing of the good ones changes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline import job
from pipeline.settings import Settings
from tests.command import query, sample
from tests.support import T5_ROWS, statement
from tools.typeset.sample import read_samples
from tools.typeset.text import write_cell_lines, write_tab_rows

GOOD = ("130500-2022", "131000-2021")
TABLES = (
    *("marts.dim_document", "marts.published_figure", "marts.statement_status", "marts.fct_budget_amount"),
    *("marts.fct_claim", "marts.fct_project", "marts.fct_performance_indicator", "marts.fct_procurement"),
    *("quality.erratum", "quality.identity_check", "quality.extraction_issue", "quality.reading"),
)
NUMBERS = (
    *(
        "15.00万",
        "9" * 40,
        "99999999999999.99",
        "0.0000001",
        "1.123456789",
        "1e400",
        "-0",
        "(5.00)",
        "△3",
        "１２３．４",
        "²",
    ),
    *("12,34,56", "0x10", "NaN", "∞", "5.00百万元", "5.00亿", "7.5百万", "100%", "1" * 400, "5.00美元", "壹佰万元整"),
)
WORDS = (
    *(
        "",
        "\x00\x1b[31m\x07",
        "'; drop table figure; --",
        "<script>alert(1)</script>",
        "字" * 3000,
        "\u202e反",
        "⻔⻋",
        "🏛",
    ),
    *(
        "合计",
        "201",
        "2O1",
        "20",
        "2010301999",
        "99999999999",
        "项目:",
        "=cmd|' /C calc'!A1",
        "unknown",
        "\ufeff",
        "其中:",
    ),
    *(
        "单位：万",
        "单位：百万元",
        "单位：美元",
        "单位：",
        "预算年度：2099",
        "预算年度：1949",
        "2000年",
        "第二部分 所属单位预算",
    ),
)
NAMES = ("", "某某局", "unknown", "邢台市", "桥西区财政局", "中共", "甲乙丙丁市戊己局", "A" * 500)
TEXTS = [write(s.layout()) for s in read_samples() for write in (write_tab_rows, write_cell_lines)]
NUMBER = re.compile(r"\d[\d,.]*\d(?:万元|元|%)?")
WORD = re.compile(r"[\u3400-\u9fff（）：、]{2,}")
BODY = re.compile(r"(?:石家庄市|唐山市|邢台市|巨鹿县|廊坊市)样例办公室")


class Content(bytes):
    """The bytes of a file; a failing one lies in the test's folder."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@st.composite
def odd_texts(draw: st.DrawFn) -> Content:
    """A disclosure of some other body with a few of its numbers and words replaced, lines lost or printed twice."""
    text = BODY.sub(draw(st.sampled_from(NAMES)), draw(st.sampled_from(TEXTS)))
    for pattern, choices in ((NUMBER, NUMBERS), (WORD, WORDS)):
        found = list(pattern.finditer(text))
        for match in sorted(draw(st.lists(st.sampled_from(found), max_size=6)), key=lambda m: -m.start()):
            text = text[: match.start()] + draw(st.sampled_from(choices)) + text[match.end() :]
    lines = text.splitlines()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        length = draw(st.integers(1, 40))
        lines[at : at + length] = lines[at : at + length] * draw(st.sampled_from((0, 2, 2)))
    return Content("\n".join(lines).encode())


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, Content]:
    """A sample cut short, or with bytes of it overwritten."""
    path = sample(draw(st.sampled_from(("130100-2023", "130529-2023"))))
    data = bytearray(path.read_bytes())
    if draw(st.booleans()):
        data = data[: draw(st.integers(1, len(data) - 1))]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + 8] = draw(st.binary(min_size=8, max_size=8))
    return path.suffix, Content(data)


SMALL = statement("T5", T5_ROWS, body="")
ODD_FILES: list[tuple[str, bytes]] = [
    (".txt", "2023年部门预算\n部门预算收支总表\n".encode()),  # no body
    (".txt", "2023年部门预算\n部门预算收支总表\n\n".encode()),  # and once more
    (".txt", statement("T5", T5_ROWS, body="501 甲局").encode()),  # one body in two documents
    (".txt", statement("T5", T5_ROWS[:3], body="501 甲局").encode()),
    (".txt", (statement("T5", T5_ROWS, body="501 甲局") + statement("T5", T5_ROWS, body="502 乙局")).encode()),
    (".txt", f"2023年部门预算\n{SMALL}".encode()),
    (".txt", b"\xff\xfe\x00\xd8" * 50),
    (".docx", b"PK\x03\x04" + bytes(100)),
    (".pdf", b"%PDF-1.7\n"),
    (".doc", bytes(2000)),
]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, list[Any]]]:
    folder = tmp_path_factory.mktemp("alone")
    (folder / "raw").mkdir()
    for key in GOOD:
        shutil.copy(sample(key), folder / "raw")
    settings = Settings(raw=folder / "raw", warehouse=folder / "warehouse", workers=2)
    run(settings)
    return settings, published(settings)


def run(settings: Settings) -> None:
    intake = job.scan(settings)
    built = job.build(settings, intake, job.extract(settings, intake, print), print)
    job.publish(settings, built.dbt_result, built.expectation_results)


def published(settings: Settings) -> dict[str, list[Any]]:
    """What is published of the good documents."""
    names = ", ".join(f"'{sample(key).name}'" for key in GOOD)
    good = f"(select document_key from marts.dim_document where file_name in ({names}))"
    return {
        table: query(settings.published, f"select * from {table} where document_key in {good} order by all")
        for table in TABLES
    }


@hypothesis_settings(
    max_examples=3,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.lists(odd_texts(), min_size=12, max_size=16), st.lists(damaged_files(), min_size=2, max_size=3))
def test_what_is_published_of_good_documents_does_not_change(
    alone: tuple[Settings, dict[str, list[Any]]], texts: list[Content], damaged: list[tuple[str, Content]]
) -> None:
    settings, before = alone
    others: Path = settings.raw / "others"
    shutil.rmtree(others, ignore_errors=True)
    others.mkdir()
    for number, (suffix, data) in enumerate([*ODD_FILES, *((".txt", t) for t in texts), *damaged]):
        (others / f"{number:02}{suffix}").write_bytes(data)
    run(settings)
    after = published(settings)
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
    aside = query(settings.published, "select file_name, reason from quality.quarantined_document")
    assert [row for row in aside if job.SET_ASIDE in row[1] or "defect of this program" in row[1]] == []
    ((documents,),) = query(settings.published, "select document_count from quality.build")
    assert documents > len(GOOD) + 5

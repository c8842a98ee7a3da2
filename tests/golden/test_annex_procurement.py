"""政府采购 and 固定资产 of the seed texts and of the samples in every format: every row, every sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.annexes.asset import read_assets
from pipeline.annexes.find import find_rest
from pipeline.annexes.model import AnnexRead, AssetLine, ProcurementLine
from pipeline.annexes.procurement import read_procurement
from pipeline.documents.detect import read_document
from pipeline.documents.model import Document
from tests.support import HEBEI
from tools.typeset.layout import Layout
from tools.typeset.pdf import write_pdf
from tools.typeset.sample import Sample, read_samples
from tools.typeset.style import PageStyle
from tools.typeset.text import write_cell_lines, write_tab_rows
from tools.typeset.word import write_word

YEARS = {"000": 2022, "001": 2021, "002": 2023, "003": 2023, "004": 2023}
FUNDS = (
    *("general_public", "government_fund", "state_capital", "special_account"),
    *("unit_funds", "fiscal_carryover", "other_carryover"),
)


def document(seeds: Path, key: str) -> Document:
    (path,) = seeds.glob(f"{key}_*.txt")
    return read_document(path.read_bytes(), path.name)


def procurement(seeds: Path, key: str) -> tuple[tuple[ProcurementLine, ...], AnnexRead]:
    return read_procurement(find_rest(document(seeds, key), HEBEI).annexes, HEBEI, YEARS[key], "万元")


def assets(seeds: Path, key: str) -> tuple[tuple[AssetLine, ...], AnnexRead]:
    return read_assets(find_rest(document(seeds, key), HEBEI).annexes, HEBEI, YEARS[key], "万元")


def yuan(text: str) -> Decimal:
    return Decimal(text) * 10000


def assert_every_sum_holds(lines: Sequence[ProcurementLine], read: AnnexRead) -> None:
    amounts = {(f.item, f.measure): f.amount_yuan for f in read.figures}
    for row in read.rows:
        assert sum(amounts.get((row.item, fund), 0) for fund in FUNDS) == amounts[row.item, "amount"]
        parts = [other.item for other in read.rows if other.parent == row.item]
        for measure in ("amount", *FUNDS, "sme_reserved") if parts else ():
            assert sum(amounts.get((part, measure), 0) for part in parts) == amounts.get((row.item, measure), 0)
    for line in lines:
        if line.quantity is not None and line.unit_price_yuan is not None and line.amount_yuan is not None:
            assert abs(line.quantity * line.unit_price_yuan - line.amount_yuan) <= line.quantity * yuan("0.005")
            assert line.amount_yuan <= (line.project_funds_yuan or 0)
            assert (line.sme_reserved_yuan or 0) <= line.amount_yuan


@pytest.mark.parametrize(
    ("key", "total", "groups", "lines"),
    [("001", "175.61", [2], 2), ("003", "3727.00", [6], 6), ("004", "3846.41", [11, 10, 2], 23)],
)
def test_the_procurement_of_a_seed_is_whole(seeds: Path, key: str, total: str, groups: list[int], lines: int) -> None:
    found, read = procurement(seeds, key)
    assert (found[0].kind, found[0].amount_yuan, read.statement.status) == ("total", yuan(total), "present")
    assert sum(1 for line in found if line.kind == "line") == lines
    items = [row.item for row in read.rows if row.item.startswith("group")]
    assert [sum(1 for row in read.rows if row.parent == item) for item in items] == groups
    assert_every_sum_holds(found, read)
    assert [issue for issue in read.issues if issue.severity != "info"] == []


@pytest.mark.parametrize("key", ["000", "002"])
def test_an_empty_procurement_table_is_declared_empty(seeds: Path, key: str) -> None:
    lines, read = procurement(seeds, key)
    assert (lines, read.figures, read.issues, read.statement.status) == ((), (), (), "declared_empty")


def test_the_damaged_capture_gives_the_names_and_codes_that_were_printed(seeds: Path) -> None:
    lines, _ = procurement(seeds, "003")
    assert [(line.project_name, line.catalogue_code, line.unit) for line in lines if line.kind == "line"] == [
        ("办公设备购置费", "A02029900", "台"),
        ("办公设备购置费", "A02029900", "组"),
        ("办公设备购置费", "A02029900", "套"),
        ("12345及12342市政府公开电话运营经费", "C99000000", None),
        ("公务服务和会务服务保障经费", "C99000000", None),
        ("市政府微博、微信建设运营经费", "C99000000", "次"),
    ]


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("000", {"total": (None, "1498.02")}),
        (
            "001",
            {
                "total": (None, "7444.35"),
                "building": (34629, "1121.77"),
                "office_building": (None, None),
                "vehicle": (21, "456.90"),
                "equipment_over_200k": (28, "3748.83"),
                "other_fixed": (None, "2116.85"),
            },
        ),
        (
            "002",
            {
                "total": (None, "2368.84"),
                "building": (5210, "552.00"),
                "office_building": (4500, "476.78"),
                "vehicle": (6, "143.20"),
                "equipment_over_200k": (None, None),
                "other_fixed": (1341, "1673.64"),
            },
        ),
        (
            "003",
            {
                "total": (None, "314.63"),
                "building": (0, "0"),
                "equipment": (1430, "233.39"),
                "furniture": (1304, "81.24"),
            },
        ),
        (
            "004",
            {
                "total": (None, "7610.31"),
                "building": (None, None),
                "office_building": (None, None),
                "vehicle": (None, None),
                "equipment_over_200k": (30, "2594.98"),
                "other_fixed": (7941, "5015.33"),
            },
        ),
    ],
)
def test_the_assets_of_a_seed(seeds: Path, key: str, rows: dict[str, tuple[int | None, str | None]]) -> None:
    lines, read = assets(seeds, key)
    assert {line.asset_item: (line.quantity, line.value_yuan) for line in lines} == {
        item: (quantity, yuan(value) if value is not None else None) for item, (quantity, value) in rows.items()
    }
    assert {(d.year, d.month, d.day) for line in lines if (d := line.as_of_date)} == {(YEARS[key] - 1, 12, 31)}
    parts = [line for line, row in zip(lines, read.rows, strict=True) if row.parent == "total"]
    assert not parts or sum(line.value_yuan or 0 for line in parts) == lines[0].value_yuan
    assert [issue.severity for issue in read.issues] == (["warning"] if key == "000" else [])


FORMATS: dict[str, tuple[str, Callable[[Layout], bytes]]] = {
    "word": ("x.docx", write_word),
    "tabs": ("x.txt", lambda layout: write_tab_rows(layout).encode()),
    "cells": ("x.txt", lambda layout: write_cell_lines(layout).encode()),
    "pdf": ("x.pdf", write_pdf),
    "pdf, rows cut": (
        "x.pdf",
        lambda layout: write_pdf(layout, PageStyle(split_rows=True, font_size=14, paper="portrait")),
    ),
    "pdf, one header": ("x.pdf", lambda layout: write_pdf(layout, PageStyle(repeat_header=False, font_size=12))),
}


def rows_of(name: str, data: bytes, year: int) -> tuple[list[ProcurementLine], list[AssetLine]]:
    annexes = find_rest(read_document(data, name), HEBEI).annexes
    lines, _ = read_procurement(annexes, HEBEI, year, "万元")
    rows, _ = read_assets(annexes, HEBEI, year, "万元")
    return [replace(p, page=None, locator=None) for p in lines], [replace(a, page=None, locator=None) for a in rows]


@pytest.mark.parametrize("sample", read_samples(), ids=lambda sample: Path(sample.file_name).stem)
def test_a_sample_says_the_same_in_every_format(sample: Sample) -> None:
    layout, year = sample.layout(), sample.disclosure.year
    found = {key: rows_of(name, write(layout), year) for key, (name, write) in FORMATS.items()}
    assert {key for key, rows in found.items() if rows != found["word"]} == set()
    annexes = [section.annex for section in sample.disclosure.sections if section.annex is not None]
    printed = [len(annex.rows) for key in ("procurement", "asset") for annex in annexes if annex.key == key]
    assert [len(rows) for rows in found["word"]] == printed

"""The official list of a year: read from whatever file it is in, compared with what was known, kept."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from pipeline.codes import (
    OFFICIAL,
    TREES,
    Change,
    CodeListError,
    compare,
    known_codes,
    load_list,
    read_list,
    read_official,
)

ON = date(2026, 11, 21)
CODES = {
    "201": "一般公共服务支出",
    "20101": "人大事务",
    "2010101": "行政运行",
    "2010199": "其他人大事务支出",
    "20102": "政协事务",
}


@pytest.fixture
def official(tmp_path: Path) -> Path:
    path = tmp_path / "official_codes.csv"
    path.write_text(OFFICIAL.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    return path


def write(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "科目编码,科目名称\n201,一般公共服务支出\n20101,人大事务\n2010101,行政运行\n2010199,其他人大事务支出\n20102,政协事务\n",
        "类,款,项,名称\n201,,,一般公共服务支出\n,01,,人大事务\n,,01,行政运行\n,,99,其他人大事务支出\n,02,,政协事务\n",
        "201,,,一般公共服务支出\n201,01,,人大事务\n201,01,01,行政运行\n201,01,99,其他人大事务支出\n201,02,,政协事务\n",
        "1,201,一般公共服务支出\n2,20101,人大事务\n3,2010101,行政运行\n10,2010199,其他人大事务支出\n11,20102,政协事务\n",
        "201 一般公共服务支出\n20101　人大事务\n2010101 行政运行\n 2010199 其他人大事务支出\n20102 政协事务\n合计\n",
        "201\t一般公共服务支出\t略\n20101\t人大事务\n2010101\t行政 运行\n2010199\t其他人大事务支出\n20102\t政协事务",
    ],
    ids=["one column", "own digits", "all digits", "numbered rows", "lines", "tabs with descriptions"],
)
def test_a_list_is_read_however_its_codes_are_written(tmp_path: Path, text: str) -> None:
    assert read_list(write(tmp_path, text)) == CODES


def test_a_word_document_is_a_list_too(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    table = document.add_table(rows=0, cols=2)
    for code, name in CODES.items():
        row = table.add_row().cells
        row[0].text, row[1].text = code, name
    document.save(str(tmp_path / "list.docx"))
    assert read_list(tmp_path / "list.docx") == CODES


def test_what_a_list_changes_is_told(tmp_path: Path) -> None:
    known = {"201": "一般公共服务支出", "20101": "人大事务", "20125": "港澳台侨事务", "20199": "其他"}
    new = {"201": "一般公共服务支出", "20101": "人大事务", "20125": "港澳台事务", "20140": "信访事务"}
    assert compare(new, known, is_whole=True) == (
        2,
        (
            Change("renamed", "20125", "港澳台事务", "港澳台侨事务"),
            Change("added", "20140", "信访事务"),
            Change("ended", "20199", "其他"),
        ),
    )
    assert [change.kind for change in compare(new, known, is_whole=False)[1]] == ["renamed", "added"]


def test_brackets_and_spaces_are_no_renaming() -> None:
    assert compare({"20103": "政府办公厅(室) 及相关机构事务"}, {"20103": "政府办公厅（室）及相关机构事务"}, False) == (
        1,
        (),
    )


def whole(year: int, folder: Path, tree: str = "function", **changed: str) -> Path:
    codes = known_codes(tree, year) | changed
    return write(folder, "".join(f"{code},{name}\n" for code, name in codes.items() if name))


def test_a_whole_list_becomes_the_edition_of_its_year(tmp_path: Path, official: Path) -> None:
    path = whole(2024, tmp_path, **{"2010308": "", "20140": "信访", "2014001": "行政运行"})
    (loaded,) = load_list(path, 2024, True, ON, official)
    assert loaded.tree == "function" and loaded.confirmed == len(loaded.codes) - len(
        [c for c in loaded.changes if c.kind != "ended"]
    )
    assert Change("renamed", "20140", "信访", "信访事务") in loaded.changes
    rows = read_official(official)
    assert len(rows) == len(loaded.codes)
    assert {(r["edition"], r["is_complete"], r["source"], r["loaded_on"]) for r in rows} == {
        ("2024", "true", "list.csv", "2026-11-21")
    }
    assert known_codes("function", 2024, official=official)["20140"] == "信访"
    assert known_codes("function", 2023, official=official) == known_codes("function", 2023)


def test_loading_again_replaces_and_a_part_adds(tmp_path: Path, official: Path) -> None:
    load_list(whole(2024, tmp_path, "economic"), 2024, True, ON, official)
    load_list(whole(2024, tmp_path, "economic"), 2024, True, ON, official)
    count = len(read_official(official))
    assert count == len(known_codes("economic", 2024))
    load_list(write(tmp_path, "30101,基本工资\n30198,新的科目\n"), 2024, False, ON, official)
    rows = read_official(official)
    assert len(rows) == count + 1
    assert {row["is_complete"] for row in rows} == {"true"}


def test_a_dry_run_keeps_nothing(tmp_path: Path, official: Path) -> None:
    before = official.read_bytes()
    assert load_list(write(tmp_path, "30101,基本工资\n"), 2024, False, ON, official, write=False)
    assert official.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "year", "is_whole", "words"),
    [
        ("名称\n无\n", 2024, True, "no row is a code"),
        ("30101,基本工资\n30101,津贴补贴\n", 2024, False, "is both"),
        ("301,工资福利支出\n30101,基本工资\n", 2024, True, "--partial"),
        ("30101,基本工资\n", 2024, True, "above it is not"),
        ("39801,没有类\n", 2024, False, "398 above it is not"),
        ("501,机关工资福利支出\n101,税收收入\n", 2024, False, "no code of expenditure"),
        ("3010101,太长\n", 2024, False, "no length"),
        ("301,工资福利支出\n", 2017, False, "no edition"),
    ],
)
def test_what_is_no_list_is_refused_with_the_remedy_and_keeps_nothing(
    tmp_path: Path, official: Path, text: str, year: int, is_whole: bool, words: str
) -> None:
    before = official.read_bytes()
    with pytest.raises(CodeListError, match=words):
        load_list(write(tmp_path, text), year, is_whole, ON, official)
    assert official.read_bytes() == before


def test_links_and_variants_speak_of_codes_that_the_reference_has() -> None:
    reference = OFFICIAL.parent
    known = {tree: {c for y in range(2018, 2027) for c in known_codes(tree, y)} for tree in TREES.values()}
    for name, columns in (("code_links.csv", ("from_code", "to_code")), ("code_variants.csv", ("code",))):
        with (reference / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                assert all(row[column] in known[row["tree"]] for column in columns), row

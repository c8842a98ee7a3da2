"""Printed name → department: its region is found or asked for, never guessed; the registry keeps keys for good."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.registry.departments import REGISTRY, Department, identify, load_gazetteer, load_registry


def find(name: str | None, hint: str | None = None, known: dict[str, list[str]] | None = None) -> Department:
    return identify(name, hint, load_gazetteer(), known or {})


@pytest.mark.parametrize(
    ("name", "key", "kind"),
    [
        ("邢台市财政局", "130500-财政局", "财政局"),
        ("巨鹿县人民政府办公室", "130529-人民政府办公室", "人民政府办公室"),
        ("河北省财政厅", "130000-财政厅", "财政局"),
        ("河北省廊坊市教育局", "131000-教育局", "教育局"),
        ("河北省邢台市巨鹿县教育局", "130529-教育局", "教育局"),
        (" 邢台市 财政局 ", "130500-财政局", "财政局"),
    ],
)
def test_the_deepest_region_in_the_name_is_its_region(name: str, key: str, kind: str) -> None:
    department = find(name)
    assert (department.department_key, department.department_type, department.doubt) == (key, kind, None)
    assert department.region_code == key[:6]


def test_a_county_name_that_two_cities_share_is_not_guessed_and_the_remedy_is_named() -> None:
    department = find("桥西区财政局")
    assert department.region_code is None and department.department_key == "unknown-桥西区财政局"
    assert department.department_type == "财政局"
    assert department.doubt is not None
    for words in ("ambiguous", "130104", "石家庄市", "130703", "张家口市", "region_code in raw/manifest.csv"):
        assert words in department.doubt


@pytest.mark.parametrize("code", ["130104", "130703"])
def test_the_manifest_decides_an_ambiguous_name(code: str) -> None:
    department = find("桥西区财政局", code)
    assert (department.department_key, department.region_code) == (f"{code}-财政局", code)
    assert department.doubt is None


def test_a_parent_in_the_name_decides_an_ambiguous_county() -> None:
    assert find("张家口市桥西区财政局").department_key == "130703-财政局"


def test_the_manifest_gives_a_name_without_region_its_region() -> None:
    assert find("财政局", "130500").department_key == "130500-财政局"


def test_a_name_without_region_is_unplaced_and_says_so() -> None:
    department = find("财政局")
    assert (department.department_key, department.region_code) == ("unknown-财政局", None)
    assert department.doubt is not None and "no region" in department.doubt


def test_a_region_alone_is_no_department() -> None:
    assert find("邢台市").region_code is None


@pytest.mark.parametrize("name", [None, "", "  "])
def test_no_name_is_the_unknown_department(name: str | None) -> None:
    department = find(name)
    assert department.department_key == "unknown" and department.doubt is not None


def test_a_region_code_that_is_none_is_reported_even_where_the_name_is_clear() -> None:
    department = find("邢台市财政局", "999999")
    assert department.region_code is None
    assert department.doubt is not None and "999999" in department.doubt and "manifest" in department.doubt


def test_the_registry_wins_over_the_rule() -> None:
    known = {"邢台市财政局": ["130500-财政和国资局"]}
    department = find("邢台市财政局", known=known)
    assert (department.department_key, department.region_code) == ("130500-财政和国资局", "130500")


def test_of_two_registered_bodies_of_one_name_the_manifest_picks() -> None:
    known = {"桥西区财政局": ["130104-财政局", "130703-财政局"]}
    assert find("桥西区财政局", "130703", known).department_key == "130703-财政局"
    assert find("桥西区财政局", None, known).department_key == "unknown-桥西区财政局"


def test_every_registered_name_gives_its_registered_key() -> None:
    with Path(REGISTRY).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    for row in rows:
        found = identify(row["department_name"], row["region_code"], load_gazetteer(), load_registry())
        assert (found.department_key, found.region_code) == (row["department_key"], row["region_code"])


def test_regions_know_what_contains_them() -> None:
    gazetteer = load_gazetteer()
    assert gazetteer.ancestors("130529") == ["130500", "130000"]
    assert "130529" in gazetteer and "999999" not in gazetteer

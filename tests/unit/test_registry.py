"""The registry keeps a department one department: renamings with their years, confirmation by a person, types."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.registry.departments import (
    REGISTRY,
    Registered,
    RegistryError,
    check_registry,
    confirm,
    department_type,
    identify,
    load_gazetteer,
    read_registry,
)

ON = date(2026, 11, 21)
HEADER = (
    "department_key,department_name,region_code,parent_department_key,first_fiscal_year,last_fiscal_year,"
    "confirmed_on,note\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "departments.csv"
    path.write_text(HEADER + "130500-旅游局,邢台市旅游局,130500,,2018,,2026-01-01,\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "key", "kind"),
    [
        ("河北省财政厅", "130000-财政厅", "财政局"),
        ("河北省人民政府办公厅", "130000-人民政府办公厅", "人民政府办公室"),
        ("上海市普陀区人民政府万里街道办事处", "310107-人民政府万里街道办事处", "街道办事处"),
        ("上海市普陀区长征镇人民政府", "310107-长征镇人民政府", "乡镇人民政府"),
        ("中共邢台市委组织部", "130500-中共市委组织部", "党委组织部"),
        ("中国共产党巨鹿县委员会组织部", "130529-中国共产党委员会组织部", "党委组织部"),
        ("邢台市卫生健康委员会", "130500-卫生健康委员会", "卫生健康委员会"),
        ("巨鹿县卫生健康局", "130529-卫生健康局", "卫生健康委员会"),
        ("邢台市公安局", "130500-公安局", "公安局"),
    ],
)
def test_one_type_for_what_regions_call_differently(name: str, key: str, kind: str) -> None:
    found = identify(name, None, load_gazetteer(), {})
    assert (found.department_key, found.department_type, found.doubt) == (key, kind, None)


def test_a_region_behind_a_prefix_may_be_ambiguous_too() -> None:
    found = identify("中共桥西区委办公室", None, load_gazetteer(), {})
    assert found.region_code is None and found.doubt is not None and "130703" in found.doubt


def test_a_unit_whose_name_says_no_region_is_where_its_department_is() -> None:
    found = identify("政务服务中心", None, load_gazetteer(), {}, 2023, "130500")
    assert (found.department_key, found.region_code, found.doubt) == ("130500-政务服务中心", "130500", None)


@pytest.mark.parametrize(("region", "key"), [("130100", "130104-档案馆"), ("130500", "unknown-桥西区档案馆")])
def test_the_region_of_the_department_decides_an_ambiguous_unit_only_if_it_holds_one(region: str, key: str) -> None:
    assert identify("桥西区档案馆", None, load_gazetteer(), {}, 2023, region).department_key == key


def test_a_unit_whose_name_says_its_region_is_there() -> None:
    assert identify("巨鹿县档案馆", None, load_gazetteer(), {}, 2023, "130100").department_key == "130529-档案馆"


def test_a_name_that_no_rule_knows_is_its_own_type() -> None:
    assert department_type("地震局") == "地震局"
    assert department_type("公厅") == "公厅"


def test_a_renamed_department_keeps_its_key_and_its_names_are_dated(file: Path) -> None:
    confirm(file, [Registered("130500-旅游局", "邢台市文化和旅游局", "130500", first_fiscal_year="2020")], ON)
    old, new = read_registry(file)
    assert (old.department_name, old.last_fiscal_year) == ("邢台市旅游局", "2019")
    assert (new.first_fiscal_year, new.last_fiscal_year, new.confirmed_on) == ("2020", "", "2026-11-21")
    known = {line.department_name: [line] for line in (old, new)}
    for name in known:
        assert identify(name, None, load_gazetteer(), known).department_key == "130500-旅游局"


def test_a_name_that_passed_to_another_department_goes_by_the_year() -> None:
    known = {
        "邢台市商务局": [
            Registered("130500-商业局", "邢台市商务局", "130500", "", "2018", "2020"),
            Registered("130500-商务局", "邢台市商务局", "130500", "", "2021"),
        ]
    }
    keys = [identify("邢台市商务局", None, load_gazetteer(), known, year).department_key for year in (2019, 2022)]
    assert keys == ["130500-商业局", "130500-商务局"]


def test_confirming_twice_changes_nothing(file: Path) -> None:
    line = Registered("130500-财政局", "邢台市财政局", "130500", first_fiscal_year="2023")
    assert len(confirm(file, [line], ON)) == 1
    before = file.read_bytes()
    assert confirm(file, [line], date(2027, 1, 1)) == []
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Registered("unknown-财政局", "财政局"), "region code"),
        (Registered("130500-旅游局", "邢台市旅发委", "130501"), "two regions"),
        (Registered("130500-财政局", "邢台市财政局", "130500", "", "2023", "2022"), "2023 and 2022"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_the_file_stays(file: Path, line: Registered, words: str) -> None:
    before = file.read_bytes()
    with pytest.raises(RegistryError, match=words):
        confirm(file, [line], ON)
    assert file.read_bytes() == before


def test_a_name_listed_twice_is_refused() -> None:
    line = Registered("130500-财政局", "邢台市财政局", "130500")
    with pytest.raises(RegistryError, match="twice"):
        check_registry([line, line])


def test_every_line_of_the_committed_registry_is_dated() -> None:
    assert all(line.confirmed_on and line.first_fiscal_year for line in read_registry(REGISTRY))

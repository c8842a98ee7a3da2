"""Printed code and label → subject code: the printed one wherever nothing proves another."""

from __future__ import annotations

import pytest

from pipeline.forms.classification import (
    Classification,
    Resolved,
    SubjectCode,
    economic_classification,
    function_classification,
)

CODES = Classification(
    SubjectCode(code, name, {3: 1, 5: 2, 7: 3}[len(code)])
    for code, name in (
        ("201", "一般公共服务支出"),
        ("20103", "政府办公厅（室）及相关机构事务"),
        ("2010301", "行政运行"),
        ("2010302", "一般行政管理事务"),
        ("20104", "发展与改革事务"),
        ("2010401", "行政运行"),
        ("208", "社会保障和就业支出"),
        ("20805", "行政事业单位养老支出"),
        ("20805", "行政事业单位离退休"),
        ("2080501", "行政单位离退休"),
    )
)


def resolve(printed: str, label: str, *above: str) -> tuple[str | None, str, bool]:
    found = CODES.resolve(printed, label, above)
    return found.subject_code, found.resolution, found.doubt is not None


def test_a_code_with_its_name_is_as_printed() -> None:
    assert resolve("2010301", "行政运行") == ("2010301", "as_printed", False)


def test_a_code_may_have_had_several_names_over_the_editions() -> None:
    assert resolve("20805", "行政事业单位离退休") == ("20805", "as_printed", False)
    assert resolve("20805", "行政事业单位养老支出") == ("20805", "as_printed", False)


def test_a_valid_code_with_a_foreign_label_stands_and_is_doubted() -> None:
    assert resolve("2010301", "别的支出") == ("2010301", "as_printed", True)


def test_a_label_that_names_a_sibling_wins_over_the_printed_code() -> None:
    assert resolve("2010301", "一般行政管理事务", "20103") == ("2010302", "from_label", True)


def test_a_label_that_names_a_code_elsewhere_does_not_win_and_nor_does_the_code() -> None:
    assert resolve("2010301", "行政单位离退休", "20103") == ("2010301", "unresolved", True)


def test_label_and_rows_above_together_name_another_code_than_the_printed_one() -> None:
    # the 款 is printed with a number of the publisher's own: 20104 for 20805
    assert resolve("2010401", "行政单位离退休", "20805", "208") == ("2080501", "from_hierarchy", True)


def test_what_is_printed_below_a_renumbered_code_follows_it() -> None:
    # 20104 was printed for 20103; each of the two has a 行政运行
    found = CODES.resolve("2010401", "行政运行", ("20103", "201"), {"201": "201", "20104": "20103"})
    assert (found.subject_code, found.resolution) == ("2010301", "from_hierarchy")
    assert CODES.resolve("2010401", "行政运行", ("20104", "201"), {"20104": "20104"}) == Resolved(
        "2010401", "as_printed"
    )


def test_what_has_another_name_below_a_renumbered_code_does_not_follow_it() -> None:
    found = CODES.resolve("2010401", "行政单位离退休", ("20103", "201"), {"20104": "20103"})
    assert (found.subject_code, found.resolution) == ("2010401", "unresolved")


def test_a_lost_last_digit_is_found_by_the_only_label_that_fits() -> None:
    assert resolve("208050", "行政单位离退休", "20805", "208") == ("2080501", "from_label", True)


def test_a_lost_zero_of_a_name_that_many_have_is_found_by_the_rows_above() -> None:
    assert resolve("201031", "行政运行", "20103", "201") == ("2010301", "from_hierarchy", True)
    assert resolve("201041", "行政运行", "20104", "2010301", "20103", "201") == ("2010401", "from_hierarchy", True)


def test_a_code_of_no_edition_with_a_label_of_none_is_kept_and_unresolved() -> None:
    assert resolve("299", "别的支出", "208") == ("299", "unresolved", True)


def test_an_invalid_code_whose_label_fits_nowhere_above_is_unresolved() -> None:
    assert resolve("2010", "行政单位离退休", "2010301", "20103") == ("2010", "unresolved", True)


def test_a_row_without_code_is_named_by_its_label_where_the_rows_above_allow_one() -> None:
    assert resolve("", "行政单位离退休", "20805") == ("2080501", "from_label", True)
    assert resolve("", "行政运行", "20104", "201") == ("2010401", "from_hierarchy", True)


def test_a_row_without_code_and_with_an_ambiguous_label_is_unresolved() -> None:
    assert resolve("", "行政运行") == (None, "unresolved", True)
    assert resolve("", "行政运行", "20805") == (None, "unresolved", True)


def test_a_class_without_code_follows_only_lower_classes() -> None:
    assert resolve("", "社会保障和就业支出", "2010302", "20103")[0] == "208"
    assert resolve("", "一般公共服务支出", "2080501", "20805")[0] is None


def test_neither_code_nor_label_is_none() -> None:
    assert resolve("", "") == (None, "none", True)


@pytest.mark.parametrize("classification", [function_classification(), economic_classification()])
def test_every_code_of_the_reference_below_the_top_has_its_parent(classification: Classification) -> None:
    orphans = [c.code for level in (2, 3) for c in classification.level(level) if c.code[:-2] not in classification]
    assert orphans == []


def test_beginnings_of_names_are_known_but_whole_names_are_none() -> None:
    assert CODES.begins_name("一般公共服务") and not CODES.begins_name("行政运行")
    assert not CODES.begins_name("公共服务")


def test_other_ways_to_write_a_name_are_names() -> None:
    assert economic_classification().named("30212", "因公出国(境)费")
    assert economic_classification().named("30212", "因公出国(境)费用")
    assert function_classification().named("21305", "巩固脱贫攻坚成果衔接乡村振兴")


def test_a_code_listed_twice_is_one_code() -> None:
    twice = Classification([SubjectCode("201", "一般公共服务支出", 1), SubjectCode("201", "一般公共服务支出", 1)])
    assert len(twice.level(1)) == 1

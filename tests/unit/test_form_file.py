"""A form file that is wrong is refused with the file, the place and the mistake; nothing in it is ever ignored."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from pipeline.forms.form import FORM_FOLDER, STATEMENTS, FormError, Line, form_files, load_forms, parse_form

CLASSES = (Line("201", ("一般公共服务支出",), subject_code="201"),)
HEBEI: dict[str, Any] = yaml.safe_load((FORM_FOLDER / "hebei.yaml").read_text("utf-8"))
Edit = Callable[[dict[str, Any]], object]


def parse(edit: Edit) -> str:
    """The message of the FormError that an edited form gives."""
    raw = copy.deepcopy(HEBEI)
    edit(raw)
    with pytest.raises(FormError) as error:
        parse_form(yaml.safe_dump(raw, allow_unicode=True), CLASSES, "new.yaml")
    return str(error.value)


def column(raw: dict[str, Any], statement: str = "expenditure", number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = raw["statements"][statement]["columns"][number]
    return found


def test_every_form_of_the_package_is_sound_and_describes_all_nine_statements() -> None:
    assert [form.name for form in load_forms()] == [path.stem for path in form_files()]
    for form in load_forms():
        assert set(form.statements) == set(STATEMENTS)


def test_the_classes_of_the_classification_stand_where_the_form_says() -> None:
    hebei = next(form for form in load_forms() if form.name == "hebei")
    lines = hebei.statements["budget_summary"].lines["expenditure"]
    assert lines[0].subject_code == lines[0].item == "201"
    assert lines[-1].item == "total_expenditure"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda raw: raw.pop("units"), ["missing keys ['units']"]),
        (lambda raw: raw.update(colour="red"), ["unknown keys ['colour']"]),
        (lambda raw: raw["statements"].pop("three_public"), ["three_public", "not described"]),
        (lambda raw: raw["statements"].update(fun={}), ["statement fun", "no such statement"]),
        (lambda raw: column(raw).update(width=3), ["statement expenditure", "column", "width"]),
        (lambda raw: column(raw).update(measure="people"), ["statement expenditure", "'people'", "no measure"]),
        (lambda raw: column(raw).update(measure="total"), ["statement expenditure", "either a role"]),
        (lambda raw: column(raw).pop("role"), ["statement expenditure", "either a role"]),
        (lambda raw: column(raw, number=2).update(measure="revenue"), ["statement expenditure", "'revenue'"]),
        (lambda raw: raw["statements"]["revenue"]["titles"].append("(总表"), ["statement revenue", "(总表", "wrong"]),
        (lambda raw: raw["empty_notes"].append("[空"), ["[空", "wrong"]),
        (lambda raw: raw["annexes"]["asset"].append("*"), ["*", "wrong"]),
        (lambda raw: raw["prose_begins"].append("(?P<"), ["(?P<", "wrong"]),
    ],
)
def test_a_wrong_key_measure_or_pattern_is_named_with_its_place(edit: Edit, words: list[str]) -> None:
    message = parse(edit)
    assert message.startswith("new.yaml")
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda raw: raw["identity"].update(unit_line="单位("), "unit_line"),
        (lambda raw: raw["identity"].pop("body_line"), "body_line"),
        (lambda raw: raw["identity"].update(colour="red"), "identity"),
        (lambda raw: raw.update(units_part="第("), "units_part"),
        (lambda raw: column(raw).pop("headers"), "statement expenditure"),
        (lambda raw: column(raw).update(role="ordinal"), "statement expenditure"),
        (lambda raw: column(raw, "budget_summary").update(side="left"), "statement budget_summary"),
        (lambda raw: raw["statements"]["revenue"].pop("titles"), "statement revenue"),
        (lambda raw: raw["statements"]["revenue"].pop("columns"), "statement revenue"),
        (lambda raw: raw["statements"]["revenue"].update(rows="lines"), "statement revenue"),
        (lambda raw: raw["statements"]["revenue"].update(rows="people"), "statement revenue"),
        (lambda raw: raw["statements"]["revenue"].update(colour="red"), "statement revenue"),
        (lambda raw: raw["statements"]["three_public"]["lines"]["items"][0].pop("labels"), "statement three_public"),
        (lambda raw: raw["statements"]["three_public"]["lines"]["items"][0].pop("item"), "statement three_public"),
        (lambda raw: raw["statements"]["three_public"]["lines"]["items"][0].update(a=1), "statement three_public"),
        (
            lambda raw: raw["statements"]["budget_summary"]["lines"]["expenditure"][0].update(classes="economic"),
            "lines",
        ),
        (lambda raw: raw["units"].update(万="many"), "units"),
        (lambda raw: raw.update(statements=[]), "statements"),
    ],
)
def test_every_other_mistake_is_a_form_error_too(edit: Edit, place: str) -> None:
    message = parse(edit)
    assert message.startswith("new.yaml") and place in message


@pytest.mark.parametrize("text", ["", "[]", "form: [", "just words"])
def test_a_file_that_is_no_mapping_or_no_yaml_is_a_form_error(text: str) -> None:
    with pytest.raises(FormError, match=r"new\.yaml"):
        parse_form(text, CLASSES, "new.yaml")

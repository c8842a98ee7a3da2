"""The lines around a table: body, code, budget year and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.forms.classification import is_subject_name
from pipeline.forms.form import Form
from pipeline.forms.printed import has_cjk

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_BEFORE_UNIT = re.compile(r"(?:\(|金额|单位|人民币)+$")
_WHOLE_IN_BRACKETS = re.compile(r"^\(([^()]*)\)$")
_MARKS = re.compile(r"^[^\w()]+|[^\w()]+$")
_CODE_BEFORE = re.compile(r"\d{3,9}?(?=12345[政市便热])|(?!12345[政市便热])\d{3,9}[-_—:]?(?=[一-鿿])")
_BETWEEN = ",;、。|"  # between what stands on one line
_FEWEST_LETTERS = 3
_LONGEST_LINE = 100
_LONGEST_REST = 30  # what may stand beside a unit or a year


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a line says of the table beside it."""

    unit: str | None = None
    year: int | None = None
    year_follows: bool = False  # 预算年度: with the year on a line of its own
    body_name: str | None = None
    body_code: str | None = None


def name_of_body(text: str, form: Form) -> tuple[str | None, str | None]:
    """A (squashed) text as the name of a body, and the unit that stands behind it.

    Without what surrounds it on the page: words of the document, marks, brackets around it, its code. No name where
    such words stand inside, or a bracket is only half there.
    """
    name, before = text, ""
    unit: str | None = None
    units = sorted(form.units, key=len, reverse=True)
    while name != before:
        before = name
        if found := next((u for u in units if name.endswith((u, f"{u})"))), None):
            name, unit = _BEFORE_UNIT.sub("", name.removesuffix(")").removesuffix(found)), unit or found
        name = _IN_BRACKETS.sub(lambda match: "" if _is_no_name(match[0][1:-1], form) else match[0], name)
        name = _WHOLE_IN_BRACKETS.sub(r"\1", _MARKS.sub("", name))
        if name.count("(") != name.count(")"):
            name = name.removeprefix(")").removesuffix("(")
        words = list(form.no_name.finditer(name))
        if words and words[-1].end() == len(name):
            name = name[: words.pop().start()]
        if words and words[0].start() == 0:
            name = name[words[0].end() :]
        if (code := _CODE_BEFORE.match(name)) and sum(map(has_cjk, name)) > _FEWEST_LETTERS:
            name = name[code.end() :]
    is_name = (
        form.no_name.search(name) is None
        and name.count("(") == name.count(")")
        and sum(map(has_cjk, name)) >= _FEWEST_LETTERS
    )
    return (name if is_name else None), unit


def _is_no_name(text: str, form: Form) -> bool:
    """Is this, in brackets beside a name, a word of the document or a unit?"""
    return form.no_name.search(text) is not None or (text in form.units)


def unit_in(text: str, form: Form) -> re.Match[str] | None:
    """Where this (squashed) line prints a unit: ``unit`` is one of the form's, else what stands there."""
    found = form.unit_line.search(text)
    return found if found or form.other_unit_line is None else form.other_unit_line.search(text)


def furniture_of(text: str, form: Form) -> Furniture | None:
    """What this (squashed) line says; None if it is something else."""
    if len(text) > _LONGEST_LINE:
        return None
    rest = text
    unit = unit_in(rest, form)
    if unit:
        rest = rest[: unit.start()] + rest[unit.end() :]
    year = form.year_line.search(rest)
    if year:
        rest = rest[: year.start()] + rest[year.end() :]
    code = form.code_line.search(rest) if form.code_line else None
    if code:
        rest = rest[: code.start()] + rest[code.end() :]
    rest = rest.strip(_BETWEEN)
    body = form.body_line.fullmatch(rest) or form.body_label.fullmatch(rest)
    if body and is_subject_name(body["name"]):
        body = None  # a row of a statement: 2130505 生产发展支出
    name, behind = name_of_body(body["name"], form) if body else (None, None)
    if name is None:
        body = None
    if not (unit or year or code or body) or (rest and not body and len(rest) > _LONGEST_REST):
        return None
    return Furniture(
        unit=unit["unit"] if unit else behind,
        year=int(year["year"]) if year and year["year"] else None,
        year_follows=year is not None and year["year"] is None,
        body_name=name,
        body_code=(body.groupdict().get("code") if body else None) or (code["code"] if code else None),
    )

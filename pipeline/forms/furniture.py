"""The lines around a table: body, code, budget year and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.forms.classification import is_subject_name
from pipeline.forms.form import Form

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
    body = form.body_line.fullmatch(rest) or form.body_label.fullmatch(rest)
    if body and is_subject_name(body["name"]):
        body = None  # a row of a statement: 2130505 生产发展支出
    if not (unit or year or code or body) or (rest and not body and len(rest) > _LONGEST_REST):
        return None
    return Furniture(
        unit=unit["unit"] if unit else None,
        year=int(year["year"]) if year and year["year"] else None,
        year_follows=year is not None and year["year"] is None,
        body_name=body["name"] if body else None,
        body_code=(body.groupdict().get("code") if body else None) or (code["code"] if code else None),
    )

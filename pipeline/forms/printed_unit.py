"""Which unit the amounts of a statement are printed in."""

from __future__ import annotations

from pipeline.documents.model import Issue
from pipeline.forms.columns import header_units
from pipeline.forms.form import Form
from pipeline.forms.sections import Recognised, Section


def common_unit(recognised: Recognised, form: Form) -> str | None:
    """The one unit that every statement with a printed unit prints; those with a unit of their own do not count."""
    units: set[str] = set()
    for section in recognised.sections:
        if not form.statements[section.statement].own_unit:
            units |= set(section.units) | {section.unit_in_title or section.unit_before or ""}
    units.discard("")
    return units.pop() if len(units) == 1 else None


def unit_of(section: Section, form: Form, common: str | None) -> tuple[str | None, Issue | None]:
    """The unit of a statement, ``common`` where it prints none; None where it has no table or the unit is in doubt."""
    in_headers = {unit for table in section.tables for unit in header_units(table, form)}
    if len(set(section.units) | in_headers) > 1:
        what = "one statement prints two units; its figures are not loaded"
        text = "、".join(sorted(set(section.units) | in_headers))
        return None, Issue("error", what, text, section.page, section.locator)
    printed = next(iter(section.units), next(iter(in_headers), section.unit_in_title or section.unit_before))
    if printed is not None and printed not in form.units:
        what = "the statement prints a unit that the form does not know; its figures are not loaded"
        return None, Issue("error", what, printed, section.page, section.locator)
    if printed is not None:
        return printed, None
    if not section.tables:
        return None, None
    if common is not None and not form.statements[section.statement].own_unit:
        what = "the statement prints no unit; the one of every other statement is taken"
        return common, Issue("info", what, common, section.page, section.locator)
    what = "the statement prints no unit; its figures are not loaded"
    return None, Issue("error", what, section.title, section.page, section.locator)

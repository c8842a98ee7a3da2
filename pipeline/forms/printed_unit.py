"""Which unit the amounts of a statement are printed in."""

from __future__ import annotations

from pipeline.documents.model import Issue
from pipeline.forms.columns import header_units
from pipeline.forms.sections import Recognised, Section


def common_unit(recognised: Recognised) -> str | None:
    """The one unit that every statement with a printed unit prints, else None."""
    units = {unit for section in recognised.sections for unit in section.units}
    units |= {unit for s in recognised.sections if (unit := s.unit_in_title or s.unit_before)}
    return units.pop() if len(units) == 1 else None


def unit_of(section: Section, common: str | None) -> tuple[str | None, Issue | None]:
    """The unit of a statement, ``common`` where it prints none; None where it has no table or the unit is in doubt."""
    in_headers = {unit for table in section.tables for unit in header_units(table)}
    if len(set(section.units) | in_headers) > 1:
        what = "one statement prints two units; its figures are not loaded"
        text = "、".join(sorted(set(section.units) | in_headers))
        return None, Issue("error", what, text, section.page, section.locator)
    printed = next(iter(section.units), next(iter(in_headers), section.unit_in_title or section.unit_before))
    if printed is not None:
        return printed, None
    if not section.tables:
        return None, None
    if common is not None:
        what = "the statement prints no unit; the one of every other statement is taken"
        return common, Issue("info", what, common, section.page, section.locator)
    what = "the statement prints no unit; its figures are not loaded"
    return None, Issue("error", what, section.title, section.page, section.locator)

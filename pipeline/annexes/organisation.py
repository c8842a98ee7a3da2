"""机构设置 → the units of a department: from its table (Hebei), else from the list in the prose (Shanghai)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.annexes.find import Annex, ProseSection
from pipeline.annexes.model import AnnexRead, OrganisationUnit
from pipeline.annexes.organisation_list import ListReader
from pipeline.annexes.organisation_rules import Held, HeldUnit, units_named
from pipeline.annexes.organisation_table import TableReader
from pipeline.forms.disclosure import RowRead, StatementRead
from pipeline.forms.form import Form
from pipeline.forms.printed import squash

STATEMENT = "organisation"


def read_organisation(
    annexes: Sequence[Annex], sections: Sequence[ProseSection], form: Form
) -> tuple[tuple[OrganisationUnit, ...], AnnexRead]:
    """The units of a department, from the table of 机构设置 or, where there is none, from the list in its prose."""
    held = Held(form)
    tables, lists = TableReader(held), ListReader(held)
    for annex in annexes:
        tables.annex(annex)
    source: Annex | ProseSection | None = next((annex for annex in annexes if annex.tables), None)
    prose = [section for section in sections if section.kind == STATEMENT]
    if not held.units and prose:
        for section in prose:
            lists.section(section)
        source = prose[0] if held.units else source
    units = tuple(_units(held.units))
    places: list[Annex | ProseSection] = [source] if source is not None else [*annexes, *prose]
    if not units and not held.empty and places:
        what = "no unit is read where the document speaks of its units"
        held.issue("warning", what, _title(places[0]), places[0].page, places[0].locator)
    _doubles(held)
    statement = _statement(source or next(iter(annexes), None), held, len(units))
    return units, AnnexRead(statement, (), tuple(_rows(units)), tuple(held.issues))


def _doubles(held: Held) -> None:
    seen: set[str] = set()
    for unit in held.units:
        name = squash(unit.get("unit_name") or "")
        if name in seen:
            held.issue("info", "a unit is listed twice", name, unit.page, unit.locator)
        seen.add(name)


def _title(source: Annex | ProseSection) -> str:
    return source.title if isinstance(source, Annex) else source.heading


def _statement(source: Annex | ProseSection | None, held: Held, units: int) -> StatementRead:
    status = "present" if units else "declared_empty" if held.empty else "missing"
    if source is None:
        return StatementRead(1, STATEMENT, status)
    return StatementRead(1, STATEMENT, status, _title(source), None, units, 0, source.page, source.locator)


def _units(units: Iterable[HeldUnit]) -> Iterator[OrganisationUnit]:
    for order, unit in enumerate(units, start=1):
        name = unit.get("unit_name") or ""
        rest = (unit.get("nature"), unit.get("rank"), unit.get("funding"))
        yield OrganisationUnit(order, name, units_named(name), *rest, unit.page, unit.locator)


def _rows(units: Iterable[OrganisationUnit]) -> Iterator[RowRead]:
    for unit in units:
        order = unit.row_order
        yield RowRead(1, STATEMENT, order, order, unit.unit_name, f"unit_{order}", None, unit.page, unit.locator)

"""An identity → the subjects that it is repeated for: each row, each code, each parent with its parts …"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.proof.identity import Identity, IdentityError
from pipeline.proof.rows import UNKNOWN, Row
from pipeline.proof.sheet import Sheet

_EXECUTION = "execution"  # the mark of a row that is compared with what was spent, not with a budget


@dataclass(slots=True)
class Binding:
    """Values of the variables of one repetition."""

    subject: str = ""
    measure: str = ""
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def bindings(identity: Identity, sheet: Sheet) -> Iterator[Binding]:
    """One binding for each subject that the sheet prints. Raises IdentityError where `each` is unknown."""
    of = identity.of or ""
    measures = [m for m in sheet.columns.get(of, ()) if not identity.only or m in identity.only]
    if identity.each == "once":
        yield Binding()
    elif identity.each == "measure":
        for measure in measures:
            yield Binding(measure=measure)
    elif identity.each == "row":
        rows = sheet.rows_of.get(of, ()) if not identity.items else _named(identity.items, of, sheet)
        for row in rows:
            if _is_meant(identity, row, sheet):
                said = sheet.said.get((of, row.order), ())
                for measure in measures if identity.only else ("",):
                    if identity.needs == "nothing" or not measure or measure in said:
                        yield Binding(row.item, measure, {"$item": (row.item,)}, {"$row": (row,)})
    elif identity.each == "parent" and of in sheet.families:
        for above, children in sheet.families[of]:
            for measure in measures if not identity.items or above.item in identity.items else ():
                if _is_complete(identity, children, measure, sheet) and _same_base(above, children, measure, sheet):
                    yield Binding(above.item, measure, rows={"$parent": (above,), "$children": children})
    elif identity.each == "parent":
        for parent, children in sheet.codes.children.get(of, {}).items():
            for measure in measures if not identity.items or parent in identity.items else ():
                yield Binding(parent, measure, {"$parent": (parent,)}, {"$children": children})
    elif identity.each == "class":
        for code in sheet.codes.classes:
            yield Binding(code, items={"$class": (code,)})
    elif identity.each == "code":
        coded = (row for name in identity.statements for row in sheet.rows_of.get(name, ()))
        for code in sorted({row.item for row in coded if row.subject_code or row.item == "total"}):
            yield Binding(code, items={"$code": (code,)})
    elif identity.each == "link":
        for link in sheet.links:
            if link.family == of:
                rows_of = {f"${role}": own for role, own in link.rows.items()}
                for measure in identity.only or ("",):
                    yield Binding(link.subject, measure, rows=rows_of)
    else:
        raise IdentityError(f"identity {identity.id}: each is {identity.each!r}")


def _named(items: Iterable[str], statement: str, sheet: Sheet) -> list[Row]:
    """The rows of these items, in order. ``codes``, ``projects`` and ``lines`` stand for all of their kind."""
    found = [row for item in items for row in sheet.named.get((statement, item), ())]
    return sorted(found, key=lambda row: row.order)


def _is_meant(identity: Identity, row: Row, sheet: Sheet) -> bool:
    """Does the row print what the identity needs, and do the other statements have such a row?"""
    if identity.row_needs or identity.row_without:
        said = sheet.said.get((row.statement, row.order), set[str]())
        if not identity.row_needs <= said or any(measure in said for measure in identity.row_without):
            return False
    if identity.known and row.item.startswith(UNKNOWN):
        return False
    if identity.marked and not row.marks.issuperset(identity.marked):
        return False
    elsewhere = (name for t in (*identity.left, *identity.right) if t.variable == "$item" for name in t.statements)
    return all(sheet.printed_row(name, row.item) for name in elsewhere)


def _is_complete(identity: Identity, children: Sequence[Row], measure: str, sheet: Sheet) -> bool:
    """Are the parts all there? Only where one of the lists says so is a sum more than a bound."""
    if not identity.complete_with:
        return True
    said = {row.item for row in children if measure in row.marks or (*_place(row), measure) in sheet.in_row}
    return any(items <= said for items in identity.complete_with)


def _same_base(above: Row, children: Sequence[Row], measure: str, sheet: Sheet) -> bool:
    """Are changes all counted from a budget, or all from what was spent?"""
    changed = [row for row in (above, *children) if (*_place(row), measure) in sheet.in_row]
    return measure != "change" or len({_EXECUTION in row.marks for row in changed}) < 2


def _place(row: Row) -> tuple[str, int, str]:
    return row.statement, row.order, row.item

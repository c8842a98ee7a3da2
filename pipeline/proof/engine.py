"""Identities as data → checks: every identity of the YAML files evaluated on the printed cells of one body.

Pure and fast: amounts are whole fen (0.01 yuan), a cell is its index. The engine knows no statement; what belongs
together is said by the YAML alone. `identities.yaml` holds what the statements say of each other,
`annex_identities.yaml` what the prose and the annexes say of them; both go through the same engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from pipeline.proof.relations import BOUNDS, FEN, Cell, Relation, Slot, Status, holds, linear_status

IDENTITIES = Path(__file__).with_name("identities.yaml")
ANNEX_IDENTITIES = Path(__file__).with_name("annex_identities.yaml")

__all__ = ["Cell", "Slot", "Status"]  # of relations.py
Severity = Literal["hard", "soft"]
HOLDS = ("exact", "within_rounding")
_UNKNOWN = "other:"  # items of the prose that no subject is known for
_EXECUTION = "execution"  # the mark of a row that is compared with what was spent, not with a budget


class IdentityError(ValueError):
    """identities.yaml is wrong; the message names the identity."""


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row, blank or not.

    ``parent``: the item that it is a part of, where no code says so; ``marks``: what words say instead of numbers.
    """

    statement: str
    order: int
    item: str
    subject_code: str | None
    parent: str | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """Rows that belong together though no code and no parent says so: a project in the prose, its lines …"""

    family: str
    subject: str
    rows: Mapping[str, tuple[Row, ...]]  # role → rows


@dataclass(frozen=True, slots=True)
class Term:
    statements: tuple[str, ...]
    items: tuple[str, ...]
    measures: tuple[str, ...]
    or_parts: tuple[str, ...] = ()
    upper_only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    among: frozenset[str] = frozenset()
    has_variable: bool = False
    first: bool = False

    @property
    def variable(self) -> str | None:
        return self.items[0] if len(self.items) == 1 and self.has_variable else None


@dataclass(frozen=True, slots=True)
class Identity:
    id: str
    says: str
    severity: Severity
    at_most: bool
    each: str
    of: str | None
    only: tuple[str, ...]
    if_printed: tuple[tuple[str, str, str], ...]  # statement, "item" or "measure", name
    if_any_printed: tuple[tuple[str, str, str], ...]
    unless_printed: tuple[tuple[str, str, str], ...]
    if_nil: tuple[tuple[str, str, str], ...]  # statement, item, measure
    unless_nil_parts: tuple[tuple[str, str, str], tuple[tuple[str, str, str], ...]] | None  # a cell and its parts
    appropriations_only: bool
    whole_may_stand_alone: bool
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    statements: frozenset[str]
    relation: Relation = "equal"
    items: tuple[str, ...] = ()
    needs: Literal["nothing", "left", "all"] = "nothing"
    row_without: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    complete_with: tuple[frozenset[str], ...] = ()
    facts: tuple[str, ...] = ()
    or_right: tuple[tuple[Term, ...], ...] = ()
    or_holds: tuple[tuple[Term, ...], ...] = ()
    only_slips: bool = False
    required: frozenset[str] = frozenset()  # ``statements`` without those of other right sides
    row_needs: frozenset[str] = frozenset()  # measures that the row must print, told from ``needs`` and the terms


@dataclass(slots=True)
class Check:
    """One identity on one subject. ``cells``: (index, +1 left or -1 right); ``blanks``: the places that count 0."""

    identity: Identity
    statement: str
    subject: str
    measure: str
    cells: tuple[tuple[int, int], ...]
    blanks: tuple[tuple[Slot, int], ...]
    left: int
    right: int
    status: Status

    @property
    def difference(self) -> int:
        return self.left - self.right


class Sheet:
    """The printed cells of one body, indexed the ways that identities ask for them."""

    def __init__(
        self,
        cells: Iterable[Cell],
        rows: Iterable[Row],
        columns: Mapping[str, tuple[str, ...]],
        links: Iterable[Link] = (),
        facts: Iterable[str] = (),
    ) -> None:
        """``columns``: the measures of each statement that is not missing, in printed order.

        ``facts``: what is known of the document besides its numbers, by the names that identities ask for.
        """
        self.links = tuple(links)
        self.facts = frozenset(facts)
        self.columns = dict(columns)
        self.printed_columns = {(name, measure) for name, measures in columns.items() for measure in measures}
        self.rows = list(rows)
        self.rows_of: dict[str, list[Row]] = defaultdict(list)
        self.orders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in self.rows:
            self.rows_of[row.statement].append(row)
            self.orders[row.statement, row.item].append(row.order)
        self.codes = _codes(self)
        self.families = {name: _families(own) for name, own in self.rows_of.items() if any(r.parent for r in own)}
        self.named: dict[tuple[str, str], list[Row]] = defaultdict(list)  # by item, or by the kind of item
        for row in self.rows:
            if not row.subject_code:
                self.named[row.statement, row.item].append(row)
                if (kind := _kind_of(row.item)) is not None:
                    self.named[row.statement, kind].append(row)
        self._print(cells)

    def _print(self, cells: Iterable[Cell]) -> None:
        self.cells = list(cells)
        self.at: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.in_row: dict[Slot, int] = {}
        self.said: dict[tuple[str, int], set[str]] = defaultdict(set)  # row → the measures that it prints
        for index, cell in enumerate(self.cells):
            statement, order, item, measure = cell.slot
            self.at[statement, item, measure].append(index)
            self.in_row[cell.slot] = index
            self.said[statement, order].add(measure)

    def with_cells(self, cells: Iterable[Cell]) -> Sheet:
        """The same rows with other numbers in them."""
        other = copy(self)
        other._print(cells)
        return other

    def printed_row(self, statement: str, item: str) -> bool:
        return (statement, item) in self.orders

    def fen(self, statement: str, item: str, measure: str) -> int:
        return sum(self.cells[i].fen for i in self.at.get((statement, item, measure), ()))


def _kind_of(item: str) -> str | None:
    """What identities call all items of this sort."""
    if item.isdigit():
        return "codes"
    return "projects" if item.startswith("project:") else "lines" if item.startswith("line_") else None


def _families(rows: list[Row]) -> list[tuple[Row, list[Row]]]:
    """Rows → those that name a parent, below it: its latest row above them, else its first one.

    An item that is said again below the same parent counts once.
    """
    latest: dict[str, Row] = {}
    first: dict[str, Row] = {}
    below: dict[int, tuple[Row, dict[str, Row]]] = {}
    for row in rows:
        first.setdefault(row.item, row)
    for row in rows:
        if row.parent is not None and (above := latest.get(row.parent) or first.get(row.parent)):
            below.setdefault(above.order, (above, {}))[1].setdefault(row.item, row)
        latest[row.item] = row
    return [(above, list(own.values())) for above, own in below.values()]


def _children(
    statement: str, rows: list[Row], elsewhere: frozenset[str] | None, has_total: bool
) -> dict[str, list[Row]]:
    """Item of a row → the rows directly below it: the nearest printed class, group or total above each coded row.

    Rows that should stand there and do not are among them, with order 0, so that a dropped row leaves a blank: a class
    of which only the parts are printed, and what other statements of the same classification print (``elsewhere``).
    Where there is none (None), some row may be missing below every class, and it has no code. ``has_total``: whether
    any statement with codes prints a total.
    """
    codes = {row.subject_code for row in rows if row.subject_code}
    levels = {len(code) for code in codes}
    absent = {code[:3] for code in codes} - codes if 3 in levels else set()
    if elsewhere is not None:
        classes_of = {code[:3] for code in codes}
        absent |= {code for code in elsewhere - codes if len(code) in levels or code in classes_of}
    unprinted = {code for code in absent if any(other.startswith(code) for other in codes)}  # its parts are printed
    outer = {code for code in absent - unprinted if not any(code[:n] in absent for n in (3, 5) if n < len(code))}
    codes |= unprinted
    top = "total" if has_total and codes else None
    below: dict[str, list[Row]] = defaultdict(list)
    for row in [*rows, *(Row(statement, 0, code, code) for code in sorted(unprinted | outer))]:
        if row.item != "total":
            code = row.subject_code or ""
            above = next((code[:n] for n in (5, 3) if len(code) > n and code[:n] in codes), top)
            if above is not None:
                below[above].append(row)
    if elsewhere is None:
        classes = [code for code in codes if len(code) == 3]
        split = [code for code in classes if code in below]
        for code in split if 2 * len(split) <= len(classes) else sorted(classes):
            below[code].append(Row(statement, 0, f"unprinted_below_{code}", None))
    return below


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────


def _tuple(raw: Any) -> tuple[str, ...]:
    return tuple(raw) if isinstance(raw, list) else (str(raw),)


def _term(raw: Mapping[str, Any], where: str) -> Term:
    if unknown := set(raw) - {"in", "item", "measure", "or_parts", "upper_only", "among", "first"}:
        raise IdentityError(f"{where}: a term has unknown keys {sorted(unknown)}")
    upper = raw.get("upper_only", {})
    return Term(
        _tuple(raw["in"]),
        _tuple(raw["item"]),
        _tuple(raw["measure"]),
        tuple(raw.get("or_parts", ())),
        tuple((name, tuple(parts)) for name, parts in upper.items()),
        frozenset(raw.get("among", ())),
        any(item.startswith("$") for item in _tuple(raw["item"])),
        bool(raw.get("first")),
    )


_KEYS = {
    *("id", "says", "severity", "relation", "each", "of", "only", "if_printed", "if_any_printed", "unless_printed"),
    *("if_nil", "unless_nil_parts", "if_appropriations_only", "whole_may_stand_alone", "left", "right"),
}
_ANNEX_KEYS = {
    "items",
    "needs",
    "row_without",
    "marked",
    "complete_with",
    "if_fact",
    "or_right",
    "or_holds",
    "only_slips",
}
_RELATIONS: frozenset[str] = frozenset(get_args(Relation))


def _row_needs(raw: Mapping[str, Any]) -> frozenset[str]:
    sides = {"left": ("left",), "all": ("left", "right")}.get(raw.get("needs", ""), ())
    terms = (term for side in sides for term in raw[side] if term["item"] == "$row")
    return frozenset(m for term in terms for m in _tuple(term["measure"]) if not m.startswith("$"))


def _named_in(*terms: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for term in terms for name in _tuple(term["in"]))


def _printed(raw: Iterable[Mapping[str, str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((e["in"], "item" if "item" in e else "measure", e.get("item") or e["measure"]) for e in raw)


def _whole_and_parts(
    raw: Mapping[str, Any] | None,
) -> tuple[tuple[str, str, str], tuple[tuple[str, str, str], ...]] | None:
    if raw is None:
        return None
    whole, parts = raw["whole"], raw["parts"]
    return (whole["in"], whole["item"], whole["measure"]), tuple(
        (parts["in"], item, parts["measure"]) for item in _tuple(parts["item"])
    )


def parse_identities(text: str) -> tuple[Identity, ...]:
    """The identities of a YAML text. Raises IdentityError."""
    found: list[Identity] = []
    for raw in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["identities"]:
        where = f"identity {raw.get('id')}"
        if unknown := set(raw) - _KEYS - _ANNEX_KEYS:
            raise IdentityError(f"{where}: unknown keys {sorted(unknown)}")
        if (relation := raw.get("relation", "equal")) not in _RELATIONS:
            raise IdentityError(f"{where}: relation is {relation!r}")
        either = raw.get("or_right", ())
        holding = raw.get("or_holds", ())
        found.append(
            Identity(
                id=str(raw["id"]),
                says=raw["says"],
                severity=raw.get("severity", "hard"),
                at_most=relation in BOUNDS,
                each=raw.get("each", "once"),
                of=raw.get("of"),
                only=tuple(raw.get("only", ())),
                if_printed=_printed(raw.get("if_printed", ())),
                if_any_printed=_printed(raw.get("if_any_printed", ())),
                unless_printed=_printed(raw.get("unless_printed", ())),
                if_nil=tuple((e["in"], e["item"], e["measure"]) for e in raw.get("if_nil", ())),
                unless_nil_parts=_whole_and_parts(raw.get("unless_nil_parts")),
                appropriations_only=bool(raw.get("if_appropriations_only")),
                whole_may_stand_alone=bool(raw.get("whole_may_stand_alone")),
                left=tuple(_term(term, where) for term in raw["left"]),
                right=tuple(_term(term, where) for term in raw["right"]),
                statements=_named_in(*raw["left"], *raw["right"], *(t for terms in (*either, *holding) for t in terms)),
                relation=relation,
                items=tuple(raw.get("items", ())),
                needs=raw.get("needs", "nothing"),
                row_without=tuple(raw.get("row_without", ())),
                marked=tuple(raw.get("marked", ())),
                complete_with=tuple(frozenset(items) for items in raw.get("complete_with", ())),
                facts=tuple(raw.get("if_fact", ())),
                or_right=tuple(tuple(_term(term, where) for term in terms) for terms in either),
                or_holds=tuple(tuple(_term(term, where) for term in terms) for terms in holding),
                only_slips=bool(raw.get("only_slips")),
                required=_named_in(*raw["left"], *raw["right"]),
                row_needs=_row_needs(raw),
            )
        )
    if len({identity.id for identity in found}) != len(found):
        raise IdentityError("two identities have the same id")
    return tuple(found)


@lru_cache(maxsize=1)
def load_identities() -> tuple[Identity, ...]:
    """The identities of the statements, beside this module. Raises IdentityError."""
    return parse_identities(IDENTITIES.read_text("utf-8"))


@lru_cache(maxsize=1)
def load_annex_identities() -> tuple[Identity, ...]:
    """The identities of the prose and the annexes. Raises IdentityError."""
    return parse_identities(ANNEX_IDENTITIES.read_text("utf-8"))


# ── evaluation ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Binding:
    """Values of the variables of one repetition."""

    subject: str = ""
    measure: str = ""
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Codes:
    """What the rows of the sheet say of codes."""

    classes: tuple[str, ...]  # every 类 that a statement of the shared classification prints
    children: Mapping[str, Mapping[str, list[Row]]]


def evaluate(sheet: Sheet, identities: Iterable[Identity] | None = None) -> list[Check]:
    """Every identity on every subject that it applies to; one `not_applicable` for an identity that applies nowhere."""
    checks: list[Check] = []
    appropriations_only = _appropriations_only(sheet)
    for identity in load_identities() if identities is None else identities:
        before = len(checks)
        if _applies(identity, sheet, appropriations_only):
            for binding in _bindings(identity, sheet, sheet.codes):
                check = _check(identity, binding, sheet)
                if check is not None:
                    checks.append(check)
        if len(checks) == before:
            statement = identity.left[0].statements[0]
            checks.append(Check(identity, statement, "", "", (), (), 0, 0, "not_applicable"))
    return checks


def dormant(sheet: Sheet, checks: Iterable[Check]) -> list[Check]:
    """The checks that are `not_applicable` only because their places are blank: a number in one would wake them.

    Also along the rows that are not printed, but in which one of the ``checks`` has a place.
    """
    found: list[Check] = []
    appropriations_only = _appropriations_only(sheet)
    applying = [identity for identity in load_identities() if _applies(identity, sheet, appropriations_only)]
    for identity in applying:
        for binding in _bindings(identity, sheet, sheet.codes):
            if (check := _check(identity, binding, sheet, dormant=True)) is not None:
                found.append(check)
    places = (slot for check in (*checks, *found) for slot, _ in check.blanks)
    unprinted = sorted({(statement, item) for statement, order, item, _ in places if order == 0})
    for identity in applying:
        for statement, item in unprinted:
            if identity.each == "row" and identity.of == statement:
                binding = _Binding(subject=item, rows={"$row": (Row(statement, 0, item, None),)})
                if (check := _check(identity, binding, sheet, dormant=True)) is not None:
                    found.append(check)
    return found


@lru_cache(maxsize=1)
def _compared_by_code() -> frozenset[str]:
    """The statements that some identity compares code by code: they share one classification."""
    return frozenset(s for i in load_identities() if i.each in ("code", "class") for s in i.statements)


def _codes(sheet: Sheet) -> _Codes:
    shared = _compared_by_code()
    coded: dict[str, frozenset[str]] = {
        name: frozenset(row.item for row in rows if row.subject_code) for name, rows in sheet.rows_of.items()
    }
    everywhere = frozenset[str]().union(*(codes for name, codes in coded.items() if name in shared))
    has_total = any(row.item == "total" for name, rows in sheet.rows_of.items() if coded[name] for row in rows)
    children = {
        name: _children(name, rows, everywhere if name in shared else None, has_total)
        for name, rows in sheet.rows_of.items()
    }
    return _Codes(tuple(sorted(code for code in everywhere if len(code) == 3)), children)


def _appropriations_only(sheet: Sheet) -> bool:
    """Does the department live on appropriations alone? Then T2's total is that column, and nothing is carried."""
    total = sheet.fen("revenue", "total", "total")
    carried = any(
        sheet.fen(statement, item, measure)
        for statement, item, measure in (
            ("budget_summary", "carryover_in", "revenue"),
            ("budget_summary", "carryover_out", "expenditure"),
            ("appropriation_summary", "carryover_in", "revenue"),
            ("appropriation_summary", "carryover_out", "total"),
        )
    )
    return total != 0 and total == sheet.fen("revenue", "total", "fiscal_appropriation") and not carried


def _applies(identity: Identity, sheet: Sheet, appropriations_only: bool) -> bool:
    if not identity.required <= sheet.columns.keys():
        return False
    if identity.appropriations_only and not appropriations_only:
        return False
    if not sheet.facts.issuperset(identity.facts):
        return False
    if any(sheet.fen(*cell) for cell in identity.if_nil):
        return False
    if identity.unless_nil_parts is not None:
        whole, parts = identity.unless_nil_parts
        if sheet.fen(*whole) and not any(sheet.at.get(part) for part in parts):
            return False
    if identity.if_any_printed and not any(_is_printed(sheet, *entry) for entry in identity.if_any_printed):
        return False
    return all(_is_printed(sheet, *entry) for entry in identity.if_printed) and not any(
        _is_printed(sheet, *entry) for entry in identity.unless_printed
    )


def _is_printed(sheet: Sheet, statement: str, what: str, name: str) -> bool:
    return sheet.printed_row(statement, name) if what == "item" else name in sheet.columns.get(statement, ())


def _bindings(identity: Identity, sheet: Sheet, codes: _Codes) -> Iterator[_Binding]:
    of = identity.of or ""
    measures = [m for m in sheet.columns.get(of, ()) if not identity.only or m in identity.only]
    if identity.each == "once":
        yield _Binding()
    elif identity.each == "measure":
        for measure in measures:
            yield _Binding(measure=measure)
    elif identity.each == "row":
        rows = sheet.rows_of.get(of, ()) if not identity.items else _named(identity.items, of, sheet)
        for row in rows:
            if _is_meant(identity, row, sheet):
                said = sheet.said.get((of, row.order), ())
                for measure in measures if identity.only else ("",):
                    if identity.needs == "nothing" or not measure or measure in said:
                        yield _Binding(row.item, measure, {"$item": (row.item,)}, {"$row": (row,)})
    elif identity.each == "parent" and of in sheet.families:
        for above, children in sheet.families[of]:
            for measure in measures if not identity.items or above.item in identity.items else ():
                if _is_complete(identity, children, measure, sheet) and _same_base(above, children, measure, sheet):
                    yield _Binding(above.item, measure, rows={"$parent": (above,), "$children": children})
    elif identity.each == "parent":
        for parent, children in codes.children.get(of, {}).items():
            for measure in measures if not identity.items or parent in identity.items else ():
                yield _Binding(parent, measure, {"$parent": (parent,)}, {"$children": children})
    elif identity.each == "class":
        for code in codes.classes:
            yield _Binding(code, items={"$class": (code,)})
    elif identity.each == "code":
        coded = (row for name in identity.statements for row in sheet.rows_of.get(name, ()))
        for code in sorted({row.item for row in coded if row.subject_code or row.item == "total"}):
            yield _Binding(code, items={"$code": (code,)})
    elif identity.each == "link":
        for link in sheet.links:
            if link.family == of:
                rows_of = {f"${role}": own for role, own in link.rows.items()}
                for measure in identity.only or ("",):
                    yield _Binding(link.subject, measure, rows=rows_of)
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


def _check(identity: Identity, binding: _Binding, sheet: Sheet, *, dormant: bool = False) -> Check | None:
    """The check where it applies; with ``dormant`` where it does not.

    Of several right sides the nearest, or one of ``or_holds`` where that one holds and they do not. A sum with parts
    that nobody knows counts only where it holds, with them or without.
    """
    known = [row for row in binding.rows.get("$children", ()) if not row.item.startswith(_UNKNOWN)]
    if len(known) < len(binding.rows.get("$children", ())):
        without = replace(binding, rows={**binding.rows, "$children": known})
        found = [_nearest(identity, one, sheet, dormant) for one in (binding, without)]
        return next((check for check in found if check is not None and check.status in HOLDS), None)
    return _nearest(identity, binding, sheet, dormant)


def _nearest(identity: Identity, binding: _Binding, sheet: Sheet, dormant: bool) -> Check | None:
    found: list[Check] = []
    for sides in ((identity.right, *identity.or_right), identity.or_holds):
        usable = [terms for terms in sides if all(name in sheet.columns for t in terms for name in t.statements)]
        checks = [_checked(identity, terms, binding, sheet, dormant) for terms in usable]
        found += [c for c in checks if c is not None and (sides is not identity.or_holds or c.status in HOLDS)]
        if any(check.status in HOLDS for check in found):
            break
    return min(found, key=lambda check: (check.status not in HOLDS, abs(check.difference)), default=None)


def _checked(
    identity: Identity, right_terms: tuple[Term, ...], binding: _Binding, sheet: Sheet, dormant: bool
) -> Check | None:
    cells: list[tuple[int, int]] = []
    blanks: list[tuple[Slot, int]] = []
    filled = 0  # terms with a number
    for term in identity.left:
        before = len(cells)
        _gather(term, 1, binding, sheet, cells, blanks)
        filled += len(cells) > before
    on_the_left = len(cells)
    if identity.needs != "nothing" and filled < len(identity.left):
        return None
    if dormant and on_the_left and not identity.whole_may_stand_alone:
        return None
    for term in right_terms:
        before = len(cells)
        _gather(term, -1, binding, sheet, cells, blanks)
        filled += len(cells) > before
    if identity.needs == "all" and (filled < len(identity.left) + len(right_terms) or _is_itself(cells)):
        return None
    scale = max((sheet.cells[index].scale for index, _ in cells), default=FEN)
    left = right = 0
    for index, sign in cells:
        cell = sheet.cells[index]
        fen = cell.fen if cell.scale == scale else cell.fen * (scale // cell.scale)
        if sign > 0:
            left += fen
        else:
            right += fen
    blank = (
        not cells
        or (identity.whole_may_stand_alone and on_the_left == len(cells))
        or (not on_the_left and not right)  # nothing but printed zeros on one side
    )
    if blank != dormant or (dormant and identity.whole_may_stand_alone and all(sign > 0 for _, sign in blanks)):
        return None  # its parts cannot be printed at all
    status: Status = "not_applicable"
    if not blank and identity.relation in ("equal", "at_most"):
        status = linear_status(identity.at_most, left - right, [sheet.cells[index] for index, _ in cells], scale)
        left, right = left * FEN // scale, right * FEN // scale
    elif not blank:
        judged = holds(identity.relation, [sheet.cells[index] for index, _ in cells])
        if judged is None:
            return None
        (status, right), left = judged, left * FEN // scale
    measure = binding.measure or (identity.left[0].measures[0] if len(identity.left[0].measures) == 1 else "")
    statement = identity.left[0].statements[0]
    return Check(identity, statement, binding.subject, measure, tuple(cells), tuple(blanks), left, right, status)


def _is_itself(cells: Sequence[tuple[int, int]]) -> bool:
    """The same number on both sides: the first mention of an item compared with the first mention."""
    return len(cells) == 2 and cells[0][0] == cells[1][0]


def _gather(
    term: Term,
    sign: int,
    binding: _Binding,
    sheet: Sheet,
    cells: list[tuple[int, int]],
    blanks: list[tuple[Slot, int]],
) -> None:
    """Add the cells of a term, and the places of it that are blank."""
    measures = (binding.measure,) if term.measures == ("$measure",) else term.measures
    rows = binding.rows.get(term.items[0]) if len(term.items) == 1 else None
    if rows is not None:
        if term.upper_only:
            items = {row.item for row in rows}
            left_out = {part for upper, parts in term.upper_only if upper in items for part in parts}
            rows = [row for row in rows if row.item not in left_out]
        if term.among:
            rows = [row for row in rows if row.item in term.among or row.item.startswith(_UNKNOWN)]
        for statement in term.statements:
            for row in rows:
                for measure in measures:
                    place = (statement, row.order, row.item, measure)
                    index = sheet.in_row.get(place)
                    if index is not None:
                        cells.append((index, sign))
                    elif (statement, measure) in sheet.printed_columns:
                        blanks.append((place, sign))
        return
    for statement in term.statements:
        for item in _items(term, statement, binding, sheet):
            for measure in measures:
                indices: Sequence[int] = sheet.at.get((statement, item, measure), ())
                if not indices and term.or_parts:  # they stand for the blank: filling it would count them twice
                    indices = [i for part in term.or_parts for i in sheet.at.get((statement, part, measure), ())]
                if indices:
                    cells.extend((i, sign) for i in (indices[:1] if term.first else indices))
                elif (statement, measure) in sheet.printed_columns:
                    order = sheet.orders.get((statement, item), (0,))[0]
                    blanks.append(((statement, order, item, measure), sign))


def _items(term: Term, statement: str, binding: _Binding, sheet: Sheet) -> Iterable[str]:
    if not term.has_variable and not term.upper_only:
        return term.items
    left_out = {part for upper, parts in term.upper_only if sheet.printed_row(statement, upper) for part in parts}
    found: list[str] = []
    for item in term.items:
        if item == "$classes":
            found += sheet.codes.classes  # a line that is not printed is a blank
            found += (row.item for row in sheet.rows_of.get(statement, ()) if _extra_line(row))
        elif item.startswith("$"):
            found += binding.items[item]
        elif item not in left_out:
            found.append(item)
    return found


def _extra_line(row: Row) -> bool:
    """A spending line that is no 类 of the classification: it belongs to the sum all the same."""
    return row.item == "special_account_of_central_bank" or row.item.startswith("unrecognised_")

"""Identities as data → checks: every identity of `identities.yaml` evaluated on the printed cells of one body.

Pure and fast: amounts are whole fen (0.01 yuan), a cell is its index. The engine knows no statement; what belongs
together is said by the YAML alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

IDENTITIES = Path(__file__).with_name("identities.yaml")

Status = Literal["exact", "within_rounding", "broken", "not_applicable"]
Severity = Literal["hard", "soft"]
Slot = tuple[str, int, str, str]  # statement, row order (0 where the row is not printed), item, measure


class IdentityError(ValueError):
    """identities.yaml is wrong; the message names the identity."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed number: where it stands, its amount in fen, and half a unit of its last printed digit in fen."""

    slot: Slot
    fen: int
    half_digit: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row, blank or not."""

    statement: str
    order: int
    item: str
    subject_code: str | None


@dataclass(frozen=True, slots=True)
class Term:
    statements: tuple[str, ...]
    items: tuple[str, ...]
    measures: tuple[str, ...]
    or_parts: tuple[str, ...] = ()
    upper_only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    has_variable: bool = False


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

    def __init__(self, cells: Iterable[Cell], rows: Iterable[Row], columns: Mapping[str, tuple[str, ...]]) -> None:
        """``columns``: the measures of each statement that is not missing, in printed order."""
        self.columns = dict(columns)
        self.printed_columns = {(name, measure) for name, measures in columns.items() for measure in measures}
        self.rows = list(rows)
        self.rows_of: dict[str, list[Row]] = defaultdict(list)
        self.orders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in self.rows:
            self.rows_of[row.statement].append(row)
            self.orders[row.statement, row.item].append(row.order)
        self.codes = _codes(self)
        self._print(cells)

    def _print(self, cells: Iterable[Cell]) -> None:
        self.cells = list(cells)
        self.at: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.in_row: dict[Slot, int] = {}
        for index, cell in enumerate(self.cells):
            statement, _, item, measure = cell.slot
            self.at[statement, item, measure].append(index)
            self.in_row[cell.slot] = index

    def with_cells(self, cells: Iterable[Cell]) -> Sheet:
        """The same rows with other numbers in them."""
        other = copy(self)
        other._print(cells)
        return other

    def printed_row(self, statement: str, item: str) -> bool:
        return (statement, item) in self.orders

    def fen(self, statement: str, item: str, measure: str) -> int:
        return sum(self.cells[i].fen for i in self.at.get((statement, item, measure), ()))


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
    if unknown := set(raw) - {"in", "item", "measure", "or_parts", "upper_only"}:
        raise IdentityError(f"{where}: a term has unknown keys {sorted(unknown)}")
    upper = raw.get("upper_only", {})
    return Term(
        _tuple(raw["in"]),
        _tuple(raw["item"]),
        _tuple(raw["measure"]),
        tuple(raw.get("or_parts", ())),
        tuple((name, tuple(parts)) for name, parts in upper.items()),
        any(item.startswith("$") for item in _tuple(raw["item"])),
    )


_KEYS = {
    *("id", "says", "severity", "relation", "each", "of", "only", "if_printed", "if_any_printed", "unless_printed"),
    *("if_nil", "unless_nil_parts", "if_appropriations_only", "whole_may_stand_alone", "left", "right"),
}


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
        if unknown := set(raw) - _KEYS:
            raise IdentityError(f"{where}: unknown keys {sorted(unknown)}")
        found.append(
            Identity(
                id=str(raw["id"]),
                says=raw["says"],
                severity=raw.get("severity", "hard"),
                at_most=raw.get("relation") == "at_most",
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
                statements=frozenset(name for term in (*raw["left"], *raw["right"]) for name in _tuple(term["in"])),
            )
        )
    if len({identity.id for identity in found}) != len(found):
        raise IdentityError("two identities have the same id")
    return tuple(found)


@lru_cache(maxsize=1)
def load_identities() -> tuple[Identity, ...]:
    """The identities beside this module. Raises IdentityError."""
    return parse_identities(IDENTITIES.read_text("utf-8"))


# ── evaluation ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Binding:
    """Values of the variables of one repetition."""

    subject: str = ""
    measure: str = ""
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    row: Row | None = None
    children: Sequence[Row] = ()


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
                binding = _Binding(subject=item, items={"$row": (item,)}, row=Row(statement, 0, item, None))
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
    if not identity.statements <= sheet.columns.keys():
        return False
    if identity.appropriations_only and not appropriations_only:
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
    measures = [m for m in sheet.columns.get(identity.of or "", ()) if not identity.only or m in identity.only]
    if identity.each == "once":
        yield _Binding()
    elif identity.each == "measure":
        for measure in measures:
            yield _Binding(measure=measure)
    elif identity.each == "row":
        for row in sheet.rows_of.get(identity.of or "", ()):
            yield _Binding(subject=row.item, items={"$row": (row.item,)}, row=row)
    elif identity.each == "parent":
        for parent, children in codes.children.get(identity.of or "", {}).items():
            for measure in measures:
                yield _Binding(parent, measure, {"$parent": (parent,)}, children=children)
    elif identity.each == "class":
        for code in codes.classes:
            yield _Binding(code, items={"$class": (code,)})
    elif identity.each == "code":
        rows = (row for name in identity.statements for row in sheet.rows_of.get(name, ()))
        for code in sorted({row.item for row in rows if row.subject_code or row.item == "total"}):
            yield _Binding(code, items={"$code": (code,)})
    else:
        raise IdentityError(f"identity {identity.id}: each is {identity.each!r}")


def _check(identity: Identity, binding: _Binding, sheet: Sheet, *, dormant: bool = False) -> Check | None:
    """The check where it applies; with ``dormant`` where it does not."""
    cells: list[tuple[int, int]] = []
    blanks: list[tuple[Slot, int]] = []
    for term in identity.left:
        _gather(term, 1, binding, sheet, cells, blanks)
    on_the_left = len(cells)
    if dormant and on_the_left and not identity.whole_may_stand_alone:
        return None
    for term in identity.right:
        _gather(term, -1, binding, sheet, cells, blanks)
    left = right = 0
    for index, sign in cells:
        if sign > 0:
            left += sheet.cells[index].fen
        else:
            right += sheet.cells[index].fen
    blank = (
        not cells
        or (identity.whole_may_stand_alone and on_the_left == len(cells))
        or (not on_the_left and not right)  # nothing but printed zeros on one side
    )
    if blank != dormant or (dormant and identity.whole_may_stand_alone and all(sign > 0 for _, sign in blanks)):
        return None  # its parts cannot be printed at all
    status = "not_applicable" if blank else _status(identity, left - right, cells, sheet)
    measure = binding.measure or (identity.left[0].measures[0] if len(identity.left[0].measures) == 1 else "")
    statement = identity.left[0].statements[0]
    return Check(identity, statement, binding.subject, measure, tuple(cells), tuple(blanks), left, right, status)


def _status(identity: Identity, difference: int, cells: list[tuple[int, int]], sheet: Sheet) -> Status:
    if difference == 0 or (identity.at_most and difference < 0):
        return "exact"
    digits = [sheet.cells[index].half_digit for index, _ in cells]
    if len(digits) <= 2 and len(set(digits)) == 1 and not identity.at_most:
        return "broken"  # a copy in the same unit is equal to the last digit
    return "within_rounding" if abs(difference) <= sum(digits) else "broken"


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
    for statement in term.statements:
        if term.items == ("$children",) or (term.items == ("$row",) and binding.row is not None):
            for row in binding.children if binding.row is None else (binding.row,):
                for measure in measures:
                    place = (statement, row.order, row.item, measure)
                    index = sheet.in_row.get(place)
                    if index is None:
                        if (statement, measure) in sheet.printed_columns:
                            blanks.append((place, sign))
                    else:
                        cells.append((index, sign))
            continue
        for item in _items(term, statement, binding, sheet):
            for measure in measures:
                indices: Iterable[int] = sheet.at.get((statement, item, measure), ())
                if not indices and term.or_parts:  # they stand for the blank: filling it would count them twice
                    indices = [i for part in term.or_parts for i in sheet.at.get((statement, part, measure), ())]
                if indices:
                    cells.extend((i, sign) for i in indices)
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

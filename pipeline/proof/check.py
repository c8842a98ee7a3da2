"""One identity on one subject → a check: the cells that it adds up, the places of it that are blank, and its status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.proof.bindings import Binding
from pipeline.proof.identity import Identity, Term
from pipeline.proof.relations import FEN, Slot, Status, holds, linear_status
from pipeline.proof.rows import TOTAL, UNKNOWN, Row
from pipeline.proof.sheet import Sheet

HOLDS = ("exact", "within_rounding")


@dataclass(slots=True)
class Check:
    """One identity on one subject. ``cells``: (index, +1 left or -1 right); ``blanks``: its places without a number.

    A blank is a blank cell, a row that is not printed (order 0), or a column that is not printed.
    """

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


def check_of(identity: Identity, binding: Binding, sheet: Sheet, *, dormant: bool = False) -> Check | None:
    """The check where it applies; with ``dormant`` where it does not.

    Of several right sides the nearest, or one of ``or_holds`` where that one holds and they do not. A sum with parts
    that nobody knows counts only where it holds, with them or without.
    """
    known = [row for row in binding.rows.get("$children", ()) if not row.item.startswith(UNKNOWN)]
    if len(known) < len(binding.rows.get("$children", ())):
        without = replace(binding, rows={**binding.rows, "$children": known})
        found = [_nearest(identity, one, sheet, dormant) for one in (binding, without)]
        return next((check for check in found if check is not None and check.status in HOLDS), None)
    return _nearest(identity, binding, sheet, dormant)


def _nearest(identity: Identity, binding: Binding, sheet: Sheet, dormant: bool) -> Check | None:
    found: list[Check] = []
    for sides in ((identity.right, *identity.or_right), identity.or_holds):
        usable = [terms for terms in sides if all(name in sheet.columns for t in terms for name in t.statements)]
        checks = [_checked(identity, terms, binding, sheet, dormant) for terms in usable]
        if identity.needs != "nothing" or len(usable) > 1 or sides is identity.or_holds:
            # with what is not printed nothing is compared: neither a claim, nor one of several sides
            checks = [c for c in checks if c is not None and _is_printed(c, sheet)]
        found += [c for c in checks if c is not None and (sides is not identity.or_holds or c.status in HOLDS)]
        if any(check.status in HOLDS for check in found):
            break
    return min(found, key=lambda check: (check.status not in HOLDS, abs(check.difference)), default=None)


def _checked(
    identity: Identity, right_terms: tuple[Term, ...], binding: Binding, sheet: Sheet, dormant: bool
) -> Check | None:
    cells: list[tuple[int, int]] = []
    blanks: list[tuple[Slot, int]] = []
    filled = 0  # terms with a number
    for term in identity.left:
        before = len(cells)
        if not _gather(term, 1, binding, sheet, cells, blanks):
            return None
        filled += len(cells) > before
    on_the_left = len(cells)
    if identity.needs != "nothing" and filled < len(identity.left):
        return None
    if dormant and on_the_left and not identity.whole_may_stand_alone:
        return None
    blanks_of_left = len(blanks)
    for term in right_terms:
        before = len(cells)
        if not _gather(term, -1, binding, sheet, cells, blanks):
            return None
        filled += len(cells) > before
    for printed, empty in (
        (cells[:on_the_left], blanks[:blanks_of_left]),
        (cells[on_the_left:], blanks[blanks_of_left:]),
    ):
        if empty and not printed and not _has_column(empty, sheet):
            return None
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
    if blank != dormant:
        return None
    if dormant and identity.whole_may_stand_alone and not _has_column((b for b in blanks if b[1] < 0), sheet):
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


def _has_column(blanks: Iterable[tuple[Slot, int]], sheet: Sheet) -> bool:
    """Does one of these places stand in a printed column?"""
    return any((statement, measure) in sheet.printed_columns for (statement, _, _, measure), _ in blanks)


def _is_printed(check: Check, sheet: Sheet) -> bool:
    """Is something printed on the right, be it a blank cell of a printed row, or a list without a line?"""
    on_the_right = [slot for slot, sign in check.blanks if sign < 0]
    return (
        not on_the_right
        or any(sign < 0 for _, sign in check.cells)
        or any(order and (name, measure) in sheet.printed_columns for name, order, _, measure in on_the_right)
    )


def _is_itself(cells: Sequence[tuple[int, int]]) -> bool:
    """The same number on both sides: the first mention of an item compared with the first mention."""
    return len(cells) == 2 and cells[0][0] == cells[1][0]


def _gather(
    term: Term,
    sign: int,
    binding: Binding,
    sheet: Sheet,
    cells: list[tuple[int, int]],
    blanks: list[tuple[Slot, int]],
) -> bool:
    """Add the cells of a term, and the places of it without a number.

    False where a statement does not print as fine, or where one of the places could not be read.
    """
    measures = (binding.measure,) if term.measures == ("$measure",) else term.measures
    rows = binding.rows.get(term.items[0]) if len(term.items) == 1 else None
    if rows is not None:
        if term.upper_only:
            items = {row.item for row in rows}
            left_out = {part for upper, parts in term.upper_only if upper in items for part in parts}
            rows = [row for row in rows if row.item not in left_out]
        if term.among:
            rows = [row for row in rows if row.item in term.among or row.item.startswith(UNKNOWN)]
        for statement in term.statements:
            if term.items[0] == "$children" and sheet.lacks_rows(statement, measures):
                return False
            for row in rows:
                for measure in measures:
                    place = (statement, row.order, row.item, measure)
                    index = sheet.in_row.get(place)
                    if index is not None:
                        cells.append((index, sign))
                    elif sheet.is_unread(place):
                        return False
                    else:
                        blanks.append((place, sign))
        return True
    for statement in term.statements:
        instead = sheet.codes.instead.get(statement)
        if "$classes" in term.items and sheet.lacks_rows(statement, measures):
            return False
        for own in _items(term, statement, binding, sheet):
            parts = instead(own) if instead else None
            if parts == () and _lists_anything(statement, sheet):
                return False
            for item in parts or (own,):
                for measure in measures:
                    indices: Sequence[int] = sheet.at.get((statement, item, measure), ())
                    if not indices and term.or_parts:  # they stand for the blank: filling it would count them twice
                        indices = [i for part in term.or_parts for i in sheet.at.get((statement, part, measure), ())]
                    if indices:
                        cells.extend((i, sign) for i in (indices[:1] if term.first else indices))
                        continue
                    place = (statement, sheet.orders.get((statement, item), (0,))[0], item, measure)
                    if sheet.is_unread(place):
                        return False
                    blanks.append((place, sign))
    return True


def _lists_anything(statement: str, sheet: Sheet) -> bool:
    """Does it print a code, or at least a total that is not nil?"""
    return any(row.subject_code for row in sheet.rows_of[statement]) or any(
        sheet.fen(statement, TOTAL, measure) for measure in sheet.columns[statement]
    )


def _items(term: Term, statement: str, binding: Binding, sheet: Sheet) -> Iterable[str]:
    if not term.has_variable and not term.upper_only:
        return term.items
    left_out = {part for upper, parts in term.upper_only if sheet.printed_row(statement, upper) for part in parts}
    found: list[str] = []
    for item in term.items:
        if item == "$classes":
            found += sheet.codes.classes  # a line that is not printed is a blank
            found += (row.item for row in sheet.rows_of.get(statement, ()) if _extra_line(row))
            if statement in sheet.codes.open_classes:
                found.append("unprinted_line")
        elif item.startswith("$"):
            found += binding.items[item]
        elif item not in left_out:
            found.append(item)
    return found


def _extra_line(row: Row) -> bool:
    """A spending line that is no 类 of the classification: it belongs to the sum all the same."""
    return row.item == "special_account_of_central_bank" or row.item.startswith("unrecognised_")

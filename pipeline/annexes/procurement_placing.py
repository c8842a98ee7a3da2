"""Printed rows of 政府采购预算 → pieces: every text and number by the name of its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.annexes.header import Columns
from pipeline.annexes.procurement_pieces import Piece, is_shifted
from pipeline.annexes.procurement_rules import is_total_label
from pipeline.annexes.table import Opened, beside_header, number_cell, slipped, split_unit
from pipeline.documents.model import Severity
from pipeline.forms.form import Form
from pipeline.forms.printed import has_cjk, is_blank, parse_amount, squash
from pipeline.forms.printed_table import PrintedCell, PrintedRow

Say = Callable[[Severity, str, str, PrintedRow], None]  # makes an issue: severity, what, printed text, where

_CODE_AND_NAME = re.compile(r"([A-C]\d{2,})([^\dA-Za-z].*)")


def piece_of(row: PrintedRow, opened: Opened, form: Form, say: Say) -> Piece:
    """The row by its columns; ``shifted`` where its own texts say that it does not stand in them."""
    columns = opened.columns
    if row.ragged or row.odd:
        aligned = None if row.odd else _total_alone(row, columns, form)
        if aligned is None:
            numbers = any(parse_amount(cell.text) is not None for cell in row.cells)
            lost = numbers or row.odd
            return Piece(row, columns, shifted=True, lost=True) if lost else _placed(row, opened, say)
        row = aligned
    piece = _placed(row, opened, say)
    lost = beside_header(row, columns)
    return replace(piece, shifted=lost or is_shifted(piece, form), lost=lost)


def folded(row: PrintedRow, form: Form) -> PrintedRow:
    """The label of a total once, where a capture repeats it in every cell that its merged cell covers."""
    labels = [squash(cell.text) for cell in row.cells]
    again = next((n for n, label in enumerate(labels) if label != labels[0]), len(labels))
    if again < 2 or not is_total_label(labels[0], form):
        return row
    cells = [cell if not 0 < n < again else replace(cell, text="", other=()) for n, cell in enumerate(row.cells)]
    return replace(row, cells=cells)


def _total_alone(row: PrintedRow, columns: Columns, form: Form) -> PrintedRow | None:
    """A row of a total whose label covers columns without saying how many: its amounts stand at the right end."""
    amount, count = columns.of("amount"), len(row.spans)
    cells = row.cells[:count]
    label = squash(cells[0].text)
    if amount is None or not is_total_label(label, form) or columns.spans_known:
        return None
    gap = columns.width - count
    spread = [cells[0], *([PrintedCell("")] * gap), *cells[1:]]
    if is_blank(spread[amount].text) or any(squash(cell.text) for cell in spread[1:amount]):
        return None
    return replace(row, cells=spread, ragged=False)


def _placed(row: PrintedRow, opened: Opened, say: Say) -> Piece:
    columns = opened.columns
    piece = Piece(row, columns)
    begun = {c for start, width in row.spans for c in range(start, start + width)}
    merged: set[str] = set()
    for c, role in columns.roles.items():
        cell = row.cells[c]
        if columns.spans_known and c not in begun:
            merged.add(role.name)
        if role.kind == "text":
            if squash(cell.text):
                piece.texts[role.name] = cell.text
            continue
        if slipped(cell, c, columns):
            what = "the end of a header stands in a cell below it; it is left out"
            say("info", what, cell.text, row)
        if (found := number_cell(cell, c, opened)) is not None:
            piece.numbers[role.name] = found
    piece.merged = frozenset(merged)
    if columns.of("project") is None:  # its header cannot be read; a total is known by its label all the same
        free = (cell.text for c, cell in enumerate(row.cells) if c not in columns.roles and has_cjk(cell.text))
        if (text := next(free, None)) is not None:
            piece.texts["project"] = text
    _part_cells(piece, say)
    return piece


def _part_cells(piece: Piece, say: Say) -> None:
    """What two columns print in one cell: 20台, A02029900其他办公设备, a unit that is no word."""
    quantity = piece.numbers.get("quantity")
    if quantity is not None and "unit" not in piece.texts and (parts := split_unit(quantity)) is not None:
        piece.numbers["quantity"], piece.texts["unit"] = parts
    if "item" not in piece.texts and (match := _CODE_AND_NAME.fullmatch(squash(piece.texts.get("code", "")))):
        piece.texts["code"], piece.texts["item"] = match.groups()
    unit = squash(piece.texts.get("unit", ""))
    if unit and not any(letter.isalnum() for letter in unit):
        if not is_blank(unit):
            say("info", "a cell for the unit of a quantity holds no word", unit, piece.row)
        del piece.texts["unit"]

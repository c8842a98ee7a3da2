"""Pieces of 政府采购预算 → rows: which piece is the rest of which, where a page break or a capture cut a row off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.annexes.procurement_pieces import Piece, is_shifted, is_text_of_line, proven
from pipeline.annexes.procurement_placing import Say
from pipeline.annexes.procurement_rules import is_total_label, procurement_rules
from pipeline.annexes.table import Opened, joined_cell, places_of
from pipeline.forms.form import Form
from pipeline.forms.printed import decimals, parse_amount, squash
from pipeline.forms.printed_table import PrintedCell


class Joiner:
    """Joins the pieces of one annex; ``opened``: its tables, whose amounts say how many decimals a number has."""

    def __init__(self, opened: Sequence[Opened], form: Form, say: Say) -> None:
        self.opened, self.form, self.say = opened, form, say

    def joined(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The rows; a piece that a page break or a capture cut off is joined to its other half."""
        rows: list[Piece] = []
        head: Piece | None = None  # text alone, whose row comes below
        for piece in pieces:
            before = rows[-1] if rows else None
            if head is not None:
                piece, head = self._join(head, piece), None
                rows.append(piece)
            elif before is not None and self._goes_on(before, piece):
                rows[-1] = self._join(before, piece)
            elif self._is_head(before, piece):
                head = piece
            else:
                rows.append(piece)
        return [*rows, head] if head is not None else rows

    def is_half(self, first: Piece | None, second: Piece | None) -> bool:
        """Are these two halves of one row, which stands in its columns?"""
        if first is None or second is None or first.lost or second.lost or not self._goes_on(first, second):
            return False
        return not is_shifted(self._both(first, second), self.form)

    def _goes_on(self, before: Piece, piece: Piece) -> bool:
        """Is the piece the rest of the row before?"""
        if before.code and piece.code[:1].isalpha():
            return False  # each has the beginning of a code
        cut = before.closes and piece.opens
        if cut and piece.numbers and before.numbers and self._is_rest(before, piece):
            return True
        if piece.numbers:
            torn = cut or not piece.columns.spans_known
            return (torn and _ends_numbers(before, piece)) or (cut and is_text_of_line(before, self.form))
        if (cut or not piece.columns.spans_known) and self._completes_total(before, piece):
            return True
        if not is_text_of_line(piece, self.form) or before.kind(self.form) != "line":
            return False
        return cut or not (piece.columns.spans_known or piece.closes)  # ruled rows are rows

    def _is_rest(self, before: Piece, piece: Piece) -> bool:
        """Below a page break: is a piece with numbers no row by itself, but the end of the one before?"""
        both = before.numbers.keys() & piece.numbers.keys()
        joined = {name: joined_cell(before.numbers[name], piece.numbers[name]) for name in both}
        if any(cell is None for cell in joined.values()):
            return False  # two numbers each: two rows
        if not piece.texts or self._completes_total(before, piece):
            return True
        if not piece.texts.keys() <= before.texts.keys():
            return False
        if any(parse_amount(piece.numbers[name].text) is None for name in both):
            return True
        code = squash(before.code + piece.code)
        if before.code and piece.code:
            return len(code) > len(before.code) and procurement_rules().code.fullmatch(code) is not None
        return bool(both) and self._unproven(before, piece) == frozenset()

    def _completes_total(self, before: Piece, piece: Piece) -> bool:
        """Do both make up the label of a total, which the one before is not yet (…办公室 / 小计, …小 / 计)?"""
        if set(piece.texts) != set(before.texts) or is_total_label(before.label, self.form):
            return False
        texts = {name: text + piece.texts[name] for name, text in before.texts.items()}
        joined = Piece(before.row, before.columns, texts)
        return joined.kind(self.form) != "line" and is_total_label(joined.label, self.form)

    def _unproven(self, first: Piece, second: Piece) -> frozenset[str]:
        """The columns whose number both halves of a row print, where nothing says that two such are one number."""
        both = first.numbers.keys() & second.numbers.keys()
        cells = {name: joined_cell(first.numbers[name], second.numbers[name]) for name in both}
        joined = {**first.numbers, **second.numbers, **{name: cell for name, cell in cells.items() if cell is not None}}
        right, wrong = proven(joined)
        open_ = {name for name, cell in cells.items() if cell is None}
        sure = bool((right - proven(first.numbers)[0]) & both) or first.code + second.code not in (
            first.code,
            second.code,
        )
        for name, cell in cells.items():
            above, below, places = first.numbers[name].text, second.numbers[name].text, self._places(name)
            sure |= parse_amount(above) is None or parse_amount(below) is None
            sure |= cell is not None and bool(places) and decimals(above) != places == decimals(cell.text)
        return frozenset(open_ | (both & wrong if sure else both))

    def _places(self, name: str) -> int | None:
        """The decimals of the amounts in this column, or else in all of money; those beside page breaks aside."""
        cells: dict[str, list[PrintedCell]] = {}
        for opened in self.opened:
            for row in opened.rows[1:-1]:
                for c in opened.columns.of_kind("money"):
                    cells.setdefault(opened.columns.roles[c].name, []).append(row.cells[c])
        own = places_of(cells.get(name, ()))
        every = places_of(cell for column in cells.values() for cell in column)
        return None if name == "quantity" else own if own is not None else every

    def _is_head(self, before: Piece | None, piece: Piece) -> bool:
        """Text alone that is no row by itself: its amounts come on the next page, or it stands below a total."""
        if not is_text_of_line(piece, self.form):
            return False
        below_total = before is None or before.kind(self.form) != "line"
        return piece.closes or (below_total and not piece.columns.spans_known)

    def _join(self, first: Piece, second: Piece) -> Piece:
        joined = self._both(first, second)
        for name in sorted(joined.torn - first.torn - second.torn):
            what = "a number stands in two halves beside a page break, and nothing says that they are one"
            self.say("error", what, f"{first.numbers[name].text} {second.numbers[name].text}", second.row)
        cut = first.closes and second.opens
        what = (
            "a row is cut by a page break; its halves are joined"
            if cut
            else "a piece of text stands in a row of its own; it is joined to its neighbour"
        )
        self.say("info" if cut else "warning", what, " ".join(second.row.filled), second.row)
        return joined

    def _both(self, first: Piece, second: Piece) -> Piece:
        texts = dict(first.texts)
        for name, text in second.texts.items():
            texts[name] = f"{texts[name]}\n{text}" if name in texts else text
        in_halves = first.closes and second.opens and not _ends_numbers(first, second)
        numbers = dict(first.numbers)
        for name, cell in second.numbers.items():
            above = numbers.get(name)
            apart = replace(cell, text=f"{above.text} {cell.text}") if above is not None else cell
            numbers[name] = (joined_cell(above, cell) or apart) if above is not None and in_halves else apart
        unproven = self._unproven(first, second) if in_halves else frozenset()
        main = first if first.numbers or not second.numbers else second
        merged, torn = first.merged & second.merged, first.torn | second.torn | unproven
        return replace(main, texts=texts, numbers=numbers, merged=merged, closes=second.closes, torn=torn)


def _ends_numbers(before: Piece, piece: Piece) -> bool:
    """Are these nothing but the last digits of the numbers above (3727.0 / 0)?"""
    for name, cell in piece.numbers.items():
        above = before.numbers.get(name)
        if above is None or not squash(cell.text).isdigit() or "." not in above.text:
            return False
        if decimals(above.text) + len(squash(cell.text)) > 2:
            return False
    return True

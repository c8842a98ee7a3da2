"""政府采购预算表 → its lines and figures: the total, the units' subtotals (小计), and what is to be bought.

Amounts are in the unit of the annex (measured: 万元, the unit price too: price × quantity is the amount), quantities
plain numbers. 预算资金 is the money of the whole project, repeated on each of its lines: it is never to be summed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.annexes.catalogue import item_code, lookup, names_agree, plain_code
from pipeline.annexes.find import Annex
from pipeline.annexes.header import Columns, load_layout
from pipeline.annexes.model import AnnexRead, ProcurementLine
from pipeline.annexes.procurement_joining import Joiner
from pipeline.annexes.procurement_pieces import Piece, is_text_of_line, proven, unit_of
from pipeline.annexes.procurement_placing import folded, piece_of
from pipeline.annexes.procurement_rules import LAYOUT, is_total_label, procurement_rules
from pipeline.annexes.table import SHIFTED, AnnexReader, Number, Opened, printed_text
from pipeline.forms.disclosure import RowRead
from pipeline.forms.form import Form
from pipeline.forms.printed import is_blank, parse_amount, parse_ordinal, squash
from pipeline.forms.printed_table import PrintedCell, PrintedRow, PrintedTable


def read_procurement(
    annexes: Sequence[Annex], form: Form, fiscal_year: int, common_unit: str | None
) -> tuple[tuple[ProcurementLine, ...], AnnexRead]:
    """The rows of 政府采购预算 and their figures; ``common_unit``: the unit of every statement, if none is printed."""
    reader = _Reader(annexes, form, fiscal_year, common_unit)
    reader.read()
    return tuple(reader.lines), reader.result(reader.with_numbers)


class _Reader(AnnexReader):
    def __init__(self, annexes: Sequence[Annex], form: Form, fiscal_year: int, common_unit: str | None) -> None:
        super().__init__(annexes, form, load_layout(LAYOUT), common_unit)
        self.fiscal_year = fiscal_year
        self.lines: list[ProcurementLine] = []
        self.with_numbers = 0
        self.opened = [opened for opened in self.opened if self._fits(opened)]
        self.joiner = Joiner(self.opened, form, self.issue)

    def widened(self, rows: Sequence[PrintedRow], table: PrintedTable, before: Columns) -> list[PrintedRow]:
        """Rows of totals alone on their page: the cell of their label covers all the columns before the amounts."""
        amount, gap = before.of("amount"), before.width - table.column_count
        if amount != gap + 1 or not all(is_total_label(squash(row.cells[0].text), self.form) for row in rows):
            return []
        blank = [PrintedCell("")] * gap
        cells = [[row.cells[0], *blank, *row.cells[1:]] for row in rows]
        spans = [(0, gap + 1), *((c, 1) for c in range(gap + 1, before.width))]
        return [replace(row, cells=found, spans=spans) for row, found in zip(rows, cells, strict=True)]

    def _fits(self, opened: Opened) -> bool:
        """Do the codes stand below their header? Else it is not the header of these columns."""
        place = opened.columns.of("code")
        rows = [row for row in opened.rows if not (row.ragged or row.odd)]
        found = {c for row in rows for c, cell in enumerate(row.cells) if len(plain_code(cell.text)) >= 5}
        if place is None or not found or place in found:
            return True
        what = "the header of a table does not stand above its columns; the table is not loaded"
        self.issue("error", what, " ".join(rows[0].filled), rows[0])
        return False

    def read(self) -> None:
        rows = self.joiner.joined(list(self._pieces()))
        kinds = self._kinds(rows)
        groups = _groups_of(kinds)
        counts = {"group": 0, "line": 0, "total": 0}
        above: dict[str, str] = {}
        names = {n: unit_of(piece) for n, (piece, kind) in enumerate(zip(rows, kinds, strict=True)) if kind == "group"}
        for n, (piece, kind) in enumerate(zip(rows, kinds, strict=True)):
            counts[kind] += 1
            group = groups[n]
            if kind == "line":
                _inherit(piece, above)
                above = dict(piece.texts)
            else:
                above = {}
            item = f"{kind}_{counts[kind]}" if kind != "total" else "total"
            parent = None if kind == "total" else "total"
            if kind == "line" and group is not None:
                parent = f"group_{1 + sum(1 for k in kinds[:group] if k == 'group')}"
            self._row(piece, n + 1, kind, item, parent, names.get(n if group is None else group))

    # ── printed rows → pieces ───────────────────────────────────────────────────────────────────────────────────

    def _pieces(self) -> Iterator[Piece]:
        """The rows that stand in their columns; of two halves of a row it is both together that must."""
        pieces = list(self._every_piece())
        refused = False
        for n, piece in enumerate(pieces):
            above = pieces[n - 1] if n and pieces[n - 1].closes and piece.opens else None
            below = pieces[n + 1] if piece.closes and n + 1 < len(pieces) and pieces[n + 1].opens else None
            whole = not piece.shifted or self.joiner.is_half(above, piece) or self.joiner.is_half(piece, below)
            orphan = refused and above is not None and is_text_of_line(piece, self.form)
            refused = not whole
            if whole and not orphan:
                yield piece
                continue
            self.issue("error", SHIFTED, " ".join(piece.row.filled), piece.row)
            self.with_numbers += 1

    def _every_piece(self) -> Iterator[Piece]:
        for k, opened in enumerate(self.opened):
            followed = any(later.rows for later in self.opened[k + 1 :])
            last = len(opened.rows) - 1 if followed else -1
            for n, row in enumerate(opened.rows):
                piece = piece_of(folded(row, self.form), opened, self.form, self.issue)
                if piece.shifted or piece.texts or piece.numbers:
                    yield replace(piece, opens=n == 0, closes=n == last)

    # ── pieces → rows ───────────────────────────────────────────────────────────────────────────────────────────

    def _kinds(self, rows: Sequence[Piece]) -> list[str]:
        kinds = [piece.kind(self.form) for piece in rows]
        totals = [piece for piece, kind in zip(rows, kinds, strict=True) if kind == "total"]
        for again in totals[1:]:
            what = "two rows of the statement are the same line; both are loaded"
            self.issue("warning", what, again.label, again.row)
        if len(totals) == 1 and (named := _subtotals_by_sum(rows, kinds)):
            kinds = ["group" if n in named else kind for n, kind in enumerate(kinds)]
        return kinds

    # ── rows → lines and figures ────────────────────────────────────────────────────────────────────────────────

    def _row(self, piece: Piece, order: int, kind: str, item: str, parent: str | None, group: str | None) -> None:
        row = piece.row
        texts = {name: printed_text(text) for name, text in piece.texts.items()}
        code = self._code(piece) if kind == "line" else None
        name = texts.get("item") if kind == "line" else None
        label = (name or texts.get("project") or "") if kind == "line" else piece.printed_label
        number = parse_ordinal(piece.texts.get("ordinal", "")) or order
        read = RowRead(1, self.layout.annex, order, number, label, item, None, row.page, row.locator, parent)
        numbers = self._numbers(piece)
        self.with_numbers += bool(piece.numbers)
        if piece.numbers and not texts:
            self.issue("warning", "a row of amounts has no label and no name", " ".join(row.filled), row)
        values = self.add(read, numbers, code, texts.get("unit") or "")
        self.lines.append(
            ProcurementLine(
                row_order=order,
                kind="total" if kind == "total" else "group" if kind == "group" else "line",
                group_name=(texts.get("unit_name") if kind == "line" else None) or group,
                project_name=texts.get("project") if kind == "line" else None,
                item_name=name,
                catalogue_code=code,
                unit=texts.get("unit") if kind == "line" else None,
                quantity=values.get("quantity"),
                unit_price_yuan=values.get("unit_price"),
                amount_yuan=values.get("amount"),
                general_public_yuan=values.get("general_public"),
                sme_reserved_yuan=values.get("sme_reserved"),
                project_funds_yuan=values.get("project_funds"),
                page=row.page,
                locator=row.locator,
            )
        )
        self._compare_name(name, code, row)

    def _numbers(self, piece: Piece) -> list[Number]:
        """Every number of the row that can be placed, by column."""
        roles, known = piece.columns.roles, piece.numbers.keys() - piece.torn
        cells = {c: piece.numbers[role.name] for c, role in roles.items() if role.name in known}
        self._whole_quantity(cells, piece)
        found = self.numbers(cells, piece.row, piece.columns)
        if (doubtful := _moved(found, piece.columns)) is None:
            return found
        what = "an amount stands in a column that the sum of its row leaves no room for; it is not loaded"
        self.issue("error", what, doubtful.cell.text, piece.row)
        return [number for number in found if number is not doubtful]

    def _whole_quantity(self, cells: dict[int, PrintedCell], piece: Piece) -> None:
        """Digits on several lines are one quantity where it times the price is the amount."""
        at = piece.columns.of("quantity")
        if at is None or at not in cells or len(pieces := cells[at].text.split()) < 2:
            return
        whole = replace(cells[at], text="".join(pieces))
        if "quantity" in proven(piece.numbers | {"quantity": whole})[0]:
            self.issue("info", "a number is printed in pieces; they are joined", cells[at].text, piece.row)
            cells[at] = whole

    def _code(self, piece: Piece) -> str | None:
        code = squash(piece.texts.get("code", ""))
        if not code or is_blank(code):
            return None
        if not procurement_rules().code.fullmatch(code.upper()):
            self.issue("warning", "a catalogue code is not well formed; it is kept as printed", code, piece.row)
        elif lookup(code, self.fiscal_year)[1] == "unresolved" and _edition_is_known(self.fiscal_year):
            what = "a catalogue code is not in the edition of its year"
            self.issue("info", what, code, piece.row)
        return code

    def _compare_name(self, name: str | None, code: str | None, row: PrintedRow) -> None:
        if name and code and not names_agree(name, code, self.fiscal_year):
            official, _ = lookup(code, self.fiscal_year)
            what = "the catalogue has another name for the code of an item"
            self.issue("warning", what, f"{code} {name} ({official})", row)


def _edition_is_known(fiscal_year: int) -> bool:
    """Are the items of the year's edition at hand?"""
    return item_code("A", fiscal_year) is not None


def _inherit(piece: Piece, above: Mapping[str, str]) -> None:
    """A cell that reaches down over several rows counts in each of them (only where cells are known to)."""
    for name in ("unit_name", "project", "item"):
        if name in piece.merged and name in above:
            piece.texts.setdefault(name, above[name])


def _groups_of(kinds: Sequence[str]) -> list[int | None]:
    """For each row the position of the subtotal that it stands under: the one above, or the one below where the
    subtotals end their groups (a line comes before the first of them, and the last row is one)."""
    last = next((kind for kind in reversed(kinds) if kind != "total"), None)
    first = next((kind for kind in kinds if kind != "total"), None)
    closing = first == "line" and last == "group"
    found: list[int | None] = [None] * len(kinds)
    group: int | None = None
    for n in range(len(kinds) - 1, -1, -1) if closing else range(len(kinds)):
        group = n if kinds[n] == "group" else group
        found[n] = group if kinds[n] == "line" else None
    return found


def _subtotals_by_sum(rows: Sequence[Piece], kinds: Sequence[str]) -> set[int]:
    """The rows that name a unit and nothing to buy, where the total is the sum of the other lines: then they are
    subtotals without the word 小计."""

    def total_of(wanted: str, but: Collection[int] = ()) -> Decimal:
        cells = [row.numbers.get("amount") for n, row in enumerate(rows) if kinds[n] == wanted and n not in but]
        return sum((parse_amount(cell.text) or Decimal(0) for cell in cells if cell is not None), Decimal(0))

    bare = {n for n, row in enumerate(rows) if kinds[n] == "line" and row.is_bare}
    total = total_of("total")
    return bare if bare and total and total_of("line", bare) == total else set()


def _moved(found: Sequence[Number], columns: Columns) -> Number | None:
    """In a capture that may have lost a tab: the last fund of a row, if the amount is the sum of the others, and the
    column on its right, which no sum counts, is blank."""
    amounts = {number.role.name: number.amount for number in found}
    funds = [number for number in found if number.role.name in procurement_rules().funds]
    if columns.spans_known or len(funds) < 2 or "amount" not in amounts or "sme_reserved" in amounts:
        return None
    last = funds[-1]
    beside = columns.roles.get(last.column + 1)
    if beside is None or beside.name != "sme_reserved" or not last.amount:
        return None
    return last if sum(number.amount for number in funds[:-1]) == amounts["amount"] else None

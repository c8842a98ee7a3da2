"""政府采购预算表 → its lines and figures: the total, the units' subtotals (小计), and what is to be bought.

Amounts are in the unit of the annex (measured: 万元, the unit price too: price × quantity is the amount), quantities
plain numbers. 预算资金 is the money of the whole project, repeated on each of its lines: it is never to be summed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pipeline.annexes.catalogue import item_code, lookup, names_agree, plain_code
from pipeline.annexes.find import Annex
from pipeline.annexes.header import Columns, load_layout
from pipeline.annexes.model import AnnexRead, ProcurementLine
from pipeline.annexes.table import (
    SHIFTED,
    AnnexReader,
    Number,
    Opened,
    beside_header,
    joined_cell,
    number_cell,
    places_of,
    printed_text,
    slipped,
    split_unit,
)
from pipeline.forms.disclosure import RowRead
from pipeline.forms.form import Form
from pipeline.forms.printed import decimals, has_cjk, is_blank, parse_amount, parse_ordinal, squash
from pipeline.forms.printed_table import PrintedCell, PrintedRow, PrintedTable
from pipeline.forms.rows import ends_in_amount

LAYOUT = Path(__file__).with_name("procurement.yaml")

_CODE_AND_NAME = re.compile(r"([A-C]\d{2,})([^\dA-Za-z].*)")
_HALF_CENT = Decimal("0.005")
_LABELS = ("unit_name", "project", "item", "code", "unit")


@dataclass(frozen=True, slots=True)
class _Rules:
    """What procurement.yaml says of rows."""

    group_rows: tuple[re.Pattern[str], ...]
    damaged_group_rows: tuple[re.Pattern[str], ...]
    code: re.Pattern[str]
    before_amount: tuple[str, ...]
    funds: tuple[str, ...]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = load_layout(LAYOUT).data
    return _Rules(
        tuple(re.compile(pattern) for pattern in data["group_rows"]),
        tuple(re.compile(pattern) for pattern in data["damaged_group_rows"]),
        re.compile(data["code"]),
        tuple(data["before_amount"]),
        tuple(data["funds"]),
    )


@dataclass(slots=True)
class _Piece:
    """A printed row, or a part of one that a page break or a capture cut off; texts and cells by column name."""

    row: PrintedRow
    columns: Columns
    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, PrintedCell] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()  # columns that a cell of a row above reaches down into
    opens: bool = False  # the first row of its table
    closes: bool = False  # the last row of its table, and another table follows
    shifted: bool = False  # its texts say that it does not stand in these columns
    lost: bool = False  # so does its number of cells
    torn: frozenset[str] = frozenset()  # columns whose number may be half of one: not loaded

    @property
    def code(self) -> str:
        return squash(self.texts.get("code", "")).upper()

    @property
    def label(self) -> str:
        """The first text of the row: what the rows of totals are called."""
        return next((squash(text) for name in _LABELS if (text := self.texts.get(name))), "")

    def kind(self, form: Form) -> str:
        """total, group or line; by a label with an unreadable letter only where the row prints amounts and no count."""
        if sum(1 for name in ("unit_name", "project", "item", "code") if self.texts.get(name)) != 1:
            return "line"
        if self.label in form.total_labels:
            return "total"
        if any(pattern.fullmatch(self.label) for pattern in _rules().group_rows):
            return "group"
        if "amount" in self.numbers and not any(name in self.numbers for name in _rules().before_amount):
            readable = "".join(letter for letter in self.label if has_cjk(letter))
            if readable and len(self.label) <= 3 and any(readable in label for label in form.total_labels):
                return "total"
            if any(pattern.fullmatch(self.label) for pattern in _rules().damaged_group_rows):
                return "group"
        return "line"


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

    def widened(self, rows: Sequence[PrintedRow], table: PrintedTable, before: Columns) -> list[PrintedRow]:
        """Rows of totals alone on their page: the cell of their label covers all the columns before the amounts."""
        amount, gap = before.of("amount"), before.width - table.column_count
        if amount != gap + 1 or not all(self._is_total_label(squash(row.cells[0].text)) for row in rows):
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
        rows = self._joined(list(self._pieces()))
        kinds = self._kinds(rows)
        groups = _groups_of(kinds)
        counts = {"group": 0, "line": 0, "total": 0}
        above: dict[str, str] = {}
        names: dict[int, str | None] = {}
        for n, (piece, kind) in enumerate(zip(rows, kinds, strict=True)):
            if kind == "group":
                names[n] = _unit_of(piece)
        for n, (piece, kind) in enumerate(zip(rows, kinds, strict=True)):
            counts[kind] += 1
            group = groups[n]
            if kind == "line":
                self._inherit(piece, above)
                above = dict(piece.texts)
            else:
                above = {}
            item = f"{kind}_{counts[kind]}" if kind != "total" else "total"
            parent = None if kind == "total" else "total"
            if kind == "line" and group is not None:
                parent = f"group_{1 + sum(1 for k in kinds[:group] if k == 'group')}"
            self._row(piece, n + 1, kind, item, parent, names.get(n if group is None else group))

    # ── printed rows → pieces ───────────────────────────────────────────────────────────────────────────────────

    def _pieces(self) -> Iterator[_Piece]:
        """The rows that stand in their columns; of two halves of a row it is both together that must."""
        pieces = list(self._every_piece())
        refused = False
        for n, piece in enumerate(pieces):
            above = pieces[n - 1] if n and pieces[n - 1].closes and piece.opens else None
            below = pieces[n + 1] if piece.closes and n + 1 < len(pieces) and pieces[n + 1].opens else None
            whole = not piece.shifted or self._is_half(above, piece) or self._is_half(piece, below)
            orphan = refused and above is not None and self._is_text_of_line(piece)
            refused = not whole
            if whole and not orphan:
                yield piece
                continue
            self.issue("error", SHIFTED, " ".join(piece.row.filled), piece.row)
            self.with_numbers += 1

    def _every_piece(self) -> Iterator[_Piece]:
        for k, opened in enumerate(self.opened):
            followed = any(later.rows for later in self.opened[k + 1 :])
            last = len(opened.rows) - 1 if followed else -1
            for n, row in enumerate(opened.rows):
                piece = self._piece(self._folded(row), opened)
                if piece.shifted or piece.texts or piece.numbers:
                    yield replace(piece, opens=n == 0, closes=n == last)

    def _is_half(self, first: _Piece | None, second: _Piece | None) -> bool:
        if first is None or second is None or first.lost or second.lost or not self._goes_on(first, second):
            return False
        return not self._shifted(self._both(first, second))

    def _piece(self, row: PrintedRow, opened: Opened) -> _Piece:
        """The row by its columns; ``shifted`` where its own texts say that it does not stand in them."""
        columns = opened.columns
        if row.ragged or row.odd:
            aligned = None if row.odd else self._total_alone(row, columns)
            if aligned is None:
                numbers = any(parse_amount(cell.text) is not None for cell in row.cells)
                lost = numbers or row.odd
                return _Piece(row, columns, shifted=True, lost=True) if lost else self._placed(row, opened)
            row = aligned
        piece = self._placed(row, opened)
        lost = beside_header(row, columns)
        return replace(piece, shifted=lost or self._shifted(piece), lost=lost)

    def _folded(self, row: PrintedRow) -> PrintedRow:
        """The label of a total once, where a capture repeats it in every cell that its merged cell covers."""
        labels = [squash(cell.text) for cell in row.cells]
        again = next((n for n, label in enumerate(labels) if label != labels[0]), len(labels))
        if again < 2 or not self._is_total_label(labels[0]):
            return row
        cells = [cell if not 0 < n < again else replace(cell, text="", other=()) for n, cell in enumerate(row.cells)]
        return replace(row, cells=cells)

    def _is_total_label(self, label: str) -> bool:
        return label in self.form.total_labels or any(p.fullmatch(label) for p in _rules().group_rows)

    def _total_alone(self, row: PrintedRow, columns: Columns) -> PrintedRow | None:
        """A row of a total whose label covers columns without saying how many: its amounts stand at the right end."""
        amount, count = columns.of("amount"), len(row.spans)
        cells = row.cells[:count]
        label = squash(cells[0].text)
        if amount is None or not self._is_total_label(label) or columns.spans_known:
            return None
        gap = columns.width - count
        spread = [cells[0], *([PrintedCell("")] * gap), *cells[1:]]
        if is_blank(spread[amount].text) or any(squash(cell.text) for cell in spread[1:amount]):
            return None
        return replace(row, cells=spread, ragged=False)

    def _placed(self, row: PrintedRow, opened: Opened) -> _Piece:
        columns = opened.columns
        piece = _Piece(row, columns)
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
                self.issue("info", what, cell.text, row)
            if (found := number_cell(cell, c, opened)) is not None:
                piece.numbers[role.name] = found
        piece.merged = frozenset(merged)
        if columns.of("project") is None:  # its header cannot be read; a total is known by its label all the same
            free = (cell.text for c, cell in enumerate(row.cells) if c not in columns.roles and has_cjk(cell.text))
            if (text := next(free, None)) is not None:
                piece.texts["project"] = text
        self._part_cells(piece)
        return piece

    def _part_cells(self, piece: _Piece) -> None:
        """What two columns print in one cell: 20台, A02029900其他办公设备, a unit that is no word."""
        quantity = piece.numbers.get("quantity")
        if quantity is not None and "unit" not in piece.texts and (parts := split_unit(quantity)) is not None:
            piece.numbers["quantity"], piece.texts["unit"] = parts
        if "item" not in piece.texts and (match := _CODE_AND_NAME.fullmatch(squash(piece.texts.get("code", "")))):
            piece.texts["code"], piece.texts["item"] = match.groups()
        unit = squash(piece.texts.get("unit", ""))
        if unit and not any(letter.isalnum() for letter in unit):
            if not is_blank(unit):
                self.issue("info", "a cell for the unit of a quantity holds no word", unit, piece.row)
            del piece.texts["unit"]

    def _shifted(self, piece: _Piece) -> bool:
        texts, numbers, rules = piece.texts, piece.numbers, _rules()
        if not numbers:
            return False
        if piece.kind(self.form) != "line":
            return any(name in numbers for name in rules.before_amount) or self._lacks_amount(piece)
        if any(parse_amount(texts.get(name, "")) is not None for name in ("project", "item", "unit", "code")):
            return True
        if any(plain_code(texts.get(name)) for name in ("project", "item", "unit") if len(texts.get(name, "")) > 2):
            return True
        if has_cjk(texts.get("code", "")) or any(ends_in_amount(texts.get(name, "")) for name in ("project", "item")):
            return True
        if any(has_cjk(cell.text) for cell in numbers.values()):
            return True
        counts = [numbers[name] for name in ("quantity", "unit_price", "amount") if name in numbers]
        if len(counts) == 3 and [decimals(cell.text) for cell in counts] == [2, 0, 2]:
            return True  # money and a count in each other's place
        funds = [name for name in rules.funds if name in numbers]
        return bool(funds) and self._lacks_amount(piece) and "code" in texts

    def _lacks_amount(self, piece: _Piece) -> bool:
        return piece.columns.of("amount") is not None and "amount" not in piece.numbers

    # ── pieces → rows ───────────────────────────────────────────────────────────────────────────────────────────

    def _joined(self, pieces: list[_Piece]) -> list[_Piece]:
        """The rows; a piece that a page break or a capture cut off is joined to its other half."""
        rows: list[_Piece] = []
        head: _Piece | None = None  # text alone, whose row comes below
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

    def _goes_on(self, before: _Piece, piece: _Piece) -> bool:
        """Is the piece the rest of the row before?"""
        if before.code and piece.code[:1].isalpha():
            return False  # each has the beginning of a code
        cut = before.closes and piece.opens
        if cut and piece.numbers and before.numbers and self._is_rest(before, piece):
            return True
        if piece.numbers:
            torn = cut or not piece.columns.spans_known
            return (torn and _ends_numbers(before, piece)) or (cut and self._is_text_of_line(before))
        if (cut or not piece.columns.spans_known) and self._completes_total(before, piece):
            return True
        if not self._is_text_of_line(piece) or before.kind(self.form) != "line":
            return False
        return cut or not (piece.columns.spans_known or piece.closes)  # ruled rows are rows

    def _is_rest(self, before: _Piece, piece: _Piece) -> bool:
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
            return len(code) > len(before.code) and _rules().code.fullmatch(code) is not None
        return bool(both) and self._unproven(before, piece) == frozenset()

    def _completes_total(self, before: _Piece, piece: _Piece) -> bool:
        """Do both make up the label of a total, which the one before is not yet (…办公室 / 小计, …小 / 计)?"""
        if set(piece.texts) != set(before.texts) or self._is_total_label(before.label):
            return False
        texts = {name: text + piece.texts[name] for name, text in before.texts.items()}
        joined = _Piece(before.row, before.columns, texts)
        return joined.kind(self.form) != "line" and self._is_total_label(joined.label)

    def _unproven(self, first: _Piece, second: _Piece) -> frozenset[str]:
        """The columns whose number both halves of a row print, where nothing says that two such are one number."""
        both = first.numbers.keys() & second.numbers.keys()
        cells = {name: joined_cell(first.numbers[name], second.numbers[name]) for name in both}
        joined = {**first.numbers, **second.numbers, **{name: cell for name, cell in cells.items() if cell is not None}}
        proven, wrong = _proven(joined)
        open_ = {name for name, cell in cells.items() if cell is None}
        sure = bool((proven - _proven(first.numbers)[0]) & both) or first.code + second.code not in (
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

    def _is_head(self, before: _Piece | None, piece: _Piece) -> bool:
        """Text alone that is no row by itself: its amounts come on the next page, or it stands below a total."""
        if not self._is_text_of_line(piece):
            return False
        below_total = before is None or before.kind(self.form) != "line"
        return piece.closes or (below_total and not piece.columns.spans_known)

    def _is_text_of_line(self, piece: _Piece) -> bool:
        return not piece.numbers and piece.kind(self.form) == "line"

    def _join(self, first: _Piece, second: _Piece) -> _Piece:
        joined = self._both(first, second)
        for name in sorted(joined.torn - first.torn - second.torn):
            what = "a number stands in two halves beside a page break, and nothing says that they are one"
            self.issue("error", what, f"{first.numbers[name].text} {second.numbers[name].text}", second.row)
        cut = first.closes and second.opens
        what = (
            "a row is cut by a page break; its halves are joined"
            if cut
            else "a piece of text stands in a row of its own; it is joined to its neighbour"
        )
        self.issue("info" if cut else "warning", what, " ".join(second.row.filled), second.row)
        return joined

    def _both(self, first: _Piece, second: _Piece) -> _Piece:
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

    def _kinds(self, rows: Sequence[_Piece]) -> list[str]:
        kinds = [piece.kind(self.form) for piece in rows]
        totals = [piece for piece, kind in zip(rows, kinds, strict=True) if kind == "total"]
        for again in totals[1:]:
            what = "two rows of the statement are the same line; both are loaded"
            self.issue("warning", what, again.label, again.row)
        return kinds

    def _inherit(self, piece: _Piece, above: Mapping[str, str]) -> None:
        """A cell that reaches down over several rows counts in each of them (only where cells are known to)."""
        for name in ("unit_name", "project", "item"):
            if name in piece.merged and name in above:
                piece.texts.setdefault(name, above[name])

    # ── rows → lines and figures ────────────────────────────────────────────────────────────────────────────────

    def _row(self, piece: _Piece, order: int, kind: str, item: str, parent: str | None, group: str | None) -> None:
        row = piece.row
        texts = {name: printed_text(text) for name, text in piece.texts.items()}
        code = self._code(piece) if kind == "line" else None
        name = texts.get("item") if kind == "line" else None
        label = (name or texts.get("project") or "") if kind == "line" else _printed_label(piece)
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

    def _numbers(self, piece: _Piece) -> list[Number]:
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

    def _whole_quantity(self, cells: dict[int, PrintedCell], piece: _Piece) -> None:
        """Digits on several lines are one quantity where it times the price is the amount."""
        at = piece.columns.of("quantity")
        if at is None or at not in cells or len(pieces := cells[at].text.split()) < 2:
            return
        whole = replace(cells[at], text="".join(pieces))
        if "quantity" in _proven(piece.numbers | {"quantity": whole})[0]:
            self.issue("info", "a number is printed in pieces; they are joined", cells[at].text, piece.row)
            cells[at] = whole

    def _code(self, piece: _Piece) -> str | None:
        code = squash(piece.texts.get("code", ""))
        if not code or is_blank(code):
            return None
        if not _rules().code.fullmatch(code.upper()):
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


def _ends_numbers(before: _Piece, piece: _Piece) -> bool:
    """Are these nothing but the last digits of the numbers above (3727.0 / 0)?"""
    for name, cell in piece.numbers.items():
        above = before.numbers.get(name)
        if above is None or not squash(cell.text).isdigit() or "." not in above.text:
            return False
        if decimals(above.text) + len(squash(cell.text)) > 2:
            return False
    return True


def _proven(numbers: Mapping[str, PrintedCell]) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers of a row that its arithmetic says are right, and those of which it says that one is wrong.

    Quantity · price = amount, the sum of the funds = amount.
    """
    amounts = {name: value for name, cell in numbers.items() if (value := parse_amount(cell.text)) is not None}
    amount = amounts.get("amount")
    right: set[str] = set()
    wrong: set[str] = set()
    if amount is None:
        return frozenset(), frozenset()
    if "quantity" in amounts and "unit_price" in amounts:
        quantity = amounts["quantity"]
        fits = abs(quantity * amounts["unit_price"] - amount) <= abs(quantity) * _HALF_CENT
        (right if fits else wrong).update(("quantity", "unit_price", "amount"))
    if funds := [name for name in _rules().funds if name in amounts]:
        (right if sum(amounts[name] for name in funds) == amount else wrong).update((*funds, "amount"))
    return frozenset(right), frozenset(wrong - right)


def _edition_is_known(fiscal_year: int) -> bool:
    """Are the items of the year's edition at hand?"""
    return item_code("A", fiscal_year) is not None


def _printed_label(piece: _Piece) -> str:
    return next((printed_text(text) or "" for name in _LABELS if (text := piece.texts.get(name))), "")


def _unit_of(piece: _Piece) -> str | None:
    """The unit whose subtotal this is, as printed."""
    patterns = (*_rules().group_rows, *_rules().damaged_group_rows)
    label = _printed_label(piece)
    match = next((match for pattern in patterns if (match := pattern.fullmatch(label))), None)
    return (match["unit"] if match else label) or None


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


def _moved(found: Sequence[Number], columns: Columns) -> Number | None:
    """In a capture that may have lost a tab: the last fund of a row, if the amount is the sum of the others, and the
    column on its right, which no sum counts, is blank."""
    amounts = {number.role.name: number.amount for number in found}
    funds = [number for number in found if number.role.name in _rules().funds]
    if columns.spans_known or len(funds) < 2 or "amount" not in amounts or "sme_reserved" in amounts:
        return None
    last = funds[-1]
    beside = columns.roles.get(last.column + 1)
    if beside is None or beside.name != "sme_reserved" or not last.amount:
        return None
    return last if sum(number.amount for number in funds[:-1]) == amounts["amount"] else None

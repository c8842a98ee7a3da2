"""A printed row of 政府采购预算 in its columns, or a part of one: what its label and its arithmetic say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.annexes.catalogue import plain_code
from pipeline.annexes.header import Columns
from pipeline.annexes.procurement_rules import procurement_rules
from pipeline.annexes.table import printed_text
from pipeline.forms.form import Form
from pipeline.forms.printed import decimals, has_cjk, parse_amount, squash
from pipeline.forms.printed_table import PrintedCell, PrintedRow
from pipeline.forms.rows import ends_in_amount

_HALF_CENT = Decimal("0.005")
_LABELS = ("unit_name", "project", "item", "code", "unit")


@dataclass(slots=True)
class Piece:
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

    @property
    def printed_label(self) -> str:
        """The same as printed."""
        return next((printed_text(text) or "" for name in _LABELS if (text := self.texts.get(name))), "")

    def kind(self, form: Form) -> str:
        """total, group or line; by a label with an unreadable letter only where the row prints amounts and no count."""
        if sum(1 for name in ("unit_name", "project", "item", "code") if self.texts.get(name)) != 1:
            return "line"
        if self.label in form.total_labels:
            return "total"
        if any(pattern.fullmatch(self.label) for pattern in procurement_rules().group_rows):
            return "group"
        if "amount" in self.numbers and not any(name in self.numbers for name in procurement_rules().before_amount):
            readable = "".join(letter for letter in self.label if has_cjk(letter))
            if readable and len(self.label) <= 3 and any(readable in label for label in form.total_labels):
                return "total"
            if any(pattern.fullmatch(self.label) for pattern in procurement_rules().damaged_group_rows):
                return "group"
        return "line"

    @property
    def is_bare(self) -> bool:
        """Does it print one name and amounts, and nothing that is bought?"""
        names = [name for name in ("unit_name", "project", "item", "code", "unit") if self.texts.get(name)]
        counted = any(name in self.numbers for name in procurement_rules().before_amount)
        return names in (["unit_name"], ["project"]) and "amount" in self.numbers and not counted


def unit_of(piece: Piece) -> str | None:
    """The unit whose subtotal this is, as printed."""
    patterns = (*procurement_rules().group_rows, *procurement_rules().damaged_group_rows)
    label = piece.printed_label
    match = next((match for pattern in patterns if (match := pattern.fullmatch(label))), None)
    return (match["unit"] if match else label) or None


def is_text_of_line(piece: Piece, form: Form) -> bool:
    """Text alone, and no total's."""
    return not piece.numbers and piece.kind(form) == "line"


def is_shifted(piece: Piece, form: Form) -> bool:
    """Do the texts of the piece say that it does not stand in its columns?"""
    texts, numbers, rules = piece.texts, piece.numbers, procurement_rules()
    if not numbers:
        return False
    if piece.kind(form) != "line":
        return any(name in numbers for name in rules.before_amount) or _lacks_amount(piece)
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
    return bool(funds) and _lacks_amount(piece) and "code" in texts


def _lacks_amount(piece: Piece) -> bool:
    return piece.columns.of("amount") is not None and "amount" not in piece.numbers


def proven(numbers: Mapping[str, PrintedCell]) -> tuple[frozenset[str], frozenset[str]]:
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
    if funds := [name for name in procurement_rules().funds if name in amounts]:
        (right if sum(amounts[name] for name in funds) == amount else wrong).update((*funds, "amount"))
    return frozenset(right), frozenset(wrong - right)

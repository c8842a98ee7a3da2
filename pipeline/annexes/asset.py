"""固定资产占用情况表 → what a department owned at the date that the table prints: values in yuan, quantities plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from pipeline.annexes.find import Annex
from pipeline.annexes.header import load_layout
from pipeline.annexes.model import AnnexRead, AssetLine
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
)
from pipeline.forms.disclosure import RowRead
from pipeline.forms.form import Form
from pipeline.forms.printed import decimals, has_cjk, is_blank, parse_amount, squash, strip_enumerator
from pipeline.forms.printed_table import PrintedCell, PrintedRow
from pipeline.forms.rows import ends_in_amount

LAYOUT = Path(__file__).with_name("asset.yaml")

_DATE = re.compile(r"(?P<year>20\d\d)[年.\-/](?P<month>\d{1,2})[月.\-/](?P<day>\d{1,2})日?")
_AS_OF = re.compile(r"截[止至](?:时间|日期)?:?" + _DATE.pattern)
_BRACKETS = re.compile(r"\((?P<inner>[^()]*)\)$")

_LOST_MARK = re.compile(r"^\d{1,2}(?![\d万])")  # 2车辆: an enumerator without its mark
_ENUMERATED = re.compile(r"\d{1,2}[、.]|[一二三四五六七八九十]+、|\(|其中")
_HALF_BRACKETS = re.compile(r"(?P<inner>\(?(?:平方米|台、辆|个、台、辆等?|个、套等?))\)?$")  # one bracket lost


@dataclass(frozen=True, slots=True)
class _Item:
    item: str
    label: str  # of the form
    also: tuple[re.Pattern[str], ...]  # what publishers print for it
    below: tuple[str, ...]  # the items that it may be a part of, beside the total

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, *(p.pattern for p in self.also if all(has_cjk(letter) for letter in p.pattern)))

    def is_called(self, name: str) -> bool:
        return name == self.label or any(pattern.fullmatch(name) for pattern in self.also)


@lru_cache(maxsize=1)
def _items() -> tuple[_Item, ...]:
    return tuple(
        _Item(e["item"], e["label"], tuple(re.compile(p) for p in e.get("also", ())), tuple(e.get("below", ())))
        for e in load_layout(LAYOUT).data["items"]
    )


@dataclass(slots=True)
class _Row:
    row: PrintedRow
    label: str  # as printed, white space removed
    item: str
    within: bool  # 其中
    unit: str  # of its quantity, printed in brackets behind the label
    numbers: list[Number]


def read_assets(
    annexes: Sequence[Annex], form: Form, fiscal_year: int, common_unit: str | None
) -> tuple[tuple[AssetLine, ...], AnnexRead]:
    """The rows of 固定资产占用情况表 and their figures; ``common_unit``: what every statement prints."""
    reader = _Reader(annexes, form, fiscal_year, common_unit)
    reader.read()
    return tuple(reader.lines), reader.result(reader.with_numbers)


class _Reader(AnnexReader):
    def __init__(self, annexes: Sequence[Annex], form: Form, fiscal_year: int, common_unit: str | None) -> None:
        super().__init__(annexes, form, load_layout(LAYOUT), common_unit)
        self.fiscal_year = fiscal_year
        self.lines: list[AssetLine] = []
        self.with_numbers = 0

    def read(self) -> None:
        rows: list[_Row] = []
        for opened in self.opened:
            self._join_numbers(opened)
        for opened in self.opened:
            for n, printed in enumerate(opened.rows):
                row = self._row(printed, opened)
                if row is not None and not self._joined(rows, row, first=n == 0):
                    rows.append(row)
        self._name_items(rows)
        as_of = self._as_of() if rows else None
        parents = _parents(rows)
        for order, (row, parent) in enumerate(zip(rows, parents, strict=True), start=1):
            self._emit(order, row, parent, as_of)

    # ── printed rows → rows ─────────────────────────────────────────────────────────────────────────────────────

    def _row(self, row: PrintedRow, opened: Opened) -> _Row | None:
        columns = opened.columns
        label_column = columns.of("label")
        if label_column is None:
            label_column = next((c for c, cell in enumerate(row.cells) if has_cjk(cell.text)), 0)
        label = row.cells[label_column].text
        cells = {c: cell for c in columns.of_kind("money", "number") if (cell := number_cell(row.cells[c], c, opened))}
        if not squash(label) and not cells:
            return None
        if beside_header(row, columns) or self._shifted(
            row, label, {columns.roles[c].name: cell for c, cell in cells.items()}
        ):
            self.issue("error", SHIFTED, " ".join(row.filled), row)
            self.with_numbers += 1
            cells = {}
        self.with_numbers += bool(cells)
        name, inner = _name_and_brackets(label)
        unit = inner if inner and not self._is_furniture(inner) else ""
        numbers = self.numbers(cells, row, columns)
        return _Row(row, printed_text(label) or "", self._item(name), "其中" in squash(label)[:6], unit, numbers)

    def _join_numbers(self, opened: Opened) -> None:
        """The first row of a table that holds the rest of numbers: joined to the last row of the table before it."""
        at = self.opened.index(opened)
        before = self.opened[at - 1] if at else None
        if before is None or not before.rows or not opened.rows or before.columns.width != opened.columns.width:
            return
        above, below = before.rows[-1], opened.rows[0]
        if above.ragged or above.odd or below.ragged or below.odd or not self._is_rest(above, below, before):
            return
        cells = [replace(a, text=f"{a.text}{b.text}") for a, b in zip(above.cells, below.cells, strict=True)]
        halves: list[int] = []
        proven = bool(squash(below.cells[before.columns.of("label") or 0].text))
        for c in before.columns.of_kind("money", "number"):
            one, two = above.cells[c], below.cells[c]
            if squash(one.text) and squash(two.text):
                halves.append(c)
                cells[c] = joined_cell(one, two) or PrintedCell("")
                places = self._places(c)
                proven |= bool(places) and decimals(one.text) != places == decimals(cells[c].text)
                proven |= parse_amount(one.text) is None or parse_amount(two.text) is None
        for c in halves if not proven else ():
            what = "a number stands in two halves beside a page break, and nothing says that they are one"
            self.issue("error", what, f"{above.cells[c].text} {below.cells[c].text}", below)
            cells[c] = PrintedCell("")
        what = "a row is cut by a page break; its halves are joined"
        self.issue("info", what, " ".join(below.filled), below)
        before.rows[-1] = replace(above, cells=cells)
        del opened.rows[0]

    def _is_rest(self, above: PrintedRow, below: PrintedRow, opened: Opened) -> bool:
        """Numbers without a label of their own, each of which goes on with the one above it."""
        numbers = opened.columns.of_kind("money", "number")
        at = opened.columns.of("label")
        printed = [c for c in numbers if squash(below.cells[c].text)]
        both = [c for c in printed if squash(above.cells[c].text)]
        if at is None or not both or any(joined_cell(above.cells[c], below.cells[c]) is None for c in both):
            return False
        first, rest = above.cells[at].text, below.cells[at].text
        if not squash(rest):
            return True
        items = [self._item(_name_and_brackets(text)[0]) for text in (first, rest, first + rest)]
        begun, own, whole = (not item.startswith("unrecognised") for item in items)
        if whole:
            return not (begun and own and _ENUMERATED.match(squash(rest)))
        return not own and not _whole(first)

    def _places(self, column: int) -> int | None:
        """The decimals of the amounts in this column, those beside page breaks aside."""
        if any(column not in opened.columns.of_kind("money") for opened in self.opened):
            return None
        return places_of(row.cells[column] for opened in self.opened for row in opened.rows[1:-1])

    def _shifted(self, row: PrintedRow, label: str, cells: Mapping[str, PrintedCell]) -> bool:
        """Do the texts of the row say that they stand in other columns than its table's?"""
        if not cells and not (row.odd or row.ragged):
            return parse_amount(label) is not None
        if not squash(label):
            return bool(cells)
        if row.odd or row.ragged:
            return any(parse_amount(text) is not None for text in row.filled)
        if parse_amount(label) is not None or ends_in_amount(label) or squash(label)[-1].isdigit():
            return True
        quantity, value = cells.get("quantity"), cells.get("value")
        if quantity is None:
            return False
        if value is not None:  # money and a count in each other's place
            return decimals(quantity.text) == 2 and decimals(value.text) == 0 and not is_blank(value.text)
        of_total = self._item(_name_and_brackets(label)[0]) in ("total", "fixed_asset")
        return of_total or decimals(quantity.text) == 2  # money in the column of quantities, nothing in its own

    def _joined(self, rows: list[_Row], row: _Row, first: bool) -> bool:
        """The rest of a label, cut off by a page break or a capture: added to the row above if that makes it known."""
        if not rows or row.numbers:
            return False
        before = rows[-1]
        name, inner = _name_and_brackets(before.label + row.label)
        whole = self._item(name)
        known, own_known = (not item.startswith("unrecognised") for item in (whole, row.item))
        completes = known and before.item != whole and before.item.startswith("unrecognised")
        goes_on = not own_known and ((known and before.item == whole) or (first and not _whole(before.label)))
        parted = known and first and not _ENUMERATED.match(squash(row.label)) and all(whole != r.item for r in rows)
        if completes or goes_on or parted:
            before.label, before.item, before.unit = before.label + row.label, whole, inner or before.unit
        return completes or goes_on or parted

    def _item(self, name: str) -> str:
        """The item of a (squashed) label without enumerator and brackets."""
        names = (name, _LOST_MARK.sub("", name))
        found = (item.item for text in names for item in _items() if item.is_called(text))
        return next(found, f"unrecognised_{name}")

    def _name_items(self, rows: list[_Row]) -> None:
        """固定资产 alone is the total; a label that is nearly one of the form's is that one; doubts become issues."""
        printed = {row.item for row in rows}
        for row in rows:
            if row.item == "fixed_asset" and "total" not in printed:
                row.item = "total"
                printed.add("total")
            elif row.item.startswith("unrecognised_"):
                guess = _nearly(row.item.removeprefix("unrecognised_"), printed)
                if guess is not None:
                    what = "letters of a label cannot be read; the rest is one line of the form"
                    row.item = guess
                    printed.add(guess)
                    self.issue("info", what, row.label, row.row)
                else:
                    self.issue("warning", "a line is not one that the form knows", row.label, row.row)
        seen: set[str] = set()
        for row in rows:
            if row.item in seen:
                what = "two rows of the statement are the same line; both are loaded"
                self.issue("warning", what, row.label, row.row)
            seen.add(row.item)

    # ── the date ────────────────────────────────────────────────────────────────────────────────────────────────

    def _as_of(self) -> date | None:
        texts = [*self.furniture, "".join(self.furniture), squash(self.annex.title if self.annex else "")]
        match = next((m for pattern in (_AS_OF, _DATE) for text in texts if (m := pattern.search(text))), None)
        if match is None:
            self.issue("info", "the annex prints no date")
            return None
        try:
            found = date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            self.issue("warning", "the date of the annex is none", match[0])
            return None
        asked = self.layout.data["as_of"]
        if found != date(self.fiscal_year - asked["years_before"], asked["month"], asked["day"]):
            self.issue("warning", "the date of the annex is not the one that the form asks for", match[0])
        return found

    # ── rows → lines and figures ────────────────────────────────────────────────────────────────────────────────

    def _emit(self, order: int, row: _Row, parent: str | None, as_of: date | None) -> None:
        at = row.row
        read = RowRead(1, self.layout.annex, order, order, row.label, row.item, None, at.page, at.locator, parent)
        values = self.add(read, row.numbers, None, row.unit)
        self.lines.append(
            AssetLine(
                order, row.item, row.label, values.get("quantity"), values.get("value"), as_of, at.page, at.locator
            )
        )


def _name_and_brackets(label: str) -> tuple[str, str]:
    """2、设备(个、台、辆等) → 设备 and what stands in the brackets at its end."""
    text = strip_enumerator(squash(label)).rstrip(":,。;")
    match = _BRACKETS.search(text) or _HALF_BRACKETS.search(text)
    return (text[: match.start()], match["inner"]) if match and match.start() else (text, "")


def _whole(label: str) -> bool:
    """Are its brackets closed?"""
    text = squash(label)
    return text.count("(") == text.count(")")


def _nearly(name: str, taken: Iterable[str]) -> str | None:
    """The one item not taken yet of which this label is a damaged one: some of its letters are no letters, or lost."""
    free = [item for item in _items() if item.item not in set(taken)]
    readable = re.compile("".join(re.escape(c) if has_cjk(c) or c.isdigit() else "." for c in name))
    exact = [item.item for item in free if any(readable.fullmatch(known) for known in item.names)]
    if any(has_cjk(letter) for letter in name) and len(exact) == 1:
        return exact[0]
    if len(name) < 3:
        return None
    alike = {item.item: SequenceMatcher(None, name, item.label).ratio() for item in free}
    best = sorted(alike, key=lambda item: -alike[item])[:2]
    damaged = not all(has_cjk(letter) or letter.isdigit() for letter in name)
    least = 0.6 if damaged else 0.85
    sure = len(best) < 2 or alike[best[0]] - alike[best[1]] >= 0.1
    return best[0] if best and alike[best[0]] >= least and sure else None


def _parents(rows: Sequence[_Row]) -> list[str | None]:
    """What each row is a part of."""
    printed = {row.item for row in rows}
    below = {item.item: item.below for item in _items()}
    parents: list[str | None] = []
    above: str | None = None  # the latest row that is no 其中
    for row in rows:
        known = next((item for item in below.get(row.item, ()) if item in printed), None)
        if row.item == "total":
            parents.append(None)
        elif row.within and (known is None or known == "fixed_asset") and above is not None:
            parents.append(above)
        else:
            parents.append(known or "total")
        above = above if row.within else row.item
    return parents

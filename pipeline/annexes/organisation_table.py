"""The table of 机构设置 → its units: columns by their headers or by what stands in them, rows cut by a page break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Literal

from pipeline.annexes.find import Annex
from pipeline.annexes.organisation_rules import LOADED, Held, HeldUnit, organisation_rules, without_blanks
from pipeline.forms.printed import is_blank, plain_header, squash
from pipeline.forms.printed_table import PrintedRow, PrintedTable


class TableReader:
    """Adds the units of one table after the other to those that are ``held``."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.rules = organisation_rules()
        self.columns: dict[int, str] | None = None

    def annex(self, annex: Annex) -> None:
        self.held.empty = self.held.empty or any(self.held.says_empty(line.text) for line in annex.lines)
        for table in annex.tables:
            self._table(table)

    def _table(self, table: PrintedTable) -> None:
        rows = [row for row in table.rows if row.filled]
        headers = [row for row in rows if self._is_header(row)]
        body = [row for row in rows if row not in headers]
        columns = self._columns(headers, body, table)
        self._not_loaded(columns or {}, headers, body)
        first = True
        for row in body:
            if self.held.says_empty("".join(row.filled)):
                self.held.empty = True
            elif columns is None:
                what = "the columns of the table of units are not known; the row is not loaded"
                self.held.issue("error", what, " ".join(row.filled), row.page, row.locator)
            else:
                self._row(row, columns, first)
            first = False

    def _not_loaded(
        self, columns: Mapping[int, str], headers: Sequence[PrintedRow], body: Sequence[PrintedRow]
    ) -> None:
        for column, role in columns.items():
            if role == "other" and any(row.texts[column].strip() for row in body):
                header = next((row.texts[column] for row in headers if row.texts[column].strip()), "")
                place = (headers[0].page, headers[0].locator) if headers else (None, None)
                self.held.issue("info", "a column of the table of units is not loaded", without_blanks(header), *place)

    def _role(self, text: str) -> str | None:
        """The column of a header; of two headers in one cell the last: the first is its neighbour's."""
        known = self.rules.headers
        pieces = [known.get(squash(piece)) for piece in text.split()]
        return (
            known.get(squash(text)) or known.get(plain_header(squash(text))) or next(filter(None, pieces[::-1]), None)
        )

    def _is_header(self, row: PrintedRow) -> bool:
        roles = {role for text in row.texts if (role := self._role(text))}
        return len(roles) >= 2 or any(self.rules.headers.get(text) in LOADED for text in row.filled)

    def _columns(
        self, headers: Sequence[PrintedRow], body: Sequence[PrintedRow], table: PrintedTable
    ) -> dict[int, str] | None:
        certain = [row for row in headers if not row.ragged]
        known = {n: role for row in certain for n, text in enumerate(row.texts) if (role := self._role(text))}
        filled = {n for row in body for n, text in enumerate(row.texts) if text.strip()}
        if headers and filled <= set(known) and "unit_name" in known.values():
            self.columns = known
        elif not headers and self.columns is not None and filled <= set(self.columns):
            pass  # the table goes on without its header
        else:
            self.columns = self._usual(known, body, filled, table)
        return self.columns

    def _usual(
        self, known: Mapping[int, str], body: Sequence[PrintedRow], filled: set[int], table: PrintedTable
    ) -> dict[int, str] | None:
        """The usual order of columns that agrees with the headers that are read, and with what stands in them."""
        usual: dict[int, str] | None = None
        best = 0
        for layout in self.rules.layouts:
            columns = dict(enumerate(layout))
            if not filled <= set(columns) or any(columns.get(n) != role for n, role in known.items()):
                continue
            fit = sum(self._fits(columns, row) for row in body)
            if fit > best:
                usual, best = columns, fit
        if usual is not None:
            what = "headers of the table of units are lost; what stands in its columns says which they are"
            self.held.issue("info", what, "", table.page, table.locator)
            return usual
        unknown = [n for n in filled if n not in known]
        if "unit_name" in known.values() and unknown:
            what = "a column of the table of units is not known; it is not loaded"
            texts = " ".join(without_blanks(row.texts[n]) for n in unknown for row in body if row.texts[n].strip())
            self.held.issue("warning", what, texts[:200], table.page, table.locator)
            return dict(known)
        return None

    def _fits(self, columns: Mapping[int, str], row: PrintedRow) -> int:
        texts = [(role, squash(row.texts[n])) for n, role in columns.items() if n < len(row.texts)]
        return sum(1 if self.rules.values[role].search(text) else -1 for role, text in texts if text)

    def _row(self, row: PrintedRow, columns: Mapping[int, str], first: bool) -> None:
        """``first``: of its table; the rest of a row that a page break cuts stands there."""
        texts = {role: without_blanks(text) for n, role in columns.items() if not is_blank(text := row.texts[n])}
        name = texts.get("unit_name", "")
        printed = " ".join(row.filled)
        rest = ""
        if row.ragged or row.odd:
            what = "a row of the table of units has not the cells of its columns; what it says may be shifted"
            self.held.issue("warning", what, printed, row.page, row.locator)
        if self.rules.not_units.fullmatch(squash(name or printed)):
            self.held.issue(
                "info", "a row of the table of units is no unit; it is not loaded", printed, row.page, row.locator
            )
        elif self.held.units and (self._is_piece(texts, name) or (first and (rest := self._is_rest(texts)))):
            if rest:
                what = "a row of the table of units is cut by a page break; its halves are joined"
                self.held.issue("info" if rest == "surely" else "warning", what, printed, row.page, row.locator)
            before = self.held.units[-1].texts
            before.update({role: before.get(role, "") + text for role, text in texts.items()})
        elif name:
            held = HeldUnit(texts, frozenset(columns.values()), row.page, row.locator)
            if first and self.held.units and self._lacks(held.texts, held.columns):
                what = "a row below a page break prints less than the other units; it may be the rest of the one above"
                self.held.issue("warning", what, printed, row.page, row.locator)
            self.held.units.append(held)
        else:
            what = "a row of the table of units names no unit; it is not loaded"
            self.held.issue("warning", what, printed, row.page, row.locator)

    def _is_piece(self, texts: Mapping[str, str], name: str) -> bool:
        """The second line of the row before: no name, or only a name where the one before has no end."""
        loaded = {role for role in texts if role in LOADED}
        if not name:
            return bool(loaded)
        before = self.held.units[-1].get("unit_name") or ""
        return loaded == {"unit_name"} and not self.rules.whole_name.fullmatch(squash(before))

    def _is_rest(self, texts: Mapping[str, str]) -> Literal["surely", "likely", ""]:
        """Do its texts make up, with those of the unit before, what they are not by themselves?"""
        before = self.held.units[-1]
        if "ordinal" in texts:
            return ""
        both = [role for role in LOADED if role in texts and role in before.texts]
        said = [self._goes_on(role, before.texts[role], texts[role]) for role in both if role != "unit_name"]
        if False in said:
            return ""
        halves = [(before.texts[role], texts[role]) for role in both]
        brackets = any(not _closed(above) and not _closed(below) and _closed(above + below) for above, below in halves)
        begins = self._begins_like_the_others(texts.get("unit_name", ""))
        if brackets or True in said:
            return "surely"
        if begins or not self._lacks(texts, before.columns):
            return ""
        return "surely" if begins is False else "likely"

    def _begins_like_the_others(self, name: str) -> bool | None:
        """Does a name begin with the body's that every unit is named after? None where they have none in common."""
        names = [squash(unit.texts.get("unit_name", "")) for unit in self.held.units]
        alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
        common = "".join(letters[0] for letters in alike)
        return squash(name).startswith(common) if len(self.held.units) > 1 and len(common) > 2 else None

    def _goes_on(self, role: str, above: str, below: str) -> bool | None:
        """Is a text the rest of the one above it (True) or one by itself (False)?"""
        others = {squash(unit.texts.get(role, "")) for unit in self.held.units[:-1]}

        def whole(text: str) -> bool:
            return squash(text) in others or self.rules.whole[role].fullmatch(squash(text)) is not None

        alone, both = whole(below), whole(above + below)
        return None if alone == both else both

    def _lacks(self, texts: Mapping[str, str], columns: frozenset[str]) -> bool:
        """Is a column blank in it that every unit above fills?"""
        loaded = [role for role in LOADED[1:] if role in columns and not texts.get(role)]
        return any(all(unit.get(role) for unit in self.held.units) for role in loaded)


def _closed(text: str) -> bool:
    """Are its brackets closed?"""
    plain = squash(text)
    return plain.count("(") == plain.count(")")

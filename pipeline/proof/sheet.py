"""The printed cells of one body, indexed the ways that identities ask for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import copy

from pipeline.forms.disclosure import Unread
from pipeline.proof.identity import compared_by_code, listed_by_code
from pipeline.proof.relations import Cell, Slot
from pipeline.proof.rows import Link, Row, codes_of, families_of


class Sheet:
    """The printed cells of one body, indexed the ways that identities ask for them."""

    def __init__(
        self,
        cells: Iterable[Cell],
        rows: Iterable[Row],
        columns: Mapping[str, tuple[str, ...]],
        links: Iterable[Link] = (),
        facts: Iterable[str] = (),
        unread: Iterable[Unread] = (),
    ) -> None:
        """``columns``: the measures of each statement that is there and was read, in printed order.

        ``facts``: what is known of the document besides its numbers, by the names that identities ask for; ``unread``:
        the places of which it is not known what is printed there.
        """
        self.unread = tuple(unread)
        self.links = tuple(links)
        self.facts = frozenset(facts)
        self.columns = dict(columns)
        self.printed_columns = {(name, measure) for name, measures in columns.items() for measure in measures}
        self.rows = [row for row in rows if row.statement in self.columns]
        self.rows_of: dict[str, list[Row]] = defaultdict(list)
        self.orders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in self.rows:
            self.rows_of[row.statement].append(row)
            self.orders[row.statement, row.item].append(row.order)
        self.codes = codes_of(self.rows_of, compared_by_code(), listed_by_code())
        self.families = {name: families_of(own) for name, own in self.rows_of.items() if any(r.parent for r in own)}
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
            if statement not in self.columns:  # what was read of a statement that is unread says nothing
                continue
            self.at[statement, item, measure].append(index)
            self.in_row[cell.slot] = index
            self.said[statement, order].add(measure)

    def with_cells(self, cells: Iterable[Cell]) -> Sheet:
        """The same rows with other numbers in them."""
        other = copy(self)
        other._print(cells)
        return other

    def with_unread(self, unread: Iterable[Unread]) -> Sheet:
        """The same sheet with further places that could not be read."""
        other = copy(self)
        other.unread = (*self.unread, *unread)
        return other

    def is_unread(self, place: Slot) -> bool:
        """May something be printed at this place without a number, that could not be read?"""
        if not self.unread:
            return False
        statement, order, item, measure = place
        return any(
            u.statement == statement
            and u.measure in (None, measure)
            and u.item in (None, item)
            and (not order or u.row_order in (None, order))
            for u in self.unread
        )

    def lacks_rows(self, statement: str, measures: Collection[str]) -> bool:
        """May a row be printed there that could not be read, so that no sum over the rows is known to be whole?"""
        return any(
            u.statement == statement
            and (u.measure is None or u.measure in measures)
            and (u.item is None or not self.printed_row(statement, u.item))
            for u in self.unread
        )

    def printed_row(self, statement: str, item: str) -> bool:
        return (statement, item) in self.orders

    def fen(self, statement: str, item: str, measure: str) -> int:
        """Of an item that the statement leaves out the sum of what stands for it."""
        instead = self.codes.instead.get(statement)
        items = (instead(item) if instead else None) or (item,)
        return sum(self.cells[i].fen for one in items for i in self.at.get((statement, one, measure), ()))


def _kind_of(item: str) -> str | None:
    """What identities call all items of this sort."""
    if item.isdigit():
        return "codes"
    return "projects" if item.startswith("project:") else "lines" if item.startswith("line_") else None

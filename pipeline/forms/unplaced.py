"""Rows under no title of a statement: which of the statements that were not found may they be?

A title may be lost, or damaged with its header. What says most is where the rows stand: statements are printed in the
order of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.forms.amounts import is_amount
from pipeline.forms.by_content import fits, strange_lines, tokens_of_lines, tokens_of_table
from pipeline.forms.columns import columns_by_text, map_columns, split_table
from pipeline.forms.form import Form, StatementForm
from pipeline.forms.printed import plain_header, squash
from pipeline.forms.sections import Section, Unplaced

_FEWEST_MEASURES = 2
_FEWEST_LINES = 3  # fewer among the lines of another statement are its own, badly captured


def claims_of(
    unplaced: Iterable[Unplaced], sections: Sequence[Section], form: Form, fiscal_year: int
) -> dict[str, Unplaced]:
    """Statement without a section → the first rows that may be its own; ``sections``: those of the part, in order."""
    order = list(form.statements)
    found = [section.statement for section in sections]
    claims: dict[str, Unplaced] = {}
    for place in unplaced:
        absent = [name for name in order if name not in found]
        fitting = [name for name in absent if _may_be(place, form.statements[name], form, fiscal_year)]
        here = _between(place, found, order)
        near = [name for name in fitting if name in here] or fitting
        if not near and not place.among_others and place.prints_amounts and _is_strange(place, form):
            near = [name for name in absent if name in here]  # header and rows are damaged: its place is all there is
        for name in near:
            claims.setdefault(name, place)
    return claims


def _is_strange(place: Unplaced, form: Form) -> bool:
    """Are there rows that are none of the statement above?"""
    if place.after is None or not place.is_below_rows:
        return True
    lines = tokens_of_lines(place.lines)
    above = form.statements[place.after.statement]
    return not place.after.tables and bool(strange_lines(lines, above, form, form.total_labels))


def _between(place: Unplaced, found: list[str], order: list[str]) -> set[str]:
    """The statements that are printed there, if they are printed in the order of the form."""
    at = found.index(place.after.statement) if place.after is not None and place.after.statement in found else -1
    first = order.index(found[at]) if at >= 0 else -1
    last = next((order.index(name) for name in found[at + 1 :] if order.index(name) > first), len(order))
    return set(order[first + 1 : last])


def _may_be(place: Unplaced, statement: StatementForm, form: Form, fiscal_year: int) -> bool:
    layouts = (statement, *statement.variants)
    by_header = any(_header_fits(place, layout, form, fiscal_year) for layout in layouts)
    by_rows = place.prints_rows(form) and any(_rows_fit(place, layout, form) for layout in layouts)
    return by_header and by_rows if place.among_others and place.table is not None else by_header or by_rows


def _header_fits(place: Unplaced, statement: StatementForm, form: Form, fiscal_year: int) -> bool:
    """Do headers name measures of the statement, over amounts? Below a measure a number is one, be it small and without
    a label beside it, as where the items are the columns."""
    if place.table is None:
        return _words_fit(place, statement)
    split = split_table(place.table, statement, form)
    columns = map_columns(split, place.table, statement, form, fiscal_year) if split.header or split.numbers else None
    if columns is None or columns.foreign or len(columns.measures) < _FEWEST_MEASURES:
        return False
    below = (is_amount(row.cells[c].text) for row in split.body for c, _, _ in columns.measures)
    return place.prints_rows(form) or any(below)


def _words_fit(place: Unplaced, statement: StatementForm) -> bool:
    """Lines that name the items of a statement without labels, one after the other, and then a number."""
    if statement.rows != "columns" or place.among_others or place.is_below_rows:
        return False
    words = [plain_header(squash(word)) for line in place.lines for word in line.text.split()]
    columns = columns_by_text(words, statement)
    return len(columns) >= _FEWEST_MEASURES and any(map(is_amount, words[max(columns) + 1 :]))


def _rows_fit(place: Unplaced, statement: StatementForm, form: Form) -> bool:
    if place.table is not None:
        return fits(tokens_of_table(place.table), statement, form, form.total_labels)
    lines = tokens_of_lines(place.lines)
    if place.after is not None and place.is_below_rows:
        lines = strange_lines(lines, form.statements[place.after.statement], form, form.total_labels)
        return len(lines) >= _FEWEST_LINES and fits(lines, statement, form, form.total_labels)
    return fits(lines, statement, form, form.total_labels)

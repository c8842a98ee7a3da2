"""The printed rows of one body, and which of them are the parts of which: by codes, by parents, by links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row, blank or not.

    ``parent``: the item that it is a part of, where no code says so; ``marks``: what words say instead of numbers.
    """

    statement: str
    order: int
    item: str
    subject_code: str | None
    parent: str | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """Rows that belong together though no code and no parent says so: a project in the prose, its lines …"""

    family: str
    subject: str
    rows: Mapping[str, tuple[Row, ...]]  # role → rows


@dataclass(frozen=True, slots=True)
class Codes:
    """What the rows of a body say of codes; ``children``: statement → item → the rows directly below it."""

    classes: tuple[str, ...]  # every 类 that a statement of the shared classification prints
    children: Mapping[str, Mapping[str, list[Row]]]


def codes_of(rows_of: Mapping[str, Sequence[Row]], shared: Collection[str]) -> Codes:
    """``rows_of``: statement → its rows; ``shared``: the statements that share one classification."""
    coded: dict[str, frozenset[str]] = {
        name: frozenset(row.item for row in rows if row.subject_code) for name, rows in rows_of.items()
    }
    everywhere = frozenset[str]().union(*(codes for name, codes in coded.items() if name in shared))
    has_total = any(row.item == "total" for name, rows in rows_of.items() if coded[name] for row in rows)
    children = {
        name: _children(name, rows, everywhere if name in shared else None, has_total) for name, rows in rows_of.items()
    }
    return Codes(tuple(sorted(code for code in everywhere if len(code) == 3)), children)


def _children(
    statement: str, rows: Sequence[Row], elsewhere: frozenset[str] | None, has_total: bool
) -> dict[str, list[Row]]:
    """Item of a row → the rows directly below it: the nearest printed class, group or total above each coded row.

    Rows that should stand there and do not are among them, with order 0, so that a dropped row leaves a blank: a class
    of which only the parts are printed, and what other statements of the same classification print (``elsewhere``).
    Where there is none (None), some row may be missing below every class, and it has no code. ``has_total``: whether
    any statement with codes prints a total.
    """
    codes = {row.subject_code for row in rows if row.subject_code}
    levels = {len(code) for code in codes}
    absent = {code[:3] for code in codes} - codes if 3 in levels else set()
    if elsewhere is not None:
        classes_of = {code[:3] for code in codes}
        absent |= {code for code in elsewhere - codes if len(code) in levels or code in classes_of}
    unprinted = {code for code in absent if any(other.startswith(code) for other in codes)}  # its parts are printed
    outer = {code for code in absent - unprinted if not any(code[:n] in absent for n in (3, 5) if n < len(code))}
    codes |= unprinted
    top = "total" if has_total and codes else None
    below: dict[str, list[Row]] = defaultdict(list)
    for row in [*rows, *(Row(statement, 0, code, code) for code in sorted(unprinted | outer))]:
        if row.item != "total":
            code = row.subject_code or ""
            above = next((code[:n] for n in (5, 3) if len(code) > n and code[:n] in codes), top)
            if above is not None:
                below[above].append(row)
    if elsewhere is None:
        classes = [code for code in codes if len(code) == 3]
        split = [code for code in classes if code in below]
        for code in split if 2 * len(split) <= len(classes) else sorted(classes):
            below[code].append(Row(statement, 0, f"unprinted_below_{code}", None))
    return below


def families_of(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """Rows → those that name a parent, below it: its latest row above them, else its first one.

    An item that is said again below the same parent counts once.
    """
    latest: dict[str, Row] = {}
    first: dict[str, Row] = {}
    below: dict[int, tuple[Row, dict[str, Row]]] = {}
    for row in rows:
        first.setdefault(row.item, row)
    for row in rows:
        if row.parent is not None and (above := latest.get(row.parent) or first.get(row.parent)):
            below.setdefault(above.order, (above, {}))[1].setdefault(row.item, row)
        latest[row.item] = row
    return [(above, list(own.values())) for above, own in below.values()]

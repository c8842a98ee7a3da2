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
    """What the rows of a body say of codes; ``children``: statement → item → the rows directly below it.

    ``instead``: statement → the rows that it does not mean to print → the printed ones that add up to each; none where
    it prints nothing as fine. ``open_classes``: the statements of which no other one prints every 类, so that nobody
    knows whether one is left out.
    """

    classes: tuple[str, ...]  # every 类 that a statement of the shared classification prints
    children: Mapping[str, Mapping[str, list[Row]]]
    instead: Mapping[str, Instead]
    open_classes: frozenset[str] = frozenset()


TOTAL = "total"
UNKNOWN = "other:"  # items of the prose that no subject is known for
LEVELS = (3, 5, 7)  # the digits of 类, 款, 项


class Instead:
    """The levels of code that one statement leaves out, and what stands for a row of them."""

    def __init__(self, rows: Sequence[Row], left_out: Collection[int]) -> None:
        """``left_out``: lengths of codes; 0 is the total."""
        self.left_out = frozenset(left_out)
        self.codes = sorted({row.item for row in rows if row.subject_code})
        self.found: dict[str, tuple[str, ...]] = {}

    def __call__(self, item: str) -> tuple[str, ...] | None:
        """The items that add up to this one, the highest printed ones; None where its own row is meant.

        None at all where the statement prints it only as a part of something.
        """
        if (0 if item == TOTAL else len(item) if item.isdigit() else -1) not in self.left_out:
            return None
        if item not in self.found:
            within = [code for code in self.codes if item == TOTAL or code.startswith(item)]
            self.found[item] = tuple(
                code for code in within if not any(code != above and code.startswith(above) for above in within)
            )
        is_part = not self.codes or any(item.startswith(code) for code in self.codes)
        return self.found[item] if self.found[item] or is_part else None


def codes_of(rows_of: Mapping[str, Sequence[Row]], shared: Collection[str], listed: Collection[str]) -> Codes:
    """``rows_of``: statement → its rows; ``shared``: the statements that share one classification.

    ``listed``: the statements that list codes below each other.
    """
    coded: dict[str, frozenset[str]] = {
        name: frozenset(row.item for row in rows if row.subject_code) for name, rows in rows_of.items()
    }
    everywhere = frozenset[str]().union(*(codes for name, codes in coded.items() if name in shared))
    totals = {name for name, rows in rows_of.items() if any(row.item == TOTAL for row in rows)}
    lists = [name for name in rows_of if name in listed and rows_of[name]]
    missing = {name: _missing(coded[name], everywhere if name in shared else (), name in totals) for name in lists}
    instead: dict[str, Instead] = {}
    children: dict[str, dict[str, list[Row]]] = {}
    for name, rows in rows_of.items():
        own = missing.get(name, {})
        others = [o for o in lists if o != name and coded[o]]
        # one row may be lost; several of them, or a level that another statement leaves out as well, are not printed
        left_out = {
            level
            for level, count in own.items()
            if not count
            or sum(own.values()) > 1
            or any(level in missing[o] for o in others if not level or o in shared)
        }
        instead[name] = Instead(rows, left_out)
        known = [coded[o] for o in rows_of if o != name and o in shared] if name in shared else None
        is_summed = name in totals or (own.get(0, 0) == 1 and 0 not in left_out and any(o in totals for o in others))
        children[name] = _children(name, rows, known, is_summed, left_out)
    classes = {name: {code[:3] for code in codes} for name, codes in coded.items() if name in shared}
    open_classes = {n for n, own in classes.items() if not any(own <= its for o, its in classes.items() if o != n)}
    every_class = tuple(sorted(code for code in everywhere if len(code) == 3))
    return Codes(every_class, children, instead, frozenset(open_classes))


def _missing(codes: Collection[str], elsewhere: Collection[str], has_total: bool) -> dict[int, int]:
    """Length of codes of which no row is printed (0: the total) → how many rows it would have, as far as is known."""
    near = {*codes, *(code for code in elsewhere if any(code.startswith(own) for own in codes))}
    found = {level: len({code[:level] for code in near if len(code) >= level}) for level in LEVELS}
    found = {level: count for level, count in found.items() if not any(len(code) == level for code in codes)}
    return found if has_total else {**found, 0: 1}


def _children(
    statement: str,
    rows: Sequence[Row],
    others: Sequence[frozenset[str]] | None,
    is_summed: bool,
    left_out: Collection[int],
) -> dict[str, list[Row]]:
    """Item of a row → the rows directly below it: the nearest printed class, group or total above each coded row.

    Rows that should stand there and do not are among them, with order 0, so that a dropped row leaves a blank: a class
    of which only the parts are printed, and what the ``others`` of the same classification print (their codes), but for
    the levels that this one leaves out. Where none of them prints all that is below a row, another may be missing,
    and it has no code; so it may below every class where no other statement is of that classification (None).
    ``is_summed``: whether there is a total above all, printed or lost.
    """
    codes = {row.subject_code for row in rows if row.subject_code}
    levels = {len(code) for code in codes}
    absent = {code[:3] for code in codes} - codes if 3 in levels else set()
    if others is not None:
        elsewhere = frozenset[str]().union(*others)
        classes_of = {code[:3] for code in codes}
        absent |= {code for code in elsewhere - codes if len(code) in levels or code in classes_of}
    absent = {code for code in absent if len(code) not in left_out}
    unprinted = {code for code in absent if any(other.startswith(code) for other in codes)}  # its parts are printed
    outer = {code for code in absent - unprinted if not any(code[:n] in absent for n in (3, 5) if n < len(code))}
    codes |= unprinted
    top = TOTAL if is_summed and codes else None
    below: dict[str, list[Row]] = defaultdict(list)
    for row in [*rows, *(Row(statement, 0, code, code) for code in sorted(unprinted | outer))]:
        if row.item != TOTAL:
            code = row.subject_code or ""
            above = next((code[:n] for n in (5, 3) if len(code) > n and code[:n] in codes), top)
            if above is not None:
                below[above].append(row)
    if others is not None:
        for above, own in below.items():
            printed = {row.item for row in own if row.order and row.subject_code}
            if not any(printed <= codes_of_other for codes_of_other in others):
                own.append(Row(statement, 0, f"unprinted_below_{above}", None))
    else:
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

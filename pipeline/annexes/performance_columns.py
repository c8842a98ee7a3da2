"""Which column of a 绩效目标表 is which: by its header, else by the usual orders and what stands in the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from pipeline.annexes.performance_rows import Columns, Doubts, cells_of, score
from pipeline.annexes.performance_rules import performance_rules, plain
from pipeline.forms.printed import plain_header, squash
from pipeline.forms.printed_table import PrintedRow, PrintedTable

Place = tuple[int | None, str | None]  # page, locator

_NOT_LOADED = ("other", "scoring")
_LEVELS = frozenset(("level_1", "level_2", "level_3"))
_NEARLY = 0.6


def role_of(text: str) -> str | None:
    """The role of the column that has this (squashed) header."""
    headers = performance_rules().headers
    return headers.get(text) or headers.get(plain_header(text))


def header_roles(row: PrintedRow) -> frozenset[str]:
    """The roles whose headers this row prints, if it is a row of headers."""
    filled = row.filled
    roles = [role for text in filled if (role := role_of(text))]
    proper = frozenset(roles) - {"group"}
    many = len(proper) >= 3 and len(roles) * 2 > len(filled)
    return proper if many or (len(proper) >= 2 and len(roles) == len(filled)) else frozenset()


def is_goal(row: PrintedRow) -> bool:
    return performance_rules().goal.fullmatch(row.filled[0].partition(":")[0]) is not None


class ColumnFinder:
    """The columns of one table after the other; a table without a header may have those of the table before it."""

    def __init__(self, doubts: Doubts) -> None:
        self.doubts = doubts
        self.latest: Columns | None = None

    def columns(self, headers: Sequence[PrintedRow], table: PrintedTable, name: str, continues: bool) -> Columns | None:
        """The columns below these headers; ``continues``: the project ``name`` had a header on a page before."""
        body = [row for row in table.rows if row.filled and not header_roles(row) and not is_goal(row)]
        used = max((n + 1 for row in [*body, *headers] for n, text in enumerate(row.texts) if text.strip()), default=0)
        place = (table.page, table.locator)
        if headers and not any(row.ragged for row in headers):
            found = self._from_header(headers, body, used, place)
        elif headers:
            found = _from_content(body, used, {})
            what = "the header of a performance table is cut; its columns are known by what stands in them"
            self.doubts.say("warning", what, " ".join(headers[0].filled), *place)
        elif self.latest is not None and used <= self.latest.used <= table.column_count:
            found = self.latest
            if not continues:
                what = "a performance table has no header; that of the table before it counts"
                self.doubts.say("info", what, name, *place)
        else:
            found = _from_content(body, used, {})
            if found is not None:
                what = "the header of a performance table is lost; its columns are known by what stands in them"
                self.doubts.say("warning", what, name, *place)
        self.latest = found or self.latest
        return found

    def _from_header(
        self, headers: Sequence[PrintedRow], body: Sequence[PrintedRow], used: int, place: Place
    ) -> Columns | None:
        roles, unknown, groups = _printed_roles(headers)
        # a column that holds something, and has no header: it is lost, or was merged with its neighbour's
        filled = {n for row in body for n, text in enumerate(row.texts) if text.strip()}
        if gaps := (set(unknown) | filled - set(roles)) - groups:
            # 指标值 over a column and its neighbours may be sign, number and unit
            certain = {c: role for c, role in roles.items() if role != "target" or c + 1 not in gaps}
            usual = _from_content(body, used, certain)
            if usual is not None and not any(usual.roles.get(c) in _NOT_LOADED for c in gaps):
                what = "a header of a performance table cannot be read; its place says which column it is"
                self.doubts.once("info", what, " ".join(unknown.values()), *place)
                return usual
            self._guess(unknown, roles, place)
            for column in sorted(gaps - set(unknown)):
                what = "a column of a performance table has no header; it is not loaded"
                text = " ".join(dict.fromkeys(plain(row.texts[column]) for row in body if row.texts[column].strip()))
                self.doubts.say("warning", what, text[:200], *place)
        self._not_loaded(roles, headers, filled, place)
        found = set(roles.values())
        if not {"target", "value"} & found or not _LEVELS & found:
            return None
        return Columns(dict(sorted(roles.items())), max(used, max(roles) + 1))

    def _guess(self, unknown: Mapping[int, str], roles: dict[int, str], place: Place) -> None:
        """A header with a wrong letter is the one known header that is nearly it, if its column is still missing."""
        for column, text in unknown.items():
            missing = {
                known: SequenceMatcher(None, squash(text), known).ratio()
                for known, role in performance_rules().headers.items()
                if role not in roles.values() and role != "group"
            }
            best = max(missing, key=lambda known: missing[known], default="")
            if best and missing[best] >= _NEARLY:
                roles[column] = performance_rules().headers[best]
                what = "a header of a performance table cannot be read; the rest of it says which column it is"
                self.doubts.once("info", what, text, *place)
            else:
                what = "a column of a performance table is not one that is known; it is not loaded"
                self.doubts.once("warning", what, text, *place)

    def _not_loaded(
        self, roles: Mapping[int, str], headers: Sequence[PrintedRow], filled: set[int], place: Place
    ) -> None:
        for column, role in roles.items():
            if role in _NOT_LOADED and column in filled:
                header = next(plain(row.texts[column]) for row in reversed(headers) if row.texts[column].strip())
                self.doubts.once("info", "a column of the performance tables is not loaded", header, *place)


def _printed_roles(headers: Sequence[PrintedRow]) -> tuple[dict[int, str], dict[int, str], set[int]]:
    """Column → role (the lower header counts), the headers that are not known, and the columns below a heading only."""
    roles: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for row in headers:
        for column, text in enumerate(row.texts):
            if (role := role_of(squash(text))) is not None:
                roles[column] = role
                unknown.pop(column, None)
            elif text.strip():
                unknown[column] = plain(text)
    groups = {column for column, role in roles.items() if role == "group"}  # also a label beside all rows
    kept: dict[int, str] = {}
    for column, role in sorted(roles.items()):
        if column not in groups and (role in _NOT_LOADED or role not in kept.values()):
            kept[column] = role
    if "operator" in kept.values() and "value" not in kept.values():
        kept = {column: "value" if role == "target" else role for column, role in kept.items()}
    return kept, unknown, groups


def _from_content(body: Sequence[PrintedRow], used: int, known: Mapping[int, str]) -> Columns | None:
    """The usual order of columns that what stands in them fits best; a blank column may stand in front."""
    best: tuple[int, Columns] | None = None
    for layout in performance_rules().layouts:
        for offset in (0, 1):
            roles = {column + offset: role for column, role in enumerate(layout)}
            if len(layout) + offset != used or any(roles.get(column) != role for column, role in known.items()):
                continue
            if offset and any(row.texts[0].strip() for row in body):
                continue
            fit = sum(_fit(row, roles, used) for row in body)
            if fit > 0 and (best is None or fit > best[0]):
                best = (fit, Columns(roles, used))
    return best[1] if best else None


def _fit(row: PrintedRow, roles: Mapping[int, str], used: int) -> int:
    cells, whole = cells_of(row, used)
    return score([cell.text for cell in cells], roles, frozenset()) if whole else 0

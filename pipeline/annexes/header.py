"""The header of an annex table of amounts → which column is which.

A layout (a YAML file beside the reader) names the columns in their printed order. A header text places its column where
it is one of the column's texts, or what damage left of exactly one. A column that nothing places is reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from pipeline.forms.columns import is_number_row
from pipeline.forms.form import Form, FormError
from pipeline.forms.printed import parse_amount, plain_header, squash
from pipeline.forms.printed_table import PrintedRow

Kind = Literal["text", "money", "number"]

_NOT_LETTERS = re.compile(r"[^A-Za-z\u3400-\u9fff]")
_UNIT_IN_BRACKETS = re.compile(r"\([^()]*单位[^()]*\)$")


@dataclass(frozen=True, slots=True)
class Role:
    """What a column holds; ``headers`` are its texts as letters alone, the one that counts first before the others."""

    name: str
    kind: Kind
    headers: tuple[str, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Layout:
    annex: str
    roles: tuple[Role, ...]  # in the printed order
    groups: frozenset[str]  # headers above several columns
    other_columns: tuple[re.Pattern[str], ...]  # known, not loaded
    note_words: frozenset[str]  # what a note about this annex names
    data: Mapping[str, Any]  # the rest of the file, for its reader

    @property
    def words(self) -> frozenset[str]:
        return self.groups.union(*(role.headers for role in self.roles))


@lru_cache(maxsize=8)
def load_layout(path: Path) -> Layout:
    """A layout file. Raises FormError where a key is missing, unknown or wrong."""
    raw = yaml.safe_load(path.read_text("utf-8"))
    known = {"annex", "columns", "groups", "other_columns", "note_words", "data"}
    if not isinstance(raw, dict) or set(raw) != known:
        raise FormError(f"{path.name}: the keys must be {sorted(known)}")
    roles = tuple(_role(entry, order, path.name) for order, entry in enumerate(raw["columns"]))
    if len({role.name for role in roles}) != len(roles):
        raise FormError(f"{path.name}: two columns have the same name")
    return Layout(
        raw["annex"],
        roles,
        frozenset(letters(text) for text in raw["groups"]),
        tuple(re.compile(pattern) for pattern in raw["other_columns"]),
        frozenset(raw["note_words"]),
        raw["data"],
    )


def _role(raw: Any, order: int, where: str) -> Role:
    if not isinstance(raw, dict) or set(raw) != {"column", "kind", "headers"} or raw["kind"] not in get_args(Kind):
        raise FormError(f"{where}: a column has the keys column, kind, headers: {raw!r}")
    return Role(raw["column"], raw["kind"], tuple(letters(text) for text in raw["headers"]), order)


def letters(text: str) -> str:
    """A header as its letters alone, without its year in front and its unit behind."""
    return _NOT_LETTERS.sub("", plain_header(_UNIT_IN_BRACKETS.sub("", squash(text))))


# ── texts → columns ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Columns:
    """Column index (0-based) → role, what is printed above it (letters), and the unit printed there."""

    roles: Mapping[int, Role]
    headers: Mapping[int, str]
    units: Mapping[int, str]
    width: int
    spans_known: bool
    unplaced: Mapping[int, str] = field(default_factory=dict)  # header of a column → why it has no role

    def of(self, name: str) -> int | None:
        return next((c for c, role in self.roles.items() if role.name == name), None)

    def of_kind(self, *kinds: Kind) -> list[int]:
        return sorted(c for c, role in self.roles.items() if role.kind in kinds)


_EXACT, _BEGINS, _ENDS, _WITHIN, _ALIKE = range(5)  # how well a text fits a header, best first
Fit = tuple[int, float, int, int]  # degree, distance, which of the column's texts, which header; smaller is better


def _best_fit(texts: Sequence[str], role: Role) -> Fit | None:
    """How well a column is this one, by the best of its texts; of equals the longest (政府采购目录·序号 is no 序号)."""
    found = [(fit[0], fit[1], n, fit[2]) for n, text in enumerate(texts) if (fit := _fit(text, role))]
    return min(found, default=None)


def _fit(text: str, role: Role) -> tuple[int, float, int] | None:
    """How well this text is a header of the column: degree, distance, rank of the header. Smaller is better."""
    found: list[tuple[int, float, int]] = []
    for rank, header in enumerate(role.headers):
        share = min(len(text), len(header)) / max(len(text), len(header), 1)
        if text == header:
            found.append((_EXACT, 0.0, rank))
        elif len(text) >= 2 and share >= 0.5 and header.startswith(text):
            found.append((_BEGINS, 1 - share, rank))
        elif len(text) >= 2 and share >= 0.5 and header.endswith(text):
            found.append((_ENDS, 1 - share, rank))
        elif len(header) >= 2 and share >= 0.5 and header in text:
            found.append((_WITHIN, 1 - share, rank))
        elif len(header) >= 3 and (alike := SequenceMatcher(None, text, header).ratio()) >= 0.6:
            found.append((_ALIKE, 1 - alike, rank))
    return min(found, default=None)


def _is_group(text: str, layout: Layout) -> bool:
    return any(text == group or (len(text) >= 4 and group.startswith(text)) for group in layout.groups) or any(
        len(text) >= 4 and SequenceMatcher(None, text, group).ratio() >= 0.8 for group in layout.groups
    )


def _header_like(text: str, layout: Layout) -> bool:
    plain = letters(text)
    if not plain:
        return False
    if any(plain in word for word in layout.words):
        return True
    return len(plain) >= 3 and any(SequenceMatcher(None, plain, word).ratio() >= 0.6 for word in layout.words)


def header_rows(rows: list[PrintedRow], layout: Layout, form: Form) -> int:
    """How many rows at the top of a table are its header."""
    above: dict[int, str] = {}
    for n, row in enumerate(rows):
        filled = row.filled
        if is_number_row(row, form):
            return n + 1
        if any(parse_amount(text) is not None for text in filled):
            return n
        if sum(_header_like(text, layout) for text in filled) * 2 <= len(filled):
            return n
        places = {c: letters(cell.text) for c, cell in enumerate(row.cells) if squash(cell.text)}
        if n and len(filled) < 3 and not all(_completes(above.get(c, ""), text, layout) for c, text in places.items()):
            return n  # the rest of a name that a page break cut may be a word of a header too
        if not n and len(filled) < 2:
            return n
        for c, text in places.items():
            above[c] = above.get(c, "") + text
    return len(rows)


def _completes(above: str, text: str, layout: Layout) -> bool:
    """Does a header go on with this text?"""
    exact = any(above in role.headers for role in layout.roles)
    return not exact and any(above + text in word for word in layout.words)


def header_paths(header: Sequence[PrintedRow], width: int, spans_known: bool, layout: Layout) -> list[list[str]]:
    """For each column the squashed header texts above each other, top first."""
    paths: list[list[str]] = [[] for _ in range(width)]
    started: set[int] = set()
    for n, row in enumerate(header):
        below = next((other for other in header[n + 1 :] if not other.ragged), None)
        texts = _spread(row, below) if row.ragged else _over_spans(row, spans_known, started, layout)
        if texts is None or row.odd:
            continue  # nothing says which columns its cells cover
        started |= {c for c, text in enumerate(texts) if text}
        for path, text in zip(paths, texts, strict=True):
            if text and (not path or path[-1] != text):
                path.append(text)
    return paths


def _over_spans(row: PrintedRow, spans_known: bool, started: set[int], layout: Layout) -> list[str]:
    """A merged cell's text over all its columns. Where spans are lost, only a header of several columns spreads."""
    texts = [squash(cell.text) for cell in row.cells]
    if spans_known:
        for column, width in row.spans:
            texts[column : column + width] = [texts[column]] * width
        return texts
    for c in range(1, len(texts)):
        if not texts[c] and c not in started and _is_group(letters(texts[c - 1]), layout):
            texts[c] = texts[c - 1]
    return texts


def _spread(row: PrintedRow, below: PrintedRow | None) -> list[str] | None:
    """Header cells that came without their widths, spread by the row below: there a blank is the lower part of a cell
    that reaches down, and a run of texts is what one wide cell covers. None where the counts differ."""
    if below is None:
        return None
    runs: list[list[int]] = []
    under = [squash(cell.text) for cell in below.cells]
    for c, text in enumerate(under):
        if text and c and under[c - 1]:
            runs[-1].append(c)
        else:
            runs.append([c])
    texts = [squash(cell.text) for cell in row.cells][: len(row.spans)]
    if len(runs) != len(texts):
        return None
    spread = [""] * len(row.cells)
    for run, text in zip(runs, texts, strict=True):
        for c in run:
            spread[c] = text
    return spread


def _own_texts(path: list[str], layout: Layout) -> list[str]:
    """The joined letters that may be the column's own header, the longest first, without those of several columns."""
    parts = [text for item in path if (text := letters(item))]
    while len(parts) > 1 and _is_group(parts[0], layout):
        parts = parts[1:]
    return list(dict.fromkeys("".join(parts[k:]) for k in range(len(parts))))


def _two_headers(path: list[str], layout: Layout) -> bool:
    """Do the headers of two different columns stand above one: has a text slipped?"""
    own = [letters(item) for item in path if not _is_group(letters(item), layout)]
    if any("".join(own) in role.headers for role in layout.roles):
        return False
    return len({role.name for text in own for role in layout.roles if text in role.headers}) > 1


def map_columns(paths: list[list[str]], layout: Layout, spans_known: bool, form: Form) -> Columns:
    """The columns whose header says what they are; see `Columns.unplaced` for the others."""
    own = [_own_texts(path, layout) for path in paths]
    other = {c for c, texts in enumerate(own) if any(p.fullmatch(t) for t in texts for p in layout.other_columns)}
    fits: dict[int, list[tuple[Fit, Role]]] = {}
    slipped_texts: set[int] = set()
    for c, texts in enumerate(own):
        if not spans_known and _two_headers(paths[c], layout):
            slipped_texts.add(c)
        elif c not in other:
            pairs = [(fit, role) for role in layout.roles if (fit := _best_fit(texts, role)) is not None]
            fits[c] = sorted(pairs, key=lambda pair: pair[0])
    roles, unplaced = _assign(fits)
    if not spans_known:
        _drop_inversions(roles, unplaced)
    _between(roles, own, layout)
    units = {c: unit for c, path in enumerate(paths) if path and (unit := _unit_in(path[-1], form))}
    unplaced |= dict.fromkeys(other, "other") | dict.fromkeys(slipped_texts, "order")
    unplaced |= {c: "unknown" for c, texts in enumerate(own) if c not in roles and c not in unplaced and texts}
    headers = {c: _printed_header(texts, roles.get(c)) for c, texts in enumerate(own) if texts}
    return Columns(roles, headers, units, len(paths), spans_known, unplaced)


def _assign(fits: Mapping[int, list[tuple[Fit, Role]]]) -> tuple[dict[int, Role], dict[int, str]]:
    """Each column its role, the best fits first; a worse fit than an exact one must stand in the printed order."""
    roles: dict[int, Role] = {}
    unplaced: dict[int, str] = {}
    blocked: set[str] = set()
    for degree in (_EXACT, _BEGINS, _ENDS, _WITHIN, _ALIKE):
        claims: dict[str, list[tuple[Fit, int, Role]]] = {}
        taken = blocked | {role.name for role in roles.values()}
        for c, pairs in fits.items():
            free = [(fit, role) for fit, role in pairs if fit[0] == degree and role.name not in taken]
            free = [pair for pair in free if degree == _EXACT or _in_order(c, pair[1], roles)]
            if c in roles or c in unplaced or not free or (len(free) > 1 and free[0][0][:3] == free[1][0][:3]):
                continue
            claims.setdefault(free[0][1].name, []).append((free[0][0], c, free[0][1]))
        for claim in claims.values():
            claim.sort(key=lambda entry: (entry[0][0], entry[0][1], entry[0][3]))
            if len(claim) > 1 and claim[0][0][::3] == claim[1][0][::3] and claim[0][0][1] == claim[1][0][1]:
                unplaced |= {c: "twice" for _, c, _ in claim}
                blocked.add(claim[0][2].name)
                continue
            roles[claim[0][1]] = claim[0][2]
            if degree == _EXACT:  # 总计 beside 合计
                unplaced |= {c: "other" for _, c, _ in claim[1:]}
    return roles, unplaced


def _in_order(column: int, role: Role, roles: Mapping[int, Role]) -> bool:
    left = max((other.order for c, other in roles.items() if c < column), default=-1)
    right = min((other.order for c, other in roles.items() if c > column), default=10_000)
    return left < role.order < right


def _drop_inversions(roles: dict[int, Role], unplaced: dict[int, str]) -> None:
    """Neighbours in another order than the form's, in a capture that lost its spans: their texts may have slipped."""
    ordered = sorted(roles)
    wrong = {c for a, b in pairwise(ordered) if roles[a].order > roles[b].order for c in (a, b)}
    for c in wrong:
        del roles[c]
        unplaced[c] = "order"


def _between(roles: dict[int, Role], own: list[list[str]], layout: Layout) -> None:
    """A column without a readable header, if just one column of the form belongs between its neighbours."""
    for c, texts in enumerate(own):
        if c in roles or texts or c - 1 not in roles or c + 1 not in roles:
            continue
        free = [role for role in layout.roles if roles[c - 1].order < role.order < roles[c + 1].order]
        if len(free) == 1:
            roles[c] = free[0]


def _printed_header(texts: list[str], role: Role | None) -> str:
    """The one of the texts that fits the role best, else the longest."""
    if role is None:
        return texts[0]
    return min(texts, key=lambda text: _fit(text, role) or (9, 9.0, 9))


def _unit_in(text: str, form: Form) -> str | None:
    """The unit of money in brackets behind a header: 单价(元), 价值(金额单位:万元)."""
    for inner in re.findall(r"\(([^()]*)\)", squash(text)):
        if inner in form.units or ((match := form.unit_line.fullmatch(inner)) and "unit" in match.groupdict()):
            return inner if inner in form.units else form.unit_line.fullmatch(inner)["unit"]  # type: ignore[index]
    return None


def continued(own: Columns | None, before: Columns | None, width: int) -> Columns | None:
    """The columns of a table: its own, what its header does not say from the page before where that is as wide."""
    if before is None or before.width != width:
        return own
    if own is None:
        return before
    known = {role.name for role in own.roles.values()}
    more = {c: role for c, role in before.roles.items() if c not in own.roles and role.name not in known}
    more = {c: role for c, role in more.items() if own.unplaced.get(c) != "other"}
    left = {c: why for c, why in own.unplaced.items() if c not in more}
    return replace(own, roles={**own.roles, **more}, units={**before.units, **own.units}, unplaced=left)

"""机构设置 → the units of a department: from its table (Hebei), else from the list in the prose (Shanghai)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Literal

import yaml

from pipeline.annexes.find import Annex, ProseSection
from pipeline.annexes.model import AnnexRead, OrganisationUnit
from pipeline.documents.model import Issue, Severity
from pipeline.forms.disclosure import RowRead, StatementRead
from pipeline.forms.form import Form
from pipeline.forms.printed import is_blank, plain_header, squash
from pipeline.forms.printed_table import PrintedRow, PrintedTable

RULES = Path(__file__).with_name("organisation.yaml")
STATEMENT = "organisation"

_LOADED = ("unit_name", "nature", "rank", "funding")
_WHITE = re.compile(r"\s+")
_ITEM = re.compile(
    r"(?:^|(?<=[;；。:：,，、]))\s*(?:[(（]\s*(?P<bracket>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）][.、．]?"
    r"|(?P<number>\d{1,2})\s*(?:[.、．)）](?!\d))|(?P<han>[一二三四五六七八九十]{1,3})、)"
)
_ENDS = ("。", "；", ";", "，", ",", "、", "：", ":")
_NUMERALS = {char: value for value, char in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True, slots=True)
class _Rules:
    headers: Mapping[str, str]  # squashed text → column
    layouts: tuple[tuple[str, ...], ...]
    values: Mapping[str, re.Pattern[str]]
    not_units: re.Pattern[str]
    whole_name: re.Pattern[str]
    whole: Mapping[str, re.Pattern[str]]
    list_begins: re.Pattern[str]
    internal: re.Pattern[str]
    item: re.Pattern[str]
    nature_behind: re.Pattern[str]
    count: re.Pattern[str]
    heading: re.Pattern[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    raw = yaml.safe_load(RULES.read_text("utf-8"))
    prose = {name: re.compile(pattern) for name, pattern in raw["prose"].items()}
    return _Rules(
        {squash(text): column for column, texts in raw["headers"].items() for text in texts},
        tuple(tuple(layout) for layout in raw["layouts"]),
        {column: re.compile(pattern) for column, pattern in raw["values"].items()},
        re.compile(raw["not_units"]),
        re.compile(raw["whole_name"]),
        {column: re.compile(pattern) for column, pattern in raw["whole"].items()},
        **prose,
    )


def _text(text: str) -> str:
    """As printed, without white space: a name is broken over the lines of its cell."""
    return _WHITE.sub("", text)


@dataclass(slots=True)
class _Unit:
    """A unit in the making: its texts by column."""

    texts: dict[str, str]
    columns: frozenset[str]  # that its table has
    page: int | None
    locator: str | None

    def get(self, column: str) -> str | None:
        return self.texts.get(column) or None


class _Reader:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.rules = _rules()
        self.issues: list[Issue] = []
        self.units: list[_Unit] = []
        self.empty = False  # a note says that there is nothing to state
        self.columns: dict[int, str] | None = None

    def issue(self, severity: Severity, what: str, text: str, page: int | None, locator: str | None) -> None:
        self.issues.append(Issue(severity, what, text, page, locator))

    # ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────

    def annex(self, annex: Annex) -> None:
        self.empty = self.empty or any(self._says_empty(line.text) for line in annex.lines)
        for table in annex.tables:
            self._table(table)

    def _says_empty(self, text: str) -> bool:
        return any(pattern.fullmatch(squash(text)) for pattern in self.form.empty_notes)

    def _table(self, table: PrintedTable) -> None:
        rows = [row for row in table.rows if row.filled]
        headers = [row for row in rows if self._is_header(row)]
        body = [row for row in rows if row not in headers]
        columns = self._columns(headers, body, table)
        self._not_loaded(columns or {}, headers, body)
        first = True
        for row in body:
            if self._says_empty("".join(row.filled)):
                self.empty = True
            elif columns is None:
                what = "the columns of the table of units are not known; the row is not loaded"
                self.issue("error", what, " ".join(row.filled), row.page, row.locator)
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
                self.issue("info", "a column of the table of units is not loaded", _text(header), *place)

    def _role(self, text: str) -> str | None:
        """The column of a header; of two headers in one cell the last: the first is its neighbour's."""
        known = self.rules.headers
        pieces = [known.get(squash(piece)) for piece in text.split()]
        return (
            known.get(squash(text)) or known.get(plain_header(squash(text))) or next(filter(None, pieces[::-1]), None)
        )

    def _is_header(self, row: PrintedRow) -> bool:
        roles = {role for text in row.texts if (role := self._role(text))}
        return len(roles) >= 2 or any(self.rules.headers.get(text) in _LOADED for text in row.filled)

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
            self.issue("info", what, "", table.page, table.locator)
            return usual
        unknown = [n for n in filled if n not in known]
        if "unit_name" in known.values() and unknown:
            what = "a column of the table of units is not known; it is not loaded"
            texts = " ".join(_text(row.texts[n]) for n in unknown for row in body if row.texts[n].strip())
            self.issue("warning", what, texts[:200], table.page, table.locator)
            return dict(known)
        return None

    def _fits(self, columns: Mapping[int, str], row: PrintedRow) -> int:
        texts = [(role, squash(row.texts[n])) for n, role in columns.items() if n < len(row.texts)]
        return sum(1 if self.rules.values[role].search(text) else -1 for role, text in texts if text)

    def _row(self, row: PrintedRow, columns: Mapping[int, str], first: bool) -> None:
        """``first``: of its table; the rest of a row that a page break cuts stands there."""
        texts = {role: _text(text) for n, role in columns.items() if not is_blank(text := row.texts[n])}
        name = texts.get("unit_name", "")
        printed = " ".join(row.filled)
        rest = ""
        if row.ragged or row.odd:
            what = "a row of the table of units has not the cells of its columns; what it says may be shifted"
            self.issue("warning", what, printed, row.page, row.locator)
        if self.rules.not_units.fullmatch(squash(name or printed)):
            self.issue(
                "info", "a row of the table of units is no unit; it is not loaded", printed, row.page, row.locator
            )
        elif self.units and (self._is_piece(texts, name) or (first and (rest := self._is_rest(texts)))):
            if rest:
                what = "a row of the table of units is cut by a page break; its halves are joined"
                self.issue("info" if rest == "surely" else "warning", what, printed, row.page, row.locator)
            before = self.units[-1].texts
            before.update({role: before.get(role, "") + text for role, text in texts.items()})
        elif name:
            held = _Unit(texts, frozenset(columns.values()), row.page, row.locator)
            if first and self.units and self._lacks(held.texts, held.columns):
                what = "a row below a page break prints less than the other units; it may be the rest of the one above"
                self.issue("warning", what, printed, row.page, row.locator)
            self.units.append(held)
        else:
            what = "a row of the table of units names no unit; it is not loaded"
            self.issue("warning", what, printed, row.page, row.locator)

    def _is_piece(self, texts: Mapping[str, str], name: str) -> bool:
        """The second line of the row before: no name, or only a name where the one before has no end."""
        loaded = {role for role in texts if role in _LOADED}
        if not name:
            return bool(loaded)
        before = self.units[-1].get("unit_name") or ""
        return loaded == {"unit_name"} and not self.rules.whole_name.fullmatch(squash(before))

    def _is_rest(self, texts: Mapping[str, str]) -> Literal["surely", "likely", ""]:
        """Do its texts make up, with those of the unit before, what they are not by themselves?"""
        before = self.units[-1]
        if "ordinal" in texts:
            return ""
        both = [role for role in _LOADED if role in texts and role in before.texts]
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
        names = [squash(unit.texts.get("unit_name", "")) for unit in self.units]
        alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
        common = "".join(letters[0] for letters in alike)
        return squash(name).startswith(common) if len(self.units) > 1 and len(common) > 2 else None

    def _goes_on(self, role: str, above: str, below: str) -> bool | None:
        """Is a text the rest of the one above it (True) or one by itself (False)?"""
        others = {squash(unit.texts.get(role, "")) for unit in self.units[:-1]}

        def whole(text: str) -> bool:
            return squash(text) in others or self.rules.whole[role].fullmatch(squash(text)) is not None

        alone, both = whole(below), whole(above + below)
        return None if alone == both else both

    def _lacks(self, texts: Mapping[str, str], columns: frozenset[str]) -> bool:
        """Is a column blank in it that every unit above fills?"""
        loaded = [role for role in _LOADED[1:] if role in columns and not texts.get(role)]
        return any(all(unit.get(role) for unit in self.units) for role in loaded)

    # ── the prose ───────────────────────────────────────────────────────────────────────────────────────────────────

    def section(self, section: ProseSection) -> None:
        """The units listed in a section: numbered, or in one sentence behind 包括."""
        lines = list(self._lines(section))
        before = len(self.units)
        internal = False
        latest = 0
        for text, page, locator in lines:
            head, items = _items(text)
            if head and not items:
                internal = bool(self.rules.internal.search(squash(head)))
            elif head:
                internal = internal and not self.rules.list_begins.search(squash(head))
                internal = internal or bool(self.rules.internal.search(squash(head)))
            for number, item in items:
                if number not in (None, 1, latest + 1):
                    what = "the numbers of the listed units have a gap"
                    self.issue("warning", what, f"{latest} → {number}", page, locator)
                latest = number if number is not None else latest
                if self.rules.heading.fullmatch(squash(item)):
                    latest = 0
                elif not internal:
                    self._item(item, page, locator)
        if len(self.units) == before:
            self._in_a_sentence(lines)
        self._compare_counts(section, len(self.units) - before)

    def _lines(self, section: ProseSection) -> Iterator[tuple[str, int | None, str | None]]:
        """The paragraphs; a name that goes on in the next one is put together."""
        held: tuple[str, int | None, str | None] | None = None
        for paragraph in section.paragraphs:
            text = paragraph.text.strip()
            if held is not None and not _items(text)[1] and self._is_open(held[0]):
                held = (held[0] + text, held[1], held[2])
                continue
            if held is not None:
                yield held
            held = (text, paragraph.page, paragraph.locator)
        if held is not None:
            yield held

    def _is_open(self, line: str) -> bool:
        """Does this line end within the name of a listed unit?"""
        items = _items(line)[1]
        if not items or line.endswith(_ENDS):
            return False
        last = squash(items[-1][1])
        return not self.rules.whole_name.fullmatch(last) and not self.rules.heading.fullmatch(last)

    def _in_a_sentence(self, lines: Iterable[tuple[str, int | None, str | None]]) -> None:
        for text, page, locator in lines:
            match = self.rules.list_begins.search(squash(text))
            if match is None or self.rules.internal.search(squash(text)[: match.end()]):
                continue
            for item in re.split("[、;,]", squash(text)[match.end() :].rstrip("。;")):
                if item:
                    self._item(item, page, locator)

    def _item(self, item: str, page: int | None, locator: str | None) -> None:
        text = _text(item).rstrip("。；;，,、")
        match = self.rules.item.fullmatch(squash(text))
        if match is None:
            self.issue("warning", "a listed unit cannot be read; it is not loaded", text, page, locator)
            return
        behind = self.rules.nature_behind.fullmatch(match["name"])
        nature = match["nature"] or (behind["nature"] if behind else None)
        name = _as_printed(text, match["name"])
        if match["remark"]:
            self.issue("info", "words behind the name of a listed unit are not loaded", text, page, locator)
        texts = {"unit_name": name, "nature": nature or ""}
        self.units.append(_Unit(texts, frozenset(texts), page, locator))

    def _compare_counts(self, section: ProseSection, listed: int) -> None:
        counts = [(m, p) for p in section.paragraphs for m in self.rules.count.finditer(squash(p.text))]
        stated = sum(_number(match["count"]) for match, _ in counts)
        if counts and stated != listed:
            paragraph = counts[0][1]
            what = "the prose states another number of units than it lists"
            text = f"{'、'.join(match[0] for match, _ in counts)} ({stated}): {listed}"
            self.issue("info", what, text, paragraph.page, paragraph.locator)


def _closed(text: str) -> bool:
    """Are its brackets closed?"""
    plain = squash(text)
    return plain.count("(") == plain.count(")")


def _items(text: str) -> tuple[str, list[tuple[int | None, str]]]:
    """A line → the words before its first number, and its numbered items."""
    marks = list(_ITEM.finditer(text))
    if not marks:
        return text, []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    items = [(_of_mark(mark), text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()], items


def _of_mark(mark: re.Match[str]) -> int | None:
    text = mark["number"] or mark["bracket"] or mark["han"]
    return _number(text)


def _number(text: str) -> int:
    """12, 三, 十二, 二十一 as a number."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return _NUMERALS[text[-1]]
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def _as_printed(text: str, name: str) -> str:
    """The piece of the printed text whose comparable form is this name."""
    for start in range(len(text)):
        for end in range(len(text), start, -1):
            if squash(text[start:end]) == name:
                return text[start:end]
    return name


def read_organisation(
    annexes: Sequence[Annex], sections: Sequence[ProseSection], form: Form
) -> tuple[tuple[OrganisationUnit, ...], AnnexRead]:
    """The units of a department, from the table of 机构设置 or, where there is none, from the list in its prose."""
    reader = _Reader(form)
    for annex in annexes:
        reader.annex(annex)
    source: Annex | ProseSection | None = next((annex for annex in annexes if annex.tables), None)
    prose = [section for section in sections if section.kind == STATEMENT]
    if not reader.units and prose:
        for section in prose:
            reader.section(section)
        source = prose[0] if reader.units else source
    units = tuple(_units(reader.units))
    places: list[Annex | ProseSection] = [source] if source is not None else [*annexes, *prose]
    if not units and not reader.empty and places:
        what = "no unit is read where the document speaks of its units"
        reader.issue("warning", what, _title(places[0]), places[0].page, places[0].locator)
    _doubles(reader)
    statement = _statement(source or next(iter(annexes), None), reader, len(units))
    return units, AnnexRead(statement, (), tuple(_rows(units)), tuple(reader.issues))


def _doubles(reader: _Reader) -> None:
    seen: set[str] = set()
    for unit in reader.units:
        name = squash(unit.get("unit_name") or "")
        if name in seen:
            reader.issue("info", "a unit is listed twice", name, unit.page, unit.locator)
        seen.add(name)


def _title(source: Annex | ProseSection) -> str:
    return source.title if isinstance(source, Annex) else source.heading


def _statement(source: Annex | ProseSection | None, reader: _Reader, units: int) -> StatementRead:
    status = "present" if units else "declared_empty" if reader.empty else "missing"
    if source is None:
        return StatementRead(1, STATEMENT, status)
    return StatementRead(1, STATEMENT, status, _title(source), None, units, 0, source.page, source.locator)


def _units(units: Iterable[_Unit]) -> Iterator[OrganisationUnit]:
    for order, unit in enumerate(units, start=1):
        name = unit.get("unit_name") or ""
        rest = (unit.get("nature"), unit.get("rank"), unit.get("funding"))
        yield OrganisationUnit(order, name, *rest, unit.page, unit.locator)


def _rows(units: Iterable[OrganisationUnit]) -> Iterator[RowRead]:
    for unit in units:
        order = unit.row_order
        yield RowRead(1, STATEMENT, order, order, unit.unit_name, f"unit_{order}", None, unit.page, unit.locator)

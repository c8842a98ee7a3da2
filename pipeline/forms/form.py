"""A publisher's form as data: titles, columns and fixed lines of its statements, loaded from one YAML file.

The YAML files beside this module are the only place that knows a publisher. `load_forms` checks them: a key that
nobody reads, an unknown measure or a broken pattern is an error with the file's name, never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from pipeline.forms.printed import squash

FORM_FOLDER = Path(__file__).parent

# The nine statements and their measures: CONTRACT names, the same for every publisher.
MEASURES: dict[str, frozenset[str]] = {
    "budget_summary": frozenset(
        ["revenue", "expenditure", "expenditure_personnel", "expenditure_public", "expenditure_project"]
    ),
    "revenue": frozenset(
        (
            *("total", "current_year", "fiscal_appropriation", "special_account", "undertaking", "business"),
            *("superior_subsidy", "subordinate_remittance", "other", "carryover"),
        )
    ),
    "expenditure": frozenset(
        ["total", "basic", "project", "business", "remittance_to_superior", "subsidy_to_subordinate"]
    ),
    "appropriation_summary": frozenset(["revenue", "total", "general_public", "government_fund", "state_capital"]),
    "general_public_expenditure": frozenset(["total", "basic", "project"]),
    "basic_expenditure": frozenset(["total", "personnel", "public"]),
    "government_fund_expenditure": frozenset(["total", "basic", "project"]),
    "state_capital_expenditure": frozenset(["total", "basic", "project"]),
    "three_public": frozenset(["total", "general_public", "government_fund", "state_capital"]),
}
STATEMENTS = tuple(MEASURES)

RowKind = Literal["lines", "function", "economic", "columns"]


class FormError(ValueError):
    """A form file is wrong; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column: a label, a code (or a level of it), or a measure.

    ``side`` parts the two halves of T1 and T4; where the items of a statement are its columns, it is the item.
    ``extra``: not in this publisher's own form, so 栏次 does not count it. ``unless_beside``: headers that show, where
    they stand in the same table, that this column is only a part of its measure.
    """

    role: Literal["label", "code", "measure"]
    headers: frozenset[str]
    group: frozenset[str]
    measure: str | None = None
    side: str | None = None
    extra: bool = False
    unless_beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A fixed line of T1, T4 or T9: its item and the labels that publishers print for it (squashed)."""

    item: str
    labels: tuple[str, ...]
    subject_code: str | None = None
    below: str | None = None  # the item of the heading line under which alone these labels mean this item


@dataclass(frozen=True, slots=True)
class StatementForm:
    statement: str
    title: str  # as this publisher prints it
    titles: tuple[re.Pattern[str], ...]
    rows: RowKind
    columns: tuple[Column, ...]
    lines: Mapping[str, tuple[Line, ...]]
    note_words: frozenset[str] = frozenset()  # what a note about this statement names
    own_unit: bool = False  # its unit says nothing of the others', nor theirs of its own
    variants: tuple[StatementForm, ...] = ()  # other layouts of the same statement

    @property
    def words(self) -> frozenset[str]:
        """Every text of its headers, squashed."""
        return frozenset[str]().union(*(column.headers | column.group for column in self.columns))

    def measures_of(self, side: str | None) -> tuple[str, ...]:
        return tuple(c.measure for c in self.columns if c.measure is not None and c.side == side)


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    title: str
    kinds: Mapping[str, tuple[str, ...]]
    body_line: re.Pattern[str]
    body_label: re.Pattern[str]
    body_end: re.Pattern[str]  # what the names of bodies end with
    no_name: re.Pattern[str]  # words of the document, never part of a body's name
    code_line: re.Pattern[str] | None  # the code on a line without the name
    year_line: re.Pattern[str]
    unit_line: re.Pattern[str]
    other_unit_line: re.Pattern[str] | None  # prints a unit, but none that the form knows
    number_line: re.Pattern[str]
    headings: tuple[re.Pattern[str], ...]
    units_part: re.Pattern[str]
    prose_begins: tuple[re.Pattern[str], ...]
    remarks: tuple[re.Pattern[str], ...]  # lines around a table that explain it
    empty_notes: tuple[re.Pattern[str], ...]
    whole_notes: tuple[re.Pattern[str], ...]  # what says that a note is about all of a statement; none: every note is
    units: Mapping[str, int]
    total_labels: frozenset[str]
    lone_total_labels: frozenset[str]  # a total only where no other row is called one
    column_numbers: frozenset[str]
    ordinal_headers: frozenset[str]
    other_columns: tuple[re.Pattern[str], ...]  # columns beside the budget's: another year, a comparison, remarks
    annexes: Mapping[str, tuple[re.Pattern[str], ...]]
    statements: Mapping[str, StatementForm]

    @property
    def header_words(self) -> frozenset[str]:
        """Every text that may stand in a header, squashed."""
        words = set(self.ordinal_headers)
        for statement in self.statements.values():
            for column in statement.columns:
                words |= column.headers | column.group
        return frozenset(words)

    @property
    def row_labels(self) -> frozenset[str]:
        """Every label of a total or of a fixed line, squashed."""
        lines = (line for s in self.statements.values() for side in s.lines.values() for line in side)
        return self.total_labels.union(*(line.labels for line in lines))


def _keys(raw: Any, required: set[str], where: str, optional: set[str] | None = None) -> dict[str, Any]:
    """A block of exactly these keys."""
    if not isinstance(raw, dict):
        raise FormError(f"{where}: a block of keys is expected, not {raw!r}")
    missing, unknown = required - set(raw), set(raw) - required - (optional or set())
    if missing or unknown:
        raise FormError(f"{where}: missing keys {sorted(missing)}, unknown keys {sorted(map(str, unknown))}")
    return raw


def _mapping(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise FormError(f"{where}: a block of names is expected, not {raw!r}")
    return raw


def _list(raw: Any, where: str) -> list[Any]:
    if not isinstance(raw, list) or not raw:
        raise FormError(f"{where}: a list is expected, not {raw!r}")
    return raw


def _texts(raw: Any, where: str) -> list[str]:
    for text in _list(raw, where):
        _text(text, where)
    return list(raw)


def _text(raw: Any, where: str) -> str:
    if not isinstance(raw, str):
        raise FormError(f"{where}: a text is expected, not {raw!r}")
    return raw


def _one_of(raw: Any, names: tuple[str, ...], where: str) -> Any:
    if raw not in names:
        raise FormError(f"{where}: {raw!r} is none of {', '.join(names)}")
    return raw


# `{name}` in a pattern: one letter of a body's name, or a number inside it (石家庄市第27中学) that is no year
NAME = r"(?:[^\d:,。;、\[\]]|(?!20\d\d年)\d{1,5}(?=[一-鿿]))"


def _pattern(raw: Any, where: str) -> re.Pattern[str]:
    try:
        return re.compile(_text(raw, where).replace("{name}", NAME))
    except re.error as error:
        raise FormError(f"{where}: the pattern {error.pattern!r} is wrong: {error}") from error


def _patterns(raw: Any, where: str, prefix: str = "", suffix: str = "") -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(f"{prefix}{text}{suffix}", where) for text in _texts(raw, where))


def _squashed(raw: Any, where: str) -> frozenset[str]:
    return frozenset(squash(text) for text in _texts(raw, where))


def _column(raw: Any, statement: str, sides: tuple[str, ...] | None, where: str) -> Column:
    _keys(raw, {"headers"}, f"{where}: a column", {"role", "side", "group", "measure", "extra", "unless_beside"})
    where = f"{where}, column {raw['headers']}"
    measure = raw.get("measure")
    if measure is not None and measure not in MEASURES[statement]:
        raise FormError(f"{where}: {measure!r} is no measure of {statement}; it has {sorted(MEASURES[statement])}")
    if (measure is None) == ("role" not in raw):
        raise FormError(f"{where}: a column needs either a role (code, label) or a measure")
    if "role" in raw:
        _one_of(raw["role"], ("code", "label"), where)
    side = raw.get("side")
    if sides is None:  # each column is an item
        _text(side, f"{where}, side")
    elif sides or side is not None:
        _one_of(side, sides, f"{where}, side")
    return Column(
        role=raw.get("role", "measure"),
        headers=_squashed(raw["headers"], where),
        group=_squashed(raw["group"], where) if "group" in raw else frozenset(),
        measure=measure,
        side=side,
        extra=raw.get("extra", False) is True,
        unless_beside=_squashed(raw["unless_beside"], where) if "unless_beside" in raw else frozenset(),
    )


def _lines(raw: Any, classes: tuple[Line, ...], where: str) -> dict[str, tuple[Line, ...]]:
    lines: dict[str, tuple[Line, ...]] = {}
    for side, entries in _mapping(raw, where).items():
        found: list[Line] = []
        for entry in _list(entries, f"{where} {side}"):
            if isinstance(entry, dict) and "classes" in entry:
                _one_of(_keys(entry, {"classes"}, f"{where} {side}")["classes"], ("function",), f"{where} {side}")
                found.extend(classes)
            else:
                _keys(entry, {"item", "labels"}, f"{where} {side}", {"below"})
                labels = tuple(squash(label) for label in _texts(entry["labels"], f"{where} {side}"))
                item, below = _text(entry["item"], f"{where} {side}"), entry.get("below")
                if below is not None:
                    _one_of(below, tuple(line.item for line in found), f"{where} {side}, below")
                found.append(Line(item, labels, below=below))
        lines[side] = tuple(found)
    return lines


def _statement(raw: Any, name: str, prefix: str, suffix: str, classes: tuple[Line, ...], where: str) -> StatementForm:
    if name not in MEASURES:
        raise FormError(f"{where}: there is no such statement; there are {list(STATEMENTS)}")
    _keys(raw, {"title", "titles", "rows", "columns"}, where, {"lines", "note_words", "own_unit", "variants"})
    titles = {"title": raw["title"], "titles": raw["titles"], "note_words": raw.get("note_words", [raw["title"]])}
    variants = [
        _statement(
            {**titles, **_keys(v, {"rows", "columns"}, f"{where}, variants", {"lines"})},
            name,
            prefix,
            suffix,
            classes,
            f"{where}, variants",
        )
        for v in raw.get("variants", ())
    ]
    lines = _lines(raw.get("lines", {}), classes, f"{where}, lines")
    rows: RowKind = _one_of(raw["rows"], get_args(RowKind), f"{where}, rows")
    if (rows == "lines") != bool(lines):
        raise FormError(f"{where}: fixed lines belong to rows: lines, and to no other")
    sides = None if rows == "columns" else tuple(lines)
    return StatementForm(
        statement=name,
        title=_text(raw["title"], f"{where}, title"),
        titles=_patterns([f"(?P<core>{title})" for title in _texts(raw["titles"], where)], where, prefix, suffix),
        rows=rows,
        columns=tuple(_column(column, name, sides, where) for column in _list(raw["columns"], where)),
        lines=lines,
        note_words=_squashed(raw["note_words"], where) if "note_words" in raw else frozenset(),
        own_unit=raw.get("own_unit", False) is True,
        variants=tuple(replace(variant, note_words=frozenset()) for variant in variants),
    )


_KEYS = {
    *("form", "name", "kinds", "title_prefix", "title_suffix", "identity", "units_part", "prose_begins"),
    *("empty_notes", "units", "total_labels", "column_numbers", "ordinal_headers", "other_columns", "annexes"),
    "statements",
}
_IDENTITY_KEYS = {"body_line", "body_label", "body_end", "no_name", "year_line", "unit_line", "number_line", "headings"}
_OPTIONAL_IDENTITY_KEYS = {"code_line", "other_unit_line"}
_OPTIONAL_KEYS = {"remarks", "whole_notes", "lone_total_labels"}  # not every publisher prints such lines


def parse_form(text: str, classes: tuple[Line, ...], where: str) -> Form:
    """A form file's text → Form. ``classes`` are the 类 of the function classification as lines (T1, T4).

    Raises FormError with the place in words.
    """
    try:
        raw = _keys(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), _KEYS, where, _OPTIONAL_KEYS)
    except yaml.YAMLError as error:
        raise FormError(f"{where}: not YAML: {error}") from error
    prefix, suffix = _text(raw["title_prefix"], f"{where}, title_prefix"), _text(raw["title_suffix"], where)
    identity = _keys(raw["identity"], _IDENTITY_KEYS, f"{where}, identity", _OPTIONAL_IDENTITY_KEYS)
    statements = {
        name: _statement(entry, name, prefix, suffix, classes, f"{where}, statement {name}")
        for name, entry in _mapping(raw["statements"], f"{where}, statements").items()
    }
    if missing := set(STATEMENTS) - set(statements):
        raise FormError(f"{where}: the statements {sorted(missing)} are not described")
    units = _mapping(raw["units"], f"{where}, units")
    if not all(type(yuan) is int and yuan > 0 for yuan in units.values()):
        raise FormError(f"{where}, units: each is a whole number of yuan, not {units}")
    return Form(
        name=_text(raw["form"], f"{where}, form"),
        title=_text(raw["name"], f"{where}, name"),
        kinds={
            kind: tuple(_texts(words, f"{where}, kinds"))
            for kind, words in _mapping(raw["kinds"], f"{where}, kinds").items()
        },
        body_line=_pattern(identity["body_line"], f"{where}, body_line"),
        body_label=_pattern(identity["body_label"], f"{where}, body_label"),
        body_end=_pattern(identity["body_end"], f"{where}, body_end"),
        no_name=_pattern(identity["no_name"], f"{where}, no_name"),
        code_line=_pattern(identity["code_line"], f"{where}, code_line") if "code_line" in identity else None,
        year_line=_pattern(identity["year_line"], f"{where}, year_line"),
        unit_line=_pattern(identity["unit_line"], f"{where}, unit_line"),
        other_unit_line=_pattern(identity["other_unit_line"], f"{where}, other_unit_line")
        if "other_unit_line" in identity
        else None,
        number_line=_pattern(identity["number_line"], f"{where}, number_line"),
        headings=_patterns(identity["headings"], f"{where}, headings"),
        units_part=_pattern(raw["units_part"], f"{where}, units_part"),
        prose_begins=_patterns(raw["prose_begins"], f"{where}, prose_begins"),
        remarks=_patterns(raw["remarks"], f"{where}, remarks") if "remarks" in raw else (),
        empty_notes=_patterns(raw["empty_notes"], f"{where}, empty_notes"),
        whole_notes=_patterns(raw["whole_notes"], f"{where}, whole_notes") if "whole_notes" in raw else (),
        units=units,
        total_labels=_squashed(raw["total_labels"], f"{where}, total_labels"),
        lone_total_labels=_squashed(raw["lone_total_labels"], where) if "lone_total_labels" in raw else frozenset(),
        column_numbers=_squashed(raw["column_numbers"], f"{where}, column_numbers"),
        ordinal_headers=_squashed(raw["ordinal_headers"], f"{where}, ordinal_headers"),
        other_columns=_patterns(raw["other_columns"], f"{where}, other_columns"),
        annexes={
            name: _patterns(patterns, f"{where}, annexes", prefix)
            for name, patterns in _mapping(raw["annexes"], f"{where}, annexes").items()
        },
        statements=statements,
    )


def form_files(folder: Path = FORM_FOLDER) -> list[Path]:
    """The form files, by name."""
    return sorted(folder.glob("*.yaml"))


@lru_cache(maxsize=1)
def load_forms() -> tuple[Form, ...]:
    """Every form beside this module. Raises FormError."""
    from pipeline.forms.classification import function_classification  # it reads a file: only when forms are needed

    classes = tuple(
        Line(code.code, (squash(code.name),), subject_code=code.code) for code in function_classification().level(1)
    )
    return tuple(parse_form(path.read_text("utf-8"), classes, path.name) for path in form_files())

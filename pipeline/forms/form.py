"""A publisher's form as data: titles, columns and fixed lines of its statements, loaded from one YAML file.

The YAML files beside this module are the only place that knows a publisher. `load_forms` checks them: a key that
nobody reads, an unknown measure or a broken pattern is an error with the file's name, never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

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

RowKind = Literal["lines", "function", "economic"]


class FormError(ValueError):
    """A form file is wrong; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column: a label, a code, or a measure. ``side`` parts the two halves of T1 and T4."""

    role: Literal["label", "code", "measure"]
    headers: frozenset[str]
    group: frozenset[str]
    measure: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A fixed line of T1, T4 or T9: its item and the labels that publishers print for it (squashed)."""

    item: str
    labels: tuple[str, ...]
    subject_code: str | None = None


@dataclass(frozen=True, slots=True)
class StatementForm:
    statement: str
    title: str  # as this publisher prints it
    titles: tuple[re.Pattern[str], ...]
    rows: RowKind
    columns: tuple[Column, ...]
    lines: Mapping[str, tuple[Line, ...]]

    def measures_of(self, side: str | None) -> tuple[str, ...]:
        return tuple(c.measure for c in self.columns if c.measure is not None and c.side == side)


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    title: str
    kinds: Mapping[str, tuple[str, ...]]
    body_line: re.Pattern[str]
    body_label: re.Pattern[str]
    year_line: re.Pattern[str]
    unit_line: re.Pattern[str]
    headings: tuple[re.Pattern[str], ...]
    units_part: re.Pattern[str]
    prose_begins: tuple[re.Pattern[str], ...]
    empty_notes: tuple[re.Pattern[str], ...]
    units: Mapping[str, int]
    total_labels: frozenset[str]
    column_numbers: frozenset[str]
    ordinal_headers: frozenset[str]
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


def _patterns(raw: list[str], where: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(pattern) for pattern in raw)
    except re.error as error:
        raise FormError(f"{where}: the pattern {error.pattern!r} is wrong: {error}") from error


def _squashed(raw: list[str]) -> frozenset[str]:
    return frozenset(squash(text) for text in raw)


def _column(raw: dict[str, Any], statement: str, where: str) -> Column:
    unknown = set(raw) - {"role", "side", "group", "headers", "measure"}
    if unknown:
        raise FormError(f"{where}: a column has unknown keys {sorted(unknown)}")
    measure = raw.get("measure")
    if measure is not None and measure not in MEASURES[statement]:
        raise FormError(f"{where}: {measure!r} is no measure of {statement}; it has {sorted(MEASURES[statement])}")
    if (measure is None) == ("role" not in raw):
        raise FormError(f"{where}: a column needs either a role (code, label) or a measure")
    return Column(
        role=raw.get("role", "measure"),
        headers=_squashed(raw["headers"]),
        group=_squashed(raw.get("group", [])),
        measure=measure,
        side=raw.get("side"),
    )


def _lines(raw: dict[str, list[dict[str, Any]]], classes: tuple[Line, ...]) -> dict[str, tuple[Line, ...]]:
    lines: dict[str, tuple[Line, ...]] = {}
    for side, entries in raw.items():
        found: list[Line] = []
        for entry in entries:
            if entry.get("classes") == "function":
                found.extend(classes)
            else:
                found.append(Line(entry["item"], tuple(squash(label) for label in entry["labels"])))
        lines[side] = tuple(found)
    return lines


_KEYS = {
    *("form", "name", "kinds", "title_prefix", "title_suffix", "identity", "units_part", "prose_begins"),
    *("empty_notes", "units", "total_labels", "column_numbers", "ordinal_headers", "annexes", "statements"),
}


def parse_form(text: str, classes: tuple[Line, ...], where: str) -> Form:
    """A form file's text → Form. ``classes`` are the 类 of the function classification as lines (T1, T4).

    Raises FormError with the place in words.
    """
    raw = yaml.safe_load(text)
    if not isinstance(raw, dict) or set(raw) != _KEYS:
        found = set(raw) if isinstance(raw, dict) else set()
        raise FormError(f"{where}: missing keys {sorted(_KEYS - found)}, unknown keys {sorted(found - _KEYS)}")
    prefix, suffix, identity = raw["title_prefix"], raw["title_suffix"], raw["identity"]
    statements: dict[str, StatementForm] = {}
    for name, entry in raw["statements"].items():
        here = f"{where}, statement {name}"
        if name not in MEASURES:
            raise FormError(f"{here}: there is no such statement; there are {list(STATEMENTS)}")
        statements[name] = StatementForm(
            statement=name,
            title=entry["title"],
            titles=_patterns([f"{prefix}(?P<core>{title}){suffix}" for title in entry["titles"]], here),
            rows=entry["rows"],
            columns=tuple(_column(column, name, here) for column in entry["columns"]),
            lines=_lines(entry.get("lines", {}), classes),
        )
    if missing := set(STATEMENTS) - set(statements):
        raise FormError(f"{where}: the statements {sorted(missing)} are not described")
    return Form(
        name=raw["form"],
        title=raw["name"],
        kinds={kind: tuple(words) for kind, words in raw["kinds"].items()},
        body_line=re.compile(identity["body_line"]),
        body_label=re.compile(identity["body_label"]),
        year_line=re.compile(identity["year_line"]),
        unit_line=re.compile(identity["unit_line"]),
        headings=_patterns(identity["headings"], where),
        units_part=re.compile(raw["units_part"]),
        prose_begins=_patterns(raw["prose_begins"], where),
        empty_notes=_patterns(raw["empty_notes"], where),
        units=raw["units"],
        total_labels=_squashed(raw["total_labels"]),
        column_numbers=_squashed(raw["column_numbers"]),
        ordinal_headers=_squashed(raw["ordinal_headers"]),
        annexes={
            name: _patterns([f"{prefix}{p}" for p in patterns], where) for name, patterns in raw["annexes"].items()
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

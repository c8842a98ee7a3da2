"""What organisation.yaml says, and the units as they are held while they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from pipeline.documents.model import Issue, Severity
from pipeline.forms.form import Form
from pipeline.forms.printed import squash

RULES = Path(__file__).with_name("organisation.yaml")
LOADED = ("unit_name", "nature", "rank", "funding")
_WHITE = re.compile(r"\s+")
_NUMERALS = {char: value for value, char in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True, slots=True)
class Rules:
    headers: Mapping[str, str]  # squashed text → column
    layouts: tuple[tuple[str, ...], ...]
    values: Mapping[str, re.Pattern[str]]
    not_units: re.Pattern[str]
    whole_name: re.Pattern[str]
    several: re.Pattern[str]
    whole: Mapping[str, re.Pattern[str]]
    list_begins: re.Pattern[str]
    internal: re.Pattern[str]
    item: re.Pattern[str]
    nature_behind: re.Pattern[str]
    count: re.Pattern[str]
    heading: re.Pattern[str]


@lru_cache(maxsize=1)
def organisation_rules() -> Rules:
    raw = yaml.safe_load(RULES.read_text("utf-8"))
    prose = {name: re.compile(pattern) for name, pattern in raw["prose"].items()}
    return Rules(
        {squash(text): column for column, texts in raw["headers"].items() for text in texts},
        tuple(tuple(layout) for layout in raw["layouts"]),
        {column: re.compile(pattern) for column, pattern in raw["values"].items()},
        re.compile(raw["not_units"]),
        re.compile(raw["whole_name"]),
        re.compile(raw["several"]),
        {column: re.compile(pattern) for column, pattern in raw["whole"].items()},
        **prose,
    )


def without_blanks(text: str) -> str:
    """As printed, without white space: a name is broken over the lines of its cell."""
    return _WHITE.sub("", text)


def counted(text: str) -> int:
    """12, 三, 十二, 二十一 as a number."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return _NUMERALS[text[-1]]
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def units_named(name: str) -> int:
    """How many units a row stands for: 某局（参公4户） for four."""
    match = organisation_rules().several.fullmatch(squash(name))
    return counted(match["count"]) if match else 1


@dataclass(slots=True)
class HeldUnit:
    """A unit in the making: its texts by column."""

    texts: dict[str, str]
    columns: frozenset[str]  # that its table has
    page: int | None
    locator: str | None

    def get(self, column: str) -> str | None:
        return self.texts.get(column) or None


@dataclass(slots=True)
class Held:
    """The units read so far and the doubts about them; ``empty``: a note says that there is nothing to state."""

    form: Form
    issues: list[Issue] = field(default_factory=list)
    units: list[HeldUnit] = field(default_factory=list)
    empty: bool = False

    def issue(self, severity: Severity, what: str, text: str, page: int | None, locator: str | None) -> None:
        self.issues.append(Issue(severity, what, text, page, locator))

    def says_empty(self, text: str) -> bool:
        return any(pattern.fullmatch(squash(text)) for pattern in self.form.empty_notes)

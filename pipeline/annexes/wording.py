"""claims.yaml, loaded and checked: the words of the explanation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).with_name("claims.yaml")

Pattern = re.Pattern[str]


class WordingError(ValueError):
    """claims.yaml is wrong; the message names the place."""


@dataclass(frozen=True, slots=True)
class SidedFund:
    """A fund named without 收入 or 支出, and what it is in a list of either."""

    words: Pattern
    revenue: str | None
    expenditure: str | None


@dataclass(frozen=True, slots=True)
class WithWord:
    """Words that name a subject only in some sections, beside another word of the same sentence."""

    subject: str
    words: Pattern
    sections: frozenset[str]
    sentence: Pattern


@dataclass(frozen=True, slots=True)
class Wording:
    """Field by field what claims.yaml holds; the names are the same."""

    sections: Mapping[str, str | None]
    known_only: Mapping[str, frozenset[str]]
    counted_below: Mapping[str, Pattern]
    headings: Mapping[str, Pattern]
    project_heading: Pattern
    subjects: Mapping[str, Pattern]
    only_in: Mapping[str, frozenset[str]]
    with_word: tuple[WithWord, ...]
    parts: Mapping[str, frozenset[str]]
    within: Mapping[str, Mapping[str, str]]
    inside: Mapping[str, Mapping[str, Pattern]]
    by_side: tuple[SidedFund, ...]
    revenue_side: frozenset[str]
    expenditure_side: frozenset[str]
    lists_projects: frozenset[str]
    ends_projects: frozenset[str]
    not_a_project: Pattern
    function_items: tuple[Pattern, ...]
    year: Pattern
    compared: Pattern
    same_period: Pattern
    not_a_year: Pattern
    execution: Pattern
    up: Pattern
    down: Pattern
    behind_change: Pattern
    up_rate: Pattern
    down_rate: Pattern
    to: Pattern
    from_: Pattern
    level: Pattern
    not_level: Pattern
    share: Pattern
    opens: Pattern
    opens_list: Pattern
    each: Pattern
    alike: Pattern
    either: Pattern
    reason: Pattern
    purpose: Pattern
    joins: Pattern
    fillers: Pattern
    speaker: Pattern
    head_office: Pattern
    anyone: Pattern
    of_part: Pattern
    heading_of: Pattern
    unit: Pattern
    other_scope: Pattern
    limit_before: Pattern
    about: Pattern
    limit_behind: Pattern
    money_before: Pattern


def _pattern(raw: Any, where: str) -> Pattern:
    patterns = [raw] if isinstance(raw, str) else raw
    if not isinstance(patterns, list) or not patterns or not all(isinstance(p, str) for p in patterns):
        raise WordingError(f"claims.yaml, {where}: a pattern or a list of them is expected, not {raw!r}")
    try:
        return re.compile("|".join(patterns))
    except re.error as error:
        raise WordingError(f"claims.yaml, {where}: the pattern is wrong: {error}") from error


def _patterns(raw: Mapping[str, Any], where: str) -> dict[str, Pattern]:
    return {name: _pattern(patterns, f"{where}, {name}") for name, patterns in raw.items()}


_GROUPED = {
    *("sections", "known_only", "counted_below", "headings", "subjects", "only_in", "with_word", "parts", "within"),
    "inside",
    *("by_side", "revenue_side", "expenditure_side", "lists_projects", "ends_projects", "function_items"),
}


def parse_wording(text: str) -> Wording:
    """The text of claims.yaml → Wording. Raises WordingError."""
    raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    names = {name.rstrip("_") for name in Wording.__dataclass_fields__}
    if missing_or_unknown := names ^ set(raw):
        raise WordingError(f"claims.yaml: missing or unknown keys {sorted(missing_or_unknown)}")
    subjects = _patterns(raw["subjects"], "subjects")
    known = {*subjects, "codes", "projects"}
    for name, parts in raw["parts"].items():
        if unknown := {name, *parts} - known:
            raise WordingError(f"claims.yaml, parts, {name}: no such subjects: {sorted(unknown)}")
    simple = {
        "from_" if name == "from" else name: _pattern(value, name)
        for name, value in raw.items()
        if name not in _GROUPED
    }
    return Wording(
        sections=raw["sections"],
        known_only={name: frozenset(allowed) for name, allowed in raw["known_only"].items()},
        counted_below=_patterns(raw["counted_below"], "counted_below"),
        headings=_patterns(raw["headings"], "headings"),
        subjects=subjects,
        only_in={name: frozenset(kinds) for name, kinds in raw["only_in"].items()},
        with_word=tuple(
            WithWord(
                entry["subject"],
                _pattern(entry["words"], "with_word"),
                frozenset(entry["sections"]),
                _pattern(entry["sentence"], "with_word"),
            )
            for entry in raw["with_word"]
        ),
        parts={name: frozenset(parts) for name, parts in raw["parts"].items()},
        within=raw["within"],
        inside={name: _patterns(words, f"inside, {name}") for name, words in raw["inside"].items()},
        by_side=tuple(
            SidedFund(_pattern(entry["words"], "by_side"), entry["revenue"], entry["expenditure"])
            for entry in raw["by_side"]
        ),
        revenue_side=frozenset(raw["revenue_side"]),
        expenditure_side=frozenset(raw["expenditure_side"]),
        lists_projects=frozenset(raw["lists_projects"]),
        ends_projects=frozenset(raw["ends_projects"]),
        function_items=tuple(_pattern(pattern, "function_items") for pattern in raw["function_items"]),
        **simple,
    )


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """claims.yaml beside this module. Raises WordingError."""
    return parse_wording(WORDS.read_text("utf-8"))

"""What the rules of performance.yaml say of a text: which level it is, which target, how it is printed on one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from pipeline.forms.loadable import not_loadable
from pipeline.forms.printed import parse_amount, squash

RULES = Path(__file__).with_name("performance.yaml")

_SPACE_BESIDE_CJK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_SPACE_NOT_IN_NUMBER = re.compile(r"(?<![\d.,])\s+|\s+(?![\d.,])")
_DATE_GOES_ON = re.compile(  # what stands before and behind the seam of a date in two pieces
    r"(?:年\|(?:\d{1,2}月|底|末|初|之?前)|月\|(?:\d{1,2}[日号]|底|末|初|份|中|[上中下]旬|之?前)"
    r"|[日号底末初旬份]\|之?前|之\|前|[上中下]\|旬|\d\|[\d年月日号./-]|[./-]\|\d).*"
)
_NUMBER = re.compile(r"[-+]?\d(?:[\d,.\s]*\d)?")
_INDICATOR_WORD = re.compile(r"指标$")
_KNOWN_SCRIPTS = ("CJK", "LATIN", "GREEK", "FULLWIDTH", "HALFWIDTH", "ROMAN", "CIRCLED", "PARENTHESIZED", "DIGIT")


@dataclass(frozen=True, slots=True)
class _Level:
    """A kind of indicators: what its first and its second level may be called; ``label`` is its usual first level."""

    level_1: re.Pattern[str]
    level_2: re.Pattern[str]
    label: str


@dataclass(frozen=True, slots=True)
class _TargetRules:
    before: tuple[tuple[str, str], ...]  # (words, operator), longest words first
    behind: tuple[tuple[str, str], ...]
    no_operator: frozenset[str]
    leading: tuple[str, ...]
    dates: re.Pattern[str]
    dates_if_alone: re.Pattern[str]
    unit: re.Pattern[str]
    not_in_units: re.Pattern[str]
    units: frozenset[str]
    same_units: Mapping[str, str]  # squashed spelling → the unit
    factors: Mapping[str, int]
    no_factor: re.Pattern[str]
    cut_units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    whole: re.Pattern[str]
    title_tail: re.Pattern[str]
    no_name: re.Pattern[str]
    goal: re.Pattern[str]
    name: re.Pattern[str]
    not_loaded_rows: re.Pattern[str]
    notes: re.Pattern[str]
    headers: Mapping[str, str]  # squashed text → role
    layouts: tuple[tuple[str, ...], ...]
    scoring_words: re.Pattern[str]
    levels: Mapping[str, _Level]
    target: _TargetRules


@lru_cache(maxsize=1)
def performance_rules() -> Rules:
    raw = yaml.safe_load(RULES.read_text("utf-8"))
    names = ("whole", "title_tail", "no_name", "goal", "name", "not_loaded_rows", "notes", "scoring_words")
    patterns = {name: re.compile(raw[name]) for name in names}
    levels = {
        kind: _Level(re.compile(level["level_1"]), re.compile(level["level_2"]), level["label"])
        for kind, level in raw["levels"].items()
    }
    headers = {squash(text): role for role, texts in raw["headers"].items() for text in texts}
    layouts = tuple(tuple(layout) for layout in raw["layouts"])
    return Rules(**patterns, headers=headers, layouts=layouts, levels=levels, target=_target_rules(raw["target"]))


def _target_rules(raw: Mapping[str, Any]) -> _TargetRules:
    def words(block: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
        pairs = [(squash(word), operator) for operator, texts in block.items() for word in texts]
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))

    return _TargetRules(
        words(raw["operators"]),
        words(raw["behind"]),
        frozenset(map(squash, raw["no_operator"])),
        tuple(squash(word) for word in raw["leading"]),
        re.compile(raw["dates"]),
        re.compile(raw["dates_if_alone"]),
        re.compile(raw["unit"]),
        re.compile(raw["not_in_units"]),
        frozenset(map(squash, raw["units"])),
        {squash(text): unit for unit, texts in raw["same_units"].items() for text in texts},
        raw["factors"],
        re.compile(raw["no_factor"]),
        raw["cut_units"],
    )


@dataclass(frozen=True, slots=True)
class Target:
    """A target that is a number: ``value`` in ``unit`` as printed (narrow characters); ``operator`` is ≥ ≤ = > <."""

    operator: str | None
    value: Decimal
    unit: str | None


def parse_target(text: str) -> Target | None:
    """``≥95百分比``, ``不超过30万元``, ``3天内``; None for words, dates, spans and whatever says more than a number."""
    rules = performance_rules().target
    rest = _SPACE_NOT_IN_NUMBER.sub("", unicodedata.normalize("NFKC", text)).rstrip("。;,")
    rest, _ = _without(rest, rules.leading)
    rest, operator = operator_before(rest)
    rest, _ = _without(rest, rules.leading)
    if says_date(f"{operator or ''}{rest}"):
        return None
    number = _NUMBER.match(rest)
    value = parse_amount(number[0]) if number and _plain_digits(text) else None
    if number is None or value is None:
        return None
    unit = rest[number.end() :]
    for words, meaning in rules.behind:
        if unit.endswith(words):
            unit = unit.removesuffix(words)
            if operator not in (None, meaning):
                return None
            operator = meaning
            break
    if not rules.unit.fullmatch(unit) or rules.not_in_units.search(unit):
        return None
    return Target(operator, value, unit or None)


def measured(value: Decimal, unit: str | None) -> tuple[Decimal, str | None]:
    """A printed target in units that can be compared: 95 百分比 is 95 %, 33 万个 is 330,000 个. Money stays."""
    rules = performance_rules().target
    unit = rules.same_units.get(squash(unit or ""), unit)
    if unit is None or rules.no_factor.fullmatch(unit):
        return value, unit
    for prefix, factor in rules.factors.items():
        if unit.startswith(prefix) and not_loadable(value * factor, is_money=False) is None:
            counted = unit.removeprefix(prefix)
            return value * factor, rules.same_units.get(counted, counted) or None
    return value, unit


def _plain_digits(text: str) -> bool:
    """False for circled and raised digits, which NFKC would make plain ones."""
    return not any(unicodedata.category(char) == "No" for char in text)


def _without(text: str, words: Iterable[str]) -> tuple[str, str | None]:
    word = next((word for word in words if text.startswith(word)), None)
    return (text[len(word) :], word) if word else (text, None)


def operator_before(text: str) -> tuple[str, str | None]:
    for words, operator in performance_rules().target.before:
        if text.startswith(words):
            return text[len(words) :], operator
    return text, None


def is_operator(text: str) -> bool:
    plain = squash(text)
    return plain in performance_rules().target.no_operator or any(
        plain == words for words, _ in performance_rules().target.before
    )


def says_date(text: str) -> bool:
    """2023年12月, 12月底前, 每月25日前; ≤3月 is a time and none."""
    rest, operator = operator_before(squash(text))
    rules = performance_rules().target
    return bool(rules.dates.fullmatch(rest) or (operator is None and rules.dates_if_alone.fullmatch(rest)))


def complete(text: str) -> bool:
    """Is this text a whole target by itself: a number with an operator or a unit, or a date?"""
    target = parse_target(text)
    return says_date(text) or (target is not None and (target.operator is not None or target.unit is not None))


def torn(first: str, rest: str) -> Literal["surely", "maybe", ""]:
    """Do two texts make up one target: 2023年12 | 月, ≤28.5万 | 元 (surely), ≥9 | 5% (which may be two as well)?"""
    above, below = squash(first), squash(rest)
    if not above or not below or not complete(above + below) or operator_before(below)[1]:
        return ""
    if says_date(above + below):
        seam = _DATE_GOES_ON.fullmatch(f"{above[-1]}|{below}")
        return "" if seam is None else "maybe" if says_date(above) and says_date(below) else "surely"
    if above[-1] in ".,":
        return "surely"
    if below[0].isdigit():
        return "maybe" if above[-1].isdigit() else ""
    target, half = parse_target(above + below), parse_target(above)
    known = performance_rules().target.units
    if target is None or (half is not None and half.unit in known):
        return ""
    return "surely" if target.unit in known or not complete(above) else ""


def open_brackets(text: str) -> bool:
    """Does it hold half a pair of brackets?"""
    return any(text.count(left) != text.count(right) for left, right in (("(", ")"), ("《", "》")))


def plain(text: str) -> str:
    """A text as printed on one line: white space next to a Chinese character is where the line was broken."""
    return " ".join(_SPACE_BESIDE_CJK.sub("", text).split())


def _level_key(text: str) -> str:
    return _INDICATOR_WORD.sub("", squash(text))


@lru_cache(maxsize=4096)
def kinds_1(text: str) -> frozenset[str]:
    key = _level_key(text)
    return frozenset(kind for kind, level in performance_rules().levels.items() if key and level.level_1.fullmatch(key))


@lru_cache(maxsize=4096)
def kinds_2(text: str) -> frozenset[str]:
    key = _level_key(text)
    return frozenset(kind for kind, level in performance_rules().levels.items() if key and level.level_2.fullmatch(key))


def foreign(text: str) -> bool:
    """Does it hold letters of a script that no disclosure uses? A picture was read as text there."""
    return any(
        unicodedata.category(char).startswith("L") and not unicodedata.name(char, "").startswith(_KNOWN_SCRIPTS)
        for char in unicodedata.normalize("NFKC", text)
    )

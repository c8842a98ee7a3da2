"""The subject codes, and what a printed (code, label) pair means by them.

支出功能分类 (类 3 digits / 款 5 / 项 7) and 支出部门经济分类 (类 3 / 款 5), read from `pipeline/reference`: the
reference list, the official lists that the user loaded (`yusuan codes load`), and other ways to write a name.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pipeline.forms.printed import squash

REFERENCE = Path(__file__).parents[1] / "reference"

CodeResolution = Literal["as_printed", "from_label", "from_hierarchy", "unresolved", "none"]


_SHORTEST_END = 4  # characters: a shorter end may be that of a body too


@dataclass(frozen=True, slots=True)
class SubjectCode:
    code: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """``subject_code`` is the printed code where nothing better is certain; ``doubt`` says in words what is odd."""

    subject_code: str | None
    resolution: CodeResolution
    doubt: str | None = None


class Classification:
    """Codes with their names; a code may have had several names over the editions."""

    def __init__(self, codes: Iterable[SubjectCode]) -> None:
        self._codes = sorted(dict.fromkeys(codes), key=lambda c: c.code)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for code in self._codes:
            self._names[code.code].add(squash(code.name))
            self._by_name[squash(code.name)].add(code.code)

    def level(self, level: int) -> list[SubjectCode]:
        return [code for code in self._codes if code.level == level]

    def __contains__(self, code: str) -> bool:
        return code in self._names

    def named(self, code: str, label: str) -> bool:
        """Is this (squashed) label a name of the code?"""
        return label in self._names.get(code, ())

    def is_name(self, label: str) -> bool:
        return label in self._by_name

    def begins_name(self, label: str) -> bool:
        """Is this (squashed) label the beginning of some name, but not all of it?"""
        return any(name.startswith(label) and name != label for name in self._by_name)

    def ends_name(self, label: str) -> bool:
        """Is this (squashed) label the end of some name, as a page break leaves it?"""
        return len(label) >= _SHORTEST_END and any(name.endswith(label) for name in self._by_name)

    def codes_named(self, label: str) -> frozenset[str]:
        return frozenset(self._by_name.get(label, ()))

    def resolve(
        self, printed: str, label: str, above: tuple[str, ...], renumbered: Mapping[str, str] | None = None
    ) -> Resolved:
        """What a printed code and label mean. ``above``: subject codes of the rows printed before, nearest first.

        The printed code stands wherever code and label agree, and wherever nothing proves another one. Another code
        is taken only if the label is a name of exactly one code that fits the rows above. ``renumbered``: printed
        codes above that turned out to mean another one, with that one; what is printed below them follows.
        """
        above_it = printed[:-2] if len(printed) > 4 else ""
        parent = (renumbered or {}).get(above_it, above_it)
        if parent != above_it and len(below := [c for c in self.codes_named(label) if c[:-2] == parent]) == 1:
            return Resolved(below[0], "from_hierarchy", "the printed code follows one that means another")
        if printed and self.named(printed, label):
            return Resolved(printed, "as_printed")
        candidates = self.codes_named(label)
        if printed and printed not in self:
            # a code cannot be what is printed: a lost or a foreign digit; the label may still name one
            if len(fitting := self._fitting(candidates, above)) == 1:
                unique = len(candidates) == 1
                return Resolved(
                    fitting[0], "from_label" if unique else "from_hierarchy", "the printed code is not valid"
                )
            whole = printed if len(printed) <= 7 else None  # longer: the codes of two rows
            return Resolved(whole, "unresolved", "the printed code is in no edition of the classification")
        if printed:
            siblings = [c for c in candidates if len(c) == len(printed) and c[:-2] == printed[:-2] and len(c) > 3]
            if not siblings:  # its last digits are lost: 20805 机关事业单位基本养老保险缴费支出
                siblings = [c for c in candidates if c.startswith(printed)]
            if len(siblings) == 1:
                return Resolved(siblings[0], "from_label", "the label names another code than the printed one")
            below = [c for c in candidates if len(c) == len(printed) and c[:-2] in self._open(above)]
            if len(below) == 1 and printed[:-2] not in above:
                return Resolved(below[0], "from_hierarchy", "label and rows above name another code")
            if candidates:  # the name of a code elsewhere: one of the two is wrong, nothing says which
                return Resolved(printed, "unresolved", "code and label name different subjects")
            return Resolved(printed, "as_printed", "the label is not the name of its code")
        if len(fitting := self._fitting(candidates, above)) == 1:
            return Resolved(
                fitting[0], "from_label" if len(candidates) == 1 else "from_hierarchy", "no code is printed"
            )
        return Resolved(None, "unresolved" if label else "none", "neither code nor label name a subject")

    @staticmethod
    def _fitting(candidates: Iterable[str], above: tuple[str, ...]) -> list[str]:
        """The candidates that can follow the rows above: below or beside the nearest one, or below any one's parent."""
        codes = sorted(candidates)
        if not above:
            return codes
        open_parents = Classification._open(above)
        children = [c for c in codes if len(c) > 3 and c[:-2] in open_parents]
        return children or [c for c in codes if len(c) == 3 and c > above[0][:3]]

    @staticmethod
    def _open(above: tuple[str, ...]) -> frozenset[str]:
        """The codes below which the next row may stand: the row above and what contains it."""
        return frozenset({above[0]} | {above[0][:n] for n in (3, 5) if len(above[0]) > n}) if above else frozenset()


def _load(tree: str) -> Classification:
    codes = [SubjectCode(r["code"], r["name"], int(r["level"])) for r in _rows(f"{tree}_codes.csv")]
    for name in ("official_codes.csv", "code_variants.csv"):
        codes += [SubjectCode(r["code"], r["name"], len(r["code"]) // 2) for r in _rows(name) if r["tree"] == tree]
    return Classification(codes)


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def function_classification() -> Classification:
    return _load("function")


@lru_cache(maxsize=1)
def economic_classification() -> Classification:
    return _load("economic")


def is_subject_name(label: str) -> bool:
    """Is this (squashed) label a name of a classification or the end of one, rather than the name of a body?"""
    trees = (function_classification(), economic_classification())
    return any(tree.is_name(label) or tree.ends_name(label) for tree in trees)

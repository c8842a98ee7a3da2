"""What the words of a clause name: a subject of claims.yaml, or a function code by the names of 类, 款 and 项."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.annexes.wording import Wording
from pipeline.forms.classification import Classification, CodeResolution

_OTHER_SPELLING = str.maketrans("它", "他")
_TAIL = re.compile(r"(?:支出|经费)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A subject and where its words stand in the clause. ``code``: what is printed of a function code."""

    subject: str
    start: int
    end: int
    subject_code: str | None = None
    code: str | None = None
    resolution: CodeResolution = "none"


def named_subjects(clause: str, section: str, sentence: str, wording: Wording) -> list[Named]:
    """The subjects whose words stand in a clause, in order; a longer name hides those within it."""
    found = [
        Named(subject, match.start(), match.end())
        for subject, pattern in wording.subjects.items()
        if section in wording.only_in.get(subject, (section,))
        for match in pattern.finditer(clause)
        if match.end() > match.start()
    ]
    found += [
        Named(entry.subject, match.start(), match.end())
        for entry in wording.with_word
        if section in entry.sections and entry.sentence.search(sentence)
        for match in entry.words.finditer(clause)
    ]
    chosen: list[Named] = []
    for named in sorted(found, key=lambda n: (n.start - n.end, n.start)):
        if all(named.end <= other.start or named.start >= other.end for other in chosen):
            chosen.append(named)
    return sorted(chosen, key=lambda n: n.start)


def sided_fund(words: str, side: str | None, wording: Wording) -> str | None:
    """The subject of a fund that is named without 收入 or 支出, on this side of the budget."""
    for fund in wording.by_side if side else ():
        if fund.words.fullmatch(words):
            return fund.revenue if side == "revenue" else fund.expenditure
    return None


@dataclass(frozen=True, slots=True)
class FunctionItems:
    """The function classification, and the codes that the statements of this document print."""

    classification: Classification
    printed: frozenset[str]

    def named(self, words: str, wording: Wording) -> Named | None:
        """The function item that these words, whole, are the name of; without a code if none is certain."""
        for pattern in wording.function_items:
            if (match := pattern.fullmatch(words)) is None:
                continue
            groups = match.groupdict()
            names = [name for level in ("class", "group", "item") if (name := groups.get(level))]
            code = groups.get("code") or _joined(groups)
            if code and code in self.classification:
                agrees = any(self.classification.named(code, _plain(n)) for n in names[-1:])
                return Named(code, 0, len(words), code, code, "as_printed" if agrees else "from_hierarchy")
            subject = self._by_names(names)
            if subject is not None:
                return Named(subject, 0, len(words), subject, code, "from_label")
            if groups.get("class") and groups.get("group"):
                return Named(f"other:{words[-12:]}", 0, len(words), None, code, "unresolved")
        return None

    def class_named(self, words: str) -> str | None:
        """The 类 of this name, which may be printed without 支出."""
        names = (_plain(words), f"{_plain(words)}支出")
        codes = [code for name in names for code in self.classification.codes_named(name) if len(code) == 3]
        return codes[0] if len(codes) == 1 else None

    def _by_names(self, names: list[str]) -> str | None:
        if len(names) < 2:
            return self.class_named(names[0]) if names else None
        candidates = self._called(names[-1])
        for level, name in zip((3, 5), names[:-1], strict=False):
            above = {code for code in self._called(name) if len(code) == level}
            if below := [code for code in candidates if code[:level] in above]:
                candidates = below
            elif level == 5 or not above:  # a name of another edition: the codes of the statements decide
                candidates = [code for code in candidates if code in self.printed]
            else:
                return None
        candidates = [code for code in candidates if len(code) == 2 * len(names) + 1]
        if len(candidates) > 1:
            candidates = [code for code in candidates if code in self.printed]
        return candidates[0] if len(candidates) == 1 else None

    def _called(self, name: str) -> list[str]:
        plain = _plain(name)
        if codes := self.classification.codes_named(plain):
            return sorted(codes)
        short = _TAIL.sub("", plain)
        return sorted({c for n in (short, f"{short}支出") for c in self.classification.codes_named(n)})


def _plain(name: str) -> str:
    return name.translate(_OTHER_SPELLING)


def _joined(groups: dict[str, str | None]) -> str | None:
    """The code whose levels are printed apart: 204, 06, 01."""
    levels = [groups.get(f"{level}_code") for level in ("class", "group", "item") if groups.get(level)]
    return "".join(level for level in levels if level) if levels and all(levels) else None

"""The titles of 绩效目标表: the project that each names, and the number in front of it, which goes on from the last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.annexes.find import Annex
from pipeline.annexes.performance_rules import performance_rules, plain
from pipeline.documents.model import Paragraph
from pipeline.forms.printed import squash

_POINTS = (".", "．")
_ENUMERATED = re.compile(
    r"\s*(?:附[表件]?\s*\d*\s*[:：、]?\s*)?"
    r"(?:[(（]\s*(?P<bracket>\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）][、.．]?"
    r"|(?P<number>\d{1,3})\s*(?P<mark>[、.．,，)）])|[一二三四五六七八九十]{1,3}、)\s*"
)


class Titles:
    """Reads titles in the order of the document; ``number``: that of the latest one, as printed."""

    def __init__(self) -> None:
        self.rules = performance_rules()
        self.number: int | None = None

    def name(self, title: str) -> str | None:
        """The project that a title names; None where it names none."""
        return self._named(title, self._enumerator(title))

    def count(self, title: str) -> str | None:
        """The same, of a title whose number is the latest from here on."""
        match = self._enumerator(title)
        if match is not None and match["number"]:
            self.number = int(match["number"])
        return self._named(title, match)

    def is_of_whole(self, title: str) -> bool:
        """Is it the title of the department's own table?"""
        return self.rules.whole.search(squash(title)) is not None

    def gap_before(self, title: str) -> str | None:
        """Numbers of titles that do not go on, as text: a title between them was not found."""
        match = self._enumerator(title)
        number = int(match["number"]) if match and match["number"] else None
        if number is None or number in (1, self._following()):
            return None
        return f"{self.number} → {number}" if self.number else title

    def first_half(self, before: Annex) -> str | None:
        """The first line of a title on two lines: it stands last before this title and goes on with the numbers."""
        text = before.lines[-1].text.strip() if before.lines else ""
        match = _ENUMERATED.match(text)
        return text if match and match["number"] == str(self._following()) else None

    def in_two_lines(self, lines: Sequence[Paragraph]) -> Iterator[str]:
        """The titles with the next number that stand on two of these lines."""
        for one, two in pairwise(lines):
            joined = one.text.strip() + two.text.strip()
            match = _ENUMERATED.match(joined)
            if match and match["number"] == str(self._following()) and self.rules.title_tail.search(joined):
                yield joined

    def _named(self, title: str, enumerator: re.Match[str] | None) -> str | None:
        rest = self.rules.title_tail.sub("", plain(title[enumerator.end() :] if enumerator else title))
        return None if self.rules.no_name.fullmatch(squash(rest)) else rest

    def _following(self) -> int:
        return (self.number or 0) + 1

    def _enumerator(self, title: str) -> re.Match[str] | None:
        """The number in front of a title; 7.12345热线 has one only where the title before was number 6."""
        match = _ENUMERATED.match(title)
        if match is None or match["mark"] not in _POINTS or not title[match.end("mark") :][:1].isdigit():
            return match
        return match if int(match["number"]) == self._following() else None

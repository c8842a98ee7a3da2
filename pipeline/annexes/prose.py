"""Paragraphs of a section → passages: whole thoughts in comparable text, each character with its place in print.

A page or a column may break a sentence in two paragraphs; a capture may print the end of a page again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.documents.model import Paragraph

SENTENCE_ENDS = "。!?"

_DROP = frozenset("“”\"'‘’「」*$\\")
_OPENING, _CLOSING = '“‘「"', '”’」"'
_PAGE_MARK = re.compile(r"\s[-—–]\s*\d{1,3}\s*[-—–]\s")  # a page number in the midst of a captured sentence
_ENUMERATED = re.compile(
    r"[(]?(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\(\d{1,2}\)|\d{1,2}[、.](?!\d)|\d{1,2}\))"
)
_GOES_ON = re.compile(r"[,、:;(\d.]$|[至于比较与同和及为由从的对按在自]$")
_NEW_THOUGHT = re.compile(r"20\d\d年|[本我](?:部门|单位|局|办|委)|截至|其中|财政拨款支出主要")
_HEADING = re.compile(r"[^,;。:!?]{2,25}[:]?")
# what was spent, what is planned, and no word about for what: the item explained in the paragraph before
_SAME_ITEM = re.compile(r"20\d\d年度?(?:当年)?预算(?:执行|安排)数?[为是]?\d")
_SHORTEST_TAIL = 8


@dataclass(frozen=True, slots=True)
class Passage:
    """``places``: for each character of ``text`` its paragraph and its position there. Claims begin at ``begin``."""

    text: str
    places: tuple[tuple[int, int], ...]
    paragraphs: tuple[Paragraph, ...]
    begin: int = 0

    @property
    def is_item(self) -> bool:
        return bool(_ENUMERATED.match(self.text))

    @property
    def heading(self) -> str | None:
        """The words of a short line without a number of money, its enumerator taken off."""
        plain = self.text[match.end() :] if (match := _ENUMERATED.match(self.text)) else self.text
        return plain.rstrip(":") if _HEADING.fullmatch(plain) else None

    def sentence_at(self, position: int) -> tuple[int, int]:
        """Where the sentence begins and ends that this position stands in."""
        start = max(self.text.rfind(char, 0, position) for char in SENTENCE_ENDS) + 1
        rest = range(position, len(self.text))
        return start, next((i + 1 for i in rest if self.text[i] in SENTENCE_ENDS), len(self.text))

    def begins_sentence(self, position: int) -> bool:
        """Does a sentence begin here, or what stands behind its semicolon?"""
        return position == 0 or self.text[position - 1] in SENTENCE_ENDS + ";"

    def paragraph_at(self, position: int) -> Paragraph:
        return self.paragraphs[self.places[min(position, len(self.places) - 1)][0]]

    def printed(self, start: int, end: int) -> str:
        """The text as printed; where it runs over two paragraphs they are joined."""
        pieces: list[str] = []
        runs = self.places[start:end]
        for number in dict.fromkeys(p for p, _ in runs):
            inside = [at for p, at in runs if p == number]
            pieces.append(self.paragraphs[number].text[inside[0] : inside[-1] + 1])
        return "".join(pieces).strip()

    def name_printed(self, start: int, end: int) -> str:
        """A name as printed, with the quotation marks around it or at its ends."""
        first, last = self.places[start], self.places[end - 1]
        before, behind = self.paragraphs[first[0]].text[: first[1]], self.paragraphs[last[0]].text[last[1] + 1 :]
        opening = before[len(before.rstrip(_OPENING)) :]
        closing = behind[: len(behind) - len(behind.lstrip(_CLOSING))]
        return opening + self.printed(start, end) + closing


def _characters(text: str) -> list[tuple[str, int]]:
    """Comparable characters with their positions. White space stays only between two digits."""
    skipped = {i for match in _PAGE_MARK.finditer(text) for i in range(match.start(), match.end())}
    found: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if at in skipped or char in _DROP:
            continue
        if char.isspace():
            if found and found[-1][0] != " ":
                found.append((" ", at))
            continue
        found.extend((c, at) for c in unicodedata.normalize("NFKC", char) if not c.isspace())
    return [
        (char, at)
        for i, (char, at) in enumerate(found)
        if char != " " or (0 < i < len(found) - 1 and found[i - 1][0] in "0123456789.," and found[i + 1][0].isdigit())
    ]


def _is_complete(text: str) -> bool:
    return text.rstrip(")")[-1:] in SENTENCE_ENDS


def _joins(before: str, after: str, first_of_passage: bool) -> bool:
    """Does a paragraph go on with what ``before`` left open, or with the item of a list that ``before`` explains?"""
    if _ENUMERATED.match(after):
        return False
    if _is_complete(before):
        return bool(_ENUMERATED.match(before) and _SAME_ITEM.match(after))
    if _GOES_ON.search(before):
        return True
    is_heading = first_of_passage and bool(_HEADING.fullmatch(before))
    return not is_heading and not _NEW_THOUGHT.match(after)


def passages(paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """The thoughts of a section, in reading order."""
    groups: list[tuple[str, list[tuple[Paragraph, list[tuple[str, int]]]]]] = []
    for paragraph in paragraphs:
        characters = _characters(paragraph.text)
        text = "".join(char for char, _ in characters)
        if not text:
            continue
        if groups and _joins(groups[-1][0], text, len(groups[-1][1]) == 1):
            groups[-1] = (groups[-1][0] + text, [*groups[-1][1], (paragraph, characters)])
        else:
            groups.append((text, [(paragraph, characters)]))
    found: list[Passage] = []
    for text, parts in groups:
        places = tuple((number, at) for number, (_, characters) in enumerate(parts) for _, at in characters)
        found.append(_completed(Passage(text, places, tuple(p for p, _ in parts)), found))
    return found


def _completed(passage: Passage, before: Iterable[Passage]) -> Passage:
    """The end of an earlier passage, printed again on the next page, with its beginning before it."""
    text = passage.text
    if len(text) < _SHORTEST_TAIL or passage.is_item:
        return passage
    for whole in before:
        begin = len(whole.text) - len(text)
        if begin > 0 and whole.text.endswith(text) and whole.text[begin - 1] not in SENTENCE_ENDS + ";":
            shift = len(whole.paragraphs)
            places = whole.places[:begin] + tuple((number + shift, at) for number, at in passage.places)
            return Passage(whole.text, places, whole.paragraphs + passage.paragraphs, begin)
    return passage

"""The units listed in the prose: numbered, or in one sentence behind 包括."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.annexes.find import ProseSection
from pipeline.annexes.organisation_rules import (
    Held,
    HeldUnit,
    counted,
    organisation_rules,
    units_named,
    without_blanks,
)
from pipeline.forms.printed import squash

_ITEM = re.compile(
    r"(?:^|(?<=[;；。:：,，、]))\s*(?:[(（]\s*(?P<bracket>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）][.、．]?"
    r"|(?P<number>\d{1,2})\s*(?:[.、．)）](?!\d))|(?P<han>[一二三四五六七八九十]{1,3})、)"
)
_ENDS = ("。", "；", ";", "，", ",", "、", "：", ":")


class ListReader:
    """Adds the units of one section after the other to those that are ``held``."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.rules = organisation_rules()

    def section(self, section: ProseSection) -> None:
        """The units listed in a section: numbered, or in one sentence behind 包括."""
        lines = list(self._lines(section))
        before = len(self.held.units)
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
                    self.held.issue("warning", what, f"{latest} → {number}", page, locator)
                latest = number if number is not None else latest
                if self.rules.heading.fullmatch(squash(item)):
                    latest = 0
                elif not internal:
                    self._item(item, page, locator)
        if len(self.held.units) == before:
            self._in_a_sentence(lines)
        self._compare_counts(section, sum(units_named(u.get("unit_name") or "") for u in self.held.units[before:]))

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
        text = without_blanks(item).rstrip("。；;，,、")
        match = self.rules.item.fullmatch(squash(text))
        if match is None:
            self.held.issue("warning", "a listed unit cannot be read; it is not loaded", text, page, locator)
            return
        behind = self.rules.nature_behind.fullmatch(match["name"])
        nature = match["nature"] or (behind["nature"] if behind else None)
        name = _as_printed(text, match["name"])
        if match["remark"]:
            self.held.issue("info", "words behind the name of a listed unit are not loaded", text, page, locator)
        texts = {"unit_name": name, "nature": nature or ""}
        self.held.units.append(HeldUnit(texts, frozenset(texts), page, locator))

    def _compare_counts(self, section: ProseSection, listed: int) -> None:
        counts = [(m, p) for p in section.paragraphs for m in self.rules.count.finditer(squash(p.text))]
        stated = sum(counted(match["count"]) for match, _ in counts)
        if counts and stated != listed:
            paragraph = counts[0][1]
            what = "the prose states another number of units than it lists"
            text = f"{'、'.join(match[0] for match, _ in counts)} ({stated}): {listed}"
            self.held.issue("info", what, text, paragraph.page, paragraph.locator)


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
    return counted(text)


def _as_printed(text: str, name: str) -> str:
    """The piece of the printed text whose comparable form is this name."""
    for start in range(len(text)):
        for end in range(len(text), start, -1):
            if squash(text[start:end]) == name:
                return text[start:end]
    return name

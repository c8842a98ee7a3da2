"""The words before a number, or before the end of a clause → what they say of it.

A clause is read by taking away what is understood: the comparison, the years, the change, the subject. What is left
over decides: if nothing is, the number is about that subject; else the subject is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.annexes.subjects import Named, named_subjects
from pipeline.annexes.wording import Pattern, Wording

Basis = Literal["budget", "execution"]
Change = Literal[1, -1, 0]  # 0: both directions are printed

_GAP = "\0"
_ENUMERATOR = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\(?\d{1,2}\)|\d{1,2}[、.](?!\d)|第[一二三四五六七八九十],|[一二三四五六七八九十]是)"
)
_LEADING = re.compile(r"(?:和|及(?!其)|与(?!20|上|去)|以及|并|、|,|;|\))+")
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Compared:
    """The year and the kind of figure that something is compared with."""

    year: int | None
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class Clause:
    """What a clause says. Positions count from its beginning.

    ``left_over``: words that are not understood, where there is no subject or around it. ``year``: of the figure
    itself. ``changed_to``: what follows is what it became (增加到), ``changed_from`` what it was.
    """

    text: str
    opens: bool
    opens_list: bool
    subjects: tuple[Named, ...]
    left_over: str
    before: str  # what is left over in front of the subject
    behind: str
    compared: Compared | None
    change: Change | None
    changed_to: bool
    changed_from: bool
    level: str | None
    year: int | None
    this_year: bool
    execution: bool
    each: bool
    share: bool
    name: str  # the clause without what opens it
    bare: str  # the words that are no comparison, year, change or subject
    context: Named | None  # of 项目支出中,

    @property
    def subject(self) -> Named | None:
        return self.subjects[-1] if self.subjects else None


@lru_cache(maxsize=16)
def _one_or_more(pattern: Pattern) -> Pattern:
    return re.compile(f"(?:{pattern.pattern})+")


class _Reader:
    """Takes a clause apart; what is understood becomes a gap."""

    def __init__(self, text: str, section: str, sentence: str, fiscal_year: int, wording: Wording) -> None:
        self.text = self.rest = text
        self.section, self.sentence = section, sentence
        self.fiscal_year, self.wording = fiscal_year, wording

    def take(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + _GAP * (end - start) + self.rest[end:]

    def take_match(self, pattern: Pattern, *, at_start: bool = False) -> re.Match[str] | None:
        match = pattern.match(self.rest, self._first()) if at_start else pattern.search(self.rest)
        if match is not None:
            self.take(match.start(), match.end())
        return match

    def _first(self) -> int:
        return len(self.rest) - len(self.rest.lstrip(_GAP))

    def compared(self) -> Compared | None:
        if match := self.take_match(self.wording.compared):
            basis: Basis | None = "execution" if match["execution"] else "budget" if match["budget"] else None
            return Compared(int(match["year"]) if match["year"] else self.fiscal_year - 1, basis)
        return Compared(self.fiscal_year - 1, None) if self.take_match(self.wording.same_period) else None

    def years(self) -> tuple[int | None, bool]:
        """(another year than the budget's, whether this year is named)."""
        while self.take_match(self.wording.not_a_year):
            pass
        year, this_year = None, False
        while match := self.take_match(self.wording.year):
            named = int(match["year"]) if match["year"] else self.fiscal_year - bool(match["last"])
            if match["this"]:
                this_year = year is None
            elif named == self.fiscal_year:
                year, this_year = None, True
            else:
                year, this_year = named, False
        return year, this_year


def read_clause(text: str, section: str, sentence: str, fiscal_year: int, wording: Wording) -> Clause:
    """What the words of ``text`` say; ``sentence`` is the one that they stand in."""
    reader = _Reader(text, section, sentence, fiscal_year, wording)
    reader.take_match(_ENUMERATOR, at_start=True)
    reader.take_match(_LEADING, at_start=True)
    opens = bool(reader.take_match(wording.opens, at_start=True))
    opened_by_from = opens and text.lstrip().startswith("由")
    if opens:
        reader.take_match(re.compile(r"[:,]"), at_start=True)
        reader.take_match(_ENUMERATOR, at_start=True)
        reader.take_match(_LEADING, at_start=True)
    name_begins = reader._first()
    opens_list = bool(reader.take_match(wording.opens_list))
    subjects = named_subjects(_hidden(reader.rest), section, sentence, wording)
    compared = _compared_outside(reader, subjects)
    for named in subjects:
        reader.take(named.start, named.end)
    year, this_year = reader.years()
    execution = bool(wording.execution.search(reader.rest))
    if execution:
        reader.take_match(wording.execution)
    level = None if wording.not_level.search(reader.rest) else reader.take_match(wording.level)
    each = bool(reader.take_match(wording.each)) or (opens and bool(wording.each.search(text)))
    share = bool(wording.share.search(reader.rest))
    changed_to, change = _change(reader, subjects)
    changed_from = opened_by_from or bool(reader.take_match(wording.from_, at_start=True))
    begin, end = (subjects[-1].start, subjects[-1].end) if subjects else (0, 0)
    before, behind = _unread(reader.rest[:begin], wording), _unread(reader.rest[end:], wording)
    context = subjects[-1] if subjects and behind in ("中", "里") else None
    return Clause(
        text=text,
        opens=opens,
        opens_list=opens_list,
        subjects=tuple(subjects),
        left_over=_unread(reader.rest, wording),
        before=before,
        behind=behind,
        compared=compared,
        change=change,
        changed_to=changed_to,
        changed_from=changed_from,
        level=level[0] if level else None,
        year=year,
        this_year=this_year,
        execution=execution,
        each=each,
        share=share,
        name=_name(text[name_begins:]),
        bare=_name(reader.rest.replace(_GAP, "")),
        context=context,
    )


def _hidden(rest: str) -> str:
    return rest.replace(_GAP, " ")


def _compared_outside(reader: _Reader, subjects: list[Named]) -> Compared | None:
    """The comparison; the words of a subject are no part of it."""
    whole = reader.rest
    for named in subjects:
        reader.rest = reader.rest[: named.start] + _GAP * (named.end - named.start) + reader.rest[named.end :]
    compared = reader.compared()
    taken = reader.rest
    reader.rest = "".join(
        original if any(n.start <= i < n.end for n in subjects) else char
        for i, (char, original) in enumerate(zip(taken, whole, strict=True))
    )
    return compared


def _unread(rest: str, wording: Wording) -> str:
    """What is left when brackets and words that say nothing are gone."""
    plain = _BRACKETED.sub("", rest.replace(_GAP, ""))
    return _one_or_more(wording.fillers).sub("", plain).strip("()")


def _change(reader: _Reader, subjects: list[Named]) -> tuple[bool, Change | None]:
    """(增加到: what it became, the direction of a change that the number is).

    The word of the change stands right before the number, or before the subject as its verb (压减项目支出).
    """
    wording = reader.wording
    if (to := _last(wording.to, reader.rest)) and not _unread(reader.rest[to.end() :], wording):
        reader.take(to.start(), to.end())
        return True, None
    rates: tuple[tuple[Pattern, Change], ...] = ((wording.up_rate, 1), (wording.down_rate, -1))
    ways: tuple[tuple[Pattern, Change], ...] = ((wording.up, 1), (wording.down, -1))
    found: list[tuple[int, int, Change]] = []
    for pattern, way in (*rates, *ways):
        while match := pattern.search(reader.rest):
            if _is_of_the_number(reader, match, subjects):
                found.append((match.start(), match.end(), way))
                reader.take(match.start(), match.end())
            else:  # a word of something else: leave it in the text, but do not find it again
                reader.rest = reader.rest[: match.start()] + "※" * len(match[0]) + reader.rest[match.end() :]
    reader.rest = reader.rest.replace("※", "某")
    if not found:
        return False, None
    ways_found = {way for _, _, way in found}
    if ways_found == {1} or ways_found == {-1}:
        end = max(end for _, end, _ in found)
        behind = _one_or_more(wording.behind_change)
        if match := behind.match(reader.rest, end):
            reader.take(match.start(), match.end())
        return False, found[0][2]
    return False, 0


def _last(pattern: Pattern, text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=lambda m: m.end(), default=None)


def _is_of_the_number(reader: _Reader, match: re.Match[str], subjects: list[Named]) -> bool:
    wording = reader.wording
    tail = reader.rest[match.end() :]
    later = [named for named in subjects if named.start >= match.end()]
    if later:  # its verb: 压减项目支出
        between = reader.rest[match.end() : later[0].start].strip("了的")
        return not between.replace(_GAP, "") and not _unread(reader.rest[: match.start()], wording)
    if both := _one_or_more(_either_way(wording.up, wording.down)).match(tail):
        tail = tail[both.end() :]
    if behind := _one_or_more(wording.behind_change).match(tail):
        tail = tail[behind.end() :]
    return not _unread(tail, wording)


@lru_cache(maxsize=4)
def _either_way(up: Pattern, down: Pattern) -> Pattern:
    return re.compile(f"{up.pattern}|{down.pattern}|[()/]|或")


def _name(text: str) -> str:
    """The words of a list entry that name it."""
    text = re.sub(r"^20\d\d年度?", "", text)
    while match := _LEADING.match(text) or _ENUMERATOR.match(text):
        text = text[match.end() :]
    return re.sub(r"(?:(?:20\d\d年度?)?(?:预算数|预算安排|安排)|共计|合计|为|:|约|\()+$", "", text)

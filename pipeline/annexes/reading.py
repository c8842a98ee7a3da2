"""One section of the explanation, clause by clause → the record of its claims and the mentions that they belong to.

A clause names a subject, or goes on about the one before it; a list (其中:) and a bracket are parts of what stands
before them. Where a clause holds words that are not understood, its number is about ``other:`` them: a wrong subject
would accuse the publisher of an error that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.annexes.attribution import Attribution
from pipeline.annexes.clauses import Clause, Compared, read_clause
from pipeline.annexes.find import ProseSection
from pipeline.annexes.measures import is_compared_anew, measure_of, measure_of_unknown, nearest_comparison
from pipeline.annexes.mentions import COMPARES, Mention, State
from pipeline.annexes.numbers import Number, find_numbers, in_yuan
from pipeline.annexes.prose import SENTENCE_ENDS, Passage, passages
from pipeline.annexes.record import Record
from pipeline.annexes.speaker import Speaker
from pipeline.annexes.subjects import FunctionItems
from pipeline.annexes.wording import Wording
from pipeline.forms.disclosure import Part
from pipeline.forms.loadable import not_loadable
from pipeline.forms.printed import squash, strip_enumerator

UNREADABLE = "a number of the prose cannot be read"
CUT_UNIT = "a number of the prose prints 万 for its unit; it is read as 万元"


def read_section(
    section: ProseSection, fiscal_year: int, items: FunctionItems, wording: Wording, body: Part | None = None
) -> Record:
    """What a section says. ``body``: the department or unit that the document is about, None where it is not known."""
    reader = _SectionReader(section, fiscal_year, items, wording, body)
    for passage in passages(section.paragraphs):
        reader.read(passage)
    return reader.record


class _SectionReader:
    """Walks over the passages of a section; headings say which of them count."""

    def __init__(
        self, section: ProseSection, fiscal_year: int, items: FunctionItems, wording: Wording, body: Part | None
    ) -> None:
        self.kind, self.fiscal_year, self.wording = section.kind, fiscal_year, wording
        self.counted_below = wording.counted_below.get(section.kind)
        self.counts = self.counted_below is None
        self.below_heading = False  # the passage before was one
        self.speaker = Speaker(body, wording)
        self.record = Record(wording, all_projects=self.counted_below is not None)
        self.whose = Attribution(section.kind, self.record, self.speaker, items, wording)
        of_project = self.counted_below is not None
        self.whose.default = _project_of(section, wording) if of_project else wording.sections[section.kind]

    @property
    def state(self) -> State:
        return self.record.state

    # ── passages ────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, passage: Passage) -> None:
        if self._is_heading(passage) or not self.counts:
            return
        self.record.begin_passage(passage, in_outline=passage.is_item or self.below_heading)
        self.speaker.begin_passage()
        self.whose.begin_passage()
        self.below_heading = False
        self._walk(list(find_numbers(passage.text, self.wording)))
        self.record.end_passage()

    def _is_heading(self, passage: Passage) -> bool:
        """A line that says what is below it; it decides whether the passages below count, and what they are about."""
        has_numbers = any(find_numbers(passage.text, self.wording))
        if self.counted_below is not None and passage.is_item:
            plain = strip_enumerator(passage.text).partition(":")[0]
            self.counts = bool(self.counted_below.fullmatch(plain)) or (self.counts and has_numbers)
        heading = passage.heading
        if heading is None or has_numbers:
            return False
        found = next((s for s, p in self.wording.headings.items() if p.fullmatch(heading)), None)
        if found is not None and self.kind == "overview":
            self.whose.default = found
        elif self.counted_below is None:
            if passage.text.endswith(":"):  # it opens a list
                return False
            named = self.whose.pure(read_clause(heading, self.kind, heading, self.fiscal_year, self.wording))
            if named is None and not passage.is_item:
                return False
            self.speaker.begin_heading(heading)
            # below a heading that is not understood nothing is certain
            self.whose.default = named.subject if named else None
        self.below_heading = True
        return True

    def _walk(self, numbers: Sequence[Number]) -> None:
        """At every number and every stop, what stands before it is read."""
        text, begin, at = self.record.passage.text, 0, 0
        brackets = _brackets(text, numbers, self.wording)
        number_at = {number.start: number for number in numbers}
        saved: list[State] = []
        while at < len(text):
            char = text[at]
            if (number := number_at.get(at)) is not None:
                self._number(begin, number)
                begin = at = number.end
                continue
            if char in ",;:。!?" or (char == "、" and not text[begin:at].strip(")")):
                if char == ":" and begin == at:  # behind a number: 收入预算 100 万元: …
                    self.record.open(self.state.head)
                self._words(begin, at, char)
                begin = at + 1
            elif at in brackets and char == "(":
                self._words(begin, at, char)
                begin = at + 1
                self.record.end_reason(at)
                saved.append(self.state)
                self.record.state = replace(self.state, opened=list(self.state.opened), doubtful=[], aside="")
                self.record.open(self.state.head)
            elif at in brackets and saved:
                self._words(begin, at, char)
                begin = at + 1
                doubtful, self.record.state = self.state.doubtful, saved.pop()
                self.state.doubtful += doubtful
            at += 1
        self._words(begin, len(text), "")

    def _clause(self, begin: int, end: int) -> Clause:
        passage = self.record.passage
        start, stop = passage.sentence_at(begin)
        return read_clause(passage.text[begin:end], self.kind, passage.text[start:stop], self.fiscal_year, self.wording)

    def _after_marker(self, begin: int, end: int) -> int:
        """Where the words behind 主要原因是, 主要用于 … begin; what stands before it is read."""
        words = self.record.passage.text[begin:end]
        patterns = {"either": self.wording.either, "reason": self.wording.reason, "purpose": self.wording.purpose}
        found = [(m.start(), -m.end(), kind) for kind, p in patterns.items() if (m := p.search(words)) and m[0]]
        if not found:
            return begin
        start, negative_end, kind = min(found)
        if start:
            self._words(begin, begin + start, "")
        head, behind = self.state.head, begin - negative_end
        if kind == "either" and head is not None and head.last in ("amount", "planned"):
            self.record.open(head)
        elif kind == "purpose":
            self.state.aside = "purpose"
        else:
            self.state.aside = "reason"
            if head is not None and head.is_compared:
                self.record.reason_of = (head, behind)
        return behind

    # ── clauses without a number ────────────────────────────────────────────────────────────────────────────────

    def _words(self, begin: int, end: int, stop: str) -> None:
        begin = self._after_marker(begin, end)
        if begin < end and not self.state.aside:
            self._say(self._clause(begin, end), begin, stop)
        if stop and stop in SENTENCE_ENDS:
            self.record.end_sentence(end)
        elif stop == ";":
            self.record.end_aside(end)
            self.state.year = None
            if self.state.head is not None:
                self.state.head.settled = True
        elif stop == ")":
            self.record.end_aside(end)

    def _say(self, clause: Clause, begin: int, stop: str) -> None:
        record, state = self.record, self.state
        begins_sentence = record.passage.begins_sentence(begin)
        state.waiting = None
        self.whose.named |= bool(clause.subjects)
        if clause.opens:
            record.open(state.head or record.lead)
        silent = not clause.subjects and not clause.left_over
        if silent and clause.year is not None:
            state.year = clause.year
        if silent and clause.compared and clause.level is None:
            state.compared = clause.compared
        is_of_head = state.head is not None and (clause.subject is None or clause.subject.subject == state.head.subject)
        if state.head is not None and is_of_head and clause.change is not None and not clause.left_over:
            state.head.settled = True  # 有所增加: compared, without a number
        named = self.whose.pure(clause)
        if clause.context is not None and not clause.before:
            record.open(record.latest(clause.context.subject))
        elif clause.opens_list:
            record.open(self.whose.of_list(named, clause, begin) if named else state.head or state.lead)
        elif clause.level is not None:
            for mention in self.whose.of_level(clause, begin):
                self._stays(mention, clause, begin)
        elif stop == ":" and not clause.subjects and self.speaker.names_another(clause.name):
            self.speaker.is_another = True
        elif stop == ":" and (item := self.whose.item(clause)):
            self.whose.of_item(item, clause, begin)
        elif named is not None and (stop in ("(", ":") or (stop == "。" and begins_sentence)):
            record.mention(named, clause, begin)
        elif named is not None and (clause.this_year or begins_sentence):
            state.waiting = (named, record.label(named, begin))

    def _stays(self, mention: Mention, clause: Clause, begin: int) -> None:
        """持平: a change of nothing."""
        if clause.level is None or mention.is_compared:
            return
        at = begin + clause.text.find(clause.level)
        unit = next((d.unit for d in reversed(self.record.drafts) if d.yuan is not None), "万元")
        said = "change", 0, self._compared(clause, mention)
        span = at, at + len(clause.level)
        self.record.draft(mention, said, Decimal(0), unit, span, clause.text, is_number=False)

    def _compared(self, clause: Clause, mention: Mention) -> Compared | None:
        explained = self.record.reason_of[0] if self.record.reason_of else None
        return nearest_comparison(clause, mention, self.state.compared, explained)

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _number(self, begin: int, number: Number) -> None:
        record = self.record
        clause = self._clause(begin, number.start)
        item = self.whose.item(clause)
        if item is None:  # the name of an item may hold 用于 or 由于
            begin = self._after_marker(begin, number.start)
            clause = self._clause(begin, number.start)
        if number.value is None:
            record.doubt("warning", UNREADABLE, begin, number)
            return
        in_money = in_yuan(number.value, number.unit)
        if what := not_loadable(number.value if in_money is None else in_money, is_money=in_money is not None):
            record.doubt("error", what, begin, number)
            return
        if number.cut_unit:
            record.doubt("warning", CUT_UNIT, begin, number)
        if clause.opens and not clause.changed_from:
            record.open(self.state.head or record.lead)
        head = self.state.head
        if clause.opens and self.state.year is None:
            self.state.year = _year_of(head)
        if item is not None:
            mention: Mention | None = self.whose.of_item(item, clause, begin)
        else:
            mention = None if number.about else self.whose.of_number(clause, begin, number)
        said = None
        if mention is not None:
            said = measure_of(
                clause,
                number,
                mention,
                compared=self._compared(clause, mention),
                year=self.state.year or _year_of(mention.parent),
                fiscal_year=self.fiscal_year,
                text=record.passage.text,
            )
        if mention is None or said is None:
            mention, said = record.mention_unknown(clause, begin, number), measure_of_unknown(clause, number)
        self.state.waiting = None
        measure, way, _ = said
        if measure in mention.drafts or is_compared_anew(mention, measure, clause.compared):
            mention = record.mention_again(mention)
        value = number.value * (way or 1) if measure in COMPARES else number.value * number.sign
        value = value or abs(value)  # no -0
        if self.state.aside and mention.is_known and measure == "amount":
            record.end_aside(begin)
        doubtful = measure in COMPARES and record.is_doubtful(clause, mention)
        span = number.start, number.digits[1]
        for other in self.whose.also if mention.is_known else ():
            record.draft(other, said, value, number.unit, span, clause.text, is_number=True)
        draft = record.draft(mention, said, value, number.unit, span, clause.text, is_number=True)
        if doubtful:
            self.state.doubtful.append(draft)
        self._stays(mention, clause, begin)
        if clause.share:
            self.state.head = head


def _year_of(whole: Mention | None) -> int | None:
    """The earlier year of a list: 2023年决算支出 100 万元，其中基本支出 … is no budget of this year."""
    if whole is None or set(whole.drafts) != {"previous"} or whole.compared is None:
        return None
    return whole.compared.year


def _brackets(text: str, numbers: Sequence[Number], wording: Wording) -> frozenset[int]:
    """Where the brackets stand that hold statements of their own; others are part of the words around them."""
    opened: list[int] = []
    found: set[int] = set()
    for at, char in enumerate(text):
        if char == "(":
            opened.append(at)
        elif char == ")" and opened:
            start = opened.pop()
            inside = [n for n in numbers if start < n.start and n.end <= at]
            alone = len(inside) == 1 and (inside[0].start, inside[0].end) == (start + 1, at)
            words = text[start:at]
            compares = wording.level.search(words) and wording.compared.search(words)
            if (inside and not alone) or compares:
                found |= {start, at}
    return frozenset(found)


def _project_of(section: ProseSection, wording: Wording) -> str | None:
    """project:<name> of a section about one project, by its heading."""
    match = wording.project_heading.fullmatch(squash(section.heading))
    name = match["name"] if match else ""
    return f"project:{name}" if name else None

"""One section of the explanation, clause by clause → drafts of its claims and the mentions that they belong to.

A clause names a subject, or goes on about the one before it; a list (其中:) and a bracket are parts of what stands
before them. Where a clause holds words that are not understood, its number is about ``other:`` them: a wrong subject
would accuse the publisher of an error that is not there.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from pipeline.annexes.clauses import Clause, Compared, read_clause
from pipeline.annexes.find import ProseSection
from pipeline.annexes.mentions import Draft, Mention, State
from pipeline.annexes.model import Direction
from pipeline.annexes.numbers import YUAN, Number, find_numbers
from pipeline.annexes.prose import Passage, passages
from pipeline.annexes.subjects import FunctionItems, Named, sided_fund
from pipeline.annexes.wording import Wording
from pipeline.documents.model import Issue, Paragraph, Severity
from pipeline.forms.disclosure import Part
from pipeline.forms.printed import squash, strip_enumerator

UNKNOWN_SUBJECT = "the prose states a number whose subject is not known"
UNREADABLE = "a number of the prose cannot be read"

_LONGEST_OTHER = 12
_SENTENCE_ENDS = "。!?"
_COMPARES = ("change", "percentage")

Said = tuple[str, int, Compared | None]  # measure, direction of a change (1, -1, 0: none), compared with


class SectionReader:
    """Reads the passages of one section. ``drafts`` and ``mentions`` are in the order of the text."""

    def __init__(
        self, section: ProseSection, fiscal_year: int, items: FunctionItems, wording: Wording, body: Part | None = None
    ) -> None:
        """``body``: the department or unit that the document is about, None where it is not known."""
        self.body = squash(body.body_name or "") if body else ""
        self.is_unit = body is not None and body.scope != "department"
        self.of_another = False  # this passage speaks of another body
        self.below_another = False  # it stands below a heading that names one
        self.kind, self.fiscal_year, self.items, self.wording = section.kind, fiscal_year, items, wording
        self.default = wording.sections[section.kind]
        self.counted_below = wording.counted_below.get(section.kind)
        self.counts = self.counted_below is None
        if self.counted_below is not None:
            self.default = _project_of(section, wording)
        self.mentions: list[Mention] = []
        self.drafts: list[Draft] = []
        self.issues: list[Issue] = []
        self.state = State()
        self.outline: list[Mention] = []  # a list whose entries are passages of their own
        self.lead: Mention | None = None  # of the passage before
        self.below_heading = False  # the passage before was one
        self.named = False  # this passage has named a subject
        self.queue: dict[int, Mention] = {}  # start of a number → whose it is (分别为)
        self.reason_of: tuple[Mention, int] | None = None
        self.passage = Passage("", (), ())
        for passage in passages(section.paragraphs):
            self._passage(passage)

    # ── passages and clauses ────────────────────────────────────────────────────────────────────────────────

    def _passage(self, passage: Passage) -> None:
        if self._is_heading(passage) or not self.counts:
            return
        if not passage.is_item and not self.below_heading:
            self.outline = []
        self.below_heading, self.named, self.of_another = False, False, self.below_another
        self.passage, self.queue, self.reason_of = passage, {}, None
        self.state = State(opened=list(self.outline))
        if self.counted_below is not None:
            self.state.listing = True
        self._walk(list(find_numbers(passage.text, self.wording)))
        opened = list(self.state.opened)
        self._end_sentence(len(passage.text))
        self.lead = self.state.lead or self.lead
        if passage.text.endswith(":"):
            self.outline = opened

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
            self.default = found
        elif self.counted_below is None:
            if passage.text.endswith(":"):  # it opens a list
                return False
            named = self._pure(read_clause(heading, self.kind, heading, self.fiscal_year, self.wording))
            if named is None and not passage.is_item:
                return False
            self.below_another = self._names_another(heading)
            self.default = named.subject if named else None  # below a heading that is not understood nothing is certain
        self.below_heading = True
        return True

    def _names_another(self, words: str) -> bool:
        match = self.wording.heading_of.fullmatch(words)
        return bool(match) and bool(self.body) and not self._is_own(match["who"] if match else "")

    def _walk(self, numbers: list[Number]) -> None:
        """At every number and every stop, what stands before it is read."""
        text, begin, at = self.passage.text, 0, 0
        brackets = self._brackets(numbers)
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
                    self._open(self.state.head)
                self._words(begin, at, char)
                begin = at + 1
            elif at in brackets and char == "(":
                self._words(begin, at, char)
                begin = at + 1
                self._end_reason(at)
                saved.append(self.state)
                self.state = replace(self.state, opened=list(self.state.opened), doubtful=[], aside="")
                self._open(self.state.head)
            elif at in brackets and saved:
                self._words(begin, at, char)
                begin = at + 1
                doubtful, self.state = self.state.doubtful, saved.pop()
                self.state.doubtful += doubtful
            at += 1
        self._words(begin, len(text), "")

    def _brackets(self, numbers: list[Number]) -> frozenset[int]:
        """Where the brackets stand that hold statements of their own; others are part of the words around them."""
        opened: list[int] = []
        found: set[int] = set()
        for at, char in enumerate(self.passage.text):
            if char == "(":
                opened.append(at)
            elif char == ")" and opened:
                start = opened.pop()
                inside = [n for n in numbers if start < n.start and n.end <= at]
                alone = len(inside) == 1 and (inside[0].start, inside[0].end) == (start + 1, at)
                words = self.passage.text[start:at]
                compares = self.wording.level.search(words) and self.wording.compared.search(words)
                if (inside and not alone) or compares:
                    found |= {start, at}
        return frozenset(found)

    def _sentence(self, at: int) -> tuple[int, int]:
        text = self.passage.text
        start = max(text.rfind(char, 0, at) for char in _SENTENCE_ENDS) + 1
        return start, next((i + 1 for i in range(at, len(text)) if text[i] in _SENTENCE_ENDS), len(text))

    def _clause(self, begin: int, end: int) -> Clause:
        start, stop = self._sentence(begin)
        text = self.passage.text
        return read_clause(text[begin:end], self.kind, text[start:stop], self.fiscal_year, self.wording)

    def _after_marker(self, begin: int, end: int) -> int:
        """Where the words behind 主要原因是, 主要用于 … begin; what stands before it is read."""
        words = self.passage.text[begin:end]
        patterns = {"either": self.wording.either, "reason": self.wording.reason, "purpose": self.wording.purpose}
        found = [(m.start(), -m.end(), kind) for kind, p in patterns.items() if (m := p.search(words)) and m[0]]
        if not found:
            return begin
        start, negative_end, kind = min(found)
        if start:
            self._words(begin, begin + start, "")
        head, behind = self.state.head, begin - negative_end
        if kind == "either" and head is not None and head.last in ("amount", "planned"):
            self._open(head)
        elif kind == "purpose":
            self.state.aside = "purpose"
        else:
            self.state.aside = "reason"
            if head is not None and any(measure in head.drafts for measure in _COMPARES):
                self.reason_of = (head, behind)
        return behind

    # ── clauses without a number ────────────────────────────────────────────────────────────────────────────

    def _words(self, begin: int, end: int, stop: str) -> None:
        begin = self._after_marker(begin, end)
        if begin < end and not self.state.aside:
            self._say(self._clause(begin, end), begin, stop)
        if stop and stop in _SENTENCE_ENDS:
            self._end_sentence(end)
        elif stop == ";":
            self._end_aside(end)
            self.state.year = None
            if self.state.head is not None:
                self.state.head.settled = True
        elif stop == ")":
            self._end_aside(end)

    def _say(self, clause: Clause, begin: int, stop: str) -> None:
        state = self.state
        state.waiting = None
        self.named |= bool(clause.subjects)
        if clause.opens:
            self._open(state.head or self.lead)
        silent = not clause.subjects and not clause.left_over
        if silent and clause.year is not None:
            state.year = clause.year
        if silent and clause.compared and clause.level is None:
            state.compared = clause.compared
        named = self._pure(clause)
        if clause.context is not None and not clause.before:
            self._open(self._latest(clause.context.subject))
        elif clause.opens_list:
            self._open(self._to_list(named, clause, begin) if named else state.head or state.lead)
        elif clause.level is not None:
            self._level(clause, begin)
        elif stop == ":" and not clause.subjects and self._names_another(clause.name):
            self.of_another = True
        elif stop == ":" and self.kind == "overview" and (item := self.items.named(clause.name, self.wording)):
            self._item(item, clause, begin)
        elif named is not None and (stop in ("(", ":") or (stop == "。" and self._begins_sentence(begin))):
            self._mention(named, clause, begin)
        elif named is not None and (clause.this_year or self._begins_sentence(begin)):
            state.waiting = (named, self._label(named, begin))

    def _begins_sentence(self, begin: int) -> bool:
        return begin == 0 or self.passage.text[begin - 1] in _SENTENCE_ENDS + ";"

    def _latest(self, subject: str) -> Mention | None:
        return next((m for m in reversed(self.mentions) if m.subject == subject), None)

    def _to_list(self, named: Named, clause: Clause, begin: int) -> Mention:
        """What a list is announced of: the amount stated before, unless its parts were listed already."""
        known = self._latest(named.subject)
        if known is None or any(m.parent is known for m in self.mentions):
            return self._mention(named, clause, begin)
        return known

    def _level(self, clause: Clause, begin: int) -> None:
        """持平: a change of nothing, of each subject that is named, or of the one spoken of."""
        state = self.state
        named = self._pure(clause)
        listed = [named] if named else self._listed(clause) if not clause.left_over else []
        known = state.head or state.lead
        mentions: list[Mention] = []
        if listed:
            mentions = [self._spoken_of(each, clause, begin) for each in listed]
        elif known is not None and not clause.subjects and not clause.left_over:
            mentions = [known] if clause.compared or state.compared or known.compared else []
        for mention in mentions:
            self._stays(mention, clause, begin)

    def _stays(self, mention: Mention, clause: Clause, begin: int) -> None:
        if clause.level is None or any(measure in mention.drafts for measure in _COMPARES):
            return
        at = begin + clause.text.find(clause.level)
        unit = next((d.unit for d in reversed(self.drafts) if d.yuan is not None), "万元")
        said = "change", 0, self._compared(clause, mention)
        self._draft(mention, said, Decimal(0), unit, (at, at + len(clause.level)), clause.text)

    def _end_aside(self, at: int) -> None:
        self._end_reason(at)
        self.state.aside = ""

    def _end_reason(self, at: int) -> None:
        if self.reason_of is not None:
            mention, start = self.reason_of
            reason = self.passage.printed(start, at).strip(" ,，:：。；;") if start < at else ""
            for measure in _COMPARES:
                if reason and (draft := mention.drafts.get(measure)) and draft.reason is None:
                    draft.reason = reason
        self.reason_of = None

    def _end_sentence(self, at: int) -> None:
        self._end_aside(at)
        disowned: dict[int, Mention] = {}
        for draft in self.state.doubtful:
            of = id(draft.mention)
            disowned[of] = self._disown(draft, disowned.get(of))
        for mention in self.mentions:
            mention.settled = True
        lead = self.state.lead
        self.state = State(head=lead, lead=lead, opened=list(self.outline), listing=self.counted_below is not None)

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────

    def _number(self, begin: int, number: Number) -> None:
        clause = self._clause(begin, number.start)
        item = self.items.named(clause.name, self.wording) if self.kind == "overview" else None
        if item is None:  # the name of an item may hold 用于 or 由于
            begin = self._after_marker(begin, number.start)
            clause = self._clause(begin, number.start)
        if number.value is None:
            self._issue("warning", UNREADABLE, begin, number)
            return
        if clause.opens and not clause.changed_from:
            self._open(self.state.head or self.lead)
        head = self.state.head
        if item is not None:
            mention: Mention | None = self._item(item, clause, begin)
        else:
            mention = None if number.about else self._subject(clause, begin, number)
        said = self._measure(clause, number, mention) if mention is not None else None
        if mention is None or said is None:
            mention, said = self._other(clause, begin, number), self._plain_measure(clause, number)
        self.state.waiting = None
        measure, way, _ = said
        if measure in mention.drafts or self._is_compared_anew(mention, measure, clause.compared):
            mention = self._add(replace(mention, parent=None, drafts={}, settled=False))
        value = number.value * (way or 1) if measure in _COMPARES else number.value * number.sign
        value = value or abs(value)  # no -0
        if self.state.aside and mention.is_known and measure == "amount":
            self._end_aside(begin)
        doubtful = measure in _COMPARES and self._is_doubtful(clause, mention)
        draft = self._draft(mention, said, value, number.unit, (number.start, number.digits[1]), clause.text, True)
        if doubtful:
            self.state.doubtful.append(draft)
        self._stays(mention, clause, begin)
        if clause.share:
            self.state.head = head

    def _is_compared_anew(self, mention: Mention, measure: str, compared: Compared | None) -> bool:
        """比2022年预算减少 1 万元，比2022年执行数 …: what follows belongs to the second comparison only."""
        if compared is None or measure not in ("previous", *_COMPARES) or mention.compared is None:
            return False
        before = mention.compared
        other_basis = None not in (before.basis, compared.basis) and before.basis != compared.basis
        other_year = None not in (before.year, compared.year) and before.year != compared.year
        has_any = any(known in mention.drafts for known in ("previous", *_COMPARES))
        return has_any and (other_basis or other_year)

    def _is_doubtful(self, clause: Clause, mention: Mention) -> bool:
        """A change behind a list, A 1, B 2, 比上年减少 3: of B, or of what the list belongs to?"""
        if any(draft.mention is mention for draft in self.state.doubtful):
            return True
        if clause.subjects or mention.parent is None or mention.settled or not mention.is_known:
            return False
        before = [m for m in self.mentions if m.parent is mention.parent and m is not mention]
        return bool(before) and not before[-1].settled and before[-1].last in ("amount", "planned")

    def _disown(self, draft: Draft, to: Mention | None) -> Mention:
        """What may be about either of two subjects is about neither for certain."""
        draft.mention.drafts.pop(draft.measure, None)
        if to is None:
            words = squash(draft.words)[-_LONGEST_OTHER:]
            to = Mention(f"other:{words}", words, None, None, draft.paragraph)
            self.mentions.append(to)
        draft.mention, to.drafts[draft.measure] = to, draft
        text = f"{draft.words}{draft.text}{draft.unit}"
        if draft.counts:
            self.issues.append(Issue("info", UNKNOWN_SUBJECT, text, draft.paragraph.page, draft.paragraph.locator))
        return to

    def _measure(self, clause: Clause, number: Number, mention: Mention) -> Said | None:
        """What the number says of the subject; None if it is not certain."""
        way = -1 if clause.change == 0 and number.sign < 0 else clause.change  # 增加(减少)-5
        if way == 0 or (way == clause.change and number.sign < 0 and not self._is_negative(clause, number)):
            return None
        if way is not None:
            return "percentage" if number.is_percentage else "change", way, self._compared(clause, mention)
        if number.is_percentage:
            same = self._same_way(clause, mention)
            return ("percentage", same, self._compared(clause, mention)) if same else None
        if clause.changed_to:
            return "planned" if "amount" in mention.drafts else "amount", 0, None
        year = None if clause.this_year else clause.year or self.state.year
        if year is not None or clause.changed_from or (clause.compared and clause.level is None):
            return self._previous(clause, mention, year)
        if "amount" not in mention.drafts:
            return "amount", 0, None
        return ("planned", 0, None) if clause.this_year or clause.level or "安排" in clause.text else None

    def _previous(self, clause: Clause, mention: Mention, year: int | None) -> Said | None:
        if year is not None and year > self.fiscal_year:
            return None
        if year is not None:
            basis: Literal["budget", "execution"] | None = "budget" if "预算" in clause.text else None
            return "previous", 0, Compared(year, "execution" if clause.execution else basis)
        return "previous", 0, clause.compared or self._compared(clause, mention) or Compared(self.fiscal_year - 1, None)

    def _is_negative(self, clause: Clause, number: Number) -> bool:
        """A minus before the number, not a dash between it and its name."""
        return clause.change is None and self.passage.text[number.start - 1 : number.start] in ("为", ":")

    def _same_way(self, clause: Clause, mention: Mention) -> int:
        """A percentage right behind the change that it is of: 减少 5 万元(12.8%)."""
        change = mention.drafts.get("change") if mention.last == "change" else None
        if change is None or clause.text.strip("(),") or not change.value:
            return 0
        return -1 if change.value < 0 else 1

    def _compared(self, clause: Clause, mention: Mention) -> Compared | None:
        """The comparison that is printed nearest: here, in the sentence, for the subject, for what it is a part of."""
        compared, above = clause.compared or self.state.compared, [mention]
        while above[-1].parent is not None:
            above.append(above[-1].parent)
        above += [self.reason_of[0]] if self.reason_of else []
        return compared or next((m.compared for m in above if m.compared is not None), None)

    def _plain_measure(self, clause: Clause, number: Number) -> Said:
        """The measure of a number whose subject is not known."""
        if number.is_percentage or clause.change is not None:
            way = (clause.change or 0) * (1 if number.sign > 0 else 0)
            return "percentage" if number.is_percentage else "change", way, clause.compared
        past = clause.year is not None or clause.changed_from or (clause.compared and clause.level is None)
        return (
            ("previous", 0, Compared(clause.year, None) if clause.year else clause.compared)
            if past
            else ("amount", 0, None)
        )

    # ── subjects ────────────────────────────────────────────────────────────────────────────────────────────

    def _subject(self, clause: Clause, begin: int, number: Number) -> Mention | None:
        """The mention that the number belongs to; None if it is not certain."""
        state = self.state
        if number.start in self.queue:
            return self.queue[number.start]
        if each := self._each(clause, begin, number):
            return each
        named = None if self._is_of_part() else self._pure(clause)
        if state.listing and not (named and named.subject in self.wording.ends_projects):
            return self._project(clause, begin)
        if named is not None and not self._is_of_other_side(named):
            return self._spoken_of(named, clause, begin)
        if clause.subjects:
            return None
        if clause.left_over:
            return self._by_words(clause, begin)
        if clause.opens and not clause.changed_from and not clause.each:  # a part that is not named
            return None
        if state.waiting is not None and (state.head is None or clause.compared or clause.change or clause.this_year):
            return self._mention(state.waiting[0], clause, begin, printed=state.waiting[1])
        return state.head or self._default(clause, begin)

    def _item(self, item: Named, clause: Clause, begin: int) -> Mention:
        """The mention of a function item; without a code it counts as not known."""
        if item.subject_code is None:
            self.issues.append(Issue("info", UNKNOWN_SUBJECT, clause.name, *self._place(begin)))
        return self._mention(item, clause, begin, printed=clause.name)

    def _place(self, at: int) -> tuple[int | None, str | None]:
        paragraph = self._paragraph(at)
        return paragraph.page, paragraph.locator

    def _default(self, clause: Clause, begin: int) -> Mention | None:
        """What the heading of the section says that an amount is, if nothing else was named since."""
        if self.default is None or self.named:
            return None
        words = self.default.removeprefix("project:") if self.counted_below else clause.text
        return self._mention(Named(self.default, 0, 0), clause, begin, printed=words or self.default)

    def _pure(self, clause: Clause) -> Named | None:
        """The subject that the clause is about, and nothing else."""
        subject = clause.subject
        if subject is None or clause.behind or self.wording.other_scope.search(clause.text[: subject.start]):
            return None
        if len({named.subject for named in clause.subjects}) > 1:
            return subject if self._is_part_named(clause) else None
        listed = self.state.opened != self.outline
        if clause.before and (listed or not self._speaks(clause.before)):
            return None
        return None if self.of_another else subject

    def _speaks(self, words: str) -> bool:
        """Is this the body that the document is about? If it is another, so is what follows in the passage."""
        if self.wording.anyone.fullmatch(words):
            return True
        match = self.wording.speaker.fullmatch(words)
        if match is None:
            return False
        self.of_another = bool(self.body) and not self._is_own(match["who"])
        return not self.of_another

    def _is_own(self, who: str) -> bool:
        name = self.wording.anyone.sub("", who)
        return _is_within(name, self.body) or (self.is_unit and bool(self.wording.unit.fullmatch(name)))

    def _is_of_part(self) -> bool:
        """Is what is said here a part of something that belongs to a unit?"""
        head, opened = self.state.head, self.state.opened
        return (head is not None and head.of_part and not head.settled) or (bool(opened) and opened[-1].of_part)

    def _is_part_named(self, clause: Clause) -> bool:
        """项目支出中公用经费: the first subject is what the second is a part of."""
        if len(clause.subjects) != 2:
            return False
        first, second = clause.subjects
        between = clause.text[first.end : second.start].removeprefix("预算")
        return between in ("中", "里") and second.subject in self.wording.parts.get(first.subject, ())

    def _listed(self, clause: Clause) -> list[Named]:
        """The subjects of A、B和C."""
        for first, second in zip(clause.subjects, clause.subjects[1:], strict=False):
            if self.wording.joins.sub("", clause.text[first.end : second.start]):
                return []
        return list(clause.subjects)

    def _each(self, clause: Clause, begin: int, number: Number) -> Mention | None:
        """人员经费和公用经费分别为 1 万元和 2 万元: a number for each."""
        listed = self._listed(clause)
        if not clause.each or len(listed) < 2:
            return None
        chain = [number]
        for following in find_numbers(self.passage.text, self.wording):
            if following.start <= number.start:
                continue
            between = self.passage.text[chain[-1].end : following.start]
            if not between or self.wording.joins.sub("", between):
                break
            chain.append(following)
        if len(chain) != len(listed):
            return None
        mentions = [self._mention(named, clause, begin) for named in listed]
        self.queue |= {later.start: mention for later, mention in zip(chain, mentions, strict=True)}
        return mentions[0]

    def _is_of_other_side(self, named: Named) -> bool:
        """单位资金 in a list of spending: what is spent of it, no revenue."""
        return self._side() == "expenditure" and named.subject in self.wording.parts["total_revenue"]

    def _side(self) -> str | None:
        opened = [m.subject for m in self.state.opened]
        revenue = any(s in self.wording.revenue_side for s in opened)
        expenditure = any(s in self.wording.expenditure_side for s in opened)
        return None if revenue == expenditure else "revenue" if revenue else "expenditure"

    def _by_words(self, clause: Clause, begin: int) -> Mention | None:
        """A part that is named shortly in its list, a fund without its side, or a 类 by its name."""
        opened = [m.subject for m in self.state.opened]
        for above in reversed(opened):
            for subject, pattern in self.wording.inside.get(above, {}).items():
                if pattern.fullmatch(clause.bare):
                    return self._mention(Named(subject, 0, 0), clause, begin, printed=clause.bare)
        if fund := sided_fund(clause.bare, self._side(), self.wording):
            return self._mention(Named(fund, 0, 0), clause, begin, printed=clause.bare)
        if self.kind == "overview" and (code := self.items.class_named(clause.bare)):
            return self._mention(Named(code, 0, 0, code, None, "from_label"), clause, begin, printed=clause.bare)
        return None

    def _project(self, clause: Clause, begin: int) -> Mention | None:
        """An entry of a list of projects."""
        of = self.state.opened[-1] if self.state.opened else None
        name = clause.bare if clause.change else clause.name
        if not name or (not clause.left_over and not clause.subjects):
            return self.state.head or self._default(clause, begin)
        changes = of is not None and of.last in _COMPARES
        if self.counted_below is not None and of is not None:  # what the project is spent on
            return None
        if self.wording.not_a_project.search(name) or (changes and clause.change is None):
            return None
        subject = f"project:{''.join(self._as_printed(name, clause, begin).split())}"
        return self._mention(Named(subject, 0, 0), clause, begin, printed=name)

    def _spoken_of(self, named: Named, clause: Clause, begin: int) -> Mention:
        """The mention that the sentence is about anyway, if the clause names it again to compare it; else a new one."""
        head = self.state.head
        same = head is not None and head.subject == self._parent(named.subject, keep=True)[1]
        if head is None or not same or any(m in head.drafts for m in _COMPARES):
            return self._mention(named, clause, begin)
        if clause.change or clause.compared or clause.level or set(head.drafts) <= {"previous"}:
            return head
        return self._mention(named, clause, begin)

    def _parent(self, subject: str, *, keep: bool = False) -> tuple[Mention | None, str]:
        """(the innermost open list that the subject can be a part of, the subject as it is called there)."""
        kind = "codes" if subject.isdigit() else "projects" if subject.startswith("project:") else subject
        for at in range(len(self.state.opened) - 1, -1, -1):
            above = self.state.opened[at]
            name = self.wording.within.get(above.subject, {}).get(kind, kind)
            if name in self.wording.parts.get(above.subject, ()):
                if not keep:
                    self.state.opened = self.state.opened[: at + 1]
                return above, subject if name == kind else name
        if not keep and not self.state.aside:
            self.state.opened = []
        return None, subject

    def _label(self, named: Named, begin: int) -> str:
        return self.passage.name_printed(begin + named.start, begin + named.end)

    def _as_printed(self, words: str, clause: Clause, begin: int) -> str:
        at = clause.text.find(words)
        return self.passage.name_printed(begin + at, begin + at + len(words)) if at >= 0 and words else words

    def _mention(self, named: Named, clause: Clause, begin: int, *, printed: str | None = None) -> Mention:
        """A new mention, a part of the list that is open."""
        if not named.subject.startswith("other:"):
            parent, subject = self._parent(named.subject)
        else:
            parent, subject = self.state.opened[-1] if self.state.opened else None, named.subject
        if self.state.aside and clause.change is not None:
            parent = None  # a reason need not name all parts
        label = self._label(named, begin) if printed is None else self._as_printed(printed, clause, begin)
        mention = Mention(subject, label, named, parent, self._paragraph(begin))
        if not self.state.aside and (parent is None or parent in self.outline):
            self.state.lead = mention
        if subject in self.wording.ends_projects:
            self.state.listing = False
        self.state.doubtful = [d for d in self.state.doubtful if parent is None or d.mention.parent is not parent]
        return self._add(mention)

    def _other(self, clause: Clause, begin: int, number: Number) -> Mention:
        words = (clause.name or clause.text or self.passage.text[: number.start])[-_LONGEST_OTHER:]
        self._issue("info", UNKNOWN_SUBJECT, begin, number)
        parent = self.state.opened[-1] if self.state.opened and not self.state.aside else None
        of_part = self._is_of_part() or bool(self.wording.of_part.search(words))
        return self._add(Mention(f"other:{words}", words, None, parent, self._paragraph(begin), of_part=of_part))

    def _add(self, mention: Mention) -> Mention:
        self.mentions.append(mention)
        self.state.head = mention
        return mention

    def _open(self, mention: Mention | None) -> None:
        """What follows are parts of this."""
        if mention is None:
            return
        if mention not in self.state.opened:
            self.state.opened.append(mention)
        if mention.subject in self.wording.lists_projects:
            self.state.listing = True

    # ── what is found ───────────────────────────────────────────────────────────────────────────────────────

    def _paragraph(self, at: int) -> Paragraph:
        return self.passage.paragraph_at(at)

    def _draft(
        self,
        mention: Mention,
        said: Said,
        value: Decimal,
        unit: str,
        span: tuple[int, int],
        words: str,
        is_number: bool = False,
    ) -> Draft:
        measure, _, compared = said
        draft = Draft(
            mention=mention,
            measure=measure,
            direction=_direction(value) if measure in _COMPARES and (said[1] or not is_number) else None,
            value=value,
            unit=unit,
            yuan=_yuan(value, unit),
            text=self.passage.printed(*span),
            compared=compared,
            sentence=self.passage.printed(*self._sentence(span[0])),
            words=words,
            paragraph=self._paragraph(span[0]),
            is_number=is_number,
            counts=span[0] >= self.passage.begin,
        )
        mention.drafts[measure] = draft
        if measure in _COMPARES:
            mention.settled = True
        if compared is not None:
            mention.compared = compared
        self.drafts.append(draft)
        return draft

    def _issue(self, severity: Severity, what: str, begin: int, number: Number) -> None:
        if number.start < self.passage.begin:
            return
        text = self.passage.printed(max(begin, number.start - 2 * _LONGEST_OTHER), number.end)
        self.issues.append(Issue(severity, what, text, *self._place(number.start)))


def _is_within(name: str, whole: str) -> bool:
    """Is a name another's short form: its characters in their order?"""
    rest = iter(whole)
    return all(char in rest for char in name)


def _direction(value: Decimal) -> Direction:
    return "increase" if value > 0 else "decrease" if value < 0 else "level"


def _yuan(value: Decimal, unit: str) -> Decimal | None:
    return value * YUAN[unit] if unit in YUAN else None


def _project_of(section: ProseSection, wording: Wording) -> str | None:
    """project:<name> of a section about one project, by its heading."""
    match = wording.project_heading.fullmatch(squash(section.heading))
    name = match["name"] if match else ""
    return f"project:{name}" if name else None

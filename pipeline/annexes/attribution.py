"""Whose a number is: the mention that it belongs to, by the subject that its clause names or goes on about.

Where a clause holds words that are not understood, no mention is certain.
"""

from __future__ import annotations

from pipeline.annexes.clauses import Clause
from pipeline.annexes.mentions import COMPARES, Mention, place_in_lists, side_of
from pipeline.annexes.numbers import Number, find_numbers
from pipeline.annexes.record import Record
from pipeline.annexes.speaker import Speaker
from pipeline.annexes.subjects import FunctionItems, Named, sided_fund
from pipeline.annexes.wording import Wording

_SEVERAL = 2  # subjects that share one clause


class Attribution:
    """Chooses among the mentions of a record, or adds one to it."""

    def __init__(self, kind: str, record: Record, speaker: Speaker, items: FunctionItems, wording: Wording) -> None:
        """``kind``: of the section."""
        self.kind, self.record, self.speaker = kind, record, speaker
        self.items, self.wording = items, wording
        self.default: str | None = None  # what the heading says that an amount is
        self.named = False  # this passage has named a subject
        self.queue: dict[int, Mention] = {}  # start of a number → whose it is (分别为)
        self.also: list[Mention] = []  # whose the number is beside the one that is returned (均为)

    def begin_passage(self) -> None:
        self.named, self.queue, self.also = False, {}, []

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def of_number(self, clause: Clause, begin: int, number: Number) -> Mention | None:
        """The mention that the number belongs to; None if it is not certain."""
        record, state = self.record, self.record.state
        self.also = []
        if number.start in self.queue:
            return self.queue[number.start]
        if alike := self._alike(clause, begin):
            self.also = alike[:-1]
            return alike[-1]
        if each := self._each(clause, begin, number):
            return each
        named = None if state.is_of_part else self.pure(clause)
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
            named, printed = state.waiting
            return record.mention(named, clause, begin, printed=printed)
        return state.head or self._default(clause, begin)

    def _each(self, clause: Clause, begin: int, number: Number) -> Mention | None:
        """人员经费和公用经费分别为 1 万元和 2 万元: a number for each."""
        listed = _listed(clause, self.wording)
        if not clause.each or len(listed) < _SEVERAL:
            return None
        chain = _chain(number, self.record.passage.text, self.wording)
        if len(chain) != len(listed):
            return None
        mentions = [self.record.mention(named, clause, begin) for named in listed]
        self.queue |= {later.start: mention for later, mention in zip(chain, mentions, strict=True)}
        return mentions[0]

    def _alike(self, clause: Clause, begin: int) -> list[Mention]:
        """因公出国费、公务接待费均为 0 万元: one number, for each of them."""
        listed = _listed(clause, self.wording)
        if len(listed) < _SEVERAL or clause.left_over or clause.change or not self.wording.alike.search(clause.text):
            return []
        if self.record.state.is_of_part or self.speaker.is_another:
            return []
        return [self.record.mention(named, clause, begin) for named in listed]

    def _is_of_other_side(self, named: Named) -> bool:
        """单位资金 in a list of spending: what is spent of it, no revenue."""
        side = side_of(self.record.state.opened, self.wording)
        return side == "expenditure" and named.subject in self.wording.parts["total_revenue"]

    def _project(self, clause: Clause, begin: int) -> Mention | None:
        """An entry of a list of projects."""
        state = self.record.state
        of = state.opened[-1] if state.opened else None
        name = clause.bare if clause.change else clause.name
        if not name or (not clause.left_over and not clause.subjects):
            return state.head or self._default(clause, begin)
        changes = of is not None and of.last in COMPARES
        if self.record.all_projects and of is not None:  # what the project is spent on
            return None
        if self.wording.not_a_project.search(name) or (changes and clause.change is None):
            return None
        subject = f"project:{''.join(self.record.as_printed(name, clause, begin).split())}"
        return self.record.mention(Named(subject, 0, 0), clause, begin, printed=name)

    def _spoken_of(self, named: Named, clause: Clause, begin: int) -> Mention:
        """The mention that the sentence is about anyway, if the clause names it again to compare it; else a new one."""
        state = self.record.state
        head = state.head
        same = head is not None and head.subject == place_in_lists(named.subject, state.opened, self.wording)[1]
        if head is None or not same or head.is_compared:
            return self.record.mention(named, clause, begin)
        if clause.change or clause.compared or clause.level or set(head.drafts) <= {"previous"}:
            return head
        return self.record.mention(named, clause, begin)

    def _by_words(self, clause: Clause, begin: int) -> Mention | None:
        """A part that is named shortly in its list, a fund without its side, or a 类 by its name."""
        opened = self.record.state.opened
        inside = (entry for above in reversed(opened) for entry in self.wording.inside.get(above.subject, {}).items())
        named = next((Named(subject, 0, 0) for subject, words in inside if words.fullmatch(clause.bare)), None)
        if named is None and (fund := sided_fund(clause.bare, side_of(opened, self.wording), self.wording)):
            named = Named(fund, 0, 0)
        if named is None and self.kind == "overview" and (code := self.items.class_named(clause.bare)):
            named = Named(code, 0, 0, code, None, "from_label")
        return None if named is None else self.record.mention(named, clause, begin, printed=clause.bare)

    def _default(self, clause: Clause, begin: int) -> Mention | None:
        """What the heading of the section says that an amount is, if nothing else was named since."""
        if self.default is None or self.named:
            return None
        words = self.default.removeprefix("project:") if self.record.all_projects else clause.text
        return self.record.mention(Named(self.default, 0, 0), clause, begin, printed=words or self.default)

    # ── clauses ─────────────────────────────────────────────────────────────────────────────────────────────────

    def item(self, clause: Clause) -> Named | None:
        """The function item whose name the clause is."""
        return self.items.named(clause.name, self.wording) if self.kind == "overview" else None

    def of_item(self, item: Named, clause: Clause, begin: int) -> Mention:
        """The mention of a function item; without a code it counts as not known."""
        if item.subject_code is None:
            self.record.doubt_name(clause.name, begin)
        return self.record.mention(item, clause, begin, printed=clause.name)

    def of_list(self, named: Named, clause: Clause, begin: int) -> Mention:
        """What a list is announced of: the amount stated before, unless its parts were listed already."""
        known = self.record.latest(named.subject)
        if known is None or any(m.parent is known for m in self.record.mentions):
            return self.record.mention(named, clause, begin)
        return known

    def of_level(self, clause: Clause, begin: int) -> list[Mention]:
        """Whose 持平 is: of each subject that is named, or of the one spoken of and those listed with it."""
        state = self.record.state
        named = self.pure(clause)
        if listed := [named] if named else _listed(clause, self.wording) if not clause.left_over else []:
            return [self._spoken_of(each, clause, begin) for each in listed]
        known = state.head or state.lead
        if known is None or clause.subjects or clause.left_over:
            return []
        if not (clause.compared or state.compared or known.compared):
            return []
        return [*self._listed_with(known), known]

    def _listed_with(self, last: Mention) -> list[Mention]:
        """A 0, B 0, C 0, 与上年持平: the entries before the last one that have no comparison of their own."""
        before: list[Mention] = []
        if last.settled or last.last != "amount":
            return before
        for mention in reversed(self.record.mentions[: self.record.mentions.index(last)]):
            if mention.parent is not last.parent:
                continue
            is_whole = last.subject in self.wording.parts.get(mention.subject, ())
            if mention.settled or mention.last != "amount" or is_whole or not mention.is_known:
                break
            before.insert(0, mention)
        return before

    def pure(self, clause: Clause) -> Named | None:
        """The subject that the clause is about, and nothing else."""
        subject = clause.subject
        if subject is None or clause.behind or self.wording.other_scope.search(clause.text[: subject.start]):
            return None
        if len({named.subject for named in clause.subjects}) > 1:
            return subject if _is_part_named(clause, self.wording) else None
        listed = self.record.state.opened != self.record.outline
        if clause.before and (listed or not self.speaker.hears(clause.before)):
            return None
        return None if self.speaker.is_another else subject


def _is_part_named(clause: Clause, wording: Wording) -> bool:
    """项目支出中公用经费: the first subject is what the second is a part of."""
    if len(clause.subjects) != 2:
        return False
    first, second = clause.subjects
    between = clause.text[first.end : second.start].removeprefix("预算")
    return between in ("中", "里") and second.subject in wording.parts.get(first.subject, ())


def _listed(clause: Clause, wording: Wording) -> list[Named]:
    """The subjects of A、B和C."""
    for first, second in zip(clause.subjects, clause.subjects[1:], strict=False):
        if wording.joins.sub("", clause.text[first.end : second.start]):
            return []
    return list(clause.subjects)


def _chain(number: Number, text: str, wording: Wording) -> list[Number]:
    """The number and those that are joined to it: 1 万元、2 万元和 3 万元."""
    chain = [number]
    for following in find_numbers(text, wording):
        if following.start <= number.start:
            continue
        between = text[chain[-1].end : following.start]
        if not between or wording.joins.sub("", between):
            break
        chain.append(following)
    return chain

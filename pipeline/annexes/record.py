"""What a section has said so far, and where the reading of it stands: mentions and drafts are added here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.annexes.clauses import Clause
from pipeline.annexes.measures import Said
from pipeline.annexes.mentions import COMPARES, Draft, Mention, State, place_in_lists
from pipeline.annexes.model import Direction
from pipeline.annexes.numbers import Number, in_yuan
from pipeline.annexes.prose import Passage
from pipeline.annexes.subjects import Named
from pipeline.annexes.wording import Wording
from pipeline.documents.model import Issue, Severity
from pipeline.forms.printed import squash

UNKNOWN_SUBJECT = "the prose states a number whose subject is not known"

_LONGEST_OTHER = 12


class Record:
    """The mentions, drafts and issues of a section in the order of its text.

    Positions (``begin``, ``at``) count in the passage that is being read.
    """

    def __init__(self, wording: Wording, *, all_projects: bool) -> None:
        """``all_projects``: whatever the section names is a project or what one is spent on."""
        self.wording = wording
        self.all_projects = all_projects
        self.mentions: list[Mention] = []
        self.drafts: list[Draft] = []
        self.issues: list[Issue] = []
        self.passage = Passage("", (), ())
        self.state = State()
        self.outline: list[Mention] = []  # a list whose entries are passages of their own
        self.lead: Mention | None = None  # of the passage before
        self.reason_of: tuple[Mention, int] | None = None  # whose change is explained from here on

    # ── passages and sentences ──────────────────────────────────────────────────────────────────────────────────

    def begin_passage(self, passage: Passage, *, in_outline: bool) -> None:
        if not in_outline:
            self.outline = []
        self.passage, self.reason_of = passage, None
        self.state = State(opened=list(self.outline), listing=self.all_projects)

    def end_passage(self) -> None:
        opened = list(self.state.opened)
        self.end_sentence(len(self.passage.text))
        self.lead = self.state.lead or self.lead
        if self.passage.text.endswith(":"):
            self.outline = opened

    def end_sentence(self, at: int) -> None:
        self.end_aside(at)
        disowned: dict[int, Mention] = {}
        for draft in self.state.doubtful:
            of = id(draft.mention)
            disowned[of] = self._disown(draft, disowned.get(of))
        for mention in self.mentions:
            mention.settled = True
        lead = self.state.lead
        self.state = State(head=lead, lead=lead, opened=list(self.outline), listing=self.all_projects)

    def end_aside(self, at: int) -> None:
        self.end_reason(at)
        self.state.aside = ""

    def end_reason(self, at: int) -> None:
        if self.reason_of is not None:
            mention, start = self.reason_of
            reason = self.passage.printed(start, at).strip(" ,，:：。；;") if start < at else ""
            for measure in COMPARES:
                if reason and (draft := mention.drafts.get(measure)) and draft.reason is None:
                    draft.reason = reason
        self.reason_of = None

    # ── mentions ────────────────────────────────────────────────────────────────────────────────────────────────

    def latest(self, subject: str) -> Mention | None:
        return next((m for m in reversed(self.mentions) if m.subject == subject), None)

    def mention(self, named: Named, clause: Clause, begin: int, *, printed: str | None = None) -> Mention:
        """A new mention, a part of the list that is open; ``printed``: the words that name it, if not the subject's."""
        if not named.subject.startswith("other:"):
            parent, subject = self._place(named.subject)
        else:
            parent, subject = self.state.opened[-1] if self.state.opened else None, named.subject
        if self.state.aside and clause.change is not None:
            parent = None  # a reason need not name all parts
        label = self.label(named, begin) if printed is None else self.as_printed(printed, clause, begin)
        mention = Mention(subject, label, named, parent, self.passage.paragraph_at(begin))
        if not self.state.aside and (parent is None or parent in self.outline):
            self.state.lead = mention
        if subject in self.wording.ends_projects:
            self.state.listing = False
        self.state.doubtful = [d for d in self.state.doubtful if parent is None or d.mention.parent is not parent]
        return self._add(mention)

    def mention_unknown(self, clause: Clause, begin: int, number: Number) -> Mention:
        """A new mention of what is not known."""
        words = (clause.name or clause.text or self.passage.text[: number.start])[-_LONGEST_OTHER:]
        self.doubt("info", UNKNOWN_SUBJECT, begin, number)
        parent = self.state.opened[-1] if self.state.opened and not self.state.aside else None
        of_part = self.state.is_of_part or bool(self.wording.of_part.search(words))
        paragraph = self.passage.paragraph_at(begin)
        return self._add(Mention(f"other:{words}", words, None, parent, paragraph, of_part=of_part))

    def mention_again(self, mention: Mention) -> Mention:
        """The same subject, spoken of anew: what was said of it is another statement."""
        return self._add(replace(mention, parent=None, drafts={}, settled=False))

    def open(self, mention: Mention | None) -> None:
        """What follows are parts of this."""
        if mention is None:
            return
        if mention not in self.state.opened:
            self.state.opened.append(mention)
        if mention.subject in self.wording.lists_projects:
            self.state.listing = True

    def label(self, named: Named, begin: int) -> str:
        return self.passage.name_printed(begin + named.start, begin + named.end)

    def as_printed(self, words: str, clause: Clause, begin: int) -> str:
        at = clause.text.find(words)
        return self.passage.name_printed(begin + at, begin + at + len(words)) if at >= 0 and words else words

    def _place(self, subject: str) -> tuple[Mention | None, str]:
        """(the list that the subject is a part of, the subject as it is called there); lists within it end."""
        at, name = place_in_lists(subject, self.state.opened, self.wording)
        if at is not None:
            self.state.opened = self.state.opened[: at + 1]
            return self.state.opened[at], name
        if not self.state.aside:
            self.state.opened = []
        return None, name

    def _add(self, mention: Mention) -> Mention:
        self.mentions.append(mention)
        self.state.head = mention
        return mention

    # ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def draft(
        self,
        mention: Mention,
        said: Said,
        value: Decimal,
        unit: str,
        span: tuple[int, int],
        words: str,
        *,
        is_number: bool,
    ) -> Draft:
        """A new draft: what the text at ``span`` says of the mention, behind ``words``."""
        measure, way, compared = said
        draft = Draft(
            mention=mention,
            measure=measure,
            direction=_direction(value) if measure in COMPARES and (way or not is_number) else None,
            value=value,
            unit=unit,
            yuan=in_yuan(value, unit),
            text=self.passage.printed(*span),
            compared=compared,
            sentence=self.passage.printed(*self.passage.sentence_at(span[0])),
            words=words,
            paragraph=self.passage.paragraph_at(span[0]),
            is_number=is_number,
            counts=span[0] >= self.passage.begin,
        )
        mention.drafts[measure] = draft
        if measure in COMPARES:
            mention.settled = True
        if compared is not None:
            mention.compared = compared
        self.drafts.append(draft)
        return draft

    def is_doubtful(self, clause: Clause, mention: Mention) -> bool:
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

    # ── doubts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def doubt(self, severity: Severity, what: str, begin: int, number: Number) -> None:
        """An issue of a number, with some of the words before it; not where the text is only printed again."""
        if number.start < self.passage.begin:
            return
        text = self.passage.printed(max(begin, number.start - 2 * _LONGEST_OTHER), number.end)
        self._issue(severity, what, text, number.start)

    def doubt_name(self, name: str, begin: int) -> None:
        self._issue("info", UNKNOWN_SUBJECT, name, begin)

    def _issue(self, severity: Severity, what: str, text: str, at: int) -> None:
        paragraph = self.passage.paragraph_at(at)
        self.issues.append(Issue(severity, what, text, paragraph.page, paragraph.locator))


def _direction(value: Decimal) -> Direction:
    return "increase" if value > 0 else "decrease" if value < 0 else "level"

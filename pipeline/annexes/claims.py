"""The explanation → every figure that it states: about what, which measure, against which year, for which reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.annexes.find import ProseSection
from pipeline.annexes.mentions import Draft, Mention
from pipeline.annexes.model import AnnexRead, Claim
from pipeline.annexes.reading import read_section
from pipeline.annexes.subjects import FunctionItems
from pipeline.annexes.wording import Wording, load_wording
from pipeline.documents.model import Issue
from pipeline.forms.classification import function_classification
from pipeline.forms.disclosure import Disclosure, Figure, RowRead, StatementRead
from pipeline.forms.form import Form

STATEMENT = "claim"


def read_claims(
    sections: Sequence[ProseSection], form: Form, disclosure: Disclosure
) -> tuple[tuple[Claim, ...], AnnexRead]:
    """The claims of the explanation in the order of the text, with a row for each mention of a subject."""
    wording = load_wording()
    codes = {row.subject_code for row in disclosure.rows_of(1) if row.subject_code}
    items = FunctionItems(function_classification(), frozenset(codes))
    body = next((part for part in disclosure.parts if part.part == 1), None)
    claims: list[Claim] = []
    rows: list[RowRead] = []
    issues: list[Issue] = []
    for section in sections:
        if section.kind not in wording.sections:
            continue
        record = read_section(section, disclosure.fiscal_year, items, wording, body)
        drafts = [d for d in record.drafts if d.counts and _is_allowed(d.mention, section.kind, wording)]
        kept = _kept(record.mentions, drafts)
        orders = {id(mention): order for order, mention in enumerate(kept, start=len(rows) + 1)}
        rows += (_row(mention, orders[id(mention)]) for mention in kept)
        claims += (_claim(draft, orders[id(draft.mention)], section.kind) for draft in drafts)
        if section.kind not in wording.known_only:
            issues += record.issues
    figures = tuple(claim.figure for claim in claims if claim.figure is not None)
    return tuple(claims), AnnexRead(_statement(rows, figures), figures, tuple(rows), tuple(issues))


def _is_allowed(mention: Mention, section: str, wording: Wording) -> bool:
    allowed = wording.known_only.get(section)
    if allowed is None or section in wording.counted_below:
        return True
    return mention.subject in allowed or ("projects" in allowed and mention.subject.startswith("project:"))


def _kept(mentions: Iterable[Mention], drafts: Iterable[Draft]) -> list[Mention]:
    """The mentions of which something is said, and those that they are parts of."""
    wanted: set[int] = set()
    for draft in drafts:
        mention: Mention | None = draft.mention
        while mention is not None and id(mention) not in wanted:
            wanted.add(id(mention))
            mention = mention.parent
    return [mention for mention in mentions if id(mention) in wanted]


def _statement(rows: Sequence[RowRead], figures: Sequence[Figure]) -> StatementRead:
    if not rows:
        return StatementRead(1, STATEMENT, "missing")
    return StatementRead(
        1,
        STATEMENT,
        "present",
        rows=len(rows),
        figures=len(figures),
        page=rows[0].page,
        locator=rows[0].locator,
        measures=tuple(dict.fromkeys(figure.measure for figure in figures)),
    )


def _row(mention: Mention, order: int) -> RowRead:
    return RowRead(
        part=1,
        statement=STATEMENT,
        order=order,
        number=order,
        label=mention.label,
        item=mention.subject,
        subject_code=mention.named.subject_code if mention.named else None,
        page=mention.paragraph.page,
        locator=mention.paragraph.locator,
        parent=mention.parent.subject if mention.parent else None,
    )


def _claim(draft: Draft, order: int, section: str) -> Claim:
    mention, compared = draft.mention, draft.compared
    return Claim(
        row_order=order,
        section=section,
        subject=mention.subject,
        label=mention.label,
        measure=draft.measure,
        direction=draft.direction,
        value=draft.value,
        unit=draft.unit,
        amount_yuan=draft.yuan,
        text=draft.text,
        compared_year=compared.year if compared else None,
        compared_basis=compared.basis if compared else None,
        reason=draft.reason,
        sentence=draft.sentence,
        figure=_figure(draft, order) if draft.is_number else None,
        page=draft.paragraph.page,
        locator=draft.paragraph.locator,
    )


def _figure(draft: Draft, order: int) -> Figure:
    named = draft.mention.named
    return Figure(
        part=1,
        statement=STATEMENT,
        row_order=order,
        row_number=order,
        row_label=draft.mention.label,
        code_as_printed=named.code if named else None,
        subject_code=named.subject_code if named else None,
        code_resolution=named.resolution if named else "none",
        item=draft.mention.subject,
        measure=draft.measure,
        text_as_printed=draft.text,
        printed_unit=draft.unit,
        amount_yuan=draft.yuan if draft.yuan is not None else draft.value,
        page=draft.paragraph.page,
        bbox=draft.paragraph.bbox,
        locator=draft.paragraph.locator,
        is_money=draft.yuan is not None,
    )

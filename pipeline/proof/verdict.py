"""Faults → errata: who is to blame, with the evidence in words. Nothing is repaired: an erratum stands beside it.

`publisher` needs a unique smallest fault set, in statements that were read without a doubt, from a capture that is not
damaged, and no second reading that says otherwise. Anything less is `extraction` (the reader had a doubt at that very
place) or `undecided`. A contradiction within prose or annexes that were read without a doubt is the publisher's
whatever number of it is wrong: there the verdict does not ask for a single place, only the implied number does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.annexes.model import ANNEXES
from pipeline.documents.model import Issue
from pipeline.forms.disclosure import MISSING_STATEMENT, NOTE_CONTRADICTS, NOTE_OF_ANOTHER, Disclosure, Figure, RowRead
from pipeline.forms.printed import squash
from pipeline.proof.annex_sheet import load_rules
from pipeline.proof.check import Check
from pipeline.proof.evidence import evidence_of_fault, evidence_of_finding, evidence_of_undecided, to_cents
from pipeline.proof.locate import Fault, Place
from pipeline.proof.prove import PartProof
from pipeline.proof.relations import FEN, Slot
from pipeline.proof.remarks import Remark
from pipeline.proof.suspects import Finding

FINDINGS = frozenset({MISSING_STATEMENT, NOTE_CONTRADICTS, NOTE_OF_ANOTHER})  # about the publication, not the reading


@dataclass(frozen=True, slots=True)
class Erratum:
    """One place that is wrong, or may be. ``published_text`` is None where the place is blank.

    Amounts are yuan; of what is no money (a percentage, a quantity) they are the plain number.
    """

    part: int
    statement: str
    row_number: int | None
    row_label: str
    item: str
    measure: str
    figure: Figure | None
    published_text: str | None
    published_yuan: Decimal | None
    implied_yuan: Decimal | None
    verdict: str
    identity_ids: tuple[str, ...]
    evidence: str
    page: int | None
    locator: str | None


def errata(disclosure: Disclosure, proofs: Sequence[PartProof], format: str) -> list[Erratum]:
    """Every erratum of a document, part by part, in the order of the statements."""
    issues = [i for i in disclosure.issues if i.statement not in ANNEXES]  # a doubt in an annex is a local one
    doubtful = {i.statement for i in issues if i.statement and _is_doubt(i)}
    doubtful_pages = {i.page for i in issues if i.page and not i.statement and _is_doubt(i)}
    doubtful |= {row.statement for row in disclosure.rows if row.page in doubtful_pages} - set(ANNEXES)
    is_text = format == "text"
    damaged = is_text and any(_is_doubt(issue) for issue in issues)
    hurt = set(_damaged_annexes(disclosure)) if is_text else set()
    found: list[Erratum] = []
    for proof in proofs:
        for fault in proof.faults:
            found.extend(_of_fault(disclosure, proof, fault, doubtful, damaged, is_text))
        found.extend(_of_codes(disclosure, proof.part, doubtful, damaged))
        found.extend(_of_notes(disclosure, proof.part, damaged, hurt))
        found.extend(_of_finding(disclosure, proof, finding, doubtful, hurt, is_text) for finding in proof.findings)
        found.extend(_of_remark(disclosure, proof.part, remark, hurt) for remark in proof.remarks)
    return found


def _damaged_annexes(disclosure: Disclosure) -> Iterator[str]:
    """The annexes that the damage of a text capture may have reached.

    One doubtful header of one statement is none; an error anywhere in the statements is, and for the tables one of
    their own.
    """
    doubts = [issue for issue in disclosure.issues if _is_doubt(issue)]
    statements = {i.statement for i in doubts if i.statement not in ANNEXES}
    if len(statements) > 1 or any(i.severity == "error" and i.statement not in ANNEXES for i in doubts):
        yield from ANNEXES
    yield from (i.statement for i in doubts if i.severity == "error" and i.statement and i.statement != "claim")


def _is_doubt(issue: Issue) -> bool:
    return issue.severity != "info" and issue.what not in FINDINGS


def _of_fault(
    disclosure: Disclosure, proof: PartProof, fault: Fault, doubtful: set[str], damaged: bool, is_text: bool
) -> Iterator[Erratum]:
    checks = [proof.checks[n] for n in fault.checks]
    if not fault.is_unique:
        # no single smallest set: the fault is known to be there, not where
        yield _undecided(disclosure, proof, fault, checks)
        return
    for place, delta in fault.smallest[0]:
        slot, figure = proof.at(place)
        published = figure.amount_yuan if figure else None
        implied = (published or Decimal(0)) + Decimal(delta) / FEN
        own = [check for check in checks if _stands_in(place, check)]
        row = _row(disclosure, proof.part, slot)
        settled = any(s.figure is figure for s in proof.settled)
        if settled or (slot[0] in doubtful and damaged):
            verdict = "extraction"
        elif slot[0] in doubtful or damaged or any(c.statement in doubtful for c in own) or (is_text and row is None):
            verdict = "undecided"
        else:
            verdict = "publisher"
        ids = tuple(dict.fromkeys(check.identity.id for check in own))
        evidence = evidence_of_fault(own, published, implied, row is not None)
        yield _at(proof, place, row, implied, verdict, ids, evidence)


def _undecided(disclosure: Disclosure, proof: PartProof, fault: Fault, checks: list[Check]) -> Erratum:
    place = checks[0].cells[0][0]
    row = _row(disclosure, proof.part, proof.at(place)[0])
    ids = tuple(dict.fromkeys(check.identity.id for check in checks))
    return _at(proof, place, row, None, "undecided", ids, evidence_of_undecided(proof, fault, checks))


def _at(
    proof: PartProof,
    place: Place,
    row: RowRead | None,
    implied: Decimal | None,
    verdict: str,
    ids: tuple[str, ...],
    evidence: str,
) -> Erratum:
    """The erratum of one place, printed or blank; ``row`` is the row that it stands in."""
    (statement, _, item, measure), figure = proof.at(place)
    return Erratum(
        part=proof.part,
        statement=statement,
        row_number=row.number if row else None,
        row_label=row.label if row else "",
        item=item,
        measure=measure,
        figure=figure,
        published_text=figure.text_as_printed if figure else None,
        published_yuan=figure.amount_yuan if figure else None,
        implied_yuan=implied,
        verdict=verdict,
        identity_ids=ids,
        evidence=evidence,
        page=figure.page if figure else (row.page if row else None),
        locator=figure.locator if figure else (row.locator if row else None),
    )


def _of_codes(disclosure: Disclosure, part: int, doubtful: set[str], damaged: bool) -> Iterator[Erratum]:
    """Rows whose printed code is not the one that their label names."""
    seen: set[tuple[str, int]] = set()
    for figure in disclosure.figures:
        place = (figure.statement, figure.row_order)
        wrong = figure.code_as_printed and figure.code_as_printed != figure.subject_code
        if figure.part != part or not wrong or place in seen or figure.statement in ANNEXES:
            continue
        seen.add(place)
        yield Erratum(
            part,
            figure.statement,
            figure.row_number,
            figure.row_label,
            figure.item,
            "code",
            figure,
            figure.code_as_printed,
            None,
            None,
            "undecided" if damaged or figure.statement in doubtful else "publisher",
            ("30.code",),
            f"the printed code {figure.code_as_printed} is not the code of {figure.row_label}, which is "
            f"{figure.subject_code} ({figure.code_resolution})",
            figure.page,
            figure.locator,
        )


def _of_notes(disclosure: Disclosure, part: int, damaged: bool, hurt: set[str]) -> Iterator[Erratum]:
    """Notes below a statement that contradict it."""
    missing = {read.statement for read in disclosure.statements if read.part == part and read.status == "missing"}
    for issue in disclosure.issues:
        if issue.what not in (NOTE_CONTRADICTS, NOTE_OF_ANOTHER) or part != 1 or issue.statement is None:
            continue
        contradicts = issue.what == NOTE_CONTRADICTS
        # where the title of a statement is lost, its note seems to stand below the one before
        of_another = (name for name, words in load_rules().notes.items() if words in squash(issue.text))
        unsure = damaged or any(name in missing and name != issue.statement for name in of_another)
        yield Erratum(
            part,
            issue.statement,
            None,
            issue.text,
            "note" if contradicts else "note_subject",
            "note",
            None,
            issue.text,
            None,
            None,
            "undecided" if (issue.statement in hurt if issue.statement in ANNEXES else unsure) else "publisher",
            ("29.note" if contradicts else "29.note_subject",),
            issue.what,
            issue.page,
            issue.locator,
        )


# ── prose and annexes ───────────────────────────────────────────────────────────────────────────────────────────


def _of_finding(
    disclosure: Disclosure, proof: PartProof, finding: Finding, doubtful: set[str], hurt: set[str], is_text: bool
) -> Erratum:
    slot, figure = proof.at(finding.place)
    row = _row(disclosure, proof.part, slot)
    checks = [proof.checks[n] for n in finding.checks]
    places: set[Place] = {index for check in checks for index, _ in check.cells}
    settled = any(s.figure is figure for s in proof.settled)
    unsure = any(_was_doubted(disclosure, proof, place, doubtful | hurt) for place in (*places, finding.place))
    # a table of which no number could be read: its blanks say nothing
    unread = {s.statement for s in disclosure.statements if s.statement in ANNEXES and s.rows and not s.figures}
    unsure = unsure or any(check.identity.required & (unread | hurt) for check in checks)
    lost = is_text and figure is None and slot[0] in ANNEXES  # a capture that lost a cell looks like a blank
    lawful = all(check.identity.only_slips for check in checks)  # it may have been meant so
    verdict = "extraction" if settled else "undecided" if unsure or lost or lawful else "publisher"
    ids = tuple(dict.fromkeys(check.identity.id for check in checks))
    evidence = evidence_of_finding(proof, finding, checks, figure)
    return _at(proof, finding.place, row, to_cents(finding.implied), verdict, ids, evidence)


def _was_doubted(disclosure: Disclosure, proof: PartProof, place: Place, doubtful: set[str]) -> bool:
    """Was this place read with a doubt? In an annex only a doubt at the same spot counts."""
    slot, figure = proof.at(place)
    if slot[0] in doubtful:
        return True
    if slot[0] not in ANNEXES or figure is None or figure.locator is None:
        return False
    return any(i.statement == slot[0] and i.locator == figure.locator and _is_doubt(i) for i in disclosure.issues)


def _of_remark(disclosure: Disclosure, part: int, remark: Remark, hurt: set[str]) -> Erratum:
    row = next(
        (
            row
            for row in disclosure.rows
            if row.part == part and (row.statement, row.order) == (remark.statement, remark.row_order)
        ),
        None,
    )
    return Erratum(
        part=part,
        statement=remark.statement,
        row_number=row.number if row else None,
        row_label=remark.row_label,
        item=remark.item,
        measure=remark.measure,
        figure=remark.figure,
        published_text=remark.text,
        published_yuan=None,
        implied_yuan=None,
        verdict="publisher" if remark.is_sure and remark.statement not in hurt else "undecided",
        identity_ids=(remark.identity_id,),
        evidence=remark.evidence,
        page=remark.page,
        locator=remark.locator,
    )


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(disclosure: Disclosure, part: int, slot: Slot) -> RowRead | None:
    statement, order, item, _ = slot
    return next(
        (
            row
            for row in disclosure.rows
            if row.part == part
            and row.statement == statement
            and row.item == item
            and row.order == (order or row.order)
        ),
        None,
    )


def _stands_in(place: Place, check: Check) -> bool:
    if isinstance(place, int):
        return any(index == place for index, _ in check.cells)
    return any(slot == place for slot, _ in check.blanks)

"""Faults → errata: who is to blame, with the evidence in words. Nothing is repaired: an erratum stands beside it.

`publisher` needs a unique smallest fault set, in statements that were read without a doubt, from a capture that is not
damaged, and no second reading that says otherwise. Anything less is `extraction` (the reader had a doubt at that very
place) or `undecided`. A contradiction within prose or annexes that were read without a doubt is the publisher's
whatever number of it is wrong: there the verdict does not ask for a single place, only the implied number does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from pipeline.annexes.model import ANNEXES
from pipeline.documents.model import Issue
from pipeline.forms.disclosure import (
    MISSING_STATEMENT,
    NOTE_CONTRADICTS,
    NOTE_OF_ANOTHER,
    SAME_LINE,
    Disclosure,
    Figure,
    RowRead,
)
from pipeline.forms.printed import decimals, parse_amount, squash
from pipeline.proof.annex_sheet import load_rules
from pipeline.proof.at_odds import AtOdds
from pipeline.proof.check import Check
from pipeline.proof.evidence import (
    evidence_of_draft,
    evidence_of_fault,
    evidence_of_finding,
    evidence_of_rounding,
    evidence_of_undecided,
    evidence_of_unit,
    to_cents,
)
from pipeline.proof.habits import BLANK_ROW, BLANK_TOTALS, CUT_OFF, OFF_BY_ROUNDING, ONE_FAULT, SAID_AGAIN, SAME_YEAR
from pipeline.proof.implied import TRUNCATED
from pipeline.proof.locate import Fault, Place
from pipeline.proof.prove import PartProof
from pipeline.proof.relations import FEN, Slot
from pipeline.proof.remarks import Remark
from pipeline.proof.rounding import exact_sum, rounded_sums
from pipeline.proof.suspects import Finding

FINDINGS = frozenset({MISSING_STATEMENT, NOTE_CONTRADICTS, NOTE_OF_ANOTHER})  # about the publication, not the reading


@dataclass(frozen=True, slots=True)
class Erratum:
    """One place that is wrong, or may be. ``published_text`` is None where the place is blank.

    Amounts are yuan; of what is no money (a percentage, a quantity) they are the plain number. Errata with
    the same ``habit``, and ``alike`` in the same way, are one entry of the ledger.
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
    habit: str = ""
    alike: str = ""


def errata(disclosure: Disclosure, proofs: Iterable[PartProof], format: str) -> list[Erratum]:
    """Every erratum of a document, part by part, in the order of the statements."""
    judge = Judge(disclosure, format)
    return [erratum for proof in proofs for erratum in judge.errata(proof)]


class Judge:
    """Says who is to blame in one document: what was read with a doubt is found once, then part after part judged.

    ``doubtful`` are the statements that were read with a doubt; of a text capture ``damaged`` says whether there is any
    such doubt. ``hurt`` are the annexes of which something was not read.
    """

    def __init__(self, disclosure: Disclosure, format: str) -> None:
        self.disclosure = disclosure
        self.doubts = [issue for issue in disclosure.issues if _is_doubt(issue)]
        issues = [i for i in disclosure.issues if i.statement not in ANNEXES]  # a doubt in an annex is a local one
        self.doubtful = {i.statement for i in issues if i.statement and _is_doubt(i)}
        otherwise = {i.statement for i in issues if _is_doubt(i) and i.what != SAME_LINE}
        if pages := {i.page for i in issues if i.page and not i.statement and _is_doubt(i)}:
            by_page = {row.statement for row in disclosure.rows if row.page in pages} - set(ANNEXES)
            self.doubtful |= by_page
            otherwise |= by_page
        self.doubled = self.doubtful - otherwise  # only because a row is printed twice
        self.is_text = format == "text"
        self.damaged = self.is_text and any(_is_doubt(issue) for issue in issues)
        self.hurt = set(_damaged_annexes(disclosure, self.is_text))

    def errata(self, proof: PartProof) -> Iterator[Erratum]:
        """Those of one part, in the order of the statements."""
        rows = self.disclosure.rows_of(proof.part)
        for one in proof.at_odds:
            yield self._of_statement(proof, one)
        for fault in proof.faults:
            yield from self._of_fault(proof, rows, fault)
        yield from self._of_codes(proof.part)
        if proof.part == 1:
            yield from self._of_notes()
        for finding in proof.findings:
            yield self._of_finding(proof, rows, finding)
        for remark in proof.remarks:
            yield self._of_remark(proof.part, rows, remark)
        yield from _of_rounding(proof, rows)

    def _of_statement(self, proof: PartProof, one: AtOdds) -> Erratum:
        """One erratum for a whole statement; its published text is its unit, or its title."""
        checks = [proof.checks[n] for n in one.checks]
        read = next(r for r in self.disclosure.statements if (r.part, r.statement) == (proof.part, one.statement))
        unsure = self.damaged or one.rival is not None or self._was_read_with_doubt(one.statement, checks)
        unsure = unsure or not self.doubtful.isdisjoint({s for check in checks for s in check.identity.statements})
        unsure = unsure or (self.is_text and _prints_nothing_of(proof, one))  # its rows or its column may be lost
        of_unit = one.power is not None
        return Erratum(
            part=proof.part,
            statement=one.statement,
            row_number=None,
            row_label=read.title or "",
            item="unit" if of_unit else "statement",
            measure="unit" if of_unit else "statement",
            figure=None,
            published_text=read.unit if of_unit else read.title,
            published_yuan=None,
            implied_yuan=None,
            verdict="undecided" if unsure else "publisher",
            identity_ids=tuple(dict.fromkeys(check.identity.id for check in checks)),
            evidence=evidence_of_unit(one, checks, read.unit) if of_unit else evidence_of_draft(one, checks),
            page=read.page,
            locator=read.locator,
        )

    def _of_fault(self, proof: PartProof, rows: Sequence[RowRead], fault: Fault) -> Iterator[Erratum]:
        checks = [proof.checks[n] for n in fault.checks]
        if not fault.is_unique:
            # no single smallest set: the fault is known to be there, not where
            undecided = _undecided(proof, rows, fault, checks)
            absent, row_of = undecided.figure is None, f"{undecided.statement} {undecided.item}"
            yield replace(undecided, habit=BLANK_ROW, alike=row_of) if absent else undecided
            return
        lacks_rows = self.is_text and _may_lack_rows(fault, checks)
        unsure = self.doubtful - self.doubled if _is_repetition(proof, fault) and not self.is_text else self.doubtful
        # a number in a broken check before those that only move with it
        for place, delta in sorted(fault.smallest[0], key=lambda one: not any(_stands_in(one[0], c) for c in checks)):
            slot, figure = proof.at(place)
            published = figure.amount_yuan if figure else None
            implied = (published or Decimal(0)) + Decimal(delta) / FEN
            # a change that another one asks for has no broken identity of its own
            own = [check for check in checks if _stands_in(place, check)] or checks
            row = _row(rows, slot)
            settled = any(s.figure is figure for s in proof.settled)
            if settled or (slot[0] in self.doubtful and self.damaged):
                verdict = "extraction"
            elif (
                self.damaged
                or lacks_rows
                or slot[0] in unsure
                or any(check.statement in unsure for check in own)
                or _may_be_left_out(slot, rows, self.is_text)
                or (figure is None and _may_be_blank(proof, slot, own, self.is_text))
                or (figure is not None and _may_be_cut(proof, figure, implied))
            ):
                verdict = "undecided"
            else:
                verdict = "publisher"
            ids = tuple(dict.fromkeys(check.identity.id for check in own))
            evidence = evidence_of_fault(own, published, implied, row is not None)
            erratum = _at(proof, place, row, implied, verdict, ids, evidence)
            habit, alike = _habit_of(proof, fault, place, own)
            yield replace(erratum, habit=habit, alike=alike)

    def _was_read_with_doubt(self, statement: str, checks: Iterable[Check]) -> bool:
        return statement in self.doubtful or any(check.statement in self.doubtful for check in checks)

    def _of_codes(self, part: int) -> Iterator[Erratum]:
        """Rows whose printed code is not the one that their label names."""
        seen: set[tuple[str, int]] = set()
        for figure in self.disclosure.figures_of(part):
            place = (figure.statement, figure.row_order)
            read = figure.code_as_printed if figure.code_read is None else figure.code_read
            if not read or read == figure.subject_code or place in seen or figure.statement in ANNEXES:
                continue
            seen.add(place)
            # a capture that lost the column of a level leaves the levels above it
            lost = self.is_text and (figure.subject_code or "").startswith(read)
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
                "undecided" if lost or self.damaged or figure.statement in self.doubtful else "publisher",
                ("30.code",),
                f"the printed code {figure.code_as_printed} is not the code of {figure.row_label}, which is "
                f"{figure.subject_code} ({figure.code_resolution})",
                figure.page,
                figure.locator,
            )

    def _of_notes(self) -> Iterator[Erratum]:
        """Notes below a statement that contradict it."""
        missing = {
            read.statement for read in self.disclosure.statements if read.status == "missing"
        }  # of whatever body
        for issue in self.disclosure.issues:
            if issue.what not in (NOTE_CONTRADICTS, NOTE_OF_ANOTHER) or issue.statement is None:
                continue
            contradicts = issue.what == NOTE_CONTRADICTS
            # where the title of a statement is lost, its note seems to stand below the one before
            of_another = (name for name, words in load_rules().notes.items() if words in squash(issue.text))
            unsure = self.damaged or any(name in missing and name != issue.statement for name in of_another)
            yield Erratum(
                1,
                issue.statement,
                None,
                issue.text,
                "note" if contradicts else "note_subject",
                "note",
                None,
                issue.text,
                None,
                None,
                "undecided"
                if (issue.statement in self.hurt if issue.statement in ANNEXES else unsure)
                else "publisher",
                ("29.note" if contradicts else "29.note_subject",),
                issue.what,
                issue.page,
                issue.locator,
            )

    def _of_finding(self, proof: PartProof, rows: Sequence[RowRead], finding: Finding) -> Erratum:
        slot, figure = proof.at(finding.place)
        row = _row(rows, slot)
        checks = [proof.checks[n] for n in finding.checks]
        places: set[Place] = {index for check in checks for index, _ in check.cells}
        settled = any(s.figure is figure for s in proof.settled)
        unsure = any(self._was_doubted(proof, place) for place in (*places, finding.place))
        # a table of which no number could be read: its blanks say nothing
        unread = {
            s.statement for s in self.disclosure.statements if s.statement in ANNEXES and s.rows and not s.figures
        }
        unsure = unsure or any(check.identity.required & (unread | self.hurt) for check in checks)
        # a capture that lost a cell looks like a blank
        lost = self.is_text and (
            (figure is None and slot[0] in ANNEXES)
            or any(not _has_numbers(proof, blank) for check in checks for blank, _ in check.blanks)
        )
        if self.is_text and figure is not None and finding.implied is not None:
            lost = lost or _may_be_cut(proof, figure, to_cents(finding.implied) or Decimal(0))
        # it may have been meant so
        lawful = all(check.identity.only_slips or check.identity.may_differ for check in checks)
        verdict = "extraction" if settled else "undecided" if unsure or lost or lawful else "publisher"
        ids = tuple(dict.fromkeys(check.identity.id for check in checks))
        evidence = evidence_of_finding(proof, finding, checks, figure)
        erratum = _at(proof, finding.place, row, to_cents(finding.implied), verdict, ids, evidence)
        if finding.hint == TRUNCATED:
            return replace(erratum, habit=CUT_OFF, alike=slot[0])
        if figure is None or finding.implied is None:
            return erratum
        alike = f"{slot[0]} {figure.item} {figure.measure} {figure.amount_yuan} {erratum.implied_yuan}"
        return replace(erratum, habit=SAID_AGAIN, alike=alike)

    def _was_doubted(self, proof: PartProof, place: Place) -> bool:
        """Was this place read with a doubt? In an annex only a doubt at the same spot counts."""
        slot, figure = proof.at(place)
        if slot[0] in self.doubtful | self.hurt:
            return True
        return slot[0] in ANNEXES and figure is not None and any(_is_at(doubt, figure) for doubt in self.doubts)

    def _of_remark(self, part: int, rows: Sequence[RowRead], remark: Remark) -> Erratum:
        order = (remark.statement, remark.row_order)
        row = next((row for row in rows if (row.statement, row.order) == order), None)
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
            verdict="publisher" if remark.is_sure and not self._is_unclear(remark) else "undecided",
            identity_ids=(remark.identity_id,),
            evidence=remark.evidence,
            page=remark.page,
            locator=remark.locator,
            habit=SAME_YEAR if remark.measure == "compared_year" else "",
            alike=remark.text or "" if remark.measure == "compared_year" else "",
        )

    def _is_unclear(self, remark: Remark) -> bool:
        """May something else be printed there? Of what one sentence says only a doubt at that sentence counts."""
        if remark.is_plain:
            own = (doubt for doubt in self.doubts if doubt.statement == remark.statement)
            return any((doubt.page, doubt.locator) == (remark.page, remark.locator) for doubt in own)
        return remark.statement in self.hurt


def _habit_of(proof: PartProof, fault: Fault, place: Place, checks: Iterable[Check]) -> tuple[str, str]:
    """What makes the places of a fault one entry, and entries of several faults one: totals or a row left blank."""
    slot, figure = proof.at(place)
    row = slot[:3]
    down = [check for check in checks if check.identity.each in ("parent", "measure", "once")]
    if figure is None and any((place, 1) in check.blanks for check in down):
        return BLANK_TOTALS, slot[0]
    if figure is None and all(proof.at(other)[0][:3] == row for other, _ in fault.smallest[0]):
        return BLANK_ROW, f"{slot[0]} {slot[2]}"
    return (ONE_FAULT, str(fault.checks)) if len(fault.smallest[0]) > 1 else ("", "")


def _of_rounding(proof: PartProof, rows: Sequence[RowRead]) -> Iterator[Erratum]:
    """The sums that hold within rounding only: told apart, and nobody's fault."""
    for place, checks in rounded_sums(proof).items():
        slot, figure = proof.at(place)
        delta = exact_sum(checks)
        known = figure is not None and delta is not None
        implied = figure.amount_yuan + Decimal(delta or 0) / FEN if figure is not None and known else None
        ids = tuple(dict.fromkeys(check.identity.id for check in checks))
        erratum = _at(proof, place, _row(rows, slot), implied, "rounding", ids, evidence_of_rounding(checks))
        yield replace(erratum, habit=OFF_BY_ROUNDING, alike=f"{slot[0]} {slot[1]} {slot[2]}")


def _damaged_annexes(disclosure: Disclosure, is_text: bool) -> Iterator[str]:
    """The annexes of which something was not read, so that what they seem to say may be what is left of it.

    An error in a table of theirs; in a text capture, where damage spreads, also an error anywhere in the statements, or
    doubts in two of them (one doubtful header is none).
    """
    doubts = [issue for issue in disclosure.issues if _is_doubt(issue)]
    statements = {i.statement for i in doubts if i.statement not in ANNEXES}
    errors = [i for i in doubts if i.severity == "error"]
    if is_text and (len(statements) > 1 or any(i.statement not in ANNEXES for i in errors)):
        yield from ANNEXES
    yield from (i.statement for i in errors if i.statement and i.statement != "claim")


def _is_at(doubt: Issue, figure: Figure) -> bool:
    """Is the doubt about the spot of an annex's figure: its sentence or line, in a PDF its page?

    A doubt of the readers themselves, which know no statement, is one about the tables of its page.
    """
    if doubt.statement == figure.statement and figure.locator is not None:
        return doubt.locator == figure.locator
    of_tables = doubt.statement is None and figure.statement != "claim"
    return figure.page is not None and doubt.page == figure.page and (doubt.statement == figure.statement or of_tables)


def _is_doubt(issue: Issue) -> bool:
    return issue.severity != "info" and issue.what not in FINDINGS


def _undecided(proof: PartProof, rows: Sequence[RowRead], fault: Fault, checks: list[Check]) -> Erratum:
    place = _suspect(fault, checks)
    row = _row(rows, proof.at(place)[0])
    ids = tuple(dict.fromkeys(check.identity.id for check in checks))
    return _at(proof, place, row, None, "undecided", ids, evidence_of_undecided(proof, fault, checks))


def _is_repetition(proof: PartProof, fault: Fault) -> bool:
    """Does it take a row out that prints once more what an earlier one of the same item does?"""
    first: dict[tuple[str, str, str], Figure] = {}
    for figure in proof.figures:
        first.setdefault((figure.statement, figure.item, figure.measure), figure)
    out = [proof.figures[place] for place, _ in fault.smallest[0] if isinstance(place, int)]
    earlier = [first[figure.statement, figure.item, figure.measure] for figure in out]
    takes_out = all(
        isinstance(p, int) and proof.figures[p].amount_yuan * FEN == -delta for p, delta in fault.smallest[0]
    )
    return takes_out and all(
        one.row_order < figure.row_order and one.amount_yuan == figure.amount_yuan
        for one, figure in zip(earlier, out, strict=True)
    )


def _suspect(fault: Fault, checks: Sequence[Check]) -> Place:
    """Where an undecided fault is shown: what is not printed is suspected before what is."""
    places = [place for found in fault.smallest for place, _ in found]
    if not places:
        places = [slot for check in checks for slot, _ in check.blanks if not slot[1]]
    return next((place for place in places if not isinstance(place, int)), checks[0].cells[0][0])


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


def _row(rows: Iterable[RowRead], slot: Slot) -> RowRead | None:
    statement, order, item, _ = slot
    found = (
        row for row in rows if row.statement == statement and row.item == item and row.order == (order or row.order)
    )
    return next(found, None)


def _may_be_left_out(slot: Slot, rows: Sequence[RowRead], is_text: bool) -> bool:
    """Is it a row that is not there, and may the statement do without it?

    A text capture may have lost any row, and a level of code of which no row is printed need not be there.
    """
    statement, _, item, _ = slot
    own = [row for row in rows if row.statement == statement]
    is_there = any(row.item == item for row in own)
    has_level = any(len(row.item) == len(item) for row in own if row.item.isdigit() and item.isdigit())
    return not is_there and (is_text or not has_level)


def _may_be_blank(proof: PartProof, slot: Slot, checks: Iterable[Check], is_text: bool) -> bool:
    """Is it the heading of its parts, or in a column of row sums in which no number is printed at all?

    A text capture may have lost whatever stood in a column without a number.
    """
    of_whole = [check.identity for check in checks if (slot, 1) in check.blanks]
    if any(identity.whole_may_be_blank for identity in of_whole):
        return True
    return not _has_numbers(proof, slot) and (is_text or any(identity.each == "row" for identity in of_whole))


def _has_numbers(proof: PartProof, slot: Slot) -> bool:
    """Is any number printed in its column, in another row?"""
    column = (figure for figure in proof.figures if (figure.statement, figure.measure) == (slot[0], slot[3]))
    return any(figure.row_order != slot[1] for figure in column)


def _prints_nothing_of(proof: PartProof, one: AtOdds) -> bool:
    """Is all that the statement has in these checks blank?"""
    own = (proof.figures[index] for n in one.checks for index, _ in proof.checks[n].cells)
    return not any(figure.statement == one.statement and figure.amount_yuan for figure in own)


def _may_lack_rows(fault: Fault, checks: Iterable[Check]) -> bool:
    """Is it only that the rows below one come to less than it, so that one more row would do?"""
    return all(
        check.identity.each == "parent"
        and check.difference > 0
        and not any(_is_on_the_left(place, check) for place, _ in fault.smallest[0])
        for check in checks
    )


def _is_on_the_left(place: Place, check: Check) -> bool:
    terms: tuple[tuple[Place, int], ...] = (*check.cells, *check.blanks)
    return (place, 1) in terms


def _may_be_cut(proof: PartProof, figure: Figure, implied: Decimal) -> bool:
    """Are digits lost at an end of it, or the last ones of a number that shows fewer than others beside it?

    A page or a cell may have cut them off.
    """
    number, shown = parse_amount(figure.text_as_printed), decimals(figure.text_as_printed)
    if not number or not figure.amount_yuan:
        return False
    whole = f"{implied * number / figure.amount_yuan:.{shown}f}"
    if whole != (text := f"{number:.{shown}f}") and whole.endswith(text):
        return True
    meant = (implied * number / figure.amount_yuan).quantize(Decimal(1).scaleb(-shown), ROUND_DOWN)
    beside = (f for f in proof.figures if f.statement == figure.statement and f.is_money == figure.is_money)
    return meant == number and any(decimals(f.text_as_printed) > shown for f in beside)


def _stands_in(place: Place, check: Check) -> bool:
    if isinstance(place, int):
        return any(index == place for index, _ in check.cells)
    return any(slot == place for slot, _ in check.blanks)

"""A disclosure → what its own arithmetic says: readings settled, identities checked, proofs, faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.annexes.model import ANNEXES, Annexes
from pipeline.annexes.projects import Project
from pipeline.forms.disclosure import Choice, Disclosure, Figure, Unread
from pipeline.forms.shortened import shortened
from pipeline.proof.annex_sheet import facts_of, links_of, rows_of
from pipeline.proof.at_odds import AtOdds
from pipeline.proof.cells import cells_of, finest_digits, place_of, usual_steps
from pipeline.proof.check import Check
from pipeline.proof.contradictions import disagree, find_contradictions, sound_places, witnesses_of
from pipeline.proof.engine import evaluate
from pipeline.proof.faults import find_faults
from pipeline.proof.identity import load_annex_identities
from pipeline.proof.levels import Found, levels, proving_checks
from pipeline.proof.locate import Fault, Place, locate
from pipeline.proof.relations import Cell, Slot
from pipeline.proof.remarks import Remark, remarks
from pipeline.proof.restated import restated
from pipeline.proof.settle import Settled, check_name, settle
from pipeline.proof.sheet import Sheet
from pipeline.proof.suspects import Finding


@dataclass(slots=True)
class PartProof:
    """The proof of one body's statements and annexes; ``figures`` and the cells of ``checks`` have the same index.

    ``faults`` are those of single places of the statements, ``at_odds`` those of whole statements, ``findings`` the
    contradictions of the prose and the annexes, ``remarks`` what they say wrongly without a sum.
    """

    part: int
    figures: list[Figure]
    checks: list[Check]
    confirming: Mapping[int, list[int]]
    status: list[str]
    faults: list[Fault]
    settled: list[Settled]
    undecided: list[Choice] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    at_odds: list[AtOdds] = field(default_factory=list)

    def at(self, place: Place) -> tuple[Slot, Figure | None]:
        """Where a place stands, and the figure that is printed there."""
        if isinstance(place, int):
            figure = self.figures[place]
            return place_of(figure), figure
        return place, None


@dataclass(slots=True)
class Proofs:
    """The proofs of a document, one per part; each is made when its turn comes and only that of part 1 is kept.

    A proof takes six times the memory of its figures, and whoever asks needs one after the other.
    """

    disclosure: Disclosure
    units: Mapping[str, int]
    annexes: Annexes | None
    projects: Sequence[Project]
    _first: PartProof | None = None

    def __iter__(self) -> Iterator[PartProof]:
        for part in self.disclosure.parts:
            proof = self._first if part.part == 1 else None
            if proof is None:
                proof = _prove_part(self.disclosure, part.part, self.units, self.annexes, self.projects)
            if part.part == 1:
                self._first = proof
            yield proof


def prove(
    disclosure: Disclosure,
    units: Mapping[str, int],
    annexes: Annexes | None = None,
    projects: Sequence[Project] = (),
) -> Proofs:
    """One proof per part. ``units``: yuan per printed unit.

    The figures and rows of the annexes are the disclosure's; ``annexes`` and ``projects`` say what belongs together.
    """
    return Proofs(disclosure, units, annexes, projects)


def _prove_part(
    disclosure: Disclosure,
    part: int,
    units: Mapping[str, int],
    annexes: Annexes | None,
    projects: Sequence[Project],
) -> PartProof:
    figures = _in_order(disclosure.figures_of(part))
    choices = [choice for choice in disclosure.choices if choice.part == part]
    finest = finest_digits(figures, units)
    sheet = _sheet(disclosure, part, figures, cells_of(figures, units, finest), annexes, projects)
    settled, undecided, used = settle(sheet, choices, units, finest)
    ordered = _in_order([*figures, *(s.figure for s in settled)])
    if ordered != figures:
        figures = ordered
        sheet = sheet.with_cells(cells_of(figures, units, finest))
    sheet = sheet.with_unread([*_open(undecided), *_covering(disclosure.unread, undecided)])
    checks = evaluate(sheet)
    faults, at_odds = find_faults(checks, sheet)
    findings: list[Finding] = []
    if any(name in sheet.columns for name in ANNEXES):
        of_statements, sound = len(checks), sound_places(checks, faults, at_odds, sheet)
        of_annexes = evaluate(sheet, load_annex_identities())
        if disagree(witnesses := witnesses_of(checks, faults, of_annexes), faults):
            clearer = locate([*checks, *witnesses], sheet, {n for one in at_odds for n in one.checks})
            if all(fault.is_unique for fault in clearer):
                chosen = {id(check) for check in witnesses}
                of_annexes = [*witnesses, *(check for check in of_annexes if id(check) not in chosen)]
                faults, sound = clearer, sound_places(checks, clearer, at_odds, sheet)
        checks += of_annexes
        if any(check.status == "broken" and check.identity.severity == "hard" for check in of_annexes):
            usual = usual_steps(figures, units)
            findings = find_contradictions(checks, of_statements, sheet, sound, faults, at_odds, usual)
    confirming = proving_checks(checks)
    for index, figure in enumerate(figures):
        if spent := used.get(place_of(figure)):  # what chose a reading does not prove it as well
            confirming[index] = [n for n in confirming.get(index, ()) if check_name(checks[n]) not in spent]
    for index in (short := _shortened(figures)):  # digits that were cut in step
        others = ((n, {i for i, _ in checks[n].cells} - {index}) for n in confirming.get(index, ()))
        confirming[index] = [n for n, beside in others if not beside & short]
    status = levels(sheet.cells, checks, confirming, Found(faults, findings, at_odds))
    said: list[Remark] = []
    if annexes is not None and part == 1:
        said = [*remarks(disclosure, annexes, sheet), *restated(disclosure, annexes, sheet)]
    return PartProof(part, figures, checks, confirming, status, faults, settled, undecided, findings, said, at_odds)


def _shortened(figures: Sequence[Figure]) -> set[int]:
    """The figures of the statements whose last digits may be lost, by their place."""
    found = {id(figure) for figure in shortened(f for f in figures if f.statement not in ANNEXES)}
    return {index for index, figure in enumerate(figures) if id(figure) in found}


def _open(choices: Iterable[Choice]) -> Iterator[Unread]:
    """What nobody decided is not read."""
    for choice in choices:
        for figure in (figure for option in choice.options for figure in option):
            yield Unread(choice.part, figure.statement, figure.item, figure.measure, figure.row_order)


def _covering(unread: Iterable[Unread], choices: Sequence[Choice]) -> list[Unread]:
    """The unread places that are those of choices: whoever decides one reads them."""
    rows = {(u.part, u.statement, u.item, u.row_order) for u in _open(choices)}
    return [u for u in unread if (u.part, u.statement, u.item, u.row_order) in rows]


def _in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Statement by statement, row by row; the order of figures in a row stays."""
    order: dict[str, int] = {}
    found = list(figures)
    for figure in found:
        order.setdefault(figure.statement, len(order))
    return sorted(found, key=lambda figure: (order[figure.statement], figure.row_order))


def _sheet(
    disclosure: Disclosure,
    part: int,
    figures: Sequence[Figure],
    cells: Sequence[Cell],
    annexes: Annexes | None,
    projects: Sequence[Project],
) -> Sheet:
    rows = rows_of(disclosure, part, annexes)
    open_still = _covering(disclosure.unread, disclosure.choices)
    unread = [u for u in disclosure.unread if u.part == part and u not in open_still]
    unread += [Unread(part, s.statement) for s in disclosure.statements if s.part == part and s.status == "unread"]
    lost = {u.statement for u in unread if u.item is None and u.measure is None and u.row_order is None}
    columns = {
        s.statement: s.measures
        for s in disclosure.statements
        if s.part == part and s.status != "missing" and s.statement not in lost
    }
    for name in columns.keys() & set(ANNEXES):
        measures = dict.fromkeys(f.measure for f in figures if f.statement == name)
        columns[name] = tuple(dict.fromkeys((*columns[name], *measures)))
    if annexes is None or part != 1:
        return Sheet(cells, rows, columns, facts=facts_of(disclosure, part, None), unread=unread)
    amounts = {(f.statement, f.row_order, f.measure): f.amount_yuan for f in figures}
    links = links_of(disclosure, annexes, projects, rows, amounts)
    return Sheet(cells, rows, columns, links, facts_of(disclosure, part, annexes), unread)

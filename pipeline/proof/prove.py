"""A disclosure → what its own arithmetic says: readings settled, identities checked, proofs, faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.annexes.model import ANNEXES, Annexes
from pipeline.annexes.projects import Project
from pipeline.forms.disclosure import Choice, Disclosure, Figure
from pipeline.proof.annex_sheet import facts_of, links_of, rows_of
from pipeline.proof.cells import cell_of, place_of, usual_steps
from pipeline.proof.check import Check
from pipeline.proof.contradictions import disagree, find_contradictions, sound_places, witnesses_of
from pipeline.proof.engine import evaluate
from pipeline.proof.identity import load_annex_identities
from pipeline.proof.levels import proof_status, proving_checks
from pipeline.proof.locate import Fault, Place, locate
from pipeline.proof.relations import Slot
from pipeline.proof.remarks import Remark, remarks
from pipeline.proof.restated import restated
from pipeline.proof.settle import Settled, check_name, settle
from pipeline.proof.sheet import Sheet
from pipeline.proof.suspects import Finding


@dataclass(slots=True)
class PartProof:
    """The proof of one body's statements and annexes; ``figures`` and the cells of ``checks`` have the same index.

    ``faults`` are those of the statements, ``findings`` the contradictions of the prose and the annexes, ``remarks``
    what they say wrongly without a sum.
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
    sheet = _sheet(disclosure, part, figures, units, annexes, projects)
    settled, undecided, used = settle(sheet, choices, units)
    ordered = _in_order([*figures, *(s.figure for s in settled)])
    if ordered != figures:
        figures = ordered
        sheet = sheet.with_cells([cell_of(figure, units) for figure in figures])
    checks = evaluate(sheet)
    faults = locate(checks, sheet)
    findings: list[Finding] = []
    if any(name in sheet.columns for name in ANNEXES):
        of_statements, sound = len(checks), sound_places(checks, faults)
        of_annexes = evaluate(sheet, load_annex_identities())
        if disagree(witnesses := witnesses_of(checks, faults, of_annexes), faults):
            clearer = locate([*checks, *witnesses], sheet)
            if all(fault.is_unique for fault in clearer):
                chosen = {id(check) for check in witnesses}
                of_annexes = [*witnesses, *(check for check in of_annexes if id(check) not in chosen)]
                faults, sound = clearer, sound_places(checks, clearer)
        checks += of_annexes
        if any(check.status == "broken" and check.identity.severity == "hard" for check in of_annexes):
            usual = usual_steps(figures, units)
            findings = find_contradictions(checks, of_statements, sheet, sound, faults, usual)
    confirming = proving_checks(checks)
    for index, figure in enumerate(figures):
        if spent := used.get(place_of(figure)):  # what chose a reading does not prove it as well
            confirming[index] = [n for n in confirming.get(index, ()) if check_name(checks[n]) not in spent]
    contradicted = {place for fault in faults for place in fault.in_every_set if isinstance(place, int)}
    contradicted |= {f.place for f in findings if f.is_located and isinstance(f.place, int)}
    status = [proof_status(i, confirming.get(i, ()), checks, contradicted) for i in range(len(figures))]
    said: list[Remark] = []
    if annexes is not None and part == 1:
        said = [*remarks(disclosure, annexes, sheet), *restated(disclosure, annexes, sheet)]
    return PartProof(part, figures, checks, confirming, status, faults, settled, undecided, findings, said)


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
    units: Mapping[str, int],
    annexes: Annexes | None,
    projects: Sequence[Project],
) -> Sheet:
    rows = rows_of(disclosure, part, annexes)
    columns = {s.statement: s.measures for s in disclosure.statements if s.part == part and s.status != "missing"}
    for name in columns.keys() & set(ANNEXES):
        measures = dict.fromkeys(f.measure for f in figures if f.statement == name)
        columns[name] = tuple(dict.fromkeys((*columns[name], *measures)))
    cells = [cell_of(figure, units) for figure in figures]
    if annexes is None or part != 1:
        return Sheet(cells, rows, columns, facts=facts_of(disclosure, part, None))
    amounts = {(f.statement, f.row_order, f.measure): f.amount_yuan for f in figures}
    links = links_of(disclosure, annexes, projects, rows, amounts)
    return Sheet(cells, rows, columns, links, facts_of(disclosure, part, annexes))

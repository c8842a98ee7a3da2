"""A disclosure → what its own arithmetic says: readings settled, identities checked, proofs, faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from pipeline.annexes.model import ANNEXES, Annexes
from pipeline.annexes.projects import Project
from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Choice, Disclosure, Figure
from pipeline.forms.printed import decimals, parse_amount
from pipeline.proof.annex_sheet import facts_of, links_of, rows_of
from pipeline.proof.check import Check
from pipeline.proof.engine import evaluate
from pipeline.proof.identity import Identity, load_annex_identities, load_identities
from pipeline.proof.levels import proof_status, proving_checks
from pipeline.proof.locate import Fault, Place, locate
from pipeline.proof.relations import FEN, Cell, Slot
from pipeline.proof.remarks import Remark, remarks
from pipeline.proof.sheet import Sheet
from pipeline.proof.suspects import Finding, find_suspects

_MOST_DECIMALS = 6  # of a quantity


@dataclass(frozen=True, slots=True)
class Settled:
    """A doubtful figure that the identities decided. ``by``: what they say; ``other``: what does not stand."""

    figure: Figure
    by: tuple[str, ...]
    other: tuple[Figure, ...]
    doubt: Issue


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
            return _place(figure), figure
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
    settled, undecided, used = _settle(sheet, choices, units)
    ordered = _in_order([*figures, *(s.figure for s in settled)])
    if ordered != figures:
        figures = ordered
        sheet = sheet.with_cells([_cell(figure, units) for figure in figures])
    checks = evaluate(sheet)
    faults = locate(checks, sheet)
    findings: list[Finding] = []
    if any(name in sheet.columns for name in ANNEXES):
        of_statements, sound = len(checks), _sound(checks, faults)
        of_annexes = evaluate(sheet, load_annex_identities())
        if _disagree(witnesses := _witnesses(checks, faults, of_annexes), faults):
            clearer = locate([*checks, *witnesses], sheet)
            if all(fault.is_unique for fault in clearer):
                chosen = {id(check) for check in witnesses}
                of_annexes = [*witnesses, *(check for check in of_annexes if id(check) not in chosen)]
                faults, sound = clearer, _sound(checks, clearer)
        checks += of_annexes
        if any(check.status == "broken" and check.identity.severity == "hard" for check in of_annexes):
            usual = _usual_steps(figures, units)
            findings = _findings(checks, of_statements, sheet, sound, faults, usual)
    confirming = proving_checks(checks)
    for index, figure in enumerate(figures):
        if spent := used.get(_place(figure)):  # what chose a reading does not prove it as well
            confirming[index] = [n for n in confirming.get(index, ()) if _name(checks[n]) not in spent]
    contradicted = {place for fault in faults for place in fault.in_every_set if isinstance(place, int)}
    contradicted |= {f.place for f in findings if f.is_located and isinstance(f.place, int)}
    status = [proof_status(i, confirming.get(i, ()), checks, contradicted) for i in range(len(figures))]
    said = remarks(disclosure, annexes, sheet) if annexes is not None and part == 1 else []
    return PartProof(part, figures, checks, confirming, status, faults, settled, undecided, findings, said)


def _witnesses(checks: Sequence[Check], faults: Sequence[Fault], of_annexes: Iterable[Check]) -> list[Check]:
    """The copies in the prose of what the faults of the statements may be about: they say which number is meant."""
    broken = [checks[n] for fault in faults for n in fault.checks]
    cells = {index for check in broken for index, _ in check.cells}
    blanks = {slot for check in broken for slot, _ in check.blanks}
    return [
        check
        for check in of_annexes
        if check.identity.relation == "equal"
        and check.identity.severity == "hard"
        and len(check.cells) + len(check.blanks) == 2
        and (
            (check.status in ("exact", "within_rounding") and any(index in cells for index, _ in check.cells))
            or (check.status == "broken" and any(slot in blanks for slot, _ in check.blanks))
        )
    ]


def _disagree(witnesses: Iterable[Check], faults: Sequence[Fault]) -> bool:
    """Do the copies say something else than the faults found without them, or something more?"""
    moved = {place: delta for fault in faults if fault.is_unique for place, delta in fault.smallest[0]}
    unclear = any(not fault.is_unique for fault in faults)
    for check in witnesses:
        places: list[tuple[Place, int]] = [*check.cells, *check.blanks]
        change = sum(sign * moved.get(place, 0) for place, sign in places)
        if unclear or (change if check.status != "broken" else check.difference + change):
            return True
    return False


def _sound(checks: Sequence[Check], faults: Sequence[Fault]) -> set[Place]:
    """The places of the statements that the statements themselves confirm: no claim can make them wrong."""
    sound: set[Place] = set(proving_checks(checks))
    for check in checks:
        exact = check.status == "exact" and check.identity.severity == "hard" and not check.identity.at_most
        if exact and len(check.cells) > 1 and check.left:
            sound.update(slot for slot, _ in check.blanks)
    wrong = {place for fault in faults for found in fault.smallest for place, _ in found}
    return sound - wrong


def _findings(
    checks: Sequence[Check],
    first: int,
    sheet: Sheet,
    sound: set[Place],
    faults: Sequence[Fault],
    usual: Mapping[int, Fraction],
) -> list[Finding]:
    moved = {place: delta for fault in faults if fault.is_unique for place, delta in fault.smallest[0]}
    doubtful = {place for fault in faults if not fault.is_unique for found in fault.smallest for place, _ in found}
    doubtful |= {  # nothing explains them: any of their places may be wrong
        index for fault in faults if not fault.smallest for n in fault.checks for index, _ in checks[n].cells
    }
    odd = _odd(checks[first:])
    asked = [n for n in range(first, len(checks)) if checks[n].identity.id not in odd]
    return find_suspects(checks, asked, sheet, sound, moved, doubtful, usual)


def _odd(checks: Iterable[Check]) -> set[str]:
    """The products that break more often than they hold: one of the columns has another unit than it says."""
    products = [check for check in checks if check.identity.relation == "product"]
    broken = Counter(check.identity.id for check in products if check.status == "broken")
    held = Counter(check.identity.id for check in products if check.status in ("exact", "within_rounding"))
    return {name for name, count in broken.items() if count > 1 and count > held[name]}


def remaining_issues(disclosure: Disclosure, decided: Iterable[Settled], undecided: Iterable[Choice]) -> list[Issue]:
    """The disclosure's issues, with the doubts that the identities settled said to be so."""
    open_still = {choice.doubt for choice in undecided}
    settled = {s.doubt: s for s in decided if s.doubt not in open_still}
    return [
        replace(issue, severity="info", what=f"{issue.what}; settled by {' and '.join(settled[issue].by)}")
        if issue in settled
        else issue
        for issue in disclosure.issues
    ]


def _in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Statement by statement, row by row; the order of figures in a row stays."""
    order: dict[str, int] = {}
    found = list(figures)
    for figure in found:
        order.setdefault(figure.statement, len(order))
    return sorted(found, key=lambda figure: (order[figure.statement], figure.row_order))


def _place(figure: Figure) -> Slot:
    return figure.statement, figure.row_order, figure.item, figure.measure


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
    cells = [_cell(figure, units) for figure in figures]
    if annexes is None or part != 1:
        return Sheet(cells, rows, columns, facts=facts_of(disclosure, part, None))
    amounts = {(f.statement, f.row_order, f.measure): f.amount_yuan for f in figures}
    links = links_of(disclosure, annexes, projects, rows, amounts)
    return Sheet(cells, rows, columns, links, facts_of(disclosure, part, annexes))


def _cell(figure: Figure, units: Mapping[str, int]) -> Cell:
    printed = decimals(figure.text_as_printed)
    if not figure.is_money:
        exponent = int(figure.amount_yuan.normalize().as_tuple().exponent)
        scale = 10 ** min(max(2, -exponent), _MOST_DECIMALS)
        return Cell(_place(figure), int(figure.amount_yuan * scale), scale / 10**printed / 2, scale)
    half_digit = _yuan_per_unit(figure, units) * FEN / 10**printed / 2
    return Cell(_place(figure), int(figure.amount_yuan * FEN), half_digit)


def _usual_steps(figures: Iterable[Figure], units: Mapping[str, int]) -> dict[int, Fraction]:
    """How finely the numbers of prose and annexes are printed: to 0.01 of their unit."""
    return {
        n: Fraction(_yuan_per_unit(figure, units) if figure.is_money else 1) / 100
        for n, figure in enumerate(figures)
        if figure.statement in ANNEXES
    }


def _yuan_per_unit(figure: Figure, units: Mapping[str, int]) -> float:
    """Of a unit that the form does not list (元/人) the figure itself tells."""
    if (known := units.get(figure.printed_unit)) is not None:
        return known
    number = parse_amount(figure.text_as_printed)
    return abs(float(figure.amount_yuan / number)) if number else 1.0


# ── choosing a reading ──────────────────────────────────────────────────────────────────────────────────────────


def _name(check: Check) -> tuple[str, str, str]:
    return check.identity.id, check.subject, check.measure


def _settle(
    sheet: Sheet, choices: list[Choice], units: Mapping[str, int]
) -> tuple[list[Settled], list[Choice], dict[Slot, set[tuple[str, str, str]]]]:
    """Decide what the identities decide: an option stands if everything through it holds, and through no other option.

    Repeated while anything is decided, because one decision may make another possible. The third result tells for each
    settled place which checks were spent on it.
    """
    settled: list[Settled] = []
    used: dict[Slot, set[tuple[str, str, str]]] = {}
    pending = list(choices)
    progress = True
    while pending and progress:
        progress = False
        for choice in list(pending):
            others = {_place(f) for c in pending if c is not choice for option in c.options for f in option}
            base = [*sheet.cells, *(_cell(s.figure, units) for s in settled)]
            places = {_place(f) for option in choice.options for f in option}
            options = [[_cell(figure, units) for figure in option] for option in choice.options]
            verdicts = [_try(sheet, base, option, places, others) for option in options]
            standing = [n for n, (holds, breaks) in enumerate(verdicts) if holds and not breaks]
            if len(standing) != 1:
                continue
            chosen = standing[0]
            holds = verdicts[chosen][0]
            deciding = {name for n, (_, breaks) in enumerate(verdicts) if n != chosen for name in breaks}
            spent = {name: says for name, says in holds.items() if name in deciding}
            option = choice.options[chosen]
            rejected = tuple(f for n, o in enumerate(choice.options) if n != chosen for f in o if f not in option)
            for figure in option:
                used[_place(figure)] = set(spent)
                settled.append(Settled(figure, tuple(dict.fromkeys(spent.values())), rejected, choice.doubt))
            pending.remove(choice)
            progress = True
    return settled, pending, used


@lru_cache(maxsize=64)
def _deciding(statements: frozenset[str]) -> tuple[Identity, ...]:
    """The identities that a figure of these statements can stand in and that can decide between readings."""
    return tuple(i for i in load_identities() if i.severity == "hard" and not i.at_most and i.statements & statements)


def _try(
    sheet: Sheet, base: list[Cell], option: list[Cell], places: set[Slot], others: set[Slot]
) -> tuple[dict[tuple[str, str, str], str], set[tuple[str, str, str]]]:
    """Which checks through this option hold (with what they say) and which break; not those with other doubts."""
    own = set(range(len(base), len(base) + len(option)))
    sheet = sheet.with_cells([*base, *option])
    holds: dict[tuple[str, str, str], str] = {}
    breaks: set[tuple[str, str, str]] = set()
    for check in evaluate(sheet, _deciding(frozenset(statement for statement, *_ in places))):
        cells = {index for index, _ in check.cells}
        blanks = {slot for slot, _ in check.blanks}
        if not (cells & own or blanks & places):
            continue
        if blanks & others or any(sheet.cells[index].slot in others for index in cells):
            continue
        if check.status == "exact":
            holds[_name(check)] = f"{check.identity.id} {check.identity.says}"
        else:
            breaks.add(_name(check))
    return holds, breaks

"""A disclosure → what its own arithmetic says: readings settled, identities checked, proofs, faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.documents.model import Issue
from pipeline.forms.figures import Choice, Disclosure, Figure
from pipeline.forms.printed import decimals
from pipeline.proof.engine import Cell, Check, Identity, Row, Sheet, Slot, evaluate, load_identities
from pipeline.proof.levels import proof_status, proving_checks
from pipeline.proof.locate import Fault, locate

FEN = 100


@dataclass(frozen=True, slots=True)
class Settled:
    """A doubtful figure that the identities decided. ``by``: what they say; ``other``: what does not stand."""

    figure: Figure
    by: tuple[str, ...]
    other: tuple[Figure, ...]
    doubt: Issue


@dataclass(slots=True)
class PartProof:
    """The proof of one body's statements; ``figures`` and the cells of ``checks`` have the same index."""

    part: int
    figures: list[Figure]
    checks: list[Check]
    confirming: Mapping[int, list[int]]
    status: list[str]
    faults: list[Fault]
    settled: list[Settled]
    undecided: list[Choice] = field(default_factory=list)


def prove(disclosure: Disclosure, units: Mapping[str, int]) -> list[PartProof]:
    """One proof per part. ``units``: yuan per printed unit."""
    return [_prove_part(disclosure, part.part, units) for part in disclosure.parts]


def _prove_part(disclosure: Disclosure, part: int, units: Mapping[str, int]) -> PartProof:
    figures = [figure for figure in disclosure.figures if figure.part == part]
    choices = [choice for choice in disclosure.choices if choice.part == part]
    sheet = _sheet(disclosure, part, figures, units)
    settled, undecided, used = _settle(sheet, choices, units)
    ordered = _in_order([*figures, *(s.figure for s in settled)])
    if ordered != figures:
        figures = ordered
        sheet = sheet.with_cells([_cell(figure, units) for figure in figures])
    checks = evaluate(sheet)
    confirming = proving_checks(checks)
    for index, figure in enumerate(figures):
        if spent := used.get(_place(figure)):  # what chose a reading does not prove it as well
            confirming[index] = [n for n in confirming.get(index, ()) if _name(checks[n]) not in spent]
    faults = locate(checks, sheet)
    contradicted = {place for fault in faults for place in fault.in_every_set if isinstance(place, int)}
    status = [proof_status(i, confirming.get(i, ()), checks, contradicted) for i in range(len(figures))]
    return PartProof(part, figures, checks, confirming, status, faults, settled, undecided)


def remaining_issues(disclosure: Disclosure, proofs: Sequence[PartProof]) -> list[Issue]:
    """The disclosure's issues, with the doubts that the identities settled said to be so."""
    undecided = {choice.doubt for proof in proofs for choice in proof.undecided}
    settled = {s.doubt: s for proof in proofs for s in proof.settled if s.doubt not in undecided}
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


def _sheet(disclosure: Disclosure, part: int, figures: Iterable[Figure], units: Mapping[str, int]) -> Sheet:
    rows = [
        Row(row.statement, row.order, row.item, row.subject_code if row.item == row.subject_code else None)
        for row in disclosure.rows
        if row.part == part
    ]
    columns = {s.statement: s.measures for s in disclosure.statements if s.part == part and s.status != "missing"}
    return Sheet([_cell(figure, units) for figure in figures], rows, columns)


def _cell(figure: Figure, units: Mapping[str, int]) -> Cell:
    half_digit = units[figure.printed_unit] * FEN / 10 ** decimals(figure.text_as_printed) / 2
    return Cell(_place(figure), int(figure.amount_yuan * FEN), half_digit)


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

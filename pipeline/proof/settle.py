"""Choosing between the readings of a doubtful place: the document's own sums decide, or nothing does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Choice, Disclosure, Figure
from pipeline.proof.cells import Finest, cell_of, cells_of, place_of
from pipeline.proof.check import Check
from pipeline.proof.engine import evaluate
from pipeline.proof.identity import Identity, load_identities
from pipeline.proof.relations import Cell, Slot
from pipeline.proof.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Settled:
    """A doubtful figure that the identities decided. ``by``: what they say; ``other``: what does not stand."""

    figure: Figure
    by: tuple[str, ...]
    other: tuple[Figure, ...]
    doubt: Issue


def check_name(check: Check) -> tuple[str, str, str]:
    """What is the same of a check when it is made again with other cells."""
    return check.identity.id, check.subject, check.measure


def settle(
    sheet: Sheet, choices: list[Choice], units: Mapping[str, int], finest: Finest
) -> tuple[list[Settled], list[Choice], dict[Slot, set[tuple[str, str, str]]]]:
    """Decide what the identities decide: an option stands if everything through it holds, and through no other option.
    Whether a zero or nothing is printed they never tell.

    Repeated while anything is decided, because one decision may make another possible. ``finest``: how finely each
    column prints. The third result tells for each settled place which checks were spent on it.
    """
    settled: list[Settled] = []
    used: dict[Slot, set[tuple[str, str, str]]] = {}
    pending = list(choices)
    progress = True
    while pending and progress:
        progress = False
        for choice in list(pending):
            others = {place_of(f) for c in pending if c is not choice for option in c.options for f in option}
            base = [*sheet.cells, *(cell_of(s.figure, units, finest) for s in settled)]
            places = {place_of(f) for option in choice.options for f in option}
            options = [cells_of(option, units, finest) for option in choice.options]
            verdicts = [_try(sheet, base, option, places, others) for option in options]
            standing = [n for n, (holds, breaks) in enumerate(verdicts) if holds and not breaks]
            if len(standing) != 1:
                continue
            chosen = standing[0]
            if any(
                n != chosen and not breaks and _adds_zeros(choice.options[chosen], choice.options[n])
                for n, (_, breaks) in enumerate(verdicts)
            ):
                continue
            holds = verdicts[chosen][0]
            deciding = {name for n, (_, breaks) in enumerate(verdicts) if n != chosen for name in breaks}
            spent = {name: says for name, says in holds.items() if name in deciding}
            option = choice.options[chosen]
            rejected = tuple(f for n, o in enumerate(choice.options) if n != chosen for f in o if f not in option)
            for figure in option:
                used[place_of(figure)] = set(spent)
                settled.append(Settled(figure, tuple(dict.fromkeys(spent.values())), rejected, choice.doubt))
            pending.remove(choice)
            progress = True
    return settled, pending, used


def _adds_zeros(option: Iterable[Figure], other: Collection[Figure]) -> bool:
    """Does it say no more than the other one but zeros where that is blank? Sums that hold with one hold with both."""
    return all(figure.amount_yuan == 0 for figure in option if figure not in other)


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
            holds[check_name(check)] = f"{check.identity.id} {check.identity.says}"
        else:
            breaks.add(check_name(check))
    return holds, breaks


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

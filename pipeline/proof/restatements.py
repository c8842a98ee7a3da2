"""Which printed figures say another one again, and which identities compare them: the catalogue, pair by pair.

`restatements.yaml` says why nothing compares the others; `open_pairs` and `open_figures` are what neither says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from pipeline.annexes.header import load_layout
from pipeline.annexes.wording import load_wording
from pipeline.forms.form import MEASURES, STATEMENTS, load_forms
from pipeline.proof.identity import Identity, Term, load_annex_identities, load_identities

RESTATEMENTS = Path(__file__).with_name("restatements.yaml")
ANNEXES = Path(__file__).parents[1] / "annexes"
SHORT = {name: f"T{n}" for n, name in enumerate(STATEMENTS, start=1)} | {
    "claim": "PR",
    "performance": "PF",
    "procurement": "PP",
    "asset": "AS",
}
Pair = tuple[str, str]  # short names, in the order of SHORT
Figure = tuple[str, str, str]  # statement, "item" or "measure", name


@dataclass(frozen=True, slots=True)
class Uncompared:
    """What no identity compares, with the reason in Chinese and English."""

    why: str
    pairs: tuple[Pair, ...] = ()
    figures: tuple[Figure, ...] = ()


@lru_cache(maxsize=1)
def uncompared() -> tuple[Uncompared, ...]:
    raw: dict[str, Any] = yaml.load(RESTATEMENTS.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    pairs = [Uncompared(one["why"], tuple(_pair(text) for text in one["are"])) for one in raw["pairs"]]
    figures = [
        Uncompared(
            one["why"],
            (),
            tuple((one["in"], kind, name) for kind in ("item", "measure") for name in one.get(f"{kind}s", ())),
        )
        for one in raw["figures"]
    ]
    return (*pairs, *figures)


def _pair(text: str) -> Pair:
    first, second = text.split()
    return first, second


def all_identities() -> tuple[Identity, ...]:
    return (*load_identities(), *load_annex_identities())


def compared_pairs() -> dict[Pair, list[str]]:
    """Two of the catalogue → the identities that compare them, the numbers of the project's list alone."""
    order = list(SHORT)
    found: dict[Pair, dict[str, None]] = {}
    for identity in all_identities():
        for right in _rights(identity):
            for a, b in ((a, b) for one in identity.left for other in right for a, b in _across(one, other)):
                first, second = sorted((a, b), key=order.index)
                found.setdefault((SHORT[first], SHORT[second]), {})[identity.id.split(".")[0]] = None
    return {pair: sorted(numbers, key=int) for pair, numbers in found.items()}


def _rights(identity: Identity) -> tuple[tuple[Term, ...], ...]:
    return (identity.right, *identity.or_right, *identity.or_holds)


def _across(one: Term, other: Term) -> Iterator[tuple[str, str]]:
    yield from ((a, b) for a in one.statements for b in other.statements)


def compared_figures() -> set[Figure]:
    """The items and measures that an identity compares with another of the catalogue."""
    found: set[Figure] = set()
    for identity in all_identities():
        terms = [*identity.left, *(term for right in _rights(identity) for term in right)]
        if len({name for term in terms for name in term.statements}) < 2:
            continue
        for term in terms:
            for name in term.statements:
                measures = term.measures
                if measures == ("$measure",):
                    measures = identity.only or tuple(MEASURES.get(identity.of or "", ()))
                items = [item for one in term.items for item in (identity.items if one.startswith("$") else (one,))]
                found |= {(name, "measure", measure) for measure in measures}
                found |= {(name, "item", item) for item in items}
    return found


def printed_figures() -> set[Figure]:
    """What the catalogue knows to be printed: measures, fixed lines, the subjects of the prose, the rows of assets.

    Codes, projects and lines of procurement are many: an identity says what it compares of each.
    """
    found = {(name, "measure", measure) for name, measures in MEASURES.items() for measure in measures}
    for form in load_forms():
        for name, statement in form.statements.items():
            lines = (line for side in statement.lines.values() for line in side)
            found |= {(name, "item", line.item) for line in lines if not line.item.isdigit()}
    found |= {("claim", "item", subject) for subject in load_wording().subjects}
    for name in ("procurement", "asset"):
        layout = load_layout(ANNEXES / f"{name}.yaml")
        found |= {(name, "measure", role.name) for role in layout.roles if role.kind != "text"}
        found |= {(name, "item", entry["item"]) for entry in layout.data.get("items", ())}
    return found


def open_pairs() -> list[Pair]:
    """Pairs that nothing compares and no reason is given for."""
    known = {*compared_pairs(), *(pair for one in uncompared() for pair in one.pairs)}
    return [pair for pair in combinations(SHORT.values(), 2) if pair not in known]


def open_figures() -> list[Figure]:
    """Figures that nothing compares and no reason is given for."""
    known = {*compared_figures(), *(figure for one in uncompared() for figure in one.figures)}
    return sorted(printed_figures() - known)


def pair_table() -> str:
    """Pair by pair: the numbers of the identities, or why there is none."""
    lines = ["| | compared by |", "|---|---|"]
    lines += [f"| {a} {b} | {', '.join(numbers)} |" for (a, b), numbers in sorted(compared_pairs().items(), key=_order)]
    lines += ["", "| not compared | why not |", "|---|---|"]
    lines += [f"| {', '.join(map(' '.join, one.pairs))} | {one.why} |" for one in uncompared() if one.pairs]
    for one in uncompared():
        if one.figures:
            names = ", ".join(f"`{name}`" for _, _, name in one.figures)
            lines.append(f"| {SHORT[one.figures[0][0]]} {names} | {one.why} |")
    return "\n".join(lines) + "\n"


def _order(entry: tuple[Pair, list[str]]) -> tuple[int, int]:
    names = list(SHORT.values())
    (a, b), _ = entry
    return names.index(a), names.index(b)

"""One project of a document, wherever it is named: in the prose, over its performance table, in the procurement table.

Names are compared as printed (squashed), then without quotes, brackets and endings such as 项目经费, then by likeness.
A name that could be one of several is linked to none, and an issue says which they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from pipeline.annexes.model import Annexes, Claim, Indicator, PerformanceTable, ProcurementLine
from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Figure
from pipeline.forms.loadable import FEN, MOST_YUAN
from pipeline.forms.printed import squash

WORDS = Path(__file__).with_name("projects.yaml")
PROJECT = "project:"  # before the name in a claim's subject

Method = Literal["exact", "normalised", "similar", "remaining"]
CostBasis = Literal["single", "sum", "product"]

_METHODS: tuple[Method, ...] = ("exact", "normalised", "similar", "remaining")  # from sure to least sure
_MARKS = re.compile(r"[()\[\]【】《》〈〉<>“”\"'‘’「」、,，。.;；:：·\-—_/]+")
_BRACKETED = re.compile(r"\([^()]*\)")
_AMBIGUOUS = "the name of a project could be one of several"
_WITH_TOTAL = 3  # costs of one table, of which one may be the sum of the others
EXACT, AT_MOST = frozenset((None, "=")), frozenset(("≤", "<"))  # operators of a target


@dataclass(frozen=True, slots=True)
class Project:
    """One project of the document. Amounts are yuan.

    ``method``: the least sure comparison that links its places (``remaining``: the only one left on both sides), None
    where it is named in one place only. ``cost_yuan`` is what its performance table states: its only cost, the sum of
    its costs, or a unit's cost times the quantity (``cost_basis``); ``cost_limit_yuan`` instead of it where the table
    prints ≤ or <: a bound is not a cost. ``prose_row_order``: its row of the statement ``claim``.
    ``project_funds_yuan``: 预算资金, which each of its procurement lines repeats.
    """

    number: int
    name: str
    method: Method | None
    prose_amount_yuan: Decimal | None
    prose_row_order: int | None
    performance_number: int | None
    cost_yuan: Decimal | None
    cost_limit_yuan: Decimal | None
    cost_basis: CostBasis | None
    procurement_row_orders: tuple[int, ...]
    procurement_yuan: Decimal | None
    project_funds_yuan: Decimal | None


@dataclass(frozen=True, slots=True)
class Costs:
    """The money indicators of one performance table, and the quantities that a unit's cost may be multiplied with."""

    whole: tuple[Indicator, ...]
    per_unit: tuple[Indicator, ...]
    quantities: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    similar: float
    margin: float
    per_unit: re.Pattern[str]
    per_year: re.Pattern[str]
    no_project: re.Pattern[str]
    cost: tuple[str, ...]
    quantity: tuple[str, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw: dict[str, Any] = yaml.safe_load(WORDS.read_text("utf-8"))
    return _Words(
        prefixes=tuple(raw["prefixes"]),
        suffixes=tuple(raw["suffixes"]),
        similar=float(raw["similar"]),
        margin=float(raw["margin"]),
        per_unit=re.compile(raw["per_unit"]),
        per_year=re.compile(raw["per_year"]),
        no_project=re.compile(raw["no_project"]),
        cost=tuple(raw["cost"]),
        quantity=tuple(raw["quantity"]),
    )


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """A project's name without quotes, brackets and the endings that one place prints and another leaves out."""
    words = _words()
    text = squash(name)
    for prefix in words.prefixes:
        text = text.removeprefix(prefix)
    text = _MARKS.sub("", text)
    while ending := next((s for s in words.suffixes if text.endswith(s) and len(text) - len(s) >= 2), None):
        text = text.removesuffix(ending)
    return text


def likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, normalised(a), normalised(b), autojunk=False).ratio()


def match_names(left: Sequence[str], right: Sequence[str]) -> tuple[dict[int, tuple[int, Method]], list[Issue]]:
    """Index on the left → index on the right and the method; an issue for each name that could be one of several."""
    found: dict[int, tuple[int, Method]] = {}
    issues: dict[str, Issue] = {}

    def free() -> tuple[list[int], list[int]]:
        taken = {n for n, _ in found.values()}
        return [n for n in range(len(left)) if n not in found], [n for n in range(len(right)) if n not in taken]

    steps: tuple[tuple[Method, Callable[[str], str]], ...] = (("exact", squash), ("normalised", normalised))
    for method, key in steps:
        a, b = free()
        ours, theirs = _by_key(left, a, key), _by_key(right, b, key)
        for name, indices in ours.items():
            others = theirs.get(name, [])
            if len(indices) == len(others) == 1:
                found[indices[0]] = (others[0], method)
            elif others:
                for n in indices:
                    issues[left[n]] = _ambiguous(left[n], [right[m] for m in others])
    _match_similar(left, right, found, issues, free)
    a, b = free()
    if len(a) == len(b) == 1 and len(left) == len(right) > 2 and _share_a_word(left[a[0]], right[b[0]]):
        found[a[0]] = (b[0], "remaining")
        issues.pop(left[a[0]], None)
    return found, list(issues.values())


def _by_key(names: Sequence[str], indices: Iterable[int], key: Callable[[str], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for n in indices:
        found[key(names[n])].append(n)
    return found


def _match_similar(
    left: Sequence[str],
    right: Sequence[str],
    found: dict[int, tuple[int, Method]],
    issues: dict[str, Issue],
    free: Callable[[], tuple[list[int], list[int]]],
) -> None:
    """Pairs that are each other's best by a margin, above a threshold; the best first."""
    words = _words()
    a, b = free()
    alike = {(n, m): likeness(left[n], right[m]) for n in a for m in b if left[n] not in issues}
    while pair := max(alike, key=lambda p: (alike[p], -p[0], -p[1]), default=None):
        best = alike[pair]
        if best < words.similar:
            return
        close = [p for p, ratio in alike.items() if ratio > best - words.margin]
        rivals = [p for p in close if (p[0] == pair[0]) != (p[1] == pair[1])]
        doubtful = {n for n, _ in (pair, *rivals)} if rivals else set[int]()
        for n in doubtful:
            issues[left[n]] = _ambiguous(left[n], [right[m] for k, m in (pair, *rivals) if k == n])
        if not rivals:
            found[pair[0]] = (pair[1], "similar")
        taken = set[int]() if rivals else {pair[1]}
        alike = {p: r for p, r in alike.items() if p[0] not in doubtful | {pair[0]} and p[1] not in taken}


def _ambiguous(name: str, candidates: Sequence[str]) -> Issue:
    return Issue("warning", _AMBIGUOUS, f"{name}: {' | '.join(candidates)}")


def _share_a_word(a: str, b: str) -> bool:
    one, other = normalised(a), normalised(b)
    return any(one[n : n + 2] in other for n in range(len(one) - 1))


# ── costs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def costs_of(indicators: Iterable[Indicator], money: Mapping[int, Figure]) -> Costs:
    """The costs and quantities of one table. ``money``: the target figures that are money, by row order."""
    words = _words()
    whole: list[Indicator] = []
    per_unit: list[Indicator] = []
    quantities: list[Indicator] = []
    for indicator in indicators:
        kind = squash(f"{indicator.level_1 or ''}{indicator.level_2 or ''}")
        said = squash(f"{indicator.level_3 or ''}{indicator.description or ''}")
        if indicator.target_value is None:
            continue
        if indicator.row_order in money and any(word in kind for word in words.cost):
            unit = words.per_year.sub("", squash(indicator.target_unit or ""))
            (per_unit if "/" in unit or words.per_unit.search(said) else whole).append(indicator)
        elif any(word in kind for word in words.quantity) and not (indicator.target_unit or "").startswith(("%", "百")):
            quantities.append(indicator)
    return Costs(tuple(whole), tuple(per_unit), tuple(quantities))


def product_of_whole(costs: Costs, money: Mapping[int, Figure], prose: Decimal | None) -> tuple[Indicator, ...]:
    """A single cost that is a unit's without saying so, and the quantity that shows it; none where it fits alone."""
    if len(costs.whole) != 1 or costs.per_unit or prose is None:
        return ()
    price = money[costs.whole[0].row_order].amount_yuan
    if price == prose:
        return ()
    fitting = [q for q in costs.quantities if q.target_value and q.target_value * price == prose]
    return (fitting[0], costs.whole[0]) if fitting else ()


@dataclass(frozen=True, slots=True)
class _Cost:
    """What a performance table states as the cost of its project: exactly, or as a bound."""

    yuan: Decimal | None = None
    limit: Decimal | None = None
    basis: CostBasis | None = None


def _cost(costs: Costs, money: Mapping[int, Figure], prose: Decimal | None) -> _Cost:
    if pair := product_of_whole(costs, money, prose):
        return _stated(prose, "product", pair)
    if costs.whole and not costs.per_unit:
        amounts = [money[i.row_order].amount_yuan for i in costs.whole]
        total = sum(amounts, Decimal(0))
        if len(amounts) >= _WITH_TOTAL and max(amounts) * 2 == total:  # the total is printed beside its parts
            return _stated(max(amounts), "single", [costs.whole[amounts.index(max(amounts))]])
        return _stated(total, "single" if len(amounts) == 1 else "sum", costs.whole)
    if len(costs.per_unit) != 1 or costs.whole:
        return _Cost()
    (unit,) = costs.per_unit
    products = {money[unit.row_order].amount_yuan * (q.target_value or 0): q for q in costs.quantities}
    meant = products if prose not in products else {prose: products[prose]}
    if len(meant) != 1:
        return _Cost()
    ((yuan, quantity),) = meant.items()
    if yuan >= MOST_YUAN:
        return _Cost()
    return _stated(yuan.quantize(FEN), "product", (quantity, unit))


def _stated(yuan: Decimal | None, basis: CostBasis, terms: Sequence[Indicator]) -> _Cost:
    """Exact where all its terms are, a bound where one of them is; two bounds that face away say nothing."""
    operators = {term.operator for term in terms}
    if operators <= EXACT:
        return _Cost(yuan=yuan, basis=basis)
    return _Cost(limit=yuan, basis=basis) if operators <= EXACT | AT_MOST else _Cost()


# ── projects ────────────────────────────────────────────────────────────────────────────────────────────────────


def money_targets(annexes: Annexes) -> dict[int, Figure]:
    """Row order of an indicator → its target where that is money."""
    return {f.row_order: f for f in annexes.figures if f.statement == "performance" and f.is_money}


def prose_projects(claims: Iterable[Claim]) -> list[Claim]:
    """The first claim of an amount for each project that the prose names."""
    found: dict[str, Claim] = {}
    for claim in claims:
        if claim.subject.startswith(PROJECT) and claim.measure in ("amount", "planned"):
            found.setdefault(squash(claim.subject), claim)
    return list(found.values())


def link_projects(annexes: Annexes) -> tuple[tuple[Project, ...], tuple[Issue, ...]]:
    """The projects of a document, those of the prose first; and the names that could not be told apart."""
    prose = prose_projects(annexes.claims)
    tables = [table for table in annexes.performance if table.number and table.name]
    lines = _lines(annexes.procurement)
    prose_names = [claim.subject.removeprefix(PROJECT) for claim in prose]
    to_table, issues = match_names(prose_names, [table.name or "" for table in tables])
    found = [_Found(name, prose=claim) for name, claim in zip(prose_names, prose, strict=True)]
    for n, (m, method) in to_table.items():
        found[n].table, found[n].method = tables[m], method
    matched = {m for m, _ in to_table.values()}
    found += [_Found(table.name or "", table=table) for m, table in enumerate(tables) if m not in matched]
    to_lines, more = _match_lines(found, list(lines))
    for n, (name, method) in to_lines.items():
        found[n].lines = lines[name]
        found[n].method = max((m for m in (found[n].method, method) if m), key=_METHODS.index)
    bought = {name for name, _ in to_lines.values()}
    found += [_Found(name, lines=own) for name, own in lines.items() if name not in bought]
    money = money_targets(annexes)
    return tuple(_project(n, one, annexes, money) for n, one in enumerate(found, start=1)), (*issues, *more)


@dataclass(slots=True)
class _Found:
    name: str
    prose: Claim | None = None
    table: PerformanceTable | None = None
    lines: Sequence[ProcurementLine] = ()
    method: Method | None = None


def _lines(procurement: Iterable[ProcurementLine]) -> dict[str, list[ProcurementLine]]:
    found: dict[str, list[ProcurementLine]] = defaultdict(list)
    for line in procurement:
        if line.kind == "line" and line.project_name and not _is_basic(line.project_name):
            found[squash(line.project_name)].append(line)
    return found


def _is_basic(name: str) -> bool:
    """Is it a kind of basic expenditure, printed where a project would be named: 日常公用?"""
    return _words().no_project.fullmatch(_BRACKETED.sub("", squash(name))) is not None


def _match_lines(found: Sequence[_Found], names: list[str]) -> tuple[dict[int, tuple[str, Method]], list[Issue]]:
    """By the name of the performance table, which is longer and nearer to what is printed there, else of the prose."""
    pairs, issues = match_names([one.table.name or "" if one.table else one.name for one in found], names)
    # the lines of a list are compared with it, never the rest with the rest
    return {n: (names[m], method) for n, (m, method) in pairs.items() if method != "remaining"}, issues


def _project(number: int, one: _Found, annexes: Annexes, money: Mapping[int, Figure]) -> Project:
    prose = one.prose.amount_yuan if one.prose else None
    cost = _Cost()
    if one.table:
        own = (i for i in annexes.indicators if i.project_number == one.table.number)
        cost = _cost(costs_of(own, money), money, prose)
    amounts = [line.amount_yuan for line in one.lines if line.amount_yuan is not None]
    funds = {line.group_name: line.project_funds_yuan for line in one.lines if line.project_funds_yuan is not None}
    return Project(
        number,
        one.name,
        one.method,
        prose,
        one.prose.row_order if one.prose else None,
        one.table.number if one.table else None,
        cost.yuan,
        cost.limit,
        cost.basis,
        tuple(line.row_order for line in one.lines),
        sum(amounts, Decimal(0)) if amounts else None,
        next(iter(funds.values())) if len(set(funds.values())) == 1 else None,
    )

"""What the engine must know of prose and annexes besides their numbers: marks, facts, rows that belong together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from pipeline.annexes.catalogue import is_fixed_asset, plain_code
from pipeline.annexes.model import ANNEXES, Annexes, Indicator, ProcurementLine
from pipeline.annexes.projects import Project, costs_of, money_targets, product_of_whole
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.printed import squash
from pipeline.proof.identity import ANNEX_IDENTITIES
from pipeline.proof.rows import Link, Row

Cells = Mapping[tuple[str, int, str], Decimal]  # statement, row order, measure → yuan

_EXACT = (None, "=")
_LIMIT = ("≤", "<")
_LEAST = ("≥", ">")
_FEWEST = 3  # projects of a list that adds up to the last digit and is complete therefore
_AGREE = 2  # projects whose only cost is their amount: then the department does so


@dataclass(frozen=True, slots=True)
class Rules:
    """What annex_identities.yaml says besides identities."""

    administrative: tuple[str, ...]
    other_units: tuple[str, ...]
    carried_over: tuple[str, ...]
    assets: str
    as_of_date: Mapping[str, Mapping[str, int]]
    notes: Mapping[str, str]  # statement → what a note calls it
    least_fixed_asset: int  # yuan
    kinds_of_purchase: Mapping[str, str]  # subject → first letter of the code
    sides: tuple[tuple[str, str], ...]  # income, spending
    explained_in: tuple[str, ...]  # the statements whose codes the prose explains one by one
    least_explained: int
    explained_for_each_left_out: int

    def date_asked(self, form: str, fiscal_year: int) -> date | None:
        if (asked := self.as_of_date.get(form)) is None:
            return None
        return date(fiscal_year - asked["years_before"], asked["month"], asked["day"])


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    raw: dict[str, Any] = yaml.load(ANNEX_IDENTITIES.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    words = raw["words"]
    kinds = (tuple(words["administrative"]), tuple(words["other_units"]), tuple(words["carried_over"]), words["assets"])
    sides = tuple((income, spending) for income, spending in raw["sides"])
    listed = raw["explained"]
    explained = (tuple(listed["in"]), listed["least"], listed["for_each_left_out"])
    least, letters = int(raw["least_fixed_asset"]), dict(raw["kinds_of_purchase"])
    return Rules(*kinds, raw["as_of_date"], words["notes"], least, letters, sides, *explained)


def rows_of(disclosure: Disclosure, part: int, annexes: Annexes | None) -> list[Row]:
    """The printed rows of one body that say what they are: a number without a label or a code belongs to no sum.

    An item of the prose is no row of a classification, though its name is a code.
    """
    marks: dict[int, set[str]] = defaultdict(set)
    for claim in annexes.claims if annexes and part == 1 else ():
        if claim.direction == "level" and claim.figure is None:
            marks[claim.row_order].add(claim.measure)
        if claim.measure in ("change", "previous") and claim.compared_basis == "execution":
            marks[claim.row_order].add("execution")
    return [
        Row(
            row.statement,
            row.order,
            row.item,
            row.subject_code if row.item == row.subject_code and row.statement not in ANNEXES else None,
            row.parent,
            frozenset(marks.get(row.order, ())) if row.statement == "claim" else frozenset(),
        )
        for row in disclosure.rows_of(part)
        if row.label.strip() or not row.item.startswith("unrecognised_")
    ]


def facts_of(disclosure: Disclosure, part: int, annexes: Annexes | None) -> Iterator[str]:
    """What is known of the document, by the names that `if_fact` asks for."""
    natures = [squash(unit.nature or "") for unit in annexes.organisation] if annexes else []
    rules = load_rules()
    if natures and all(any(word in nature for word in rules.administrative) for nature in natures):
        yield "administrative_only"
    elif any(any(word in nature for word in rules.other_units) for nature in natures):
        yield "other_units"
    else:
        yield "units_unknown"
    for read in disclosure.statements:
        if read.part == part and read.status == "declared_empty":
            yield f"empty:{read.statement}"


def links_of(
    disclosure: Disclosure, annexes: Annexes, projects: Iterable[Project], rows: Sequence[Row], cells: Cells
) -> Iterator[Link]:
    """Every link of the document, of part 1."""
    at = {(row.statement, row.order): row for row in rows}
    yield from _purchases(disclosure, annexes, rows, at)
    yield from _kinds_of_purchase(annexes, rows, at)
    yield from _lists(annexes, rows, cells)
    yield from _codes(rows, cells)
    yield from _costs(annexes, projects, at)
    yield from _procurement_projects(annexes.procurement, at)
    for project in projects:
        if project.prose_row_order and project.procurement_row_orders and project.project_funds_yuan is not None:
            rows_in = {"prose": ("claim", project.prose_row_order), "funds": _first("procurement", project)}
            yield from _link("project_funds", project.name, rows_in, at)


def _first(statement: str, project: Project) -> tuple[str, int]:
    return statement, project.procurement_row_orders[0]


def _link(
    family: str, subject: str, places: Mapping[str, tuple[str, int]], at: Mapping[tuple[str, int], Row]
) -> Iterator[Link]:
    """A link of one row for each role, where all are there."""
    if all(place in at for place in places.values()):
        yield Link(family, subject, {role: (at[place],) for role, place in places.items()})


def _purchases(
    disclosure: Disclosure, annexes: Annexes, rows: Iterable[Row], at: Mapping[tuple[str, int], Row]
) -> Iterator[Link]:
    """What is to be bought, and the procurement lines that are fixed assets, if of all lines it is known."""
    lines = [line for line in annexes.procurement if line.kind == "line"]
    kinds = [is_fixed_asset(line.catalogue_code or "", disclosure.fiscal_year) for line in lines]
    if None in kinds:
        return
    bought = [line for line, is_asset in zip(lines, kinds, strict=True) if is_asset]
    assets = tuple(at[place] for line in bought if (place := ("procurement", line.row_order)) in at)
    least = load_rules().least_fixed_asset
    is_cheap = any(line.unit_price_yuan is not None and line.unit_price_yuan < least for line in bought)
    of_assets = {claim.row_order for claim in annexes.claims if load_rules().assets in squash(claim.label)}
    for row in rows:
        if row.statement == "claim" and row.item == "asset_purchase_planned":
            # small purchases and licences need not be in the table, and equipment may be no fixed asset
            is_open = not assets or row.order not in of_assets
            family = "purchase_maybe" if is_open else "purchase_cheap" if is_cheap else "purchase"
            yield Link(family, "", {"planned": (row,), "lines": assets})


def _kinds_of_purchase(annexes: Annexes, rows: Iterable[Row], at: Mapping[tuple[str, int], Row]) -> Iterator[Link]:
    """What the prose says of goods, works and services, and the lines of each kind, if every line has a code."""
    lines = [line for line in annexes.procurement if line.kind == "line"]
    codes = [plain_code(line.catalogue_code) for line in lines]
    if not all(codes):
        return
    for row in rows:
        letter = load_rules().kinds_of_purchase.get(row.item) if row.statement == "claim" else None
        own = [line for line, code in zip(lines, codes, strict=True) if letter and code.startswith(letter)]
        if own:
            found = tuple(at[place] for line in own if (place := ("procurement", line.row_order)) in at)
            yield Link("purchase_of_kind", row.item, {"claim": (row,), "lines": found})


def _lists(annexes: Annexes, rows: Iterable[Row], cells: Cells) -> Iterator[Link]:
    """The projects listed below a total: all of them, or some."""
    tables = sum(1 for table in annexes.performance if table.number)
    counted = {c.row_order: int(c.value) for c in annexes.claims if c.measure == "quantity" and c.value == int(c.value)}
    latest: dict[str, Row] = {}
    parts: dict[int, list[Row]] = defaultdict(list)
    wholes: dict[int, Row] = {}
    for row in rows:
        if row.statement != "claim":
            continue
        if row.item.startswith("project:") and row.parent and (whole := latest.get(row.parent)):
            wholes[whole.order] = whole
            parts[whole.order].append(row)
        latest[row.item] = row
    for order, whole in wholes.items():
        amounts = [cells.get(("claim", row.order, "amount")) for row in parts[order]]
        total = cells.get(("claim", order, "amount"))
        if total is None or None in amounts:
            continue
        number = counted.get(order) if whole.item == "performance_funds" else tables
        adds_up = sum((a for a in amounts if a is not None), Decimal(0)) == total and len(amounts) >= _FEWEST
        complete = adds_up or (number == len(amounts) and number > 1)
        family = "projects" if complete else "some_projects"
        yield Link(family, whole.item, {"whole": (whole,), "parts": tuple(parts[order])})


def _codes(rows: Iterable[Row], cells: Cells) -> Iterator[Link]:
    """The explanations code by code, where every finest code of the appropriations is explained and no other is."""
    printed: Counter[str] = Counter()
    explained: dict[str, Row] = {}
    whole: Row | None = None
    for row in rows:
        if row.statement in ("general_public_expenditure", "government_fund_expenditure", "state_capital_expenditure"):
            printed.update({row.subject_code} if row.subject_code else ())
        elif row.statement == "claim" and ("claim", row.order, "amount") in cells:
            if row.item.isdigit():
                explained.setdefault(row.item, row)
            elif row.item == "fiscal_appropriation_expenditure" and whole is None:
                whole = row
    finest = {code for code in printed if not any(other != code and other.startswith(code) for other in printed)}
    # a code that two funds pay may be explained for one of them only
    if whole is not None and finest and finest == set(explained) and all(printed[code] == 1 for code in finest):
        yield Link("codes", "", {"whole": (whole,), "parts": tuple(explained.values())})


def _procurement_projects(procurement: Iterable[ProcurementLine], at: Mapping[tuple[str, int], Row]) -> Iterator[Link]:
    """The lines of one project in one unit that repeat the same funds."""
    own: dict[tuple[str | None, str, Decimal], list[tuple[Row, Decimal | None]]] = defaultdict(list)
    for line in procurement:
        row = at.get(("procurement", line.row_order))
        if line.kind == "line" and line.project_name and line.project_funds_yuan is not None and row is not None:
            own[line.group_name, squash(line.project_name), line.project_funds_yuan].append((row, line.amount_yuan))
    for (_, name, funds), found in own.items():
        if len(found) > 1 and all(amount == funds for _, amount in found):  # the funds are those of each line
            continue
        lines = [row for row, _ in found]
        yield Link("procurement_project", name, {"lines": tuple(lines), "funds": (lines[0],)})


def _costs(annexes: Annexes, projects: Iterable[Project], at: Mapping[tuple[str, int], Row]) -> Iterator[Link]:
    """Projects of the prose and what their performance tables state: costs, or a unit's cost and a quantity."""
    money = money_targets(annexes)
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in annexes.indicators:
        indicators[indicator.project_number].append(indicator)
    single: list[tuple[Project, Link]] = []
    for project in projects:
        prose = at.get(("claim", project.prose_row_order or 0))
        if prose is None or project.performance_number is None or project.prose_amount_yuan is None:
            continue
        costs = costs_of(indicators[project.performance_number], money)
        rows = tuple(at[place] for i in costs.whole if (place := ("performance", i.row_order)) in at)
        if pair := product_of_whole(costs, money, project.prose_amount_yuan):
            yield from _unit_cost(project, prose, pair[1], pair[:1], money, at)
        elif rows and not costs.per_unit:
            link = Link("project_cost_maybe", project.name, {"prose": (prose,), "cost": rows})
            if len(rows) == 1 and costs.whole[0].operator in _EXACT:
                single.append((project, link))
            else:
                yield link
        elif len(costs.per_unit) == 1 and not costs.whole:
            yield from _unit_cost(project, prose, costs.per_unit[0], costs.quantities, money, at)
    agree = sum(project.cost_yuan == project.prose_amount_yuan for project, _ in single)
    usual = agree >= _AGREE and agree >= _AGREE * (len(single) - agree)
    for _, link in single:
        yield Link("project_cost" if usual else link.family, link.subject, link.rows)


def _unit_cost(
    project: Project,
    prose: Row,
    cost: Indicator,
    quantities: Sequence[Indicator],
    money: Mapping[int, Any],
    at: Mapping[tuple[str, int], Row],
) -> Iterator[Link]:
    """The quantity with which the product is the amount, else the only one. Two bounds that face away say nothing."""
    price = money[cost.row_order].amount_yuan
    fitting = [q for q in quantities if q.target_value and q.target_value * price == project.prose_amount_yuan]
    chosen = fitting or (quantities if len(quantities) == 1 else ())
    for quantity in chosen[:1]:
        rows = [at.get(("performance", i.row_order)) for i in (quantity, cost)]
        family = "unit_cost" if fitting else _bound(quantity.operator, cost.operator)
        if family and rows[0] and rows[1]:
            yield Link(family, project.name, {"prose": (prose,), "quantity": (rows[0],), "cost": (rows[1],)})


def _bound(quantity: str | None, cost: str | None) -> str | None:
    kinds: tuple[tuple[str, Callable[[str | None], bool]], ...] = (
        ("unit_cost", lambda o: o in _EXACT),
        ("unit_cost_at_most", lambda o: o in _EXACT or o in _LIMIT),
        ("unit_cost_at_least", lambda o: o in _EXACT or o in _LEAST),
    )
    return next((family for family, fits in kinds if fits(quantity) and fits(cost)), None)

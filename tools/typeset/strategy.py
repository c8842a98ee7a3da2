"""Hypothesis strategies: random disclosures whose every identity holds, and random styles to print them in.

Amounts are drawn as whole hundredths of the printed unit, so that sums are exact. What is consistent: 项 → 款 → 类 →
合计 in every coded statement; the rows of T2, T3, T5–T8; T1 and T4 with the others; T6 with the basic spending of T5;
T9 within itself.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tools.typeset.hebei import (
    APPROPRIATION_LINES,
    CARRYOVER_LINES,
    CURRENT_YEAR_EXPENDITURE,
    CURRENT_YEAR_REVENUE,
    FUNCTION_LINES,
    MEASURES,
    REVENUE_LINES,
    THREE_PUBLIC_LINES,
    TOTAL_EXPENDITURE,
    TOTAL_REVENUE,
)
from tools.typeset.model import Disclosure, Edition, Row, Section, Side, Statement, Unit
from tools.typeset.style import Style

REFERENCE = Path(__file__).parents[2] / "pipeline" / "reference"
_FUNDS = ("general_public", "government_fund", "state_capital")
_FUND_STATEMENTS = ("general_public_expenditure", "government_fund_expenditure", "state_capital_expenditure")
_OTHER_SOURCES = ("special_account", "undertaking", "business", "superior_subsidy", "subordinate_remittance", "other")
_OTHER_TYPES = ("basic", "project", "business", "remittance_to_superior", "subsidy_to_subordinate")
_BODIES = ("财政局", "人民政府办公室", "教育局", "市场监督管理局", "机关事务管理局")
_PLACES = ("邢台市", "巨鹿县", "石家庄市", "唐山市", "廊坊市")

Amounts = dict[str, int]  # measure → hundredths
Leaves = dict[str, Amounts]  # code → amounts


@cache
def code_names(file_name: str) -> Mapping[str, str]:
    """Code → name of a classification in ``pipeline/reference``; codes still valid today only."""
    with (REFERENCE / file_name).open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream) if not row["last_edition"]}


@cache
def _function_leaves() -> Sequence[str]:
    names = code_names("function_codes.csv")
    return [code for code in names if len(code) == 7 and code[:5] in names and code[:3] in FUNCTION_LINES]


@cache
def _economic_leaves() -> Sequence[str]:
    names = code_names("economic_codes.csv")
    return [code for code in names if len(code) == 5 and code[:3] in names]


_amounts = st.one_of(st.integers(1, 999), st.integers(1, 99_999_99), st.integers(1, 9_999_999_99))


@st.composite
def disclosures(draw: st.DrawFn) -> Disclosure:
    """A disclosure in any edition of the form; printed zeros, carry-over and a second and third fund occur."""
    edition = Edition(
        central_bank_line=draw(st.sampled_from((None, "人行科目", "人行专用科目"))),
        three_public_total=draw(st.booleans()),
        meeting_and_training=draw(st.booleans()),
    )
    fund_leaves = {fund: draw(_fund_leaves(least=int(fund == "general_public"))) for fund in _FUNDS}
    carried_in = {fund: draw(_carried_in(leaves)) for fund, leaves in fund_leaves.items()}
    others = draw(_leaves(_OTHER_TYPES, 0, 3))
    zero = draw(st.sampled_from(("", "", "0.00")))
    spell = _Speller(zero)

    spending = _sum_leaves([*fund_leaves.values(), others])
    income = _income(fund_leaves, carried_in, others, draw)
    statements = {
        "budget_summary": _budget_summary(income, spending, fund_leaves, carried_in, spell),
        "revenue": _coded("revenue", income, spell, "function_codes.csv"),
        "expenditure": _coded("expenditure", spending, spell, "function_codes.csv"),
        "appropriation_summary": _appropriation_summary(fund_leaves, carried_in, spell),
        "basic_expenditure": _coded(
            "basic_expenditure",
            draw(_economic(sum(amounts.get("basic", 0) for amounts in fund_leaves["general_public"].values()))),
            spell,
            "economic_codes.csv",
        ),
        "three_public": draw(_three_public(edition, spell)),
    }
    for fund, name in zip(_FUNDS, _FUND_STATEMENTS, strict=True):
        statements[name] = _coded(name, fund_leaves[fund], spell, "function_codes.csv")
    unit: Unit = draw(st.sampled_from(("万元", "元")))
    return Disclosure(
        department=draw(st.sampled_from(_PLACES)) + draw(st.sampled_from(_BODIES)),
        code=draw(st.integers(101, 999).map(str)),
        year=draw(st.integers(2021, 2026)),
        statements=statements,
        unit=unit,
        edition=edition,
        sections=(Section("一、部门职责及机构设置情况"),),
    )


def styles() -> st.SearchStrategy[Style]:
    """Every combination of the choices."""
    return st.builds(
        Style,
        heading=st.sampled_from(("paragraphs", "line", "grid")),
        title_in_grid=st.booleans(),
        rows_per_table=st.one_of(st.none(), st.integers(1, 40)),
        continuation=st.sampled_from(("full", "header", "bare")),
        header_cells=st.sampled_from(("merged", "repeated")),
        ordinals=st.booleans(),
        serial=st.booleans(),
        inner_spaces=st.booleans(),
        thousands=st.booleans(),
        full_width=st.booleans(),
        empty_row=st.booleans(),
        contents=st.sampled_from(("dots", "tab", "none")),
    )


# --- amounts ---------------------------------------------------------------------------------------------------------


@st.composite
def _leaves(draw: st.DrawFn, measures: Sequence[str], least: int, most: int) -> Leaves:
    codes = draw(st.lists(st.sampled_from(_function_leaves()), min_size=least, max_size=most, unique=True))
    leaves: Leaves = {}
    for code in codes:
        printed = draw(st.lists(st.sampled_from(measures), min_size=1, max_size=2, unique=True))
        leaves[code] = {measure: draw(_amounts) for measure in printed}
    return leaves


def _fund_leaves(least: int) -> st.SearchStrategy[Leaves]:
    several = _leaves(("basic", "project"), max(1, least), 8 if least else 2)
    return several if least else st.one_of(st.just({}), several)


@st.composite
def _carried_in(draw: st.DrawFn, leaves: Leaves) -> dict[str, int]:
    """Of the spending of some codes, what last year's balance pays."""
    if not leaves or not draw(st.booleans()):
        return {}
    codes = draw(st.lists(st.sampled_from(sorted(leaves)), max_size=2, unique=True))
    return {code: draw(st.integers(1, sum(leaves[code].values()))) for code in codes}


def _income(
    fund_leaves: Mapping[str, Leaves], carried_in: Mapping[str, Mapping[str, int]], others: Leaves, draw: st.DrawFn
) -> Leaves:
    """T2: what pays for each code; nothing is carried out of the year."""
    income: Leaves = {}
    for fund, leaves in fund_leaves.items():
        for code, amounts in leaves.items():
            carried = carried_in[fund].get(code, 0)
            row = income.setdefault(code, {})
            _add(row, "carryover", carried)
            _add(row, "fiscal_appropriation", sum(amounts.values()) - carried)
    for code, amounts in others.items():
        _add(income.setdefault(code, {}), draw(st.sampled_from(_OTHER_SOURCES)), sum(amounts.values()))
    return income


def _add(amounts: Amounts, measure: str, amount: int) -> None:
    if amount:
        amounts[measure] = amounts.get(measure, 0) + amount


def _sum_leaves(parts: Iterable[Leaves]) -> Leaves:
    total: Leaves = {}
    for leaves in parts:
        for code, amounts in leaves.items():
            for measure, amount in amounts.items():
                _add(total.setdefault(code, {}), measure, amount)
    return total


@st.composite
def _economic(draw: st.DrawFn, total: int) -> Leaves:
    """T6: the basic spending cut into economic codes; 302 is 公用, everything else 人员."""
    if not total:
        return {}
    codes = draw(st.lists(st.sampled_from(_economic_leaves()), min_size=1, max_size=12, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=len(codes) - 1, max_size=len(codes) - 1)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]
    return {
        code: {"public" if code.startswith("302") else "personnel": share}
        for code, share in zip(codes, shares, strict=True)
        if share
    }


# --- statements ------------------------------------------------------------------------------------------------------


class _Speller:
    """Hundredths → the printed text; zero is blank or printed, everywhere alike."""

    def __init__(self, zero: str) -> None:
        self.zero = zero

    def __call__(self, amount: int) -> str:
        return f"{amount // 100}.{amount % 100:02d}" if amount else self.zero


def _complete(name: str, amounts: Amounts) -> Amounts:
    """The amounts of a row with its totals."""
    row = dict(amounts)
    if name == "revenue":
        row["current_year"] = sum(amount for measure, amount in amounts.items() if measure != "carryover")
        row["total"] = row["current_year"] + amounts.get("carryover", 0)
    else:
        row["total"] = sum(amounts.values())
    return row


def _coded(name: str, leaves: Leaves, spell: Callable[[int], str], reference: str) -> Statement:
    if not leaves:
        return Statement("declared_empty")
    names = code_names(reference)
    rolled: Leaves = {}
    for code, amounts in leaves.items():
        for key in {"", code[:3], code[:5], code}:
            for measure, amount in amounts.items():
                _add(rolled.setdefault(key, {}), measure, amount)
    rows = []
    for code in sorted(rolled):
        amounts = _complete(name, rolled[code])
        figures = {measure: spell(amounts.get(measure, 0)) for measure in MEASURES[name]}
        rows.append(Row(names[code] if code else "合计", _printed(figures), code))
    return Statement("present", tuple(rows))


def _printed(figures: Mapping[str, str]) -> dict[str, str]:
    return {measure: text for measure, text in figures.items() if text}


def _row(side: Side, label: str, figures: Mapping[str, str]) -> Row:
    return Row(label, _printed(figures), side=side)


def _total(leaves: Leaves, measure: str | None = None) -> int:
    return sum(
        amount for amounts in leaves.values() for key, amount in amounts.items() if measure is None or key == measure
    )


def _by_class(leaves: Leaves) -> dict[str, int]:
    totals: dict[str, int] = {}
    for code, amounts in leaves.items():
        totals[code[:3]] = totals.get(code[:3], 0) + sum(amounts.values())
    return totals


def _budget_summary(
    income: Leaves,
    spending: Leaves,
    fund_leaves: Mapping[str, Leaves],
    carried_in: Mapping[str, Mapping[str, int]],
    spell: Callable[[int], str],
) -> Statement:
    sources = [_total(fund_leaves[fund]) - sum(carried_in[fund].values()) for fund in _FUNDS]
    sources += [_total(income, source) for source in _OTHER_SOURCES]
    rows = [
        _row("revenue", label, {"revenue": spell(amount)}) for label, amount in zip(REVENUE_LINES, sources, strict=True)
    ]
    by_class = _by_class(spending)
    rows += [
        _row("expenditure", label, {"expenditure": spell(by_class.get(code, 0))})
        for code, label in FUNCTION_LINES.items()
    ]
    carried, spent = _total(income, "carryover"), _total(spending)
    into, out = CARRYOVER_LINES["budget_summary"]
    rows += [
        _row("revenue", CURRENT_YEAR_REVENUE, {"revenue": spell(sum(sources))}),
        _row("expenditure", CURRENT_YEAR_EXPENDITURE, {"expenditure": spell(spent)}),
        _row("revenue", into, {"revenue": spell(carried)}),
        _row("expenditure", out, {"expenditure": spell(0)}),
        _row("revenue", TOTAL_REVENUE, {"revenue": spell(sum(sources) + carried)}),
        _row("expenditure", TOTAL_EXPENDITURE, {"expenditure": spell(spent)}),
    ]
    return Statement("present", tuple(rows))


def _appropriation_summary(
    fund_leaves: Mapping[str, Leaves], carried_in: Mapping[str, Mapping[str, int]], spell: Callable[[int], str]
) -> Statement:
    carried = {fund: sum(amounts.values()) for fund, amounts in carried_in.items()}
    spent = {fund: _total(leaves) for fund, leaves in fund_leaves.items()}
    by_class = {fund: _by_class(leaves) for fund, leaves in fund_leaves.items()}

    def across(amounts: Mapping[str, int]) -> dict[str, str]:
        return {"total": spell(sum(amounts.values())), **{fund: spell(amount) for fund, amount in amounts.items()}}

    rows = [
        _row("revenue", label, {"revenue": spell(spent[fund] - carried[fund])})
        for label, fund in zip(APPROPRIATION_LINES, _FUNDS, strict=True)
    ]
    rows += [
        _row("expenditure", label, across({fund: by_class[fund].get(code, 0) for fund in _FUNDS}))
        for code, label in FUNCTION_LINES.items()
    ]
    into, out = CARRYOVER_LINES["appropriation_summary"]
    income = sum(spent.values()) - sum(carried.values())
    rows += [
        _row("revenue", CURRENT_YEAR_REVENUE, {"revenue": spell(income)}),
        _row("expenditure", CURRENT_YEAR_EXPENDITURE, across(spent)),
        _row("revenue", into, {"revenue": spell(sum(carried.values()))}),
        _row("expenditure", out, across(dict.fromkeys(_FUNDS, 0))),
        *(
            _row("carryover", label, {"revenue": spell(carried[fund])})
            for label, fund in zip(APPROPRIATION_LINES, _FUNDS, strict=True)
        ),
        _row("revenue", TOTAL_REVENUE, {"revenue": spell(sum(spent.values()))}),
        _row("expenditure", TOTAL_EXPENDITURE, across(spent)),
    ]
    return Statement("present", tuple(rows))


@st.composite
def _three_public(draw: st.DrawFn, edition: Edition, spell: Callable[[int], str]) -> Statement:
    leaf = st.one_of(st.just(0), st.integers(1, 99_999_99))
    leaves = ["outbound_teaching", "outbound_other", "vehicle_purchase", "vehicle_running", "reception"]
    leaves += ["meeting", "training"] if edition.meeting_and_training else []
    drawn = {item: {"general_public": draw(leaf), "government_fund": draw(leaf)} for item in leaves}
    sums = {
        "outbound": ("outbound_teaching", "outbound_other"),
        "vehicle_total": ("vehicle_purchase", "vehicle_running"),
        "three_public_total": ("outbound", "vehicle_total", "reception"),
        "total": ("three_public_total", "meeting", "training"),
    }
    for item, parts in sums.items():
        drawn[item] = {
            fund: sum(drawn[part][fund] for part in parts if part in drawn)
            for fund in ("general_public", "government_fund")
        }
    rows = []
    for item, label in THREE_PUBLIC_LINES.items():
        if item in drawn and (item != "total" or edition.three_public_total):
            amounts = {"total": sum(drawn[item].values()), **drawn[item]}
            rows.append(_row("", label.replace("|", ""), {key: spell(amount) for key, amount in amounts.items()}))
    return Statement("present", tuple(rows))

"""Hypothesis strategies: random disclosures whose every identity holds, and random styles to print them in.

Amounts are drawn as whole hundredths of the printed unit, so that sums are exact. What is consistent: 项 → 款 → 类 →
合计 in every coded statement; the rows of T2, T3, T5–T8; T1 and T4 with the others; T6 with the basic spending of T5;
T9 within itself. The same holds for the second form (`shanghai_disclosures`), whose T9 is in another unit.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from hypothesis import strategies as st

from tools.typeset import shanghai
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
from tools.typeset.style import PageStyle, Style

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


def page_styles() -> st.SearchStrategy[PageStyle]:
    """Every combination of the choices for PDF that leaves its text readable, with the same bytes on every machine."""
    return st.builds(
        PageStyle,
        engine=st.sampled_from(("named", "simple", "composite")),
        paper=st.sampled_from(("landscape", "portrait")),
        rotate=st.sampled_from((0, 90, 180, 270)),
        sideways=st.booleans(),
        radicals=st.booleans(),
        rules=st.sampled_from(("lines", "boxes", "rectangles", "dashed", "hairline")),
        open_sides=st.booleans(),
        header_fill=st.sampled_from(("none", "grey", "blue")),
        form=st.booleans(),
        font_size=st.sampled_from((6.5, 8.0, 9.0, 10.5, 12.0, 14.0)),
        columns=st.sampled_from(("content", "layout")),
        vertical=st.sampled_from(("middle", "top", "bottom")),
        split_rows=st.booleans(),
        repeat_header=st.booleans(),
        packed=st.booleans(),
        paired_lines=st.booleans(),
        footer=st.sampled_from(("none", "number", "dashes", "of")),
        fake_bold=st.booleans(),
        pieces=st.booleans(),
        tall_font=st.booleans(),
        flat_font=st.booleans(),
    )


def printings() -> st.SearchStrategy[shanghai.Printing]:
    """How documents of the second form differ; never one that contradicts itself."""
    return st.builds(
        shanghai.Printing,
        fund_wording=st.sampled_from(("资金", "预算")),
        year_in_last=st.sampled_from(("title", "header")),
        none_row=st.booleans(),
        spaced_numbers=st.booleans(),
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


def _coded(
    name: str, leaves: Leaves, spell: Callable[[int], str], reference: str, measures: Sequence[str] = ()
) -> Statement:
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
        figures = {measure: spell(amounts.get(measure, 0)) for measure in measures or MEASURES[name]}
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


# --- the second form -------------------------------------------------------------------------------------------------

_DISTRICT_SOURCES = ("undertaking", "business", "other")


class _DistrictSpeller:
    """Amounts of the second form: hundredths, or whole yuan without a point; zero is blank or printed in either way."""

    def __init__(self, decimals: bool, zero: str) -> None:
        self.decimals, self.zero = decimals, zero

    def __call__(self, amount: int) -> str:
        if not amount:
            return self.zero
        return f"{amount // 100}.{amount % 100:02d}" if self.decimals else str(amount)


@st.composite
def shanghai_disclosures(draw: st.DrawFn) -> Disclosure:
    """A disclosure for `tools.typeset.shanghai`, of a department or of a unit: 元 with T9 in 万元, 合计 last."""
    decimals = draw(st.booleans())
    spell = _DistrictSpeller(decimals, draw(st.sampled_from(("", "0.00") if decimals else ("", "0"))))
    scope: Literal["department", "unit"] = draw(st.sampled_from(("department", "unit")))
    fund_leaves = {fund: draw(_fund_leaves(least=int(fund == "general_public"))) for fund in _FUNDS}
    others = draw(_leaves(("project",) if scope == "unit" else ("basic", "project"), 0, 3))
    spending = _sum_leaves([*fund_leaves.values(), others])
    income: Leaves = {}
    for leaves in fund_leaves.values():
        for code, amounts in leaves.items():
            _add(income.setdefault(code, {}), "fiscal_appropriation", sum(amounts.values()))
    for code, amounts in others.items():
        _add(income.setdefault(code, {}), draw(st.sampled_from(_DISTRICT_SOURCES)), sum(amounts.values()))
    economic = draw(_economic(_total(fund_leaves["general_public"], "basic")))

    def coded(name: str, leaves: Leaves, reference: str = "function_codes.csv") -> Statement:
        return _total_last(_coded(name, leaves, spell, reference, shanghai.MEASURES[name]))

    statements = {
        "budget_summary": _district_summary(income, spending, fund_leaves, _total(economic, "public"), scope, spell),
        "revenue": coded("revenue", income),
        "expenditure": coded("expenditure", spending),
        "appropriation_summary": _district_appropriations(fund_leaves, spell),
        "basic_expenditure": coded("basic_expenditure", economic, "economic_codes.csv"),
        "three_public": draw(_district_three_public()),
    }
    for fund, name in zip(_FUNDS, _FUND_STATEMENTS, strict=True):
        statements[name] = coded(name, fund_leaves[fund])
    return Disclosure(
        department="上海市普陀区"
        + draw(st.sampled_from(("财政局", "司法局", "人民政府办公室", "人民政府万里街道办事处"))),
        code="",
        year=draw(st.integers(2021, 2026)),
        statements=statements,
        unit="元",
        scope=scope,
        sections=(Section("一、主要职能"), Section("二、其他相关情况说明")),
    )


def _total_last(statement: Statement) -> Statement:
    return Statement(statement.status, (*statement.rows[1:], *statement.rows[:1]))


def _numbered(by_class: Mapping[str, int]) -> Iterable[tuple[str, str, int]]:
    """The classes in use: code, label with its number as printed, amount."""
    numbers = (line.split("、")[0] for line in FUNCTION_LINES.values())  # 一, 二 … 三十
    for number, code in zip(numbers, sorted(by_class), strict=False):
        yield code, f"{number}、{FUNCTION_LINES[code].split('、', 1)[1]}", by_class[code]


def _district_summary(
    income: Leaves,
    spending: Leaves,
    fund_leaves: Mapping[str, Leaves],
    public: int,
    scope: str,
    spell: Callable[[int], str],
) -> Statement:
    funds = [_total(fund_leaves[fund]) for fund in _FUNDS]
    amounts = [sum(funds), *funds, *(_total(income, source) for source in _DISTRICT_SOURCES)]
    rows = [
        _row("revenue", label, {"revenue": spell(amount)})
        for label, amount in zip(shanghai.REVENUE_LINES, amounts, strict=True)
    ]
    left = {"total": 0, "personnel": 0, "public": 0, "project": 0}
    project = _by_class({code: {"project": leaf.get("project", 0)} for code, leaf in spending.items()})
    of_public = _by_class(
        {code: {"basic": leaf.get("basic", 0)} for code, leaf in fund_leaves["general_public"].items()}
    )

    def parts(total: int, personnel: int, of_which_public: int, of_project: int) -> dict[str, str]:
        figures = {"expenditure": total}
        if scope == "unit":
            figures |= {"expenditure_personnel": personnel, "expenditure_public": of_which_public}
            figures["expenditure_project"] = of_project
        return {measure: spell(amount) for measure, amount in figures.items()}

    for code, label, amount in _numbered(_by_class(spending)):
        here = min(public, of_public.get(code, 0))  # the 公用 of T6 stands in the first classes that have room for it
        public -= here
        amounts_here = (amount, amount - here - project[code], here, project[code])
        rows.append(_row("expenditure", label, parts(*amounts_here)))
        left = {key: left[key] + one for key, one in zip(left, amounts_here, strict=True)}
    rows.append(_row("revenue", shanghai.TOTAL_REVENUE, {"revenue": spell(_total(income))}))
    rows.append(_row("expenditure", shanghai.TOTAL_EXPENDITURE, parts(*left.values())))
    return Statement("present", tuple(rows))


def _district_appropriations(fund_leaves: Mapping[str, Leaves], spell: Callable[[int], str]) -> Statement:
    by_class = {fund: _by_class(leaves) for fund, leaves in fund_leaves.items()}
    totals = {fund: _total(leaves) for fund, leaves in fund_leaves.items()}

    def across(amounts: Mapping[str, int]) -> dict[str, str]:
        return {"total": spell(sum(amounts.values())), **{fund: spell(amount) for fund, amount in amounts.items()}}

    rows = [
        _row("revenue", label, {"revenue": spell(totals[fund])})
        for label, fund in zip(shanghai.APPROPRIATION_LINES, _FUNDS, strict=True)
    ]
    for code, label, _ in _numbered(_by_class(_sum_leaves(fund_leaves.values()))):
        rows.append(_row("expenditure", label, across({fund: by_class[fund].get(code, 0) for fund in _FUNDS})))
    rows.append(_row("revenue", shanghai.TOTAL_REVENUE, {"revenue": spell(sum(totals.values()))}))
    rows.append(_row("expenditure", shanghai.TOTAL_EXPENDITURE, across(totals)))
    return Statement("present", tuple(rows))


@st.composite
def _district_three_public(draw: st.DrawFn) -> Statement:
    """T9 in 万元: hundredths, a whole amount sometimes without decimals (25), zero blank or 0."""
    leaf = st.one_of(st.just(0), st.integers(1, 99_999), st.integers(1, 999).map(lambda whole: 100 * whole))
    names = ("outbound", "reception", "vehicle_purchase", "vehicle_running", "agency_operating")
    amounts = {item: draw(leaf) for item in names}
    amounts["vehicle_total"] = amounts["vehicle_purchase"] + amounts["vehicle_running"]
    amounts["three_public_total"] = amounts["outbound"] + amounts["reception"] + amounts["vehicle_total"]
    if not any(amounts.values()):
        return Statement("declared_empty")
    zero, short = draw(st.sampled_from(("", "0"))), draw(st.booleans())
    rows = []
    for label, item in shanghai.THREE_PUBLIC_LINES.items():
        whole, part = divmod(amounts[item], 100)
        text = str(whole) if short and not part else f"{whole}.{part:02d}"
        rows.append(_row("", label, {"total": text if amounts[item] else zero}))
    return Statement("present", tuple(row for row in rows if row.figures))

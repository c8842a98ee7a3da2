"""Values of annexes and prose: what is exact, what is a bound, what is compared, in which unit."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import ProseSection
from pipeline.annexes.model import Annexes, Indicator, PerformanceTable
from pipeline.annexes.performance_rules import measured, parse_target
from pipeline.annexes.projects import link_projects
from pipeline.documents.model import Paragraph
from pipeline.forms.disclosure import Disclosure, Figure
from tests.support import HEBEI

OPERATORS = (None, "=", "≤", "<", "≥", ">")
ITEMS = {
    "公务用车购置费": "vehicle_purchase",
    "公务用车运行维护费": "vehicle_running",
    "因公出国费用": "outbound",
    "公务接待费": "reception",
}
AMOUNTS = st.decimals(min_value=0, max_value=9999, places=2)


@st.composite
def costs(draw: st.DrawFn) -> list[Indicator]:
    """A table of costs, in whole or of a unit with a quantity, with every operator."""
    operators = draw(st.lists(st.sampled_from(OPERATORS), min_size=1, max_size=4))
    of_unit = draw(st.booleans()) and len(operators) == 2
    found = []
    for order, operator in enumerate(operators, start=1):
        kind, said, unit = "成本指标", "每次成本" if of_unit else "成本", "万元"
        if of_unit and order > 1:
            kind, said, unit = "数量指标", "次数", "次"
        value = draw(st.decimals(min_value="0.01", max_value=500, places=2))
        levels = (None, None, "产出指标", kind, said, said)
        found.append(Indicator(order, 1, *levels, operator, value, unit, None, None, None, None))
    return found


@given(costs())
def test_what_a_table_bounds_is_never_a_cost(indicators: list[Indicator]) -> None:
    money = tuple(
        Figure(
            *(1, "performance", i.row_order, i.row_order, "", None, None, "none", f"indicator_{i.row_order}", "target"),
            *(str(i.target_value), "万元", (i.target_value or Decimal(0)) * 10_000, None, None, None),
        )
        for i in indicators
        if i.target_unit == "万元"
    )
    table = PerformanceTable(1, "甲", None, len(indicators), None, None)
    ((one,), _) = link_projects(Annexes(performance=(table,), indicators=tuple(indicators), figures=money))
    operators = {i.operator for i in indicators}
    if one.cost_yuan is not None and one.cost_basis != "single":
        assert operators <= {None, "="}
    if one.cost_limit_yuan is not None and one.cost_basis != "single":
        assert operators & {"≤", "<"} and not operators & {"≥", ">"}
    assert one.cost_yuan is None or one.cost_limit_yuan is None
    assert (one.cost_basis is None) == (one.cost_yuan is None and one.cost_limit_yuan is None)


@given(st.lists(st.tuples(st.sampled_from(sorted(ITEMS)), AMOUNTS), min_size=1, unique_by=lambda pair: pair[0]))
def test_what_stays_level_behind_a_list_is_each_of_it(items: list[tuple[str, Decimal]]) -> None:
    text = "，".join(f"{name}{amount}万元" for name, amount in items)
    section = ProseSection("three_public", "说明", 1, None, [Paragraph(f"{text}，与2022年度保持持平。", 1)])
    claims, _ = read_claims([section], HEBEI, Disclosure("hebei", "budget", 2023, (), (), (), (), (), ()))
    names = [ITEMS[name] for name, _ in items]
    assert [claim.subject for claim in claims if claim.measure == "amount"] == names
    assert [claim.subject for claim in claims if claim.direction == "level" and claim.measure == "change"] == names


@given(
    st.sampled_from(["", "≥", "≤"]),
    AMOUNTS,
    st.sampled_from([("%", "%"), ("百分比", "%"), ("百份比", "%"), ("百分率", "%"), ("个", "个"), ("次/年", "次/年")]),
    st.sampled_from([("", 1), ("万", 10_000)]),
)
def test_one_unit_however_it_is_written(
    sign: str, value: Decimal, unit: tuple[str, str], factor: tuple[str, int]
) -> None:
    (printed, known), (prefix, times) = unit, factor
    if known == "%":
        prefix, times = "", 1
    target = parse_target(f"{sign}{value}{prefix}{printed}")
    assert target is not None
    assert measured(target.value, target.unit) == (value * times, known)
    assert measured(*measured(target.value, target.unit)) == (value * times, known)

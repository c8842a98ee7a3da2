"""One project over the prose, its performance table and its procurement lines: names, costs, what is ambiguous."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from pipeline.annexes.model import Annexes, Claim, Indicator, PerformanceTable, ProcurementLine
from pipeline.annexes.projects import Project, link_projects, match_names, normalised
from pipeline.forms.disclosure import Figure


def claim(order: int, name: str, yuan: int, measure: str = "amount") -> Claim:
    amount = Decimal(yuan)
    return Claim(
        *(order, "overview", f"project:{name}", name, measure, None, amount / 10_000, "万元", amount, str(yuan)),
        *(None, None, None, "", None, None, None),
    )


def table(number: int, name: str) -> PerformanceTable:
    return PerformanceTable(number, name, None, 1, None, None)


def indicator(
    order: int,
    table: int,
    target: str,
    unit: str,
    said: str = "成本",
    kind: str = "成本指标",
    operator: str | None = None,
) -> Indicator:
    return Indicator(
        *(order, table, None, None, "产出指标", kind, said, said, operator, Decimal(target), unit, f"{target}{unit}"),
        *(None, None, None),
    )


def line(order: int, project: str | None, yuan: int, funds: int = 100, group: str | None = None) -> ProcurementLine:
    return ProcurementLine(
        *(order, "line", group, project, "物品", None, None, None, None, Decimal(yuan), None, None, Decimal(funds)),
        *(None, None),
    )


def annexes(
    claims: Sequence[Claim] = (),
    tables: Sequence[PerformanceTable] = (),
    indicators: Sequence[Indicator] = (),
    lines: Sequence[ProcurementLine] = (),
) -> Annexes:
    money = tuple(
        Figure(
            *(1, "performance", i.row_order, i.row_order, "", None, None, "none", f"indicator_{i.row_order}", "target"),
            *(str(i.target_value), "万元", (i.target_value or Decimal(0)) * 10_000, None, None, None),
            i.target_unit == "万元",
        )
        for i in indicators
    )
    return Annexes(
        performance=tuple(tables),
        indicators=tuple(indicators),
        procurement=tuple(lines),
        claims=tuple(claims),
        figures=money,
    )


def linked(found: Annexes) -> list[Project]:
    return list(link_projects(found)[0])


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("外事办经费项目", "外事办经费"),
        ("《邢台市人民政府公报》经费", "邢台市人民政府公报经费"),
        ("“智慧唐山”管理处经费", "智慧唐山管理处"),
        ("（上年结转）人民防空方案计划编制经费启动资金", "人民防空方案计划编制经费启动资金"),
        ("政府网站软硬件维护、内容信息维护费项目", "政府网站软硬件维护 内容信息维护费"),
        ("12345 热线运营经费", "12345热线运营"),
    ],
)
def test_names_that_differ_in_marks_and_endings_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize("name", ["经费", "项目", "人防经费", "费用"])
def test_of_a_short_name_something_is_left(name: str) -> None:
    assert len(normalised(name)) >= 2


def test_a_letter_read_wrongly_is_a_similar_name() -> None:
    pairs, issues = match_names(["督察室经费", "研究室经费"], ["研究室经费", "督查室经费", "值班室经费"])
    assert pairs == {0: (1, "similar"), 1: (0, "exact")}
    assert issues == []


def test_names_that_are_only_a_little_alike_are_not_linked() -> None:
    assert match_names(["会议费", "印刷费", "租车费"], ["会展中心建设", "印章"]) == ({}, [])


def test_a_name_that_could_be_one_of_two_is_linked_to_none() -> None:
    pairs, issues = match_names(["信息化建设三期"], ["信息化建设一期", "信息化建设二期"])
    assert pairs == {}
    assert [(i.severity, i.what, i.text) for i in issues] == [
        (
            "warning",
            "the name of a project could be one of several",
            "信息化建设三期: 信息化建设一期 | 信息化建设二期",
        )
    ]


def test_the_same_name_twice_is_ambiguous_too() -> None:
    pairs, issues = match_names(["会议费"], ["会议费", "会议费"])
    assert (pairs, len(issues)) == ({}, 1)


def test_what_is_left_over_on_both_sides_is_one_project_if_the_names_share_a_word() -> None:
    others = ["外事办经费", "金融局专项经费"]
    left, right = ["办公运转经费项目", *others], [*others, "专项运转保障经费"]
    assert match_names(left, right)[0][0] == (2, "remaining")
    assert 0 not in match_names(left, [*others, "市长热线"])[0]
    assert 0 not in match_names(left, [*right, "更多"])[0]


# ── projects ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_project_has_what_each_place_says_of_it() -> None:
    (one,) = linked(
        annexes(
            [claim(7, "办公设备购置费项目", 600_000)],
            [table(1, "办公设备购置费")],
            [indicator(1, 1, "60", "万元", operator="≤")],
            [line(4, "办公设备购置费", 200_000, 600_000), line(5, "办公设备购置费", 300_000, 600_000)],
        )
    )
    assert one == Project(
        *(1, "办公设备购置费项目", "normalised", Decimal(600_000), 7, 1, None, Decimal(600_000), "single", (4, 5)),
        *(Decimal(500_000), Decimal(600_000)),
    )


def test_every_place_has_its_projects_and_they_are_numbered() -> None:
    found = linked(
        annexes([claim(1, "甲乙项目", 1)], [table(1, "另一方案"), table(2, "甲乙")], [], [line(1, "丙工程", 5)])
    )
    assert [(p.number, p.name, p.method) for p in found] == [
        (1, "甲乙项目", "normalised"),
        (2, "另一方案", None),
        (3, "丙工程", None),
    ]


def test_a_project_that_the_prose_names_again_is_one_project() -> None:
    assert len(linked(annexes([claim(1, "甲", 5), claim(2, "甲", 5), claim(3, "甲", 4, "previous")]))) == 1


def test_lines_without_a_project_and_totals_are_none() -> None:
    assert linked(annexes(lines=[line(1, None, 5)])) == []


def test_funds_that_differ_between_units_are_not_one_number() -> None:
    (one,) = linked(annexes(lines=[line(1, "甲", 5, 100, "a"), line(2, "甲", 5, 200, "b")]))
    assert (one.procurement_yuan, one.project_funds_yuan) == (Decimal(10), None)


@pytest.mark.parametrize(
    ("indicators", "cost", "basis"),
    [
        ([indicator(1, 1, "30", "万元")], 300_000, "single"),
        ([indicator(1, 1, "16.4", "万元"), indicator(2, 1, "3.6", "万元")], 200_000, "sum"),
        (
            [indicator(1, 1, "0.5", "万元", "每次会议成本"), indicator(2, 1, "10", "次", "次数", "数量指标")],
            50_000,
            "product",
        ),
        ([indicator(1, 1, "0.5", "万元", "每次会议成本")], None, None),
        ([indicator(n, 1, cost, "万元") for n, cost in enumerate(("10", "7", "3"), 1)], 100_000, "single"),
        ([indicator(n, 1, "5", "万元") for n in (1, 2)], 100_000, "sum"),
        (
            [
                indicator(1, 1, "0.5", "万元", "每次会议成本"),
                *(indicator(n, 1, str(n), "次", "次数", "数量指标") for n in (2, 3)),
            ],
            None,
            None,
        ),
        ([indicator(1, 1, "90", "%", "预算执行率")], None, None),
        ([indicator(1, 1, "30", "万元", "产值", "经济效益指标")], None, None),
        ([indicator(1, 1, "5", "万元"), indicator(2, 1, "1", "万元", "每次成本")], None, None),
    ],
)
def test_what_a_performance_table_states_as_cost(
    indicators: list[Indicator], cost: int | None, basis: str | None
) -> None:
    (one,) = linked(annexes([], [table(1, "甲")], indicators))
    assert (one.cost_yuan, one.cost_basis) == (None if cost is None else Decimal(cost), basis)


def per_unit(cost: str | None, quantity: str | None) -> list[Indicator]:
    return [
        indicator(1, 1, "0.5", "万元", "每次会议成本", operator=cost),
        indicator(2, 1, "10", "次", "次数", "数量指标", operator=quantity),
    ]


@pytest.mark.parametrize(
    ("indicators", "cost", "limit"),
    [
        ([indicator(1, 1, "220", "万元", "每年的维修费用控制在预算以内", operator="≤")], None, 2_200_000),
        ([indicator(1, 1, "30", "万元", operator="<")], None, 300_000),
        ([indicator(1, 1, "30", "万元", operator="=")], 300_000, None),
        ([indicator(1, 1, "30", "万元", operator="≥")], None, None),
        ([indicator(1, 1, "30", "万元", operator="≤"), indicator(2, 1, "5", "万元")], None, 350_000),
        (per_unit(None, None), 50_000, None),
        (per_unit("≤", None), None, 50_000),
        (per_unit("≤", "≤"), None, 50_000),
        (per_unit("≤", "≥"), None, None),
    ],
)
def test_a_bound_is_not_a_cost(indicators: list[Indicator], cost: int | None, limit: int | None) -> None:
    (one,) = linked(annexes([], [table(1, "甲")], indicators))
    stated = [None if yuan is None else Decimal(yuan) for yuan in (cost, limit)]
    assert [one.cost_yuan, one.cost_limit_yuan] == stated
    assert (one.cost_basis is None) == (stated == [None, None])


@pytest.mark.parametrize(
    ("words", "times"),
    [("每年的维修费用", 1), ("每一年度费用", 1), ("每次费用", 3), ("每人每年费用", 3), ("人均费用", 3)],
)
def test_what_something_costs_in_a_year_is_no_unit_price(words: str, times: int) -> None:
    costs = [indicator(1, 1, "2", "万元", words), indicator(2, 1, "3", "人", "人数", "数量指标")]
    (one,) = linked(annexes([], [table(1, "甲")], costs))
    assert one.cost_yuan == 20_000 * times


@pytest.mark.parametrize(
    "name", ["日常公用", "日常公用经费", "公用经费", "人员经费", "在职人员经费", "公用经费（定额）"]
)
def test_daily_public_funds_are_no_project(name: str) -> None:
    assert linked(annexes(lines=[line(1, name, 5)])) == []


def test_of_several_quantities_the_one_that_fits_the_prose_is_meant() -> None:
    quantities = [indicator(n, 1, str(n), "次", "次数", "数量指标") for n in (2, 10)]
    found = annexes([claim(1, "甲", 50_000)], [table(1, "甲")], [indicator(1, 1, "0.5", "万元", "每次"), *quantities])
    (one,) = linked(found)
    assert (one.cost_yuan, one.cost_basis) == (Decimal(50_000), "product")

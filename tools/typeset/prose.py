"""Sentences of figures in the words of both forms, and what each of them says.

The sentences are ours; the labels of the forms are those that publishers print. Amounts are whole hundredths of 万元.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Said:
    """One figure that a sentence states. ``value`` is in ``unit``, negative for a decrease."""

    section: str
    subject: str
    measure: Literal["amount", "planned", "previous", "change", "percentage"]
    value: Decimal
    unit: Literal["万元", "%"] = "万元"


@dataclass(frozen=True)
class Wording:
    """How sentences are worded and their figures printed: plain choices."""

    zero: Literal["0", "0.00"] = "0"
    trimmed: bool = False  # 553.2 for 553.20
    thousands: bool = False  # 3,121.42
    spaced: bool = False  # 2022 年预算收入 2855.05 万元: as some captures have it
    narrow_brackets: bool = False
    sources: Literal["revenue", "appropriation"] = "revenue"  # 一般公共预算收入 or 一般公共预算拨款
    whole_list: bool = True  # sources of nothing are said too
    parts: Literal["including", "brackets"] = "including"  # 包括人员经费…和…, or in brackets
    change: Literal["compared", "planned"] = "compared"  # 与…相比，收支总额增加…; …预算收支安排…，较…
    growth: Literal["增加", "增长"] = "增加"
    percentage: bool = True
    headed: bool = False  # （一）收入说明 above each paragraph
    level: Literal["持平", "相同"] = "持平"
    reason: str = ""
    nested: bool = True  # the two parts of 用车 in brackets, or in lines of their own


@dataclass
class Prose:
    """A section in the making: its sentences, and what they say."""

    section: str
    year: int
    wording: Wording
    sentences: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def add(self, text: str) -> None:
        if self.wording.narrow_brackets:
            text = text.translate(str.maketrans("（）", "()"))
        self.sentences.append(text)

    def number(self, amount: int) -> str:
        """Hundredths as printed, without a sign."""
        amount = abs(amount)
        text = f"{amount // 100:,}" if self.wording.thousands else str(amount // 100)
        if not amount:
            return self._spaced(self.wording.zero)
        decimals = f".{amount % 100:02d}"
        return self._spaced(text + (decimals.rstrip("0").rstrip(".") if self.wording.trimmed else decimals))

    def _spaced(self, text: str) -> str:
        return f" {text} " if self.wording.spaced else text

    def amount(self, subject: str, amount: int, measure: Literal["amount", "planned", "previous"] = "amount") -> str:
        self.said.append(Said(self.section, subject, measure, Decimal(amount) / 100))
        return f"{self.number(amount)}万元"

    def change(self, subject: str, change: int, growth: str | None = None) -> str:
        """增加…万元, 减少…万元; 持平 where nothing changes."""
        self.said.append(Said(self.section, subject, "change", Decimal(change) / 100))
        if not change:
            return self.wording.level
        word = (growth or self.wording.growth) if change > 0 else "减少" if growth != "增长" else "下降"
        return f"{word}{self.number(change)}万元"

    def percentage(self, subject: str, change: int, before: int, digits: int = 2, growth: str | None = None) -> str:
        """增加…%; the words alone where nothing changes."""
        places = Decimal(1).scaleb(-digits)
        share = (Decimal(change) * 100 / before).quantize(places)
        self.said.append(Said(self.section, subject, "percentage", share, "%"))
        word = (growth or self.wording.growth) if change > 0 else "减少"
        return f"{word}{self._spaced(str(abs(share)))}%"

    def because(self, text: str) -> str:
        return f"，主要原因是{text}" if text else ""


Amounts = Mapping[str, int]  # subject → hundredths of 万元
Changes = Mapping[str, int]  # subject → change since last year


# --- Hebei -----------------------------------------------------------------------------------------------------------

_SOURCES = {
    "revenue": {
        "general_public_appropriation": "一般公共预算收入",
        "government_fund_appropriation": "基金预算收入",
        "state_capital_appropriation": "国有资本经营预算收入",
        "special_account": "财政专户核拨收入",
        "unit_funds": "单位资金收入",
        "carryover_in": "上年结转结余",
    },
    "appropriation": {
        "general_public_appropriation": "一般公共预算拨款",
        "government_fund_appropriation": "政府性基金预算拨款",
        "state_capital_appropriation": "国有资本经营预算拨款",
        "special_account": "财政专户管理资金",
        "unit_funds": "单位资金",
        "carryover_in": "上年结转",
    },
}


def overview(prose: Prose, body: str, amounts: Amounts, changes: Changes, projects: Sequence[tuple[str, int]]) -> None:
    """Income, spending, changes: three paragraphs. ``personnel`` and ``public`` are said where they are given."""
    wording, year = prose.wording, prose.year
    if wording.headed:
        prose.add("（一）收入说明")
    labels = _SOURCES[wording.sources]
    total = prose.amount("total_revenue", amounts["total_revenue"])
    named = [subject for subject in labels if amounts[subject] or wording.whole_list]
    parts = [f"{labels[subject]}{prose.amount(subject, amounts[subject])}" for subject in named]
    opening = f"{body}{year}年预算收入{total}，其中：" if wording.sources == "revenue" else f"{year}年收入预算{total}："
    prose.add(f"{opening}{'，'.join(parts)}。")
    if wording.headed:
        prose.add("（二）支出说明")
    prose.add(_spending(prose, amounts, projects))
    if wording.headed:
        prose.add("（三）比上年增减情况")
    prose.add(_changes(prose, amounts, changes))


def _spending(prose: Prose, amounts: Amounts, projects: Sequence[tuple[str, int]]) -> str:
    wording = prose.wording
    total = prose.amount("total_expenditure", amounts["total_expenditure"])
    text = f"{prose.year}年支出预算{total}，其中基本支出{prose.amount('basic', amounts['basic'])}"
    if "personnel" in amounts:
        personnel = f"人员经费{prose.amount('personnel', amounts['personnel'])}"
        if wording.parts == "including":
            text += f"，包括{personnel}和日常公用经费{prose.amount('public', amounts['public'])}；"
        else:
            text += f"（{personnel}，公用经费{prose.amount('public', amounts['public'])}），"
    else:
        text += "，"
    text += f"项目支出{prose.amount('project', amounts['project'])}"
    if projects:
        text += f"，主要为{'，'.join(name + prose.amount(f'project:{name}', cost) for name, cost in projects)}"
    return text + "。"


def _changes(prose: Prose, amounts: Amounts, changes: Changes) -> str:
    wording, before = prose.wording, f"{prose.year - 1}年"
    change = changes["budget_total"]
    if wording.change == "compared":
        text = f"与{before}预算相比，收支总额" if change else f"收支总额与{before}预算"
    else:
        planned = prose.amount("budget_total", amounts["budget_total"])
        text = f"{prose.year}年预算收支安排{planned}，{'较' if change else '与'}{before}预算"
    text += prose.change("budget_total", change)
    last_year = amounts["budget_total"] - change
    if change and wording.percentage and last_year > 0:
        text += f"，{prose.percentage('budget_total', change, last_year, 1)}"
    if "basic" in changes:
        of_basic = prose.change("basic", changes["basic"])
        of_project = prose.change("project", changes["project"])
        reason = f"，主要是{wording.reason}" if wording.reason else ""
        text += f"。其中：基本支出{of_basic}{reason}；项目支出{of_project}"
    return text + "。"


def agency_operating(prose: Prose, amount: int) -> None:
    said = prose.amount("agency_operating", amount)
    purpose = "，用于办公、差旅、水电和取暖等日常开支" if prose.wording.parts == "including" else ""
    verb = "机关运行经费共计安排" if prose.wording.change == "planned" else "机关运行经费预算"
    prose.add(f"{prose.year}年{'，我部门' if purpose else ''}{verb}{said}{purpose}。")


def three_public(prose: Prose, amounts: Amounts, changes: Changes) -> None:
    """T9 in words, each item with its change; the two parts of 用车 nested in brackets, or beside it."""
    wording, before = prose.wording, f"{prose.year - 1}年"

    def compared(subject: str) -> str:
        change = changes[subject]
        return f"，{'比' if change else '与'}{before}{'预算' if not change else ''}{prose.change(subject, change)}"

    total = prose.amount("three_public_total", amounts["three_public_total"])
    text = f"{prose.year}年，财政拨款“三公”经费预算安排{total}{compared('three_public_total')}。其中："
    text += f"因公出国（境）费{prose.amount('outbound', amounts['outbound'])}{compared('outbound')}；"
    text += f"公务用车购置及运维费{prose.amount('vehicle_total', amounts['vehicle_total'])}"
    purchase = f"公务用车购置费{prose.amount('vehicle_purchase', amounts['vehicle_purchase'])}"
    if wording.nested:
        running = f"公务用车运行维护费{prose.amount('vehicle_running', amounts['vehicle_running'])}"
        text += f"（其中：{purchase}，{running}）{compared('vehicle_total')}{prose.because(wording.reason)}；"
    else:
        purchase += compared("vehicle_purchase")
        running = f"公务用车运行维护费{prose.amount('vehicle_running', amounts['vehicle_running'])}"
        running += compared("vehicle_running")
        text += f"{compared('vehicle_total')}，其中：{purchase}；{running}；"
    text += f"公务接待费{prose.amount('reception', amounts['reception'])}{compared('reception')}。"
    prose.add(text)


def procurement(prose: Prose, body: str, amount: int) -> None:
    said = prose.amount("procurement_total", amount)
    if prose.wording.change == "planned":
        prose.add(f"{prose.year}年，{body}安排政府采购预算{said}，见下表。")
    else:
        prose.add(f"{prose.year}年政府采购预算为{said}。")


def asset(prose: Prose, body: str, total: int, planned: int) -> None:
    there = prose.amount("asset_total", total)
    bought = prose.amount("asset_purchase_planned", planned)
    if prose.wording.change == "planned":
        prose.add(f"{body}（含所属单位）上年末固定资产金额为{there}（见下表）。本年度拟购置固定资产总额为{bought}。")
    else:
        prose.add(f"上年末固定资产{there}，本年计划购置{bought}。")


# --- Shanghai --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """An item explained on its own: its code and names (类, 款, 项), this year's amount, what last year spent."""

    code: str
    names: tuple[str, str, str]
    amount: int
    executed: int


def district_overview(prose: Prose, body: str, amounts: Amounts, changes: Changes, items: Sequence[Item]) -> None:
    """预算编制说明: income and spending with their changes, then item by item."""
    year, before = prose.year, f"{prose.year - 1}年"

    def compared(subject: str) -> str:
        return f"，比{before}预算{prose.change(subject, changes[subject])}"

    total = prose.amount("total_revenue", amounts["total_revenue"])
    text = f"{year}年，{body}收入预算{total}，其中：财政拨款收入"
    text += f"{prose.amount('fiscal_appropriation', amounts['fiscal_appropriation'])}{compared('fiscal_appropriation')}"
    for label, subject in (
        ("事业收入", "undertaking"),
        ("事业单位经营收入", "business"),
        ("其他收入", "other_revenue"),
    ):
        text += f"；{label}{prose.amount(subject, amounts[subject])}"
    prose.add(text + "。")
    total = prose.amount("total_expenditure", amounts["total_expenditure"])
    of_state = prose.amount("fiscal_appropriation_expenditure", amounts["fiscal_appropriation"])
    text = f"支出预算{total}，其中：财政拨款支出预算{of_state}{compared('fiscal_appropriation_expenditure')}。"
    funds = (
        ("一般公共预算拨款支出预算", "general_public_expenditure"),
        ("政府性基金拨款支出预算", "government_fund_expenditure"),
        ("国有资本经营预算拨款支出预算", "state_capital_expenditure"),
    )
    text += "财政拨款支出预算中，"
    text += "；".join(f"{label}{prose.amount(fund, amounts[fund])}{compared(fund)}" for label, fund in funds)
    prose.add(text + "。")
    if prose.wording.reason:
        prose.add(f"财政拨款收入支出变化的主要原因是{prose.wording.reason}。")
    prose.add("财政拨款支出主要内容如下：")
    for number, item in enumerate(items, 1):
        prose.add(_item(prose, number, item, before))


def _item(prose: Prose, number: int, item: Item, before: str) -> str:
    names = "".join(f"{name}（{level}）" for name, level in zip(item.names, "类款项", strict=True))
    amount = prose.amount(item.code, item.amount)
    executed = prose.amount(item.code, item.executed, "previous")
    planned = prose.amount(item.code, item.amount, "planned")
    change = item.amount - item.executed
    if not change:
        prose.said.append(Said(prose.section, item.code, "change", Decimal(0)))
        compared = "持平"
    elif item.executed:
        compared = prose.percentage(item.code, change, item.executed, growth="增加")
    else:
        compared = prose.percentage(item.code, 1, 1, growth="增加")  # publishers print 100% then
    text = f"{number}.“{names}”{amount}，主要用于{item.names[2]}。{before}当年预算执行数为{executed}，"
    text += f"{prose.year}年预算安排{planned}，比{before}预算执行数{compared}。"
    return text + (f"主要原因是：{prose.wording.reason}。" if prose.wording.reason else "")


def district_three_public(prose: Prose, amounts: Amounts, changes: Changes) -> None:
    before = f"{prose.year - 1}年"

    def said(label: str, subject: str) -> str:
        amount, versus = prose.amount(subject, amounts[subject]), "比" if changes[subject] else "与"
        return f"{label}{amount}，{versus}{before}预算{prose.change(subject, changes[subject])}"

    reason = prose.because(prose.wording.reason)
    prose.add(f"{prose.year}年{said('“三公”经费预算数为', 'three_public_total')}。其中：")
    prose.add(f"（一）{said('因公出国（境）费', 'outbound')}{reason}。")
    whole = said("公务用车购置及运行费", "vehicle_total")
    parts = f"{said('公务用车购置费', 'vehicle_purchase')}；{said('公务用车运行费', 'vehicle_running')}{reason}"
    prose.add(f"（二）{whole}{reason}。其中：{parts}。")
    prose.add(f"（三）{said('公务接待费', 'reception')}{reason}。")


def district_agency_operating(prose: Prose, body: str, amount: int) -> None:
    said = prose.amount("agency_operating", amount)
    prose.add(f"{prose.year}年{body}财政拨款的机关运行经费预算为{said}。")


def district_procurement(prose: Prose, amounts: Amounts) -> None:
    def said(label: str, subject: str) -> str:
        return f"{label}{prose.amount(subject, amounts[subject])}"

    year = prose.year
    text = f"{year}年本部门{said('政府采购预算', 'procurement_total')}，其中："
    text += f"{said('政府采购货物预算', 'procurement_goods')}、{said('政府采购工程预算', 'procurement_works')}、"
    prose.add(f"{text}{said('政府采购服务预算', 'procurement_services')}。")
    reserved = said("政府采购项目预算金额", "procurement_sme_reserved")
    small = said("政府采购项目预算为", "procurement_small_micro_reserved")
    prose.add(f"{year}年本部门面向中小企业预留{reserved}，其中，预留给小型和微型企业的{small}。")


def district_performance(prose: Prose, projects: int, amount: int) -> None:
    said = prose.amount("performance_funds", amount)
    prose.add(f"{prose.year}年，本部门编报绩效目标的项目{projects}个，涉及项目预算资金{said}。")

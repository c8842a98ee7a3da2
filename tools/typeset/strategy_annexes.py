"""Hypothesis strategies: random annexes and prose that fit a random disclosure, and random styles to print them in.

What is consistent: the procurement table (rows, groups, 合计, shares), the assets, each project's cost, and every
sentence with the statements, with the tables and within itself. All texts are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tools.typeset import annexes, hebei, prose, shanghai
from tools.typeset.model import Annex, Disclosure, Indicator, Project, Section
from tools.typeset.prose import Prose, Said, Wording
from tools.typeset.strategy import code_names, disclosures, shanghai_disclosures
from tools.typeset.style import AnnexStyle

_UNITS = ("本级", "电子政务中心", "机关服务中心", "信息技术中心", "督查考评中心", "驻京联络处", "老干部活动站")
_NATURES = ("行政", "事业", "参公事业")
_RANKS = ("正处级", "正处（县）级", "副处（县）级", "正科级", "副科级", "")
_FUNDINGS = ("财政拨款", "财政性资金基本保证", "财政性资金定额或定项补助", "财政性资金零补助")
PROJECTS = (
    "会议系统更新经费",
    "值班与应急保障经费",
    "“一网通办”平台运行维护费",
    "《政务年报》编印经费",
    "办公楼消防设施改造资金",
    "信访接待场所租赁费",
    "（上年结转）档案数字化加工经费",
    "12345热线座席服务费",
    "公文印制与邮寄经费",
    "重点工作督查经费",
)
_GOALS = (
    "按计划完成设备更新，保证各类会议正常召开",
    "全年值班不断岗，突发事件在规定时限内报告和处置",
    "平台稳定运行，群众和企业办事更加方便",
    "压减纸质文件，节约办公开支",
    "消除安全隐患，改善办公环境；维修质量达到验收标准",
    "来访群众有人接待、有处说话，合理诉求得到回应，提高办结质量和效率",
)
_LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
_NAMES = (
    "更新设备数量",
    "服务保障天数",
    "验收合格率",
    "按期完成率",
    "项目成本控制",
    "办件提速",
    "群众满意度",
    "长期使用情况",
)
_PHRASES = (
    "反映本年计划更新的会议设备数量",
    "按合同约定的时间完成",
    "验收合格的数量占全部数量的比例",
    "考核各科室对保障工作的评价",
    "费用不超过批复的预算",
    "设备投入使用后能够长期发挥作用",
    "减少群众跑动次数",
    "全年分4次抽查",
    "由机关服务中心（后勤科）记录",
)
_BASES = (
    "年度工作计划",
    "项目合同",
    "近三年实际数据",
    "问卷调查",
    "市政府办公室会议纪要和项目实施方案",
    "验收报告",
    "《机关经费管理办法》第12条",
)
TARGETS = (
    *(
        ("≥", "95", "%"),
        ("≤", "5", "%"),
        ("", "100", "%"),
        ("=", "100", "%"),
        ("≥", "98.5", "百分比"),
        ("＞", "90", "%"),
    ),
    *(
        ("≥", "12", "次"),
        ("", "3", "套"),
        ("＝", "24", "小时"),
        ("≤", "7", "天"),
        ("≥", "1200", "人次"),
        ("≤", "28.5", "万元"),
    ),
    *(
        ("", "16.40", "万元"),
        ("≤", "0.5", "万元"),
        ("", "提升", ""),
        ("", "不涉及", ""),
        ("", "2023年12月", ""),
        ("", "良好", ""),
    ),
)
_ITEMS = (
    ("复印纸", "A07100200", "箱"),
    ("会议椅", "A05010303", "把"),
    ("台式计算机", "A02010105", "台"),
    ("其他印刷服务", "C23090199", "项"),
    ("物业管理服务", "C21040000", "项"),
    ("基础电信服务", "C17010100", ""),
    ("硬件运维服务", "C020602", "套"),
    ("房屋修缮", "B08010000", "平方米"),
)
_FIXED_ASSETS = ("A02", "A05")
# The two editions of 固定资产占用情况表: item (as pipeline/annexes/asset.yaml names it) → printed label.
ASSET_EDITIONS: Sequence[Mapping[str, str]] = (
    {
        "total": "资产总额",
        "building": "1、房屋（平方米）",
        "office_building": "其中：办公用房（平方米）",
        "vehicle": "2、车辆（台、辆）",
        "equipment_over_200k": "3、单价在20万元以上的设备",
        "other_fixed": "4、其他固定资产",
    },
    {
        "total": "资产总额",
        "building": "1、房屋和建筑物",
        "equipment": "2、设备（个、台、辆等）",
        "furniture": "3、家具和用具（个、套等）",
    },
)

_hundredths = st.one_of(st.integers(1, 9999), st.integers(1, 99_999_99))


@dataclass(frozen=True)
class Told:
    """A disclosure with its annexes and prose, and what the prose says."""

    disclosure: Disclosure
    said: tuple[Said, ...] = ()


def annex_styles() -> st.SearchStrategy[AnnexStyle]:
    """Every combination of the choices, but that numbers stay whole: a torn one is damage."""
    return st.builds(
        AnnexStyle,
        heading=st.sampled_from(("paragraphs", "grid", "none")),
        title_in_grid=st.booleans(),
        numbering=st.sampled_from(("、", ".", "none")),
        rows_per_table=st.one_of(st.none(), st.integers(2, 12)),
        continuation=st.sampled_from(("title", "full", "header", "bare")),
        cut_rows=st.booleans(),
        cut_labels=st.booleans(),
        levels=st.sampled_from((0, 1, 2)),
        merged=st.sampled_from(("merged", "blank", "repeated")),
        goal=st.sampled_from(("above", "below", "apart")),
        target=st.sampled_from(("joined", "joined", "columns")),
        merged_totals=st.booleans(),
    )


def wordings() -> st.SearchStrategy[Wording]:
    """Every combination of the choices."""
    return st.builds(
        Wording,
        zero=st.sampled_from(("0", "0.00")),
        trimmed=st.booleans(),
        thousands=st.booleans(),
        spaced=st.booleans(),
        narrow_brackets=st.booleans(),
        sources=st.sampled_from(("revenue", "appropriation")),
        whole_list=st.booleans(),
        parts=st.sampled_from(("including", "brackets")),
        change=st.sampled_from(("compared", "planned")),
        growth=st.sampled_from(("增加", "增长")),
        percentage=st.booleans(),
        headed=st.booleans(),
        level=st.sampled_from(("持平", "相同")),
        reason=st.sampled_from(("", "在职人员增加", "部分项目已经完成", "落实过紧日子要求，压减一般性支出")),
        nested=st.booleans(),
    )


# --- annexes ---------------------------------------------------------------------------------------------------------


@st.composite
def organisations(draw: st.DrawFn, department: str) -> Annex:
    names = draw(st.lists(st.sampled_from(_UNITS), min_size=1, max_size=5, unique=True))
    columns = (st.sampled_from(_NATURES), st.sampled_from(_RANKS), st.sampled_from(_FUNDINGS))
    rows = [(department + name, *(draw(column) for column in columns)) for name in names]
    if draw(st.booleans()):
        return annexes.organisation(tuple(rows))
    header = annexes.ORGANISATION_HEADER
    return annexes.organisation(tuple((row[0], row[1], row[3]) for row in rows), (*header[:2], header[3]))


def _text(draw: st.DrawFn, phrases: Sequence[str], least: int, most: int) -> str:
    return "，".join(draw(st.lists(st.sampled_from(phrases), min_size=least, max_size=most, unique=True)))


@st.composite
def projects(draw: st.DrawFn, name: str) -> Project:
    goals = draw(st.lists(st.sampled_from(_GOALS), min_size=1, max_size=3, unique=True))
    goal = tuple(f"{number}.{text}。" for number, text in enumerate(goals, 1)) if len(goals) > 1 else (goals[0] + "。",)
    indicators = []
    for first, seconds in _LEVELS.items():
        for second in seconds:
            for third in draw(st.lists(st.sampled_from(_NAMES), min_size=first == "产出指标", max_size=3, unique=True)):
                description = _text(draw, _PHRASES, 1, 3)
                target = draw(st.sampled_from(TARGETS))
                indicators.append(Indicator((first, second, third), description, target, draw(st.sampled_from(_BASES))))
    return Project(name, goal, tuple(indicators))


@st.composite
def project_lists(draw: st.DrawFn, carried: bool = True) -> tuple[Project, ...]:
    """``carried``: whether one may be carried over from last year."""
    among = [name for name in PROJECTS if carried or "上年结转" not in name]
    names = draw(st.lists(st.sampled_from(among), min_size=1, max_size=3, unique=True))
    return tuple(draw(projects(name)) for name in names)


def _spell(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}" if amount else ""


@st.composite
def procurements(draw: st.DrawFn, disclosure: Disclosure) -> tuple[Annex, int]:
    """The table, and its 合计 in hundredths of 万元: groups or none, funds in six or eight columns, or no line."""
    body = disclosure.department
    fund_count = draw(st.sampled_from((6, 8)))
    shared = draw(st.booleans())
    names = draw(st.lists(st.sampled_from(_UNITS), min_size=0, max_size=3, unique=True))
    groups: list[tuple[str, list[tuple[tuple[str, ...], list[int]]]]] = []
    for name in names or [""]:
        lines = []
        for project in draw(st.lists(st.sampled_from(PROJECTS), min_size=int(bool(names)), max_size=3, unique=True)):
            lines += _project_lines(draw, project, fund_count)
        groups.append((name, lines))
    rows: list[tuple[str, ...]] = []
    for name, lines in groups:
        if name:
            rows.append(_sums(f"{body}{name}小计", [amounts for _, amounts in lines], shared))
        rows += [(*texts, *_money(amounts, shared)) for texts, amounts in lines]
    every = [amounts for _, lines in groups for _, amounts in lines]
    lines_above = (f"{disclosure.code} {body}", "单位：万元")
    funds = annexes.PROCUREMENT_FUNDS[:fund_count]
    reserved = f"{disclosure.year}年预留中小微企业份额" if shared else ""
    if not every:
        note = draw(st.sampled_from(((), ("注：无政府采购预算，空表列示。",))))
        return annexes.procurement((), lines_above, funds, reserved, note), 0
    label = draw(st.sampled_from(("合计", "合  计")))
    rows.insert(0, _sums(label, every, shared))
    return annexes.procurement(tuple(rows), lines_above, funds, reserved), sum(amounts[0] for amounts in every)


def _project_lines(draw: st.DrawFn, project: str, funds: int) -> list[tuple[tuple[str, ...], list[int]]]:
    """Texts and amounts (合计, each fund, the reserved share) of a project's lines; its 预算资金 covers them."""
    drawn = []
    for name, code, unit in draw(st.lists(st.sampled_from(_ITEMS), min_size=1, max_size=3, unique=True)):
        quantity, price = draw(st.integers(1, 300)), draw(st.integers(1, 999_99))
        amount = quantity * price
        by_fund = [0] * (funds - 1)
        by_fund[draw(st.sampled_from((0, 0, 0, 1, funds - 2)))] = amount
        reserved = draw(st.sampled_from((0, amount, amount // 2)))
        drawn.append(((name, code, unit, str(quantity), _spell(price)), [amount, *by_fund, reserved]))
    project_funds = sum(amounts[0] for _, amounts in drawn) + draw(st.sampled_from((0, 0, 12_00)))
    return [((project, _spell(project_funds), *texts), amounts) for texts, amounts in drawn]


def _money(amounts: Sequence[int], shared: bool) -> tuple[str, ...]:
    return tuple(_spell(amount) for amount in (amounts if shared else amounts[:-1]))


def _sums(label: str, lines: Sequence[Sequence[int]], shared: bool) -> tuple[str, ...]:
    return (label, *[""] * 6, *_money([sum(column) for column in zip(*lines, strict=True)], shared))


@st.composite
def asset_tables(draw: st.DrawFn, disclosure: Disclosure) -> tuple[Annex, int]:
    """The table, and the value of all in hundredths of 万元; one edition, or a single line."""
    year, unit = disclosure.year, "万元"
    date = draw(st.sampled_from((f"{year - 1}-12-31", f"{year - 1}年12月31日")))
    lines = (f"{disclosure.code} {disclosure.department}", f"截止时间：{date}")
    title = draw(st.sampled_from(("部门固定资产占用情况表", "市直部门固定资产占用情况表")))
    if draw(st.sampled_from((False, False, True))):
        total = draw(_hundredths)
        return annexes.asset(title, (("固定资产", "", _spell(total)),), unit, lines), total
    edition = draw(st.sampled_from(ASSET_EDITIONS))
    nothing = draw(st.sampled_from((("", ""), ("0", "0"), ("——", ""))))
    parts = {
        item: draw(st.one_of(st.just(0), _hundredths)) for item in edition if item not in ("total", "office_building")
    }
    amounts = {"total": sum(parts.values()), **parts, "office_building": parts.get("building", 0) // 2}
    rows = []
    count = 1
    for item, label in edition.items():
        # offices are a part of the buildings, which stand above them
        most = count if item == "office_building" else 30_000
        count = draw(st.integers(1, most))
        quantity = "" if item == "total" else str(count)
        texts = (quantity, _spell(amounts[item])) if amounts[item] or item == "total" else nothing
        rows.append((label, *texts))
    return annexes.asset(title, tuple(rows), unit, lines), amounts["total"]


# --- Hebei: everything -----------------------------------------------------------------------------------------------


@st.composite
def annexed(draw: st.DrawFn) -> Disclosure:
    """Annexes alone, without statements and prose."""
    plain = Disclosure("邢台市档案馆", "105", draw(st.integers(2021, 2026)), {}, "万元")
    return replace(plain, sections=draw(_annex_sections(plain)))


@st.composite
def _annex_sections(draw: st.DrawFn, disclosure: Disclosure) -> tuple[Section, ...]:
    table, _ = draw(procurements(disclosure))
    assets, _ = draw(asset_tables(disclosure))
    return (
        Section("一、部门职责及机构设置情况", ("机构情况见下表。",), draw(organisations(disclosure.department))),
        Section("五、预算绩效信息", ("各项目的绩效目标见下表。",), projects=draw(project_lists())),
        Section("六、政府采购预算情况", ("政府采购情况见下表。",), table),
        Section("七、国有资产信息", ("固定资产情况见下表。",), assets),
    )


class Amounts:
    """The amounts of a disclosure in hundredths of 万元, rounded where the statements are in 元."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.disclosure = disclosure
        self.divisor = 10_000 if disclosure.unit == "元" else 1

    def cell(self, statement: str, label: str, measure: str, in_unit: bool = True) -> int:
        rows = [row for row in self.disclosure.statement(statement).rows if row.label == label]
        texts = [row.figures[measure] for row in rows[:1] if measure in row.figures]
        return sum(self.hundredths(text, in_unit) for text in texts)

    def hundredths(self, text: str, in_unit: bool = True) -> int:
        whole, _, decimals = text.partition(".")
        amount = int(whole) * 100 + int((decimals + "00")[:2])
        return (amount + self.divisor // 2) // self.divisor if in_unit else amount


@st.composite
def told(draw: st.DrawFn) -> Told:
    """A Hebei disclosure with all its sections: prose that agrees with the statements, and the annexes."""
    disclosure = draw(disclosures())
    wording, body, year = draw(wordings()), disclosure.department, disclosure.year
    amounts = _overview_amounts(disclosure)
    said: list[Said] = []

    def written(section: str) -> Prose:
        return Prose(section, year, wording)

    def close(heading: str, one: Prose, annex: Annex | None = None) -> Section:
        said.extend(one.said)
        return Section(heading, tuple(one.sentences), annex)

    overview = written("overview")
    project_tables = draw(project_lists(amounts["carryover_in"] > 0)) if draw(st.booleans()) else ()
    costs = _shares(draw, [project.name for project in project_tables], amounts["project"])
    prose.overview(overview, draw(st.sampled_from(("", "本部门"))), amounts, _overview_changes(draw, amounts), costs)
    operating, public, bought, owned = map(written, ("agency_operating", "three_public", "procurement", "asset"))
    prose.agency_operating(operating, amounts.get("public", 0))
    items = {item: label.replace("|", "") for item, label in hebei.THREE_PUBLIC_LINES.items()}
    of_public = _three_public_amounts(disclosure, items, in_unit=True)
    prose.three_public(public, of_public, _three_public_changes(draw, of_public))
    table, total = draw(procurements(disclosure))
    assets, value = draw(asset_tables(disclosure))
    prose.procurement(bought, body, total)
    bought_assets = (row for row in table.rows if row[3].startswith(_FIXED_ASSETS))
    prose.asset(owned, body, value, sum(Amounts(disclosure).hundredths(row[7], in_unit=False) for row in bought_assets))
    duties = Section("一、部门职责及机构设置情况", ("机构情况见下表。",), draw(organisations(body)))
    sections = (
        duties,
        close("二、部门预算安排的总体情况", overview),
        close("三、机关运行经费安排情况", operating),
        close("四、财政拨款“三公”经费预算情况及增减变化原因", public),
        Section("五、预算绩效信息", ("各项目的绩效目标见下表。",), projects=project_tables),
        close("六、政府采购预算情况", bought, table),
        close("七、国有资产信息", owned, assets),
    )
    return Told(replace(disclosure, sections=sections), tuple(said))


def _overview_amounts(disclosure: Disclosure) -> dict[str, int]:
    at = Amounts(disclosure)
    lines = hebei.REVENUE_LINES
    subjects = ("general_public_appropriation", "government_fund_appropriation", "state_capital_appropriation")
    amounts = {
        subject: at.cell("budget_summary", label, "revenue")
        for subject, label in zip((*subjects, "special_account"), lines, strict=False)
    }
    amounts["unit_funds"] = sum(at.cell("budget_summary", label, "revenue") for label in lines[4:])
    amounts["carryover_in"] = at.cell("budget_summary", hebei.CARRYOVER_LINES["budget_summary"][0], "revenue")
    amounts["total_revenue"] = at.cell("budget_summary", hebei.TOTAL_REVENUE, "revenue")
    amounts["total_expenditure"] = at.cell("budget_summary", hebei.TOTAL_EXPENDITURE, "expenditure")
    amounts["budget_total"] = amounts["total_expenditure"]
    for measure in ("basic", "project"):
        amounts[measure] = at.cell("expenditure", "合计", measure)
    personnel, public = (at.cell("basic_expenditure", "合计", measure) for measure in ("personnel", "public"))
    if personnel + public == amounts["basic"]:
        amounts |= {"personnel": personnel, "public": public}
    return amounts


def _overview_changes(draw: st.DrawFn, amounts: Mapping[str, int]) -> dict[str, int]:
    """Since last year: of the total, and of its parts where there are only two."""
    changes = {part: _change(draw, amounts[part]) for part in ("basic", "project")}
    if amounts["basic"] + amounts["project"] != amounts["budget_total"]:
        return {"budget_total": _change(draw, amounts["budget_total"])}
    return {"budget_total": sum(changes.values()), **changes}


def _change(draw: st.DrawFn, amount: int) -> int:
    """Nothing, or what an amount may have grown or shrunk by; last year's is never negative."""
    grown = st.integers(1, amount) if amount else st.just(0)
    return draw(st.one_of(st.just(0), grown, st.integers(1, 99_999_99).map(lambda less: -less)))


def _shares(draw: st.DrawFn, names: Sequence[str], total: int) -> list[tuple[str, int]]:
    """The cost of each project; together all that is spent on projects."""
    if total < len(names) or not names:
        return []
    cut = st.integers(1, max(1, total - 1))
    cuts = sorted(draw(st.lists(cut, min_size=len(names) - 1, max_size=len(names) - 1, unique=True)))
    return [(name, high - low) for name, low, high in zip(names, [0, *cuts], [*cuts, total], strict=True)]


def _three_public_amounts(disclosure: Disclosure, labels: Mapping[str, str], in_unit: bool) -> dict[str, int]:
    """T9 by item; ``in_unit``: its amounts are in the unit of the other statements, else in 万元."""
    at = Amounts(disclosure)
    return {item: at.cell("three_public", label, "total", in_unit) for item, label in labels.items()}


def _three_public_changes(draw: st.DrawFn, amounts: Mapping[str, int]) -> dict[str, int]:
    leaves = ("outbound", "vehicle_purchase", "vehicle_running", "reception")
    changes = {item: _change(draw, amounts[item]) for item in leaves}
    changes["vehicle_total"] = changes["vehicle_purchase"] + changes["vehicle_running"]
    changes["three_public_total"] = changes["outbound"] + changes["vehicle_total"] + changes["reception"]
    return changes


# --- Shanghai --------------------------------------------------------------------------------------------------------


@st.composite
def shanghai_told(draw: st.DrawFn) -> Told:
    """A disclosure of a district with its explanation, item by item, and 其他相关情况说明."""
    disclosure = draw(shanghai_disclosures())
    wording, body, year = draw(wordings()), disclosure.department, disclosure.year
    at = Amounts(disclosure)
    revenue = {
        "total_revenue": "收入总计",
        "fiscal_appropriation": "一、财政拨款收入",
        "undertaking": "二、事业收入",
        "business": "三、事业单位经营收入",
        "other_revenue": "四、其他收入",
    }
    amounts = {subject: at.cell("budget_summary", label, "revenue") for subject, label in revenue.items()}
    amounts["total_expenditure"] = at.cell("budget_summary", "支出总计", "expenditure")
    for fund in ("general_public", "government_fund", "state_capital"):
        amounts[f"{fund}_expenditure"] = at.cell("appropriation_summary", "支出总计", fund)
    changes = {
        f"{fund}_expenditure": _change(draw, amounts[f"{fund}_expenditure"])
        for fund in ("general_public", "government_fund", "state_capital")
    }
    changes["fiscal_appropriation"] = changes["fiscal_appropriation_expenditure"] = sum(changes.values())
    overview = Prose("overview", year, wording)
    prose.district_overview(overview, body, amounts, changes, _items(draw, disclosure, at))
    public = Prose("three_public", year, wording)
    columns = {item: label for label, item in shanghai.THREE_PUBLIC_LINES.items()}
    of_public = _three_public_amounts(disclosure, columns, in_unit=False)
    prose.district_three_public(public, of_public, _three_public_changes(draw, of_public))
    operating = Prose("agency_operating", year, wording)
    prose.district_agency_operating(operating, body, of_public["agency_operating"])
    bought = Prose("procurement", year, wording)
    goods, works, services = (draw(st.one_of(st.just(0), _hundredths)) for _ in range(3))
    total = goods + works + services
    prose.district_procurement(
        bought,
        {
            "procurement_total": total,
            "procurement_goods": goods,
            "procurement_works": works,
            "procurement_services": services,
            "procurement_sme_reserved": total // 2,
            "procurement_small_micro_reserved": total // 4,
        },
    )
    performance = Prose("performance", year, wording)
    prose.district_performance(performance, draw(st.integers(1, 60)), draw(_hundredths))
    others = {
        f"一、{year}年“三公”经费预算情况说明": public,
        "二、机关运行经费预算": operating,
        "三、政府采购预算情况": bought,
        "四、绩效目标设置情况": performance,
    }
    further = [text for heading, one in others.items() for text in (heading, *one.sentences)]
    units = draw(st.lists(st.sampled_from(_UNITS), min_size=1, max_size=4, unique=True))
    listed = [f"{number}.{body}{name}" for number, name in enumerate(units, 1)]
    kind = "部门" if disclosure.scope == "department" else "单位"
    sections = (
        Section(f"{body}主要职能", ("本部门承担区政府交办的各项工作。",)),
        Section(f"{body}机构设置", (f"本部门预算由{len(units)}家预算单位的收支组成，具体包括：", *listed)),
        Section(f"{year}年{kind}预算编制说明", tuple(overview.sentences)),
        Section("其他相关情况说明", tuple(further)),
    )
    said = [*overview.said, *(one for other in others.values() for one in other.said)]
    return Told(replace(disclosure, sections=sections), tuple(said))


def _items(draw: st.DrawFn, disclosure: Disclosure, at: Amounts) -> list[prose.Item]:
    """The items of T5 with what last year spent on each; some grew from nothing, some did not change."""
    names = code_names("function_codes.csv")
    items = []
    for row in disclosure.statement("general_public_expenditure").rows:
        if len(row.code) == 7 and (amount := at.hundredths(row.figures["total"])):
            executed = draw(st.one_of(st.just(amount), st.just(0), st.integers(1, 2 * amount)))
            items.append(prose.Item(row.code, (names[row.code[:3]], names[row.code[:5]], row.label), amount, executed))
    return items

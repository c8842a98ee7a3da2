"""The nine statements of Hebei's form in their printed layout, and the document around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.sample_mark import SAMPLE_MARK
from tools.typeset.annexes import annexes_of, header_cells
from tools.typeset.layout import (
    Align,
    ContentsLine,
    Figure,
    Layout,
    LayoutBlock,
    Line,
    PageBreak,
    Table,
    TableCell,
    Title,
)
from tools.typeset.model import CODED_STATEMENTS, STATEMENTS, Disclosure, Edition, Row, Side, Statement
from tools.typeset.style import Style

TITLES = {
    "budget_summary": "部门预算收支总表",
    "revenue": "部门预算收入总表",
    "expenditure": "部门预算支出总表",
    "appropriation_summary": "部门预算财政拨款收支总表",
    "general_public_expenditure": "部门预算一般公共预算财政拨款支出表",
    "basic_expenditure": "部门预算一般公共预算财政拨款基本支出表",
    "government_fund_expenditure": "部门预算政府基金预算财政拨款支出表",
    "state_capital_expenditure": "部门预算国有资本经营预算财政拨款支出表",
    "three_public": "部门预算财政拨款“三公”经费支出表",
}

# What a note says is absent where a statement is published empty.
EMPTY_SUBJECTS = {
    "budget_summary": "收支",
    "revenue": "收入",
    "expenditure": "支出",
    "appropriation_summary": "财政拨款收支",
    "general_public_expenditure": "一般公共预算财政拨款",
    "basic_expenditure": "一般公共预算财政拨款基本支出",
    "government_fund_expenditure": "政府基金预算财政拨款",
    "state_capital_expenditure": "国有资本经营预算财政拨款",
    "three_public": "财政拨款“三公”经费",
}

# Headers: "<" continues the cell on the left, "^" the one above, "|" is where printers put spaces.
_BY_FUNCTION = ("功能分类科目", "<")
_CODE_AND_NAME = ("科目|编码", "科目名称")
_FUNDS = ("一般公共预算|财政拨款", "政府性基金预算|财政拨款", "国有资本经营预算|财政拨款")
_BASIC_AND_PROJECT = (
    ("序号", *_BY_FUNCTION, "合计", "基本支出", "项目支出"),
    ("^", *_CODE_AND_NAME, "^", "^", "^"),
)
HEADERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "budget_summary": (
        ("序号", "收入", "<", "支出", "<"),
        ("^", "项|目", "预算数", "项|目", "预算数"),
    ),
    "revenue": (
        ("序号", *_BY_FUNCTION, "合计", "本年收入", *["<"] * 7, "上年结转"),
        (
            *("^", *_CODE_AND_NAME, "^", "小计", "财政拨款|收入", "财政专户|收入", "事业收入", "经营收入"),
            *("上级补助收入", "附属单位上缴收入", "其他收入", "^"),
        ),
    ),
    "expenditure": (
        (
            *("序号", *_BY_FUNCTION, "合计", "基本支出", "项目支出", "经营支出"),
            *("上解上级|支出", "对附属单位补助支出"),
        ),
        ("^", *_CODE_AND_NAME, *["^"] * 6),
    ),
    "appropriation_summary": (
        ("序号", "收入", "<", "支出", *["<"] * 4),
        ("^", "项|目", "金额", "项|目", "合计", *_FUNDS),
    ),
    "general_public_expenditure": _BASIC_AND_PROJECT,
    "basic_expenditure": (
        ("序号", "支出部门经济分类科目", "<", "一般公共预算基本支出", "<", "<"),
        ("^", *_CODE_AND_NAME, "合计", "人员经费", "公用经费"),
    ),
    "government_fund_expenditure": _BASIC_AND_PROJECT,
    "state_capital_expenditure": _BASIC_AND_PROJECT,
    "three_public": (
        ("序号", "项|目", "资|金|性|质", "<", "<", "<"),
        ("^", "^", "合计", "一般公共预算|财政拨款", "政府性基金|预算拨款", "国有资本经营|预算财政拨款"),
    ),
}

# The measures of the figure columns, left to right; the two-sided statements name those of each half.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "revenue": (
        *("total", "current_year", "fiscal_appropriation", "special_account", "undertaking", "business"),
        *("superior_subsidy", "subordinate_remittance", "other", "carryover"),
    ),
    "expenditure": ("total", "basic", "project", "business", "remittance_to_superior", "subsidy_to_subordinate"),
    "general_public_expenditure": ("total", "basic", "project"),
    "basic_expenditure": ("total", "personnel", "public"),
    "government_fund_expenditure": ("total", "basic", "project"),
    "state_capital_expenditure": ("total", "basic", "project"),
    "three_public": ("total", "general_public", "government_fund", "state_capital"),
}
LEFT_MEASURES = ("revenue",)
RIGHT_MEASURES: Mapping[str, tuple[str, ...]] = {
    "budget_summary": ("expenditure",),
    "appropriation_summary": ("total", "general_public", "government_fund", "state_capital"),
}

FUNCTION_LINES = {
    "201": "一、一般公共服务支出",
    "202": "二、外交支出",
    "203": "三、国防支出",
    "204": "四、公共安全支出",
    "205": "五、教育支出",
    "206": "六、科学技术支出",
    "207": "七、文化旅游体育与传媒支出",
    "208": "八、社会保障和就业支出",
    "209": "九、社会保险基金支出",
    "210": "十、卫生健康支出",
    "211": "十一、节能环保支出",
    "212": "十二、城乡社区支出",
    "213": "十三、农林水支出",
    "214": "十四、交通运输支出",
    "215": "十五、资源勘探工业信息等支出",
    "216": "十六、商业服务业等支出",
    "217": "十七、金融支出",
    "219": "十八、援助其他地区支出",
    "220": "十九、自然资源海洋气象等支出",
    "221": "二十、住房保障支出",
    "222": "二十一、粮油物资储备支出",
    "223": "二十二、国有资本经营预算支出",
    "224": "二十三、灾害防治及应急管理支出",
    "227": "二十四、预备费",
    "229": "二十五、其他支出",
    "230": "二十六、转移性支出",
    "231": "二十七、债务还本支出",
    "232": "二十八、债务付息支出",
    "233": "二十九、债务发行费用支出",
    "234": "三十、抗疫特别国债安排的支出",
}
REVENUE_LINES = (
    "一、一般公共预算拨款收入",
    "二、政府性基金预算拨款收入",
    "三、国有资本经营预算拨款收入",
    "四、财政专户管理资金收入",
    "五、事业收入",
    "六、事业单位经营收入",
    "七、上级补助收入",
    "八、附属单位上缴收入",
    "九、其他收入",
)
APPROPRIATION_LINES = ("一、一般公共预算拨款", "二、政府性基金预算拨款", "三、国有资本经营预算拨款")
THREE_PUBLIC_LINES = {
    "total": "合计",
    "three_public_total": "“三公”经费小计",
    "outbound": "一、因公出国（境）费",
    "outbound_teaching": "|其中：教学科研人员因公出国（境）费",
    "outbound_other": "||其他因公出国（境）费",
    "vehicle_total": "二、公务用车购置及运维费",
    "vehicle_purchase": "|其中：公务用车购置费",
    "vehicle_running": "||公务用车运行维护费",
    "reception": "三、公务接待费",
    "meeting": "四、会议费",
    "training": "五、培训费",
}
CURRENT_YEAR_REVENUE, CURRENT_YEAR_EXPENDITURE = "本年收入合计", "本年支出合计"
TOTAL_REVENUE, TOTAL_EXPENDITURE = "收入总计", "支出总计"
CARRYOVER_LINES: Mapping[str, tuple[str, str]] = {
    "budget_summary": ("上年结转结余", "年终结转结余"),
    "appropriation_summary": ("年初财政拨款结转和结余", "年末财政拨款结转和结余"),
}

Place = tuple[Side, str]  # a line of a fixed form: its side and its label


def fixed_lines(statement: str, edition: Edition) -> list[tuple[Place | None, Place | None]]:
    """The printed lines of T1, T4 or T9: what stands in the left half and in the right half of each (T9: left only)."""
    if statement == "three_public":
        return [(("", label.replace("|", "")), None) for label in _three_public_labels(edition)]
    functions = [*FUNCTION_LINES.values()]
    if edition.central_bank_line:
        functions.append(f"三十一、{edition.central_bank_line}")
    sources = REVENUE_LINES if statement == "budget_summary" else APPROPRIATION_LINES
    lines: list[tuple[Place | None, Place | None]] = []
    for index, function in enumerate(functions):
        source: Place | None = ("revenue", sources[index]) if index < len(sources) else None
        lines.append((source, ("expenditure", function)))
    carried_in, carried_out = CARRYOVER_LINES[statement]
    lines.append((("revenue", CURRENT_YEAR_REVENUE), ("expenditure", CURRENT_YEAR_EXPENDITURE)))
    lines.append((("revenue", carried_in), ("expenditure", carried_out)))
    if statement == "appropriation_summary":
        lines += [(("carryover", label), None) for label in APPROPRIATION_LINES]
    lines.append((("revenue", TOTAL_REVENUE), ("expenditure", TOTAL_EXPENDITURE)))
    return lines


def _three_public_labels(edition: Edition) -> list[str]:
    absent = set() if edition.three_public_total else {"total"}
    absent |= set() if edition.meeting_and_training else {"meeting", "training"}
    return [label for item, label in THREE_PUBLIC_LINES.items() if item not in absent]


def title(statement: str, disclosure: Disclosure) -> str:
    """The printed title; a unit's own document says 单位预算 where a department's says 部门预算."""
    printed = TITLES[statement]
    return printed.replace("部门预算", "单位预算") if disclosure.scope == "unit" else printed


# --- tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Printed:
    """The content of one cell of a data row."""

    text: str
    figure: Figure | None = None
    label: bool = False


def _data_rows(name: str, statement: Statement, edition: Edition, style: Style) -> list[list[_Printed]]:
    if name in CODED_STATEMENTS:
        return [
            [
                *(_Printed(str(number)), _Printed(row.code, label=True), _Printed(row.label, label=True)),
                *_figure_cells(name, number, row, MEASURES[name], style),
            ]
            for number, row in enumerate(statement.rows, 1)
        ]
    given = {(row.side, row.label): row for row in statement.rows}
    labels = _three_public_labels(edition) if name == "three_public" else []
    rows: list[list[_Printed]] = []
    for number, (left, right) in enumerate(fixed_lines(name, edition), 1):
        cells = [_Printed(str(number))]
        if name == "three_public":
            assert left is not None
            cells.append(_Printed(style.label(labels[number - 1]), label=True))
            cells += _figure_cells(name, number, given.pop(left, None), MEASURES[name], style)
        else:
            for place, measures in ((left, LEFT_MEASURES), (right, RIGHT_MEASURES[name])):
                cells.append(_Printed(place[1] if place else "", label=True))
                cells += _figure_cells(name, number, given.pop(place, None) if place else None, measures, style)
        rows.append(cells)
    if given:
        raise ValueError(f"{name}: the form has no line for {', '.join(label for _, label in given)}")
    return rows


def _figure_cells(name: str, number: int, row: Row | None, measures: Sequence[str], style: Style) -> Iterator[_Printed]:
    if row is not None and (unknown := set(row.figures) - set(measures)):
        raise ValueError(f"{name}: {row.label} has a figure for {', '.join(sorted(unknown))}, which is no column here")
    for measure in measures:
        plain = row.figures.get(measure, "") if row is not None else ""
        if row is None or not plain:
            yield _Printed("")
        else:
            text = style.figure(plain)
            yield _Printed(text, Figure(name, number, row.code, row.label, measure, text, plain))


def _heading_texts(disclosure: Disclosure) -> tuple[str, str, str]:
    body = f"{disclosure.code} {disclosure.department}"
    return body, f"预算年度：{disclosure.year}", f"单位：{disclosure.unit}"


def _statement_tables(name: str, disclosure: Disclosure, style: Style) -> Iterator[LayoutBlock]:
    statement = disclosure.statement(name)
    header: list[tuple[str, ...]] = list(HEADERS[name])
    width = len(header[0])
    rows = _data_rows(name, statement, disclosure.edition, style) if statement.status == "present" else []
    if statement.status == "declared_empty" and style.empty_row:
        rows = [[_Printed("")] * width]
    if style.ordinals:
        header.append(("栏次", *(str(number) for number in range(1, width))))
    if not style.serial:
        header = [row[1:] for row in header]
        rows = [row[1:] for row in rows]
        width -= 1
        if style.ordinals:
            header[-1] = tuple(str(number) for number in range(1, width + 1))
    size = style.rows_per_table or max(1, len(rows))
    chunks = [rows[start : start + size] for start in range(0, len(rows), size)] or [[]]
    for index, chunk in enumerate(chunks):
        first = index == 0
        if not first:
            yield PageBreak()
        elif not style.title_in_grid:
            yield Title(title(name, disclosure))
        heading = first or style.continuation == "full"
        body, year, unit = _heading_texts(disclosure)
        if heading and style.heading == "paragraphs":
            yield from (Line(body), Line(year), Line(unit, "right"))
        elif heading and style.heading == "line":
            yield Line(f"{body}  {year}  {unit}")
        cells: list[TableCell] = []
        top = 0
        if first and style.title_in_grid:
            cells.append(TableCell(top, 0, title(name, disclosure), 1, width, "center"))
            top += 1
        if heading and style.heading == "grid":
            cells += _across(top, width, (body, year, unit))
            top += 1
        if first or style.continuation != "bare":
            cells += header_cells(header, style, top)
            top += len(header)
        for row, line in enumerate(chunk, top):
            for column, printed in enumerate(line):
                align: Align = "left" if printed.label else "right" if printed.figure else "center"
                cells.append(TableCell(row, column, printed.text, align=align, figure=printed.figure))
        yield Table(tuple(cells), top + len(chunk), width, header_rows=top, widths=_widths(header))
    if statement.status == "declared_empty":
        yield Line(f"注：无{EMPTY_SUBJECTS[name]}预算，空表列示。")


def _across(row: int, width: int, texts: Sequence[str]) -> list[TableCell]:
    """The texts side by side over the whole width, the first with what the others leave."""
    share = max(1, width // len(texts))
    starts = [0, *(width - share * (len(texts) - index) for index in range(1, len(texts)))]
    ends = [*starts[1:], width]
    center: Align = "center"
    aligns: list[Align] = ["left", *[center] * (len(texts) - 2), "right"]
    return [
        TableCell(row, start, text, 1, end - start, align)
        for text, start, end, align in zip(texts, starts, ends, aligns, strict=True)
    ]


def _widths(header: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Label columns get room, 序号 little."""
    lowest = header[1]
    weights = []
    for column, text in enumerate(lowest):
        text = (header[0][column] if text == "^" else text).replace("|", "")
        weights.append(0.5 if text == "序号" else 2.2 if text in {"项目", "科目名称"} else 1.0)
    return tuple(weight / sum(weights) for weight in weights)


# --- the document ----------------------------------------------------------------------------------------------------


def lay_out(disclosure: Disclosure, style: Style | None = None) -> Layout:
    """The whole document: contents, statements that are not missing, explanation, the units' part.

    Raises `ValueError` where the disclosure has a line or a measure that the form does not print.
    """
    style = style or Style()
    kind = "部门" if disclosure.scope == "department" else "单位"
    subject = f"{disclosure.department}{disclosure.year}年{kind}预算"
    explanation = f"{subject}信息公开情况说明"
    published = [name for name in STATEMENTS if disclosure.statement(name).status != "missing"]
    blocks: list[LayoutBlock] = [Title(f"{disclosure.department}{disclosure.year}年{kind}预算", 1)]
    if disclosure.is_sample:
        blocks.append(Line(SAMPLE_MARK, "center"))
    if style.contents != "none":
        blocks += [PageBreak(), Title(f"{disclosure.year}年{kind}预算信息公开目录", 1)]
        entries = [title(name, disclosure) for name in published] + [section.heading for section in disclosure.sections]
        blocks += [ContentsLine(entry, str(page), style.contents) for page, entry in enumerate(entries, 3)]
    if published:
        blocks += [PageBreak(), Title(f"第一部分 {kind}预算", 1)]
    for index, name in enumerate(published):
        if index:
            blocks.append(PageBreak())
        blocks += _statement_tables(name, disclosure, style)
    if disclosure.sections:
        blocks += [PageBreak(), Title(explanation, 1)]
    for section in disclosure.sections:
        blocks.append(Title(section.heading))
        blocks += [Line(sentence, indent=style.indent) for sentence in section.sentences]
        blocks += annexes_of(section, style)
    if disclosure.units_note:
        blocks += [PageBreak(), Title("第二部分 部门所属单位预算", 1), Line(disclosure.units_note)]
    return Layout(subject, tuple(blocks))

"""The nine statements in the printed form of Shanghai's districts (Putuo, 2024–2026), from the same figures.

Codes stand in two or three columns; amounts are 元, those of the last table 万元 (as the figures say, nothing is
converted); 三公 is one line of columns; 合计 comes last; no department code is printed. The choices of `Style` about
the serial number and the 栏次 row do not apply.

Rows of a disclosure for this form: the labels of ``REVENUE_LINES``, ``APPROPRIATION_LINES`` and ``THREE_PUBLIC_LINES``;
the lines of spending of T1 and T4 are printed as given, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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
from tools.typeset.model import CODED_STATEMENTS, STATEMENTS, Disclosure, Row, Section, Statement
from tools.typeset.style import Style

TITLES = {
    "budget_summary": "财务收支预算总表",
    "revenue": "收入预算总表",
    "expenditure": "支出预算总表",
    "appropriation_summary": "财政拨款收支预算总表",
    "general_public_expenditure": "一般公共预算支出功能分类预算表",
    "government_fund_expenditure": "政府性基金预算支出功能分类预算表",
    "state_capital_expenditure": "国有资本经营预算支出功能分类预算表",
    "basic_expenditure": "一般公共预算基本支出部门预算经济分类预算表",
    "three_public": "“三公”经费和机关运行经费预算表",
}
PRINTED_ORDER = tuple(TITLES)

# What a note says is absent where a statement is published empty.
EMPTY_SUBJECTS = {
    "general_public_expenditure": "一般公共预算财政拨款安排的预算",
    "government_fund_expenditure": "政府性基金预算财政拨款安排的预算",
    "state_capital_expenditure": "国有资本经营预算财政拨款安排的预算",
    "basic_expenditure": "一般公共预算基本支出预算",
    "three_public": "“三公”经费和机关运行经费预算",
}

_FUNCTIONS = ("功能分类科目编码", "<", "<", "功能分类科目名称")
_CODE_PARTS = ("类", "款", "项", "^")


def _by_function(what: str, *columns: str) -> tuple[tuple[str, ...], ...]:
    """The three header rows of a table by function; "<", "^" and "|" as in `tools.typeset.hebei`."""
    return (
        ("项目", "<", "<", "<", what, *["<"] * (len(columns) - 1)),
        (*_FUNCTIONS, *columns),
        (*_CODE_PARTS, *["^"] * len(columns)),
    )


_BASIC_AND_PROJECT = ("合计", "基本支出", "项目支出")
HEADERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "budget_summary": (("本年收入", "<", "本年支出", "<"), ("项目", "预算数", "项目", "预算数")),
    "revenue": _by_function("收入预算", "合计", "财政拨款收入", "事业收入", "事业单位|经营收入", "其他收入"),
    "expenditure": _by_function("支出预算", *_BASIC_AND_PROJECT),
    "appropriation_summary": (
        ("财政拨款收入", "<", "财政拨款支出", *["<"] * 4),
        ("项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
    ),
    "general_public_expenditure": _by_function("一般公共预算支出", *_BASIC_AND_PROJECT),
    "government_fund_expenditure": _by_function("政府性基金预算支出", *_BASIC_AND_PROJECT),
    "state_capital_expenditure": _by_function("国有资本经营预算支出", *_BASIC_AND_PROJECT),
    "basic_expenditure": (
        ("项目", "<", "<", "一般公共预算基本支出", "<", "<"),
        ("部门预算经济分类科目|编码", "<", "经济分类科目名称", "合计", "人员经费", "公用经费"),
        ("类", "款", "^", "^", "^", "^"),
    ),
    "three_public": (
        ("“三公”经费预算数", *["<"] * 5, "机关运行经费预算数"),
        ("合计", "因公出国(境)费", "公务接待费", "公务用车购置及运行费", "<", "<", "^"),
        ("^", "^", "^", "小计", "购置费", "运行费", "^"),
    ),
}
# T1 of a unit's own document: seven columns, the spending in its parts.
UNIT_SUMMARY_HEADER = (
    ("本年收入", "<", "本年支出", *["<"] * 4),
    ("项目", "预算数", "项目", "合计", "基本支出", "<", "项目支出"),
    ("^", "^", "^", "^", "人员经费", "公用经费", "^"),
)

MEASURES: Mapping[str, tuple[str, ...]] = {
    "revenue": ("total", "fiscal_appropriation", "undertaking", "business", "other"),
    "expenditure": ("total", "basic", "project"),
    "general_public_expenditure": ("total", "basic", "project"),
    "government_fund_expenditure": ("total", "basic", "project"),
    "state_capital_expenditure": ("total", "basic", "project"),
    "basic_expenditure": ("total", "personnel", "public"),
}
UNIT_SUMMARY_MEASURES = ("expenditure", "expenditure_personnel", "expenditure_public", "expenditure_project")
APPROPRIATION_MEASURES = ("total", "general_public", "government_fund", "state_capital")

REVENUE_LINES = (
    "一、财政拨款收入",
    "1.一般公共预算资金",
    "2.政府性基金",
    "3.国有资本经营预算",
    "二、事业收入",
    "三、事业单位经营收入",
    "四、其他收入",
)
APPROPRIATION_LINES = ("一、一般公共预算资金", "二、政府性基金", "三、国有资本经营预算")
TOTAL_REVENUE, TOTAL_EXPENDITURE = "收入总计", "支出总计"
# Label of the figure → the item that the form means, in the order of the columns.
THREE_PUBLIC_LINES = {
    "合计": "three_public_total",
    "因公出国（境）费": "outbound",
    "公务接待费": "reception",
    "公务用车购置及运行费": "vehicle_total",
    "购置费": "vehicle_purchase",
    "运行费": "vehicle_running",
    "机关运行经费": "agency_operating",
}
_OTHER_WORDING = {"一般公共预算资金": "一般公共预算", "政府性基金": "政府性基金预算"}
_AFTER_TABLES = re.compile(r"其他相关情况|项目经费|绩效")
_CHAPTERS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Printing:
    """Where printed documents of this form differ (all seen in Putuo's)."""

    fund_wording: Literal["资金", "预算"] = "资金"  # 1. 一般公共预算资金 / 1. 一般公共预算
    year_in_last: Literal["title", "header"] = "title"  # where T9 says the year
    none_row: bool = False  # an empty statement has a row that says 无
    spaced_numbers: bool = True  # "1. 一般公共预算资金"
    contradiction: bool = False  # T9 prints figures and a note that it is empty


@dataclass(frozen=True)
class _Printed:
    """A cell of a row: its text, how many columns it takes, the figure it prints."""

    text: str
    columns: int = 1
    align: Align = "center"
    figure: Figure | None = None


def title(statement: str, disclosure: Disclosure, printing: Printing) -> str:
    year = "" if statement == "three_public" and printing.year_in_last == "header" else f"{disclosure.year}年"
    return f"{year}{_kind(disclosure)}{TITLES[statement]}"


def _kind(disclosure: Disclosure) -> str:
    return "部门" if disclosure.scope == "department" else "单位"


# --- rows ------------------------------------------------------------------------------------------------------------


def _figures(
    name: str, number: int, row: Row | None, measures: Sequence[str], label: str, style: Style
) -> Iterator[_Printed]:
    if row is not None and (unknown := set(row.figures) - set(measures)):
        raise ValueError(f"{name}: {row.label} has a figure for {', '.join(sorted(unknown))}, which is no column here")
    for measure in measures:
        plain = row.figures.get(measure, "") if row is not None else ""
        if row is None or not plain:
            yield _Printed("", align="right")
        else:
            text = style.figure(plain)
            yield _Printed(text, align="right", figure=Figure(name, number, row.code, label, measure, text, plain))


def _coded_rows(name: str, statement: Statement, style: Style) -> Iterator[list[_Printed]]:
    parts = len(HEADERS[name][2]) - len(MEASURES[name]) - 1  # columns of the code: 3, or 2 for economic codes
    for number, row in enumerate(statement.rows, 1):
        named = [_Printed(row.label, parts + 1)]
        if row.code:
            pieces = [row.code[0:3], row.code[3:5], row.code[5:7]][:parts]
            named = [*(_Printed(piece) for piece in pieces), _Printed(row.label, align="left")]
        yield [*named, *_figures(name, number, row, MEASURES[name], row.label, style)]


def _two_sided_rows(name: str, disclosure: Disclosure, style: Style, printing: Printing) -> Iterator[list[_Printed]]:
    rows = disclosure.statement(name).rows
    labels = REVENUE_LINES if name == "budget_summary" else APPROPRIATION_LINES
    measures: tuple[str, ...] = APPROPRIATION_MEASURES
    if name == "budget_summary":
        measures = UNIT_SUMMARY_MEASURES if disclosure.scope == "unit" else UNIT_SUMMARY_MEASURES[:1]
    income = {row.label: row for row in rows if row.side == "revenue"}
    spending = [row for row in rows if row.side == "expenditure" and row.label != TOTAL_EXPENDITURE]
    totals = [row for row in rows if row.side == "expenditure" and row.label == TOTAL_EXPENDITURE]
    if unknown := set(income) - {*labels, TOTAL_REVENUE}:
        raise ValueError(f"{name}: the form has no line for {', '.join(sorted(unknown))}")

    def half(number: int, label: str, row: Row | None, columns: Sequence[str], align: Align) -> Iterator[_Printed]:
        printed = _wording(label, printing)
        shown = re.sub(r"^(\d\.)", r"\1 ", printed) if printing.spaced_numbers else printed
        yield _Printed(shown, align=align)
        yield from _figures(name, number, row, columns, printed, style)

    lines = max(len(labels), len(spending))
    for index in range(lines):
        label = labels[index] if index < len(labels) else ""
        spent = spending[index] if index < len(spending) else None
        left = half(index + 1, label, income.get(label), ("revenue",), "left")
        yield [*left, *half(index + 1, spent.label if spent else "", spent, measures, "left")]
    if style.empty_row:
        yield from ([_Printed("")] * (3 + len(measures)) for _ in range(lines, 13))
    left = half(lines + 1, TOTAL_REVENUE, income.get(TOTAL_REVENUE), ("revenue",), "center")
    yield [*left, *half(lines + 1, TOTAL_EXPENDITURE, totals[0] if totals else None, measures, "center")]


def _wording(label: str, printing: Printing) -> str:
    if printing.fund_wording == "预算":
        for usual, other in _OTHER_WORDING.items():
            if label.endswith(usual):
                return label.removesuffix(usual) + other
    return label


def _three_public_row(statement: Statement, style: Style) -> list[_Printed]:
    given = {row.label: row for row in statement.rows}
    if unknown := set(given) - set(THREE_PUBLIC_LINES):
        raise ValueError(f"three_public: the form has no column for {', '.join(sorted(unknown))}")
    return [
        printed
        for label in THREE_PUBLIC_LINES
        for printed in _figures("three_public", 1, given.get(label), ("total",), label, style)
    ]


def _rows(name: str, disclosure: Disclosure, style: Style, printing: Printing) -> list[list[_Printed]]:
    statement = disclosure.statement(name)
    if statement.status == "present":
        if name in CODED_STATEMENTS:
            return list(_coded_rows(name, statement, style))
        if name == "three_public":
            return [_three_public_row(statement, style)]
        return list(_two_sided_rows(name, disclosure, style, printing))
    width = len(_header(name, disclosure, printing)[0])
    if name not in CODED_STATEMENTS:
        return [[_Printed("")] * width]
    figures = len(MEASURES[name])
    blank = [[_Printed("")] * width for _ in range(10 if style.empty_row else 0)]
    none = [[_Printed("无"), *[_Printed("")] * (width - 1)]] if printing.none_row else []
    return [*none, *blank, [_Printed("合计", width - figures), *[_Printed("")] * figures]]


# --- tables ----------------------------------------------------------------------------------------------------------


def _header(name: str, disclosure: Disclosure, printing: Printing) -> tuple[tuple[str, ...], ...]:
    if name == "budget_summary" and disclosure.scope == "unit":
        return UNIT_SUMMARY_HEADER
    header = HEADERS[name]
    if name == "three_public" and printing.year_in_last == "header":
        year = f"{disclosure.year}年"
        header = (tuple(text if text == "<" else year + text for text in header[0]), *header[1:])
    return header


def _statement_tables(name: str, disclosure: Disclosure, style: Style, printing: Printing) -> Iterator[LayoutBlock]:
    header = _header(name, disclosure, printing)
    rows = _rows(name, disclosure, style, printing)
    width = len(header[0])
    body = f"编制{_kind(disclosure)}：{disclosure.department}"
    unit = "单位:万元" if name == "three_public" else f"单位：{disclosure.unit}"
    size = style.rows_per_table or max(1, len(rows))
    for start in range(0, len(rows), size):
        first = start == 0
        if not first:
            yield PageBreak()
        elif not style.title_in_grid:
            yield Title(title(name, disclosure, printing))
        heading = first or style.continuation == "full"
        if heading and style.heading == "paragraphs":
            yield from (Line(body), Line(unit, "right"))
        elif heading and style.heading == "line":
            yield Line(f"{body}  {unit}")
        cells: list[TableCell] = []
        top = 0
        if first and style.title_in_grid:
            cells.append(TableCell(top, 0, title(name, disclosure, printing), 1, width, "center"))
            top += 1
        if heading and style.heading == "grid":
            cells.append(TableCell(top, 0, body, 1, width - 2, "left"))
            cells.append(TableCell(top, width - 2, unit, 1, 2, "right"))
            top += 1
        if first or style.continuation != "bare":
            cells += header_cells(header, style, top)
            top += len(header)
        chunk = rows[start : start + size]
        for row, line in enumerate(chunk, top):
            column = 0
            for printed in line:
                cells.append(
                    TableCell(row, column, printed.text, 1, printed.columns, printed.align, figure=printed.figure)
                )
                column += printed.columns
        yield Table(tuple(cells), top + len(chunk), width, header_rows=top, widths=_widths(header))
    empty = disclosure.statement(name).status == "declared_empty"
    if (empty and name in EMPTY_SUBJECTS) or (printing.contradiction and name == "three_public"):
        yield Line(f"注:本{_kind(disclosure)}{disclosure.year}年无{EMPTY_SUBJECTS[name]}，故本表为空表。")


def _widths(header: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Code columns are narrow, label columns wide."""
    weights = []
    for column in range(len(header[0])):
        texts = [row[column] for row in header if row[column] not in ("<", "^")]
        lowest = texts[-1] if texts else ""
        weights.append(0.45 if len(lowest) == 1 else 2.4 if lowest.endswith("名称") or lowest == "项目" else 1.2)
    return tuple(weight / sum(weights) for weight in weights)


# --- the document ----------------------------------------------------------------------------------------------------


def lay_out(disclosure: Disclosure, style: Style | None = None, printing: Printing | None = None) -> Layout:
    """The whole document: cover, contents, explanation, statements that are not missing, further explanation.

    Raises `ValueError` where the disclosure has a line or a measure that the form does not print.
    """
    style, printing = style or Style(), printing or Printing()
    kind = _kind(disclosure)
    subject = f"{disclosure.department}{disclosure.year}年{kind}预算"
    published = [name for name in PRINTED_ORDER if disclosure.statement(name).status != "missing"]
    if unknown := set(disclosure.statements) - set(STATEMENTS):
        raise ValueError(f"unknown statements: {', '.join(sorted(unknown))}")
    before = [section for section in disclosure.sections if not _AFTER_TABLES.search(section.heading)]
    after = [section for section in disclosure.sections if _AFTER_TABLES.search(section.heading)]
    district = re.match(r".*?市.*?区|.*?市", disclosure.department)
    place = district.group() if district else disclosure.department
    blocks: list[LayoutBlock] = [Title(f"{place}{disclosure.year}年区级{kind}预算", 1)]
    blocks.append(Line(f"预算{'主管部门' if kind == '部门' else '单位'}：{disclosure.department}", "center"))
    if style.contents != "none":
        entries = [_plain(section.heading) for section in before] + [f"{kind}预算表"]
        entries += [_plain(section.heading) for section in after]
        blocks += [PageBreak(), Title("目 录", 1)]
        for number, entry in enumerate(entries):
            blocks.append(ContentsLine(f"{_CHAPTERS[number % 10]}、{entry}", "", style.contents))
            if number == len(before):
                blocks += _contents_of_tables(published, disclosure, style, printing)
    blocks += _sections(before, style)
    for name in published:
        blocks += [PageBreak(), *_statement_tables(name, disclosure, style, printing)]
    blocks += _sections(after, style)
    return Layout(subject, tuple(blocks))


def _plain(heading: str) -> str:
    return re.sub(rf"^[{_CHAPTERS}]+、", "", heading)


def _contents_of_tables(
    published: Iterable[str], disclosure: Disclosure, style: Style, printing: Printing
) -> Iterator[ContentsLine]:
    leader: Literal["dots", "tab"] = "tab" if style.contents == "tab" else "dots"
    for number, name in enumerate(published, 1):
        yield ContentsLine(f"  {number}. {title(name, disclosure, printing)}", "", leader)


def _sections(sections: Iterable[Section], style: Style) -> Iterator[LayoutBlock]:
    for section in sections:
        yield from (PageBreak(), Title(_plain(section.heading), 1))
        yield from (Line(sentence, indent=style.indent) for sentence in section.sentences)
        yield from annexes_of(section, style)

"""Small disclosures as text captures, and short names for what is read from them.

A row is written with ``|`` between its cells. ``DOC`` is a body and a year, ``T1`` … ``T9`` are statements of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from pipeline.documents.detect import read_document
from pipeline.forms.disclosure import Disclosure, Figure
from pipeline.forms.figures import understand
from pipeline.forms.form import Form, load_forms

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "raw" / "hebei"

BODY, YEAR, UNIT = "211 邢台市财政局", "预算年度：2023", "单位：万元"

HEBEI: Form = next(form for form in load_forms() if form.name == "hebei")
TITLES = {
    "T1": "部门预算收支总表",
    "T2": "部门预算收入总表",
    "T3": "部门预算支出总表",
    "T4": "部门预算财政拨款收支总表",
    "T5": "部门预算一般公共预算财政拨款支出表",
    "T6": "部门预算一般公共预算财政拨款基本支出表",
    "T7": "部门预算政府基金预算财政拨款支出表",
    "T8": "部门预算国有资本经营预算财政拨款支出表",
    "T9": "部门预算财政拨款“三公”经费支出表",
}
_CODED = ["序号|功能分类科目||合计|基本支出|项目支出", "|科目编码|科目名称|||", "栏次|1|2|3|4|5"]
HEADERS = {
    "T1": ["序号|收入||支出|", "|项目|预算数|项目|预算数", "栏次|1|2|3|4"],
    "T2": [
        "序号|功能分类科目||合计|本年收入||||||||上年结转",
        "|科目编码|科目名称||小计|财政拨款收入|财政专户收入|事业收入|经营收入|上级补助收入|附属单位上缴收入|其他收入|",
        "栏次|1|2|3|4|5|6|7|8|9|10|11|12",
    ],
    "T3": [
        "序号|功能分类科目||合计|基本支出|项目支出|经营支出|上解上级支出|对附属单位补助支出",
        "|科目编码|科目名称||||||",
        "栏次|1|2|3|4|5|6|7|8",
    ],
    "T4": [
        "序号|收入||支出||||",
        "|项目|金额|项目|合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款",
        "栏次|1|2|3|4|5|6|7",
    ],
    "T5": _CODED,
    "T6": [
        "序号|支出部门经济分类科目||一般公共预算基本支出||",
        "|科目编码|科目名称|合计|人员经费|公用经费",
        "栏次|1|2|3|4|5",
    ],
    "T7": _CODED,
    "T8": _CODED,
    "T9": [
        "序号|项目|资金性质|||",
        "||合计|一般公共预算财政拨款|政府性基金预算拨款|国有资本经营预算财政拨款",
        "栏次|1|2|3|4|5",
    ],
}
TOTAL = "1||合计|100.00|60.00|40.00"
T5_ROWS = (
    TOTAL,
    "2|201|一般公共服务支出|100.00|60.00|40.00",
    "3|20103|政府办公厅(室)及相关机构事务|100.00|60.00|40.00",
    "4|2010301|行政运行|60.00|60.00|",
    "5|2010302|一般行政管理事务|40.00||40.00",
)


def table(rows: Iterable[str]) -> str:
    """Rows → the lines of a tab-separated table."""
    return "\n".join(row.replace("|", "\t") for row in rows)


def statement(
    which: str,
    rows: Iterable[str] = (),
    *,
    header: Iterable[str] | None = None,
    title: str | None = None,
    body: str = BODY,
    year: str = YEAR,
    unit: str = UNIT,
    after: str = "",
) -> str:
    """One statement as a tab capture: title, heading lines, header, rows, notes."""
    lines = [title or TITLES[which], "", "\n".join(line for line in (body, year, unit) if line), ""]
    lines += [table([*(HEADERS[which] if header is None else header), *rows]), "", after, ""]
    return "\n".join(lines)


def read(text: str | bytes, name: str = "capture.txt") -> Disclosure:
    """The capture, understood with the form of Hebei."""
    data = text.encode() if isinstance(text, str) else text
    return understand(read_document(data, name), (HEBEI,))


def amounts(disclosure: Disclosure, name: str | None = None) -> dict[tuple[int, str, str], str]:
    """(row number, item, measure) → the amount in the printed unit as text, of one statement or of the only one."""
    found = [f for f in disclosure.figures if name is None or f.statement == name]
    result = {(f.row_number, f.item, f.measure): str(f.amount_yuan / HEBEI.units[f.printed_unit]) for f in found}
    assert len(result) == len(found), "a place is taken twice"
    return {place: f"{Decimal(amount):.2f}" for place, amount in result.items()}


def doubts(disclosure: Disclosure, *severities: str, statement: str | None = None) -> list[tuple[str, str]]:
    """(what, text) of the issues of these severities (all if none given), those of missing statements left out."""
    return [
        (issue.what, issue.text)
        for issue in disclosure.issues
        if (not severities or issue.severity in severities)
        and (statement is None or issue.statement == statement)
        and issue.what != "the document does not contain this statement"
    ]


def status(disclosure: Disclosure, name: str) -> str:
    """present, declared_empty or missing, of the first part."""
    return next(s.status for s in disclosure.statements if s.part == 1 and s.statement == name)


def figure(disclosure: Disclosure, row_number: int, measure: str) -> Figure:
    """The figure at a place of the only statement that has it."""
    (found,) = [f for f in disclosure.figures if f.row_number == row_number and f.measure == measure]
    return found

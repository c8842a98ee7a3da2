"""Statements that leave rows, totals and balances out as a publisher may: nobody is accused, errors are still found."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pipeline.proof.prove import prove
from pipeline.proof.verdict import errata
from tests.support import HEBEI, read, statement

T1 = (
    "1|一、一般公共预算拨款收入|150.00|一、一般公共服务支出|100.00",
    "2|二、政府性基金预算拨款收入|50.00|八、社会保障和就业支出|50.00",
    "3|||十二、城乡社区支出|50.00",
    "4|本年收入合计|200.00|本年支出合计|200.00",
    "5|收入总计|200.00|支出总计|200.00",
)
T4 = (
    "1|一、一般公共预算拨款|150.00|一、一般公共服务支出|100.00|100.00||",
    "2|二、政府性基金预算拨款|50.00|八、社会保障和就业支出|50.00|50.00||",
    "3|||十二、城乡社区支出|50.00||50.00|",
    "4|本年收入合计|200.00|本年支出合计|200.00|150.00|50.00|",
    "5|收入总计|200.00|支出总计|200.00|150.00|50.00|",
)
CODES = ("2010301", "2010302", "2080505", "2120801")
NAMES = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅(室)及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120801": "征地和拆迁补偿支出",
}
BASIC = {"2010301": 60, "2080505": 50}
PROJECT = {"2010302": 40, "2120801": 50}
ONE_CELL = ["序号|功能分类科目|合计|基本支出|项目支出"]
Rows = list[tuple[str, int, int]]  # code, basic, project


def listed(codes: Iterable[str], levels: Iterable[int] = (3, 5, 7)) -> Rows:
    """The total and the rows of these levels."""
    leaves, lengths = [*codes], [0, *levels]
    above = sorted({code[:n] for code in leaves for n in lengths if n <= len(code)})

    def below(code: str, of: dict[str, int]) -> int:
        return sum(of.get(leaf, 0) for leaf in leaves if leaf.startswith(code))

    return [(code, below(code, BASIC), below(code, PROJECT)) for code in above]


def printed(rows: Rows, one_cell: bool = False) -> list[str]:
    texts = []
    for number, (code, basic, project) in enumerate(rows, 1):
        label = NAMES.get(code, "合计")
        named = f"{code}{label}" if one_cell else f"{code}|{label}"
        texts.append(f"{number}|{named}|{basic + project}.00|{basic or ''}|{project or ''}")
    return texts


def accused(t3: Rows, t5: Rows, t7: Rows, one_cell: bool = False) -> list[tuple[str, str, str, str]]:
    header = ONE_CELL if one_cell else None
    t3_header = header or ["序号|科目编码|科目名称|合计|基本支出|项目支出"]
    text = statement("T1", T1) + statement("T3", printed(t3, one_cell), header=t3_header) + statement("T4", T4)
    text += statement("T5", printed(t5, one_cell), header=header) + statement(
        "T7", printed(t7, one_cell), header=header
    )
    found = read(text)
    ledger = errata(found, prove(found, HEBEI.units), "docx")
    return [(one.statement, one.item, one.measure, one.verdict) for one in ledger]


@pytest.mark.parametrize("one_cell", [False, True])
@pytest.mark.parametrize("levels", [(7,), (3, 7), (5,), (3,), (5, 7), (3, 5)])
def test_a_document_may_leave_levels_out(levels: tuple[int, ...], one_cell: bool) -> None:
    assert accused(listed(CODES, levels), listed(CODES[:3], levels), listed(CODES[3:], levels), one_cell) == []


def test_a_statement_may_leave_levels_out_that_others_print() -> None:
    assert accused(listed(CODES), listed(CODES[:3], (7,)), listed(CODES[3:], (7,))) == []


@pytest.mark.parametrize("levels", [(3, 5, 7), (7,)])
def test_a_document_may_leave_its_totals_out(levels: tuple[int, ...]) -> None:
    t3, t5, t7 = (listed(codes, levels)[1:] for codes in (CODES, CODES[:3], CODES[3:]))
    assert accused(t3, t5, t7) == []


def test_the_only_row_of_a_level_is_lost_or_left_out() -> None:
    t7 = [row for row in listed(CODES[3:]) if row[0] != "212"]
    found = accused(listed(CODES), listed(CODES[:3]), t7)
    assert found and {(item, verdict) for _, item, _, verdict in found} == {("212", "undecided")}


def test_a_row_is_lost_where_others_of_its_level_are_printed() -> None:
    t5 = [row for row in listed(CODES[:3]) if row[0] != "208"]
    found = accused(listed(CODES), t5, listed(CODES[3:]))
    assert found and {(item, verdict) for _, item, _, verdict in found} == {("208", "publisher")}


@pytest.mark.parametrize("without_total", [False, True])
def test_a_wrong_figure_among_rows_of_one_level_is_found(without_total: bool) -> None:
    t3 = listed(CODES, (7,))
    t3 = [("2010302", 0, 45) if row[0] == "2010302" else row for row in t3][int(without_total) :]
    t5, t7 = (listed(codes, (7,))[int(without_total) :] for codes in (CODES[:3], CODES[3:]))
    assert accused(t3, t5, t7) != []


def test_the_statement_of_a_fund_may_leave_out_what_is_carried_in() -> None:
    t4 = (
        "1|一、一般公共预算拨款|70.00|一、一般公共服务支出|100.00|100.00||",
        "2|本年收入合计|70.00|本年支出合计|100.00|100.00||",
        "3|年初财政拨款结转和结余|30.00|||||",
        "4|一、一般公共预算拨款|30.00|||||",
        "5|收入总计|100.00|支出总计|100.00|100.00||",
    )

    def found(t5: Rows) -> list[str]:
        disclosure = read(statement("T4", t4) + statement("T5", printed(t5)))
        return [one.verdict for one in errata(disclosure, prove(disclosure, HEBEI.units), "docx")]

    whole = [("", 60, 40), ("201", 60, 40), ("20103", 60, 40), ("2010301", 60, 0), ("2010302", 0, 40)]
    less = [("", 60, 10), ("201", 60, 10), ("20103", 60, 10), ("2010301", 60, 0), ("2010302", 0, 10)]
    wrong = [("", 60, 20), ("201", 60, 20), ("20103", 60, 20), ("2010301", 60, 0), ("2010302", 0, 20)]
    assert (found(whole), found(less)) == ([], [])
    assert found(wrong) != []


def test_income_of_the_year_alone_may_stand_in_the_statement_of_income() -> None:
    t1 = (
        "1|一、一般公共预算拨款收入|70.00|一、一般公共服务支出|100.00",
        "2|本年收入合计|70.00|本年支出合计|100.00",
        "3|上年结转结余|30.00|年终结转结余|",
        "4|收入总计|100.00|支出总计|100.00",
    )
    t2 = [f"{n}|{code}|{name}|70.00|70.00|70.00" for n, code, name in ((1, "", "合计"), (2, "2010301", "行政运行"))]
    header = ["序号|科目编码|科目名称|合计|小计|财政拨款收入"]
    t3 = [f"{n}|{code}|{name}|100.00||100.00" for n, code, name in ((1, "", "合计"), (2, "2010301", "行政运行"))]
    t3_header = ["序号|科目编码|科目名称|合计|基本支出|项目支出"]
    text = statement("T1", t1) + statement("T2", t2, header=header) + statement("T3", t3, header=t3_header)
    disclosure = read(text)
    assert {f.statement for f in disclosure.figures} == {"budget_summary", "revenue", "expenditure"}
    assert errata(disclosure, prove(disclosure, HEBEI.units), "docx") == []

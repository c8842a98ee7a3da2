"""What a document says twice: T1's kinds of spending, sums within rounding, habits of a publisher as one entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.detect import read_document
from pipeline.extraction.worker import read_and_prove
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.proof.habits import (
    BLANK_ROW,
    BLANK_TOTALS,
    CUT_OFF,
    OFF_BY_ROUNDING,
    ONE_FAULT,
    SAID_AGAIN,
    entries,
    evidence_of_entry,
)
from pipeline.proof.prove import PartProof, prove
from pipeline.proof.restatements import (
    compared_figures,
    compared_pairs,
    open_figures,
    open_pairs,
    printed_figures,
    uncompared,
)
from pipeline.proof.verdict import Erratum, errata
from tests.support import table
from tests.unit.test_identities_annexes import T1, Paper, blank_totals, classified

Basis = Literal["budget", "execution"] | None
(FORM,) = [form for form in load_forms() if form.name == "shanghai"]
CODES = "功能分类科目编码|||功能分类科目名称|合计|基本支出|项目支出", "类|款|项||||"
SPENT = ["201|||一般公共服务支出|150|100|50", "201|03||政府办公厅（室）及相关机构事务|150|100|50"]
SPENT += ["201|03|01|行政运行|100|100|0", "201|03|02|一般行政管理事务|50|0|50", "合计||||150|100|50"]
ECONOMIC = "部门预算经济分类科目编码||经济分类科目名称|合计|人员经费|公用经费", "类|款||||"
KINDS = ["301||工资福利支出|70|70|0", "301|01|基本工资|70|70|0", "302||商品和服务支出|30|0|30", "302|01|办公费|30|0|30"]
KINDS += ["合计|||100|70|30"]
LINES = [
    "一、财政拨款收入|150|一、一般公共服务支出|150",
    "||其中：人员经费|{0}",
    "||公用经费|30",
    "收入总计|150|支出总计|150",
]
COLUMNS = ["一、财政拨款收入|150|一、一般公共服务支出|150|{0}|30|50", "收入总计|150|支出总计|150|{0}|30|50"]


def proven(summary: Sequence[str], spent: Sequence[str] = SPENT) -> tuple[PartProof, list[Erratum]]:
    statements = [
        ("部门财务收支预算总表", summary),
        ("部门支出预算总表", [*CODES, *spent]),
        ("部门一般公共预算支出功能分类预算表", [*CODES, *SPENT]),
        ("部门一般公共预算基本支出部门预算经济分类预算表", [*ECONOMIC, *KINDS]),
    ]
    texts = (
        f"2024年{title}\n\n编制部门：上海市云上区档案馆\n单位：元\n\n{table(rows)}\n\n" for title, rows in statements
    )
    document = read_document(("上海市云上区2024年区级部门预算\n\n" + "".join(texts)).encode(), "capture.txt")
    disclosure = understand(document, (FORM,))
    proof = next(iter(prove(disclosure, FORM.units)))
    return proof, errata(disclosure, [proof], "txt")


def summary(layout: str, personnel: str) -> list[str]:
    if layout == "lines":
        header, rows = ["本年收入||本年支出|", "项目|预算数|项目|预算数"], LINES
    else:
        header, rows = ["本年收入||本年支出||||", "项目|预算数|项目|合计|人员经费|公用经费|项目支出"], COLUMNS
    return [*header, *(row.format(personnel) for row in rows)]


# ── 31 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("layout", ["lines", "columns"])
def test_t1_restates_the_personnel_funds_of_t6(layout: str) -> None:
    proof, found = proven(summary(layout, "70"))
    held = {c.identity.id for c in proof.checks if c.identity.id.startswith("31.") and c.status == "exact"}
    assert held >= ({"31.personnel_line", "31.public_line"} if layout == "lines" else {"31.basic", "31.project"})
    assert found == []


def test_a_line_of_t1_that_is_not_what_t6_says_is_an_erratum_of_the_publisher() -> None:
    _, found = proven(summary("lines", "71"))
    (one,) = found
    assert (one.statement, one.item, one.published_text, one.verdict) == (T1, "personnel", "71", "publisher")
    assert one.implied_yuan == 70


def test_where_something_else_pays_as_well_t1_says_more_than_t6() -> None:
    more = [row.replace("150", "170").replace("|100|", "|120|") for row in SPENT]
    more[2] = "201|03|01|行政运行|120|120|0"
    lines = [row.replace("150", "170").format("90") for row in LINES]
    assert proven([*summary("lines", "")[:2], *lines], more)[1] == []


# ── habits, and sums within rounding ────────────────────────────────────────────────────────────────────────────


def entered(paper: Paper) -> list[tuple[str, int, str]]:
    return [(places[0].habit, len(places), places[0].verdict) for places in entries(paper.errata())]


def test_amounts_cut_off_instead_of_rounded_are_one_habit() -> None:
    paper = Paper()
    table = {"2080501": "877080", "2080505": "1748336", "2080506": "873617", "2101101": "782164", "2210201": "2049197"}
    classified(paper, table)
    said = {"2080501": "87.70", "2080505": "174.83", "2080506": "887.36", "2101101": "78.21", "2210201": "204.91"}
    for code, text in [*said.items(), *list(said.items())[2:]]:
        paper.say(code, {"amount": text})
    assert sorted(entered(paper)) == sorted([(CUT_OFF, 5, "publisher"), (SAID_AGAIN, 2, "publisher")])
    (habit,) = [places for places in entries(paper.errata()) if places[0].habit == CUT_OFF]
    evidence = evidence_of_entry(habit)
    assert "in 5 places" in evidence and all(text in evidence for text in ("87.70", "78.21", "204.91"))


def test_one_amount_cut_off_is_an_entry_of_its_own() -> None:
    paper = Paper()
    classified(paper, {"2080501": "877080"})
    paper.say("2080501", {"amount": "87.70"})
    (places,) = entries(paper.errata())
    assert (len(places), evidence_of_entry(places)) == (1, places[0].evidence)


def test_totals_left_blank_in_one_statement_are_one_omission() -> None:
    assert entered(blank_totals("24")) == [(BLANK_TOTALS, 6, "publisher")]


def test_a_row_left_blank_is_one_omission() -> None:
    paper = Paper()
    table = {"total": "100.00", "201": "100.00", "20103": "70.00", "2010301": "70.00", "20104": None}
    for item, text in table.items():
        paper.row("general_public_expenditure", item, {"total": text, "basic": text})
    assert [habit for habit, _, _ in entered(paper)] == [BLANK_ROW]


def test_one_fault_in_several_numbers_is_one_entry_at_the_number_that_shows_it() -> None:
    moved = [row.format("80").replace("|30|50", "|20|50") for row in COLUMNS]
    _, found = proven([*summary("columns", "70")[:2], *moved])
    ((first, *others),) = entries(found)
    assert (first.item, first.measure, first.published_text) == ("total_expenditure", "expenditure_personnel", "80")
    assert (len(others), {one.verdict for one in others}, first.habit) == (3, {"publisher"}, ONE_FAULT)
    assert all(one.identity_ids and one.evidence for one in found)


def test_a_sum_that_holds_within_rounding_is_listed_and_accuses_nobody() -> None:
    paper = Paper()
    paper.row("expenditure", "total", {"total": "94995790", "basic": "94995790"}, "元")
    paper.row("expenditure", "201", {"total": "94995790", "basic": "94995790"}, "元")
    paper.row("expenditure", "20103", {"total": "94995790", "basic": "94995790"}, "元")
    paper.row("expenditure", "2010301", {"total": "94000000", "basic": "94000000"}, "元")
    paper.row("expenditure", "2010302", {"total": "995789", "basic": "995789"}, "元")
    found = [(one.item, f"{one.published_yuan:.0f}", f"{one.implied_yuan:.0f}", one.verdict) for one in paper.errata()]
    assert found == [("20103", "94995790", "94995789", "rounding")] * 2
    assert entered(paper) == [(OFF_BY_ROUNDING, 2, "rounding")]  # the same row, in two columns


def test_a_copy_in_another_unit_is_rounded_lawfully_and_not_listed() -> None:
    paper = Paper()
    classified(paper, {"2080501": "877080"})
    paper.say("2080501", {"amount": "87.71"})
    assert paper.errata() == []


# ── 32, and what the prose leaves out ───────────────────────────────────────────────────────────────────────────


def compared(income: tuple[str, str, Basis], spending: tuple[str, str, Basis]) -> list[tuple[str, str]]:
    """The identities and verdicts on two sentences: amount, change, and what it is compared with."""
    paper = Paper()
    for subject, (amount, change, basis) in (("total_revenue", income), ("total_expenditure", spending)):
        paper.say(subject, {"amount": amount, "change": change}, compared=2023)
        paper.claims[-1] = replace(paper.claims[-1], compared_basis=basis)
    paper.say("carryover_in", {"amount": "0"})
    found = [(one.identity_ids[0], one.verdict) for one in paper.errata()]
    return [one for one in found if one[0].startswith("32.")]


def test_one_amount_is_not_compared_with_two_bases() -> None:
    alike: tuple[str, str, Basis] = ("9101.68", "-2389.52", "budget")
    assert compared(alike, alike) == []
    assert compared(alike, ("9101.68", "-2389.52", "execution")) == [("32.basis", "publisher")]
    assert compared(alike, ("9101.68", "-3000.00", "execution")) == [("32.basis", "undecided")]  # both may be true
    assert compared(alike, ("9000.00", "-2389.52", "execution")) == []  # two amounts
    assert compared(alike, ("9101.68", "-2389.52", None)) == []  # nothing is said of the base


@pytest.mark.parametrize(("income", "spending", "wrong"), [("执行数", "预算", True), ("预算", "预算", False)])
def test_two_bases_are_read_from_the_sentences_as_they_are_printed(income: str, spending: str, wrong: bool) -> None:
    told = f"2024年，云上区档案馆收入预算150万元，其中：财政拨款收入150万元，比2023年{income}增加20万元。"
    told += f"\n支出预算150万元，其中：财政拨款支出预算150万元，比2023年{spending}增加20万元。"
    heads = ("上海市云上区2024年区级部门预算", "2024年部门预算编制说明", told, "2024年部门支出预算总表", "单位：万元")
    text = "\n\n".join((*heads, table([*CODES, *SPENT])))
    read = read_and_prove(text.encode(), "a.txt", "never", load_forms())
    found = [(e.identity_ids, e.item, e.verdict) for e in errata(read.disclosure, read.proofs, "text")]
    assert found == ([(("32.basis",), "fiscal_appropriation_expenditure", "publisher")] if wrong else [])


def test_two_sides_that_are_equal_change_alike_if_last_year_balanced() -> None:
    assert compared(("91.68", "5.00", "budget"), ("91.68", "6.00", "budget")) == [("32.change", "undecided")]
    assert compared(("91.68", "5.00", "budget"), ("90.68", "6.00", "budget")) == []


SEVEN = {"2080501": "877080", "2080505": "1748336", "2080506": "873617", "2101101": "782164", "2210201": "2049197"}
SEVEN |= {"2010601": "16231840", "2010602": "350000"}


def explained(codes: Iterable[str], **other: str) -> list[tuple[str, str, str]]:
    paper = Paper()
    classified(paper, SEVEN)
    for code in codes:
        paper.say(code, {"amount": f"{Decimal(SEVEN[code]) / 10_000:.2f}"})
    for subject, amount in other.items():
        paper.say(subject, {"amount": amount})
    return [(one.identity_ids[0], one.item, one.verdict) for one in paper.errata()]


def test_a_code_that_the_prose_leaves_out_among_the_others_is_told_and_accuses_nobody() -> None:
    assert explained(SEVEN) == []
    assert explained([code for code in SEVEN if code != "2101101"]) == [("17.left_out", "2101101", "undecided")]
    assert explained(list(SEVEN)[:4]) == []  # it explains the main ones


def test_a_code_told_in_words_that_nobody_knows_or_by_its_class_is_not_left_out() -> None:
    others = [code for code in SEVEN if code != "2101101"]
    assert explained(others, **{"other:医疗": "78.22"}) == []
    paper = Paper()
    classified(paper, SEVEN)
    for code in others:
        paper.say(code, {"amount": f"{Decimal(SEVEN[code]) / 10_000:.2f}"})
    paper.say("210", {"amount": "78.22"})
    assert paper.errata() == []


# ── the catalogue, pair by pair ─────────────────────────────────────────────────────────────────────────────────


def test_every_pair_of_the_catalogue_is_compared_or_the_page_says_why_not() -> None:
    assert open_pairs() == []
    reasons = [pair for one in uncompared() for pair in one.pairs]
    assert sorted(set(reasons)) == sorted(reasons)
    assert set(reasons) & set(compared_pairs()) == set()


def test_every_figure_is_compared_with_another_statement_or_the_page_says_why_not() -> None:
    assert open_figures() == []
    reasons = [figure for one in uncompared() for figure in one.figures]
    assert sorted(set(reasons)) == sorted(reasons)
    assert set(reasons) & compared_figures() == set()
    assert set(reasons) <= printed_figures()


def test_each_reason_is_in_both_languages() -> None:
    assert [one.why for one in uncompared() if len(one.why.split(" · ")) != 2] == []


# ── properties ──────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(100_000, 90_000_000), min_size=3, max_size=7), st.data())
def test_a_document_that_cuts_off_is_told_once_however_often_it_does(yuan: list[int], data: st.DataObject) -> None:
    """Codes said in 万元, each rounded or cut off: one entry for all that are cut off, and none for the others."""
    table = {f"20805{n:02}": str(amount) for n, amount in enumerate(yuan, start=1)}
    paper = Paper()
    classified(paper, table)
    wrong = 0
    for code, text in table.items():
        exact = Decimal(text) / 10_000
        cut = data.draw(st.booleans())
        said = exact.quantize(Decimal("0.01"), ROUND_DOWN if cut else ROUND_HALF_UP)
        wrong += abs(said - exact) > Decimal("0.005")
        paper.say(code, {"amount": f"{said:.2f}"})
    found = entered(paper)
    assert found == ([] if not wrong else [(CUT_OFF, wrong, "publisher")])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=6), st.integers(-1, 1))
def test_a_sum_of_rounded_numbers_accuses_nobody(parts: list[int], off: int) -> None:
    """Whole yuan that were rounded before they were printed: the class is off by one at most."""
    paper = Paper()
    total = str(max(0, sum(parts) + off))
    for item in ("total", "201", "20103"):
        paper.row("expenditure", item, {"total": total, "basic": total}, "元")
    for n, part in enumerate(parts, start=1):
        paper.row("expenditure", f"20103{n:02}", {"total": str(part), "basic": str(part)}, "元")
    assert {one.verdict for one in paper.errata()} <= {"rounding"}
    if sum(parts) + off >= 0:
        assert len(entered(paper)) == abs(off)

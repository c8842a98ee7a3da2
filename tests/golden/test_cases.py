"""The small documents of ../shared/cases that were read wrongly once: what their README says is right.

Each shows one kind of fault; the properties that hold the kinds stand in tests/property and tests/unit.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from functools import cache

import pytest

from pipeline.extraction.tables import Read
from pipeline.extraction.worker import read_and_prove
from pipeline.forms.disclosure import Figure
from pipeline.forms.form import load_forms
from pipeline.proof.verdict import Erratum, errata
from tests.support import ROOT

CASES = ROOT.parent / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here")


@cache
def case(letter: str) -> Read:
    (path,) = (p for p in CASES.glob(f"{letter}-*") if p.suffix != ".csv")
    return read_and_prove(path.read_bytes(), path.name, "always", load_forms())


def figures(letter: str, statement: str | None = None) -> list[Figure]:
    """As they are published: with the readings that the sums chose."""
    return [
        f
        for proof in case(letter).proofs
        for f in proof.figures
        if f.statement == statement or (statement is None and f.statement != "claim")
    ]


def levels(letter: str, statement: str) -> Counter[str]:
    return Counter(
        level
        for proof in case(letter).proofs
        for figure, level in zip(proof.figures, proof.status, strict=True)
        if figure.statement == statement
    )


def ledger(letter: str) -> list[Erratum]:
    read = case(letter)
    return list(errata(read.disclosure, read.proofs, read.document.format))


def status(letter: str, statement: str) -> str:
    return next(s.status for s in case(letter).disclosure.statements if s.statement == statement and s.part == 1)


def errors(letter: str) -> list[str]:
    return [issue.what for issue in case(letter).disclosure.issues if issue.severity == "error"]


def transcribed(name: str) -> Counter[tuple[str, str, str, Decimal]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return Counter(
            (row["statement"], row["code_or_item"], row["measure"], Decimal(row["amount_yuan"]))
            for row in csv.DictReader(lines)
        )


def as_transcribed(found: Collection[Figure]) -> Counter[tuple[str, str, str, Decimal]]:
    return Counter((f.statement, f.item, f.measure, f.amount_yuan) for f in found)


def test_a_unit_in_short_is_its_unit_with_an_issue() -> None:
    read = case("a")
    claims = {c.figure.text_as_printed: c.figure.amount_yuan for c in read.annexes.claims if c.figure is not None}
    assert claims["15.00"] == 150_000
    assert sum(len(proof.figures) for proof in read.proofs) == 10
    assert any("15.00万" in issue.text for issue in read.disclosure.issues)


def test_b_the_zero_is_the_erratum_and_the_total_is_confirmed() -> None:
    states = {
        claim.figure.item: state.status
        for claim, state in zip(case("b").annexes.claims, case("b").claims, strict=True)
        if claim.figure is not None
    }
    assert states["fiscal_appropriation_expenditure"] == "confirmed"
    assert states["general_public_expenditure"] == "contradicted"
    assert [(e.verdict, e.item, e.published_text, e.implied_yuan) for e in ledger("b")] == [
        ("publisher", "general_public_expenditure", "0.00", Decimal("9410500.00"))
    ]


def test_c_whole_yuan_are_amounts() -> None:
    assert status("c", "expenditure") in ("present", "unread")
    if status("c", "expenditure") == "present":
        assert len(figures("c", "expenditure")) == 18
        assert {f.row_order for f in figures("c", "expenditure")} == set(range(1, 8))
    else:
        assert errors("c")


@pytest.mark.parametrize("letter", ["d", "e"])
def test_d_e_amounts_that_stand_there_are_read_or_unread(letter: str) -> None:
    state = status(letter, "budget_summary")
    assert state in ("present", "unread")
    assert state == "present" or errors(letter)
    wrong = [f for f in figures(letter) if f.row_label in ("收入总计", "支出总计") and f.amount_yuan == 0]
    assert wrong == [] == ledger(letter)


def test_f_brackets_and_document_words_are_no_names() -> None:
    assert [part.body_name for part in case("f").disclosure.parts] == ["张家口市下花园区公共资源服务中心"]


def test_g_rows_of_a_statement_are_no_lines_of_an_annex() -> None:
    lines = [f for f in figures("g", "procurement") if f.measure == "amount"]
    assert [(f.item, f.amount_yuan) for f in lines] == [("line_1", Decimal(10_000))]
    assert len(figures("g", "three_public")) == 10
    assert ledger("g") == []


def test_h_numbers_over_the_rules_are_numbers_of_their_own() -> None:
    assert len(figures("h", "revenue")) == 22
    assert ledger("h") == []


def test_i_a_row_torn_by_the_page_is_one_row() -> None:
    torn = [f for f in figures("i", "revenue") if f.item == "20113"]
    assert {f.text_as_printed for f in torn} <= {"774.59"}
    assert torn or errors("i")
    assert not any(f.text_as_printed in ("774.5", "9") for f in figures("i"))
    assert [e for e in ledger("i") if e.verdict == "publisher"] == []


def test_j_a_code_torn_by_the_page_accuses_nobody() -> None:
    assert [e for e in ledger("j") if e.verdict == "publisher"] == []
    assert not any(f.code_as_printed == "0" for f in figures("j"))


def test_k_columns_by_rules_only() -> None:
    truth = transcribed("k-column-rules-only.csv")
    found = as_transcribed(figures("k"))
    assert found - truth == Counter()
    for statement in {place[0] for place in truth}:
        if not any(f.statement == statement for f in figures("k")):
            assert status("k", statement) == "unread"
            assert errors("k")
        else:
            assert {p for p in truth if p[0] == statement} == {p for p in found if p[0] == statement}


def test_l_another_draft_accuses_no_sound_cell() -> None:
    assert as_transcribed(figures("l")) == transcribed("l-first-table-of-another-draft.csv")
    accused = [e for e in ledger("l") if e.verdict == "publisher"]
    assert accused
    assert {e.statement for e in accused} == {"budget_summary"}
    assert all(e.identity_ids and e.implied_yuan != e.published_yuan for e in accused if e.figure is not None)


def test_m_a_wrong_unit_line_is_one_finding() -> None:
    found = ledger("m")
    assert [(e.verdict, e.statement) for e in found] == [("publisher", "basic_expenditure")]
    assert "proven" not in levels("m", "basic_expenditure")
    assert "contradicted" not in levels("m", "general_public_expenditure")

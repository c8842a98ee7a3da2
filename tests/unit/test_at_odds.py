"""Statements that are wrong as a whole: one finding each, and no figure of theirs is proven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Disclosure, Figure
from pipeline.proof.prove import PartProof, prove
from pipeline.proof.verdict import Erratum, errata
from tests.support import HEBEI, T5_ROWS, TOTAL, read, statement

T1, T3, T5, T6 = "budget_summary", "expenditure", "general_public_expenditure", "basic_expenditure"
SOUND = "\n".join(
    (
        statement(
            "T1",
            [
                "1|一、一般公共预算拨款收入|100.00|一、一般公共服务支出|100.00",
                "2|本年收入合计|100.00|本年支出合计|100.00",
                "3|上年结转结余||年终结转结余|",
                "4|收入总计|100.00|支出总计|100.00",
            ],
        ),
        statement("T2", [f"{row.rsplit('|', 3)[0]}|{row.split('|')[3]}|{row.split('|')[3]}|{row.split('|')[3]}|||||||"
                         for row in T5_ROWS]),
        statement("T3", [f"{row}|||" for row in T5_ROWS]),
        statement("T5", T5_ROWS),
        statement("T6", ["1||合计|60.00|60.00|", "2|301|工资福利支出|60.00|60.00|", "3|30101|基本工资|60.00|60.00|"]),
        statement("T7"),
        statement("T8"),
    )
)  # fmt: skip


def changed(name: str, factor: Decimal | int, found: Disclosure | None = None) -> Disclosure:
    """Every amount of a statement times this."""
    found = found or read(SOUND)

    def other(figure: Figure) -> Figure:
        return replace(figure, amount_yuan=figure.amount_yuan * factor) if figure.statement == name else figure

    return replace(found, figures=tuple(map(other, found.figures)))


def proven(found: Disclosure) -> PartProof:
    (proof,) = prove(found, HEBEI.units)
    return proof


def ledger(found: Disclosure) -> list[Erratum]:
    return errata(found, [proven(found)], "docx")


def test_the_sound_document_has_no_fault_and_is_proven() -> None:
    assert ledger(read(SOUND)) == []
    assert {s for f, s in zip(proven(read(SOUND)).figures, proven(read(SOUND)).status, strict=True)} == {"proven"}


@pytest.mark.parametrize("name", [T1, T3, T5])
def test_a_statement_of_another_draft_is_one_finding_and_accuses_no_other(name: str) -> None:
    found = changed(name, 3)
    (one,) = ledger(found)
    assert (one.statement, one.item, one.measure, one.verdict) == (name, "statement", "statement", "publisher")
    assert one.figure is None and one.published_text and "of another draft" in one.evidence
    status = {(f.statement, s) for f, s in zip(proven(found).figures, proven(found).status, strict=True)}
    assert not {s for statement, s in status if statement == name} & {"proven"}
    assert "contradicted" not in {s for statement, s in status if statement != name}


@pytest.mark.parametrize(("factor", "than"), [(Decimal("0.0001"), "small"), (Decimal(10_000), "large")])
@pytest.mark.parametrize("name", [T1, T3, T5, T6])
def test_a_wrong_unit_line_is_one_finding_and_nothing_below_it_is_proven(name: str, factor: Decimal, than: str) -> None:
    found = changed(name, factor)
    (one,) = ledger(found)
    assert (one.statement, one.item, one.published_text, one.verdict) == (name, "unit", "万元", "publisher")
    assert f"10,000 times too {than}" in one.evidence
    proof = proven(found)
    assert {s for f, s in zip(proof.figures, proof.status, strict=True) if f.statement == name} == {"contradicted"}


def test_of_two_statements_the_one_of_an_odd_size_has_the_wrong_unit() -> None:
    two = read(statement("T5", T5_ROWS) + statement("T6", ["1||合计|60.00|60.00|", "2|301|工资福利支出|60.00|60.00|"]))
    for name, factor in ((T6, Decimal("0.0001")), (T5, Decimal("0.0001"))):
        (one,) = ledger(changed(name, factor, two))
        assert (one.statement, one.item, one.verdict) == (name, "unit", "publisher")
    (either,) = ledger(changed(T6, Decimal(10_000), two))  # six billion is much, and no more than that
    assert (either.item, either.verdict) == ("unit", "undecided")
    assert "wrong instead" in either.evidence


@pytest.mark.parametrize(
    "issue", [Issue("warning", "a doubt", "", statement=T5), Issue("error", "x", "", statement=T3)]
)
def test_a_doubt_about_one_of_them_accuses_nobody(issue: Issue) -> None:
    found = changed(T5, 3)
    assert [one.verdict for one in ledger(replace(found, issues=(*found.issues, issue)))] == ["undecided"]


@pytest.mark.parametrize("change", [lambda f: f.amount_yuan + 1, lambda f: f.amount_yuan * 10])
def test_one_wrong_figure_is_no_matter_of_the_whole(change: Callable[[Figure], Decimal]) -> None:
    found = read(SOUND)
    for wrong in (f for f in found.figures if f.statement in (T1, T3, T5)):
        figures = tuple(replace(f, amount_yuan=change(f)) if f is wrong else f for f in found.figures)
        assert proven(replace(found, figures=figures)).at_odds == []


# ── levels ──────────────────────────────────────────────────────────────────────────────────────────────────────


def status_of(found: Disclosure, name: str) -> set[str]:
    proof = proven(found)
    return {s for f, s in zip(proof.figures, proof.status, strict=True) if f.statement == name}


def test_a_table_that_nothing_else_confirms_is_not_proven() -> None:
    assert status_of(read(statement("T5", T5_ROWS)), T5) == {"supported"}


def test_numbers_cut_in_step_are_not_proven_by_their_row() -> None:
    """40.00 becomes 4 in every column of its row."""
    rows = [row.replace("40.00||40.00", "4||4") for row in T5_ROWS]
    proof = proven(read(SOUND.replace(statement("T5", T5_ROWS), statement("T5", rows))))
    cut = [s for f, s in zip(proof.figures, proof.status, strict=True) if f.text_as_printed == "4"]
    assert len(cut) == 2 and not set(cut) & {"proven", "supported"}


def test_a_figure_in_an_unexplained_broken_identity_is_at_most_supported() -> None:
    found = read(SOUND)
    moved = {"2010301": 7, "2010302": 7}  # two leaves of T5 wrong by the same: their parent could be it as well
    figures = tuple(
        replace(f, amount_yuan=f.amount_yuan + moved[f.item]) if f.statement == T5 and f.item in moved else f
        for f in found.figures
    )
    proof = proven(replace(found, figures=figures))
    doubtful = {
        i for n in (n for f in proof.faults if not f.is_unique for n in f.checks) for i, _ in proof.checks[n].cells
    }
    assert all(proof.status[i] != "proven" for i in doubtful)


def test_a_row_printed_twice_is_the_publishers() -> None:
    rows = [*T5_ROWS, T5_ROWS[-1].replace("5|", "6|", 1)]
    found = ledger(read(SOUND.replace(statement("T5", T5_ROWS), statement("T5", rows))))
    assert {(one.item, one.row_number, one.verdict) for one in found} == {("2010302", 6, "publisher")}


def test_meetings_and_training_below_a_total_of_the_three_are_lawful() -> None:
    rows = ["1|合计|24.00|24.00||", "2|“三公”经费小计|24.00|24.00||", "3|一、因公出国（境）费||||",
            "4|二、公务用车购置及运行维护费|20.00|20.00||", "5|公务用车购置||||", "6|公务用车运行维护费|20.00|20.00||",
            "7|三、公务接待费|4.00|4.00||", "8|四、会议费|7.00|7.00||", "9|五、培训费|5.00|5.00||"]  # fmt: skip
    assert ledger(read(statement("T9", rows))) == []
    without = [row for row in rows if not row.startswith("2|")]
    assert ledger(read(statement("T9", without))) == []
    assert ledger(read(statement("T9", [rows[0].replace("24.00", "36.00"), *rows[1:]]))) == []
    assert ledger(read(statement("T9", [rows[0].replace("24.00", "30.00"), *rows[1:]]))) != []


def test_the_row_of_the_total_has_all_its_names() -> None:
    assert TOTAL.split("|")[2] == "合计"


def test_a_statement_is_not_of_another_draft_because_the_other_one_is() -> None:
    """T6 and T5 differ, and T5 from the others too: T6 may well be right."""
    text = SOUND.replace(
        statement("T5", T5_ROWS),
        statement("T5", [row.replace("60.00", "63.00").replace("100.00", "103.00") for row in T5_ROWS]),
    )
    assert {one.statement for one in ledger(read(text)) if one.verdict == "publisher"} <= {T5}


def test_a_statement_is_not_of_another_draft_because_the_other_one_prints_nothing_there() -> None:
    blank = [row.replace(f"|{row.split('|')[3]}|", "||", 1) for row in T5_ROWS]
    found = ledger(read(SOUND.replace(statement("T5", T5_ROWS), statement("T5", blank))))
    assert not [one for one in found if one.item == "statement" and one.verdict == "publisher"]


def test_a_part_of_a_doubtful_total_is_not_proven() -> None:
    """The row says 110, its income 100: one of its two kinds of spending is wrong as well."""
    income = [f"{row}|100.00|100.00|100.00|||||||" for row in ("1||合计", "2|2010301|行政运行")]
    spent = ["1||合计|110.00|60.00|50.00|||", "2|2010301|行政运行|110.00|60.00|50.00|||"]
    proof = proven(read(statement("T2", income) + statement("T3", spent)))
    levels = {(f.item, f.measure): s for f, s in zip(proof.figures, proof.status, strict=True) if f.statement == T3}
    assert "proven" not in levels.values()

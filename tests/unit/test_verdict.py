"""Who is to blame for a fault: the publisher only where nothing else can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.documents.model import Issue
from pipeline.forms.disclosure import MISSING_STATEMENT, Choice, Disclosure
from pipeline.proof.prove import prove
from pipeline.proof.verdict import Erratum, errata
from tests.support import HEBEI, T5_ROWS, TOTAL, read, statement

WRONG = ("2|201|一般公共服务支出|100.00|70.00|40.00", *T5_ROWS[2:])


def found(disclosure: Disclosure, format: str = "docx") -> list[Erratum]:
    return errata(disclosure, prove(disclosure, HEBEI.units), format)


def t5(*rows: str, after: str = "") -> Disclosure:
    return read(statement("T5", rows, after=after))


def doubted(disclosure: Disclosure, issue: Issue) -> Disclosure:
    return replace(disclosure, issues=(*disclosure.issues, issue))


DOUBT = Issue("warning", "a cell for a number holds something else", "x", statement="general_public_expenditure")
ONE_CELL = t5(TOTAL, *WRONG)


def test_a_sound_statement_has_no_erratum() -> None:
    assert found(t5(*T5_ROWS)) == []


def test_one_wrong_cell_in_a_clean_statement_is_the_publishers() -> None:
    (one,) = found(ONE_CELL)
    assert (one.item, one.measure, one.row_number, one.row_label) == ("201", "basic", 2, "一般公共服务支出")
    assert (one.published_text, one.published_yuan, one.implied_yuan) == (
        "70.00",
        Decimal("700000.00"),
        Decimal("600000.00"),
    )
    assert one.verdict == "publisher"
    assert set(one.identity_ids) == {"4.general_public", "7.general_public"}
    assert one.figure is not None and one.figure.text_as_printed == "70.00"


def test_columns_in_an_order_of_another_edition_leave_an_erratum_certain() -> None:
    header = ["序号|科目编码|科目名称|合计|项目支出|基本支出", "栏次|1|2|3|4|5"]
    cells = (row.split("|") for row in (TOTAL, *WRONG))
    rows = ["|".join([*head, total, project, basic]) for *head, total, basic, project in cells]
    (one,) = found(read(statement("T5", rows, header=header)))
    assert (one.item, one.measure, one.published_text, one.verdict) == ("201", "basic", "70.00", "publisher")


def test_the_evidence_names_the_sums_both_numbers_and_the_slip() -> None:
    (one,) = found(ONE_CELL)
    assert "7.general_public [201] 合计 = 基本支出 + 项目支出" in one.evidence
    assert "1,000,000.00 ≠ 1,100,000.00" in one.evidence
    assert "With 600,000.00 instead of 700,000.00" in one.evidence
    assert "(one digit differs)" in one.evidence


@pytest.mark.parametrize(
    ("printed", "slip"),
    [("6.00", "the decimal point is moved"), ("59.00", ""), ("600.00", "the decimal point is moved")],
)
def test_a_simple_slip_is_named_and_no_other_is(printed: str, slip: str) -> None:
    (one,) = found(t5(TOTAL, WRONG[0].replace("70.00", printed), *T5_ROWS[2:]))
    assert slip in one.evidence
    assert one.evidence.endswith(f"({slip})" if slip else "holds")


def test_transposed_digits_are_named() -> None:
    rows = (row.replace("60.00", "61.00").replace("100.00", "101.00") for row in T5_ROWS)
    total, row, *rest = rows
    (one,) = found(t5(total, row.replace("61.00", "16.00"), *rest))
    assert one.evidence.endswith("(two digits are transposed)")


def test_a_doubt_about_the_statement_leaves_it_undecided() -> None:
    (one,) = found(doubted(ONE_CELL, DOUBT))
    assert one.verdict == "undecided"


@pytest.mark.parametrize(
    "harmless",
    [replace(DOUBT, severity="info"), replace(DOUBT, what=MISSING_STATEMENT), replace(DOUBT, statement="revenue")],
)
def test_a_note_or_a_doubt_about_another_statement_does_not(harmless: Issue) -> None:
    (one,) = found(doubted(ONE_CELL, harmless))
    assert one.verdict == "publisher"


@pytest.mark.parametrize("issue", [DOUBT, replace(DOUBT, statement="revenue"), replace(DOUBT, statement=None)])
def test_a_damaged_capture_never_accuses(issue: Issue) -> None:
    damaged = doubted(ONE_CELL, issue)
    here = issue.statement == "general_public_expenditure"
    assert [one.verdict for one in found(damaged, "text")] == ["extraction" if here else "undecided"]


def test_an_undamaged_capture_may() -> None:
    assert [one.verdict for one in found(ONE_CELL, "text")] == ["publisher"]


def test_a_reading_that_the_sums_had_to_choose_is_never_the_publishers() -> None:
    """Its own row chose the reading; the sum of the column says another one."""
    disclosure = t5(TOTAL, *WRONG)
    (wrong,) = [f for f in disclosure.figures if (f.item, f.measure) == ("201", "basic")]
    other = replace(wrong, text_as_printed="60.00", amount_yuan=Decimal("600000.00"))
    rest = tuple(f for f in disclosure.figures if f is not wrong)
    open_cell = replace(disclosure, figures=rest, choices=(Choice(DOUBT, 1, ((wrong,), (other,))),))
    assert found(doubted(open_cell, DOUBT)) == []  # 60.00 stands, and all holds
    assert {one.verdict for one in found(doubted(replace(open_cell, choices=()), DOUBT))} == {"undecided"}


def test_a_fault_without_a_unique_set_names_every_candidate_and_no_amount() -> None:
    t5 = statement("T5", ["1||合计|150.00|100.00|50.00"])
    t6 = statement("T6", ["1||合计|90.00|90.00|"])
    (one,) = found(read("\n".join((t5, t6))))
    assert (one.verdict, one.implied_yuan, one.identity_ids) == ("undecided", None, ("16",))
    assert "any of these changes would mend it" in one.evidence
    assert "general_public_expenditure.total.basic −100,000.00" in one.evidence
    assert "basic_expenditure.total.total +100,000.00" in one.evidence


def test_what_may_be_carried_out_is_no_error() -> None:
    t2 = statement("T2", ["1||合计|100.00|||||||||"])
    t3 = statement("T3", ["1||合计|90.00|||||"])
    assert found(read("\n".join((t2, t3)))) == []


def test_a_blank_that_should_hold_a_number_is_an_erratum_without_a_figure() -> None:
    (one,) = found(t5(TOTAL, WRONG[0].replace("70.00", ""), *T5_ROWS[2:]))
    assert (one.figure, one.published_text, one.published_yuan) == (None, None, None)
    assert (one.implied_yuan, one.row_label, one.verdict) == (Decimal(600_000), "一般公共服务支出", "publisher")
    assert "instead of a blank" in one.evidence


def test_exchanged_columns_are_one_erratum_that_accuses_nobody() -> None:
    def exchanged(row: str) -> str:
        first = row.split("|")
        return "|".join((*first[:4], first[5], first[4]))

    t6 = statement("T6", ["1||合计|60.00|60.00|", "2|301|工资福利支出|60.00|60.00|", "3|30101|基本工资|60.00|60.00|"])
    t3 = statement("T3", [f"{row}|||" for row in T5_ROWS])
    t2 = statement("T2", [f"{row.rsplit('|', 2)[0]}|100.00|100.00|||||||" for row in (TOTAL, T5_ROWS[1])])
    sound = [t2, t3, statement("T5", T5_ROWS), t6, statement("T7"), statement("T8")]
    assert [one for one in found(read("\n".join(sound))) if one.statement == "general_public_expenditure"] == []
    sound[2] = statement("T5", [exchanged(row) for row in T5_ROWS])
    wrong = [one for one in found(read("\n".join(sound))) if "general_public_expenditure" in one.evidence]
    assert [(one.verdict, one.implied_yuan) for one in wrong] == [("undecided", None)]
    assert "two columns hold each other's numbers: basic and project of general_public_expenditure" in wrong[0].evidence


def by_measure(errata_found: list[Erratum]) -> Mapping[str, Erratum]:
    assert len({one.measure for one in errata_found}) == len(errata_found)
    return {one.measure: one for one in errata_found}


def test_a_printed_code_that_its_label_contradicts_is_an_erratum() -> None:
    rows = [row.replace("2010301|行政运行", "2010310|行政运行") for row in T5_ROWS]
    one = by_measure(found(t5(*rows)))["code"]
    assert (one.published_text, one.item, one.identity_ids) == ("2010310", "2010301", ("30.code",))
    assert one.verdict == "publisher"
    assert "2010310 is not the code of 行政运行, which is 2010301" in one.evidence


@pytest.mark.parametrize(("format", "verdict"), [("docx", "undecided"), ("text", "undecided")])
def test_a_wrong_code_in_a_doubtful_statement_is_undecided(format: str, verdict: str) -> None:
    rows = [row.replace("2010301|行政运行", "2010310|行政运行") for row in T5_ROWS]
    assert by_measure(found(doubted(t5(*rows), DOUBT), format))["code"].verdict == verdict


NOTE = "注：本部门无一般公共预算财政拨款支出，空表列示。"


def test_a_note_that_contradicts_its_statement_is_an_erratum() -> None:
    one = by_measure(found(t5(*T5_ROWS, after=NOTE)))["note"]
    assert (one.verdict, one.identity_ids, one.published_text) == ("publisher", ("29.note",), NOTE)
    damaged = doubted(t5(*T5_ROWS, after=NOTE), DOUBT)
    assert by_measure(found(damaged, "text"))["note"].verdict == "undecided"


@pytest.mark.parametrize(("format", "verdict"), [("docx", "publisher"), ("text", "undecided")])
def test_a_text_capture_may_have_lost_all_of_a_column(format: str, verdict: str) -> None:
    four = [
        "1|一、一般公共预算拨款|100.00|一、一般公共服务支出|100.00|100.00||",
        "2|二、政府性基金预算拨款|40.00|十二、城乡社区支出|40.00|||",
        "3|本年收入合计|140.00|本年支出合计|140.00|100.00||",
        "4|收入总计|140.00|支出总计|140.00|100.00||",
    ]
    seven = ["1||合计|40.00||40.00", "2|212|城乡社区支出|40.00||40.00"]
    ledger = found(read(statement("T4", four) + statement("T5", T5_ROWS) + statement("T7", seven)), format)
    assert {(one.measure, one.verdict) for one in ledger} == {("government_fund", verdict)}


@pytest.mark.parametrize(("format", "verdict"), [("docx", "publisher"), ("text", "undecided")])
def test_a_code_without_its_last_level_may_be_what_a_text_capture_left_of_it(format: str, verdict: str) -> None:
    rows = [*T5_ROWS[:3], T5_ROWS[3].replace("2010301", "20103"), T5_ROWS[4]]
    codes = [one for one in found(t5(*rows), format) if one.identity_ids == ("30.code",)]
    assert [(one.published_text, one.verdict) for one in codes] == [("20103", verdict)]


def test_the_end_of_the_number_that_belongs_there_may_be_what_is_left_of_it() -> None:
    rows = [row.replace("100.00", "1100.00").replace("60.00", "1060.00") for row in T5_ROWS]
    (one,) = found(t5(rows[0], rows[1].replace("1060.00", "60.00"), *rows[2:]))
    assert (one.item, one.measure, one.published_text, one.verdict) == ("201", "basic", "60.00", "undecided")


@pytest.mark.parametrize(("format", "verdict"), [("docx", "publisher"), ("text", "undecided")])
def test_the_only_part_of_a_whole_is_not_wrong_where_a_text_capture_may_have_lost_another(
    format: str, verdict: str
) -> None:
    six = statement("T6", ["1||合计|60.00|60.00|", "2|301|工资福利支出|50.00|50.00|"])
    one, *_ = found(read(statement("T5", T5_ROWS) + six), format)
    assert (one.statement, one.item, one.verdict) == ("basic_expenditure", "301", verdict)

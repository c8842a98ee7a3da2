"""Rows on both sides of a page break: two rows, one row, or none that is loaded."""

from __future__ import annotations

from pipeline.forms.disclosure import Disclosure
from pipeline.forms.shortened import SHORTENED
from pipeline.forms.torn import JOINED, TORN
from pipeline.proof.prove import prove
from tests.support import HEADERS, HEBEI, T5_ROWS, amounts, doubts, read, statement

WHOLE = amounts(read(statement("T5", T5_ROWS)))
CUT_ROW = (3, "20103")


def over_two_pages(above: tuple[str, ...], below: tuple[str, ...], *, again: bool = False) -> Disclosure:
    """T5 whose table goes on behind a blank line, with its header or without."""
    head = "\n".join(row.replace("|", "\t") for row in (*(HEADERS["T5"] if again else ()), *below))
    return read(statement("T5", above, after=head))


def cut(above: str, below: str, *, again: bool = False) -> Disclosure:
    return over_two_pages((*T5_ROWS[:2], above), (below, *T5_ROWS[3:]), again=again)


def told(disclosure: Disclosure) -> list[str]:
    return [what for what, _ in doubts(disclosure)]


def without_row() -> dict[tuple[int, str, str], str]:
    return {place: amount for place, amount in WHOLE.items() if place[:2] != CUT_ROW}


def test_a_row_cut_through_all_its_cells_is_one_row() -> None:
    for again in (False, True):
        found = cut("3|201|政府办公厅(室)及|100.|60.0|4", "|03|相关机构事务|00|0|0.00", again=again)
        assert amounts(found) == WHOLE
        assert told(found)[0] == JOINED
        assert TORN not in told(found)


def test_numbers_cut_in_step_are_put_together() -> None:
    found = cut("3|20103|政府办公厅(室)及相关机构事务|100.0|60.0|40.0", "|||0|0|0")
    assert amounts(found) == WHOLE


def test_cells_that_stand_wholly_on_one_side() -> None:
    found = cut("||政府办公厅(室)及|||", "3|20103|相关机构事务|100.00|60.00|40.00")
    assert amounts(found) == WHOLE


def test_a_row_number_cut_in_two_is_one_and_the_rest_of_the_statement_is_read() -> None:
    rows = [f"{n}|{code}|{label}|1.00|1.00|" for n, (code, label) in enumerate(SUBJECTS, start=1)]
    whole = amounts(read(statement("T5", rows)))
    above = rows[10].replace("11|", "1|", 1)
    found = over_two_pages((*rows[:10], above), ("1|||||", *rows[11:]))
    assert amounts(found) == whole and len(whole) == 2 * len(rows)


def test_two_whole_rows_stay_two() -> None:
    found = over_two_pages(T5_ROWS[:3], T5_ROWS[3:])
    assert amounts(found) == WHOLE and doubts(found) == []


def test_pieces_that_do_not_fit_are_lost_with_an_error() -> None:
    found = cut("3|20103|政府办公厅(室)及相关机构事务|100.0|60.0|40.0", "|||00|00|00")
    assert amounts(found) == without_row()
    assert TORN in told(found)
    assert found.unread


def test_a_number_cut_off_above_a_whole_row_is_lost() -> None:
    found = over_two_pages((*T5_ROWS[:2], "3|20103|政府办公厅(室)及相关机构事务|100.0|60.0|40.0"), T5_ROWS[3:])
    assert amounts(found) == without_row()
    assert TORN in told(found)


def test_a_row_without_code_and_label_is_lost() -> None:
    found = cut("3|20103|政府办公厅(室)及相关机构事务|100.00|60.00|40.00", "|||7.00|7.00|")
    assert amounts(found) == WHOLE
    assert TORN in told(found)


SUBJECTS = (
    ("201", "一般公共服务支出"),
    ("20101", "人大事务"),
    ("2010101", "行政运行"),
    ("2010102", "一般行政管理事务"),
    ("20103", "政府办公厅(室)及相关机构事务"),
    ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"),
    ("204", "公共安全支出"),
    ("20406", "司法"),
    ("2040601", "行政运行"),
    ("2040602", "一般行政管理事务"),
    ("205", "教育支出"),
    ("20502", "普通教育"),
)


def test_a_capture_that_does_not_show_the_page_break() -> None:
    rows = [f"{n}|{code}|{label}|1.50|1.50|" for n, (code, label) in enumerate(SUBJECTS, start=1)]
    cut_rows = (*rows[:6], "7|2010|一般行政管理事务|1.5|1.5|", "|302||0|0|", *rows[7:])
    assert amounts(read(statement("T5", cut_rows))) == amounts(read(statement("T5", rows)))


def test_a_number_with_fewer_decimals_than_its_statement_is_told() -> None:
    short = statement("T5", (*T5_ROWS[:4], "5|2010302|一般行政管理事务|40.0||40.00"))
    assert (SHORTENED, "40.0") in doubts(read(short))
    assert not [what for what, _ in doubts(read(statement("T5", T5_ROWS))) if what == SHORTENED]


def test_numbers_shortened_in_step_do_not_confirm_each_other() -> None:
    """行政运行 and its parent, cut in a column too narrow for them."""
    rows = (
        "1||合计|160.25|60.00|100.25",
        "2|201|一般公共服务支出|160.25|60.00|100.25",
        "3|20103|政府办公厅(室)及相关机构事务|160.25|60.00|100.25",
        "4|2010301|行政运行|60.00|60.00|",
        "5|2010302|一般行政管理事务|50.25||50.25",
        "6|2010308|信访事务|50.00||50.00",
        "7|208|社会保障和就业支出|79.5||79.5",
        "8|20808|抚恤|79.5||79.5",
    )
    disclosure = read(statement("T5", rows))
    (proof,) = prove(disclosure, HEBEI.units)
    levels = {(f.item, f.text_as_printed): level for f, level in zip(proof.figures, proof.status, strict=True)}
    assert {level for (_, text), level in levels.items() if text == "79.5"} <= {"unproven", "contradicted"}

"""Where a fault is: small sheets whose sums say it, and sheets whose sums cannot."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipeline.forms.form import MEASURES
from pipeline.proof.engine import evaluate
from pipeline.proof.locate import Fault, Place, locate
from pipeline.proof.relations import Cell
from pipeline.proof.rows import Row
from pipeline.proof.sheet import Sheet

Figures = Mapping[tuple[str, str, str], int | None]  # statement, item, measure → fen; None: a blank cell
T1, T2, T3, T5, T6 = "budget_summary", "revenue", "expenditure", "general_public_expenditure", "basic_expenditure"
T9 = "three_public"


def sheet(figures: Figures, half: float = 0.0) -> Sheet:
    rows: dict[tuple[str, str], Row] = {}
    for statement, item, _ in figures:
        rows.setdefault((statement, item), Row(statement, len(rows) + 1, item, item if item.isdigit() else None))
    cells = [
        Cell((s, rows[s, item].order, item, m), fen, half) for (s, item, m), fen in figures.items() if fen is not None
    ]
    return Sheet(cells, rows.values(), {name: tuple(sorted(MEASURES[name])) for name, _, _ in figures})


def doubled(found: Sheet, statement: str, item: str) -> Sheet:
    """The row printed once more at the end."""
    again = [Cell((s, 99, i, m), c.fen) for c in found.cells for s, _, i, m in [c.slot] if (s, i) == (statement, item)]
    return Sheet([*found.cells, *again], [*found.rows, Row(statement, 99, item, item)], found.columns)


def faults(found: Sheet) -> list[Fault]:
    return locate(evaluate(found), found)


def named(found: Sheet, place: Place) -> str:
    statement, _, item, measure = found.cells[place].slot if isinstance(place, int) else place
    return f"{statement}.{item}.{measure}"


def unique(found: Sheet) -> list[dict[str, int]]:
    """Of each fault with one smallest set: its places and their changes."""
    return [{named(found, place): delta for place, delta in f.smallest[0]} for f in faults(found) if f.is_unique]


def statement(name: str, items: Mapping[str, int], *, measure: str = "basic") -> dict[tuple[str, str, str], int | None]:
    """A coded statement whose rows have one kind, and a total."""
    rows: dict[tuple[str, str, str], int | None] = {}
    for item, fen in {"total": sum(items.values()), **items}.items():
        rows |= {(name, item, "total"): fen, (name, item, measure): fen}
    return rows


LEAVES = {"201": 700, "203": 200, "208": 100}
SOUND = {**statement(T2, LEAVES, measure="other"), **statement(T3, LEAVES)}
SOUND |= {(T2, item, "current_year"): SOUND[T2, item, "total"] for item in ("total", *LEAVES)}


def test_where_everything_holds_there_is_no_fault() -> None:
    assert faults(sheet(SOUND)) == []


@pytest.mark.parametrize("place", SOUND, ids="-".join)
@pytest.mark.parametrize("by", [1, -50, 1_000_000])
def test_one_wrong_cell_is_found_whatever_it_is(place: tuple[str, str, str], by: int) -> None:
    found = sheet({**SOUND, place: (SOUND[place] or 0) + by})
    assert unique(found) == [{".".join(place): -by}]
    assert len(faults(found)) == 1


@pytest.mark.parametrize("place", SOUND, ids="-".join)
def test_a_blank_that_should_hold_a_number_is_found_with_the_number(place: tuple[str, str, str]) -> None:
    found = sheet({**SOUND, place: None})
    assert unique(found) == [{".".join(place): SOUND[place]}]


def test_two_independent_faults_are_two() -> None:
    wrong = {**SOUND, (T2, "203", "other"): 207, (T3, "208", "basic"): 90}
    found = sheet(wrong)
    assert unique(found) == [{"revenue.203.other": -7}, {"expenditure.208.basic": 10}]
    assert len(faults(found)) == 2


def test_a_wrong_grand_total_is_not_blamed_on_its_parts() -> None:
    figures = {(T1, "total_revenue", "revenue"): 1000, (T1, "total_expenditure", "expenditure"): 1000, **SOUND}
    figures |= {(T1, "current_year_revenue", "revenue"): 1000, (T1, "current_year_expenditure", "expenditure"): 1000}
    figures |= {(T1, "other", "revenue"): 1000} | {(T1, code, "expenditure"): fen for code, fen in LEAVES.items()}
    assert faults(sheet(figures)) == []
    found = sheet({**figures, (T1, "total_revenue", "revenue"): 1009})
    assert unique(found) == [{"budget_summary.total_revenue.revenue": -9}]


def test_a_pair_that_only_one_sum_joins_cannot_be_decided() -> None:
    found = sheet({(T9, "outbound", "total"): 700, (T9, "outbound_teaching", "total"): 710})
    (fault,) = faults(found)
    sets = {tuple((named(found, place), delta) for place, delta in changes) for changes in fault.smallest}
    assert sets == {(("three_public.outbound.total", 10),), (("three_public.outbound_teaching.total", -10),)}
    assert (fault.is_unique, fault.in_every_set) == (False, frozenset())


def test_no_set_of_changes_makes_an_amount_negative() -> None:
    """Only the blank can be at fault: the parts would have to be less than nothing."""
    found = sheet({(T6, "total", "total"): 50, (T6, "301", "total"): 80, (T6, "302", "total"): 0})
    for fault in faults(found):
        for changes in fault.smallest:
            for place, delta in changes:
                before = found.cells[place].fen if isinstance(place, int) else 0
                assert before + delta >= 0
    assert {named(found, p) for f in faults(found) for s in f.smallest for p, _ in s} == {
        "basic_expenditure.total.total",
        "basic_expenditure.301.total",
    }


def test_a_wrong_number_repeated_along_its_row_is_one_fault() -> None:
    wrong = {**SOUND, (T3, "203", "total"): 290, (T3, "203", "basic"): 290}
    assert unique(sheet(wrong)) == [{"expenditure.203.total": -90, "expenditure.203.basic": -90}]


def test_numbers_one_column_too_far_are_moved_back() -> None:
    shifted = {**SOUND, (T3, "203", "total"): None, (T3, "203", "basic"): 200, (T3, "203", "business"): 200}
    assert unique(sheet(shifted)) == [{"expenditure.203.total": 200, "expenditure.203.business": -200}]


def test_a_row_that_another_statement_prints_is_missed_by_its_code() -> None:
    dropped = {place: fen for place, fen in SOUND.items() if place[:2] != (T3, "203")}
    assert unique(sheet(dropped)) == [{"expenditure.203.total": 200, "expenditure.203.basic": 200}] or unique(
        sheet(dropped)
    ) == [{"expenditure.203.basic": 200, "expenditure.203.total": 200}]


def test_a_missing_row_without_a_code_is_never_blamed_on_its_only_neighbour() -> None:
    """Below 303 one of two rows is gone: no sum tells it from a wrong row beside it."""
    rows = {"303": 300, "30301": 300}
    found = sheet({**statement(T6, {}, measure="personnel"), **statement(T6, rows, measure="personnel"),
                   (T6, "total", "total"): 300, (T6, "total", "personnel"): 300,
                   (T6, "30301", "total"): 180, (T6, "30301", "personnel"): 180})  # fmt: skip
    (fault,) = faults(found)
    assert not fault.is_unique
    assert {named(found, place).split(".")[1] for changes in fault.smallest for place, _ in changes} == {
        "30301",
        "unprinted_below_303",
    }


def test_of_a_row_printed_twice_the_later_one_is_taken_out() -> None:
    found = doubled(sheet(SOUND), T3, "203")
    (fault,) = faults(found)
    assert fault.is_unique
    assert [(found.cells[p].slot[1], d) for p, d in fault.smallest[0] if isinstance(p, int)] == [(99, -200), (99, -200)]


def test_exchanged_columns_are_named_and_no_cell_is() -> None:
    kinds = {"basic": "project", "project": "basic"}
    rows = {**statement(T3, LEAVES), **statement(T5, LEAVES)}
    rows |= statement(T2, LEAVES, measure="fiscal_appropriation")
    rows |= {(T2, item, "current_year"): fen for (s, item, m), fen in rows.items() if (s, m) == (T2, "total")}
    rows |= {(name, "total", "total"): None for name in ("government_fund_expenditure", "state_capital_expenditure")}
    in_doubt = {(s, i, kinds.get(m, m) if s == T5 else m): fen for (s, i, m), fen in rows.items()}
    assert [f.exchanged for f in faults(sheet(in_doubt))] == [((T3, "basic", "project"), (T5, "basic", "project"))]
    rows |= {(T6, "total", "total"): 1000}  # basic expenditure once more
    assert faults(sheet(rows)) == []
    exchanged = {(s, i, kinds.get(m, m) if s == T5 else m): fen for (s, i, m), fen in rows.items()}
    found = faults(sheet(exchanged))
    assert [f.exchanged for f in found] == [((T5, "basic", "project"),)]
    assert all(not f.smallest and not f.is_unique for f in found)


def test_a_wrong_digit_within_the_rounding_of_all_its_sums_is_no_fault() -> None:
    figures: dict[tuple[str, str, str], int | None] = {
        (T3, "203", "total"): 101,
        (T3, "203", "basic"): 50,
        (T3, "203", "project"): 50,
    }
    assert faults(sheet(figures, half=0.5)) == []
    assert len(faults(sheet(figures, half=0.1))) == 1


def test_of_equal_sets_the_one_that_also_mends_what_holds_within_rounding_is_taken() -> None:
    """T6 and T5 differ; T5's own sum is off by as much as rounding allows, in the same direction."""
    figures: dict[tuple[str, str, str], int | None] = {
        (T6, "total", "total"): 101,
        (T5, "total", "total"): 153,
        (T5, "total", "basic"): 100,
        (T5, "total", "project"): 52,
    }
    assert unique(sheet(figures, half=0.5)) == [{"general_public_expenditure.total.basic": 1}]


def test_the_six_blank_totals_of_002_are_found_together_with_their_amounts() -> None:
    both = ("total", "general_public")
    blank = {(T9, item, m): None for item in ("total", "three_public_total", "vehicle_total") for m in both}
    printed = {(T9, item, m): fen for item, fen in {"vehicle_running": 24, "meeting": 59}.items() for m in both}
    implied = {"total": 83, "three_public_total": 24, "vehicle_total": 24}
    assert unique(sheet({**blank, **printed})) == [{f"{T9}.{i}.{m}": fen for i, fen in implied.items() for m in both}]


def test_a_tangle_of_faults_is_not_located() -> None:
    wrong = {place: (fen or 0) + 7 * (n + 1) ** 2 for n, (place, fen) in enumerate(SOUND.items())}
    assert unique(sheet(wrong)) == []
    assert faults(sheet(wrong)) != []


def test_sums_of_rounded_numbers_need_not_agree_about_the_number_that_is_wrong() -> None:
    rounded = {
        (T5, "total", "total"): 666_700,
        (T5, "201", "total"): 666_700,
        (T5, "20103", "total"): 766_700,  # 6,667 is what belongs there, its parts come to 6,666
        (T5, "2010301", "total"): 333_300,
        (T5, "2010302", "total"): 333_300,
    }
    assert unique(sheet(rounded, half=50)) == [{f"{T5}.20103.total": -100_000}]


def test_a_number_is_not_altered_only_to_keep_a_sum_that_holds() -> None:
    """What was not carried out explains any difference of one side: all that hangs together may be of another draft."""
    draft = {
        (T1, "201", "expenditure"): 10_300,
        (T1, "current_year_expenditure", "expenditure"): 10_300,
        (T1, "carryover_out", "expenditure"): 0,
        (T1, "total_expenditure", "expenditure"): 10_300,
        **{(name, item, "total"): 10_000 for name in (T2, T3) for item in ("total", "201", "20103", "2010301")},
    }
    assert unique(sheet(draft)) == []

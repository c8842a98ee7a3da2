"""identities.yaml and its engine: every identity holds and breaks on the smallest sheet that it applies to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.forms.form import MEASURES
from pipeline.proof.__main__ import BEGIN, DOCS, END, main, table, with_table
from pipeline.proof.check import Check
from pipeline.proof.engine import evaluate
from pipeline.proof.identity import IDENTITIES, Identity, IdentityError, Term, load_identities, parse_identities
from pipeline.proof.levels import proving_checks
from pipeline.proof.relations import Cell
from pipeline.proof.rows import Row
from pipeline.proof.sheet import Sheet

Place = tuple[str, str, str]  # statement, item, measure
T1, T2, T3, T4 = "budget_summary", "revenue", "expenditure", "appropriation_summary"
T5, T6, T7, T9 = "general_public_expenditure", "basic_expenditure", "government_fund_expenditure", "three_public"
NOTHING_LEFT: dict[Place, int | None] = {(T1, "carryover_out", "expenditure"): None}  # then T2 = T3
EXACT = 0.0  # half of the last printed digit, where rounding plays no part


def sheet(
    figures: Mapping[Place, int | None],
    half: float | Mapping[str, float] = EXACT,
    statements: Iterable[str] = (),
    without: Iterable[tuple[str, str]] = (),
) -> Sheet:
    """A sheet of these amounts; None is a blank cell of a printed row.

    A statement prints every measure that it may, but for those in ``without``.
    """
    rows: dict[tuple[str, str], Row] = {}
    for statement, item, _ in figures:
        code = item if item.isdigit() else None
        rows.setdefault((statement, item), Row(statement, len(rows) + 1, item, code))
    cells = [
        Cell(
            (statement, rows[statement, item].order, item, measure),
            fen,
            half if isinstance(half, float) else half[statement],
        )
        for (statement, item, measure), fen in figures.items()
        if fen is not None
    ]
    printed = {statement for statement, _, _ in figures} | set(statements)
    columns = {name: tuple(m for m in sorted(MEASURES[name]) if (name, m) not in without) for name in printed}
    return Sheet(cells, rows.values(), columns)


def identity(name: str) -> Identity:
    (found,) = [i for i in load_identities() if i.id == name]
    return found


def check(found: Sheet, name: str, subject: str = "", measure: str | None = None) -> Check:
    (one,) = [
        c
        for c in evaluate(found, [identity(name)])
        if c.subject == subject and (measure is None or c.measure == measure)
    ]
    return one


def status(found: Sheet, name: str, subject: str = "", measure: str | None = None) -> str:
    return check(found, name, subject, measure).status


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────


def raw_identities() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(IDENTITIES.read_text("utf-8"))["identities"]
    return found


def test_every_key_that_the_engine_knows_is_used_by_an_identity() -> None:
    from pipeline.proof.identity import _KEYS

    assert {key for raw in raw_identities() for key in raw} == _KEYS


def test_every_number_of_the_issue_has_an_identity_and_no_other_number_has() -> None:
    numbers = {int(i.id.split(".")[0]) for i in load_identities()}
    assert numbers == {*range(1, 17), 26, 27, 28, 31}


def test_the_soft_ones_are_those_that_the_issue_calls_soft() -> None:
    beside = {"11.carryover_in", "11.carryover_out", "13.appropriation"}  # of hard numbers, and only worth a look
    soft = {int(i.id.split(".")[0]) for i in load_identities() if i.severity == "soft" and i.id not in beside}
    hard = {int(i.id.split(".")[0]) for i in load_identities() if i.severity == "hard"}
    assert (soft, soft & hard) == ({26, 27, 28}, set())


def test_only_statements_and_measures_of_the_contract_are_named() -> None:
    named = {
        (statement, measure)
        for i in load_identities()
        for term in (*i.left, *i.right)
        for statement in term.statements
        for measure in term.measures
        if measure != "$measure"
    }
    assert {(statement, measure) for statement, measure in named if measure not in MEASURES[statement]} == set()


GOOD = "identities: [{id: a, says: x, left: [{in: revenue, item: total, measure: total}], right: []}]"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (GOOD.replace("says: x", "says: x, sayz: y"), "unknown keys"),
        (GOOD.replace("item: total", "item: total, itm: y"), "a term has unknown keys"),
        (GOOD.replace("]}]", "]}, {id: a, says: y, left: [], right: []}]"), "two identities have the same id"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(text: str, what: str) -> None:
    assert len(parse_identities(GOOD)) == 1
    with pytest.raises(IdentityError, match=what):
        parse_identities(text)


def test_an_unknown_repetition_is_refused() -> None:
    wrong = replace(identity("3"), each="moon")
    with pytest.raises(IdentityError, match="each is 'moon'"):
        evaluate(sheet({(T1, "total_revenue", "revenue"): 1}), [wrong])


# ── every identity, holding and broken ──────────────────────────────────────────────────────────────────────────

ROWS = {T1: "201", T2: "2010301", T3: "2010301", T4: "201", T6: "30101", T9: "reception"}
PARTS = {T6: ("301", "302")}


def places(i: Identity, terms: Iterable[Term]) -> list[Place]:
    """The places of one side, with the variables bound; where a line stands for those below it, only these."""
    found: list[Place] = []
    measure = (i.only or tuple(sorted(MEASURES[i.of])))[0] if i.of else ""
    row = ROWS.get(i.of or "", "2010301")
    classes = ("201", "203")
    for term in terms:
        uppers = {upper for upper, _ in term.upper_only}
        for statement in term.statements:
            bound = {
                "$row": (row,),
                "$parent": ("total",),
                "$children": PARTS.get(statement, classes),
                "$class": ("201",),
                "$code": ("201",),
                "$classes": classes,
            }
            for name in term.items:
                for item in bound.get(name, () if name in uppers else (name,)):
                    found += [(statement, item, m) for m in (measure if m == "$measure" else m for m in term.measures)]
    return found


def smallest(i: Identity) -> tuple[dict[Place, int | None], list[Place], list[Place]]:
    """The amounts of a sheet on which the identity holds, and its two sides."""
    left, right = places(i, i.left), places(i, i.right)
    figures: dict[Place, int | None] = {place: 10_000 * (n + 1) for n, place in enumerate(right)}
    whole = sum(10_000 * (n + 1) for n in range(len(right)))
    figures |= {place: 100 * (n + 1) for n, place in enumerate(left[:-1])}
    figures[left[-1]] = whole - sum(100 * (n + 1) for n in range(len(left) - 1))
    for statement, what, name in (*i.if_printed, *i.if_any_printed[:1]):
        if what == "item" and not any(place[:2] == (statement, name) for place in figures):
            figures[statement, name, "total" if statement == T4 else sorted(MEASURES[statement])[0]] = None
    for sums in i.if_same:
        figures |= {side[0]: 7 for side in sums}
    told = (*i.if_nil, *(i.unless_nil_parts[:1] if i.unless_nil_parts else ()))
    figures |= {place: None for place in told if place not in figures}
    if i.appropriations_only:
        figures |= {(T2, "total", "total"): 5, (T2, "total", "fiscal_appropriation"): 5}
    return figures, left, right


def unprinted(i: Identity) -> set[tuple[str, str]]:
    return {(statement, name) for statement, what, name in i.unless_printed if what == "measure"}


@pytest.mark.parametrize("i", load_identities(), ids=lambda i: i.id)
def test_an_identity_holds_on_its_smallest_sheet(i: Identity) -> None:
    figures, left, right = smallest(i)
    found = sheet(figures, statements=i.statements, without=unprinted(i))
    checks = [c for c in evaluate(found, [i]) if c.status != "not_applicable"]
    assert {c.status for c in checks} == {"exact"}
    own = {(s, item, m) for c in checks for n, _ in c.cells for s, _, item, m in [found.cells[n].slot]}
    assert own == {*left, *right}


@pytest.mark.parametrize("i", [i for i in load_identities() if not i.at_most], ids=lambda i: i.id)
def test_a_change_of_any_of_its_cells_breaks_an_identity(i: Identity) -> None:
    figures, left, right = smallest(i)
    for place in (*left, *right):
        changed = {**figures, place: (figures[place] or 0) + 1}
        assert "broken" in {
            c.status for c in evaluate(sheet(changed, statements=i.statements, without=unprinted(i)), [i])
        }, place


@pytest.mark.parametrize("i", [i for i in load_identities() if i.at_most], ids=lambda i: i.id)
def test_a_bound_breaks_only_upwards_and_proves_nothing(i: Identity) -> None:
    figures, left, _ = smallest(i)
    more, less = ({**figures, left[-1]: (figures[left[-1]] or 0) + by} for by in (1, -1))
    assert [c.status for c in evaluate(sheet(more, statements=i.statements, without=unprinted(i)), [i])] == ["broken"]
    checks = evaluate(sheet(less, statements=i.statements, without=unprinted(i)), [i])
    assert [c.status for c in checks] == ["exact"]
    assert proving_checks(checks) == {}


@pytest.mark.parametrize("i", load_identities(), ids=lambda i: i.id)
def test_an_identity_does_not_apply_without_one_of_its_statements(i: Identity) -> None:
    figures, _, _ = smallest(i)
    for missing in i.statements:
        rest = {place: fen for place, fen in figures.items() if place[0] != missing}
        (one,) = evaluate(sheet(rest, statements=i.statements - {missing}), [i])
        assert one.status == "not_applicable"


# ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_whole_may_stand_alone_but_its_parts_may_not() -> None:
    row = {(T3, "2010301", "total"): 100, (T3, "2010301", "basic"): None}
    assert status(sheet(row), "6") == "not_applicable"
    assert status(sheet({**row, (T3, "2010301", "basic"): 100}), "6", "2010301") == "exact"
    parts = {(T3, "2010301", "total"): None, (T3, "2010301", "basic"): 100}
    assert status(sheet(parts), "6", "2010301") == "broken"


@pytest.mark.parametrize("measure", ["total", "general_public"])
def test_the_parts_stand_for_a_blank_subtotal(measure: str) -> None:
    """002's three public expenses: 24 for running vehicles, 59 for meetings, every subtotal and the total blank."""
    running, meeting = 2_400, 5_900
    figures: dict[Place, int | None] = {
        (T9, item, measure): None for item in ("total", "three_public_total", "outbound", "vehicle_total", "reception")
    }
    figures |= {(T9, "vehicle_running", measure): running, (T9, "meeting", measure): meeting}
    found = sheet(figures)
    implied = {name: check(found, f"10.{name}", measure=measure) for name in ("vehicle", "subtotal", "total")}
    assert {name: (c.status, c.left, c.right) for name, c in implied.items()} == {
        "vehicle": ("broken", 0, 2_400),
        "subtotal": ("broken", 0, 2_400),
        "total": ("broken", 0, 8_300),
    }
    printed = {(T9, "vehicle_total", measure): 2_400, (T9, "three_public_total", measure): 2_400}
    whole = sheet({**figures, **printed, (T9, "total", measure): 8_300})
    assert {status(whole, f"10.{name}", measure=measure) for name in implied} == {"exact"}


def test_a_three_public_table_without_its_subtotal_is_proven_by_its_lines() -> None:
    lines = {(T9, "outbound", "total"): 100, (T9, "vehicle_total", "total"): 200, (T9, "reception", "total"): 50}
    assert status(sheet({(T9, "total", "total"): 350, **lines}), "10.direct", measure="total") == "exact"
    assert status(sheet({(T9, "total", "total"): 360, **lines}), "10.direct", measure="total") == "broken"
    found = sheet({(T9, "total", "total"): 350, **lines})
    assert {status(found, f"10.{name}") for name in ("total", "subtotal")} == {"not_applicable"}
    subtotal = sheet({(T9, "total", "total"): 350, (T9, "three_public_total", "total"): 350, **lines})
    assert status(subtotal, "10.direct") == "not_applicable"


def test_carry_over_out_lifts_the_equality_of_income_and_spending() -> None:
    figures: dict[Place, int | None] = {(T1, "carryover_out", "expenditure"): None}
    figures |= {(T2, "201", "total"): 100, (T3, "201", "total"): 70}
    assert status(sheet(figures), "13", "201") == "broken"
    assert status(sheet({**figures, (T1, "carryover_out", "expenditure"): 30}), "13") == "not_applicable"
    assert status(sheet({**figures, (T1, "carryover_out", "expenditure"): 0}), "13", "201") == "broken"


def test_carry_over_joins_both_totals() -> None:
    figures: dict[Place, int | None] = {
        (T1, "current_year_revenue", "revenue"): 80,
        (T1, "current_year_expenditure", "expenditure"): 70,
        (T1, "carryover_in", "revenue"): 20,
        (T1, "carryover_out", "expenditure"): 30,
        (T1, "total_revenue", "revenue"): 100,
        (T1, "total_expenditure", "expenditure"): 100,
    }
    assert {status(sheet(figures), name) for name in ("1.total", "2.total", "3")} == {"exact"}
    for place in ((T1, "carryover_in", "revenue"), (T1, "carryover_out", "expenditure")):
        side = "1.total" if place[2] == "revenue" else "2.total"
        assert status(sheet({**figures, place: None}), side) == "broken"


def test_a_subtotal_that_only_one_half_prints_is_missing_in_the_other() -> None:
    lines: dict[Place, int | None] = {(T1, "fiscal_appropriation", "revenue"): 80, (T1, "total_revenue", "revenue"): 80}
    assert status(sheet(lines), "1.direct") == "exact"
    assert status(sheet(lines), "1.lines") == "not_applicable"
    half = {**lines, (T1, "current_year_expenditure", "expenditure"): 80}
    assert status(sheet(half), "1.direct") == "not_applicable"
    assert status(sheet(half), "1.lines") == "broken"


def test_lines_below_a_printed_line_are_not_counted_again() -> None:
    figures: dict[Place, int | None] = {
        (T1, "fiscal_appropriation", "revenue"): 90,
        (T1, "general_public_appropriation", "revenue"): 60,
        (T1, "government_fund_appropriation", "revenue"): 30,
        (T1, "other", "revenue"): 10,
        (T1, "current_year_revenue", "revenue"): 100,
    }
    assert {status(sheet(figures), name) for name in ("1.lines", "1.appropriation")} == {"exact"}
    without = {place: fen for place, fen in figures.items() if place[1] != "fiscal_appropriation"}
    assert status(sheet(without), "1.lines") == "exact"


@pytest.mark.parametrize("carried", [None, 0, 7])
def test_the_funds_of_a_carry_over_are_asked_only_where_it_is_split(carried: int | None) -> None:
    figures: dict[Place, int | None] = {
        (T4, "general_public_appropriation", "revenue"): 100,
        (T4, "carryover_in", "revenue"): carried,
        (T4, "total_expenditure", "general_public"): 100 + (carried or 0),
    }
    assert status(sheet(figures), "9.general_public") == ("not_applicable" if carried else "exact")
    split = {**figures, (T4, "carryover_in_general_public", "revenue"): carried}
    assert status(sheet(split), "9.general_public") == "exact"


@pytest.mark.parametrize("fund", ["general_public", "government_fund", "state_capital"])
def test_every_fund_has_its_own_balance_and_its_own_statement(fund: str) -> None:
    figures: dict[Place, int | None] = {
        (T4, f"{fund}_appropriation", "revenue"): 100,
        (T4, "201", fund): 100,
        (T4, "total_expenditure", fund): 100,
        (f"{fund}_expenditure", "201", "total"): 100,
        (f"{fund}_expenditure", "total", "total"): 100,
    }
    found = sheet(figures)
    assert status(found, f"9.{fund}") == status(found, f"14.{fund}_direct") == "exact"
    assert status(found, f"14.{fund}", "201") == status(found, f"4.{fund}", "total", "total") == "exact"
    wrong = {**figures, (f"{fund}_expenditure", "201", "total"): 101}
    assert status(sheet(wrong), f"14.{fund}", "201") == "broken"


def test_equality_with_the_appropriations_is_asked_only_of_those_who_have_nothing_else() -> None:
    figures: dict[Place, int | None] = {
        (T2, "total", "total"): 100,
        (T2, "total", "fiscal_appropriation"): 100,
        (T3, "201", "basic"): 100,
        (T5, "201", "basic"): 60,
        (T7, "201", "basic"): 40,
        ("state_capital_expenditure", "201", "basic"): None,
    }
    assert (status(sheet(figures), "15.basic", "201"), status(sheet(figures), "15.basic_bound", "201")) == (
        "exact",
        "exact",
    )
    more = {**figures, (T7, "201", "basic"): 41}
    assert (status(sheet(more), "15.basic", "201"), status(sheet(more), "15.basic_bound", "201")) == (
        "broken",
        "broken",
    )
    others = {**figures, (T2, "total", "total"): 110, (T3, "201", "basic"): 110}
    assert status(sheet(others), "15.basic") == "not_applicable"
    assert status(sheet(others), "15.basic_bound", "201") == "exact"
    carried = {**figures, (T1, "carryover_in", "revenue"): 5}
    assert status(sheet(carried), "15.basic") == "not_applicable"


KINDS: dict[Place, int | None] = {
    (T1, "total_expenditure", "expenditure_personnel"): 70,
    (T1, "total_expenditure", "expenditure_public"): 30,
    (T1, "total_expenditure", "expenditure"): 150,
    (T3, "total", "total"): 150,
    (T3, "total", "basic"): 100,
    (T5, "total", "total"): 150,
    (T5, "total", "basic"): 100,
    (T6, "total", "personnel"): 70,
    (T6, "total", "public"): 30,
}


@pytest.mark.parametrize("name", ["personnel", "public"])
def test_the_kinds_of_t1_are_those_of_t6_where_all_is_paid_from_the_general_public_budget(name: str) -> None:
    rule = f"31.{name}_total"
    assert status(sheet(KINDS), rule) == "exact"
    wrong = {**KINDS, (T1, "total_expenditure", f"expenditure_{name}"): 101}
    assert status(sheet(wrong), rule) == "broken"
    for place in ((T3, "total", "basic"), (T3, "total", "total")):  # something else pays as well
        assert status(sheet({**wrong, place: 160}), rule) == "not_applicable"
    for place in ((T1, "total_expenditure", f"expenditure_{name}"), (T6, "total", name)):  # not printed is not nil
        assert status(sheet({**KINDS, place: None}), rule) == "not_applicable"


# ── rows that are not there ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_known_to_be_nil_lets_an_identity_count_only_where_it_holds() -> None:
    """Without T1 nobody knows what is carried out, unless the totals of T2 and T3 agree."""
    figures: dict[Place, int | None] = {(T2, "201", "total"): 100, (T3, "201", "total"): 70}
    assert status(sheet(figures), "13") == "not_applicable"
    assert status(sheet({**figures, (T3, "201", "total"): 100}), "13", "201") == "exact"
    assert status(sheet(dict.fromkeys(figures, 0)), "13") == "not_applicable"
    totals = {(name, "total", "total"): 200 for name in (T2, T3)}
    assert status(sheet({**figures, **totals}), "13", "201") == "broken"


def test_a_blank_row_and_a_row_that_is_not_printed_differ() -> None:
    figures: dict[Place, int | None] = {(T2, "201", "total"): None, (T3, "201", "total"): 100, **NOTHING_LEFT}
    blank = check(sheet(figures), "13", "201")
    assert (blank.status, [slot[1] for slot, _ in blank.blanks]) == ("broken", [1])
    del figures[T2, "201", "total"]
    gone = check(sheet({(T2, "203", "total"): None, **figures}), "13", "201")
    assert (gone.status, [slot[1] for slot, _ in gone.blanks]) == ("broken", [0])


def test_a_class_of_which_only_the_parts_are_printed_is_missed() -> None:
    figures: dict[Place, int | None] = {
        (T6, "total", "total"): 100,
        (T6, "301", "total"): 60,
        (T6, "30101", "total"): 60,
        (T6, "30201", "total"): 40,
    }
    found = sheet(figures)
    assert status(found, "8.rows", "302", "total") == "broken"
    assert status(found, "8.rows", "total", "total") == "broken"
    assert status(sheet({**figures, (T6, "302", "total"): 40}), "8.rows", "302", "total") == "exact"


def test_levels_that_a_statement_does_not_print_are_not_missed() -> None:
    figures: dict[Place, int | None] = {
        (T6, "total", "total"): 100,
        (T6, "30101", "total"): 60,
        (T6, "30201", "total"): 40,
    }
    assert [c.status for c in evaluate(sheet(figures), [identity("8.rows")]) if c.measure == "total"] == ["exact"]


def test_each_row_is_the_sum_of_the_rows_directly_below_it() -> None:
    figures: dict[Place, int | None] = {(T3, "total", "basic"): 100, (T3, "201", "basic"): 100}
    figures |= {(T3, "20103", "basic"): 70, (T3, "2010301", "basic"): 70, (T3, "20105", "basic"): 30}
    found = {c.subject: c.status for c in evaluate(sheet(figures), [identity("4.expenditure")]) if c.measure == "basic"}
    assert found == {"total": "exact", "201": "exact", "20103": "exact"}
    doubled = sheet(figures)
    again = Row(T3, 99, "20105", "20105")
    doubled = Sheet([*doubled.cells, Cell((T3, 99, "20105", "basic"), 30)], [*doubled.rows, again], doubled.columns)
    assert status(doubled, "4.expenditure", "201", "basic") == "broken"


def test_a_spending_line_that_is_no_class_belongs_to_the_sum() -> None:
    figures: dict[Place, int | None] = {
        (T1, "201", "expenditure"): 70,
        (T1, "unrecognised_9", "expenditure"): 30,
        (T1, "current_year_expenditure", "expenditure"): 100,
    }
    assert status(sheet(figures), "2.lines", measure="expenditure") == "exact"


# ── rounding ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sum_may_hold_within_rounding_and_that_proves_nothing() -> None:
    parts: dict[Place, int | None] = {(T3, "201", "total"): 101, (T3, "201", "basic"): 50, (T3, "201", "project"): 50}
    checks = evaluate(sheet(parts, 0.5), [identity("6")])
    assert [c.status for c in checks] == ["within_rounding"]
    assert proving_checks(checks) == {}
    far = {**parts, (T3, "201", "total"): 102}
    assert [c.status for c in evaluate(sheet(far, 0.5), [identity("6")])] == ["broken"]


def test_copies_in_one_unit_agree_to_the_last_digit_and_across_units_within_rounding() -> None:
    figures: dict[Place, int | None] = {(T2, "201", "total"): 1_234_600, (T3, "201", "total"): 1_234_567}
    figures |= NOTHING_LEFT
    assert status(sheet(figures, {T2: 50.0, T3: 0.5}), "13", "201") == "within_rounding"
    assert status(sheet(figures, {T2: 50.0, T3: 50.0}), "13", "201") == "broken"
    assert status(sheet({**figures, (T2, "201", "total"): 1_234_700}, {T2: 50.0, T3: 0.5}), "13", "201") == "broken"


def test_where_everything_is_blank_or_nil_nothing_is_checked() -> None:
    figures: dict[Place, int | None] = {(T2, "201", "total"): None, (T3, "201", "total"): None}
    assert status(sheet(figures), "13") == "not_applicable"
    assert status(sheet({**figures, (T3, "201", "total"): 0}), "13") == "not_applicable"
    both = {**NOTHING_LEFT, **dict.fromkeys(figures, 0)}
    assert status(sheet(both), "13", "201") == "exact"


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_of_the_docs_is_current() -> None:
    text = DOCS.read_text("utf-8")
    assert BEGIN in text and END in text
    assert text == with_table(text), "python -m pipeline.proof"


@pytest.mark.parametrize(("arguments", "status"), [([], None), (["--help"], 0), (["--chekc"], 2)])
def test_the_command_writes_the_page_only_where_nothing_else_is_asked(
    arguments: list[str], status: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "proof.md"
    old = f"before\n{BEGIN}old\n{END}after\n"
    page.write_text(old, "utf-8")
    monkeypatch.setattr("pipeline.proof.__main__.DOCS", page)
    if status is None:
        main(arguments)
    else:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == status
    assert page.read_text("utf-8") == (with_table(old) if status is None else old)


def test_the_table_has_every_identity_and_what_it_says() -> None:
    lines = table(load_identities()).splitlines()[2:]
    assert len(lines) == len(load_identities())
    assert "| `16` | T6 合计 = T5 基本支出 · basic expenditure in both | T5 T6 | hard |" in lines
    assert any(line.startswith("| `26.outbound` |") and line.endswith("| T6 T9 | soft, bound |") for line in lines)

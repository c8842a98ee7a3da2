"""Percentages, products and bounds; what numbers they allow; slips; rows that name their parent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.proof.engine import evaluate
from pipeline.proof.identity import parse_identities
from pipeline.proof.relations import Cell, Relation, Slot, feasible, holds, inside, linear_status
from pipeline.proof.rows import Link, Row
from pipeline.proof.sheet import Sheet
from pipeline.proof.slips import slip, slips_within

PREVIOUS: Relation = "percentage_of_previous"
CHANGE: Relation = "percentage_of_change"


def cell(text: str, order: int = 1, item: str = "x", measure: str = "amount", statement: str = "claim") -> Cell:
    """A number as printed, in its own unit."""
    places = len(text.partition(".")[2])
    scale = 10 ** max(2, places)
    return Cell((statement, order, item, measure), int(Decimal(text) * scale), scale / 10**places / 2, scale)


def cells(*texts: str) -> list[Cell]:
    return [cell(text) for text in texts]


def judged(relation: Relation, *texts: str) -> str | None:
    found = holds(relation, cells(*texts))
    return found[0] if found else None


# ── percentages ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("relation", "texts", "status"),
    [
        (PREVIOUS, ("17.93", "91.97", "77.99"), "exact"),
        (PREVIOUS, ("17.66", "91.97", "77.99"), "broken"),
        (PREVIOUS, ("-57.14", "25.77", "60.13"), "exact"),
        (PREVIOUS, ("57.14", "25.77", "60.13"), "broken"),  # an increase that is none
        (PREVIOUS, ("28", "0.64", "0.50"), "exact"),
        (PREVIOUS, ("26", "0.64", "0.50"), "within_rounding"),  # 0.635 / 0.505
        (PREVIOUS, ("100.00", "25.00", "0.00"), "broken"),
        (PREVIOUS, ("0", "0.00", "0.00"), "exact"),
        (PREVIOUS, ("5", "1.00", "-1.00"), None),
        (CHANGE, ("12.8", "2855.05", "324.09"), "exact"),
        (CHANGE, ("11.4", "2855.05", "324.09"), "broken"),  # of this year's figure
        (CHANGE, ("-50", "10", "-10"), "exact"),
        (CHANGE, ("100", "10", "10"), "broken"),
    ],
)
def test_a_percentage_is_the_change_by_what_was_there_before(
    relation: Relation, texts: tuple[str, str, str], status: str | None
) -> None:
    assert judged(relation, *texts) == status


AMOUNTS = st.integers(1, 10**8).map(lambda fen: Decimal(fen) / 100)


@given(AMOUNTS, AMOUNTS, st.integers(0, 2))
def test_a_percentage_rounded_from_the_unrounded_amounts_is_never_broken(now: Decimal, before: Decimal, n: int) -> None:
    digit = Decimal(1).scaleb(-n)
    printed = [((now - before) / before * 100).quantize(digit, ROUND_HALF_UP)]
    printed += [amount.quantize(Decimal("0.1"), ROUND_HALF_UP) for amount in (now, before)]
    assert judged(PREVIOUS, *map(str, printed)) != "broken" or printed[2] == 0
    changed = [printed[0], printed[1], (now - before).quantize(Decimal("0.1"), ROUND_HALF_UP)]
    found = judged(CHANGE, *map(str, changed))
    assert found != "broken" or changed[1] <= changed[2]


@given(AMOUNTS, AMOUNTS, st.sampled_from([PREVIOUS, "product"]))
def test_what_holds_is_among_the_feasible_numbers_of_each_place(a: Decimal, b: Decimal, relation: Relation) -> None:
    left = ((a - b) / b * 100 if relation == PREVIOUS else a * b).quantize(Decimal("0.01"), ROUND_HALF_UP)
    found = cells(str(left), str(a), str(b))
    values = [Fraction(c.fen, c.scale) for c in found]
    judgement = holds(relation, found)
    if judgement is not None and judgement[0] != "broken":
        for place in range(3):
            between = feasible(relation, found, values, place)
            assert between is not None and inside(values[place], between)


def test_the_numbers_that_would_make_a_percentage_right() -> None:
    found = cells("17.62", "3845.49", "43269.3")
    values = [Fraction(c.fen, c.scale) for c in found]
    between = feasible(PREVIOUS, found, values, 2)
    assert between is not None
    assert inside(Fraction("3269.3"), between) and not inside(Fraction("3268"), between)
    assert not inside(Fraction("3271"), between)


# ── products and sums ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("relation", "texts", "status"),
    [
        ("product", ("20.00", "20", "1.00"), "exact"),
        ("product", ("9.99", "450", "0.02"), "within_rounding"),
        ("product", ("19.99", "450", "0.02"), "broken"),
        ("product", ("1.125", "0.125", "9"), "exact"),
        ("product_at_most", ("13.68", "5", "2.74"), "exact"),
        ("product_at_most", ("15.68", "5", "2.74"), "broken"),
        ("product_at_least", ("13.00", "3", "4.00"), "exact"),
        ("product_at_least", ("10.00", "3", "4.00"), "broken"),
    ],
)
def test_a_product_is_as_exact_as_its_price(relation: Relation, texts: tuple[str, str, str], status: str) -> None:
    assert judged(relation, *texts) == status


def test_a_copy_in_another_unit_may_be_rounded_and_one_in_the_same_may_not() -> None:
    yuan, wan = Cell(("a", 1, "x", "m"), 87_708_000, 0.5), Cell(("b", 1, "x", "m"), 87_710_000, 5_000.0)
    assert linear_status(False, yuan.fen - wan.fen, [yuan, wan]) == "within_rounding"
    assert linear_status(False, yuan.fen - 87_700_000, [yuan, wan]) == "broken"
    assert linear_status(False, 1, [yuan, yuan]) == "broken"


# ── slips ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("published", "implied", "step", "kind"),
    [
        ("2312.92", "312.92", "0.01", "one digit inserted"),
        ("43269.3", "3269.3", "0.1", "one digit inserted"),
        ("1800.928", "1800.28", "0.001", "one digit inserted"),
        ("12.92", "312.92", "0.01", "one digit left out"),
        ("1261.27", "1216.27", "0.01", "two digits are transposed"),
        ("5.31", "5.37", "0.01", "one digit differs"),
        ("179.3", "17.93", "0.1", "the decimal point is moved"),
        ("352.67", "350.35", "0.01", ""),
        ("0", "5", "1", ""),
        ("5", "5", "1", ""),
    ],
)
def test_a_simple_slip_is_told(published: str, implied: str, step: str, kind: str) -> None:
    assert slip(Fraction(published), Fraction(implied), Fraction(step)) == kind


def test_the_numbers_that_a_slip_may_have_been() -> None:
    between = (Fraction("3269.2"), Fraction("3269.6"))
    assert slips_within(Fraction("43269.3"), Fraction("0.1"), between) == [Fraction("3269.3")]
    assert slips_within(Fraction("77.99"), Fraction("0.01"), (Fraction("78.15"), Fraction("78.17"))) == []


# ── the engine ──────────────────────────────────────────────────────────────────────────────────────────────────


def sheet(rows: Sequence[Row], numbers: dict[tuple[str, int, str], str], links: Sequence[Link] = ()) -> Sheet:
    of = {(row.statement, row.order): row for row in rows}
    found = [cell(text, order, of[s, order].item, m, s) for (s, order, m), text in numbers.items()]
    columns = {s: tuple(dict.fromkeys(m for t, _, m in numbers if t == s)) for s in {row.statement for row in rows}}
    return Sheet(found, rows, columns, links)


def identity(body: str) -> str:
    return "identities: [{id: a, says: x, " + body + "}]"


def outcomes(found: Sheet, body: str) -> list[tuple[str, str, str]]:
    checks = evaluate(found, parse_identities(identity(body)))
    return [(c.subject, c.measure, c.status) for c in checks]


def row(order: int, item: str, parent: str | None = None, marks: str = "", statement: str = "claim") -> Row:
    return Row(statement, order, item, None, parent, frozenset(marks.split()))


FAMILY = (
    "each: parent, of: claim, only: [amount], left: [{in: claim, item: $parent, measure: $measure}], "
    "right: [{in: claim, item: $children, measure: $measure}]"
)


def test_rows_that_name_their_parent_are_its_parts_and_a_mention_again_does_not_count_twice() -> None:
    rows = [row(1, "t"), row(2, "a", "t"), row(3, "b", "t"), row(4, "a", "t"), row(5, "t"), row(6, "a", "t")]
    amounts = {("claim", n, "amount"): text for n, text in enumerate(["5", "2", "3", "2", "7", "7"], start=1)}
    assert outcomes(sheet(rows, amounts), FAMILY) == [("t", "amount", "exact")] * 2


def test_a_total_below_its_parts_is_their_parent_too() -> None:
    rows = [row(1, "a", "t"), row(2, "b", "t"), row(3, "t")]
    amounts = {("claim", 1, "amount"): "2", ("claim", 2, "amount"): "3", ("claim", 3, "amount"): "8"}
    assert outcomes(sheet(rows, amounts), FAMILY) == [("t", "amount", "broken")]


def test_groups_and_lines_are_two_steps() -> None:
    rows = [row(1, "t"), row(2, "g", "t"), row(3, "l", "g"), row(4, "m", "g")]
    amounts = {("claim", n, "amount"): text for n, text in enumerate(["5", "5", "2", "3"], start=1)}
    assert outcomes(sheet(rows, amounts), FAMILY) == [("t", "amount", "exact"), ("g", "amount", "exact")]


def test_a_sum_is_asked_where_one_of_the_lists_is_complete() -> None:
    rows = [row(1, "t"), row(2, "a", "t"), row(3, "b", "t", "amount")]
    amounts = {("claim", 1, "amount"): "2", ("claim", 2, "amount"): "2"}
    both = FAMILY + ", complete_with: [[a, b]]"
    assert outcomes(sheet(rows, amounts), both) == [("t", "amount", "exact")]  # words say that b is nothing
    assert outcomes(sheet([*rows[:2], row(3, "b", "t")], amounts), both)[0][2] == "not_applicable"


def test_an_item_is_compared_with_the_same_item_of_another_statement() -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "a"), row(1, "a", statement="other")]
    numbers = {("claim", n, "amount"): "5" for n in (1, 2, 3)} | {("other", 1, "total"): "5"}
    body = (
        "each: row, of: claim, items: [a, b], only: [amount], needs: left, "
        "left: [{in: claim, item: $row, measure: $measure}], right: [{in: other, item: $item, measure: total}]"
    )
    assert outcomes(sheet(rows, numbers), body) == [("a", "amount", "exact")] * 2  # b is not printed there


def test_kinds_of_items() -> None:
    rows = [row(1, "2010301"), row(2, "project:甲"), row(3, "line_1"), row(4, "a")]
    numbers = {("claim", n, "amount"): "5" for n in range(1, 5)}
    for kind, item in (("codes", "2010301"), ("projects", "project:甲"), ("lines", "line_1")):
        body = (
            f"each: row, of: claim, items: [{kind}], left: [{{in: claim, item: $row, measure: amount}}], "
            "right: [{in: claim, item: $row, measure: amount}]"
        )
        assert outcomes(sheet(rows, numbers), body) == [(item, "amount", "exact")]


def test_marks_missing_measures_and_needs() -> None:
    rows = [row(1, "a", marks="change"), row(2, "a"), row(3, "a", marks="change")]
    numbers = {("claim", 1, "planned"): "5", ("claim", 1, "previous"): "5", ("claim", 2, "planned"): "1"}
    numbers |= {("claim", 3, "planned"): "5", ("claim", 3, "previous"): "4", ("claim", 3, "amount"): "5"}
    body = (
        "each: row, of: claim, marked: [change], needs: all, row_without: [amount], "
        "left: [{in: claim, item: $row, measure: planned}], right: [{in: claim, item: $row, measure: previous}]"
    )
    assert outcomes(sheet(rows, numbers), body) == [("a", "planned", "exact")]


def test_the_nearest_of_several_right_sides_counts() -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "c")]
    numbers = {("claim", 1, "m"): "5", ("claim", 2, "m"): "4", ("claim", 3, "m"): "5"}
    body = (
        "left: [{in: claim, item: a, measure: m}], right: [{in: claim, item: b, measure: m}], "
        "or_right: [[{in: claim, item: c, measure: m}]]"
    )
    assert outcomes(sheet(rows, numbers), body) == [("", "m", "exact")]


def test_the_first_mention_and_no_comparison_with_itself() -> None:
    rows = [row(1, "a"), row(2, "a")]
    numbers = {("claim", 1, "m"): "5", ("claim", 2, "m"): "4"}
    body = (
        "each: row, of: claim, items: [a], needs: all, left: [{in: claim, item: $row, measure: m}], "
        "right: [{in: claim, item: $item, measure: m, first: true}]"
    )
    assert outcomes(sheet(rows, numbers), body) == [("a", "m", "broken")]


def test_linked_rows_stand_for_their_roles() -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "b")]
    numbers = {("claim", n, "m"): text for n, text in ((1, "5"), (2, "2"), (3, "3"))}
    links = [Link("f", "s", {"whole": (rows[0],), "parts": tuple(rows[1:])}), Link("g", "no", {})]
    body = (
        "each: link, of: f, needs: all, left: [{in: claim, item: $whole, measure: m}], "
        "right: [{in: claim, item: $parts, measure: m}]"
    )
    assert outcomes(sheet(rows, numbers, links), body) == [("s", "m", "exact")]


def test_numbers_of_more_than_two_decimals_are_added_exactly() -> None:
    rows = [row(1, "t"), row(2, "a", "t"), row(3, "b", "t")]
    amounts = {("claim", 1, "amount"): "5.2101", ("claim", 2, "amount"): "5.21", ("claim", 3, "amount"): "0.0001"}
    assert outcomes(sheet(rows, amounts), FAMILY) == [("t", "amount", "exact")]
    wrong: Slot = ("claim", 3, "b", "amount")
    assert wrong in sheet(rows, amounts).in_row

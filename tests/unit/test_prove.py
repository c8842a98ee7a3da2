"""A disclosure proven: levels of proof, readings that the sums choose, and random documents that are sound."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Choice, Disclosure, Figure, Part, RowRead, StatementRead
from pipeline.forms.form import MEASURES, STATEMENTS
from pipeline.proof.check import Check
from pipeline.proof.identity import load_identities
from pipeline.proof.levels import proof_status
from pipeline.proof.prove import PartProof, prove
from pipeline.proof.settle import remaining_issues
from pipeline.proof.verdict import errata
from tests.support import HEBEI, read
from tools.typeset.hebei import lay_out
from tools.typeset.model import Disclosure as Drawn
from tools.typeset.strategy import disclosures
from tools.typeset.style import Style
from tools.typeset.word import write_word

Place = tuple[str, str, str]  # statement, item, measure
T2, T3, T5, T6 = "revenue", "expenditure", "general_public_expenditure", "basic_expenditure"
DOUBT = Issue("error", "two readings of a cell differ", "70.00 | 10.00", statement=T3)


def figure(place: Place, text: str, order: int) -> Figure:
    statement, item, measure = place
    code = item if item.isdigit() else None
    amount = Decimal(text) * HEBEI.units["万元"]
    return Figure(
        *(1, statement, order, order, item, code, code, "as_printed" if code else "none", item, measure, text),
        *("万元", amount, None, None, None),
    )


def disclosure(
    texts: Mapping[Place, str | None],
    choices: Mapping[Place, Iterable[str | None]] | None = None,
    issue: Issue = DOUBT,
) -> Disclosure:
    """A disclosure in 万元; None is a blank cell. ``choices``: cells in doubt with what they may be."""
    open_cells = dict(choices or {})
    orders: dict[tuple[str, str], int] = {}
    for statement, item, _ in (*texts, *open_cells):
        orders.setdefault((statement, item), len(orders) + 1)
    rows = [
        RowRead(1, statement, order, order, item, item, item if item.isdigit() else None, None, None)
        for (statement, item), order in orders.items()
    ]
    printed = {statement for statement, _ in orders}
    return Disclosure(
        "hebei",
        "budget",
        2023,
        (Part(1, "department", "邢台市财政局", None),),
        tuple(
            StatementRead(1, name, "present" if name in printed else "missing", measures=tuple(sorted(MEASURES[name])))
            for name in STATEMENTS
        ),
        tuple(figure(place, text, orders[place[:2]]) for place, text in texts.items() if text is not None),
        tuple(replace(issue, text=f"{issue.text} {place}") for place in open_cells),
        tuple(rows),
        tuple(
            Choice(
                replace(issue, text=f"{issue.text} {place}"),
                1,
                tuple((figure(place, text, orders[place[:2]]),) if text is not None else () for text in found),
            )
            for place, found in open_cells.items()
        ),
    )


def proven(found: Disclosure) -> PartProof:
    (proof,) = prove(found, HEBEI.units)
    return proof


def levels(found: Disclosure) -> dict[Place, str]:
    proof = proven(found)
    return {(f.statement, f.item, f.measure): s for f, s in zip(proof.figures, proof.status, strict=True)}


# ── levels ──────────────────────────────────────────────────────────────────────────────────────────────────────

ROW = {(T3, "201", "total"): "100.00", (T3, "201", "basic"): "70.00", (T3, "201", "project"): "30.00"}


def test_a_figure_in_no_sum_is_unproven() -> None:
    assert levels(disclosure({(T3, "201", "total"): "100.00"})) == {(T3, "201", "total"): "unproven"}


def test_one_sum_supports_its_figures() -> None:
    assert levels(disclosure(ROW)) == dict.fromkeys(ROW, "supported")


def test_a_lone_copy_is_supported() -> None:
    pair = {(T2, "201", "total"): "100.00", (T3, "201", "total"): "100.00"}
    assert levels(disclosure(pair)) == dict.fromkeys(pair, "supported")


def test_two_sums_that_share_no_other_cell_prove_a_figure() -> None:
    found = levels(disclosure({**ROW, (T2, "201", "total"): "100.00"}))
    assert found == {
        (T3, "201", "total"): "proven",
        (T3, "201", "basic"): "supported",
        (T3, "201", "project"): "supported",
        (T2, "201", "total"): "supported",
    }


def test_sums_that_share_another_cell_are_no_second_proof() -> None:
    def over(*cells: int) -> Check:
        return Check(load_identities()[0], T3, "", "", tuple((cell, 1) for cell in cells), (), 1, 1, "exact")

    checks = [over(0, 1), over(0, 1, 2), over(0, 3)]
    assert proof_status(0, [0, 1], checks, ()) == "supported"
    assert proof_status(0, [0, 1, 2], checks, ()) == "proven"
    assert proof_status(0, [0, 2], checks, {0}) == "contradicted"


def test_a_sum_within_rounding_is_no_proof() -> None:
    close = {(T3, "201", "total"): "100.01", (T3, "201", "basic"): "70.00", (T3, "201", "project"): "30.00"}
    assert levels(disclosure(close)) == dict.fromkeys(close, "unproven")


def test_the_one_wrong_cell_is_contradicted_and_what_its_broken_sums_held_is_not_proven_by_them() -> None:
    copies = {(T2, "201", "total"): "100.00", (T2, "201", "current_year"): "100.00", (T2, "201", "other"): "100.00"}
    copies |= {("budget_summary", "carryover_out", "expenditure"): "0.00"}
    found = levels(disclosure({**ROW, **copies, (T3, "201", "total"): "900.00"}))
    assert {place for place, status in found.items() if status == "contradicted"} == {(T3, "201", "total")}
    assert found[T3, "201", "basic"] == "unproven"


def test_either_of_two_cells_that_differ_is_not_contradicted() -> None:
    pair = {(T2, "201", "total"): "100.00", (T3, "201", "total"): "900.00"}
    assert levels(disclosure(pair)) == dict.fromkeys(pair, "unproven")


# ── choosing a reading ──────────────────────────────────────────────────────────────────────────────────────────

BASIC = (T3, "201", "basic")
OPEN = {place: text for place, text in ROW.items() if place != BASIC}


@pytest.mark.parametrize("order", [("70.00", "10.00"), ("10.00", "70.00")])
def test_the_reading_with_which_the_sum_holds_stands_and_the_other_is_kept(order: tuple[str, str]) -> None:
    proof = proven(disclosure(OPEN, {BASIC: order}))
    (settled,) = proof.settled
    assert settled.figure.text_as_printed == "70.00"
    assert [f.text_as_printed for f in settled.other] == ["10.00"]
    assert [says.split()[0] for says in settled.by] == ["6"]
    assert (proof.undecided, proof.faults) == ([], [])
    assert settled.figure in proof.figures


def test_an_identity_spent_on_choosing_a_reading_does_not_prove_it() -> None:
    assert levels(disclosure(OPEN, {BASIC: ("70.00", "10.00")}))[BASIC] == "unproven"
    assert levels(disclosure(ROW))[BASIC] == "supported"


def test_readings_between_which_no_sum_decides_stay_open_and_none_is_a_figure() -> None:
    found = disclosure({(T3, "203", "total"): "5.00"}, {BASIC: ("70.00", "10.00")})
    proof = proven(found)
    assert (proof.settled, len(proof.undecided)) == ([], 1)
    assert [f.item for f in proof.figures] == ["203"]
    assert remaining_issues(found, proof.settled, proof.undecided) == list(found.issues)


def test_readings_that_are_both_wrong_stay_open() -> None:
    proof = proven(disclosure(OPEN, {BASIC: ("71.00", "10.00")}))
    assert (proof.settled, len(proof.undecided)) == ([], 1)


@pytest.mark.parametrize("order", [(None, "0.00"), ("0.00", None)])
def test_whether_a_zero_or_nothing_is_printed_no_sum_decides(order: tuple[str | None, ...]) -> None:
    """The sum of the column applies with the zero only, and holds."""
    texts = {(T3, "total", "total"): "70.00", (T3, "201", "total"): "70.00"}
    texts |= {(T3, "total", "basic"): "70.00"}
    proof = proven(disclosure(texts, {BASIC: ("70.00", "7.00", "71.00"), (T3, "201", "project"): order}))
    assert [f for f in proof.figures if f.measure == "project"] == []
    assert [s.figure.text_as_printed for s in proof.settled] == ["70.00"]


def test_one_decision_makes_the_next_possible() -> None:
    """The copy decides the total, and then the row its part."""
    texts = {(T2, "201", "total"): "100.00", (T3, "201", "project"): "30.00"}
    proof = proven(disclosure(texts, {BASIC: ("70.00", "10.00"), (T3, "201", "total"): ("100.00", "40.00")}))
    assert sorted(s.figure.text_as_printed for s in proof.settled) == ["100.00", "70.00"]
    assert proof.undecided == []


def test_a_settled_doubt_is_a_note_that_names_what_decided() -> None:
    found = disclosure(OPEN, {BASIC: ("70.00", "10.00")})
    proof = proven(found)
    (issue,) = remaining_issues(found, proof.settled, proof.undecided)
    assert issue.severity == "info"
    assert "settled by 6 合计" in issue.what


def test_a_doubt_of_which_one_choice_is_left_open_is_not_called_settled() -> None:
    found = disclosure(OPEN, {BASIC: ("70.00", "10.00"), (T5, "208", "basic"): ("1.00", "2.00")})
    one = found.issues[0]
    found = replace(found, issues=(one,), choices=tuple(replace(choice, doubt=one) for choice in found.choices))
    proof = proven(found)
    assert (len(proof.settled), len(proof.undecided)) == (1, 1)
    assert remaining_issues(found, proof.settled, proof.undecided) == [one]


def test_parts_are_proven_apart() -> None:
    found = disclosure(ROW)
    other = replace(
        found,
        parts=(*found.parts, replace(found.parts[0], part=2)),
        figures=(*found.figures, *(replace(f, part=2) for f in found.figures if f.measure != "project")),
        rows=(*found.rows, *(replace(row, part=2) for row in found.rows)),
        statements=(*found.statements, *(replace(s, part=2) for s in found.statements)),
    )
    first, second = prove(other, HEBEI.units)
    assert (len(first.faults), len(second.faults)) == (0, 1)


# ── whole documents ─────────────────────────────────────────────────────────────────────────────────────────────

fast = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)


def broken(proof: PartProof) -> list[str]:
    """Hard identities that do not hold exactly."""
    return [
        f"{c.identity.id} {c.subject} {c.measure}"
        for c in proof.checks
        if c.identity.severity == "hard" and c.status in ("broken", "within_rounding")
    ]


@fast
@given(drawn=disclosures())
def test_a_consistent_document_breaks_nothing_and_has_no_erratum(drawn: Drawn) -> None:
    found = typeset(drawn)
    proof = proven(found)
    assert broken(proof) == []
    assert errata(found, [proof], "docx") == []


@fast
@given(drawn=disclosures(), seed=st.integers(0, 10_000))
def test_one_wrong_digit_is_detected_and_where_it_is_unique_it_is_there(drawn: Drawn, seed: int) -> None:
    found = typeset(drawn)
    moments = random.Random(seed)
    candidates = [n for n, f in enumerate(found.figures) if f.statement != "three_public" and f.amount_yuan]
    wrong = moments.choice(candidates)
    old = found.figures[wrong]
    places = [n for n, char in enumerate(old.text_as_printed) if char.isdigit()]
    at = moments.choice(places)
    digit = str((int(old.text_as_printed[at]) + moments.randint(1, 9)) % 10)
    text = old.text_as_printed[:at] + digit + old.text_as_printed[at + 1 :]
    amount = Decimal(text.replace(",", "")) * HEBEI.units[old.printed_unit]
    new = replace(old, text_as_printed=text, amount_yuan=amount)
    proof = proven(replace(found, figures=tuple(new if n == wrong else f for n, f in enumerate(found.figures))))
    assert broken(proof)
    for fault in proof.faults:
        if fault.is_unique:
            assert [proof.figures[p] for p, _ in fault.smallest[0] if isinstance(p, int)] == [new]
            assert [delta for _, delta in fault.smallest[0]] == [int((old.amount_yuan - amount) * 100)]


def typeset(drawn: Drawn) -> Disclosure:
    return read(write_word(lay_out(drawn, Style(contents="none"))), "document.docx")

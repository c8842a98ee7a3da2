"""What is not printed or was not read is not zero: it neither confirms nor accuses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Choice, Disclosure, Unread
from pipeline.forms.form import MEASURES
from pipeline.proof.engine import evaluate
from pipeline.proof.locate import _Solver, locate
from pipeline.proof.prove import prove
from pipeline.proof.relations import Cell
from pipeline.proof.rows import Row
from pipeline.proof.sheet import Sheet
from pipeline.proof.verdict import errata
from tests.support import HEBEI, T5_ROWS, read, statement

T3, T5 = "expenditure", "general_public_expenditure"


def checked(found: Disclosure) -> dict[tuple[str, str, str], str]:
    (proof,) = prove(found, HEBEI.units)
    return {(c.identity.id, c.subject, c.measure): c.status for c in proof.checks}


def accused(found: Disclosure) -> list[tuple[str, str, str]]:
    return [(e.statement, e.item, e.measure) for e in errata(found, prove(found, HEBEI.units), "docx")]


FIVE = statement("T5", T5_ROWS)


def test_an_unread_cell_takes_part_in_no_identity() -> None:
    found = read(FIVE)
    gone = tuple(f for f in found.figures if (f.item, f.measure) != ("2010302", "total"))
    blank = replace(found, figures=gone)
    assert accused(blank) == [(T5, "2010302", "total")]
    unread = replace(blank, unread=(Unread(1, T5, "2010302", "total"),))
    assert accused(unread) == []
    status = checked(unread)
    assert ("7.general_public", "2010302", "total") not in status
    assert ("4.general_public", "20103", "total") not in status
    assert status["4.general_public", "20103", "project"] == "exact"


@pytest.mark.parametrize(
    "unread",
    [Unread(1, T5, "2010302"), Unread(1, T5, row_order=5), Unread(1, T5, measure="project"), Unread(1, T5)],
)
def test_a_sum_over_rows_that_were_not_all_read_is_none(unread: Unread) -> None:
    found = read(statement("T5", T5_ROWS[:-1]))
    assert "broken" in checked(found).values()
    assert checked(replace(found, unread=(unread,))).get(("4.general_public", "20103", "project")) is None


def test_a_statement_that_was_not_read_is_in_no_identity() -> None:
    found = read(FIVE + statement("T3", [f"{row}|||" for row in T5_ROWS]))
    lost = replace(
        found,
        figures=tuple(f for f in found.figures if f.statement != T3 or f.item == "201"),
        statements=tuple(replace(s, status="unread") if s.statement == T3 else s for s in found.statements),
    )
    assert accused(lost) == []
    assert not any(key[0].startswith(("4.expenditure", "6", "15")) for key, s in checked(lost).items() if s == "broken")


def test_a_reading_that_nobody_decided_is_not_a_blank() -> None:
    found = read(FIVE)
    (open_cell,) = [f for f in found.figures if (f.item, f.measure) == ("2010302", "project")]
    doubt = Issue("error", "two readings of a cell differ", "40.00 | 41.00", statement=T5)
    others = tuple(replace(open_cell, amount_yuan=Decimal(n), text_as_printed=f"{n}") for n in (410_000, 420_000))
    rest = tuple(f for f in found.figures if f is not open_cell)
    choice = Choice(doubt, 1, tuple((other,) for other in others))
    assert accused(replace(found, figures=rest, choices=(choice,), issues=(doubt,))) == []


def test_a_column_that_is_not_printed_neither_accuses_nor_confirms() -> None:
    found = read(FIVE)
    without = replace(
        found,
        figures=tuple(f for f in found.figures if f.measure != "project"),
        statements=tuple(
            replace(s, measures=tuple(m for m in s.measures if m != "project")) if s.statement == T5 else s
            for s in found.statements
        ),
    )
    assert accused(without) == []
    status = checked(without)
    assert status["7.general_public", "2010301", "total"] == "exact"  # 60 = 60: the sum is whole without it
    assert status["7.general_public", "total", "total"] == "not_applicable"


def test_a_number_without_label_is_in_no_sum() -> None:
    found = read(FIVE)
    last = found.rows[-1]
    stray = replace(last, order=9, number=0, label="", item="unrecognised_9", subject_code=None)
    (piece,) = [f for f in found.figures if (f.item, f.measure) == ("2010302", "total")]
    piece = replace(piece, row_order=9, row_label="", item="unrecognised_9", subject_code=None, code_as_printed=None)
    with_stray = replace(found, rows=(*found.rows, stray), figures=(*found.figures, piece))
    assert accused(with_stray) == []
    (proof,) = prove(with_stray, HEBEI.units)
    assert proof.status[proof.figures.index(piece)] == "unproven"


def test_a_search_that_gives_up_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number wrong by another amount: more trials than it makes."""
    monkeypatch.setattr("pipeline.proof.locate.MOST_STEPS", 25)
    items = ("total", "201", "203", "208")
    rows = [Row(T3, n, item, item if item.isdigit() else None) for n, item in enumerate(items, 1)]
    cells = [
        Cell((T3, row.order, row.item, measure), 1000 + 7 * (3 * n + k) ** 2)
        for n, row in enumerate(rows)
        for k, measure in enumerate(("total", "basic", "project"))
    ]
    sheet = Sheet(cells, rows, {T3: tuple(sorted(MEASURES[T3]))})
    checks = evaluate(sheet)
    solver = _Solver(checks, sheet, ())
    before = dict(solver.difference), dict(solver.asleep)
    groups = solver.groups()
    assert groups and any(solver.smallest(group) == () for group in groups)
    assert (solver.difference, solver.asleep) == before
    assert all(delta for fault in locate(checks, sheet) for found in fault.smallest for _, delta in found)

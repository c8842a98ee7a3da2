"""Whatever is taken away from a good document, or could not be read of it, no right figure becomes an erratum."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.forms.disclosure import Disclosure, Figure, RowRead, Unread
from pipeline.forms.form import STATEMENTS
from pipeline.proof.prove import prove
from pipeline.proof.verdict import errata
from tests.golden.figures import documents, understood
from tests.support import HEBEI, read
from tools.typeset.hebei import lay_out
from tools.typeset.model import Disclosure as Drawn
from tools.typeset.strategy import disclosures
from tools.typeset.style import Style
from tools.typeset.word import write_word

EACH = 12  # cuts of each document


def without(
    found: Disclosure,
    figures: Callable[[Figure], bool],
    rows: Callable[[RowRead], bool] = lambda row: False,
    unread: Iterable[Unread] = (),
) -> Disclosure:
    return replace(
        found,
        figures=tuple(f for f in found.figures if not figures(f)),
        rows=tuple(r for r in found.rows if not rows(r)),
        unread=tuple(unread),
    )


def statement_gone(found: Disclosure, name: str, status: str) -> Disclosure:
    gone = without(found, lambda f: f.statement == name, lambda r: r.statement == name)
    reads = (replace(s, status=status, measures=()) if s.statement == name else s for s in found.statements)
    return replace(gone, statements=tuple(reads))


def column_gone(found: Disclosure, name: str, measure: str, is_read: bool) -> Iterator[Disclosure]:
    unread = () if is_read else (Unread(1, name, None, measure),)
    gone = without(found, lambda f: (f.statement, f.measure) == (name, measure), unread=unread)
    if not is_read:
        yield gone  # its header was known
    reads = (
        replace(s, measures=tuple(m for m in s.measures if m != measure)) if s.statement == name else s
        for s in found.statements
    )
    yield replace(gone, statements=tuple(reads))


def row_gone(found: Disclosure, row: RowRead) -> Iterator[Disclosure]:
    key = (row.statement, row.order, row.item)

    def is_there(figure: Figure) -> bool:
        return (figure.statement, figure.row_order, figure.item) == key

    def is_it(other: RowRead) -> bool:
        return (other.statement, other.order, other.item) == key

    yield without(found, is_there, is_it)
    yield without(found, is_there, is_it, [Unread(1, row.statement, row.item, None, row.order)])
    yield without(found, is_there, is_it, [Unread(1, row.statement, None, None, row.order)])
    yield without(found, is_there, unread=[Unread(1, row.statement, row.item)])


def cuts(found: Disclosure) -> Iterator[Disclosure]:
    """Everything that can be taken away from it, or be unread: statements, columns, rows, cells."""
    for one in found.statements:
        if one.part == 1 and one.statement in STATEMENTS and one.rows:
            yield statement_gone(found, one.statement, "missing")
            yield statement_gone(found, one.statement, "unread")
            for measure in one.measures:
                yield from column_gone(found, one.statement, measure, True)
                yield from column_gone(found, one.statement, measure, False)
    for row in found.rows:
        if row.part == 1 and row.statement in STATEMENTS:
            yield from row_gone(found, row)
    for figure in found.figures:
        place = Unread(1, figure.statement, figure.item, figure.measure, figure.row_order)
        yield replace(found, figures=tuple(f for f in found.figures if f is not figure), unread=(place,))


def accused(found: Disclosure) -> list[tuple[str, str, str, str]]:
    """The errata that stand at a printed figure."""
    return [
        (e.statement, e.item, e.measure, e.evidence)
        for e in errata(found, list(prove(found, HEBEI.units)), "docx")
        if e.figure is not None and e.verdict != "rounding"
    ]


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)
@given(drawn=disclosures(), seed=st.integers(0, 10_000), kept=st.integers(1, 9))
def test_no_right_figure_is_accused_of_what_is_not_there(drawn: Drawn, seed: int, kept: int) -> None:
    """Of the whole document, and of one of which a few statements are left."""
    found = read(write_word(lay_out(drawn, Style(contents="none"))), "document.docx")
    chance = random.Random(seed)
    few = found
    for name in chance.sample(sorted(STATEMENTS), 9 - kept):
        few = statement_gone(few, name, "missing")
    for one in (found, few):
        whole = accused(one)
        assert whole == []
        every = list(cuts(one))
        for cut in chance.sample(every, min(EACH, len(every))):
            assert accused(cut) == []


@pytest.mark.parametrize("document", documents()[:4], ids=lambda path: path.stem)
def test_nor_in_the_samples(document: Path) -> None:
    found = understood(document)
    before = accused(found)
    chance = random.Random(document.name)
    every = list(cuts(found))
    for cut in chance.sample(every, min(10 * EACH, len(every))):
        assert [one for one in accused(cut) if one not in before] == []

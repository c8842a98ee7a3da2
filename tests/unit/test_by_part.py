"""Figures and rows part by part, proven and written one after the other: the same values, and not more memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.tables import Read, write_document
from pipeline.extraction.worker import read_and_prove
from pipeline.forms.by_part import ByPart, of_part, with_more
from pipeline.forms.form import load_forms
from pipeline.proof.prove import prove
from pipeline.settings import ROOT

UNITS = {"万元": 10_000, "元": 1}


@dataclass(frozen=True, slots=True)
class Line:
    part: int
    text: str | None


ADDED = st.lists(st.tuples(st.integers(1, 4), st.lists(st.none() | st.text(max_size=3), max_size=4)), max_size=6)


@given(ADDED)
def test_what_is_added_to_a_part_is_there_in_its_order(added: list[tuple[int, list[str | None]]]) -> None:
    lines = ByPart(Line)
    expected: dict[int, list[Line]] = {}
    for part, texts in added:
        more = [Line(part, text) for text in texts]
        before, lines = lines, lines.with_more(part, more)
        assert len(lines) == len(before) + len(more)
        expected.setdefault(part, []).extend(more)
    for part in range(6):
        assert list(lines.of(part)) == list(of_part(lines, part)) == expected.get(part, [])
        assert list(of_part(tuple(lines), part)) == expected.get(part, [])
    assert lines == tuple(lines) == lines and hash(lines) == hash(tuple(lines))
    assert sorted(map(repr, lines)) == sorted(repr(line) for part in expected.values() for line in part)


def test_more_of_the_first_part_goes_before_the_units() -> None:
    lines = ByPart(Line).with_more(1, [Line(1, "a")]).with_more(2, [Line(2, "b")])
    assert with_more(lines, 1, [Line(1, "c")]) == (Line(1, "a"), Line(1, "c"), Line(2, "b"))
    assert lines[1] == Line(2, "b") and lines[:1] == (Line(1, "a"),)
    assert with_more((Line(2, "b"),), 1, [Line(1, "c")]) == (Line(2, "b"), Line(1, "c"))


# ── proofs ──────────────────────────────────────────────────────────────────────────────────────────────────────


def sample() -> Read:
    path = next(path for path in sorted((ROOT / "raw").rglob("*.docx")))
    read = read_and_prove(path.read_bytes(), path.name, "never", load_forms())
    assert len(read.disclosure.parts) == 1 and len(read.disclosure.figures) > 100
    return read


def with_units(read: Read, units: int) -> Read:
    """The same document with the same statements again for so many units."""
    found = read.disclosure
    figures, rows = ByPart(type(found.figures[0]), found.figures), ByPart(type(found.rows[0]), found.rows)
    for part in range(2, units + 2):
        figures = figures.with_more(part, [replace(figure, part=part) for figure in found.figures])
        rows = rows.with_more(part, [replace(row, part=part) for row in found.rows])
    parts = tuple(replace(found.parts[0], part=part) for part in range(1, units + 2))
    statements = tuple(replace(s, part=part.part) for part in parts for s in found.statements)
    longer = replace(found, parts=parts, statements=statements, figures=figures, rows=rows)
    return replace(read, disclosure=longer, proofs=prove(longer, UNITS, read.annexes, read.projects))


def test_the_proofs_are_the_same_however_often_they_are_asked_for() -> None:
    read = with_units(sample(), 2)
    first, again = list(read.proofs), list(read.proofs)
    assert first == again and [proof.part for proof in first] == [1, 2, 3]
    assert first[0] is again[0] and first[1] is not again[1]  # claims ask for part 1 again


def test_a_department_with_many_units_is_written_in_the_memory_of_one_with_few(tmp_path: Path) -> None:
    """What grows is what is packed and what is said of each statement, no proof and no row."""
    read = sample()
    peaks = []
    for units in (0, 2, 14):  # the first time what is used is imported and loaded
        longer = with_units(read, units)
        folder = tmp_path / str(units)
        folder.mkdir()
        tracemalloc.start()
        written = write_document(folder, "0" * 64, longer)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        peaks.append(peak)
        assert written.figures == len(longer.disclosure.figures)
    assert peaks[2] < peaks[1] + 512 * 1024, peaks

"""The ledger for people: faults, and apart from them the sums that hold within rounding only."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from markupsafe import escape

from pipeline.ledger import ROUNDED, Entry, as_csv, as_html, as_text


def entry(verdict: str, label: str, places: int = 1) -> Entry:
    return Entry(
        *(f"{label}-{verdict}", "云上区档案馆", 2024, "a.pdf", 3, None, "expenditure", label, "total"),
        *("94,995,790", Decimal(94_995_790), Decimal(94_995_789), None, "元", verdict, "open", "4.expenditure", "why"),
        *(places, False),
    )


FOUND = [entry("publisher", "款甲", 7), entry("rounding", "款乙"), entry("undecided", "款丙")]


def test_sums_within_rounding_stand_apart_and_are_counted_apart() -> None:
    faults, _, rounded = as_text(FOUND).partition(ROUNDED)
    assert "款甲" in faults and "(7 places)" in faults and "款乙" not in faults
    assert "2 errata: 1 publisher, 1 undecided, 0 extraction" in faults
    assert "款乙" in rounded and rounded.splitlines()[0].endswith(": 1")


def test_without_such_sums_nothing_is_said_of_them() -> None:
    assert ROUNDED not in as_text(FOUND[:1]) and escape(ROUNDED) not in as_html(FOUND[:1])


def test_the_page_has_them_in_a_section_of_their_own() -> None:
    faults, _, rounded = as_html(FOUND).partition(str(escape(ROUNDED)))
    assert "款甲" in faults and "款乙" not in faults and "款乙" in rounded


def test_the_csv_has_every_entry_with_its_verdict() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(FOUND))))
    assert [(row["verdict"], row["place_count"]) for row in rows] == [
        ("publisher", "7"),
        ("rounding", "1"),
        ("undecided", "1"),
    ]

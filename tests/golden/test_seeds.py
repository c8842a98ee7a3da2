"""The seed texts against truth.csv: what is there is found, nothing is invented, and what is lost is named."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.documents.detect import read_document
from pipeline.forms.disclosure import Disclosure, Figure
from pipeline.forms.figures import understand
from pipeline.forms.form import STATEMENTS, load_forms
from pipeline.forms.printed import squash

UNITS = {form.name: form.units for form in load_forms()}["hebei"]
Place = tuple[str, int, str, str]  # statement, row number, what the row is (code, or label), measure


def understood(seeds: Path, document: str) -> Disclosure:
    (path,) = seeds.glob(f"{document}_*.txt")
    return understand(read_document(path.read_bytes(), path.name), load_forms())


def truth(seeds: Path, document: str) -> dict[Place, Decimal]:
    """Place → yuan. A row of a coded statement is its code, a fixed line its label, the total neither."""
    found: dict[Place, Decimal] = {}
    with (seeds / "truth.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["document"].startswith(document):
                name = row["code"] or squash(row["label"])
                place = (row["statement"], int(row["row"]), name, row["measure"])
                assert place not in found
                found[place] = Decimal(row["amount"]) * UNITS[row["unit"]]
    return found


def place(figure: Figure) -> Place:
    coded = figure.subject_code if figure.code_as_printed else None
    return figure.statement, figure.row_number, coded or squash(figure.row_label), figure.measure


def figures(disclosure: Disclosure) -> dict[Place, Decimal]:
    found = {place(figure): figure.amount_yuan for figure in disclosure.figures}
    assert len(found) == len(disclosure.figures), "a place is taken twice"
    return found


@pytest.mark.parametrize("document", ["000", "002", "004"])
def test_every_figure_is_exactly_right_and_nothing_extra(seeds: Path, document: str) -> None:
    assert figures(understood(seeds, document)) == truth(seeds, document)


@pytest.mark.parametrize("document", ["000", "002", "004"])
def test_the_items_of_the_three_public_are_the_contracts(seeds: Path, document: str) -> None:
    with (seeds / "truth.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["item"] and row["document"].startswith(document)]
    expected = {(row["item"], row["measure"]): Decimal(row["amount"]) * UNITS[row["unit"]] for row in rows}
    found = understood(seeds, document).figures
    assert expected == {(f.item, f.measure): f.amount_yuan for f in found if f.statement == "three_public"}


def test_the_damaged_capture_is_at_least_95_percent_right_and_not_once_wrong(seeds: Path) -> None:
    expected, disclosure = truth(seeds, "003"), understood(seeds, "003")
    found: dict[tuple[str, int, str], Decimal] = {
        (f.statement, f.row_number, f.measure): f.amount_yuan for f in disclosure.figures if f.statement in STATEMENTS
    }
    # the label of a torn row is not the printed one letter by letter: a row is its number here
    wanted = {(statement, number, measure): amount for (statement, number, _, measure), amount in expected.items()}
    assert {key: amount for key, amount in found.items() if wanted.get(key) != amount} == {}
    assert len(found) >= 0.95 * len(expected)


def test_the_codes_of_the_damaged_capture_are_all_right(seeds: Path) -> None:
    expected = {(s, number): code for s, number, code, _ in truth(seeds, "003") if code.isdecimal()}
    found = {(f.statement, f.row_number): f.subject_code for f in understood(seeds, "003").figures if f.code_as_printed}
    assert found == {row: code for row, code in expected.items() if row in found}
    assert len(found) >= 0.95 * len(expected)


def test_every_figure_that_the_damaged_capture_lost_is_named_by_an_error(seeds: Path) -> None:
    disclosure, expected = understood(seeds, "003"), truth(seeds, "003")
    found = {(f.statement, f.row_number, f.measure) for f in disclosure.figures}
    lost = {p: str(amount / UNITS["万元"]) for p, amount in expected.items() if (p[0], p[1], p[3]) not in found}
    unnamed = [
        (p, amount)
        for p, amount in lost.items()
        if not any(i.severity == "error" and i.statement == p[0] and amount in i.text for i in disclosure.issues)
    ]
    assert unnamed == []


def test_of_a_document_without_statements_all_nine_are_missing(seeds: Path) -> None:
    disclosure = understood(seeds, "001")
    assert {s.statement: s.status for s in disclosure.statements} == dict.fromkeys(STATEMENTS, "missing")
    assert disclosure.figures == ()
    assert (disclosure.parts[0].body_name, disclosure.fiscal_year) == ("廊坊市人民政府办公室", 2021)
    named = [i.statement for i in disclosure.issues if i.what == "the document does not contain this statement"]
    assert sorted(filter(None, named)) == sorted(STATEMENTS)


@pytest.mark.parametrize("document", ["000", "002", "003", "004"])
def test_an_empty_statement_is_declared_empty_not_missing(seeds: Path, document: str) -> None:
    found = {s.statement: s.status for s in understood(seeds, document).statements}
    empty = {"government_fund_expenditure", "state_capital_expenditure"}
    assert found == {name: "declared_empty" if name in empty else "present" for name in STATEMENTS}

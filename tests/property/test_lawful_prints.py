"""What a publisher may lawfully print otherwise, or leave out, accuses nobody: no erratum is the publisher's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from pipeline.extraction.worker import read_and_prove
from pipeline.forms.form import load_forms
from pipeline.proof.verdict import errata
from tools.typeset import hebei, shanghai
from tools.typeset.layout import Layout
from tools.typeset.model import Disclosure, Section
from tools.typeset.pdf import write_pdf
from tools.typeset.strategy import printings
from tools.typeset.strategy_annexes import Told, shanghai_told, told
from tools.typeset.strategy_lawful import Lawful, laid_out_so, lawful_prints, printed_so
from tools.typeset.text import write_tab_rows
from tools.typeset.word import write_word

WRITERS: dict[str, Callable[[Layout], bytes]] = {
    "a.docx": write_word,
    "a.pdf": write_pdf,
    "a.txt": lambda layout: write_tab_rows(layout).encode(),
}
EXAMPLES = {"a.docx": 30, "a.pdf": 8, "a.txt": 12}


def patient(test: Callable[..., None], examples: int) -> Callable[..., None]:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        phases=[Phase.explicit, Phase.generate],
    )(test)


def lawful_disclosure(disclosure: Disclosure, lawful: Lawful) -> Disclosure:
    """The disclosure printed so; of the prose what agrees with it."""
    printed = printed_so(disclosure, lawful)
    if lawful.rounded and lawful.no_nil_figures:
        assume(not any(_is_nothing(text) for text in _texts(printed)))  # it was something before it was rounded
    sections = () if lawful.rounded else tuple(map(_without_growth_from_nothing, printed.sections))
    return replace(printed, sections=sections)


def _texts(disclosure: Disclosure) -> Iterable[str]:
    return (text for one in disclosure.statements.values() for row in one.rows for text in row.figures.values())


def _is_nothing(text: str) -> bool:
    return not Decimal(text)


def _without_growth_from_nothing(section: Section) -> Section:
    """The generators print 100% there, as publishers do, and the ledger has it."""
    kept = (text for text in section.sentences if "预算执行数为0" not in "".join(text.split()))
    return replace(section, sentences=tuple(kept))


def accused(layout: Layout, file_name: str) -> list[tuple[str, str, str, str]]:
    read = read_and_prove(WRITERS[file_name](layout), file_name, "never", load_forms())
    found = errata(read.disclosure, read.proofs, read.document.format)
    return [(e.statement, e.item, e.measure, e.evidence) for e in found if e.verdict == "publisher"]


@pytest.mark.parametrize("file_name", WRITERS)
def test_hebei(file_name: str) -> None:
    @given(told(), lawful_prints())
    def check(one: Told, lawful: Lawful) -> None:
        layout = hebei.lay_out(lawful_disclosure(one.disclosure, lawful))
        assert accused(laid_out_so(layout, lawful), file_name) == []

    patient(check, EXAMPLES[file_name])()


@pytest.mark.parametrize("file_name", WRITERS)
def test_shanghai(file_name: str) -> None:
    @given(shanghai_told(), lawful_prints(), printings())
    def check(one: Told, lawful: Lawful, printing: shanghai.Printing) -> None:
        layout = shanghai.lay_out(lawful_disclosure(one.disclosure, lawful), None, printing)
        assert accused(laid_out_so(layout, lawful), file_name) == []

    patient(check, EXAMPLES[file_name])()

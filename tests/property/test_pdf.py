"""Random consistent disclosures of both publishers, random pages → PDF → read → proven: the same figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.proof.prove import prove
from tools.typeset import hebei, shanghai
from tools.typeset.layout import Layout
from tools.typeset.model import Disclosure
from tools.typeset.pdf import write_pdf
from tools.typeset.shanghai import Printing
from tools.typeset.strategy import disclosures, page_styles, printings, shanghai_disclosures, styles
from tools.typeset.style import Drawn, PageStyle, Style

UNITS = {"元": 1, "万元": 10000}
PATIENT = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],  # shrinking a document takes minutes
)


def assert_read_and_proven(layout: Layout, page: PageStyle, twice: bool) -> None:
    data = write_pdf(layout, page)
    document = read_document(data, "a.pdf")
    if twice:
        document, _ = read_again(data, document)
    disclosure = understand(document, load_forms())
    (proof,) = prove(disclosure, UNITS)
    printed = Counter((f.statement, f.row_number, f.measure, Decimal(f.plain)) for f in layout.figures())
    read = Counter((f.statement, f.row_number, f.measure, f.amount_yuan / UNITS[f.printed_unit]) for f in proof.figures)
    assert (printed - read, read - printed) == (Counter(), Counter())
    assert [check for check in proof.checks if check.status == "broken" and check.identity.severity == "hard"] == []
    assert {row.item for row in disclosure.rows if row.item.startswith("unrecognised")} == set()


@PATIENT
@given(disclosures(), styles(), page_styles(), st.booleans())
def test_the_figures_of_a_hebei_disclosure(disclosure: Disclosure, style: Style, page: PageStyle, twice: bool) -> None:
    assert_read_and_proven(hebei.lay_out(disclosure, style), page, twice)


@PATIENT
@given(shanghai_disclosures(), styles(), printings(), page_styles(), st.booleans())
def test_the_figures_of_a_shanghai_disclosure(
    disclosure: Disclosure, style: Style, printing: Printing, page: PageStyle, twice: bool
) -> None:
    assert_read_and_proven(shanghai.lay_out(disclosure, style, printing), page, twice)


def assert_nothing_wrong_is_read(layout: Layout, page: PageStyle, twice: bool) -> None:
    """Of pages on which rules are missing: not all is read, but nothing that is not printed, and an error says so."""
    data = write_pdf(layout, page)
    document = read_document(data, "a.pdf")
    if twice:
        document, _ = read_again(data, document)
    try:
        found = understand(document, load_forms())
    except UnreadableDocument:  # what stands in no table may look like the name of another body: refused, with words
        return
    # the rows of some forms have no numbers: where rows are missing, those that follow count on without them
    printed = Counter((f.statement, f.measure, Decimal(f.plain)) for f in layout.figures())
    read = Counter((f.statement, f.measure, f.amount_yuan / UNITS[f.printed_unit]) for f in found.figures)
    assert read - printed == Counter()
    assert read == printed or any(issue.severity == "error" for issue in found.issues)


UNRULED = st.sampled_from(get_args(Drawn))


@PATIENT
@given(disclosures(), styles(), page_styles(), UNRULED, st.booleans())
def test_a_hebei_disclosure_without_some_rules(
    disclosure: Disclosure, style: Style, page: PageStyle, drawn: Drawn, twice: bool
) -> None:
    assert_nothing_wrong_is_read(hebei.lay_out(disclosure, style), replace(page, drawn=drawn), twice)


@PATIENT
@given(shanghai_disclosures(), styles(), printings(), page_styles(), UNRULED, st.booleans())
def test_a_shanghai_disclosure_without_some_rules(
    disclosure: Disclosure, style: Style, printing: Printing, page: PageStyle, drawn: Drawn, twice: bool
) -> None:
    assert_nothing_wrong_is_read(shanghai.lay_out(disclosure, style, printing), replace(page, drawn=drawn), twice)


@PATIENT
@given(disclosures(), page_styles())
def test_text_without_a_unicode_map_is_never_guessed(disclosure: Disclosure, page: PageStyle) -> None:
    lost = replace(page, engine="composite", unicode_map=False)
    data = write_pdf(hebei.lay_out(disclosure, Style()), lost)
    try:
        found = understand(read_document(data, "a.pdf"), load_forms())
    except ValueError as error:
        raise AssertionError("a reader failed without a reason in words") from error
    except Exception as error:  # noqa: BLE001  the one exception that is a reason
        assert type(error).__name__ == "UnreadableDocument"
        return
    assert found.figures == ()

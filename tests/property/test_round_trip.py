"""Whatever consistent disclosure, printed in whatever style and format: every figure is read back, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pipeline.forms.printed import squash
from tests.support import HEBEI, doubts, read
from tools.typeset.hebei import lay_out
from tools.typeset.layout import Layout
from tools.typeset.model import STATEMENTS, Disclosure
from tools.typeset.strategy import disclosures, styles
from tools.typeset.style import Style
from tools.typeset.text import write_cell_lines, write_tab_rows
from tools.typeset.word import write_word

WRITERS: dict[str, Callable[[Layout], bytes]] = {
    "docx": write_word,
    "tab rows": lambda layout: write_tab_rows(layout).encode(),
    "cell lines": lambda layout: write_cell_lines(layout).encode(),
}
Printed = tuple[str, int, str, str, str, str, Decimal]


def printed(layout: Layout, unit: str) -> list[Printed]:
    """statement, row number, code, label, measure, text, yuan of every figure in the layout."""
    return sorted(
        (f.statement, f.row_number, f.code, squash(f.label), f.measure, f.text, Decimal(f.plain) * HEBEI.units[unit])
        for f in layout.figures()
    )


@pytest.mark.parametrize("writer", WRITERS)
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(disclosure=disclosures(), style=styles())
def test_every_figure_is_read_back_with_its_row_code_measure_and_text(
    writer: str, disclosure: Disclosure, style: Style
) -> None:
    layout = lay_out(disclosure, style)
    found = read(WRITERS[writer](layout))
    assert (found.fiscal_year, found.parts[0].body_name) == (disclosure.year, disclosure.department)
    assert {s.statement: s.status for s in found.statements} == {
        name: disclosure.statement(name).status for name in STATEMENTS
    }
    assert printed(layout, disclosure.unit) == sorted(
        (
            f.statement,
            f.row_number,
            f.code_as_printed or "",
            squash(f.row_label),
            f.measure,
            f.text_as_printed,
            f.amount_yuan,
        )
        for f in found.figures
    )
    assert all(f.subject_code == f.code_as_printed for f in found.figures if f.code_as_printed)
    assert not [f.item for f in found.figures if f.item.startswith("unrecognised")]
    assert doubts(found, "error") == []

"""Pages whose content is turned by any quarter, with and without /Rotate, in fonts of any descent."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import product
from typing import Literal

import pytest

from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.documents.model import Grid
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from tools.typeset.pdf import typeset
from tools.typeset.sample import read_samples
from tools.typeset.style import PageStyle

LAYOUT = next(sample for sample in read_samples() if "130529" in sample.file_name).layout()
UNITS = {"元": 1, "万元": 10000}
ROTATIONS: tuple[Literal[0, 90, 180, 270], ...] = (0, 90, 180, 270)
PAGES = [
    PageStyle(rotate=rotate, sideways=sideways, flat_font=flat)
    for rotate, sideways, flat in product(ROTATIONS, (False, True), (False, True))
    if rotate or not sideways
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.rotate}-{page.sideways}-{page.flat_font}")
def test_every_figure_is_read_where_it_stands(page: PageStyle) -> None:
    printed = typeset(LAYOUT, page)
    document, check = read_again(printed.data, read_document(printed.data, "a.pdf"))
    found = understand(document, load_forms())
    assert Counter(
        (f.statement, f.row_number, f.measure, f.amount_yuan / UNITS[f.printed_unit]) for f in found.figures
    ) == (Counter((f.statement, f.row_number, f.measure, Decimal(f.plain)) for f in LAYOUT.figures()))
    assert (check.different, check.only_in_first, check.only_in_second) == (0, 0, 0)
    boxes = {
        (block.page, *(round(side) for side in cell.bbox))
        for block in document.blocks
        if isinstance(block, Grid)
        for cell in block.cells
        if cell.bbox
    }
    shown = [cell for cell in printed.printed if cell.cell.figure is not None and cell.text]
    near = [cell for cell in shown if any(_is_at(cell.page, cell.shown, box) for box in boxes)]
    assert len(near) == len(shown)


def _is_at(page: int, shown: tuple[float, ...], box: tuple[int | None, ...]) -> bool:
    return box[0] == page and all(abs(a - b) <= 2 for a, b in zip(shown, box[1:], strict=True) if b is not None)

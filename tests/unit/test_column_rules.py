"""Tables of which only the columns have rules: the text says where their rows are, or they are errors."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from pipeline.documents.detect import read_document
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from tools.typeset.pdf import write_pdf
from tools.typeset.sample import read_samples
from tools.typeset.style import PageStyle

UNITS = {"元": 1, "万元": 10000}
PAGES = (
    PageStyle(drawn="only columns"),
    PageStyle(drawn="only columns", font_size=8.0, columns="layout", vertical="top"),
    PageStyle(drawn="only columns", font_size=7.0, paper="portrait", vertical="bottom"),
)
LAYOUTS = {sample.file_name[6:12]: sample.layout() for sample in read_samples() if sample.layout().figures()}
WHOLE = ("130200", "130529")


@pytest.mark.parametrize("page", PAGES, ids=["middle", "top", "bottom"])
@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_what_is_read_is_printed_and_the_rest_is_unread(name: str, page: PageStyle) -> None:
    layout = LAYOUTS[name]
    found = understand(read_document(write_pdf(layout, page), "a.pdf"), load_forms())
    printed = Counter((f.statement, f.row_number, f.measure, Decimal(f.plain)) for f in layout.figures())
    read = Counter((f.statement, f.row_number, f.measure, f.amount_yuan / UNITS[f.printed_unit]) for f in found.figures)
    assert read - printed == Counter()
    if name in WHOLE:
        assert read == printed
    missing = {key[0] for key in printed - read}
    assert missing <= {unread.statement for unread in found.unread}
    assert {statement for statement, *_ in printed} <= {
        s.statement for s in found.statements if s.status in ("present", "unread")
    }

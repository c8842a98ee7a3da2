"""Lines of one cell that are rows of their own, and lines that are one wrapped text."""

from __future__ import annotations

import pytest

from pipeline.forms.columns import ColumnMap
from pipeline.forms.printed_table import PrintedCell, PrintedRow
from pipeline.forms.several_rows import holds_several_rows

COLUMNS = ColumnMap(0, (1,), {None: 2}, ((3, None, "total"),), 4)


@pytest.mark.parametrize(
    ("texts", "several"),
    [
        (("1", "20103", "行政运行", "8.87"), False),
        (("1", "223\n029", "其\n他", "8.87"), False),  # a code wrapped in a narrow cell
        (("1", "2230\n299", "其他", "６３，８５２．９\n４"), False),
        (("1\n2", "20103\n20104", "甲\n乙", "8.87\n5.86"), True),
        (("1", "201\n20103", "甲", "8.87"), True),
        (("1", "201", "甲", "8.87\n5.86"), True),
        (("1", "", "一、甲\n二、乙", "8.87"), True),
        (("11\n12", "", "甲", "8.87"), True),
        (("1\n2", "", "甲", "8.87"), False),  # 12, wrapped
    ],
)
def test_a_row_holds_several_where_its_lines_cannot_be_one(texts: tuple[str, ...], several: bool) -> None:
    row = PrintedRow([PrintedCell(text) for text in texts], [(n, 1) for n in range(4)], 1, None)
    assert holds_several_rows(row, COLUMNS) == several

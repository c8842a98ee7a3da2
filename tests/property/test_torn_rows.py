"""Page breaks that cut rows anywhere: no figure is wrong, and what is not read is an error.

`python -m benchmarks.torn_rows --cuts 1000` tries a thousand of them.
"""

from __future__ import annotations

import pytest

from benchmarks.torn_rows import draw_torn

CUTS = 60


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_no_figure_of_a_cut_row_is_wrong(twice: bool) -> None:
    *_, found = draw_torn(CUTS, twice)
    assert found.cuts >= CUTS
    assert found.examples == []
    assert found.silent == 0
    assert found.joined > found.told > 0  # most are put together

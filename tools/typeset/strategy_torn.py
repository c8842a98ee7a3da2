"""Hypothesis strategy: pages whose breaks cut rows anywhere, through row numbers, codes, labels and amounts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tools.typeset.strategy import page_styles
from tools.typeset.style import PageStyle


@st.composite
def torn_pages(draw: st.DrawFn) -> PageStyle:
    """Large type in narrow columns, so that texts are wrapped, and page breaks at any height."""
    page = draw(page_styles())
    return replace(
        page,
        torn_rows=True,
        paper=draw(st.sampled_from(("portrait", "portrait", "landscape"))),
        font_size=draw(st.sampled_from((9.0, 12.0, 14.0, 16.0))),
        columns=draw(st.sampled_from(("layout", "layout", "content"))),
        foot=draw(st.floats(0, 320, width=16)),
        footer="none",
        packed=draw(st.booleans()),
        fake_bold=False,
        rotate=0,
        sideways=False,
    )

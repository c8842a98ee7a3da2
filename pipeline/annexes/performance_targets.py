"""Targets that a capture has filled with the texts of other cells, or with none: they are marked, not mended."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.annexes.performance_rows import Doubts, Draft
from pipeline.annexes.performance_rules import complete, performance_rules
from pipeline.forms.printed import is_blank, squash

_SEVERAL = re.compile(r"(?:^|\s)[≥≤<>=].*\s[≥≤<>=]", re.DOTALL)
_SHORTEST_HEADER = 3
_SHORTEST_PIECE = 3


def doubt_targets(drafts: Sequence[Draft], doubts: Doubts) -> None:
    """Marks the targets of one table that are not what their cells print."""
    for draft in drafts:
        text = squash(draft.target)
        if not text or complete(draft.target):
            continue
        if not any(char.isalnum() for char in text):
            if not is_blank(text) and text not in performance_rules().target.no_operator:
                doubts.of_row("warning", "a target holds no word", draft, draft.target)
        elif _SEVERAL.search(draft.target) or any(header in text for header in _headers()):
            doubts.of_row("warning", "a target holds the texts of other cells", draft, draft.target)
            _compare(draft.target, [other for other in drafts if other is not draft], doubts)


def _compare(swallowed: str, others: Sequence[Draft], doubts: Doubts) -> None:
    """The column is read twice: a target that ends like a piece of the other reading, and is none, is a doubt."""
    pieces = [piece for piece in swallowed.split() if len(piece) >= _SHORTEST_PIECE]
    for other in others:
        text = squash(other.target)
        ends_so = any(text != piece and text.endswith(squash(piece)) for piece in pieces)
        if ends_so and text not in squash(swallowed) and not complete(other.target):
            what = "two readings of a target differ"
            doubts.of_row("warning", what, other, f"{other.target} | {swallowed}")


def _headers() -> list[str]:
    headers = performance_rules().headers.items()
    roles = ("target", "level_1", "level_2", "level_3", "description", "basis")
    return [text for text, role in headers if role in roles and len(text) >= _SHORTEST_HEADER]

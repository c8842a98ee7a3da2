"""Rows that a page break or the height of their cells parted: which is the rest of which, and how they join."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pipeline.annexes.performance_rows import Draft
from pipeline.annexes.performance_rules import complete, kinds_1, kinds_2, open_brackets, torn
from pipeline.forms.printed import squash
from pipeline.forms.printed_table import BLANK

Printed = Mapping[str, Counter[str]]  # role → the texts of its column


def is_piece(
    draft: Draft, before: Draft, printed: Printed, *, first: bool, merged: bool
) -> Literal["surely", "maybe", ""]:
    """Is this row the rest of the row before it, which a page break or the height of its cells parted?

    ``first``: it is the first of its table; ``merged``: this table prints indicators whose second level is a merged
    cell above them.
    """
    level_1, level_2, target = draft.get("level_1"), draft.get("level_2"), draft.target
    if first and _is_rest(draft, before, printed, merged=merged):
        return "surely"
    if level_2:
        parted = not kinds_2(level_2) and bool(kinds_2(before.get("level_2") + level_2)) and not complete(target)
        return "surely" if parted else ""
    if level_1 and not kinds_1(level_1) | kinds_1(before.get("level_1") + level_1):
        return ""
    if not draft.get("level_3"):
        return "" if target and complete(target) and complete(before.target) else "surely"
    if target and (complete(target) or all(draft.get(r) for r in ("description", "basis") if r in draft.texts)):
        return ""
    if merged:
        return "maybe" if first and not target else ""
    return "surely"


def _is_rest(draft: Draft, before: Draft, printed: Printed, *, merged: bool) -> bool:
    """First on its page: do its texts make up, with those of the row before, what they are not by themselves?"""
    kind = torn(before.target, draft.target)
    if complete(before.target) and complete(draft.target) and not kind:
        return False
    if draft.get("level_1") and not _label_goes_on(before.get("level_1"), draft.get("level_1"), kinds_1):
        return False
    if draft.get("level_2") and not _label_goes_on(before.get("level_2"), draft.get("level_2"), kinds_2):
        return False
    labelled = bool(draft.get("level_1") or draft.get("level_2"))
    said = [_goes_on(role, before, draft, printed) for role in ("level_3", "description", "target", "basis")]
    filled = all(draft.get(role) for role in ("level_3", "description", "basis") if role in draft.texts)
    whole = filled and (merged or "level_2" not in draft.texts)
    return labelled or kind == "surely" or (kind == "maybe" and not whole) or (True in said and False not in said)


def _goes_on(role: str, before: Draft, draft: Draft, printed: Printed) -> bool | None:
    """Is the text of a column the rest of the one above it (True) or one by itself (False)?"""
    first, rest = squash(before.get(role)), squash(draft.get(role))
    if not first or not rest:
        return None
    known = printed.get(role, Counter())
    if known[first + rest] != known[rest]:
        return known[first + rest] > 0 if not known[rest] else False if not known[first + rest] else None
    return True if open_brackets(first) and open_brackets(rest) and not open_brackets(first + rest) else None


def _label_goes_on(first: str, rest: str, kinds: Callable[[str], frozenset[str]]) -> bool:
    """Are these the two halves of one level: 产出指 | 标, 满意度 | 指标, 服务对象 | 满意度指标?"""
    return bool(first and kinds(first + rest)) and not (kinds(first) and kinds(rest))


def complete_labels(above: Sequence[Draft], draft: Draft, before: Draft | None) -> None:
    """The end of a level whose merged cell a page break cuts: it belongs to the row where its beginning is printed.

    Not where ``before``, the row right above, begins it: then the row itself may be cut.
    """
    for role, kinds in (("level_1", kinds_1), ("level_2", kinds_2)):
        rest = draft.get(role)
        holder = next((one for one in reversed(above) if one.get(role)), None)
        if not rest or kinds(rest) or holder is None or (before is not None and before.get(role)):
            continue
        if _label_goes_on(holder.get(role), rest, kinds):
            holder.texts[role] = holder.get(role) + rest
            draft.texts[role] = ""


def join(before: Draft, piece: Draft) -> None:
    """Adds the texts of a piece to the row that it is the rest of."""
    rest = dict(piece.texts)
    level_1 = rest.pop("level_1", "")
    if kinds_1(level_1):
        before.block_below = level_1  # the label of the block that goes on here
    elif level_1:
        before.texts["level_1"] = before.get("level_1") + level_1
    for role, text in rest.items():
        before.texts[role] = before.get(role) + text
    for role, cell in piece.target_cells.items():
        if cell.text.strip() and not before.target_cells.get(role, BLANK).text.strip():
            before.target_cells[role] = cell

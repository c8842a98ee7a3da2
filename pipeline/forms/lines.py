"""Printed labels → the fixed lines of a form: by the label, by what is left of it, or by the place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.forms.form import Line
from pipeline.forms.printed import class_code, has_cjk, plain_label, strip_enumerator


def match_line(label: str, lines: tuple[Line, ...], latest: int, taken: set[int], is_last: bool = False) -> int | None:
    """The line with this label: the next one below the latest match, else any; of the last label the last one.

    A line that stands ``below`` a heading is meant only after it, or where the other lines of that label are taken.
    """
    if not label:
        return None
    plain = plain_label(label)
    matches = [n for n, line in enumerate(lines) if label in line.labels or plain in line.labels]
    if code := class_code(label):  # [202]一般公共服务支出 is neither line for certain
        matches = [n for n in matches if lines[n].subject_code == code]
    alike = [n for n in matches if lines[n].below is None]
    if is_last and len(alike) > 1:  # 收入合计 at the end of a side is the total, else that of the year
        return alike[-1]
    headings = {lines[n].item for n in taken}
    under = [n for n in matches if lines[n].below in headings]
    free = [n for n in matches if lines[n].below is None and n not in taken]
    matches = under or free or matches
    return next((n for n in matches if n > latest), matches[0] if matches else None)


def damaged_line(label: str, lines: tuple[Line, ...], taken: set[int]) -> int | None:
    """The one line that this label is, with some letters read as something that is no letter: 收□总计."""
    readable = sum(1 for letter in label if has_cjk(letter))
    if not readable or readable == len(label) or readable * 2 < len(label):
        return None
    plain = strip_enumerator(label)
    pattern = re.compile("".join(text if has_cjk(text) else "." for text in plain))
    fitting = [n for n, line in enumerate(lines) if any(pattern.fullmatch(known) for known in line.labels)]
    if not fitting:  # the mark of the enumerator may be the letter that is lost: 一□一般公共预算拨款
        known = {
            n: max((text for text in line.labels if label.endswith(text)), key=len, default="")
            for n, line in enumerate(lines)
        }
        fitting = [n for n, text in known.items() if text and len(label) - len(text) <= 4]
        longest = max((len(known[n]) for n in fitting), default=0)
        fitting = [n for n in fitting if len(known[n]) == longest]
    return fitting[0] if len(fitting) == 1 and fitting[0] not in taken else None


_FEWEST_LETTERS = 4  # 其他支出 is not the beginning of anything


def cut_line(label: str, lines: tuple[Line, ...], latest: int, taken: set[int]) -> int | None:
    """The one line below the latest match that begins so: the cell had no room for the rest."""
    begun = strip_enumerator(label)
    if sum(map(has_cjk, begun)) < _FEWEST_LETTERS:
        return None
    fitting = [n for n, line in enumerate(lines) if any(known.startswith(begun) for known in line.labels)]
    return fitting[0] if len(fitting) == 1 and fitting[0] > latest and fitting[0] not in taken else None


def line_between(
    position: int, found: Sequence[int | None], numbers: Sequence[int], lines: tuple[Line, ...], label: str
) -> int | None:
    """The one line between two neighbours that are read and numbered without a gap, if the rest of the label agrees.

    ``found`` and ``numbers`` are the line and the number of every row; ``position`` is the row in question.
    """
    if not 0 < position < len(found) - 1:
        return None
    before, after = found[position - 1], found[position + 1]
    if before is None or after is None or after - before != 2:
        return None
    if numbers[position + 1] - numbers[position - 1] != 2:
        return None
    line = lines[before + 1]
    alike = max(SequenceMatcher(None, label, text).ratio() for text in line.labels)
    return before + 1 if not label or alike >= 0.4 else None

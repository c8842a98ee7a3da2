"""Assembled rows → which row of the form each is: a subject of a classification, a fixed line, or a total."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.documents.model import Issue, Severity
from pipeline.forms.classification import Classification, CodeResolution, Resolved
from pipeline.forms.code_levels import lost_zero
from pipeline.forms.form import Line
from pipeline.forms.lines import cut_line, damaged_line, line_between, match_line
from pipeline.forms.printed import squash
from pipeline.forms.rows import AssembledRow

OUTSIDE = "outside_"  # items of rows that are in no sum of the statement: numbers without a label, the row of a body
_BODY_ROW = "a row is of a body, not of a subject; it is in no sum of the statement"
_STRAY = "numbers stand in a row without a label and a code; they are in no sum of the statement"
_ZERO = "a zero of the printed code is lost"


@dataclass(frozen=True, slots=True)
class RowIdentity:
    """Which row of the form it is; ``doubt`` is reported where the row has amounts."""

    item: str
    subject_code: str | None
    code_as_printed: str | None
    resolution: CodeResolution
    doubt: Issue | None = None
    code_read: str | None = None  # where the columns of the code leave out upper levels: the code with them, if known


def coded_rows(
    rows: list[AssembledRow], names: Classification, totals: frozenset[str], is_body: Callable[[str], bool]
) -> Iterator[RowIdentity]:
    """Rows with a subject code: T2, T3, T5–T8. ``is_body``: can this (squashed) label be the name of a body?"""
    above: tuple[str, ...] = ()
    renumbered: dict[str, str] = {}  # printed codes that mean another one, for what is printed below them
    for row in rows:
        label = squash(row.labels.get(None, ""))
        if not row.codes and (label in totals or label.rstrip(":") in totals):
            yield RowIdentity("total", None, None, "none")
            continue
        if not label and not row.codes:
            yield _outside(row, "", _STRAY, "warning")
            continue
        if row.codes and is_body(label) and not any(code in names for code in row.codes):
            yield _outside(row, label, _BODY_ROW, "info")
            continue
        # a row captured twice may have its code twice: the reading that agrees with the label, below a row above
        readings = [(code, names.resolve(code, label, above, renumbered)) for code in row.codes or [""]]
        readings.sort(key=lambda r: len(r[0]) > 3 and r[0][:-2] not in above)
        code, resolved = next((r for r in readings if r[1].resolution == "as_printed" and not r[1].doubt), readings[0])
        if len(readings) > 1 and resolved.doubt is None:
            resolved = replace(resolved, doubt="two readings of a code differ; the one that fits is taken")
        printed = row.printed_code(code)
        read = code if code != printed and not lost_zero(row.levels) else None
        if code != printed and resolved.resolution == "as_printed":
            by_label = read is None and resolved.doubt is None
            doubtful = _ZERO if by_label else resolved.doubt
            resolved = Resolved(resolved.subject_code, "from_label" if by_label else "from_hierarchy", doubtful)
        doubt = _code_doubt(row, printed, label, resolved)
        if resolved.subject_code is None:
            yield RowIdentity(f"unrecognised_{row.order}", None, printed or None, "unresolved", doubt, read)
            continue
        above = (resolved.subject_code, *above[:20])
        renumbered[code] = resolved.subject_code
        subject = resolved.subject_code
        yield RowIdentity(subject, subject, printed or None, resolved.resolution, doubt, read)


def _outside(row: AssembledRow, label: str, what: str, severity: Severity) -> RowIdentity:
    code = row.printed_code(row.codes[0]) if row.codes else None
    text = f"{code or ''} {label}".strip()
    doubt = Issue(severity, what, text, row.page, row.locator)
    return RowIdentity(f"{OUTSIDE}{row.order}", None, code, "none", doubt)


def _code_doubt(row: AssembledRow, code: str, label: str, resolved: Resolved) -> Issue | None:
    if resolved.doubt is None:
        return None
    changed = resolved.subject_code if resolved.subject_code != code else None
    text = f"{code} {label}" + (f" → {changed}" if changed else "")
    severity: Severity = "info" if resolved.resolution in ("as_printed", "from_label", "from_hierarchy") else "warning"
    return Issue(severity, resolved.doubt, text, row.page, row.locator)


def fixed_lines(rows: list[AssembledRow], side: str, lines: tuple[Line, ...]) -> tuple[list[RowIdentity], list[Issue]]:
    """Rows with a fixed label: T1, T4, T9. A label that cannot be read is placed by its neighbours.

    The issues are those of labels that are known although letters of them are lost.
    """
    identities: list[RowIdentity] = []
    issues: list[Issue] = []
    found: list[int | None] = []
    latest = -1
    last = max((n for n, row in enumerate(rows) if row.labels.get(side)), default=-1)
    for position, row in enumerate(rows):
        label = squash(row.labels.get(side, ""))
        taken = {n for n in found if n is not None}
        index = match_line(label, lines, latest, taken, position == last)
        if index is None:
            index = damaged_line(label, lines, taken)
            if index is not None:
                what = "letters of a label cannot be read; the rest is one line of the form"
                issues.append(Issue("info", what, label, row.page, row.locator))
        if index is None and label:
            index = cut_line(label, lines, latest, taken)
            if index is not None:
                what = "a label is cut off; one line of the form begins so"
                issues.append(Issue("info", what, label, row.page, row.locator))
        found.append(index)
        latest = index if index is not None else latest
    numbers = [row.number for row in rows]
    for position, (row, index) in enumerate(zip(rows, found, strict=True)):
        doubt: Issue | None = None
        label = row.labels.get(side, "")
        if index is None:
            index = line_between(position, found, numbers, lines, squash(label))
            what = (
                "a label cannot be read; the row is known by its place between its neighbours"
                if index is not None
                else "a line is not one that the form knows"
            )
            doubt = Issue("info" if index is not None else "warning", what, label, row.page, row.locator)
        if index is None and not label.strip():
            identities.append(_outside(row, "", _STRAY, "warning"))
            continue
        if index is None:
            identities.append(RowIdentity(f"unrecognised_{row.order}", None, None, "none", doubt))
            continue
        line = lines[index]
        resolution: CodeResolution = "from_label" if line.subject_code else "none"
        identities.append(RowIdentity(line.item, line.subject_code, None, resolution, doubt))
    return identities, issues

"""The errata ledger for people: as text by department, as a web page, as CSV. Read from the published warehouse."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # Excel takes the wide ones for the others
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of `quality.erratum`, with the names that people know. Amounts are yuan."""

    erratum_id: str
    department_name: str
    fiscal_year: int
    file_name: str
    page: int | None
    locator: str | None
    statement: str
    row_label: str
    measure: str
    published_text: str | None
    published_yuan: Decimal | None
    implied_yuan: Decimal | None
    implied_number: Decimal | None  # of a percentage or a quantity
    printed_unit: str | None
    verdict: str
    status: str
    identity_ids: str
    evidence: str
    place_count: int
    is_sample: bool  # body and text are invented: the error is nobody's

    @property
    def where(self) -> str:
        place = [f"page {self.page}" if self.page else None, self.locator]
        return ", ".join(text for text in place if text) or "the document as a whole"

    @property
    def published(self) -> str:
        if self.published_text is None:
            return "(blank)"
        return f"{self.published_text} {self.printed_unit}" if self.printed_unit else self.published_text

    @property
    def implied(self) -> str:
        """What it should be, as the identities have it; empty where that is not unique."""
        if self.implied_yuan is not None:
            return f"{self.implied_yuan:,.2f} yuan"
        return f"{self.implied_number.normalize():f} {self.printed_unit or ''}".strip() if self.implied_number else ""


ROUNDED = "尾差，非差错 · sums that hold within rounding only, nobody's fault"
_QUERY = """
select e.erratum_id, coalesce(d.department_name, e.department_key), e.fiscal_year, f.file_name, e.page, e.locator,
       e.statement, coalesce(e.row_label, ''), e.measure, e.published_text, e.published_yuan, e.implied_yuan,
       e.implied_number, case when p.measure = e.measure then p.printed_unit end,
       e.verdict, e.status, coalesce(e.identity_ids, ''), e.evidence, e.place_count, coalesce(f.is_sample, false)
from quality.erratum e
left join marts.dim_department d on d.department_key = e.department_key
left join marts.dim_document f on f.document_key = e.document_key
left join marts.published_figure p on p.figure_id = e.figure_id
order by 2, 3, coalesce(f.is_sample, false), e.statement, e.row_number nulls last, e.erratum_id
"""


def read_ledger(connection: duckdb.DuckDBPyConnection, verdict: str | None = None) -> list[Entry]:
    """The ledger by department and year; of one verdict only, if one is given."""
    entries = [Entry(*row) for row in connection.execute(_QUERY).fetchall()]
    return [entry for entry in entries if verdict in (None, entry.verdict)]


def _body(entry: Entry) -> tuple[str, int, bool]:
    return entry.department_name, entry.fiscal_year, entry.is_sample


def as_text(entries: Sequence[Entry]) -> str:
    """For the terminal, department by department; sums that hold within rounding in a section of their own."""
    faults, rounded = _apart(entries)
    lines = [line for entry in _by_body(faults) for line in entry]
    counts = {name: sum(entry.verdict == name for entry in faults) for name in ("publisher", "undecided", "extraction")}
    lines.append(f"{len(faults)} errata: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    if rounded:
        lines += ["", f"{ROUNDED}: {len(rounded)}", *(line for entry in _by_body(rounded) for line in entry)]
    return "\n".join(lines)


def _apart(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Faults, and sums that hold within rounding only."""
    found = list(entries)
    return [e for e in found if e.verdict != "rounding"], [e for e in found if e.verdict == "rounding"]


def _by_body(entries: Iterable[Entry]) -> Iterator[list[str]]:
    for (department, year, sample), group in groupby(entries, key=_body):
        yield [f"{department} {year}{' (sample: body and text are invented)' if sample else ''}"]
        for entry in group:
            implied = f" → {entry.implied}" if entry.implied else ""
            places = f" ({entry.place_count} places)" if entry.place_count > 1 else ""
            yield [
                f"  [{entry.verdict}, {entry.status}] {entry.statement}: {entry.row_label} · {entry.measure}{places}",
                f"      {entry.file_name}, {entry.where}: {entry.published}{implied}",
                f"      {entry.evidence}",
            ]


def as_csv(entries: Iterable[Entry]) -> str:
    """One line per erratum, with a header. No text begins as a formula does: a spreadsheet would run it."""
    names = [field.name for field in fields(Entry)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for entry in entries:
        writer.writerow([without_formula(getattr(entry, name)) for name in names])
    return out.getvalue()


def without_formula(value: object) -> object:
    """A cell that a spreadsheet takes for what it is: a text that begins like a formula gets an apostrophe before it.

    Numbers stay, a negative one too: they are no formulas.
    """
    text = str(value) if isinstance(value, str) else ""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else value


def as_html(entries: Sequence[Entry]) -> str:
    """A page of its own, without any other file."""
    from pipeline.pages import page

    faults, rounded = ([(*key, list(group)) for key, group in groupby(part, key=_body)] for part in _apart(entries))
    return page("errata.html", faults=faults, rounded=rounded, rounded_title=ROUNDED)

"""绩效目标表 → projects, goals and indicators, with every target that is a number.

Two passes: the first sorts the rows of every table (title, goal, header, body); the second learns what this document
prints in its columns, makes indicators of the body rows and joins what a page break parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.annexes.find import Annex
from pipeline.annexes.model import AnnexRead, Indicator, PerformanceTable
from pipeline.annexes.performance_assembly import assemble
from pipeline.annexes.performance_indicators import MEASURE, STATEMENT, Writer
from pipeline.annexes.performance_rows import Doubts, Project
from pipeline.annexes.performance_sorting import Sorter
from pipeline.forms.disclosure import StatementRead
from pipeline.forms.form import Form
from pipeline.forms.printed import squash


def read_performance(
    annexes: Sequence[Annex], form: Form
) -> tuple[tuple[PerformanceTable, ...], tuple[Indicator, ...], AnnexRead]:
    """The 绩效目标表 of a document: its tables, their indicators, and every target that is a number as a figure.

    Amounts of the figures are yuan where the unit is one of money, else the plain number.
    """
    doubts = Doubts()
    sorter = Sorter(form, doubts)
    sorter.collect(annexes)
    assemble(sorter.projects, doubts)
    writer = Writer(form, doubts)
    for project in sorter.projects:
        for draft in project.drafts:
            writer.write(project, draft)
    status = sorter.status(len(writer.indicators))
    if status == "present":
        _doubts_of_names(sorter.projects, doubts)
    statement = _statement(annexes, status, len(writer.indicators), len(writer.figures))
    read = AnnexRead(statement, tuple(writer.figures), tuple(writer.rows), tuple(doubts.issues))
    return _tables(sorter.projects), tuple(writer.indicators), read


def _statement(annexes: Sequence[Annex], status: str, rows: int, figures: int) -> StatementRead:
    if not annexes:
        return StatementRead(1, STATEMENT, "missing")
    first = next((annex for annex in annexes if annex.tables), annexes[0])
    measures = (MEASURE,) if status == "present" else ()
    return StatementRead(1, STATEMENT, status, first.title, None, rows, figures, first.page, first.locator, measures)


def _tables(projects: Iterable[Project]) -> tuple[PerformanceTable, ...]:
    """One entry for each number; several tables of the whole department are one."""
    tables: dict[int, PerformanceTable] = {}
    for p in projects:
        before = tables.get(p.number)
        goal = "".join(filter(None, (before.goal if before else None, p.goal))) or None
        count = len(p.drafts) + (before.indicators if before else 0)
        page, locator = (before.page, before.locator) if before else (p.page, p.locator)
        tables[p.number] = PerformanceTable(p.number, p.name, goal, count, page, locator)
    return tuple(sorted(tables.values(), key=lambda table: table.number))


def _doubts_of_names(projects: Iterable[Project], doubts: Doubts) -> None:
    seen: set[str] = set()
    for project in projects:
        if project.name is not None and squash(project.name) in seen:
            what = "two performance tables name the same project; both are loaded"
            doubts.say("warning", what, project.name, project.page, project.locator)
        seen.add(squash(project.name or ""))
        if project.number and project.name is None and project.title:
            what = "a performance table names no project"
            doubts.say("warning", what, project.title, project.page, project.locator)
        if not project.drafts:
            what = "a performance table holds no indicator"
            doubts.say("warning", what, project.name or project.title, project.page, project.locator)

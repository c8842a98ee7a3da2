"""The rows of every 绩效目标表, sorted: which project each belongs to, and which are its goal, its header, its body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.annexes.find import Annex
from pipeline.annexes.performance_columns import ColumnFinder, header_roles, is_goal, role_of
from pipeline.annexes.performance_rows import Columns, Doubts, Line, Project, cells_of
from pipeline.annexes.performance_rules import kinds_1, kinds_2, performance_rules, plain
from pipeline.annexes.performance_titles import Titles
from pipeline.documents.model import Paragraph, Severity
from pipeline.forms.form import Form
from pipeline.forms.printed import squash
from pipeline.forms.printed_table import BLANK, PrintedCell, PrintedRow, PrintedTable


class Sorter:
    """Fills the projects of a document with the lines of their tables, in its order."""

    def __init__(self, form: Form, doubts: Doubts) -> None:
        self.form = form
        self.rules = performance_rules()
        self.doubts = doubts
        self.finder = ColumnFinder(doubts)
        self.projects: list[Project] = []
        self.notes: list[str] = []
        self.titles = Titles()

    def collect(self, annexes: Sequence[Annex]) -> None:
        with_tables = {self.titles.name(annex.title) for annex in annexes if annex.tables}
        for n, annex in enumerate(annexes):
            self.notes += [line.text for line in annex.lines if self._is_note(squash(line.text))]
            if annex.tables:
                self._begin(annex, annexes[n - 1] if n else None)
                self._goal_outside(annex.lines)
                for table in annex.tables:
                    self._table(table, annex)
            elif self.titles.name(annex.title) not in with_tables:  # else it is an entry of a list of contents
                self._without_table(annex, any(later.tables for later in annexes[n + 1 :]))

    # ── titles ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _without_table(self, annex: Annex, others_follow: bool) -> None:
        named = self.titles.count(annex.title) is not None or self.titles.is_of_whole(annex.title)
        severity: Severity = "warning" if named or not others_follow else "info"
        if not any(self._says_empty(line.text) for line in annex.lines):
            what = "the title of a performance table stands without a table"
            self.doubts.say(severity, what, annex.title, annex.page, annex.locator)

    def _begin(self, annex: Annex, before: Annex | None) -> None:
        title = annex.title
        if self.titles.is_of_whole(title):
            self.projects.append(Project(0, None, annex.page, annex.locator, title))
            return
        if self.titles.name(title) is None and before is not None and (half := self.titles.first_half(before)):
            title = half + title
        if (gap := self.titles.gap_before(title)) is not None:
            what = "the numbers of the performance tables have a gap"
            self.doubts.say("warning", what, gap, annex.page, annex.locator)
        self._project(self.titles.count(title), title, annex.page, annex.locator)

    def _goal_outside(self, lines: Iterable[Paragraph]) -> None:
        """A goal printed above the table instead of in it."""
        for line in lines:
            label, colon, goal = plain(line.text).replace("：", ":").partition(":")
            if colon and goal and self.rules.goal.fullmatch(squash(label)):
                self.projects[-1].goals.append(goal)

    def _project(self, name: str | None, title: str, page: int | None, locator: str | None) -> None:
        number = sum(1 for project in self.projects if project.number) + 1
        self.projects.append(Project(number, name, page, locator, title))

    def _lost_title(self, annex: Annex, row: PrintedRow) -> None:
        """A table begins within another's: its title may be on two lines among the lines around the tables."""
        title = next(self.titles.in_two_lines(annex.lines), "")
        if title:
            self.doubts.say("info", "the title of a performance table is in pieces", title, row.page, row.locator)
        else:
            what = "a performance table has lost its title; its project is not known"
            self.doubts.say("warning", what, " ".join(row.filled), row.page, row.locator)
        self._project(self.titles.count(title) if title else None, title, row.page, row.locator)

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: PrintedTable, annex: Annex) -> None:
        headers: list[PrintedRow] = []
        columns: Columns | None = None
        first = True
        for row in table.rows:
            if not row.filled:
                continue
            if roles := header_roles(row):
                if columns is not None or any(roles & header_roles(header) for header in headers):
                    headers = []  # another header, not the second row of this one
                headers.append(row)
                columns = None
                continue
            if self._above(row, annex):
                continue
            if columns is None:
                columns = self._columns(headers, table)
                if headers and columns is not None and first and self._restarts(row, columns):
                    self._lost_title(annex, row)
                self.projects[-1].has_header |= bool(headers)
            if columns is None:
                what = "the columns of a performance table are not known; the row is not loaded"
                self.doubts.say("error", what, _printed(row), row.page, row.locator)
                continue
            cells, whole = cells_of(row, columns.used)
            self.projects[-1].goal_open = False
            self.projects[-1].lines.append(Line(cells, columns, row, whole, first))
            first = False
        if headers and columns is None:  # a header, and its rows on the next page
            self._columns(headers, table)
            self.projects[-1].has_header = True

    def _columns(self, headers: Sequence[PrintedRow], table: PrintedTable) -> Columns | None:
        project = self.projects[-1]
        return self.finder.columns(headers, table, project.name or project.title, project.has_header)

    def _restarts(self, row: PrintedRow, columns: Columns) -> bool:
        """A header and below it the first level that the table began with, after others: another project begins."""
        before = self.projects[-1].lines
        labels = [label for line in before if (label := _known_level_1(line.cells, line.columns))]
        label = _known_level_1(row.cells, columns)
        return bool(label and labels and label == labels[0] != labels[-1])

    def _above(self, row: PrintedRow, annex: Annex) -> bool:
        """Goal, name of the project, furniture: whatever is no indicator. True if the row is used up."""
        project, filled = self.projects[-1], row.filled
        texts = [plain(text) for text in row.texts if text.strip()]
        label, _, behind = filled[0].partition(":")
        if is_goal(row):
            if project.lines:
                self._lost_title(annex, row)
                project = self.projects[-1]
            head = [re.split("[:：]", texts[0], maxsplit=1)[1]] if behind else []
            project.goals += [*head, *texts[1:]]
            project.goal_open = True
        elif self.rules.name.fullmatch(label):
            self._named_inside(behind or "".join(texts[1:2]), row)
        elif self._is_note("".join(filled)):
            self.notes.append("".join(texts))
        elif project.goal_open and not project.lines and len(filled) == 1 and not kinds_1(texts[0]) | kinds_2(texts[0]):
            project.goals += texts
        elif not project.lines and self.rules.not_loaded_rows.fullmatch(label):
            what = "a row above the indicators says something that is not loaded"
            self.doubts.say("info", what, _printed(row), row.page, row.locator)
        else:
            return self._is_furniture(filled)
        return True

    def _named_inside(self, name: str, row: PrintedRow) -> None:
        project = self.projects[-1]
        if project.lines:
            self._project(name or None, name, row.page, row.locator)
        elif project.name is None and project.number:
            project.name = name or None
        elif squash(name) != squash(project.name or ""):
            what = "title and table name different projects; the title counts"
            self.doubts.say("info", what, name, row.page, row.locator)

    def _is_note(self, text: str) -> bool:
        return bool(self.rules.notes.fullmatch(text)) or self._says_empty(text)

    def _says_empty(self, text: str) -> bool:
        return any(pattern.fullmatch(squash(text)) for pattern in self.form.empty_notes)

    def _is_furniture(self, filled: list[str]) -> bool:
        patterns = (self.form.unit_line, self.form.body_label, self.form.year_line)
        return all(role_of(text) == "group" or any(p.fullmatch(text) for p in patterns) for text in filled)

    def status(self, indicators: int) -> str:
        empty = any(self._says_empty(note) for note in self.notes)
        if indicators or (not empty and any(project.has_content for project in self.projects)):
            return "present"
        return "declared_empty" if empty else "missing"


def _known_level_1(cells: Sequence[PrintedCell], columns: Columns) -> str:
    label = squash(columns.of(cells).get("level_1", BLANK).text)
    return label if kinds_1(label) else ""


def _printed(row: PrintedRow) -> str:
    return " ".join(plain(text) for text in row.texts if text.strip())

"""绩效目标表 → projects, goals and indicators, with every target that is a number.

Two passes: the first sorts the rows of every table (title, goal, header, body) and learns what this document prints
in its columns; the second makes indicators of the body rows, joins what a page break parted, and puts a cell into
another column only where what is printed in it leaves no other place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, zip_longest

from pipeline.annexes.find import Annex
from pipeline.annexes.model import AnnexRead, Indicator, PerformanceTable
from pipeline.annexes.performance_columns import ColumnFinder, header_roles, is_goal, role_of
from pipeline.annexes.performance_levels import Levels
from pipeline.annexes.performance_rows import (
    ENOUGH,
    Columns,
    Doubts,
    Draft,
    Line,
    Project,
    arranged,
    cells_of,
    draft_of,
    score,
)
from pipeline.annexes.performance_rules import (
    Target,
    complete,
    foreign,
    kinds_1,
    kinds_2,
    open_brackets,
    operator_before,
    parse_target,
    performance_rules,
    plain,
    says_date,
    torn,
)
from pipeline.documents.model import Paragraph, Severity
from pipeline.forms.disclosure import Figure, RowRead, StatementRead
from pipeline.forms.form import Form
from pipeline.forms.printed import parse_amount, parse_ordinal, squash
from pipeline.forms.printed_table import BLANK, PrintedCell, PrintedRow, PrintedTable

STATEMENT, MEASURE = "performance", "target"

_FEN = Decimal("0.01")
_LEVEL_IN_FRONT = re.compile(r"(?P<level_2>.{2,8}?指标)(?P<level_3>.+)")
_POINTS = (".", "．")
_REPAIRS = {
    "two": "an indicator stands in two pieces; they are joined",
    "parted": "a cell holds the texts of two columns; what they say parts them",
    "moved": "a row has lost or gained a cell; what stands in it says which column each is",
}
_ENUMERATED = re.compile(
    r"\s*(?:附[表件]?\s*\d*\s*[:：、]?\s*)?"
    r"(?:[(（]\s*(?P<bracket>\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）][、.．]?"
    r"|(?P<number>\d{1,3})\s*(?P<mark>[、.．,，)）])|[一二三四五六七八九十]{1,3}、)\s*"
)


class _Sorter:
    """First pass: which rows belong to which project, and which of them are its goal, its header, its indicators."""

    def __init__(self, form: Form, doubts: Doubts) -> None:
        self.form = form
        self.rules = performance_rules()
        self.doubts = doubts
        self.finder = ColumnFinder(doubts)
        self.projects: list[Project] = []
        self.notes: list[str] = []
        self.last_number: int | None = None  # of the title before, as printed

    def collect(self, annexes: Sequence[Annex]) -> None:
        with_tables = {self._name(annex.title) for annex in annexes if annex.tables}
        for n, annex in enumerate(annexes):
            self.notes += [line.text for line in annex.lines if self._is_note(squash(line.text))]
            if annex.tables:
                self._begin(annex, annexes[n - 1] if n else None)
                self._goal_outside(annex.lines)
                for table in annex.tables:
                    self._table(table, annex)
            elif self._name(annex.title) not in with_tables:  # else it is an entry of a list of contents
                self._without_table(annex, any(later.tables for later in annexes[n + 1 :]))

    # ── titles ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _without_table(self, annex: Annex, others_follow: bool) -> None:
        named = self._name(annex.title, count=True) is not None or self.rules.whole.search(squash(annex.title))
        severity: Severity = "warning" if named or not others_follow else "info"
        if not any(self._says_empty(line.text) for line in annex.lines):
            what = "the title of a performance table stands without a table"
            self.doubts.say(severity, what, annex.title, annex.page, annex.locator)

    def _begin(self, annex: Annex, before: Annex | None) -> None:
        title = annex.title
        if self.rules.whole.search(squash(title)):
            self.projects.append(Project(0, None, annex.page, annex.locator, title))
            return
        if self._name(title) is None and before is not None and (half := self._half_title(before)):
            title = half + title
        self._gap_before(title, annex)
        self._project(self._name(title, count=True), title, annex.page, annex.locator)

    def _goal_outside(self, lines: Iterable[Paragraph]) -> None:
        """A goal printed above the table instead of in it."""
        for line in lines:
            label, colon, goal = plain(line.text).replace("：", ":").partition(":")
            if colon and goal and self.rules.goal.fullmatch(squash(label)):
                self.projects[-1].goals.append(goal)

    def _half_title(self, before: Annex) -> str | None:
        """The first line of a title on two lines: it stands last before this title and goes on with the numbers."""
        text = before.lines[-1].text.strip() if before.lines else ""
        match = _ENUMERATED.match(text)
        return text if match and match["number"] == str(self._following()) else None

    def _project(self, name: str | None, title: str, page: int | None, locator: str | None) -> None:
        number = sum(1 for project in self.projects if project.number) + 1
        self.projects.append(Project(number, name, page, locator, title))

    def _following(self) -> int:
        return (self.last_number or 0) + 1

    def _gap_before(self, title: str, annex: Annex) -> None:
        """Numbers of titles that do not go on say that a title between them was not found."""
        match = self._enumerator(title)
        number = int(match["number"]) if match and match["number"] else None
        if number is not None and number not in (1, self._following()):
            what = "the numbers of the performance tables have a gap"
            text = f"{self.last_number} → {number}" if self.last_number else title
            self.doubts.say("warning", what, text, annex.page, annex.locator)

    def _enumerator(self, title: str) -> re.Match[str] | None:
        """The number in front of a title; 7.12345热线 has one only where the title before was number 6."""
        match = _ENUMERATED.match(title)
        if match is None or match["mark"] not in _POINTS or not title[match.end("mark") :][:1].isdigit():
            return match
        return match if int(match["number"]) == self._following() else None

    def _name(self, title: str, count: bool = False) -> str | None:
        """The project that a title names; None where it names none. ``count``: its number is the latest one."""
        match = self._enumerator(title)
        if count and match is not None and match["number"]:
            self.last_number = int(match["number"])
        rest = self.rules.title_tail.sub("", plain(title[match.end() :] if match else title))
        return None if self.rules.no_name.fullmatch(squash(rest)) else rest

    def _lost_title(self, annex: Annex, row: PrintedRow) -> None:
        """A table begins within another's: its title may be on two lines among the lines around the tables."""
        title = next(self._titles_in(annex.lines), "")
        if title:
            self.doubts.say("info", "the title of a performance table is in pieces", title, row.page, row.locator)
        else:
            what = "a performance table has lost its title; its project is not known"
            self.doubts.say("warning", what, " ".join(row.filled), row.page, row.locator)
        self._project(self._name(title, count=True) if title else None, title, row.page, row.locator)

    def _titles_in(self, lines: Sequence[Paragraph]) -> Iterator[str]:
        for one, two in pairwise(lines):
            joined = one.text.strip() + two.text.strip()
            match = _ENUMERATED.match(joined)
            if match and match["number"] == str(self._following()) and self.rules.title_tail.search(joined):
                yield joined

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


class _Assembler:
    """Second pass: body rows → indicators."""

    def __init__(self, projects: Sequence[Project], doubts: Doubts) -> None:
        self.projects = projects
        self.doubts = doubts
        self.basis: frozenset[str] = frozenset()  # texts that stand in the column of reasons, and in no other
        self.usual: dict[str, str] = {}  # kind → the first level that this document prints for it
        self.counts: Counter[str] = Counter()  # of first levels
        self.printed: dict[str, Counter[str]] = {}  # role → the texts of its column, but for those beside page breaks

    def assemble(self) -> None:
        self._learn()
        for project in self.projects:
            self._drafts(project)
            Levels(project.drafts, self.usual, self.counts, self.doubts).resolve()

    def _learn(self) -> None:
        bases: Counter[str] = Counter()
        targets: set[str] = set()
        pairs: Counter[tuple[str, str]] = Counter()
        for project in self.projects:
            for line, below in zip_longest(project.lines, project.lines[1:]):
                if line.whole and not line.first and not (below is not None and below.first):
                    for role, cell in line.columns.of(line.cells).items():
                        self.printed.setdefault(role, Counter())[squash(cell.text)] += 1
        for line in (line for project in self.projects for line in project.lines if line.whole):
            texts = {role: squash(cell.text) for role, cell in line.columns.of(line.cells).items()}
            level_1, level_2 = texts.get("level_1", ""), texts.get("level_2", "")
            self.counts[level_1] += 1
            pairs.update((kind, level_1) for kind in kinds_2(level_2) & kinds_1(level_1))
            if kinds_2(level_2) and texts.get("level_3") and texts.get("basis"):
                bases[texts["basis"]] += 1
                targets.add(texts.get("target", ""))
        self.basis = frozenset(text for text, count in bases.items() if count > 1 and text not in targets)
        self.usual = {kind: label for (kind, label), _ in sorted(pairs.items(), key=lambda pair: pair[1])}

    def _drafts(self, project: Project) -> None:
        merged = any(_complete_without_level(line) for line in project.lines)
        joined = False
        for line, below in zip_longest(project.lines, project.lines[1:]):
            if joined:
                joined = False
                continue
            printed = line.text
            cells, repair = self._placed(line, below)
            if repair == "two" and below is not None:
                joined, printed = True, f"{line.text} {below.text}"
            if cells is None:
                what = "a row of a performance table has not the cells of its columns; it is not loaded"
                self.doubts.say("error", what, printed, line.row.page, line.row.locator)
                continue
            if repair:
                self.doubts.say("info", _REPAIRS[repair], printed, line.row.page, line.row.locator)
            self._row(project, line, cells, printed, merged)

    # ── cells in their columns ──────────────────────────────────────────────────────────────────────────────────────

    def _placed(self, line: Line, below: Line | None) -> tuple[list[PrintedCell] | None, str]:
        """The cells of a row in their columns, and what was done to get them there."""
        columns = line.columns
        if line.whole:
            if line.cells[-1].text.strip():
                return line.cells, ""
            moved = arranged(line.cells[:-1], columns, self.basis)
            better = moved is not None and self._score(moved, columns) >= self._score(line.cells, columns) + 3
            if moved is not None and better and complete("".join(c.text for c in columns.target_cells(moved).values())):
                return moved, "moved"
            return line.cells, ""
        if below is not None and not below.whole and len(line.cells) + len(below.cells) == columns.used:
            both = [*line.cells, *below.cells]
            if self._score(both, columns) >= ENOUGH:
                return both, "two"
        return arranged(line.cells, columns, self.basis), "moved"

    def _score(self, cells: Sequence[PrintedCell], columns: Columns) -> int:
        return score([cell.text for cell in cells], columns.roles, self.basis)

    def _row(self, project: Project, line: Line, cells: list[PrintedCell], printed: str, merged: bool) -> None:
        draft = draft_of(line, cells, printed)
        self._part_cells(draft)
        before = project.drafts[-1] if project.drafts else None
        if line.first:
            _complete_labels(project.drafts[:-1], draft, before)
        if not kinds_2(draft.get("level_2")) and any(foreign(cell.text) for cell in cells):
            self.doubts.of_row("error", "a row of a performance table cannot be read; it is not loaded", draft)
        elif self._lost_cells(draft, cells, line.columns):
            project.drafts.append(draft)
        elif before is not None and self._is_piece(draft, before, line, merged):
            _join(before, draft)
        elif before is not None and line.first and torn(before.target, draft.target) == "maybe":
            what = "a target and the one below it, beyond a page break, may be one number; neither is loaded"
            self.doubts.of_row("error", what, draft, f"{before.target} {draft.target}")
            before.torn = draft.torn = True
            project.drafts.append(draft)
        elif not any(draft.get(role) for role in ("level_2", "level_3")) and not draft.target:
            self.doubts.of_row("warning", "a row of a performance table is no indicator; it is not loaded", draft)
        else:
            if line.first:
                _complete_labels(project.drafts, draft, None)
            project.drafts.append(draft)

    def _part_cells(self, draft: Draft) -> None:
        """Two texts in one cell beside a blank one: a second level in front of the third, a reason behind a target."""
        match = _LEVEL_IN_FRONT.fullmatch(draft.get("level_3"))
        if match and not draft.get("level_2") and kinds_2(match["level_2"]):
            draft.texts |= match.groupdict()
            self.doubts.of_row("info", _REPAIRS["parted"], draft)
        target = plain(draft.get("target"))
        reason = next((text for text in self.basis if squash(target).endswith(text)), "")
        if reason and not draft.get("basis") and target.endswith(reason) and complete(target.removesuffix(reason)):
            draft.texts |= {"target": target.removesuffix(reason), "basis": reason}
            self.doubts.of_row("info", _REPAIRS["parted"], draft)

    def _lost_cells(self, draft: Draft, cells: list[PrintedCell], columns: Columns) -> bool:
        """A text of the column of reasons in a column before it: cells are lost. Keeps only what is certain."""
        last = columns.at("basis")
        if last is None or columns.at("target") is None or last >= len(cells) or cells[last].text.strip():
            return False
        at = max((n for n, cell in enumerate(cells) if cell.text.strip()), default=0)
        if at < 2 or squash(cells[at].text) not in self.basis:
            return False
        target = cells[at - 1] if complete(cells[at - 1].text) else BLANK
        kept = {"level_1": draft.get("level_1")}
        if kinds_2(draft.get("level_2")):
            third = columns.at("level_3")
            kept["level_2"] = draft.get("level_2")
            if third is not None and third < at - bool(target.text):
                kept["level_3"] = draft.get("level_3")
        draft.texts = {**kept, "target": target.text.strip(), "basis": plain(cells[at].text)}
        draft.target_cells = {"target": target}
        draft.damaged = True
        self.doubts.of_row("warning", "a row has lost cells; what has no certain place is not loaded", draft)
        return True

    # ── rows in pieces ──────────────────────────────────────────────────────────────────────────────────────────────

    def _is_piece(self, draft: Draft, before: Draft, line: Line, merged: bool) -> bool:
        """Is this row the rest of the row before it, which a page break or the height of its cells parted?

        ``merged``: this table prints indicators whose second level is a merged cell above them.
        """
        level_1, level_2, target = draft.get("level_1"), draft.get("level_2"), draft.target
        if line.first and self._is_rest(draft, before, merged):
            return True
        if level_2:
            return not kinds_2(level_2) and bool(kinds_2(before.get("level_2") + level_2)) and not complete(target)
        if level_1 and not kinds_1(level_1) | kinds_1(before.get("level_1") + level_1):
            return False
        if not draft.get("level_3"):
            return not (target and complete(target) and complete(before.target))
        if target and (complete(target) or all(draft.get(r) for r in ("description", "basis") if r in draft.texts)):
            return False
        if merged and line.first and not target:
            what = "a row below a page break may be the rest of the row before it; it is read as such"
            self.doubts.of_row("info", what, draft)
            return True
        return not merged

    def _is_rest(self, draft: Draft, before: Draft, merged: bool) -> bool:
        """First on its page: do its texts make up, with those of the row before, what they are not by themselves?"""
        kind = torn(before.target, draft.target)
        if complete(before.target) and complete(draft.target) and not kind:
            return False
        if draft.get("level_1") and not _label_goes_on(before.get("level_1"), draft.get("level_1"), kinds_1):
            return False
        if draft.get("level_2") and not _label_goes_on(before.get("level_2"), draft.get("level_2"), kinds_2):
            return False
        labelled = bool(draft.get("level_1") or draft.get("level_2"))
        said = [self._goes_on(role, before, draft) for role in ("level_3", "description", "target", "basis")]
        filled = all(draft.get(role) for role in ("level_3", "description", "basis") if role in draft.texts)
        whole = filled and (merged or "level_2" not in draft.texts)
        return labelled or kind == "surely" or (kind == "maybe" and not whole) or (True in said and False not in said)

    def _goes_on(self, role: str, before: Draft, draft: Draft) -> bool | None:
        """Is the text of a column the rest of the one above it (True) or one by itself (False)?"""
        first, rest = squash(before.get(role)), squash(draft.get(role))
        if not first or not rest:
            return None
        known = self.printed.get(role, Counter())
        if known[first + rest] != known[rest]:
            return known[first + rest] > 0 if not known[rest] else False if not known[first + rest] else None
        return True if open_brackets(first) and open_brackets(rest) and not open_brackets(first + rest) else None


def _label_goes_on(first: str, rest: str, kinds: Callable[[str], frozenset[str]]) -> bool:
    """Are these the two halves of one level: 产出指 | 标, 满意度 | 指标, 服务对象 | 满意度指标?"""
    return bool(first and kinds(first + rest)) and not (kinds(first) and kinds(rest))


def _complete_labels(above: Sequence[Draft], draft: Draft, before: Draft | None) -> None:
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


def _complete_without_level(line: Line) -> bool:
    """An indicator whose second level is blank: then the levels of this table are merged cells."""
    texts = {role: cell.text.strip() for role, cell in line.columns.of(line.cells).items()} if line.whole else {}
    target = "".join(cell.text for cell in line.columns.target_cells(line.cells).values())
    return bool(not texts.get("level_2") and texts.get("level_3") and complete(target))


def _join(before: Draft, piece: Draft) -> None:
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


def _known_level_1(cells: Sequence[PrintedCell], columns: Columns) -> str:
    label = squash(columns.of(cells).get("level_1", BLANK).text)
    return label if kinds_1(label) else ""


def _printed(row: PrintedRow) -> str:
    return " ".join(plain(text) for text in row.texts if text.strip())


# ── drafts → rows and figures ───────────────────────────────────────────────────────────────────────────────────────


class _Writer:
    def __init__(self, form: Form, doubts: Doubts) -> None:
        self.form = form
        self.doubts = doubts
        self.indicators: list[Indicator] = []
        self.figures: list[Figure] = []
        self.rows: list[RowRead] = []

    def write(self, project: Project, draft: Draft) -> None:
        order = len(self.indicators) + 1
        target = self._target(draft)
        self.indicators.append(_indicator(order, project, draft, target))
        self.rows.append(_row_read(order, project, draft))
        if target is not None and (figure := self._figure(order, draft, target)) is not None:
            self.figures.append(figure)

    def _target(self, draft: Draft) -> Target | None:
        printed = draft.target
        if draft.torn:
            return None
        if not printed.strip():
            if not draft.damaged:
                self.doubts.of_row("warning", "an indicator has no target", draft)
            return None
        if says_date(printed):
            return None
        target = parse_target(printed) or self._target_of_columns(draft)
        if target is None and any(char.isdigit() for char in printed):
            what = "a target holds a number and other words; the number is not loaded"
            self.doubts.of_row("info", what, draft, printed)
        return target

    def _target_of_columns(self, draft: Draft) -> Target | None:
        """Sign, number and unit in columns of their own, the unit in any words."""
        value = parse_amount(draft.get("value"))
        if value is None:
            return None
        rest, operator = operator_before(squash(draft.get("sign")))
        if rest:
            what = "the sign of a target is not one that is known"
            self.doubts.once("warning", what, draft.get("sign"), draft.page, draft.locator)
        return Target(operator, value, squash(draft.get("unit")) or None)

    def _figure(self, order: int, draft: Draft, target: Target) -> Figure | None:
        scale = self.form.units.get(target.unit or "")
        amount = target.value * (scale or 1)
        if scale is not None and amount != amount.quantize(_FEN):
            what = "an amount is finer than a 分 (0.01 yuan); it is not loaded"
            self.doubts.of_row("error", what, draft, draft.target)
            return None
        cell = draft.target_cells.get("value" if draft.get("value") else "target", BLANK)
        return Figure(
            part=1,
            statement=STATEMENT,
            row_order=order,
            row_number=_number(draft, order),
            row_label=_label(draft),
            code_as_printed=None,
            subject_code=None,
            code_resolution="none",
            item=f"indicator_{order}",
            measure=MEASURE,
            text_as_printed=draft.get("value") or draft.target,
            printed_unit=target.unit or "",
            amount_yuan=amount.quantize(_FEN) if scale is not None else amount,
            page=draft.page,
            bbox=cell.bbox,
            locator=cell.locator or draft.locator,
            is_money=scale is not None,
        )


def _label(draft: Draft) -> str:
    return draft.get("level_3") or draft.get("description") or draft.get("level_2")


def _number(draft: Draft, order: int) -> int:
    return parse_ordinal(draft.get("ordinal")) or order


def _indicator(order: int, project: Project, draft: Draft, target: Target | None) -> Indicator:
    _, sign = operator_before(squash(draft.get("sign")))
    return Indicator(
        order,
        project.number,
        project.name,
        project.goal,
        draft.get("level_1") or None,
        draft.get("level_2") or None,
        draft.get("level_3") or None,
        draft.get("description") or None,
        target.operator if target else sign,
        target.value if target else None,
        target.unit if target else None,
        draft.target or None,
        draft.get("basis") or None,
        draft.page,
        draft.locator,
    )


def _row_read(order: int, project: Project, draft: Draft) -> RowRead:
    return RowRead(
        1,
        STATEMENT,
        order,
        _number(draft, order),
        _label(draft),
        f"indicator_{order}",
        None,
        draft.page,
        draft.locator,
        f"project_{project.number}",
    )


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


def read_performance(
    annexes: Sequence[Annex], form: Form
) -> tuple[tuple[PerformanceTable, ...], tuple[Indicator, ...], AnnexRead]:
    """The 绩效目标表 of a document: its tables, their indicators, and every target that is a number as a figure.

    Amounts of the figures are yuan where the unit is one of money, else the plain number.
    """
    doubts = Doubts()
    sorter = _Sorter(form, doubts)
    sorter.collect(annexes)
    _Assembler(sorter.projects, doubts).assemble()
    writer = _Writer(form, doubts)
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

"""The body rows of every 绩效目标表 → indicators, each with its texts in their columns and in one piece.

A cell is put into another column only where what is printed in it leaves no other place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.annexes.performance_levels import Levels
from pipeline.annexes.performance_pieces import complete_labels, is_piece, join
from pipeline.annexes.performance_rows import ENOUGH, Columns, Doubts, Draft, Line, Project, arranged, draft_of, score
from pipeline.annexes.performance_rules import complete, foreign, kinds_1, kinds_2, plain, torn
from pipeline.annexes.performance_targets import doubt_targets
from pipeline.forms.printed import squash
from pipeline.forms.printed_table import BLANK, PrintedCell

_LEVEL_IN_FRONT = re.compile(r"(?P<level_2>.{2,8}?指标)(?P<level_3>.+)")
_REPAIRS = {
    "two": "an indicator stands in two pieces; they are joined",
    "parted": "a cell holds the texts of two columns; what they say parts them",
    "moved": "a row has lost or gained a cell; what stands in it says which column each is",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What this document prints in its columns."""

    basis: frozenset[str]  # texts that stand in the column of reasons, and in no other
    usual: Mapping[str, str]  # kind → the first level that this document prints for it
    counts: Counter[str]  # of first levels
    printed: Mapping[str, Counter[str]]  # role → the texts of its column, but for those beside page breaks


def _learn(projects: Sequence[Project]) -> _Known:
    counts: Counter[str] = Counter()
    bases: Counter[str] = Counter()
    targets: set[str] = set()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in (line for project in projects for line in project.lines if line.whole):
        texts = _texts(line)
        level_1, level_2 = texts.get("level_1", ""), texts.get("level_2", "")
        counts[level_1] += 1
        pairs.update((kind, level_1) for kind in kinds_2(level_2) & kinds_1(level_1))
        if kinds_2(level_2) and texts.get("level_3") and texts.get("basis"):
            bases[texts["basis"]] += 1
            targets.add(texts.get("target", ""))
    basis = frozenset(text for text, count in bases.items() if count > 1 and text not in targets)
    usual = {kind: label for (kind, label), _ in sorted(pairs.items(), key=lambda pair: pair[1])}
    return _Known(basis, usual, counts, _printed(projects))


def _printed(projects: Sequence[Project]) -> dict[str, Counter[str]]:
    printed: dict[str, Counter[str]] = {}
    for project in projects:
        for line, below in zip_longest(project.lines, project.lines[1:]):
            if line.whole and not line.first and not (below is not None and below.first):
                for role, text in _texts(line).items():
                    printed.setdefault(role, Counter())[text] += 1
    return printed


def _texts(line: Line) -> dict[str, str]:
    return {role: squash(cell.text) for role, cell in line.columns.of(line.cells).items()}


def assemble(projects: Sequence[Project], doubts: Doubts) -> None:
    """Adds to every project the drafts of its indicators."""
    known = _learn(projects)
    assembler = _Assembler(known, doubts)
    for project in projects:
        assembler.read(project)
        Levels(project.drafts, known.usual, known.counts, doubts).resolve()
        doubt_targets(project.drafts, doubts)


class _Assembler:
    """Makes drafts of the lines of one project after the other."""

    def __init__(self, known: _Known, doubts: Doubts) -> None:
        self.known = known
        self.doubts = doubts

    def read(self, project: Project) -> None:
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
            moved = arranged(line.cells[:-1], columns, self.known.basis)
            better = moved is not None and self._score(moved, columns) >= self._score(line.cells, columns) + 3
            if moved is not None and better and complete("".join(c.text for c in columns.target_cells(moved).values())):
                return moved, "moved"
            return line.cells, ""
        if below is not None and not below.whole and len(line.cells) + len(below.cells) == columns.used:
            both = [*line.cells, *below.cells]
            if self._score(both, columns) >= ENOUGH:
                return both, "two"
        return arranged(line.cells, columns, self.known.basis), "moved"

    def _score(self, cells: Sequence[PrintedCell], columns: Columns) -> int:
        return score([cell.text for cell in cells], columns.roles, self.known.basis)

    def _row(self, project: Project, line: Line, cells: list[PrintedCell], printed: str, merged: bool) -> None:
        draft = draft_of(line, cells, printed)
        self._part_cells(draft)
        before = project.drafts[-1] if project.drafts else None
        if line.first:
            complete_labels(project.drafts[:-1], draft, before)
        if not kinds_2(draft.get("level_2")) and any(foreign(cell.text) for cell in cells):
            self.doubts.of_row("error", "a row of a performance table cannot be read; it is not loaded", draft)
            if before is not None and not line.first:
                what = "the row below an indicator cannot be read; its texts may go on there"
                self.doubts.of_row("warning", what, before)
        elif self._lost_cells(draft, cells, line.columns):
            project.drafts.append(draft)
        elif before is not None and (
            piece := is_piece(draft, before, self.known.printed, first=line.first, merged=merged)
        ):
            if piece == "maybe":
                what = "a row below a page break may be the rest of the row before it; it is read as such"
                self.doubts.of_row("info", what, draft)
            join(before, draft)
        elif before is not None and line.first and torn(before.target, draft.target) == "maybe":
            what = "a target and the one below it, beyond a page break, may be one number; neither is loaded"
            self.doubts.of_row("error", what, draft, f"{before.target} {draft.target}")
            before.torn = draft.torn = True
            project.drafts.append(draft)
        elif not any(draft.get(role) for role in ("level_2", "level_3")) and not draft.target:
            self.doubts.of_row("warning", "a row of a performance table is no indicator; it is not loaded", draft)
        else:
            if line.first:
                complete_labels(project.drafts, draft, None)
            project.drafts.append(draft)

    def _part_cells(self, draft: Draft) -> None:
        """Two texts in one cell beside a blank one: a second level in front of the third, a reason behind a target."""
        match = _LEVEL_IN_FRONT.fullmatch(draft.get("level_3"))
        if match and not draft.get("level_2") and kinds_2(match["level_2"]):
            draft.texts |= match.groupdict()
            self.doubts.of_row("info", _REPAIRS["parted"], draft)
        target = plain(draft.get("target"))
        reasons = (text for text in self.known.basis if target.endswith(text) and complete(target.removesuffix(text)))
        reason = max(reasons, key=len, default="")  # 计划 may be one too: 30万元年度 would be left
        if reason and not draft.get("basis"):
            draft.texts |= {"target": target.removesuffix(reason), "basis": reason}
            self.doubts.of_row("info", _REPAIRS["parted"], draft)

    def _lost_cells(self, draft: Draft, cells: list[PrintedCell], columns: Columns) -> bool:
        """A text of the column of reasons in a column before it: cells are lost. Keeps only what is certain."""
        last = columns.at("basis")
        if last is None or columns.at("target") is None or last >= len(cells) or cells[last].text.strip():
            return False
        at = max((n for n, cell in enumerate(cells) if cell.text.strip()), default=0)
        if at < 2 or squash(cells[at].text) not in self.known.basis:
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


def _complete_without_level(line: Line) -> bool:
    """An indicator whose second level is blank: then the levels of this table are merged cells."""
    texts = {role: cell.text.strip() for role, cell in line.columns.of(line.cells).items()} if line.whole else {}
    target = "".join(cell.text for cell in line.columns.target_cells(line.cells).values())
    return bool(not texts.get("level_2") and texts.get("level_3") and complete(target))

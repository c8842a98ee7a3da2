"""The tables beside the statements, in their printed layout: 机构设置, 绩效目标表, 政府采购预算, 固定资产占用情况表.

What is printed is text throughout; nothing here is a figure of a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tools.typeset.layout import Align, LayoutBlock, Line, PageBreak, Table, TableCell, Title
from tools.typeset.model import Annex, Project, Section
from tools.typeset.style import Style

Texts = tuple[tuple[str, ...], ...]

INDICATOR_HEADER = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
ORGANISATION_HEADER = ("单位名称", "单位性质", "单位规格", "经费保障形式")
PROCUREMENT_FUNDS = (
    *("合计", "一般公共预算拨款", "基金预算拨款", "国有资本经营预算拨款", "财政专户核拨", "单位资金"),
    *("财政拨款结转", "非财政拨款结转结余"),
)
_TARGET_PARTS = ("符号", "值", "单位")
_INDICATOR_WIDTHS = (1.0, 1.1, 1.4, 3.0, 1.0, 2.0)
_FIRST_FUND = 7  # the columns of a procurement line before its amounts
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DECIMALS = re.compile(r"(-?\d+\.\d+)(\d)")
_LONG = 12  # characters: a shorter text is not cut at a page break


def header_cells(header: Sequence[Sequence[str]], style: Style, first_row: int = 0) -> list[TableCell]:
    """The cells of a header whose rows say ``<`` (continue the left cell) and ``^`` (the one above)."""
    printed = [[text if text in ("<", "^") else style.label(text) for text in row] for row in header]
    if style.header_cells == "repeated":
        texts = _resolved(printed)
        return [
            TableCell(first_row + row, column, text, align="center")
            for row, line in enumerate(texts)
            for column, text in enumerate(line)
        ]
    return [replace(cell, align="center") for cell in spanned(printed, first_row)]


def spanned(texts: Sequence[Sequence[str]], first_row: int = 0) -> list[TableCell]:
    """Rows with ``<`` and ``^`` as cells that span columns and rows."""
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    covered: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            near = {"<": (row, column - 1), "^": (row - 1, column)}.get(text)
            owner = owners[row, column] = owners[near] if near else (row, column)
            covered.setdefault(owner, []).append((row, column))
    cells = []
    for (row, column), places in covered.items():
        rows = max(place[0] for place in places) - row + 1
        columns = max(place[1] for place in places) - column + 1
        cells.append(TableCell(first_row + row, column, texts[row][column], rows, columns))
    return cells


def _resolved(texts: Sequence[Sequence[str]], across: bool = True) -> list[list[str]]:
    """The rows with the text of the cell above for ``^`` and, ``across``, that of the left one for ``<``."""
    rows: list[list[str]] = []
    for line in texts:
        row: list[str] = []
        for column, text in enumerate(line):
            row.append(rows[-1][column] if text == "^" else row[-1] if text == "<" and across else text)
        rows.append(row)
    return rows


# --- an annex --------------------------------------------------------------------------------------------------------


def annexes_of(section: Section, style: Style) -> Iterator[LayoutBlock]:
    """The tables of a section."""
    if section.annex is not None:
        yield from annex_blocks(section.annex, style)
    for number, project in enumerate(section.projects, 1):
        yield from annex_blocks(performance(number, project, style), style)


def annex_blocks(annex: Annex, style: Style) -> Iterator[LayoutBlock]:
    """Title, lines, table (in pieces where the style says so), notes."""
    choice, header = style.annex, annex.header
    goal = _goal_row(annex)
    rows = _rows(annex, style)
    size = choice.rows_per_table or max(1, len(rows))
    pieces = _pieces(rows, size, choice.cut_rows)
    for index, piece in enumerate(pieces):
        first = index == 0
        titled = first or choice.continuation == "title"
        lined = titled or choice.continuation == "full"
        if not first:
            yield PageBreak()
        in_grid: list[tuple[str, ...]] = []
        if titled and choice.title_in_grid:
            in_grid.append(_across(len(header[0]), annex.title))
        elif titled:
            yield Title(annex.title, 3)
        if lined and annex.lines and choice.heading != "none" and (choice.heading == "grid" or choice.title_in_grid):
            in_grid.append(_across(len(header[0]), *annex.lines))  # lines never stand above a title in the grid
        elif lined and choice.heading == "paragraphs":
            yield from _lines(annex.lines)
        shown = first or choice.continuation != "bare"
        if first and goal and choice.goal == "apart":
            yield _table([], [*in_grid, goal], [], annex, style)
            in_grid = []
        elif first and goal and choice.goal == "above":
            in_grid.append(goal)
        elif first and goal:
            piece = [goal, *piece]
        yield _table(list(header) if shown else [], in_grid, piece, annex, style)
    yield from (Line(note) for note in annex.notes)


def _lines(texts: Sequence[str]) -> Iterator[Line]:
    for number, text in enumerate(texts):
        yield Line(text, "right" if number and len(text) < 20 else "left")


def _across(width: int, *texts: str) -> tuple[str, ...]:
    """The texts side by side over the whole width, the first with what the others leave."""
    share = max(1, width // len(texts))
    first = width - share * (len(texts) - 1)
    cells = [texts[0], *["<"] * (first - 1)]
    for text in texts[1:]:
        cells += [text, *["<"] * (share - 1)]
    return tuple(cells)


def _table(
    header: Sequence[tuple[str, ...]],
    above: Sequence[tuple[str, ...]],
    rows: Sequence[tuple[str, ...]],
    annex: Annex,
    style: Style,
) -> Table:
    """Rows above the header (title, lines, goal: printed once), the header (on each page), the rows."""
    top = len(above)
    cells = spanned(above)
    cells += header_cells(header, style, top)
    body = [["" if text == "^" else text for text in row] for row in rows] if style.annex.merged == "blank" else rows
    for cell in spanned(body, top + len(header)):
        number = bool(_NUMBER.fullmatch(cell.text))
        text = style.figure(cell.text) if number and annex.key != "performance" else cell.text
        if number and style.annex.torn_decimals:
            text = _DECIMALS.sub(r"\1 \2", cell.text)
        align: Align = "right" if number else "left"
        short = annex.key == "performance" and len(text) < _LONG
        whole = number or (short and not style.annex.cut_labels)
        cells.append(replace(cell, text=text, align=align, whole=whole))
    width = len(annex.header[0])
    total = sum(annex.widths)
    return Table(
        tuple(cells),
        top + len(header) + len(rows),
        width,
        header_rows=top + len(header) if header else 0,
        widths=tuple(share / total for share in annex.widths),
        repeated=tuple(range(top, top + len(header))) if above and header else None,
    )


def _pieces(rows: list[tuple[str, ...]], size: int, cut: bool) -> list[list[tuple[str, ...]]]:
    """So many rows each; a cell that goes on from the piece before is blank there. ``cut``: see `AnnexStyle`."""
    pieces: list[list[tuple[str, ...]]] = []
    for start in range(0, max(1, len(rows)), size):
        piece = rows[start : start + size]
        if start and piece:
            rest = None
            if cut:
                pieces[-1][-1], rest = _cut_row(pieces[-1][-1])
            piece = _without_marks(piece)
            piece = [rest, *piece] if rest else piece
        pieces.append(piece)
    return pieces


def _without_marks(piece: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The first row cannot continue a cell above: the cells that it would continue begin as blank ones there."""
    return [tuple("" if text == "^" else text for text in piece[0]), *piece[1:]]


def _cut_row(row: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    if not any(len(text) >= _LONG for text in row) or "<" in row:
        return row, None
    first = tuple(text[: len(text) // 2 + 1] if len(text) >= _LONG else text for text in row)
    rest = tuple(text[len(text) // 2 + 1 :] if len(text) >= _LONG else "" for text in row)
    return first, rest


# --- projects --------------------------------------------------------------------------------------------------------


def performance(number: int, project: Project, style: Style) -> Annex:
    """The 绩效目标表 of a project; its rows have the levels, the description, the target and its basis."""
    choice = style.annex
    mark = f"{number}{choice.numbering}" if choice.numbering != "none" else ""
    columns = choice.target == "columns"
    header: Texts = (INDICATOR_HEADER,)
    widths: tuple[float, ...] = _INDICATOR_WIDTHS
    if columns:
        upper = [*INDICATOR_HEADER[:4], "指标值", "<", "<", INDICATOR_HEADER[5]]
        header = (tuple(upper), (*["^"] * 4, *_TARGET_PARTS, "^"))
        widths = (*_INDICATOR_WIDTHS[:4], 0.6, 0.8, 0.8, _INDICATOR_WIDTHS[5])
    rows = [("绩效目标", "\n".join(project.goal), *["<"] * (len(widths) - 2))]
    before: tuple[str, ...] = ()
    for indicator in project.indicators:
        same = 0  # so many levels go on from the row above
        while same < choice.levels and before[: same + 1] == indicator.levels[: same + 1]:
            same += 1
        before = indicator.levels
        target = indicator.target if columns else ("".join(indicator.target),)
        rows.append((*["^"] * same, *indicator.levels[same:], indicator.description, *target, indicator.basis))
    return Annex("performance", f"{mark}{project.name}绩效目标表", header, tuple(rows), widths=widths)


def _goal_row(annex: Annex) -> tuple[str, ...] | None:
    return annex.rows[0] if annex.key == "performance" else None


def _rows(annex: Annex, style: Style) -> list[tuple[str, ...]]:
    rows = list(annex.rows[1:] if annex.key == "performance" else annex.rows)
    if annex.key == "procurement" and style.annex.merged_totals:
        rows = [(row[0], *["<"] * (_FIRST_FUND - 1), *row[_FIRST_FUND:]) if _is_total(row) else row for row in rows]
    if style.annex.merged == "repeated":  # before the rows are parted: behind a page break too
        return [tuple(row) for row in _resolved(rows, across=False)]
    return rows


def _is_total(row: tuple[str, ...]) -> bool:
    return not any(row[1:_FIRST_FUND])


# --- forms of the annexes --------------------------------------------------------------------------------------------


def organisation(rows: Texts, header: tuple[str, ...] = ORGANISATION_HEADER) -> Annex:
    return Annex("organisation", "部门机构设置情况", (header,), rows, widths=(3.0, *[1.2] * (len(header) - 1)))


def procurement(
    rows: Texts,
    lines: tuple[str, ...],
    funds: Sequence[str] = PROCUREMENT_FUNDS,
    reserved: str = "",
    notes: tuple[str, ...] = (),
) -> Annex:
    """The procurement table; ``funds`` are the columns below 政府采购金额, ``reserved`` the title of a last one."""
    upper = ["政府采购项目来源", "<", "采购物品名称", "政府采购目录序号", "计量|单位", "数量", "单价"]
    upper += ["政府采购金额（当年部门预算安排资金）", *["<"] * (len(funds) - 1)]
    lower = ["项目名称", "预算资金", *["^"] * 5, *funds]
    if reserved:
        upper.append(reserved)
        lower.append("^")
    full = tuple(row + ("",) * (len(upper) - len(row)) for row in rows)
    return Annex("procurement", "部门政府采购预算", (tuple(upper), tuple(lower)), full, lines, notes)


def asset(title: str, rows: Texts, unit: str, lines: tuple[str, ...], notes: tuple[str, ...] = ()) -> Annex:
    header = ("项|目", "数量", f"价值（金额单位：{unit}）")
    return Annex("asset", title, (header,), rows, lines, notes, widths=(2.2, 1.0, 1.2))

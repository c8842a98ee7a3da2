"""The two layouts in which text captures come: tab-separated rows, and one cell per line."""

from __future__ import annotations

from collections.abc import Iterator

from tools.typeset.layout import ContentsLine, Layout, LayoutBlock, Line, Table, Title


def write_tab_rows(layout: Layout) -> str:
    """Each row on a line, cells separated by tabs; a covered position is an empty cell; blank lines between blocks.

    The paragraphs of a cell are parted by a space.
    """
    blocks = [_tab_table(block) if isinstance(block, Table) else _paragraph(block, "\t") for block in layout.blocks]
    return "\n\n".join(block for block in blocks if block) + "\n"


def write_cell_lines(layout: Layout) -> str:
    """Each cell on its own line after a tab; a blank line ends a row, two more end the table.

    A cell covered from above is a line with the tab alone; cells merged side by side are one cell. The further
    paragraphs of a cell are lines without a tab.
    """
    lines: list[str] = []
    for block in layout.blocks:
        if isinstance(block, Table):
            lines += _cell_lines(block)
        elif text := _paragraph(block, " "):
            lines.append(text)
    return "\n".join(lines) + "\n"


def _paragraph(block: LayoutBlock, separator: str) -> str:
    if isinstance(block, Title | Line):
        return block.text
    if isinstance(block, ContentsLine):
        return f"{block.text}.....{separator}{block.page}"
    return ""


def _tab_table(table: Table) -> str:
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text.replace("\n", " ")
    return "\n".join("\t".join(row) for row in grid)


def _cell_lines(table: Table) -> Iterator[str]:
    for row, cells in enumerate(table.rows()):
        for column, cell in enumerate(cells):
            if cell is None or cell.column == column:
                yield "\t" + (cell.text if cell is not None and cell.row == row else "")
        yield ""
    yield from ("", "")

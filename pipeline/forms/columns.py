"""Header rows → which column is which. Two witnesses: the header texts, and the printed column numbers (栏次).

Where the texts are unreadable the numbers place a column, because the n-th column of a form is known. Where both are
there and disagree, the texts stand unless they contradict themselves (a column outside its own group).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import pairwise

from pipeline.documents.model import Issue, Severity
from pipeline.forms.form import Column, Form, StatementForm
from pipeline.forms.furniture import unit_in
from pipeline.forms.printed import (
    code_digits,
    has_cjk,
    parse_amount,
    parse_ordinal,
    plain_header,
    squash,
    strip_enumerator,
    unit_behind,
    year_before,
)
from pipeline.forms.printed_table import PrintedRow, PrintedTable

_NUMBER = re.compile(r"\(?(\d{1,2})\)?(?:=.*)?")
_END_OF_NUMBER = re.compile(r"[,.]\d[\d,.]*")
_NAMES_A_BODY = re.compile(r"(?:编码|代码|名称)$")
_MARK = re.compile(r"[A-Za-z甲乙丙丁]|\*+")  # what stands in the row of column numbers where no number does


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Column indices (0-based) by role; ``measures`` gives (column, side, measure)."""

    ordinal: int | None
    codes: tuple[int, ...]  # one column, or one per level: 类 款 项
    labels: dict[str | None, int]
    measures: tuple[tuple[int, str | None, str], ...]
    width: int
    foreign: bool = False  # a header belongs to another statement of the form
    of_bodies: bool = False  # each row is a body with its figures, none a subject
    lost: frozenset[tuple[str | None, str]] = frozenset()  # measures that may stand in columns that are not loaded
    issues: tuple[Issue, ...] = field(default=())

    @property
    def slots(self) -> frozenset[tuple[str | None, str]]:
        """Which measures of which side there are."""
        return frozenset((side, measure) for _, side, measure in self.measures)


@dataclass(frozen=True, slots=True)
class SplitTable:
    header: list[PrintedRow]
    numbers: PrintedRow | None  # the 栏次 row
    body: list[PrintedRow]


def split_table(table: PrintedTable, statement: StatementForm, form: Form) -> SplitTable:
    """Part a table into header rows, column-number row and body rows; headers repeated further down are dropped."""
    rows = [row for row in table.rows if row.filled]
    words = form.header_words | statement.words
    numbered = next((i for i, row in enumerate(rows[:12]) if is_number_row(row, form)), None)
    if numbered is not None:
        header, numbers, body = rows[:numbered], rows[numbered], rows[numbered + 1 :]
    else:
        first = next((i for i, row in enumerate(rows) if _is_data(row, statement, form, words)), len(rows))
        first = min(first, _end_of_header(rows, words))
        if first == 1 and _is_rest_of_row(rows[0], words):
            first = 0
        header, numbers, body = rows[:first], None, rows[first:]
    return SplitTable(header, numbers, [row for row in body if not _is_repeated_header(row, form, words)])


def _is_rest_of_row(row: PrintedRow, words: frozenset[str]) -> bool:
    """A first row with a word or two, or with ends of numbers, none of a header: what the page break left of the row
    before it."""
    if any(plain_header(text) in words for text in row.filled):
        return False
    return len(row.filled) <= 2 or any(_END_OF_NUMBER.fullmatch(text) for text in row.filled)


def _end_of_header(rows: list[PrintedRow], words: frozenset[str]) -> int:
    """The first row without a header word after one that has nothing else: there the rest of a cut row may stand."""
    seen = False
    for i, row in enumerate(rows):
        known = [plain_header(text) in words for text in row.filled]
        if seen and not any(known):
            return i
        seen = seen or all(known)
    return len(rows)


def is_number_row(row: PrintedRow, form: Form) -> bool:
    """The row 栏次 1 2 3 …: by its name, or by nothing but the numbers 1 … n in order."""
    filled = row.filled
    numbers = [int(m[1]) for text in filled if (m := _NUMBER.fullmatch(text))]
    in_order = numbers == list(range(1, len(numbers) + 1))
    if filled[0] in form.column_numbers:
        return len(numbers) >= 2  # with texts of the header that had no room above them, it may be
    marks = [text for text in filled if _MARK.fullmatch(text)]
    if len(marks) == len(filled) and len(filled) >= 3:
        return True  # ** ** ** …
    return len(filled) >= 4 and len(numbers) >= 2 and len(numbers) + len(marks) == len(filled) and in_order


def _is_data(row: PrintedRow, statement: StatementForm, form: Form, words: frozenset[str]) -> bool:
    filled = row.filled
    if any(parse_amount(text) is not None for text in filled):
        return True
    labels = {label for lines in statement.lines.values() for line in lines for label in line.labels}
    if len(filled) == 1 and filled[0] in form.total_labels and filled[0] in labels:
        return True  # 合计 with blank cells is the first line, though a column may be called so too
    if len(filled) == 1 and filled[0] in form.total_labels and any(squash(cell.text) for cell in row.cells[:2]):
        return True  # a total without a number
    if all(plain_header(text) in words for text in filled):
        return False
    return any(strip_enumerator(text) in labels and text not in words for text in filled)


def _is_repeated_header(row: PrintedRow, form: Form, words: frozenset[str]) -> bool:
    filled = row.filled
    if is_number_row(row, form):
        return True
    header = all(plain_header(text) in words for text in filled)
    return len(filled) >= 2 and header and filled[0] not in form.total_labels


def _ambiguous(
    paths: list[list[str]],
    chosen: dict[int, Column],
    statement: StatementForm,
    body: list[PrintedRow],
    skip: int | None,
) -> list[int]:
    """The measures of a statement with one side that a further column may be as well: nothing tells which one is."""
    further = [c for c in range(len(paths)) if c not in chosen and c != skip]
    further = [c for c in further if any(parse_amount(row.cells[c].text) is not None for row in body)]
    rivals = {id(column) for c in further for column, fits in _candidates(paths[c], statement) if fits}
    one_sided = {c: column for c, column in chosen.items() if column.side is None or statement.rows == "columns"}
    return [c for c, column in one_sided.items() if column.measure and id(column) in rivals]


def header_units(table: PrintedTable, form: Form) -> set[str]:
    """The units that stand in brackets behind headers: 合计(万元), 支出(单位:人民币万元)."""
    return {
        unit for row in table.rows[:6] for text in row.filled if (unit := unit_behind(text) or _unit_line(text, form))
    }


def _unit_line(text: str, form: Form) -> str | None:
    found = unit_in(text[text.rindex("(单位") :], form) if "(单位" in text else None
    return found["unit"] if found else None


def map_columns(
    split: SplitTable, table: PrintedTable, statement: StatementForm, form: Form, fiscal_year: int | None = None
) -> ColumnMap | None:
    """The columns of a table, or None where its header says nothing that the form knows."""
    printed = _header_paths(split.header, table)
    paths = [[plain_header(text) for text in path] for path in printed]
    others = _other_columns(printed, paths, statement, form, fiscal_year)
    ordinal = _ordinal_column(paths, split, statement, form, others)
    known = [[] if c in others else path for c, path in enumerate(paths)]
    by_text, consistent = _by_text(known, statement, skip=ordinal)
    by_number = {} if others else _by_number(split.numbers, statement, paths, form)
    issues: list[Issue] = []
    chosen = by_text
    if by_number:
        conflicts = [c for c, column in by_text.items() if by_number.get(c) is not column]
        complete = len(by_text) == len(by_number)
        if not conflicts or not (complete and consistent):
            chosen = by_number
        if conflicts:
            taken = "the numbers" if chosen is by_number else "the texts"
            texts = "、".join("/".join(paths[c]) for c in conflicts)
            # every text is read and none contradicts its group: another edition numbers another order of columns
            severity: Severity = "info" if complete and consistent else "warning"
            what = f"header texts and column numbers (栏次) disagree; {taken} are taken"
            issues.append(_issue(severity, what, texts, split))
    if chosen is by_text:
        chosen = _on_their_sides(chosen, known, statement)
    if not any(column.measure for column in chosen.values()):
        return None
    for c in _ambiguous(known, chosen, statement, split.body, skip=ordinal):
        text = "/".join(printed[c])
        issues.append(_issue("error", "two columns have the same header; neither is loaded", text, split))
        del chosen[c]
    if not any(column.measure for column in chosen.values()):
        return None
    columns = _column_map(chosen, ordinal, printed, others, split, table, form, issues)
    if any(issue.severity == "error" for issue in columns.issues):
        every = {(column.side, column.measure) for column in statement.columns if column.measure is not None}
        columns = replace(columns, lost=frozenset(every - columns.slots))
    free = set(range(table.column_count)) - set(chosen)
    own_words = {word for column in statement.columns for word in column.headers | column.group}
    foreign = form.header_words - own_words - form.ordinal_headers
    return replace(columns, foreign=any(paths[c] and paths[c][-1] in foreign for c in free))


def _column_map(
    chosen: dict[int, Column],
    ordinal: int | None,
    paths: list[list[str]],
    others: set[int],
    split: SplitTable,
    table: PrintedTable,
    form: Form,
    issues: list[Issue],
) -> ColumnMap:
    labels = {column.side: c for c, column in chosen.items() if column.role == "label"}
    codes = [c for c, column in sorted(chosen.items()) if column.role == "code"]
    measures = tuple((c, column.side, column.measure) for c, column in sorted(chosen.items()) if column.measure)
    free = [c for c in range(table.column_count) if c not in chosen and c != ordinal and c not in others]
    free = [c for c in free if not paths[c] or paths[c][-1] not in form.ordinal_headers]
    for side in dict.fromkeys(side for _, side, _ in measures):
        if side in labels or (None in labels):
            continue  # else the header of the label is unreadable or another word: the column that holds words
        words = [c for c in _before_measures(side, measures, free) if _share(split.body, c, has_cjk) > 0.5]
        if len(words) == 1:
            labels[side] = words[0]
            free.remove(words[0])
    one_sided = {side for _, side, _ in measures} == {None}
    bodies = [c for c in sorted(others) if one_sided and _share(split.body, c, has_cjk) > 0.5]
    of_bodies = not labels and not codes and bool(bodies)
    if of_bodies:
        labels[None] = bodies[0]
    if not codes and None in labels and not of_bodies:
        likely = [c for c in free if _share(split.body, c, lambda text: len(code_digits(text)) >= 3) > 0.5]
        if len(likely) == 1:
            codes = likely
            free.remove(likely[0])
    for c in sorted({*free, *others}):
        texts = [squash(row.cells[c].text) for row in split.body]
        numbers = any(parse_amount(text) is not None for text in texts)
        if numbers and c in others:
            what = "a column of another year, a comparison or a remark is not loaded"
            no_amount = _NAMES_A_BODY.search("".join(paths[c]))
            issues.append(_issue("info" if no_amount else "warning", what, "/".join(paths[c]), split))
        elif any(texts) or paths[c]:
            issues.append(
                _issue(
                    "error" if numbers else "info",
                    "a column is not one that the form knows; "
                    + ("its numbers are not loaded" if numbers else "it holds no number"),
                    "/".join(paths[c]) or f"column {c + 1}",
                    split,
                )
            )
    return ColumnMap(
        ordinal, tuple(codes), labels, measures, table.column_count, of_bodies=of_bodies, issues=tuple(issues)
    )


def _before_measures(
    side: str | None, measures: tuple[tuple[int, str | None, str], ...], columns: list[int]
) -> list[int]:
    """Those of the columns in which the label of a side may stand: between its measures and those of the side before.

    Where a statement has one side, all of them.
    """
    own = [c for c, of, _ in measures if of == side]
    others = [c for c, of, _ in measures if of != side]
    if not others:
        return columns
    first, edge = min(own), max((c for c in others if c < min(own)), default=-1)
    return [c for c in columns if edge < c < first]


def _on_their_sides(chosen: dict[int, Column], paths: list[list[str]], statement: StatementForm) -> dict[int, Column]:
    """Without the columns that stand on the other side: under its heading, or with its label next to their left.

    Nothing is left where the numbers of the two sides stand among each other.
    """
    sides = dict.fromkeys(column.side for column in statement.columns)
    if statement.rows != "lines" or len(sides) < 2:
        return chosen
    headings = {side: {w for c in statement.columns if c.side == side for w in c.group} for side in sides}

    def under_another(c: int, column: Column) -> bool:
        above = set(paths[c][:-1])
        elsewhere = any(above & words for side, words in headings.items() if side != column.side)
        return elsewhere and not above & headings[column.side]

    own = {c: column for c, column in chosen.items() if not under_another(c, column)}
    labels = {c: column.side for c, column in sorted(own.items()) if column.role == "label"}

    def beside_another(c: int, column: Column) -> bool:
        nearest = next((side for at, side in reversed(labels.items()) if at < c), None)
        return column.measure is not None and column.side in labels.values() and nearest != column.side

    own = {c: column for c, column in own.items() if not beside_another(c, column)}
    in_order = [column.side for _, column in sorted(own.items()) if column.measure]
    apart = all(a == b or a not in in_order[n + 1 :] for n, (a, b) in enumerate(pairwise(in_order)))
    return own if apart else {}


def _issue(severity: Severity, what: str, text: str, split: SplitTable) -> Issue:
    row = next(iter(split.header or split.body), split.numbers)
    return Issue(severity, what, text, row.page if row else None, row.locator if row else None)


def _share(rows: list[PrintedRow], column: int, test: Callable[[str], bool]) -> float:
    texts = [text for row in rows if (text := squash(row.cells[column].text))]
    return sum(1 for text in texts if test(text)) / len(texts) if texts else 0.0


def total_alone(split: SplitTable, known: ColumnMap, form: Form) -> ColumnMap | None:
    """The columns of a page that holds just the total: its label covers the code columns, the measures follow."""
    if len(split.body) != 1:
        return None
    row = split.body[0]
    width = len(row.cells)
    first = width - len(known.measures)
    label = next((c for c, cell in enumerate(row.cells) if squash(cell.text)), width)
    if not label < first or squash(row.cells[label].text) not in form.total_labels:
        return None
    if any(squash(cell.text) for cell in row.cells[label + 1 : first]):
        return None
    measures = tuple((first + n, side, measure) for n, (_, side, measure) in enumerate(known.measures))
    return ColumnMap(None, (), {None: label}, measures, width)


# ── witness one: the texts ──────────────────────────────────────────────────────────────────────────────────────


def _header_paths(header: list[PrintedRow], table: PrintedTable) -> list[list[str]]:
    """For each column the header texts above each other, top first, squashed."""
    paths: list[list[str]] = [[] for _ in range(table.column_count)]
    starts_above: set[int] = set()
    for n, row in enumerate(header):
        if row.ragged:
            below = next((other for other in header[n + 1 :] if not other.ragged), None)
            aligned = _aligned(row, below) if below is not None else None
            if aligned is None:
                continue  # nothing says which columns its cells cover
            for path, text in zip(paths, aligned, strict=True):
                path.append(text)
            starts_above |= {c for c, path in enumerate(paths) if path}
            continue
        texts = _filled_right(row, table.spans_known, starts_above)
        starts_above |= {c for c, cell in enumerate(row.cells) if squash(cell.text)}
        for c, text in enumerate(texts):
            if text and (not paths[c] or plain_header(paths[c][-1]) != plain_header(text)):
                paths[c].append(text)
    return paths


def _other_columns(
    printed: list[list[str]],
    paths: list[list[str]],
    statement: StatementForm,
    form: Form,
    fiscal_year: int | None,
) -> set[int]:
    """The columns that print another year than the budget's, or a comparison or a remark beside it."""
    own = {word for column in statement.columns for word in column.headers | column.group}
    found = {
        c
        for c, path in enumerate(printed)
        if any(p.fullmatch(text) for text in path if plain_header(text) not in own for p in form.other_columns)
    }
    years = [{year for text in path if (year := year_before(text))} for path in printed]
    dated = [c for c, of in enumerate(years) if of and fiscal_year not in of and c not in found]
    if fiscal_year is not None and dated:
        same_year = len({year for c in dated for year in years[c]}) == 1
        measures = [{id(column) for column, _ in _candidates(path, statement)} for path in paths]
        rivals = {key for c, keys in enumerate(measures) if c not in dated and c not in found for key in keys}
        if not same_year or any(measures[c] & rivals for c in dated):
            found.update(dated)  # else it is the only year that the header prints: last year's form was used again
    return found


def texts_of(row: PrintedRow) -> list[str]:
    return [squash(cell.text) for cell in row.cells]


def _aligned(row: PrintedRow, below: PrintedRow) -> list[str] | None:
    """A header row whose cells came without their widths, spread over its columns by the row below: a blank there is
    the lower part of a cell that reaches down, a run of texts is what a wide cell covers. None where the counts differ.
    """
    segments: list[list[int]] = []
    for c, text in enumerate(texts_of(below)):
        if not text or c == 0 or not texts_of(below)[c - 1]:
            segments.append([c])
        else:
            segments[-1].append(c)
    width = max((c for c, text in enumerate(texts_of(row)) if text), default=-1) + 1
    texts = texts_of(row)[:width]
    if len(segments) != len(texts):
        return None
    spread = [""] * len(row.cells)
    for segment, text in zip(segments, texts, strict=True):
        for c in segment:
            spread[c] = text
    return spread


def _filled_right(row: PrintedRow, spans_known: bool, starts_above: set[int]) -> list[str]:
    """A merged cell's text over all its columns. Without known spans, a blank belongs to its left neighbour unless a
    cell of a higher header row begins there (then that one reaches down)."""
    texts = texts_of(row)
    if spans_known:
        for column, width in row.spans:
            texts[column : column + width] = [texts[column]] * width
        return texts
    for c in range(1, len(texts)):
        if not texts[c] and c not in starts_above:
            texts[c] = texts[c - 1]
    return texts


def _ordinal_column(
    paths: list[list[str]], split: SplitTable, statement: StatementForm, form: Form, others: set[int]
) -> int | None:
    for c, path in enumerate(paths):
        if path and path[-1] in form.ordinal_headers:
            return c
    if split.numbers is not None:
        for c, cell in enumerate(split.numbers.cells):
            if squash(cell.text) in form.column_numbers and not _candidates(paths[c], statement):
                return c
    if split.body and 0 not in others and not _candidates(paths[0], statement):  # codes of 类 or of bodies rise too
        numbers = [n for row in split.body if (n := parse_ordinal(row.cells[0].text)) is not None]
        rising = all(b - a == 1 for a, b in pairwise(numbers))
        if len(numbers) >= 2 and len(numbers) * 2 > len(split.body) and rising:
            return 0
    return None


def _candidates(path: list[str], statement: StatementForm) -> list[tuple[Column, bool]]:
    """The form's columns that this header may be, each with whether it stands under its group (or under none)."""
    found: list[tuple[Column, bool]] = []
    known_groups = {group for column in statement.columns for group in column.group}
    known_headers = {header for column in statement.columns for header in column.headers}
    for column in statement.columns:
        for k in range(len(path)):
            if "".join(path[k:]) in column.headers:
                above = path[:k]
                foreign = any(text in known_groups | known_headers for text in above)
                own = any(text in column.group for text in above)
                found.append((column, own or not column.group or not foreign))
                break
    return found


def columns_by_text(texts: list[str], statement: StatementForm) -> dict[int, Column]:
    """Which columns these (plain) header texts name, one beside the other."""
    return _by_text([[text] for text in texts], statement, skip=None)[0]


def _by_text(paths: list[list[str]], statement: StatementForm, skip: int | None) -> tuple[dict[int, Column], bool]:
    order = {id(column): n for n, column in enumerate(statement.columns)}
    chosen: dict[int, Column] = {}
    taken: set[int] = set()
    consistent = True
    latest = -1
    beside = {path[-1] for path in paths if path}
    for c, path in enumerate(paths):
        if c == skip or not path:
            continue
        candidates = [
            (column, fits)
            for column, fits in _candidates(path, statement)
            if id(column) not in taken and not column.unless_beside & beside
        ]
        if not candidates:
            continue
        # equal texts (项目 … 项目) are told apart by their group, else by their order
        candidates.sort(key=lambda pair: (not pair[1], order[id(pair[0])] < latest, order[id(pair[0])]))
        column, fits = candidates[0]
        consistent = consistent and fits
        chosen[c] = column
        taken.add(id(column))
        latest = order[id(column)]
    return chosen, consistent


# ── witness two: the numbers ────────────────────────────────────────────────────────────────────────────────────


def _by_number(
    numbers: PrintedRow | None, statement: StatementForm, paths: list[list[str]], form: Form
) -> dict[int, Column]:
    """Column n of the form, for the columns numbered n; empty unless exactly the form's numbers are printed, and none
    of them stands under a text that is readable and says something else."""
    if numbers is None or numbers.ragged:
        return {}
    columns = [column for column in statement.columns if not column.extra]
    found: dict[int, int] = {}
    for c, cell in enumerate(numbers.cells):
        if match := _NUMBER.fullmatch(squash(cell.text)):
            found[c] = int(match[1])
    if sorted(found.values()) != list(range(1, len(columns) + 1)):
        return {}
    placed = {c: columns[n - 1] for c, n in found.items()}
    return placed if all(_may_be(paths[c], column, statement, form) for c, column in placed.items()) else {}


def _may_be(path: list[str], column: Column, statement: StatementForm, form: Form) -> bool:
    """Can this header be a damaged one of the column? Not if it is a word of letters that headers are made of."""
    text = path[-1] if path else ""
    if not has_cjk(text) or _candidates(path, statement) or text in column.group:
        return True  # unreadable, or a column of the statement: map_columns weighs the two
    if text in form.header_words:
        return False
    damaged = not set(text) <= {letter for word in form.header_words for letter in word}
    return damaged or any(SequenceMatcher(None, text, known).ratio() >= 0.5 for known in column.headers | column.group)

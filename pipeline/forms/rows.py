"""Printed rows of a statement → assembled rows: what page breaks and bad captures tore apart is put together again.

A row may be printed in several pieces: cut by a page break (the rest has no 序号), captured line by line (the 序号
repeats), or a number wrapped inside its cell. Pieces are joined only where the form proves that they belong together:
the same 序号, or labels that together are one that the form or the classification knows. Everything else is an issue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipeline.documents.model import Issue, Paragraph, Severity
from pipeline.forms.classification import Classification
from pipeline.forms.code_levels import depth, meant_levels, repeated_code
from pipeline.forms.columns import ColumnMap
from pipeline.forms.form import StatementForm
from pipeline.forms.printed import (
    code_digits,
    decimals,
    has_cjk,
    is_blank,
    parse_amount,
    parse_ordinal,
    plain_label,
    repaired,
    squash,
    strip_enumerator,
    unwrap,
    well_formed,
)
from pipeline.forms.printed_table import PrintedCell, PrintedRow

Slot = tuple[str | None, str]  # side, measure
_CODE_AND_LABEL = re.compile(r"[\[(【]?(?P<code>\d{3}(?:\d\d){0,2})[\])】]?[-—_.:]?(?P<label>[^\d\W].*)")
_AMOUNTS = re.compile(r"\d[\d,]*\.\d\d(?: +\d[\d,]*\.\d\d)+")  # in one cell
_LABEL_AND_AMOUNT = re.compile(r"(|.*[^\d.,])(\d[\d,]*\.\d\d)", re.DOTALL)


class Vocabulary:
    """The labels that a statement can print: its fixed lines by side, or the names of a classification."""

    def __init__(self, statement: StatementForm, names: Classification | None, totals: frozenset[str]) -> None:
        self._lines = {side: {t for line in lines for t in line.labels} for side, lines in statement.lines.items()}
        self._names = names
        self._totals = totals

    def complete(self, side: str | None, label: str) -> bool:
        """Is this whole (squashed) label known?"""
        plain = plain_label(label)
        if side is not None and side in self._lines:
            return plain in self._lines[side] or label in self._lines[side]
        return plain in self._totals or (self._names is not None and self._names.is_name(label))

    def names_code(self, code: str, label: str) -> bool:
        """Does the classification call this code by this (squashed) label?"""
        return self._names is not None and self._names.named(code, label)

    def begins(self, side: str | None, label: str) -> bool:
        """Is this (squashed) label the beginning of a longer one that is known?"""
        plain = strip_enumerator(label)
        if side is not None and side in self._lines:
            if _BARE_NUMERAL.fullmatch(label):  # 二十五 / 、其他支出
                return True
            return bool(label) and any(t.startswith(plain) and t != plain for t in self._lines[side])
        return bool(label) and self._names is not None and self._names.begins_name(label)


_BARE_NUMERAL = re.compile(r"[(]?[一二三四五六七八九十]+[)]?")


@dataclass(slots=True)
class AssembledRow:
    """One row of the statement. ``amounts`` holds every reading of a cell; ``order`` is its 1-based position."""

    ordinals: list[int]
    codes: list[str]
    labels: dict[str | None, str]
    amounts: dict[Slot, list[PrintedCell]]
    page: int | None
    locator: str | None
    levels: tuple[str, ...] = ()  # the parts of the code as printed, where 类 款 项 have columns of their own
    pieces: int = 1
    order: int = 0
    number: int = 0
    loose_numbers: list[PrintedCell] = field(default_factory=list)  # found outside the table: their columns are unknown
    loose_doubt: Issue | None = None

    @property
    def has_amounts(self) -> bool:
        return any(self.amounts.values())

    def printed_code(self, code: str) -> str:
        """The digits that are printed for one of the ``codes``, or for none that can be known."""
        return "".join(self.levels) if self.levels and code == next(iter(self.codes), "") else code


@dataclass(slots=True)
class Assembly:
    rows: list[AssembledRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def longest_lines(rows: Iterable[PrintedRow], columns: ColumnMap) -> dict[int, int]:
    """For each column of numbers the length of its longest line."""
    longest: dict[int, int] = {}
    for row in rows:
        for c, _, _ in columns.measures:
            lengths = [len(squash(line)) for line in row.cells[c].text.split("\n")]
            longest[c] = max(longest.get(c, 0), *lengths)
    return longest


def piece_of(row: PrintedRow, columns: ColumnMap, longest: Mapping[int, int]) -> AssembledRow:
    """A printed row as a piece: its cells by role. ``longest``: see `longest_lines`."""
    code_text = " ".join(row.cells[c].text for c in columns.codes).strip()
    labels = {side: row.cells[c].text for side, c in columns.labels.items()}
    levels = tuple(code_digits(row.cells[c].text) for c in columns.codes) if len(columns.codes) > 1 else ()
    code = repeated_code(levels) or code_digits(code_text)
    if not code and has_cjk(code_text) and not squash(labels.get(None, "")):
        labels[None] = code_text  # 合计 printed in the code column
    nameless = not code_text and not any(squash(text) for text in labels.values())
    if nameless and labels and columns.ordinal is not None and has_cjk(row.cells[columns.ordinal].text):
        labels[next(iter(labels))] = row.cells[columns.ordinal].text  # 合计 over the columns of number and label
    if not code and None in labels and (match := _CODE_AND_LABEL.fullmatch(squash(labels[None]))):
        code, labels[None] = match["code"], match["label"]  # "2010301 行政运行" in one cell
    ordinal = parse_ordinal(row.cells[columns.ordinal].text) if columns.ordinal is not None else None
    amounts: dict[Slot, list[PrintedCell]] = {}
    for c, side, measure in columns.measures:
        cell = row.cells[c]
        if "\n" in cell.text:
            cell = replace(cell, text=unwrap(cell.text, longest[c]))
        if not is_blank(cell.text) or any(parse_amount(text) is not None for text in cell.other):
            amounts[side, measure] = [cell]
    return AssembledRow(
        [ordinal] if ordinal is not None else [],
        list(dict.fromkeys(filter(None, [code, *_other_codes(row, columns)]))),
        {side: _one_line(text) for side, text in labels.items() if text.strip()},
        amounts,
        row.page,
        row.locator,
        levels if code == "".join(levels) else (),
    )


def prints_totals(rows: list[PrintedRow], columns: ColumnMap) -> int | None:
    """The column of the total, where nearly all rows with amounts fill it: a row that does not is out of place."""
    total = next((c for c, side, measure in columns.measures if (side, measure) == (None, "total")), None)
    if total is None or len(columns.measures) < 2:
        return None
    filled = [row for row in rows if any(not is_blank(row.cells[c].text) for c, _, _ in columns.measures)]
    with_total = sum(1 for row in filled if not is_blank(row.cells[total].text))
    return total if with_total >= 3 and with_total * 4 >= len(filled) * 3 else None


def is_shifted(row: PrintedRow, columns: ColumnMap, total: int | None) -> bool:
    """Do the row's own texts say that they stand in other columns: an amount as the label, words as an amount, no total
    where all other rows have one? ``total``: see `prints_totals`.
    """
    if row.odd:
        return True
    if set(columns.labels) != {None}:
        return False
    label = row.cells[columns.labels[None]].text
    filled = [row.cells[c].text for c, _, _ in columns.measures if not is_blank(row.cells[c].text)]
    without_total = total is not None and bool(filled) and not is_blank(label) and is_blank(row.cells[total].text)
    words_as_amount = not has_cjk(label) and any(has_cjk(text) for text in filled)
    glued = any(_AMOUNTS.fullmatch(text.strip()) for text in filled)
    glued = glued and sum(len(text.split()) for text in filled) <= len(columns.measures)
    return without_total or words_as_amount or glued or ends_in_amount(label)


def ends_in_amount(label: str) -> bool:
    return bool(_LABEL_AND_AMOUNT.fullmatch(label.strip()))


def shifted_piece(row: PrintedRow) -> AssembledRow:
    """A row whose cells may stand in other columns: number, code and label by what they are, the amounts loose."""
    found: list[PrintedCell] = []
    for cell in row.cells:
        for text in filter(None, map(str.strip, cell.text.split("\t"))):
            match = _LABEL_AND_AMOUNT.fullmatch(text) if has_cjk(text) else None
            parts = match.groups() if match else text.split() if _AMOUNTS.fullmatch(text) else [text]
            found += [replace(cell, text=part) for part in parts]
    label = next((n for n, cell in enumerate(found) if has_cjk(cell.text)), len(found))
    heads = [digits for cell in found[:label] if (digits := code_digits(cell.text))]
    code = heads[-1] if heads and len(heads[-1]) in (3, 5, 7) else ""
    ordinals = [int(text) for text in heads[: -1 if code else None] if len(text) <= 4]
    piece = AssembledRow(
        ordinals[:1],
        [code] if code else [],
        {None: found[label].text} if label < len(found) else {},
        {},
        row.page,
        row.locator,
    )
    piece.loose_numbers = [cell for cell in found[label + 1 :] if not is_blank(cell.text)]
    return piece


def _one_line(label: str) -> str:
    """A label with its wrapped lines joined; white space inside a line stays, as one blank."""
    return " ".join("".join(line.strip() for line in label.split("\n")).split())


def _other_codes(row: PrintedRow, columns: ColumnMap) -> list[str]:
    """What a second reader read as the code; only where one cell holds all of it."""
    if len(columns.codes) != 1:
        return []
    return [code_digits(text) for text in row.cells[columns.codes[0]].other]


def assemble(pieces: Iterable[AssembledRow], vocabulary: Vocabulary, strays: list[Paragraph]) -> Assembly:
    """Pieces in reading order → rows, numbered; doubts become issues."""
    result = Assembly()
    given = [p for p in pieces if p.ordinals or p.codes or p.labels or p.has_amounts]
    _complete_codes(given, vocabulary)
    whole = [p for p in given if p.ordinals or p.codes or p.labels]  # not mere digits torn off the row above
    numbered = sum(1 for p in whole if p.ordinals) * 2 > len(whole)
    usual = _usual_decimals(given)
    orphans: list[str] = []
    for piece in given:
        previous = result.rows[-1] if result.rows else None
        if previous is not None and piece.loose_numbers and previous.has_amounts and _is_again(previous, piece):
            continue  # its doubt is reported
        if previous is not None and not piece.loose_numbers and _same_row(previous, piece, vocabulary, numbered, usual):
            _join(previous, piece, _whole_code(previous, piece, vocabulary))
        elif numbered and _is_orphan(piece, vocabulary):
            orphans.extend(piece.labels.values())
            result.issues.append(
                Issue(
                    "warning",
                    "a piece of a label belongs to no row",
                    " ".join(piece.labels.values()),
                    piece.page,
                    piece.locator,
                )
            )
        else:
            result.rows.append(piece)
    printed = {n for row in result.rows for n in row.ordinals}
    result.rows = [row for row in result.rows if row.has_amounts or row.labels or row.codes]
    loose = [p for p in strays if any(ch.isdigit() for ch in p.text) or vocabulary.begins(None, squash(p.text))]
    scattered = _scattered_row(loose, orphans, vocabulary, result.rows, usual) if loose and numbered else None
    if scattered is not None:
        position = next(n for n, row in enumerate(result.rows) if row.ordinals[:1] > scattered.ordinals)
        result.rows.insert(position, scattered)
    _number(result, numbered, printed)
    if loose:
        text = " / ".join([p.text for p in loose] + orphans)
        fate = "its row is known, its columns are not" if scattered else "it may be a row and is not loaded"
        what = f"text stands outside the table among its rows; {fate}"
        doubt = Issue("error", what, text, loose[0].page, loose[0].locator)
        result.issues.append(doubt)
        if scattered is not None:
            scattered.loose_doubt = doubt
    return result


def _complete_codes(pieces: list[AssembledRow], vocabulary: Vocabulary) -> None:
    """Codes with a column for each level, as the columns mean them; one of which a level is not known is no code."""
    above: tuple[str, ...] = ()
    for piece in pieces:
        if not any(piece.levels) or any(len(part) > 3 for part in piece.levels):
            above = () if piece.codes else above
            continue
        above = meant_levels(piece.levels, above)
        code = "".join(above)
        # without amounts it may be the rest of a code that a page break cut: then the label is not that of a subject
        if not piece.has_amounts and not vocabulary.names_code(code, squash(piece.labels.get(None, ""))):
            above = ()
        elif above or "" in piece.levels[: depth(piece.levels)]:
            piece.codes = [code] if code else []


def _scattered_row(
    loose: list[Paragraph], orphans: list[str], vocabulary: Vocabulary, rows: list[AssembledRow], usual: int
) -> AssembledRow | None:
    """The one row that the text outside the table makes up: a known label, and the row number that is missing."""
    label = "".join(squash(p.text) for p in loose if has_cjk(p.text)) + "".join(squash(text) for text in orphans)
    if not vocabulary.complete(None, label):
        return None
    whole = [code_digits(p.text) for p in loose if code_digits(p.text)]
    printed = sorted(n for row in rows for n in row.ordinals[:1])
    missing = sorted(set(range(printed[0], printed[-1])) - set(printed)) if printed else []
    numbers = [p for p in loose if parse_amount(p.text) is not None and decimals(p.text) == usual and usual > 0]
    if len(missing) != 1 or str(missing[0]) not in whole or not numbers:
        return None
    first = loose[0]
    codes = [code for code in whole if len(code) in (3, 5, 7)]
    row = AssembledRow(missing, codes[:1], {None: label}, {}, first.page, first.locator)
    row.loose_numbers = [PrintedCell(p.text, p.locator) for p in numbers]
    return row


def _usual_decimals(pieces: list[AssembledRow]) -> int:
    counts = Counter(
        decimals(cell.text)
        for piece in pieces
        for cells in piece.amounts.values()
        for cell in cells
        if parse_amount(cell.text) is not None and len(cell.text.split()) == 1
    )
    return counts.most_common(1)[0][0] if counts else 0


def _completes(previous: AssembledRow, piece: AssembledRow, vocabulary: Vocabulary) -> bool:
    """Do the labels of both together make one that is known (or the beginning of one), on some side?"""
    for side, label in piece.labels.items():
        head, tail = squash(previous.labels.get(side, "")), squash(label)
        if not head or not vocabulary.begins(side, head):
            continue
        whole = vocabulary.complete(side, head)  # 国有资本经营预算 is a label, and the beginning of …预算拨款
        if vocabulary.complete(side, head + tail) and (not whole or not piece.ordinals):
            return True
        if not whole and vocabulary.begins(side, head + tail):
            return True
    return False


def _whole_code(previous: AssembledRow, piece: AssembledRow, vocabulary: Vocabulary) -> str | None:
    """The code of which the piece's is the rest (2013 / 105), cut by a page break with the row; None where it is none.

    Where codes stand in narrow columns the rest may belong inside: 20·04·05 / 6 is 2060405, if the label is its own.
    """
    if not piece.codes or not previous.codes or piece.ordinals or piece.has_amounts:
        return None
    label = squash(previous.labels.get(None, "") + piece.labels.get(None, ""))
    code, rest = previous.printed_code(previous.codes[-1]), piece.printed_code(piece.codes[0])
    cut = [code + rest] + [code[:n] + rest + code[n:] for n in (5, 3, 2, 1) if n < len(code)]
    return next((whole for whole in cut if vocabulary.names_code(whole, label)), None)


def _starts(piece: AssembledRow, vocabulary: Vocabulary) -> bool:
    return any(
        vocabulary.complete(side, squash(label)) or vocabulary.begins(side, squash(label))
        for side, label in piece.labels.items()
    )


def _same_row(previous: AssembledRow, piece: AssembledRow, vocabulary: Vocabulary, numbered: bool, usual: int) -> bool:
    if not piece.labels and not piece.codes and not piece.ordinals:
        return _wraps(previous, piece, usual, numbered)
    if _whole_code(previous, piece, vocabulary):
        return True
    if _completes(previous, piece, vocabulary):
        return (
            not (piece.codes and previous.codes) or piece.codes == previous.codes or piece.ordinals == previous.ordinals
        )
    if not numbered and piece.codes and piece.codes == previous.codes:
        return squash(piece.labels.get(None, "")) == squash(previous.labels.get(None, ""))  # printed twice
    if piece.ordinals:
        if piece.ordinals[0] not in previous.ordinals:
            return False
        both_whole = _starts(piece, vocabulary) and all(
            vocabulary.complete(side, squash(label)) for side, label in previous.labels.items()
        )
        same_labels = all(squash(previous.labels.get(s, "")) == squash(t) for s, t in piece.labels.items())
        return same_labels or not both_whole
    if piece.codes or piece.has_amounts or not numbered:
        return False
    # a label without a number in a numbered table: the rest of the label before, unless that one is whole already
    return any(not vocabulary.complete(side, squash(previous.labels.get(side, ""))) for side in piece.labels) and (
        not _starts(piece, vocabulary)
    )


def _is_again(previous: AssembledRow, piece: AssembledRow) -> bool:
    """Is the piece the row above once more?"""
    same_number = bool(piece.ordinals) and piece.ordinals == previous.ordinals
    return same_number or (bool(piece.codes) and piece.codes == previous.codes)


def _is_orphan(piece: AssembledRow, vocabulary: Vocabulary) -> bool:
    return not piece.ordinals and not piece.codes and not piece.has_amounts and not _starts(piece, vocabulary)


def _wraps(previous: AssembledRow, piece: AssembledRow, usual: int, numbered: bool) -> bool:
    """Are these amounts nothing but the last digits of the amounts above (8916.8 / 2)?

    Where rows are numbered, bare digits below a point are no row of their own; whether they complete the number above
    is seen when it is read. Else the decimals that the statement usually prints decide.
    """
    if not piece.amounts:
        return False
    for slot, cells in piece.amounts.items():
        above = previous.amounts.get(slot)
        if not above or not squash(cells[0].text).isdigit():
            return False
        if "." not in squash(above[-1].text):
            return False
        text = squash(above[-1].text) + squash(cells[0].text)
        if not numbered and (decimals(above[-1].text) >= usual or decimals(text) != usual):
            return False
    return True


def _join(row: AssembledRow, piece: AssembledRow, whole_code: str | None) -> None:
    wraps = not piece.labels and not piece.codes and not piece.ordinals
    row.pieces += 1
    if piece.has_amounts:
        row.loose_numbers = []  # the same row again, with its columns
    row.ordinals += [n for n in piece.ordinals if n not in row.ordinals]
    if whole_code:
        row.codes[-1], row.levels = whole_code, ()
    else:
        row.codes += [c for c in piece.codes if c not in row.codes]
    for side, label in piece.labels.items():
        if squash(row.labels.get(side, "")) != squash(label):
            row.labels[side] = f"{row.labels.get(side, '')} {label}".strip()
    for slot, cells in piece.amounts.items():
        if wraps:
            first = row.amounts[slot][-1]
            row.amounts[slot][-1] = PrintedCell(f"{first.text} {cells[0].text}", first.locator, first.bbox)
        else:
            row.amounts.setdefault(slot, []).extend(cells)


def _number(result: Assembly, numbered: bool, printed_numbers: set[int]) -> None:
    """Give each row its printed number where the numbers are consistent, else its place in the sequence."""
    latest = 0
    for order, row in enumerate(result.rows, start=1):
        row.order = order
        if not numbered:
            row.number = latest = order
            continue
        following = [n for later in result.rows[order:] for n in later.ordinals[:1]][:1]
        fitting = [n for n in row.ordinals if n == latest + 1]
        rising = [n for n in row.ordinals if n > latest and (not following or n < following[0] or n - latest <= 2)]
        if fitting:
            row.number = fitting[0]
        elif rising:
            row.number = min(rising)
            missing = [n for n in range(latest + 1, row.number) if n not in printed_numbers]
            if missing:
                what, text = "rows are missing between two row numbers (序号)", "、".join(map(str, missing))
                result.issues.append(Issue("error", what, text, row.page, row.locator))
        else:
            row.number = latest + 1
            printed = "、".join(map(str, row.ordinals)) or "none"
            result.issues.append(
                Issue(
                    "info",
                    "a row number (序号) does not follow the one before; the place in the table counts",
                    f"printed {printed}, taken {row.number}",
                    row.page,
                    row.locator,
                )
            )
        latest = row.number


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: the amount in the printed unit, or a doubt in words and no amount."""

    cell: PrintedCell
    amount: Decimal | None
    doubt: Issue | None = None
    # the readings between which nothing here decides; None: the cell is blank
    open: tuple[tuple[PrintedCell, Decimal | None], ...] = ()


def read_amount(cells: list[PrintedCell], row: AssembledRow) -> Reading:
    """One amount out of all readings of a cell; if they differ and nothing but a guess would decide, none."""
    if any(cell.other for cell in cells) and (reading := _second_opinion(cells, row)) is not None:
        return reading
    parsed = [(cell, parse_amount(cell.text)) for cell in cells]
    texts = " | ".join(cell.text for cell in cells)
    numbers = {amount for _, amount in parsed if amount is not None}
    if not numbers and len(cells) == 1 and (joined := _lines_of_digits(cells[0])) is not None:
        doubt = _doubt("error", "lines of digits in a cell are one number or several", texts, cells[0], row)
        return Reading(cells[0], None, doubt, ((joined, parse_amount(joined.text)), (cells[0], None)))
    if not numbers:
        doubt = _doubt("error", "a cell for a number holds something else", texts, cells[0], row)
        guess = repaired(cells[0].text) if len(cells) == 1 else None
        if guess is None:
            return Reading(cells[0], None, doubt)
        return Reading(cells[0], None, doubt, ((cells[0], parse_amount(guess)), (cells[0], None)))
    if any(amount is None for _, amount in parsed):
        return Reading(
            cells[0], None, _doubt("error", "one of two readings of a cell is no number", texts, cells[0], row)
        )
    if len(numbers) > 1:
        sound = [(cell, amount) for cell, amount in parsed if well_formed(cell.text)]
        if len({amount for _, amount in sound}) == 1:
            doubt = _doubt(
                "info", "one of two readings is no number as printed; the other stands", texts, cells[0], row
            )
            return Reading(sound[0][0], sound[0][1], doubt)
        doubt = _doubt("error", "two readings of a cell differ", texts, cells[0], row)
        options = tuple((cell, amount) for cell, amount in sound if amount is not None)
        return Reading(cells[0], None, doubt, options)
    cell, amount = parsed[0]
    if not well_formed(cell.text):
        return Reading(cell, None, _doubt("error", "a number begins with needless zeros", texts, cell, row))
    if len(cell.text.split()) > 1:
        return Reading(cell, amount, _doubt("info", "a number is printed in pieces; they are joined", texts, cell, row))
    return Reading(cell, amount)


def _lines_of_digits(cell: PrintedCell) -> PrintedCell | None:
    """4561⏎816: a whole number wrapped, or numbers of several rows; the text alone cannot tell."""
    lines = [squash(line) for line in cell.text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.isascii() and line.isdigit() for line in lines):
        return None
    return replace(cell, text="".join(lines))


def _second_opinion(cells: list[PrintedCell], row: AssembledRow) -> Reading | None:
    """Both readings as candidates where they say different numbers; None where the second one says none.

    Where one says a number and the other something else, the number is a candidate, and so is that it is none.
    """
    found: dict[Decimal | None, PrintedCell] = {}
    for cell in cells:
        if len(cells) == 1 or is_blank(cell.text) or parse_amount(cell.text) is not None:
            found.setdefault(parse_amount(cell.text), cell)
        for text in cell.other:
            if (amount := parse_amount(text)) is not None:
                found.setdefault(amount, replace(cell, text=text, other=()))
    if len(found) < 2:
        return None
    texts = " | ".join(cell.text or "(blank)" for cell in found.values())
    doubt = _doubt("error", "two readings of a cell differ", texts, cells[0], row)
    return Reading(cells[0], None, doubt, tuple((cell, amount) for amount, cell in found.items()))


def _doubt(severity: Severity, what: str, text: str, cell: PrintedCell, row: AssembledRow) -> Issue:
    return Issue(severity, what, text, row.page, cell.locator or row.locator)

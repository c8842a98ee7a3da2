"""The official list of a year's subject codes, read from the file that the Ministry of Finance publishes.

A list is CSV, text, or any document that the readers open. A row is a code and a name: the code in one cell (2010301),
in the cells 类 款 项 (201, 03, 01, what is blank stands for the row above), or before the name on one line. Codes of
revenue (1…) and of the government's economic classification (5…) stand in the same book: they are passed over.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.forms.printed import has_cjk, squash

REFERENCE = Path(__file__).with_name("reference")
OFFICIAL = REFERENCE / "official_codes.csv"
COLUMNS = ("tree", "edition", "code", "name", "is_complete", "source", "loaded_on")
TREES = {"2": "function", "3": "economic"}  # first digit of a code → its classification
LENGTHS = {"function": (3, 5, 7), "economic": (3, 5)}
_TEXT = {".csv", ".tsv", ".txt"}
_LINE = re.compile(r"(\d{3}(?:\d\d){0,2})[\s:、.]*(\D.*)")
# a list with fewer codes than this share of the known edition is no whole edition
_WHOLE = 0.8

Codes = dict[str, str]  # code → name


class CodeListError(ValueError):
    """The file is no list of codes, or cannot be what the command says; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Change:
    kind: str  # added, renamed, ended
    code: str
    name: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a list says of one classification, beside what was known of that year."""

    tree: str
    codes: Codes
    confirmed: int
    changes: tuple[Change, ...]


def read_list(path: Path) -> Codes:
    """Every code of the file with its name. Raises CodeListError."""
    codes: Codes = {}
    above: dict[int, str] = {}
    for cells in _rows(path):
        found = _code_and_name(cells, above)
        if found is None:
            continue
        code, name = found
        if codes.setdefault(code, name) != name and squash(codes[code]) != squash(name):
            raise CodeListError(f"{path.name}: {code} is both {codes[code]} and {name}")
    if not codes:
        raise CodeListError(f"{path.name}: no row is a code with a name")
    return codes


def _rows(path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() in _TEXT:
        text = path.read_bytes().decode("utf-8-sig")
        yield from csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")
        return
    from pipeline.documents.detect import read_document
    from pipeline.documents.model import Grid

    for block in read_document(path.read_bytes(), path.name).blocks:
        if isinstance(block, Grid):
            for row in block.rows():
                texts = {cell.column: cell.text for cell in row}
                yield [texts.get(column, "") for column in range(block.column_count)]


def _code_and_name(cells: Sequence[str], above: dict[int, str]) -> tuple[str, str] | None:
    """``above``: the digits of the rows above by column, for codes in the cells 类 款 项."""
    plain = [squash(cell) for cell in cells]
    if (match := _LINE.fullmatch(next(filter(None, plain), ""))) and has_cjk(match[2]):
        return match[1], match[2]
    at = next((index for index, cell in enumerate(plain) if has_cjk(cell)), None)
    if at is None or not any(plain[:at]) or not all(not cell or cell.isdigit() for cell in plain[:at]):
        return None
    digits = {index: cell for index, cell in enumerate(plain[:at]) if cell}
    *_, last = digits.values()
    if len(last) in (5, 7):
        return last, plain[at]
    first = min(digits)
    parts = {index: cell for index, cell in above.items() if index < first} | digits
    lengths = [len(cell) for _, cell in sorted(parts.items())]
    if lengths in ([3], [3, 2], [3, 2, 2]):
        above.clear()
        above.update(parts)
        return "".join(cell for _, cell in sorted(parts.items())), plain[at]
    return (last, plain[at]) if len(last) == 3 else None  # behind a number of the row


def known_codes(tree: str, year: int, reference: Path = REFERENCE, official: Path = OFFICIAL) -> Codes:
    """The codes of a year as they are known so far: the official list loaded before, else the reference."""
    known: Codes = {}
    with (reference / f"{tree}_codes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            first, last = int(row["first_edition"]), int(row["last_edition"] or 9999)
            if (first == 2018 or first <= year) and year <= last:
                known[row["code"]] = row["name"]
    loaded = [r for r in read_official(official) if r["tree"] == tree and r["edition"] == str(year)]
    if any(row["is_complete"] == "true" for row in loaded):
        known = {}
    return known | {row["code"]: row["name"] for row in loaded}


def compare(new: Mapping[str, str], known: Mapping[str, str], is_whole: bool) -> tuple[int, tuple[Change, ...]]:
    """How many names are confirmed, and what the list changes; only a whole list ends a code."""
    changes = []
    for code, name in sorted(new.items()):
        if code not in known:
            changes.append(Change("added", code, name))
        elif squash(known[code]) != squash(name):
            changes.append(Change("renamed", code, name, known[code]))
    if is_whole:
        changes += [Change("ended", code, name) for code, name in sorted(known.items()) if code not in new]
    confirmed = sum(code in known and squash(known[code]) == squash(name) for code, name in new.items())
    return confirmed, tuple(changes)


def load_list(
    path: Path, year: int, is_whole: bool, on: date, official: Path = OFFICIAL, write: bool = True
) -> list[Loaded]:
    """Read a list and keep it as the official one of its year. Raises CodeListError, OSError."""
    if not 2018 <= year <= 2100:
        raise CodeListError(f"{year} is no edition: the classifications are kept since 2018")
    found = read_list(path)
    by_tree: dict[str, Codes] = {}
    for code, name in found.items():
        if tree := TREES.get(code[0]):
            by_tree.setdefault(tree, {})[code] = name
    if not by_tree:
        raise CodeListError(
            f"{path.name}: no code of expenditure by function (2…) or of the departments' economic (3…)"
        )
    loaded = []
    for tree, codes in sorted(by_tree.items()):
        known = known_codes(tree, year, official=official)
        _check(path.name, tree, codes, known, is_whole)
        loaded.append(Loaded(tree, codes, *compare(codes, known, is_whole)))
    if write:
        _keep(loaded, year, is_whole, path.name, on, official)
    return loaded


def _check(name: str, tree: str, codes: Codes, known: Codes, is_whole: bool) -> None:
    if wrong := [code for code in codes if len(code) not in LENGTHS[tree]]:
        raise CodeListError(f"{name}: {wrong[0]} has no length that a code of the {tree} classification has")
    orphans = sorted(c for c in codes if len(c) > 3 and c[:-2] not in codes and (is_whole or c[:-2] not in known))
    if orphans:
        raise CodeListError(f"{name}: {orphans[0]} {codes[orphans[0]]} is listed, {orphans[0][:-2]} above it is not")
    if is_whole and len(codes) < _WHOLE * len(known):
        raise CodeListError(
            f"{name}: {len(codes)} codes of the {tree} classification, of about {len(known)}: "
            "where it is only a part of the list, say --partial; then no code is taken as ended"
        )


def read_official(path: Path = OFFICIAL) -> list[dict[str, str]]:
    """The lines of the official lists that were loaded."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _keep(loaded: Iterable[Loaded], year: int, is_whole: bool, source: str, on: date, path: Path) -> None:
    rows = read_official(path)
    for part in loaded:
        rows = [
            row
            for row in rows
            if (row["tree"], row["edition"]) != (part.tree, str(year)) or not (is_whole or row["code"] in part.codes)
        ]
        complete = is_whole or any(r["is_complete"] == "true" for r in rows if _same(r, part.tree, year))
        rows += [
            dict(zip(COLUMNS, (part.tree, str(year), c, n, str(complete).lower(), source, on.isoformat()), strict=True))
            for c, n in part.codes.items()
        ]
    rows.sort(key=lambda row: (row["tree"], row["edition"], row["code"]))
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    fresh.replace(path)


def _same(row: Mapping[str, str], tree: str, year: int) -> bool:
    return (row["tree"], row["edition"]) == (tree, str(year))

"""PDF readers side by side: CPU milliseconds per page, and the share of rows read exactly right, in one run.

    python -m benchmarks.pdf_readers [FOLDER] [--truth FILE] [--repeat N] [--only NAME]

FOLDER holds the PDFs and ``truth.csv`` (default ``../shared/real``). CPU time is that of this process, all threads,
opening included; the best of N runs of each document counts. A row is right where one row of one table read prints
its code, labels and amounts, each in a cell of its own and in this order, and no other number.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = list[str]
Read = Callable[[Path], Iterable[Row] | None]

DEFAULT_FOLDER = Path(__file__).resolve().parents[1] / ".." / "shared" / "real"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


# --- the readers: a PDF → the rows of all its tables; None where a reader finds no tables at all ---------------------


def pdfium_text(path: Path) -> None:
    """The floor: pages opened, their text taken, nothing else."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    document = pdfium.PdfDocument(path.read_bytes())
    for number in range(len(document)):
        page = document.get_page(number)
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()


def our_grid(path: Path) -> list[Row]:
    from pipeline.documents.model import Grid
    from pipeline.documents.readers.pdf_grid import read_pdf_grid

    document = read_pdf_grid(path.read_bytes())
    return [[cell.text for cell in row] for block in document.blocks if isinstance(block, Grid) for row in block.rows()]


def our_cross_checked(path: Path) -> list[Row]:
    from pipeline.documents.cross_check import read_again
    from pipeline.documents.model import Grid
    from pipeline.documents.readers.pdf_grid import read_pdf_grid

    data = path.read_bytes()
    document, _ = read_again(data, read_pdf_grid(data))
    return [[cell.text for cell in row] for block in document.blocks if isinstance(block, Grid) for row in block.rows()]


def _camelot(path: Path, **options: Any) -> list[Row]:
    from camelot.io import read_pdf

    tables = read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True, **options)
    return [[str(cell) for cell in row] for table in tables for row in table.df.values.tolist()]


def camelot_default(path: Path) -> list[Row]:
    return _camelot(path)


def camelot_vector(path: Path) -> list[Row]:
    return _camelot(path, engine="vector", split_text=True)


def pdfplumber_default(path: Path) -> list[Row]:
    import pdfplumber  # type: ignore[import-not-found]

    rows: list[Row] = []
    with pdfplumber.open(path) as document:
        for page in document.pages:
            for table in page.extract_tables():
                rows += [[cell or "" for cell in row] for row in table]
            page.close()
    return rows


READERS: dict[str, tuple[Read, str]] = {
    "pdfium raw text (the floor)": (pdfium_text, "pypdfium2"),
    "our grid reader": (our_grid, "pypdfium2"),
    "our cross-checked reading": (our_cross_checked, "camelot"),
    "camelot lattice, vector, split_text": (camelot_vector, "camelot"),
    "pdfplumber": (pdfplumber_default, "pdfplumber"),
    "camelot lattice, default": (camelot_default, "camelot"),
}


# --- the truth -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class TrueRow:
    """A printed row: the code with its digits joined, then labels and amounts in their printed order."""

    code: str = ""
    cells: Row = field(default_factory=list)


def true_rows(file: Path) -> dict[str, list[TrueRow]]:
    """By document. The items of ``three_public`` are columns: their labels are not in the row."""
    rows: dict[tuple[str, str, str], TrueRow] = defaultdict(TrueRow)
    with file.open(encoding="utf-8", newline="") as lines:
        for figure in csv.DictReader(lines):
            row = rows[figure["document"], figure["statement"], figure["row"]]
            row.code = row.code or re.sub(r"\D", "", figure["code"])
            label = _squeezed(figure["label"])
            if figure["statement"] != "three_public" and label not in row.cells:
                row.cells.append(label)
            row.cells.append(_amount(figure["amount"]))
    by_document: dict[str, list[TrueRow]] = defaultdict(list)
    for (document, _, _), row in rows.items():
        by_document[document].append(row)
    return by_document


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _amount(text: str) -> str:
    return _squeezed(text).replace(",", "").replace("，", "")


def _is_right(wanted: TrueRow, cells: Row) -> bool:
    """``cells`` are those of a row read, blank ones left out."""
    rest = cells
    if wanted.code:
        taken, code = 0, ""
        while taken < len(rest) and len(code) < len(wanted.code):
            code += rest[taken]
            taken += 1
        if code != wanted.code:
            return False
        rest = rest[taken:]
    place = 0
    for cell in rest:
        if place < len(wanted.cells) and cell == wanted.cells[place]:
            place += 1
        elif _NUMBER.fullmatch(cell):
            return False
    return place == len(wanted.cells)


def right_rows(wanted: list[TrueRow], read: Iterable[Row]) -> int:
    rows = [[_amount(cell) for cell in row if _squeezed(cell)] for row in read]
    return sum(any(_is_right(row, cells) for cells in rows) for row in wanted)


# --- the run ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    milliseconds: float  # of CPU, per page
    right: float | None  # share of the true rows


def measure(name: str, read: Read, truth: dict[str, list[TrueRow]], folder: Path, repeat: int) -> Result:
    seconds, pages, right, rows = 0.0, 0, 0, 0
    finds_tables = True
    for document, wanted in sorted(truth.items()):
        path = folder / document
        best = float("inf")
        found: Iterable[Row] | None = None
        for _ in range(repeat):
            start = time.process_time()
            found = read(path)
            best = min(best, time.process_time() - start)
        seconds += best
        pages += _page_count(path)
        rows += len(wanted)
        if found is None:
            finds_tables = False
        else:
            right += right_rows(wanted, found)
    return Result(name, seconds / pages * 1000, right / rows if finds_tables else None)


def _page_count(path: Path) -> int:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(path.read_bytes()) as document:
        return len(document)


def report(results: list[Result]) -> str:
    floor = results[0].milliseconds
    lines = ["| reader | CPU ms per page | times the floor | rows exactly right |", "|---|---:|---:|---:|"]
    for result in results:
        share = "" if result.right is None else f"{result.right:.4f}"
        times = f"{result.milliseconds / floor:.1f}"
        lines.append(f"| {result.name} | {result.milliseconds:.1f} | {times} | {share} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="CPU time and exactness of PDF readers, in one run")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--truth", type=Path, help="figures as printed (default: truth.csv in the folder)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each document; the best counts")
    parser.add_argument("--only", help="only readers whose name contains this, and the floor")
    options = parser.parse_args(arguments)
    truth_file = options.truth or options.folder / "truth.csv"
    if not truth_file.is_file():
        print(f"there is no {truth_file}: give a folder with PDFs and their truth.csv")
        return 1
    truth = {name: rows for name, rows in true_rows(truth_file).items() if (options.folder / name).is_file()}
    if not truth:
        print(f"none of the PDFs that {truth_file} names is in {options.folder}")
        return 1
    results = []
    for number, (name, (read, package)) in enumerate(READERS.items()):
        if number and options.only and options.only not in name:
            continue
        if importlib.util.find_spec(package) is None:
            print(f"{name}: skipped, {package} is not installed")
            continue
        read(options.folder / next(iter(truth)))  # imports and caches are not what is measured
        results.append(measure(name, read, truth, options.folder, options.repeat))
    print(f"{len(truth)} documents, {sum(map(len, truth.values()))} rows")
    print(report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""PDF readers side by side: CPU milliseconds per page, and the share of rows read exactly right, in one run.

    python -m benchmarks.pdf_readers [FOLDER] [--truth FILE] [--repeat N] [--only NAME]

FOLDER holds the PDFs and ``truth.csv`` (default ``../shared/real``). Each reader runs in a process of its own; its CPU
time is that of all threads, opening included. The best of N runs of each document counts, fewer where a reader takes
seconds. A row is right where one row of one table read prints its code, labels and amounts, each in a cell of its own
and in this order, and no other number. pdfplumber is no dependency of the project: without it its line is left out.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
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


FLOOR, GRID = "pdfium raw text (the floor)", "our grid reader"
PDFPLUMBER, CAMELOT = "pdfplumber", "camelot lattice, default"
# name → the reader, the package that it needs
READERS: dict[str, tuple[Read, str]] = {
    FLOOR: (pdfium_text, "pypdfium2"),
    GRID: (our_grid, "pypdfium2"),
    "our cross-checked reading": (our_cross_checked, "camelot"),
    "camelot lattice, vector, split_text": (camelot_vector, "camelot"),
    PDFPLUMBER: (pdfplumber_default, "pdfplumber"),
    CAMELOT: (camelot_default, "camelot"),
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


_ENOUGH = 10.0  # CPU seconds for one document: a slow reader is run less often than ``--repeat`` says


def measure(name: str, truth: dict[str, list[TrueRow]], folder: Path, repeat: int) -> Result:
    read, _ = READERS[name]
    read(folder / min(truth))  # imports and caches are not what is measured
    seconds, pages, right = 0.0, 0, 0
    finds_tables = True
    for document, wanted in sorted(truth.items()):
        path = folder / document
        pages += _page_count(path)
        found, best = _best(read, path, repeat)
        seconds += best
        if found is None:
            finds_tables = False
        else:
            right += right_rows(wanted, found)
    rows = sum(map(len, truth.values()))
    return Result(name, seconds / pages * 1000, right / rows if finds_tables else None)


def measure_apart(name: str, folder: Path, truth_file: Path, repeat: int) -> Result:
    """In a process of its own: what one reader imports and leaves in memory does not slow the next one."""
    command = [sys.executable, "-m", "benchmarks.pdf_readers", str(folder), "--truth", str(truth_file)]
    command += ["--repeat", str(repeat), "--child", name]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Result(**json.loads(output.splitlines()[-1]))


def _best(read: Read, path: Path, repeat: int) -> tuple[Iterable[Row] | None, float]:
    """What was read, and the CPU seconds of the fastest run."""
    best, used = float("inf"), 0.0
    found: Iterable[Row] | None = None
    for _ in range(repeat):
        start = time.process_time()
        found = read(path)
        taken = time.process_time() - start
        best, used = min(best, taken), used + taken
        if used > _ENOUGH:
            break
    return found, best


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


def aims(results: list[Result]) -> Iterator[str]:
    """What the grid reader is to reach, and what it reached in this run."""
    cost = {result.name: result.milliseconds for result in results}
    grid = cost.get(GRID)
    if grid is None:
        return
    yield _aim(f"{GRID}: {grid / cost[FLOOR]:.1f} × the floor, at most 3", grid <= 3 * cost[FLOOR])
    for name, least in ((PDFPLUMBER, 8), (CAMELOT, 60)):
        if name in cost:
            yield _aim(
                f"{GRID}: {cost[name] / grid:.1f} × faster than {name}, at least {least}", cost[name] >= least * grid
            )


def _aim(text: str, met: bool) -> str:
    return f"{'met' if met else 'MISSED'}: {text}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="CPU time and exactness of PDF readers, in one run")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--truth", type=Path, help="figures as printed (default: truth.csv in the folder)")
    parser.add_argument("--repeat", type=int, default=10, help="runs of each document; the best counts")
    parser.add_argument("--only", help="only readers whose name contains this, and the floor")
    parser.add_argument("--child", help=argparse.SUPPRESS)  # one reader, measured in this process
    options = parser.parse_args(arguments)
    truth_file = options.truth or options.folder / "truth.csv"
    if not truth_file.is_file():
        print(f"there is no {truth_file}: give a folder with PDFs and their truth.csv")
        return 1
    truth = {name: rows for name, rows in true_rows(truth_file).items() if (options.folder / name).is_file()}
    if not truth:
        print(f"none of the PDFs that {truth_file} names is in {options.folder}")
        return 1
    if options.child:
        print(json.dumps(asdict(measure(options.child, truth, options.folder, options.repeat))))
        return 0
    results = []
    for name, (_, package) in READERS.items():
        if name != FLOOR and options.only and options.only not in name:
            continue
        if importlib.util.find_spec(package) is None:
            print(f"{name}: skipped, {package} is not installed")
            continue
        results.append(measure_apart(name, options.folder, truth_file, options.repeat))
    pages = sum(_page_count(options.folder / name) for name in truth)
    print(f"{len(truth)} documents, {pages} pages, {sum(map(len, truth.values()))} rows")
    print(report(results))
    print(*aims(results), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""PDF readers side by side: CPU milliseconds per page, and the share of rows read exactly right, in one run.

    python -m benchmarks.pdf_readers [FOLDER] [--truth FILE] [--rounds N] [--repeat N] [--only NAME]

FOLDER holds the PDFs and ``truth.csv`` (default ``../shared/real``). In each round every reader runs in a process of
its own, one after the other; the time is the user CPU time of all threads, opening included. Of a round the median of
N runs through all documents counts, of the rounds the median; a multiple is taken within a round. Slow readers run
once. A row is right where one row of one table read prints its code, labels and amounts, each in a cell of its own
and in this order, and no other number. pdfplumber is no dependency of the project: without it its line is left out.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import re
import resource
import statistics
import subprocess
import sys
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
    milliseconds: list[float]  # of CPU, per page, in each round that the reader took part in
    right: float | None  # share of the true rows

    def median(self) -> float:
        return statistics.median(self.milliseconds)

    def times(self, other: Result) -> float:
        """How often the other's time it takes: the median over the rounds that both took part in."""
        pairs = zip(self.milliseconds, other.milliseconds, strict=False)
        return statistics.median(one / two for one, two in pairs)


_ENOUGH = 10.0  # CPU seconds: a reader that took longer is not run again


def measure(name: str, truth: dict[str, list[TrueRow]], folder: Path, repeat: int) -> Result:
    """One round of one reader."""
    read, _ = READERS[name]
    paths = sorted(folder / document for document in truth)
    read(paths[0])  # imports and caches are not what is measured
    pages = sum(map(_page_count, paths))
    taken: list[float] = []
    while len(taken) < repeat and sum(taken) < _ENOUGH:
        start = _user_cpu()
        found = {path.name: read(path) for path in paths}
        taken.append(_user_cpu() - start)
    right = [right_rows(truth[document], rows) for document, rows in found.items() if rows is not None]
    share = sum(right) / sum(map(len, truth.values())) if right else None
    return Result(name, [statistics.median(taken) / pages * 1000], share)


def measure_apart(name: str, folder: Path, truth_file: Path, repeat: int) -> Result:
    """In a process of its own: what one reader imports and leaves in memory does not slow the next one."""
    command = [sys.executable, "-m", "benchmarks.pdf_readers", str(folder), "--truth", str(truth_file)]
    command += ["--repeat", str(repeat), "--child", name]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Result(**json.loads(output.splitlines()[-1]))


def measure_in_rounds(names: list[str], folder: Path, truth_file: Path, rounds: int, repeat: int) -> list[Result]:
    """The readers in turn: what else the machine does meanwhile strikes all of them alike."""
    results = [measure_apart(name, folder, truth_file, repeat) for name in names]
    pages = sum(_page_count(folder / name) for name in true_rows(truth_file) if (folder / name).is_file())
    fast = [result for result in results if result.median() * pages < _ENOUGH * 1000]
    for _ in range(rounds - 1):
        for result in fast:
            result.milliseconds.extend(measure_apart(result.name, folder, truth_file, repeat).milliseconds)
    return results


def _user_cpu() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def _page_count(path: Path) -> int:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(path.read_bytes()) as document:
        return len(document)


def report(results: list[Result]) -> str:
    floor = results[0]
    lines = ["| reader | CPU ms per page | times the floor | rows exactly right |", "|---|---:|---:|---:|"]
    for result in results:
        share = "" if result.right is None else f"{result.right:.4f}"
        lines.append(f"| {result.name} | {result.median():.1f} | {result.times(floor):.1f} | {share} |")
    return "\n".join(lines)


def aims(results: list[Result]) -> Iterator[str]:
    """What the grid reader is to reach, and what it reached in this run."""
    found = {result.name: result for result in results}
    grid = found.get(GRID)
    if grid is None:
        return
    times = grid.times(found[FLOOR])
    rounds = [one / two for one, two in zip(grid.milliseconds, found[FLOOR].milliseconds, strict=True)]
    spread = f"{min(rounds):.2f} to {max(rounds):.2f} in {len(rounds)} rounds"
    yield _aim(f"{GRID}: {times:.2f} × the floor ({spread}), at most 3", times <= 3)
    for name, least in ((PDFPLUMBER, 8), (CAMELOT, 60)):
        if name in found:
            faster = found[name].times(grid)
            yield _aim(f"{GRID}: {faster:.1f} × faster than {name}, at least {least}", faster >= least)


def _aim(text: str, met: bool) -> str:
    return f"{'met' if met else 'MISSED'}: {text}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="CPU time and exactness of PDF readers, in one run")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--truth", type=Path, help="figures as printed (default: truth.csv in the folder)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds through all readers; their median counts")
    parser.add_argument("--repeat", type=int, default=5, help="runs of a reader in a round; their median counts")
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
    names = [name for name in READERS if name == FLOOR or not options.only or options.only in name]
    for name in [name for name in names if importlib.util.find_spec(READERS[name][1]) is None]:
        print(f"{name}: skipped, {READERS[name][1]} is not installed")
        names.remove(name)
    results = measure_in_rounds(names, options.folder, truth_file, options.rounds, options.repeat)
    pages = sum(_page_count(options.folder / name) for name in truth)
    print(f"{len(truth)} documents, {pages} pages, {sum(map(len, truth.values()))} rows")
    print(report(results))
    print(*aims(results), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

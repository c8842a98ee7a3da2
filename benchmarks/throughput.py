"""Documents per minute from PDF bytes to Parquet, and the peak memory of a worker as documents grow, in one table.

    python -m benchmarks.throughput [--real FOLDER] [--documents N] [--pages 20 100 ...] [--workers N] [--repeat N]

One column for each mode of the cross-check. The documents are those of FOLDER's ``truth.csv`` (default
``../shared/real``; left out where it is not there) and the samples of ``tools/typeset`` as PDF, repeated up to N and
made distinct by a comment at their end. The worker pool is the one of a run; each measurement is a process of its own,
started anew, so that starting workers and importing readers are in it. The best of the repetitions counts.

Memory: a department and so many units of it, each with the nine statements of a sample under its own name, so that no
page is another's repetition; read by a fresh process. "reading" is the reader with the second reading, as the mode
asks; "worker" is the whole way to Parquet. "held" is what the first reading returns: its cells and paragraphs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, get_args

from pipeline.settings import ROOT, CrossCheckMode, Limits

MODES: tuple[CrossCheckMode, ...] = tuple(reversed(get_args(CrossCheckMode)))  # never, on_doubt, always
DEFAULT_REAL = ROOT / ".." / "shared" / "real"
MB = 2**20
Numbers = dict[str, float]


# --- measured in a process of its own --------------------------------------------------------------------------------


def extract(raw: Path, mode: CrossCheckMode, workers: int) -> Numbers:
    """Every document of a folder through the pool; raises where one is not loaded."""
    from pipeline.extraction.run import extract_all
    from pipeline.intake import scan_folder

    limits = Limits()
    with tempfile.TemporaryDirectory() as extracted:
        start = time.perf_counter()
        sources = scan_folder(raw, limits.bytes).sources
        result = extract_all(sources, Path(extracted), workers, limits, lambda _: None, mode)
        wall = time.perf_counter() - start
    if result.rejected:
        raise RuntimeError(f"{len(result.rejected)} are not loaded; the first: {result.rejected[0]}")
    return {"wall": wall, "cpu": cpu_of_all(), "documents": len(result.loaded)}


def read(path: Path, mode: CrossCheckMode, _: int) -> Numbers:
    """One document read, and read again as the mode asks."""
    from pipeline.documents.cross_check import read_again
    from pipeline.documents.readers.pdf_grid import read_pdf_grid

    data = path.read_bytes()
    first = read_pdf_grid(data)
    both, _checked = read_again(data, first, mode)
    peak = peak_mb()
    del both
    return {"peak": peak, "held": _held(first) / MB}


def work(path: Path, mode: CrossCheckMode, _: int) -> Numbers:
    """One document as a worker does it: read, understood, proven, written."""
    from pipeline.extraction.fingerprint import result_folders
    from pipeline.extraction.worker import Task, extract_document

    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with tempfile.TemporaryDirectory() as name:
        folders = result_folders(Path(name), sha256[:16], mode)
        outcome = extract_document(Task(path, path.name, sha256, folders, Path(name) / ".work", mode))
    if outcome.reason is not None:
        raise RuntimeError(outcome.reason)
    return {"peak": peak_mb(), "figures": outcome.figures}


def _held(value: object) -> int:
    """Bytes of an object and of all that its slots, attributes and tuples hold, each object once."""
    seen: set[int] = set()
    waiting, size = [value], 0
    while waiting:
        item = waiting.pop()
        if id(item) in seen or item is None:
            continue
        seen.add(id(item))
        size += sys.getsizeof(item)
        if isinstance(item, tuple):
            waiting.extend(item)
        else:
            waiting.extend(getattr(item, name) for name in getattr(type(item), "__slots__", ()))
    return size


MEASURED: dict[str, Callable[[Path, CrossCheckMode, int], Numbers]] = {"extract": extract, "read": read, "work": work}


def cpu_of_all() -> float:
    """CPU seconds of this process and its workers. Ends the server that forked them: only then are they counted."""
    server: Any = forkserver
    server._forkserver._stop()
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def peak_mb() -> float:
    """The most memory that this process has held, in MB; not what its parent held when it was forked."""
    status = Path("/proc/self/status")
    if status.exists() and (peak := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(peak[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_process_of_its_own(what: str, path: Path, mode: CrossCheckMode, workers: int = 1) -> Numbers:
    command = [sys.executable, "-m", "benchmarks.throughput", "--child", what, str(path), mode, str(workers)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
    numbers: Numbers = json.loads(output.splitlines()[-1])
    return numbers


# --- the documents ---------------------------------------------------------------------------------------------------


def real_documents(folder: Path) -> list[bytes]:
    truth = folder / "truth.csv"
    if not truth.is_file():
        return []
    with truth.open(encoding="utf-8", newline="") as lines:
        names = sorted({row["document"] for row in csv.DictReader(lines)})
    return [(folder / name).read_bytes() for name in names if (folder / name).is_file()]


def typeset_documents() -> list[bytes]:
    """Every sample as PDF, whatever format it has in ``raw``."""
    from tools.typeset.pdf import write_pdf
    from tools.typeset.sample import read_samples

    return [write_pdf(sample.layout(), sample.page) for sample in read_samples()]


def write_distinct(documents: list[bytes], count: int, folder: Path) -> int:
    """Files with the same pages and another SHA-256 each; returns how many pages they have together."""
    folder.mkdir()
    pages = [page_count(data) for data in documents]
    for number, data in zip(range(count), itertools.cycle(documents), strict=False):
        (folder / f"{number:04}.pdf").write_bytes(data + b"\n%% %d\n" % number)
    return sum(itertools.islice(itertools.cycle(pages), count))


def write_long(pages: int, path: Path) -> int:
    """A department with as many units as make about so many pages; returns how many they are."""
    from tools.typeset.hebei import lay_out
    from tools.typeset.layout import Layout, PageBreak
    from tools.typeset.pdf import typeset
    from tools.typeset.sample import read_samples

    sample = next(sample for sample in read_samples() if sample.file_name.endswith(".pdf"))
    layout, department = sample.layout(), sample.disclosure
    bare = replace(department, sections=(), units_note="")

    def of_unit(number: int) -> Layout:
        name, code = f"{department.department}第{number}中心", f"{department.code}{number:03}"
        return lay_out(replace(bare, department=name, code=code), sample.style)

    first = typeset(layout, sample.page).page_count
    each = typeset(of_unit(1), sample.page).page_count
    units = [of_unit(number) for number in range(1, 1 + max(0, round((pages - first) / each)))]
    blocks = [*layout.blocks, *(block for unit in units for block in (PageBreak(), *unit.blocks))]
    printed = typeset(replace(layout, blocks=tuple(blocks)), sample.page)
    path.write_bytes(printed.data)
    return printed.page_count


def page_count(data: bytes) -> int:
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    with pdfium.PdfDocument(data) as document:
        return len(document)


# --- the table -------------------------------------------------------------------------------------------------------


def throughput(name: str, documents: list[bytes], options: argparse.Namespace, folder: Path) -> Iterable[list[str]]:
    raw = folder / name
    pages = write_distinct(documents, options.documents, raw)
    walls, cpus = [], []
    for mode in MODES:
        runs = [in_process_of_its_own("extract", raw, mode, options.workers) for _ in range(options.repeat)]
        walls.append(min(run["wall"] for run in runs))
        cpus.append(min(run["cpu"] for run in runs))
    count = options.documents
    yield [f"{name}, {pages / count:.0f} pages each: documents per minute", *(f"{count / s * 60:.0f}" for s in walls)]
    yield [f"{name}: pages per minute", *(f"{pages / s * 60:,.0f}" for s in walls)]
    yield [f"{name}: CPU s per document", *(f"{s / count:.2f}" for s in cpus)]


def memory(options: argparse.Namespace, folder: Path) -> Iterable[list[str]]:
    sizes = []
    reading: list[dict[CrossCheckMode, float]] = []
    working: list[dict[CrossCheckMode, float]] = []
    for wanted in options.pages:
        path = folder / f"{wanted}.pdf"
        pages = write_long(wanted, path)
        sizes.append(pages)
        read_peaks = {mode: in_process_of_its_own("read", path, mode) for mode in MODES}
        reading.append({mode: peaks["peak"] for mode, peaks in read_peaks.items()})
        worked = {mode: in_process_of_its_own("work", path, mode) for mode in MODES}
        working.append({mode: numbers["peak"] for mode, numbers in worked.items()})
        inside = f"file {path.stat().st_size / MB:.1f} MB, held {read_peaks['never']['held']:.1f} MB"
        yield [f"reading {pages:,} pages ({inside}): peak MB", *(f"{reading[-1][mode]:.0f}" for mode in MODES)]
        figures = f"{worked['never']['figures']:,.0f} figures"
        yield [f"worker, {pages:,} pages ({figures}): peak MB", *(f"{working[-1][mode]:.0f}" for mode in MODES)]
    if len(sizes) > 1:
        more = sizes[-1] - sizes[0]
        for name, peaks in (("reading", reading), ("worker", working)):
            growth = [f"{(peaks[-1][mode] - peaks[0][mode]) / more * 1024:.0f}" for mode in MODES]
            yield [f"{name}: growth in KB per page, {sizes[0]} to {sizes[-1]:,} pages", *growth]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, default=DEFAULT_REAL, help="a folder with PDFs and their truth.csv")
    parser.add_argument("--documents", type=int, default=40, help="how many documents a run reads")
    parser.add_argument("--pages", type=int, nargs="*", default=[20, 100, 300, 1000], help="none: memory is left out")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeat", type=int, default=2, help="runs of each; the best counts; 0: memory only")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)  # what, path, mode, workers: one measurement
    options = parser.parse_args(arguments)
    if options.child:
        what, path, mode, workers = options.child
        print(json.dumps(MEASURED[what](Path(path), mode, int(workers))))
        return 0
    collections: dict[str, list[bytes]] = {"real": real_documents(options.real), "typeset": typeset_documents()}
    print(f"{options.workers} workers, {options.documents} documents a run")
    print("| cross_check | " + " | ".join(MODES) + " |\n|---|" + "---:|" * len(MODES))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = [throughput(key, found, options, folder) for key, found in collections.items() if found]
        for row in itertools.chain(*(runs if options.repeat else []), memory(options, folder)):
            print("| " + " | ".join(row) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The command line: ``python -m tools.typeset samples --out raw``, ``… one 130529 --format pdf --out one.pdf``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tools.typeset.layout import Layout
from tools.typeset.pdf import write_pdf
from tools.typeset.sample import SAMPLES, from_texts, read_samples, write_samples
from tools.typeset.style import PageStyle
from tools.typeset.text import write_cell_lines, write_tab_rows
from tools.typeset.word import write_word


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.typeset", description="Writes disclosures from their figures."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    samples = commands.add_parser("samples", help="write every sample as Word, and manifest.csv")
    samples.add_argument("--out", type=Path, default=Path("raw"), help="the folder to write below (default: raw)")
    samples.add_argument(
        "--data", type=Path, default=SAMPLES, help="the folder of the figures (default: the committed ones)"
    )
    samples.add_argument(
        "--pdf", action="store_true", help="write each sample as PDF too, beside the Word file (not in manifest.csv)"
    )
    one = commands.add_parser("one", help="write one sample as Word, PDF or text, to see or to test")
    one.add_argument("department", help="part of the sample's file name, such as 130500")
    one.add_argument("--out", type=Path, required=True, help="the file to write")
    one.add_argument("--format", choices=("word", "pdf", "tab-rows", "cell-lines"), default="word")
    one.add_argument(
        "--page",
        action="append",
        default=[],
        metavar="CHOICE=VALUE",
        help="a choice of the PDF's style, such as engine=named or rotate=90 (see PageStyle); may be repeated",
    )
    given = parser.parse_args(arguments)
    if given.command == "samples":
        for path in write_samples(given.out, given.data, pdf=given.pdf):
            print(path)
        return 0
    found = [sample for sample in read_samples() if given.department in sample.file_name]
    if len(found) != 1:
        print(f"{given.department} names {len(found)} samples, not one", file=sys.stderr)
        return 2
    try:
        page = from_texts(PageStyle, dict(choice.split("=", 1) for choice in given.page))
    except ValueError as error:
        parser.error(f"--page: {error}")
    layout = found[0].layout()
    writers: dict[str, Callable[[Layout], bytes]] = {
        "word": write_word,
        "pdf": lambda layout: write_pdf(layout, page),
        "tab-rows": lambda layout: write_tab_rows(layout).encode(),
        "cell-lines": lambda layout: write_cell_lines(layout).encode(),
    }
    given.out.write_bytes(writers[given.format](layout))
    return 0


if __name__ == "__main__":
    sys.exit(main())

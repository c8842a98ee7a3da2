"""The command line: ``python -m tools.typeset samples --out raw``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.typeset.sample import SAMPLES, read_samples, write_samples
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
    one = commands.add_parser("one", help="write one sample as Word or text, to see or to test")
    one.add_argument("department", help="part of the sample's file name, such as 130500")
    one.add_argument("--out", type=Path, required=True, help="the file to write")
    one.add_argument("--format", choices=("word", "tab-rows", "cell-lines"), default="word")
    given = parser.parse_args(arguments)
    if given.command == "samples":
        for path in write_samples(given.out, given.data):
            print(path)
        return 0
    found = [sample for sample in read_samples() if given.department in sample.file_name]
    if len(found) != 1:
        print(f"{given.department} names {len(found)} samples, not one", file=sys.stderr)
        return 2
    layout = found[0].layout()
    writers = {"tab-rows": write_tab_rows, "cell-lines": write_cell_lines}
    given.out.write_bytes(write_word(layout) if given.format == "word" else writers[given.format](layout).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())

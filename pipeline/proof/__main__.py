"""`python -m pipeline.proof` writes the tables of identities and of restatements into docs/proof.md again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pipeline.proof.identity import Identity, load_annex_identities, load_identities
from pipeline.proof.restatements import SHORT, pair_table

DOCS = Path(__file__).parents[2] / "docs" / "proof.md"
BEGIN, END = "<!-- identities: written by `python -m pipeline.proof` -->\n", "<!-- end of identities -->\n"
OF_ANNEXES = "\nThe prose (PR), the performance tables (PF), procurement (PP) and assets (AS):\n\n"
PAIRS_BEGIN = "<!-- restatements: written by `python -m pipeline.proof` -->\n"
PAIRS_END = "<!-- end of restatements -->\n"


def with_table(text: str) -> str:
    """The page with current tables."""
    tables = f"{table(load_identities())}{OF_ANNEXES}{table(load_annex_identities())}"
    return _between(PAIRS_BEGIN, PAIRS_END, pair_table(), _between(BEGIN, END, tables, text))


def _between(begin: str, end: str, tables: str, text: str) -> str:
    """The text with these tables between the two marks; unchanged where it has none."""
    head, mark, rest = text.partition(begin)
    return f"{head}{begin}{tables}{end}{rest.partition(end)[2]}" if mark else text


def table(identities: tuple[Identity, ...]) -> str:
    lines = ["| id | what it says | statements | |", "|---|---|---|---|"]
    for identity in identities:
        numbers = " ".join(short for name, short in SHORT.items() if name in identity.statements)
        kind = identity.severity + (", bound" if identity.at_most else "")
        lines.append(f"| `{identity.id}` | {identity.says} | {numbers} | {kind} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.proof",
        description="Write the tables of identities into docs/proof.md again, from the YAML files beside this module.",
    )
    parser.parse_args(arguments)
    DOCS.write_text(with_table(DOCS.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()

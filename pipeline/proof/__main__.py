"""`python -m pipeline.proof` writes the tables of identities into docs/proof.md again, from the YAML files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pipeline.forms.form import STATEMENTS
from pipeline.proof.identity import Identity, load_annex_identities, load_identities

DOCS = Path(__file__).parents[2] / "docs" / "proof.md"
BEGIN, END = "<!-- identities: written by `python -m pipeline.proof` -->\n", "<!-- end of identities -->\n"
OF_ANNEXES = "\nThe prose (PR), the performance tables (PF), procurement (PP) and assets (AS):\n\n"
SHORT = {name: f"T{n}" for n, name in enumerate(STATEMENTS, start=1)} | {
    "claim": "PR",
    "performance": "PF",
    "procurement": "PP",
    "asset": "AS",
}


def with_table(text: str) -> str:
    """The page with a current table."""
    head, _, rest = text.partition(BEGIN)
    tables = f"{table(load_identities())}{OF_ANNEXES}{table(load_annex_identities())}"
    return f"{head}{BEGIN}{tables}{END}{rest.partition(END)[2]}"


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

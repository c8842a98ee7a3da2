"""Rows that page breaks cut: what is read of them, and that nothing wrong is.

    python -m benchmarks.torn_rows [--cuts N] [--twice]

Random consistent disclosures of both forms are printed with page breaks through rows (`tools.typeset.strategy_torn`),
read, and compared with what was printed: a figure is *wrong* where its statement prints no such amount in that row and
column. Documents are drawn with fixed seeds until N page breaks (default 1,000) cut a row. --twice: with the second
reader.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pipeline.documents.cross_check import read_again
from pipeline.documents.detect import read_document
from pipeline.documents.model import Issue, UnreadableDocument
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.printed import plain_label, squash
from pipeline.forms.torn import JOINED, TORN
from pipeline.proof.prove import prove
from tools.typeset import hebei, shanghai
from tools.typeset.layout import Layout
from tools.typeset.model import CODED_STATEMENTS
from tools.typeset.pdf import typeset
from tools.typeset.strategy import disclosures, printings, shanghai_disclosures, styles
from tools.typeset.strategy_torn import torn_pages
from tools.typeset.style import PageStyle

UNITS = {"元": 1, "万元": 10000}
Printed = tuple[str, str, str, Decimal]  # statement, code or label, measure, amount


@dataclass(slots=True)
class Torn:
    """What became of the rows of documents whose page breaks cut them; ``wrong`` by the status of proof."""

    cuts: int = 0
    documents: int = 0
    refused: int = 0
    printed: int = 0
    right: int = 0
    joined: int = 0
    told: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    silent: int = 0  # documents of which figures are missing without an error
    examples: list[tuple[Printed, str]] = field(default_factory=list)


def torn_layouts() -> st.SearchStrategy[Layout]:
    hebei_layouts = st.builds(hebei.lay_out, disclosures(), styles())
    return st.one_of(hebei_layouts, st.builds(shanghai.lay_out, shanghai_disclosures(), styles(), printings()))


def read_torn(layout: Layout, page: PageStyle, twice: bool, into: Torn) -> None:
    """Prints, reads and compares one document."""
    made = typeset(layout, page)
    if not made.cuts:
        return
    into.cuts += made.cuts
    into.documents += 1
    document = read_document(made.data, "a.pdf")
    if twice:
        document, _ = read_again(made.data, document)
    try:
        disclosure = understand(document, load_forms())
    except UnreadableDocument:
        into.refused += 1
        return
    (proof,) = prove(disclosure, UNITS)
    printed = Counter(
        (f.statement, _row(f.statement, f.code, f.label), f.measure, Decimal(f.plain)) for f in layout.figures()
    )
    into.printed += printed.total()
    left = printed.copy()
    for figure, status in zip(proof.figures, proof.status, strict=True):
        row = _row(figure.statement, figure.subject_code or "", figure.row_label)
        key = figure.statement, row, figure.measure, figure.amount_yuan / UNITS[figure.printed_unit]
        if left[key] == 0 and not row.isdigit():
            # a statement whose items are its columns, or a label of which a part is cut
            places = (
                k
                for k in left
                if left[k] > 0 and (k[0], *k[2:]) == (key[0], *key[2:]) and (k[1].startswith(row) or k[1].endswith(row))
            )
            key = next(places, key)
        if left[key] > 0:
            left[key] -= 1
            into.right += 1
        else:
            into.wrong[status] += 1
            into.examples.append((key, status))
    into.joined += sum(issue.what == JOINED for issue in disclosure.issues)
    into.told += sum(issue.what == TORN for issue in disclosure.issues)
    into.silent += left.total() > 0 and not any(map(_is_error, disclosure.issues))


def _row(statement: str, code: str, label: str) -> str:
    """A row of a classification is known by its code, another one by its label."""
    return code if statement in CODED_STATEMENTS and code else plain_label(squash(label))


def _is_error(issue: Issue) -> bool:
    return issue.severity == "error"


def draw_torn(cuts: int, twice: bool, examples: int = 20) -> Iterator[Torn]:
    """After each batch of documents what was found so far, until so many page breaks cut a row."""
    total = Torn()
    for batch in count():

        @seed(batch)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(torn_layouts(), torn_pages())
        def run(layout: Layout, page: PageStyle) -> None:
            if total.cuts < cuts:
                try:
                    read_torn(layout, page, twice, total)
                except ValueError:  # a table does not fit such a page
                    return

        run()
        yield total
        if total.cuts >= cuts:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--twice", action="store_true")
    given_arguments = parser.parse_args()
    *_, total = draw_torn(given_arguments.cuts, given_arguments.twice)
    print(f"{total.cuts:,} page breaks cut a row, in {total.documents:,} documents ({total.refused} refused)")
    print(f"rows put together: {total.joined:,}; rows told as errors: {total.told:,}")
    print(f"figures printed {total.printed:,}, read right {total.right:,}, wrong {total.wrong.total()}")
    print("wrong by status: " + (", ".join(f"{name} {n}" for name, n in sorted(total.wrong.items())) or "none"))
    print(f"documents with figures missing and no error: {total.silent}")
    for (statement, row, measure, amount), status in total.examples[:10]:
        print(f"  {statement} {row} {measure} {amount}: {status}")


if __name__ == "__main__":
    main()

"""Numbers that may have lost digits: the others of their statement are printed with more decimals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from pipeline.forms.disclosure import Figure
from pipeline.forms.printed import decimals

SHORTENED = "a number is printed with fewer decimals than the others of its statement"
_FEWEST = 5  # numbers that say how many decimals a statement prints
_MOST_OF_THEM = 0.75
_FEW, _FEW_OF_ALL = 4, 0.03  # where trailing zeros are left out, a tenth of the numbers is shorter: that is a habit


def shortened(figures: Iterable[Figure]) -> list[Figure]:
    """Those of the figures; none where there are many. Lawful prints do it too: what the sums say decides its worth."""
    of_statements: dict[str, list[tuple[Figure, int]]] = defaultdict(list)
    for figure in figures:
        if figure.amount_yuan:
            of_statements[figure.statement].append((figure, decimals(figure.text_as_printed)))
    found: list[Figure] = []
    for numbers in of_statements.values():
        usual, count = Counter(places for _, places in numbers).most_common(1)[0]
        if len(numbers) >= _FEWEST and count >= _MOST_OF_THEM * len(numbers):
            found += (figure for figure, places in numbers if places < usual)
    total = sum(len(numbers) for numbers in of_statements.values())
    return found if len(found) <= max(_FEW, _FEW_OF_ALL * total) else []

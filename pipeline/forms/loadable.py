"""Which number may become a figure: one that every table after it can hold exactly. All readers ask here."""

from __future__ import annotations

from decimal import Decimal

FEN = Decimal("0.01")
_MILLIONTH = Decimal("0.000001")
MOST_YUAN = Decimal(10) ** 14  # all that China's governments spend in three years: digits of several cells in one
_MOST = Decimal(10) ** 15  # of what is no money

TOO_LARGE = "an amount is larger than any budget; it is not loaded"
TOO_FINE = "an amount is finer than a 分 (0.01 yuan); it is not loaded"
NUMBER_TOO_LARGE = "a number is larger than anything that is counted; it is not loaded"
NUMBER_TOO_FINE = "a number is finer than a millionth; it is not loaded"


def not_loadable(value: Decimal, *, is_money: bool) -> str | None:
    """Why a number cannot be a figure, as an issue says it; None where it can. Money is in yuan."""
    if abs(value) >= (MOST_YUAN if is_money else _MOST):
        return TOO_LARGE if is_money else NUMBER_TOO_LARGE
    if value != value.quantize(FEN if is_money else _MILLIONTH):
        return TOO_FINE if is_money else NUMBER_TOO_FINE
    return None

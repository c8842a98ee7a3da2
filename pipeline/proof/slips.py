"""What sort of slip turns one printed number into another, where a simple one does."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pipeline.proof.relations import Interval, inside

_POWERS = (1, 2, 3, 4)


def slip(published: Fraction, implied: Fraction, step: Fraction) -> str:
    """In words; empty where no simple slip explains it. ``step``: a unit of the last printed digit."""
    if not implied or not published or step <= 0 or published == implied:
        return ""
    if any(published == implied * 10**power or implied == published * 10**power for power in _POWERS):
        return "the decimal point is moved"
    kinds = (_kind(a, b) for a in _digits(published, step) for b in _digits(implied, step))
    return next((kind for kind in kinds if kind), "")


def slips_within(published: Fraction, step: Fraction, between: Interval) -> list[Fraction]:
    """The numbers in an interval that a simple slip turns into the published one."""
    found = {number for number in _origins(published, step) if number != published and inside(number, between)}
    return sorted(found)


def _kind(a: str, b: str) -> str:
    if a == b:
        return ""
    if len(a) == len(b):
        differing = [n for n in range(len(a)) if a[n] != b[n]]
        if len(differing) == 1:
            return "one digit differs"
        if len(differing) == 2 and a[differing[0]] == b[differing[1]] and a[differing[1]] == b[differing[0]]:
            return "two digits are transposed"
    if len(a) == len(b) + 1 and b in _without_one(a):
        return "one digit inserted"
    if len(b) == len(a) + 1 and a in _without_one(b):
        return "one digit left out"
    return ""


def _without_one(digits: str) -> set[str]:
    return {digits[:n] + digits[n + 1 :] for n in range(len(digits))}


def _digits(number: Fraction, step: Fraction) -> Iterator[str]:
    """The digits as they may be printed: down to the last one, and without the zeros at the end."""
    parts = abs(number) / step
    if parts.denominator != 1:
        return
    yield str(parts.numerator)
    digits = str(parts.numerator)
    while digits.endswith("0") and len(digits) > 1:
        digits = digits[:-1]
        yield digits


def _origins(published: Fraction, step: Fraction) -> Iterator[Fraction]:
    """What may have been meant: one digit less (whole or behind the point) or more, another, two swapped, a moved
    point."""
    sign = -1 if published < 0 else 1
    for power in _POWERS:
        yield published * 10**power
        yield published / 10**power
    for digits in list(_digits(published, step))[:1]:
        for shorter in _without_one(digits):
            if shorter:
                yield sign * int(shorter) * step
                yield sign * int(shorter) * step * 10
        for n in range(len(digits) + 1):
            for digit in "0123456789":
                yield sign * int(digits[:n] + digit + digits[n:]) * step
        for n in range(len(digits)):
            for digit in "0123456789":
                yield sign * int(digits[:n] + digit + digits[n + 1 :]) * step
        for n in range(len(digits) - 1):
            yield sign * int(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]) * step

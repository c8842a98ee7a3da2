"""The numbers of a passage: amounts and percentages, and those that only look like one (limits, rates, estimates)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.annexes.wording import Wording
from pipeline.forms.printed import well_formed

_YUAN = {"元": 1, "万元": 10_000, "千元": 1_000, "百万元": 1_000_000, "亿元": 100_000_000}

_NUMBER = re.compile(
    r"(?<![\dA-Za-z.])(?P<number>\d(?:[\d,. ]*\d)?)(?P<unit>亿元|百万元|万元|千元|元|%|万(?=[,;。、:()和及与]|$))"
)
_WHOLE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_TORN = re.compile(r"(\d+\.\d?) (\d{1,2})")
_YEAR_BEFORE = re.compile(r"20\d\d ")
_SIGNED = re.compile(r"(?<=[\u3400-\u9fff:()])[-\u2212](?=$)")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number in its passage. ``value`` is None where it cannot be read; ``sign`` is -1 behind a minus.

    ``about``: it is said to be no exact number. ``cut_unit``: only 万 is printed of 万元.
    """

    start: int  # with its sign
    end: int  # behind the unit
    digits: tuple[int, int]
    value: Decimal | None
    unit: str
    sign: int = 1
    about: bool = False
    cut_unit: bool = False

    @property
    def is_percentage(self) -> bool:
        return self.unit == "%"


def in_yuan(value: Decimal, unit: str) -> Decimal | None:
    """A value in yuan; None where its unit is none of money."""
    return value * _YUAN[unit] if unit in _YUAN else None


def find_numbers(text: str, wording: Wording) -> Iterator[Number]:
    """The numbers with a unit of money or %, in order; limits and rates are left out."""
    for match in _NUMBER.finditer(text):
        start, value = _read(match["number"], match.start())
        before = text[max(0, start - 12) : start]
        if wording.limit_before.search(before) or wording.limit_behind.match(text, match.end()):
            continue
        about = bool(wording.about.search(before))
        signed = _SIGNED.search(text[:start])
        sign = -1 if signed else 1
        cut = match["unit"] == "万"
        if cut and not wording.money_before.search(before):  # 万 of what is not said: 受理来电30万
            value = None
        unit = "万元" if cut else match["unit"]
        yield Number(start - (sign < 0), match.end(), (start, match.end("number")), value, unit, sign, about, cut)


def _read(printed: str, start: int) -> tuple[int, Decimal | None]:
    """Where the number begins and what it says."""
    if torn := _TORN.fullmatch(printed):
        printed = torn[1] + torn[2]
        return start, _value(printed)
    if year := _YEAR_BEFORE.match(printed):
        printed, start = printed[year.end() :], start + year.end()
    if _WHOLE.fullmatch(printed):
        return start, _value(printed)
    return start, None


def _value(printed: str) -> Decimal | None:
    return Decimal(printed.replace(",", "")) if well_formed(printed) else None

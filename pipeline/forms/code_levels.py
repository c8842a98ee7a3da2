"""Codes that have a column for each of their levels (类 款 项), as publishers fill these columns."""

from __future__ import annotations

from itertools import pairwise

_DIGITS = (3, 2, 2)  # of each level


def repeated_code(levels: tuple[str, ...]) -> str | None:
    """201 | 20103 | 2010301: each column has the whole code or the code down to its level, the last one all of it."""
    parts = [part for part in levels if part]
    deeper = all(b.startswith(a) for a, b in pairwise(parts))
    return parts[-1] if len(parts) > 1 and len(parts[0]) >= _DIGITS[0] and deeper else None


def meant_levels(levels: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """The levels of a row's code below a row with the levels ``above``; empty where they do not make a code.

    A blank above the lowest level repeats the row above (201 03 01 / · · 02); a level below 类 has two digits, of which
    a spreadsheet may have lost the zero (201 3 1).
    """
    meant: list[str] = []
    for n, part in enumerate(levels[: depth(levels)]):
        part = part.zfill(2) if part and n else part
        meant.append(part or (above[n] if n < len(above) and above[:n] == tuple(meant) else ""))
    return tuple(meant) if tuple(map(len, meant)) == _DIGITS[: len(meant)] else ()


def lost_zero(levels: tuple[str, ...]) -> bool:
    """201 | 3 | 1: is one level printed with one digit?"""
    return any(len(part) == 1 for part in levels)


def depth(levels: tuple[str, ...]) -> int:
    """How many levels the code has: blank ones above its lowest one count."""
    return max((n for n, part in enumerate(levels, start=1) if part), default=0)

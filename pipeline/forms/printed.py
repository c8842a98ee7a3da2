"""Text as printed → what it says: comparable labels, amounts, ordinals, codes. Pure functions, no form knowledge."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

# white space, quotes, and what is not seen: controls, soft hyphens, joiners, marks of direction
_DROP = re.compile(r"[\s“”\"'‘’「」\x00-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_ENUMERATOR = re.compile(
    r"^(?:其中[:、]?)?(?:[(]?[一二三四五六七八九十百]+(?:[)][、.]?|[、.])|[(]?\d{1,2}(?:[)][、.]?|[、.])(?!\d))?(?:其中[:、]?)?"
)
_ENUMERATOR_HEAD = re.compile(r"[一二三四五六七八九十百]+、")
_YEAR = re.compile(r"^20\d\d年度?")
_UNIT_BEHIND = re.compile(r"\((?:单位:?)?(?P<unit>亿元|万元|千元|元)\)$")
_AMOUNT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_NIL = re.compile(r"[-—–―/\\_]+|\.{2,}")  # a dash or a stroke stands for "nothing here"
_LOOK_ALIKE = str.maketrans("OoQlI|Z", "0001112")
_POINT = re.compile(r"[,.。·•、]+(\d{1,2})$")
_POWER = re.compile(r"-?\d(?:\.\d+)?E\+?\d{1,2}")
_UNIT_AT_END = re.compile(r"(?:万元|元)$")
_CLASS_CODE = re.compile(r"^[\[(【]?(?P<code>\d{3})[\])】]?[-_.、]?(?=[一-鿿])")
_CHINESE_YEAR = re.compile(r"二[〇○零Oo0][一二三四五六七八九〇○零]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("一二三四五六七八九〇○零Oo", "12345678900000")
_CJK = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=65536)
def squash(text: str) -> str:
    """A label made comparable: NFKC (full-width digits and brackets become narrow), no white space, no quotes,
    nothing invisible.
    """
    return _DROP.sub("", unicodedata.normalize("NFKC", text))


def strip_year(text: str) -> str:
    """A squashed header without 2024年(度) in front."""
    return _YEAR.sub("", text)


def plain_header(text: str) -> str:
    """A squashed header without its year in front and without a unit in brackets behind: 2024年预算数(万元)."""
    return _UNIT_BEHIND.sub("", strip_year(text))


def unit_behind(text: str) -> str | None:
    """The unit in brackets behind a squashed header."""
    return match["unit"] if (match := _UNIT_BEHIND.search(text)) else None


def year_before(text: str) -> int | None:
    """The year in front of a squashed header."""
    return int(match[0][:4]) if (match := _YEAR.match(text)) else None


def strip_enumerator(label: str) -> str:
    """A squashed label without 一、 1. (二) 其中: in front."""
    return label[match.end() :] if (match := _ENUMERATOR.match(label)) else label


def plain_label(label: str) -> str:
    """A squashed label without enumerator, without the code of a 类 in front ([201]) and without a colon behind."""
    return _CLASS_CODE.sub("", strip_enumerator(label)).rstrip(":")


def class_code(label: str) -> str | None:
    """The code of a 类 in front of a squashed label: [201]一般公共服务支出."""
    return match["code"] if (match := _CLASS_CODE.match(strip_enumerator(label))) else None


def arabic_year(text: str) -> str:
    """A squashed line with 二〇二三年 as 2023年."""
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), text)


def has_cjk(text: str) -> bool:
    return bool(_CJK.search(text))


def is_blank(text: str) -> bool:
    """True for an empty cell and for a printed dash: neither is a number."""
    squashed = squash(text)
    return not squashed or bool(_NIL.fullmatch(squashed))


def parse_ordinal(text: str) -> int | None:
    """A printed 序号 (1 … 9999) as a number; None where there is none."""
    squashed = squash(text)
    return int(squashed) if squashed.isdigit() and len(squashed) <= 4 else None


def code_digits(text: str) -> str:
    """The digits of a printed code, joined; empty where the cell holds anything but digits."""
    squashed = squash(text)
    return squashed if squashed.isascii() and squashed.isdigit() else ""


def parse_amount(text: str) -> Decimal | None:
    """A printed amount in its printed unit, None if it is none: 1,234.50 · ８９１ · -3.2 · (3.2), △3.2 (both negative).

    A number in pieces is joined only where the pieces cannot be two numbers: digits torn off behind the point
    (``7401.9 5``), a point or comma at the seam, or a line that was full (``15621112⏎3``).
    """
    if any(unicodedata.category(char) == "No" for char in text):  # 100² and ① are marks, NFKC makes digits of them
        return None
    normal = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip().lstrip("'¥")
    pieces = normal.split()
    if len(pieces) > 1 and not _one_number(normal, pieces):
        return None
    joined = "".join(pieces)
    negative = False
    if joined.startswith("(") and joined.endswith(")"):
        joined, negative = joined[1:-1], True
    elif joined[:1] in ("△", "▲"):
        joined, negative = joined[1:], True
    if not _AMOUNT.fullmatch(joined) or not joined.isascii():
        return None
    value = Decimal(joined.replace(",", ""))
    return -value if negative else value


def repaired(text: str) -> str | None:
    """What a capture may have made of a number, as the number: 96 6.20 · 1 062.75 · 966。20 · 966,20 · 2O3.4O · 1.5E+3.

    None where it is a number anyway or no such damage. A guess: only the identities can say that it is right.
    """
    if parse_amount(text) is not None or any(unicodedata.category(char) == "No" for char in text):
        return None
    joined = _UNIT_AT_END.sub("", squash(text)).translate(_LOOK_ALIKE)
    if _POWER.fullmatch(joined):
        return format(Decimal(joined), "f")
    joined = _POINT.sub(r".\1", joined)
    return joined if _AMOUNT.fullmatch(joined) and joined.count(".") == 1 else None


def without_unit(text: str, unit: str) -> str:
    """An amount that names this unit (1030.00万元, also wrapped) as the plain amount; any other text unchanged."""
    joined = squash(text)
    bare = joined.removesuffix(unit)
    return bare if bare != joined and parse_amount(bare) is not None else text


def _one_number(text: str, pieces: list[str]) -> bool:
    head, tail = pieces[0], "".join(pieces[1:])
    if "." in head:  # 7401.9 5 is one number, 7401.95 24 may be two
        return tail.isdigit() and len(head.rpartition(".")[2]) + len(tail) <= 2
    if head.endswith(",") or tail[0] in ".,":
        return True
    return "\n" in text and len(head) > 5 and len(head) > len(tail) and "." not in tail


def unwrap(text: str, full_line: int) -> str:
    """A number wrapped over the lines of its cell, as one line; any other text unchanged.

    ``full_line`` is the length of the longest line in the column: a wrapped number fills its lines but for the last.
    The pieces are one number if they are none by themselves (``2,15⏎6.49``), or if the line before the seam was full
    and the point comes after it (``73825⏎6.47``).
    """
    lines = [squash(line) for line in text.split("\n") if line.strip()]
    joined = "".join(lines)
    if len(lines) < 2 or not joined.isascii() or not _AMOUNT.fullmatch(joined):
        return text
    parts_are_numbers = all(_AMOUNT.fullmatch(line) for line in lines)
    full = all(len(line) >= max(full_line - 1, 2) for line in lines[:-1]) and (full_line > 2 or len(lines) > 2)
    if "," in joined and not parts_are_numbers:
        return joined
    whole = "." in lines[-1] or decimals(joined) <= 2
    return joined if full and whole and "," not in joined and joined.count(".") == 1 else text


def decimals(text: str) -> int:
    """Digits after the point, as printed."""
    squashed = squash(text)
    return len(squashed.rpartition(".")[2]) if "." in squashed else 0


def well_formed(text: str) -> bool:
    """False for a number with needless leading zeros (002.08): no publisher prints one, a bad capture does."""
    return not re.match(r"[-+(△▲]?0\d", squash(text))

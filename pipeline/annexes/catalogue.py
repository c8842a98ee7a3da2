"""政府采购品目分类目录: which item a printed code names, and whether buying it gives a fixed asset.

The editions are data (catalogue.yaml), the items of an edition are in pipeline/reference/procurement_items.csv.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from pipeline.forms.classification import CodeResolution
from pipeline.forms.printed import squash

EDITIONS = Path(__file__).with_name("catalogue.yaml")
ITEMS = Path(__file__).parents[1] / "reference" / "procurement_items.csv"

_CODE = re.compile(r"[A-C](?:\d\d)*")
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Edition:
    name: str
    first_fiscal_year: int
    code_digits: int | None
    fixed_assets: Mapping[str, bool | None]


@lru_cache(maxsize=1)
def editions() -> tuple[Edition, ...]:
    """The editions, the latest first."""
    raw = yaml.safe_load(EDITIONS.read_text("utf-8"))["editions"]
    found = [Edition(e["edition"], e["first_fiscal_year"], e.get("code_digits"), e["fixed_assets"]) for e in raw]
    return tuple(sorted(found, key=lambda edition: -edition.first_fiscal_year))


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, str]]:
    """Edition → code → name."""
    names: dict[str, dict[str, str]] = {}
    with ITEMS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names.setdefault(row["edition"], {})[row["code"]] = row["name"]
    return names


def _edition(fiscal_year: int) -> Edition:
    return next(edition for edition in editions() if edition.first_fiscal_year <= fiscal_year)


def edition_for(fiscal_year: int) -> str:
    """The edition that a budget of this year uses: from 2023 on the one of 2022 (财库〔2022〕31号), before it 2013's.

    Budgets of 2023 that were read print 2022 codes, one of 2021 prints 2013 codes.
    """
    return _edition(fiscal_year).name


def plain_code(printed: str | None) -> str:
    """A printed code as one word in capitals; empty where it is no code of the catalogue's form."""
    text = squash(printed or "").upper()
    return text if _CODE.fullmatch(text) else ""


def item_code(printed: str | None, fiscal_year: int) -> str | None:
    """The code in its edition that is printed, at whatever length (A020299, A02029900); None where there is none."""
    edition, code = _edition(fiscal_year), plain_code(printed)
    if not code:
        return None
    known = _names().get(edition.name, {})
    if edition.code_digits is not None and len(code) > 1:
        head, tail = code[: 1 + edition.code_digits], code[1 + edition.code_digits :]
        if tail.strip("0"):
            return None
        code = head.ljust(1 + edition.code_digits, "0")
    return code if code in known else None


def lookup(printed: str | None, fiscal_year: int) -> tuple[str | None, CodeResolution]:
    """The name of a printed code in the edition of the year: ``none`` where no code is printed, ``unresolved`` where
    its edition does not hold it (or is not at hand)."""
    if not squash(printed or ""):
        return None, "none"
    code = item_code(printed, fiscal_year)
    return (None, "unresolved") if code is None else (_names()[edition_for(fiscal_year)][code], "as_printed")


def is_fixed_asset(printed: str | None, fiscal_year: int) -> bool | None:
    """Does buying what this code names give a fixed asset? None where the code says nothing of it."""
    code, prefixes = plain_code(printed), _edition(fiscal_year).fixed_assets
    fitting = max((prefix for prefix in prefixes if code.startswith(prefix)), key=len, default=None)
    return prefixes[fitting] if fitting is not None else None


def names_agree(printed: str, code: str | None, fiscal_year: int) -> bool:
    """May this be the name of the code's item, or of one above it: whole, cut short, or with words left out?

    True where the edition does not hold the code: then nothing contradicts.
    """
    known, found = _names().get(edition_for(fiscal_year), {}), item_code(code, fiscal_year)
    text = _plain(printed)
    if found is None or not text:
        return True
    width = len(found)
    above = {found[:n].ljust(width, "0") for n in range(3, width, 2)}
    names = [_plain(known[c]) for c in (found, *above) if c in known]
    return any(_in_order(text, name) or _in_order(name, text) for name in names)


def _plain(text: str) -> str:
    return "".join(_LETTER.findall(unicodedata.normalize("NFKC", text)))


def _in_order(short: str, long: str) -> bool:
    """Do the letters of the first stand in the second, in their order?"""
    rest = iter(long)
    return len(short) >= 2 and all(letter in rest for letter in short)

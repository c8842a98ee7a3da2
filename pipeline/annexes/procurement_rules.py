"""What procurement.yaml says of rows: the labels of totals and subtotals, codes, and which columns are which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.annexes.header import load_layout
from pipeline.forms.form import Form

LAYOUT = Path(__file__).with_name("procurement.yaml")


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns and names of columns, as in the file."""

    group_rows: tuple[re.Pattern[str], ...]
    damaged_group_rows: tuple[re.Pattern[str], ...]
    code: re.Pattern[str]
    before_amount: tuple[str, ...]
    funds: tuple[str, ...]


@lru_cache(maxsize=1)
def procurement_rules() -> Rules:
    """procurement.yaml beside this module."""
    data = load_layout(LAYOUT).data
    return Rules(
        tuple(re.compile(pattern) for pattern in data["group_rows"]),
        tuple(re.compile(pattern) for pattern in data["damaged_group_rows"]),
        re.compile(data["code"]),
        tuple(data["before_amount"]),
        tuple(data["funds"]),
    )


def is_total_label(label: str, form: Form) -> bool:
    """Is this (squashed) label that of the total or of a subtotal?"""
    return label in form.total_labels or any(p.fullmatch(label) for p in procurement_rules().group_rows)

"""What a disclosure says (its figures, as strings that will be printed) and which edition of the form it follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

STATEMENTS = (
    "budget_summary",
    "revenue",
    "expenditure",
    "appropriation_summary",
    "general_public_expenditure",
    "basic_expenditure",
    "government_fund_expenditure",
    "state_capital_expenditure",
    "three_public",
)
CODED_STATEMENTS = frozenset(STATEMENTS) - {"budget_summary", "appropriation_summary", "three_public"}

Status = Literal["present", "declared_empty", "missing"]
Side = Literal["", "revenue", "expenditure", "carryover"]
Unit = Literal["元", "万元"]


@dataclass(frozen=True)
class Row:
    """One line of a statement. ``figures``: measure → text as printed; a measure that is absent is a blank cell.

    ``side`` tells the halves of a two-sided statement apart; ``carryover`` are the lines below 年初财政拨款结转和结余.
    """

    label: str
    figures: Mapping[str, str]
    code: str = ""
    side: Side = ""


@dataclass(frozen=True)
class Statement:
    """The rows that print a figure (of a fixed form) or all rows (of a coded one); none unless ``present``."""

    status: Status = "present"
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Annex:
    """A table beside the nine statements: a header, rows of text as printed, notes below.

    In header and rows ``<`` continues the cell on the left and ``^`` the one above.
    """

    key: Literal["organisation", "performance", "procurement", "asset"]
    title: str
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()  # between title and table: department, unit, date
    notes: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()  # of the columns, in any measure; empty: equal


@dataclass(frozen=True)
class Indicator:
    """A line of a 绩效目标表. ``target`` is printed as its three parts together, or in three columns."""

    levels: tuple[str, str, str]
    description: str
    target: tuple[str, str, str]  # sign, value, unit: ("≥", "95", "%"), ("", "提升", "")
    basis: str


@dataclass(frozen=True)
class Project:
    """A project with its 绩效目标表; ``goal`` has one paragraph or several."""

    name: str
    goal: tuple[str, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Section:
    """A section of the explanation: a heading, sentences (each a paragraph), then an annex or the projects' tables."""

    heading: str
    sentences: tuple[str, ...] = ()
    annex: Annex | None = None
    projects: tuple[Project, ...] = ()


@dataclass(frozen=True)
class Edition:
    """Where printed editions of the Hebei form differ."""

    central_bank_line: str | None = "人行科目"  # the 31st function line of T1 and T4; None: not printed
    three_public_total: bool = True  # T9 begins with 合计
    meeting_and_training: bool = False  # T9 ends with 会议费 and 培训费


@dataclass(frozen=True)
class Disclosure:
    """One department's budget of one year. Amounts are strings in ``unit``, exactly as they will be printed."""

    department: str
    code: str
    year: int
    statements: Mapping[str, Statement]
    unit: Unit = "万元"
    scope: Literal["department", "unit"] = "department"
    edition: Edition = field(default_factory=Edition)
    sections: tuple[Section, ...] = ()
    is_sample: bool = False  # the cover says that body and text are invented
    units_note: str = ""  # what 第二部分 部门所属单位预算 says

    def statement(self, name: str) -> Statement:
        return self.statements.get(name, Statement("missing"))

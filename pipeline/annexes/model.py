"""What the rest of a disclosure says: the annex tables and the figures that its prose states.

Every printed number is also a `Figure` (statement ``organisation``, ``performance``, ``procurement``, ``asset`` or
``claim``), so that the identities reach it; the rows here say what the number is about. Amounts are yuan, pages
1-based.
A row and its figures are joined by ``(part, statement, row_order)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from pipeline.documents.model import Issue
from pipeline.forms.disclosure import Figure, RowRead, StatementRead

ANNEXES = ("organisation", "performance", "procurement", "asset", "claim")

Direction = Literal["increase", "decrease", "level"]


@dataclass(frozen=True, slots=True)
class OrganisationUnit:
    """A row of 机构设置. Texts as printed (white space removed); None where the cell is blank.

    ``unit_count``: how many units it stands for: 某局（参公4户） for four.
    """

    row_order: int
    unit_name: str
    unit_count: int
    nature: str | None  # 单位性质: 行政, 事业 …
    rank: str | None  # 单位规格: 正处(县)级 …
    funding: str | None  # 经费保障形式: 财政拨款 …
    page: int | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator row of a 绩效目标表.

    ``project_number`` counts the tables of the document (1-based); 0 and no name: the table of the whole department
    (部门整体支出绩效指标). ``operator``: ≥ ≤ = > < or None where none is printed; ``target_value`` and ``target_unit``
    are None where the target is no number (不涉及, 提升, a date). ``row_order`` counts all rows of all tables;
    ``doubt``: what the issues of the row say, None where it was read for certain.
    """

    row_order: int
    project_number: int
    project_name: str | None
    goal: str | None
    level_1: str | None
    level_2: str | None
    level_3: str | None
    description: str | None
    operator: str | None
    target_value: Decimal | None
    target_unit: str | None
    target_as_printed: str | None
    basis: str | None
    page: int | None
    locator: str | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class PerformanceTable:
    """One 绩效目标表: ``number`` is `Indicator.project_number`, ``name`` the project as its title prints it."""

    number: int
    name: str | None
    goal: str | None
    indicators: int
    page: int | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class ProcurementLine:
    """A row of 政府采购预算. ``kind``: ``total`` (合计), ``group`` (a unit's 小计) or ``line``. Amounts in yuan."""

    row_order: int
    kind: Literal["total", "group", "line"]
    group_name: str | None  # of a line: the group that it stands under
    project_name: str | None
    item_name: str | None
    catalogue_code: str | None  # as printed, white space removed
    unit: str | None
    quantity: Decimal | None
    unit_price_yuan: Decimal | None
    amount_yuan: Decimal | None
    general_public_yuan: Decimal | None
    sme_reserved_yuan: Decimal | None
    project_funds_yuan: Decimal | None  # 预算资金 of the project: repeats on each of its lines, never to be summed
    page: int | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class AssetLine:
    """A row of 固定资产占用情况表. ``asset_item`` is an identifier of asset.yaml, ``label`` what is printed."""

    row_order: int
    asset_item: str
    label: str
    quantity: Decimal | None
    value_yuan: Decimal | None
    as_of_date: date | None
    page: int | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure that the prose states.

    ``subject`` is the item of its row (see docs/forms.md), ``label`` the words that name it there. ``measure``:
    ``amount`` (this year), ``planned`` (this year, said again beside last year's), ``previous`` (last year's),
    ``change``, ``percentage``, ``quantity``. ``value`` is signed for a change and a percentage (a decrease is
    negative), in ``unit`` as printed; ``text`` is what is printed, 持平 for a change of nothing. ``figure`` is None for
    such words.
    """

    row_order: int  # claims about one subject in one sentence share a row
    section: str  # kind of the section: overview, agency_operating, three_public …
    subject: str
    label: str
    measure: str
    direction: Direction | None
    value: Decimal
    unit: str  # 元, 万元, % …
    amount_yuan: Decimal | None
    text: str
    compared_year: int | None  # the year that a change, a percentage or a previous figure refers to
    compared_basis: Literal["budget", "execution"] | None
    reason: str | None
    sentence: str
    figure: Figure | None
    page: int | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class Annexes:
    """Everything that was read outside the statements of part 1."""

    organisation: tuple[OrganisationUnit, ...] = ()
    performance: tuple[PerformanceTable, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    procurement: tuple[ProcurementLine, ...] = ()
    assets: tuple[AssetLine, ...] = ()
    claims: tuple[Claim, ...] = ()
    statements: tuple[StatementRead, ...] = ()
    figures: tuple[Figure, ...] = ()
    rows: tuple[RowRead, ...] = ()
    issues: tuple[Issue, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AnnexRead:
    """What one reader of an annex returns; ``lines`` are its rows (`ProcurementLine` …)."""

    statement: StatementRead
    figures: tuple[Figure, ...] = ()
    rows: tuple[RowRead, ...] = ()
    issues: tuple[Issue, ...] = ()

"""The annexes of a disclosure → the rows of their Parquet tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.annexes.catalogue import edition_for, item_code
from pipeline.annexes.model import Annexes, Claim, Indicator
from pipeline.annexes.performance_rules import measured
from pipeline.annexes.projects import Project, money_targets
from pipeline.extraction.parquet import Rows
from pipeline.forms.disclosure import Figure
from pipeline.proof.claims import ClaimStatus

FigureId = Callable[[Figure], str]


def annex_rows(
    key: str,
    fiscal_year: int,
    annexes: Annexes,
    projects: Sequence[Project],
    statuses: Sequence[ClaimStatus],
    figure_id: FigureId,
) -> dict[str, Rows]:
    """The rows of each annex table; ``statuses`` are aligned with the claims."""
    project_of = {order: project.number for project in projects for order in project.procurement_row_orders}
    ids = {(f.statement, f.row_order, f.measure): figure_id(f) for f in annexes.figures}
    money = money_targets(annexes)
    place = {"document_key": key, "part": 1}
    return {
        "organisation_unit": (place | asdict(unit) for unit in annexes.organisation),
        "indicator": (
            place
            | {"figure_id": ids.get(("performance", i.row_order, "target")), "performance_number": i.project_number}
            | _without(asdict(i), "project_number")
            | _target(i, money.get(i.row_order))
            for i in annexes.indicators
        ),
        "procurement_line": (
            place
            | {
                "figure_id": ids.get(("procurement", line.row_order, "amount")),
                "catalogue_edition": edition_for(fiscal_year),
                "catalogue_item_code": item_code(line.catalogue_code, fiscal_year),
                "project_number": project_of.get(line.row_order),
            }
            | asdict(line)
            for line in annexes.procurement
        ),
        "asset_line": (
            place
            | {"figure_id": ids.get(("asset", a.row_order, "value")) or ids.get(("asset", a.row_order, "quantity"))}
            | asdict(a)
            for a in annexes.assets
        ),
        "claim": (
            place | _claim(number, claim, status, figure_id)
            for number, (claim, status) in enumerate(zip(annexes.claims, statuses, strict=True), start=1)
        ),
        "project": (place | _project(project, ids) for project in projects),
    }


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _target(indicator: Indicator, money: Figure | None) -> dict[str, Any]:
    """The target in units that can be compared; beside it the yuan of one that is money."""
    yuan = money.amount_yuan if money else None
    if indicator.target_value is None:
        return {"target_yuan": yuan}
    value, unit = measured(indicator.target_value, indicator.target_unit)
    return {"target_value": value, "target_unit": unit, "target_yuan": yuan}


def _claim(number: int, claim: Claim, status: ClaimStatus, figure_id: FigureId) -> dict[str, Any]:
    statement, _, item, measure = status.place or (None, 0, None, None)
    return {
        "claim_number": number,
        "row_order": claim.row_order,
        "figure_id": figure_id(claim.figure) if claim.figure else None,
        "section": claim.section,
        "subject": claim.subject,
        "label": claim.label,
        "measure": claim.measure,
        "direction": claim.direction,
        "value": claim.value,
        "unit": claim.unit,
        "amount_yuan": claim.amount_yuan,
        "text_as_printed": claim.text,
        "compared_year": claim.compared_year,
        "compared_basis": claim.compared_basis,
        "reason": claim.reason,
        "sentence": claim.sentence,
        "status": status.status,
        "compared_figure_id": figure_id(status.compared_figure) if status.compared_figure else None,
        "compared_yuan": status.compared_yuan,
        "identity_ids": " ".join(status.identity_ids) or None,
        "same_statement": statement,
        "same_item": item,
        "same_measure": measure,
        "page": claim.page,
        "locator": claim.locator,
    }


def _project(project: Project, ids: dict[tuple[str, int, str], str]) -> dict[str, Any]:
    return {
        "project_number": project.number,
        "project_name": project.name,
        "match_method": project.method,
        "prose_yuan": project.prose_amount_yuan,
        "prose_figure_id": ids.get(("claim", project.prose_row_order or 0, "amount")),
        "performance_number": project.performance_number,
        "cost_yuan": project.cost_yuan,
        "cost_limit_yuan": project.cost_limit_yuan,
        "cost_basis": project.cost_basis,
        "procurement_lines": len(project.procurement_row_orders),
        "procurement_yuan": project.procurement_yuan,
        "project_funds_yuan": project.project_funds_yuan,
    }

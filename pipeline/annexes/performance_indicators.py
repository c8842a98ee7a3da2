"""The drafts of indicators → indicators, their rows, and every target that is a number as a figure."""

from __future__ import annotations

from dataclasses import replace

from pipeline.annexes.model import Indicator
from pipeline.annexes.performance_rows import Doubts, Draft, Project
from pipeline.annexes.performance_rules import Target, operator_before, parse_target, performance_rules, says_date
from pipeline.forms.disclosure import Figure, RowRead
from pipeline.forms.form import Form
from pipeline.forms.loadable import FEN, not_loadable
from pipeline.forms.printed import parse_amount, parse_ordinal, squash
from pipeline.forms.printed_table import BLANK

STATEMENT, MEASURE = "performance", "target"


class Writer:
    """Indicators in the order of the document; amounts of figures are yuan where the unit is one of money."""

    def __init__(self, form: Form, doubts: Doubts) -> None:
        self.form = form
        self.doubts = doubts
        self.indicators: list[Indicator] = []
        self.figures: list[Figure] = []
        self.rows: list[RowRead] = []

    def write(self, project: Project, draft: Draft) -> None:
        order = len(self.indicators) + 1
        target = self._loadable(draft, self._target(draft))
        self.indicators.append(_indicator(order, project, draft, target))
        self.rows.append(_row_read(order, project, draft))
        if target is not None:
            self.figures.append(self._figure(order, draft, target))

    def _loadable(self, draft: Draft, target: Target | None) -> Target | None:
        if target is None:
            return None
        scale = self.form.units.get(target.unit or "")
        if what := not_loadable(target.value * (scale or 1), is_money=scale is not None):
            self.doubts.of_row("error", what, draft, draft.target)
            return None
        return target

    def _target(self, draft: Draft) -> Target | None:
        printed = draft.target
        if draft.torn:
            return None
        if not printed.strip():
            if not draft.damaged:
                self.doubts.of_row("warning", "an indicator has no target", draft)
            return None
        if says_date(printed):
            return None
        target = parse_target(printed) or self._target_of_columns(draft)
        if target is None and not draft.doubts and any(char.isdigit() for char in printed):
            what = "a target holds a number and other words; the number is not loaded"
            self.doubts.of_row("info", what, draft, printed)
        return self._in_money(target, draft) if target else None

    def _in_money(self, target: Target, draft: Draft) -> Target:
        """≤30万 of a cost: 万元."""
        whole = performance_rules().target.cut_units.get(target.unit or "")
        if whole is None or "成本" not in draft.get("level_1") + draft.get("level_2"):
            return target
        what = "the target of a cost prints only a part of its unit of money"
        self.doubts.of_row("warning", what, draft, f"{draft.target} → {whole}")
        return replace(target, unit=whole)

    def _target_of_columns(self, draft: Draft) -> Target | None:
        """Sign, number and unit in columns of their own, the unit in any words."""
        value = parse_amount(draft.get("value"))
        if value is None:
            return None
        rest, operator = operator_before(squash(draft.get("sign")))
        if rest:
            what = "the sign of a target is not one that is known"
            self.doubts.once("warning", what, draft.get("sign"), draft.page, draft.locator)
        return Target(operator, value, squash(draft.get("unit")) or None)

    def _figure(self, order: int, draft: Draft, target: Target) -> Figure:
        scale = self.form.units.get(target.unit or "")
        amount = target.value * (scale or 1)
        cell = draft.target_cells.get("value" if draft.get("value") else "target", BLANK)
        return Figure(
            part=1,
            statement=STATEMENT,
            row_order=order,
            row_number=_number(draft, order),
            row_label=_label(draft),
            code_as_printed=None,
            subject_code=None,
            code_resolution="none",
            item=f"indicator_{order}",
            measure=MEASURE,
            text_as_printed=draft.get("value") or draft.target,
            printed_unit=target.unit or "",
            amount_yuan=amount.quantize(FEN) if scale is not None else amount,
            page=draft.page,
            bbox=cell.bbox,
            locator=cell.locator or draft.locator,
            is_money=scale is not None,
        )


def _label(draft: Draft) -> str:
    return draft.get("level_3") or draft.get("description") or draft.get("level_2")


def _number(draft: Draft, order: int) -> int:
    return parse_ordinal(draft.get("ordinal")) or order


def _indicator(order: int, project: Project, draft: Draft, target: Target | None) -> Indicator:
    _, sign = operator_before(squash(draft.get("sign")))
    return Indicator(
        order,
        project.number,
        project.name,
        project.goal,
        draft.get("level_1") or None,
        draft.get("level_2") or None,
        draft.get("level_3") or None,
        draft.get("description") or None,
        target.operator if target else sign,
        target.value if target else None,
        target.unit if target else None,
        draft.target or None,
        draft.get("basis") or None,
        draft.page,
        draft.locator,
        "; ".join(draft.doubts) or None,
    )


def _row_read(order: int, project: Project, draft: Draft) -> RowRead:
    return RowRead(
        1,
        STATEMENT,
        order,
        _number(draft, order),
        _label(draft),
        f"indicator_{order}",
        None,
        draft.page,
        draft.locator,
        f"project_{project.number}",
    )

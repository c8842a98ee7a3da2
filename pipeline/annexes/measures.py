"""What a number says of its subject: this year's amount, last year's, the change, or the percentage of the change."""

from __future__ import annotations

from typing import Literal

from pipeline.annexes.clauses import Clause, Compared
from pipeline.annexes.mentions import COMPARES, Mention
from pipeline.annexes.numbers import Number

Said = tuple[str, int, Compared | None]  # measure, direction of a change (1, -1, 0: none), compared with


def measure_of(
    clause: Clause,
    number: Number,
    mention: Mention,
    *,
    compared: Compared | None,
    year: int | None,
    fiscal_year: int,
    text: str,
) -> Said | None:
    """What a number behind ``clause`` says of the subject; None if it is not certain.

    ``compared``: the comparison that is printed nearest; ``year``: that the sentence speaks of; ``text``: the passage.
    """
    way = -1 if clause.change == 0 and number.sign < 0 else clause.change  # 增加(减少)-5
    if way == 0 or (way == clause.change and number.sign < 0 and not _is_negative(clause, number, text)):
        return None
    if way is not None:
        return "percentage" if number.is_percentage else "change", way, compared
    if number.is_percentage:
        same = _way_of_change(clause, mention)
        return ("percentage", same, compared) if same else None
    if clause.changed_to:
        return "planned" if "amount" in mention.drafts else "amount", 0, None
    year = None if clause.this_year else clause.year or year
    # what was spent is no budget; 执行 may stand in the name of an item or a project
    is_named = mention.subject.isdigit() or mention.subject.startswith("project:")
    of_past = clause.execution and not clause.this_year and not is_named
    if year is not None or of_past or clause.changed_from or (clause.compared and clause.level is None):
        return _previous(clause, compared, year, fiscal_year)
    if "amount" not in mention.drafts:
        return "amount", 0, None
    return ("planned", 0, None) if clause.this_year or clause.level or "安排" in clause.text else None


def _previous(clause: Clause, compared: Compared | None, year: int | None, fiscal_year: int) -> Said | None:
    if year is not None and year > fiscal_year:
        return None
    if year is not None:
        basis: Literal["budget", "execution"] | None = "budget" if "预算" in clause.text else None
        return "previous", 0, Compared(year, "execution" if clause.execution else basis)
    return "previous", 0, compared or Compared(fiscal_year - 1, None)


def _is_negative(clause: Clause, number: Number, text: str) -> bool:
    """A minus before the number, not a dash between it and its name."""
    return clause.change is None and text[number.start - 1 : number.start] in ("为", ":")


def _way_of_change(clause: Clause, mention: Mention) -> int:
    """The direction of a percentage right behind the change that it is of: 减少 5 万元(12.8%)."""
    change = mention.drafts.get("change") if mention.last == "change" else None
    if change is None or clause.text.strip("(),") or not change.value:
        return 0
    return -1 if change.value < 0 else 1


def measure_of_unknown(clause: Clause, number: Number) -> Said:
    """The measure of a number whose subject is not known."""
    if number.is_percentage or clause.change is not None:
        way = (clause.change or 0) * (1 if number.sign > 0 else 0)
        return "percentage" if number.is_percentage else "change", way, clause.compared
    if clause.year is not None:
        return "previous", 0, Compared(clause.year, None)
    if clause.changed_from or (clause.compared and clause.level is None):
        return "previous", 0, clause.compared
    return "amount", 0, None


def nearest_comparison(
    clause: Clause, mention: Mention, of_sentence: Compared | None, explained: Mention | None
) -> Compared | None:
    """The comparison that is printed nearest: here, in the sentence, for the subject, for what it is a part of.

    ``explained``: the mention whose change the clause gives a reason for.
    """
    above = [mention]
    while above[-1].parent is not None:
        above.append(above[-1].parent)
    above += [explained] if explained else []
    return clause.compared or of_sentence or next((m.compared for m in above if m.compared is not None), None)


def is_compared_anew(mention: Mention, measure: str, compared: Compared | None) -> bool:
    """比2022年预算减少 1 万元，比2022年执行数 …: what follows belongs to the second comparison only."""
    if compared is None or measure not in ("previous", *COMPARES) or mention.compared is None:
        return False
    before = mention.compared
    other_basis = None not in (before.basis, compared.basis) and before.basis != compared.basis
    other_year = None not in (before.year, compared.year) and before.year != compared.year
    has_any = mention.is_compared or "previous" in mention.drafts
    return has_any and (other_basis or other_year)

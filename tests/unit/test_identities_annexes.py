"""Identities 17 to 25: what prose and annexes say of the statements and of each other, on hand-made disclosures.

The amounts of the faults are those of real documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml

from pipeline.annexes.model import Annexes, AssetLine, Claim, Direction, OrganisationUnit, ProcurementLine
from pipeline.documents.model import Issue
from pipeline.forms.disclosure import NOTE_CONTRADICTS, Disclosure, Figure, Part, RowRead, StatementRead
from pipeline.forms.form import MEASURES, STATEMENTS
from pipeline.proof.annex_sheet import load_rules
from pipeline.proof.claims import claim_statuses
from pipeline.proof.identity import (
    ANNEX_IDENTITIES,
    IdentityError,
    load_annex_identities,
    load_identities,
    parse_identities,
)
from pipeline.proof.prove import PartProof, prove
from pipeline.proof.verdict import Erratum, errata

UNITS = {"元": 1, "万元": 10_000}
PLAIN = ("%", "台", "个", "次", "平方米")
T1, T3, T5, T6, T9 = (
    "budget_summary",
    "expenditure",
    "general_public_expenditure",
    "basic_expenditure",
    "three_public",
)


@dataclass
class Paper:
    """A disclosure in the making: statements, claims and annexes, in the order in which they are printed."""

    form: str = "hebei"
    year: int = 2024
    figures: list[Figure] = field(default_factory=list)
    rows: list[RowRead] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    lines: list[ProcurementLine] = field(default_factory=list)
    assets: list[AssetLine] = field(default_factory=list)
    units: list[OrganisationUnit] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)

    def row(
        self,
        statement: str,
        item: str,
        numbers: Mapping[str, str | None],
        unit: str = "万元",
        parent: str | None = None,
    ) -> int:
        """A printed row; None is a blank cell. Returns its order."""
        order = sum(row.statement == statement for row in self.rows) + 1
        code = item if item.isdigit() else None
        place = f"{statement} {order}"
        self.rows.append(RowRead(1, statement, order, order, item, item, code, None, place, parent))
        for measure, text in numbers.items():
            if text is not None:
                self.figures.append(self._figure(statement, order, item, measure, text, unit))
        return order

    def _figure(self, statement: str, order: int, item: str, measure: str, text: str, unit: str) -> Figure:
        printed = {"percentage": "%", "quantity": "台"}.get(measure, unit)
        amount = Decimal(text.replace(",", "")) * UNITS.get(printed, 1)
        code = item if item.isdigit() and statement != "claim" else None
        return Figure(
            *(1, statement, order, order, item, code, code, "none", item, measure, text, printed, amount),
            *(None, None, f"{statement} {order}", printed not in PLAIN),
        )

    def say(
        self,
        item: str,
        numbers: Mapping[str, str],
        parent: str | None = None,
        *,
        compared: int | None = None,
        level: bool = False,
        reason: str | None = None,
        sentence: str = "",
        unit: str = "万元",
        label: str = "",
    ) -> None:
        """A subject that the prose mentions, with what it says of it; ``label``: in which words."""
        order = self.row("claim", item, numbers, unit, parent)
        own = [figure for figure in self.figures if (figure.statement, figure.row_order) == ("claim", order)]
        for figure in own:
            moving = figure.measure in ("change", "percentage")
            way: Direction | None = ("decrease" if figure.amount_yuan < 0 else "increase") if moving else None
            self._claim(figure.measure, figure, order, item, way, compared, reason, sentence)
        if level:
            self._claim("change", None, order, item, "level", compared, reason, sentence)
        self.claims = [replace(c, label=label) if label and c.row_order == order else c for c in self.claims]

    def _claim(
        self,
        measure: str,
        figure: Figure | None,
        order: int,
        item: str,
        way: Direction | None,
        compared: int | None,
        reason: str | None,
        sentence: str,
    ) -> None:
        value = Decimal(figure.text_as_printed) if figure else Decimal(0)
        amount = figure.amount_yuan if figure and figure.is_money else None
        unit = figure.printed_unit if figure else "万元"
        text = figure.text_as_printed if figure else "持平"
        year = compared if measure not in ("amount", "planned") else None
        self.claims.append(
            Claim(
                *(order, "overview", item, item, measure, way, value, unit, amount, text, year, None, reason),
                *(sentence, figure, None, f"claim {order}"),
            )
        )

    def buy(self, code: str, numbers: Mapping[str, str], project: str | None = None, kind: str = "line") -> None:
        """A row of the procurement table."""
        number = sum(line.kind == kind for line in self.lines) + 1
        item = "total" if kind == "total" else f"{kind}_{number}"
        order = self.row("procurement", item, numbers, parent=None if kind == "total" else "total")
        yuan = {measure: Decimal(text) * 10_000 for measure, text in numbers.items()}
        quantity = Decimal(numbers["quantity"]) if "quantity" in numbers else None
        self.lines.append(
            ProcurementLine(
                *(order, kind, None, project, item, code, None, quantity, yuan.get("unit_price"), yuan.get("amount")),  # type: ignore[arg-type]
                *(yuan.get("general_public"), yuan.get("sme_reserved"), yuan.get("project_funds"), None, None),
            )
        )

    def own(
        self, item: str, numbers: Mapping[str, str | None], parent: str | None = None, day: date | None = None
    ) -> None:
        """A row of the asset table."""
        order = self.row("asset", item, numbers, parent=parent)
        self.assets.append(AssetLine(order, item, item, None, None, day, None, None))

    @property
    def annexes(self) -> Annexes:
        return Annexes(
            organisation=tuple(self.units),
            procurement=tuple(self.lines),
            assets=tuple(self.assets),
            claims=tuple(self.claims),
        )

    @property
    def disclosure(self) -> Disclosure:
        printed = {row.statement for row in self.rows}
        names = (*STATEMENTS, "procurement", "asset", "claim")
        statements = tuple(
            StatementRead(1, name, self._status(name, printed), measures=tuple(sorted(MEASURES.get(name, ()))))
            for name in names
        )
        return Disclosure(
            *(self.form, "budget", self.year, (Part(1, "department", "邢台市财政局", None),), statements),
            *(tuple(self.figures), tuple(self.issues), tuple(self.rows)),
        )

    def _status(self, name: str, printed: set[str]) -> str:
        return "present" if name in printed else "declared_empty" if name in self.empty else "missing"

    def proof(self) -> PartProof:
        (proof,) = prove(self.disclosure, UNITS, self.annexes)
        return proof

    def errata(self, format: str = "pdf") -> list[Erratum]:
        return errata(self.disclosure, [self.proof()], format)

    def the_erratum(self) -> Erratum:
        (one,) = self.errata()
        return one

    def broken(self) -> list[tuple[str, str]]:
        return [(c.identity.id, c.subject) for c in self.proof().checks if c.status == "broken"]

    def statuses(self) -> list[str]:
        return [status.status for status in claim_statuses(self.claims, [self.proof()])]


def short(one: Erratum) -> tuple[str, str, str, str | None, str]:
    """Where, what is printed, what it should be in the printed unit, who."""
    unit = UNITS.get(one.figure.printed_unit, 1) if one.figure else 10_000
    implied = None if one.implied_yuan is None else f"{one.implied_yuan / unit:.2f}"
    return one.item, one.measure, one.published_text or "", implied, one.verdict


def classified(paper: Paper, rows: Mapping[str, str]) -> None:
    """T5 of these codes and their classes, in yuan, all of it proven by its own sums."""
    total = sum(Decimal(text) for text in rows.values())
    paper.row(T5, "total", {"total": str(total), "basic": str(total)}, "元")
    for code in sorted(code[:n] for code in rows for n in (3, 5, 7)):
        if any(row.item == code for row in paper.rows):
            continue
        amount = str(sum(Decimal(text) for own, text in rows.items() if own.startswith(code)))
        paper.row(T5, code, {"total": amount, "basic": amount}, "元")


# ── the files ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_identities_of_the_annexes_are_17_to_25_and_no_other_has_their_id() -> None:
    ids = [i.id for i in load_annex_identities()]
    assert {int(name.split(".")[0]) for name in ids} == set(range(17, 26))
    assert len({*ids, *(i.id for i in load_identities())}) == len(ids) + len(load_identities())


def test_every_key_that_only_annex_identities_have_is_used_by_one_of_them() -> None:
    from pipeline.proof.identity import _ANNEX_KEYS, _KEYS

    found: list[dict[str, Any]] = yaml.safe_load(ANNEX_IDENTITIES.read_text("utf-8"))["identities"]
    assert {key for raw in found for key in raw} - _KEYS == _ANNEX_KEYS


def test_each_says_what_it_means_in_both_languages() -> None:
    assert [i.id for i in load_annex_identities() if len(i.says.split(" · ")) != 2] == []


def test_every_statement_that_an_annex_identity_names_exists() -> None:
    names = {name for i in load_annex_identities() for name in i.statements}
    assert names <= {*STATEMENTS, "claim", "performance", "procurement", "asset"}


def test_an_unknown_relation_is_refused() -> None:
    term = "{in: claim, item: $row, measure: amount}"
    with pytest.raises(IdentityError, match="relation is 'moon'"):
        parse_identities(f"identities: [{{id: a, says: x, relation: moon, left: [{term}], right: [{term}]}}]")


def test_the_day_that_a_form_asks_for() -> None:
    assert load_rules().date_asked("hebei", 2023) == date(2022, 12, 31)
    assert load_rules().date_asked("shanghai", 2023) is None


# ── 17: totals ──────────────────────────────────────────────────────────────────────────────────────────────────


def totals(said: str, printed: str = "1,216.27") -> Paper:
    paper = Paper()
    for item, measure in (("total_revenue", "revenue"), ("general_public_appropriation", "revenue")):
        paper.row(T1, item, {measure: printed})
    paper.row(T1, "201", {"expenditure": printed})
    paper.row(T1, "total_expenditure", {"expenditure": printed})
    paper.say("total_revenue", {"amount": said})
    return paper


def test_a_total_of_the_prose_is_the_one_of_the_statement_and_supports_it() -> None:
    paper = totals("1216.27")
    proof = paper.proof()
    assert (paper.errata(), paper.statuses()) == ([], ["confirmed"])
    at = {(f.statement, f.item): status for f, status in zip(proof.figures, proof.status, strict=True)}
    assert at["claim", "total_revenue"] == "supported"
    assert at[T1, "total_revenue"] == "proven"


def test_a_wrong_total_of_the_prose_never_contradicts_a_confirmed_figure() -> None:
    paper = totals("1261.27")
    proof = paper.proof()
    assert short(paper.the_erratum()) == ("total_revenue", "amount", "1261.27", "1216.27", "publisher")
    assert "two digits are transposed" in paper.the_erratum().evidence
    status = {f.statement: s for f, s in zip(proof.figures, proof.status, strict=True) if f.item == "total_revenue"}
    assert status == {T1: "supported", "claim": "contradicted"}  # T1 is the only table
    assert paper.statuses() == ["contradicted"]
    (one,) = claim_statuses(paper.claims, [proof])
    assert one.compared_yuan == Decimal("12162700") and one.compared_figure is not None
    assert one.identity_ids == ("17.revenue",)


def test_carry_over_may_be_counted_in_or_not() -> None:
    for said in ("100", "93"):
        paper = Paper()
        paper.row(T1, "current_year_revenue", {"revenue": "93"})
        paper.row(T1, "carryover_in", {"revenue": "7"})
        paper.row(T1, "total_revenue", {"revenue": "100"})
        paper.row(T1, "fiscal_appropriation", {"revenue": "93"})
        paper.row(T1, "201", {"expenditure": "100"})
        paper.row(T1, "current_year_expenditure", {"expenditure": "100"})
        paper.row(T1, "total_expenditure", {"expenditure": "100"})
        paper.say("total_revenue", {"amount": said})
        assert (paper.broken(), paper.statuses()) == ([], ["confirmed"])


@pytest.mark.parametrize(("said", "implied"), [("87.70", "87.71"), ("87.72", "87.71")])
def test_a_copy_in_another_unit_is_rounded_and_not_cut_off(said: str, implied: str) -> None:
    paper = Paper()
    classified(paper, {"2080501": "877080", "2080505": "1748336"})
    paper.say("2080501", {"amount": said})
    one = paper.the_erratum()
    assert short(one) == ("2080501", "amount", said, implied, "publisher")
    assert ("truncated instead of rounded" in one.evidence) == (said == "87.70")


def test_a_copy_in_another_unit_within_half_a_digit_is_right() -> None:
    paper = Paper()
    classified(paper, {"2080501": "877080", "2080505": "1748336"})
    paper.say("2080501", {"amount": "87.71"})
    paper.say("2080505", {"amount": "174.83"})
    assert (paper.errata(), paper.statuses()) == ([], ["confirmed", "confirmed"])


def test_one_wrong_explanation_of_a_code_is_found_by_the_sum_of_all_and_by_the_statement() -> None:
    """Four of the others are cut off: their sum holds within rounding all the same. Two are printed again."""
    paper = Paper()
    table = {"2080501": "877080", "2080505": "1748336", "2080506": "873617", "2101101": "782164", "2210201": "2049197"}
    classified(paper, table)
    paper.say("fiscal_appropriation_expenditure", {"amount": "633.04"})
    said = {"2080501": "87.70", "2080505": "174.83", "2080506": "887.36", "2101101": "78.21", "2210201": "204.92"}
    for code, text in [*said.items(), *list(said.items())[2:4]]:
        paper.say(code, {"amount": text})
    found = [short(one)[:4] for one in paper.errata()]
    wrong = [("2080506", "amount", "887.36", "87.36"), ("2101101", "amount", "78.21", "78.22")]
    assert sorted(found) == sorted([("2080501", "amount", "87.70", "87.71"), *wrong, *wrong])
    first = next(one for one in paper.errata() if one.item == "2080506")
    assert first.identity_ids == ("17.code", "17.codes")
    assert "one digit inserted" in first.evidence


def test_the_sum_of_the_codes_is_asked_only_where_all_are_explained() -> None:
    paper = Paper()
    classified(paper, {"2080501": "100", "2080505": "200"})
    paper.say("fiscal_appropriation_expenditure", {"amount": "0.03"})
    paper.say("2080501", {"amount": "0.01"})
    assert paper.broken() == []


def test_prose_alone_proves_itself_where_the_statements_are_missing() -> None:
    def paper(basic: str = "3709.97", public: str = "770.83", carried: str = "493.10") -> Paper:
        one = Paper()
        one.say("total_revenue", {"amount": "11452.80"})
        for item, text in (
            ("general_public_appropriation", "10959.70"),
            *((name, "0") for name in ("government_fund_appropriation", "special_account", "other_revenue")),
            ("carryover_in", carried),
        ):
            one.say(item, {"amount": text}, "total_revenue")
        one.say("total_expenditure", {"amount": "11452.80"})
        one.say("basic", {"amount": basic}, "total_expenditure")
        one.say("personnel", {"amount": "2939.14"}, "basic")
        one.say("public", {"amount": public}, "basic")
        one.say("project", {"amount": "7742.83"}, "total_expenditure")
        return one

    assert paper().errata() == []
    assert set(paper().statuses()) == {"confirmed"}
    assert short(paper(basic="3719.97").the_erratum()) == ("basic", "amount", "3719.97", "3709.97", "publisher")
    one = paper(public="870.83").the_erratum()  # nothing says which of the two parts it is
    assert (one.implied_yuan, one.verdict) == (None, "publisher")
    assert "Any of these would mend it" in one.evidence


def test_an_open_list_of_parts_is_no_sum() -> None:
    paper = Paper()
    paper.say("total_revenue", {"amount": "100"})
    paper.say("general_public_appropriation", {"amount": "90"}, "total_revenue")
    paper.say("three_public_total", {"amount": "10"})
    paper.say("reception", {"amount": "3"}, "three_public_total")
    assert paper.broken() == []


@pytest.mark.parametrize(("business", "accused"), [("500.00", 0), (None, 1)])
def test_basic_and_project_are_all_spending_where_there_is_no_other(business: str | None, accused: int) -> None:
    paper = Paper()
    paper.row(T3, "total", {"total": "1000.00", "basic": "300.00", "project": "200.00", "business": business})
    paper.say("total_expenditure", {"amount": "1000.00"})
    paper.say("basic", {"amount": "300.00"}, "total_expenditure")
    paper.say("project", {"amount": "200.00"}, "total_expenditure")
    broken = [name for name, _ in paper.broken() if name == "17.prose_expenditure"]
    assert len(broken) == accused


def test_a_code_that_two_funds_pay_may_be_explained_for_one_or_for_both() -> None:
    def paper(said: str) -> Paper:
        one = Paper()
        for statement, amount in ((T5, "60.00"), ("state_capital_expenditure", "40.00")):
            for item in ("total", "208", "20801", "2080101"):
                one.row(statement, item, {"total": amount, "project": amount})
        one.say("2080101", {"amount": said})
        return one

    assert [paper(said).errata() for said in ("60.00", "40.00", "100.00")] == [[], [], []]
    assert paper("70.00").errata() != []


def test_two_numbers_of_what_nobody_knows_may_be_two_things() -> None:
    paper = Paper()
    paper.say("other:项目总投资", {"amount": "2000", "planned": "300"})
    assert paper.errata() == []


def test_special_public_funds_count_as_projects() -> None:
    def paper(special: str) -> Paper:
        one = Paper()
        one.row(T3, "total", {"total": "9065.18", "basic": "4363.90", "project": "4701.28"})
        one.row(T3, "201", {"total": "9065.18", "basic": "4363.90", "project": "4701.28"})
        one.say("project", {"amount": "2901"})
        one.say("public_special", {"amount": special})
        return one

    assert paper("1800.28").errata() == []
    assert paper("1800.82").the_erratum().verdict == "publisher"


# ── 18: changes ─────────────────────────────────────────────────────────────────────────────────────────────────

Numbers = dict[str, str]


def explained(numbers: Numbers, table: str, compared: int = 2023) -> Paper:
    """A code that the prose explains, with its row of T5, and the one before it."""
    paper = Paper()
    classified(paper, {"2080505": "1839500", "2080506": table})
    paper.say(
        "2080505",
        {"amount": "183.95", "previous": "156.34", "planned": "183.95", "percentage": "17.66"},
        compared=compared,
    )
    paper.say("2080506", numbers, compared=compared)
    return paper


def moved(amount: str, previous: str, planned: str, percentage: str) -> Numbers:
    return {"amount": amount, "previous": previous, "planned": planned, "percentage": percentage}


def test_a_percentage_that_is_right_is_confirmed_and_proves_none_of_its_amounts() -> None:
    paper = explained(moved("91.97", "77.99", "91.97", "17.93"), "919700")
    assert paper.errata() == []
    proof = paper.proof()
    status = {f.measure: s for f, s in zip(proof.figures, proof.status, strict=True) if f.row_order == 2}
    assert (status["percentage"], status["previous"]) == ("supported", "unproven")
    assert set(paper.statuses()) == {"confirmed"}


@pytest.mark.parametrize(
    ("numbers", "table", "wrong", "hint"),
    [
        (moved("350.35", "348.52", "352.67", "0.53"), "3503499", ("planned", "352.67", "350.35"), ""),
        (moved("208.8", "198.34", "201.50", "5.27"), "2087959", ("planned", "201.50", "208.80"), ""),
        (moved("3845.49", "43269.3", "3845.49", "17.62"), "38454900", ("previous", "43269.3", "3269.30"), "inserted"),
        (moved("91.97", "77.99", "91.97", "17.66"), "919700", ("percentage", "17.66", "17.93"), "same percentage"),
        (moved("91.97", "77.99", "91.97", "179.3"), "919700", ("percentage", "179.3", "17.93"), "decimal point"),
    ],
)
def test_the_wrong_number_of_a_sentence_is_found(
    numbers: Numbers, table: str, wrong: tuple[str, str, str], hint: str
) -> None:
    one = explained(numbers, table).the_erratum()
    assert short(one) == ("2080506", *wrong, "publisher")
    assert hint in one.evidence


def test_what_no_identity_tells_apart_is_said_to_be_so() -> None:
    one = explained(moved("91.97", "77.99", "91.97", "11.11"), "919700").the_erratum()
    assert (one.verdict, one.implied_yuan) == ("publisher", None)
    assert "Any of these would mend it: claim.2080506.percentage = 17.93; claim.2080506.previous = ?" in one.evidence


def test_a_percentage_on_a_zero_base_is_wrong_whatever_it_is() -> None:
    one = explained(moved("25.00", "0.00", "25.00", "100.00"), "250000").the_erratum()
    assert short(one) == ("2080506", "percentage", "100.00", None, "publisher")
    assert "percentage on a zero base" in one.evidence


def test_the_percentage_of_a_change_counts_from_what_was_there_before() -> None:
    def paper(percentage: str) -> Paper:
        one = Paper()
        one.say("budget_total", {"amount": "2855.05", "change": "324.09", "percentage": percentage}, compared=2023)
        return one

    assert paper("12.8").errata() == []
    assert paper("18.2").the_erratum().verdict == "publisher"


def test_the_change_of_a_total_is_the_sum_of_the_changes_of_its_parts() -> None:
    def paper(project: str) -> Paper:
        one = Paper()
        one.say("budget_total", {"change": "-2015.13"}, compared=2023)
        parts = {"personnel": "1018.4", "public_regular": "18.08", "public_special": "-172.61", "project": project}
        for item, text in parts.items():
            one.say(item, {"change": text}, "budget_total", compared=2023)
        return one

    assert paper("-2879").errata() == []
    assert paper("-2789").the_erratum().implied_yuan == -28_790_000  # the only simple slip of the five
    assert paper("-2500").the_erratum().implied_yuan is None


def test_parts_that_did_not_change_count_as_nothing() -> None:
    def paper(total: str) -> Paper:
        one = Paper()
        one.say("three_public_total", {"amount": "47.91", "change": total}, compared=2023)
        one.say("outbound", {"amount": "0"}, "three_public_total", level=True, compared=2023)
        one.say("vehicle_total", {"amount": "46.56", "change": "25"}, "three_public_total", compared=2023)
        one.say("vehicle_purchase", {"amount": "25", "change": "25"}, "vehicle_total", compared=2023)
        one.say("vehicle_running", {"amount": "21.56"}, "vehicle_total", level=True, compared=2023)
        one.say("reception", {"amount": "1.35"}, "three_public_total", level=True, compared=2023)
        return one

    assert paper("25").errata() == []
    assert short(paper("52").the_erratum()) == ("three_public_total", "change", "52", "25.00", "publisher")


def test_no_change_means_the_same_as_last_year() -> None:
    def paper(previous: str) -> Paper:
        one = Paper()
        one.say("2080501", {"previous": previous, "planned": "20.00"}, level=True, compared=2023)
        return one

    assert (paper("20.00").errata(), paper("20.00").statuses()) == ([], ["confirmed"] * 3)
    assert paper("21.00").the_erratum().identity_ids == ("18.level",)
    assert paper("21.00").statuses().count("contradicted") == 2


@pytest.mark.parametrize(("compared", "verdict"), [(2024, "publisher"), (2025, "publisher"), (2022, "undecided")])
def test_the_year_compared_with_is_the_year_before(compared: int, verdict: str) -> None:
    paper = Paper()
    paper.say("fiscal_appropriation", {"amount": "9628.22", "change": "793.14"}, compared=compared)
    paper.say("government_fund_expenditure", {"amount": "0"}, level=True, compared=compared)
    found = [(one.item, one.measure, one.published_text, one.verdict) for one in paper.errata()]
    places = ("fiscal_appropriation", "government_fund_expenditure")
    assert found == [(item, "compared_year", str(compared), verdict) for item in places]


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("宣传事务一般行政管理事务经费增加。", True),
        ("宣传事务一般行政管理事务经费减少。", False),
        ("退休人员增加。", False),  # of something else
        ("项目调整", False),
    ],
)
def test_a_reason_that_says_the_opposite(reason: str, wrong: bool) -> None:
    paper = Paper()
    sentence = f"“一般公共服务支出（类）宣传事务（款）一般行政管理事务（项）”减少2.98%。主要原因是：{reason}"
    numbers = moved("110.60", "114.00", "110.60", "-2.98")
    paper.say("2013302", numbers, compared=2023, reason=reason, sentence=sentence)
    assert [(one.measure, one.published_text) for one in paper.errata()] == ([("reason", reason)] if wrong else [])


# ── what is lawful ──────────────────────────────────────────────────────────────────────────────────────────────


def department(*, other: str | None = None, carried: str | None = None) -> Paper:
    """100 from the general public budget (60 basic, 40 project), and what comes from elsewhere or was carried in."""
    paper = Paper()
    total = 100 + int(other or 0)
    paper.row("budget_summary", "general_public_appropriation", {"revenue": str(100 - int(carried or 0))})
    paper.row("budget_summary", "undertaking", {"revenue": other})
    paper.row("budget_summary", "current_year_revenue", {"revenue": str(total - int(carried or 0))})
    paper.row("budget_summary", "carryover_in", {"revenue": carried})
    paper.row("budget_summary", "total_revenue", {"revenue": str(total)})
    paper.row("budget_summary", "201", {"expenditure": str(total)})
    paper.row("budget_summary", "current_year_expenditure", {"expenditure": str(total)})
    paper.row("budget_summary", "total_expenditure", {"expenditure": str(total)})
    for item in ("total", "201"):
        paper.row(T3, item, {"total": str(total), "basic": "60", "project": str(total - 60)})
        paper.row(T5, item, {"total": "100", "basic": "60", "project": "40"})
    return paper


def test_prose_may_explain_the_appropriations_only() -> None:
    paper = department(other="30")
    paper.say("total_expenditure", {"amount": "100"})
    paper.say("basic", {"amount": "60"}, "total_expenditure")
    paper.say("project", {"amount": "40"}, "total_expenditure")
    assert (paper.errata(), set(paper.statuses())) == ([], {"confirmed"})
    paper.say("project", {"amount": "46"})
    assert short(paper.the_erratum())[:3] == ("project", "amount", "46")


def test_the_budget_without_what_is_carried_in_is_no_error() -> None:
    paper = department(carried="20")
    paper.say("budget_total", {"amount": "80"})
    paper.say("general_public_appropriation", {"amount": "100"})
    assert (paper.errata(), set(paper.statuses())) == ([], {"confirmed"})


def test_a_part_that_nobody_knows_accuses_nobody() -> None:
    paper = department()
    paper.say("total_expenditure", {"amount": "100"})
    paper.say("other:含上年结转", {"amount": "20"}, "total_expenditure")
    paper.say("basic", {"amount": "60"}, "total_expenditure")
    paper.say("project", {"amount": "40"}, "total_expenditure")
    assert paper.errata() == []


def test_parts_by_function_and_by_kind_are_two_sums() -> None:
    paper = department()
    paper.say("total_expenditure", {"amount": "100"})
    paper.say("201", {"amount": "100"}, "total_expenditure")
    paper.say("basic", {"amount": "60"}, "total_expenditure")
    paper.say("project", {"amount": "40"}, "total_expenditure")
    assert (paper.errata(), set(paper.statuses())) == ([], {"confirmed"})


def test_meetings_and_training_may_be_counted_in() -> None:
    paper = Paper()
    numbers = {
        "total": "18",
        "three_public_total": "10",
        "vehicle_total": "8",
        "vehicle_running": "8",
        "reception": "2",
    }
    for item, text in {**numbers, "meeting": "3", "training": "5"}.items():
        paper.row(T9, item, {"total": text})
    paper.say("three_public_total", {"amount": "18"})
    for item, text in {
        "outbound": "0",
        "vehicle_total": "8",
        "reception": "2",
        "meeting": "3",
        "training": "5",
    }.items():
        paper.say(item, {"amount": text}, "three_public_total")
    assert paper.errata() == []


def test_running_costs_without_some_of_the_public_funds_are_lawful() -> None:
    assert running(["行政"], "22.25").errata() == []
    assert running(["行政"], "22.25").statuses() == ["unverifiable"]
    assert [one.verdict for one in running(["行政"], "30").errata()] == ["undecided"]


def test_a_change_of_the_budget_and_one_of_what_was_spent_are_no_sum() -> None:
    paper = Paper()
    for item, change in (("total_expenditure", "-5"), ("basic", "2"), ("project", "-1")):
        paper.say(item, {"change": change}, "total_expenditure" if item != "total_expenditure" else None, compared=2023)
    assert "18.parts" in paper.the_erratum().identity_ids
    paper.claims[0] = replace(paper.claims[0], compared_basis="execution")
    assert paper.errata() == []


def test_an_earlier_year_beside_the_year_before_is_only_told() -> None:
    paper = Paper()
    paper.say(
        "reception", {"amount": "2", "change": "-1"}, compared=2023, sentence="比2023年减少1万元，比2021年减少3万元"
    )
    paper.say("reception", {"change": "-3"}, compared=2021, sentence="比2023年减少1万元，比2021年减少3万元")
    assert paper.errata() == []


# ── 19, 20 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def running(natures: Sequence[str | None], said: str) -> Paper:
    paper = Paper()
    rest = (None, None, None, None)
    paper.units = [OrganisationUnit(n, f"单位{n}", 1, nature, *rest) for n, nature in enumerate(natures)]
    paper.row(T6, "total", {"total": "100", "personnel": "60", "public": "40"})
    paper.row(T6, "301", {"total": "60", "personnel": "60"})
    paper.row(T6, "302", {"total": "40", "public": "40"})
    paper.say("agency_operating", {"amount": said})
    return paper


@pytest.mark.parametrize(
    ("natures", "said", "identity", "wrong"),
    [
        (["行政", "参公事业"], "40", "19.public", False),
        (["行政", "参公事业"], "30", "19.public", True),
        (["行政", "事业"], "30", "19.public_bound", False),
        (["行政", "事业"], "50", "19.public_bound", True),
        ([None], "50", "19.public_unknown", False),
        ([], "50", "19.public_unknown", False),
    ],
)
def test_running_costs_depend_on_the_kinds_of_units(
    natures: Sequence[str | None], said: str, identity: str, wrong: bool
) -> None:
    paper = running(natures, said)
    assert identity in {c.identity.id for c in paper.proof().checks if c.status != "not_applicable"}
    assert [one.identity_ids for one in paper.errata()] == ([(identity,)] if wrong else [])


def test_the_three_public_expenses_of_the_prose_are_those_of_the_statement() -> None:
    def paper(reception: str, printed: str | None = "1.35") -> Paper:
        one = Paper()
        one.row(T9, "three_public_total", {"total": "47.91"})
        one.row(T9, "outbound", {"total": None})
        one.row(T9, "vehicle_total", {"total": "46.56"})
        one.row(T9, "reception", {"total": printed})
        one.say("three_public_total", {"amount": "47.91"})
        one.say("outbound", {"amount": "0"}, "three_public_total")
        one.say("reception", {"amount": reception}, "three_public_total")
        return one

    assert paper("1.35").errata() == []
    assert short(paper("1.53").the_erratum()) == ("reception", "amount", "1.53", "1.35", "publisher")


def test_a_blank_total_that_the_prose_states_is_blamed_on_the_statement() -> None:
    paper = Paper()
    for item in ("three_public_total", "outbound", "vehicle_total", "reception"):
        paper.row(T9, item, {"total": None})
    paper.row(T9, "vehicle_running", {"total": "24.00"})
    paper.say("three_public_total", {"amount": "24"})
    paper.say("vehicle_running", {"amount": "24"}, "three_public_total")
    assert {(one.statement, one.item) for one in paper.errata()} == {(T9, "vehicle_total"), (T9, "three_public_total")}
    assert paper.statuses() == ["implied", "confirmed"]


# ── 21: projects ────────────────────────────────────────────────────────────────────────────────────────────────


def listed(amounts: Iterable[str], total: str = "663.07") -> Paper:
    paper = Paper()
    paper.row(T3, "total", {"total": "1216.27", "basic": "553.20", "project": total})
    paper.row(T3, "201", {"total": "1216.27", "basic": "553.20", "project": total})
    paper.say("project", {"amount": total})
    for n, text in enumerate(amounts, start=1):
        paper.say(f"project:项目{n}", {"amount": text}, "project")
    return paper


def test_a_project_that_is_more_than_all_of_them() -> None:
    paper = listed(["2312.92", "146", "204.15"])
    one = paper.the_erratum()
    assert (one.item, one.published_text, one.verdict) == ("project:项目1", "2312.92", "publisher")
    assert "21.bound" in one.identity_ids


def test_a_list_that_adds_up_is_complete_and_proves_its_parts() -> None:
    paper = listed(["312.92", "146", "204.15"])
    assert (paper.errata(), set(paper.statuses())) == ([], {"confirmed"})
    status = [s for f, s in zip(paper.proof().figures, paper.proof().status, strict=True) if "项目" in f.item]
    assert status == ["supported"] * 3


def test_a_list_of_some_projects_is_only_a_bound() -> None:
    assert listed(["312.92", "146"]).errata() == []
    assert "21.list_bound" in listed(["600", "100"]).the_erratum().identity_ids


# ── 23, 24, 25 ──────────────────────────────────────────────────────────────────────────────────────────────────


def purchase(planned: str, lines: Sequence[tuple[str, str]], label: str = "拟购置固定资产总额") -> Paper:
    paper = Paper(year=2022)
    if lines:
        total = str(sum(Decimal(amount) for _, amount in lines))
        paper.buy("", {"amount": total, "general_public": total}, kind="total")
    for code, amount in lines:
        numbers = {"quantity": "1", "unit_price": amount, "amount": amount, "general_public": amount}
        paper.buy(code, {**numbers, "project_funds": "668.10"}, "市民服务中心")
    paper.say("asset_purchase_planned", {"planned": planned}, label=label)
    return paper


def test_a_planned_purchase_that_includes_a_service() -> None:
    one = purchase("175.61", [("A02010399", "79.00"), ("C020602", "96.61")]).the_erratum()
    assert short(one) == ("asset_purchase_planned", "planned", "175.61", "79.00", "publisher")
    assert purchase("79.00", [("A02010399", "79.00"), ("C020602", "96.61")]).errata() == []


def test_a_planned_purchase_beside_an_empty_procurement_table() -> None:
    paper = purchase("20", [])
    paper.empty.add("procurement")
    one = paper.the_erratum()
    assert short(one) == ("asset_purchase_planned", "planned", "20", None, "undecided")
    assert "nothing is printed on the other side" in one.evidence
    assert paper.statuses() == ["unverifiable"]  # what is not printed contradicts no claim


def test_a_planned_purchase_that_is_not_said_to_be_of_assets() -> None:
    lines = [("A02010399", "79.00"), ("C020602", "96.61")]
    one = purchase("175.61", lines, label="计划支出").the_erratum()
    assert short(one) == ("asset_purchase_planned", "planned", "175.61", "79.00", "undecided")
    assert purchase("79.00", lines, label="计划支出").statuses() == ["confirmed"]


def test_without_a_procurement_table_a_planned_purchase_is_unverifiable() -> None:
    assert (purchase("20", []).errata(), purchase("20", []).statuses()) == ([], ["unverifiable"])


def bought(**changes: str) -> Paper:
    paper = Paper(year=2023)
    numbers = {"quantity": "450", "unit_price": "0.02", "amount": "9.99", "general_public": "9.99"}
    numbers |= {"sme_reserved": "9.99", "project_funds": "70.00"}
    paper.buy("", {"amount": "69.99", "general_public": "69.99", "sme_reserved": "9.99"}, kind="total")
    paper.buy("A07100200", {**numbers, **changes}, "办公耗材")
    more = {"quantity": "20", "unit_price": "3.00", "amount": "60.00", "general_public": "60.00"}
    paper.buy("C23090199", {**more, "project_funds": "70.00"}, "办公耗材")
    paper.say("procurement_total", {"amount": "69.99"})
    return paper


def test_procurement_adds_up_and_a_price_is_rounded() -> None:
    paper = bought()
    assert (paper.errata(), paper.broken()) == ([], [])
    assert {c.status for c in paper.proof().checks if c.identity.id == "23.price"} == {"within_rounding", "exact"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"amount": "8.99"}, ("line_1", "amount", "8.99", "9.99", "publisher")),
        ({"quantity": "4500"}, ("line_1", "quantity", "4500", None, "publisher")),
        ({"sme_reserved": "99.9"}, ("line_1", "sme_reserved", "99.9", "9.99", "publisher")),
    ],
)
def test_a_wrong_number_of_a_procurement_line(changes: dict[str, str], wrong: tuple[str, ...]) -> None:
    assert short(bought(**changes).the_erratum())[:3] == wrong[:3]


@pytest.mark.parametrize(("amount", "verdict"), [("8.00", "undecided"), ("12.00", "publisher")])
def test_a_later_year_may_pay_the_rest_of_a_price_but_nobody_pays_more(amount: str, verdict: str) -> None:
    paper = Paper(year=2023)
    paper.buy("A07100200", {"quantity": "5", "unit_price": "2.00", "amount": amount})
    assert paper.the_erratum().verdict == verdict


def test_lines_with_funds_of_their_own_are_not_added() -> None:
    paper = Paper(year=2023)
    for code in ("A07100200", "C23090199"):
        paper.buy(code, {"amount": "5.00", "project_funds": "5.00"}, "办公耗材")
    assert paper.errata() == []


def test_things_below_the_least_price_need_not_be_fixed_assets() -> None:
    def paper(price: str) -> Paper:
        one = Paper(year=2023)
        one.buy("A05010303", {"quantity": "50", "unit_price": price, "amount": str(50 * Decimal(price))})
        one.say("asset_purchase_planned", {"planned": "0.00"}, label="拟购置固定资产总额")
        return one

    assert paper("0.09").the_erratum().verdict == "undecided"
    assert paper("0.20").the_erratum().verdict == "publisher"


def test_the_lines_of_a_project_are_within_its_funds() -> None:
    paper = bought(project_funds="70.00")
    paper.lines = [replace(line, project_funds_yuan=Decimal(600_000)) for line in paper.lines]
    texts = {"70.00": "60.00"}
    paper.figures = [
        replace(f, text_as_printed=texts[f.text_as_printed], amount_yuan=Decimal(600_000))
        if f.text_as_printed in texts
        else f
        for f in paper.figures
    ]
    assert ("23.project", "办公耗材") in paper.broken()


def assets(**values: str | None) -> Paper:
    numbers: dict[str, str | None] = {
        **{"total": "2368.84", "building": "552.00", "office_building": "476.78", "vehicle": "143.20"},
        **{"equipment_over_200k": None, "other_fixed": "1673.64"},
        **values,
    }
    paper = Paper(year=2023)
    parents = {"total": None, "office_building": "building"}
    for item, value in numbers.items():
        paper.own(item, {"value": value}, parents.get(item, "total"), date(2022, 12, 31))
    paper.say("asset_total", {"amount": "2368.84"})
    return paper


def test_assets_add_up_and_offices_are_within_the_buildings() -> None:
    assert (assets().errata(), assets().statuses()) == ([], ["confirmed"])
    assert short(assets(total="2386.84").the_erratum()) == ("total", "value", "2386.84", "2368.84", "publisher")
    assert short(assets(office_building="576.78").the_erratum())[0] in ("office_building", "building")
    assert assets(building=None, office_building=None, vehicle=None, other_fixed=None).errata() == []


def test_a_kind_of_asset_may_have_no_line_but_all_others_have_one() -> None:
    def paper(**values: str) -> Paper:
        one = Paper(year=2023)
        for item, value in values.items():
            one.own(item, {"value": value}, None if item == "total" else "total")
        return one

    assert paper(total="100.00", building="60.00", vehicle="20.00").the_erratum().verdict == "undecided"
    assert paper(total="100.00", building="60.00", other_fixed="20.00").the_erratum().verdict == "publisher"
    assert paper(total="100.00", building="60.00", vehicle="70.00").the_erratum().verdict == "publisher"


def test_the_prose_may_state_the_fixed_assets_among_all_assets() -> None:
    paper = Paper(year=2023)
    paper.own("total", {"value": "180.00"})
    paper.own("fixed_asset", {"value": "100.00"}, "total")
    paper.own("intangible", {"value": "80.00"}, "total")
    paper.say("asset_total", {"amount": "100.00"})
    assert (paper.errata(), paper.statuses()) == ([], ["confirmed"])


def test_the_assets_are_those_of_the_day_that_the_form_asks_for() -> None:
    paper = assets()
    paper.assets = [replace(line, as_of_date=date(2021, 12, 31)) for line in paper.assets]
    one = paper.the_erratum()
    assert (one.statement, one.measure, one.published_text, one.verdict) == (
        "asset",
        "as_of_date",
        "2021-12-31",
        "publisher",
    )
    paper.form = "shanghai"
    assert paper.errata() == []


def test_an_empty_note_below_a_filled_asset_table_is_an_erratum() -> None:
    paper = assets()
    paper.issues.append(Issue("warning", NOTE_CONTRADICTS, "空表列示", statement="asset"))
    assert [(one.statement, one.measure, one.verdict) for one in paper.errata("text")] == [
        ("asset", "note", "publisher")
    ]


# ── who is blamed ───────────────────────────────────────────────────────────────────────────────────────────────

DOUBT = Issue("error", "two readings of a cell differ", "256.27 | 256.37", statement=T1)


def test_in_a_damaged_capture_nobody_is_blamed_but_for_what_one_sentence_says_plainly() -> None:
    paper = totals("1261.27")
    paper.say("fiscal_appropriation", {"change": "1"}, compared=2024)
    paper.issues.append(DOUBT)
    for format in ("text", "pdf"):
        found = {(one.measure, one.verdict) for one in paper.errata(format)}
        assert found == {("amount", "undecided"), ("compared_year", "publisher")}
    paper.issues.append(Issue("warning", "a sentence is unclear", "x", locator="claim 2", statement="claim"))
    assert {one.verdict for one in paper.errata("text")} == {"undecided"}


def test_one_doubtful_header_does_not_damage_the_prose_of_a_text() -> None:
    paper = totals("1261.27")
    paper.issues.append(Issue("warning", "header texts and column numbers disagree", "x", statement="revenue"))
    assert [one.verdict for one in paper.errata("text")] == ["publisher"]


def test_a_doubt_at_the_very_sentence_leaves_it_undecided() -> None:
    paper = totals("1261.27")
    paper.issues.append(
        Issue("warning", "a number of a sentence is unclear", "x", locator="claim 1", statement="claim")
    )
    assert paper.the_erratum().verdict == "undecided"


def doubted_lines(doubt: Issue, page: int | None) -> set[str]:
    """The verdicts on a procurement table whose lines do not make its total, read with a doubt."""
    paper = Paper(year=2023)
    paper.buy("", {"amount": "70", "general_public": "70"}, kind="total")
    for amount in ("20", "40"):
        paper.buy("A02010105", {"amount": amount, "general_public": amount}, "设备")
    paper.figures = [replace(figure, page=page, locator=None if page else figure.locator) for figure in paper.figures]
    paper.issues.append(doubt)
    return {one.verdict for one in paper.errata()}


def test_a_table_of_an_annex_of_which_a_number_was_not_read_accuses_nobody() -> None:
    lost = Issue("error", "a cell for a number holds something else", "3727.00\n20.00", statement="procurement")
    assert doubted_lines(lost, None) == doubted_lines(lost, 13) == {"undecided"}
    assert doubted_lines(replace(lost, severity="info"), 13) == {"publisher"}
    assert doubted_lines(replace(lost, statement="performance"), 13) == {"publisher"}


def test_a_doubt_on_the_page_of_a_table_of_an_annex_accuses_nobody() -> None:
    differ = Issue("warning", "the two readings of a cell differ", "grid: 20 | camelot: 10", page=13)
    assert doubted_lines(differ, 13) == {"undecided"}
    assert doubted_lines(replace(differ, page=12), 13) == {"publisher"}
    assert doubted_lines(replace(differ, statement="procurement"), 13) == {"undecided"}
    assert doubted_lines(replace(differ, statement="revenue"), 13) == {"publisher"}


# ── several faults, and what accuses nobody ─────────────────────────────────────────────────────────────────────


def blank_totals(said: str) -> Paper:
    """002's three public expenses: every total of them is blank, and the statement alone says what they are."""
    paper = Paper()
    for item in ("total", "three_public_total", "outbound", "vehicle_total", "reception"):
        paper.row(T9, item, {"total": None, "general_public": None})
    paper.row(T9, "vehicle_running", {"total": "24.00", "general_public": "24.00"})
    paper.row(T9, "meeting", {"total": "59.00", "general_public": "59.00"})
    paper.say("three_public_total", {"amount": said})
    return paper


@pytest.mark.parametrize(("said", "claims"), [("24", 0), ("424", 1)])
def test_a_wrong_claim_does_not_hide_what_the_statement_says_of_itself(said: str, claims: int) -> None:
    found = blank_totals(said).errata()
    assert [one.implied_yuan for one in found if one.statement == T9] == [830_000, 830_000, *[240_000] * 4]
    assert [one.implied_yuan for one in found if one.statement == "claim"] == [240_000] * claims


def test_a_claim_that_repeats_the_wrong_figure_of_a_statement_is_not_accused() -> None:
    paper = totals("1216.27")
    paper.row(T3, "total", {"total": "1216.27", "basic": "553.20", "project": "663.07"})
    paper.row(T3, "201", {"total": "1216.27", "basic": "553.20", "project": "663.07"})
    paper.row(T3, "20103", {"total": "1216.27", "basic": "553.20", "project": "663.07"})
    paper.row(T3, "2010301", {"total": "1216.27", "basic": "555.20", "project": "663.07"})
    paper.say("basic", {"amount": "553.2"})
    assert {one.statement for one in paper.errata()} == {T3}


def test_two_wrong_items_of_a_list_are_two_errata_and_no_third_is_accused() -> None:
    paper = Paper()
    table = {"2080501": "877100", "2080505": "1748300", "2080506": "873600", "2101101": "782200"}
    classified(paper, table)
    paper.say("fiscal_appropriation_expenditure", {"amount": "428.12"})
    for code, text in {"2080501": "97.71", "2080505": "174.83", "2080506": "887.36", "2101101": "78.22"}.items():
        paper.say(code, {"amount": text})
    assert [short(one)[:4] for one in paper.errata()] == [
        ("2080501", "amount", "97.71", "87.71"),
        ("2080506", "amount", "887.36", "87.36"),
    ]


def test_prices_in_another_unit_than_the_table_accuse_nobody() -> None:
    paper = Paper(year=2023)
    paper.buy("", {"amount": "30", "general_public": "30"}, kind="total")
    for amount in ("10", "20"):
        numbers = {"quantity": "10", "unit_price": str(int(amount) * 1000), "amount": amount, "general_public": amount}
        paper.buy("A02010105", numbers, "设备")
    assert {c.status for c in paper.proof().checks if c.identity.id == "23.price"} == {"broken"}
    assert paper.errata() == []


def test_a_claim_said_twice_is_only_worth_a_look() -> None:
    paper = Paper()
    paper.say("three_public_total", {"amount": "10"})
    paper.say("three_public_total", {"amount": "4"})
    assert (paper.errata(), paper.broken()) == ([], [("17.again", "three_public_total")])
    assert paper.statuses() == ["unverifiable", "unverifiable"]


def test_a_percentage_on_an_amount_that_cannot_be_compared_is_unverifiable() -> None:
    paper = Paper()
    paper.say("other:会议", {"amount": "10", "percentage": "5"}, compared=2023)
    assert (paper.errata(), paper.statuses()) == ([], ["unverifiable", "unverifiable"])

"""Random consistent annexes and prose of both publishers, in whatever style and format: the same rows are read back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.annexes.asset import read_assets
from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import Rest, find_rest
from pipeline.annexes.model import AnnexRead
from pipeline.annexes.organisation import read_organisation
from pipeline.annexes.performance import read_performance
from pipeline.annexes.procurement import read_procurement
from pipeline.documents.detect import read_document
from pipeline.forms.figures import understand
from pipeline.forms.form import Form, load_forms
from pipeline.forms.printed import squash
from tests.support import HEBEI
from tools.typeset import hebei, shanghai
from tools.typeset.layout import Layout
from tools.typeset.model import Annex, Disclosure, Indicator, Section
from tools.typeset.pdf import write_pdf
from tools.typeset.prose import Said
from tools.typeset.sample import Sample, read_samples
from tools.typeset.strategy import page_styles, printings
from tools.typeset.strategy_annexes import ASSET_EDITIONS, Told, annex_styles, annexed, shanghai_told, told
from tools.typeset.style import PageStyle, Style
from tools.typeset.text import write_cell_lines, write_tab_rows
from tools.typeset.word import write_word

SHANGHAI: Form = next(form for form in load_forms() if form.name == "shanghai")
WRITERS: dict[str, Callable[[Layout, PageStyle], bytes]] = {
    "pdf": write_pdf,
    "docx": lambda layout, page: write_word(layout),
    "tab rows": lambda layout, page: write_tab_rows(layout).encode(),
    "cell lines": lambda layout, page: write_cell_lines(layout).encode(),
}
each_format = pytest.mark.parametrize("writer", WRITERS)


def patient(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        phases=[Phase.explicit, Phase.generate],
    )


def styles() -> st.SearchStrategy[Style]:
    """A statement's style leaves the annexes alone but for these."""
    return st.builds(
        Style,
        header_cells=st.sampled_from(("merged", "repeated")),
        inner_spaces=st.booleans(),
        thousands=st.booleans(),
        full_width=st.booleans(),
        indent=st.booleans(),
        annex=annex_styles(),
    )


def fair(style: Style, writer: str) -> Style:
    """A text with a cell per line does not say which columns a merged cell covers: 合计 and its amounts stand apart."""
    apart = replace(style, annex=replace(style.annex, merged_totals=False))
    return apart if writer == "cell lines" else style


def pages() -> st.SearchStrategy[PageStyle]:
    """Sixteen columns of large characters leave no room for a row."""
    return page_styles().map(lambda page: replace(page, font_size=min(page.font_size, 10.5)))


def only(disclosure: Disclosure, kind: str) -> Disclosure:
    """The disclosure with the section of one annex."""
    sections = [s for s in disclosure.sections if (s.annex.key if s.annex else "performance") == kind]
    return replace(disclosure, sections=tuple(sections))


def rest_of(layout: Layout, writer: str, page: PageStyle, form: Form = HEBEI) -> Rest:
    name = "a.pdf" if writer == "pdf" else "a.docx" if writer == "docx" else "a.txt"
    return find_rest(read_document(WRITERS[writer](layout, page), name), form)


def errors(read: AnnexRead) -> list[tuple[str, str]]:
    return [(issue.what, issue.text) for issue in read.issues if issue.severity == "error"]


def text(printed: str) -> str | None:
    return squash(printed) or None


def number(printed: str) -> Decimal | None:
    return Decimal(printed) if re.fullmatch(r"\d+(\.\d+)?", printed) else None


def yuan(printed: str) -> Decimal | None:
    value = number(printed)
    return None if value is None else value * 10_000


def annex_of(disclosure: Disclosure, kind: str) -> Annex:
    return next(s.annex for s in disclosure.sections if s.annex is not None and s.annex.key == kind)


# --- what was printed ------------------------------------------------------------------------------------------------


def printed_units(disclosure: Disclosure) -> list[tuple[str | None, ...]]:
    annex = annex_of(disclosure, "organisation")
    place = {header: column for column, header in enumerate(annex.header[0])}
    wanted = ("单位名称", "单位性质", "单位规格", "经费保障形式")
    return [tuple(text(row[place[name]]) if name in place else None for name in wanted) for row in annex.rows]


def printed_indicators(sections: tuple[Section, ...], columns: bool) -> Iterator[tuple[object, ...]]:
    for section in sections:
        for index, project in enumerate(section.projects, 1):
            for indicator in project.indicators:
                said = (squash(project.name), squash("".join(project.goal)), *indicator.levels)
                basis = squash(indicator.basis)
                yield (index, *said, squash(indicator.description), *target(indicator, columns), basis)


def target(indicator: Indicator, columns: bool) -> tuple[object, ...]:
    """Operator, value, unit, text: a date and a word are no number, whatever stands in the column 值."""
    sign, value, unit = (squash(part) for part in indicator.target)
    amount = number(value)
    whole = squash("".join(indicator.target))
    return (sign or None, amount, (unit or None) if amount is not None else None, whole)


def printed_lines(disclosure: Disclosure) -> Iterator[tuple[object, ...]]:
    annex = annex_of(disclosure, "procurement")
    shared = len(annex.header[0]) > 7 and "预留" in annex.header[0][-1]
    group = None
    for row in annex.rows:
        label = squash(row[0])
        kind = "total" if label == "合计" else "group" if label.endswith("小计") else "line"
        if kind == "group":
            group = label.removesuffix("小计")
        reserved = yuan(row[-1]) if shared else None
        line = kind == "line"
        yield (
            *(kind, group if kind != "total" else None, label if line else None),
            *((text(row[2]), text(row[3]), text(row[4])) if line else (None, None, None)),
            *(number(row[5]), yuan(row[6]), yuan(row[7]), yuan(row[8]), reserved, yuan(row[1])),
        )


def printed_assets(disclosure: Disclosure, style: Style) -> Iterator[tuple[object, ...]]:
    annex = annex_of(disclosure, "asset")
    items = {label: item for edition in ASSET_EDITIONS for item, label in edition.items()} | {"固定资产": "total"}
    as_of = date(disclosure.year - 1, 12, 31)
    dated = style.annex.heading != "none"
    for label, quantity, value in annex.rows:
        yield (items[label], squash(label), number(quantity), yuan(value), as_of if dated else None)


# --- what is read ----------------------------------------------------------------------------------------------------


def assert_units(rest: Rest, disclosure: Disclosure, form: Form = HEBEI) -> None:
    units, read = read_organisation(rest.of("organisation"), rest.sections, form)
    found = [tuple(t and squash(t) for t in (u.unit_name, u.nature, u.rank, u.funding)) for u in units]
    assert found == printed_units(disclosure)
    assert errors(read) == []


def assert_indicators(rest: Rest, disclosure: Disclosure, style: Style) -> None:
    tables, indicators, read = read_performance(rest.of("performance"), HEBEI)
    found = [
        (
            *(one.project_number, squash(one.project_name or ""), squash(one.goal or "")),
            *(squash(level or "") for level in (one.level_1, one.level_2, one.level_3)),
            *(squash(one.description or ""), one.operator, one.target_value, one.target_unit),
            *(squash(one.target_as_printed or ""), squash(one.basis or "")),
        )
        for one in indicators
    ]
    assert found == [*printed_indicators(disclosure.sections, style.annex.target == "columns")]
    projects = [project for section in disclosure.sections for project in section.projects]
    assert [(t.number, squash(t.name or ""), t.indicators) for t in tables] == [
        (n, squash(project.name), len(project.indicators)) for n, project in enumerate(projects, 1)
    ]
    assert errors(read) == []


def assert_lines(rest: Rest, disclosure: Disclosure) -> None:
    lines, read = read_procurement(rest.of("procurement"), HEBEI, disclosure.year, "万元")
    found = [
        (
            *(line.kind, *(name and squash(name) for name in (line.group_name, line.project_name))),
            *(line.item_name, line.catalogue_code, line.unit, line.quantity, line.unit_price_yuan, line.amount_yuan),
            *(line.general_public_yuan, line.sme_reserved_yuan, line.project_funds_yuan),
        )
        for line in lines
    ]
    assert found == [*printed_lines(disclosure)]
    annex = annex_of(disclosure, "procurement")
    assert len(read.figures) == sum(number(cell) is not None for row in annex.rows for cell in row)
    assert errors(read) == []


def assert_assets(rest: Rest, disclosure: Disclosure, style: Style) -> None:
    lines, read = read_assets(rest.of("asset"), HEBEI, disclosure.year, "万元")
    found = [(one.asset_item, squash(one.label), one.quantity, one.value_yuan, one.as_of_date) for one in lines]
    assert found == [*printed_assets(disclosure, style)]
    annex = annex_of(disclosure, "asset")
    assert len(read.figures) == sum(number(cell) is not None for row in annex.rows for cell in row)
    assert errors(read) == []


def claims_of(layout: Layout, writer: str, page: PageStyle, form: Form) -> tuple[Counter[Said], AnnexRead]:
    name = "a.pdf" if writer == "pdf" else "a.docx" if writer == "docx" else "a.txt"
    document = read_document(WRITERS[writer](layout, page), name)
    claims, read = read_claims(find_rest(document, form).sections, form, understand(document, (form,)))
    found = Counter(
        Said(claim.section, squash(claim.subject), claim.measure, claim.value, claim.unit)  # type: ignore[arg-type]
        for claim in claims
        if claim.unit in ("万元", "%")
    )
    return found, read


def stated(one: Told) -> Counter[Said]:
    return Counter(replace(said, subject=squash(said.subject)) for said in one.said)


# --- the tests -------------------------------------------------------------------------------------------------------


@each_format
@patient(10)
@given(annexed(), styles(), pages())
def test_units(writer: str, disclosure: Disclosure, style: Style, page: PageStyle) -> None:
    one, style = only(disclosure, "organisation"), fair(style, writer)
    assert_units(rest_of(hebei.lay_out(one, style), writer, page), one)


@each_format
@patient(10)
@given(annexed(), styles(), pages())
def test_indicators(writer: str, disclosure: Disclosure, style: Style, page: PageStyle) -> None:
    one, style = only(disclosure, "performance"), fair(style, writer)
    assert_indicators(rest_of(hebei.lay_out(one, style), writer, page), one, style)


@each_format
@patient(10)
@given(annexed(), styles(), pages())
def test_procurement_lines(writer: str, disclosure: Disclosure, style: Style, page: PageStyle) -> None:
    one, style = only(disclosure, "procurement"), fair(style, writer)
    assert_lines(rest_of(hebei.lay_out(one, style), writer, page), one)


@each_format
@patient(10)
@given(annexed(), styles(), pages())
def test_assets(writer: str, disclosure: Disclosure, style: Style, page: PageStyle) -> None:
    one, style = only(disclosure, "asset"), fair(style, writer)
    assert_assets(rest_of(hebei.lay_out(one, style), writer, page), one, style)


@each_format
@patient(5)
@given(told(), styles(), pages())
def test_all_annexes_of_a_disclosure(writer: str, one: Told, style: Style, page: PageStyle) -> None:
    disclosure, style = one.disclosure, fair(style, writer)
    rest = rest_of(hebei.lay_out(disclosure, style), writer, page)
    assert_units(rest, disclosure)
    assert_indicators(rest, disclosure, style)
    assert_lines(rest, disclosure)
    assert_assets(rest, disclosure, style)


@each_format
@patient(8)
@given(told(), styles(), pages())
def test_what_the_prose_of_hebei_says(writer: str, one: Told, style: Style, page: PageStyle) -> None:
    found, read = claims_of(hebei.lay_out(one.disclosure, fair(style, writer)), writer, page, HEBEI)
    said = stated(one)
    assert (said - found, found - said) == (Counter(), Counter())
    assert errors(read) == []


@each_format
@patient(8)
@given(shanghai_told(), styles(), printings(), pages())
def test_what_the_prose_of_shanghai_says(
    writer: str, one: Told, style: Style, printing: shanghai.Printing, page: PageStyle
) -> None:
    layout = shanghai.lay_out(one.disclosure, fair(style, writer), printing)
    found, read = claims_of(layout, writer, page, SHANGHAI)
    said = stated(one)
    assert (said - found, found - said) == (Counter(), Counter())
    assert errors(read) == []


@pytest.mark.parametrize("sample", read_samples(), ids=lambda sample: sample.region_code)
def test_every_sample(sample: Sample) -> None:
    name = sample.file_name.rpartition("/")[2]
    rest = find_rest(read_document(sample.data(), name), HEBEI)
    assert_units(rest, sample.disclosure)
    assert_indicators(rest, sample.disclosure, sample.style)
    assert_lines(rest, sample.disclosure)
    assert_assets(rest, sample.disclosure, sample.style)

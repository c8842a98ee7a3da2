"""A document → the rest of its disclosure: annex tables and claims, merged with what the statements say."""

from __future__ import annotations

from dataclasses import replace

from pipeline.annexes.asset import read_assets
from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import Rest, find_rest
from pipeline.annexes.model import Annexes, AnnexRead
from pipeline.annexes.organisation import read_organisation
from pipeline.annexes.performance import read_performance
from pipeline.annexes.procurement import read_procurement
from pipeline.documents.model import Document, Issue
from pipeline.forms.by_part import with_more
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.form import Form
from pipeline.forms.furniture import furniture_of
from pipeline.forms.printed import squash

_BESIDE_THE_BODY = 3  # cells of a row that names the body: beside it the unit and the date


def read_annexes(document: Document, form: Form, disclosure: Disclosure) -> tuple[Disclosure, Annexes]:
    """The disclosure with the figures, rows, states and doubts of its annexes added, and the annexes themselves.

    All of it belongs to part 1: what the units' part prints beside its statements is reported, not read.
    """
    rest = find_rest(document, form, disclosure.taken)
    unit = _unit_of_statements(disclosure, form)
    organisation, of_organisation = read_organisation(rest.of("organisation"), rest.sections, form)
    performance, indicators, of_performance = read_performance(rest.of("performance"), form)
    procurement, of_procurement = read_procurement(rest.of("procurement"), form, disclosure.fiscal_year, unit)
    assets, of_assets = read_assets(rest.of("asset"), form, disclosure.fiscal_year, unit)
    claims, of_claims = read_claims(rest.sections, form, disclosure)
    reads = (of_organisation, of_performance, of_procurement, of_assets, of_claims)
    annexes = Annexes(
        organisation,
        performance,
        indicators,
        procurement,
        assets,
        claims,
        tuple(read.statement for read in reads),
        tuple(figure for read in reads for figure in read.figures),
        tuple(row for read in reads for row in read.rows),
        (*_of_units(rest), *_unclaimed(rest), *(issue for read in reads for issue in _issues(read))),
    )
    return _merged(_with_code(disclosure, rest, form), annexes), annexes


def _with_code(disclosure: Disclosure, rest: Rest, form: Form) -> Disclosure:
    """Where no page of a statement prints the code of the body, the lines above its annexes may."""
    body = next((part for part in disclosure.parts if part.part == 1), None)
    if body is None or body.body_code is not None or body.body_name is None:
        return disclosure
    lines = [line.text for annex in rest.annexes for line in annex.lines]
    lines += [row.filled[0] for annex in rest.annexes for row in annex.rows if len(row.filled) <= _BESIDE_THE_BODY]
    found = [furniture for line in lines if (furniture := furniture_of(squash(line), form))]
    codes = {line.body_code for line in found if line.body_code and line.body_name == squash(body.body_name)}
    if len(codes) != 1:
        return disclosure
    named = replace(body, body_code=codes.pop())
    return replace(disclosure, parts=tuple(named if part is body else part for part in disclosure.parts))


def _merged(disclosure: Disclosure, annexes: Annexes) -> Disclosure:
    return replace(
        disclosure,
        statements=disclosure.statements + annexes.statements,
        figures=with_more(disclosure.figures, 1, annexes.figures),
        rows=with_more(disclosure.rows, 1, annexes.rows),
        issues=disclosure.issues + annexes.issues,
    )


def _issues(read: AnnexRead) -> tuple[Issue, ...]:
    return tuple(replace(issue, statement=read.statement.statement) for issue in read.issues)


def _unit_of_statements(disclosure: Disclosure, form: Form) -> str | None:
    """The one unit that the statements of part 1 print, else None; one with a unit of its own is no witness alone."""
    printed = [s for s in disclosure.statements if s.part == 1 and s.unit]
    witness = any(not form.statements[s.statement].own_unit for s in printed)
    return printed[0].unit if witness and len({s.unit for s in printed}) == 1 else None


def _of_units(rest: Rest) -> tuple[Issue, ...]:
    if not rest.of_units:
        return ()
    what = "the annexes in the part of the units are not loaded"
    return (Issue("warning", what, f"{rest.of_units} tables"),)


def _unclaimed(rest: Rest) -> list[Issue]:
    what = "a table among the prose stands under no title that the form knows; it is not loaded"
    return [Issue("warning", what, section.heading, table.page, table.locator) for section, table in rest.unclaimed]

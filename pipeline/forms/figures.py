"""Documents → figures: every number of every statement with its row, its measure, its unit and its amount in yuan."""

from __future__ import annotations

from dataclasses import replace

from pipeline.documents.model import Document, Issue
from pipeline.forms.by_part import ByPart
from pipeline.forms.disclosure import MISSING_STATEMENT, Choice, Disclosure, Figure, RowRead, StatementRead, Unread
from pipeline.forms.form import STATEMENTS, Form
from pipeline.forms.printed_table import PrintedTable
from pipeline.forms.printed_unit import common_unit
from pipeline.forms.recognise import recognise
from pipeline.forms.sample_mark import is_sample
from pipeline.forms.sections import Unplaced
from pipeline.forms.statement import StatementReader
from pipeline.forms.titles import choose_form, is_known
from pipeline.forms.unplaced import claims_of

MAY_BE_ITS_OWN = "rows that may be those of this statement stand under no title of it; they are not loaded"


def understand(document: Document, forms: tuple[Form, ...]) -> Disclosure:
    """Blocks → figures. Raises UnreadableDocument where the document is no department budget that can be loaded."""
    form = choose_form(document, forms)
    recognised = recognise(document, form)
    unit = common_unit(recognised, form)
    issues = [*document.issues, *recognised.issues]
    figures: ByPart[Figure] = ByPart(Figure)
    statements: list[StatementRead] = []
    rows: ByPart[RowRead] = ByPart(RowRead)
    choices: list[Choice] = []
    unread: list[Unread] = []
    taken: list[PrintedTable] = []
    # a file without any statement is the rest of a publication
    is_complete = recognised.is_complete and any(section.part == 1 for section in recognised.sections)
    for part in recognised.parts:
        sections = {s.statement: s for s in recognised.sections if s.part == part.part}
        figures_here: list[Figure] = []
        rows_here: list[RowRead] = []
        reads: dict[str, StatementRead] = {}
        unplaced = [u for u in recognised.unplaced if part.part == (u.after.part if u.after else 1)]
        for name in [name for name in STATEMENTS if name in sections]:
            read = StatementReader(form, form.statements[name], sections[name], unit, recognised.fiscal_year)
            found = list(read.figures())
            figures_here.extend(found)
            reads[name] = read.outcome(found)
            rows_here.extend(read.printed)
            choices.extend(read.choices)
            unread.extend(read.unread)
            others = read.refused if read.rows else read.refused[1:]  # where nothing is read, the first is its own
            unplaced += [Unplaced(table, [], sections[name]) for table in others]
            if read.unread and sections[name].strays:
                unplaced.append(Unplaced(None, sections[name].strays, sections[name]))
            refused = {id(table.grid) for table in read.refused}
            taken += [table for table in sections[name].tables if id(table.grid) not in refused]
            issues.extend(replace(issue, statement=name) for issue in read.issues)
        claims = claims_of(unplaced, list(sections.values()), form, recognised.fiscal_year)
        for name in [name for name in STATEMENTS if name not in sections]:
            reads[name], issue = _not_found(name, part.part, claims.get(name), form)
            if reads[name].status == "unread":
                unread.append(Unread(part.part, name))
            if part.part == 1 or reads[name].status == "unread":
                issues.append(issue)
        is_complete &= all(read.status != "unread" for read in reads.values())
        is_complete &= not any(place.prints_amounts and not place.among_others for place in unplaced)
        statements += [reads[name] for name in STATEMENTS]
        figures = figures.with_more(part.part, figures_here)
        rows = rows.with_more(part.part, rows_here)
    return Disclosure(
        form.name,
        recognised.kind,
        recognised.fiscal_year,
        recognised.parts,
        tuple(statements),
        figures,
        tuple(issues),
        rows,
        tuple(choices),
        tuple(dict.fromkeys(unread)),
        is_complete,
        bool(recognised.sections) or is_known(document, form),
        _rows_of_grids(taken, document),
        is_sample=is_sample(document),
    )


def _rows_of_grids(tables: list[PrintedTable], document: Document) -> dict[int, frozenset[int]]:
    """The rows of these tables, by the place of their grid among the blocks of the document."""
    place = {id(block): n for n, block in enumerate(document.blocks)}
    rows: dict[int, frozenset[int]] = {}
    for table in tables:
        n = place[id(table.grid)]
        rows[n] = rows.get(n, frozenset()) | frozenset(table.numbers)
    return rows


def _not_found(name: str, part: int, claim: Unplaced | None, form: Form) -> tuple[StatementRead, Issue]:
    """A statement without a title: missing, or unread where rows stand in the document that may be its own."""
    title = form.statements[name].title
    if claim is None:
        return StatementRead(part, name, "missing"), Issue("warning", MISSING_STATEMENT, title, statement=name)
    read = StatementRead(part, name, "unread", page=claim.page, locator=claim.locator)
    return read, Issue("error", MAY_BE_ITS_OWN, title, claim.page, claim.locator, name)

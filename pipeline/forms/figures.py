"""Documents → figures: every number of every statement with its row, its measure, its unit and its amount in yuan."""

from __future__ import annotations

from dataclasses import replace

from pipeline.documents.model import Document, Issue
from pipeline.forms.by_part import ByPart
from pipeline.forms.disclosure import MISSING_STATEMENT, Choice, Disclosure, Figure, RowRead, StatementRead, Unread
from pipeline.forms.form import STATEMENTS, Form
from pipeline.forms.printed_unit import common_unit
from pipeline.forms.recognise import recognise
from pipeline.forms.statement import StatementReader
from pipeline.forms.titles import choose_form


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
    for part in recognised.parts:
        sections = {s.statement: s for s in recognised.sections if s.part == part.part}
        figures_here: list[Figure] = []
        rows_here: list[RowRead] = []
        for name in STATEMENTS:
            section = sections.get(name)
            if section is None:
                statements.append(StatementRead(part.part, name, "missing"))
                if part.part == 1:
                    title = form.statements[name].title
                    issues.append(Issue("warning", MISSING_STATEMENT, title, statement=name))
                continue
            read = StatementReader(form, form.statements[name], section, unit, recognised.fiscal_year)
            found = list(read.figures())
            figures_here.extend(found)
            statements.append(read.outcome(found))
            rows_here.extend(read.printed)
            choices.extend(read.choices)
            unread.extend(read.unread)
            issues.extend(replace(issue, statement=name) for issue in read.issues)
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
    )

"""What the commands show of the published warehouse: status, explain, errata, sql. Everything is read-only."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from pipeline.documents.model import Box
    from pipeline.job import Published


class UserError(Exception):
    """Something that the user can mend; the message says what and how."""


def open_published(settings: Settings) -> duckdb.DuckDBPyConnection:
    import duckdb

    if not settings.published.exists():
        raise UserError(f"there is no {settings.published} yet: yusuan run makes it")
    log = settings.published.with_name(f"{settings.published.name}.wal")
    try:
        log.unlink(missing_ok=True)  # of a session that opened it for writing: it keeps readers out
        return duckdb.connect(str(settings.published), read_only=True)
    except OSError as error:
        raise UserError(
            f"a session that opened the file for writing left {log}; delete it ({error.strerror})"
        ) from error
    except duckdb.Error as error:
        raise UserError(f"{settings.published} cannot be opened: {error}") from error


_DOCUMENTS = """
select d.department_name, f.fiscal_year,
       concat_ws(', ', f.scope, f.format, case when f.is_sample then 'sample' end,
           case when f.is_stale then 'stale' end) as kind,
       f.file_name,
       count(*) filter (s.status = 'present' and s.statement_number is not null) as present,
       count(*) filter (s.status = 'declared_empty' and s.statement_number is not null) as empty,
       count(*) filter (s.status = 'unread' and s.statement_number is not null) as unread,
       count(*) filter (s.status = 'missing' and s.statement_number is not null) as missing,
       coalesce(string_agg(s.statement, ', ' order by s.statement)
           filter (s.status = 'present' and s.statement_number is null), 'none') as annexes,
       (select count(*) from marts.published_figure p where p.document_key = f.document_key) as figures,
       (select count(*) from quality.extraction_issue i
        where i.document_key = f.document_key and i.severity <> 'info') as issues
from marts.dim_document f
join marts.statement_status s on s.document_key = f.document_key and s.part = 1
left join marts.dim_department d on d.department_key = f.department_key
where f.document_key not in ('unknown', 'not_applicable', 'not_broken_down')
group by all order by f.fiscal_year, d.department_name, f.file_name
"""


def show_status(settings: Settings, options: argparse.Namespace) -> int:
    from pipeline import job

    started = time.monotonic()
    with open_published(settings) as connection:
        documents = connection.execute(_DOCUMENTS).fetchall()
    published = job.published_state(settings)
    if published is None:
        raise UserError(f"{settings.published} was not written by yusuan")
    print(f"build {published.build_id}")
    for name, year, kind, file_name, present, empty, unread, missing, annexes, figures, issues in documents:
        print(f"{year} {name or '?'} ({kind})  {file_name}")
        print(
            f"     {present} statements present, {empty} declared empty, {unread} unread, {missing} missing; "
            f"{figures} figures, {issues} issues"
        )
        print(f"     annexes: {annexes}")
    print_summary(published, settings, started)
    return 0


_FIGURE = """
select p.*, d.file_name, d.format, d.is_sample, m.department_name
from marts.published_figure p
join marts.dim_document d on d.document_key = p.document_key
left join marts.dim_department m on m.department_key = p.department_key
where starts_with(p.figure_id, ?)
limit 3
"""


def explain_figure(settings: Settings, options: argparse.Namespace) -> int:
    with open_published(settings) as connection:
        cursor = connection.execute(_FIGURE, [options.figure_id])
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        only = found[0]["figure_id"] if len(found) == 1 else None
        facts = _facts_with(connection, only) if only else []
        identities = _identity_lines(connection, only) if only else []
    if not found:
        raise UserError(
            f"no figure has an id that begins with {options.figure_id}; ids stand in marts.published_figure"
        )
    if len(found) > 1:
        raise UserError(f"several figures have an id that begins with {options.figure_id}: give more of it")
    figure = found[0]
    code = figure["code_as_printed"]
    if code and figure["subject_code"] != code:
        code = f"{code}, resolved to {figure['subject_code']} ({figure['code_resolution']})"
    elif not code and figure["subject_code"]:
        code = f"none, resolved to {figure['subject_code']} ({figure['code_resolution']})"
    where = [f"page {figure['page']}" if figure["page"] else None, figure["locator"]]
    for name, value in (
        ("figure", figure["figure_id"]),
        ("department", figure["department_name"]),
        ("year", figure["fiscal_year"]),
        ("document", f"{figure['file_name']} ({figure['format']}, {figure['document_key']})"),
        *([("sample", "yes: the body and its text are invented")] if figure["is_sample"] else []),
        ("where", ", ".join(filter(None, where)) or "not known in this format"),
        ("statement", figure["statement"]),
        ("row", f"{figure['row_number']} {figure['row_label']}"),
        ("code", code or "none"),
        ("column", figure["measure"]),
        ("as printed", f"{figure['text_as_printed']} {figure['printed_unit'] or ''}".rstrip()),
        ("amount", "none: it is no money" if figure["amount_yuan"] is None else f"{figure['amount_yuan']:,} yuan"),
        ("in the facts", f"yes ({', '.join(facts)})" if facts else "no (a total, or not of a current document)"),
        ("proof", f"{figure['proof_status']}: {figure['proof_count']} identities confirm it"),
    ):
        print(f"{name:<13}{value}")
    for line in identities:
        print(f"{'':<13}{line}")
    if options.picture:
        print(f"{'picture':<13}{_picture(settings, options, figure)}")
    return 0


def _facts_with(connection: duckdb.DuckDBPyConnection, figure_id: str) -> list[str]:
    """The fact tables that hold the figure."""
    tables = connection.execute(
        "select table_name from duckdb_columns() join duckdb_tables() using (schema_name, table_name) "
        "where schema_name = 'marts' and starts_with(table_name, 'fct_') and column_name = 'figure_id' order by 1"
    ).fetchall()
    with_it = "select exists (from marts.{} where figure_id = ?)"
    return [name for (name,) in tables if connection.execute(with_it.format(name), [figure_id]).fetchone() == (True,)]


_IDENTITIES = """
select c.identity_id, c.subject, c.says, c.left_yuan, c.right_yuan, c.status, c.severity, m.confirms,
       (select string_agg(
            case t.side when 'left' then 'L ' else 'R ' end || p.statement || ' ' || p.item || ' ' || p.measure || ' '
            || p.text_as_printed, '; ' order by t.side, p.row_order, p.measure)
        from quality.figure_identity t join marts.published_figure p using (figure_id)
        where t.check_id = m.check_id) as terms
from quality.figure_identity m join quality.identity_check c using (check_id)
where m.figure_id = ? and c.status <> 'not_applicable'
order by not m.confirms, c.identity_id, c.subject
"""


def _identity_lines(connection: duckdb.DuckDBPyConnection, figure_id: str) -> list[str]:
    """The sums that the figure stands in, those that prove it first."""
    lines = []
    found = connection.execute(_IDENTITIES, [figure_id]).fetchall()
    for identity, subject, says, left, right, status, severity, confirms, terms in found:
        sign = "+" if confirms else ("✗" if status == "broken" and severity == "hard" else "·")
        of = f" [{subject}]" if subject else ""
        lines.append(f"{sign} {identity}{of} {says}: {left:,.2f} {'=' if left == right else '≠'} {right:,.2f}")
        lines.append(f"      {terms}")
    return lines


def _picture(settings: Settings, options: argparse.Namespace, figure: dict[str, Any]) -> Path:
    from pipeline.intake import find_file
    from pipeline.picture import NoPicture, draw_page, same_source

    if figure["format"] != "pdf" or not figure["page"] or not figure["bbox"]:
        raise UserError(f"a {figure['format']} document has no pages to show; see where above")
    target = options.out or Path(f"{figure['figure_id']}.png")
    try:
        source = same_source(find_file(settings.raw, figure["file_name"]), figure["document_key"])
        cells = _cells_of_page(source, figure["page"]) if options.cells else []
        draw_page(source, figure["page"], tuple(figure["bbox"]), cells, target)
    except NoPicture as error:
        raise UserError(str(error)) from error
    return Path(target)


def _cells_of_page(source: Path, page: int) -> list[Box]:
    from pipeline.documents.model import Grid
    from pipeline.documents.readers.pdf_grid import read_pdf_grid

    blocks = read_pdf_grid(source.read_bytes()).blocks
    return [cell.bbox for b in blocks if isinstance(b, Grid) and b.page == page for cell in b.cells if cell.bbox]


def show_errata(settings: Settings, options: argparse.Namespace) -> int:
    from pipeline.ledger import as_csv, as_html, as_text, read_ledger

    with open_published(settings) as connection:
        entries = read_ledger(connection, options.verdict)
    print(as_text(entries))
    for path, render in ((options.csv, as_csv), (options.html, as_html)):
        if path is not None:
            path.write_text(render(entries), "utf-8")
            print(f"written: {path}")
    return 0


# no files, no network, no extensions, no variables of this program; and no way back
_SAFE = "; a query sees this file alone: --unsafe lets it read and write other files, too"
_NOTHING_BUT_THIS_FILE = """
set enable_external_access = false; set autoinstall_known_extensions = false; set autoload_known_extensions = false;
set python_enable_replacements = false; set lock_configuration = true
"""


def run_sql(settings: Settings, options: argparse.Namespace) -> int:
    import duckdb

    with open_published(settings) as connection:
        if not options.unsafe:
            connection.execute(_NOTHING_BUT_THIS_FILE)
        try:
            result = connection.sql(options.query)
            if result is not None:
                result.show(max_rows=1000, max_width=200)
        except duckdb.Error as error:
            hint = "" if options.unsafe or not isinstance(error, duckdb.PermissionException) else _SAFE
            raise UserError(f"{error}{hint}") from error
    return 0


def print_summary(published: Published, settings: Settings, started: float) -> None:
    rows = [
        ("documents", published.documents),
        ("statements", published.statements),
        ("figures", published.figures),
        ("issues", published.issues),
        ("quarantined", published.quarantined),
    ]
    print(f"{settings.published}")
    for name, count in rows:
        print(f"  {name:<12}{count:>10,}")
    print(f"  {'time':<12}{time.monotonic() - started:>9.1f}s")
    if published.quarantined:
        for name, reason in _quarantined(settings):
            print(f"  ! {name}: {reason}")


def _quarantined(settings: Settings) -> list[tuple[str, str]]:
    with open_published(settings) as connection:
        query = "select file_name, reason from quality.quarantined_document order by file_name"
        return [(str(name), str(reason)) for name, reason in connection.execute(query).fetchall()]

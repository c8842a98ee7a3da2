"""The command `yusuan`. Heavy libraries are imported by the step that needs them.

Exit codes: 0 done, or nothing new · 1 done, but --strict and a file was quarantined · 2 wrong use, folder or manifest
3 the build is unsound and was not published · 4 another run is at work · 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from pipeline.documents.model import Box
    from pipeline.intake import Intake
    from pipeline.job import Published

EXAMPLES = """examples:
  yusuan run                                   read raw/, publish warehouse/budget.duckdb
  yusuan run --raw ~/disclosures --workers 4   another folder, four documents at a time
  yusuan status                                what the published warehouse holds
  yusuan errata                                what the publishers got wrong
  yusuan sql "from marts.statement_status"     ask it in SQL
  yusuan explain 3f2a9c0e11b7d845              where a figure is printed (figure_id from marts.published_figure)
"""


class UserError(Exception):
    """Something that the user can mend; the message says what and how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_env()
    for name in ("raw", "warehouse", "workers", "strict", "cross_check"):
        if (value := getattr(options, name, None)) is not None:
            settings = replace(settings, **{name: value})
    try:
        command: Callable[[Settings, argparse.Namespace], int] = options.command
        return command(settings, options)
    except UserError as error:
        print(f"yusuan: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("yusuan: interrupted; the published warehouse is as it was", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yusuan",
        description="预算: published department budgets → a DuckDB warehouse; each figure can be shown on its page.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser(
        "run",
        help="read every document below the raw folder and publish the warehouse",
        epilog="example: yusuan run --raw ~/disclosures --warehouse ~/warehouse --workers 4",
    )
    run.add_argument("--raw", type=Path, help="folder with the disclosures (default: raw/)")
    _warehouse(run)
    run.add_argument("--workers", type=_positive, help="documents read at the same time (default: one per core)")
    run.add_argument(
        "--cross-check",
        dest="cross_check",
        choices=("always", "on_doubt", "never"),
        help="read PDF pages a second time by other code (default: always)",
    )
    run.add_argument("--strict", action="store_true", default=None, help="exit with 1 if any file was quarantined")
    run.add_argument("--dagster", action="store_true", help="run the same steps as a Dagster job in this process")
    run.set_defaults(command=_run)

    status = commands.add_parser("status", help="what the published warehouse holds", epilog="example: yusuan status")
    _warehouse(status)
    status.set_defaults(command=_status)

    explain = commands.add_parser(
        "explain",
        help="where a figure is printed: document, page, row, text",
        epilog="example: yusuan explain 3f2a9c0e11b7d845 (a beginning of the id is enough where it is unique)",
    )
    explain.add_argument("figure_id", metavar="FIGURE_ID")
    explain.add_argument(
        "--picture", action="store_true", help="draw the page of a PDF with the cell marked: FIGURE_ID.png"
    )
    explain.add_argument("--cells", action="store_true", help="with --picture: outline every cell that was detected")
    explain.add_argument("--out", type=Path, help="where the picture goes (default: FIGURE_ID.png in this folder)")
    explain.add_argument("--raw", type=Path, help="folder with the disclosures (default: raw/)")
    _warehouse(explain)
    explain.set_defaults(command=_explain)

    errata = commands.add_parser(
        "errata",
        help="what the publishers got wrong: published figure, implied figure, the sum that shows it",
        epilog="example: yusuan errata --verdict publisher --html errata.html",
    )
    errata.add_argument("--verdict", choices=("publisher", "extraction", "undecided"), help="only this verdict")
    errata.add_argument("--csv", type=Path, help="write the ledger as CSV")
    errata.add_argument("--html", type=Path, help="write the ledger as a web page")
    _warehouse(errata)
    errata.set_defaults(command=_errata)

    sql = commands.add_parser(
        "sql",
        help="ask the published warehouse",
        epilog='example: yusuan sql "select department_key, sum(amount_yuan) from marts.fct_expenditure group by all"',
    )
    sql.add_argument("query", metavar="QUERY")
    _warehouse(sql)
    sql.set_defaults(command=_sql)
    return parser


def _warehouse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--warehouse", type=Path, help="folder of the published file (default: warehouse/)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# ── yusuan run ──────────────────────────────────────────────────────────────────────────────────────────────────


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from pipeline import job
    from pipeline.intake import ManifestError

    started = time.monotonic()
    try:
        with job.only_run(settings):
            intake = job.scan(settings)
            if not intake.sources and not intake.rejected:
                raise UserError(f"there is no document below {settings.raw}")
            before = job.published_state(settings)
            if before is not None and before.input_fingerprint == job.fingerprint(settings, intake):
                job.tidy(settings, intake)  # what a run killed after its publication left behind
                print(f"Nothing new: {settings.published} is up to date (build {before.build_id}).")
                _summary(before, settings, started)
                return _exit_code(settings, before.quarantined)
            if options.dagster:
                os.environ["YUSUAN_WAREHOUSE"] = str(settings.warehouse)  # dbt's manifest loads there
                from pipeline.definitions import run_in_process

                run_in_process(settings)
            else:
                _steps(settings, intake)
            after = job.published_state(settings)
            assert after is not None, "the run published a file without its build row"
            job.tidy(settings, intake)
    except (ManifestError, FileNotFoundError) as error:
        raise UserError(str(error)) from error
    except job.AnotherRun as error:
        print(f"yusuan: {error}", file=sys.stderr)
        return 4
    except job.PublicationRefused as error:
        print(f"yusuan: not published; {settings.published} is as it was. Why:\n{error}", file=sys.stderr)
        print(f"The build is kept for a look: {settings.build_file}", file=sys.stderr)
        return 3
    _summary(after, settings, started)
    return _exit_code(settings, after.quarantined)


def _steps(settings: Settings, intake: Intake) -> None:
    from pipeline import job

    if intake.companions:
        _progress(f"{len(intake.companions)} accompanying files are no documents: {', '.join(intake.companions[:5])}")
    _progress(f"{len(intake.sources)} documents in {settings.raw}")
    extraction = job.extract(settings, intake, _progress)
    kept = len(intake.sources) - extraction.read
    _progress(f"read {extraction.read}, unchanged {kept}")
    if not extraction.loaded:
        reasons = [f"{r.file_name}: {r.reason}" for r in (*intake.rejected, *extraction.rejected)]
        raise job.PublicationRefused("no document could be loaded:\n" + "\n".join(f"  {line}" for line in reasons))
    job.stage(settings, intake, extraction)
    _progress("building the tables (dbt)")
    dbt_result = job.transform(settings)
    _progress(f"checking the content (Great Expectations): dbt passed {dbt_result.passed}")
    expectations = job.validate(settings)
    _progress(f"publishing: {sum(r.success for r in expectations)} of {len(expectations)} expectations hold")
    job.publish(settings, dbt_result, expectations)


def _summary(published: Published, settings: Settings, started: float) -> None:
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
    with _open(settings) as connection:
        query = "select file_name, reason from quality.quarantined_document order by file_name"
        return [(str(name), str(reason)) for name, reason in connection.execute(query).fetchall()]


def _exit_code(settings: Settings, quarantined: int) -> int:
    return 1 if settings.strict and quarantined else 0


# ── yusuan status, yusuan explain ───────────────────────────────────────────────────────────────────────────────


def _open(settings: Settings) -> duckdb.DuckDBPyConnection:
    import duckdb

    if not settings.published.exists():
        raise UserError(f"there is no {settings.published} yet: yusuan run makes it")
    try:
        return duckdb.connect(str(settings.published), read_only=True)
    except duckdb.Error as error:
        raise UserError(f"{settings.published} cannot be opened: {error}") from error


_DOCUMENTS = """
select d.department_name, f.fiscal_year, f.scope, f.format, f.file_name,
       count(*) filter (s.status = 'present') as present,
       count(*) filter (s.status = 'declared_empty') as empty,
       count(*) filter (s.status = 'missing') as missing,
       (select count(*) from marts.published_figure p where p.document_key = f.document_key) as figures,
       (select count(*) from quality.extraction_issue i
        where i.document_key = f.document_key and i.severity <> 'info') as issues
from marts.dim_document f
join marts.statement_status s on s.document_key = f.document_key and s.part = 1
left join marts.dim_department d on d.department_key = f.department_key
where f.document_key not in ('unknown', 'not_applicable', 'not_broken_down')
group by all order by f.fiscal_year, d.department_name, f.file_name
"""


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from pipeline import job

    started = time.monotonic()
    with _open(settings) as connection:
        documents = connection.execute(_DOCUMENTS).fetchall()
    published = job.published_state(settings)
    if published is None:
        raise UserError(f"{settings.published} was not written by yusuan")
    print(f"build {published.build_id}")
    for name, year, scope, form, file_name, present, empty, missing, figures, issues in documents:
        print(f"{year} {name or '?'} ({scope}, {form})  {file_name}")
        print(
            f"     {present} statements present, {empty} declared empty, {missing} missing; "
            f"{figures} figures, {issues} issues"
        )
    _summary(published, settings, started)
    return 0


_FIGURE = """
select p.*, d.file_name, d.format, m.department_name
from marts.published_figure p
join marts.dim_document d on d.document_key = p.document_key
left join marts.dim_department m on m.department_key = p.department_key
where starts_with(p.figure_id, ?)
limit 3
"""


def _explain(settings: Settings, options: argparse.Namespace) -> int:
    with _open(settings) as connection:
        cursor = connection.execute(_FIGURE, [options.figure_id])
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        identities = _identity_lines(connection, found[0]["figure_id"]) if len(found) == 1 else []
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
        ("where", ", ".join(filter(None, where)) or "not known in this format"),
        ("statement", figure["statement"]),
        ("row", f"{figure['row_number']} {figure['row_label']}"),
        ("code", code or "none"),
        ("column", figure["measure"]),
        ("as printed", f"{figure['text_as_printed']} {figure['printed_unit']}"),
        ("amount", f"{figure['amount_yuan']:,} yuan"),
        ("in the facts", "yes" if figure["is_additive"] else "no (a total, or not of a current document)"),
        ("proof", f"{figure['proof_status']}: {figure['proof_count']} identities confirm it"),
    ):
        print(f"{name:<13}{value}")
    for line in identities:
        print(f"{'':<13}{line}")
    if options.picture:
        print(f"{'picture':<13}{_picture(settings, options, figure)}")
    return 0


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
    from pipeline.picture import NoPicture, draw_page, find_source

    if figure["format"] != "pdf" or not figure["page"] or not figure["bbox"]:
        raise UserError(f"a {figure['format']} document has no pages to show; see where above")
    target = options.out or Path(f"{figure['figure_id']}.png")
    try:
        source = find_source(settings.raw, figure["file_name"], figure["document_key"])
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


def _errata(settings: Settings, options: argparse.Namespace) -> int:
    from pipeline.ledger import as_csv, as_html, as_text, read_ledger

    with _open(settings) as connection:
        entries = read_ledger(connection, options.verdict)
    print(as_text(entries))
    for path, render in ((options.csv, as_csv), (options.html, as_html)):
        if path is not None:
            path.write_text(render(entries), "utf-8")
            print(f"written: {path}")
    return 0


def _sql(settings: Settings, options: argparse.Namespace) -> int:
    import duckdb

    with _open(settings) as connection:
        try:
            result = connection.sql(options.query)
        except duckdb.Error as error:
            raise UserError(str(error)) from error
        if result is not None:
            result.show(max_rows=1000, max_width=200)
    return 0


if __name__ == "__main__":
    sys.exit(main())

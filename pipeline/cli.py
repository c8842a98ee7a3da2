"""The command `yusuan`. Heavy libraries are imported by the step that needs them.

Exit codes: 0 done, or nothing new · 1 done, but --strict and a file was quarantined · 2 wrong use, folder or manifest
3 the build is unsound and was not published · 4 another run is at work · 5 the machine refused: a full disk, no memory
130 interrupted (Ctrl-C) · 143 ended (SIGTERM).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.curate import keep_departments, load_codes
from pipeline.failures import MACHINE, full_disk, in_words
from pipeline.interrupt import ended_by_signals, on_interrupt
from pipeline.settings import Settings
from pipeline.show import UserError, explain_figure, print_summary, run_sql, show_errata, show_status
from pipeline.shown import plain_output

if TYPE_CHECKING:
    from pipeline.intake import Intake

EXAMPLES = """examples:
  yusuan run                                   read raw/, publish warehouse/budget.duckdb
  yusuan run --raw ~/disclosures --workers 4   another folder, four documents at a time
  yusuan serve --ui 3000                       build whenever the raw folder changes; http://127.0.0.1:3000 shows it
  yusuan status                                what the published warehouse holds
  yusuan errata                                what the publishers got wrong
  yusuan sql "from marts.statement_status"     ask it in SQL
  yusuan explain 3f2a9c0e11b7d845              where a figure is printed (figure_id from marts.published_figure)
  yusuan departments                           departments that wait for their confirmation
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    with plain_output(), ended_by_signals():
        try:
            return _main(arguments)
        except UserError as error:
            return _say(2, str(error))
        except BrokenPipeError:  # the reader of our output (head, less) went away
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as error:
            if (known := in_words(error)) is None:
                raise
            return _say(*known)


def _main(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_env()
    except ValueError as error:
        raise UserError(f"YUSUAN_WORKERS, YUSUAN_KEEP: {error}; give whole numbers") from error
    for name in ("raw", "warehouse", "workers", "strict", "keep", "cross_check"):
        if (value := getattr(options, name, None)) is not None:
            settings = replace(settings, **{name: value})
    command: Callable[[Settings, argparse.Namespace], int] = options.command
    code = command(settings, options)
    sys.stdout.flush()  # what cannot be written is an error of the command
    return code


def _say(code: int, message: str) -> int:
    print(f"yusuan: {message}", file=sys.stderr)
    return code


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
    run.add_argument("--raw", type=_path, help="folder with the disclosures (default: raw/)")
    _warehouse(run)
    run.add_argument("--workers", type=_positive, help="documents read at the same time (default: one per core)")
    run.add_argument(
        "--cross-check",
        dest="cross_check",
        choices=("always", "on_doubt", "never"),
        help="read PDF pages a second time by other code (default: always)",
    )
    run.add_argument("--strict", action="store_true", default=None, help="exit with 1 if any file was quarantined")
    run.add_argument("--keep", type=_number, metavar="N", help="keep so many publications before this one")
    run.add_argument("--dagster", action="store_true", help="run the same steps as a Dagster job in this process")
    run.set_defaults(command=_run)

    serve = commands.add_parser(
        "serve",
        help="watch the raw folder and build when it changes, with Dagster",
        epilog="example: yusuan serve --raw ~/disclosures --warehouse ~/warehouse --ui 3000",
    )
    serve.add_argument("--raw", type=_path, help="folder with the disclosures (default: raw/)")
    _warehouse(serve)
    serve.add_argument("--workers", type=_positive, help="documents read at the same time (default: one per core)")
    serve.add_argument("--ui", type=_positive, metavar="PORT", help="show the graph and the runs at this port")
    serve.set_defaults(command=_serve)

    status = commands.add_parser("status", help="what the published warehouse holds", epilog="example: yusuan status")
    _warehouse(status)
    status.set_defaults(command=show_status)

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
    explain.add_argument("--out", type=_path, help="where the picture goes (default: FIGURE_ID.png in this folder)")
    explain.add_argument("--raw", type=_path, help="folder with the disclosures (default: raw/)")
    _warehouse(explain)
    explain.set_defaults(command=explain_figure)

    errata = commands.add_parser(
        "errata",
        help="what the publishers got wrong: published figure, implied figure, the sum that shows it",
        epilog="example: yusuan errata --verdict publisher --html errata.html",
    )
    errata.add_argument(
        "--verdict", choices=("publisher", "extraction", "undecided", "rounding"), help="only this verdict"
    )
    errata.add_argument("--csv", type=_path, help="write the ledger as CSV")
    errata.add_argument("--html", type=_path, help="write the ledger as a web page")
    _warehouse(errata)
    errata.set_defaults(command=show_errata)

    sql = commands.add_parser(
        "sql",
        help="ask the published warehouse",
        epilog='example: yusuan sql "select department_key, sum(amount_yuan) from marts.fct_expenditure group by all"',
    )
    sql.add_argument("query", metavar="QUERY")
    sql.add_argument("--unsafe", action="store_true", help="let the query use other files, the network, extensions")
    _warehouse(sql)
    sql.set_defaults(command=run_sql)

    codes = commands.add_parser("codes", help="keep the official list of a year's subject codes")
    load = codes.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "load",
        help="load the official list of a year, and say what it changes",
        epilog="example: yusuan codes load 2026年政府收支分类科目.docx --year 2026 --dry-run",
    )
    load.add_argument("file", type=_path, metavar="FILE", help="CSV, text, Word or PDF: a code and a name in each row")
    load.add_argument("--year", type=_positive, required=True, help="the budget year that the list is for")
    load.add_argument("--partial", action="store_true", help="the file is a part of the list: it ends no code")
    load.add_argument("--dry-run", dest="dry_run", action="store_true", help="only say what it would change")
    load.add_argument("--into", type=_path, help="the file that keeps it (default: the one that a run reads)")
    load.set_defaults(command=load_codes)

    departments = commands.add_parser(
        "departments",
        help="departments that the registry does not know yet; confirm them",
        epilog="example: yusuan departments --confirm 130500-文化和旅游局 --as 130500-旅游局 (it was renamed)",
    )
    departments.add_argument("--confirm", nargs="+", metavar="KEY", help="keep these proposals in the registry")
    departments.add_argument("--all", action="store_true", help="keep every proposal")
    departments.add_argument("--as", dest="key", metavar="KEY", help="it is a new name of this department")
    departments.add_argument("--parent", metavar="KEY", help="it is a unit of this department")
    departments.add_argument("--into", type=_path, help="the registry file (default: the one that a run reads)")
    _warehouse(departments)
    departments.set_defaults(command=keep_departments)
    return parser


def _warehouse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--warehouse", type=_path, help="folder of the published file (default: warehouse/)")


def _path(text: str) -> Path:
    return Path(text).absolute()


def _number(text: str) -> int:
    if (number := int(text)) < 0:
        raise argparse.ArgumentTypeError("at least 0")
    return number


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
        with job.only_run(settings), _leaving_nothing(job.abandoning(settings)):
            intake = job.scan(settings)
            if not intake.sources and not intake.rejected:
                raise UserError(f"there is no document below {settings.raw}")
            before = job.published_state(settings)
            if before is not None and before.input_fingerprint == job.fingerprint(settings, intake):
                job.tidy(settings, intake)  # what a run killed after its publication left behind
                print(f"Nothing new: {settings.published} is up to date (build {before.build_id}).")
                print_summary(before, settings, started)
                return _exit_code(settings, before.quarantined)
            if options.dagster:
                os.environ["YUSUAN_WAREHOUSE"] = str(settings.warehouse)  # dbt's manifest loads there
                from pipeline.definitions import run_in_process

                try:
                    run_in_process(settings)
                except job.PublicationRefused as error:
                    _progress(f"the Dagster run was refused ({error}); the steps without it set single documents aside")
                    _steps(settings, intake)
            else:
                _steps(settings, intake)
            after = job.published_state(settings)
            assert after is not None, "the run published a file without its build row"
            job.tidy(settings, intake)
    except (ManifestError, FileNotFoundError, job.UnusableFolder) as error:
        raise UserError(str(error)) from error
    except job.AnotherRun as error:
        return _say(4, str(error))
    except job.PublicationRefused as error:
        if remedy := full_disk(str(error)):
            return _say(MACHINE, f"{settings.warehouse}: {remedy}; {settings.published} is as it was")
        print(f"yusuan: not published; {settings.published} is as it was. Why:\n{error}", file=sys.stderr)
        if settings.build_file.exists():
            print(f"The build is kept for a look: {settings.build_file}", file=sys.stderr)
        return 3
    print_summary(after, settings, started)
    return _exit_code(settings, after.quarantined)


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from pipeline.serve import serve

    if settings.unusable:
        raise UserError(settings.unusable)
    if options.ui and find_spec("dagster_webserver") is None:
        raise UserError('the pages are not installed: pip install "yusuan[ui]", or leave --ui out')
    return serve(settings, options)


@contextmanager
def _leaving_nothing(leave: Callable[[], str]) -> Iterator[None]:
    """A run that is interrupted, or that the machine refuses to go on with, removes what it began: a disk may be full.

    A build that is unsound is kept for a look.
    """
    with on_interrupt(leave):
        try:
            yield
        except Exception as error:
            if full_disk(str(error)) or in_words(error):
                leave()
            raise


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
    built = job.build(settings, intake, extraction, _progress)
    results = built.expectation_results
    _progress(f"publishing: {sum(r.success for r in results)} of {len(results)} expectations hold")
    job.publish(settings, built.dbt_result, results)


def _exit_code(settings: Settings, quarantined: int) -> int:
    return 1 if settings.strict and quarantined else 0


if __name__ == "__main__":
    sys.exit(main())

"""The whole way, step by step: scan → extract → stage → transform → validate → publish.

The command line runs these steps one after the other; the Dagster assets call the same ones. State between steps is
on disk, below the warehouse folder: the Parquet sets in `extracted/`, the build file in `build/`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pipeline.extraction.fingerprint import PACKAGE, digest, files_digest
from pipeline.intake import Intake, Rejected, scan_folder
from pipeline.interrupt import end_children
from pipeline.settings import ROOT, Settings

if TYPE_CHECKING:
    from pipeline.build.expectations import ExpectationResult
    from pipeline.build.transform import DbtResult
    from pipeline.extraction.run import Extraction
    from pipeline.registry.departments import Department

Report = Callable[[str], None]
_LIBRARIES = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pandas", "pyarrow")
_BUILD_INPUTS = {PACKAGE: (".py", ".csv", ".yaml", ".html"), ROOT / "expectations": (".yaml",)}
RUN_ISSUES_FROM = 2**30  # issue numbers of what only a run knows, beside a document's own
INADMISSIBLE = "what was read of it cannot be published"
STALE = "the document could not be read this time and stands as it was published; it is read with the next run"
SET_ASIDE = "the build is not sound with this document and was made without it"


class PublicationRefused(Exception):
    """The build is structurally unsound; the published file stays as it was. The message lists why."""


class UnusableFolder(Exception):
    """Nothing can be built in the warehouse folder that was named; the message says why and what to do."""


class AnotherRun(Exception):
    """Another process is building in this warehouse folder."""


@dataclass(frozen=True, slots=True)
class Built:
    """A sound build in the build folder, and the documents that are in it."""

    extraction: Extraction
    dbt_result: DbtResult
    expectation_results: list[ExpectationResult]


@dataclass(frozen=True, slots=True)
class Published:
    """What the published warehouse holds: its single `quality.build` row."""

    build_id: str
    input_fingerprint: str
    documents: int
    figures: int
    statements: int
    issues: int
    quarantined: int


# ── the steps ───────────────────────────────────────────────────────────────────────────────────────────────────


def scan(settings: Settings) -> Intake:
    """What is in the raw folder. Raises ManifestError, FileNotFoundError."""
    return scan_folder(settings.raw, settings.limits.bytes, settings.warehouse)


def fingerprint(settings: Settings, intake: Intake) -> str:
    """Of all that the published file depends on: documents, manifest, code, forms, dbt, expectations, libraries."""
    from pipeline.build.transform import PROJECT, project_files

    parts: list[str] = [repr(settings.limits), settings.cross_check]
    parts += [f"{s.file_name}|{s.sha256}|{s.entry}" for s in intake.sources]
    parts += [f"{r.file_name}|{r.reason}" for r in intake.rejected]
    parts += intake.unmatched_entries
    for base, suffixes in _BUILD_INPUTS.items():
        parts.append(files_digest([p for p in base.rglob("*") if p.suffix in suffixes and p.is_file()], base))
    parts.append(files_digest(project_files(), PROJECT))
    parts.append(versions())
    return digest(parts)


def complete_fingerprint(settings: Settings, intake: Intake, extraction: Extraction) -> str:
    """The same of what was read: another one while a document waits to be read, so that the next run reads it."""
    mark = fingerprint(settings, intake)
    return digest([mark, *sorted(extraction.waiting)]) if extraction.waiting else mark


def versions() -> str:
    """The libraries that shape a build, with their versions."""
    return ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)


def extract(settings: Settings, intake: Intake, report: Report) -> Extraction:
    """The Parquet set of every document, read or kept; what no build can rest on is rejected with its reason."""
    from pipeline.extraction.run import extract_all

    extraction = extract_all(
        intake.sources,
        settings.extracted_dir,
        settings.workers,
        settings.limits,
        report,
        settings.cross_check,
        lambda: published_keys(settings),
    )
    return admit(extraction, report)


def admit(extraction: Extraction, report: Report) -> Extraction:
    """The documents whose rows a build can rest on, judged one by one."""
    from pipeline.build.admission import faults

    found = faults({source.document_key: folder for source, folder in extraction.loaded}) if extraction.loaded else {}
    return extraction.without({key: f"{INADMISSIBLE}: {reason}" for key, reason in found.items()}, report)


def stage(settings: Settings, intake: Intake, extraction: Extraction) -> None:
    """Write the run's own tables and create the build file, whose views list exactly the files of this run.

    What an interrupted run left behind is removed first.
    """
    from pipeline.build.publish import clean_leftovers
    from pipeline.build.warehouse import create_build_file
    from pipeline.extraction.parquet import write_tables
    from pipeline.extraction.schema import DOCUMENT_TABLES, ISSUE, RUN_TABLES

    clean_leftovers(settings.warehouse)
    shutil.rmtree(settings.build_dir, ignore_errors=True)
    tables_dir = settings.build_dir / "run"
    tables_dir.mkdir(parents=True)
    rows = _run_rows(settings, intake, extraction)
    write_tables(tables_dir, rows, {**RUN_TABLES, "issue": ISSUE})
    tables = {name: extraction.files(name) for name in DOCUMENT_TABLES}
    tables["issue"].append(tables_dir / "issue.parquet")
    tables |= {name: [tables_dir / f"{name}.parquet"] for name in RUN_TABLES}
    create_build_file(settings.build_file, tables)


def build(settings: Settings, intake: Intake, extraction: Extraction, report: Report) -> Built:
    """Stage, transform and validate. A build that single documents break is made without them: they are set aside.

    Raises PublicationRefused where the build as a whole is unsound.
    """
    from pipeline.build.culprits import find_culprits, named_by_failures

    try:
        return _build(settings, intake, extraction, report)
    except PublicationRefused as error:
        refused = str(error)
    report("the build is refused; it is tried without single documents")
    names = {source.document_key: source.file_name for source, _ in extraction.loaded}
    named = named_by_failures(settings.build_file, settings.dbt_target, names)
    tried: dict[tuple[str, ...], str | None] = {}

    def attempt(documents: Sequence[str]) -> str | None:
        if (chosen := tuple(documents)) not in tried:
            try:
                _build(settings, intake, extraction.only(chosen), _silent)
                tried[chosen] = None
            except PublicationRefused as error:
                tried[chosen] = str(error)
        return tried[chosen]

    culprits = find_culprits(list(names), refused, named, attempt)
    if culprits is None:
        rows = [f"{names[key]}: {row}" for key, row in named.items()]
        raise PublicationRefused("\n".join([refused, *rows]))
    reasons = {key: "; ".join(filter(None, (f"{SET_ASIDE}: {why}", named.get(key)))) for key, why in culprits.items()}
    return _build(settings, intake, extraction.without(reasons, report), report)


def _build(settings: Settings, intake: Intake, extraction: Extraction, report: Report) -> Built:
    from pipeline.build.audit import gate

    stage(settings, intake, extraction)
    report("building the tables (dbt)")
    dbt_result = transform(settings)
    report(f"checking the content (Great Expectations): dbt passed {dbt_result.passed}")
    expectation_results = validate(settings)
    if reasons := gate(dbt_result, expectation_results):
        raise PublicationRefused("\n".join(reasons))
    return Built(extraction, dbt_result, expectation_results)


def _silent(line: str) -> None:
    """Of attempts that nobody waits for."""


def transform(settings: Settings) -> DbtResult:
    """dbt: staging, marts, quality, and its tests. Raises PublicationRefused where one of them failed."""
    from pipeline.build.audit import structural_failures
    from pipeline.build.transform import run_dbt

    result = run_dbt(settings.build_file, settings.dbt_target)
    if reasons := structural_failures(result):
        raise PublicationRefused("\n".join(reasons))
    return result


def validate(settings: Settings) -> list[ExpectationResult]:
    """Great Expectations over the built tables; results and data docs."""

    from pipeline.build.expectations import run_expectations

    return run_expectations(settings.build_file, settings.build_docs)


def publish(settings: Settings, dbt_result: DbtResult, expectation_results: list[ExpectationResult]) -> None:
    """Put the build and its data docs in the place of the published ones, if it is sound. Raises PublicationRefused."""
    from pipeline.build.audit import gate
    from pipeline.build.publish import publish as replace_published

    if reasons := gate(dbt_result, expectation_results):
        raise PublicationRefused("\n".join(reasons))
    keep_previous(settings)
    replace_published(settings.build_file, settings.published, settings.build_docs)


def keep_previous(settings: Settings) -> None:
    """Before a publication: what is published stays as ``previous/budget-<UTC time of its publication>.duckdb``.

    A second name of the same file, so it costs nothing until the new one is there; all but ``keep`` of them go.
    """
    if not settings.keep or not settings.published.exists():
        return
    settings.previous.mkdir(exist_ok=True)
    at = datetime.fromtimestamp(settings.published.stat().st_mtime, UTC)
    kept = settings.previous / f"budget-{at:%Y%m%dT%H%M%SZ}.duckdb"
    if not kept.exists():
        try:
            kept.hardlink_to(settings.published)
        except OSError:  # a file system without hard links
            shutil.copy2(settings.published, kept)
    for old in sorted(settings.previous.glob("budget-*.duckdb"))[: -settings.keep]:
        old.unlink()


# ── around the steps ────────────────────────────────────────────────────────────────────────────────────────────


def published_state(settings: Settings) -> Published | None:
    """What the published file says of itself; None where there is none, or none that this version wrote."""
    if not settings.published.exists():
        return None
    import duckdb

    from pipeline.build.publish import forget_log

    with suppress(OSError):  # somebody else's folder
        forget_log(settings.published)

    query = (
        "select build_id, input_fingerprint, document_count, figure_count, statement_count, issue_count, "
        "quarantined_count from quality.build"
    )
    try:
        with duckdb.connect(str(settings.published), read_only=True) as connection:
            row = connection.execute(query).fetchone()
    except duckdb.Error:
        return None
    return Published(*row) if row else None


def published_keys(settings: Settings) -> dict[str, str]:
    """File name → key of every published document; empty where nothing is published."""
    if not settings.published.exists():
        return {}
    import duckdb

    try:
        with duckdb.connect(str(settings.published), read_only=True) as connection:
            query = "select file_name, document_key from marts.dim_document where sha256 is not null"
            return dict(connection.execute(query).fetchall())
    except duckdb.Error:
        return {}


def waiting(settings: Settings) -> int:
    """How many documents of the published file could not be read for a fault that may have passed."""
    import duckdb

    from pipeline.extraction.run import NEXT_RUN

    query = (
        "select (select count(*) from marts.dim_document where is_stale) + "
        "(select count(*) from quality.quarantined_document where ends_with(reason, $1))"
    )
    try:
        with duckdb.connect(str(settings.published), read_only=True) as connection:
            row = connection.execute(query, [NEXT_RUN]).fetchone()
    except duckdb.Error:
        return 0
    return int(row[0]) if row else 0


def tidy(settings: Settings, intake: Intake) -> None:
    """After a publication: the build file and results of documents that are gone or were replaced are not needed."""
    from pipeline.extraction.run import forget_stale

    forget_stale(settings.extracted_dir, intake.sources, settings.cross_check, published_keys(settings).values())
    shutil.rmtree(settings.build_dir, ignore_errors=True)


def abandoning(settings: Settings) -> Callable[[], str]:
    """What an interrupted run does at last: it removes what it began, and says what is published.

    What it has read is whole, and stays for the next one.
    """
    from pipeline.build.publish import clean_leftovers  # now: a signal may come in the middle of an import

    def inode() -> int | None:
        return settings.published.stat().st_ino if settings.published.exists() else None

    def leave() -> str:
        end_children()
        clean_leftovers(settings.warehouse)
        for folder in (settings.build_dir, settings.extracted_dir / ".work"):
            for _ in range(20):  # the threads of dbt and the workers are still writing
                shutil.rmtree(folder, ignore_errors=True)
                if not folder.exists():
                    break
                time.sleep(0.02)
        return "the published warehouse is as it was" if inode() == before else "the new build is published"

    before = inode()
    return leave


@contextmanager
def only_run(settings: Settings) -> Iterator[None]:
    """Hold the warehouse for one run; the lock ends with the process, however it ends.

    Raises AnotherRun, UnusableFolder.
    """
    from filelock import FileLock, Timeout

    if settings.unusable:
        raise UnusableFolder(settings.unusable)
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.warehouse / ".lock", blocking=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise AnotherRun(f"another run is at work in {settings.warehouse}; wait for it to end") from error
    try:
        yield
    finally:
        lock.release()


def _run_rows(settings: Settings, intake: Intake, extraction: Extraction) -> dict[str, list[dict[str, Any]]]:
    departments, issues = _departments(extraction)
    for name in intake.unmatched_entries:
        issues.append(_issue("unknown", len(issues), "warning", "the manifest names a file that is not there", name))
    for source, _ in extraction.loaded:
        if source.file_name in extraction.waiting:
            issues.append(
                _issue(source.document_key, len(issues), "warning", STALE, extraction.waiting[source.file_name])
            )
    mark = complete_fingerprint(settings, intake, extraction)
    rejected: list[Rejected] = sorted((*intake.rejected, *extraction.rejected), key=lambda r: r.file_name)
    return {
        "source_file": [
            {
                "document_key": source.document_key,
                "file_name": source.file_name,
                "byte_size": source.byte_size,
                "source_url": source.entry.source_url if source.entry else None,
                "published_on": source.entry.published_on if source.entry else None,
                "retrieved_at": source.entry.retrieved_at if source.entry else None,
                "is_stale": source.file_name in extraction.waiting,
            }
            for source, _ in extraction.loaded
        ],
        "department": departments,
        "quarantine": [
            {"file_name": r.file_name, "document_key": r.document_key, "reason": r.reason} for r in rejected
        ],
        "build": [
            {
                "build_id": mark[:12],
                "input_fingerprint": mark,
                "yusuan_version": version("yusuan"),
                "versions": versions(),
            }
        ],
        "issue": issues,
    }


def _departments(extraction: Extraction) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The department of each part of each document, and what is doubtful about it."""
    import pyarrow.parquet as pq

    from pipeline.registry.departments import identify, load_gazetteer, load_registry

    gazetteer, known = load_gazetteer(), load_registry()
    rows: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    for source, folder in extraction.loaded:
        publisher: Department | None = None
        for part in pq.read_table(folder / "part.parquet").to_pylist():
            hint = source.entry.region_code if source.entry else None
            region = publisher.region_code if publisher else None
            department = identify(part["body_name"], hint, gazetteer, known, part["fiscal_year"], region)
            if department.doubt:
                what = "the department of the document is not certain"
                issues.append(_issue(source.document_key, len(issues), "warning", what, department.doubt))
            publisher = publisher or department
            rows.append(
                {
                    "document_key": source.document_key,
                    "part": part["part"],
                    "department_key": department.department_key,
                    "department_name": department.department_name,
                    "department_type": department.department_type,
                    "department_code": part["body_code"],
                    "region_code": department.region_code,
                    "parent_department_key": publisher.department_key if part["part"] > 1 else None,
                }
            )
    return rows, issues


def _issue(document_key: str, number: int, severity: str, what: str, text: str) -> dict[str, Any]:
    return {
        "document_key": document_key,
        "issue_number": RUN_ISSUES_FROM + number,
        "severity": severity,
        "statement": None,
        "page": None,
        "locator": None,
        "what": what,
        "text": text,
    }

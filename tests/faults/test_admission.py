"""Whatever the rows of single documents hold, it is their own quarantine, and the rest is published."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import job
from pipeline.build.admission import Rule, faults, load_rules
from pipeline.extraction.fingerprint import result_folders
from pipeline.extraction.schema import DOCUMENT_TABLES
from pipeline.extraction.worker import Task, extract_document
from pipeline.settings import Settings
from tests.command import query, sample
from tests.support import T5_ROWS, statement

Rows = list[dict[str, Any]]
KEY = "0123456789abcdef"


def rows_of(folder: Path, table: str) -> Rows:
    found: Rows = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return found


def some_rows(folder: Path, table: str) -> Rows:
    """The rows of a table; one where it has none."""
    return rows_of(folder, table) or [dict.fromkeys(DOCUMENT_TABLES[table].names)]


def write(folder: Path, table: str, rows: Rows) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=DOCUMENT_TABLES[table]), folder / f"{table}.parquet")


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A sample's key and Parquet set, as its reader wrote it."""
    folder = tmp_path_factory.mktemp("read")
    path = sample("130200-2023")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    task = Task(path, path.name, sha256, result_folders(folder, sha256[:16]), folder / ".work", "never")
    outcome = extract_document(task)
    assert outcome.folder is not None
    return sha256[:16], outcome.folder


@pytest.fixture
def sound(read_once: tuple[str, Path], tmp_path: Path) -> tuple[str, Path]:
    key, folder = read_once
    return key, Path(shutil.copytree(folder, tmp_path / "set"))


def test_what_the_readers_write_is_admitted(read_once: tuple[str, Path]) -> None:
    key, folder = read_once
    assert faults({key: folder}) == {}


# ── every rule ──────────────────────────────────────────────────────────────────────────────────────────────────


def declared(end: str) -> Iterator[tuple[str, str]]:
    """(table, column) of the rules that a dbt model declares."""
    for rule in load_rules():
        name, _, rest = rule.says.partition(" ")
        if rest.startswith(end) and "." in name:
            table, _, column = name.partition(".")
            yield table, column


def test_the_rules_of_the_models_are_found() -> None:
    assert {("figure", "figure_id"), ("claim", "status"), ("erratum", "evidence")} <= set(declared("is "))
    assert len(load_rules()) > 100


@pytest.mark.parametrize(("table", "column"), sorted(set(declared("is never blank"))))
def test_a_blank_where_a_model_requires_a_value(sound: tuple[str, Path], table: str, column: str) -> None:
    key, folder = sound
    rows = some_rows(folder, table)
    rows[0][column] = None
    write(folder, table, rows)
    assert f"{table}.{column} is never blank" in faults({key: folder})[key]


@pytest.mark.parametrize(("table", "column"), sorted(set(declared("is one of"))))
def test_a_value_that_no_model_allows(sound: tuple[str, Path], table: str, column: str) -> None:
    key, folder = sound
    rows = some_rows(folder, table)
    rows[0][column] = "nonsense"
    write(folder, table, rows)
    reason = faults({key: folder})[key]
    assert f"{table}.{column} is one of" in reason and "nonsense" in reason


@pytest.mark.parametrize("table", ["document", "part", "figure", "statement", "issue", "claim", "project", "erratum"])
def test_a_row_twice(sound: tuple[str, Path], table: str) -> None:
    key, folder = sound
    rows = some_rows(folder, table)
    write(folder, table, [*rows, rows[-1]])
    assert f"{table} has one row for each" in faults({key: folder})[key]


def with_first(table: str, **values: Any) -> Callable[[Path], None]:
    """A change of the first row that has one of the columns filled."""

    def change(folder: Path) -> None:
        rows = some_rows(folder, table)
        one = next((row for row in rows if any(row[name] is not None for name in values)), rows[0])
        one.update(values)
        write(folder, table, rows)

    return change


def without_last(table: str) -> Callable[[Path], None]:
    return lambda folder: write(folder, table, rows_of(folder, table)[:-1])


CHANGES: dict[str, Callable[[Path], None]] = {
    "every row is the document's own": with_first("claim", document_key=KEY),
    "a document begins with part 1": with_first("part", part=2),
    "the key of a document is the beginning": with_first("document", sha256="f" * 64),
    "a budget year is one of this century": with_first("document", fiscal_year=20233),
    "its text holds a digit": with_first("figure", text_as_printed="——"),
    "the printed unit of an amount": with_first("figure", printed_unit="万"),
    "never both, never neither": with_first("figure", amount_yuan=1, number=1),
    "an amount is smaller than all": with_first("figure", amount_yuan=10**15),
    "without a decimal point has no 分": with_first(
        "figure", amount_yuan=Decimal("1.5"), printed_unit="元", text_as_printed="15"
    ),
    "has 3, 5 or 7 digits": with_first("figure", subject_code="2010", code_resolution="from_label"),
    "in columns and rows that the project knows": with_first("figure", measure="unheard_of"),
    "as many figures are there": without_last("figure"),
    "a figure stands in checks that were made": with_first("figure_identity", check_number=10**8),
    "an issue says in words": with_first("issue", what="E17"),
    "a project has one performance table": lambda folder: write(
        folder, "project", [row | {"performance_number": 1} for row in rows_of(folder, "project")]
    ),
}


@pytest.mark.parametrize("says", CHANGES)
def test_a_rule_of_its_own(sound: tuple[str, Path], says: str) -> None:
    key, folder = sound
    CHANGES[says](folder)
    assert says in faults({key: folder})[key]


def test_every_rule_of_its_own_is_tried() -> None:
    own: list[Rule] = [rule for rule in load_rules() if " is " not in rule.says[:60] or "." not in rule.says.split()[0]]
    own = [rule for rule in own if "has one row for each" not in rule.says]
    assert [rule.says for rule in own if not any(says in rule.says for says in CHANGES)] == []


def test_the_reason_names_text_and_place_and_the_other_documents_stand(
    sound: tuple[str, Path], read_once: tuple[str, Path], tmp_path: Path
) -> None:
    key, folder = sound
    with_first("figure", printed_unit="万")(folder)
    (figure,) = [row for row in rows_of(folder, "figure") if row["printed_unit"] == "万"]
    other = Path(shutil.copytree(read_once[1], tmp_path / "other"))
    for table in DOCUMENT_TABLES:
        rows = [row | {"document_key": KEY} for row in rows_of(other, table)]
        write(other, table, [row | {"sha256": KEY * 4} for row in rows] if table == "document" else rows)
    found = faults({key: folder, KEY: other})
    assert set(found) == {key}
    assert f"{figure['text_as_printed']} 万 (page {figure['page']}" in found[key]


# ── a run ───────────────────────────────────────────────────────────────────────────────────────────────────────


def bodies(raw: Path, count: int) -> None:
    """Documents of different bodies, the first of them good ones."""
    raw.mkdir()
    for n in range(count):
        text = statement("T5", T5_ROWS, body=f"2{n:02} 邢台市第{'一二三四五六七八九'[n]}中学")
        (raw / f"{n}.txt").write_text(text, "utf-8")


def published(settings: Settings) -> dict[str, list[Any]]:
    """What is published of the document of the first file."""
    return {
        table: query(
            settings.published,
            f"select * from {table} where document_key = (select document_key from marts.dim_document "
            "where file_name = '0.txt') order by all",
        )
        for table in ("marts.published_figure", "marts.statement_status", "marts.fct_budget_amount", "quality.erratum")
    }


def run(settings: Settings, change: dict[str, Callable[[Path], None]]) -> list[str]:
    """A whole run, with the rows of some documents changed behind their readers' back; what was said on the way."""
    said: list[str] = []
    intake = job.scan(settings)
    first = job.extract(settings, intake, said.append)
    for source, folder in first.loaded:
        if source.file_name in change:
            change[source.file_name](folder)
    extraction = job.admit(first, said.append)
    built = job.build(settings, intake, extraction, said.append)
    job.publish(settings, built.dbt_result, built.expectation_results)
    return said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    bodies(tmp_path / "raw", 3)
    return Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse", workers=1)


def test_among_hostile_rows_the_good_document_is_published_as_alone(settings: Settings) -> None:
    alone = Settings(raw=settings.raw.with_name("alone"), warehouse=settings.warehouse.with_name("w2"), workers=1)
    bodies(alone.raw, 1)
    run(alone, {})
    said = run(settings, {"1.txt": with_first("figure", printed_unit="万"), "2.txt": lambda f: write(f, "part", [])})
    assert published(settings) == published(alone)
    reasons = dict(query(settings.published, "select file_name, reason from quality.quarantined_document"))
    assert set(reasons) == {"1.txt", "2.txt"}
    assert "can be turned into yuan: 100.00 万 (line" in reasons["1.txt"]
    assert any("1.txt: quarantined: " in line for line in said)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: write(folder, "figure", [*rows_of(folder, "figure"), rows_of(folder, "figure")[0]]),  # a test
        lambda folder: write(
            folder, "figure", [row | {"measure": None} for row in rows_of(folder, "figure")]
        ),  # a model
    ],
)
def test_what_only_the_gate_sees_is_set_aside_and_the_rest_is_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    monkeypatch.setattr("pipeline.build.admission.faults", lambda folders: {})
    said = run(settings, {"1.txt": change})
    assert query(settings.published, "select document_count from quality.build") == [(2,)]
    ((name, reason),) = query(settings.published, "select file_name, reason from quality.quarantined_document")
    assert name == "1.txt" and job.SET_ASIDE in reason and "dbt: " in reason
    assert any("tried without single documents" in line for line in said)


def test_a_build_that_every_document_breaks_is_refused_with_their_names(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.build.admission.faults", lambda folders: {})
    broken = with_first("figure", figure_id="one id")

    def twice(folder: Path) -> None:
        broken(folder)
        write(folder, "figure", [*rows_of(folder, "figure"), rows_of(folder, "figure")[0]])

    with pytest.raises(job.PublicationRefused, match=r"1\.txt: figure_id one id"):
        run(settings, dict.fromkeys(("0.txt", "1.txt", "2.txt"), twice))
    assert not settings.published.exists()


def test_a_dagster_run_behind_a_refused_one_sets_the_document_aside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dagster as dg

    monkeypatch.setattr("pipeline.build.admission.faults", lambda folders: {})
    monkeypatch.setenv("YUSUAN_RAW", str(settings.raw))
    monkeypatch.setenv("YUSUAN_WAREHOUSE", str(settings.warehouse))
    real = job.extract

    def extract(*arguments: Any) -> Any:
        extraction = real(*arguments)
        folder = next(folder for source, folder in extraction.loaded if source.file_name == "1.txt")
        write(folder, "figure", [row | {"measure": None} for row in rows_of(folder, "figure")])
        return extraction

    monkeypatch.setattr(job, "extract", extract)
    from pipeline.assets.raw import JOB, SET_ASIDE
    from pipeline.definitions import defs

    with dg.DagsterInstance.ephemeral() as instance:
        whole = defs.resolve_job_def(JOB)
        assert whole.execute_in_process(instance=instance, raise_on_error=False, tags={SET_ASIDE: "yes"}).success
    ((name, reason),) = query(settings.published, "select file_name, reason from quality.quarantined_document")
    assert name == "1.txt" and job.SET_ASIDE in reason

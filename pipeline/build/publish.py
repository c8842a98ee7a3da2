"""Publication: a compact copy of the audited build beside the published file, checked, then one atomic rename.

Readers keep the file that they opened and never meet a lock, because nobody ever opens the published path for writing.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

from pipeline.build.copying import PUBLISHED_SCHEMAS, copy_relations
from pipeline.build.warehouse import text_literal

# Not older: onto a v1.0.0 or v1.2.0 file DuckDB replays any log that lies beside it, even one that a crashed session
# wrote to the file we replaced (measured: its rows appear in the new file). From v1.4.0 on both carry an id; a stranger
# is refused. Little is lost: what DuckDB 1.5 writes as v1.0.0 does not open in 1.0 either; BI tools hold 1.4 or later.
STORAGE_VERSION = "v1.4.0"

# Blocks of 256 KiB suit large files; the samples fit in 1.2 MB instead of 8.7 with the smallest. At three million
# figures small blocks would double the file and take three times as long to write.
SMALL_BLOCK = 16_384
SMALL_BUILD = 64_000_000

# Whoever opens the published file for writing leaves a log that locks readers out after the next publication.
READ_ONLY = 0o444

COPY_SUFFIX = ".next"
DOCS = "data_docs"
OLD_DOCS = "data_docs.old"


class PublishError(Exception):
    """The copy is not what was built; the published file was not touched."""


def publish(build_file: Path, target: Path, docs: Path | None = None) -> None:
    """Replace `target` by a compact copy of the build. What fails before the rename leaves `target` as it was.

    `docs` is the site of the checks in the build folder: it becomes `data_docs` beside the target.
    """
    copy = target.with_name(target.name + COPY_SUFFIX)
    target.parent.mkdir(parents=True, exist_ok=True)
    _discard(copy)
    try:
        _compact(build_file, copy)
        _verify(build_file, copy)
        _sync(copy)
        if (
            docs is not None
        ):  # before the file: should this be cut short, the next run finds an old file and builds again
            _replace_docs(docs, target.parent)
        copy.chmod(READ_ONLY)
        forget_log(target)
        _replace(copy, target)
    finally:
        _discard(copy)
    _sync(target.parent)


def forget_log(target: Path) -> bool:
    """Remove the log of a session that opened the file for writing; True if there was one.

    It belongs to that session alone, or to a file that is gone: beside a newer one it keeps every reader out.
    """
    log = _log_of(target)
    if not log.exists():
        return False
    log.unlink(missing_ok=True)
    return True


def clean_leftovers(warehouse: Path) -> None:
    """Remove what a killed run left beside the published files. Call it while holding the warehouse's run lock."""
    for copy in warehouse.glob(f"*.duckdb{COPY_SUFFIX}"):
        _discard(copy)
    docs, old = warehouse / DOCS, warehouse / OLD_DOCS
    if old.exists() and not docs.exists():
        old.replace(docs)
    elif old.exists():
        shutil.rmtree(old)


def _replace(copy: Path, target: Path) -> None:
    try:
        copy.replace(target)
    except PermissionError:  # Windows replaces no read-only file
        if not target.exists():
            raise
        target.chmod(0o644)
        copy.replace(target)


def _replace_docs(built: Path, warehouse: Path) -> None:
    """Two renames, because no folder can replace another that holds files."""
    docs, old = warehouse / DOCS, warehouse / OLD_DOCS
    if old.exists():
        shutil.rmtree(old)
    if docs.exists():
        docs.replace(old)
    built.replace(docs)
    if old.exists():
        shutil.rmtree(old)


def _compact(build_file: Path, copy: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {text_literal(str(build_file))} AS {build_file.stem} (READ_ONLY)")
        block = f", BLOCK_SIZE {SMALL_BLOCK}" if build_file.stat().st_size < SMALL_BUILD else ""
        connection.execute(
            f"ATTACH {text_literal(str(copy))} AS published (STORAGE_VERSION '{STORAGE_VERSION}'{block})"
        )
        connection.execute("BEGIN")  # each statement by itself would wait for the disk: 1,008 times for 54 figures
        copy_relations(connection, build_file.stem, "published")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT published")


def _verify(build_file: Path, copy: Path) -> None:
    """Every table and view holds the same rows. The copy is opened alone: a view that looks elsewhere is found."""
    built, copied = _digests(build_file, build_file.stem), _digests(copy, "published")
    if not built:
        raise PublishError(f"{build_file} holds no table of the schemas {', '.join(PUBLISHED_SCHEMAS)}")
    wrong = sorted(name for name in built.keys() | copied.keys() if built.get(name) != copied.get(name))
    if wrong:
        raise PublishError(f"the copy differs from the build in {', '.join(wrong)}")


def _digests(path: Path, alias: str) -> dict[str, tuple[Any, ...] | None]:
    """Rows and a digest of the rows, in any order, of every relation of the published schemas."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {text_literal(str(path))} AS {alias} (READ_ONLY)")
        names = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_catalog = $1 AND list_contains($2, table_schema) ORDER BY ALL",
            [alias, list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'SELECT count(*), sum(hash(r)::HUGEINT) FROM {alias}."{schema}"."{name}" AS r'
            ).fetchone()
            for schema, name in names
        }


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(copy: Path) -> None:
    copy.unlink(missing_ok=True)
    _log_of(copy).unlink(missing_ok=True)


def _log_of(path: Path) -> Path:
    """Where DuckDB keeps what is not yet in the file."""
    return path.with_name(path.name + ".wal")

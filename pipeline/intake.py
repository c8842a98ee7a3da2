"""What lies in the raw folder: the documents with their SHA-256, what cannot be read and why, and the manifest.

`manifest.csv` in the raw folder is optional. It says what a file cannot say of itself: where it came from, when it was
published and retrieved, and its region where the body's name is ambiguous.
"""

from __future__ import annotations

import csv
import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.shown import readable_names

MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("file_name", "source_url", "published_on", "retrieved_at", "region_code", "note")

# Files that accompany documents and never are one; they are counted, not quarantined.
COMPANIONS = frozenset({".csv", ".md", ".json", ".yaml", ".yml", ".sha256", ".py", ".log"})


class ManifestError(ValueError):
    """raw/manifest.csv is wrong; the message names line and remedy."""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One line of the manifest."""

    file_name: str
    source_url: str | None = None
    published_on: date | None = None
    retrieved_at: datetime | None = None
    region_code: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One document; ``file_name`` is relative to the raw folder and readable, whatever the bytes of its path are;
    ``document_key`` is the head of ``sha256``."""

    path: Path
    file_name: str
    sha256: str
    byte_size: int
    entry: ManifestEntry | None = None

    @property
    def document_key(self) -> str:
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is no readable document, with the reason in words."""

    file_name: str
    reason: str
    document_key: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    sources: tuple[Source, ...]
    rejected: tuple[Rejected, ...]
    companions: tuple[str, ...] = ()
    unmatched_entries: tuple[str, ...] = field(default=())  # manifest lines whose file is not there


def scan_folder(raw: Path, max_bytes: int, warehouse: Path | None = None) -> Intake:
    """Every file below ``raw``, in the order of its name; those of ``warehouse`` are none of them.

    Raises ManifestError, FileNotFoundError (no such folder).
    """
    if not raw.is_dir():
        raise FileNotFoundError(f"there is no folder {raw}: give the folder that holds the disclosures with --raw")
    entries = read_manifest(raw / MANIFEST)
    sources: list[Source] = []
    rejected: list[Rejected] = []
    companions: list[str] = []
    opened: list[Source] = []
    for path, name, problem in _walk(raw, "", (_identity(raw),), warehouse):
        if problem is not None:
            rejected.append(Rejected(name, problem))
        elif path.suffix.lower() in COMPANIONS:
            if name != MANIFEST:
                companions.append(name)
        else:
            found = _open(path, name, max_bytes, entries.get(name))
            if isinstance(found, Rejected):
                rejected.append(found)
            else:
                opened.append(found)
    # of several copies the one that the manifest knows: no other file takes its name, or what is said of it
    kept: dict[str, str] = {}
    for source in sorted(opened, key=lambda source: source.entry is None):
        kept.setdefault(source.sha256, source.file_name)
    for source in opened:
        if (name := kept[source.sha256]) == source.file_name:
            sources.append(source)
        else:
            reason = f"it is byte for byte the same as {name}; delete one of them"
            rejected.append(Rejected(source.file_name, reason, source.document_key))
    known = {s.file_name for s in sources} | {r.file_name for r in rejected}
    return Intake(
        tuple(sources), tuple(rejected), tuple(companions), tuple(sorted(name for name in entries if name not in known))
    )


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def find_file(raw: Path, file_name: str) -> Path:
    """The path of a file by its readable name; where there is none, the path that it would have."""
    path = raw
    for part in file_name.split("/"):
        if not (path / part).exists() and path.is_dir():
            names = readable_names(entry.name for entry in path.iterdir())
            part = next((name for name, shown in names.items() if shown == part), part)
        path = path / part
    return path


def _walk(
    folder: Path, prefix: str, above: tuple[tuple[int, int], ...], warehouse: Path | None
) -> Iterator[tuple[Path, str, str | None]]:
    """(path, name relative to raw, problem) of every entry that is no folder; ``above`` are the folders we are in."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield folder, prefix.rstrip("/") or ".", f"the folder cannot be opened: {error.strerror}"
        return
    names = readable_names(path.name for path in entries)
    for path in entries:
        name = prefix + names[path.name]
        if path.name.startswith((".", "~$")) or path == warehouse:
            continue
        try:
            status = path.stat()
        except OSError as error:
            hint = "; the link leads nowhere" if path.is_symlink() else ""
            yield path, name, f"it cannot be opened: {error.strerror}{hint}"
            continue
        if stat.S_ISDIR(status.st_mode):
            here = (status.st_dev, status.st_ino)
            if here in above:
                yield (
                    path,
                    name,
                    "it is a link back to a folder that contains it (a directory loop); it was not followed",
                )
            else:
                yield from _walk(path, f"{name}/", (*above, here), warehouse)
        elif stat.S_ISREG(status.st_mode):
            yield path, name, None
        else:
            yield path, name, "it is no regular file (a pipe, a socket or a device)"


def _open(path: Path, name: str, max_bytes: int, entry: ManifestEntry | None) -> Source | Rejected:
    try:
        size = path.stat().st_size
        if size == 0:
            return Rejected(name, "the file is empty (0 bytes): download it again")
        if size > max_bytes:
            return Rejected(name, f"the file is larger than {max_bytes // 2**20} MB, the limit for one document")
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        return Rejected(name, f"it cannot be read: {error.strerror}; give the user who runs this read permission")
    return Source(path, name, digest, size, entry)


def read_manifest(path: Path) -> dict[str, ManifestEntry]:
    """The manifest by file name; empty where there is none. Raises ManifestError."""
    if not path.exists():
        return {}
    entries: dict[str, ManifestEntry] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            unknown = set(reader.fieldnames or ()) - set(MANIFEST_COLUMNS)
            if unknown or "file_name" not in (reader.fieldnames or ()):
                raise ManifestError(
                    f"{path}, line 1: the columns are {', '.join(MANIFEST_COLUMNS)}; unknown: {sorted(unknown)}"
                )
            for row in reader:
                entry = _entry(row, f"{path}, line {reader.line_num}")
                if entry.file_name in entries:
                    raise ManifestError(f"{path}, line {reader.line_num}: {entry.file_name} is listed twice")
                entries[entry.file_name] = entry
    except (UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path}: not a CSV file in UTF-8: {error}") from error
    return entries


def _entry(row: dict[str, str | None], where: str) -> ManifestEntry:
    if None in row:
        raise ManifestError(f"{where}: more fields than line 1 has columns; a text with commas stands in quotes")
    values = {key: (value or "").strip() or None for key, value in row.items()}
    name = values.get("file_name")
    if name is None:
        raise ManifestError(f"{where}: file_name is empty")
    try:
        published = values.get("published_on")
        retrieved = values.get("retrieved_at")
        stamp = datetime.fromisoformat(retrieved) if retrieved else None
        return ManifestEntry(
            name,
            values.get("source_url"),
            date.fromisoformat(published) if published else None,
            stamp if stamp is None or stamp.tzinfo else stamp.replace(tzinfo=UTC),
            values.get("region_code"),
        )
    except ValueError as error:
        raise ManifestError(
            f"{where}: {error}; dates are written 2023-02-17, times 2023-02-17T09:00:00+08:00"
        ) from error

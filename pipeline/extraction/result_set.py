"""The result of one document on disk: a folder with its files and a manifest of their digests, or with a reason.

A folder gets its name when all of it is on disk. One whose manifest is missing or does not agree with it is no result.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.extraction.fingerprint import digest
from pipeline.extraction.schema import DOCUMENT_TABLES

MANIFEST = "manifest.json"
_SCHEMA = digest(f"{name}: {schema}" for name, schema in DOCUMENT_TABLES.items())


@dataclass(frozen=True, slots=True)
class Stored:
    """``folder`` of a result; ``reason`` is set where the document could not be read, and will not be."""

    folder: Path
    reason: str | None = None


def keep(work: Path, final: Path, reason: str | None = None, limits: str = "") -> None:
    """Give a finished folder its name; whoever was first keeps it, for the content is the same.

    ``reason``: why there is no result, for good: under these ``limits``, where it is one of them.
    """
    names = sorted(path.name for path in work.iterdir())
    content = {
        "files": {name: _digest(work / name) for name in names},
        "schema": _SCHEMA,
        "reason": reason,
        "limits": limits,
    }
    (work / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    for name in (*names, MANIFEST):
        _to_disk(work / name)
    _to_disk(work)
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        work.rename(final)
    except OSError:
        if not final.is_dir():
            raise
    else:
        _to_disk(final.parent)


def find(folders: Mapping[str, Path], limits: str) -> Stored | None:
    """The result in one of the folders where it may be; a damaged one is deleted, and none is there."""
    for folder in folders.values():
        if not folder.is_dir():
            continue
        content = _manifest(folder)
        if content is not None and content["limits"] in ("", limits):
            return Stored(folder, content["reason"])
        shutil.rmtree(folder, ignore_errors=True)
    return None


def find_older(extracted: Path, document_key: str) -> Path | None:
    """A result that other code or another setting left, of the same tables; the newest of several."""
    found = [
        folder
        for folder in sorted(extracted.glob(f"{document_key}-*"), key=lambda path: path.stat().st_mtime_ns)
        if (content := _manifest(folder)) is not None and content["reason"] is None
    ]
    return found[-1] if found else None


def _manifest(folder: Path) -> dict[str, str | None] | None:
    """The manifest of a folder that is as it says; None for any other."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        names = {path.name for path in folder.iterdir()} - {MANIFEST}
        sound = content["schema"] == _SCHEMA and names == set(content["files"])
        if sound and all(_digest(folder / name) == known for name, known in content["files"].items()):
            return {"reason": content["reason"], "limits": content["limits"]}
    except (OSError, ValueError, KeyError, TypeError):  # cut off, gone, or something else altogether
        return None
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except PermissionError:  # Windows opens no folder; its rename is on disk when it returns
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

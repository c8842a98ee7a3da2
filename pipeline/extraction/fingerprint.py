"""What shaped a result: a change in any of it makes the result stale, nothing else does.

A document's Parquet set depends on its bytes, on the reading code, its data files and libraries, on the
titles of every form (they choose the form) and on the whole of its own form.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import yaml

from pipeline.forms.form import FORM_FOLDER, form_files

PACKAGE = Path(__file__).resolve().parents[1]
_READING_CODE = ("documents", "forms", "annexes", "proof", "extraction", "reference")
_READING_FILES = (".py", ".csv", ".yaml", ".ttf")
_READING_LIBRARIES = ("camelot-py", "lxml", "playa-pdf", "pyarrow", "pypdfium2", "pyyaml")


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256 over parts, each with its length, as hex."""
    result = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        result.update(len(data).to_bytes(8, "big") + data)
    return result.hexdigest()


def files_digest(paths: Iterable[Path], base: Path) -> str:
    """Digest of files: their names relative to ``base`` and their bytes."""
    parts: list[str | bytes] = []
    for path in sorted(paths):
        parts += [path.relative_to(base).as_posix(), path.read_bytes()]
    return digest(parts)


@lru_cache(maxsize=1)
def reading_digest() -> str:
    """Of the code, the reference codes and the libraries that read documents (forms apart)."""
    files = [
        path
        for folder in _READING_CODE
        for path in (PACKAGE / folder).rglob("*")
        if path.suffix in _READING_FILES and path.is_file() and path not in form_files(FORM_FOLDER)
    ]
    versions = [f"{name} {version(name)}" for name in _READING_LIBRARIES]
    return digest([files_digest(files, PACKAGE), sys.version.split()[0], *versions])


@lru_cache(maxsize=1)
def form_digests() -> dict[str, str]:
    """Form name → digest of the form; the key "" is the digest of what tells the forms apart."""
    digests: dict[str, str] = {}
    titles: list[str] = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in form_files(FORM_FOLDER):
        raw = yaml.load(path.read_bytes(), Loader=loader)
        digests[raw["form"]] = digest([path.read_bytes()])
        shared = [raw["form"], raw["title_prefix"], raw["title_suffix"]]
        titles += shared + [title for statement in raw["statements"].values() for title in statement["titles"]]
    digests[""] = digest(titles)
    return digests


def result_folders(extracted: Path, document_key: str, cross_check: str = "always") -> tuple[tuple[str, Path], ...]:
    """Where a document's result belongs, for each form that may turn out to be its own ("" for none)."""
    forms = form_digests()
    every_form = digest(sorted(forms.values()))  # a document that no form reads depends on all of them
    folders = []
    for name, own in forms.items():
        key = digest([reading_digest(), forms[""], own if name else every_form, name, cross_check])[:12]
        folders.append((name, extracted / f"{document_key}-{key}"))
    return tuple(folders)

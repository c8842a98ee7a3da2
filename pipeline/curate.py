"""The commands that keep the committed lists: official codes, and the registry of departments."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.settings import Settings
from pipeline.show import UserError, open_published


def load_codes(settings: Settings, options: argparse.Namespace) -> int:
    """yusuan codes load FILE --year YEAR: the official list of a year, and what it changes."""
    from pipeline.codes import OFFICIAL, CodeListError, load_list
    from pipeline.documents.model import UnreadableDocument

    into: Path = options.into or OFFICIAL
    try:
        loaded = load_list(
            options.file, options.year, not options.partial, date.today(), into, write=not options.dry_run
        )
    except (CodeListError, UnreadableDocument, UnicodeDecodeError, OSError) as error:
        raise UserError(str(error)) from error
    for part in loaded:
        kinds = Counter(change.kind for change in part.changes)
        counts = ", ".join(f"{kinds[kind]} {kind}" for kind in ("renamed", "added", "ended"))
        print(f"{part.tree} {options.year}: {len(part.codes)} codes; {part.confirmed} as known, {counts}")
        for change in part.changes:
            before = f"{change.before} → " if change.before else ""
            print(f"  {change.kind:<8} {change.code:<8} {before}{change.name}")
    if options.dry_run:
        print("nothing was kept (--dry-run)")
    else:
        print(f"kept in {into}; the next `yusuan run` reads all documents with it")
    return 0


_NAMES = """
select department_key, department_name, region_code, registry_status, first_fiscal_year, documents
from marts.department_name where registry_status <> 'confirmed'
order by registry_status, department_key, department_name
"""


def keep_departments(settings: Settings, options: argparse.Namespace) -> int:
    """yusuan departments: what the build proposes for the registry; --confirm keeps it."""
    from pipeline.registry.departments import REGISTRY, Registered, RegistryError, confirm

    with open_published(settings) as connection:
        rows = connection.execute(_NAMES).fetchall()
    proposed = {
        key: Registered(key, name, region or "", options.parent or "", str(year or ""))
        for key, name, region, status, year, _ in rows
        if status == "proposed"
    }
    if not options.confirm and not options.all:
        for key, name, _, status, year, documents in rows:
            print(f"{status:<10} {key}  {name}  {year or '?'}  {documents} documents")
        print(f"{len(rows)} names are not in the registry; yusuan departments --confirm KEY, or --all, keeps them")
        if len(rows) > len(proposed):
            print("ambiguous: give region_code in raw/manifest.csv")
        return 0
    chosen = list(proposed) if options.all else options.confirm
    if unknown := [key for key in chosen if key not in proposed]:
        raise UserError(f"{unknown[0]} is not proposed; yusuan departments lists what is")
    if (options.key or options.parent) and len(chosen) != 1:
        raise UserError("--as and --parent say something of one department: confirm one at a time")
    lines = [proposed[key] for key in chosen]
    if options.key:  # a new name of a department that the registry knows: its key says its region
        lines = [replace(line, department_key=options.key, region_code=options.key[:6]) for line in lines]
    into: Path = options.into or REGISTRY
    try:
        added = confirm(into, lines, date.today())
    except RegistryError as error:
        raise UserError(str(error)) from error
    for line in added:
        print(f"confirmed  {line.department_key}  {line.department_name}")
    print(f"kept in {into}")
    return 0

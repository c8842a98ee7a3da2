"""Which department a document is about: the printed name, its region, and a key that is kept for good.

The key is `<region_code>-<name without its region>` at first sight. `departments.csv` beside this module is the
committed registry: a name listed there keeps its key whatever the rule would say, so that a renamed department stays
one department. A name that two regions share is never guessed: the manifest's `region_code` decides, or the region
stays unknown and an issue names the remedy. What a build finds is a proposal until a person confirms it
(`yusuan departments`).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline.forms.printed import squash

REGISTRY = Path(__file__).with_name("departments.csv")
TYPES = Path(__file__).with_name("department_types.yaml")
REGIONS = Path(__file__).parents[1] / "reference" / "regions.csv"


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Department:
    """``doubt`` says in words what is not certain, with its remedy."""

    department_key: str
    department_name: str
    department_type: str  # the name without its region, in the word that stands for all regions
    region_code: str | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """One line of the registry: a name of a department, and the budget years in which it has it."""

    department_key: str
    department_name: str
    region_code: str = ""
    parent_department_key: str = ""  # of a unit: its department
    first_fiscal_year: str = ""
    last_fiscal_year: str = ""  # blank while in use
    confirmed_on: str = ""
    note: str = ""

    def holds_in(self, year: int | None) -> bool:
        first, last = self.first_fiscal_year, self.last_fiscal_year
        return year is None or ((not first or int(first) <= year) and (not last or year <= int(last)))


class RegistryError(ValueError):
    """The registry contradicts itself, or a confirmation does; the message says how to mend it."""


class Gazetteer:
    """Regions by name and by their parents."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}
        self._by_first: dict[str, list[Region]] = defaultdict(list)
        for region in self._by_code.values():
            self._by_first[region.name[:1]].append(region)

    def __getitem__(self, code: str) -> Region:
        return self._by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def ancestors(self, code: str) -> list[str]:
        """The codes of the regions that contain this one, nearest first."""
        chain: list[str] = []
        parent = self._by_code[code].parent_code
        while parent and parent in self._by_code and parent not in chain:
            chain.append(parent)
            parent = self._by_code[parent].parent_code
        return chain

    def split(self, name: str) -> list[tuple[Region, str]]:
        """Every way to read a name as (region, rest): 河北省廊坊市教育局 → 廊坊市, 教育局. Deepest regions only."""
        found: list[tuple[Region, str]] = []
        for region in self._by_first.get(name[:1], []):
            if not name.startswith(region.name) or len(name) == len(region.name):
                continue
            rest = name[len(region.name) :]
            inner = [(r, t) for r, t in self.split(rest) if region.code in self.ancestors(r.code)]
            found.extend(inner or [(region, rest)])
        longest = max((len(name) - len(rest) for _, rest in found), default=0)
        return [(region, rest) for region, rest in found if len(name) - len(rest) == longest]


Known = Mapping[str, Sequence[str | Registered]]


def identify(
    name: str | None,
    region_hint: str | None,
    gazetteer: Gazetteer,
    known: Known,
    fiscal_year: int | None = None,
    publisher_region: str | None = None,
) -> Department:
    """The department of a printed name. ``known``: the registry, name → its lines (or keys).

    ``fiscal_year`` decides where the registry gives one name to different departments in different years.
    ``publisher_region`` is where the department is that publishes a unit's statements: a unit whose name says no
    region, or one of several, is there.
    """
    plain = squash(name or "")
    if not plain:
        return Department(
            "unknown", "unknown", "unknown", None, "the document names no body; it belongs to no department"
        )
    if region_hint and region_hint not in gazetteer:
        return _unplaced(plain, f"the manifest's region_code {region_hint} is no region; correct raw/manifest.csv")
    entries = _keys(known.get(plain, ()), fiscal_year)
    readings = _readings(plain, gazetteer)
    if publisher_region and not readings:
        readings = [(gazetteer[publisher_region], plain)]
    elif publisher_region and len(readings) > 1:
        here = [r for r in readings if publisher_region in (r[0].code, *gazetteer.ancestors(r[0].code))]
        readings = here if len(here) == 1 else readings
    if region_hint:
        entries = [key for key in entries if key.startswith(f"{region_hint}-")]
        readings = [r for r in readings if r[0].code == region_hint] or [(gazetteer[region_hint], plain)]
    if len(entries) == 1:
        code, _, rest = entries[0].partition("-")
        return Department(entries[0], plain, department_type(rest), code if code in gazetteer else None)
    if len(readings) == 1:
        region, rest = readings[0]
        return Department(f"{region.code}-{rest}", plain, department_type(rest), region.code)
    if readings:
        places = "、".join(
            f"{r.code} {''.join(gazetteer[c].name for c in gazetteer.ancestors(r.code)[::-1])}{r.name}"
            for r, _ in readings
        )
        return _unplaced(
            plain, f"the region in {plain} is ambiguous: {places}; give region_code in raw/manifest.csv", readings[0][1]
        )
    return _unplaced(plain, f"no region is found in the name {plain}; give region_code in raw/manifest.csv")


def department_type(rest: str) -> str:
    """What the same office is called everywhere, of a name without its region: 财政厅 → 财政局."""
    for pattern, kind in _types()[1]:
        if match := pattern.fullmatch(rest):
            return match.expand(kind)
    return rest


def _keys(entries: Sequence[str | Registered], year: int | None) -> list[str]:
    """The keys that a name stands for in a year, each once; in any year where none of them holds in this one."""
    lines = [e for e in entries if isinstance(e, Registered)]
    chosen = [e for e in lines if e.holds_in(year)] or lines
    return sorted({e.department_key for e in chosen} | {e for e in entries if isinstance(e, str)})


def _readings(name: str, gazetteer: Gazetteer) -> list[tuple[Region, str]]:
    """Ways to read a name as (region, rest), with what stands before the region: 中共邢台市委组织部."""
    if found := gazetteer.split(name):
        return found
    for prefix in _types()[0]:
        if name.startswith(prefix):
            return [
                # 邢台市委 is 邢台市 and its 市委: the one 市 is written for both
                (region, prefix + (region.name[-1] if rest.startswith("委") and rest[1:2] != "员" else "") + rest)
                for region, rest in gazetteer.split(name[len(prefix) :])
            ]
    return []


def _unplaced(name: str, doubt: str, rest: str | None = None) -> Department:
    return Department(f"unknown-{name}", name, department_type(rest or name), None, doubt)


@lru_cache(maxsize=1)
def _types() -> tuple[tuple[str, ...], tuple[tuple[re.Pattern[str], str], ...]]:
    import yaml

    content = yaml.safe_load(TYPES.read_text(encoding="utf-8"))
    return tuple(content["prefixes"]), tuple((re.compile(t["pattern"]), t["type"]) for t in content["types"])


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    with REGIONS.open(encoding="utf-8", newline="") as lines:
        return Gazetteer(
            Region(row["region_code"], row["region_name"], row["parent_code"] or None) for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=1)
def load_registry() -> dict[str, list[Registered]]:
    """Printed name → lines of the registry."""
    known: dict[str, list[Registered]] = defaultdict(list)
    for line in read_registry(REGISTRY):
        known[squash(line.department_name)].append(line)
    return dict(known)


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────


def read_registry(path: Path) -> list[Registered]:
    """The lines of a registry file. Raises RegistryError where a line cannot be meant."""
    with path.open(encoding="utf-8", newline="") as lines:
        registry = [Registered(**row) for row in csv.DictReader(lines)]
    check_registry(registry)
    return registry


def check_registry(registry: Sequence[Registered]) -> None:
    """One region for each key, years and dates that are some, no name listed twice. Raises RegistryError."""
    regions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for line in registry:
        where = f"{line.department_key} {line.department_name}"
        if not re.fullmatch(r"\d{6}-.+", line.department_key):
            raise RegistryError(f"{where}: a key is a region code, a hyphen and a name")
        if regions.setdefault(line.department_key, line.region_code) != line.region_code:
            raise RegistryError(f"{where}: the department has two regions")
        if (line.department_key, line.department_name) in seen:
            raise RegistryError(f"{where}: listed twice")
        seen.add((line.department_key, line.department_name))
        years = [year for year in (line.first_fiscal_year, line.last_fiscal_year) if year]
        if not all(re.fullmatch(r"20\d\d", year) for year in years) or years != sorted(years):
            raise RegistryError(f"{where}: its years are {' and '.join(years)}")
        if line.confirmed_on:
            try:
                date.fromisoformat(line.confirmed_on)
            except ValueError as error:
                raise RegistryError(f"{where}: confirmed_on: {error}") from error


def confirm(path: Path, new: Sequence[Registered], on: date) -> list[Registered]:
    """Add lines to a registry file, dated; returns what was added. Raises RegistryError and leaves the file as it was.

    A new name of a department that the registry has ends the name before it, the year before the new one begins.
    """
    registry = read_registry(path)
    held = {(line.department_key, line.department_name) for line in registry}
    added = [
        Registered(**{**asdict(line), "confirmed_on": on.isoformat()})
        for line in new
        if (line.department_key, line.department_name) not in held
    ]
    for line in added:
        registry = [_ended(old, line) for old in registry]
    registry = sorted([*registry, *added], key=lambda r: (r.department_key, r.first_fiscal_year, r.department_name))
    check_registry(registry)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [f.name for f in fields(Registered)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(line) for line in registry)
    return added


def _ended(old: Registered, new: Registered) -> Registered:
    begins_later = old.first_fiscal_year < new.first_fiscal_year
    if old.department_key != new.department_key or old.last_fiscal_year or not begins_later:
        return old
    return Registered(**{**asdict(old), "last_fiscal_year": str(int(new.first_fiscal_year) - 1)})

"""Which department a document is about: the printed name, its region, and a key that is kept for good.

The key is `<region_code>-<name without its region>` at first sight. `departments.csv` beside this module is the
committed registry: a name listed there keeps its key whatever the rule would say. A name that two regions share is
never guessed: the manifest's `region_code` decides, or the region stays unknown and an issue names the remedy.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.forms.printed import squash

REGISTRY = Path(__file__).with_name("departments.csv")
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
    department_type: str  # the name without its region
    region_code: str | None
    doubt: str | None = None


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


def identify(
    name: str | None, region_hint: str | None, gazetteer: Gazetteer, known: dict[str, list[str]]
) -> Department:
    """The department of a printed name. ``known``: registry, name → (key, region_code) rows."""
    plain = squash(name or "")
    if not plain:
        return Department(
            "unknown", "unknown", "unknown", None, "the document names no body; it belongs to no department"
        )
    entries = known.get(plain, [])
    if region_hint and region_hint not in gazetteer:
        return _unplaced(plain, f"the manifest's region_code {region_hint} is no region; correct raw/manifest.csv")
    readings = gazetteer.split(plain)
    if region_hint:
        entries = [key for key in entries if key.startswith(f"{region_hint}-")]
        readings = [r for r in readings if r[0].code == region_hint] or [(gazetteer[region_hint], plain)]
    if len(entries) == 1:
        code, _, rest = entries[0].partition("-")
        return Department(entries[0], plain, rest, code if code in gazetteer else None)
    if len(readings) == 1:
        region, rest = readings[0]
        return Department(f"{region.code}-{rest}", plain, rest, region.code)
    if readings:
        places = "、".join(
            f"{r.code} {''.join(gazetteer[c].name for c in gazetteer.ancestors(r.code)[::-1])}{r.name}"
            for r, _ in readings
        )
        return _unplaced(
            plain, f"the region in {plain} is ambiguous: {places}; give region_code in raw/manifest.csv", readings[0][1]
        )
    return _unplaced(plain, f"no region is found in the name {plain}; give region_code in raw/manifest.csv")


def _unplaced(name: str, doubt: str, rest: str | None = None) -> Department:
    return Department(f"unknown-{name}", name, rest or name, None, doubt)


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    with REGIONS.open(encoding="utf-8", newline="") as lines:
        return Gazetteer(
            Region(row["region_code"], row["region_name"], row["parent_code"] or None) for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=1)
def load_registry() -> dict[str, list[str]]:
    """Printed name → keys of the registry."""
    known: dict[str, list[str]] = defaultdict(list)
    with REGISTRY.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            known[squash(row["department_name"])].append(row["department_key"])
    return dict(known)

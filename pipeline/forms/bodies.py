"""Sections → parts: which body a document is about, for which year, and which statements are its units' own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.documents.model import Issue, UnreadableDocument
from pipeline.forms.disclosure import Part
from pipeline.forms.printed import squash
from pipeline.forms.sections import Recognised, Section

T = TypeVar("T")


@dataclass(slots=True)
class Cover:
    """What names body and year outside the statements: the cover, the headings, the first sentence."""

    headings: list[tuple[str | None, int, str]] = field(default_factory=list)  # body name, year, 部门 or 单位
    names: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)

    def names_another_department(self, name: str | None) -> bool:
        """Do the headings so far name a department, and never this body?"""
        names = {known for known, _, _ in self.headings}
        return name is not None and name not in names and any(n and of == "部门" for n, _, of in self.headings)


def identify(sections: list[Section], cover: Cover, issues: list[Issue]) -> Recognised:
    """The sections with their bodies, the budget year and the kind; ``issues`` gets what is in doubt.

    Raises UnreadableDocument where there is no year, or the statements of two departments.
    """
    _mark_units(sections)
    own = [s for s in sections if not s.in_units_part]
    names = sum((s.body_names for s in own), Counter[str]())
    codes = sum((s.body_codes for s in own), Counter[str]())
    years = sum((s.years for s in sections), Counter[int]())
    heading_names = cover.names + Counter(name for name, _, _ in cover.headings if name)
    heading_years = Counter(year for _, year, _ in cover.headings)
    titled_years = Counter({int(year): count for year, count in _in_titles(_YEAR, sections).items()})
    scopes = Counter(scope for _, _, scope in cover.headings if scope) or _in_titles(_SCOPE, sections)

    if len(names) > 1:
        repeated = {s.statement for s in own if sum(1 for o in own if o.statement == s.statement and o.tables) > 1}
        joined = any(len(s.body_names) > 1 and len(s.body_codes) > 1 for s in own)  # 甲's table, then 乙's same table
        if repeated or joined:
            raise UnreadableDocument(
                f"the statements of two departments are in one file ({'、'.join(sorted(names))}): split the file"
            )
        issues.append(Issue("warning", "the pages name different bodies", "、".join(sorted(names))))
    name = _winner(names) or _winner(heading_names)
    year = _winner(years) or _winner(heading_years) or _winner(titled_years) or _winner(cover.years)
    if year is None:
        raise UnreadableDocument("it prints no budget year (预算年度: …, or …年部门预算)")
    if len(years) > 1:
        issues.append(Issue("warning", "the pages print different budget years", "、".join(map(str, sorted(years)))))
    if name is None:
        issues.append(Issue("error", "the document names no body", ""))
    if own and len(names) == 0:
        issues.append(Issue("info", "no page of a statement names its body; taken from a heading", name or ""))

    scope = "unit" if _winner(scopes) == "单位" else "department"
    parts = [Part(1, scope, name, _winner(codes))]
    kept = _split_parts(sections, parts, issues)
    all_kept = sum(bool(s.tables) for s in sections) == sum(bool(s.tables) for s in kept)
    return Recognised("budget", year, tuple(parts), tuple(kept), tuple(issues), is_complete=all_kept)


_YEAR, _SCOPE = re.compile(r"20\d\d(?=年)"), re.compile(r"部门|单位")


def _in_titles(pattern: re.Pattern[str], sections: list[Section]) -> Counter[str]:
    """What the titles of the statements say first of it."""
    return Counter(match[0] for section in sections if (match := pattern.search(squash(section.title))))


def _mark_units(sections: list[Section]) -> None:
    """Statements printed again for a body whose code begins with the department's: a unit's, whatever the heading."""
    codes = sum((s.body_codes for s in sections[:1]), Counter[str]())
    names = sum((s.body_names for s in sections[:1]), Counter[str]())
    department, name = _winner(codes), _winner(names)
    if department is None or name is None:
        return
    begun = False
    for section in sections:
        code = _winner(section.body_codes)
        if code is not None and _winner(section.body_names) != name and code != department:
            begun = code.startswith(department)
        elif code is not None or section.body_names:
            begun = False
        section.in_units_part = section.in_units_part or begun


def _split_parts(sections: list[Section], parts: list[Part], issues: list[Issue]) -> list[Section]:
    """Give each section its part: 1 for the document's own body, one more for each unit with statements of its own."""
    kept: list[Section] = []
    seen: dict[int, set[str]] = {1: set()}
    for section in sections:
        if section.in_units_part:
            body = _winner(section.body_names)
            latest = parts[-1]
            if latest.part == 1 or section.statement in seen[latest.part] or (body and body != latest.body_name):
                latest = Part(latest.part + 1, "unit", body, _winner(section.body_codes))
                parts.append(latest)
                seen[latest.part] = set()
            section.part = latest.part
        elif section.statement in seen[1]:
            earlier = next(k for k in kept if k.part == 1 and k.statement == section.statement)
            if earlier.tables and section.tables:
                issues.append(
                    Issue(
                        "error",
                        "the statement is printed a second time; only the first is loaded",
                        section.title,
                        section.page,
                        section.locator,
                        section.statement,
                    )
                )
                continue
            if not section.tables:
                continue
            kept.remove(earlier)
        seen[section.part].add(section.statement)
        kept.append(section)
    return kept


def _winner(counts: Counter[T]) -> T | None:
    """The most frequent value; the first seen of equals."""
    return counts.most_common(1)[0][0] if counts else None

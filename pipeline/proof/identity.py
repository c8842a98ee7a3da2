"""What an identity says, read from the YAML files and checked for unknown keys.

`identities.yaml` holds what the statements say of each other, `annex_identities.yaml` what the prose and the annexes
say of them; both have the same shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from pipeline.proof.relations import BOUNDS, Relation

IDENTITIES = Path(__file__).with_name("identities.yaml")
ANNEX_IDENTITIES = Path(__file__).with_name("annex_identities.yaml")
Severity = Literal["hard", "soft"]
Places = tuple[tuple[str, str, str], ...]  # statement, item, measure


class IdentityError(ValueError):
    """identities.yaml is wrong; the message names the identity."""


@dataclass(frozen=True, slots=True)
class Term:
    statements: tuple[str, ...]
    items: tuple[str, ...]
    measures: tuple[str, ...]
    or_parts: tuple[str, ...] = ()
    upper_only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    among: frozenset[str] = frozenset()
    has_variable: bool = False
    first: bool = False

    @property
    def variable(self) -> str | None:
        return self.items[0] if len(self.items) == 1 and self.has_variable else None


@dataclass(frozen=True, slots=True)
class Identity:
    id: str
    says: str
    severity: Severity
    at_most: bool
    each: str
    of: str | None
    only: tuple[str, ...]
    if_printed: tuple[tuple[str, str, str], ...]  # statement, "item" or "measure", name
    if_any_printed: tuple[tuple[str, str, str], ...]
    unless_printed: tuple[tuple[str, str, str], ...]
    if_nil: tuple[tuple[str, str, str], ...]  # statement, item, measure
    or_equal: tuple[tuple[str, str, str], ...]  # what else says that nothing is there
    unless_nil_parts: tuple[tuple[str, str, str], tuple[tuple[str, str, str], ...]] | None  # a cell and its parts
    unless_less_by: tuple[tuple[tuple[str, str, str], ...], ...]  # wholes, parts, what the parts may leave out
    if_same: tuple[tuple[Places, Places], ...]  # two sums
    appropriations_only: bool
    whole_may_stand_alone: bool
    whole_may_be_blank: bool
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    statements: frozenset[str]
    relation: Relation = "equal"
    items: tuple[str, ...] = ()
    needs: Literal["nothing", "left", "all"] = "nothing"
    row_without: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    complete_with: tuple[frozenset[str], ...] = ()
    facts: tuple[str, ...] = ()
    or_right: tuple[tuple[Term, ...], ...] = ()
    or_holds: tuple[tuple[Term, ...], ...] = ()
    only_slips: bool = False
    known: bool = False
    may_differ: bool = False
    required: frozenset[str] = frozenset()  # ``statements`` without those of other right sides
    row_needs: frozenset[str] = frozenset()  # measures that the row must print, told from ``needs`` and the terms


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────


def _tuple(raw: Any) -> tuple[str, ...]:
    return tuple(raw) if isinstance(raw, list) else (str(raw),)


def _term(raw: Mapping[str, Any], where: str) -> Term:
    if unknown := set(raw) - {"in", "item", "measure", "or_parts", "upper_only", "among", "first"}:
        raise IdentityError(f"{where}: a term has unknown keys {sorted(unknown)}")
    upper = raw.get("upper_only", {})
    return Term(
        _tuple(raw["in"]),
        _tuple(raw["item"]),
        _tuple(raw["measure"]),
        tuple(raw.get("or_parts", ())),
        tuple((name, tuple(parts)) for name, parts in upper.items()),
        frozenset(raw.get("among", ())),
        any(item.startswith("$") for item in _tuple(raw["item"])),
        bool(raw.get("first")),
    )


_KEYS = {
    *("id", "says", "severity", "relation", "each", "of", "only", "if_printed", "if_any_printed", "unless_printed"),
    *("if_nil", "or_equal", "unless_nil_parts", "unless_less_by", "if_same", "if_appropriations_only"),
    *("whole_may_stand_alone", "whole_may_be_blank", "needs", "left", "right", "or_holds"),
}
_ANNEX_KEYS = {
    "items",
    "row_without",
    "marked",
    "complete_with",
    "if_fact",
    "or_right",
    "only_slips",
    "known",
    "may_differ",
}
_RELATIONS: frozenset[str] = frozenset(get_args(Relation))


def _row_needs(raw: Mapping[str, Any]) -> frozenset[str]:
    sides = {"left": ("left",), "all": ("left", "right")}.get(raw.get("needs", ""), ())
    terms = (term for side in sides for term in raw[side] if term["item"] == "$row")
    return frozenset(m for term in terms for m in _tuple(term["measure"]) if not m.startswith("$"))


def _named_in(*terms: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for term in terms for name in _tuple(term["in"]))


def _printed(raw: Iterable[Mapping[str, str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((e["in"], "item" if "item" in e else "measure", e.get("item") or e["measure"]) for e in raw)


def _whole_and_parts(
    raw: Mapping[str, Any] | None,
) -> tuple[tuple[str, str, str], tuple[tuple[str, str, str], ...]] | None:
    if raw is None:
        return None
    (whole,) = _places(raw["whole"])
    return whole, _places(raw["parts"])


def _places(raw: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    return tuple((raw["in"], item, raw["measure"]) for item in _tuple(raw["item"]))


def parse_identities(text: str) -> tuple[Identity, ...]:
    """The identities of a YAML text. Raises IdentityError."""
    found: list[Identity] = []
    for raw in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["identities"]:
        where = f"identity {raw.get('id')}"
        if unknown := set(raw) - _KEYS - _ANNEX_KEYS:
            raise IdentityError(f"{where}: unknown keys {sorted(unknown)}")
        if (relation := raw.get("relation", "equal")) not in _RELATIONS:
            raise IdentityError(f"{where}: relation is {relation!r}")
        either = raw.get("or_right", ())
        holding = raw.get("or_holds", ())
        found.append(
            Identity(
                id=str(raw["id"]),
                says=raw["says"],
                severity=raw.get("severity", "hard"),
                at_most=relation in BOUNDS,
                each=raw.get("each", "once"),
                of=raw.get("of"),
                only=tuple(raw.get("only", ())),
                if_printed=_printed(raw.get("if_printed", ())),
                if_any_printed=_printed(raw.get("if_any_printed", ())),
                unless_printed=_printed(raw.get("unless_printed", ())),
                if_nil=tuple(place for e in raw.get("if_nil", ()) for place in _places(e)),
                or_equal=tuple(place for e in raw.get("or_equal", ()) for place in _places(e)),
                unless_nil_parts=_whole_and_parts(raw.get("unless_nil_parts")),
                unless_less_by=tuple(_places(raw["unless_less_by"][k]) for k in ("whole", "part", "by"))
                if "unless_less_by" in raw
                else (),
                if_same=tuple(
                    (_places(one), tuple(place for e in others for place in _places(e)))
                    for one, others in raw.get("if_same", ())
                ),
                appropriations_only=bool(raw.get("if_appropriations_only")),
                whole_may_stand_alone=bool(raw.get("whole_may_stand_alone")),
                whole_may_be_blank=bool(raw.get("whole_may_be_blank")),
                left=tuple(_term(term, where) for term in raw["left"]),
                right=tuple(_term(term, where) for term in raw["right"]),
                statements=_named_in(*raw["left"], *raw["right"], *(t for terms in (*either, *holding) for t in terms)),
                relation=relation,
                items=tuple(raw.get("items", ())),
                needs=raw.get("needs", "nothing"),
                row_without=tuple(raw.get("row_without", ())),
                marked=tuple(raw.get("marked", ())),
                complete_with=tuple(frozenset(items) for items in raw.get("complete_with", ())),
                facts=tuple(raw.get("if_fact", ())),
                or_right=tuple(tuple(_term(term, where) for term in terms) for terms in either),
                or_holds=tuple(tuple(_term(term, where) for term in terms) for terms in holding),
                only_slips=bool(raw.get("only_slips")),
                known=bool(raw.get("known")),
                may_differ=bool(raw.get("may_differ")),
                required=_named_in(*raw["left"], *raw["right"]),
                row_needs=_row_needs(raw),
            )
        )
    if len({identity.id for identity in found}) != len(found):
        raise IdentityError("two identities have the same id")
    return tuple(found)


@lru_cache(maxsize=1)
def load_identities() -> tuple[Identity, ...]:
    """The identities of the statements, beside this module. Raises IdentityError."""
    return parse_identities(IDENTITIES.read_text("utf-8"))


@lru_cache(maxsize=1)
def load_annex_identities() -> tuple[Identity, ...]:
    """The identities of the prose and the annexes. Raises IdentityError."""
    return parse_identities(ANNEX_IDENTITIES.read_text("utf-8"))


@lru_cache(maxsize=1)
def compared_by_code() -> frozenset[str]:
    """The statements that some identity compares code by code: they share one classification."""
    return frozenset(s for i in load_identities() if i.each in ("code", "class") for s in i.statements)


@lru_cache(maxsize=1)
def listed_by_code() -> frozenset[str]:
    """The statements that list codes below each other."""
    return frozenset(i.of for i in load_identities() if i.each == "parent" and i.of)

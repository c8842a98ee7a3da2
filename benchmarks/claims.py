"""How much of the prose becomes claims, with which subjects: counted against a plain search for numbers.

    python -m benchmarks.claims [FILES]

Without FILES: the sample documents in raw/. ``found`` counts what a regular expression of its own finds in the
sections on income and spending, operating funds, three public items, procurement and assets: digits before 元, 万元,
亿元 or %. A claim is known where its subject is not ``other:``. What is left over is listed: limits (单价 20 万元以上)
belong there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import ProseSection, find_rest
from pipeline.annexes.model import Claim
from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.titles import choose_form
from pipeline.settings import ROOT

SECTIONS = ("overview", "agency_operating", "three_public", "procurement", "asset")
_NUMBER = re.compile(r"([\d０-９][\d０-９,，.．]*)\s*(?:亿元|万元|元|%|％)")
_NOT_DIGITS = re.compile(r"[^\d.]")


@dataclass(frozen=True, slots=True)
class Coverage:
    """``left``: the numbers that are no claims, with what stands around them."""

    found: int
    claimed: int
    known: int
    left: tuple[str, ...]


def _digits(text: str) -> str:
    narrow = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    return _NOT_DIGITS.sub("", narrow).strip(".")


def _found(sections: Sequence[ProseSection]) -> list[tuple[tuple[str, str], str]]:
    """((section, digits), what stands around) of each number, found on its own."""
    found: list[tuple[tuple[str, str], str]] = []
    for section in sections:
        # a sentence goes on in the next paragraph
        text = "".join(paragraph.text for paragraph in section.paragraphs)
        for match in _NUMBER.finditer(text) if section.kind in SECTIONS else ():
            around = text[max(0, match.start() - 20) : match.end() + 10]
            found.append(((section.kind, _digits(match[1])), " ".join(around.split())))
    return found


def coverage(sections: Sequence[ProseSection], claims: Sequence[Claim]) -> Coverage:
    """What of the numbers found is claimed. A number that is printed twice must be claimed twice."""
    found = _found(sections)
    rest = Counter(place for place, _ in found)
    claimed = known = 0
    for claim in claims:
        place = claim.section, _digits(claim.text)
        if claim.figure is not None and rest[place] > 0:
            rest[place] -= 1
            claimed += 1
            known += not claim.subject.startswith("other:")
    left: list[str] = []
    for place, around in reversed(found):
        if rest[place] > 0:
            rest[place] -= 1
            left.append(f"{place[0]}: …{around}…")
    return Coverage(len(found), claimed, known, tuple(reversed(left)))


def measure(path: Path) -> tuple[Coverage, tuple[Claim, ...]]:
    """The coverage of one document. Raises UnreadableDocument."""
    document, forms = read_document(path.read_bytes(), path.name), load_forms()
    form, disclosure = choose_form(document, forms), understand(document, forms)
    sections = find_rest(document, form).sections
    claims, _ = read_claims(sections, form, disclosure)
    return coverage(sections, claims), claims


def _line(name: str, c: Coverage) -> str:
    return f"{c.found:6} {c.claimed:7} {_share(c.claimed, c.found)} {c.known:6} {_share(c.known, c.found)}  {name}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:6.1f}%" if whole else "      –"


def _sample_documents() -> list[Path]:
    return sorted(path for path in (ROOT / "raw").rglob("*") if path.suffix in (".pdf", ".docx", ".txt"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--sentences", action="store_true", help="print every claim below its sentence")
    options = parser.parse_args(arguments)
    print(f"{'found':>6} {'claims':>7} {'share':>7} {'known':>6} {'share':>7}  document")
    total = Coverage(0, 0, 0, ())
    for path in options.files or _sample_documents():
        try:
            measured, claims = measure(path)
        except UnreadableDocument as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            continue
        print(_line(path.name, measured))
        for claim in claims if options.sentences else ():
            said = f"{claim.subject} {claim.measure} {claim.value} {claim.unit} {claim.compared_year}"
            print(f"    {said} | {claim.sentence}")
        for text in measured.left:
            print(f"    left: {text}")
        for claim in claims:
            if claim.subject.startswith("other:"):
                print(f"    unknown: {claim.section}: {claim.subject} {claim.text} {claim.unit}")
        total = Coverage(
            total.found + measured.found, total.claimed + measured.claimed, total.known + measured.known, ()
        )
    print(_line("all", total))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the document's own arithmetic finds: good documents are damaged in every way that happens, and asked.

    python -m benchmarks.proof_power [--raw DIR] [--most N | --every]

Documents: the samples below DIR, and beside the checkout the sound seed texts and the real PDFs where they are. Damage
counts as *detected* where a hard identity that held does not hold exactly any more, and as *located* where the faults
found are unique and name the damaged cells and no other, or the statement that is wrong as a whole. *accused* counts
the damages for which a unique fault names a cell that is sound, *proven* those after which a wrong figure still is.
Each kind is tried on at most N places of each document (default 60), evenly spread; --every tries all, single digits in
every position. Numbers are taken from the sums of prove() itself, nothing is stubbed.

The prose and the annexes are measured apart: one printed number is wrong at a time, drawn with a fixed seed. Damage is
*detected* where the ledger gains an entry, *located* where it gains one, at that number, that implies what was printed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import Any

from pipeline.annexes.model import Annexes, Claim
from pipeline.annexes.projects import link_projects
from pipeline.annexes.read import read_annexes
from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument
from pipeline.forms.disclosure import Disclosure, Figure, RowRead
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.printed import parse_amount
from pipeline.proof.check import Check
from pipeline.proof.locate import Place
from pipeline.proof.prove import PartProof, prove
from pipeline.proof.verdict import Erratum, errata
from pipeline.settings import ROOT

SHARED = ROOT.parent / "shared"
GOOD_SEEDS = ("000", "002", "004")  # 001 has no statements, 003 is a damaged capture
SUFFIXES = {".docx", ".pdf", ".txt"}
T9 = "three_public"
MEASURED_ANNEXES = ("claim", "procurement", "asset")
FEN = Decimal("0.01")

Cell = tuple[str, str, str]  # statement, item, measure: the place whatever its row's number
CheckKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Damage:
    """What is printed after it, and the cells that are wrong then. A row that is gone or doubled may shift no other."""

    kind: str
    figures: tuple[Figure, ...]
    rows: tuple[RowRead, ...]
    cells: frozenset[Cell]
    whole: tuple[str, int | None] | None = None  # of a statement as a whole: which, and the power of ten it is off by


@dataclass(slots=True)
class Good:
    """A document that is right, and what holds in it."""

    name: str
    disclosure: Disclosure
    units: Mapping[str, int]
    base: PartProof
    exact: frozenset[CheckKey] = frozenset()
    broken: frozenset[CheckKey] = frozenset()
    milliseconds: float = 0.0
    whole: Disclosure | None = None  # with the annexes
    annexes: Annexes = field(default_factory=Annexes)
    format: str = ""
    milliseconds_whole: float = 0.0
    figures: frozenset[Figure] = frozenset()


@dataclass(slots=True)
class Tally:
    tried: int = 0
    detected: int = 0
    located: int = 0
    accused: int = 0
    proven: int = 0
    missed: Counter[str] = field(default_factory=Counter)


# ── documents ───────────────────────────────────────────────────────────────────────────────────────────────────


def documents(raw: Path, say: Callable[[str], None]) -> list[Good]:
    """Every good document that is here; what is skipped is said. Documents with the same figures count once."""
    forms = load_forms()
    units = {form.name: form.units for form in forms}
    paths = [path for key in GOOD_SEEDS for path in sorted((SHARED / "seeds").glob(f"{key}_*.txt"))]
    if not paths:
        say(f"skipped: the seed texts, {SHARED / 'seeds'} is absent")
    paths += sorted(path for path in raw.rglob("*") if path.suffix in SUFFIXES)
    real = sorted((SHARED / "real").glob("*.pdf"))
    if not real:
        say(f"skipped: the real PDFs, {SHARED / 'real'} is absent")
    found: list[Good] = []
    known: dict[frozenset[tuple[Cell, Decimal]], str] = {}
    for path in [*paths, *real]:
        try:
            document = read_document(path.read_bytes(), path.name)
            disclosure = understand(document, forms)
        except UnreadableDocument as error:
            say(f"skipped: {path.name}: {error}")
            continue
        content = frozenset((_cell(figure), figure.amount_yuan) for figure in disclosure.figures)
        if not content:
            say(f"skipped: {path.name}: no statement in it")
        elif content in known:
            say(f"skipped: {path.name}: the same figures as {known[content]}")
        else:
            known[content] = path.name
            good = _good(path.name, disclosure, units[disclosure.form])
            form = next(form for form in forms if form.name == disclosure.form)
            good.whole, good.annexes = read_annexes(document, form, disclosure)
            good.format = document.format
            projects, _ = link_projects(good.annexes)
            _, good.milliseconds_whole = _timed(good.whole, good.units, good.annexes, projects)
            found.append(good)
    return found


def _timed(disclosure: Disclosure, units: Mapping[str, int], *annexes: Any) -> tuple[PartProof, float]:
    """The proof of part 1 and the median of its cost in ms of CPU."""
    times: list[float] = []
    for _ in range(5):
        started = time.process_time()
        (proof, *_) = prove(disclosure, units, *annexes)
        times.append(time.process_time() - started)
    return proof, 1000 * sorted(times)[len(times) // 2]


def _good(name: str, disclosure: Disclosure, units: Mapping[str, int]) -> Good:
    proof, milliseconds = _timed(disclosure, units)
    status = _status(proof)
    return Good(
        name,
        disclosure,
        units,
        proof,
        frozenset(key for key, found in status.items() if found == "exact"),
        frozenset(key for key, found in status.items() if found in ("broken", "within_rounding")),
        milliseconds,
        figures=frozenset(disclosure.figures),
    )


def _status(proof: PartProof) -> dict[CheckKey, str]:
    return {_key(check): check.status for check in proof.checks if _is_hard(check)}


def _key(check: Check) -> CheckKey:
    return check.identity.id, check.subject, check.measure


def _is_hard(check: Check) -> bool:
    return check.identity.severity == "hard"


def _cell(figure: Figure) -> Cell:
    return figure.statement, figure.item, figure.measure


# ── damages ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Damages:
    """Everything that can happen to one document, kind by kind."""

    def __init__(self, good: Good, every: bool) -> None:
        self.figures = tuple(good.disclosure.figures)
        self.rows = tuple(good.disclosure.rows)
        self.units = good.units
        self.every = every
        self.measures = {s.statement: s.measures for s in good.disclosure.statements if s.part == 1}

    def _changed(self, kind: str, changes: Mapping[int, Figure | None]) -> Damage:
        """Figures by index replaced, or blanked."""
        figures = [changes.get(n, figure) for n, figure in enumerate(self.figures)]
        cells = {_cell(f) for n, new in changes.items() for f in (self.figures[n], new) if f is not None}
        return Damage(kind, tuple(f for f in figures if f is not None), self.rows, frozenset(cells))

    def _as(self, figure: Figure, text: str) -> Figure | None:
        """The figure with another text; None where no reader would take it."""
        amount = Decimal(text.replace(",", "")) * self.units[figure.printed_unit]
        if amount != amount.quantize(FEN) or amount == figure.amount_yuan:
            return None
        return replace(figure, text_as_printed=text, amount_yuan=amount)

    def _texts(self, kind: str, texts: Callable[[int, str], Iterator[str]], zeros: bool = False) -> Iterator[Damage]:
        for n, figure in enumerate(self.figures):
            if bool(figure.amount_yuan) is not zeros:
                for text in texts(n, figure.text_as_printed):
                    if (new := self._as(figure, text)) is not None:
                        yield self._changed(kind, {n: new})

    def _digits(self, n: int, text: str) -> Iterator[str]:
        places = [k for k, char in enumerate(text) if char.isdecimal()]
        for k in places if self.every else {places[n % len(places)], places[-1]}:
            yield text[:k] + str((int(text[k]) + 1 + n % 9) % 10) + text[k + 1 :]

    def digit(self) -> Iterator[Damage]:
        yield from self._texts("one digit", self._digits)

    def zero(self) -> Iterator[Damage]:
        yield from self._texts("one digit of a printed zero", self._digits, zeros=True)

    def transposed(self) -> Iterator[Damage]:
        def swapped(n: int, text: str) -> Iterator[str]:
            places = [k for k, char in enumerate(text) if char.isdecimal()]
            pairs = [(a, b) for a, b in pairwise(places) if text[a] != text[b]]
            for a, b in pairs if self.every else pairs[n % len(pairs) :][:1] if pairs else []:
                yield text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]

        yield from self._texts("two digits transposed", swapped)

    def point(self) -> Iterator[Damage]:
        def moved(n: int, text: str) -> Iterator[str]:
            plain = text.replace(",", "")
            for power in (10, Decimal("0.1")):
                yield f"{Decimal(plain) * power:f}"

        yield from self._texts("decimal point moved", moved)

    def blank(self) -> Iterator[Damage]:
        for n, figure in enumerate(self.figures):
            if figure.amount_yuan:
                yield self._changed("figure blanked", {n: None})

    def _printed_rows(self) -> Iterator[list[int]]:
        """The figures, by index, of each row that prints a number other than zero."""
        numbered = sorted(range(len(self.figures)), key=lambda n: (self.figures[n].statement, self._row(n)))
        for _, row in groupby(numbered, key=lambda n: (self.figures[n].statement, self._row(n))):
            found = list(row)
            if any(self.figures[n].amount_yuan for n in found):
                yield found

    def _row(self, n: int) -> tuple[int, str]:
        return self.figures[n].row_order, self.figures[n].item

    def _row_read(self, n: int) -> RowRead:
        figure = self.figures[n]
        place = (figure.statement, figure.row_order, figure.item)
        return next(row for row in self.rows if (row.statement, row.order, row.item) == place)

    def dropped(self) -> Iterator[Damage]:
        for row in self._printed_rows():
            gone = self._row_read(row[0])
            yield Damage(
                "row dropped",
                tuple(f for n, f in enumerate(self.figures) if n not in row),
                tuple(r for r in self.rows if r is not gone),
                self._not_zero(row),
            )

    def doubled(self) -> Iterator[Damage]:
        for row in self._printed_rows():
            again = self._row_read(row[0])
            order = 10_000 + again.order
            yield Damage(
                "row doubled",
                (*self.figures, *(replace(self.figures[n], row_order=order) for n in row)),
                (*self.rows, replace(again, order=order)),
                self._not_zero(row),
            )

    def _not_zero(self, row: Sequence[int]) -> frozenset[Cell]:
        return frozenset(_cell(self.figures[n]) for n in row if self.figures[n].amount_yuan)

    def repeated(self) -> Iterator[Damage]:
        """One wrong number in all the cells of a row that print the same."""
        for number, row in enumerate(self._printed_rows()):
            by_text: dict[str, list[int]] = defaultdict(list)
            for n in row:
                if self.figures[n].amount_yuan:
                    by_text[self.figures[n].text_as_printed].append(n)
            for text, same in by_text.items():
                wrong = next(iter(self._digits(number, text)))
                new = {n: self._as(self.figures[n], wrong) for n in same}
                if len(same) > 1 and None not in new.values():
                    yield self._changed("wrong value repeated along its row", new)

    def shifted(self) -> Iterator[Damage]:
        """All numbers of a row one column to the right; the last one falls off."""
        for row in self._printed_rows():
            first = self.figures[row[0]]
            here = {self.figures[n].measure: n for n in row}
            columns = [m for m in self.measures[first.statement] if m != "revenue"]
            if first.measure == "revenue" or len(columns) < 2 or not set(here) <= set(columns):
                continue
            new = {
                here[measure]: replace(self.figures[here[measure]], measure=right)
                for measure, right in pairwise(columns)
                if measure in here
            }
            if columns[-1] in here:
                new[here[columns[-1]]] = self.figures[here[columns[-1]]]
            yield self._moved("row shifted by one column", new, fallen=here.get(columns[-1]))

    def exchanged(self) -> Iterator[Damage]:
        """Two columns of a statement, each under the other's header."""
        for statement, measures in self.measures.items():
            for a, b in combinations(measures, 2):
                if statement == "budget_summary" and "revenue" in (a, b):
                    continue  # the two halves of the table have rows of their own
                if statement == "appropriation_summary" and "revenue" in (a, b):
                    continue
                other = {a: b, b: a}
                new = {
                    n: replace(figure, measure=other[figure.measure])
                    for n, figure in enumerate(self.figures)
                    if figure.statement == statement and figure.measure in other
                }
                damage = self._moved("columns exchanged", new)
                if damage.cells:
                    yield damage

    def _moved(self, kind: str, new: Mapping[int, Figure], fallen: int | None = None) -> Damage:
        """Figures at other places; wrong are the places whose amount is another one."""
        figures = [new.get(n, figure) for n, figure in enumerate(self.figures) if n != fallen]
        before = Counter({self._place(f): int(f.amount_yuan * 100) for f in self.figures})
        after = Counter({self._place(f): int(f.amount_yuan * 100) for f in figures})
        wrong = {place for place in before.keys() | after.keys() if before[place] != after[place]}
        return Damage(kind, tuple(figures), self.rows, frozenset((s, item, m) for s, _, item, m in wrong))

    def _place(self, figure: Figure) -> tuple[str, int, str, str]:
        return figure.statement, figure.row_order, figure.item, figure.measure

    def torn(self) -> Iterator[Damage]:
        """A row whose numbers all lose their last digit to another page, where it stands in a row without a label."""
        for row in self._printed_rows():
            read = self._row_read(row[0])
            rest = replace(
                read, order=10_000 + read.order, number=0, label="", item=f"unrecognised_{10_000 + read.order}"
            )
            rest = replace(rest, subject_code=None)
            new, left = dict[int, Figure | None](), list[Figure]()
            for n in row:
                figure, text = self.figures[n], self.figures[n].text_as_printed
                if not figure.amount_yuan or "." not in text:
                    continue
                amount = Decimal(text[:-1].replace(",", "")) * self.units[figure.printed_unit]
                new[n] = replace(figure, text_as_printed=text[:-1], amount_yuan=amount)
                digit = Decimal(text[-1]) * self.units[figure.printed_unit]
                piece = replace(
                    figure, text_as_printed=text[-1], amount_yuan=digit, row_order=rest.order, item=rest.item
                )
                left.append(replace(piece, row_label="", code_as_printed=None, subject_code=None))
            wrong = {n: f for n, f in new.items() if f is not None and f.amount_yuan != self.figures[n].amount_yuan}
            if wrong:
                damage = self._changed("row torn by a page", new)
                cells = frozenset(_cell(figure) for figure in wrong.values())
                yield replace(damage, figures=(*damage.figures, *left), rows=(*self.rows, rest), cells=cells)

    def drafts(self) -> Iterator[Damage]:
        """A statement of another draft: it agrees with itself and with no other."""
        for statement in self.measures:
            for factor in (2, 3):
                yield from self._whole("statement of another draft", statement, Decimal(factor), None)

    def units_wrong(self) -> Iterator[Damage]:
        """A unit line that says yuan over amounts in ten thousands, or the other way round."""
        for statement in self.measures:
            for power in (4, -4):
                yield from self._whole("wrong unit line", statement, Decimal(10) ** -power, power)

    def _whole(self, kind: str, statement: str, factor: Decimal, power: int | None) -> Iterator[Damage]:
        new = {
            n: replace(figure, amount_yuan=amount)
            for n, figure in enumerate(self.figures)
            if figure.statement == statement and (amount := figure.amount_yuan * factor)
        }
        if new and all(figure.amount_yuan == figure.amount_yuan.quantize(FEN) for figure in new.values()):
            yield replace(self._changed(kind, new), whole=(statement, power))

    def kinds(self) -> tuple[Callable[[], Iterator[Damage]], ...]:
        return (
            *(self.digit, self.transposed, self.point, self.blank, self.dropped, self.doubled),
            *(self.repeated, self.shifted, self.exchanged, self.zero, self.torn, self.drafts, self.units_wrong),
        )


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────────────────


def spread(damages: Sequence[Damage], most: int | None) -> Sequence[Damage]:
    """At most so many, evenly spread."""
    if most is None or len(damages) <= most:
        return damages
    return [damages[k * len(damages) // most] for k in range(most)]


def judge(good: Good, damage: Damage, tally: Tally) -> None:
    (proof, *_) = prove(replace(good.disclosure, figures=damage.figures, rows=damage.rows, choices=()), good.units)
    tally.tried += 1
    status = _status(proof)
    # an identity that does not apply any more tells nothing; one that applies now and is broken does
    failed = {key for key, found in status.items() if found in ("broken", "within_rounding")} - good.broken
    if not failed:
        tally.missed[_reason(good, damage)] += 1
        return
    tally.detected += 1
    tally.proven += any(
        status == "proven" and _cell(figure) in damage.cells and figure not in good.figures
        for figure, status in zip(proof.figures, proof.status, strict=True)
    )
    faults = [f for f in proof.faults if not {_key(proof.checks[n]) for n in f.checks} <= good.broken]
    named = {_named(proof, place, damage) for fault in faults if fault.is_unique for place, _ in fault.smallest[0]}
    if damage.whole is not None:
        tally.located += not named and [(one.statement, one.power) for one in proof.at_odds] == [damage.whole]
        tally.accused += not named <= damage.cells
        return
    columns = [exchange for fault in faults for exchange in fault.exchanged]
    tally.located += (
        named == damage.cells and all(fault.is_unique for fault in faults)
        if not columns
        else len(columns) == 1 and not named and all(s == columns[0][0] and m in columns[0] for s, _, m in damage.cells)
    )
    tally.accused += not named <= damage.cells


def _named(proof: PartProof, place: Place, damage: Damage) -> Cell:
    if isinstance(place, int):
        return _cell(proof.figures[place])
    statement, _, item, measure = place
    if item.startswith("unprinted_below_"):  # some row below that class: no statement tells its code
        above = item.removeprefix("unprinted_below_")
        item = next((i for s, i, _ in sorted(damage.cells) if s == statement and i.startswith(above)), item)
    return statement, item, measure


def _reason(good: Good, damage: Damage) -> str:
    """Why a damage breaks nothing."""
    indices = {n for n, figure in enumerate(good.base.figures) if _cell(figure) in damage.cells}
    through = {
        check.identity.id
        for check in good.base.checks
        if _is_hard(check) and not check.identity.at_most and indices & {index for index, _ in check.cells}
    }
    statement = next(iter(damage.cells))[0] if damage.cells else ""
    if not through:
        return f"{statement}: no hard identity goes through it"
    return f"{statement}: what is left agrees with itself ({', '.join(sorted(through))})"


# ── prose and annexes ───────────────────────────────────────────────────────────────────────────────────────────


def wrong_texts(text: str, chance: random.Random) -> dict[str, str]:
    """Kind of slip → what is printed with it."""
    plain = text.replace(",", "")
    at = [n for n, char in enumerate(plain) if char.isdigit()]
    n = chance.choice(at)
    digit = chance.choice([d for d in "123456789" if d != plain[n]])
    found = {"one digit": plain[:n] + digit + plain[n + 1 :], "one digit inserted": plain[:n] + digit + plain[n:]}
    pairs = [(a, b) for a, b in pairwise(at) if b == a + 1 and plain[a] != plain[b]]
    if pairs:
        a, b = chance.choice(pairs)
        found["two digits transposed"] = plain[:a] + plain[b] + plain[a] + plain[b + 1 :]
    if "." in plain:
        whole, _, rest = plain.partition(".")
        found["decimal point moved"] = f"{whole}{rest[0]}" + (f".{rest[1:]}" if rest[1:] else "")
    return found


def with_text(good: Good, figure: Figure, text: str) -> tuple[Disclosure, Annexes, Figure]:
    """The document in which this is printed there."""
    assert good.whole is not None
    printed = parse_amount(figure.text_as_printed)
    assert printed is not None

    def changed(number: Decimal) -> Decimal:
        return (number * Decimal(text) / abs(printed)).quantize(FEN / 10_000).normalize()

    amount = changed(figure.amount_yuan)
    new = replace(figure, text_as_printed=text, amount_yuan=amount.quantize(FEN) if figure.is_money else amount)

    def claim(old: Claim) -> Claim:
        yuan = changed(old.amount_yuan) if old.amount_yuan is not None else None
        return replace(old, figure=new, text=text, value=changed(old.value), amount_yuan=yuan)

    figures = tuple(new if f == figure else f for f in good.whole.figures)
    claims = tuple(claim(c) if c.figure == figure else c for c in good.annexes.claims)
    return replace(good.whole, figures=figures), replace(good.annexes, claims=claims), new


def ledger(disclosure: Disclosure, annexes: Annexes, good: Good) -> dict[tuple[Any, ...], Erratum]:
    projects, _ = link_projects(annexes)
    found = errata(disclosure, prove(disclosure, good.units, annexes, projects), good.format)
    faults = [e for e in found if e.verdict != "rounding"]
    return {(e.statement, e.item, e.measure, e.published_text, e.page, e.locator): e for e in faults}


def judge_annexes(good: Good, most: int, tallies: dict[str, dict[str, Tally]]) -> None:
    assert good.whole is not None
    chance = random.Random(good.name)
    before = ledger(good.whole, good.annexes, good)
    figures = [f for f in good.whole.figures if f.statement in MEASURED_ANNEXES and f.amount_yuan]
    figures = [f for f in figures if parse_amount(f.text_as_printed) is not None]
    for figure in chance.sample(figures, min(most, len(figures))):
        for kind, text in wrong_texts(figure.text_as_printed, chance).items():
            disclosure, annexes, new = with_text(good, figure, text)
            after = ledger(disclosure, annexes, good)
            gained = [erratum for key, erratum in after.items() if key not in before]
            tally = tallies[figure.statement][kind]
            tally.tried += 1
            tally.detected += bool(gained)
            if not gained:
                tally.missed[f"{figure.item.partition(':')[0].rstrip('_0123456789')}.{figure.measure}"] += 1
            told = [e for e in gained if e.implied_yuan is not None]
            tally.located += len(gained) == len(told) == 1 and told[0].figure == new and _is_near(told[0], figure)
            tally.accused += any(e.figure != new for e in told)


def _is_near(erratum: Erratum, figure: Figure) -> bool:
    """Within what the other places of a printed number leave open."""
    assert erratum.implied_yuan is not None
    return abs(erratum.implied_yuan - figure.amount_yuan) <= abs(figure.amount_yuan) / 2000 + FEN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=ROOT / "raw")
    parser.add_argument("--most", type=int, default=60, help="places of each kind in each document")
    parser.add_argument("--every", action="store_true", help="every place, and every position of a number")
    options = parser.parse_args()
    started = time.process_time()
    found = documents(options.raw, print)
    if not found:
        sys.exit("no document to damage")
    print_documents(found)
    tallies: dict[str, dict[str, Tally]] = {"T1–T8": defaultdict(Tally), "T9": defaultdict(Tally)}
    for good in found:
        for kind in Damages(good, options.every).kinds():
            damages = list(kind())
            for group, own in (("T1–T8", False), ("T9", True)):
                here = [d for d in damages if any(s == T9 for s, _, _ in d.cells) is own]
                for damage in spread(here, None if options.every else options.most):
                    judge(good, damage, tallies[group][damage.kind])
    of_annexes: dict[str, dict[str, Tally]] = {name: defaultdict(Tally) for name in MEASURED_ANNEXES}
    for good in found:
        judge_annexes(good, 10_000 if options.every else options.most, of_annexes)
    for group, rows in (*tallies.items(), *of_annexes.items()):
        print_power(group, rows)
    print(f"\n{time.process_time() - started:.0f} s of CPU")


def print_documents(found: Sequence[Good]) -> None:
    print("\nFigures of T1–T8 other than zero:\n")
    print("| document | figures | proven | supported | neither | prove(), ms of CPU | with the annexes |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for good in found:
        pairs = zip(good.base.figures, good.base.status, strict=True)
        count = Counter(status for figure, status in pairs if figure.amount_yuan and figure.statement != T9)
        total = count.total()
        shares = [f"{count[s] / total:.1%}" for s in ("proven", "supported")]
        neither = total - count["proven"] - count["supported"]
        cost = f"{good.milliseconds:.1f} | {good.milliseconds_whole:.1f}"
        print(f"| {good.name} | {total} | {' | '.join(shares)} | {neither} | {cost} |")


def print_power(group: str, rows: Mapping[str, Tally]) -> None:
    print(f"\n{group}:\n")
    print("| damage | tried | detected | located | accused a sound cell | a wrong figure proven |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind, tally in rows.items():
        print(
            f"| {kind} | {tally.tried} | {_share(tally.detected, tally.tried)} | {_share(tally.located, tally.tried)} "
            f"| {tally.accused} | {tally.proven} |"
        )
    print(f"\nNot detected in {group}, and why:\n")
    for kind, tally in rows.items():
        for reason, count in tally.missed.most_common(8):
            print(f"- {kind}, {count}: {reason}")


def _share(part: int, whole: int) -> str:
    """Rounded down, so that 100 % means all."""
    return f"{1000 * part // whole / 10:.1f} %" if whole else "–"


if __name__ == "__main__":
    main()

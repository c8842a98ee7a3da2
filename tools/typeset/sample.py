"""The samples: one YAML file of figures each (``samples/``), read into a disclosure and a style.

Every scalar is text. A statement is the word ``declared_empty`` or a block of CSV with the columns of the form: code,
name, then `tools.typeset.hebei.MEASURES`; side, line, figures for the two-sided statements.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import yaml

from tools.typeset.annexes import asset, organisation, procurement
from tools.typeset.hebei import LEFT_MEASURES, MEASURES, RIGHT_MEASURES, lay_out
from tools.typeset.layout import Layout
from tools.typeset.model import (
    CODED_STATEMENTS,
    STATEMENTS,
    Annex,
    Disclosure,
    Edition,
    Indicator,
    Project,
    Row,
    Section,
    Side,
    Statement,
)
from tools.typeset.pdf import write_pdf
from tools.typeset.style import AnnexStyle, PageStyle, Style
from tools.typeset.word import write_word

SAMPLES = Path(__file__).parent / "samples"
MANIFEST_COLUMNS = ("file_name", "source_url", "published_on", "retrieved_at", "region_code", "note")
T = TypeVar("T")
_SIDES: Mapping[str, Side] = {"收入": "revenue", "支出": "expenditure", "结转": "carryover"}


@dataclass(frozen=True)
class PublishedError:
    """A figure that the prose misstates, printed as it was published. Amounts in the unit of the document."""

    words: str  # as they stand in the sentence
    subject: str  # as pipeline.annexes names it
    published: str
    implied: str
    evidence: str


@dataclass(frozen=True)
class Sample:
    """One sample: where it is written (below the raw folder), what it says, how it looks, what the manifest notes."""

    file_name: str
    region_code: str
    note: str
    disclosure: Disclosure
    style: Style
    page: PageStyle
    errors: tuple[PublishedError, ...] = ()

    def layout(self) -> Layout:
        return lay_out(self.disclosure, self.style)

    def data(self) -> bytes:
        """The file's bytes, as its name's ending says."""
        layout = self.layout()
        return write_pdf(layout, self.page) if self.file_name.endswith(".pdf") else write_word(layout)


def read_samples(folder: Path = SAMPLES) -> list[Sample]:
    """Every sample of the folder, by file name. Raises `ValueError` naming the file that is not as it should be."""
    samples = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            samples.append(_sample(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)))
        except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
            raise ValueError(f"{path.name}: {error}") from error
    return samples


def write_samples(out: Path, folder: Path = SAMPLES, pdf: bool = False) -> list[Path]:
    """Writes every sample and ``manifest.csv`` below ``out``, always with the same bytes; returns what was written.

    A sample whose ``file_name`` ends in ``.pdf`` is written as PDF, every other as Word. ``pdf``: a Word sample is
    written as PDF too, beside the Word file and without a line in the manifest.
    """
    samples = read_samples(folder)
    written = []
    for sample in samples:
        path = out / sample.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.data())
        written.append(path)
        if pdf and path.suffix != ".pdf":
            path.with_suffix(".pdf").write_bytes(write_pdf(sample.layout(), sample.page))
            written.append(path.with_suffix(".pdf"))
    manifest = out / "manifest.csv"
    with manifest.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(MANIFEST_COLUMNS)
        for sample in sorted(samples, key=lambda sample: sample.file_name):
            writer.writerow((sample.file_name, "", "", "", sample.region_code, sample.note))
    return [*written, manifest]


# --- reading a file --------------------------------------------------------------------------------------------------


def _sample(data: dict[str, Any]) -> Sample:
    year = int(data["year"])
    body = f"{data['code']} {data['department']}"
    unit = data["unit"]
    disclosure = Disclosure(
        department=data["department"],
        code=data["code"],
        year=year,
        unit=unit,
        statements={
            name: _statement(name, data["statements"][name]) for name in STATEMENTS if name in data["statements"]
        },
        edition=from_texts(Edition, data.get("edition", {})),
        sections=tuple(_section(section, body, unit) for section in data["sections"]),
        units_note=data.get("units_note", ""),
        is_sample=True,
    )
    if unknown := set(data["statements"]) - set(STATEMENTS):
        raise ValueError(f"unknown statements: {', '.join(sorted(unknown))}")
    annex_style = from_texts(AnnexStyle, data.get("annex_style", {}))
    style = replace(from_texts(Style, data.get("style", {})), annex=annex_style)
    page = from_texts(PageStyle, data.get("page", {}))
    errors = tuple(PublishedError(**error) for error in data.get("errors", ()))
    return Sample(data["file_name"], data["region_code"], data["note"], disclosure, style, page, errors)


def from_texts(kind: type[T], given: Mapping[str, str]) -> T:
    """The dataclass from text values: true and false, null, numbers, else one of the words that its field allows."""
    words: dict[str, Any] = {"true": True, "false": False, "null": None}
    hints = get_type_hints(kind)
    if unknown := set(given) - set(hints):
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {}
    for key, text in given.items():
        whole = int(text) if text.isdecimal() else text
        values[key] = float(text) if hints[key] is float else words.get(text, whole)
        if get_origin(hints[key]) is Literal and values[key] not in get_args(hints[key]):
            raise ValueError(f"{key} is one of {', '.join(map(str, get_args(hints[key])))}, not {text}")
    return kind(**values)


def _lines(block: str) -> Iterator[list[str]]:
    lines = (line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return csv.reader(lines, skipinitialspace=True, strict=True)


def _statement(name: str, block: str) -> Statement:
    if block.strip() == "declared_empty":
        return Statement("declared_empty")
    rows = []
    for line in _lines(block):
        side: Side = ""
        code = ""
        if name in CODED_STATEMENTS:
            code, label, *texts = line
            measures = MEASURES[name]
        elif name == "three_public":
            label, *texts = line
            measures = MEASURES[name]
        else:
            side_word, label, *texts = line
            side = _SIDES[side_word]
            measures = RIGHT_MEASURES[name] if side == "expenditure" else LEFT_MEASURES
        if len(texts) > len(measures):
            raise ValueError(f"{name}: the line {label} has {len(texts)} figures for {len(measures)} columns")
        figures = {measure: text for measure, text in zip(measures, texts, strict=False) if text}
        rows.append(Row(label, figures, code, side))
    return Statement("present", tuple(rows))


def _section(data: dict[str, Any], body: str, unit: str) -> Section:
    annex: Annex | None = None
    if "organisation" in data:
        annex = organisation(_table(data["organisation"], 4))
    elif "procurement" in data:
        given = data["procurement"]
        lines, notes = (body, f"单位：{unit}"), tuple(given.get("notes", ()))
        width = 7 + len(given["funds"]) + ("reserved" in given)
        rows = _table(given.get("rows", ""), width)
        annex = procurement(rows, lines, given["funds"], given.get("reserved", ""), notes)
    elif "asset" in data:
        given = data["asset"]
        lines = (body, f"截止时间：{given['as_of']}")
        annex = asset(given["title"], _table(given["rows"], 3), unit, lines, tuple(given.get("notes", ())))
    projects = tuple(_project(project) for project in data.get("projects", ()))
    return Section(data["heading"], tuple(data.get("sentences", ())), annex, projects)


def _project(data: dict[str, Any]) -> Project:
    """``indicators``: three levels (a blank one is that of the line above), description, sign, value, unit, basis."""
    indicators: list[Indicator] = []
    levels = ("", "", "")
    for line in _table(data["indicators"], 8):
        levels = (line[0] or levels[0], line[1] or levels[1], line[2])
        indicators.append(Indicator(levels, line[3], (line[4], line[5], line[6]), line[7]))
    return Project(data["name"], tuple(data["goal"]), tuple(indicators))


def _table(block: str, width: int) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(line + [""] * (width - len(line))) for line in _lines(block)]
    if long := [row[0] for row in rows if len(row) > width]:
        raise ValueError(f"the line {long[0]} has more than {width} cells")
    return tuple(rows)

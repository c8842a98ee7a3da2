"""A figure of the prose on its page: the box that is marked holds the number as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from PIL import Image

from pipeline.annexes.claims import read_claims
from pipeline.annexes.find import find_rest
from pipeline.documents.detect import read_document
from pipeline.documents.readers.pdf_fonts import read_without_installed_fonts
from pipeline.forms.disclosure import Figure
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.picture import MARK, SCALE, draw_page
from tools.typeset.layout import Layout, Line, PageBreak, Title
from tools.typeset.pdf import write_pdf
from tools.typeset.style import PageStyle

FORM = next(form for form in load_forms() if form.name == "shanghai")
ITEM = "1.“农林水支出（类）水利（款）水利工程运行与维护（项）”1,000万元，主要用于水利工程运行与维护。"
SPENT = (
    "2022年当年预算执行数为 250.50 万元，2023年预算安排1,000万元，比2022年预算执行数增加299.20%。主要原因是：项目增加。"
)


def claims(data: bytes) -> list[Figure]:
    document = read_document(data, "a.pdf")
    found, _ = read_claims(find_rest(document, FORM).sections, FORM, understand(document, (FORM,)))
    return [claim.figure for claim in found if claim.figure is not None]


def printed(data: bytes, figure: Figure) -> str:
    assert figure.page and figure.bbox
    read_without_installed_fonts()
    with pdfium.PdfDocument(data) as document:
        page = document[figure.page - 1].get_textpage()
        return re.sub(r"[\s\x02\ufffe]", "", page.get_text_bounded(*figure.bbox))


def explanation(*blocks: Line | PageBreak) -> bytes:
    heading = (Title("上海市某区水务局2023年部门预算"), Title("2023年部门预算编制说明"))
    return write_pdf(
        Layout("某局", (*heading, Line("财政拨款支出主要内容如下："), *blocks)), PageStyle(paper="portrait")
    )


@pytest.mark.parametrize("indent", [False, True])
def test_every_claim_is_in_its_box(indent: bool) -> None:
    data = explanation(Line(ITEM + SPENT, indent=indent))
    found = claims(data)
    assert [(f.measure, f.text_as_printed) for f in found] == [
        ("amount", "1,000"),
        ("previous", "250.50"),
        ("planned", "1,000"),
        ("percentage", "299.20"),
    ]
    assert {printed(data, figure) for figure in found} == {re.sub(r"\s", "", ITEM + SPENT)}


def test_behind_a_page_break_it_is_the_page_where_the_number_is_printed() -> None:
    data = explanation(Line(ITEM), PageBreak(), Line(SPENT))
    first, *others = claims(data)
    assert len({figure.item for figure in (first, *others)}) == 1
    assert [figure.measure for figure in others] == ["previous", "planned", "percentage"]
    assert {figure.page for figure in others} == {(first.page or 0) + 1}
    assert printed(data, first) == ITEM
    assert {printed(data, figure) for figure in others} == {re.sub(r"\s", "", SPENT)}


def test_the_sentence_is_marked_on_the_picture(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(explanation(Line(ITEM + SPENT, indent=True)))
    figure = claims(source.read_bytes())[0]
    assert figure.page and figure.bbox
    draw_page(source, figure.page, figure.bbox, [], tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        x0, y0, x1, y1 = figure.bbox
        height = image.height / SCALE
        middle = (x0 + x1) / 2
        corners = [(x0, y0), (x1, y1), (middle, y0), (middle, y1), (x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2)]
        for x, y in corners:
            at = int(x * SCALE), int((height - y) * SCALE)
            around = image.convert("RGB").crop((at[0] - 3, at[1] - 3, at[0] + 4, at[1] + 4))
            assert any(colour == MARK for _, colour in around.getcolors(49) or ())

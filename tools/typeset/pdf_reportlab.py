"""The engines built on reportlab: a Chinese font by name only, or TrueType embedded as subsets of 8-bit codes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tools.typeset.font import font_file
from tools.typeset.paginate import Advance, Fill, Frame, Group, Operation, Sheet, Stroke, Text
from tools.typeset.style import Engine, PageStyle
from tools.typeset.truetype import embedded_font

_NAMED, _SIMPLE = "STSong-Light", "NotoSansSC"


@cache
def _font(engine: Engine) -> str:
    """Registers the font of an engine with reportlab, once; its name there."""
    if engine == "named":
        pdfmetrics.registerFont(UnicodeCIDFont(_NAMED))
        return _NAMED
    pdfmetrics.registerFont(TTFont(_SIMPLE, str(font_file())))
    return _SIMPLE


def reportlab_advance(engine: Engine) -> Advance:
    font = _font(engine)

    @cache
    def advance(character: str) -> float:
        if engine == "simple":
            embedded_font().glyph(character)
        return float(pdfmetrics.stringWidth(character, font, 1000))

    return advance


def write_reportlab(sheets: list[Sheet], page: PageStyle, subject: str) -> bytes:
    """The file; ``invariant`` keeps reportlab from writing the time and a random identifier."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=int(page.compress))
    canvas.setTitle(subject)
    canvas.setCreator("tools.typeset")
    font = _font(page.engine)
    for number, sheet in enumerate(sheets, 1):
        matrix, size = sheet.turned(page.rotate)
        turned = 0 if page.sideways else page.rotate
        # reportlab exchanges the two where the page is turned by 90° or 270°
        canvas.setPageSize(size[::-1] if turned % 180 else size)
        canvas.setPageRotation(turned)
        if page.rotate:
            canvas.transform(*matrix)
        for place, operation in enumerate(sheet.operations):
            if isinstance(operation, Group) and page.form:
                name = f"T{number}-{place}"
                canvas.beginForm(name, 0, 0, sheet.width, sheet.height)
                _draw(canvas, operation.operations, font)
                canvas.endForm()
                canvas.doForm(name)
            else:
                _draw(canvas, [operation], font)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Canvas, operations: Iterable[Operation], font: str) -> None:
    for operation in operations:
        match operation:
            case Text(x, y, text, size):
                canvas.setFont(font, size)
                canvas.drawString(x, y, text)
            case Stroke(x0, y0, x1, y1, width, dashed):
                canvas.setLineWidth(width)
                canvas.setDash([2, 1.5] if dashed else [])
                canvas.line(x0, y0, x1, y1)
            case Frame((x0, y0, x1, y1), width):
                canvas.setLineWidth(width)
                canvas.rect(x0, y0, x1 - x0, y1 - y0)
            case Fill((x0, y0, x1, y1), colour):
                canvas.setFillColorRGB(*colour)
                canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
                canvas.setFillColorRGB(0, 0, 0)
            case Group(inner):
                _draw(canvas, inner, font)

"""A figure on its page: the page of the PDF as an image, its cell marked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipeline.documents.model import Box

SCALE = 2.0  # pixels per point: 144 dpi
MARK = (200, 0, 0)
DETECTED = (0, 90, 200)


class NoPicture(Exception):
    """There is no page to show; the message says why."""


def same_source(path: Path, document_key: str) -> Path:
    """The document's file, if it is still the one that was read. Raises NoPicture."""
    if not path.is_file():
        raise NoPicture(f"{path} is not there: give the folder that the warehouse was built from with --raw")
    with path.open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest()[:16] != document_key:
            raise NoPicture(f"{path} is no longer the document that was read: run yusuan run again")
    return path


def draw_page(pdf: Path, page: int, marked: Box | None, detected: Sequence[Box], target: Path) -> None:
    """Write the page (1-based) as a PNG with one cell marked and others outlined; boxes are points as displayed."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped]
    from PIL import ImageDraw

    from pipeline.documents.readers.pdf_fonts import draw_with_installed_fonts

    draw_with_installed_fonts()
    document = pdfium.PdfDocument(pdf)
    try:
        sheet = document[page - 1]
        height = sheet.get_height()
        image = sheet.render(scale=SCALE).to_pil().convert("RGB")
    finally:
        document.close()
    pen = ImageDraw.Draw(image)

    def rectangle(box: Box) -> list[float]:
        x0, y0, x1, y1 = box
        return [x0 * SCALE, (height - y1) * SCALE, x1 * SCALE, (height - y0) * SCALE]

    for box in detected:
        pen.rectangle(rectangle(box), outline=DETECTED, width=1)
    if marked is not None:
        pen.rectangle(rectangle(marked), outline=MARK, width=4)
    image.save(target)

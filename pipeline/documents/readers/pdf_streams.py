"""Which pages of a PDF have a damaged content: both readers read it to the damage, and say nothing of what is behind.

Only what is compressed shows its damage. 2 ms a page at most, no page of ../shared/real is accused.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator

from pipeline.documents.model import Issue

DAMAGED_CONTENT = "the content of the page is damaged: what stands behind the damage is not read"
_FLATE = ("FlateDecode", "Fl")


def damaged_contents(data: bytes) -> Iterator[Issue]:
    """An issue for each page whose content does not unpack to its end; none where the file is encrypted."""
    import playa

    logger = logging.getLogger("playa")
    level, logger.level = logger.level, logging.CRITICAL  # the second reader tells what it remarks
    try:
        document = playa.parse(data)
        if document.encryption is not None:
            return
        for number, page in enumerate(document.pages, start=1):
            for stream in page.streams:
                filters = [getattr(name, "name", name) for name, _ in stream.get_filters()]
                if len(filters) == 1 and filters[0] in _FLATE and (problem := _problem(stream.rawdata)):
                    yield Issue("error", DAMAGED_CONTENT, problem, page=number)
                    break
    except Exception:  # noqa: BLE001 — playa raises anything on a damaged file; the readers say what they cannot read
        return
    finally:
        logger.level = level


def _problem(packed: bytes | None) -> str | None:
    """What is wrong with packed bytes. The checksum at their end may be missing: some programs leave it out."""
    if not packed:
        return None
    try:
        zlib.decompressobj().decompress(packed)
        whole = zlib.decompressobj(-zlib.MAX_WBITS)
        whole.decompress(packed[2:])
    except zlib.error as error:
        return str(error)
    return None if whole.eof else "it is cut off"

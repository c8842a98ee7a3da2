"""The embedded font: which glyph prints a character, how wide it is, and a TrueType file of only the glyphs in use.

The outlines have no composites and no hints (``font.py``), so a subset is a matter of copying.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache

from tools.typeset.font import font_file


class TrueType:
    """A TrueType file whose tables were read once."""

    def __init__(self, data: bytes) -> None:
        count = struct.unpack_from(">H", data, 4)[0]
        self._tables: dict[str, bytes] = {}
        for index in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
            self._tables[tag.decode("ascii")] = data[offset : offset + length]
        glyphs = struct.unpack_from(">H", self._tables["maxp"], 4)[0]
        if struct.unpack_from(">h", self._tables["head"], 50)[0] == 1:
            self._places: Sequence[int] = struct.unpack(f">{glyphs + 1}I", self._tables["loca"])
        else:
            self._places = [2 * place for place in struct.unpack(f">{glyphs + 1}H", self._tables["loca"])]
        self._metrics = struct.unpack_from(">H", self._tables["hhea"], 34)[0]
        self.glyphs = _glyphs(self._tables["cmap"])

    def glyph(self, character: str) -> int:
        """The glyph of a character; raises `ValueError` if the font has none."""
        glyph = self.glyphs.get(ord(character), 0)
        if not glyph:
            raise ValueError(f"the embedded font cannot print {character!r} (U+{ord(character):04X}): see font.py")
        return glyph

    def advance(self, character: str) -> int:
        """The width of a character in thousandths of the font size."""
        return int(self._metric(self.glyph(character))[0])

    def _metric(self, glyph: int) -> tuple[int, int]:
        table, last = self._tables["hmtx"], self._metrics - 1
        if glyph <= last:
            return struct.unpack_from(">Hh", table, 4 * glyph)
        advance = struct.unpack_from(">H", table, 4 * last)[0]
        return advance, struct.unpack_from(">h", table, 4 * (last + 1) + 2 * (glyph - last - 1))[0]

    def subset(self, characters: Sequence[str]) -> bytes:
        """A font whose glyph 1 prints the first character, and so on; glyph 0 is the sign for a missing character."""
        chosen = [0, *(self.glyph(character) for character in characters)]
        outlines = b""
        places = [0]
        for glyph in chosen:
            outline = self._tables["glyf"][self._places[glyph] : self._places[glyph + 1]]
            outlines += outline + bytes(-len(outline) % 4)
            places.append(len(outlines))
        head, hhea, maxp = (bytearray(self._tables[name]) for name in ("head", "hhea", "maxp"))
        struct.pack_into(">I", head, 8, 0)  # the checksum of the whole file, set below
        struct.pack_into(">h", head, 50, 1)  # four bytes for each place
        struct.pack_into(">H", hhea, 34, len(chosen))
        struct.pack_into(">H", maxp, 4, len(chosen))
        tables = {
            "glyf": outlines,
            "head": bytes(head),
            "hhea": bytes(hhea),
            "hmtx": b"".join(struct.pack(">Hh", *self._metric(glyph)) for glyph in chosen),
            "loca": struct.pack(f">{len(places)}I", *places),
            "maxp": bytes(maxp),
        }
        return _file(tables)


@cache
def embedded_font() -> TrueType:
    return TrueType(font_file().read_bytes())


def _glyphs(cmap: bytes) -> dict[int, int]:
    """Code point → glyph, from the segments (format 4) of the character map."""
    for index in range(struct.unpack_from(">H", cmap, 2)[0]):
        start = struct.unpack_from(">HHI", cmap, 4 + 8 * index)[2]
        if struct.unpack_from(">H", cmap, start)[0] != 4:
            continue
        segments = struct.unpack_from(">H", cmap, start + 6)[0] // 2
        ends, starts, deltas, ranges = (
            struct.unpack_from(f">{segments}H", cmap, start + 14 + 2 * (part * segments + (part > 0)))
            for part in range(4)
        )
        first_range = start + 16 + 6 * segments
        found: dict[int, int] = {}
        for segment in range(segments):
            for code in range(starts[segment], ends[segment] + 1):
                if not ranges[segment]:
                    found[code] = (code + deltas[segment]) & 0xFFFF
                    continue
                place = first_range + 2 * segment + ranges[segment] + 2 * (code - starts[segment])
                if place + 2 <= len(cmap) and (glyph := struct.unpack_from(">H", cmap, place)[0]):
                    found[code] = (glyph + deltas[segment]) & 0xFFFF
        return found
    raise ValueError("the font has no character map of format 4")


def _file(tables: dict[str, bytes]) -> bytes:
    search = 1 << (len(tables).bit_length() - 1)
    header = struct.pack(
        ">IHHHH", 0x00010000, len(tables), 16 * search, search.bit_length() - 1, 16 * (len(tables) - search)
    )
    directory, body = b"", b""
    offset = len(header) + 16 * len(tables)
    for tag, content in tables.items():
        directory += struct.pack(">4sIII", tag.encode("ascii"), _checksum(content), offset + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    data = bytearray(header + directory + body)
    head = offset + len(tables["glyf"]) + (-len(tables["glyf"]) % 4)  # the table after the outlines
    struct.pack_into(">I", data, head + 8, (0xB1B0AFBA - _checksum(bytes(data))) & 0xFFFFFFFF)
    return bytes(data)


def _checksum(content: bytes) -> int:
    content += bytes(-len(content) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(content) // 4}I", content)
    return sum(words) & 0xFFFFFFFF

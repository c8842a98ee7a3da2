"""The engine that writes PDF objects itself: one 16-bit font (Identity-H), a subset of its glyphs, a ToUnicode map."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

from tools.typeset.paginate import Advance, Fill, Frame, Group, Operation, Sheet, Stroke, Text
from tools.typeset.style import PageStyle
from tools.typeset.truetype import embedded_font

# the commonest in the words of budgets; which they are says Unicode (EquivalentUnifiedIdeograph, NFKC)
_CHARACTERS = "门车民长西见贝页风青户日月水人一二八十工支文方行里金高入力口土大女子生用目立老自至色衣言"
_SHOWN = "⻔⻋⺠⻓⻄⻅⻉⻚⻛⻘⼾⽇⽉⽔⼈⼀⼆⼋⼗⼯⽀⽂⽅⾏⾥⾦⾼⼊⼒⼝⼟⼤⼥⼦⽣⽤⽬⽴⽼⾃⾄⾊⾐⾔"
_RADICALS = dict(zip(_CHARACTERS, _SHOWN, strict=True))
_NAME = "TYPSET+NotoSansSC-Regular"
# of the whole family: what exporters write that take ascent and descent from the largest glyph
_LARGEST = (-1002, -1048, 2928, 1808)


def composite_advance() -> Advance:
    return embedded_font().advance


def write_composite(sheets: list[Sheet], page: PageStyle, subject: str) -> bytes:
    """The file: catalog, pages, font, then for each page its forms, its content and itself."""
    characters = sorted({character for text in _texts(sheets) for character in text})
    codes = {character: f"{code:04X}" for code, character in enumerate(characters, 1)}
    objects = _Objects(page.compress)
    catalog, pages, info = objects.reserve(), objects.reserve(), objects.reserve()
    font = _font(objects, characters, page)
    resources = f"/Font << /F1 {font} 0 R >>"
    kids = []
    for sheet in sheets:
        matrix, (width, height) = sheet.turned(page.rotate)
        forms: list[int] = []
        content = [f"{' '.join(map(_number, matrix))} cm"] if page.rotate else []
        for operation in sheet.operations:
            if isinstance(operation, Group) and page.form:
                box = f"[0 0 {_number(sheet.width)} {_number(sheet.height)}]"
                entries = f"/Type /XObject /Subtype /Form /BBox {box} /Resources << {resources} >>"
                forms.append(objects.stream(entries, _draw(operation.operations, codes)))
                content.append(f"q /T{len(forms)} Do Q")
            else:
                content += _draw([operation], codes)
        xobjects = "".join(f" /T{index} {form} 0 R" for index, form in enumerate(forms, 1))
        used = resources + (f" /XObject <<{xobjects} >>" if forms else "")
        body = objects.stream("", content)
        turn = f" /Rotate {page.rotate}" if page.rotate and not page.sideways else ""
        kids.append(
            objects.add(
                f"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 {_number(width)} {_number(height)}]{turn}"
                f" /Resources << {used} >> /Contents {body} 0 R >>"
            )
        )
    objects.put(catalog, f"<< /Type /Catalog /Pages {pages} 0 R /Lang (zh-CN) >>")
    objects.put(pages, f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    title = ("\ufeff" + subject).encode("utf-16-be").hex().upper()
    objects.put(info, f"<< /Title <{title}> /Producer (tools.typeset) >>")
    return objects.file(catalog, info)


def _texts(sheets: Iterable[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        for operation in sheet.operations:
            for one in operation.operations if isinstance(operation, Group) else (operation,):
                if isinstance(one, Text):
                    yield one.text


def _draw(operations: Iterable[Operation], codes: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for operation in operations:
        match operation:
            case Text(x, y, text, size):
                string = "".join(codes[character] for character in text)
                lines.append(f"BT /F1 {_number(size)} Tf {_number(x)} {_number(y)} Td <{string}> Tj ET")
            case Stroke(x0, y0, x1, y1, width, dashed):
                path = f"{_number(x0)} {_number(y0)} m {_number(x1)} {_number(y1)} l S"
                lines.append(f"q {_number(width)} w {'[2 1.5] 0 d ' if dashed else ''}{path} Q")
            case Frame(box, width):
                lines.append(f"{_number(width)} w {_rectangle(box)} re S")
            case Fill(box, colour):
                lines.append(f"q {' '.join(map(_number, colour))} rg {_rectangle(box)} re f Q")
            case Group(inner):
                lines += _draw(inner, codes)
    return lines


def _rectangle(box: Sequence[float]) -> str:
    x0, y0, x1, y1 = box
    return " ".join(map(_number, (x0, y0, x1 - x0, y1 - y0)))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


# --- the font --------------------------------------------------------------------------------------------------------


def _font(objects: _Objects, characters: Sequence[str], page: PageStyle) -> int:
    source = embedded_font()
    data = source.subset(characters)
    program = objects.stream(f"/Length1 {len(data)}", data)
    box = _LARGEST if page.tall_font else (-44, -279, 1000, 943)
    ascent, descent = (box[3], box[1]) if page.tall_font else (880, 0 if page.flat_font else -120)
    descriptor = objects.add(
        f"<< /Type /FontDescriptor /FontName /{_NAME} /Flags 4 /FontBBox [{' '.join(map(str, box))}] /ItalicAngle 0"
        f" /Ascent {ascent} /Descent {descent} /CapHeight 733 /StemV 80 /FontFile2 {program} 0 R >>"
    )
    widths = " ".join(str(source.advance(character)) for character in characters)
    cid_font = objects.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{_NAME} /CIDToGIDMap /Identity"
        f" /FontDescriptor {descriptor} 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /DW 1000 /W [1 [{widths}]] >>"
    )
    unicode_map = (
        f" /ToUnicode {objects.stream('', _unicode_map(characters, page.radicals))} 0 R" if page.unicode_map else ""
    )
    return objects.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{_NAME} /Encoding /Identity-H"
        f" /DescendantFonts [{cid_font} 0 R]{unicode_map} >>"
    )


def _unicode_map(characters: Sequence[str], radicals: bool) -> list[str]:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(characters), 100):  # at most 100 in a section
        chunk = characters[start : start + 100]
        lines.append(f"{len(chunk)} beginbfchar")
        for code, character in enumerate(chunk, start + 1):
            named = _RADICALS.get(character, character) if radicals else character
            lines.append(f"<{code:04X}> <{named.encode('utf-16-be').hex().upper()}>")
        lines.append("endbfchar")
    return [*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"]


# --- the file --------------------------------------------------------------------------------------------------------


class _Objects:
    """Numbered objects, written in the order of their numbers with a cross-reference table."""

    def __init__(self, compress: bool) -> None:
        self._compress = compress
        self._bodies: list[bytes] = []

    def reserve(self) -> int:
        self._bodies.append(b"")
        return len(self._bodies)

    def put(self, number: int, body: str) -> None:
        self._bodies[number - 1] = body.encode("ascii")

    def add(self, body: str) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, entries: str, content: Sequence[str] | bytes) -> int:
        data = content if isinstance(content, bytes) else "\n".join(content).encode("ascii")
        if self._compress:
            data = zlib.compress(data)
            entries += " /Filter /FlateDecode"
        number = self.reserve()
        head = f"<< {entries} /Length {len(data)} >>\nstream\n"
        self._bodies[number - 1] = head.encode("ascii") + data + b"\nendstream"
        return number

    def file(self, catalog: int, info: int) -> bytes:
        data = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self._bodies, 1):
            places.append(len(data))
            data += f"{number} 0 obj\n".encode("ascii") + body + b"\nendobj\n"
        start = len(data)
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        count = len(places) + 1
        data += f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode("ascii")
        data += f"trailer\n<< /Size {count} /Root {catalog} 0 R /Info {info} 0 R >>\n".encode("ascii")
        return bytes(data + f"startxref\n{start}\n%%EOF\n".encode("ascii"))

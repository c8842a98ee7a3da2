"""A layout as .docx: plain WordprocessingML with real merged cells, the same bytes on every machine.

The parts are stored, not deflated: zlib implementations pack differently. Times and authors are fixed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from tools.typeset.layout import ContentsLine, Layout, LayoutBlock, Line, PageBreak, Table, TableCell, Title

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
_TEXT_WIDTH = 13_958  # twentieths of a point: A4 landscape within margins of 2.5 cm

_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/word/footer1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_ROOT_RELATIONSHIPS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_DOCUMENT_RELATIONSHIPS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/footer" Target="footer1.xml"/>'
    "</Relationships>"
)
_FOOTER = (
    f'<w:ftr xmlns:w="{_NAMESPACE}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)


def _heading_style(level: int, size: int) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="T{level}"><w:name w:val="heading {level}"/><w:basedOn w:val="N"/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="120" w:after="120"/><w:jc w:val="center"/>'
        f'<w:outlineLvl w:val="{level - 1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
    )


_STYLES = (
    f'<w:styles xmlns:w="{_NAMESPACE}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/><w:sz w:val="21"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="Table text"/><w:basedOn w:val="N"/>'
    '<w:rPr><w:sz w:val="17"/></w:rPr></w:style>'
    f'<w:style w:type="paragraph" w:styleId="K"><w:name w:val="Contents"/><w:basedOn w:val="N"/><w:pPr><w:tabs>'
    f'<w:tab w:val="right" w:leader="dot" w:pos="{_TEXT_WIDTH}"/></w:tabs></w:pPr></w:style>'
    + "".join(_heading_style(level, size) for level, size in ((1, 36), (2, 30), (3, 24)))
    + '<w:style w:type="table" w:styleId="G"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style></w:styles>"
)


def write_word(layout: Layout, compress: bool = False) -> bytes:
    """The .docx of a layout. ``compress`` deflates the parts as Word does; the bytes then depend on zlib's version."""
    core = (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(layout.subject)}</dc:title><dc:creator>tools.typeset</dc:creator>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>'
    )
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELATIONSHIPS,
        "docProps/core.xml": core,
        "word/document.xml": _document(layout),
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONSHIPS,
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _FOOTER,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = 3
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
            archive.writestr(member, _DECLARATION + content)
    return target.getvalue()


def _document(layout: Layout) -> str:
    body: list[str] = []
    after_table = False
    for block in layout.blocks:
        if isinstance(block, Table) and after_table:
            body.append("<w:p/>")  # Word joins tables that touch
        body.append(_block(block))
        after_table = isinstance(block, Table)
    if after_table:
        body.append("<w:p/>")  # the body may not end with a table
    return (
        f'<w:document xmlns:w="{_NAMESPACE}" xmlns:r="{_OFFICE}"><w:body>\n'
        + "\n".join(body)
        + '\n<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>'
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="1134" w:right="1440" w:bottom="1134" w:left="1440" w:header="567" w:footer="567" '
        'w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _block(block: LayoutBlock) -> str:
    match block:
        case Table():
            return _table(block)
        case Title():
            return _paragraph(_run(block.text), f'<w:pStyle w:val="T{block.level}"/>')
        case Line():
            indent = '<w:ind w:firstLineChars="200" w:firstLine="420"/>' if block.indent else ""
            align = f'<w:jc w:val="{block.align}"/>' if block.align != "left" else ""
            return _paragraph(_run(block.text), indent + align)
        case ContentsLine():
            dots = _run("." * 20) if block.leader == "dots" else "<w:r><w:tab/></w:r>"
            return _paragraph(_run(block.text) + dots + _run(block.page), '<w:pStyle w:val="K"/>')
        case PageBreak():
            return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def _run(text: str) -> str:
    if not text:
        return ""
    space = ' xml:space="preserve"' if text != text.strip() or "  " in text else ""
    return f"<w:r><w:t{space}>{escape(text)}</w:t></w:r>"


def _paragraph(content: str, properties: str = "") -> str:
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{content}</w:p>"


def _table(table: Table) -> str:
    shares = table.widths or (1 / table.column_count,) * table.column_count
    widths = [round(share * _TEXT_WIDTH) for share in shares]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "\n".join(_row(table, row, cells, widths) for row, cells in enumerate(table.rows()))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="G"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>\n{rows}\n</w:tbl>'
    )


def _row(table: Table, row: int, cells: list[TableCell | None], widths: list[int]) -> str:
    header = "<w:tblHeader/>" if row < table.header_rows and table.repeated is None else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(_cells(row, cells, widths))}</w:tr>"


def _cells(row: int, cells: list[TableCell | None], widths: list[int]) -> Iterator[str]:
    for column, cell in enumerate(cells):
        if cell is None:
            raise ValueError(f"row {row + 1}, column {column + 1} of a table is covered by no cell")
        if cell.column != column:
            continue
        properties = f'<w:tcW w:w="{sum(widths[column : column + cell.column_span])}" w:type="dxa"/>'
        if cell.column_span > 1:
            properties += f'<w:gridSpan w:val="{cell.column_span}"/>'
        if cell.row_span > 1:
            properties += '<w:vMerge w:val="restart"/>' if cell.row == row else "<w:vMerge/>"
        style = '<w:pStyle w:val="C"/>' + (f'<w:jc w:val="{cell.align}"/>' if cell.align != "left" else "")
        texts = cell.text.split("\n") if cell.row == row else [""]
        content = "".join(_paragraph(_run(text), style) for text in texts)
        yield f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"
